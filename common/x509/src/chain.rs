//! A chain: who the leaf speaks for, and the certificates that show it.

use std::ffi::{CStr, CString};
use std::fmt;

use foreign_types::ForeignTypeRef as _;
use openssl::stack::{Stack, StackRef};
use openssl::x509::{X509, X509Ref};
use openssl_sys::stack_st_X509;

use crate::certificate::{Certificate, Kind};
use crate::error::{Error, LeftOut, LeftOutReason};
use crate::links::{self, Way};
use crate::{MAX_CERTIFICATES, libcrypto, name, pem};

/// The linked chain of one input.
///
/// Every certificate of [`linked`](Chain::linked) was signed by the key of the one after it:
/// a verifier need not check those signatures again.
pub struct Chain {
    linked: Vec<Certificate>,
    end_entity: usize,
    authorities: Vec<Certificate>,
    left_out: Vec<LeftOut>,
    dn: CString,
    stack: Stack<X509>,
}

impl Chain {
    /// Reads all certificates of a PEM text, the leaf first. Private keys in it are passed over,
    /// never decoded nor copied.
    ///
    /// # Errors
    /// The text is damaged, holds no certificate or too many, or its certificates bind no
    /// identity to the first one.
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        Self::from_certificates(pem::certificates(text)?)
    }

    /// Takes the certificates of a stack, the leaf first. The stack stays the caller's, with all
    /// references in it; the chain has references of its own.
    ///
    /// # Errors
    /// The stack is empty, holds a NULL or too many certificates, or they bind no identity to
    /// the first one.
    ///
    /// # Safety
    /// `stack` is a valid `STACK_OF(X509) *`, not NULL, that nobody changes during the call.
    pub unsafe fn from_stack(stack: *const stack_st_X509) -> Result<Self, Error> {
        // SAFETY: a valid stack by this function's contract.
        let certificates = unsafe { libcrypto::stack_entries(stack) }
            .map_err(|position| Error::NullEntry(position + 1))?;
        Self::from_certificates(certificates)
    }

    /// Takes a leaf and a stack that may begin with it or not, as different libraries hand them over. Both stay the
    /// caller's; the chain has references of its own.
    ///
    /// # Errors
    /// The stack holds a NULL or too many certificates, or they bind no identity to the leaf.
    ///
    /// # Safety
    /// `leaf` is a valid `X509 *` and `stack` a valid `STACK_OF(X509) *`, neither NULL, that nobody changes during the
    /// call.
    pub unsafe fn from_leaf_and_stack(
        leaf: *mut openssl_sys::X509,
        stack: *const stack_st_X509,
    ) -> Result<Self, Error> {
        // SAFETY: a valid X509 by this function's contract.
        let leaf = unsafe { X509Ref::from_ptr(leaf) }.to_owned();
        // SAFETY: a valid stack by this function's contract.
        let mut certificates = unsafe { libcrypto::stack_entries(stack) }
            .map_err(|position| Error::NullEntry(position + 1))?;
        let comes_twice =
            (certificates.first()).is_some_and(|first| libcrypto::same_certificate(first, &leaf));
        if !comes_twice {
            certificates.insert(0, leaf);
        }
        Self::from_certificates(certificates)
    }

    /// Takes loose certificates, the leaf first.
    ///
    /// # Errors
    /// There are none or too many, or they bind no identity to the first one.
    pub fn from_certificates(certificates: impl IntoIterator<Item = X509>) -> Result<Self, Error> {
        let mut input = Input::new(certificates)?;
        let way = links::follow(&input.certificates)?;
        let end_entity = &input.certificates[way.steps[way.end_entity]];
        let dn = name::identity(end_entity.x509().subject_name()).map_err(|problem| {
            Error::UnusableName {
                subject: end_entity.shown_subject(),
                problem,
            }
        })?;
        let authorities = input.sort_out(&way);
        let linked: Vec<_> = (way.steps.iter())
            .map(|&step| input.certificates[step].clone())
            .collect();
        let stack = libcrypto::new_stack(linked.iter().chain(&authorities).map(Certificate::x509))
            .ok_or(Error::OutOfMemory)?;
        Ok(Self {
            linked,
            end_entity: way.end_entity,
            authorities,
            left_out: input.left_out,
            dn,
            stack,
        })
    }

    /// The user's DN: the subject of the end entity as `X509_NAME_oneline` writes it.
    #[must_use]
    pub fn dn(&self) -> &CStr {
        &self.dn
    }

    /// The first certificate of the input.
    #[must_use]
    pub fn leaf(&self) -> &X509Ref {
        self.linked[0].x509()
    }

    /// Whether the leaf is this certificate, byte for byte.
    ///
    /// # Safety
    /// `certificate` is a valid `X509 *`, not NULL.
    #[must_use]
    pub unsafe fn begins_with(&self, certificate: *mut openssl_sys::X509) -> bool {
        // SAFETY: a valid X509 by this function's contract.
        libcrypto::same_certificate(self.leaf(), unsafe { X509Ref::from_ptr(certificate) })
    }

    /// The certificate that the leaf speaks for; the leaf itself when it is no proxy.
    #[must_use]
    pub fn end_entity(&self) -> &Certificate {
        &self.linked[self.end_entity]
    }

    /// The leaf, the proxies above it, the end entity and its CAs as far as the input has them.
    #[must_use]
    pub fn linked(&self) -> &[Certificate] {
        &self.linked
    }

    /// The proxies, the leaf first; empty when the leaf is the end entity.
    #[must_use]
    pub fn proxies(&self) -> &[Certificate] {
        &self.linked[..self.end_entity]
    }

    /// The CAs above the end entity, as far as the input has them.
    #[must_use]
    pub fn linked_authorities(&self) -> &[Certificate] {
        &self.linked[self.end_entity + 1..]
    }

    /// The CAs of the input that are not linked.
    #[must_use]
    pub fn authorities(&self) -> &[Certificate] {
        &self.authorities
    }

    /// The linked certificates followed by the other CAs, for C code. It stays the chain's.
    #[must_use]
    pub fn stack(&self) -> &StackRef<X509> {
        &self.stack
    }

    /// The certificates of the input that are in neither list, and why.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain")
            .field("dn", &self.dn)
            .field("linked", &self.linked)
            .field("authorities", &self.authorities)
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}

/// The different certificates of an input.
struct Input {
    certificates: Vec<Certificate>,
    /// Position of each in the input, from 1.
    numbers: Vec<usize>,
    left_out: Vec<LeftOut>,
}

impl Input {
    fn new(certificates: impl IntoIterator<Item = X509>) -> Result<Self, Error> {
        let mut input = Self {
            certificates: Vec::new(),
            numbers: Vec::new(),
            left_out: Vec::new(),
        };
        for (at, x509) in certificates.into_iter().enumerate() {
            if at == MAX_CERTIFICATES {
                return Err(Error::TooManyCertificates);
            }
            let earlier = (input.certificates.iter())
                .position(|known| libcrypto::same_certificate(known.x509(), &x509));
            if let Some(earlier) = earlier {
                input.left_out.push(LeftOut {
                    number: at + 1,
                    subject: name::shown(x509.subject_name()),
                    reason: LeftOutReason::Duplicate {
                        of: input.numbers[earlier],
                    },
                });
            } else {
                input.certificates.push(Certificate::new(x509));
                input.numbers.push(at + 1);
            }
        }
        Ok(input)
    }

    /// Returns the CAs that are not on the way and notes what else is not on it.
    fn sort_out(&mut self, way: &Way) -> Vec<Certificate> {
        let mut authorities = Vec::new();
        for (at, certificate) in self.certificates.iter().enumerate() {
            if way.steps.contains(&at) {
                continue;
            }
            let reason = match certificate.kind() {
                Ok(Kind::Authority) => {
                    authorities.push(certificate.clone());
                    continue;
                }
                Err(irregularity) => LeftOutReason::Irregular(irregularity),
                Ok(_) if way.spare.contains(&at) => LeftOutReason::SameKey,
                Ok(_) if way.other_key.contains(&at) => LeftOutReason::OtherKey,
                Ok(_) => LeftOutReason::Unrelated,
            };
            self.left_out.push(LeftOut {
                number: self.numbers[at],
                subject: certificate.shown_subject(),
                reason,
            });
        }
        self.left_out.sort_by_key(|left_out| left_out.number);
        authorities
    }
}
