//! Random map files, leases and names: the same account, and the same leases afterwards.
//!
//! Avoided: accounts with user id 0 and leases for the empty name (ours refuses them), names with bytes from 0x80 on or control characters (the
//! original garbles lease names), pools with several free accounts (which one is taken differs).

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use support::{is_root, run, scratch, skip};

use crate::cases;
use crate::side::{Side, sides};

/// Names that stand in map files; all but the first ask for an account as well.
const NAMES: [&str; 8] = [
    "",
    "/CN=a",
    "/CN=A",
    "/CN=a b",
    "/O=x/CN=a",
    "/CN=[a]",
    "/CN=a#1",
    "/CN=a\"q",
];
/// Patterns in map files.
const PATTERNS: [&str; 7] = [
    "/CN=*", "*", "/CN=?", "/CN=[ab]", "/O=*a", "/CN=\\*", "/CN=a\\",
];
/// What names are mapped to. The accounts lct* are those of the conformance cases.
const ACCOUNTS: [&str; 9] = [
    "nobody",
    "daemon",
    "lctlocal",
    "nosuchuser",
    ".lctq",
    ".lct",
    ".",
    "a\\ b",
    "daemon,.lctq",
];
/// Files that a pool directory may have.
const ENTRIES: [&str; 5] = ["lctq001", "lctq~1", "root", "%2fcn%3da", "%2fcn%3da%20b"];

/// A line of a map file.
fn line() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        3 => prop::sample::select(&NAMES[..]).prop_map(ToOwned::to_owned),
        2 => prop::sample::select(&PATTERNS[..]).prop_map(ToOwned::to_owned),
    ];
    let quoted = prop_oneof![
        6 => name.clone().prop_map(|name| format!("\"{}\"", name.replace('"', "\\\""))),
        2 => name.clone().prop_map(|name| name.replace(' ', "\\ ")),
        1 => name,
    ];
    let account = prop::sample::select(&ACCOUNTS[..]);
    prop_oneof![
        12 => (quoted.clone(), account).prop_map(|(name, account)| format!("{name} {account}")),
        2 => (quoted.clone(), prop::sample::select(vec!["", "\t", " , ", " # x", "\\"])).prop_map(|(name, rest)| name + rest),
        1 => Just("# comment".to_owned()),
        1 => prop::sample::select(vec!["", "  \t", "\"", "\"/CN=a nobody", "nobody", "\r", "\"/CN=a\"daemon"])
            .prop_map(ToOwned::to_owned),
    ]
}

/// A request with everything it meets.
#[derive(Debug, Clone)]
struct Request {
    mapfile: String,
    module: String,
    /// Files of the pool directory, and for each the number of an entry that it is a link to.
    entries: Vec<(usize, usize)>,
    name: &'static str,
    counter: Option<i32>,
}

fn request() -> impl Strategy<Value = Request> {
    let module = prop_oneof![
        1 => Just("lcmaps_localaccount.mod".to_owned()),
        2 => prop::sample::select(vec![
            "", " -no_wildcard", " -override_inconsistency", " -strict_poolprefix_match no",
            " -max_mappings_per_credential 3", " -strict_poolprefix_match yes -no_wildcard",
        ])
        .prop_map(|options| format!("lcmaps_poolaccount.mod -gridmapdir @DIR@/pool{options}")),
    ];
    let entry = (0..ENTRIES.len(), 0..ENTRIES.len());
    let lines = (
        prop::collection::vec(line(), 0..5),
        prop::option::weighted(0.8, any::<prop::sample::Index>()),
        any::<bool>(),
    );
    let entries = (
        prop::bool::weighted(0.8),
        prop::collection::vec(entry, 0..3),
    );
    let counter = prop::option::weighted(0.3, -2..4);
    (
        lines,
        module,
        entries,
        prop::sample::select(&NAMES[..]),
        counter,
    )
        .prop_map(
            |((mut lines, fitting, closed), module, (pool, mut entries), name, counter)| {
                if let Some(place) = fitting {
                    let account = if module.contains("pool") {
                        ".lctq"
                    } else {
                        "nobody"
                    };
                    lines.insert(
                        place.index(lines.len() + 1),
                        format!("\"{name}\" {account}"),
                    );
                }
                if pool {
                    entries.insert(0, (0, 0));
                }
                let mapfile = lines.join("\n") + if closed { "\n" } else { "" };
                Request {
                    mapfile,
                    module,
                    entries,
                    name,
                    counter,
                }
            },
        )
}

/// Lays out what a request meets.
fn lay_out(request: &Request, directory: &Path) {
    fs::write(directory.join("grid-mapfile"), &request.mapfile).unwrap();
    let pool = directory.join("pool");
    // Absent at the first side.
    let _ = fs::remove_dir_all(&pool);
    fs::create_dir(&pool).unwrap();
    for (file, target) in &request.entries {
        let (file, target) = (pool.join(ENTRIES[*file]), pool.join(ENTRIES[*target]));
        if !target.exists() {
            fs::write(&target, "").unwrap();
        }
        if !file.exists() {
            fs::hard_link(&target, &file).unwrap();
        }
    }
    let policy = format!(
        "path = {0}/standard\nmap = \"{1} -gridmapfile {0}/grid-mapfile\"\nmain:\n~map -> lcmaps_dummy_bad.mod\n",
        directory.display(),
        request
            .module
            .replace("@DIR@", &directory.display().to_string())
    );
    fs::write(directory.join("lcmaps.db"), policy).unwrap();
}

/// The names in the pool directory, those of one file together.
fn leases(directory: &Path) -> Vec<Vec<String>> {
    let mut files: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(directory.join("pool")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        files
            .entry(entry.metadata().unwrap().ino())
            .or_default()
            .push(name);
    }
    let mut groups: Vec<_> = files
        .into_values()
        .map(|mut names| {
            names.sort();
            names
        })
        .collect();
    groups.sort();
    groups
}

/// Results of the driver and leases afterwards.
fn outcome(
    side: &Side,
    request: &Request,
    directory: &Path,
) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    lay_out(request, directory);
    let counter = request.counter.map(|number| number.to_string());
    let mut arguments = vec!["fqans", "--dn", request.name, "--cred"];
    if let Some(counter) = &counter {
        arguments.extend(["--mapcounter", counter]);
    }
    let seen = side.drive(directory, &arguments)?;
    Some((seen.results, leases(directory)))
}

#[test]
fn names_get_the_same_account_and_the_same_lease() {
    let Some((original, mut ours)) = sides() else {
        skip!("the original and its modules are not installed");
    };
    if is_root() {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/lcmaps/mkusers.sh");
        run(Command::new("sh").arg(script)).expect_success();
    }
    let mixed = Side {
        name: "original with our modules",
        modules: ours[1].modules.clone(),
        ..original.clone()
    };
    ours.push(mixed);
    proptest!(cases(100), |(request in request())| {
        // A difference on purpose: the original leases an account to the empty name and a counter.
        prop_assume!(!(request.name.is_empty() && request.counter.is_some()));
        let directory = scratch();
        if let Some(expected) = outcome(&original, &request, directory.path()) {
            for side in &ours {
                let seen = outcome(side, &request, directory.path());
                prop_assert_eq!(Some(&expected), seen.as_ref(), "original, {}:\n{}", side.name, request.mapfile);
            }
        }
    });
}
