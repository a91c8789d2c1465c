//! liblcas as programs and modules see it: beside the original, and under odd circumstances.

mod arc;
mod conformance;
mod headers;
mod hosts;
mod library;
mod modules;
mod programs;
mod sessions;
