//! The instances of one module in one process.
//!
//! A database may name a module several times. Each entry is a module of its own with arguments of
//! its own, but all of them share one loaded object, and the calls that decide say nothing about the
//! entry they are for. So:
//!
//! - A host that knows the further entry point `plugin_select_instance` calls it before each of
//!   these calls, in the same thread, with the argument vector that it gave to `plugin_initialize`.
//!   The next call is for that entry alone.
//! - For a host that does not know it, LCAS 1.3.19 for one, each call is for all entries: the module
//!   grants if every one of its instances does, in the order of the database. Since LCAS asks for
//!   every entry and needs a "yes" from each, the outcome is the same, and only the log shows some
//!   questions twice.
//!
//! `plugin_terminate` is called once for each `plugin_initialize`, in the same order unless the host
//! selects, whether that one succeeded or not.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lcas_sys::{lcas_cred_id_t, lcas_request_t};
use libc::{c_char, c_int, c_void};

use crate::guard::{guard, panics_to_log};
use crate::logger::{Entry, Logger};
use crate::{Credential, Init, Module, Request};

/// The argument vector of an entry, whose address is the entry's name.
type Vector = *mut *mut c_char;

thread_local! {
    /// The entry that the next call in this thread is for; NULL stands for all.
    static SELECTED: Cell<Vector> = const { Cell::new(ptr::null_mut()) };
}

/// The instances of the module `M`. [`export_module!`](crate::export_module) makes one of these and
/// calls its methods from the C entry points; nobody else needs it.
#[derive(Debug)]
pub struct Instances<M> {
    module: &'static str,
    /// In the order of initialisation.
    list: Mutex<VecDeque<Instance<M>>>,
}

#[derive(Debug)]
struct Instance<M> {
    /// Only an address.
    vector: Address,
    /// `None` stands for one that failed to initialise and still has its terminate to come.
    module: Option<Arc<M>>,
}

/// The address of an argument vector; nobody follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Address(usize);

impl Address {
    fn of(vector: Vector) -> Self {
        Self(vector.addr())
    }
}

impl<M: Module> Instances<M> {
    /// No instances yet of the module with this name (`lcas_…`).
    #[must_use]
    pub const fn new(module: &'static str) -> Self {
        Self {
            module,
            list: Mutex::new(VecDeque::new()),
        }
    }

    /// `plugin_initialize`: makes an instance.
    ///
    /// # Safety
    /// `argv` is NULL or an array of `argc` elements, each NULL or a C string, through the call.
    pub unsafe fn initialize(&self, argc: c_int, argv: *mut *mut c_char) -> c_int {
        panics_to_log(self.module);
        let mut module = None;
        let result = guard(|| {
            let log = self.logger(Entry::Initialize);
            // SAFETY: the caller's promise.
            let init = unsafe { Init::from_c(log, argc, argv) };
            match M::initialize(&init) {
                Ok(made) => {
                    module = Some(Arc::new(made));
                    true
                }
                Err(failure) => {
                    log.log(failure.level(), failure);
                    false
                }
            }
        });
        // Whatever happened, there is a terminate to come for it.
        self.lock().push_back(Instance {
            vector: Address::of(argv),
            module,
        });
        result
    }

    /// `plugin_select_instance`: the next call in this thread is for the instance with this vector.
    pub fn select(&self, argv: *mut *mut c_char) -> c_int {
        SELECTED.set(ptr::null_mut());
        guard(|| {
            if argv.is_null() || !self.has(Address::of(argv)) {
                self.logger(Entry::SelectInstance)
                    .error("called with arguments that belong to no instance of this module");
                return false;
            }
            SELECTED.set(argv);
            true
        })
    }

    /// `plugin_confirm_authorization`.
    ///
    /// # Safety
    /// The texts are NULL or C strings that live through the call.
    pub unsafe fn confirm(&self, request: lcas_request_t, credential: lcas_cred_id_t) -> c_int {
        // SAFETY: the caller's promise; there are no certificates.
        unsafe {
            self.ask(
                Entry::Confirm,
                request,
                credential,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        }
    }

    /// `plugin_confirm_authorization_from_x509`.
    ///
    /// # Safety
    /// As [`confirm`](Self::confirm); `leaf` is NULL or an `X509`, `chain` NULL or a
    /// `STACK_OF(X509)`, and both live through the call.
    pub unsafe fn confirm_from_x509(
        &self,
        request: lcas_request_t,
        credential: lcas_cred_id_t,
        leaf: *mut c_void,
        chain: *mut c_void,
    ) -> c_int {
        // SAFETY: the caller's promise.
        unsafe { self.ask(Entry::ConfirmFromX509, request, credential, leaf, chain) }
    }

    /// # Safety
    /// As [`confirm_from_x509`](Self::confirm_from_x509).
    unsafe fn ask(
        &self,
        entry: Entry,
        request: lcas_request_t,
        credential: lcas_cred_id_t,
        leaf: *mut c_void,
        chain: *mut c_void,
    ) -> c_int {
        let selected = SELECTED.replace(ptr::null_mut());
        guard(|| {
            let log = self.logger(entry);
            let Some(instances) = self.asked(selected) else {
                log.error("refused: called without a successful plugin_initialize");
                return false;
            };
            // SAFETY: the caller's promise.
            let request = unsafe { Request::from_c(log, request) };
            // SAFETY: the caller's promise.
            let credential = unsafe { Credential::from_c(credential, leaf, chain) };
            instances
                .iter()
                .all(|module| match module.confirm(&request, &credential) {
                    Ok(granted) => {
                        log.info(format_args!("granted: {granted}"));
                        true
                    }
                    Err(failure) => {
                        log.log(failure.level(), format_args!("refused: {failure}"));
                        false
                    }
                })
        })
    }

    /// `plugin_terminate`: ends the selected instance, or the one that was made first.
    pub fn terminate(&self) -> c_int {
        let selected = SELECTED.replace(ptr::null_mut());
        guard(|| {
            let Some(module) = self.take(selected).and_then(|instance| instance.module) else {
                return true;
            };
            let log = self.logger(Entry::Terminate);
            match module.terminate(log) {
                Ok(()) => true,
                Err(failure) => {
                    log.log(failure.level(), failure);
                    false
                }
            }
        })
    }

    /// The modules that a call is for: the selected one, or all. Nothing if there is none, or one
    /// that failed to initialise.
    fn asked(&self, selected: Vector) -> Option<Vec<Arc<M>>> {
        let list = self.lock();
        let meant = |instance: &&Instance<M>| {
            selected.is_null() || instance.vector == Address::of(selected)
        };
        let modules: Option<Vec<_>> = list
            .iter()
            .filter(meant)
            .map(|instance| instance.module.clone())
            .collect();
        modules.filter(|modules| !modules.is_empty())
    }

    fn has(&self, vector: Address) -> bool {
        self.lock().iter().any(|instance| instance.vector == vector)
    }

    /// Takes an instance out of the list. An empty list holds no memory, which would be lost when
    /// the module is unloaded.
    fn take(&self, selected: Vector) -> Option<Instance<M>> {
        let mut list = self.lock();
        let at = if selected.is_null() {
            Some(0)
        } else {
            list.iter()
                .position(|instance| instance.vector == Address::of(selected))
        };
        let taken = at.and_then(|at| list.remove(at));
        if list.is_empty() {
            *list = VecDeque::new();
        }
        taken
    }

    fn logger(&self, entry: Entry) -> Logger {
        Logger::new(self.module, entry)
    }

    /// The list is whole between two statements, so a panic elsewhere does not harm it. No lock is
    /// held while a module works.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Instance<M>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
