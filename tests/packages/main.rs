//! The Debian packages: apt puts them in the place of Debian's and goes back, in a throw-away copy of this system.

use std::env;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use support::{finish, has_program, is_root, original_library, root, run, scratch, skip};

/// Building everything once takes a while.
const PATIENCE: Duration = Duration::from_secs(1800);

/// What swap.sh says when all went well.
const EXPECTED: &str = "\
before: original, maps to nobody
with ours: ours, maps to nobody, without a path to nobody
dpkg finds fault with: 
files changed since they were installed: 
liblcas found
pkg-config: 1.6.6 1.6.6 1.6.6 1.3.19
lcmaps: lcmaps
after: original, maps to nobody
left over: 
";

/// Debian's packages that ours take the place of.
const DEBIANS: &[&str] = &[
    "liblcmaps0",
    "liblcmaps-without-gsi0",
    "liblcas0",
    "lcmaps-plugins-basic-bandn",
    "lcmaps-plugins-basic-dummy",
    "lcmaps-plugins-basic-localaccount",
    "lcmaps-plugins-basic-poolaccount",
    "lcmaps-plugins-basic-posixenf",
    "lcmaps-plugins-voms",
    "lcmaps-plugins-verify-proxy",
];

/// Installs everything below `stage`, without debug information.
fn install(stage: &Path) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root())
        .args(["xtask", "install", "--prefix", "/usr", "--profile", "dev"])
        .args(["--libdir", "lib/x86_64-linux-gnu", "--sysconfdir", "/etc"])
        .arg("--destdir")
        .arg(stage)
        // Other tests use what is in the usual directory.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages"),
        )
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    finish(&mut command, PATIENCE).expect_success();
    let strip = "find \"$0\" -type f \\( -name '*.so*' -o -path '*/bin/*' \\) -exec strip --strip-unneeded {} +";
    run(Command::new("sh").args(["-c", strip]).arg(stage)).expect_success();
}

#[test]
fn apt_puts_our_packages_in_the_place_of_debians_and_goes_back() {
    if !is_root() {
        skip!("only root can make a copy of the system");
    }
    if !cfg!(target_arch = "x86_64") {
        skip!("the names of directories are those of x86_64");
    }
    for program in [
        "apt-get",
        "cc",
        "dpkg-deb",
        "dpkg-scanpackages",
        "pkg-config",
        "strip",
        "unshare",
    ] {
        if !has_program(program) {
            skip!("{program} is not installed");
        }
    }
    if original_library().is_none()
        || !run(Command::new("dpkg-query").arg("-W").args(DEBIANS))
            .status
            .success()
    {
        skip!("Debian's packages of the original are not installed");
    }
    let (stage, packages, work) = (scratch(), scratch(), scratch());
    install(stage.path());
    let mut build = Command::new(root().join("packaging/deb/build"));
    build
        .arg(packages.path())
        .env("STAGE", stage.path())
        .env("DPKG_DEB_COMPRESSOR_TYPE", "none");
    finish(&mut build, PATIENCE).expect_success();
    let made = fs::read_dir(packages.path()).unwrap().count();
    assert!(made >= 8, "only {made} packages");

    let mut swap = Command::new(root().join("tests/packages/swap.sh"));
    swap.arg(packages.path()).arg(work.path());
    let done = finish(&mut swap, PATIENCE);
    if done.status.code() == Some(77) {
        eprint!("{}", done.stdout);
        return;
    }
    assert_eq!(done.stdout, EXPECTED, "{}", done.stderr);
    assert_eq!(
        (done.status.code(), done.status.signal()),
        (Some(0), None),
        "{}",
        done.stderr
    );
}
