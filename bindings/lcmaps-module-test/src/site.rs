//! A site: a map file, the directory of its pools, and the module that reads both.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::module_file;
use crate::recording::{Arguments, Instance, LoadedModule, Mapping, RecordingHost};

/// The options by which a module is told where its files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `-gridmapfile` and `-gridmapdir`, which name `grid-mapfile` and `gridmapdir`.
    Accounts,
    /// `-groupmapfile` and `-groupmapdir`, which name `groupmapfile` and `groupmapdir`.
    Groups,
}

/// A map file, and perhaps the directory of its pools, in a scratch folder that everybody can enter,
/// for one module.
#[derive(Debug)]
pub struct Site {
    _scratch: TempDir,
    /// The map file.
    pub file: PathBuf,
    /// The directory of pools.
    pub folder: PathBuf,
    kind: Kind,
    has_pool: bool,
    module: PathBuf,
    registered: [Vec<u32>; 2],
}

/// What came of one call.
#[derive(Debug)]
pub struct Outcome {
    /// What the module returned.
    pub code: i32,
    /// What was registered at the end.
    pub mapping: Mapping,
    /// The log.
    pub log: String,
    file: String,
    folder: String,
}

impl Site {
    /// A site with this map file for a module (`lcmaps_…`) that cargo built for the test.
    ///
    /// # Panics
    /// As everything here, when the machine does not let the test have its files.
    #[must_use]
    pub fn new(module: &str, kind: Kind, map: &str) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755))
            .expect("a folder of ours");
        let (file, folder) = match kind {
            Kind::Accounts => ("grid-mapfile", "gridmapdir"),
            Kind::Groups => ("groupmapfile", "groupmapdir"),
        };
        let (file, folder) = (scratch.path().join(file), scratch.path().join(folder));
        fs::write(&file, map).expect("a map file");
        Self {
            file,
            folder,
            _scratch: scratch,
            kind,
            has_pool: false,
            module: module_file(module),
            registered: [Vec::new(), Vec::new()],
        }
    }

    /// With a directory that has these pool entries.
    #[must_use]
    pub fn pool(mut self, entries: &[&str]) -> Self {
        self.has_pool = true;
        fs::create_dir(&self.folder).expect("a directory of pools");
        for entry in entries {
            fs::write(self.folder.join(entry), "").expect("an entry");
        }
        self
    }

    /// For another module than that of [`new`](Self::new).
    #[must_use]
    pub fn module(mut self, path: &Path) -> Self {
        self.module = path.to_owned();
        self
    }

    /// With these primary and secondary gids, which a module before this one registered.
    #[must_use]
    pub fn registered(mut self, primary: &[u32], secondary: &[u32]) -> Self {
        self.registered = [primary.to_vec(), secondary.to_vec()];
        self
    }

    /// The options that name the files of this site.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let (file, folder) = match self.kind {
            Kind::Accounts => ("-gridmapfile", "-gridmapdir"),
            Kind::Groups => ("-groupmapfile", "-groupmapdir"),
        };
        let mut words = vec![file.to_owned(), self.file.display().to_string()];
        if self.has_pool {
            words.extend([folder.to_owned(), self.folder.display().to_string()]);
        }
        words
    }

    /// Makes a lease by hand.
    pub fn link(&self, entry: &str, lease: &str) {
        fs::hard_link(self.folder.join(entry), self.folder.join(lease)).expect("a lease");
    }

    /// The pool entry of a lease.
    #[must_use]
    pub fn lease(&self, lease: &str) -> Option<String> {
        let inode = |path: &Path| fs::metadata(path).map(|data| data.ino()).ok();
        let wanted = inode(&self.folder.join(lease))?;
        self.names()
            .into_iter()
            .find(|name| name != lease && inode(&self.folder.join(name)) == Some(wanted))
    }

    /// All names in the directory of pools, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).expect("the directory of pools");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries
            .map(|entry| name(entry.expect("an entry")))
            .collect();
        names.sort();
        names
    }

    /// `plugin_run`.
    #[must_use]
    pub fn run(&self, arguments: &Arguments) -> Outcome {
        self.run_with(&[], arguments)
    }

    /// `plugin_run` with further words.
    #[must_use]
    pub fn run_with(&self, words: &[&str], arguments: &Arguments) -> Outcome {
        self.with(words, |module, instance| module.run(instance, arguments))
    }

    /// `plugin_verify`.
    #[must_use]
    pub fn verify(&self, arguments: &Arguments) -> Outcome {
        self.verify_with(&[], arguments)
    }

    /// `plugin_verify` with further words.
    #[must_use]
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
    ///
    /// # Panics
    /// When it does not start or not end.
    #[must_use]
    pub fn call(
        &self,
        words: &[&str],
        call: impl FnOnce(&LoadedModule, Instance) -> i32,
    ) -> Outcome {
        let host = RecordingHost::take();
        let [primary, secondary] = &self.registered;
        primary
            .iter()
            .for_each(|gid| host.register_primary_gid(*gid));
        secondary
            .iter()
            .for_each(|gid| host.register_secondary_gid(*gid));
        let module = LoadedModule::load(&host, &self.module);
        let instance = module.start(words);
        let code = call(&module, instance);
        assert_eq!(module.terminate(), 0);
        Outcome {
            code,
            mapping: host.mapping(),
            log: host.log(),
            file: self.file.display().to_string(),
            folder: self.folder.display().to_string(),
        }
    }
}

impl Outcome {
    /// The text with the paths of the site in place of `@FILE@` and `@DIR@`.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        text.replace("@FILE@", &self.file)
            .replace("@DIR@", &self.folder)
    }

    /// Fails the test when this line, filled, is not in the log.
    ///
    /// # Panics
    /// Then.
    pub fn says(&self, line: &str) {
        let line = self.fill(line);
        assert!(
            self.log.contains(&format!("{line}\n")),
            "no line\n  {line}\nin\n{}",
            self.log
        );
    }

    /// Fails the test when the log does not contain this text, filled.
    ///
    /// # Panics
    /// Then.
    pub fn mentions(&self, text: &str) {
        let text = self.fill(text);
        assert!(self.log.contains(&text), "no\n  {text}\nin\n{}", self.log);
    }

    /// What an application sees: whether the module succeeded, and the mapping as a host keeps it.
    #[must_use]
    pub fn essence(self) -> (bool, Mapping) {
        let mut mapping = self.mapping;
        mapping.secondary_gids.sort_unstable();
        mapping.secondary_gids.dedup();
        (self.code == 0, mapping)
    }
}

/// The log of a start that these words prevent.
///
/// # Panics
/// When the module starts.
#[must_use]
pub fn refusal_of(module: &str, words: &[&str]) -> String {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file(module));
    assert_eq!(module.initialize(words), 1, "{words:?} are accepted");
    assert_eq!(module.terminate(), 0);
    host.log()
}

/// What a module maps to as the second and then as the first of two instances, all in one mapping.
///
/// # Panics
/// When a run fails.
#[must_use]
pub fn run_two(sites: [&Site; 2], arguments: &Arguments) -> Mapping {
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &sites[0].module);
    let instances = sites.map(|site| {
        let words = site.words();
        module.start(&words.iter().map(String::as_str).collect::<Vec<_>>())
    });
    for instance in instances.into_iter().rev() {
        assert_eq!(module.run(instance, arguments), 0, "{}", host.log());
    }
    assert_eq!((module.terminate(), module.terminate()), (0, 0));
    host.mapping()
}
