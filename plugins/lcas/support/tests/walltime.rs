//! Wall-clock time: what requests ask for, and who gets how much.

use std::fs;
use std::path::Path;

use lc_module::{Failure, Words};
use lcas_module_support::walltime::{Limit, WallTime, Wanted, wanted};
use lcas_module_support::{FindFile, Severity};

fn asks(text: &str) -> Result<Wanted, String> {
    wanted(Some(text.as_bytes())).map_err(|failure| failure.to_string())
}

#[test]
fn every_occurrence_of_either_attribute_counts() {
    for (text, minutes) in [
        ("&(executable=a)(maxWallTime=60)", 60),
        ("&(max_wall_time=60)(MAXTIME=\"90\")", 90),
        ("&(maxtime=5)(maxTime=7)", 7),
        ("&(maxWallTime=10)(&(count=1)(maxWallTime=20))", 20),
        ("+(&(maxWallTime=10))(&(maxWallTime=20))", 20),
        ("|(maxWallTime=10)(maxTime=30)", 30),
        ("&(rsl_substitution=(T 15))(maxWallTime=$(T))", 15),
        ("maxWallTime=007", 7),
    ] {
        assert_eq!(asks(text), Ok(Wanted::Minutes(minutes)), "{text}");
    }
}

#[test]
fn a_way_without_a_time_is_a_request_without_a_time() {
    for (text, most) in [
        ("&(executable=a)", 0),
        ("+(&(maxWallTime=10))(&(count=1))", 10),
        ("|(maxWallTime=10)(count=1)", 10),
        ("&(maxWallTime=0)", 0),
        ("&(maxWallTime=60)(maxTime=0)", 60),
        ("&(maxCpuTime=5)", 0),
        ("", 0),
        (" \n", 0),
    ] {
        assert_eq!(asks(text), Ok(Wanted::Unnamed(most)), "{text}");
    }
    assert_eq!(wanted(None).ok(), Some(Wanted::Unnamed(0)));
}

#[test]
fn what_is_no_number_of_minutes_is_refused() {
    for text in [
        "&(maxWallTime=-1)",
        "&(maxWallTime=\"\")",
        "&(maxWallTime=\" 60\")",
        "&(maxWallTime=1.5)",
        "&(maxWallTime=1e3)",
        "&(maxWallTime=0x10)",
        "&(maxWallTime=60m)",
        "&(maxWallTime=1:00)",
        "&(maxWallTime=18446744073709551616)",
        "&(maxWallTime=99999999999999999999999999999999)",
        "&(maxWallTime=10 20)",
        "&(maxWallTime=(10))",
        "&(maxWallTime!=10)",
        "&(maxWallTime<10)",
        "&(maxWallTime>=10)",
        "&(maxWallTime=$(T))",
        "&(maxWallTime=10)(maxTime=x)",
        "&(maxWallTime=10)(+(&(max_walltime=x)))",
        "&(maxWallTime=10",
        "RSL",
        "/bin/sh",
    ] {
        assert!(asks(text).is_err(), "{text}");
    }
}

fn rule(words: &[&str]) -> Result<WallTime, Failure> {
    let words: Vec<_> = words
        .iter()
        .map(|word| std::ffi::CString::new(*word).expect("a word"))
        .collect();
    let words: Vec<_> = words.iter().map(|word| word.as_c_str()).collect();
    let find: FindFile<'_> = &|name| Ok(Path::new(name.to_str().expect("UTF-8")).to_owned());
    WallTime::configure(Words::new(&words), find)
}

fn admits(words: &[&str], request: Option<&str>) -> bool {
    let rule = rule(words).expect("options");
    let limit = rule.limit([&b"/CN=a"[..]].into_iter()).expect("a limit");
    let wanted = wanted(request.map(str::as_bytes)).expect("a request");
    rule.admit(wanted, &limit).is_ok()
}

#[test]
fn the_limit_itself_is_granted() {
    assert!(admits(&["-max", "60"], Some("&(maxTime=60)")));
    assert!(!admits(&["-max", "60"], Some("&(maxTime=61)")));
    assert!(!admits(
        &["-max", "60"],
        Some("&(maxTime=18446744073709551615)")
    ));
}

#[test]
fn a_request_without_a_time_is_refused_unless_the_option_says_otherwise() {
    for request in [None, Some(""), Some("&(count=1)"), Some("&(maxTime=0)")] {
        assert!(!admits(&["-max", "60"], request));
        assert!(!admits(&["-max", "60", "-default", "refuse"], request));
        assert!(admits(&["-max", "60", "-default", "allow"], request));
        assert!(admits(&["-max", "60", "-default", "60"], request));
        assert!(!admits(&["-max", "60", "-default", "61"], request));
    }
    // The part that does name a time is held to the limit all the same.
    let request = Some("|(maxTime=61)(count=1)");
    assert!(!admits(&["-max", "60", "-default", "allow"], request));
    assert!(!admits(&["-max", "60", "-default", "5"], request));
}

#[test]
fn options_without_sense_are_refused() {
    for words in [
        &[][..],
        &["-max"],
        &["-max", "0"],
        &["-max", "x"],
        &["-max", "-5"],
        &["-default", "60"],
        &["-max", "60", "-default", "0"],
        &["-max", "60", "-default", "maybe"],
        &["-max", "60", "-minutes"],
        &["-max", "60", "-max", "600"],
        &["-max", "60", "-default", "5", "-default", "allow"],
        &["-limits", "/nonexistent/limits"],
        &["-max", "60", "-vomsdir", "relative"],
    ] {
        assert!(rule(words).is_err(), "{words:?}");
    }
}

fn limits(text: &str, names: &[&str], max: bool) -> Result<Limit, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("limits");
    fs::write(&path, text).expect("a file");
    let path = path.display().to_string();
    let mut words = vec!["-limits", &path];
    if max {
        words.extend(["-max", "5"]);
    }
    let rule = rule(&words).expect("options");
    rule.limit(names.iter().map(|name| name.as_bytes()))
        .map_err(|failure| failure.to_string())
}

#[test]
fn the_first_line_that_fits_one_of_the_names_counts() {
    const FILE: &str = "# limits\n\"/C=NL/CN=Jane Doe\" 100\n\"/vo/Role=production*\" 4320\n/vo/* 2880\n\"/C=NL/*\" 60\n";
    let minutes = |names: &[&str]| limits(FILE, names, true).map(|limit| limit.minutes);
    assert_eq!(
        minutes(&["/C=NL/CN=Jane Doe", "/vo/Role=production"]),
        Ok(100)
    );
    assert_eq!(
        minutes(&["/C=NL/CN=John", "/vo/x", "/vo/Role=production"]),
        Ok(4320)
    );
    assert_eq!(minutes(&["/C=NL/CN=John", "/vo/x"]), Ok(2880));
    assert_eq!(minutes(&["/C=NL/CN=John"]), Ok(60));
    assert_eq!(minutes(&["/C=DE/CN=John"]), Ok(5));
    assert!(limits(FILE, &["/C=DE/CN=John"], false).is_err());
}

#[test]
fn a_line_that_cannot_be_understood_refuses_everybody() {
    for bad in [
        "\"/vo/*\"",
        "\"/vo/*\" many",
        "\"/vo/*\" -5",
        "\"/vo/*\" .60",
        "\"/vo/*\" 60\r",
    ] {
        let file = format!("/C=x 1\n{bad}\n* 60\n");
        let error = limits(&file, &["/vo/a"], true).expect_err("refused");
        assert!(error.contains("limits:2: "), "{error}");
        assert!(limits(&file, &["/CN=a"], true).is_err(), "{bad}");
    }
    // Without its quotes the line is one of somebody else, who would not be the one to be limited.
    for bad in [
        "/CN=Jane Doe 5",
        "\"/CN=a\" 5 6",
        "\"/CN=a\"5",
        "\"/CN=a\" 5 \"/CN=b\" 6",
    ] {
        assert!(
            limits(&format!("{bad}\n"), &["/CN=Jane Doe"], true).is_err(),
            "{bad}"
        );
    }
    assert_eq!(
        limits("\"/CN=a\" 7 # x\n", &["/CN=a"], true).map(|limit| limit.minutes),
        Ok(7)
    );
    assert!(limits("\"/vo/* 60\n* 60\n", &["/CN=a"], true).is_err());
}

#[test]
fn findings_name_the_line_and_the_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("limits");
    fs::write(&path, "\"/a\" 5\n  /b many\nvo 7\n* 60\n").expect("a file");
    let name = path.display().to_string();
    let rule = rule(&["-limits", &name, "-dn_only"]).expect("options");
    let places: Vec<_> = (rule.findings().iter())
        .map(|one| (one.severity, one.line, one.column))
        .collect();
    assert_eq!(
        places,
        [
            (Severity::Error, Some(2), Some(3)),
            (Severity::Warning, Some(3), Some(1)),
        ]
    );
}
