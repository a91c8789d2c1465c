//! An initialised LCMAPS and the runs in it.

use std::ffi::{CStr, CString};
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use libc::c_void;

use crate::account::RawAccount;
use crate::entry_points::{self, EntryPoints};
use crate::input::{CText, CTextList, map_counter, optional_ptr};
use crate::{Account, Error, LogSink, PemText, Report};

/// Set while a [`Session`] lives: LCMAPS keeps one state for the whole process.
static STARTED: AtomicBool = AtomicBool::new(false);

/// Who is to be mapped.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Credential<'a> {
    /// A distinguished name in the form `/C=NL/O=Example/CN=Jane`. The caller vouches for it.
    Dn(&'a str),
    /// A distinguished name with VOMS attributes. The caller vouches for both.
    Fqans {
        /// The distinguished name.
        dn: &'a str,
        /// Attributes in the form `/vo/group/Role=production`, the primary one first.
        fqans: &'a [&'a str],
    },
    /// A certificate chain, leaf first. LCMAPS derives the DN from it; whether the chain is *verified* is
    /// the policy's matter (a verifying module must stand in it).
    Pem(&'a PemText),
}

/// The circumstances of a run. `Default` is: all policies, no map counter, no job request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// Names of the policies to try; empty means all. The order is that of the policy file.
    pub policies: &'a [&'a str],
    /// Asks for the n-th account of the same user (1 or more).
    pub map_counter: Option<u32>,
    /// Job request (RSL), passed on to modules.
    pub job: Option<&'a str>,
}

/// An initialised LCMAPS. Dropping it terminates LCMAPS.
///
/// It may move between threads; `&mut` on every call keeps them one at a time.
pub struct Session {
    entry: EntryPoints,
}

impl Session {
    pub(crate) fn start(entry: EntryPoints, log: LogSink) -> Result<Self, Error> {
        let (mut path, stream, kind) = log.arguments()?;
        if STARTED.swap(true, Ordering::AcqRel) {
            return Err(Error::AlreadyStarted);
        }
        // SAFETY: the path is a C string or NULL, the stream is open for ever or NULL.
        let status = unsafe { (entry.init)(optional_ptr(path.as_mut()), stream, kind) };
        if status != 0 {
            STARTED.store(false, Ordering::Release);
            return Err(Error::Start);
        }
        Ok(Self { entry })
    }

    /// Maps a credential to an account.
    ///
    /// # Errors
    /// [`Error::Refused`] is LCMAPS's answer no; every other error means that it gave no usable answer.
    pub fn map(&mut self, who: &Credential<'_>, request: &Request<'_>) -> Result<Account, Error> {
        match who {
            Credential::Dn(dn) => self.map_fqans(dn, &[], request),
            Credential::Fqans { dn, fqans } => self.map_fqans(dn, fqans, request),
            Credential::Pem(pem) => self.map_pem(pem, request),
        }
    }

    fn map_fqans(
        &mut self,
        dn: &str,
        fqans: &[&str],
        request: &Request<'_>,
    ) -> Result<Account, Error> {
        let mut dn = CText::new("the DN", dn)?;
        let mut fqans = CTextList::new("an FQAN", fqans)?;
        let mut asked = CRequest::new(request)?;
        let mut raw = RawAccount::new();
        // SAFETY: every text and list is alive until the call returns; the out-parameters are preset.
        let status = unsafe {
            (self.entry.run_fqans)(
                dn.as_mut_ptr(),
                fqans.as_mut_ptr(),
                fqans.count(),
                asked.map_counter,
                optional_ptr(asked.job.as_mut()),
                asked.policies.count(),
                asked.policies.as_mut_ptr(),
                &mut raw.uid,
                &mut raw.primary,
                &mut raw.primary_count,
                &mut raw.secondary,
                &mut raw.secondary_count,
                &mut raw.pool_index,
            )
        };
        if status != 0 {
            return Err(Error::Refused);
        }
        // SAFETY: on success the lists and the pool index are the library's, valid until the next run.
        unsafe { raw.to_account() }
    }

    fn map_pem(&mut self, pem: &PemText, request: &Request<'_>) -> Result<Account, Error> {
        let run = self.entry.run_pem.ok_or(Error::NotOffered {
            function: entry_points::PEM,
        })?;
        let mut asked = CRequest::new(request)?;
        let mut raw = RawAccount::new();
        // SAFETY: as in `map_fqans`; the DN argument is ignored by this interface.
        let status = unsafe {
            run(
                ptr::null_mut(),
                pem.as_ptr(),
                asked.map_counter,
                optional_ptr(asked.job.as_mut()),
                asked.policies.count(),
                asked.policies.as_mut_ptr(),
                &mut raw.uid,
                &mut raw.primary,
                &mut raw.primary_count,
                &mut raw.secondary,
                &mut raw.secondary_count,
                &mut raw.pool_index,
            )
        };
        if status != 0 {
            return Err(Error::Refused);
        }
        // SAFETY: on success the lists are the library's, valid until the next run.
        let account = unsafe { raw.to_account() };
        // SAFETY: this interface allocates the pool index for the caller (or leaves NULL); it is copied by now.
        unsafe { libc::free(raw.pool_index.cast::<c_void>()) };
        account
    }

    /// Maps a bare DN and gives the account's name instead of its ids.
    ///
    /// # Errors
    /// [`Error::Refused`] as in [`Session::map`]. `request.map_counter` must be `None`: this interface has none.
    pub fn map_to_username(&mut self, dn: &str, request: &Request<'_>) -> Result<String, Error> {
        if request.map_counter.is_some() {
            return Err(Error::NotOffered {
                function: "a map counter with a user name as answer",
            });
        }
        let mut dn = CText::new("the DN", dn)?;
        let mut asked = CRequest::new(request)?;
        let mut name = ptr::null_mut();
        // SAFETY: every text and list is alive until the call returns.
        let status = unsafe {
            (self.entry.run_username)(
                dn.as_mut_ptr(),
                optional_ptr(asked.job.as_mut()),
                &mut name,
                asked.policies.count(),
                asked.policies.as_mut_ptr(),
            )
        };
        if status != 0 {
            return Err(Error::Refused);
        }
        // SAFETY: on success the name is NULL or a C string allocated for the caller.
        let name = unsafe { owned_text(name) };
        let name = name.ok_or(Error::BadAnswer {
            what: "it has no user name",
        })?;
        name.into_string().map_err(|_| Error::BadAnswer {
            what: "its user name is no text",
        })
    }

    /// Asks whether a certificate chain maps to the given account: `Ok` if so.
    ///
    /// What is compared is the site's choice (`LCMAPS_VERIFY_TYPE`, see [`VerifyType`](crate::VerifyType)).
    /// `request.map_counter` must be `None`: this interface has none.
    ///
    /// # Errors
    /// [`Error::Refused`] if it does not, or maps to nothing.
    pub fn verify(
        &mut self,
        pem: &PemText,
        account: &Account,
        request: &Request<'_>,
    ) -> Result<(), Error> {
        let run = self.entry.verify_pem.ok_or(Error::NotOffered {
            function: entry_points::VERIFY,
        })?;
        if request.map_counter.is_some() {
            return Err(Error::NotOffered {
                function: "a map counter in verification",
            });
        }
        let mut asked = CRequest::new(request)?;
        let mut primary: Vec<_> = account.primary_gids.iter().map(|gid| gid.0).collect();
        let mut secondary: Vec<_> = account.secondary_gids.iter().map(|gid| gid.0).collect();
        let too_many = |_| Error::TooLarge {
            what: "the number of groups",
        };
        let primary_count = primary.len().try_into().map_err(too_many)?;
        let secondary_count = secondary.len().try_into().map_err(too_many)?;
        let pool_index = account.pool_index.as_ref();
        let mut pool_index = pool_index
            .map(|text| CText::new("the pool index", text))
            .transpose()?;
        // SAFETY: every text and list is alive until the call returns and as long as its count says.
        let status = unsafe {
            run(
                ptr::null_mut(),
                pem.as_ptr(),
                account.uid.0,
                primary.as_mut_ptr(),
                primary_count,
                secondary.as_mut_ptr(),
                secondary_count,
                optional_ptr(pool_index.as_mut()),
                optional_ptr(asked.job.as_mut()),
                asked.policies.count(),
                asked.policies.as_mut_ptr(),
            )
        };
        if status == 0 {
            Ok(())
        } else {
            Err(Error::Refused)
        }
    }

    /// What the last run did, if the library can tell ([`Library::has_reports`](crate::Library::has_reports)) and
    /// there was a run. The library keeps the report per thread: ask on the thread that made the run.
    ///
    /// # Errors
    /// [`Error::BadReport`] if the library's answer is not readable.
    pub fn report(&mut self) -> Result<Option<Report>, Error> {
        self.report_json()
            .map(|json| Report::parse(&json).map_err(Error::from))
            .transpose()
    }

    /// The same as JSON text, word for word as the library gives it.
    pub fn report_json(&mut self) -> Option<String> {
        let get = self.entry.report?;
        let mut json = ptr::null_mut();
        // SAFETY: the function writes one pointer.
        if unsafe { get(&mut json) } != 0 {
            return None;
        }
        // SAFETY: on success the text is NULL or a C string allocated for the caller.
        let json = unsafe { owned_text(json) }?;
        Some(json.to_string_lossy().into_owned())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: this session initialised the library and nobody else uses it.
        unsafe { (self.entry.term)() };
        STARTED.store(false, Ordering::Release);
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

/// A [`Request`] in C's terms.
struct CRequest {
    policies: CTextList,
    map_counter: libc::c_int,
    job: Option<CText>,
}

impl CRequest {
    fn new(request: &Request<'_>) -> Result<Self, Error> {
        Ok(Self {
            policies: CTextList::new("a policy name", request.policies)?,
            map_counter: map_counter(request.map_counter)?,
            job: request
                .job
                .map(|job| CText::new("the job request", job))
                .transpose()?,
        })
    }
}

/// Copies a text that the library allocated for us, and frees it.
///
/// # Safety
/// `text` must be NULL or a C string from `malloc` that nobody else frees.
unsafe fn owned_text(text: *mut libc::c_char) -> Option<CString> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, hence a C string.
    let copy = unsafe { CStr::from_ptr(text) }.to_owned();
    // SAFETY: ours to free.
    unsafe { libc::free(text.cast::<c_void>()) };
    Some(copy)
}
