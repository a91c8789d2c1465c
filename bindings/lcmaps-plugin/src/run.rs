//! One call of a module: what the framework tells it about the user.

use std::ffi::{CStr, CString, c_char, c_void};
use std::marker::PhantomData;
use std::ptr::NonNull;

use lcmaps_sys::lcmaps_vomsdata_t;
use libc::{c_int, gid_t, uid_t};

use crate::arguments::{self as args, Entry};
use crate::table::Table;
use crate::{Argument, Failure, Gid, Logger, Uid, VomsData};

/// Why the module is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To map a user.
    Run,
    /// To check an existing mapping; nothing on the machine may change.
    Verify,
}

/// One call of a module: reads the run arguments, and the credential data of the mapping in the
/// making ([the other half](Self#registered-data)).
///
/// Texts and lists live as long as the call. A value belongs to the thread of the call.
#[derive(Debug)]
pub struct Run<'a> {
    log: Logger,
    mode: Mode,
    table: &'a Table,
    /// The host finds the mapping by thread.
    thread: PhantomData<*const ()>,
}

impl<'a> Run<'a> {
    /// # Safety
    /// Through `'a` the values in `table` are NULL or point to variables of the type that stands
    /// beside them, whose texts and lists live as long.
    pub(crate) unsafe fn new(log: Logger, mode: Mode, table: &'a Table) -> Self {
        Self {
            log,
            mode,
            table,
            thread: PhantomData,
        }
    }

    /// The log of the host.
    #[must_use]
    pub fn log(&self) -> Logger {
        self.log
    }

    /// Why the module is called.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The DN of the user as the application or the certificate gives it.
    ///
    /// # Panics
    /// As every reader here: when the module did not declare the argument. The SDK turns that into
    /// a failed call.
    #[must_use]
    pub fn user_dn(&self) -> Option<&CStr> {
        self.text(Argument::UserDn, args::USER_DN)
    }

    /// The request, an RSL text.
    #[must_use]
    pub fn job_request(&self) -> Option<&CStr> {
        self.text(Argument::JobRequest, args::JOB_REQUEST)
    }

    /// The FQANs of the user in their order; none is no statement about the user, see
    /// `docs/module-writers.md`.
    #[must_use]
    pub fn fqans(&self) -> Vec<&CStr> {
        let list: &[*const c_char] = self.list(Argument::Fqans, args::FQAN_LIST, args::NFQAN);
        // SAFETY: the elements of the list are NULL or C strings that live through the call.
        list.iter()
            .take_while(|fqan| !fqan.is_null())
            .map(|&fqan| unsafe { CStr::from_ptr(fqan) })
            .collect()
    }

    /// Which of several accounts of the user is wanted: -1 and 0 say nothing about it.
    #[must_use]
    pub fn map_counter(&self) -> i32 {
        self.plain::<c_int>(Argument::MapCounter, args::MAPCOUNTER)
            .unwrap_or(-1)
    }

    /// The uid to verify.
    #[must_use]
    pub fn requested_uid(&self) -> Option<Uid> {
        let uid = self.plain::<uid_t>(Argument::RequestedUid, args::REQUESTED_UID)?;
        (uid != uid_t::MAX).then(|| Uid::from_raw(uid))
    }

    /// The primary gids to verify.
    #[must_use]
    pub fn requested_primary_gids(&self) -> Vec<Gid> {
        self.gids(
            Argument::RequestedPrimaryGids,
            args::REQUESTED_PGID_LIST,
            args::REQUESTED_NPGID,
        )
    }

    /// The secondary gids to verify.
    #[must_use]
    pub fn requested_secondary_gids(&self) -> Vec<Gid> {
        self.gids(
            Argument::RequestedSecondaryGids,
            args::REQUESTED_SGID_LIST,
            args::REQUESTED_NSGID,
        )
    }

    /// The pool index to verify.
    #[must_use]
    pub fn requested_pool_index(&self) -> Option<&CStr> {
        self.text(Argument::RequestedPoolIndex, args::REQUESTED_POOLINDEX)
    }

    /// The account that the user asks for. An empty name is a name.
    #[must_use]
    pub fn requested_username(&self) -> Option<&CStr> {
        self.text(Argument::RequestedUsername, args::REQUESTED_USERNAME)
    }

    /// The attribute certificates of the user.
    #[must_use]
    pub fn voms(&self) -> Option<VomsData<'_>> {
        let data: *const lcmaps_vomsdata_t =
            self.plain(Argument::VomsData, args::VOMS_DATA_LIST)?;
        // SAFETY: NULL or the host's structure, which lives through the call.
        unsafe { data.as_ref() }.map(VomsData::new)
    }

    /// The credential as PEM text. It may hold a private key.
    #[must_use]
    pub fn pem(&self) -> Option<&CStr> {
        self.text(Argument::Pem, args::PEM_STRING)
    }

    /// The leaf certificate, an OpenSSL `X509 *` of the host.
    #[must_use]
    pub fn leaf_certificate(&self) -> Option<NonNull<c_void>> {
        self.foreign(Argument::LeafCertificate, args::PX509_CRED)
    }

    /// The certificate chain, an OpenSSL `STACK_OF(X509) *` of the host, leaf first.
    #[must_use]
    pub fn certificate_chain(&self) -> Option<NonNull<c_void>> {
        self.foreign(Argument::CertificateChain, args::PX509_CHAIN)
    }

    /// The GSS credential, a `gss_cred_id_t`.
    #[must_use]
    pub fn gss_credential(&self) -> Option<NonNull<c_void>> {
        self.foreign(Argument::GssCredential, args::USER_CRED)
    }

    /// The GSS context, a `gss_ctx_id_t`.
    #[must_use]
    pub fn gss_context(&self) -> Option<NonNull<c_void>> {
        self.foreign(Argument::GssContext, args::GSS_CONTEXT)
    }

    /// The DN that counts: the one that an earlier module of the policy registered, else the
    /// user's, which is registered by this call.
    ///
    /// # Errors
    /// There is no DN, or the host does not take it.
    pub fn settle_dn(&self) -> Result<CString, Failure> {
        if let Some(dn) = self.registered_dn() {
            return Ok(dn);
        }
        let dn = self
            .user_dn()
            .ok_or_else(|| Failure::error("the user has no DN"))?;
        self.add_dn(dn)?;
        Ok(dn.to_owned())
    }

    /// The FQANs that count: those that an earlier module of the policy registered, else the
    /// user's.
    #[must_use]
    pub fn settle_fqans(&self) -> Vec<CString> {
        let registered = self.registered_vo_strings();
        if registered.is_empty() {
            return self.fqans().into_iter().map(CStr::to_owned).collect();
        }
        registered
    }

    /// A variable of the host, copied.
    fn plain<T: Copy>(&self, argument: Argument, entry: Entry) -> Option<T> {
        assert!(
            self.table.declares(argument),
            "the module reads {argument:?}, which Module::arguments does not name"
        );
        let place = self.table.value(entry)?;
        // SAFETY: the entry's type says what stands there; every reader here names the same one.
        Some(unsafe { place.cast::<T>().read() })
    }

    fn foreign(&self, argument: Argument, entry: Entry) -> Option<NonNull<c_void>> {
        self.plain::<*mut c_void>(argument, entry)
            .and_then(NonNull::new)
    }

    fn text(&self, argument: Argument, entry: Entry) -> Option<&CStr> {
        let text = self.foreign(argument, entry)?;
        // SAFETY: the entry's type is `char *`: a C string that lives through the call.
        Some(unsafe { CStr::from_ptr(text.as_ptr().cast()) })
    }

    /// A list with its counter beside it.
    fn list<T: Copy>(&self, argument: Argument, list: Entry, count: Entry) -> &[T] {
        let first = self.plain::<*const T>(argument, list).unwrap_or_default();
        let count = self
            .plain::<c_int>(argument, count)
            .and_then(|count| usize::try_from(count).ok());
        match count {
            // SAFETY: the host's list has as many elements as its counter says and lives through
            // the call.
            Some(count) if !first.is_null() => unsafe { std::slice::from_raw_parts(first, count) },
            _ => &[],
        }
    }

    fn gids(&self, argument: Argument, list: Entry, count: Entry) -> Vec<Gid> {
        self.list::<gid_t>(argument, list, count)
            .iter()
            .map(|&gid| Gid::from_raw(gid))
            .collect()
    }
}
