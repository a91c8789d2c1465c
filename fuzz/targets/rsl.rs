//! Job requests: nothing panics, what is evaluated needs no further evaluation, and an error is at a place of the text.
//!
//! Input: the text. The variable X is defined.
#![no_main]

use lc_rsl::{Relation, Specification};
use lcas_module_support::walltime::wanted;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    // The rule about time reads the same text and must not panic either.
    let _ = wanted(Some(text));
    let request = match Specification::parse(text) {
        Ok(request) => request,
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1 && error.column <= text.len() + 1);
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let all: Vec<&Relation> = request.relations().collect();
    assert!(!all.is_empty());
    for relation in &all {
        assert!(
            request
                .occurrences(&relation.attribute)
                .any(|one| one == *relation)
        );
    }
    match request.evaluate(&[(b"X", b"x")]) {
        Ok(evaluated) => {
            assert_eq!(evaluated.relations().count(), all.len());
            assert_eq!(evaluated.evaluate(&[]).as_ref(), Ok(&evaluated));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
