//! LSC files: which server, of which CA, signs the attributes of a VO.
//!
//! ```text
//! # a comment
//! /C=NL/O=Example/CN=voms.example.org
//! /C=NL/O=Example/CN=Example CA
//! ------ NEXT CHAIN ------
//! ...
//! ```
//!
//! Each chain is pairs of lines, the subject and the issuer of a certificate, the signer's first.
//! A chain may have more pairs than the attribute certificate has certificates. Lines may stand
//! in double quotes.
#![forbid(unsafe_code)]

/// The chains of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lsc {
    chains: Vec<Vec<String>>,
}

impl Lsc {
    /// Reads the text of a file; what is no text cannot match anything.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut chains = vec![Vec::new()];
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match chains.last_mut() {
                Some(chain) if !is_separator(line) => chain.push(unquoted(line).to_owned()),
                _ => chains.push(Vec::new()),
            }
        }
        chains.retain(|chain| !chain.is_empty());
        Self { chains }
    }

    /// Whether one chain begins with these pairs of subject and issuer.
    pub(crate) fn admits(&self, certificates: &[(String, String)]) -> bool {
        !certificates.is_empty()
            && self.chains.iter().any(|chain| {
                let (pairs, _) = chain.as_chunks::<2>();
                pairs.len() >= certificates.len()
                    && pairs.iter().zip(certificates).all(
                        |([subject, issuer], (real_subject, real_issuer))| {
                            same_dn(subject, real_subject) && same_dn(issuer, real_issuer)
                        },
                    )
            })
    }

    /// The first lines of each chain, for messages.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.chains
            .iter()
            .map(|chain| match chain.as_slice() {
                [subject, issuer, ..] => format!("{subject} issued by {issuer}"),
                [subject] => format!("{subject} without an issuer"),
                [] => String::new(),
            })
            .collect()
    }
}

fn is_separator(line: &str) -> bool {
    line.starts_with("--") && line.ends_with("--") && line.trim_matches('-').trim() == "NEXT CHAIN"
}

fn unquoted(line: &str) -> &str {
    line.strip_prefix('"')
        .and_then(|line| line.strip_suffix('"'))
        .map_or(line, str::trim)
}

/// Whether a line of a file means the DN that OpenSSL wrote.
fn same_dn(line: &str, dn: &str) -> bool {
    let line = plain(line);
    line == plain(dn) || line == plain(&without_backslashes(dn))
}

/// The text with one name for attribute types that programs write differently.
fn plain(dn: &str) -> String {
    let parts: Vec<_> = dn
        .split('/')
        .map(|part| match part.split_once('=') {
            Some((kind, value)) if ["Email", "E"].contains(&kind) => {
                format!("emailAddress={value}")
            }
            Some(("USERID", value)) => format!("UID={value}"),
            _ => part.to_owned(),
        })
        .collect();
    parts.join("/")
}

/// A DN as OpenSSL wrote it before version 3, without a backslash before `/` and `+` in a value.
/// One that would make the value look like two attributes stays.
fn without_backslashes(dn: &str) -> String {
    let mut text = String::new();
    let mut rest = dn;
    while let Some(at) = rest.find('\\') {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let after = &after[1..];
        let splits_value = after.strip_prefix('/').is_some_and(|value| {
            value
                .split('/')
                .next()
                .is_some_and(|part| part.contains('='))
        });
        if splits_value || !after.starts_with(['/', '+']) {
            text.push('\\');
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(names: &[(&str, &str)]) -> Vec<(String, String)> {
        names
            .iter()
            .map(|(subject, issuer)| ((*subject).to_owned(), (*issuer).to_owned()))
            .collect()
    }

    fn admits(text: &str, names: &[(&str, &str)]) -> bool {
        Lsc::parse(text.as_bytes()).admits(&pairs(names))
    }

    #[test]
    fn both_lines_have_to_agree() {
        let text = "/CN=server\n/CN=ca\n";
        assert!(admits(text, &[("/CN=server", "/CN=ca")]));
        assert!(!admits(text, &[("/CN=server", "/CN=other")]));
        assert!(!admits(text, &[("/CN=other", "/CN=ca")]));
        assert!(!admits(text, &[("/CN=Server", "/CN=ca")]), "case counts");
        assert!(!admits(text, &[]));
        assert!(!admits("/CN=server", &[("/CN=server", "/CN=ca")]));
        assert!(!admits("", &[("/CN=server", "/CN=ca")]));
        assert!(!admits("", &[("", "")]));
    }

    #[test]
    fn blank_lines_comments_quotes_and_line_ends_do_not_matter() {
        let text = "# who\r\n\r\n  \"/CN=my server\"  \r\n\n/CN=ca";
        assert!(admits(text, &[("/CN=my server", "/CN=ca")]));
    }

    #[test]
    fn any_of_several_chains_will_do() {
        let text = "/CN=a\n/CN=ca\n------ NEXT CHAIN ------\n/CN=b\n/CN=cb\n----NEXT CHAIN----\n\
                    /CN=c\n/CN=cc\n";
        for (subject, issuer) in [
            ("/CN=a", "/CN=ca"),
            ("/CN=b", "/CN=cb"),
            ("/CN=c", "/CN=cc"),
        ] {
            assert!(admits(text, &[(subject, issuer)]));
        }
        assert!(!admits(text, &[("/CN=a", "/CN=cb")]));
        assert!(!admits(text, &[("/CN=a", "/CN=ca"), ("/CN=b", "/CN=cb")]));
        assert!(!admits(text, &[("/CN=ca", "------ NEXT CHAIN ------")]));
    }

    #[test]
    fn every_certificate_needs_a_pair_but_not_the_other_way_round() {
        let long = "/CN=a\n/CN=b\n/CN=b\n/CN=root\n";
        assert!(admits(long, &[("/CN=a", "/CN=b")]));
        assert!(admits(long, &[("/CN=a", "/CN=b"), ("/CN=b", "/CN=root")]));
        assert!(!admits(
            "/CN=a\n/CN=b\n",
            &[("/CN=a", "/CN=b"), ("/CN=b", "/CN=root")]
        ));
    }

    #[test]
    fn attribute_types_have_several_names() {
        assert!(same_dn("/CN=a/Email=b@c", "/CN=a/emailAddress=b@c"));
        assert!(same_dn("/CN=a/E=b@c", "/CN=a/emailAddress=b@c"));
        assert!(same_dn("/USERID=x/CN=a", "/UID=x/CN=a"));
        assert!(!same_dn("/O=x/CN=a", "/OU=x/CN=a"));
    }

    #[test]
    fn lines_of_old_and_new_openssl_are_the_same_unless_ambiguous() {
        assert!(same_dn(
            "/CN=host/voms.example.org",
            "/CN=host\\/voms.example.org"
        ));
        assert!(same_dn(
            "/CN=host\\/voms.example.org",
            "/CN=host\\/voms.example.org"
        ));
        assert!(same_dn("/CN=a+b/O=c", "/CN=a\\+b/O=c"));
        assert!(same_dn("/CN=a/b/O=c", "/CN=a\\/b/O=c"));
        assert!(!same_dn("/O=a/CN=b", "/O=a\\/CN=b"), "a forged attribute");
        assert!(!same_dn("/O=ab", "/O=a\\b"));
    }

    #[test]
    fn what_a_file_admits_can_be_said() {
        let lsc = Lsc::parse(b"/CN=a\n/CN=ca\n--- NEXT CHAIN ---\n/CN=b\n");
        assert_eq!(
            lsc.heads(),
            ["/CN=a issued by /CN=ca", "/CN=b without an issuer"]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text: Vec<u8>, subject: String, issuer: String) {
            let lsc = Lsc::parse(&text);
            let _ = lsc.heads();
            let _ = lsc.admits(&[(subject, issuer)]);
        }

        #[test]
        fn a_file_admits_the_pair_that_is_in_it(
            subject in "/CN=[a-zA-Z0-9 .@=-]{0,20}[a-z]", issuer in "/CN=[a-z/=\\\\]{0,20}[a-z]"
        ) {
            let text = format!("{subject}\n{issuer}\n");
            prop_assert!(Lsc::parse(text.as_bytes()).admits(&[(subject, issuer)]));
        }
    }
}
