//! A reader for the few DER shapes that proxyCertInfo and PKCS#8 are made of.
#![forbid(unsafe_code)]

/// Tag of an INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// Tag of an OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// Tag of an OBJECT IDENTIFIER.
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of a SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;
/// Tag of an explicit context element `[1]`.
pub(crate) const CONTEXT_1: u8 = 0xa1;

/// DER text, read from the front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads `der`.
    pub(crate) fn new(der: &'a [u8]) -> Self {
        Self(der)
    }

    /// Whether everything has been read.
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The contents of the next element, if it is one of this tag and complete. Nothing is
    /// consumed otherwise.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.0.split_first()?;
        if found != tag {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            // Long form of one to three bytes: more than any certificate that is let in.
            0x81..=0x83 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = digits
                    .iter()
                    .fold(0_usize, |length, &digit| length << 8 | usize::from(digit));
                (length, rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(contents)
    }

    /// Reads inside the next element, if it is one of this tag.
    pub(crate) fn enter(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.take(tag).map(Reader)
    }
}

/// The value of a non-negative INTEGER; numbers beyond 32 bits come out as the largest one.
pub(crate) fn unsigned(contents: &[u8]) -> Option<u32> {
    let (&first, _) = contents.split_first()?;
    if first & 0x80 != 0 {
        return None;
    }
    Some(contents.iter().fold(0_u32, |value, &byte| {
        value
            .checked_mul(256)
            .map_or(u32::MAX, |value| value | u32::from(byte))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_element_is_taken_only_when_tag_and_length_fit() {
        let mut reader = Reader::new(&[0x02, 0x01, 0x05, 0x04, 0x02, 0xff]);
        assert_eq!(reader.take(OCTET_STRING), None);
        assert_eq!(reader.take(INTEGER), Some(&[5][..]));
        assert_eq!(reader.take(OCTET_STRING), None, "cut short");
        assert!(!reader.is_empty());
    }

    #[test]
    fn long_lengths_are_read() {
        let mut text = vec![0x04, 0x82, 0x01, 0x00];
        text.extend([7; 256]);
        assert_eq!(
            Reader::new(&text).take(OCTET_STRING),
            Some(&[7_u8; 256][..])
        );
        assert_eq!(Reader::new(&[0x04, 0x80]).take(OCTET_STRING), None);
        assert_eq!(
            Reader::new(&[0x04, 0x84, 0, 0, 0, 0]).take(OCTET_STRING),
            None
        );
    }

    #[test]
    fn integers_saturate_and_are_never_negative() {
        assert_eq!(unsigned(&[]), None);
        assert_eq!(unsigned(&[0x80]), None);
        assert_eq!(unsigned(&[0x00]), Some(0));
        assert_eq!(unsigned(&[0x00, 0xff]), Some(255));
        assert_eq!(unsigned(&[0x01, 0x00]), Some(256));
        assert_eq!(unsigned(&[0x00, 0xff, 0xff, 0xff, 0xff]), Some(u32::MAX));
        assert_eq!(unsigned(&[0x01, 0, 0, 0, 0, 1]), Some(u32::MAX));
    }

    proptest! {
        #[test]
        fn contents_never_reach_beyond_the_text(text: Vec<u8>, tag: u8) {
            let mut reader = Reader::new(&text);
            if let Some(contents) = reader.take(tag) {
                prop_assert!(contents.len() + 2 <= text.len());
                prop_assert_eq!(text[0], tag);
            } else {
                prop_assert_eq!(reader.is_empty(), text.is_empty());
            }
        }
    }
}
