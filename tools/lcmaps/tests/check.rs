//! `lcmaps check`, the command itself, on real files and with the modules of this workspace.

mod support;

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use serde_json::Value;
use support::{Outcome, Run};
use tempfile::TempDir;

/// Where cargo puts the libraries that the tests need.
fn built() -> Outcome<PathBuf> {
    let program = env::current_exe()?;
    Ok(program.parent().ok_or("no directory")?.to_owned())
}

/// A machine with everything that the examples name.
struct Site(TempDir);

impl Site {
    fn new() -> Outcome<Self> {
        let site = Self(tempfile::tempdir()?);
        fs::set_permissions(site.0.path(), fs::Permissions::from_mode(0o755))?;
        fs::create_dir(site.path("modules"))?;
        for entry in fs::read_dir(built()?)? {
            let file = entry?.path();
            let name = file.file_name().and_then(|name| name.to_str());
            let module = name.and_then(|name| name.strip_prefix("lib")?.strip_suffix(".so"));
            if let Some(module) = module.filter(|module| module.starts_with("lcmaps_")) {
                symlink(&file, site.path(&format!("modules/{module}.mod")))?;
            }
        }
        for folder in ["gridmapdir", "groupmapdir", "vomsdir", "vomsdir/vo"] {
            fs::create_dir(site.path(folder))?;
        }
        for (file, text) in [
            (
                "grid-mapfile",
                "\"/C=NL/CN=Jane\" daemon\n\"/C=NL/*\" .ww\n\"/vo/*\" .ww\n",
            ),
            ("voms-mapfile", "\"/vo/*\" daemon\n"),
            ("groupmapfile", "\"/vo\" daemon\n\"/vo/*\" .ww\n"),
            ("ban_users.db", "\"/C=NL/CN=Eve\"\n"),
            ("ban_fqans.db", ""),
            ("gridmapdir/www-data", ""),
            ("groupmapdir/www-data", ""),
            ("vomsdir/vo/h.lsc", "/C=NL/CN=h\n/C=NL/CN=CA\n"),
        ] {
            site.write(file, text)?;
        }
        Ok(site)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> Outcome {
        Ok(fs::write(self.path(name), text)?)
    }

    /// A policy as it would be on a real machine, moved here.
    fn moved(&self, policy: &str) -> String {
        let folder = self.0.path().display().to_string();
        policy
            .replace("/etc/grid-security", &folder)
            .replace("path  = /usr/lib/lcmaps\n", "")
            .replace("path = /usr/lib/lcmaps\n", "")
            .replace(
                "-groupmapdir /",
                "-strict_poolprefix_match no -groupmapdir /",
            )
            .replace("-gridmapdir /", "-strict_poolprefix_match no -gridmapdir /")
    }

    fn command(&self, command: &str) -> Outcome<Command> {
        let mut run = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
        run.current_dir(self.0.path())
            .arg(command)
            .args(["--db", "lcmaps.db", "--modules-dir"])
            .arg(self.path("modules"))
            .env("X509_VOMS_DIR", self.path("vomsdir"))
            .env("X509_CERT_DIR", self.path("certificates"))
            .env_remove("GRIDMAP")
            .env_remove("GRIDMAPDIR")
            .env_remove("LCMAPS_DEBUG_LEVEL");
        Ok(run)
    }

    fn check(&self, policy: &str, options: &[&str]) -> Outcome<Run> {
        self.write("lcmaps.db", policy)?;
        Run::of(self.command("check")?.args(options))
    }

    /// The status of a real mapping of somebody whom nobody knows.
    fn map(&self) -> Outcome<i32> {
        let library = built()?.join("liblcmaps.so");
        let mut command = self.command("map")?;
        command.args(["--dn", "/CN=nobody at all", "--library"]);
        Ok(Run::of(command.arg(library))?.status)
    }

    /// Fails unless the check of a policy with the given line for `m` finds this.
    #[track_caller]
    fn finds(&self, module: &str, severity: &str, words: &str) -> Outcome {
        let folder = self.0.path().display().to_string();
        let module = module.replace('@', &folder);
        let policy = format!("m = \"{module}\"\nbad = \"lcmaps_dummy_bad.mod\"\np:\n~m -> bad\n");
        let run = self.check(&policy, &[])?;
        let found = run
            .stdout
            .lines()
            .any(|line| line.contains(&format!(": {severity}: ")) && line.contains(words));
        assert!(found, "no {severity} with {words:?} in {}", run.stdout);
        assert_eq!(run.status, i32::from(severity == "error"), "{}", run.stdout);
        Ok(())
    }
}

/// The policies beside our modules and in the manual.
fn corpus() -> Outcome<Vec<(PathBuf, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut corpus = Vec::new();
    for module in fs::read_dir(root.join("plugins/lcmaps"))? {
        let path = module?.path().join("example/lcmaps.db");
        if path.exists() {
            corpus.push((path.clone(), fs::read_to_string(path)?));
        }
    }
    let manual = root.join("man/lcmaps.db.5.md");
    let text = fs::read_to_string(&manual)?;
    let example: String = text
        .split("# EXAMPLE")
        .nth(1)
        .unwrap_or_default()
        .lines()
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with("    "))
        .map(|line| format!("{}\n", line.trim_start_matches("    ")))
        .collect();
    corpus.push((manual, example));
    corpus.sort();
    assert!(corpus.len() > 12, "{}", corpus.len());
    Ok(corpus)
}

#[test]
fn the_examples_are_clean_once_their_files_are_there_and_then_they_run() -> Outcome {
    let site = Site::new()?;
    fs::create_dir(site.path("certificates"))?;
    for (path, policy) in corpus()? {
        let run = site.check(&site.moved(&policy), &[])?;
        let only_ca = run.stdout.lines().filter(|line| line.contains(": error: "));
        let errors: Vec<_> = only_ca
            .filter(|line| !line.contains("holds no CA"))
            .collect();
        assert!(errors.is_empty(), "{}: {}", path.display(), run.stdout);
        assert_ne!(site.map()?, 2, "{}", path.display());
    }
    Ok(())
}

#[test]
fn a_damaged_example_that_is_called_clean_runs() -> Outcome {
    let site = Site::new()?;
    fs::create_dir(site.path("certificates"))?;
    let (mut clean, mut refused, mut seed) = (0, 0, 12345_u64);
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).map_or(0, |number| number % below.max(1))
    };
    for (path, policy) in corpus()? {
        let policy = site.moved(&policy);
        for _ in 0..12 {
            let mut text = policy.clone().into_bytes();
            let at = random(text.len());
            let end = (at + 1 + random(6)).min(text.len());
            match random(4) {
                0 => drop(text.drain(at..end)),
                1 => text.insert(at, b"-~|\"=x \n\\#:"[random(11)]),
                2 => text.truncate(at),
                _ => {
                    let piece = text[at..end].to_vec();
                    let to = random(text.len());
                    text.splice(to..to, piece);
                }
            }
            let Ok(text) = String::from_utf8(text) else {
                continue;
            };
            let run = site.check(&text, &[])?;
            assert!([0, 1].contains(&run.status), "{run:?}");
            if run.status == 0 {
                clean += 1;
                assert_ne!(
                    site.map()?,
                    2,
                    "{}:\n{text}\n{}",
                    path.display(),
                    run.stdout
                );
            } else {
                refused += 1;
            }
        }
    }
    assert!(
        clean > 10 && refused > 10,
        "{clean} clean, {refused} refused"
    );
    Ok(())
}

#[test]
fn a_wrong_policy_is_told_with_its_place() -> Outcome {
    let site = Site::new()?;
    let run = site.check(
        "a = \"x.mod\"\nb = \"lcmaps_dummy_bad.mod\"\np:\n~a -> b\n",
        &[],
    )?;
    assert_eq!(run.status, 1);
    assert!(
        run.stdout
            .starts_with("lcmaps.db:1:5: error: module x.mod not found"),
        "{}",
        run.stdout
    );
    let run = site.check("p:\na -> \n", &[])?;
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.starts_with("lcmaps.db:3:1: error: "),
        "{}",
        run.stdout
    );
    let run = site
        .check("a -> a\n", &["--db", "/no/such"])
        .map(|run| run.status);
    assert_eq!(run?, 2);
    Ok(())
}

#[test]
fn what_can_never_run_is_a_warning_that_strict_counts() -> Outcome {
    let site = Site::new()?;
    let policy = "good = \"lcmaps_dummy_good.mod\"\nbad = \"lcmaps_dummy_bad.mod\"\n\
                  first:\n~good -> bad\nsecond:\nbad -> good\n";
    let run = site.check(policy, &[])?;
    assert_eq!(run.status, 0, "{}", run.stdout);
    for words in [
        "lcmaps.db:4:10: warning: state 'bad' never runs",
        "lcmaps.db:5:1: warning: policy 'second' never runs: policy 'first' cannot fail",
        "policy 'second' refuses everybody",
    ] {
        assert!(run.stdout.contains(words), "no {words:?} in {}", run.stdout);
    }
    assert_eq!(site.check(policy, &["--strict"])?.status, 1);
    Ok(())
}

#[test]
fn a_module_that_could_not_be_loaded_is_an_error() -> Outcome {
    let site = Site::new()?;
    site.write("modules/text.mod", "no module\n")?;
    symlink(env::current_exe()?, site.path("modules/program.mod"))?;
    symlink(
        built()?.join("liblcmaps.so"),
        site.path("modules/library.mod"),
    )?;
    site.finds("text.mod", "error", "it is no ELF file")?;
    site.finds(
        "program.mod",
        "error",
        "it has no function plugin_initialize",
    )?;
    site.finds(
        "library.mod",
        "error",
        "it has no function plugin_initialize",
    )?;
    site.finds("absent.mod", "error", "not found")
}

#[test]
fn options_are_held_against_what_the_modules_take() -> Outcome {
    let site = Site::new()?;
    for (module, words) in [
        (
            "lcmaps_localaccount.mod -gridmapfil @/grid-mapfile",
            "unknown option",
        ),
        ("lcmaps_localaccount.mod -gridmapfile", "has no value"),
        (
            "lcmaps_poolaccount.mod -gridmapfile @/grid-mapfile -gridmapdir x",
            "absolute",
        ),
        (
            "lcmaps_poolaccount.mod -gridmapfile @/grid-mapfile",
            "nothing names the directory",
        ),
        ("lcmaps_ban_dn.mod", "there is no ban list"),
        ("lcmaps_voms_localgroup.mod -mapmin x", "is no number"),
        ("lcmaps_voms_localgroup.mod", "there is no groupmapfile"),
        ("lcmaps_verify_proxy.mod -certdir @/none", "/none"),
        (
            "lcmaps_verify_proxy.mod --max-proxy-level-ttl=0 x",
            "is no time",
        ),
        (
            "lcmaps_dummy_good.mod --dummy-username no_such_user",
            "there is no account",
        ),
        (
            "lcmaps_posix_enf.mod -maxsgid 33",
            "is no number from 0 to 32",
        ),
    ] {
        site.finds(module, "error", words)?;
        assert_eq!(
            site.map()?,
            if words.contains("nothing names") {
                1
            } else {
                2
            },
            "{module}"
        );
    }
    site.finds("lcmaps_posix_enf.mod -x", "warning", "is ignored")
}

#[test]
fn lines_of_map_files_are_told_one_by_one() -> Outcome {
    let site = Site::new()?;
    site.write(
        "grid-mapfile",
        "\"/CN=a\" daemon\n\"/CN=a\" bin\n\"/CN=open\n/CN=b c daemon\n\"/CN=r\" root\n/CN=none\n",
    )?;
    let local = "lcmaps_localaccount.mod -gridmapfile @/grid-mapfile";
    for (severity, words) in [
        (
            "error",
            "grid-mapfile:3:1: error: the quoted name is not closed",
        ),
        (
            "error",
            "grid-mapfile:4:1: error: this machine has no account c",
        ),
        ("error", "grid-mapfile:5:1: error: account root has uid 0"),
    ] {
        site.finds(local, severity, words)?;
    }
    let run = Run::of(site.command("check")?.args(["--format", "json"]))?;
    let findings: Value = serde_json::from_str(&run.stdout)?;
    let lines: Vec<_> = findings.as_array().ok_or("no list")?.iter().collect();
    let twice = lines
        .iter()
        .find(|finding| finding["line"] == 2)
        .ok_or("line 2")?;
    assert_eq!(twice["severity"], "warning");
    assert!(
        twice["message"]
            .as_str()
            .ok_or("text")?
            .contains("line 1 comes first")
    );
    assert!(lines.iter().any(|finding| finding["line"] == 6));
    site.write("ban_users.db", "\"/C=NL/*\"\n\"/C=NL/CN=Eve\"\n*\n")?;
    let ban = "lcmaps_ban_dn.mod -banmapfile @/ban_users.db";
    site.finds(
        ban,
        "warning",
        "ban_users.db:2:1: warning: \"/C=NL/CN=Eve\" never counts",
    )?;
    site.finds(ban, "warning", "bans everybody")?;
    fs::remove_file(site.path("ban_users.db"))?;
    site.finds(ban, "error", "everybody is refused until then")
}

#[test]
fn pools_that_are_empty_or_full_are_told() -> Outcome {
    let site = Site::new()?;
    let pool = "lcmaps_poolaccount.mod -gridmapfile @/grid-mapfile -gridmapdir @/gridmapdir -strict_poolprefix_match no";
    fs::hard_link(
        site.path("gridmapdir/www-data"),
        site.path("gridmapdir/%2fcn%3da"),
    )?;
    site.finds(pool, "error", "pool ww is full: all 1 accounts are leased")?;
    fs::remove_file(site.path("gridmapdir/www-data"))?;
    site.finds(pool, "error", "pool ww has no account")?;
    site.finds(pool, "error", "pool ww")?;
    site.write("gridmapdir/ww-unknown", "")?;
    site.finds(pool, "error", "1 of 1 members of pool ww cannot be used")?;
    site.write("gridmapdir/www-data", "")?;
    site.finds(
        pool,
        "warning",
        "%2fcn%3da is neither an account nor its lease",
    )?;
    fs::remove_dir_all(site.path("gridmapdir"))?;
    site.finds(pool, "error", "cannot open the lease directory")
}

#[test]
fn files_that_anybody_can_change_are_errors() -> Outcome {
    let site = Site::new()?;
    let local = "lcmaps_localaccount.mod -gridmapfile @/grid-mapfile";
    let mode =
        |name: &str, mode| fs::set_permissions(site.path(name), fs::Permissions::from_mode(mode));
    mode("grid-mapfile", 0o666)?;
    site.finds(local, "error", "everybody can write")?;
    mode("grid-mapfile", 0o644)?;
    mode("", 0o777)?;
    site.finds(
        local,
        "error",
        "everybody can put another file in the place of",
    )
}

#[test]
fn a_vo_for_which_nobody_speaks_is_told() -> Outcome {
    let site = Site::new()?;
    let voms = "lcmaps_voms_localaccount.mod -gridmapfile @/voms-mapfile";
    site.write("voms-mapfile", "\"/vo\" daemon\n\"/other/*\" daemon\n")?;
    site.finds(
        voms,
        "warning",
        "voms-mapfile:2:1: warning: nobody speaks for VO other",
    )?;
    site.write("vomsdir/vo/h.lsc", "/C=NL/CN=h\n")?;
    site.finds(voms, "error", "does not consist of pairs")?;
    fs::remove_file(site.path("vomsdir/vo/h.lsc"))?;
    site.finds(voms, "error", "no LSC file says who signs")
}

#[test]
fn expired_crls_and_cas_without_a_crl_are_told() -> Outcome {
    let Some(pki) = support::pki("check", &[]) else {
        return Ok(());
    };
    let site = Site::new()?;
    let certificates = pki.join("certificates");
    let verify = format!(
        "lcmaps_verify_proxy.mod -certdir {}",
        certificates.display()
    );
    let policy = format!("m = \"{verify}\"\nbad = \"lcmaps_dummy_bad.mod\"\np:\n~m -> bad\n");
    let run = site.check(&policy, &[])?;
    let expired = fs::read_dir(&certificates)?.count();
    assert!(expired > 0);
    assert!(!run.stdout.contains("holds no C"), "{}", run.stdout);
    fs::create_dir(site.path("certificates"))?;
    for entry in fs::read_dir(&certificates)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.to_string_lossy().contains(".r") {
            fs::copy(entry.path(), site.path("certificates").join(name))?;
        }
    }
    site.finds("lcmaps_verify_proxy.mod", "warning", "the CA has no CRL")?;
    site.finds(
        "lcmaps_verify_proxy.mod --require-crl",
        "error",
        "the CA has no CRL",
    )?;
    let first = fs::read_dir(site.path("certificates"))?
        .flatten()
        .map(|e| e.path());
    let hashed = first
        .into_iter()
        .find(|path| path.extension().is_some_and(|e| e == "0"));
    fs::write(hashed.ok_or("a CA")?.with_extension("r0"), "no CRL")?;
    site.finds("lcmaps_verify_proxy.mod", "error", "holds no CRL")
}

#[test]
fn what_has_expired_in_the_ca_directory_is_told() -> Outcome {
    let site = Site::new()?;
    let key = PKey::from_rsa(Rsa::generate(2048)?)?;
    let mut name = X509Name::builder()?;
    name.append_entry_by_text("CN", "Old CA")?;
    let name = name.build();
    let mut old = X509::builder()?;
    old.set_version(2)?;
    old.set_subject_name(&name)?;
    old.set_issuer_name(&name)?;
    let (from, until) = (
        Asn1Time::from_unix(1_500_000_000)?,
        Asn1Time::from_unix(1_600_000_000)?,
    );
    old.set_not_before(&from)?;
    old.set_not_after(&until)?;
    old.set_pubkey(&key)?;
    old.sign(&key, MessageDigest::sha256())?;
    let old = old.build();
    let hash = format!("{:08x}", old.subject_name_hash());
    fs::create_dir(site.path("certificates"))?;
    fs::write(site.path(&format!("certificates/{hash}.0")), old.to_pem()?)?;
    fs::write(site.path("certificates/01234567.0"), old.to_pem()?)?;
    fs::write(site.path("ca.pem"), old.to_pem()?)?;
    fs::write(site.path("key.pem"), key.private_key_to_pem_pkcs8()?)?;
    site.write("index", "")?;
    site.write(
        "ca.conf",
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\n",
    )?;
    let crl = format!("certificates/{hash}.r0");
    let made = Command::new("openssl")
        .current_dir(site.0.path())
        .args([
            "ca", "-gencrl", "-config", "ca.conf", "-cert", "ca.pem", "-keyfile", "key.pem",
        ])
        .args([
            "-crl_lastupdate",
            "20200101000000Z",
            "-crl_nextupdate",
            "20200201000000Z",
        ])
        .args(["-out", &crl])
        .output()?;
    assert!(made.status.success(), "{made:?}");
    let run = site.check(
        "m = \"lcmaps_verify_proxy.mod\"\nbad = \"lcmaps_dummy_bad.mod\"\np:\n~m -> bad\n",
        &[],
    )?;
    for words in [
        ".r0: error: the CRL has expired on Feb  1",
        ".0: warning: the CA has expired on Sep 13",
        "01234567.0: error: is never found: the name of this CA has the hash",
    ] {
        assert!(run.stdout.contains(words), "no {words:?} in {}", run.stdout);
    }
    Ok(())
}
