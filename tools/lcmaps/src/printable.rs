//! Names from certificates and files are somebody else's text: what could steer a terminal is shown escaped.

/// `text` with control characters, line separators and direction marks as `\u{…}`.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_layout(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Characters that are no control characters by name but move or hide what stands around them.
fn is_layout(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escape_sequences_are_shown_and_letters_kept() {
        assert_eq!(printable("/CN=a\u{1b}[2Jb"), "/CN=a\\u{1b}[2Jb");
        assert_eq!(printable("/CN=a\nmapped"), "/CN=a\\u{a}mapped");
        assert_eq!(printable("/CN=\u{202e}toor"), "/CN=\\u{202e}toor");
        assert_eq!(printable("/CN=José O'Neill"), "/CN=José O'Neill");
    }

    proptest! {
        #[test]
        fn nothing_printed_is_a_control_character(text in any::<String>()) {
            prop_assert!(!printable(&text).chars().any(char::is_control));
        }
    }
}
