//! The cases of `cases.txt`, made with libgridsite: `name|entries|DN or -|FQANs|permissions`.

use lc_gacl::{
    Fault, Legacy, Others, Permissions, Policy, PolicyError, ServerNames, User, VomsAttribute,
};

fn policy(entries: &str, legacy: Legacy) -> Result<Policy, PolicyError> {
    let text = format!("<?xml version=\"1.0\"?>\n<gacl version=\"0.0.1\">{entries}</gacl>\n");
    Policy::read(text.as_bytes(), legacy)
}

fn user(dn: &str, fqans: &str) -> User {
    let user = match dn {
        "-" => User::new(),
        dn => User::new().with_dn(dn.as_bytes()),
    };
    fqans
        .split_whitespace()
        .fold(user, |user, fqan| user.with_fqan(fqan.as_bytes()))
}

fn answer(entries: &str, dn: &str, fqans: &str) -> String {
    policy(entries, Legacy::Refused).map_or("LOADFAIL".to_owned(), |policy| {
        policy.permissions(&user(dn, fqans)).bits().to_string()
    })
}

#[test]
fn the_cases_of_gridsite_give_what_gridsite_gives() {
    let mut cases = 0;
    for line in include_str!("cases.txt").lines() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let parts: Vec<_> = line.split('|').collect();
        let [name, entries, dn, fqans, expected] = parts.as_slice() else {
            panic!("{line:?}");
        };
        assert_eq!(answer(entries, dn, fqans), *expected, "{name}");
        cases += 1;
    }
    assert_eq!(cases, 22);
}

const GIVE: &str = "<allow><read/><write/><admin/></allow>";

#[test]
fn more_that_gridsite_was_asked() {
    let entry = |credentials: &str| format!("<entry>{credentials}{GIVE}</entry>");
    for (credentials, dn, fqans, expected) in [
        ("<cred><auri>dn:/CN=a</auri></cred>", "/CN=a", "", "25"),
        ("<cred><auri>fqan:/vo</auri></cred>", "/CN=a", "/vo", "25"),
        ("<cred><auri>nodn:x</auri></cred>", "/CN=a", "", "0"),
        ("<cred><auri>gacl:any-user</auri></cred>", "/CN=a", "", "1"),
        (
            "<cred><auri>gacl:auth-user</auri></cred>",
            "/CN=a",
            "",
            "25",
        ),
        ("<cred><auri>gacl:auth-user</auri></cred>", "-", "", "0"),
        (
            "<any-user/><person><dn>/CN=a</dn></person>",
            "/CN=a",
            "",
            "25",
        ),
        ("<any-user/><auth-user/>", "/CN=a", "", "25"),
        ("<any-user>x</any-user>", "/CN=a", "", "0"),
        ("<any-user><x/></any-user>", "/CN=a", "", "0"),
        ("<any-user> </any-user>", "/CN=a", "", "1"),
        ("", "-", "", "1"),
        ("<person/>", "/CN=a", "", "0"),
        (
            "<person><email>x</email><dn>/CN=a</dn></person>",
            "/CN=a",
            "",
            "0",
        ),
        ("<person><dn>/CN=a <b>c</b></dn></person>", "/CN=a", "", "0"),
        (
            "<person><dn>/CN=<!-- x -->a</dn></person>",
            "/CN=a",
            "",
            "25",
        ),
        (
            "<person><dn><![CDATA[/CN=a]]></dn></person>",
            "/CN=a",
            "",
            "25",
        ),
        ("<person><dn>/CN=%61</dn></person>", "/CN=a", "", "0"),
        ("<person><dn x='y'>/CN=a</dn></person>", "/CN=a", "", "25"),
        (
            "<person><dn>/Email=a</dn></person>",
            "/emailAddress=a",
            "",
            "0",
        ),
        ("<Person><dn>/CN=a</dn></Person>", "/CN=a", "", "LOADFAIL"),
        ("<voms><fqan> /vo </fqan></voms>", "-", "/vo", "25"),
        ("<voms><vo>vo</vo></voms>", "-", "/vo", "0"),
        ("<dns><hostname>h</hostname></dns>", "/CN=a", "", "0"),
        ("<dn-list><url>http://x</url></dn-list>", "/CN=a", "", "0"),
        ("text<any-user/>", "/CN=a", "", "LOADFAIL"),
        ("<entry><any-user/></entry>", "/CN=a", "", "LOADFAIL"),
    ] {
        assert_eq!(
            answer(&entry(credentials), dn, fqans),
            expected,
            "{credentials}"
        );
    }
    let denied = "<entry><any-user/><deny><read/></deny></entry>";
    let given = entry("<person><dn>/CN=a</dn></person>");
    assert_eq!(answer(&format!("{denied}{given}"), "/CN=a", ""), "24");
    assert_eq!(
        answer("<entry><any-user/><allow><READ/></allow></entry>", "-", ""),
        "0"
    );
    assert_eq!(answer("<entry/><foo/>", "-", ""), "LOADFAIL");
}

#[test]
fn comments_may_stand_everywhere() {
    let entries =
        "<!-- c --><entry><!-- c --><any-user/><!-- c --><allow><!-- c --><read/></allow></entry>";
    assert_eq!(answer(entries, "-", ""), "1");
}

#[test]
fn a_denial_holds_with_and_without_the_null_parts() {
    let all = "<entry><any-user/><allow><read/></allow></entry>";
    let spellings = [
        "/vo/a",
        "/vo/a/Role=NULL",
        "/vo/a/Capability=NULL",
        "/vo/a/Role=NULL/Capability=NULL",
    ];
    for written in spellings {
        let text =
            format!("{all}<entry><voms><fqan>{written}</fqan></voms><deny><read/></deny></entry>");
        let policy = policy(&text, Legacy::Refused).expect("a policy");
        for has in spellings {
            let user = user("/CN=a", has);
            assert_eq!(
                policy.permissions(&user),
                Permissions::empty(),
                "{written} {has}"
            );
            let denial = policy.denial(&user, Permissions::READ);
            assert_eq!(denial.map(|entry| entry.line), Some(2));
        }
        for has in [
            "/vo",
            "/vo/a/b",
            "/vo/a/Role=r",
            "/vo/a/Role=r/Capability=NULL",
        ] {
            let user = user("/CN=a", has);
            assert_eq!(
                policy.permissions(&user),
                Permissions::READ,
                "{written} {has}"
            );
            assert_eq!(policy.denial(&user, Permissions::READ), None);
        }
    }
}

#[test]
fn a_denial_of_what_is_no_permission_makes_the_policy_unusable() {
    for deny in [
        "<READ/>",
        "<raed/>",
        "<read/><frob/>",
        "read",
        "<read><write/></read>",
        "<read>x</read>",
    ] {
        let text = format!("<entry><any-user/><allow><read/></allow><deny>{deny}</deny></entry>");
        assert_eq!(answer(&text, "/CN=a", ""), "LOADFAIL", "{deny}");
    }
}

#[test]
fn names_that_fit_nobody_are_remarked() {
    let remarks = |entry: &str| {
        let policy = policy(&format!("<entry>{entry}</entry>"), Legacy::Refused).expect("a policy");
        policy
            .remarks()
            .iter()
            .map(|one| one.denies)
            .collect::<Vec<_>>()
    };
    for credentials in [
        "<person><dn>/CN=*</dn></person>",
        "<person><dn>\"/CN=a\"</dn></person>",
        "<person><dn>CN=a</dn></person>",
        "<person><dn>/CN=a\n  b</dn></person>",
        "<cred><auri>dn:CN=a</auri></cred>",
        "<voms><fqan>vo</fqan></voms>",
        "<voms><fqan>/vo /vo/x</fqan></voms>",
        "<person><dn>/CN=a</dn></person><person><dn>/CN=b</dn></person>",
        "",
    ] {
        assert_eq!(
            remarks(&format!("{credentials}<deny><read/></deny>")),
            [true],
            "{credentials}"
        );
        assert_eq!(
            remarks(&format!("{credentials}<allow><read/></allow>")),
            [false],
            "{credentials}"
        );
    }
    assert_eq!(remarks("<any-user/><deny/>"), [true]);
    assert_eq!(
        remarks(
            "<person><dn>/CN=a b</dn></person><voms><fqan>/vo</fqan></voms><deny><read/></deny>"
        ),
        [false; 0]
    );
}

#[test]
fn what_is_not_known_of_a_user_gives_nothing_and_saves_nobody_from_a_denial() {
    let all = "<entry><any-user/><allow><read/><list/></allow></entry>";
    for unknown in [
        "<dns><hostname>h</hostname></dns>",
        "<dn-list><url>http://x</url></dn-list>",
        "<cred><auri>ip:1</auri></cred>",
        "<person><dn>/CN=a</dn><dn>/CN=b</dn></person>",
    ] {
        let text =
            format!("{all}<entry>{unknown}<allow><exec/></allow><deny><list/></deny></entry>");
        let policy = policy(&text, Legacy::Refused).expect("a policy");
        let known = user("/CN=z", "");
        assert_eq!(
            policy.permissions(&known),
            Permissions::READ | Permissions::LIST
        );
        let unknown = known.with_others(Others::Unknown);
        assert_eq!(policy.permissions(&unknown), Permissions::READ);
        assert_eq!(policy.remarks().len(), 1);
    }
    // A credential that does not hold settles it.
    let text = format!(
        "{all}<entry><person><dn>/CN=b</dn></person><dns><hostname>h</hostname></dns><deny><read/></deny></entry>"
    );
    let policy = policy(&text, Legacy::Refused).expect("a policy");
    let unknown = user("/CN=a", "").with_others(Others::Unknown);
    assert!(policy.permissions(&unknown).contains(Permissions::READ));
}

#[test]
fn old_credentials_name_parts_of_an_attribute_in_their_order() {
    let given = |inside: &str, fqan: &str| {
        let text = format!("<entry><voms-cred>{inside}</voms-cred><allow><read/></allow></entry>");
        let policy = policy(&text, Legacy::Read).expect("a policy");
        policy.permissions(&user("/CN=a", fqan)) == Permissions::READ
    };
    assert!(given("<vo>EGEE</vo>", "/EGEE/x/Role=r"));
    assert!(given("<vo>EGEE</vo><group>/EGEE</group>", "/EGEE"));
    assert!(given("<vo>iteam</vo><group>iteam</group>", "/iteam"));
    assert!(given(
        "<vo>a</vo><group>/a</group><role>r</role>",
        "/a/Role=r"
    ));
    assert!(given(
        "<vo>a</vo><group>/a</group><role>r</role><capability>NULL</capability>",
        "/a/Role=r"
    ));
    assert!(!given("<vo>EGEE</vo><group>/EGEE</group>", "/EGEE/sub"));
    assert!(!given(
        "<vo>a</vo><group>/a</group><role>s</role>",
        "/a/Role=r"
    ));
    assert!(!given("<vo>b</vo>", "/a"));
    // Another order is another list of values, which no attribute has.
    assert!(!given("<group>/a</group><vo>a</vo>", "/a"));
    assert!(!given("<vo>a</vo><role>r</role>", "/a/Role=r"));
}

#[test]
fn the_server_of_an_old_credential_counts_as_the_configuration_says() {
    const SERVER: &str = "<voms>/CN=server</voms><vo>a</vo>";
    const NONE: &str = "<vo>a</vo>";
    let all = "<entry><any-user/><allow><list/></allow></entry>";
    let permissions = |inside: &str, servers, server: &str| {
        let text = format!(
            "{all}<entry><voms-cred>{inside}</voms-cred><allow><read/></allow><deny><list/></deny></entry>"
        );
        let user = User::new()
            .with_servers(servers)
            .with_attribute(VomsAttribute {
                fqan: b"/a".to_vec(),
                server: Some(server.as_bytes().to_vec()),
            });
        policy(&text, Legacy::Read)
            .expect("a policy")
            .permissions(&user)
    };
    use ServerNames::{NotCompared, Required, WhereNamed};
    for (inside, servers, server, expected) in [
        (SERVER, WhereNamed, "/CN=server", Permissions::READ),
        (SERVER, WhereNamed, "/CN=other", Permissions::LIST),
        (NONE, WhereNamed, "/CN=other", Permissions::READ),
        (SERVER, Required, "/CN=server", Permissions::READ),
        (SERVER, Required, "/CN=other", Permissions::LIST),
        // Without the comparison that is asked for it allows nothing, but denies.
        (NONE, Required, "/CN=other", Permissions::empty()),
        (SERVER, NotCompared, "/CN=server", Permissions::empty()),
        (NONE, NotCompared, "/CN=other", Permissions::READ),
    ] {
        assert_eq!(
            permissions(inside, servers, server),
            expected,
            "{inside} {servers:?}"
        );
    }
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let message = |text: &[u8]| {
        let error = Policy::read(text, Legacy::Refused).expect_err("no policy");
        error.to_string()
    };
    assert_eq!(
        message(b"<gacl>\n <entry>\n  <foo/>\n </entry>\n</gacl>"),
        "3:3: <foo> is no credential that is known here: person, voms, auth-user, any-user, dn-list, dns, cred"
    );
    assert_eq!(
        message(b"<policy/>"),
        "1:1: the outermost element is <policy>; it has to be <gacl>"
    );
    assert_eq!(
        message(b"<gacl>\n  \xff</gacl>"),
        "2:3: this byte is not UTF-8; save the file in that encoding"
    );
    assert!(message(b"<gacl><entry></gacl>").starts_with("1:14: the file is no usable XML: "));
    assert!(message(b"").starts_with("1:1: the file is no usable XML: "));
}

#[test]
fn document_types_and_entities_are_refused() {
    for text in [
        "<!DOCTYPE gacl [<!ENTITY x \"/CN=a\">]><gacl/>",
        "<!DOCTYPE gacl SYSTEM \"http://x/y\"><gacl/>",
        "<gacl><entry><person><dn>&x;</dn></person></entry></gacl>",
    ] {
        let error = Policy::read(text.as_bytes(), Legacy::Refused).expect_err("refused");
        assert!(matches!(error.fault, Fault::NotXml(_)), "{error}");
    }
}
