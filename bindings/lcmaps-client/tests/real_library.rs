//! The SDK against real LCMAPS libraries: the one of this workspace, and the original where it is installed.
//!
//! LCMAPS is configured by the environment and owns its process, so each test runs in a child of the test program.

use std::env;
use std::error::Error as StdError;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use lcmaps_client::{
    Account, Credential, Error, Gid, Library, LogSink, LogStream, PemText, Request, Settings, Uid,
};

type Outcome = Result<(), Box<dyn StdError>>;

/// A library and the directory of the modules that belong to it.
struct Candidate {
    library: PathBuf,
    modules: PathBuf,
    is_ours: bool,
}

fn candidates() -> Result<Vec<Candidate>, io::Error> {
    let built = env::current_exe()?
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default();
    let original = format!("/usr/lib/{}-linux-gnu/liblcmaps.so.0", env::consts::ARCH);
    let ours = Candidate {
        library: built.join("liblcmaps.so"),
        modules: built,
        is_ours: true,
    };
    let original = Candidate {
        library: original.into(),
        modules: "/usr/lib/lcmaps".into(),
        is_ours: false,
    };
    let has_dummy = |c: &Candidate| c.modules.join("liblcmaps_dummy_good.so").exists();
    let is_complete = |c: &Candidate| c.library.exists() && has_dummy(c);
    assert!(
        is_complete(&ours),
        "{} is not built",
        ours.library.display()
    );
    Ok([ours, original].into_iter().filter(is_complete).collect())
}

/// Runs `body` once for each library, in a child process that is configured with `policy`.
fn for_each_library(test: &str, policy: &str, body: impl Fn(&Library, bool) -> Outcome) -> Outcome {
    const LIBRARY: &str = "LCMAPS_CLIENT_TEST_LIBRARY";
    const OURS: &str = "LCMAPS_CLIENT_TEST_OURS";
    if let Some(library) = env::var_os(LIBRARY) {
        return body(&Library::open_at(library)?, env::var_os(OURS).is_some());
    }
    let scratch = tempfile::tempdir()?;
    let db = scratch.path().join("lcmaps.db");
    fs::write(&db, policy)?;
    for candidate in candidates()? {
        let settings = Settings {
            db_file: Some(db.clone()),
            modules_dir: Some(candidate.modules),
            ..Settings::default()
        };
        let mut child = Command::new(env::current_exe()?);
        child.args([test, "--exact", "--nocapture"]);
        child
            .env(LIBRARY, &candidate.library)
            .envs(settings.variables()?)
            .stdin(Stdio::null());
        if candidate.is_ours {
            child.env(OURS, "1");
        }
        let output = child.output()?;
        assert!(
            output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"),
            "with {}: {}\n{}{}",
            candidate.library.display(),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
    Ok(())
}

/// A log that the test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const DN: Credential<'static> = Credential::Dn("/C=NL/O=Test/CN=Somebody");

/// One policy that maps everybody, one that maps nobody. (Every rule needs a right side.)
const POLICY: &str = r#"
good = "liblcmaps_dummy_good.so --dummy-uid 4321 --dummy-gid 8765 --dummy-sec-gid 99"
bad = "liblcmaps_dummy_bad.so"
everybody:
~good -> bad
nobody:
bad -> good
"#;

fn mapped() -> Account {
    Account {
        uid: Uid(4321),
        primary_gids: vec![Gid(8765)],
        secondary_gids: vec![Gid(99)],
        pool_index: Some("dummy%204321%208765".to_owned()),
    }
}

#[test]
fn a_dn_and_its_attributes_map_to_the_account_that_the_modules_say() -> Outcome {
    let name = "a_dn_and_its_attributes_map_to_the_account_that_the_modules_say";
    for_each_library(name, POLICY, |library, _| {
        let mut session = library.start(LogSink::Silent)?;
        assert_eq!(session.map(&DN, &Request::default())?, mapped());
        let fqans = Credential::Fqans {
            dn: "/CN=a",
            fqans: &["/vo/Role=x", "/vo"],
        };
        let counted = Request {
            map_counter: Some(1),
            policies: &["everybody"],
            job: Some("&(a=b)"),
        };
        assert_eq!(session.map(&fqans, &counted)?, mapped());
        Ok(())
    })
}

#[test]
fn a_refusal_is_told_apart_and_the_session_goes_on() -> Outcome {
    let name = "a_refusal_is_told_apart_and_the_session_goes_on";
    for_each_library(name, POLICY, |library, _| {
        let mut session = library.start(LogSink::Silent)?;
        for _ in 0..3 {
            let nobody = Request {
                policies: &["nobody"],
                ..Request::default()
            };
            assert!(matches!(session.map(&DN, &nobody), Err(Error::Refused)));
            let unknown = Request {
                policies: &["no_such_policy"],
                ..Request::default()
            };
            assert!(matches!(session.map(&DN, &unknown), Err(Error::Refused)));
            assert_eq!(session.map(&DN, &Request::default())?, mapped());
        }
        Ok(())
    })
}

#[test]
fn a_certificate_maps_by_its_own_name_and_its_pool_index_is_freed_once() -> Outcome {
    let name = "a_certificate_maps_by_its_own_name_and_its_pool_index_is_freed_once";
    for_each_library(name, POLICY, |library, is_ours| {
        let scratch = tempfile::tempdir()?;
        let pem = scratch.path().join("user.pem");
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            ])
            .args([
                "-subj",
                "/C=NL/O=Test/CN=Holder",
                "-addext",
                "basicConstraints=CA:FALSE",
            ])
            .arg("-keyout")
            .arg(&pem)
            .arg("-out")
            .arg(scratch.path().join("cert.pem"))
            .output()?;
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut text = fs::read(scratch.path().join("cert.pem"))?;
        text.extend(fs::read(&pem)?);
        fs::write(&pem, text)?;
        let pem = PemText::read(&pem)?;

        let mut session = library.start(LogSink::Silent)?;
        for _ in 0..20 {
            assert_eq!(
                session.map(&Credential::Pem(&pem), &Request::default())?,
                mapped()
            );
        }
        if is_ours {
            let report = session.report()?.ok_or("our library gives a report")?;
            assert_eq!(report.dn.as_deref(), Some("/C=NL/O=Test/CN=Holder"));
        }
        // dummy_good finds no account in verification mode, whatever is asked.
        assert!(matches!(
            session.verify(&pem, &mapped(), &Request::default()),
            Err(Error::Refused)
        ));
        let garbage = PemText::from_bytes(b"-----BEGIN CERTIFICATE-----\n!\n".to_vec())?;
        let refused = session.map(&Credential::Pem(&garbage), &Request::default());
        assert!(matches!(refused, Err(Error::Refused)));
        Ok(())
    })
}

#[test]
fn the_name_of_the_account_comes_as_an_owned_text() -> Outcome {
    let policy = POLICY.replace("4321", "0");
    for_each_library(
        "the_name_of_the_account_comes_as_an_owned_text",
        &policy,
        |library, _| {
            let mut session = library.start(LogSink::Silent)?;
            assert_eq!(
                session.map_to_username("/CN=a", &Request::default())?,
                "root"
            );
            let counted = Request {
                map_counter: Some(1),
                ..Request::default()
            };
            assert!(matches!(
                session.map_to_username("/CN=a", &counted),
                Err(Error::NotOffered { .. })
            ));
            Ok(())
        },
    )
}

#[test]
fn a_policy_file_that_does_not_parse_fails_the_start_and_the_log_names_it() -> Outcome {
    let name = "a_policy_file_that_does_not_parse_fails_the_start_and_the_log_names_it";
    for_each_library(name, "this is no policy\n", |library, _| {
        let log = Log::default();
        let started = library.start(LogSink::Stream(LogStream::new(log.clone())?));
        assert!(matches!(started, Err(Error::Start)));
        assert!(log.text().contains("lcmaps.db:1"), "{}", log.text());
        Ok(())
    })
}

#[test]
fn one_session_lives_at_a_time_and_the_next_one_can_use_the_same_stream() -> Outcome {
    let name = "one_session_lives_at_a_time_and_the_next_one_can_use_the_same_stream";
    for_each_library(name, POLICY, |library, _| {
        let log = Log::default();
        let stream = LogStream::new(log.clone())?;
        for round in 1..=3 {
            let mut session = library.start(LogSink::Stream(stream))?;
            assert!(matches!(
                library.start(LogSink::Syslog),
                Err(Error::AlreadyStarted)
            ));
            assert_eq!(session.map(&DN, &Request::default())?, mapped());
            drop(session);
            let lines = log.text().matches("LCMAPS CRED FINAL").count();
            assert!(lines >= round, "round {round}: {}", log.text());
        }
        Ok(())
    })
}

#[test]
fn a_report_is_given_by_our_library_and_by_no_other() -> Outcome {
    let name = "a_report_is_given_by_our_library_and_by_no_other";
    for_each_library(name, POLICY, |library, is_ours| {
        let mut session = library.start(LogSink::Silent)?;
        assert_eq!(session.map(&DN, &Request::default())?, mapped());
        assert_eq!(library.has_reports(), is_ours);
        let report = session.report()?;
        assert_eq!(report.is_some(), is_ours);
        let Some(report) = report else { return Ok(()) };
        let policy = report.deciding_policy().ok_or("a policy decided")?;
        assert_eq!(policy.name, "everybody");
        assert_eq!(policy.steps.len(), 1);
        assert_eq!(report.account.uids, [4321]);
        Ok(())
    })
}

#[test]
fn the_version_is_that_of_the_interface() -> Outcome {
    for_each_library(
        "the_version_is_that_of_the_interface",
        POLICY,
        |library, _| {
            let version = library.version().ok_or("1.6.6 has version functions")?;
            assert_eq!(version.to_string(), "1.6.6");
            Ok(())
        },
    )
}

#[test]
fn a_file_that_is_no_lcmaps_library_is_named_in_the_error() {
    let missing = Library::open_at("/nonexistent/liblcmaps.so.0").map_err(|e| e.to_string());
    assert!(
        missing.is_err_and(
            |e| e.contains("cannot load the LCMAPS library /nonexistent/liblcmaps.so.0")
        )
    );
    let other = Library::open_at("libc.so.6").map_err(|e| e.to_string());
    assert!(other.is_err_and(
        |e| e == "libc.so.6 is no LCMAPS library: it has no function lcmaps_init_and_logfile"
    ));
}
