//! The attribute certificates of a user, as the host decoded them.

use std::ffi::CStr;
use std::slice;

use lcmaps_sys::{
    lcmaps_fqan_unix_t, lcmaps_voms_generic_attr_t, lcmaps_voms_t, lcmaps_vomsdata_t,
};
use libc::{c_char, c_int};

/// All attribute certificates of a user. Everything in here may be missing; texts come from the
/// certificates.
#[derive(Debug, Clone, Copy)]
pub struct VomsData<'a>(&'a lcmaps_vomsdata_t);

impl<'a> VomsData<'a> {
    pub(crate) fn new(data: &'a lcmaps_vomsdata_t) -> Self {
        Self(data)
    }

    /// The attribute certificates in their order.
    pub fn certificates(self) -> impl Iterator<Item = AttributeCertificate<'a>> {
        elements::<lcmaps_voms_t>(self.0.voms, self.0.nvoms)
            .iter()
            .map(AttributeCertificate)
    }
}

/// One attribute certificate.
#[derive(Debug, Clone, Copy)]
pub struct AttributeCertificate<'a>(&'a lcmaps_voms_t);

impl<'a> AttributeCertificate<'a> {
    /// The DN of the holder.
    #[must_use]
    pub fn holder(self) -> Option<&'a CStr> {
        text(self.0.user_dn)
    }

    /// The DN of the CA of the holder.
    #[must_use]
    pub fn holder_ca(self) -> Option<&'a CStr> {
        text(self.0.user_ca)
    }

    /// The DN of the VOMS server.
    #[must_use]
    pub fn issuer(self) -> Option<&'a CStr> {
        text(self.0.voms_issuer_dn)
    }

    /// The DN of the CA of the VOMS server.
    #[must_use]
    pub fn issuer_ca(self) -> Option<&'a CStr> {
        text(self.0.voms_issuer_ca)
    }

    /// `host:port` of the VOMS server.
    #[must_use]
    pub fn uri(self) -> Option<&'a CStr> {
        text(self.0.uri)
    }

    /// The start of validity, `YYYYMMDDHHMMSSZ`.
    #[must_use]
    pub fn not_before(self) -> Option<&'a CStr> {
        text(self.0.date1)
    }

    /// The end of validity, `YYYYMMDDHHMMSSZ`.
    #[must_use]
    pub fn not_after(self) -> Option<&'a CStr> {
        text(self.0.date2)
    }

    /// The VO.
    #[must_use]
    pub fn vo(self) -> Option<&'a CStr> {
        text(self.0.voname)
    }

    /// The FQANs in their order.
    pub fn fqans(self) -> impl Iterator<Item = &'a CStr> {
        elements::<lcmaps_fqan_unix_t>(self.0.fqan_unix, self.0.nfqan)
            .iter()
            .filter_map(|fqan| text(fqan.fqan))
    }

    /// The generic attributes in their order.
    pub fn attributes(self) -> impl Iterator<Item = GenericAttribute<'a>> {
        elements::<lcmaps_voms_generic_attr_t>(self.0.attr_list, self.0.nattr)
            .iter()
            .map(GenericAttribute)
    }
}

/// A generic attribute. Hosts up to 1.6.6 give rubbish for value and qualifier.
#[derive(Debug, Clone, Copy)]
pub struct GenericAttribute<'a>(&'a lcmaps_voms_generic_attr_t);

impl<'a> GenericAttribute<'a> {
    /// The name.
    #[must_use]
    pub fn name(self) -> Option<&'a CStr> {
        text(self.0.name)
    }

    /// The value.
    #[must_use]
    pub fn value(self) -> Option<&'a CStr> {
        text(self.0.value)
    }

    /// The qualifier, a group.
    #[must_use]
    pub fn qualifier(self) -> Option<&'a CStr> {
        text(self.0.qualifier)
    }
}

fn text<'a>(text: *mut c_char) -> Option<&'a CStr> {
    // SAFETY: NULL or a C string of the host's structure; every caller ties it to that one.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

fn elements<'a, T>(first: *mut T, count: c_int) -> &'a [T] {
    match usize::try_from(count) {
        // SAFETY: the host's array has as many elements as its counter says; every caller ties it
        // to the structure that owns it.
        Ok(count) if !first.is_null() => unsafe { slice::from_raw_parts(first, count) },
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    #[test]
    fn everything_may_be_missing() {
        let mut certificate = lcmaps_voms_t {
            user_dn: ptr::null_mut(),
            user_ca: ptr::null_mut(),
            voms_issuer_dn: ptr::null_mut(),
            voms_issuer_ca: ptr::null_mut(),
            uri: ptr::null_mut(),
            date1: ptr::null_mut(),
            date2: ptr::null_mut(),
            voname: c"vo".as_ptr().cast_mut(),
            fqan_unix: ptr::null_mut(),
            nfqan: 5,
            attr_list: ptr::null_mut(),
            nattr: -1,
        };
        let data = lcmaps_vomsdata_t {
            voms: &raw mut certificate,
            nvoms: 1,
            workvo: ptr::null_mut(),
            extra_data: ptr::null_mut(),
        };
        let certificates: Vec<_> = VomsData::new(&data).certificates().collect();
        assert_eq!(certificates.len(), 1);
        assert_eq!(certificates[0].vo(), Some(c"vo"));
        assert_eq!(certificates[0].holder(), None);
        assert_eq!(certificates[0].fqans().count(), 0);
        assert_eq!(certificates[0].attributes().count(), 0);
    }
}
