//! Modules: finding, loading, initialising, asking, terminating.

use std::ffi::{CString, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use lc_c_boundary::argument_vector::ArgumentVector;
use lc_configuration::{TokenizeError, tokenize};
use lcas_core::Entry;
use lcas_sys::run::LCAS_MAX_ARGS;
use lcas_sys::{lcas_cred_id_t, lcas_request_t};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use crate::config;
use crate::logging::{debug, log, shown};
use crate::request::Question;

type Initialize = unsafe extern "C" fn(c_int, *mut *mut c_char) -> c_int;
type Confirm = unsafe extern "C" fn(lcas_request_t, lcas_cred_id_t) -> c_int;
type ConfirmFromX509 =
    unsafe extern "C" fn(lcas_request_t, lcas_cred_id_t, *mut c_void, *mut c_void) -> c_int;
type Terminate = unsafe extern "C" fn() -> c_int;
type Select = unsafe extern "C" fn(*mut *mut c_char) -> c_int;

/// Modules that do not say that they can be asked in several threads are asked one after another:
/// two of them may share what they call.
static TURN: Mutex<()> = Mutex::new(());

/// The entry points of a module.
struct EntryPoints {
    initialize: Initialize,
    confirm: Confirm,
    confirm_from_x509: Option<ConfirmFromX509>,
    terminate: Terminate,
    select: Option<Select>,
}

/// A loaded module, one entry of the database.
pub struct Module {
    /// The name as the database has it.
    name: String,
    /// The file it was loaded from.
    file: String,
    entry: EntryPoints,
    /// What `plugin_initialize` got; a module may keep pointers into it until it is terminated.
    /// Nothing before that call.
    vector: Option<ArgumentVector>,
    /// Closed last: everything above may point into it.
    _library: Library,
}

/// The modules of a session in the order of the database. They are terminated by
/// [`terminate_first`](Modules::terminate_first) or [`terminate_all`](Modules::terminate_all).
#[derive(Default)]
pub struct Modules(Vec<Module>);

impl Modules {
    /// Loads and initialises the modules of a database.
    ///
    /// # Returns
    /// `None` if one cannot be used. The reason is logged; all that were loaded are terminated.
    #[must_use]
    pub fn load(entries: &[Entry], database: &Path) -> Option<Self> {
        let mut modules = Self::default();
        for (number, entry) in entries.iter().enumerate() {
            let name = String::from_utf8_lossy(&entry.name);
            debug(1, || {
                format!("lcas.mod-lcas_init(): initializing plugin {name} (db entry {number})")
            });
            if let Err(problem) = modules.load_one(entry) {
                log(0, &format!("lcas.mod-PluginInit(): {problem}"));
                log(
                    0,
                    &format!(
                        "lcas.mod-lcas_init(): error initializing plugin: {name} ({}:{})",
                        shown(database),
                        entry.position
                    ),
                );
                modules.terminate_all();
                return None;
            }
        }
        Some(modules)
    }

    fn load_one(&mut self, entry: &Entry) -> Result<(), String> {
        let name = String::from_utf8_lossy(&entry.name).into_owned();
        let file = config::module(&entry.name).map_err(|tried| {
            let tried: Vec<_> = tried
                .iter()
                .map(|path| String::from_utf8_lossy(path))
                .collect();
            format!(
                "plugin {name} not found; looked for {}: correct the name or set LCAS_MODULES_DIR",
                tried.join(" and ")
            )
        })?;
        // dlopen would wait for a FIFO.
        let kind = std::fs::metadata(&file)
            .map_err(|e| format!("cannot read plugin {}: {e}", shown(&file)))?;
        if !kind.is_file() {
            return Err(format!("plugin {} is not a file", shown(&file)));
        }
        // SAFETY: loading a module runs its constructors; the database, which only the
        // administrator writes, names the file.
        let library = unsafe { Library::open(Some(&file), RTLD_NOW | RTLD_LOCAL) }
            .map_err(|e| format!("dlopen error for {}: {}", shown(&file), linker_words(&e)))?;
        let entry_points = entry_points(&library, &name)?;
        debug(3, || {
            format!("lcas.mod-PluginInit(): loaded {}", shown(&file))
        });
        self.0.push(Module {
            name,
            file: shown(&file),
            entry: entry_points,
            vector: None,
            _library: library,
        });
        // From here on a failure terminates this module too.
        let vector = arguments(&entry.arguments, &file)?;
        self.0
            .last_mut()
            .map_or(Ok(()), |module| module.start(vector))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Asks one module; an index that does not exist refuses.
    #[must_use]
    pub fn grants(&self, index: usize, question: &Question) -> bool {
        let Some(module) = self.0.get(index) else {
            return false;
        };
        let function = question.function();
        let granted = module.ask(question);
        if granted {
            debug(1, || {
                format!(
                    "{function}: authorization granted by plugin {}",
                    module.file
                )
            });
        } else {
            log(
                1,
                &format!(
                    "{function}: authorization failed for plugin {}",
                    module.file
                ),
            );
        }
        granted
    }

    /// Terminates and unloads the first module.
    ///
    /// # Returns
    /// `None` when there is none; whether the module said that it ended. If not, it stays.
    pub fn terminate_first(&mut self, function: &str) -> Option<bool> {
        let module = self.0.first()?;
        let ended = module.terminate(function);
        if ended {
            self.0.remove(0);
        }
        Some(ended)
    }

    /// Terminates and unloads all modules, whatever they say.
    pub fn terminate_all(&mut self) {
        for module in self.0.drain(..) {
            module.terminate("lcas.mod-clean_plugin_list()");
        }
    }
}

impl Module {
    /// `plugin_initialize`.
    fn start(&mut self, vector: ArgumentVector) -> Result<(), String> {
        debug(4, || {
            format!(
                "lcas.mod-PluginInit(): {} has {} arguments",
                self.file,
                vector.count()
            )
        });
        let vector = self.vector.insert(vector);
        // SAFETY: the vector has as many strings as it counts and a closing NULL, and lives until
        // the module is terminated.
        let code = unsafe { (self.entry.initialize)(vector.count(), vector.as_ptr()) };
        if code != 0 {
            return Err(format!(
                "plugin_initialize() of {} failed (it returned {code})",
                self.name
            ));
        }
        Ok(())
    }

    /// `plugin_confirm_authorization…`: everything but 0 refuses.
    fn ask(&self, question: &Question) -> bool {
        // The lock guards no data of ours, so a panic elsewhere does not spoil it.
        let _turn = (self.entry.select.is_none())
            .then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner));
        if !self.select() {
            log(
                0,
                &format!("plugin {} does not know itself: refused", self.file),
            );
            return false;
        }
        let (request, credential) = (question.request(), question.credential());
        let code = match self.entry.confirm_from_x509 {
            // SAFETY: what a module is promised: texts and certificates that live through the call.
            Some(confirm) => unsafe {
                confirm(request, credential, question.leaf(), question.chain())
            },
            // SAFETY: as above.
            None => unsafe { (self.entry.confirm)(request, credential) },
        };
        debug(3, || format!("plugin {} returned {code}", self.file));
        code == 0
    }

    /// `plugin_terminate`; logs a failure.
    fn terminate(&self, function: &str) -> bool {
        // A module with instances has nothing to end if it was not initialised, or if it ended
        // before without success.
        if self.entry.select.is_some() && !self.select() {
            return true;
        }
        // SAFETY: the entry point belongs to the library, which is still open.
        let code = unsafe { (self.entry.terminate)() };
        if code != 0 {
            log(
                0,
                &format!(
                    "{function}: failed to terminate plugin module {} (it returned {code})",
                    self.file
                ),
            );
        }
        code == 0
    }

    /// Tells a module with instances which one the next call is for.
    fn select(&self) -> bool {
        match (self.entry.select, &self.vector) {
            (None, _) => true,
            (Some(_), None) => false,
            // SAFETY: the function looks at the address only.
            (Some(select), Some(vector)) => unsafe { select(vector.as_ptr()) == 0 },
        }
    }
}

/// argv of `plugin_initialize`: the path of the module and its words.
fn arguments(text: &[u8], file: &Path) -> Result<ArgumentVector, String> {
    // One place each for argv[0] and the closing NULL.
    let words = tokenize(text, b" \t\n", LCAS_MAX_ARGS - 2).map_err(|e| {
        let code = match e {
            TokenizeError::TooMany(_) => -2,
            TokenizeError::UnmatchedQuote(_) => -3,
        };
        format!(
            "cannot parse the arguments of {}, rc={code}: {e}",
            shown(file)
        )
    })?;
    let strings = std::iter::once(file.as_os_str().as_bytes().to_vec())
        .chain(words)
        .map(CString::new)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| format!("the arguments of {} contain a NUL byte", shown(file)))?;
    Ok(ArgumentVector::new(strings))
}

fn entry_points(library: &Library, name: &str) -> Result<EntryPoints, String> {
    // SAFETY: these names are the module interface; a file that exports them with other types is no
    // LCAS module, which nothing can tell from outside.
    unsafe {
        Ok(EntryPoints {
            initialize: mandatory(library, name, "plugin_initialize")?,
            confirm: mandatory(library, name, "plugin_confirm_authorization")?,
            confirm_from_x509: optional(library, "plugin_confirm_authorization_from_x509"),
            terminate: mandatory(library, name, "plugin_terminate")?,
            select: optional(library, "plugin_select_instance"),
        })
    }
}

/// # Safety
/// `T` is the type of the function.
unsafe fn mandatory<T: Copy>(library: &Library, name: &str, symbol: &str) -> Result<T, String> {
    // SAFETY: the caller vouches for the type.
    unsafe { optional(library, symbol) }
        .ok_or_else(|| format!("plugin {name} not compliant: missing function \"{symbol}()\""))
}

/// # Safety
/// `T` is the type of the function.
unsafe fn optional<T: Copy>(library: &Library, symbol: &str) -> Option<T> {
    // SAFETY: the caller vouches for the type.
    unsafe { library.get::<T>(symbol) }.ok().map(|found| *found)
}

/// libloading keeps what dlopen says in the source of its error.
fn linker_words(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
