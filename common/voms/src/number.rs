//! Serial numbers of any length and sign.
#![forbid(unsafe_code)]

use std::fmt;

use openssl::asn1::Asn1IntegerRef;

use crate::libcrypto;

/// A serial number: the shortest contents octets of the INTEGER.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Serial(Vec<u8>);

impl Serial {
    /// The number of these contents octets; `None` when there are none.
    pub(crate) fn from_contents(contents: &[u8]) -> Option<Self> {
        let mut shortest = contents;
        while let [first, second, ..] = shortest {
            // An octet that only repeats the sign of the next one says nothing.
            let repeats = matches!((first, second & 0x80), (0, 0) | (0xff, 0x80));
            if !repeats {
                break;
            }
            shortest = &shortest[1..];
        }
        (!shortest.is_empty()).then(|| Self(shortest.to_vec()))
    }

    /// The number of a certificate.
    pub(crate) fn of_certificate(number: &Asn1IntegerRef) -> Option<Self> {
        let (negative, magnitude) = libcrypto::magnitude(number)?;
        let mut contents = vec![0];
        contents.extend(magnitude);
        if negative {
            // Two's complement: all bits inverted, and one added.
            let mut carry = true;
            for octet in contents.iter_mut().rev() {
                (*octet, carry) = (!*octet).overflowing_add(u8::from(carry));
            }
        }
        Self::from_contents(&contents)
    }
}

/// Hexadecimal, as OpenSSL shows serial numbers; negative ones in two's complement.
impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.0.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        digits.iter().try_for_each(|octet| write!(f, "{octet:02X}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::bn::BigNum;
    use proptest::prelude::*;

    fn of(number: i64) -> Serial {
        let mut big = BigNum::from_slice(&number.unsigned_abs().to_be_bytes()).expect("number");
        big.set_negative(number < 0);
        Serial::of_certificate(&big.to_asn1_integer().expect("integer")).expect("serial")
    }

    #[test]
    fn leading_sign_octets_do_not_count() {
        assert_eq!(Serial::from_contents(&[0, 0, 5]), Some(of(5)));
        assert_eq!(Serial::from_contents(&[0, 0x80]), Some(of(128)));
        assert_eq!(Serial::from_contents(&[0x80]), Some(of(-128)));
        assert_eq!(Serial::from_contents(&[0xff, 0xff]), Some(of(-1)));
        assert_eq!(Serial::from_contents(&[0]), Some(of(0)));
        assert_eq!(Serial::from_contents(&[]), None);
        assert_eq!(of(128).to_string(), "80");
        assert_eq!(of(0x1004).to_string(), "1004");
        assert_eq!(of(0).to_string(), "00");
    }

    proptest! {
        #[test]
        fn contents_octets_and_certificates_agree(number: i64) {
            let contents = number.to_be_bytes();
            prop_assert_eq!(Serial::from_contents(&contents), Some(of(number)));
        }

        #[test]
        fn different_numbers_differ(one: i64, other: i64) {
            prop_assert_eq!(of(one) == of(other), one == other);
        }
    }
}
