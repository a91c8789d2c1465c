//! The trait that a module implements.

use crate::{Credential, Failure, Granted, Init, Logger, Request};

/// A module of a database with one set of arguments.
///
/// The host calls [`initialize`](Self::initialize) when it reads its database,
/// [`confirm`](Self::confirm) for each request that the modules before it grant, and
/// [`terminate`](Self::terminate) at the end. The SDK logs the answers: the reason of a refusal at
/// its own level, the reason of a grant at info.
///
/// A host may ask in several threads, hence `Send + Sync`; calls share the value, so what changes
/// belongs behind a lock.
pub trait Module: Sized + Send + Sync + 'static {
    /// Reads the module's words from the database.
    ///
    /// # Errors
    /// Whatever keeps the module from working. The host then does not start at all and refuses
    /// everybody, which is what an administrator wants to hear at once: refuse words that you do
    /// not know.
    fn initialize(init: &Init<'_>) -> Result<Self, Failure>;

    /// Decides whether a user may do what a request asks for.
    ///
    /// Nobody but this module looks at the question it was written for: when the input does not
    /// say enough to grant, refuse.
    ///
    /// # Errors
    /// The module refuses, and with it LCAS: no other module can make up for it.
    fn confirm(
        &self,
        request: &Request<'_>,
        credential: &Credential<'_>,
    ) -> Result<Granted, Failure>;

    /// Called once before the value is dropped.
    ///
    /// # Errors
    /// The host logs that and `lcas_term` fails.
    fn terminate(&self, log: Logger) -> Result<(), Failure> {
        let _ = log;
        Ok(())
    }
}
