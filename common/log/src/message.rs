//! What a caller wants logged, made safe to write.

/// Longest message in bytes; longer ones are cut and end in `...` and a newline.
pub const MAX_MESSAGE: usize = 2047;

/// A message of at most [`MAX_MESSAGE`] bytes: printable ASCII, and a newline at the end if it has one.
///
/// Every other byte becomes `?`, newlines inside the message too: control sequences and forged lines
/// in a DN cannot reach a terminal or a log parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(Vec<u8>);

impl Message {
    /// Cleans and cuts a text.
    #[must_use]
    pub fn new(text: &[u8]) -> Message {
        let mut bytes: Vec<u8> = text
            .iter()
            .take(MAX_MESSAGE)
            .map(|&byte| match byte {
                b' '..=b'~' => byte,
                _ => b'?',
            })
            .collect();
        if let (Some(b'\n'), Some(last)) = (text.last(), bytes.last_mut()) {
            *last = b'\n';
        }
        if text.len() > MAX_MESSAGE {
            bytes[MAX_MESSAGE - 4..].copy_from_slice(b"...\n");
        }
        Message(bytes)
    }

    /// The bytes to write, with the newline that the caller gave, if any.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newline_inside_a_message_cannot_begin_a_line() {
        let forged = b"DN:\"/CN=a\nlcmaps[1] LOG_NOTICE: LCMAPS CRED FINAL\"\n";
        let message = Message::new(forged);
        let newlines = message
            .as_bytes()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        assert_eq!(newlines, 1);
        assert!(message.as_bytes().ends_with(b"FINAL\"\n"));
        assert_eq!(Message::new(b"\n").as_bytes(), b"\n");
    }

    #[test]
    fn unprintable_bytes_become_question_marks_and_the_last_newline_stays() {
        assert_eq!(
            Message::new(b"a\x01b\tc\xff\xc3\xa9d\r\n").as_bytes(),
            b"a?b?c???d?\n"
        );
    }

    #[test]
    fn a_message_of_the_longest_length_is_left_whole() {
        assert_eq!(Message::new(&[b'x'; 2047]).as_bytes(), &[b'x'; 2047]);
    }

    #[test]
    fn a_longer_message_is_cut_and_says_so() {
        let message = Message::new(&[b'x'; 5000]);
        assert_eq!(message.as_bytes().len(), 2047);
        assert!(message.as_bytes().ends_with(b"xxx...\n"));
    }
}
