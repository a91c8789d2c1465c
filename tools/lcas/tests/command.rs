//! The command as an administrator uses it, with the libraries of this machine and of this workspace.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lcas_module_test::real::libraries;
use lcas_module_test::{TESTER_DN, TESTER_PEM, module_folder};
use serde_json::Value;
use tempfile::TempDir;

/// Files of a site, and the folder of its modules.
struct Site {
    folder: TempDir,
    modules: TempDir,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let modules = module_folder(&[
            "lcas_userban",
            "lcas_timeslots",
            "lcas_check_executable",
            "lcas_walltime",
        ]);
        let site = Self { folder, modules };
        site.write("proxy.pem", TESTER_PEM);
        for (name, text) in files {
            site.write(
                name,
                &text.replace("@", &site.folder.path().display().to_string()),
            );
        }
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lcas"));
        command.arg(name).arg("--db").arg(self.path("lcas.db"));
        command.arg("--modules-dir").arg(self.modules.path());
        for variable in [
            "LCAS_DIR",
            "LCAS_ETC_DIR",
            "LCAS_DB_FILE",
            "LCAS_MODULES_DIR",
        ] {
            command.env_remove(variable);
        }
        command
    }

    fn check(&self, options: &[&str]) -> (i32, String) {
        told(
            &self
                .command("check")
                .args(options)
                .output()
                .expect("the command"),
        )
    }

    fn decide(&self, library: &Path, options: &[&str]) -> (i32, String) {
        let mut command = self.command("decide");
        command.arg("--proxy").arg(self.path("proxy.pem"));
        command.arg("--library").arg(library).args(options);
        told(&command.output().expect("the command"))
    }

    fn decide_json(&self, library: &Path, options: &[&str]) -> (i32, Value) {
        let (status, text) = self.decide(library, &[options, &["--format", "json"]].concat());
        (status, serde_json::from_str(&text).expect("JSON"))
    }
}

fn told(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code().expect("a status"), text)
}

/// The answers of the modules, in their order.
fn answers(answer: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let modules = answer["modules"].as_array().expect("a list");
    modules
        .iter()
        .map(|one| (text(&one["answer"]), text(&one["reason"])))
        .collect()
}

const DATABASE: &str = "pluginname=\"lcas_userban.mod\",pluginargs=\"@/ban\"\n\
pluginname=\"lcas_timeslots.mod\",pluginargs=\"@/slots\"\n\
pluginname=\"lcas_check_executable.mod\",pluginargs=\"-exec /bin/date\"\n\
pluginname=\"lcas_walltime.mod\",pluginargs=\"-max 60\"\n";

fn good() -> Site {
    Site::new(&[
        ("lcas.db", DATABASE),
        ("ban", "\"/CN=x\"\n"),
        ("slots", "* * * * * *\n"),
    ])
}

#[test]
fn a_check_finds_nothing_in_a_good_site() {
    let site = good();
    let (status, text) = site.check(&["--strict"]);
    assert_eq!((status, text.lines().count()), (0, 1), "{text}");
    assert!(text.ends_with("/lcas.db: 0 errors, 0 warnings\n"), "{text}");
}

#[test]
fn a_check_fails_for_whatever_takes_a_module_out_of_the_decision() {
    for (line, expected) in [
        ("pluginargs=\"@/ban\"\n", "names no module"),
        (
            "pluginnane=lcas_userban.mod\n",
            "the variables are pluginname and pluginargs",
        ),
        (
            "pluginname=lcas_userban.mod,pluginargs=@/ban,pluginargs=x\n",
            "set twice",
        ),
        ("# x\rpluginname=lcas_userban.mod\n", "carriage return"),
    ] {
        let site = good();
        let database =
            format!("{DATABASE}{line}").replace('@', &site.folder.path().display().to_string());
        site.write("lcas.db", &database);
        let (status, text) = site.check(&[]);
        assert_eq!(status, 1, "{text}");
        let place = format!("{}:5:", site.path("lcas.db").display());
        let found = text.lines().any(|one| {
            one.starts_with(&place) && one.contains(": error: ") && one.contains(expected)
        });
        assert!(found, "{text}");
    }
    let site = good();
    site.write("lcas.db", &format!("\u{feff}{DATABASE}"));
    let (status, text) = site.check(&[]);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("lcas.db:1:1: error: the file begins with a byte order mark"),
        "{text}"
    );
}

#[test]
fn a_check_names_the_place_of_each_mistake() {
    let site = Site::new(&[
        (
            "lcas.db",
            "pluginname=\"lcas_userban.mod\",pluginargs=\"@/ban\" x\n\
             pluginname=\"lcas_timeslots.mod\",pluginargs=\"@/slots\"\n\
             pluginname=\"missing.mod\"\n\
             pluginname=\"lcas_walltime.mod\",pluginargs=\"-maximum 5\"\n\
             pluginname=\"@/slots\"\n",
        ),
        ("ban", "\"/CN=x\n"),
        ("slots", "* * * * * *\n# x\n* 25 * * * *\n"),
    ]);
    let (status, text) = site.check(&[]);
    assert_eq!(status, 1, "{text}");
    let db = site.path("lcas.db").display().to_string();
    for expected in [
        format!("{db}:1:"),
        format!(
            "{}:1:1: error: the quoted name is not closed",
            site.path("ban").display()
        ),
        format!(
            "{}:3:3: error: \"25\" is no range for the hour",
            site.path("slots").display()
        ),
        format!("{db}:3:1: error: there is no module "),
        format!("{db}:4:1: error: unknown option \"-maximum\""),
        format!(
            "{}: error: this is no shared object",
            site.path("slots").display()
        ),
        format!("{db}: 5 errors, 1 warnings"),
    ] {
        assert!(text.contains(&expected), "{expected} in\n{text}");
    }
}

#[test]
fn a_check_fails_on_warnings_only_if_told_to() {
    let site = good();
    site.write("slots", "* 20-8 * * * *\n* * * * * *\n");
    assert_eq!(site.check(&[]).0, 0);
    assert_eq!(site.check(&["--strict"]).0, 1);
    let (_, text) = site.check(&["--format", "json"]);
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["findings"][0]["severity"], "warning");
    assert_eq!(report["findings"][0]["line"], 1);
}

#[test]
fn a_file_that_everybody_may_change_is_a_mistake() {
    let site = good();
    fs::set_permissions(site.path("slots"), fs::Permissions::from_mode(0o666)).expect("a file");
    let (status, text) = site.check(&[]);
    assert!(
        status == 1 && text.contains("everybody on this machine may change"),
        "{text}"
    );
}

#[test]
fn a_database_that_cannot_be_read_is_told_from_one_with_a_mistake() {
    let site = good();
    site.write("lcas.db", "pluginname\n");
    let (status, text) = site.check(&[]);
    assert!(
        status == 1 && text.contains("lcas.db:1:1: error: "),
        "{text}"
    );
    site.write("lcas.db", "# nothing\n");
    let (status, text) = site.check(&[]);
    assert!(status == 1 && text.contains("names no module"), "{text}");
    fs::remove_file(site.path("lcas.db")).expect("removed");
    assert_eq!(site.check(&[]).0, 2);
    let (status, text) = site.decide(Path::new("/nonexistent"), &[]);
    assert!(status == 2 && text.starts_with("Misconfigured\n"), "{text}");
}

#[test]
fn a_request_that_everybody_grants_is_granted() {
    let site = good();
    for library in libraries() {
        let request = "&(executable=/bin/date)(maxTime=60)";
        let (status, answer) = site.decide_json(&library, &["--rsl", request]);
        assert_eq!(
            (status, &answer["decision"]),
            (0, &"granted".into()),
            "{answer:#}"
        );
        assert_eq!(answer["dn"], TESTER_DN);
        let notes = answer["notes"].as_array().expect("a list");
        assert!(
            notes.len() == 1
                && notes[0]
                    .as_str()
                    .is_some_and(|note| note.starts_with("LCAS verifies no certificates"))
        );
        let answers = answers(&answer);
        assert_eq!(answers.len(), 4);
        assert!(answers[2].1.contains("/bin/date may be run"), "{answers:?}");
        let (_, text) = site.decide(&library, &["--rsl", request]);
        assert!(
            text.starts_with("Granted\n") && !text.contains("log: "),
            "{text}"
        );
    }
}

#[test]
fn every_module_is_asked_even_behind_one_that_refuses() {
    let site = good();
    site.write("ban", &format!("\"{TESTER_DN}\"\n"));
    for library in libraries() {
        let (status, answer) =
            site.decide_json(&library, &["--rsl", "&(executable=/bin/sh)(maxTime=5)"]);
        assert_eq!(
            (status, &answer["decision"]),
            (1, &"refused".into()),
            "{answer:#}"
        );
        assert_eq!(answer["reason"], "lcas_userban.mod (line 1) refuses");
        let answers = answers(&answer);
        let words: Vec<_> = answers.iter().map(|(answer, _)| answer.as_str()).collect();
        assert_eq!(words, ["refused", "granted", "refused", "granted"]);
        assert!(
            answers[0].1.contains("is banned by") && answers[0].1.contains("/ban:1"),
            "{answers:?}"
        );
        assert!(answers[2].1.contains("/bin/sh is not one"), "{answers:?}");
    }
}

#[test]
fn time_slots_are_looked_at_as_at_another_time() {
    let site = good();
    site.write("slots", "0-0 8-18 * * 2026 1-5\n");
    for library in libraries() {
        let request = ["--rsl", "&(executable=/bin/date)(maxTime=5)", "--at"];
        let decide = |at: &str| {
            let mut command = site.command("decide");
            command
                .arg("--proxy")
                .arg(site.path("proxy.pem"))
                .arg("--library")
                .arg(&library);
            command
                .args(request)
                .arg(at)
                .env("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
            told(&command.output().expect("the command"))
        };
        let (status, text) = decide("2026-03-04 07:00");
        assert_eq!(status, 0, "{text}");
        assert!(
            text.contains("Wed 2026-03-04 08:00 lies in the time slot"),
            "{text}"
        );
        let (status, text) = decide("2026-07-01 16:01");
        assert_eq!(status, 1, "{text}");
        assert!(
            text.contains("Wed 2026-07-01 18:01 lies in no time slot"),
            "{text}"
        );
    }
    let output = site
        .command("decide")
        .args(["--proxy", "x", "--at", "noon"])
        .output();
    assert_eq!(output.expect("the command").status.code(), Some(2));
}

#[test]
fn a_module_that_does_not_start_is_named_with_the_reason() {
    let site = good();
    site.write(
        "lcas.db",
        &DATABASE
            .replace("@/ban", "/nonexistent/ban")
            .replace("@", &site.folder.path().display().to_string()),
    );
    for library in libraries() {
        let (status, answer) =
            site.decide_json(&library, &["--rsl", "&(executable=/bin/date)(maxTime=5)"]);
        assert_eq!(
            (status, &answer["decision"]),
            (2, &"misconfigured".into()),
            "{answer:#}"
        );
        assert_eq!(answers(&answer)[0].0, "misconfigured");
        assert!(
            answer["modules"][0]["findings"][0]["text"]
                .as_str()
                .is_some_and(|text| text.contains("/nonexistent/ban"))
        );
        assert_eq!(answers(&answer)[1].0, "granted");
    }
}

#[test]
fn a_proxy_or_library_that_cannot_be_used_is_told() {
    let site = good();
    for library in libraries() {
        site.write("proxy.pem", "no certificate");
        let (status, text) = site.decide(&library, &[]);
        assert!(
            status == 1 && text.starts_with("Refused\n  reason     the proxy file"),
            "{text}"
        );
        fs::remove_file(site.path("proxy.pem")).expect("removed");
        let (status, text) = site.decide(&library, &[]);
        assert!(
            status == 2 && text.contains("cannot read the proxy file"),
            "{text}"
        );
        site.write("proxy.pem", TESTER_PEM);
    }
    let (status, text) = site.decide(Path::new("/nonexistent/liblcas.so.0"), &[]);
    assert!(status == 2 && text.contains("cannot load "), "{text}");
}

/// A module that is compiled from what it does when it ends.
fn module_that(site: &Site, confirms: &str, terminates: &str) -> Option<PathBuf> {
    let source = format!(
        "#include <stdlib.h>\n\
        int plugin_initialize(int c, char **v) {{ (void)c; (void)v; return 0; }}\n\
        int plugin_confirm_authorization(char *r, void *c, char *d) {{ (void)r; (void)c; (void)d; {confirms} }}\n\
        int plugin_terminate(void) {{ {terminates} }}\n"
    );
    site.write("own.c", &source);
    let module = site.path("own.mod");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&module)
        .arg(site.path("own.c"))
        .status();
    if !built.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no C compiler");
        return None;
    }
    site.write(
        "lcas.db",
        &format!("\n\npluginname=\"{}\"\n", module.display()),
    );
    Some(module)
}

#[test]
fn a_module_that_does_not_end_refuses_as_with_lcas_pem() {
    let site = good();
    if module_that(&site, "return 0;", "return 1;").is_none() {
        return;
    }
    for library in libraries() {
        let (status, answer) = site.decide_json(&library, &[]);
        assert_eq!(status, 1, "{answer:#}");
        assert_eq!(
            answers(&answer)[0].1,
            "the module grants, but does not terminate"
        );
    }
}

#[test]
fn a_module_that_ends_the_process_is_told_as_such() {
    let site = good();
    if module_that(&site, "exit(0);", "return 0;").is_none() {
        return;
    }
    for library in libraries() {
        let (status, answer) = site.decide_json(&library, &[]);
        assert_eq!(status, 2, "{answer:#}");
        assert!(
            answers(&answer)[0]
                .1
                .contains("exit status: 0; a service would have ended with it")
        );
    }
}

#[test]
fn a_debug_level_that_keeps_services_from_starting_does_so_here() {
    let site = good();
    for library in libraries() {
        let mut command = site.command("decide");
        command.arg("--proxy").arg(site.path("proxy.pem"));
        command
            .arg("--library")
            .arg(&library)
            .env("LCAS_DEBUG_LEVEL", "much");
        let output = command.output().expect("the command");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.code() == Some(2) && text.starts_with("Misconfigured\n"),
            "{text}"
        );
    }
}

#[test]
fn the_log_of_a_module_names_the_users_own_database_and_line() {
    let site = good();
    site.write("lcas.db", "# x\n\npluginname=/nonexistent/x.mod\n");
    for library in libraries() {
        let (_, text) = site.decide(&library, &["--format", "json"]);
        assert!(!text.contains("/lcas.db:1:"), "{text}");
        let temporary = text.matches("lcas.db").count()
            - text
                .matches(&site.path("lcas.db").display().to_string())
                .count();
        assert_eq!(temporary, 0, "{text}");
    }
}

#[test]
fn a_module_that_crashes_does_not_take_the_answer_with_it() {
    let site = good();
    let source = "#include <stdlib.h>\n\
        int plugin_initialize(int c, char **v) { (void)c; (void)v; return 0; }\n\
        int plugin_confirm_authorization(char *r, void *c, char *d) { (void)r; (void)c; (void)d; abort(); }\n\
        int plugin_terminate(void) { return 0; }\n";
    site.write("crash.c", source);
    let module = site.path("crash.mod");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&module)
        .arg(site.path("crash.c"))
        .status();
    if !built.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no C compiler");
        return;
    }
    let mut database = fs::read_to_string(site.path("lcas.db")).expect("a database");
    database.push_str(&format!("pluginname=\"{}\"\n", module.display()));
    site.write("lcas.db", &database);
    assert_eq!(site.check(&[]).0, 0);
    for library in libraries() {
        let (status, answer) =
            site.decide_json(&library, &["--rsl", "&(executable=/bin/date)(maxTime=5)"]);
        assert_eq!(status, 2, "{answer:#}");
        let answers = answers(&answer);
        assert_eq!(answers[3].0, "granted");
        assert!(answers[4].1.contains("ended with signal: 6"), "{answers:?}");
    }
}
