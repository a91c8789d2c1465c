//! The SDK against real libraries: the one of this workspace, and the original where it is installed.
//!
//! LCAS belongs to its process, so each test runs in a child of the test program.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use lcas_client::{Decision, Error, Library, LogSink, LogStream, PemText, Settings, answers};
use lcas_module_test::real::libraries;
use lcas_module_test::{TESTER_DN, TESTER_PEM, module_file};

const CHILD: &str = "LCAS_CLIENT_TEST_LIBRARY";

/// Runs `body` once for each library, in a child process with a database that bans some DNs.
fn for_each_library(test: &str, banned: &str, body: impl Fn(&Library)) {
    if let Some(library) = env::var_os(CHILD) {
        return body(&Library::open_at(library).expect("a library"));
    }
    for library in libraries() {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let list = scratch.path().join("ban.db");
        fs::write(&list, format!("\"{banned}\"\n")).expect("a list");
        let module = module_file("lcas_userban");
        let database = format!(
            "pluginname={}, pluginargs={}\n",
            module.display(),
            list.display()
        );
        let file = scratch.path().join("lcas.db");
        fs::write(&file, database).expect("a database");
        let settings = Settings {
            db_file: Some(file),
            debug_level: Some(1),
            ..Settings::default()
        };
        let output = Command::new(env::current_exe().expect("the path of this test"))
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .envs(settings.variables().expect("settings"))
            .env(CHILD, &library)
            .output()
            .expect("the child starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", library.display());
    }
}

fn tester() -> PemText {
    PemText::from_bytes(TESTER_PEM.as_bytes().to_vec()).expect("PEM text")
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_user_who_is_not_banned_is_granted_and_the_log_says_by_whom() {
    let name = "a_user_who_is_not_banned_is_granted_and_the_log_says_by_whom";
    for_each_library(name, "/CN=somebody else", |library| {
        let log = Log::default();
        let stream = LogStream::new(log.clone()).expect("a stream");
        let session = library.start(LogSink::Stream(stream)).expect("a session");
        let decision = session.decide(&tester(), Some("&(executable=x)"));
        assert_eq!(decision.expect("an answer"), Decision::Granted);
        let answers = answers::read(&log.text());
        assert_eq!(answers.len(), 1, "{}", log.text());
        assert!(
            answers[0].granted && !answers[0].reasons.is_empty(),
            "{answers:?}"
        );
        session.end().expect("it ends");
    });
}

#[test]
fn a_banned_user_is_refused_and_there_is_one_session_at_a_time() {
    let name = "a_banned_user_is_refused_and_there_is_one_session_at_a_time";
    for_each_library(name, TESTER_DN, |library| {
        let session = library.start(LogSink::Silent).expect("a session");
        let again = library.start(LogSink::Silent);
        assert!(matches!(again, Err(Error::AlreadyStarted)));
        let decision = session.decide(&tester(), None);
        assert_eq!(decision.expect("an answer"), Decision::Refused);
        let request = session.decide(&tester(), Some("a\0b"));
        assert!(matches!(request, Err(Error::NulByte { .. })));
        drop(session);
        library
            .start(LogSink::Silent)
            .expect("a session")
            .end()
            .expect("it ends");
    });
}

#[test]
fn nobody_can_be_asked_about_and_that_is_no_yes() {
    for_each_library(
        "nobody_can_be_asked_about_and_that_is_no_yes",
        "/CN=x",
        |library| {
            let session = library.start(LogSink::Silent).expect("a session");
            // SAFETY: NULL is allowed.
            let decision = unsafe { session.decide_gss(std::ptr::null_mut(), None) };
            assert_eq!(decision.expect("an answer"), Decision::NotEvaluated);
        },
    );
}

#[test]
fn what_is_no_lcas_is_said() {
    let missing = Library::open_at("/no/such/liblcas.so.0")
        .unwrap_err()
        .to_string();
    assert!(
        missing.starts_with("cannot load /no/such/liblcas.so.0: "),
        "{missing}"
    );
    let other = Library::open_at("libc.so.6").unwrap_err().to_string();
    assert_eq!(
        other,
        "libc.so.6 is no LCAS library: it has no function lcas_init_and_logfile"
    );
}
