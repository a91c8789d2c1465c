//! Policies that want to do harm.

use lc_gacl::{Fault, Legacy, MAX_LENGTH, MAX_NODES, Others, Permissions, Policy, User};
use proptest::prelude::*;

#[test]
fn deep_long_and_wide_policies_are_refused() {
    for text in [
        "<gacl>".repeat(MAX_LENGTH / 6),
        format!("<gacl>{}", "<entry>".repeat(MAX_LENGTH / 7 - 1)),
        format!("{}{}", "<gacl>".repeat(50_000), "</gacl>".repeat(50_000)),
        format!("<gacl>{}</gacl>", "<entry/>".repeat(MAX_NODES as usize + 1)),
    ] {
        assert!(Policy::read(text.as_bytes(), Legacy::Read).is_err());
    }
    let error = Policy::read(&vec![b' '; MAX_LENGTH + 1], Legacy::Read).expect_err("too long");
    assert_eq!(error.fault, Fault::TooLong);
}

fn credential() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("<any-user/>"),
        Just("<auth-user/>"),
        Just("<person><dn>/CN=a</dn></person>"),
        Just("<voms><fqan>/vo</fqan></voms>"),
        Just("<voms-cred><vo>vo</vo></voms-cred>"),
        Just("<dns><hostname>h</hostname></dns>"),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[<>/a-z&;!\\[\\]\"= ]{0,80}") {
        let _ = Policy::read(text.as_bytes(), Legacy::Read);
    }

    #[test]
    fn a_denial_takes_for_good_and_ignorance_gives_nothing(
        entries in proptest::collection::vec((proptest::collection::vec(credential(), 0..3), any::<bool>()), 0..6)
    ) {
        let mut text = String::from("<gacl>");
        for (credentials, deny) in &entries {
            let what = if *deny { "<deny><read/></deny>" } else { "<allow><read/></allow>" };
            text.push_str(&format!("<entry>{}{what}</entry>", credentials.concat()));
        }
        text.push_str("</gacl>");
        let policy = Policy::read(text.as_bytes(), Legacy::Read).expect("a policy");
        let user = User::new().with_dn(b"/CN=a").with_fqan(b"/vo");
        let reads = |user: &User| policy.permissions(user).contains(Permissions::READ);
        prop_assert!(reads(&user) || !reads(&user.clone().with_others(Others::Unknown)));
        let denied = format!("{}<entry><deny><read/></deny></entry></gacl>", text.trim_end_matches("</gacl>"));
        let denied = Policy::read(denied.as_bytes(), Legacy::Read).expect("a policy");
        prop_assert!(!denied.permissions(&user).contains(Permissions::READ));
    }
}
