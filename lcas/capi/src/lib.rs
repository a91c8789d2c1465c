//! liblcas.so.0: the C interface of LCAS.
//!
//! One file per public header holds the exported functions, each of which checks, converts, calls and
//! converts back; [`lcas_run`], [`lcas_credential`] and [`lcas_db`] hold those that no header of
//! the original declares. The decision is in lcas-core; what is here is the C world around it:
//!
//! - `session`, `modules`, `request`: a session, its modules, and what they are asked;
//! - `logging`, `config`: the process around the library;
//! - `variadic`: the functions with a variable number of arguments.
//!
//! Certificates are behind `lcmaps-certificates-client`, which opens OpenSSL on the first one.

mod config;
mod guard;
mod logging;
mod modules;
mod request;
mod session;
mod variadic;

pub mod lcas;
pub mod lcas_credential;
pub mod lcas_db;
pub mod lcas_log;
pub mod lcas_pem;
pub mod lcas_run;
pub mod lcas_utils;
