//! The C entry points of a module, as a host calls them.

use std::ffi::c_void;
use std::ptr;
use std::sync::Barrier;
use std::thread;

use lcas_module_test::module_file;
use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};

const REFUSED: i32 = 1;

fn toy() -> (RecordingHost, LoadedModule) {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_toy"));
    (host, module)
}

#[test]
fn a_grant_and_a_refusal_are_logged_with_their_reasons() {
    let (host, module) = toy();
    let _one = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
    let asked = Question::of("/O=Grid/CN=a").request("&(executable=x)");
    assert_eq!(module.confirm(&asked), 0);
    assert_eq!(module.confirm(&Question::of("/O=Other/CN=a")), REFUSED);
    assert_eq!(module.terminate(), 0);
    assert_eq!(
        host.log(),
        "<6>lcas_toy-plugin_confirm_authorization(): granted: \"/O=Grid/CN=a\" begins with \"/O=Grid\", \
         request Some(\"&(executable=x)\"), gss false\n\
         <5>lcas_toy-plugin_confirm_authorization(): refused: \"/O=Other/CN=a\" does not begin with \"/O=Grid\"\n\
         <7>lcas_toy-plugin_terminate(): \"/O=Grid\" ends\n"
    );
}

#[test]
fn grants_need_debug_level_1_and_details_3_and_refusals_none() {
    for (level, written) in [
        (0, [false, false]),
        (1, [true, false]),
        (2, [true, false]),
        (3, [true, true]),
    ] {
        let (host, module) = toy();
        host.set_debug_level(level);
        let _one = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
        assert_eq!(module.confirm(&Question::of("/O=Grid/CN=a")), 0);
        assert_eq!(module.confirm(&Question::of("/CN=%s%n")), REFUSED);
        assert_eq!(module.terminate(), 0);
        let log = host.log();
        assert_eq!(
            [log.contains("granted"), log.contains("ends")],
            written,
            "{level}"
        );
        assert!(log.contains("\"/CN=%s%n\" does not begin"), "{log}");
    }
}

#[test]
fn what_the_host_passes_arrives() {
    let (host, module) = toy();
    let _one = module.start(&[]).expect("it starts");
    let handle: *mut c_void = ptr::dangling_mut::<u64>().cast();
    assert_eq!(
        module.confirm(&Question::of(*b"/CN=Zo\xc3\xa9\xff").gss(handle)),
        0
    );
    assert_eq!(module.confirm(&Question::of_nobody()), REFUSED);
    assert_eq!(module.terminate(), 0);
    host.expect_log("granted: \"/CN=Zo\u{e9}\\xff\" begins with \"\", request None, gss true\n");
    host.expect_log("<3>lcas_toy-plugin_confirm_authorization(): refused: the user has no DN\n");
}

#[test]
fn an_unknown_word_fails_the_start_and_is_named() {
    let (host, module) = toy();
    assert_eq!(module.start(&["-perfix", "x"]).err(), Some(REFUSED));
    host.expect_log(
        "<3>lcas_toy-plugin_initialize(): unknown option \"-perfix\"; known options: -prefix -file",
    );
}

#[test]
fn files_are_found_by_the_host() {
    let (host, module) = toy();
    let folder = tempfile_folder();
    host.set_directory(&folder);
    assert_eq!(module.start(&["-file", "list.db"]).err(), Some(REFUSED));
    host.expect_log("there is no file list.db in the directory that LCAS was built with");
    assert_eq!(
        module.start(&["-file", "/no/such/file"]).err(),
        Some(REFUSED)
    );
    host.expect_log("there is no file /no/such/file\n");
    std::fs::write(folder.join("list.db"), "").expect("a file");
    let one = module
        .start(&["-file", "list.db"])
        .expect("the file is there");
    host.expect_log(&format!("found {}/list.db\n", folder.display()));
    assert_eq!(module.select(&one), 0);
    assert_eq!(module.terminate(), 0);
    std::fs::remove_dir_all(folder).expect("ours");
}

fn tempfile_folder() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("lcas-plugin-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a scratch directory");
    folder
}

#[test]
fn a_panic_anywhere_refuses_and_is_logged() {
    for place in ["initialize", "confirm", "terminate", "drop"] {
        for kind in ["-panic", "-bomb"] {
            if (kind, place) == ("-bomb", "drop") {
                continue;
            }
            let (host, module) = toy();
            match module.start(&[kind, place]) {
                Err(code) => assert_eq!((code, place), (REFUSED, "initialize"), "{kind}"),
                Ok(_one) => {
                    let answer = module.confirm(&Question::of("/CN=a"));
                    assert_eq!(answer, i32::from(place == "confirm"), "{kind} {place}");
                    let end = module.terminate();
                    let ends_badly = ["terminate", "drop"].contains(&place);
                    assert_eq!(end, i32::from(ends_badly), "{kind} {place}");
                }
            }
            host.expect_log("<3>lcas_toy: fault in this module at ");
            host.expect_log("lcas_toy.rs:");
            assert_eq!(
                module.terminate(),
                0,
                "nothing is left after {kind} {place}"
            );
        }
    }
}

#[test]
fn without_an_instance_a_module_refuses() {
    let (host, module) = toy();
    assert_eq!(module.confirm(&Question::of("/CN=a")), REFUSED);
    host.expect_log("refused: called without a successful plugin_initialize");
    assert_eq!(module.terminate(), 0);
}

#[test]
fn a_selected_instance_answers_alone() {
    let (host, module) = toy();
    let grid = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
    let other = module.start(&["-prefix", "/O=Other"]).expect("it starts");
    let user = Question::of("/O=Grid/CN=a");
    assert_eq!(module.confirm_as(&grid, &user), 0);
    assert_eq!(module.confirm_as(&other, &user), REFUSED);
    assert_eq!(module.select(&other), 0);
    assert_eq!(module.terminate(), 0);
    assert_eq!(module.select(&other), REFUSED, "it has ended");
    host.expect_log("plugin_select_instance(): called with arguments that belong to no instance");
    assert_eq!(module.confirm_as(&grid, &user), 0);
    assert_eq!(module.terminate(), 0);
}

#[test]
fn a_host_that_does_not_select_gets_the_answer_of_all_instances() {
    let (_host, module) = toy();
    let _one = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
    let _two = module
        .start(&["-prefix", "/O=Grid/OU=x"])
        .expect("it starts");
    assert_eq!(module.confirm(&Question::of("/O=Grid/OU=x/CN=a")), 0);
    assert_eq!(module.confirm(&Question::of("/O=Grid/OU=y/CN=a")), REFUSED);
    assert_eq!(module.confirm(&Question::of("/O=Other")), REFUSED);
    assert_eq!(module.terminate(), 0);
    assert_eq!(
        module.confirm(&Question::of("/O=Grid/OU=y/CN=a")),
        REFUSED,
        "the first has ended"
    );
    assert_eq!(module.terminate(), 0);
}

#[test]
fn a_selection_holds_for_one_call() {
    let (_host, module) = toy();
    let grid = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
    let _other = module.start(&["-prefix", "/O=Other"]).expect("it starts");
    let user = Question::of("/O=Grid/CN=a");
    assert_eq!(module.confirm_as(&grid, &user), 0);
    assert_eq!(module.confirm(&user), REFUSED, "both are asked");
    assert_eq!((module.terminate(), module.terminate()), (0, 0));
}

#[test]
fn a_failed_instance_does_not_disturb_the_others() {
    let (_host, module) = toy();
    let grid = module.start(&["-prefix", "/O=Grid"]).expect("it starts");
    assert_eq!(module.start(&["-fail", "initialize"]).err(), Some(REFUSED));
    assert_eq!(module.confirm_as(&grid, &Question::of("/O=Grid")), 0);
    assert_eq!(module.terminate(), 0);
}

#[test]
fn threads_select_and_ask_for_themselves() {
    let (_host, module) = toy();
    let instances: Vec<_> = (0..4)
        .map(|n| {
            let prefix = format!("/CN={n}");
            module.start(&["-prefix", &prefix]).expect("it starts")
        })
        .collect();
    let together = Barrier::new(instances.len());
    thread::scope(|scope| {
        for (n, instance) in instances.iter().enumerate() {
            let (module, together) = (&module, &together);
            scope.spawn(move || {
                let mine = Question::of(format!("/CN={n}"));
                let not_mine = Question::of(format!("/CN={}", n + 1));
                together.wait();
                for _ in 0..200 {
                    assert_eq!(module.confirm_as(instance, &mine), 0);
                    assert_eq!(module.confirm_as(instance, &not_mine), REFUSED);
                }
            });
        }
    });
    for _ in instances {
        assert_eq!(module.terminate(), 0);
    }
}

#[test]
fn certificates_reach_a_module_that_wants_them_and_without_them_it_refuses() {
    let host = RecordingHost::take();
    let plain = LoadedModule::load(&host, &module_file("lcas_toy"));
    assert!(!plain.exports("plugin_confirm_authorization_from_x509"));
    let module = LoadedModule::load(&host, &module_file("lcas_toy_x509"));
    let _one = module.start(&[]).expect("it starts");
    let (leaf, chain): (*mut c_void, *mut c_void) = (
        ptr::without_provenance_mut(0x10),
        ptr::without_provenance_mut(0x20),
    );
    let user = Question::of("/CN=a");
    assert_eq!(module.confirm(&user.clone().certificates(leaf, chain)), 0);
    assert_eq!(
        module.confirm(&user.clone().certificates(leaf, ptr::null_mut())),
        REFUSED
    );
    assert_eq!(module.confirm(&user), REFUSED);
    assert_eq!(module.terminate(), 0);
    host.expect_log("plugin_confirm_authorization_from_x509(): granted: leaf 0x10, chain 0x20\n");
}
