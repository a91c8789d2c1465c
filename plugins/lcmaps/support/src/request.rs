//! The account that a caller asks for or wants verified.

use std::ffi::{CStr, CString};

use lc_os::{Account, Uid, account_by_uid};
use lcmaps_plugin::{Failure, Level, Mode, Run, Shown};

/// The account that a caller asks for: by name (a user who picks one of several accounts) or by uid
/// (an application that wants an account verified).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    name: Option<CString>,
    uid: Option<Uid>,
    /// The account with the uid, when that was looked up to learn its name.
    account: Option<Account>,
}

impl Request {
    /// Reads the request of this call. The module declares [`Argument::RequestedUid`] and
    /// [`Argument::RequestedUsername`].
    ///
    /// [`Argument::RequestedUid`]: lcmaps_plugin::Argument::RequestedUid
    /// [`Argument::RequestedUsername`]: lcmaps_plugin::Argument::RequestedUsername
    ///
    /// # Errors
    /// There is none although an account is to be verified, or the uid is 0 or nobody's.
    pub fn of(run: &Run<'_>) -> Result<Self, Failure> {
        let name = run.requested_username().map(CStr::to_owned);
        let uid = run.requested_uid();
        if name.is_none() && uid.is_none() && run.mode() == Mode::Verify {
            let reason = "nothing to verify: the caller gives neither a user name nor a uid";
            return Err(Failure::at(Level::Warning, reason));
        }
        if uid.is_some_and(Uid::is_root) {
            return Err(Failure::error(
                "the caller asks for uid 0, which nobody is mapped to",
            ));
        }
        let (name, account) = match (name, uid) {
            (None, Some(uid)) => {
                let account = account_by_uid(uid.as_raw())?;
                let account = account.ok_or_else(|| {
                    Failure::at(
                        Level::Warning,
                        format_args!("the caller asks for uid {uid}, which no account has"),
                    )
                })?;
                (Some(account.name.clone()), Some(account))
            }
            (name, _) => (name, None),
        };
        Ok(Self { name, uid, account })
    }

    /// The name that is asked for.
    #[must_use]
    pub fn name(&self) -> Option<&CStr> {
        self.name.as_deref()
    }

    /// The account with this name if the request looked it up already.
    pub(crate) fn known_account(&self, name: &CStr) -> Option<&Account> {
        self.account
            .as_ref()
            .filter(|account| account.name.as_c_str() == name)
    }

    /// Checks that an account, found by the name that is asked for if there is one, has the uid
    /// that is asked for.
    pub(crate) fn admit(&self, account: &Account) -> Result<(), Failure> {
        let (name, has) = (Shown(account.name.to_bytes()), account.uid);
        match self.uid {
            Some(uid) if uid != has => Err(Failure::refused(format_args!(
                "account {name} has uid {has}, not the requested uid {uid}"
            ))),
            _ => Ok(()),
        }
    }

    /// Checks that an account that was found without the request is the one that is asked for.
    ///
    /// # Errors
    /// It is another one.
    pub fn accept(&self, account: &Account) -> Result<(), Failure> {
        let have = Shown(account.name.to_bytes());
        match &self.name {
            Some(name) if *name != account.name => {
                let name = Shown(name.to_bytes());
                Err(Failure::refused(format_args!(
                    "account {have} is not the requested account {name}"
                )))
            }
            _ => self.admit(account),
        }
    }
}
