//! Our `fnmatch` against the one of the C library, which is what the original
//! calls. Apart from the library because calling C needs `unsafe`.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::ffi::CString;

use proptest::prelude::*;

/// glibc: `FNM_NOESCAPE` is 2.
const FNM_NOESCAPE: libc::c_int = 2;

fn libc_fnmatch(pattern: &[u8], text: &[u8]) -> bool {
    let pattern = CString::new(pattern).expect("no NUL in the pattern");
    let text = CString::new(text).expect("no NUL in the text");
    // SAFETY: both arguments are NUL-terminated and outlive the call.
    let result = unsafe { libc::fnmatch(pattern.as_ptr(), text.as_ptr(), FNM_NOESCAPE) };
    result == 0
}

/// Pieces that make interesting patterns when strung together.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => proptest::sample::select(b"abcz[]-!^.=:*?\\/ ".to_vec()).prop_map(|b| vec![b]),
        2 => proptest::sample::select(vec![
            "[:alpha:]", "[:digit:]", "[:nope:]", "[:", ":]", "[.", ".]", "[=", "=]",
            "[.a.]", "[.-.]", "[=a=]", "[=ab=]", "[.].]", "[:space:]", "a-c", "z-a",
        ]).prop_map(|s| s.as_bytes().to_vec()),
        1 => (1..=255u8).prop_map(|b| vec![b]),
    ]
}

fn pattern() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat())
}

fn bracketed() -> impl Strategy<Value = Vec<u8>> {
    (pattern(), pattern()).prop_map(|(inside, behind)| [b"[", &inside[..], b"]", &behind].concat())
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(
            proptest::sample::select(b"abcz[]-!^.=:*?\\/ 0A\xe9".to_vec()),
            0..6
        ),
        proptest::collection::vec(1..=255u8, 0..3),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn every_pattern_matches_what_it_matches_in_the_c_library(
        pattern in prop_oneof![pattern(), bracketed()],
        text in text(),
    ) {
        prop_assert_eq!(lc_gridmap::fnmatch(&pattern, &text), libc_fnmatch(&pattern, &text));
    }

    #[test]
    fn a_pattern_treats_its_own_text_as_in_the_c_library(
        pattern in prop_oneof![pattern(), bracketed()],
    ) {
        prop_assert_eq!(lc_gridmap::fnmatch(&pattern, &pattern), libc_fnmatch(&pattern, &pattern));
    }
}

#[test]
fn every_class_holds_the_same_bytes_as_in_the_c_library() {
    for class in [
        "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
        "upper", "xdigit", "ALPHA", "word", "",
    ] {
        let pattern = format!("[[:{class}:]]").into_bytes();
        for byte in 1..=255u8 {
            let ours = lc_gridmap::fnmatch(&pattern, &[byte]);
            assert_eq!(
                ours,
                libc_fnmatch(&pattern, &[byte]),
                "[:{class}:] and byte {byte}"
            );
        }
    }
}
