//! Modules: finding, loading, initialising, calling, terminating.

use std::ffi::{CString, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use lc_c_boundary::argument_vector::ArgumentVector;
use lc_configuration::{TokenizeError, tokenize};
use lc_log::Level;
use lcmaps_core::Mode;
use lcmaps_pdl::ModuleSpec;
use lcmaps_sys::defines::{LCMAPS_MAXARGS, LCMAPS_MAXPATHLEN};
use lcmaps_sys::lcmaps_argument_t;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use crate::config;
use crate::logging::{log, shown};
use crate::run_arguments::{RequestedArgument, RunArguments};

type Initialize = unsafe extern "C" fn(c_int, *mut *mut c_char) -> c_int;
type Introspect = unsafe extern "C" fn(*mut c_int, *mut *mut lcmaps_argument_t) -> c_int;
type Run = unsafe extern "C" fn(c_int, *mut lcmaps_argument_t) -> c_int;
type Terminate = unsafe extern "C" fn() -> c_int;
type MultiInstance = unsafe extern "C" fn() -> c_int;

/// More run arguments than any module could want: there are 20.
const MOST_ARGUMENTS: c_int = 1000;

/// The entry points of a module.
struct EntryPoints {
    initialize: Initialize,
    introspect: Introspect,
    run: Run,
    verify: Option<Run>,
    terminate: Terminate,
}

/// A loaded module with one set of arguments.
pub struct Module {
    /// The name as the policy file has it.
    name: String,
    /// The file it was loaded from.
    file: String,
    entry: EntryPoints,
    /// What `plugin_initialize` got; a module may keep pointers into it until it is terminated.
    argv: ArgumentVector,
    /// The array that `plugin_introspect` returned. The module owns it until it is terminated.
    argument_count: c_int,
    arguments: *mut lcmaps_argument_t,
    /// The arguments by index into the table of run arguments; an unknown one fails every run.
    requested: Vec<RequestedArgument>,
    /// What dlopen returned: the same for two names of one file.
    handle: *mut c_void,
    /// Closed last: everything above may point into it.
    _library: Library,
}

// SAFETY: the pointers lead into the module, which LCMAPS calls from one thread at a time (the
// session's lock); modules have always had to bear being called from whatever thread the host uses.
unsafe impl Send for Module {}

/// All modules of a session, in load order. Dropping them terminates and unloads them in that order.
#[derive(Default)]
pub struct Modules(Vec<Module>);

impl Modules {
    /// Loads and initialises the modules of a policy file.
    ///
    /// # Returns
    /// `None` if one cannot be used. The reason is logged; all that were loaded are terminated.
    #[must_use]
    pub fn load(specs: &[ModuleSpec], path: Option<&[u8]>) -> Option<Modules> {
        let mut modules = Modules::default();
        for spec in specs {
            if let Err(problem) = modules.load_one(spec, path) {
                log(Level::Error, &problem);
                let (name, line) = (String::from_utf8_lossy(&spec.name), spec.span.line);
                log(
                    Level::Error,
                    &format!(
                        "error initializing plugin: {name} (defined in line {line} of the policy file)"
                    ),
                );
                return None;
            }
        }
        Some(modules)
    }

    fn load_one(&mut self, spec: &ModuleSpec, path: Option<&[u8]>) -> Result<(), String> {
        let name = String::from_utf8_lossy(&spec.name).into_owned();
        let file = find(&spec.name, path).ok_or_else(|| not_found(spec, path))?;
        if file.as_os_str().len() >= LCMAPS_MAXPATHLEN {
            return Err(format!(
                "path of plugin {name} is too long (500 bytes or more): {}",
                shown(&file)
            ));
        }
        let argv = arguments(spec, &file)?;
        // SAFETY: loading a module runs its constructors; the policy file, which only the
        // administrator writes, names the file.
        let library = unsafe { Library::open(Some(&file), RTLD_NOW | RTLD_LOCAL) }
            .map_err(|e| format!("dlopen error for {name}: {}", with_source(&e)))?;
        let entry = entry_points(&library, &name)?;
        let handle = library.into_raw();
        // SAFETY: the handle was just taken out of a library that nobody else closes.
        let library = unsafe { Library::from_raw(handle) };
        self.check_only_instance(handle, &library, &name)?;
        self.0.push(Module {
            name,
            file: shown(&file),
            entry,
            argv,
            argument_count: 0,
            arguments: std::ptr::null_mut(),
            requested: Vec::new(),
            handle,
            _library: library,
        });
        // From here on a failure terminates this module too.
        self.0.last_mut().map_or(Ok(()), Module::start)
    }

    /// Refuses a second instance of a module, unless the module says that it can have several.
    fn check_only_instance(
        &self,
        handle: *mut c_void,
        library: &Library,
        name: &str,
    ) -> Result<(), String> {
        match self.0.iter().find(|module| module.handle == handle) {
            Some(first) if !takes_several_instances(library) => Err(format!(
                "trying to use plugin {name} twice (registered before as {}): this module can have one \
                 set of arguments only; use a copy of the file under another name",
                first.name
            )),
            _ => Ok(()),
        }
    }

    /// Whether every module knows all its run arguments and, in verification mode, can verify. Logs
    /// what is wrong.
    #[must_use]
    pub fn ready(&self, mode: Mode) -> bool {
        self.0.iter().all(|module| module.ready(mode))
    }

    /// Calls one module. 0 is success; an index that does not exist fails.
    pub fn call(&mut self, index: usize, mode: Mode, values: &RunArguments) -> c_int {
        self.0
            .get_mut(index)
            .map_or(1, |module| module.call(mode, values))
    }

    /// The files that the modules were loaded from, by index.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        self.0.iter().map(|module| module.file.clone()).collect()
    }

    /// Whether no module is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Modules {
    fn drop(&mut self) {
        for module in self.0.drain(..) {
            // SAFETY: the entry point belongs to the library, which is still open.
            if unsafe { (module.entry.terminate)() } != 0 {
                log(
                    Level::Warning,
                    &format!("failed to terminate plugin module: {}", module.name),
                );
            }
        }
    }
}

impl Module {
    /// `plugin_initialize` and `plugin_introspect`.
    fn start(&mut self) -> Result<(), String> {
        // SAFETY: argv has argc strings and a closing NULL and lives until the module is terminated.
        let code = unsafe { (self.entry.initialize)(self.argv.count(), self.argv.as_ptr()) };
        if code != 0 {
            return Err(format!(
                "plugin_initialize() of {} failed (it returned {code})",
                self.name
            ));
        }
        // SAFETY: both out-parameters live through the call.
        let code =
            unsafe { (self.entry.introspect)(&mut self.argument_count, &mut self.arguments) };
        if code != 0 {
            return Err(format!(
                "plugin_introspect() of {} failed (it returned {code})",
                self.name
            ));
        }
        if !(0..=MOST_ARGUMENTS).contains(&self.argument_count)
            || (self.argument_count > 0 && self.arguments.is_null())
        {
            return Err(format!(
                "plugin_introspect() of {} returned no valid list",
                self.name
            ));
        }
        for index in 0..usize::try_from(self.argument_count).unwrap_or(0) {
            // SAFETY: the module says that its array has that many elements.
            let argument = unsafe { &*self.arguments.add(index) };
            // SAFETY: name and type are NULL or strings of the module.
            self.requested
                .push(unsafe { RequestedArgument::resolve(argument) });
        }
        Ok(())
    }

    fn ready(&self, mode: Mode) -> bool {
        if mode == Mode::Verify && self.entry.verify.is_none() {
            log(
                Level::Error,
                &format!(
                    "plugin {} has no plugin_verify() and cannot be used in verification mode",
                    self.name
                ),
            );
            return false;
        }
        for requested in &self.requested {
            if let RequestedArgument::Unknown { name, kind } = requested {
                log(
                    Level::Error,
                    &format!(
                        "could not GET requested variable \"{name}\" of type \"{kind}\" for plugin \"{}\"",
                        self.name
                    ),
                );
                return false;
            }
        }
        true
    }

    fn call(&mut self, mode: Mode, values: &RunArguments) -> c_int {
        for (index, requested) in self.requested.iter().enumerate() {
            // SAFETY: `requested` has as many elements as the module's array, which lives until the
            // module is terminated.
            unsafe { (*self.arguments.add(index)).value = values.address(requested) };
        }
        let function = match mode {
            Mode::Run => Some(self.entry.run),
            Mode::Verify => self.entry.verify,
        };
        let Some(function) = function else { return 1 };
        // SAFETY: count and array are the module's own; every value points to a variable that lives
        // through the run.
        unsafe { function(self.argument_count, self.arguments) }
    }
}

/// The first candidate that is there. A file that cannot be looked at counts as there: opening it
/// will say why.
fn find(name: &[u8], path: Option<&[u8]>) -> Option<PathBuf> {
    if name.is_empty() {
        return None;
    }
    config::module_candidates(path, name)
        .into_iter()
        .find(|candidate| match std::fs::metadata(candidate) {
            Ok(_) => true,
            Err(e) => e.kind() != std::io::ErrorKind::NotFound,
        })
}

fn not_found(spec: &ModuleSpec, path: Option<&[u8]>) -> String {
    let tried: Vec<String> = config::module_candidates(path, &spec.name)
        .iter()
        .map(|file| shown(file))
        .collect();
    let name = String::from_utf8_lossy(&spec.name);
    // A name without dot or slash is more likely a mistyped variable than a file.
    let advice = if spec.arguments.is_empty() && !spec.name.iter().any(|byte| b"./".contains(byte))
    {
        format!("no variable of the policy file is called {name}, so it was taken for a file name")
    } else {
        "correct the name, or set path = in the policy file".to_owned()
    };
    format!(
        "plugin {name} not found (arguments: {}); looked for {}: {advice}",
        String::from_utf8_lossy(&spec.arguments),
        tried.join(" and ")
    )
}

/// argv of `plugin_initialize`: the path of the module and its words.
fn arguments(spec: &ModuleSpec, file: &Path) -> Result<ArgumentVector, String> {
    let name = String::from_utf8_lossy(&spec.name);
    // One place each for argv[0] and the closing NULL.
    let words = tokenize(&spec.arguments, b" \t\n", LCMAPS_MAXARGS - 2).map_err(|e| {
        let rc = match e {
            TokenizeError::TooMany(_) => -2,
            TokenizeError::UnmatchedQuote(_) => -3,
        };
        format!("something wrong parsing arguments of {name}, rc={rc}: {e}")
    })?;
    let strings = std::iter::once(file.as_os_str().as_bytes().to_vec())
        .chain(words)
        .map(CString::new)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| format!("arguments of {name} contain a NUL byte"))?;
    Ok(ArgumentVector::new(strings))
}

fn entry_points(library: &Library, name: &str) -> Result<EntryPoints, String> {
    Ok(EntryPoints {
        // SAFETY: these four are the module interface; a file that exports the names with other
        // types is no LCMAPS module, which nothing can tell from outside.
        initialize: unsafe { mandatory(library, name, "plugin_initialize") }?,
        // SAFETY: as above.
        run: unsafe { mandatory(library, name, "plugin_run") }?,
        // SAFETY: as above.
        terminate: unsafe { mandatory(library, name, "plugin_terminate") }?,
        // SAFETY: as above.
        introspect: unsafe { mandatory(library, name, "plugin_introspect") }?,
        // SAFETY: as above.
        verify: match unsafe { library.get::<Run>("plugin_verify") } {
            Ok(verify) => Some(*verify),
            Err(_) => {
                log(
                    Level::Info,
                    &format!("no \"plugin_verify()\" method found in {name}: old style plugin"),
                );
                None
            }
        },
    })
}

/// # Safety
/// `T` is the type of the function.
unsafe fn mandatory<T: Copy>(library: &Library, name: &str, symbol: &str) -> Result<T, String> {
    // SAFETY: the caller vouches for the type.
    match unsafe { library.get::<T>(symbol) } {
        Ok(found) => Ok(*found),
        Err(e) => {
            log(Level::Error, &with_source(&e));
            Err(format!(
                "plugin {name} not compliant. Missing function \"{symbol}()\""
            ))
        }
    }
}

/// Our own modules can have several instances: they tell them apart by the argument array.
fn takes_several_instances(library: &Library) -> bool {
    // SAFETY: the name is ours and has this type.
    let Ok(answer) = (unsafe { library.get::<MultiInstance>("plugin_multi_instance") }) else {
        return false;
    };
    // SAFETY: the function takes nothing and only returns a constant.
    unsafe { answer() == 1 }
}

/// libloading keeps what dlopen and dlsym say in the source of its error.
fn with_source(error: &libloading::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
