//! The complete example in docs/administrators.md works as it is printed.

mod site;

use std::fs;
use std::path::PathBuf;

use lcmaps_module_test::module_folder;
use lcmaps_module_test::real::{Answer, Call, Case, can_fake_accounts, own_library};
use site::Pki;
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../../../../docs/administrators.md");

const PASSWD: &str = "root:x:0:0::/root:/bin/sh\n\
    tvo01:x:5001:6001::/:/bin/sh\ntvo02:x:5002:6001::/:/bin/sh\ntvo03:x:5003:6001::/:/bin/sh\n";
const GROUP: &str = "root:x:0:\ntestvo:x:6001:\nprod:x:6002:\n";

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// The file that the example prints below a line that begins with this name.
fn printed(name: &str) -> String {
    let (_, example) = DOCUMENT
        .split_once("### A complete example")
        .expect("the example");
    let (_, behind) = example
        .split_once(&format!("\n`{name}`"))
        .unwrap_or_else(|| panic!("{name} is printed"));
    let lines = behind
        .lines()
        .skip_while(|line| !line.starts_with("    "))
        .take_while(|line| line.is_empty() || line.starts_with("    "));
    let text: String = lines
        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or_default()))
        .collect();
    text.trim_end().to_owned() + "\n"
}

/// The example in a folder that takes the place of /etc/grid-security.
struct Example {
    folder: TempDir,
    modules: TempDir,
    db: String,
    library: PathBuf,
}

impl Example {
    fn new(pki: &Pki, library: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |name: &str| folder.path().join(name);
        for name in [
            "ban_users.db",
            "ban_fqans.db",
            "groupmapfile",
            "voms-mapfile",
        ] {
            let text = printed(&format!("/etc/grid-security/{name}"));
            fs::write(place(name), text).expect("a file");
        }
        let lsc = "vomsdir/testvo/voms.testgrid.example.lsc";
        fs::create_dir_all(place("vomsdir/testvo")).expect("a folder");
        let text = printed(&format!("/etc/grid-security/{lsc}"));
        fs::write(place(lsc), text).expect("an LSC file");
        fs::create_dir(place("gridmapdir")).expect("a folder");
        for account in ["tvo01", "tvo02", "tvo03"] {
            fs::write(place("gridmapdir").join(account), "").expect("an empty file");
        }
        std::os::unix::fs::symlink(pki.path("certificates"), place("certificates"))
            .expect("a link");
        let db = printed("/etc/lcmaps/lcmaps.db")
            .replace("/etc/grid-security", &folder.path().display().to_string());
        let modules = module_folder(&[
            "lcmaps_verify_proxy",
            "lcmaps_ban_dn",
            "lcmaps_ban_fqan",
            "lcmaps_voms_localgroup",
            "lcmaps_voms_poolaccount",
        ]);
        Self {
            folder,
            modules,
            db,
            library,
        }
    }

    fn case(&self, db: &str) -> Case {
        let place = |name: &str| self.folder.path().join(name);
        Case::new(&self.library, db)
            .env("LCMAPS_MODULES_DIR", self.modules.path())
            .env("X509_VOMS_DIR", place("vomsdir"))
            .env("X509_CERT_DIR", place("certificates"))
            .accounts(PASSWD, GROUP)
    }

    /// Leases an account by name and FQAN with the policy behind `verify`.
    fn lease(&self, dn: &str, fqan: &str) -> Answer {
        let db = self.db.replace("verify   -> ban_dn\n", "");
        assert_ne!(db, self.db);
        self.case(&db).account_of(dn, &[fqan]).run().only().clone()
    }

    /// Whether the whole policy lets the owner of a proxy have the account.
    fn admits(&self, pem: &str, uid: u32) -> (bool, String) {
        let call = Call::Verify {
            pem: pem.to_owned(),
            uid,
        };
        let report = self.case(&self.db).call(call).run();
        (*report.only() == Answer::Done, report.log)
    }
}

const ALICE: &str = "/C=NL/O=TestGrid/OU=Users/CN=Alice Tester";
const MEMBER: &str = "/testvo/Role=NULL/Capability=NULL";

fn example() -> Option<(&'static Pki, Example)> {
    if !can_fake_accounts() {
        return None;
    }
    let pki = Pki::with(&["base", "proxies", "voms"])?;
    Some((pki, Example::new(pki, own_library()?)))
}

#[test]
fn the_complete_example_maps_a_member_and_refuses_everybody_else() {
    let Some((pki, example)) = example() else {
        return;
    };
    let Answer::Account {
        uid, primary_gids, ..
    } = example.lease(ALICE, MEMBER)
    else {
        panic!("no account for {ALICE}");
    };
    assert!((5001..=5003).contains(&uid));
    assert_eq!(primary_gids, [6001]);
    let (admitted, log) = example.admits(&pki.proxy("voms-basic"), uid);
    assert!(admitted, "{log}");
    assert!(
        !log.contains("bans nobody") && !log.contains("of the groups for"),
        "{log}"
    );
    for (name, why) in [
        ("alice-rfc", "no (valid) VOMS groups found"),
        ("voms-ac-expired", "expired at"),
        ("voms-unknown", "says who signs for VO nolscvo"),
        ("voms-bob", "DN \"/C=NL/O=TestGrid/OU=Users/CN=Bob O'Tester"),
        (
            "voms-pilot",
            "FQAN \"/testvo/Role=pilot/Capability=NULL\" is found on the ban list",
        ),
        ("voms-expired", "verify_proxy plugin failed"),
    ] {
        let (admitted, log) = example.admits(&pki.proxy(name), uid);
        assert!(!admitted, "{name}\n{log}");
        assert!(log.contains(why), "{name}: no {why}\n{log}");
    }
}

#[test]
fn the_complete_example_gives_a_role_its_group() {
    let Some((_, example)) = example() else {
        return;
    };
    let answer = example.lease(ALICE, "/testvo/Role=production/Capability=NULL");
    let Answer::Account { primary_gids, .. } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(primary_gids, [6002]);
}

#[test]
fn a_name_without_certificates_is_refused_by_the_complete_example() {
    let Some((_, example)) = example() else {
        return;
    };
    let report = example.case(&example.db).account_of(ALICE, &[MEMBER]).run();
    assert!(matches!(report.only(), Answer::Failed(_)), "{}", report.log);
    report.expect_log("there is no certificate chain");
}
