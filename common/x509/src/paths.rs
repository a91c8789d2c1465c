//! Paths that were validated before.
//!
//! Whether a path is valid depends on its certificates, on the CAs and CRLs at hand, and on the time.
//! Between two moments at which a certificate or CRL begins or ends to be valid, the time changes
//! nothing. So a good path is remembered for one such span, for exactly the objects it was validated
//! with: a file that is read anew has new ones.
#![forbid(unsafe_code)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use foreign_types::ForeignTypeRef as _;
use openssl::asn1::Asn1TimeRef;
use openssl::x509::{X509, X509Ref};

use crate::libcrypto::{self, verify};
use crate::memo::{self, Key, Memo};
use verify::{Crls, Material, Path, Problem};

/// Paths that are remembered: those of some dozens of users, hosts and VOMS servers.
const PATHS: NonZeroUsize = NonZeroUsize::new(128).unwrap();

/// What [`verify::validate`] found, for as long as it would find the same.
pub(crate) struct Paths(Memo<Key, Arc<Known>>);

struct Known {
    path: Path,
    /// Held so that no other object can come to lie at its address.
    trusted: Vec<X509>,
    crls: Vec<Crls>,
    span: Span,
}

impl Paths {
    pub(crate) fn new() -> Self {
        Self(Memo::new(PATHS))
    }

    /// As [`verify::validate`].
    pub(crate) fn validate(
        &self,
        leaf: &X509Ref,
        material: &Material<'_>,
    ) -> Option<Result<Path, Problem>> {
        let input = std::iter::once(leaf).chain(material.untrusted.iter().map(AsRef::as_ref));
        let key = memo::key(input);
        if let Some(known) = key.and_then(|key| self.0.get(&key))
            && known.holds_for(material)
        {
            return Some(Ok(known.path.clone()));
        }
        let answer = verify::validate(leaf, material)?;
        if let (Some(key), Ok(path), Some(span)) = (key, &answer, Span::of(leaf, material)) {
            let known = Known {
                path: path.clone(),
                trusted: material.trusted.to_vec(),
                crls: material.crls.to_vec(),
                span,
            };
            self.0.put(key, Arc::new(known));
        }
        Some(answer)
    }
}

impl Known {
    fn holds_for(&self, material: &Material<'_>) -> bool {
        self.span.holds(material.time)
            && same(&self.trusted, material.trusted, |ca| {
                ca.as_ptr().cast_const().cast()
            })
            && same(&self.crls, material.crls, |crls| Arc::as_ptr(crls).cast())
    }
}

/// Whether both lists hold the same objects in the same order.
fn same<T>(known: &[T], now: &[T], address: impl Fn(&T) -> *const u8) -> bool {
    known.iter().map(&address).eq(now.iter().map(&address))
}

/// The time between two moments, without both.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    from: i64,
    until: i64,
}

impl Span {
    /// The span around the time of a validation; `None` at a moment itself, or when a date cannot be
    /// read.
    fn of(leaf: &X509Ref, material: &Material<'_>) -> Option<Self> {
        let mut dates: Vec<Option<i64>> = Vec::new();
        let mut note = |time: &Asn1TimeRef| dates.push(libcrypto::seconds(time));
        let trusted = material.trusted.iter().chain(material.untrusted);
        for certificate in std::iter::once(leaf).chain(trusted.map(AsRef::as_ref)) {
            note(certificate.not_before());
            note(certificate.not_after());
        }
        for crl in material.crls.iter().flat_map(|file| file.iter()) {
            note(crl.last_update());
            if let Some(next) = crl.next_update() {
                note(next);
            }
        }
        Self::around(material.time, dates)
    }

    fn around(time: i64, dates: impl IntoIterator<Item = Option<i64>>) -> Option<Self> {
        let mut span = Self {
            from: i64::MIN,
            until: i64::MAX,
        };
        for date in dates {
            match date? {
                date if date < time => span.from = span.from.max(date),
                date if date > time => span.until = span.until.min(date),
                _ => return None,
            }
        }
        Some(span)
    }

    fn holds(&self, time: i64) -> bool {
        self.from < time && time < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_ends_before_any_date_comes_or_goes() {
        let dates = [10, 40, 20, 30].map(Some);
        let span = Span::around(25, dates).expect("a span");
        assert_eq!(
            span,
            Span {
                from: 20,
                until: 30
            }
        );
        for (time, holds) in [(20, false), (21, true), (29, true), (30, false), (25, true)] {
            assert_eq!(span.holds(time), holds, "{time}");
        }
    }

    #[test]
    fn there_is_no_span_at_a_date_and_with_a_date_that_cannot_be_read() {
        assert_eq!(Span::around(20, [Some(20)]), None);
        assert_eq!(Span::around(25, [Some(20), None]), None);
        assert!(Span::around(25, []).is_some());
    }
}
