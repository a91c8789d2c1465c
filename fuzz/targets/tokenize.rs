//! Argument texts: nothing panics, and words have no byte that was not there.
//!
//! Input: the separators, a zero byte, the text.
#![no_main]

use lc_configuration::{TokenizeError, tokenize};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let (Some(separators), Some(text)) = (parts.next(), parts.next()) else {
        return;
    };
    let max = separators.len() * 4;
    let words = match tokenize(text, separators, max) {
        Ok(words) => words,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            let (TokenizeError::TooMany(words) | TokenizeError::UnmatchedQuote(words)) = error;
            words
        }
    };
    assert!(words.len() <= max);
    // The words stand in the text, in their order.
    let mut rest = text;
    for word in words.iter().filter(|word| !word.is_empty()) {
        let at = rest
            .windows(word.len())
            .position(|part| part == word)
            .expect("a word of the text");
        rest = &rest[at + word.len()..];
    }
});
