//! The part of LCMAPS that needs OpenSSL, loaded on the first certificate.
//!
//! An internal shared object of liblcmaps: a mapping by DN never loads it, and a program that has
//! loaded it keeps it. It links libcrypto; Globus is found at run time, and only for a GSS
//! credential. The contract with liblcmaps is in `lcmaps-certificates-abi`, the work in `lc-x509` and `lc-voms`.

mod c_view;
mod functions;
mod globus;
mod objects;
mod voms;

use lcmaps_certificates_abi::{Functions, Header, VERSION};

static FUNCTIONS: Functions = Functions {
    header: Header {
        version: VERSION,
        size: Functions::SIZE,
    },
    chain_from_pem: functions::chain_from_pem,
    chain_from_stack: functions::chain_from_stack,
    chain_from_gss: functions::chain_from_gss,
    chain_dn: functions::chain_dn,
    chain_leaf: functions::chain_leaf,
    chain_stack: functions::chain_stack,
    chain_warning_count: functions::chain_warning_count,
    chain_warning: functions::chain_warning,
    chain_free: functions::chain_free,
    chain_voms: voms::chain_voms,
    voms_data: voms::voms_data,
    voms_fqans: voms::voms_fqans,
    voms_free: voms::voms_free,
    chain_stack_without_leaf: functions::chain_stack_without_leaf,
    certificates_from_pem: objects::certificates_from_pem,
    certificates_from_gss: objects::certificates_from_gss,
    certificate_free: objects::certificate_free,
    certificates_free: objects::certificates_free,
    certificate_subject: objects::certificate_subject,
    certificate_is_authority: objects::certificate_is_authority,
    certificate_text: objects::certificate_text,
    certificates_text: objects::certificates_text,
    signature_known: objects::signature_known,
};

/// The table of functions.
///
/// # Returns
/// A [`Functions`] that lives as long as the process; its header tells how long it is.
#[unsafe(no_mangle)]
pub extern "C" fn lcmaps_certificates_functions() -> *const Header {
    // A caught panic is told to the caller; the text on standard error would be the host's.
    std::panic::set_hook(Box::new(|_| {}));
    (&raw const FUNCTIONS).cast()
}
