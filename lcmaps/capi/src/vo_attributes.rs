//! The VOMS attributes of a chain, as environment and switches say.

use std::ffi::CString;

use lc_log::Level;
use lcmaps_certificates_client::{Chain, Verification, Voms};

use crate::logging::log;
use crate::{config, voms_switches};

/// Reads and verifies the VOMS attributes of a chain.
///
/// Attributes that are refused are never fatal: policies see none. Why is logged.
#[must_use]
pub fn of(chain: &Chain) -> Option<Voms> {
    let (voms, refused) = chain.voms(&verification());
    for reason in refused {
        log(
            Level::Error,
            &format!(
                "Warning: {reason}. LCMAPS will ignore the VOMS extensions in the mapping sequence."
            ),
        );
    }
    if voms.is_none() {
        log(Level::Info, "No VOMS FQANs found in X509 credentials");
    }
    voms
}

fn verification() -> Verification {
    let voms_switches::VerificationTime { time, flags } = voms_switches::verification_time();
    Verification {
        vomsdir: directory(
            ["LCMAPS_X509_VOMS_DIR", "X509_VOMS_DIR"],
            c"/etc/grid-security/vomsdir",
        ),
        certdir: directory(
            ["LCMAPS_X509_CERT_DIR", "X509_CERT_DIR"],
            c"/etc/grid-security/certificates",
        ),
        checks: voms_switches::flags(),
        time_base: flags,
        time,
    }
}

/// The directory that the first of the variables names. An empty one names none: it would have
/// attributes verified against files in the working directory.
fn directory(variables: [&str; 2], default: &std::ffi::CStr) -> CString {
    variables
        .into_iter()
        .filter_map(config::variable)
        .filter(|value| !value.is_empty())
        .find_map(|value| CString::new(value).ok())
        .unwrap_or_else(|| default.to_owned())
}
