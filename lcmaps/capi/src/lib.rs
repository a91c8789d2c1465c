//! liblcmaps.so.0: the C interface of LCMAPS. Without the feature `gsi`, liblcmaps_without_gsi.so.0, which has nothing
//! that takes certificates.
//!
//! One file per public header holds the exported functions, each of which checks, converts, calls and
//! converts back. Decisions are in lcmaps-core and lcmaps-pdl; what is here is the C world around them:
//!
//! - [`context`], [`session`], [`modules`], [`run_arguments`], [`credential_data`]: a session and its runs;
//! - [`inputs`], [`outputs`], [`thread_results`], [`c_memory`]: what crosses the boundary, and who frees it;
//! - [`logging`], [`config`], [`sigpipe`], [`promote`], [`fork`], [`unload`]: the process around the library;
//! - [`account_run`], `certificates`, `vo_attributes`: what several of the exported functions share.
//!
//! Certificates are behind `lcmaps-certificates-client`, which opens OpenSSL on the first one.

use lc_c_boundary::memory as c_memory;
use lc_configuration::file_name;

mod account_run;
#[cfg(feature = "gsi")]
mod certificates;
mod config;
mod context;
mod credential_data;
mod fork;
mod guard;
mod inputs;
mod logging;
mod modules;
mod outputs;
mod promote;
mod run_arguments;
mod run_record;
mod session;
mod sigpipe;
mod thread_results;
mod unload;
#[cfg(feature = "gsi")]
mod vo_attributes;
mod vo_text;
#[cfg(feature = "gsi")]
mod voms_switches;

pub mod lcmaps_account;
pub mod lcmaps_arguments;
pub mod lcmaps_basic;
pub mod lcmaps_cred_data;
#[cfg(feature = "gsi")]
pub mod lcmaps_globus;
pub mod lcmaps_log;
#[cfg(feature = "gsi")]
pub mod lcmaps_openssl;
#[cfg(feature = "gsi")]
pub mod lcmaps_pem;
pub mod lcmaps_report;
pub mod lcmaps_utils;
pub mod lcmaps_version;
pub mod lcmaps_vo_data;
#[cfg(feature = "gsi")]
pub mod lcmaps_voms;
