//! GACL policies: nothing panics, more knowledge about a user never takes what ignorance gave, and what today's GridSite
//! refuses to read is the most that the reader of old policies adds.
//!
//! Input: the policy.
#![no_main]

use lc_gacl::{Legacy, Others, Policy, ServerNames, User};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let strict = Policy::read(text, Legacy::Refused);
    let old = Policy::read(text, Legacy::Read);
    if let Ok(strict) = &strict {
        assert_eq!(old.as_ref(), Ok(strict));
    }
    let policy = match old {
        Ok(policy) => policy,
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1 && !error.to_string().is_empty());
            return;
        }
    };
    for user in [
        User::new(),
        User::new().with_dn(b"/CN=a"),
        User::new().with_dn(b"/CN=a").with_fqan(b"/vo/g/Role=r"),
    ] {
        let known = policy.permissions(&user);
        let unknown = policy.permissions(&user.clone().with_others(Others::Unknown));
        assert!(known.contains(unknown));
        for servers in [ServerNames::NotCompared, ServerNames::Required] {
            let _ = policy.permissions(&user.clone().with_servers(servers));
        }
    }
});
