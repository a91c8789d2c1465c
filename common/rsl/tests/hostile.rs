//! Requests that want to do harm.

use lc_rsl::{
    EvaluationError, Fault, MAX_DEPTH, MAX_EVALUATED, MAX_LENGTH, Relation, Specification,
};
use proptest::prelude::*;

fn nested(depth: usize) -> String {
    format!("{}&(a=1){}", "&(".repeat(depth - 1), ")".repeat(depth - 1))
}

#[test]
fn depth_is_bounded() {
    assert!(Specification::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    for text in [
        nested(MAX_DEPTH + 1),
        "&(".repeat(200_000),
        format!("&(a={}", "(".repeat(200_000)),
        format!("&(a={}", "$(".repeat(200_000)),
    ] {
        let error = Specification::parse(text.as_bytes()).expect_err("too deep");
        assert_eq!(error.fault, Fault::TooDeep);
    }
}

#[test]
fn length_is_bounded() {
    let text = vec![b' '; MAX_LENGTH + 1];
    let error = Specification::parse(&text).expect_err("too long");
    assert_eq!(error.fault, Fault::TooLong);
}

#[test]
fn what_substitutions_grow_to_is_bounded() {
    let mut text = "&(rsl_substitution=(A aaaaaaaaaaaaaaaa)".to_owned();
    for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ".chars() {
        let before = char::from(letter as u8 - 1);
        text.push_str(&format!(
            "({letter} $({before})$({before})$({before})$({before}))"
        ));
    }
    text.push_str(")(a=$(Z))");
    let request = Specification::parse(text.as_bytes()).expect("RSL");
    assert_eq!(request.evaluate(&[]), Err(EvaluationError::TooLarge));
    let large = vec![b'x'; MAX_EVALUATED / 2 + 1];
    let request = Specification::parse(b"&(a=$(L) $(L))").expect("RSL");
    assert_eq!(
        request.evaluate(&[(b"L", &large)]),
        Err(EvaluationError::TooLarge)
    );
}

#[test]
fn messages_hold_no_control_characters_of_the_request() {
    let request = Specification::parse(b"&(\"a\x1b[2J\"=$(\"x\ny\"))").expect("RSL");
    let message = request.evaluate(&[]).expect_err("undefined").to_string();
    assert!(!message.chars().any(char::is_control), "{message}");
}

/// A literal in a spelling of its own.
fn spelled(text: &str, how: u8) -> String {
    match how {
        0 => format!("\"{}\"", text.replace('"', "\"\"")),
        1 => format!("'{}'", text.replace('\'', "''")),
        _ => format!("^%{}%", text.replace('%', "%%")),
    }
}

proptest! {
    #[test]
    fn quoted_literals_come_back_as_they_were(text in "[^\0]{0,20}", name in "[^\0]{0,8}", how in 0u8..3) {
        let request = format!("&({}={})(z=1)", spelled(&name, how), spelled(&text, (how + 1) % 3));
        let request = Specification::parse(request.as_bytes()).expect("RSL");
        let first: Vec<&Relation> = request.relations().collect();
        prop_assert_eq!(first.len(), 2);
        prop_assert_eq!(&first[0].attribute, name.as_bytes());
        prop_assert_eq!(first[0].single_literal(), Some(text.as_bytes()));
    }

    #[test]
    fn no_bytes_make_it_panic(text in proptest::collection::vec(
        prop_oneof![Just(b'('), Just(b')'), Just(b'&'), Just(b'='), Just(b'$'), Just(b'#'), Just(b'"'), Just(b'*'), any::<u8>()], 0..60))
    {
        if let Ok(request) = Specification::parse(&text)
            && let Ok(evaluated) = request.evaluate(&[(b"a", b"b")])
        {
            prop_assert_eq!(evaluated.relations().count(), request.relations().count());
            // Nothing is left to be evaluated.
            prop_assert_eq!(evaluated.evaluate(&[]).map(|again| again == evaluated), Ok(true));
        }
    }
}
