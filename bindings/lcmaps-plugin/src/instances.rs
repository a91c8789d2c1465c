//! The instances of one module in one process.
//!
//! A policy file may name a module several times with different arguments. A host that knows the
//! further entry point `plugin_multi_instance` loads the module once and then, for each set of
//! arguments, calls `plugin_initialize` and `plugin_introspect`; the table of run arguments that
//! the latter returns is another one for each instance, and its address names the instance in
//! `plugin_run` and `plugin_verify`. `plugin_terminate` is called once for each `plugin_initialize`,
//! in the same order, whether that one succeeded or not. A host that does not know the entry point
//! calls everything once, which is the same with one instance.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lcmaps_sys::lcmaps_argument_t;
use libc::{c_char, c_int};

use crate::guard::{guard, panics_to_log};
use crate::host;
use crate::logger::{Entry, Logger};
use crate::table::Table;
use crate::{Init, Mode, Module, Run};

/// The instances of the module `M`. [`export_module!`](crate::export_module) makes one of these and
/// calls its methods from the C entry points; nobody else needs it.
#[derive(Debug)]
pub struct Instances<M> {
    module: &'static str,
    /// In the order of initialisation; `None` stands for one that failed to initialise and still
    /// has its terminate to come.
    list: Mutex<VecDeque<Option<Arc<Instance<M>>>>>,
}

#[derive(Debug)]
struct Instance<M> {
    module: M,
    table: Table,
}

impl<M: Module> Instances<M> {
    /// No instances yet of the module with this name (`lcmaps_…`).
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
        let mut instance = None;
        let result = guard(|| {
            let log = Logger::new(self.module, Entry::Initialize);
            // SAFETY: the caller's promise.
            let init = unsafe { Init::from_c(log, argc, argv) };
            match M::initialize(&init) {
                Ok(module) => {
                    let table = Table::new(module.arguments(), host::version());
                    instance = Some(Arc::new(Instance { module, table }));
                    true
                }
                Err(failure) => {
                    log.log(failure.level(), failure);
                    false
                }
            }
        });
        // Whatever happened, there is a terminate to come for it.
        self.lock().push_back(instance);
        result
    }

    /// `plugin_introspect`: the table of run arguments of the instance that was made last.
    ///
    /// # Safety
    /// `argc` and `argv` are NULL or places for the result.
    pub unsafe fn introspect(&self, argc: *mut c_int, argv: *mut *mut lcmaps_argument_t) -> c_int {
        guard(|| {
            let list = self.lock();
            let Some(Some(instance)) = list.back() else {
                Logger::new(self.module, Entry::Introspect)
                    .error("called without a successful plugin_initialize");
                return false;
            };
            if argc.is_null() || argv.is_null() {
                Logger::new(self.module, Entry::Introspect)
                    .error("called without a place for the result");
                return false;
            }
            // SAFETY: not NULL, so places for the result.
            unsafe {
                argc.write(instance.table.count());
                argv.write(instance.table.as_ptr());
            }
            true
        })
    }

    /// `plugin_run` and `plugin_verify`: calls the instance that owns the table.
    ///
    /// # Safety
    /// `argv` is what [`introspect`](Self::introspect) returned, and its values are NULL or point to
    /// variables of the types beside them, whose texts and lists live through the call.
    pub unsafe fn run(&self, mode: Mode, argv: *mut lcmaps_argument_t) -> c_int {
        guard(|| {
            let log = Logger::new(
                self.module,
                match mode {
                    Mode::Run => Entry::Run,
                    Mode::Verify => Entry::Verify,
                },
            );
            let Some(instance) = self.find(argv) else {
                log.error("called with arguments that belong to no instance of this module");
                return false;
            };
            // SAFETY: the table is the caller's argv.
            let run = unsafe { Run::new(log, mode, &instance.table) };
            let result = match mode {
                Mode::Run => instance.module.run(&run),
                Mode::Verify => instance.module.verify(&run),
            };
            let label = M::LABEL
                .unwrap_or_else(|| self.module.strip_prefix("lcmaps_").unwrap_or(self.module));
            match result {
                Ok(()) => {
                    log.info(format_args!("{label} plugin succeeded"));
                    true
                }
                Err(failure) => {
                    log.log(failure.level(), failure);
                    log.info(format_args!("{label} plugin failed"));
                    false
                }
            }
        })
    }

    /// `plugin_terminate`: ends the instance that was made first.
    pub fn terminate(&self) -> c_int {
        guard(|| {
            let first = self.take_first();
            let Some(Some(instance)) = first else {
                return true;
            };
            let log = Logger::new(self.module, Entry::Terminate);
            match instance.module.terminate(log) {
                Ok(()) => true,
                Err(failure) => {
                    log.log(failure.level(), failure);
                    false
                }
            }
        })
    }

    /// Takes the instance that was made first out of the list. An empty list holds no memory, which
    /// would be lost when the module is unloaded.
    fn take_first(&self) -> Option<Option<Arc<Instance<M>>>> {
        let mut list = self.lock();
        let first = list.pop_front();
        if list.is_empty() {
            *list = VecDeque::new();
        }
        first
    }

    fn find(&self, argv: *mut lcmaps_argument_t) -> Option<Arc<Instance<M>>> {
        self.lock()
            .iter()
            .flatten()
            .find(|instance| instance.table.as_ptr() == argv)
            .cloned()
    }

    /// The list is whole between two statements, so a panic elsewhere does not harm it. No lock is
    /// held while a module works.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Option<Arc<Instance<M>>>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
