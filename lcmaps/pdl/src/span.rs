//! Where something stands in a policy file.

/// A stretch of a policy file.
///
/// Lines and columns start at 1, all sizes are in bytes. A span that covers more than one line (a rule may) starts at
/// `line` and `column` and counts the newlines in its length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Bytes before the span, counted from the start of the file.
    pub offset: u32,
    /// The line of the first byte, from 1.
    pub line: u32,
    /// The column of the first byte, from 1.
    pub column: u32,
    /// The number of bytes; 0 at the end of the file.
    pub length: u32,
}

impl Span {
    /// The span from the start of this one to the end of `last`.
    #[must_use]
    pub fn through(self, last: Span) -> Span {
        let end = last.end().max(self.end());
        Span {
            length: end - self.offset,
            ..self
        }
    }

    /// The offset of the first byte behind the span.
    #[must_use]
    pub fn end(self) -> u32 {
        self.offset.saturating_add(self.length)
    }

    /// The bytes of `text` that the span covers; `None` when the span is of another, longer text.
    #[must_use]
    pub fn slice(self, text: &[u8]) -> Option<&[u8]> {
        let start = usize::try_from(self.offset).ok()?;
        let length = usize::try_from(self.length).ok()?;
        text.get(start..start.checked_add(length)?)
    }
}

/// A size as it is kept in spans; files of 4 GiB and more have their last positions reported as the largest number.
pub(crate) fn narrow(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_through_another_ends_where_that_one_ends() {
        let first = Span {
            offset: 4,
            line: 1,
            column: 5,
            length: 2,
        };
        let last = Span {
            offset: 10,
            line: 2,
            column: 1,
            length: 3,
        };
        assert_eq!(
            first.through(last),
            Span {
                offset: 4,
                line: 1,
                column: 5,
                length: 9
            }
        );
        assert_eq!(last.through(first), last);
    }

    #[test]
    fn a_span_of_another_text_has_no_slice() {
        let span = Span {
            offset: 2,
            line: 1,
            column: 3,
            length: 3,
        };
        assert_eq!(span.slice(b"abcde"), Some(&b"cde"[..]));
        assert_eq!(span.slice(b"abcd"), None);
    }
}
