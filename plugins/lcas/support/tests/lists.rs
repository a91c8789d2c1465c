//! Lists of users and policies about attributes, and what a check says of them.

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};

use lc_gacl::VomsAttribute;
use lc_module::{Failure, Words};
use lcas_module_support::{DnList, FindFile, Listing, Severity, VomsOptions, VomsUser, check};
use tempfile::TempDir;

struct Files(TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        Self(folder)
    }

    fn with<T>(&self, words: &[&str], run: impl FnOnce(Words<'_>, FindFile<'_>) -> T) -> T {
        let words: Vec<_> = words
            .iter()
            .map(|word| CString::new(*word).expect("a word"))
            .collect();
        let words: Vec<_> = words.iter().map(|word| word.as_c_str()).collect();
        let find = |name: &std::ffi::CStr| -> Result<PathBuf, Failure> {
            let path = self.0.path().join(name.to_str().expect("UTF-8"));
            if path.exists() {
                Ok(path)
            } else {
                Err(Failure::error(format_args!(
                    "there is no file {}",
                    path.display()
                )))
            }
        };
        run(Words::new(&words), &find)
    }

    fn list(&self, words: &[&str]) -> Result<DnList, Failure> {
        self.list_that(Listing::Allows, words)
    }

    fn list_that(&self, listing: Listing, words: &[&str]) -> Result<DnList, Failure> {
        self.with(words, |words, find| {
            DnList::configure(
                listing,
                words,
                || Ok(Path::new("/nonexistent").to_owned()),
                find,
            )
        })
    }

    fn policy(&self, words: &[&str]) -> Result<VomsOptions, Failure> {
        self.with(words, VomsOptions::configure)
    }
}

fn listed(text: &str, words: &[&str], dn: &str) -> Result<Option<u32>, String> {
    let files = Files::new(&[("f", text)]);
    let list = files
        .list(&[words, &["f"]].concat())
        .map_err(|failure| failure.to_string())?;
    let found = list
        .find(dn.as_bytes())
        .map_err(|failure| failure.to_string())?;
    Ok(found.map(|found| found.line))
}

#[test]
fn names_are_compared_letter_by_letter() {
    let file = "# users\n\n  \"/O=Grid/CN=Jane Doe\" account\n/O=Grid/CN=short x\n\"/O=Grid/*\"\n";
    assert_eq!(listed(file, &[], "/O=Grid/CN=Jane Doe"), Ok(Some(3)));
    assert_eq!(listed(file, &[], "/O=Grid/CN=short"), Ok(Some(4)));
    assert_eq!(listed(file, &[], "/O=Grid/CN=John"), Ok(None));
    assert_eq!(listed(file, &[], "/o=grid/cn=jane doe"), Ok(None));
    assert_eq!(
        listed(file, &["-wildcards"], "/O=Grid/CN=John"),
        Ok(Some(5))
    );
    assert_eq!(
        listed("/O=x/CN=Jane Doe\n", &[], "/O=x/CN=Jane Doe"),
        Ok(None)
    );
}

/// Whether a ban list lets a user pass.
fn passes(text: &str, dn: &str) -> Result<bool, String> {
    let files = Files::new(&[("f", text)]);
    let list = files.list_that(Listing::Bans, &["f"]).expect("a list");
    let found = list
        .find(dn.as_bytes())
        .map_err(|failure| failure.to_string())?;
    Ok(found.is_none())
}

#[test]
fn a_ban_that_leaves_open_whom_it_means_refuses_everybody() {
    for text in [
        "/C=NL/O=x/CN=Alice Tester\n",
        "\"/C=NL/CN=a\" \"/C=NL/O=x/CN=Alice Tester\"\n",
        "\"/C=NL/CN=a\"\n\"/C=NL/O=x/CN=Alice\" Tester x\n",
        "\"/C=NL/O=x/CN=Alice\"Tester\"\n",
    ] {
        for dn in ["/C=NL/O=x/CN=Alice Tester", "/CN=other"] {
            let refused = passes(text, dn).expect_err(text);
            assert!(refused.contains("put the DN in double quotes"), "{refused}");
        }
    }
    assert_eq!(
        passes(
            "\"/CN=a b\" account # x\n\"/CN=c\" .pool\n/CN=d\r\n",
            "/CN=z"
        ),
        Ok(true)
    );
    assert_eq!(passes("\u{feff}\"/CN=a\"\n", "/CN=a"), Ok(false));
    assert_eq!(passes("\u{feff}/CN=a\n", "/CN=a"), Ok(false));
}

#[test]
fn a_check_calls_a_ban_that_fits_nobody_an_error_and_an_admission_a_warning() {
    for line in [
        "CN=a",
        "CN=a,O=x",
        "'/CN=a'",
        "\"/CN=a \"",
        "\"/CN=a  b\"",
        "/CN=*",
        "/CN=a/CN=proxy",
        "/vo/group",
    ] {
        let files = Files::new(&[("f", line)]);
        let found = |module| {
            findings(&files, module, &["f"])
                .into_iter()
                .map(|one| (one.0, one.1))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("lcas_userban"),
            [(Severity::Error, Some(1))],
            "{line}"
        );
        assert_eq!(
            found("lcas_userallow"),
            [(Severity::Warning, Some(1))],
            "{line}"
        );
    }
}

#[test]
fn a_ban_that_hides_behind_a_lone_carriage_return_is_an_error() {
    let found = |text: &str| {
        let files = Files::new(&[("f", text)]);
        let found = findings(&files, "lcas_userban", &["f"]).into_iter();
        found.map(|one| (one.0, one.1)).collect::<Vec<_>>()
    };
    assert_eq!(found("# x\r\"/CN=a\"\r"), [(Severity::Error, Some(1))]);
    // Blank lines of a file with CR LF are no names.
    assert_eq!(
        found("/CN=a\r\n\r\n\"/CN=b\"\r\n"),
        [(Severity::Warning, Some(1))]
    );
}

#[test]
fn a_name_with_quotes_and_backslashes_is_found_as_it_is_and_with_escapes() {
    let dn = r#"/CN=J\xC3\xA4n "Ace" Test"#;
    assert_eq!(
        listed(r#""/CN=J\xC3\xA4n \"Ace\" Test""#, &[], dn),
        Ok(Some(1))
    );
    assert_eq!(
        listed(r#""/CN=J\\xC3\\xA4n \"Ace\" Test""#, &[], dn),
        Ok(Some(1))
    );
    assert_eq!(listed(r#""/CN=a\"b""#, &[], r#"/CN=a"b"#), Ok(Some(1)));
    assert_eq!(listed(r#""/CN=J\xC3""#, &[], r"/CN=J\xC3"), Ok(Some(1)));
}

#[test]
fn a_ban_holds_with_line_ends_of_another_system() {
    assert_eq!(listed("/CN=a\r\n\"/CN=b\"\r\n", &[], "/CN=a"), Ok(Some(1)));
    assert_eq!(listed("/CN=a\r\n\"/CN=b\"\r\n", &[], "/CN=b"), Ok(Some(2)));
}

#[test]
fn a_line_that_cannot_be_understood_is_an_error() {
    assert!(listed("\"/CN=b\n", &[], "/CN=a").is_err());
    assert_eq!(listed("/CN=a\n\"/CN=b\n", &[], "/CN=a"), Ok(Some(1)));
}

#[test]
fn a_missing_file_or_a_wrong_word_keeps_the_module_from_starting() {
    let files = Files::new(&[("f", "")]);
    for words in [&["missing"][..], &["f", "f"], &["-wildcard", "f"], &[]] {
        assert!(files.list(words).is_err(), "{words:?}");
    }
    assert!(files.list(&["f"]).is_ok());
}

fn user(dn: &str, fqans: &[&str]) -> VomsUser {
    VomsUser {
        dn: Some(dn.as_bytes().to_vec()),
        attributes: fqans
            .iter()
            .map(|fqan| VomsAttribute {
                fqan: fqan.as_bytes().to_vec(),
                server: Some(b"/CN=server".to_vec()),
            })
            .collect(),
    }
}

fn admits(files: &Files, words: &[&str], user: &VomsUser) -> bool {
    let options = files.policy(words).expect("options");
    options.policy().admit(user).is_ok()
}

#[test]
fn a_simple_list_lets_in_whose_attribute_fits_a_line() {
    let files = Files::new(&[(
        "f",
        "\"/vo/Role=production/Capability=NULL\" .p\n\"/vo/sub/*\" .s\n\"/VO=old/GROUP=/old\" .o\n\"/CN=a\" .a\n",
    )]);
    let words = ["-authfile", "f"];
    assert!(admits(
        &files,
        &words,
        &user("/CN=z", &["/vo/Role=production"])
    ));
    assert!(admits(
        &files,
        &words,
        &user("/CN=z", &["/x", "/vo/sub/Role=NULL/Capability=NULL"])
    ));
    assert!(admits(&files, &words, &user("/CN=z", &["/old"])));
    assert!(!admits(&files, &words, &user("/CN=z", &["/vo"])));
    assert!(!admits(&files, &words, &user("/CN=a", &["/vo"])));
    assert!(!admits(&files, &words, &user("/CN=a", &[])));
    let words = ["-authfile", "f", "-use_user_dn"];
    assert!(admits(&files, &words, &user("/CN=a", &["/vo"])));
    assert!(admits(&files, &words, &user("/CN=a", &[])));
    assert!(!admits(&files, &words, &user("/CN=b", &[])));
}

const GACL: &str = "<gacl><entry><voms><fqan>/vo</fqan></voms><allow><read/><write/></allow></entry>\
<entry><person><dn>/CN=friend</dn></person><allow><read/></allow></entry>\
<entry><person><dn>/CN=foe</dn></person><deny><read/></deny></entry></gacl>";

#[test]
fn gacl_lets_in_who_may_read() {
    let files = Files::new(&[("f.gacl", GACL), ("g", GACL)]);
    for words in [
        &["-authfile", "f.gacl"][..],
        &["-authfile", "g", "-authformat", "GACL"],
    ] {
        assert!(admits(&files, words, &user("/CN=z", &["/vo"])));
        assert!(!admits(&files, words, &user("/CN=z", &["/vo/x"])));
        assert!(!admits(&files, words, &user("/CN=z", &[])));
        // Names do not let in, but they keep out.
        assert!(!admits(&files, words, &user("/CN=friend", &["/x"])));
        assert!(!admits(&files, words, &user("/CN=foe", &["/vo"])));
    }
    let words = ["-authfile", "f.gacl", "-use_user_dn"];
    assert!(admits(&files, &words, &user("/CN=friend", &[])));
    assert!(!admits(&files, &words, &user("/CN=foe", &["/vo"])));
    assert!(!admits(&files, &words, &user("/CN=z", &[])));
}

#[test]
fn a_denial_in_gacl_is_told_with_its_line_and_holds_in_every_spelling() {
    let policy = "<gacl>\n<entry><any-user/><allow><read/></allow></entry>\n\
<entry><voms><fqan>/vo/Role=NULL</fqan></voms><deny><read/></deny></entry></gacl>";
    let files = Files::new(&[("f.gacl", policy)]);
    let options = files
        .policy(&["-authfile", "f.gacl", "-use_user_dn"])
        .expect("options");
    for fqan in ["/vo", "/vo/Role=NULL/Capability=NULL"] {
        let refused = options
            .policy()
            .admit(&user("/CN=z", &[fqan]))
            .expect_err(fqan);
        assert!(refused.to_string().contains("f.gacl:3 denies"), "{refused}");
    }
    assert!(
        options
            .policy()
            .admit(&user("/CN=z", &["/vo/Role=r"]))
            .is_ok()
    );
    let files = Files::new(&[(
        "f.gacl",
        "<gacl><entry><person><dn>CN=x</dn></person><deny><read/></deny></entry>\n\
<entry><any-user/><allow><read/></allow></entry></gacl>",
    )]);
    let found = findings(&files, "lcas_voms", &["-authfile", "f.gacl"]);
    assert_eq!(
        found.iter().map(|one| (one.0, one.1)).collect::<Vec<_>>(),
        [(Severity::Error, Some(1))]
    );
}

#[test]
fn a_simple_list_fits_with_each_part_that_is_null() {
    for written in [
        "/vo",
        "/vo/Role=NULL",
        "/vo/Capability=NULL",
        "/vo/Role=NULL/Capability=NULL",
    ] {
        let files = Files::new(&[("f", &format!("\"{written}\"\n"))]);
        for has in ["/vo", "/vo/Role=NULL", "/vo/Role=NULL/Capability=NULL"] {
            assert!(
                admits(&files, &["-authfile", "f"], &user("/CN=z", &[has])),
                "{written} {has}"
            );
        }
        assert!(!admits(
            &files,
            &["-authfile", "f"],
            &user("/CN=z", &["/vo/Role=r"])
        ));
    }
}

#[test]
fn old_policies_of_lcas_are_read_as_they_are() {
    let policy = "<?xml version=\"1.0\"?>\n<gacl version=\"0.0.1\">\n\t<entry>\n\t\t<voms-cred>\n\
\t\t\t<voms>/CN=server</voms>\n\t\t\t<vo>EGEE</vo>\n\t\t\t<group>/EGEE</group>\n\t\t</voms-cred>\n\
\t\t<allow><read/><write/></allow>\n\t\t<deny><admin/></deny>\n\t</entry>\n</gacl>\n";
    let other = policy.replace("/CN=server", "/CN=other");
    let files = Files::new(&[("f.gacl", policy), ("other.gacl", &other)]);
    let member = user("/CN=z", &["/EGEE/Role=NULL/Capability=NULL"]);
    for (option, ours, others) in [
        ("yes", true, false),
        ("always", true, false),
        ("no", false, false),
    ] {
        let words = |file| ["-authfile", file, "-gacl_use_voms_dn", option];
        assert_eq!(admits(&files, &words("f.gacl"), &member), ours, "{option}");
        assert_eq!(
            admits(&files, &words("other.gacl"), &member),
            others,
            "{option}"
        );
    }
}

#[test]
fn what_cannot_be_read_refuses() {
    let files = Files::new(&[
        ("bad.gacl", "<gacl><entry></gacl>"),
        ("bad", "\"/vo\n"),
        ("x.xacml", ""),
    ]);
    assert!(!admits(
        &files,
        &["-authfile", "bad.gacl", "-use_user_dn"],
        &user("/CN=a", &["/vo"])
    ));
    assert!(!admits(
        &files,
        &["-authfile", "bad", "-use_user_dn"],
        &user("/CN=a", &["/vo"])
    ));
    let reason = |words: &[&str]| files.policy(words).expect_err("refused").to_string();
    assert!(reason(&["-authfile", "x.xacml"]).contains("XACML are not read"));
    assert!(reason(&["-authfile", "bad", "-authformat", "xacml"]).contains("XACML are not read"));
    for words in [
        &[][..],
        &["-authfile"],
        &["-authfile", "missing"],
        &["-authfile", "bad", "-authformat", "xml"],
        &["-authfile", "bad", "-gacl_use_voms_dn", "maybe"],
        &["-authfile", "bad", "-vomsdir", "x"],
        &["-authfile", "bad", "-what"],
        &["-authfile", "bad", "-authfile", "bad"],
    ] {
        assert!(files.policy(words).is_err(), "{words:?}");
    }
}

/// Severity, line and the beginning of the text of each finding.
fn findings(files: &Files, module: &str, words: &[&str]) -> Vec<(Severity, Option<u32>, String)> {
    let findings = files.with(words, |words, find| check(module, words, find));
    (findings.expect("a module of ours").into_iter())
        .filter(|one| !one.text.starts_with("there is no such directory"))
        .map(|one| {
            (
                one.severity,
                one.line,
                one.text
                    .split([';', ','])
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            )
        })
        .collect()
}

#[test]
fn a_check_finds_what_a_module_would_stumble_over() {
    let files = Files::new(&[
        (
            "list",
            "/CN=Jane Doe/CN=x x=y\nJane\n\"/CN=*\"\n\"/CN=fine\"\n",
        ),
        ("open", "\"/CN=a\n"),
        (
            "p.gacl",
            "<gacl>\n<entry><dns><hostname>h</hostname></dns><allow><raed/></allow></entry></gacl>",
        ),
        ("q.gacl", "<gacl>\n <foo/></gacl>"),
        ("fine", "\"/CN=fine\"\n"),
    ]);
    let lines = |module: &str, words: &[&str]| -> Vec<_> {
        (findings(&files, module, words).into_iter())
            .map(|(severity, line, _)| (severity, line))
            .collect()
    };
    use Severity::{Error, Warning};
    assert_eq!(
        lines("lcas_userban", &["list"]),
        [(Error, Some(1)), (Error, Some(2)), (Error, Some(3))]
    );
    assert_eq!(
        lines("lcas_userallow", &["list"]),
        [(Warning, Some(1)), (Warning, Some(2)), (Warning, Some(3))]
    );
    assert_eq!(lines("lcas_userallow", &["open"]), [(Error, Some(1))]);
    assert_eq!(lines("lcas_userban", &["missing"]), [(Error, None)]);
    assert_eq!(
        lines("lcas_voms", &["-authfile", "p.gacl"]),
        [(Warning, Some(2)), (Warning, Some(2)), (Error, None)]
    );
    assert_eq!(
        lines("lcas_voms", &["-authfile", "q.gacl"]),
        [(Error, Some(2))]
    );
    assert_eq!(
        lines("lcas_check_executable", &["-exec", "ls"]),
        [(Warning, None)]
    );
    assert_eq!(
        lines("lcas_walltime", &["-max", "60", "-default", "90"]),
        [(Warning, None)]
    );
    assert_eq!(lines("lcas_timeslots", &[]), [(Error, None)]);
    for (module, words) in [
        ("lcas_userban", &["fine"][..]),
        ("lcas_userallow", &["-wildcards", "fine"]),
        ("lcas_voms", &["-authfile", "fine"]),
        ("lcas_check_executable", &["-exec", "/bin/ls:/bin/date"]),
        ("lcas_walltime", &["-max", "60"]),
    ] {
        assert_eq!(findings(&files, module, words), [], "{module}");
    }
    assert!(
        files
            .with(&[], |words, find| check("lcas_lb", words, find))
            .is_none()
    );
}
