//! A site with a pool of accounts, and hosts that map users of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use support::{Headers, TempDir, compile, compile_shared, our_headers, scratch};

/// Compiled host.c and accounts.c.
struct Programs {
    _directory: TempDir,
    host: PathBuf,
    accounts: PathBuf,
}

fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let directory = scratch();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("stress");
        let headers = our_headers();
        let host = compile(
            directory.path(),
            "host",
            &sources.join("host.c"),
            Headers::In(&headers),
            &[],
        );
        let accounts = compile_shared(
            directory.path(),
            "accounts.so",
            &sources.join("accounts.c"),
            Headers::None,
        );
        Programs {
            _directory: directory,
            host,
            accounts,
        }
    })
}

/// A pool directory and a policy that leases accounts of it to everybody.
pub struct Site {
    directory: TempDir,
}

impl Site {
    /// A site with the accounts str0001, str0002, …
    pub fn new(accounts: usize) -> Self {
        let site = Self {
            directory: scratch(),
        };
        fs::create_dir(site.pool()).unwrap();
        for number in 1..=accounts {
            fs::write(site.pool().join(format!("str{number:04}")), "").unwrap();
        }
        fs::write(site.path().join("grid-mapfile"), "\"*\" .str\n").unwrap();
        site
    }

    /// The directory of the site.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The pool directory.
    pub fn pool(&self) -> PathBuf {
        self.path().join("pool")
    }

    /// A host that uses `library` with `modules`; `name` tells its files from those of others.
    pub fn host(&self, library: &Path, modules: &Path, name: &str) -> Command {
        let mut command = Command::new(&programs().host);
        self.prepare(&mut command, modules, name);
        command
            .arg(library)
            .arg(self.path().join(format!("{name}.log")));
        command
    }

    /// The same under valgrind, which fails with status 99 if it finds something.
    pub fn host_under_valgrind(&self, library: &Path, modules: &Path) -> Command {
        let mut command = Command::new("valgrind");
        self.prepare(&mut command, modules, "valgrind");
        command.args([
            "--quiet",
            "--error-exitcode=99",
            "--leak-check=full",
            "--keep-debuginfo=yes",
        ]);
        command.args([
            "--errors-for-leak-kinds=definite",
            "--show-leak-kinds=definite",
        ]);
        command
            .arg(&programs().host)
            .arg(library)
            .arg(self.path().join("valgrind.log"));
        command
    }

    fn prepare(&self, command: &mut Command, modules: &Path, name: &str) {
        let site = self.path().display();
        let policy = format!(
            "path = {}\npool = \"lcmaps_poolaccount.mod -gridmapfile {site}/grid-mapfile -gridmapdir {site}/pool\"\n\
             good = \"lcmaps_dummy_good.mod\"\nmain:\npool -> good\n",
            modules.display()
        );
        let file = self.path().join(format!("{name}.db"));
        fs::write(&file, policy).unwrap();
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("LCMAPS_DB_FILE", file)
            .env("LCMAPS_DEBUG_LEVEL", "3");
        // What free() sets aside for the next malloc() would count as memory in use.
        command.env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0");
        command.env("LD_PRELOAD", &programs().accounts);
    }
}
