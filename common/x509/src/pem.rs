//! The certificates of a PEM text, and nothing else of it.
//!
//! ```text
//! text  = { junk line | block }
//! block = "-----BEGIN " label "-----"  { base64 line }  "-----END " label "-----"
//! label = "CERTIFICATE" | "X509 CERTIFICATE"
//! ```
//!
//! Markers stand at the start of a line; blanks and CR at the end of a line do not count. Blocks of
//! other labels, private keys among them, are passed over: their lines are compared with the markers
//! and neither decoded nor copied. Lines outside of blocks are junk. A damaged certificate, or a BEGIN
//! that is not where it should be, refuses the whole text, since leaving it out would make another
//! certificate the first one.
#![forbid(unsafe_code)]

use openssl::x509::X509;
use zeroize::Zeroizing;

use crate::error::{Error, PemProblem};
use crate::{MAX_CERTIFICATES, MAX_PEM_BYTES, memo};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// Decodes all certificates of the text, in order.
pub(crate) fn certificates(text: &[u8]) -> Result<Vec<X509>, Error> {
    if text.len() > MAX_PEM_BYTES {
        return Err(Error::TextTooLong(text.len()));
    }
    let mut certificates = Vec::new();
    let mut lines = Lines { text, number: 0 };
    while let Some(line) = lines.next() {
        let Some(label) = certificate_label(line, lines.number)? else {
            pass_over(&mut lines, line)?;
            continue;
        };
        if certificates.len() == MAX_CERTIFICATES {
            return Err(Error::TooManyCertificates);
        }
        let der = block(&mut lines, label)?;
        let number = certificates.len() + 1;
        certificates
            .push(memo::certificate(&der).map_err(|reason| Error::Undecodable { number, reason })?);
    }
    Ok(certificates)
}

/// Decodes all blocks of this label, in order. The text comes from an administrator and may be long.
pub(crate) fn blocks(text: &[u8], label: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut found = Vec::new();
    let mut lines = Lines { text, number: 0 };
    while let Some(line) = lines.next() {
        if label_of(line) == Some(label) {
            found.push(block(&mut lines, label).map_err(|error| error.to_string())?);
        }
    }
    Ok(found)
}

/// The first private key of a text.
pub(crate) enum PrivateKey {
    /// There is none.
    Absent,
    /// It needs a passphrase.
    Encrypted,
    /// Its text is damaged.
    Damaged,
    /// Its DER text, wiped when it is dropped.
    Plain(Zeroizing<Vec<u8>>),
}

/// Finds the first private key of a text. What is decoded of it is wiped; it is in no error.
pub(crate) fn private_key(text: &[u8]) -> PrivateKey {
    let mut lines = Lines { text, number: 0 };
    let label = lines.find_map(|line| label_of(line).filter(|l| l.ends_with(b"PRIVATE KEY")));
    let Some(label) = label else {
        return PrivateKey::Absent;
    };
    if label == b"ENCRYPTED PRIVATE KEY" {
        return PrivateKey::Encrypted;
    }
    // All at once: a growing vector would leave copies behind.
    let mut decoded = Zeroizing::new(Vec::with_capacity(lines.text.len() / 4 * 3 + 3));
    let mut base64 = Base64::default();
    std::mem::swap(&mut base64.decoded, &mut decoded);
    let mut ended = false;
    let mut fault = None;
    for line in lines {
        if line.starts_with(END) {
            ended = true;
            break;
        }
        if line.contains(&b':') {
            fault = Some(PrivateKey::Encrypted);
            break;
        }
        if base64.line(line).is_err() {
            fault = Some(PrivateKey::Damaged);
            break;
        }
    }
    let complete = ended && base64.filled == 0;
    base64.group = 0;
    std::mem::swap(&mut base64.decoded, &mut decoded);
    match fault {
        Some(fault) => fault,
        None if complete => PrivateKey::Plain(decoded),
        None => PrivateKey::Damaged,
    }
}

/// The label of the block that begins on this line, if one does.
fn label_of(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(BEGIN)?.strip_suffix(DASHES)
}

/// The lines of a text without the white space at their ends.
struct Lines<'a> {
    text: &'a [u8],
    /// Number of the line that was returned last, from 1.
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.text.is_empty() {
            return None;
        }
        let end = self.text.iter().position(|&byte| byte == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.text[..end], &self.text[end + 1..]),
            None => (self.text, &[][..]),
        };
        self.text = rest;
        self.number += 1;
        Some(line.trim_ascii_end())
    }
}

/// The label of the certificate that begins on this line, if one does.
fn certificate_label(line: &[u8], number: usize) -> Result<Option<&'static [u8]>, Error> {
    let problem = |problem| Error::Pem {
        line: number,
        problem,
    };
    if line.starts_with(END) && line.ends_with(b"BEGIN CERTIFICATE-----") {
        return Err(problem(PemProblem::JoinedLines));
    }
    match label_of(line) {
        Some(b"CERTIFICATE") => Ok(Some(b"CERTIFICATE")),
        Some(b"X509 CERTIFICATE") => Ok(Some(b"X509 CERTIFICATE")),
        Some(b"TRUSTED CERTIFICATE") => Err(problem(PemProblem::Trusted)),
        _ => Ok(None),
    }
}

/// Passes over a line that begins no certificate, and with it the block that it begins.
///
/// Other readers, OpenSSL's among them, take a BEGIN in places where this one would see junk: behind
/// a byte order mark, at a multiple of 254 bytes, with a control character at its end. Where they
/// could find another first certificate, the text is refused.
fn pass_over(lines: &mut Lines<'_>, line: &[u8]) -> Result<(), Error> {
    let begin = lines.number;
    let problem = |line, problem| Err(Error::Pem { line, problem });
    let Some(label) = label_of(line).filter(|label| !has(label, DASHES)) else {
        return if has(line, b"-----BEGIN") {
            problem(begin, PemProblem::UnclearBegin)
        } else {
            Ok(())
        };
    };
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix(END) {
            return match rest.strip_suffix(DASHES) {
                Some(end) if end == label => Ok(()),
                _ if rest.ends_with(b"BEGIN CERTIFICATE-----") => {
                    problem(lines.number, PemProblem::JoinedLines)
                }
                _ => problem(lines.number, PemProblem::WrongEnd),
            };
        }
        if has(line, DASHES) {
            return problem(lines.number, PemProblem::UnclearBegin);
        }
    }
    problem(begin, PemProblem::Unterminated)
}

fn has(line: &[u8], words: &[u8]) -> bool {
    line.windows(words.len()).any(|window| window == words)
}

/// The decoded contents of the block whose first line was read last.
fn block(lines: &mut Lines<'_>, label: &[u8]) -> Result<Vec<u8>, Error> {
    let begin = lines.number;
    let mut base64 = Base64::default();
    while let Some(line) = lines.next() {
        let problem = |problem| Error::Pem {
            line: lines.number,
            problem,
        };
        if let Some(rest) = line.strip_prefix(END) {
            return match rest.strip_suffix(DASHES) {
                Some(end) if end == label => base64.finish().map_err(problem),
                _ if rest.ends_with(b"BEGIN CERTIFICATE-----") => {
                    Err(problem(PemProblem::JoinedLines))
                }
                _ => Err(problem(PemProblem::WrongEnd)),
            };
        }
        if line.is_empty() {
            // For OpenSSL, what stands above an empty line is a header.
            return Err(problem(PemProblem::EmptyLine));
        }
        base64.line(line).map_err(problem)?;
    }
    Err(Error::Pem {
        line: begin,
        problem: PemProblem::Unterminated,
    })
}

/// Base64 text, decoded line by line.
#[derive(Default)]
struct Base64 {
    decoded: Vec<u8>,
    /// Bits of the group under way, the latest lowest.
    group: u32,
    /// Characters of the group so far, `=` among them.
    filled: u8,
    /// `=` characters so far.
    padding: u8,
}

impl Base64 {
    fn line(&mut self, line: &[u8]) -> Result<(), PemProblem> {
        for &character in line {
            let value = match character {
                b'A'..=b'Z' => character - b'A',
                b'a'..=b'z' => character - b'a' + 26,
                b'0'..=b'9' => character - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => {
                    // Only as third or fourth of the last group.
                    if self.filled < 2 {
                        return Err(PemProblem::BadPadding);
                    }
                    self.padding += 1;
                    self.push(0);
                    continue;
                }
                b' ' | b'\t' | b'\r' => continue,
                _ => return Err(PemProblem::NotBase64),
            };
            if self.padding > 0 {
                return Err(PemProblem::BadPadding);
            }
            self.push(value);
        }
        Ok(())
    }

    fn push(&mut self, value: u8) {
        self.group = self.group << 6 | u32::from(value);
        self.filled += 1;
        if self.filled == 4 {
            let [_, bytes @ ..] = self.group.to_be_bytes();
            let kept = bytes.len() - usize::from(self.padding.min(2));
            self.decoded.extend_from_slice(&bytes[..kept]);
            self.group = 0;
            self.filled = 0;
        }
    }

    fn finish(self) -> Result<Vec<u8>, PemProblem> {
        if self.filled == 0 {
            Ok(self.decoded)
        } else {
            Err(PemProblem::BadPadding)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(text: &[u8]) -> Result<Vec<u8>, PemProblem> {
        let mut base64 = Base64::default();
        base64.line(text)?;
        base64.finish()
    }

    fn problem(text: &str) -> Option<(usize, PemProblem)> {
        match certificates(text.as_bytes()) {
            Err(Error::Pem { line, problem }) => Some((line, problem)),
            _ => None,
        }
    }

    #[test]
    fn base64_is_decoded_strictly() {
        assert_eq!(decode(b""), Ok(vec![]));
        assert_eq!(decode(b"TWFu"), Ok(b"Man".to_vec()));
        assert_eq!(decode(b"TW E=\r"), Ok(b"Ma".to_vec()));
        assert_eq!(decode(b"TQ=="), Ok(b"M".to_vec()));
        assert_eq!(decode(b"TQ="), Err(PemProblem::BadPadding));
        assert_eq!(decode(b"TWF"), Err(PemProblem::BadPadding));
        assert_eq!(decode(b"T==="), Err(PemProblem::BadPadding));
        assert_eq!(decode(b"===="), Err(PemProblem::BadPadding));
        assert_eq!(decode(b"TQ==TWFu"), Err(PemProblem::BadPadding));
        assert_eq!(decode(b"TW=u"), Err(PemProblem::BadPadding));
        assert_eq!(decode(b"TW-u"), Err(PemProblem::NotBase64));
    }

    #[test]
    fn a_text_without_certificates_yields_none() {
        for text in [
            "",
            "\n",
            "junk",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ] {
            assert_eq!(certificates(text.as_bytes()).map(|all| all.len()), Ok(0));
        }
    }

    #[test]
    fn a_certificate_that_another_reader_could_find_refuses_the_text() {
        const BODY: &str = "AAAA\n-----END CERTIFICATE-----\n";
        let begin = "-----BEGIN CERTIFICATE-----";
        let padding = "x".repeat(254);
        for (text, line) in [
            (format!("\u{feff}{begin}\n{BODY}"), 1),
            (format!("{padding}{begin}\n{BODY}"), 1),
            (format!(" {begin}\n{BODY}"), 1),
            (format!("{begin}\u{e9}\n{BODY}"), 1),
            (format!("{begin}\u{1a}\n{BODY}"), 1),
            (format!("junk\n{begin}x\n{BODY}"), 2),
            (format!("-----BEGIN X-----{begin}\n{BODY}"), 1),
            (
                format!("-----BEGIN PRIVATE KEY-----\nAAAA\n{begin}\n{BODY}"),
                3,
            ),
            (
                format!("-----BEGIN certificate-----\nAAAA\n{begin}\n{BODY}"),
                3,
            ),
        ] {
            assert_eq!(
                problem(&text),
                Some((line, PemProblem::UnclearBegin)),
                "{text:?}"
            );
        }
        assert_eq!(
            problem(&format!("{begin}\nAAAA\n\n{BODY}")),
            Some((3, PemProblem::EmptyLine))
        );
        assert_eq!(
            problem("-----BEGIN PRIVATE KEY-----\nAAAA\n"),
            Some((1, PemProblem::Unterminated))
        );
    }

    #[test]
    fn a_damaged_block_is_refused_with_its_line() {
        assert_eq!(
            problem("x\n-----BEGIN CERTIFICATE-----\nAAAA\n"),
            Some((2, PemProblem::Unterminated))
        );
        assert_eq!(
            problem("-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"),
            Some((2, PemProblem::NotBase64))
        );
        assert_eq!(
            problem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CERTIFICATE-----\n"),
            Some((3, PemProblem::WrongEnd))
        );
        assert_eq!(
            problem("-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n"),
            Some((3, PemProblem::BadPadding))
        );
        assert_eq!(
            problem("-----BEGIN TRUSTED CERTIFICATE-----\n"),
            Some((1, PemProblem::Trusted))
        );
        assert_eq!(
            problem("\n-----END PRIVATE KEY----------BEGIN CERTIFICATE-----\n"),
            Some((2, PemProblem::JoinedLines))
        );
        assert_eq!(
            problem(
                "-----BEGIN CERTIFICATE-----\nAAAA\n\
                 -----END CERTIFICATE----------BEGIN CERTIFICATE-----\n"
            ),
            Some((3, PemProblem::JoinedLines))
        );
    }

    #[test]
    fn a_text_of_more_than_the_limit_is_refused_before_it_is_read() {
        let text = vec![b'\n'; MAX_PEM_BYTES + 1];
        assert_eq!(
            certificates(&text).map(|all| all.len()),
            Err(Error::TextTooLong(MAX_PEM_BYTES + 1))
        );
        assert_eq!(
            certificates(&text[1..]).map(|all| all.len()),
            Ok(0),
            "the limit itself is read"
        );
    }

    proptest! {
        #[test]
        fn base64_agrees_with_openssl(bytes: Vec<u8>) {
            let text = openssl::base64::encode_block(&bytes);
            prop_assert_eq!(decode(text.as_bytes()), Ok(bytes));
        }

        #[test]
        fn any_text_is_read_or_refused(text: Vec<u8>) {
            let _ = certificates(&text);
        }

        #[test]
        fn text_made_of_pem_pieces_is_read_or_refused(
            pieces in proptest::collection::vec(
                proptest::sample::select(&[
                    "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "\n", "\r\n",
                    "-----BEGIN ", "-----", "-----BEGIN PRIVATE KEY-----", "MAMCAQE=", "=", " ",
                    "-----BEGIN X509 CERTIFICATE-----", "AAAA",
                ][..]),
                0..40,
            )
        ) {
            let _ = certificates(pieces.concat().as_bytes());
        }
    }
}
