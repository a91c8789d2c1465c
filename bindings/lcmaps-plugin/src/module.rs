//! The trait that a module implements.

use crate::{Argument, Failure, Init, Logger, Run};

/// A module of a policy with one set of arguments.
///
/// The host calls [`initialize`](Self::initialize) when it reads its policy file, [`run`](Self::run)
/// or [`verify`](Self::verify) for each mapping that reaches the module, and
/// [`terminate`](Self::terminate) at the end. What happens in between is logged by the SDK: the
/// reason of each failure at its own level, then one line at info that says whether the module
/// succeeded.
///
/// A host may map users in several threads, hence `Send + Sync`; calls share the value, so what
/// changes belongs behind a lock.
pub trait Module: Sized + Send + Sync + 'static {
    /// The name of the module in the line that tells its result (`NAME plugin succeeded`). `None`
    /// stands for the exported name without its `lcmaps_`.
    const LABEL: Option<&'static str> = None;

    /// Reads the module's words from the policy file.
    ///
    /// # Errors
    /// Whatever keeps the module from working. The host then does not start at all, which is what
    /// an administrator wants to hear at once: refuse words that you do not know.
    fn initialize(init: &Init<'_>) -> Result<Self, Failure>;

    /// What the module reads in [`run`](Self::run) and [`verify`](Self::verify). Reading anything
    /// else there is a fault of the module and fails the run.
    fn arguments(&self) -> &[Argument] {
        &[]
    }

    /// Decides about a user, and adds to the mapping what the module finds.
    ///
    /// # Errors
    /// The module says no. What it added before stays in the mapping, so add last.
    fn run(&self, run: &Run<'_>) -> Result<(), Failure>;

    /// Checks that a user is entitled to the account in the `requested_*` arguments, without a
    /// trace on the machine.
    ///
    /// # Errors
    /// The module says no. A module that does not implement this always does.
    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        let _ = run;
        Err(Failure::error(
            "this module cannot verify an existing mapping",
        ))
    }

    /// Called once before the value is dropped.
    ///
    /// # Errors
    /// The host writes a warning and goes on.
    fn terminate(&self, log: Logger) -> Result<(), Failure> {
        let _ = log;
        Ok(())
    }
}
