//! SDK for programs that use liblcmaps: dlopen and typed calls.
