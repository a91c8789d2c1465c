//! The VOMS attributes of a chain.

use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr::NonNull;
use std::slice;

use lcmaps_certificates_abi::{Functions, Voms as Opaque, VomsSettings};

use crate::chain::Chain;
use crate::object::text;
use crate::reasons::Reasons;

/// How VOMS attributes are verified.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The directory of LSC files and certificates of VOMS servers.
    pub vomsdir: CString,
    /// The directory of CAs and CRLs.
    pub certdir: CString,
    /// The flag word of `lcmaps_set_voms_attributes_verification`; `u32::MAX` is every check.
    pub checks: u32,
    /// The flags of `lcmaps_set_voms_verification_time`.
    pub time_base: c_int,
    /// The time of `lcmaps_set_voms_verification_time`.
    pub time: i64,
}

/// Verified VOMS attributes. The pointers it gives out end with it; they do not need the chain.
pub struct Voms {
    raw: NonNull<Opaque>,
    functions: &'static Functions,
}

// SAFETY: the attributes belong to this value alone and may be used and freed on any thread.
unsafe impl Send for Voms {}
// SAFETY: nothing is changed through a shared reference.
unsafe impl Sync for Voms {}

impl Chain {
    /// Reads and verifies the attribute certificates of the chain.
    ///
    /// # Returns
    /// What is granted, `None` when nothing is; and the reason of each attribute certificate that
    /// was refused. One of them, and nothing is granted. A chain without any has no reasons.
    #[must_use]
    pub fn voms(&self, how: &Verification) -> (Option<Voms>, Vec<String>) {
        let settings = VomsSettings {
            vomsdir: how.vomsdir.as_ptr(),
            certdir: how.certdir.as_ptr(),
            checks: how.checks,
            time_base: how.time_base,
            time: how.time,
        };
        let mut reasons = Reasons::default();
        // SAFETY: a live chain; settings and reasons live during the call.
        let raw = unsafe {
            (self.functions.chain_voms)(self.raw.as_ptr(), &settings, &reasons.refusal())
        };
        let voms = NonNull::new(raw).map(|raw| Voms {
            raw,
            functions: self.functions,
        });
        let granted = voms.filter(|voms| !voms.data().is_null());
        (granted, reasons.into_list())
    }
}

impl Voms {
    /// A `lcmaps_vomsdata_t *`; ids in it may be changed, pointers may not.
    #[must_use]
    pub fn data(&self) -> *mut c_void {
        // SAFETY: live attributes.
        unsafe { (self.functions.voms_data)(self.raw.as_ptr()) }
    }

    /// The FQANs of all attribute certificates, in order.
    #[must_use]
    pub fn fqans(&self) -> Vec<&CStr> {
        let mut count = 0;
        // SAFETY: live attributes, and a place for the number.
        let list = unsafe { (self.functions.voms_fqans)(self.raw.as_ptr(), &mut count) };
        if list.is_null() {
            return Vec::new();
        }
        // SAFETY: a list of that many strings, as long-lived as `self`.
        let list = unsafe { slice::from_raw_parts(list, count) };
        list.iter()
            // SAFETY: as above.
            .map(|&fqan| unsafe { text(fqan) })
            .collect()
    }
}

impl Drop for Voms {
    fn drop(&mut self) {
        // SAFETY: live attributes, freed once.
        unsafe { (self.functions.voms_free)(self.raw.as_ptr()) };
    }
}
