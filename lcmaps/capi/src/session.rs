//! A session: one policy file with its modules, from init to term.

use std::path::Path;
use std::sync::Arc;

use lc_log::Level;
use lcmaps_pdl::{Compiled, Options};

use crate::logging::{log, shown};
use crate::modules::Modules;
use crate::sigpipe::SigpipeGuard;
use crate::{config, promote};

/// What a run needs. Dropping it terminates the modules, then restores the SIGPIPE handler.
pub struct Session {
    /// The policies.
    pub compiled: Arc<Compiled>,
    /// The modules, by the indices of `compiled`.
    pub modules: Modules,
    /// The files that they were loaded from, for reports.
    pub files: Arc<[String]>,
    sigpipe: Option<SigpipeGuard>,
}

/// A session could not start. What was wrong is logged where it was found.
#[derive(Debug)]
pub enum SessionError {
    /// Logged.
    Reported,
}

impl Session {
    /// Reads the policy file that the environment names and starts its modules.
    ///
    /// # Errors
    /// [`SessionError`] after everything is undone.
    pub fn start() -> Result<Session, SessionError> {
        let sigpipe = SigpipeGuard::install();
        let compiled = compile(&config::policy_file()).ok_or(SessionError::Reported)?;
        promote::ensure_visible();
        let modules = Modules::load(&compiled.modules, compiled.path.as_deref())
            .ok_or(SessionError::Reported)?;
        if modules.is_empty() {
            log(
                Level::Error,
                "the policy file uses no modules: nothing could be mapped",
            );
            return Err(SessionError::Reported);
        }
        Ok(Session {
            compiled: Arc::new(compiled),
            files: modules.files().into(),
            modules,
            sigpipe,
        })
    }

    /// Puts the handler for SIGPIPE back that was there before.
    pub fn restore_sigpipe(&self) {
        if let Some(sigpipe) = &self.sigpipe {
            sigpipe.restore();
        }
    }
}

/// Reads and compiles a policy file; logs everything that is to be said about it.
fn compile(file: &Path) -> Option<Compiled> {
    let name = shown(file);
    let text = match lc_c_boundary::file::read(file) {
        Ok(text) => text,
        Err(e) => {
            log(
                Level::Error,
                &format!("{name}:1: [error] Could not open file '{name}'. ({e})"),
            );
            return None;
        }
    };
    let options = Options {
        file: &name,
        library_dir: config::LIBRARY_DIR,
    };
    let report = lcmaps_pdl::compile(&text, &options);
    for diagnostic in &report.diagnostics {
        log(Level::Error, &diagnostic.to_string());
    }
    report.compiled
}
