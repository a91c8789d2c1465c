//! A process that runs a policy as root and then tells who it is.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use lcmaps_client::{Account, Credential, Gid, Library, LogSink, LogStream, PemText, Request, Uid};
use lcmaps_module_test::{TESTER_DN, TESTER_PEM, module_file};
use nix::unistd::setresuid;

/// Says to a process of this test executable that it is the one to be switched.
const LIBRARY: &str = "POSIX_ENF_TEST_LIBRARY";
/// What it does before: the real uid that it takes.
const REAL_UID: &str = "POSIX_ENF_TEST_REAL_UID";
/// Set to verify this uid instead of mapping.
const VERIFY: &str = "POSIX_ENF_TEST_VERIFY";

/// A run in a process of its own.
#[derive(Debug, Default)]
pub struct Case<'a> {
    /// The words of the `dummy_good` modules in front, one module each.
    pub mapping: &'a [&'a str],
    /// The words of `posix_enf`.
    pub words: &'a str,
    /// The real uid of the process; its effective and saved one are root's.
    pub real_uid: Option<u32>,
    /// The uid to verify, for a user whom the policy maps to daemon; `None` is a mapping.
    pub verify: Option<u32>,
    /// In front of the process, `unshare` for example.
    pub wrapper: &'a [&'a str],
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Whether LCMAPS said yes.
    pub mapped: bool,
    /// The lines on uids, gids and groups of each thread, sorted, each once.
    pub ids: Vec<String>,
    /// Whether the process could become root afterwards.
    pub regained: bool,
    /// Everything written, the log of LCMAPS among it.
    pub log: String,
}

/// Root switches; the others have nothing to test. Says so.
pub fn is_root() -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        eprintln!("skipped: only root can change its ids");
    }
    root
}

impl Case<'_> {
    /// Runs the case with this library and this module, in the process of test `child`.
    pub fn run(&self, library: &Path, module: &Path) -> Outcome {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let (good, bad) = (
            module_file("lcmaps_dummy_good"),
            module_file("lcmaps_dummy_bad"),
        );
        let mut db = format!(
            "enf = \"{} {}\"\nbad = \"{}\"\n",
            module.display(),
            self.words,
            bad.display()
        );
        let mut front: Vec<String> = self
            .mapping
            .iter()
            .map(|words| format!("{} {words}", good.display()))
            .collect();
        if self.verify.is_some() {
            // The one module here that has something to say in a verification.
            let map = scratch.path().join("map");
            fs::write(&map, format!("\"{TESTER_DN}\" daemon\n")).expect("a map file");
            let module = module_file("lcmaps_localaccount");
            front = vec![format!(
                "{} -gridmapfile {}",
                module.display(),
                map.display()
            )];
        }
        for (at, words) in front.iter().enumerate() {
            db += &format!("m{at} = \"{words}\"\n");
        }
        db += "p:\n";
        for at in 0..front.len() {
            let next = match at + 1 {
                next if next < front.len() => format!("m{next}"),
                _ => "enf".to_owned(),
            };
            db += &format!("m{at} -> {next} | bad\n");
        }
        let path = scratch.path().join("lcmaps.db");
        fs::write(&path, db).expect("a policy file");
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755))
            .expect("a scratch directory for all");
        let test = env::current_exe().expect("the path of this test");
        let mut words: Vec<&str> = self.wrapper.to_vec();
        let test = test.display().to_string();
        words.push(&test);
        let mut child = Command::new(words[0]);
        child
            .args(&words[1..])
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(LIBRARY, library)
            .env("LCMAPS_DB_FILE", &path)
            .env("LCMAPS_DEBUG_LEVEL", "5");
        if let Some(uid) = self.real_uid {
            child.env(REAL_UID, uid.to_string());
        }
        if let Some(uid) = self.verify {
            child.env(VERIFY, uid.to_string());
        }
        let output = child.output().expect("the child starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let log = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
        let told = |what: &str| -> Vec<String> {
            said.lines()
                .filter_map(|line| line.strip_prefix(what))
                .map(str::to_owned)
                .collect()
        };
        let told_one = |what: &str| {
            let mut lines = told(what);
            assert_eq!(lines.len(), 1, "{what} in\n{log}");
            lines.remove(0) == "true"
        };
        let mut ids = told("TELL ids ");
        ids.sort();
        ids.dedup();
        Outcome {
            mapped: told_one("TELL mapped "),
            ids,
            regained: told_one("TELL regained "),
            log: log.clone(),
        }
    }
}

/// The process that is switched.
pub fn child() {
    let Some(library) = env::var_os(LIBRARY) else {
        return;
    };
    println!();
    let number = |name| {
        env::var(name)
            .ok()
            .and_then(|text| text.parse::<u32>().ok())
    };
    // A thread that does nothing has to change as well.
    std::thread::spawn(std::thread::park);
    if let Some(uid) = number(REAL_UID) {
        let root = nix::unistd::Uid::from_raw(0);
        setresuid(nix::unistd::Uid::from_raw(uid), root, root).expect("root may do this");
    }
    let log = LogStream::new(std::io::stderr()).expect("a stream");
    let library = Library::open_at(library).expect("LCMAPS");
    let mut session = library.start(LogSink::Stream(log)).expect("a session");
    let mapped = match number(VERIFY) {
        None => session
            .map(&Credential::Dn("/CN=a"), &Request::default())
            .is_ok(),
        Some(uid) => {
            let pem = PemText::from_bytes(TESTER_PEM.into()).expect("a certificate");
            let account = Account {
                uid: Uid(uid),
                primary_gids: vec![Gid(uid)],
                secondary_gids: Vec::new(),
                pool_index: None,
            };
            session.verify(&pem, &account, &Request::default()).is_ok()
        }
    };
    println!("TELL mapped {mapped}");
    for thread in fs::read_dir("/proc/self/task").expect("threads") {
        let status = thread.expect("a thread").path().join("status");
        let status = fs::read_to_string(status).expect("the status of a thread");
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let mut words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
            words.dedup();
            words.join(" ")
        };
        println!(
            "TELL ids uid {} gid {} groups {}",
            line("Uid:"),
            line("Gid:"),
            line("Groups:")
        );
    }
    let (root, same) = (
        nix::unistd::Uid::from_raw(0),
        nix::unistd::Uid::from_raw(u32::MAX),
    );
    println!("TELL regained {}", setresuid(same, root, same).is_ok());
    drop(session);
}
