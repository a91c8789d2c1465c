//! Signatures that the host has checked, for modules: none is checked twice in one process.
//!
//! liblcmaps and liblcas check, through their certificate object, that the certificates of a user sign
//! each other. A module has a copy of `lc-x509` of its own, with a memory of its own. After [`share`]
//! it asks that object first. In other hosts there is no such object, and it checks for itself.

use std::ffi::CStr;
use std::sync::OnceLock;

use foreign_types::ForeignTypeRef as _;
use lcmaps_certificates_abi::{ENTRY, Entry, FILE_NAMES, Functions, Header, VERSION};
use openssl::x509::X509Ref;

/// Lets this module's `lc-x509` ask the host.
pub fn share() {
    lc_x509::ask_about_signatures(known);
}

/// Whether the host has seen that the key of `issuer` made the signature on `certificate`.
fn known(certificate: &X509Ref, issuer: &X509Ref) -> bool {
    static FUNCTIONS: OnceLock<&'static Functions> = OnceLock::new();
    let functions = match FUNCTIONS.get() {
        Some(functions) => functions,
        // The host loads the object for the first certificate, perhaps after this module.
        None => match find() {
            Some(functions) => FUNCTIONS.get_or_init(|| functions),
            None => return false,
        },
    };
    // SAFETY: two valid certificates, which live during the call.
    unsafe { (functions.signature_known)(certificate.as_ptr().cast(), issuer.as_ptr().cast()) == 1 }
}

/// The table of the certificate object, if this process has loaded one that we know.
fn find() -> Option<&'static Functions> {
    let mut name = FILE_NAMES.first()?.as_bytes().to_vec();
    name.push(0);
    let name = CStr::from_bytes_with_nul(&name).ok()?;
    // SAFETY: RTLD_NOLOAD only looks up what is loaded. The object is never unloaded, and its entry
    // point, whose type it keeps in every version, returns a table that lives as long.
    unsafe {
        let object = libc::dlopen(name.as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD);
        if object.is_null() {
            return None;
        }
        let entry = libc::dlsym(object, ENTRY.as_ptr());
        libc::dlclose(object);
        if entry.is_null() {
            return None;
        }
        let entry: Entry = std::mem::transmute::<*mut libc::c_void, Entry>(entry);
        let header = entry();
        let Header { version, size } = *header;
        (version == VERSION && size >= Functions::SIZE).then(|| &*header.cast::<Functions>())
    }
}

#[cfg(test)]
#[path = "../../x509/tests/support/mod.rs"]
mod support;

#[cfg(test)]
mod tests {
    use super::*;
    use lcmaps_certificates_client::Chain;
    use std::ffi::CString;
    use support::{ALICE, CA, Flavour, authority};

    #[test]
    fn what_the_host_has_checked_is_known_and_nothing_else() {
        let alice = authority(CA).issue_user(ALICE);
        let (proxy, other) = (alice.delegate(Flavour::Rfc), alice.delegate(Flavour::Rfc));
        assert!(
            !known(&proxy.certificate, &alice.certificate),
            "no host yet"
        );
        let pem = support::pem(&[&proxy.certificate, &alice.certificate]);
        let pem = CString::new(pem).expect("text");
        Chain::from_pem(&pem).expect("a linked chain");
        assert!(known(&proxy.certificate, &alice.certificate));
        assert!(!known(&alice.certificate, &proxy.certificate));
        assert!(!known(&other.certificate, &alice.certificate), "never seen");
    }
}
