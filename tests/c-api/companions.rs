//! The companions: the same outcome from the original's and from ours, whichever library stands behind them, and
//! with programs that were compiled with either set of headers.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{
    COMPANIONS, Finished, Headers, TempDir, compile, has_program, original_headers,
    original_library, our_headers, our_library_dir, pki, run, scratch, skip,
};

/// Two policies for everybody, one with a lease and one without, behind one that fails; and one for nobody.
const POLICY: &str = "\
bad = \"tp1.mod -rc 1\"
lease = \"tp2.mod -ask mapcounter int -ask nfqan int -adduid 1 -addpgid 7 -addsgid 9 -addsgid 8 -addpool lease%3dname\"
plain = \"tp3.mod -adduid 1 -addpgid 7\"
nobody = \"tp4.mod\"
failing:
bad -> nobody
pool:
lease -> nobody
static:
plain -> nobody
";

/// Companions and libraries together in one directory.
struct Side {
    name: &'static str,
    directory: PathBuf,
    _own: Option<TempDir>,
}

/// A directory with the companions of one and the library of the other.
fn mixed(name: &'static str, companions: &Path, library: &Path) -> Side {
    let own = scratch();
    for file in COMPANIONS
        .iter()
        .filter(|name| **name != "lcmaps_without_gsi")
    {
        let file = format!("lib{file}.so.0");
        symlink(companions.join(&file), own.path().join(&file)).unwrap();
    }
    for file in ["liblcmaps.so.0", "liblcmaps_without_gsi.so.0"] {
        symlink(library.join(file), own.path().join(file)).unwrap();
    }
    // Ours finds its certificate part where it is itself.
    let part = "liblcmaps_certificates.so.0";
    if library.join(part).exists() {
        symlink(library.join(part), own.path().join(part)).unwrap();
    }
    Side {
        name,
        directory: own.path().to_owned(),
        _own: Some(own),
    }
}

/// The original's companions, where they are installed.
fn original() -> Option<PathBuf> {
    let directory = original_library()?.parent()?.to_owned();
    let all = COMPANIONS
        .iter()
        .all(|name| directory.join(format!("lib{name}.so.0")).exists());
    all.then_some(directory)
}

fn sides() -> Vec<Side> {
    let ours = our_library_dir();
    let mut sides = vec![Side {
        name: "ours",
        directory: ours.to_owned(),
        _own: None,
    }];
    if let Some(original) = original() {
        sides.push(mixed("ours over the original's library", ours, &original));
        sides.push(mixed("the original's over our library", &original, ours));
        sides.push(Side {
            name: "the original's",
            directory: original,
            _own: None,
        });
    } else {
        eprintln!("skipped: the original's companions are not installed");
    }
    sides
}

/// A directory with the policy, the recording modules and the program.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new(headers: &Path) -> Self {
        let directory = scratch();
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        for number in 1..=4 {
            let flags = ["-shared", "-fPIC", "-w", &format!("-DNAME=\"tp{number}\"")];
            let module = tests.join("conformance/lcmaps/plugins/tp.c");
            let name = format!("tp{number}.mod");
            let _ = compile(directory.path(), &name, &module, Headers::None, &flags);
        }
        let policy = format!("path = {}\n{POLICY}", directory.path().display());
        fs::write(directory.path().join("lcmaps.db"), policy).unwrap();
        let source = tests.join("c-api/companions.c");
        let flags = ["-DLCMAPS_USE_DLOPEN", "-Wno-unused-value"];
        let _ = compile(
            directory.path(),
            "program",
            &source,
            Headers::In(headers),
            &flags,
        );
        Self { directory }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, program: &Path, side: &Side) -> Command {
        let _ = fs::remove_file(self.file("record"));
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LCMAPS_DB_FILE", self.file("lcmaps.db"))
            .env("LCMAPS_LOG_FILE", self.file("log"))
            .env("LD_LIBRARY_PATH", &side.directory)
            .env("TP_OUT", self.file("record"));
        command
    }

    fn play(&self, side: &Side, environment: &[(&str, &str)], arguments: &[&str]) -> Finished {
        let mut command = self.command(&self.file("program"), side);
        command.envs(environment.iter().copied());
        command.arg(arguments[0]).arg(&side.directory);
        run(command.args(&arguments[1..]))
    }

    /// Plays on all sides: each says the same.
    #[track_caller]
    fn expect(&self, environment: &[(&str, &str)], arguments: &[&str], expected: &str) {
        for side in sides() {
            let done = self.play(&side, environment, arguments);
            let log = fs::read_to_string(self.file("log")).unwrap_or_default();
            assert_eq!(
                done.stdout, expected,
                "{} {environment:?} {arguments:?}\n{}{log}",
                side.name, done.stderr
            );
            done.expect_success();
            let _ = fs::remove_file(self.file("log"));
        }
    }

    fn record(&self) -> String {
        fs::read_to_string(self.file("record")).unwrap_or_default()
    }
}

const POOL: &str = "rc 0 uid 1 primary 7 secondary 8 9 lease lease%3dname\n";
const STATIC: &str = "rc 0 uid 1 primary 7 secondary lease none\n";
const REFUSED: &str = "rc 1 uid -1 primary secondary lease none\n";

/// What the account program prints when every call has this outcome.
fn twice(outcome: &str) -> String {
    format!("version 1.6.6\n{outcome}{outcome}")
}

#[test]
fn an_account_is_found_for_pem_text_as_the_policies_of_the_environment_say() {
    let Some(pki) = pki() else {
        skip!("the tools that make certificates are not installed");
    };
    let place = Place::new(&our_headers());
    let pem = pki.join("certs/alice.pem");
    let account = ["account", pem.to_str().unwrap(), "3"];
    place.expect(&[], &account, &twice(POOL));
    assert!(
        place.record().contains("arg mapcounter=3"),
        "{}",
        place.record()
    );
    for (policies, outcome) in [
        ("", POOL),
        ("static", STATIC),
        ("failing:static", STATIC),
        ("none:\"static\"", STATIC),
        ("failing", REFUSED),
        ("none", REFUSED),
        ("1:2:3:4:5:6:7:8:static", STATIC),
        ("1:2:3:4:5:6:7:8:9:static", REFUSED),
    ] {
        place.expect(
            &[("LCMAPS_POLICY_NAME", policies)],
            &account,
            &twice(outcome),
        );
    }
    place.expect(&[], &["account", "-", "-1"], &twice(REFUSED));
    let noise = place.file("lcmaps.db");
    place.expect(
        &[],
        &["account", noise.to_str().unwrap(), "-1"],
        &twice(REFUSED),
    );
}

#[test]
fn an_account_is_verified_by_user_id_and_by_group_id_if_asked_to() {
    let Some(pki) = pki() else {
        skip!("the tools that make certificates are not installed");
    };
    let place = Place::new(&our_headers());
    let pem = pki.join("certs/alice.pem");
    let pem = pem.to_str().unwrap();
    let right = "verify 0\nvariadic 0\none argument 1\n";
    let wrong = "verify 1\nvariadic 1\none argument 1\n";
    let of_kind = |kind| [("LCMAPS_VERIFY_TYPE", kind)];
    place.expect(&[], &["verify", pem, "1", "99"], right);
    place.expect(&[], &["verify", pem, "2", "7"], wrong);
    place.expect(&of_kind("uid"), &["verify", pem, "1", "99"], right);
    place.expect(&of_kind("uid_pgid"), &["verify", pem, "1", "7"], right);
    place.expect(&of_kind("uid_pgid"), &["verify", pem, "1", "99"], wrong);
    place.expect(&of_kind("all"), &["verify", pem, "1", "7"], wrong);
    place.expect(&[], &["verify", "-", "1", "7"], wrong);
    place.expect(
        &[("LCMAPS_POLICY_NAME", "failing")],
        &["verify", pem, "1", "7"],
        wrong,
    );
}

#[test]
fn a_name_with_fqans_gets_its_lease_and_an_account_without_one_where_that_will_do() {
    let place = Place::new(&our_headers());
    let user = ["without_gsi", "/CN=user", "/vo", "/vo/group"];
    place.expect(&[], &user, &POOL.repeat(3));
    let record = place.record();
    for counter in [-1, 7, 8] {
        assert!(
            record.contains(&format!("arg mapcounter={counter}")),
            "{record}"
        );
    }
    assert!(record.contains("arg nfqan=2"), "{record}");
    let environment = [("LCMAPS_POLICY_NAME", "static")];
    place.expect(
        &environment,
        &user[..2],
        &[REFUSED, REFUSED, STATIC].concat(),
    );
    let environment = [("LCMAPS_POLICY_NAME", "failing")];
    place.expect(&environment, &user, &REFUSED.repeat(3));
}

#[test]
fn gss_assist_gridmap_maps_by_all_policies_whatever_the_environment_names() {
    let place = Place::new(&our_headers());
    let environment = [("LCMAPS_POLICY_NAME", "failing")];
    for library in [
        "lcmaps_gss_assist_gridmap",
        "lcmaps_gss_assist_gridmap_without_gsi",
    ] {
        let expected = "rc 0 user daemon\nwithout a place 1\n";
        place.expect(&environment, &["gridmap", library, "/CN=user"], expected);
    }
}

#[test]
fn gss_assist_gridmap_logs_to_standard_error_and_says_when_it_begins_and_ends() {
    let place = Place::new(&our_headers());
    let arguments = ["gridmap", "lcmaps_gss_assist_gridmap", "/CN=user"];
    for side in sides() {
        let said = place.play(&side, &[], &arguments).stderr;
        for part in [
            "Using globus_gss_assist_gridmap interface of LCMAPS",
            "Starting policy: pool",
            "globus_gss_assist_gridmap interface of LCMAPS done",
        ] {
            assert!(said.contains(part), "{}: {said}", side.name);
        }
    }
}

#[test]
fn a_companion_whose_library_cannot_start_says_so_and_leaves_nothing_behind() {
    let place = Place::new(&our_headers());
    let pem = place.file("lcmaps.db");
    let pem = pem.to_str().unwrap();
    // The original frees memory that it never got.
    let ours = &sides()[0];
    let broken = [("LCMAPS_DB_FILE", "/nonexistent")];
    let done = place.play(ours, &broken, &["account", pem, "-1"]);
    assert_eq!(done.stdout, twice(REFUSED), "{}", done.stderr);
    let done = place.play(ours, &broken, &["verify", pem, "1", "7"]);
    assert_eq!(
        done.stdout, "verify 1\nvariadic 1\none argument 1\n",
        "{}",
        done.stderr
    );
    let done = place.play(
        ours,
        &broken,
        &["gridmap", "lcmaps_gss_assist_gridmap", "/CN=x"],
    );
    assert_eq!(
        done.stdout, "rc 1 user none\nwithout a place 1\n",
        "{}",
        done.stderr
    );
}

#[test]
fn a_policy_list_with_an_open_quote_is_refused() {
    let place = Place::new(&our_headers());
    let environment = [("LCMAPS_POLICY_NAME", "static:\"pool")];
    let done = place.play(&sides()[0], &environment, &["without_gsi", "/CN=user"]);
    assert_eq!(done.stdout, REFUSED.repeat(3), "{}", done.stderr);
}

#[test]
fn programs_compiled_with_either_set_of_headers_run_with_either_implementation() {
    let Some(original) = original_headers() else {
        skip!("the original's headers are not installed (Debian: liblcmaps-dev)");
    };
    let Some(pki) = pki() else {
        skip!("the tools that make certificates are not installed");
    };
    let pem = pki.join("certs/alice.pem");
    let pem = pem.to_str().unwrap();
    let place = Place::new(&original);
    place.expect(&[], &["account", pem, "3"], &twice(POOL));
    place.expect(
        &[],
        &["verify", pem, "1", "7"],
        "verify 0\nvariadic 0\none argument 1\n",
    );
    for headers in [original, our_headers()] {
        for (linked, other) in [(3, 0), (0, 3)] {
            let sides = sides();
            let (Some(linked), Some(other)) = (sides.get(linked), sides.get(other)) else {
                skip!("the original's companions are not installed");
            };
            let program = linked_program(&place, &headers, linked);
            for side in [linked, other] {
                let mut command = place.command(&program, side);
                let done = run(command.arg("account").arg(&side.directory).args([pem, "3"]));
                assert_eq!(done.stdout, twice(POOL), "{}: {}", side.name, done.stderr);
                done.expect_success();
            }
        }
    }
}

/// The program linked to the libraries of a side.
fn linked_program(place: &Place, headers: &Path, side: &Side) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("c-api/companions.c");
    let directory = format!("-L{}", side.directory.display());
    let flags = [
        &directory,
        "-l:liblcmaps_return_account_from_pem.so.0",
        "-l:liblcmaps.so.0",
        "-Wl,--allow-shlib-undefined",
        "-Wno-unused-value",
        "-Wno-unused-function",
    ];
    compile(
        place.directory.path(),
        "linked",
        &source,
        Headers::In(headers),
        &flags,
    )
}

#[test]
fn the_lease_of_a_globus_credential_and_of_the_peer_of_a_context_is_returned_if_it_fits() {
    if !Path::new("/usr/include/globus/gssapi.h").exists() {
        skip!("the headers of Globus are not installed (Debian: libglobus-gssapi-gsi-dev)");
    }
    let Some(pki) = pki() else {
        skip!("the tools that make certificates are not installed");
    };
    let place = Place::new(&our_headers());
    let credential = place.file("credential.pem");
    let part = |name: &str| fs::read(pki.join(name)).unwrap();
    fs::write(
        &credential,
        [part("certs/alice.pem"), part("keys/alice.key")].concat(),
    )
    .unwrap();
    fs::set_permissions(&credential, Permissions::from_mode(0o600)).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("c-api/context.c");
    let flags = [
        "-Wno-unused-value",
        "-lglobus_gssapi_gsi",
        "-lglobus_common",
    ];
    for headers in [Some(our_headers()), original_headers()]
        .into_iter()
        .flatten()
    {
        let program = compile(
            place.directory.path(),
            "context",
            &source,
            Headers::In(&headers),
            &flags,
        );
        let sides = sides();
        // The original's companion needs what only the original's library has.
        for side in sides
            .iter()
            .filter(|side| !side.name.ends_with("over our library"))
        {
            let mut command = place.command(&program, side);
            command.env("X509_CERT_DIR", pki.join("certificates"));
            command.arg(side.directory.join("liblcmaps_return_poolindex.so.0"));
            let done = run(command.arg(&credential));
            let log = fs::read_to_string(place.file("log")).unwrap_or_default();
            assert_eq!(
                done.stdout,
                "credential 0 lease%3dname\ncontext 0 lease%3dname\nno room 1 untouched\n",
                "{}: {}{log}",
                side.name,
                done.stderr
            );
        }
    }
}

#[test]
fn the_library_without_gsi_has_no_arguments_for_certificates() {
    let place = Place::new(&our_headers());
    let policy = format!(
        "path = {}\nask = \"tp2.mod -adduid 1 -addpgid 7 -addpool x -ask pem_string \\\"char *\\\"\"\n\
         m = \"tp3.mod\"\nonly:\nask -> m\n",
        place.directory.path().display()
    );
    fs::write(place.file("lcmaps.db"), policy).unwrap();
    let user = ["without_gsi", "/CN=user"];
    place.expect(&[], &user, &REFUSED.repeat(3));
    let gridmap = |library| ["gridmap", library, "/CN=user"];
    let refused = "rc 1 user none\nwithout a place 1\n";
    place.expect(
        &[],
        &gridmap("lcmaps_gss_assist_gridmap_without_gsi"),
        refused,
    );
    let mapped = "rc 0 user daemon\nwithout a place 1\n";
    place.expect(&[], &gridmap("lcmaps_gss_assist_gridmap"), mapped);
}

#[test]
fn a_memory_checker_finds_nothing_wrong_with_the_companions() {
    if !has_program("valgrind") {
        skip!("valgrind is not installed");
    }
    let Some(pki) = pki() else {
        skip!("the tools that make certificates are not installed");
    };
    let place = Place::new(&our_headers());
    let pem = pki.join("certs/alice.pem");
    let pem = pem.to_str().unwrap();
    let ours = &sides()[0];
    for arguments in [
        &["account", pem, "3"][..],
        &["verify", pem, "1", "7"],
        &["without_gsi", "/CN=user", "/vo"],
        &["gridmap", "lcmaps_gss_assist_gridmap", "/CN=user"],
    ] {
        let mut command = place.command(Path::new("valgrind"), ours);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(["-q", "--error-exitcode=9"]);
        command.arg(place.file("program")).arg(arguments[0]);
        let done = run(command.arg(&ours.directory).args(&arguments[1..]));
        assert_eq!(
            done.status.code(),
            Some(0),
            "{arguments:?}: {}",
            done.stderr
        );
    }
}
