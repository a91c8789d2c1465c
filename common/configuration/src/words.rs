//! Splitting an argument string into words.
//!
//! ```text
//! text  = { separator } [ word { separator } … ]
//! word  = '"' any bytes but '"' '"'      quotes dropped, may be empty; ends at the second quote
//!       | bytes other than separators    a quote inside is an ordinary byte
//! ```

use std::fmt;

/// Why a text could not be split. Both carry the words found before the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenizeError {
    /// More words than there is room for.
    TooMany(Vec<Vec<u8>>),
    /// A word begins with a quote that is never closed.
    UnmatchedQuote(Vec<Vec<u8>>),
}

impl fmt::Display for TokenizeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany(words) => {
                write!(out, "more than {} words: use fewer arguments", words.len())
            }
            Self::UnmatchedQuote(words) => write!(
                out,
                "word {} begins with a quote that is not closed: add the closing quote",
                words.len() + 1
            ),
        }
    }
}

impl std::error::Error for TokenizeError {}

/// Splits `text` at any of the bytes in `separators` into at most `max` words.
///
/// # Errors
/// [`TokenizeError`], with the words that came before the problem.
pub fn tokenize(text: &[u8], separators: &[u8], max: usize) -> Result<Vec<Vec<u8>>, TokenizeError> {
    let is_separator = |byte: &u8| separators.contains(byte);
    let mut words: Vec<Vec<u8>> = Vec::new();
    let mut rest = text;
    loop {
        let Some(start) = rest.iter().position(|byte| !is_separator(byte)) else {
            return Ok(words);
        };
        rest = &rest[start..];
        let word;
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            let Some(end) = quoted.iter().position(|byte| *byte == b'"') else {
                return Err(TokenizeError::UnmatchedQuote(words));
            };
            (word, rest) = (&quoted[..end], &quoted[end + 1..]);
        } else {
            let end = rest.iter().position(is_separator).unwrap_or(rest.len());
            (word, rest) = rest.split_at(end);
        }
        if words.len() == max {
            return Err(TokenizeError::TooMany(words));
        }
        words.push(word.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str, separators: &str) -> Vec<String> {
        tokenize(text.as_bytes(), separators.as_bytes(), 10)
            .unwrap()
            .into_iter()
            .map(|word| String::from_utf8(word).unwrap())
            .collect()
    }

    #[test]
    fn separators_never_make_a_word() {
        assert_eq!(words("", " "), [""; 0]);
        assert_eq!(words("  ", " "), [""; 0]);
        assert_eq!(words(" a \tb\n", " \t\n"), ["a", "b"]);
        assert_eq!(words("a:b::c", ":"), ["a", "b", "c"]);
    }

    #[test]
    fn without_separators_the_text_is_one_word() {
        assert_eq!(words("a b", ""), ["a b"]);
    }

    #[test]
    fn a_quote_at_the_start_of_a_word_protects_separators() {
        assert_eq!(words("a \"b c\"d e", " "), ["a", "b c", "d", "e"]);
        assert_eq!(words("\"\"", " "), [""]);
        assert_eq!(words("\"a\"\"b\"", " "), ["a", "b"]);
    }

    #[test]
    fn a_quote_inside_a_word_is_an_ordinary_byte() {
        assert_eq!(words("a\"b c\"", " "), ["a\"b", "c\""]);
    }

    #[test]
    fn a_quote_that_is_a_separator_separates() {
        assert_eq!(words("a\"b\"c", "\""), ["a", "b", "c"]);
    }

    #[test]
    fn one_word_too_many_is_an_error_with_the_words_before_it() {
        assert_eq!(
            tokenize(b"a b c", b" ", 2),
            Err(TokenizeError::TooMany(vec![b"a".to_vec(), b"b".to_vec()]))
        );
        assert_eq!(tokenize(b"a b  ", b" ", 2).unwrap().len(), 2);
        assert_eq!(tokenize(b"a", b" ", 0), Err(TokenizeError::TooMany(vec![])));
    }

    #[test]
    fn an_open_quote_is_an_error_even_where_there_is_no_room() {
        assert_eq!(
            tokenize(b"a \"b", b" ", 1),
            Err(TokenizeError::UnmatchedQuote(vec![b"a".to_vec()]))
        );
    }

    #[test]
    fn errors_say_what_to_do() {
        let error = tokenize(b"a \"b", b" ", 9).unwrap_err();
        assert!(error.to_string().starts_with("word 2 begins with a quote"));
        let error = tokenize(b"a b", b" ", 1).unwrap_err();
        assert!(error.to_string().starts_with("more than 1 words"));
    }

    proptest! {
        #[test]
        fn quoted_words_come_back_unchanged(list in prop::collection::vec("[^\"]{0,9}", 0..9)) {
            let text: String = list.iter().map(|word| format!("\"{word}\" ")).collect();
            prop_assert_eq!(words(&text, " "), list);
        }

        #[test]
        fn any_text_is_split_without_loss(text: Vec<u8>, separators: Vec<u8>, max in 0..9_usize) {
            let kept = |bytes: &[u8]| {
                bytes.iter().filter(|b| **b != b'"' && !separators.contains(b)).count()
            };
            if let Ok(list) = tokenize(&text, &separators, max) {
                prop_assert!(list.len() <= max);
                let found: usize = list.iter().map(|word| kept(word)).sum();
                prop_assert_eq!(found, kept(&text));
            }
        }
    }
}
