//! Lease names.

use lc_leases::{LeaseName, NAME_MAX, NameError};
use proptest::prelude::*;

fn encode(text: &str) -> String {
    let name = LeaseName::encode(text.as_bytes()).expect("a name");
    String::from_utf8(name.as_bytes().to_vec()).expect("ASCII")
}

#[test]
fn letters_are_lowered_digits_stay_and_everything_else_is_escaped() {
    assert_eq!(
        encode("/O=LCT/CN=Jo-e_X. (1)/E=a@b"),
        "%2fo%3dlct%2fcn%3djo%2de%5fx%2e%20%281%29%2fe%3da%40b"
    );
    assert_eq!(encode("/vo/Role=NULL"), "%2fvo%2frole%3dnull");
    assert_eq!(encode("/CN=a:b%c\n"), "%2fcn%3da%3ab%25c%0a");
}

#[test]
fn names_that_differ_in_case_only_are_one_lease_as_ever() {
    assert_eq!(encode("/CN=ALICE"), encode("/CN=alice"));
}

#[test]
fn bytes_above_127_are_escaped_without_touching_their_neighbours() {
    assert_eq!(encode("/CN=Zoé Ab"), "%2fcn%3dzo%c3%a9%20ab");
    assert_ne!(encode("/CN=José Garcia"), encode("/CN=Josö Garcia"));
}

#[test]
fn groups_and_the_map_counter_follow_behind_colons() {
    let groups: [&[u8]; 2] = [b"lctvoa", b"Grp_b"];
    let name = |name: Result<LeaseName, NameError>| name.expect("a name").to_string();
    assert_eq!(
        name(LeaseName::with_groups(b"/CN=a", &groups)),
        "%2fcn%3da:lctvoa:Grp_b"
    );
    assert_eq!(
        name(LeaseName::with_map_counter(b"/CN=a", 1)),
        "%2fcn%3da:mapcount=0001"
    );
    assert_eq!(
        name(LeaseName::with_map_counter(b"/CN=a", 12345)),
        "%2fcn%3da:mapcount=12345"
    );
    assert_eq!(name(LeaseName::with_map_counter(b"/CN=a", 0)), "%2fcn%3da");
    assert_eq!(
        name(LeaseName::with_groups_and_map_counter(b"/CN=a", &groups, 2)),
        "%2fcn%3da:lctvoa:Grp_b:mapcount=0002"
    );
}

#[test]
fn bytes_that_could_forge_a_name_are_refused() {
    for (text, byte, position) in [
        (&b"/CN=a\x01mapcount=0002"[..], 1, 5),
        (b"/CN=a\x01/../x", 1, 5),
        (b"/CN=\0", 0, 4),
        (b"/CN=zo\xff\xffffffa9", 0xff, 6),
    ] {
        assert_eq!(
            LeaseName::encode(text),
            Err(NameError::Byte { byte, position })
        );
    }
    assert_eq!(LeaseName::encode(b""), Err(NameError::Empty));
}

#[test]
fn a_group_that_could_be_taken_for_another_part_is_refused() {
    for group in [
        &b""[..],
        b"a/b",
        b"../x",
        b"a:b",
        b"a\x01",
        b"a\0",
        b"mapcount=0001",
        b"a\n",
    ] {
        let groups: [&[u8]; 2] = [b"ok", group];
        let name = LeaseName::with_groups(b"/CN=a", &groups);
        assert_eq!(
            name,
            Err(NameError::Group { index: 1 }),
            "{}",
            group.escape_ascii()
        );
    }
}

#[test]
fn an_identity_that_spells_a_pool_account_is_refused() {
    assert_eq!(
        LeaseName::encode(b"lctp001"),
        Err(NameError::LooksLikeAccount)
    );
    assert_eq!(
        LeaseName::with_map_counter(b"lctp001", 1).map(|_| ()),
        Ok(())
    );
}

#[test]
fn a_name_that_is_too_long_for_a_file_is_refused_with_its_length() {
    let text = |letters: usize| format!("/{}", "a".repeat(letters)).into_bytes();
    let longest = LeaseName::encode(&text(NAME_MAX - 3)).expect("fits");
    assert_eq!(longest.as_bytes().len(), NAME_MAX);
    let error = LeaseName::encode(&text(NAME_MAX - 2)).expect_err("too long");
    assert_eq!(
        error,
        NameError::TooLong {
            length: NAME_MAX + 1
        }
    );
    assert!(error.to_string().contains("256 bytes"), "{error}");
}

proptest! {
    #[test]
    fn every_name_is_safe_and_can_be_read_back_but_for_its_case(
        text in proptest::collection::vec(any::<u8>(), 0..70),
        group in "[a-z0-9_-]{0,8}",
        counter in 0..3u32,
    ) {
        let groups: &[&[u8]] = if group.is_empty() { &[] } else { &[group.as_bytes()] };
        if let Ok(name) = LeaseName::with_groups_and_map_counter(&text, groups, counter) {
            let name = name.as_bytes();
            prop_assert!(name.len() <= NAME_MAX);
            prop_assert!(!name.iter().any(|b| *b == b'/' || *b <= b' ' || *b >= 0x7f));
            prop_assert!(!name.starts_with(b"."));
            let first = name.split(|b| *b == b':').next().expect("a first part");
            prop_assert_eq!(decode(first), text.to_ascii_lowercase());
            let parts = name.split(|b| *b == b':').count();
            prop_assert_eq!(parts, 1 + groups.len() + usize::from(counter > 0));
        }
    }
}

fn decode(mut name: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    loop {
        match name {
            [] => return text,
            [b'%', high, low, rest @ ..] => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).expect("digits");
                text.push(u8::from_str_radix(digits, 16).expect("digits"));
                name = rest;
            }
            [byte, rest @ ..] => {
                text.push(*byte);
                name = rest;
            }
        }
    }
}
