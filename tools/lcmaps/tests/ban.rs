//! `lcmaps ban`, the command itself, on real ban lists, with the module that reads them.

mod support;

use std::env;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lc_gridmap::{Accept, MapFile, Wildcards};
use serde_json::Value;
use support::{Outcome, Run};
use tempfile::TempDir;

const LIST: &str = "# who is out\n\"/C=NL/CN=Eve\" # 2026\n\n/C=NL/CN=Mallory\n\"/C=XX/*\"\n";

struct Site(TempDir);

impl Site {
    fn new() -> Outcome<Self> {
        let site = Self(tempfile::tempdir()?);
        fs::write(site.list(), LIST)?;
        Ok(site)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn list(&self) -> PathBuf {
        self.path("ban_users.db")
    }

    fn text(&self) -> Outcome<String> {
        Ok(fs::read_to_string(self.list())?)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
        command
            .arg("ban")
            .args(arguments)
            .current_dir(self.0.path());
        command
    }

    fn ban(&self, arguments: &[&str]) -> Outcome<Run> {
        Run::of(self.command(arguments).arg("--file").arg(self.list()))
    }
}

#[test]
fn a_ban_is_added_once_and_everything_else_stays() -> Outcome {
    let site = Site::new()?;
    fs::set_permissions(site.list(), fs::Permissions::from_mode(0o640))?;
    if nix::unistd::getuid().is_root() {
        std::os::unix::fs::chown(site.list(), Some(1), Some(2))?;
    }
    let before = fs::metadata(site.list())?;
    let add = ["add", "/C=NL/CN=Jan de Wit", "--comment", "stolen key"];
    assert_eq!(site.ban(&add)?.status, 0);
    let expected = format!("{LIST}\"/C=NL/CN=Jan de Wit\" # stolen key\n");
    assert_eq!(site.text()?, expected);
    let run = site.ban(&add)?;
    assert!(run.stdout.starts_with("already banned: "), "{run:?}");
    assert_eq!((run.status, site.text()?), (0, expected));
    let after = fs::metadata(site.list())?;
    assert_eq!(
        (before.mode(), before.uid(), before.gid()),
        (after.mode(), after.uid(), after.gid())
    );
    assert_eq!(fs::read_dir(site.0.path())?.count(), 1);
    Ok(())
}

#[test]
fn a_removed_ban_takes_its_line_and_no_other() -> Outcome {
    let site = Site::new()?;
    assert_eq!(site.ban(&["rm", "/C=NL/CN=Eve"])?.status, 0);
    assert_eq!(
        site.text()?,
        "# who is out\n\n/C=NL/CN=Mallory\n\"/C=XX/*\"\n"
    );
    let run = site.ban(&["rm", "/C=XX/CN=a"])?;
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("not listed: /C=XX/CN=a"), "{run:?}");
    assert!(run.stdout.contains(":4 by \"/C=XX/*\""), "{run:?}");
    Ok(())
}

#[test]
fn names_that_would_damage_the_list_or_hit_many_are_refused() -> Outcome {
    let site = Site::new()?;
    for name in ["", "a\"b", "a\nb", "a\\", "/C=NL/*"] {
        let run = site.ban(&["add", name])?;
        assert_eq!((run.status, site.text()?), (2, LIST.to_owned()), "{name:?}");
    }
    let run = site.ban(&["add", "/CN=a", "--comment", "x\n/CN=b"])?;
    assert_eq!((run.status, site.text()?), (2, LIST.to_owned()));
    assert_eq!(site.ban(&["add", "/C=NL/*", "--pattern"])?.status, 0);
    fs::write(site.list(), "\"/CN=open\n")?;
    let run = site.ban(&["add", "/CN=b"])?;
    assert_eq!(run.status, 2);
    assert!(
        run.stderr
            .contains("ban_users.db:1:1: the quoted name is not closed"),
        "{run:?}"
    );
    fs::remove_file(site.list())?;
    let run = site.ban(&["add", "/CN=b"])?;
    assert_eq!((run.status, site.list().exists()), (2, false));
    Ok(())
}

#[test]
fn a_list_behind_a_symbolic_link_and_without_a_last_newline_is_edited_in_place() -> Outcome {
    let site = Site::new()?;
    fs::create_dir(site.path("real"))?;
    fs::write(site.path("real/list"), "/CN=a")?;
    fs::remove_file(site.list())?;
    symlink("real/list", site.list())?;
    assert_eq!(site.ban(&["add", "/CN=b"])?.status, 0);
    assert!(fs::symlink_metadata(site.list())?.is_symlink());
    assert_eq!(
        fs::read_to_string(site.path("real/list"))?,
        "/CN=a\n\"/CN=b\"\n"
    );
    Ok(())
}

#[test]
fn many_editors_at_once_lose_nothing_and_readers_never_see_half_a_list() -> Outcome {
    let site = Site::new()?;
    let mut editors = Vec::new();
    for number in 0..12 {
        let name = format!("/C=NL/CN=user {number}");
        let mut command = site.command(&["add", &name, "--file"]);
        editors.push(command.arg(site.list()).stdout(Stdio::null()).spawn()?);
    }
    let start = Instant::now();
    loop {
        let list = MapFile::read(&site.list())?;
        let eve = list.lookup(b"/C=NL/CN=Eve", Wildcards::On, Accept::AnyName)?;
        assert!(eve.found.is_some());
        let mut running = 0;
        for editor in &mut editors {
            running += usize::from(editor.try_wait()?.is_none());
        }
        if running == 0 {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(30));
    }
    let text = site.text()?;
    for number in 0..12 {
        assert!(
            text.contains(&format!("\"/C=NL/CN=user {number}\"\n")),
            "{number} in {text}"
        );
    }
    assert!(text.starts_with(LIST));
    Ok(())
}

#[test]
fn who_is_hit_is_told_from_names_map_files_and_leases() -> Outcome {
    let site = Site::new()?;
    fs::write(
        site.path("grid-mapfile"),
        "\"/C=XX/CN=Zoe\" zoe\n\"/C=NL/CN=Ann\" ann\n",
    )?;
    fs::create_dir(site.path("dir"))?;
    for (account, lease) in [
        ("p1", "%2fc%3dnl%2fcn%3dmallory"),
        ("p2", "%2fc%3dnl%2fcn%3dann"),
    ] {
        fs::write(site.path("dir").join(account), "")?;
        fs::hard_link(site.path("dir").join(account), site.path("dir").join(lease))?;
    }
    let all = [
        "check",
        "/C=NL/CN=Eve",
        "/C=NL/CN=eve",
        "--gridmapfile",
        "grid-mapfile",
        "--gridmapdir",
        "dir",
    ];
    let run = site.ban(&all)?;
    let expected = "\
/C=NL/CN=Eve: line 2, \"/C=NL/CN=Eve\"
/C=XX/CN=Zoe: line 5, \"/C=XX/*\"
/c=nl/cn=mallory (p1): line 4, \"/C=NL/CN=Mallory\"
3 hit
";
    assert_eq!((run.status, run.stdout.as_str()), (1, expected));
    let run = site.ban(&[&all[..], &["--with", "/C=NL/*", "--format", "json"]].concat())?;
    let hits: Value = serde_json::from_str(&run.stdout)?;
    assert_eq!(hits.as_array().map(Vec::len), Some(6));
    assert_eq!(site.ban(&["check", "/CN=nobody"])?.status, 0);
    assert_eq!(site.ban(&["ls"])?.stdout.lines().count(), 3);
    Ok(())
}

#[test]
fn the_list_of_the_policy_file_is_found_and_a_ban_counts_at_the_next_mapping() -> Outcome {
    let site = Site::new()?;
    let built = env::current_exe()?
        .parent()
        .map(PathBuf::from)
        .ok_or("no directory")?;
    let policy = format!(
        "ban = \"{}/liblcmaps_ban_dn.so -banmapfile {}\"\ngood = \"{}/liblcmaps_dummy_good.so --dummy-uid 1 --dummy-gid 1\"\np:\nban -> good\n",
        built.display(),
        site.list().display(),
        built.display()
    );
    fs::write(site.path("lcmaps.db"), policy)?;
    let map = || -> Outcome<i32> {
        let mut map = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
        map.args([
            "map",
            "--db",
            "lcmaps.db",
            "--dn",
            "/C=NL/CN=Jan",
            "--library",
        ]);
        map.arg(built.join("liblcmaps.so"))
            .current_dir(site.0.path());
        Ok(Run::of(&mut map)?.status)
    };
    let edit = |command: &str| -> Outcome<i32> {
        let mut edit = site.command(&[command, "/C=NL/CN=Jan", "--db", "lcmaps.db"]);
        Ok(Run::of(&mut edit)?.status)
    };
    assert_eq!(map()?, 0);
    assert_eq!((edit("add")?, map()?), (0, 1));
    assert_eq!((edit("rm")?, map()?), (0, 0));
    assert_eq!(site.text()?, LIST);
    let run = Run::of(&mut site.command(&["ls", "--fqan", "--db", "lcmaps.db"]))?;
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("it does not use lcmaps_ban_fqan.mod"),
        "{run:?}"
    );
    Ok(())
}
