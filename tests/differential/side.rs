//! The two libraries, each driven in a process of its own by the driver of the conformance cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use support::{
    Headers, TempDir, compile, modules_dir, original_library, original_modules_dir,
    our_library_dir, run, scratch,
};

/// A library with modules.
#[derive(Debug, Clone)]
pub struct Side {
    /// Name for messages.
    pub name: &'static str,
    /// The library.
    pub library: PathBuf,
    /// Its modules.
    pub modules: PathBuf,
}

/// What a host of the library sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Lines of the driver: `init=`, `rc=`, results.
    pub results: Vec<String>,
    /// Calls that the recording modules got.
    pub calls: String,
}

/// The original and the combinations that have to agree with it; `None` without the original.
pub fn sides() -> Option<(Side, Vec<Side>)> {
    let (library, modules) = (original_library()?, original_modules_dir()?);
    let original = Side {
        name: "original",
        library,
        modules: modules.clone(),
    };
    let library = our_library_dir().join("liblcmaps.so.0");
    let ours = [
        ("ours with the original's modules", modules),
        ("ours", modules_dir().to_owned()),
    ];
    let ours = ours.map(|(name, modules)| Side {
        name,
        library: library.clone(),
        modules,
    });
    Some((original, ours.into()))
}

struct Tools {
    directory: TempDir,
    driver: PathBuf,
}

/// The driver and the recording modules tp1.mod to tp5.mod.
fn tools() -> &'static Tools {
    static TOOLS: OnceLock<Tools> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let directory = scratch();
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/lcmaps");
        let driver = compile(
            directory.path(),
            "driver",
            &cases.join("driver.c"),
            Headers::None,
            &["-w"],
        );
        for number in 1..=5 {
            let name = format!("-DNAME=\"tp{number}\"");
            let file = format!("tp{number}.mod");
            let flags = ["-shared", "-fPIC", "-w", &name];
            let _ = compile(
                directory.path(),
                &file,
                &cases.join("plugins/tp.c"),
                Headers::None,
                &flags,
            );
        }
        Tools { directory, driver }
    })
}

/// The directory with the recording modules.
pub fn recorders() -> &'static Path {
    tools().directory.path()
}

impl Side {
    /// Runs the driver in `directory`, which has a policy file; `None` if the library hangs or crashes.
    ///
    /// In the directory, `standard` leads to the side's modules, so that all sides can have one policy.
    pub fn drive(&self, directory: &Path, arguments: &[&str]) -> Option<Seen> {
        let modules = directory.join("standard");
        // Absent at the first side.
        let _ = fs::remove_file(&modules);
        std::os::unix::fs::symlink(&self.modules, &modules).expect("a link to the modules");
        let record = directory.join("record");
        fs::write(&record, "").expect("an empty record");
        let mut command = Command::new("timeout");
        command
            .arg("5")
            .arg(&tools().driver)
            .arg("--lib")
            .arg(&self.library);
        command
            .arg("--log")
            .arg(directory.join(format!("log-{}", self.name)))
            .args(arguments);
        command.current_dir(directory).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("LCMAPS_DB_FILE", directory.join("lcmaps.db"))
            .env("TP_OUT", &record);
        let done = run(&mut command);
        // timeout(1) ends with 124 for a hang, and by the signal of the driver for a crash.
        if done.status.code().is_none_or(|code| code >= 124) {
            return None;
        }
        let results: Vec<_> = done
            .stdout
            .lines()
            .filter(|line| line.contains('='))
            .map(ToOwned::to_owned)
            .collect();
        // How many modules were initialised before a problem was found is nobody's business.
        let calls = if results.first().is_some_and(|line| line == "init=0") {
            fs::read_to_string(&record).expect("the record")
        } else {
            String::new()
        };
        Some(Seen { results, calls })
    }
}
