//! A site: accounts, a grid-mapfile, a gridmapdir.
// Each test file uses its own part of this.
#![allow(dead_code)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use lcmaps_module_test::recording::{Arguments, Instance, LoadedModule, Mapping, RecordingHost};
use lcmaps_module_test::{module_file, with_accounts};
use tempfile::TempDir;

/// pool001 to pool050 have the uids 5001 to 5050, all in group 6000.
pub fn passwd() -> String {
    let mut lines = "root:x:0:0::/root:/bin/sh\ntoor01:x:0:0::/root:/bin/sh\n".to_owned();
    lines.push_str("other001:x:5101:6001::/:/bin/sh\npoolx:x:5102:6000::/:/bin/sh\npoolside01:x:5103:6000::/:/bin/sh\n");
    lines.extend(
        (1..=50).map(|number| format!("pool{number:03}:x:{}:6000::/:/bin/sh\n", 5000 + number)),
    );
    lines
}

/// The groups of [`passwd`].
pub const GROUP: &str = "root:x:0:\npool:x:6000:\nother:x:6001:\nextra:x:6002:pool001\n";

/// The words of a configuration.
pub type Config = Vec<String>;

/// A grid-mapfile and a gridmapdir in a scratch folder.
pub struct Site {
    _scratch: TempDir,
    pub file: PathBuf,
    pub folder: PathBuf,
}

/// What came of one call.
pub struct Outcome {
    pub code: i32,
    pub mapping: Mapping,
    pub log: String,
    file: String,
    folder: String,
}

/// Runs a test with a site and its accounts.
pub fn with_site(map: &str, accounts: &[&str], test: impl FnOnce(&Site)) {
    with_accounts(&passwd(), GROUP, || test(&Site::new(map, accounts)));
}

impl Site {
    pub fn new(map: &str, accounts: &[&str]) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755))
            .expect("a folder of ours");
        let (file, folder) = (
            scratch.path().join("grid-mapfile"),
            scratch.path().join("gridmapdir"),
        );
        fs::write(&file, map).expect("a grid-mapfile");
        fs::create_dir(&folder).expect("a gridmapdir");
        for account in accounts {
            fs::write(folder.join(account), "").expect("an entry");
        }
        Self {
            _scratch: scratch,
            file,
            folder,
        }
    }

    /// The options that name this site.
    pub fn words(&self) -> Config {
        let (file, folder) = (
            self.file.display().to_string(),
            self.folder.display().to_string(),
        );
        ["-gridmapfile", &file, "-gridmapdir", &folder]
            .map(String::from)
            .to_vec()
    }

    /// Makes a lease by hand.
    pub fn link(&self, account: &str, lease: &str) {
        fs::hard_link(self.folder.join(account), self.folder.join(lease)).expect("a lease");
    }

    /// The account of a lease.
    pub fn lease(&self, lease: &str) -> Option<String> {
        let inode = |path: &Path| fs::metadata(path).map(|data| data.ino()).ok();
        let wanted = inode(&self.folder.join(lease))?;
        self.names()
            .into_iter()
            .find(|name| name != lease && inode(&self.folder.join(name)) == Some(wanted))
    }

    /// All names in the gridmapdir, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).expect("the gridmapdir");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    pub fn run(&self, arguments: &Arguments) -> Outcome {
        self.run_with(&[], arguments)
    }

    pub fn run_with(&self, words: &[&str], arguments: &Arguments) -> Outcome {
        self.with(words, |module, instance| module.run(instance, arguments))
    }

    pub fn verify(&self, arguments: &Arguments) -> Outcome {
        self.verify_with(&[], arguments)
    }

    pub fn verify_with(&self, words: &[&str], arguments: &Arguments) -> Outcome {
        self.with(words, |module, instance| module.verify(instance, arguments))
    }

    fn with(&self, words: &[&str], call: impl FnOnce(&LoadedModule, Instance) -> i32) -> Outcome {
        let own = self.words();
        let words: Vec<&str> = own
            .iter()
            .map(String::as_str)
            .chain(words.iter().copied())
            .collect();
        self.call(&words, call)
    }

    /// Calls the module with these words alone.
    pub fn call(
        &self,
        words: &[&str],
        call: impl FnOnce(&LoadedModule, Instance) -> i32,
    ) -> Outcome {
        self.call_module(&module_file("lcmaps_poolaccount"), words, call)
    }

    /// Calls some module with these words alone.
    pub fn call_module(
        &self,
        module: &Path,
        words: &[&str],
        call: impl FnOnce(&LoadedModule, Instance) -> i32,
    ) -> Outcome {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, module);
        let instance = module.start(words);
        let code = call(&module, instance);
        assert_eq!(module.terminate(), 0);
        let (file, folder) = (
            self.file.display().to_string(),
            self.folder.display().to_string(),
        );
        Outcome {
            code,
            mapping: host.mapping(),
            log: host.log(),
            file,
            folder,
        }
    }
}

impl Outcome {
    /// The text with the paths of the site.
    pub fn fill(&self, text: &str) -> String {
        text.replace("@FILE@", &self.file)
            .replace("@DIR@", &self.folder)
    }

    /// Fails the test when this line is not in the log.
    pub fn says(&self, line: &str) {
        let line = self.fill(line);
        assert!(
            self.log.contains(&format!("{line}\n")),
            "no line\n  {line}\nin\n{}",
            self.log
        );
    }
}

/// The log of a start that these words prevent.
pub fn refusal_of(words: &[&str]) -> String {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_poolaccount"));
    assert_eq!(module.initialize(words), 1, "{words:?} are accepted");
    assert_eq!(module.terminate(), 0);
    host.log()
}

/// The uids that the second and then the first of two instances map to.
pub fn run_two(first: &Config, second: &Config, arguments: &Arguments) -> Vec<u32> {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcmaps_poolaccount"));
    let start =
        |words: &Config| module.start(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let (first, second) = (start(first), start(second));
    assert_eq!(
        (module.run(second, arguments), module.run(first, arguments)),
        (0, 0),
        "{}",
        host.log()
    );
    assert_eq!((module.terminate(), module.terminate()), (0, 0));
    host.mapping().uids
}
