//! Who signed an attribute certificate, and whether that one may.
#![forbid(unsafe_code)]

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use lc_x509::{Certificate, Chain, Verifier};
use openssl::hash::MessageDigest;
use openssl::pkey::Id;
use openssl::x509::X509Ref;

use crate::content::Content;
use crate::dotted;
use crate::libcrypto::{self, Scheme, Signature};
use crate::lsc::Lsc;
use crate::name::Name;
use crate::reason::{NoSigner, Reason};

/// Longest file of the VOMS directory that is read.
const MAX_FILE: u64 = 1024 * 1024;

/// Finds signers, and remembers which were trusted.
pub(crate) struct Signers<'a> {
    vomsdir: &'a Path,
    authorities: &'a Verifier,
    time: i64,
    trusted: Vec<Vec<Certificate>>,
}

impl<'a> Signers<'a> {
    /// Looks in this directory and asks these CAs, at this time.
    pub(crate) fn new(vomsdir: &'a Path, authorities: &'a Verifier, time: i64) -> Self {
        Self {
            vomsdir,
            authorities,
            time,
            trusted: Vec::new(),
        }
    }

    /// The certificate of the one who signed, after every check of it.
    ///
    /// An LSC file decides if there is one and the attribute certificate brings its signer's
    /// certificates; otherwise the certificates in the VOMS directory do.
    pub(crate) fn find(&mut self, content: &Content) -> Result<Certificate, Reason> {
        let scheme = scheme(&content.algorithm)
            .ok_or_else(|| Reason::Algorithm(dotted(&content.algorithm)))?;
        let server = &content.server;
        let directory = self.vomsdir.join(&server.vo);
        let lsc = directory.join(format!("{}.lsc", server.host));
        let mut brought = Vec::new();
        if let Some(signers) = &content.signers {
            brought = signers
                .iter()
                .map(|der| Certificate::from_der(der.as_bytes()))
                .collect::<Result<_, _>>()
                .map_err(|_| Reason::Malformed("a certificate that it brings cannot be decoded"))?;
            match read(&lsc) {
                Ok(text) => {
                    return self.by_file(content, scheme, brought, &lsc, &Lsc::parse(&text));
                }
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(unreadable(&lsc, &error)),
            }
        }
        let mut problem = None;
        for directory in [&directory, self.vomsdir] {
            match self.in_directory(content, scheme, directory) {
                Ok(Some(signer)) => return Ok(signer),
                Ok(None) => {}
                Err(reason) => problem = problem.or(Some(reason)),
            }
        }
        Err(problem.unwrap_or_else(|| {
            let signer = brought.first();
            Reason::NoSigner(Box::new(NoSigner {
                vo: server.vo.clone(),
                lsc,
                vomsdir: self.vomsdir.to_owned(),
                no_vomsdir: match std::fs::metadata(self.vomsdir) {
                    Err(error) => Some(error.to_string()),
                    Ok(found) if !found.is_dir() => Some("it is no directory".to_owned()),
                    Ok(_) => None,
                },
                issuer: content.issuer.shown(),
                signer: signer.map(|signer| (signer.shown_subject(), signer.shown_issuer())),
            }))
        }))
    }

    fn by_file(
        &mut self,
        content: &Content,
        scheme: Scheme,
        brought: Vec<Certificate>,
        path: &Path,
        lsc: &Lsc,
    ) -> Result<Certificate, Reason> {
        let names = brought
            .iter()
            .map(|certificate| {
                let text = |name: std::ffi::CString| name.to_string_lossy().into_owned();
                Ok((text(certificate.subject()?), text(certificate.issuer()?)))
            })
            .collect::<Result<Vec<_>, lc_x509::NameProblem>>()
            .map_err(|_| Reason::Malformed("a certificate that it brings has no usable name"))?;
        if !lsc.admits(&names) {
            let found = (brought.iter())
                .map(|certificate| {
                    format!(
                        "{} issued by {}",
                        certificate.shown_subject(),
                        certificate.shown_issuer()
                    )
                })
                .collect();
            return Err(Reason::NotAdmitted {
                path: path.to_owned(),
                found: listed(found),
                admitted: listed(lsc.heads()),
            });
        }
        let [signer, ..] = brought.as_slice() else {
            return Err(Reason::Malformed("its list of certificates is empty"));
        };
        signed_by(signer, content, scheme)?;
        let signer = signer.clone();
        self.trust(brought)?;
        Ok(signer)
    }

    /// The signer among the certificate files of a directory; `None` when no file has a
    /// certificate of its name.
    fn in_directory(
        &mut self,
        content: &Content,
        scheme: Scheme,
        directory: &Path,
    ) -> Result<Option<Certificate>, Reason> {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(unreadable(directory, &error)),
        };
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut problem = None;
        for path in paths {
            let Some(certificate) = first_certificate(&path) else {
                continue;
            };
            if subject(certificate.x509()).as_ref() != Some(&content.issuer) {
                continue;
            }
            let checked = signed_by(&certificate, content, scheme)
                .and_then(|()| self.trust(vec![certificate.clone()]));
            match checked {
                Ok(()) => return Ok(Some(certificate)),
                Err(reason) => problem = Some(reason),
            }
        }
        problem.map_or(Ok(None), Err)
    }

    /// Verifies the first certificate against the CAs; the others may help.
    fn trust(&mut self, certificates: Vec<Certificate>) -> Result<(), Reason> {
        let same = |known: &Vec<Certificate>| {
            known.len() == certificates.len()
                && (known.iter().zip(&certificates))
                    .all(|(one, other)| *one.x509() == *other.x509())
        };
        if self.trusted.iter().any(same) {
            return Ok(());
        }
        let untrusted = |words| Reason::Untrusted {
            signer: certificates
                .first()
                .map_or_else(String::new, Certificate::shown_subject),
            words,
        };
        let x509s = certificates
            .iter()
            .map(|certificate| certificate.x509().to_owned());
        let chain =
            Chain::from_certificates(x509s).map_err(|error| untrusted(error.to_string()))?;
        if !chain.proxies().is_empty() {
            return Err(untrusted("it is a proxy".to_owned()));
        }
        let time = u64::try_from(self.time).unwrap_or_default();
        let time = UNIX_EPOCH + Duration::from_secs(time);
        if let Err(error) = self.authorities.verify(&chain, time) {
            return Err(untrusted(error.to_string()));
        }
        self.trusted.push(certificates);
        Ok(())
    }
}

/// The subject of a certificate, for comparison with names in attribute certificates.
pub(crate) fn subject(certificate: &X509Ref) -> Option<Name> {
    Name::of_certificate(certificate.subject_name())
}

fn signed_by(signer: &Certificate, content: &Content, scheme: Scheme) -> Result<(), Reason> {
    let signed = content.signed.as_bytes();
    match libcrypto::check(signer.x509(), scheme, signed, &content.signature) {
        Signature::Good => Ok(()),
        Signature::Bad => Err(Reason::BadSignature {
            signer: signer.shown_subject(),
        }),
        Signature::Unknown(words) => Err(Reason::UncheckedSignature {
            signer: signer.shown_subject(),
            words: words.to_owned(),
        }),
    }
}

/// The accepted algorithms: PKCS #1 and ECDSA with SHA-1 and SHA-2, Ed25519, Ed448.
fn scheme(algorithm: &[u32]) -> Option<Scheme> {
    let (key, digest) = match algorithm {
        [1, 2, 840, 113549, 1, 1, 5] => (Id::RSA, MessageDigest::sha1()),
        [1, 2, 840, 113549, 1, 1, 11] => (Id::RSA, MessageDigest::sha256()),
        [1, 2, 840, 113549, 1, 1, 12] => (Id::RSA, MessageDigest::sha384()),
        [1, 2, 840, 113549, 1, 1, 13] => (Id::RSA, MessageDigest::sha512()),
        [1, 2, 840, 113549, 1, 1, 14] => (Id::RSA, MessageDigest::sha224()),
        [1, 2, 840, 10045, 4, 1] => (Id::EC, MessageDigest::sha1()),
        [1, 2, 840, 10045, 4, 3, 1] => (Id::EC, MessageDigest::sha224()),
        [1, 2, 840, 10045, 4, 3, 2] => (Id::EC, MessageDigest::sha256()),
        [1, 2, 840, 10045, 4, 3, 3] => (Id::EC, MessageDigest::sha384()),
        [1, 2, 840, 10045, 4, 3, 4] => (Id::EC, MessageDigest::sha512()),
        [1, 3, 101, 112] => {
            return Some(Scheme {
                key: Id::ED25519,
                digest: None,
            });
        }
        [1, 3, 101, 113] => {
            return Some(Scheme {
                key: Id::ED448,
                digest: None,
            });
        }
        _ => return None,
    };
    Some(Scheme {
        key,
        digest: Some(digest),
    })
}

/// The first certificate of a file; what is no certificate file is passed over.
fn first_certificate(path: &Path) -> Option<Certificate> {
    if path.extension().is_some_and(|extension| extension == "lsc") {
        return None;
    }
    let text = read(path).ok()?;
    Certificate::all_from_pem(&text).ok()?.into_iter().next()
}

/// Reads a regular file of bearable length.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Looked at before it is opened: opening a pipe would wait for a writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut text = Vec::new();
    fs::File::open(path)?
        .take(MAX_FILE + 1)
        .read_to_end(&mut text)?;
    if text.len() as u64 > MAX_FILE {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    Ok(text)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unreadable(path: &Path, error: &io::Error) -> Reason {
    Reason::Unreadable {
        path: PathBuf::from(path),
        error: error.to_string(),
    }
}

/// At most three of them, for messages.
fn listed(mut texts: Vec<String>) -> String {
    const SHOWN: usize = 3;
    if texts.is_empty() {
        return "none".to_owned();
    }
    let more = texts.len().saturating_sub(SHOWN);
    texts.truncate(SHOWN);
    let mut text = texts.join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}
