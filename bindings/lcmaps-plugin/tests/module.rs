//! The C entry points of a module, as a host calls them.

use std::sync::Barrier;
use std::thread;

use lcmaps_module_test::module_file;
use lcmaps_module_test::recording::{Arguments, Instance, LoadedModule, RecordingHost};
use lcmaps_sys::cred_data;

const FAIL: i32 = 1;

fn toy() -> (RecordingHost, LoadedModule) {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("toy_module"));
    (host, module)
}

#[test]
fn a_module_succeeds_and_says_so() {
    let (host, module) = toy();
    let instance = module.start(&[]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), 0);
    assert_eq!(module.terminate(), 0);
    assert!(
        host.log()
            .contains("<6>lcmaps_toy-plugin_run(): toy plugin succeeded\n"),
        "{}",
        host.log()
    );
}

#[test]
fn a_failure_is_logged_with_its_reason() {
    let (host, module) = toy();
    let instance = module.start(&["-fail", "run"]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), FAIL);
    module.terminate();
    let expected = "<5>lcmaps_toy-plugin_run(): told to fail in run\n<6>lcmaps_toy-plugin_run(): toy plugin failed\n";
    assert!(host.log().contains(expected), "{}", host.log());
}

#[test]
fn an_unknown_word_fails_the_start_and_is_named() {
    let (host, module) = toy();
    assert_eq!(module.initialize(&["-nmae", "x"]), FAIL);
    assert_eq!(module.introspect(), Err(FAIL));
    assert_eq!(module.terminate(), 0);
    let expected = "<3>lcmaps_toy-plugin_initialize(): unknown option \"-nmae\"; known options: -name -fail -panic\n";
    assert!(host.log().contains(expected), "{}", host.log());
}

#[test]
fn a_panic_anywhere_is_a_logged_failure() {
    for place in ["initialize", "arguments", "run", "terminate", "drop"] {
        for kind in ["-panic", "-bomb"] {
            if (kind, place) == ("-bomb", "drop") {
                continue;
            }
            let (host, module) = toy();
            let start = module.initialize(&[kind, place]);
            if ["initialize", "arguments"].contains(&place) {
                assert_eq!(start, FAIL, "{kind} {place}");
                assert_eq!(module.introspect(), Err(FAIL), "{kind} {place}");
            } else {
                let instance = module.introspect().expect("no fault yet");
                let run = module.run(instance, &Arguments::default());
                assert_eq!(run, i32::from(place == "run"), "{kind} {place}");
            }
            let end = module.terminate();
            assert_eq!(
                end,
                i32::from(["terminate", "drop"].contains(&place)),
                "{kind} {place}"
            );
            let log = host.log();
            assert!(
                log.contains("<3>lcmaps_toy: fault in this module at "),
                "{kind} {place}: {log}"
            );
            assert!(log.contains("toy_module.rs:"), "{kind} {place}: {log}");
            assert_eq!(
                module.terminate(),
                0,
                "nothing is left after {kind} {place}"
            );
        }
    }
}

#[test]
fn a_module_that_cannot_verify_fails_verification() {
    let (host, module) = toy();
    let instance = module.start(&[]);
    assert_eq!(module.verify(instance, &Arguments::dn("/CN=a")), FAIL);
    module.terminate();
    assert!(
        host.log()
            .contains("lcmaps_toy-plugin_verify(): toy plugin failed\n"),
        "{}",
        host.log()
    );
}

#[test]
fn reading_an_undeclared_argument_fails_the_run() {
    let (host, module) = toy();
    let instance = module.start(&["-undeclared"]);
    assert_eq!(
        module.run(instance, &Arguments::dn("/CN=a").fqans(&["/vo"])),
        FAIL
    );
    module.terminate();
    assert!(
        host.log()
            .contains("the module reads Fqans, which Module::arguments does not name"),
        "{}",
        host.log()
    );
}

#[test]
fn every_run_argument_arrives() {
    let (host, module) = toy();
    let instance = module.start(&["-report"]);
    let arguments = Arguments::dn("/CN=a")
        .job_request("&(executable=x)")
        .fqans(&["/vo/one", "/vo/two"])
        .map_counter(3)
        .requested_uid(1000)
        .requested_gids(&[5], &[6, 7])
        .requested_pool_index("%2fcn%3da")
        .requested_username("")
        .pem("-----BEGIN")
        .foreign([1, 2, 3, 4]);
    assert_eq!(module.run(instance, &arguments), 0);
    module.terminate();
    let log = host.log();
    for line in [
        "version=Some(Version { major: 1, minor: 6, patch: 6 })",
        "user_dn=/CN=a",
        "job_request=&(executable=x)",
        "fqans=/vo/one,/vo/two",
        "map_counter=3",
        "requested_uid=Some(1000)",
        "requested_primary_gids=[5]",
        "requested_secondary_gids=[6, 7]",
        "requested_pool_index=%2fcn%3da",
        "requested_username=",
        "pem=-----BEGIN",
        "foreign=Some(0x1) Some(0x2) Some(0x3) Some(0x4)",
    ] {
        assert!(
            log.contains(&format!("lcmaps_toy-plugin_run(): {line}\n")),
            "{line} in {log}"
        );
    }
}

#[test]
fn what_the_host_does_not_know_of_the_user_reads_as_nothing() {
    let (host, module) = toy();
    let instance = module.start(&["-report"]);
    assert_eq!(module.run(instance, &Arguments::default()), 0);
    module.terminate();
    let log = host.log();
    for line in [
        "user_dn=none",
        "fqans=",
        "map_counter=-1",
        "requested_uid=None",
        "requested_primary_gids=[]",
        "requested_username=none",
        "vos=",
        "foreign=None None None None",
    ] {
        assert!(
            log.contains(&format!("lcmaps_toy-plugin_run(): {line}\n")),
            "{line} in {log}"
        );
    }
}

#[test]
fn an_old_host_is_not_asked_for_the_requested_username() {
    let (host, module) = toy();
    host.set_version(1, 5, 7);
    let instance = module.start(&["-report"]);
    assert!(
        !module
            .names(instance)
            .iter()
            .any(|(name, _)| name == "requested_username")
    );
    assert_eq!(
        module.run(instance, &Arguments::default().requested_username("x")),
        0
    );
    module.terminate();
    assert!(
        host.log().contains("requested_username=none\n"),
        "{}",
        host.log()
    );
}

#[test]
fn a_module_registers_what_it_found() {
    let (host, module) = toy();
    let instance = module.start(&["-register", "-name", "/vo/x"]);
    assert_eq!(
        module.run(instance, &Arguments::dn("/CN=a").fqans(&["/vo"])),
        0
    );
    module.terminate();
    let mapping = host.mapping();
    assert_eq!(mapping.dn.as_deref(), Some("/CN=a"));
    assert_eq!(
        (mapping.uids, mapping.primary_gids, mapping.secondary_gids),
        (vec![7], vec![8], vec![9, 10])
    );
    assert_eq!(mapping.vo_strings, ["/vo/x"]);
    let none = u32::MAX;
    assert_eq!(
        mapping.vo_mappings,
        [
            ("/vo".into(), "grp".into(), 8),
            ("/vo/none".into(), "-".into(), none)
        ]
    );
    assert_eq!(
        mapping.vos,
        [["vo", "-", "-", "admin", "-"].map(String::from)]
    );
    assert_eq!(mapping.pool_index.as_deref(), Some("%2fcn%3da"));
    let log = host.log();
    assert!(log.contains("settled=\"/CN=a\" [\"/vo\"]\n"), "{log}");
    assert!(
        log.contains("registered=[Uid(7)] [Gid(8)] [Gid(9), Gid(10)]"),
        "{log}"
    );
}

#[test]
fn what_an_earlier_module_registered_comes_before_what_the_user_has() {
    let (host, module) = toy();
    host.register_dn(c"/CN=earlier");
    host.register_fqan(c"/vo/earlier");
    let instance = module.start(&["-register"]);
    assert_eq!(
        module.run(instance, &Arguments::dn("/CN=a").fqans(&["/vo"])),
        0
    );
    module.terminate();
    assert_eq!(host.mapping().dn.as_deref(), Some("/CN=earlier"));
    assert!(
        host.log()
            .contains("settled=\"/CN=earlier\" [\"/vo/earlier\"]\n"),
        "{}",
        host.log()
    );
}

#[test]
fn data_that_the_host_refuses_fails_the_run() {
    let (host, module) = toy();
    host.refuse(cred_data::POOL_INDEX);
    let instance = module.start(&["-register"]);
    assert_eq!(module.run(instance, &Arguments::dn("/CN=a")), FAIL);
    module.terminate();
    assert!(
        host.log().contains("LCMAPS does not take the pool index\n"),
        "{}",
        host.log()
    );
}

#[test]
fn a_dn_with_a_newline_stays_in_its_line() {
    let (host, module) = toy();
    let instance = module.start(&["-report"]);
    assert_eq!(
        module.run(
            instance,
            &Arguments::dn("/CN=a\nlcmaps[1] LOG_NOTICE: forged %s%n")
        ),
        0
    );
    module.terminate();
    assert!(
        host.log()
            .contains("user_dn=/CN=a\\x0alcmaps[1] LOG_NOTICE: forged %s%n\n"),
        "{}",
        host.log()
    );
}

#[test]
fn odd_calls_fail_and_do_no_harm() {
    let (host, module) = toy();
    assert_eq!(module.introspect(), Err(FAIL), "before initialize");
    assert_eq!(module.terminate(), 0, "before initialize");
    let nowhere = Instance {
        argc: 0,
        argv: std::ptr::null_mut(),
    };
    assert_eq!(module.run_unseen(nowhere), FAIL);
    let instance = module.start(&[]);
    assert_eq!(module.run_unseen(nowhere), FAIL);
    assert_eq!(module.run(instance, &Arguments::default()), 0);
    assert_eq!(module.terminate(), 0);
    assert_eq!(module.terminate(), 0, "once too often");
    assert!(
        host.log().contains("arguments that belong to no instance"),
        "{}",
        host.log()
    );
}

#[test]
fn a_terminated_module_starts_again() {
    let (host, module) = toy();
    for round in 0..3 {
        let instance = module.start(&["-name", &format!("/round{round}")]);
        assert_eq!(module.run(instance, &Arguments::default()), 0);
        assert_eq!(module.terminate(), 0);
    }
    assert_eq!(host.mapping().vo_strings, ["/round0", "/round1", "/round2"]);
}

#[test]
fn an_unloaded_module_loads_again() {
    for _ in 0..3 {
        let (host, module) = toy();
        let instance = module.start(&["-name", "/again"]);
        assert_eq!(module.run(instance, &Arguments::default()), 0);
        assert_eq!(module.terminate(), 0);
        drop(module);
        assert_eq!(host.mapping().vo_strings, ["/again"]);
    }
}

#[test]
fn several_instances_keep_their_arguments_apart() {
    let (host, module) = toy();
    assert_eq!(module.multi_instance(), 1);
    let one = module.start(&["-name", "/one"]);
    let two = module.start(&["-name", "/two"]);
    let three = module.start(&["-fail", "run"]);
    assert_ne!(one.argv, two.argv);
    assert_ne!(two.argv, three.argv);
    assert_eq!(module.run(two, &Arguments::default()), 0);
    assert_eq!(module.run(three, &Arguments::default()), FAIL);
    assert_eq!(module.run(one, &Arguments::default()), 0);
    assert_eq!(host.mapping().vo_strings, ["/two", "/one"]);
    for _ in 0..3 {
        assert_eq!(module.terminate(), 0);
    }
}

#[test]
fn instances_end_in_the_order_of_their_start_and_failed_ones_take_their_turn() {
    let (host, module) = toy();
    let one = module.start(&["-name", "/one"]);
    assert_eq!(module.initialize(&["-fail", "initialize"]), FAIL);
    let three = module.start(&["-name", "/three"]);
    assert_eq!(module.terminate(), 0);
    assert!(
        host.log()
            .contains("plugin_terminate(): name=Some(\"/one\")\n"),
        "{}",
        host.log()
    );
    assert_eq!(module.run_unseen(one), FAIL, "it is gone");
    assert_eq!(module.terminate(), 0, "the failed one");
    assert!(
        !host.log().contains("name=Some(\"/three\")"),
        "{}",
        host.log()
    );
    assert_eq!(module.run(three, &Arguments::default()), 0);
    assert_eq!(module.terminate(), 0);
    assert!(
        host.log()
            .contains("plugin_terminate(): name=Some(\"/three\")\n"),
        "{}",
        host.log()
    );
}

#[test]
fn an_instance_runs_while_another_one_works() {
    let (_host, module) = toy();
    let blocked = module.start(&["-block"]);
    let release = module.start(&["-release"]);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| module.run(blocked, &Arguments::default()));
        assert_eq!(
            module.run(release, &Arguments::default()),
            0,
            "hangs when runs wait for each other"
        );
        assert_eq!(waiting.join().expect("no panic"), 0);
    });
    module.terminate();
    module.terminate();
}

#[test]
fn many_threads_run_many_instances() {
    let (host, module) = toy();
    let instances: Vec<Instance> = (0..8)
        .map(|at| module.start(&["-name", &format!("/{at}")]))
        .collect();
    let start = Barrier::new(instances.len());
    thread::scope(|scope| {
        for instance in &instances {
            scope.spawn(|| {
                start.wait();
                for _ in 0..20 {
                    assert_eq!(module.run(*instance, &Arguments::default()), 0);
                }
            });
        }
    });
    for _ in &instances {
        assert_eq!(module.terminate(), 0);
    }
    let strings = host.mapping().vo_strings;
    for at in 0..8 {
        assert_eq!(
            strings
                .iter()
                .filter(|name| **name == format!("/{at}"))
                .count(),
            20
        );
    }
}
