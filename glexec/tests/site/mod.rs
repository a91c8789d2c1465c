//! A site of its own for each test: accounts, configuration, proxies and a set-uid gLExec, in a mount name space that ends with the call.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// Uid and gid of the pilot.
pub const PILOT: u32 = 53001;
/// Uid and gid of the account that Alice is mapped to.
pub const POOL: u32 = 53002;
/// A further group of that account.
pub const EXTRA: u32 = 65100;

const PASSWD: &str = "pilot:x:53001:53001::@HOME@/pilot:/bin/sh
pool001:x:53002:53002::@HOME@/pool001:/bin/sh
glexec:x:53009:53009::/:/usr/sbin/nologin
pilot007:x:53010:53001::/:/bin/sh
pilotx:x:53011:53001::/:/bin/sh
lowly:x:99:53002::/:/bin/sh
rooted:x:53012:0::/:/bin/sh
wheel:x:53013:53002::/:/bin/sh
homeless:x:53014:53002::/nowhere:/bin/sh
";
const GROUP: &str = "pilot:x:53001:
pool:x:53002:
tracking:x:65100:pool001
glexec:x:53009:
";
const POLICY: &str = "verify = \"lcmaps_verify_proxy.mod\"
local = \"lcmaps_localaccount.mod -gridmapfile /etc/grid-mapfile\"
enforce = \"lcmaps_posix_enf.mod\"
bad = \"lcmaps_dummy_bad.mod\"

glexec_get_account:
verify -> local

enforced:
verify -> local
local -> enforce

refusing:
verify -> bad
";
const ALICE: &str = "/C=NL/O=TestGrid/OU=Users/CN=Alice Tester";

/// The shared objects: built name, name at the site.
const LIBRARIES: [(&str, &str); 9] = [
    ("liblcmaps.so", "liblcmaps.so.0"),
    ("liblcmaps_certificates.so", "liblcmaps_certificates.so.0"),
    ("liblcas.so", "liblcas.so.0"),
    (
        "liblcmaps_verify_proxy.so",
        "lcmaps/lcmaps_verify_proxy.mod",
    ),
    (
        "liblcmaps_localaccount.so",
        "lcmaps/lcmaps_localaccount.mod",
    ),
    ("liblcmaps_posix_enf.so", "lcmaps/lcmaps_posix_enf.mod"),
    ("liblcmaps_dummy_bad.so", "lcmaps/lcmaps_dummy_bad.mod"),
    ("liblcas_userban.so", "lcas/lcas_userban.mod"),
    (
        "liblcas_check_executable.so",
        "lcas/lcas_check_executable.mod",
    ),
];

/// A site.
pub struct Site {
    place: TempDir,
    settings: Vec<(String, String)>,
    variables: Vec<(String, String)>,
    prelude: String,
    script: String,
    afterwards: String,
    caller: u32,
}

/// What came of a call.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code, 1000 + n for signal n.
    pub code: i32,
    /// Standard output of gLExec and its payload.
    pub out: String,
    /// Their standard error.
    pub error: String,
    /// gLExec's log.
    pub log: String,
}

impl Outcome {
    /// Fails the test unless gLExec ended with this code.
    #[track_caller]
    pub fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Fails the test unless gLExec ended with this code and told this on standard error.
    #[track_caller]
    pub fn fails(&self, code: i32, why: &str) -> &Self {
        assert!(
            self.code == code && self.error.contains(why),
            "{code} {why:?}: {self:#?}"
        );
        self
    }
}

/// Whether sites can be made. Says so when not.
fn possible() -> Option<&'static Path> {
    static PKI: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = PKI.get_or_init(|| {
        if !nix::unistd::geteuid().is_root() {
            eprintln!("skipped: a set-uid program needs root to be installed");
            return None;
        }
        let isolated = Command::new("unshare")
            .args(["-m", "setpriv", "--reuid=1", "true"])
            .status();
        if !isolated.is_ok_and(|status| status.success()) {
            eprintln!("skipped: no mount name spaces here");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/pki/mkpki.sh");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pki-glexec");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the old PKI");
        }
        let status = Command::new("bash")
            .arg(script)
            .arg(&folder)
            .arg("proxies")
            .output()
            .expect("bash");
        if status.status.code() == Some(3) {
            eprintln!("skipped: a program that makes the test PKI is not installed");
            return None;
        }
        assert!(status.status.success(), "mkpki.sh failed");
        copy_libraries();
        Some(folder)
    });
    made.as_deref()
}

/// The shared objects as root's, whoever built them and with whatever mask: gLExec loads no others.
fn libraries() -> &'static Path {
    Path::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/lib-glexec"))
}

fn copy_libraries() {
    let test = std::env::current_exe().expect("the path of this test");
    let built = test.parent().expect("a folder");
    fs::create_dir_all(libraries()).expect("a folder");
    for (file, _) in LIBRARIES {
        let to = libraries().join(file);
        let _ = fs::remove_file(&to);
        fs::copy(built.join(file), &to).expect("a library");
        mode(&to, 0o755);
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn mode(path: &Path, bits: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(bits)).expect("a mode");
}

impl Site {
    /// A site where the pilot may call and Alice is mapped to pool001; `None` where there can be none.
    pub fn new() -> Option<Self> {
        let pki = possible()?;
        let place = tempfile::Builder::new()
            .prefix("glexec-test.")
            .tempdir_in("/var/tmp")
            .expect("a folder");
        mode(place.path(), 0o755);
        let at = |name: &str| place.path().join(name);
        for folder in [
            "bin",
            "lib/lcmaps",
            "lib/lcas",
            "log",
            "tmp",
            "home/pilot",
            "home/pool001",
        ] {
            fs::create_dir_all(at(folder)).expect("a folder");
        }
        mode(&at("tmp"), 0o1777);
        for (home, uid) in [("home/pilot", PILOT), ("home/pool001", POOL)] {
            chown(at(home), Some(uid), Some(uid)).expect("an owner");
        }
        let copied = Command::new("cp")
            .arg("-a")
            .arg("/etc")
            .arg(at("etc"))
            .status();
        assert!(copied.is_ok_and(|status| status.success()));
        let home = at("home").display().to_string();
        for (name, lines) in [("etc/passwd", PASSWD), ("etc/group", GROUP)] {
            let known = fs::read_to_string(at(name)).expect("accounts");
            fs::write(at(name), known + &lines.replace("@HOME@", &home)).expect("accounts");
        }
        let certificates = Command::new("cp")
            .arg("-r")
            .arg(pki.join("certificates"))
            .arg(at("certificates"))
            .status();
        assert!(certificates.is_ok_and(|status| status.success()));
        let open = Command::new("chmod")
            .args(["-R", "a+rX"])
            .arg(at("certificates"))
            .status();
        assert!(open.is_ok_and(|status| status.success()));
        for (_, name) in LIBRARIES {
            fs::write(at("lib").join(name), "").expect("a place for a library");
        }
        fs::copy(env!("CARGO_BIN_EXE_glexec"), at("bin/glexec")).expect("the program");
        mode(&at("bin/glexec"), 0o4755);
        let site = Self {
            settings: [
                ("log_destination", "file"),
                ("log_file", &at("log/glexec_log").display().to_string()),
                (
                    "lcmaps_log_file",
                    &at("log/libraries").display().to_string(),
                ),
                ("lcas_log_file", &at("log/libraries").display().to_string()),
                ("log_level", "5"),
                ("user_white_list", "pilot"),
                ("use_lcas", "no"),
                ("lcmaps_libdir", &at("lib").display().to_string()),
                ("lcas_libdir", &at("lib").display().to_string()),
                ("lcmaps_db_file", "/etc/lcmaps.db"),
                ("lcas_db_file", "/etc/lcas.db"),
                ("lcmaps_get_account_policy", "glexec_get_account"),
                ("lcmaps_verify_account_policy", "glexec_get_account"),
                ("certdir", &at("certificates").display().to_string()),
                ("termination_grace", "1"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec(),
            variables: vec![(
                "GLEXEC_CLIENT_CERT".into(),
                at("home/pilot/proxy").display().to_string(),
            )],
            prelude: String::new(),
            script: "exec $GLEXEC \"$@\"".into(),
            afterwards: String::new(),
            caller: PILOT,
            place,
        };
        site.write("etc/lcmaps.db", POLICY);
        site.write("etc/grid-mapfile", &format!("\"{ALICE}\" pool001\n"));
        site.proxy("alice-rfc", "proxy");
        Some(site)
    }

    /// A path of the site, as it is outside of a call and in it (`etc` is /etc in a call, `tmp` is /tmp).
    pub fn at(&self, name: &str) -> String {
        self.place.path().join(name).display().to_string()
    }

    /// Writes a file of root's.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).expect("a file");
    }

    /// Puts a proxy of the test PKI into the pilot's home.
    pub fn proxy(&self, proxy: &str, name: &str) {
        let pki = possible().expect("a PKI");
        let to = self.place.path().join("home/pilot").join(name);
        fs::copy(pki.join("proxies").join(format!("{proxy}.pem")), &to).expect("a proxy");
        chown(&to, Some(PILOT), Some(PILOT)).expect("an owner");
        mode(&to, 0o600);
    }

    /// Maps Alice to another account.
    pub fn map_to(&self, account: &str) {
        self.write("etc/grid-mapfile", &format!("\"{ALICE}\" {account}\n"));
    }

    /// Sets a key of the configuration.
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Self {
        self.change(key, value);
        self
    }

    /// The same for a site that is used again.
    pub fn change(&mut self, key: &str, value: &str) {
        self.settings.retain(|(have, _)| have != key);
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    /// Sets a variable of the caller.
    #[must_use]
    pub fn var(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(have, _)| have != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a variable away from the caller.
    #[must_use]
    pub fn unset(mut self, name: &str) -> Self {
        self.variables.retain(|(have, _)| have != name);
        self
    }

    /// What root does in the name space before the call.
    #[must_use]
    pub fn before(mut self, script: &str) -> Self {
        self.prelude = script.replace("@", self.at("").trim_end_matches('/'));
        self
    }

    /// What root does in the name space afterwards; its output is the call's as well.
    #[must_use]
    pub fn after(mut self, script: &str) -> Self {
        self.afterwards = script.replace("@", self.at("").trim_end_matches('/'));
        self
    }

    /// How the caller calls, in bash: `$GLEXEC` is the program, in whose place the shell goes (put it in brackets to go on), `"$@"`
    /// the command.
    #[must_use]
    pub fn calls(mut self, script: &str) -> Self {
        self.script = script.to_owned();
        self
    }

    /// Who calls.
    #[must_use]
    pub fn called_by(mut self, uid: u32) -> Self {
        self.caller = uid;
        self
    }

    /// Calls gLExec with this command.
    pub fn run(&self, command: &[&str]) -> Outcome {
        let configuration = self
            .settings
            .iter()
            .map(|(key, value)| format!("{key} = {value}\n"));
        self.write(
            "etc/glexec.conf",
            &format!("[glexec]\n{}", configuration.collect::<String>()),
        );
        mode(Path::new(&self.at("etc/glexec.conf")), 0o644);
        self.call(command)
    }

    /// The same with whatever configuration there is.
    pub fn call(&self, command: &[&str]) -> Outcome {
        let _ = fs::remove_file(self.at("log/glexec_log"));
        let root = self.at("");
        let root = root.trim_end_matches('/');
        let mut script = String::from("set -e\n");
        for (file, name) in LIBRARIES {
            let file = libraries().join(file);
            script += &format!("mount --bind {} {root}/lib/{name}\n", file.display());
        }
        script += &format!(
            "mount --bind {root}/etc /etc\nmount --bind {root}/tmp /tmp\n{}\n",
            self.prelude
        );
        let variables: String = self
            .variables
            .iter()
            .map(|(name, value)| quoted(&format!("{name}={value}")) + " ")
            .collect();
        let who = match self.caller {
            0 => String::new(),
            uid => format!("setpriv --reuid={uid} --regid={PILOT} --clear-groups"),
        };
        // A function keeps the words of the command apart, which a variable would not.
        let call = self
            .script
            .replace("exec $GLEXEC", "glexec")
            .replace("$GLEXEC", "glexec");
        let call =
            format!("glexec() {{ exec env -i {variables} {root}/bin/glexec \"$@\"; }}\n{call}");
        script += &format!(
            "cd {root}/home/pilot\nset +e\n{who} timeout -k 5 40 bash -c {} call \"$@\"\ncode=$?\n{}\nexit $code\n",
            quoted(&call),
            self.afterwards
        );
        let output = Command::new("unshare")
            .args(["-m", "bash", "-c", &script, "site"])
            .args(command)
            .output()
            .expect("unshare");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Outcome {
            code: output
                .status
                .code()
                .unwrap_or_else(|| 1000 + output.status.signal().unwrap_or(0)),
            out: text(&output.stdout),
            error: text(&output.stderr),
            log: fs::read(self.at("log/glexec_log"))
                .map(|log| text(&log))
                .unwrap_or_default(),
        }
    }
}
