//! Options about limited proxies and lifetimes.

mod site;

use std::process::Command;

use lcmaps_module_test::real::{libraries, own_library};
use site::{ORIGINAL, Pki, both, ours};

const PARTS: [&str; 3] = ["base", "proxies", "voms"];

#[test]
fn child() {
    lcmaps_module_test::real::child();
}

/// Each of these gets the verdict in every library from both modules.
fn verdicts(options: &str, cases: &[(&str, bool)]) {
    let Some(pki) = Pki::with(&PARTS) else { return };
    for library in libraries() {
        for module in both() {
            let question = pki.ask(&library, &module, options);
            for (name, lets_in) in cases {
                let verdict = question.about(&pki.proxy(name));
                let place = format!("{} in {}", module.display(), library.display());
                assert_eq!(
                    verdict.lets_in, *lets_in,
                    "{name} with {options}, {place}:\n{}",
                    verdict.log
                );
            }
        }
    }
}

const LIMITED: [&str; 4] = [
    "alice-rfc-limited",
    "alice-gt3-limited",
    "alice-gt2-limited",
    "alice-rfc-then-lim",
];
const FULL: [&str; 4] = ["alice-rfc", "alice-gt3", "alice-gt2", "alice-eec"];

fn all(limited: bool, full: bool) -> Vec<(&'static str, bool)> {
    let limited = LIMITED.iter().map(|name| (*name, limited));
    limited
        .chain(FULL.iter().map(|name| (*name, full)))
        .collect()
}

#[test]
fn limited_proxies_of_every_kind_are_let_in_by_default() {
    verdicts("", &all(true, true));
    verdicts("--allow-limited-proxy", &all(true, true));
}

#[test]
fn limited_proxies_of_every_kind_can_be_refused() {
    verdicts("--disallow-limited-proxy", &all(false, true));
}

#[test]
fn limited_proxies_of_every_kind_can_be_required() {
    verdicts("--require-limited-proxy", &all(true, false));
}

#[test]
fn options_that_exclude_each_other_fail_the_start() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    for library in libraries() {
        for module in both() {
            for (options, starts) in [
                ("--disallow-limited-proxy --require-limited-proxy", false),
                ("--require-limited-proxy --disallow-limited-proxy", false),
                ("--no-such-option", false),
                ("--max-proxy-level-ttl=0", false),
                ("--max-proxy-level-ttl=0 0:00", false),
                ("--max-voms-ttl 1", false),
                ("--max-voms-ttl", false),
                ("-certdir /no/such/folder", false),
                ("--ALLOW-LIMITED-PROXY --Max-Voms-TTL 01d-12:00", true),
                (
                    "--max-proxy-level-ttl@l 99d-99:99 --max-proxy-level-ttl=1999 1:00",
                    true,
                ),
            ] {
                let place = format!("{} in {}", module.display(), library.display());
                assert_eq!(
                    pki.ask(&library, &module, options).starts(),
                    starts,
                    "{options}, {place}:\n{}",
                    pki.ask(&library, &module, options).log_of_start()
                );
            }
        }
    }
}

#[test]
fn the_lifetime_of_each_level_can_be_limited() {
    // One year; below it 30 days; no proxy.
    let (year, month, none) = ("alice-rfc", "alice-rfc2", "alice-eec");
    for (options, expected) in [
        ("--max-proxy-level-ttl=0 48:00", [false, false, true]),
        ("--max-proxy-level-ttl=1 48:00", [true, false, true]),
        ("--max-proxy-level-ttl@1 31d-00:00", [true, true, true]),
        ("--max-proxy-level-ttl=2 0:01", [true, true, true]),
        (
            "--max-proxy-level-ttl=1 0:01 --max-proxy-level-ttl=1 31d-00:00",
            [true, true, true],
        ),
        (
            "--max-proxy-level-ttl=1 31d-00:00 --max-proxy-level-ttl=1 0:01",
            [true, false, true],
        ),
    ] {
        let names = [year, month, none];
        let cases: Vec<_> = names.into_iter().zip(expected).collect();
        verdicts(options, &cases);
    }
}

#[test]
fn a_level_that_is_no_number_fails_the_start() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    for library in libraries() {
        for module in both() {
            for option in ["=x", "=", "=1x", "=+1", "@-1", "=2000"] {
                let options = format!("--max-proxy-level-ttl{option} 48:00");
                // The C module takes all that is no number for level 0, and a number for what follows it.
                let accepts = module != ours() && !option.contains(['-', '2']);
                let starts = pki.ask(&library, &module, &options).starts();
                assert_eq!(starts, accepts, "{options} {}", module.display());
            }
        }
    }
}

#[test]
fn a_limit_that_is_no_time_is_told_with_the_form_and_the_greatest() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    let Some(library) = own_library() else { return };
    for limit in ["100d-00:00", "24", "1d-1:00"] {
        let options = format!("--max-proxy-level-ttl=L {limit}");
        let log = pki.ask(&library, &ours(), &options).log_of_start();
        assert!(
            log.contains("from 0:01 to 99d-99:99") && log.contains("[DDd-][H]H:MM"),
            "{limit}:\n{log}"
        );
    }
}

#[test]
fn the_limit_of_the_leaf_replaces_that_of_its_level() {
    let (year, month) = ("alice-rfc", "alice-rfc2");
    for (options, expected) in [
        ("--max-proxy-level-ttl=L 31d-00:00", [false, true]),
        ("--max-proxy-level-ttl=l 29d-00:00", [false, false]),
        (
            "--max-proxy-level-ttl=L 31d-00:00 --max-proxy-level-ttl=1 0:01",
            [false, true],
        ),
        (
            "--max-proxy-level-ttl=1 0:01 --max-proxy-level-ttl=L 31d-00:00",
            [false, true],
        ),
        (
            "--max-proxy-level-ttl=L 31d-00:00 --max-proxy-level-ttl=0 0:01",
            [false, false],
        ),
    ] {
        let cases: Vec<_> = [year, month].into_iter().zip(expected).collect();
        verdicts(options, &cases);
    }
}

#[test]
fn a_refusal_names_the_level_and_both_times() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    let Some(library) = own_library() else { return };
    let question = pki.ask(&library, &ours(), "--max-proxy-level-ttl=L 24:00");
    let log = question.about(&pki.proxy("alice-rfc2")).log;
    assert!(
        log.contains("proxy level 1 (the last one) valid 720 h"),
        "{log}"
    );
    assert!(
        log.contains("limit 24 h: /C=NL/O=TestGrid/OU=Users/CN=Alice Tester/CN="),
        "{log}"
    );
}

#[test]
fn lifetimes_alone_can_be_enforced() {
    let only = "--only-enforce-lifetime-checks";
    // Neither who signed nor the key is looked at.
    verdicts(
        only,
        &[
            ("alice-rfc", true),
            ("revoked-rfc", true),
            ("mallory-rfc", true),
        ],
    );
    verdicts(
        &format!("{only} --max-proxy-level-ttl=L 48:00"),
        &[("alice-rfc", false), ("alice-eec", true)],
    );
    let Some(pki) = Pki::with(&PARTS) else { return };
    for library in libraries() {
        for module in both() {
            let verdict = pki
                .ask(&library, &module, only)
                .about(&pki.text("certs/alice.pem"));
            assert!(verdict.lets_in, "{}:\n{}", module.display(), verdict.log);
        }
        // The C module refuses everybody with these two.
        let options = format!("{only} --require-limited-proxy");
        let question = pki.ask(&library, &ours(), &options);
        assert!(question.about(&pki.proxy("alice-rfc-limited")).lets_in);
        assert!(!question.about(&pki.proxy("alice-rfc")).lets_in);
    }
}

/// A proxy of Alice with attributes that are valid for 2 hours.
fn short_attributes(pki: &Pki) -> String {
    let out = pki.path("short.pem");
    let status = Command::new("voms-proxy-fake")
        .args([
            "-quiet",
            "-rfc",
            "-newformat",
            "-hours",
            "24",
            "-vomslife",
            "2",
        ])
        .args(["-voms", "testvo", "-uri", "voms.testgrid.example:15000"])
        .args(["-fqan", "/testvo/Role=NULL/Capability=NULL"])
        .arg("-cert")
        .arg(pki.path("certs/alice.pem"))
        .arg("-key")
        .arg(pki.path("keys/alice.key"))
        .arg("-certdir")
        .arg(pki.path("certificates"))
        .arg("-hostcert")
        .arg(pki.path("certs/voms.pem"))
        .arg("-hostkey")
        .arg(pki.path("keys/voms.key"))
        .arg("-out")
        .arg(&out)
        .env("RANDFILE", pki.path("log/rnd"))
        .output()
        .expect("voms-proxy-fake");
    assert!(status.status.success(), "{status:?}");
    // They are not valid yet in the second in which they were made.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    pki.text("short.pem")
}

#[test]
fn the_lifetime_of_attributes_can_be_limited() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    let short = short_attributes(pki);
    for library in libraries() {
        for module in both() {
            for (limit, short_passes) in [("3:00", true), ("1:59", false)] {
                let options = format!("--max-voms-ttl {limit}");
                let question = pki.ask(&library, &module, &options);
                let place = format!("{} in {}, {limit}", module.display(), library.display());
                let verdict = question.about(&short);
                assert_eq!(verdict.lets_in, short_passes, "{place}:\n{}", verdict.log);
                // Those of a year are too long; none, or none that hold, are fine.
                assert!(!question.about(&pki.proxy("voms-basic")).lets_in, "{place}");
                for name in ["alice-rfc", "voms-evil", "voms-ac-expired"] {
                    assert!(question.about(&pki.proxy(name)).lets_in, "{name} {place}");
                }
            }
        }
    }
    let Some(library) = own_library() else { return };
    let log = pki
        .ask(&library, &ours(), "--max-voms-ttl 1:00")
        .about(&short)
        .log;
    let expected = "the attribute certificate of VO testvo is valid 2 h, limit 1 h";
    assert!(log.contains(expected), "{log}");
}

#[test]
fn a_missing_crl_and_namespaces_follow_their_options() {
    let Some(pki) = Pki::with(&PARTS) else { return };
    let Some(library) = own_library() else { return };
    let lets_in = |options: &str, name: &str| {
        pki.ask(&library, &ours(), options)
            .about(&pki.proxy(name))
            .lets_in
    };
    assert!(!lets_in("", "outside-rfc") && !lets_in("--namespaces on", "outside-rfc"));
    assert!(lets_in("--namespaces off", "outside-rfc"));
    assert!(lets_in("--namespaces require --require-crl", "alice-rfc"));
    assert!(!pki.ask(&library, &ours(), "--namespaces maybe").starts());
    // A folder with the CA alone. The last folder counts.
    let bare = pki.path("bare");
    std::fs::create_dir_all(&bare).expect("a folder");
    for entry in std::fs::read_dir(pki.path("certificates")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "0") {
            std::fs::copy(&path, bare.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    let bare = format!("-cadir {}", bare.display());
    assert!(
        lets_in(&bare, "revoked-rfc"),
        "nothing says that it is revoked"
    );
    assert!(!lets_in(&format!("{bare} --require-crl"), "alice-rfc"));
    assert!(!lets_in(
        &format!("{bare} --namespaces require"),
        "alice-rfc"
    ));
    if both().len() == 2 {
        let verdict = pki
            .ask(&library, ORIGINAL.as_ref(), &bare)
            .about(&pki.proxy("revoked-rfc"));
        assert!(verdict.lets_in, "{}", verdict.log);
    }
}
