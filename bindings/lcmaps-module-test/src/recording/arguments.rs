//! The run arguments of a call.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use lcmaps_sys::lcmaps_vomsdata_t;

/// The run arguments of a call. What is not set has the value that a host gives it.
#[derive(Debug)]
pub struct Arguments {
    texts: Vec<CString>,
    user_dn: *mut c_char,
    job_request: *mut c_char,
    fqans: Vec<*mut c_char>,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    mapcounter: c_int,
    requested_uid: u32,
    gids: [Vec<u32>; 2],
    gid_lists: [*mut u32; 2],
    gid_counts: [c_int; 2],
    requested_poolindex: *mut c_char,
    requested_username: *mut c_char,
    voms: *mut lcmaps_vomsdata_t,
    pem_string: *mut c_char,
    foreign: [*mut c_void; 4],
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            texts: Vec::new(),
            user_dn: ptr::null_mut(),
            job_request: ptr::null_mut(),
            fqans: Vec::new(),
            fqan_list: ptr::null_mut(),
            nfqan: -1,
            mapcounter: -1,
            requested_uid: u32::MAX,
            gids: [Vec::new(), Vec::new()],
            gid_lists: [ptr::null_mut(); 2],
            gid_counts: [0; 2],
            requested_poolindex: ptr::null_mut(),
            requested_username: ptr::null_mut(),
            voms: ptr::null_mut(),
            pem_string: ptr::null_mut(),
            foreign: [ptr::null_mut(); 4],
        }
    }
}

impl Arguments {
    /// The arguments of a user with this DN and no more.
    #[must_use]
    pub fn dn(dn: &str) -> Self {
        let mut arguments = Self::default();
        arguments.user_dn = arguments.keep(dn);
        arguments
    }

    /// Sets the request.
    #[must_use]
    pub fn job_request(mut self, request: &str) -> Self {
        self.job_request = self.keep(request);
        self
    }

    /// Sets the FQANs.
    #[must_use]
    pub fn fqans(mut self, fqans: &[&str]) -> Self {
        self.fqans = fqans.iter().map(|fqan| self.keep(fqan)).collect();
        self.nfqan = c_int::try_from(fqans.len()).expect("a number of FQANs that a test can want");
        self.fqan_list = self.fqans.as_mut_ptr();
        self
    }

    /// Sets the map counter.
    #[must_use]
    pub fn map_counter(mut self, counter: c_int) -> Self {
        self.mapcounter = counter;
        self
    }

    /// Sets the uid to verify.
    #[must_use]
    pub fn requested_uid(mut self, uid: u32) -> Self {
        self.requested_uid = uid;
        self
    }

    /// Sets the gids to verify.
    #[must_use]
    pub fn requested_gids(mut self, primary: &[u32], secondary: &[u32]) -> Self {
        self.gids = [primary.to_vec(), secondary.to_vec()];
        for (at, list) in self.gids.iter_mut().enumerate() {
            self.gid_counts[at] =
                c_int::try_from(list.len()).expect("a number of gids that a test can want");
            self.gid_lists[at] = list.as_mut_ptr();
        }
        self
    }

    /// Sets the pool index to verify.
    #[must_use]
    pub fn requested_pool_index(mut self, index: &str) -> Self {
        self.requested_poolindex = self.keep(index);
        self
    }

    /// Sets the account that the user asks for.
    #[must_use]
    pub fn requested_username(mut self, name: &str) -> Self {
        self.requested_username = self.keep(name);
        self
    }

    /// Sets the attribute certificates.
    #[must_use]
    pub fn voms(mut self, voms: &'static mut lcmaps_vomsdata_t) -> Self {
        self.voms = voms;
        self
    }

    /// Sets the PEM text.
    #[must_use]
    pub fn pem(mut self, pem: &str) -> Self {
        self.pem_string = self.keep(pem);
        self
    }

    /// Sets leaf certificate, chain, GSS credential and GSS context to addresses that nobody may
    /// look behind.
    #[must_use]
    pub fn foreign(mut self, addresses: [usize; 4]) -> Self {
        self.foreign = addresses.map(|address| address as *mut c_void);
        self
    }

    fn keep(&mut self, text: &str) -> *mut c_char {
        self.texts
            .push(CString::new(text).expect("a text without NUL"));
        self.texts
            .last()
            .map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut())
    }

    /// The variable behind a run argument, as the table of the framework has it.
    pub(super) fn variable(&self, name: &str, kind: &str) -> Option<*const c_void> {
        Some(match (name, kind) {
            ("user_dn", "char *") => (&raw const self.user_dn).cast(),
            ("job_request", "char *" | "lcmaps_request_t") => (&raw const self.job_request).cast(),
            ("fqan_list", "char **") => (&raw const self.fqan_list).cast(),
            ("nfqan", "int") => (&raw const self.nfqan).cast(),
            ("mapcounter", "int") => (&raw const self.mapcounter).cast(),
            ("requested_uid", "uid_t") => (&raw const self.requested_uid).cast(),
            ("requested_pgid_list", "gid_t *") => (&raw const self.gid_lists[0]).cast(),
            ("requested_npgid", "int") => (&raw const self.gid_counts[0]).cast(),
            ("requested_sgid_list", "gid_t *") => (&raw const self.gid_lists[1]).cast(),
            ("requested_nsgid", "int") => (&raw const self.gid_counts[1]).cast(),
            ("requested_poolindex", "char *") => (&raw const self.requested_poolindex).cast(),
            ("requested_username", "char *") => (&raw const self.requested_username).cast(),
            ("voms_data_list", "lcmaps_vomsdata_t *") => (&raw const self.voms).cast(),
            ("pem_string", "char *") => (&raw const self.pem_string).cast(),
            ("px509_cred", "X509 *") => (&raw const self.foreign[0]).cast(),
            ("px509_chain", "STACK_OF(X509) *") => (&raw const self.foreign[1]).cast(),
            ("user_cred", "gss_cred_id_t") => (&raw const self.foreign[2]).cast(),
            ("gss_context", "gss_ctx_id_t") => (&raw const self.foreign[3]).cast(),
            _ => return None,
        })
    }
}
