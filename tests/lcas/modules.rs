//! Modules that break the rules: every one of them refuses, is named, and those before it end.

use std::fs;

use support::{scratch, skip};
use work::{Session, libraries, missing, our_library, toy};

const RUN: &str = "vapem=@C@/cred1.pem;R";

/// A module whose three mandatory functions have these bodies.
fn module(initialize: &str, confirm: &str, terminate: &str) -> String {
    format!(
        "#define _GNU_SOURCE\n#include <lcas/lcas_modules.h>\n#include <lcas/lcas.h>\n\
         #include <lcas/lcas_run.h>\n#include <stdlib.h>\n#include <unistd.h>\n\
         int plugin_initialize(int argc, char **argv) {{ (void)argc; (void)argv; {initialize} }}\n\
         int plugin_confirm_authorization(lcas_request_t r, lcas_cred_id_t c) {{ (void)r; (void)c; {confirm} }}\n\
         int plugin_terminate(void) {{ {terminate} }}\n"
    )
}

#[test]
fn every_answer_but_0_refuses() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    for (name, library) in libraries() {
        for answer in ["1", "-1", "2", "3", "4", "256", "-2147483648", "2147483647"] {
            let database = format!(
                "pluginname=@M@/tp_a.mod\npluginname=@M@/tp_b.mod, pluginargs=\"-rc {answer}\"\npluginname=@M@/tp_c.mod\n"
            );
            let done = Session::new(&database).run(&library, &["init", RUN, "term"]);
            done.expect("init=0 vapem=5 term=0")
                .expect_log("authorization failed for plugin");
            assert!(
                !done.trace.contains("c confirm"),
                "{name} {answer}: {}",
                done.trace
            );
        }
    }
}

#[test]
fn a_module_that_cannot_be_used_is_named_and_those_before_it_end() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let directory = scratch();
    let path = directory.path();
    toy(
        path,
        "minus",
        &module("return -1;", "return 0;", "return 0;"),
    );
    toy(path, "two", &module("return 2;", "return 0;", "return 1;"));
    toy(
        path,
        "without",
        "int plugin_initialize(int c, char **v) { (void)c; (void)v; return 0; }\n",
    );
    fs::write(path.join("text.mod"), "no module\n").unwrap();
    fs::create_dir(path.join("folder.mod")).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(path.join("fifo.mod"))
            .status()
            .unwrap()
            .success()
    );
    for (bad, reason) in [
        (
            "minus.mod",
            "plugin_initialize() of @P@/minus.mod failed (it returned -1)",
        ),
        (
            "two.mod",
            "plugin_initialize() of @P@/two.mod failed (it returned 2)",
        ),
        (
            "without.mod",
            "plugin @P@/without.mod not compliant: missing function \"plugin_confirm_authorization()\"",
        ),
        ("text.mod", "dlopen error for @P@/text.mod"),
        ("folder.mod", "plugin @P@/folder.mod is not a file"),
        ("fifo.mod", "plugin @P@/fifo.mod is not a file"),
        (
            "none.mod",
            "plugin @P@/none.mod not found; looked for @P@/none.mod",
        ),
    ] {
        let here = path.display().to_string();
        let database = format!(
            "# first\npluginname=@M@/tp_a.mod\npluginname={here}/{bad}\npluginname=@M@/tp_b.mod\n"
        );
        let done = Session::new(&database).run(&our_library(), &["init", RUN, "term"]);
        done.expect("init=1 vapem=4 term=0")
            .expect_log(&reason.replace("@P@", &here));
        done.expect_log(&format!("error initializing plugin: {here}/{bad} ("));
        done.expect_log("/lcas.db:3:1)");
        let calls: Vec<_> = done.trace.lines().map(|line| &line[..6]).collect();
        assert_eq!(calls, ["a init", "a term"], "{bad}");
    }
}

#[test]
fn a_module_that_ends_the_process_grants_nothing() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let directory = scratch();
    let path = directory.path();
    toy(
        path,
        "exits",
        &module("_exit(7);", "return 0;", "return 0;"),
    );
    toy(
        path,
        "crashes",
        &module("return 0;", "abort();", "return 0;"),
    );
    let load = format!(
        "__attribute__((constructor)) static void at_load(void) {{ _exit(8); }}\n{}",
        ""
    );
    toy(
        path,
        "loads",
        &format!("{}{load}", module("return 0;", "return 0;", "return 0;")),
    );
    for (name, code) in [("exits", Some(7)), ("crashes", None), ("loads", Some(8))] {
        let database = format!("pluginname={}/{name}.mod\n", path.display());
        let done = Session::new(&database).run(&our_library(), &["init", RUN]);
        assert!(
            !done.answers.contains("vapem=0"),
            "{name}: {}",
            done.answers
        );
        assert_eq!(done.driver.status.code(), code, "{name}");
    }
}

#[test]
fn a_module_that_calls_back_gets_a_failure_and_no_deadlock() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let directory = scratch();
    let confirm = "return lcas_run_va(0, \"x\", \"y\") == 4 && lcas_term() == 1 \
                   && lcas_init(NULL) == 1 && lcas_get_debug_level() == 0 ? 0 : 1;";
    toy(
        directory.path(),
        "calls",
        &module(
            "return lcas_init(NULL) == 1 ? 0 : 1;",
            confirm,
            "return lcas_term() == 1 ? 0 : 1;",
        ),
    );
    let database = format!("pluginname={}/calls.mod\n", directory.path().display());
    let done = Session::new(&database).run(&our_library(), &["init", RUN, "term", "init", "term"]);
    done.expect("init=0 vapem=0 term=0 init=0 term=0");
    done.expect_log("lcas_run_va(): called from inside a module");
    done.expect_log("lcas_term(): called from inside a module");
}

#[test]
fn a_module_with_instances_is_told_which_one_is_meant() {
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    let directory = scratch();
    // The last word of the vector is the answer.
    let text = "#include <lcas/lcas_modules.h>\n#include <stdlib.h>\n\
        static __thread char **selected;\n\
        int plugin_select_instance(char **argv) { selected = argv; return argv[2] != NULL; }\n\
        int plugin_initialize(int argc, char **argv) { (void)argc; (void)argv; return 0; }\n\
        int plugin_confirm_authorization(lcas_request_t r, lcas_cred_id_t c) { (void)r; (void)c; return atoi(selected[1]); }\n\
        int plugin_terminate(void) { lcas_log(3, (char *)\"MARK ends %s\\n\", selected[1]); return 0; }\n";
    toy(directory.path(), "many", text);
    let session = |words: &[&str]| {
        let lines: String = (words.iter())
            .map(|word| {
                format!(
                    "pluginname={}/many.mod, pluginargs=\"{word}\"\n",
                    directory.path().display()
                )
            })
            .collect();
        Session::new(&lines).run(&our_library(), &["init", RUN, "term"])
    };
    session(&["0", "0"]).expect("init=0 vapem=0 term=0");
    session(&["0", "1"]).expect("init=0 vapem=5 term=0");
    session(&["1", "0"]).expect("init=0 vapem=5 term=0");
    let done = session(&["0", "00"]);
    assert!(
        done.log.find("MARK ends 0\n") < done.log.find("MARK ends 00\n"),
        "{}",
        done.log
    );
    // An instance that does not know itself is not asked.
    session(&["0 x"])
        .expect("init=0 vapem=5 term=0")
        .expect_log("does not know itself: refused");
}
