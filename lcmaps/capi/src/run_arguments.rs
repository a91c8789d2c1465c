//! The variables behind a module's run arguments (20 pairs of name and type; 15 without GSI).

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use lcmaps_core::Credential;
use lcmaps_sys::{lcmaps_argument_t, lcmaps_request_t, lcmaps_vomsdata_t};
use libc::{gid_t, uid_t};

/// What a module asked for: one of our variables, or something that does not exist.
#[derive(Debug)]
pub enum RequestedArgument {
    /// Index into [`TABLE`].
    Known(usize),
    /// A pair that is not in the table, as text for the message.
    Unknown {
        /// Requested name.
        name: String,
        /// Requested type.
        kind: String,
    },
}

/// The variables; a module gets their addresses. Defaults are what a module sees when there is no data.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "gsi"),
    expect(dead_code, reason = "no module gets the certificates")
)]
struct Variables {
    user_dn: *mut c_char,
    job_request: lcmaps_request_t,
    fqan_list: *mut *mut c_char,
    nfqan: c_int,
    mapcounter: c_int,
    requested_uid: uid_t,
    requested_pgid_list: *mut gid_t,
    requested_npgid: c_int,
    requested_sgid_list: *mut gid_t,
    requested_nsgid: c_int,
    requested_poolindex: *mut c_char,
    requested_username: *mut c_char,
    voms_data_list: *mut lcmaps_vomsdata_t,
    nvoms_data: c_int,
    pem_string: *mut c_char,
    px509_cred: *mut c_void,
    px509_chain: *mut c_void,
    user_cred: *mut c_void,
    gss_context: *mut c_void,
}

impl Default for Variables {
    fn default() -> Self {
        Variables {
            user_dn: ptr::null_mut(),
            job_request: ptr::null_mut(),
            fqan_list: ptr::null_mut(),
            nfqan: -1,
            mapcounter: -1,
            requested_uid: uid_t::MAX,
            requested_pgid_list: ptr::null_mut(),
            requested_npgid: 0,
            requested_sgid_list: ptr::null_mut(),
            requested_nsgid: 0,
            requested_poolindex: ptr::null_mut(),
            requested_username: ptr::null_mut(),
            voms_data_list: ptr::null_mut(),
            nvoms_data: 0,
            pem_string: ptr::null_mut(),
            px509_cred: ptr::null_mut(),
            px509_chain: ptr::null_mut(),
            user_cred: ptr::null_mut(),
            gss_context: ptr::null_mut(),
        }
    }
}

struct Row {
    name: &'static CStr,
    kind: &'static CStr,
    offset: usize,
}

macro_rules! table {
    ($($(#[$when:meta])* $name:literal $kind:literal => $field:ident),+ $(,)?) => {
        &[$($(#[$when])* Row { name: $name, kind: $kind, offset: std::mem::offset_of!(Variables, $field) }),+]
    };
}

/// Names and types are compared exactly, byte for byte.
static TABLE: &[Row] = table! {
    c"user_dn" c"char *" => user_dn,
    c"job_request" c"lcmaps_request_t" => job_request,
    c"job_request" c"char *" => job_request,
    c"fqan_list" c"char **" => fqan_list,
    c"nfqan" c"int" => nfqan,
    c"mapcounter" c"int" => mapcounter,
    c"requested_uid" c"uid_t" => requested_uid,
    c"requested_pgid_list" c"gid_t *" => requested_pgid_list,
    c"requested_npgid" c"int" => requested_npgid,
    c"requested_sgid_list" c"gid_t *" => requested_sgid_list,
    c"requested_nsgid" c"int" => requested_nsgid,
    c"requested_poolindex" c"char *" => requested_poolindex,
    c"requested_username" c"char *" => requested_username,
    c"voms_data_list" c"lcmaps_vomsdata_t *" => voms_data_list,
    c"nvoms_data" c"int" => nvoms_data,
    #[cfg(feature = "gsi")]
    c"pem_string" c"char *" => pem_string,
    #[cfg(feature = "gsi")]
    c"px509_cred" c"X509 *" => px509_cred,
    #[cfg(feature = "gsi")]
    c"px509_chain" c"STACK_OF(X509) *" => px509_chain,
    #[cfg(feature = "gsi")]
    c"user_cred" c"gss_cred_id_t" => user_cred,
    #[cfg(feature = "gsi")]
    c"gss_context" c"gss_ctx_id_t" => gss_context,
};

impl RequestedArgument {
    /// Looks a module's request up.
    ///
    /// # Safety
    /// Name and type are NULL or NUL-terminated strings.
    #[must_use]
    pub unsafe fn resolve(argument: &lcmaps_argument_t) -> RequestedArgument {
        // SAFETY: the caller vouches for both strings.
        let (name, kind) = unsafe { (text(argument.argName), text(argument.argType)) };
        TABLE
            .iter()
            .position(|row| row.name == name && row.kind == kind)
            .map_or_else(
                || RequestedArgument::Unknown {
                    name: name.to_string_lossy().into_owned(),
                    kind: kind.to_string_lossy().into_owned(),
                },
                RequestedArgument::Known,
            )
    }
}

/// # Safety
/// `text` is NULL or a NUL-terminated string that lives as long as it is used.
unsafe fn text<'a>(text: *const c_char) -> &'a CStr {
    if text.is_null() {
        c""
    } else {
        // SAFETY: not NULL, and the caller vouches for the rest.
        unsafe { CStr::from_ptr(text) }
    }
}

/// Pointers of the caller that are passed on to modules as they are. Borrowed for the run.
#[derive(Debug, Clone, Copy)]
pub struct Borrowed {
    /// The job request.
    pub request: lcmaps_request_t,
    /// The PEM text, with whatever it holds: it is never copied, because it may hold a private key.
    pub pem: *mut c_char,
    /// Leaf certificate, `X509 *`.
    pub certificate: *mut c_void,
    /// Linked chain, `STACK_OF(X509) *`.
    pub chain: *mut c_void,
    /// Verified VOMS attributes, `lcmaps_vomsdata_t *`.
    pub voms_data: *mut c_void,
    /// `gss_cred_id_t`.
    pub gss_credential: *mut c_void,
}

impl Default for Borrowed {
    fn default() -> Self {
        Borrowed {
            request: ptr::null_mut(),
            pem: ptr::null_mut(),
            certificate: ptr::null_mut(),
            chain: ptr::null_mut(),
            voms_data: ptr::null_mut(),
            gss_credential: ptr::null_mut(),
        }
    }
}

/// The variables of one run, with the memory they point to. Addresses are stable for its lifetime.
#[derive(Debug)]
pub struct RunArguments {
    variables: Box<Variables>,
    _fqans: Vec<*mut c_char>,
    _texts: Vec<CString>,
    _gids: [Vec<gid_t>; 2],
}

impl RunArguments {
    /// The variables for a credential. Modules get copies, so they cannot change ours.
    #[must_use]
    pub fn new(credential: &Credential, borrowed: Borrowed) -> RunArguments {
        let mut texts = Vec::new();
        let mut keep = |text: &CStr| {
            let copy = text.to_owned();
            let address = copy.as_ptr().cast_mut();
            texts.push(copy);
            address
        };
        let mut variables = Box::new(Variables {
            user_dn: keep(&credential.dn),
            job_request: borrowed.request,
            mapcounter: credential.map_counter,
            pem_string: borrowed.pem,
            px509_cred: borrowed.certificate,
            px509_chain: borrowed.chain,
            user_cred: borrowed.gss_credential,
            voms_data_list: borrowed.voms_data.cast(),
            nvoms_data: c_int::from(!borrowed.voms_data.is_null()),
            ..Variables::default()
        });
        let mut fqans: Vec<*mut c_char> = credential.fqans.iter().map(|fqan| keep(fqan)).collect();
        if !fqans.is_empty() {
            variables.nfqan = c_int::try_from(fqans.len()).unwrap_or(c_int::MAX);
            // Modules count, but a closing NULL costs nothing.
            fqans.push(ptr::null_mut());
            variables.fqan_list = fqans.as_mut_ptr();
        }
        if let Some(username) = &credential.requested_username {
            variables.requested_username = keep(username);
        }
        let mut gids = [Vec::new(), Vec::new()];
        if let Some(account) = &credential.requested_account {
            variables.requested_uid = account.uid.0;
            gids = [&account.primary_gids, &account.secondary_gids]
                .map(|list| list.iter().map(|gid| gid.0).collect::<Vec<gid_t>>());
            let count = |list: &Vec<gid_t>| c_int::try_from(list.len()).unwrap_or(c_int::MAX);
            variables.requested_npgid = count(&gids[0]);
            variables.requested_nsgid = count(&gids[1]);
            let [primary, secondary] = gids.each_mut().map(|list| {
                if list.is_empty() {
                    ptr::null_mut()
                } else {
                    list.as_mut_ptr()
                }
            });
            variables.requested_pgid_list = primary;
            variables.requested_sgid_list = secondary;
            if let Some(index) = &account.pool_index {
                variables.requested_poolindex = keep(index);
            }
        }
        RunArguments {
            variables,
            _fqans: fqans,
            _texts: texts,
            _gids: gids,
        }
    }

    /// The address of a variable; NULL for one that does not exist.
    #[must_use]
    pub fn address(&self, requested: &RequestedArgument) -> *mut c_void {
        let RequestedArgument::Known(index) = requested else {
            return ptr::null_mut();
        };
        let Some(row) = TABLE.get(*index) else {
            return ptr::null_mut();
        };
        let base = ptr::from_ref::<Variables>(&self.variables).cast_mut();
        // SAFETY: the offset is that of a field of the structure.
        unsafe { base.cast::<u8>().add(row.offset) }.cast()
    }
}
