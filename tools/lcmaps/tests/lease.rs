//! `lcmaps lease`, the command itself, on real directories of leases.

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use lc_leases::{GridMapDir, LeaseName, LeaseStore as _, Pool, Request};
use serde_json::Value;
use support::{Outcome, Run};
use tempfile::TempDir;

/// A directory of leases. The accounts are those that every machine has.
struct Site(TempDir);

impl Site {
    /// Ann has `daemon` and was here today, Bob has `bin` and was not for a hundred days.
    fn new() -> Outcome<Self> {
        Self::with("bin")
    }

    /// The same with another account for Bob.
    fn with(account: &str) -> Outcome<Self> {
        let site = Self(tempfile::tempdir()?);
        let bob = account;
        for account in ["daemon", bob, "games"] {
            fs::write(site.path(account), "")?;
        }
        for (account, who, days) in [("daemon", "/CN=Ann A", 0), (bob, "/CN=Bob", 100)] {
            let name = LeaseName::encode(who.as_bytes())?;
            let lease = String::from_utf8(name.as_bytes().to_vec())?;
            fs::hard_link(site.path(account), site.path(&lease))?;
            let time = SystemTime::now() - Duration::from_secs(days * 86400);
            fs::File::open(site.path(account))?.set_modified(time)?;
        }
        std::thread::sleep(Duration::from_millis(60));
        Ok(site)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn lease(&self, arguments: &[&str]) -> Outcome<Run> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
        let command = command.arg("lease").args(arguments);
        Run::of(command.arg("--gridmapdir").arg(self.0.path()))
    }

    fn json(&self, arguments: &[&str]) -> Outcome<(i32, Value)> {
        let run = self.lease(&[arguments, &["--format", "json"]].concat())?;
        let answer = serde_json::from_str(&run.stdout).map_err(|e| format!("{e}: {run:?}"))?;
        Ok((run.status, answer))
    }
}

/// A process of another account, ended with the test.
struct Sleeper(Child);

impl Sleeper {
    /// `None` where the test does not run as root.
    fn of(uid: u32) -> Outcome<Option<Self>> {
        use std::os::unix::process::CommandExt as _;
        if !nix::unistd::getuid().is_root() {
            return Ok(None);
        }
        let mut command = Command::new("sleep");
        command.arg("60").uid(uid).stdin(Stdio::null());
        Ok(Some(Self(command.spawn()?)))
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn leases_are_listed_and_found_by_account_and_by_user() -> Outcome {
    let site = Site::new()?;
    let run = site.lease(&["ls"])?;
    assert!(run.stdout.ends_with("2 leased, 1 free\n"), "{}", run.stdout);
    assert!(run.stdout.contains("  /cn=ann a\n"), "{}", run.stdout);
    let (status, answer) = site.json(&["who", "daemon"])?;
    assert_eq!((status, &answer[0]["identity"]), (0, &"/cn=ann a".into()));
    let (status, answer) = site.json(&["show", "/CN=Ann A"])?;
    assert_eq!((status, &answer[0]["account"]), (0, &"daemon".into()));
    let (status, answer) = site.json(&["ls", "--pool", ".ga"])?;
    assert_eq!((status, &answer["free"][0]), (0, &"games".into()));
    assert_eq!(site.lease(&["who", "games"])?.status, 1);
    assert_eq!(site.lease(&["show", "/CN=Eve"])?.status, 1);
    Ok(())
}

#[test]
fn nothing_goes_without_yes() -> Outcome {
    let site = Site::new()?;
    for arguments in [
        &["release", "daemon", "--force"][..],
        &["expire", "--unused-for", "0s"],
    ] {
        let run = site.lease(arguments)?;
        assert!(
            run.stdout.contains("would go  daemon  /cn=ann a"),
            "{}",
            run.stdout
        );
        assert!(
            run.stdout
                .ends_with("Nothing was changed. Say --yes to do it.\n")
        );
    }
    assert!(site.lease(&["ls"])?.stdout.ends_with("2 leased, 1 free\n"));
    Ok(())
}

#[test]
fn expiry_takes_what_nobody_used_and_leaves_the_rest() -> Outcome {
    let site = Site::new()?;
    let run = site.lease(&["expire", "--unused-for", "90d", "--yes"])?;
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (0, "released  bin  /cn=bob\n")
    );
    assert!(!site.path("%2fcn%3dbob").exists());
    assert!(site.lease(&["ls"])?.stdout.ends_with("1 leased, 2 free\n"));
    Ok(())
}

#[test]
fn an_account_with_processes_keeps_its_lease_unless_forced() -> Outcome {
    let site = Site::with("sys")?;
    let uid = nix::unistd::User::from_name("sys")?
        .ok_or("sys")?
        .uid
        .as_raw();
    let Some(sleeper) = Sleeper::of(uid)? else {
        return Ok(());
    };
    let run = site.lease(&["expire", "--unused-for", "90d", "--yes"])?;
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.starts_with("kept      sys  /cn=bob: 1 process"),
        "{}",
        run.stdout
    );
    let run = site.lease(&["release", "/cn=BOB", "--force", "--yes"])?;
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (0, "released  sys  /cn=bob\n")
    );
    drop(sleeper);
    Ok(())
}

#[test]
fn while_users_come_back_expiry_takes_nothing_of_theirs() -> Outcome {
    let folder = tempfile::tempdir()?;
    for number in 0..20 {
        fs::write(folder.path().join(format!("zz{number:02}")), "")?;
    }
    let store = GridMapDir::open(folder.path())?;
    let lease = |user: usize| -> Outcome<Vec<u8>> {
        let name = LeaseName::encode(format!("/CN=user {user}").as_bytes())?;
        let pool = Pool {
            prefix: b"zz",
            strict: true,
        };
        Ok(store.acquire(&Request::any(&name, pool))?.account)
    };
    for user in 0..10 {
        lease(user)?;
    }
    let mut expiry = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
    expiry.args([
        "lease",
        "expire",
        "--unused-for",
        "0s",
        "--yes",
        "--gridmapdir",
    ]);
    expiry
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit());
    for _ in 0..5 {
        let mut child = expiry.spawn()?;
        loop {
            // Whatever is taken away meanwhile: everybody has an account, and nobody the one of another.
            let accounts: Vec<Vec<u8>> = (0..10).map(lease).collect::<Outcome<_>>()?;
            assert_eq!(accounts.len(), 10);
            if child.try_wait()?.is_some() {
                break;
            }
        }
    }
    let mut accounts: Vec<Vec<u8>> = (0..10).map(lease).collect::<Outcome<_>>()?;
    accounts.sort();
    accounts.dedup();
    assert_eq!(accounts.len(), 10);
    assert!(store.survey()?.odd.is_empty());
    Ok(())
}

#[test]
fn orphans_and_unknown_accounts_are_told() -> Outcome {
    let site = Site::new()?;
    assert_eq!(
        site.lease(&["verify"])?.stdout,
        "2 leased, 1 free, 0 wrong\n"
    );
    fs::remove_file(site.path("daemon"))?;
    fs::write(site.path("no_such_user"), "")?;
    std::thread::sleep(Duration::from_millis(60));
    let run = site.lease(&["verify"])?;
    assert_eq!(run.status, 1);
    for words in [
        "%2fcn%3dann%20a: is a lease whose account is gone",
        "no_such_user: this machine has no account no_such_user",
        "1 leased, 2 free, 2 wrong",
    ] {
        assert!(run.stdout.contains(words), "no {words:?} in {}", run.stdout);
    }
    let missing = Command::new(env!("CARGO_BIN_EXE_lcmaps"))
        .args(["lease", "ls", "--gridmapdir", "/no/such"])
        .output()?;
    assert_eq!(missing.status.code(), Some(2));
    Ok(())
}
