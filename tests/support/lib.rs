//! What the acceptance tests share: where the libraries are, a C compiler, child processes.

mod compiler;
mod process;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub use compiler::{Headers, compile, compile_shared, syntax_problem};
pub use process::{Finished, finish, run};
pub use tempfile::TempDir;

/// Ends the test and says why it cannot be run here.
#[macro_export]
macro_rules! skip {
    ($($reason:tt)*) => {{
        eprintln!("skipped: {}", format_args!($($reason)*));
        return;
    }};
}

/// Our modules, without prefix and suffix.
const MODULES: &[&str] = &[
    "ban_dn",
    "ban_fqan",
    "dummy_bad",
    "dummy_good",
    "localaccount",
    "poolaccount",
    "posix_enf",
    "verify_proxy",
    "voms",
    "voms_localaccount",
    "voms_localgroup",
    "voms_poolaccount",
    "voms_poolgroup",
];

/// The small libraries beside liblcmaps, without prefix and suffix.
pub const COMPANIONS: &[&str] = &[
    "lcmaps_gss_assist_gridmap",
    "lcmaps_gss_assist_gridmap_without_gsi",
    "lcmaps_return_account_from_pem",
    "lcmaps_return_poolindex",
    "lcmaps_return_poolindex_without_gsi",
    "lcmaps_verify_account_from_pem",
    "lcmaps_without_gsi",
];

/// The library under test.
#[must_use]
pub fn our_library() -> PathBuf {
    built("liblcmaps.so")
}

/// A directory with our libraries under the names that they have once installed.
#[must_use]
pub fn our_library_dir() -> &'static Path {
    static DIRECTORY: OnceLock<TempDir> = OnceLock::new();
    DIRECTORY
        .get_or_init(|| {
            let directory = scratch();
            for name in ["lcmaps", "lcmaps_certificates"].iter().chain(COMPANIONS) {
                for suffix in ["so", "so.0"] {
                    link(
                        &built(&format!("lib{name}.so")),
                        &directory.path().join(format!("lib{name}.{suffix}")),
                    );
                }
            }
            directory
        })
        .path()
}

/// A directory with our modules under the names that policy files use.
#[must_use]
pub fn modules_dir() -> &'static Path {
    static DIRECTORY: OnceLock<TempDir> = OnceLock::new();
    DIRECTORY
        .get_or_init(|| {
            let directory = scratch();
            for name in MODULES {
                let file = format!("liblcmaps_{name}.so");
                link(&built(&file), &directory.path().join(&file));
                link(
                    Path::new(&file),
                    &directory.path().join(format!("lcmaps_{name}.mod")),
                );
            }
            directory
        })
        .path()
}

/// The directory with the headers of this project.
#[must_use]
pub fn our_headers() -> PathBuf {
    root().join("include")
}

/// The original's library, where it is installed.
#[must_use]
pub fn original_library() -> Option<PathBuf> {
    let directories = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
    ];
    let mut places = directories
        .iter()
        .map(|directory| Path::new(directory).join("liblcmaps.so.0"));
    let library = places.find(|place| place.exists())?;
    // An installed library of ours is no oracle.
    let bytes = fs::read(&library).ok()?;
    let own = b"lcmaps_get_run_report";
    (!bytes.windows(own.len()).any(|window| window == own)).then_some(library)
}

/// The directory with the original's modules, where they are installed beside the original's library.
#[must_use]
pub fn original_modules_dir() -> Option<PathBuf> {
    original_library()?;
    let directories = ["/usr/lib/lcmaps", "/usr/lib64/lcmaps"];
    let mut places = directories.iter().map(PathBuf::from);
    places.find(|place| place.join("lcmaps_dummy_good.mod").exists())
}

/// The include directory with the original's headers, where they are installed.
#[must_use]
pub fn original_headers() -> Option<PathBuf> {
    let directory = Path::new("/usr/include");
    let header = fs::read_to_string(directory.join("lcmaps/lcmaps_basic.h")).ok()?;
    (!header.contains("cargo xtask headers")).then(|| directory.to_owned())
}

/// A test PKI with CAs and end entities, made once; `None` where the tools to make one are missing.
///
/// # Panics
/// When it cannot be made although they are there.
#[must_use]
pub fn pki() -> Option<&'static Path> {
    static PKI: OnceLock<Option<TempDir>> = OnceLock::new();
    PKI.get_or_init(|| {
        if !has_program("bash") || !has_program("openssl") {
            return None;
        }
        let directory = scratch();
        let script = root().join("tests/fixtures/pki/mkpki.sh");
        run(Command::new("bash")
            .arg(script)
            .arg(directory.path())
            .arg("base"))
        .expect_success();
        Some(directory)
    })
    .as_ref()
    .map(TempDir::path)
}

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Whether the test runs as root.
#[must_use]
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Whether a program is in the search path.
#[must_use]
pub fn has_program(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(name).exists()))
}

/// An empty directory whose name policy files accept.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn scratch() -> TempDir {
    tempfile::Builder::new()
        .prefix("lcmaps")
        .tempdir()
        .expect("a temporary directory")
}

/// A file that cargo built beside the test.
fn built(file: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of the test");
    let path = test.with_file_name(file);
    assert!(
        path.exists(),
        "{} is not built: is it a dependency?",
        path.display()
    );
    path
}

fn link(target: &Path, name: &Path) {
    symlink(target, name).unwrap_or_else(|problem| panic!("{}: {problem}", name.display()));
}
