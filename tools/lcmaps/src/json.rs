//! JSON that a terminal shows as it is: all that is not ASCII is escaped.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

/// Writes a value as indented JSON, with a newline behind it.
///
/// # Errors
/// It cannot be written.
pub fn write<T: Serialize + ?Sized>(out: &mut impl io::Write, value: &T) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    out.write_all(ascii(&text).as_bytes())?;
    out.write_all(b"\n")
}

/// JSON with everything but printable ASCII escaped. Such characters stand in strings only.
fn ascii(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            shown.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_come_back_and_steer_no_terminal(text in any::<String>()) {
            let mut out = Vec::new();
            write(&mut out, &[&text]).expect("written");
            prop_assert!(out.iter().all(|&byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
            let back: Vec<String> = serde_json::from_slice(&out).expect("JSON");
            prop_assert_eq!(&back[0], &text);
        }
    }
}
