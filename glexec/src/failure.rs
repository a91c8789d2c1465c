//! Why gLExec did not run the command, and the exit code for it.

use std::fmt::{self, Display};

/// Whose fault it is; the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The caller's: a variable, a proxy file, the command. 201.
    Client,
    /// The installation's or the system's. 202.
    Internal,
    /// The caller, the proxy's owner or the account is refused. 203.
    Authorization,
    /// The command was found good and could not be executed. 126.
    NotExecutable,
}

/// A failure with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Failure {
    class: Class,
    reason: String,
}

impl Failure {
    /// The caller's fault.
    pub fn client(reason: impl Display) -> Self {
        Self::new(Class::Client, reason)
    }

    /// The installation's fault.
    pub fn internal(reason: impl Display) -> Self {
        Self::new(Class::Internal, reason)
    }

    /// A refusal.
    pub fn refused(reason: impl Display) -> Self {
        Self::new(Class::Authorization, reason)
    }

    /// The command cannot be executed.
    pub fn not_executable(reason: impl Display) -> Self {
        Self::new(Class::NotExecutable, reason)
    }

    fn new(class: Class, reason: impl Display) -> Self {
        Self {
            class,
            reason: reason.to_string(),
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// The exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self.class {
            Class::Client => 201,
            Class::Internal => 202,
            Class::Authorization => 203,
            Class::NotExecutable => 126,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Failure {}

/// The exit code of a lingering gLExec whose payload ended with this code: payload codes that mean something else
/// here become 204.
#[must_use]
pub fn exit_code_of(payload: u8) -> u8 {
    match payload {
        201..=204 => 204,
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_payload_that_collide_become_204() {
        let all = [0, 1, 42, 126, 200, 201, 202, 203, 204, 205, 255].map(exit_code_of);
        assert_eq!(all, [0, 1, 42, 126, 200, 204, 204, 204, 204, 205, 255]);
    }

    #[test]
    fn each_class_has_its_code() {
        let codes = [
            Failure::client("").code(),
            Failure::internal("").code(),
            Failure::refused("").code(),
            Failure::not_executable("").code(),
        ];
        assert_eq!(codes, [201, 202, 203, 126]);
    }
}
