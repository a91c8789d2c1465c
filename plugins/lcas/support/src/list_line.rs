//! Whether a line of a list says what its writer can have meant.
//!
//! A line that fits nobody is harmless in a list of who is let in, where it shows at once. In a list of who is kept
//! out it lets in, and nobody hears of it.

use lc_gridmap::Wildcards;

/// Why it is not known whom a line of a ban list keeps out, if that is so.
///
/// Behind a quoted name may stand the account of a grid-mapfile; whatever else stands behind a name is part of one.
pub(crate) fn doubt(quoted: bool, rest: &[u8]) -> Option<&'static str> {
    let text = behind(rest);
    if text.is_empty() {
        None
    } else if !quoted {
        Some(
            "there is text behind the name, so it is not clear where the name ends; put the DN in double quotes",
        )
    } else if !rest.starts_with(b" ") && !rest.starts_with(b"\t") {
        Some(
            "the text goes on behind the closing quote; put the DN in double quotes, with a backslash before quotes in it",
        )
    } else if !text.split(|byte| *byte == b',').all(is_account) {
        Some(
            "there is more than an account behind the name; put the DN in double quotes, one DN on a line",
        )
    } else {
        None
    }
}

/// What stands behind a name, without comment and blanks.
pub(crate) fn behind(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| *byte == b'#');
    rest[..end.unwrap_or(rest.len())].trim_ascii()
}

fn is_account(word: &[u8]) -> bool {
    let Some((first, others)) = word.split_first() else {
        return false;
    };
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    letter(*first)
        && !first.is_ascii_digit()
        && others.iter().all(|byte| letter(*byte) || *byte == b'-')
}

/// Quotation marks that are not the double quote of the format.
const OTHER_QUOTES: &[&str] = &[
    "'", "`", "\u{2018}", "\u{2019}", "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}",
];

/// Why a name fits no user, if that is so.
pub(crate) fn fits_nobody(name: &[u8], quoted: bool, wildcards: Wildcards) -> Option<&'static str> {
    // Names before a carriage return are found.
    let name = match name.strip_suffix(b"\r") {
        Some(name) if !quoted => name,
        _ => name,
    };
    let patterns = wildcards == Wildcards::On;
    let special = |bytes: &[u8]| name.iter().any(|byte| bytes.contains(byte));
    if OTHER_QUOTES
        .iter()
        .any(|quote| name.starts_with(quote.as_bytes()))
    {
        return Some("names stand in double quotes (\"); with these quotes the line fits nobody");
    }
    let begins = name.starts_with(b"/")
        || patterns && name.first().is_some_and(|byte| b"*?[".contains(byte));
    if !begins {
        let listed = name.contains(&b',') && name.contains(&b'=');
        return Some(if listed {
            "this order with commas fits nobody; write the name with slashes, as openssl x509 -noout -subject -nameopt compat shows it"
        } else {
            "names of users begin with a slash, as in \"/C=NL/O=Example/CN=Jane Doe\"; this one fits nobody"
        });
    }
    if name.ends_with(b" ") || name.windows(2).any(|two| two == b"  ") {
        return Some(
            "there are blanks at the end of the name or two in a row, which names of users have not; take them away",
        );
    }
    if name.iter().any(u8::is_ascii_control) {
        return Some(
            "there is a tab or another control character in the name, which names of users have not; take it away",
        );
    }
    if !patterns && special(b"*") {
        return Some("an asterisk is an asterisk here; patterns need the option -wildcards");
    }
    if patterns && open_bracket(name) {
        return Some(
            "the [ is not closed, so the pattern fits nobody; close it with ], or write \\[",
        );
    }
    if !(name.contains(&b'=') || patterns && special(b"*?[")) {
        return Some("there is no = in the name, which names of users have; this one fits nobody");
    }
    if name.ends_with(b"/CN=proxy") || name.ends_with(b"/CN=limited proxy") {
        return Some("this is the name of a proxy, which is not compared; leave /CN=proxy away");
    }
    None
}

/// Whether a pattern has a `[` without its `]`.
fn open_bracket(pattern: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = pattern.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => {
                // A ] right behind the [ belongs to the set.
                let inside = at + 1 + usize::from(matches!(pattern.get(at + 1), Some(b'!' | b'^')));
                let from = inside + 1;
                let close = pattern
                    .get(from..)
                    .and_then(|rest| rest.iter().position(|byte| *byte == b']'));
                match close {
                    Some(close) => at = from + close,
                    None => return true,
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_quoted_name_only_an_account_may_stand() {
        for rest in [
            "",
            "  ",
            " account",
            " .pool # x",
            "\t_a,.b",
            " # \"/CN=x\"",
            " x\r",
        ] {
            assert_eq!(doubt(true, rest.as_bytes()), None, "{rest:?}");
        }
        for rest in [" \"/CN=b\"", " Alice Tester", "x", " /CN=b", " 1x", " ,"] {
            assert!(doubt(true, rest.as_bytes()).is_some(), "{rest:?}");
        }
        assert_eq!(doubt(false, b" # comment"), None);
        assert!(doubt(false, b" Tester").is_some());
    }

    #[test]
    fn names_that_fit_nobody_are_known() {
        let nobody =
            |name: &str, wildcards| fits_nobody(name.as_bytes(), true, wildcards).is_some();
        for name in [
            "",
            "CN=a",
            "CN=Jane,O=x",
            "'/CN=a'",
            "\u{201c}/CN=a\u{201d}",
            " /CN=a",
            "/CN=a ",
            "/CN=a  b",
            "/CN=a\tb",
            "/CN=a*",
            "/vo/group",
            "/CN=a/CN=proxy",
            "/CN=a/CN=limited proxy",
        ] {
            assert!(nobody(name, Wildcards::Off), "{name:?}");
        }
        for name in ["/CN=a[b", "/CN=[!", "/CN=[]", "/CN=[a]x["] {
            assert!(nobody(name, Wildcards::On), "{name:?}");
        }
        for name in [
            "/CN=a",
            "*",
            "/O=Grid/*",
            "[/]CN=a",
            "/CN=[]]",
            "/CN=\\[",
            "/CN=a, b",
        ] {
            assert!(!nobody(name, Wildcards::On), "{name:?}");
        }
        assert!(!nobody("/CN=a[b", Wildcards::Off) && !nobody("/DC=x/CN=Jane Doe", Wildcards::Off));
        assert_eq!(fits_nobody(b"/CN=a\r", false, Wildcards::Off), None);
    }
}
