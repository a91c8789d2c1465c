//! `lcmaps map`, the command itself, with the library of this workspace and with the original where it is installed.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A library and the directory of the modules that belong to it.
struct Candidate {
    library: PathBuf,
    modules: PathBuf,
    is_ours: bool,
}

fn candidates() -> Outcome<Vec<Candidate>> {
    let built = env::current_exe()?
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default();
    let ours = Candidate {
        library: built.join("liblcmaps.so"),
        modules: built,
        is_ours: true,
    };
    let original = Candidate {
        library: format!("/usr/lib/{}-linux-gnu/liblcmaps.so.0", env::consts::ARCH).into(),
        modules: "/usr/lib/lcmaps".into(),
        is_ours: false,
    };
    let has_modules = |c: &Candidate| c.modules.join("liblcmaps_localaccount.so").exists();
    let is_complete = |c: &Candidate| c.library.exists() && has_modules(c);
    assert!(
        is_complete(&ours),
        "{} is not built",
        ours.library.display()
    );
    Ok([ours, original].into_iter().filter(is_complete).collect())
}

/// A folder with a policy file, a map file and everything else a test makes.
struct Site {
    folder: TempDir,
    candidate: Candidate,
}

const POLICY: &str = r#"
local = "liblcmaps_localaccount.so -gridmapfile @/grid-mapfile"
good = "liblcmaps_dummy_good.so --dummy-uid 4321 --dummy-gid 8765 --dummy-sec-gid 99"
only_good = "liblcmaps_dummy_good.so"
bad = "liblcmaps_dummy_bad.so"
site:
~local -> bad
numbers:
~good -> bad
"#;

/// One site for each library.
fn sites() -> Outcome<Vec<Site>> {
    let mut sites = Vec::new();
    for candidate in candidates()? {
        let folder = tempfile::tempdir()?;
        let site = Site { folder, candidate };
        site.write("lcmaps.db", POLICY)?;
        site.write(
            "grid-mapfile",
            "\"/C=NL/O=Test/CN=Jane\" daemon\n\"/CN=Ghost\" no_such_user\n",
        )?;
        sites.push(site);
    }
    Ok(sites)
}

impl Site {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file; `@` stands for the folder.
    fn write(&self, name: &str, content: &str) -> Outcome {
        let folder = self.folder.path().display().to_string();
        Ok(fs::write(self.path(name), content.replace('@', &folder))?)
    }

    fn map(&self, arguments: &[&str]) -> Outcome<Run> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
        command
            .current_dir(self.folder.path())
            .env_remove("LCMAPS_DEBUG_LEVEL");
        command
            .arg("map")
            .arg("--library")
            .arg(&self.candidate.library);
        command.arg("--modules-dir").arg(&self.candidate.modules);
        command.args(["--db", "lcmaps.db"]).args(arguments);
        Run::new(&command.output()?)
    }
}

/// A finished command.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn new(output: &Output) -> Outcome<Self> {
        Ok(Self {
            status: output.status.code().ok_or("the command was killed")?,
            stdout: String::from_utf8(output.stdout.clone())?,
            stderr: String::from_utf8(output.stderr.clone())?,
        })
    }

    #[track_caller]
    fn is(&self, status: i32, shown: &[&str]) {
        assert_eq!(self.status, status, "{}\n{}", self.stdout, self.stderr);
        for text in shown {
            assert!(
                self.stdout.contains(text),
                "no {text:?} in:\n{}",
                self.stdout
            );
        }
    }
}

/// What the system says about the user `daemon`.
fn daemon() -> Outcome<(String, String)> {
    let id = |option: &str| -> Outcome<String> {
        let output = Command::new("id").args([option, "daemon"]).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    Ok((id("-u")?, id("-g")?))
}

#[test]
fn a_mapping_shows_who_became_whom_and_by_which_modules() -> Outcome {
    let (uid, gid) = daemon()?;
    for site in sites()? {
        let run = site.map(&["--dn", "/C=NL/O=Test/CN=Jane"])?;
        run.is(
            0,
            &[
                "Mapped\n",
                "  who         /C=NL/O=Test/CN=Jane\n",
                &format!("  user        daemon (uid {uid})\n"),
                &format!("  group       daemon (gid {gid})\n"),
                "  policy      site\n",
            ],
        );
        let step = if site.candidate.is_ours {
            "\nModules\n  site  local  line 7  liblcmaps_localaccount.so  succeeded\n"
        } else {
            "\nModules\n  site  lcmaps_localaccount  succeeded\n"
        };
        run.is(0, &[step]);
        assert_eq!(run.stderr, "");
    }
    Ok(())
}

#[test]
fn ids_without_a_name_are_shown_as_numbers_and_the_pool_index_with_them() -> Outcome {
    for site in sites()? {
        let run = site.map(&["--dn", "/CN=a", "--policy", "numbers", "--map-counter", "1"])?;
        run.is(
            0,
            &[
                "  user        uid 4321 (no name on this machine)\n",
                "  group       gid 8765 (no name on this machine)\n",
                "  pool index  dummy%204321%208765\n",
                "  policy      numbers\n",
            ],
        );
    }
    Ok(())
}

#[test]
fn the_json_form_says_the_same_and_is_one_object() -> Outcome {
    let (uid, gid) = daemon()?;
    for site in sites()? {
        let run = site.map(&["--dn", "/C=NL/O=Test/CN=Jane", "--format", "json"])?;
        run.is(0, &[]);
        let answer: serde_json::Value = serde_json::from_str(&run.stdout)?;
        assert_eq!(answer["result"], "mapped");
        assert_eq!(answer["dn"], "/C=NL/O=Test/CN=Jane");
        assert_eq!(answer["account"]["user"], "daemon");
        assert_eq!(answer["account"]["uid"].to_string(), uid);
        assert_eq!(
            answer["account"]["primary_groups"][0]["gid"].to_string(),
            gid
        );
        assert_eq!(answer["account"]["pool_index"], serde_json::Value::Null);
        assert_eq!(answer["policy"], "site");
        assert_eq!(answer["steps"][0]["succeeded"], true);
        assert_eq!(answer["library"]["version"], "1.6.6");
        let refused = site.map(&["--dn", "/CN=Nobody", "--policy", "site", "--format", "json"])?;
        refused.is(1, &[]);
        let answer: serde_json::Value = serde_json::from_str(&refused.stdout)?;
        assert_eq!(answer["result"], "refused");
        assert_eq!(answer["account"], serde_json::Value::Null);
    }
    Ok(())
}

#[test]
fn a_refusal_says_why_and_what_to_do() -> Outcome {
    for site in sites()? {
        let unknown = site.map(&["--dn", "/CN=Nobody", "--policy", "site"])?;
        unknown.is(
            1,
            &[
                "Refused\n",
                "  who         /CN=Nobody\n",
                "\nWhy (from the log)\n",
            ],
        );
        unknown.is(
            1,
            &[
                "No match for",
                "/CN=Nobody",
                "\nWhat to do\n  - No line of the map file fits",
            ],
        );
        let ghost = site.map(&["--dn", "/CN=Ghost", "--policy", "site"])?;
        ghost.is(
            1,
            &[
                "no_such_user",
                "  - The map file names an account that this machine does not have.",
            ],
        );
    }
    Ok(())
}

#[test]
fn a_wrong_policy_file_is_no_refusal() -> Outcome {
    for site in sites()? {
        fs::remove_file(site.path("lcmaps.db"))?;
        site.map(&["--dn", "/CN=a"])?.is(
            2,
            &["Misconfigured\n", "cannot read the policy file lcmaps.db"],
        );
        site.write("lcmaps.db", "a = \"x.mod\"\nsite:\na -> -> b\n")?;
        site.map(&["--dn", "/CN=a"])?.is(
            2,
            &[
                "lcmaps.db:3: [error] syntax error",
                "  - Correct the policy file",
            ],
        );
        site.write("lcmaps.db", &POLICY.replace("localaccount.so", "none.so"))?;
        site.map(&["--dn", "/CN=a"])?.is(
            2,
            &[
                "liblcmaps_none.so",
                "not found",
                "  - The policy file names a module",
            ],
        );
        site.write(
            "lcmaps.db",
            &POLICY.replace("-gridmapfile", "-no_such_option"),
        )?;
        site.map(&["--dn", "/CN=a"])?.is(
            2,
            &[
                "-no_such_option",
                "  - The policy file gives a module an option",
            ],
        );
    }
    Ok(())
}

#[test]
fn a_policy_that_the_file_does_not_have_is_no_refusal() -> Outcome {
    for site in sites()? {
        let run = site.map(&["--dn", "/C=NL/O=Test/CN=Jane", "--policy", "sites"])?;
        run.is(
            2,
            &[
                "Misconfigured\n",
                "has no policy named sites; it has \"site\", \"numbers\"\n",
            ],
        );
    }
    Ok(())
}

#[test]
fn a_fifo_or_a_directory_in_the_place_of_the_policy_file_is_said_at_once() -> Outcome {
    for site in sites()? {
        let db = site.path("lcmaps.db");
        fs::remove_file(&db)?;
        assert!(Command::new("mkfifo").arg(&db).status()?.success());
        let said = ["it is not a regular file"];
        site.map(&["--dn", "/CN=a"])?.is(2, &said);
        fs::remove_file(&db)?;
        fs::create_dir(&db)?;
        site.map(&["--dn", "/CN=a"])?.is(2, &said);
    }
    Ok(())
}

#[test]
fn a_policy_that_succeeds_without_an_account_is_explained() -> Outcome {
    for site in sites()? {
        site.write("lcmaps.db", &POLICY.replace("~local", "~only_good"))?;
        let run = site.map(&["--dn", "/CN=a", "--policy", "site"])?;
        run.is(
            1,
            &[
                "Refused\n",
                "  - The policy succeeded, but its modules gave no account",
            ],
        );
    }
    Ok(())
}

/// A certificate of Jane with its key, and the key's text without head and foot.
fn certificate(site: &Site) -> Outcome<(PathBuf, String)> {
    let (cert, key, both) = (
        site.path("cert.pem"),
        site.path("key.pem"),
        site.path("proxy.pem"),
    );
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/C=NL/O=Test/CN=Jane",
            "-addext",
            "basicConstraints=CA:FALSE",
        ])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()?;
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let key = fs::read_to_string(key)?;
    fs::write(&both, fs::read_to_string(cert)? + &key)?;
    let secret = key.lines().nth(3).ok_or("a key has lines")?;
    Ok((both, secret.to_owned()))
}

#[test]
fn a_certificate_is_mapped_by_its_name_and_its_key_is_never_shown() -> Outcome {
    for site in sites()? {
        let (proxy, secret) = certificate(&site)?;
        let proxy = proxy.to_str().ok_or("a path in UTF-8")?;
        let run = site.map(&["--proxy", proxy, "-vv", "--log-file", "log"])?;
        run.is(0, &["  user        daemon (uid"]);
        if site.candidate.is_ours {
            run.is(0, &["  who         /C=NL/O=Test/CN=Jane\n"]);
        }
        let log = fs::read_to_string(site.path("log"))?;
        assert!(log.contains("LCMAPS CRED FINAL"), "{log}");
        for shown in [&run.stdout, &run.stderr, &log] {
            assert!(!shown.contains(&secret));
        }
    }
    Ok(())
}

#[test]
fn a_proxy_file_that_cannot_be_used_is_no_refusal() -> Outcome {
    for site in sites()? {
        site.map(&["--proxy", "none.pem"])?
            .is(2, &["cannot read none.pem: No such file"]);
        site.map(&["--proxy", "."])?
            .is(2, &["it is not a regular file"]);
        site.map(&["--proxy", "lcmaps.db"])?
            .is(2, &["it holds no certificate"]);
    }
    Ok(())
}

#[test]
fn the_log_is_silent_until_it_is_asked_for() -> Outcome {
    for site in sites()? {
        let jane = ["--dn", "/C=NL/O=Test/CN=Jane"];
        assert_eq!(site.map(&jane)?.stderr, "");
        let verbose = site.map(&[&jane[..], &["-v"]].concat())?;
        assert!(
            verbose.stderr.contains("LCMAPS CRED FINAL"),
            "{}",
            verbose.stderr
        );
        assert!(!verbose.stderr.contains("LOG_DEBUG"), "{}", verbose.stderr);
        fs::write(site.path("log"), "before\n")?;
        assert_eq!(
            site.map(&[&jane[..], &["--log-file", "log"]].concat())?
                .stderr,
            ""
        );
        let log = fs::read_to_string(site.path("log"))?;
        assert!(
            log.starts_with("before\n") && log.contains("LCMAPS CRED FINAL"),
            "{log}"
        );
    }
    Ok(())
}

#[test]
fn a_name_cannot_steer_the_terminal() -> Outcome {
    for site in sites()? {
        let run = site.map(&["--dn", "/CN=\u{1b}[2J\nMapped", "--policy", "site"])?;
        run.is(1, &["  who         /CN=\\u{1b}[2J\\u{a}Mapped\n"]);
        assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains("\nMapped"));
    }
    Ok(())
}

#[test]
fn a_library_that_is_none_and_a_wrong_option_are_no_refusals() -> Outcome {
    let command = |arguments: &[&str]| -> Outcome<Run> {
        Run::new(
            &Command::new(env!("CARGO_BIN_EXE_lcmaps"))
                .args(arguments)
                .output()?,
        )
    };
    let none = command(&["map", "--dn", "/CN=a", "--library", "/nonexistent.so"])?;
    none.is(2, &["cannot load the LCMAPS library /nonexistent.so"]);
    assert_eq!(
        command(&["map", "--dn", "/CN=a", "--no-such-option"])?.status,
        2
    );
    assert_eq!(command(&["map"])?.status, 2);
    assert_eq!(command(&[])?.status, 2);
    Ok(())
}
