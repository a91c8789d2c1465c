//! gLExec: a pilot job runs a command as the account that the owner of a proxy is mapped to.
//!
//! # Who does what
//!
//! The program is installed set-uid root. **Root acts in one file, [`root`]**: every change of identity is there, and
//! whatever runs with effective uid 0 runs inside [`root::Root::as_root`], which has two callers: opening the log, and
//! loading and asking LCAS and LCMAPS. [`start`], the first thing that runs, gives the effective uid up. From then on the
//! program has the effective ids of
//!
//! | who | while it |
//! |---|---|
//! | account `glexec`, if there is one | reads the configuration |
//! | the caller | reads proxies, finds the command |
//! | the target | looks at the command, writes the proxy's copy, changes directory, waits for the payload |
//!
//! so that the kernel checks every access as what it is. The real uid stays the caller's and the saved one root's: the
//! caller may send signals, the target may not.
//!
//! # The way of a call
//!
//! 1. [`start`]: no core, no inherited descriptors, signals held back, environment taken out and cleared.
//! 2. [`settings`] from the file, [`log`], [`white_list`].
//! 3. [`proxy`] and [`command`] as the caller.
//! 4. [`lcas`] says whether, [`mapping`] (LCMAPS) says who, [`target`] checks the answer.
//! 5. Command, copy of the proxy, directory as the target; [`environment`].
//! 6. [`payload`] switches for good and executes; [`linger`] waits.
//!
//! There is one thread, always. Between fork and exec nothing allocates. A panic ends the program with 202 on the spot.
//!
//! # Without the set-uid bit
//!
//! Everything is done but the switch: the mapping is logged, the command runs as the caller. A program file that has the
//! bit and a process that has not got root by it (no-new-privileges, a `nosuid` mount, a tracer) is refused.

pub mod command;
pub mod command_line;
pub mod configuration_file;
pub mod environment;
pub mod failure;
pub mod ini;
pub mod lcas;
pub mod linger;
pub mod log;
mod log_opening;
pub mod mapping;
pub mod payload;
pub mod proxy;
pub mod root;
pub mod settings;
pub mod start;
mod steps;
pub mod target;
pub mod trust;
pub mod white_list;

pub use steps::main;
