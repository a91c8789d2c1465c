//! `lcmaps_arguments.h`: what a module asks for and gets.
#![allow(non_camel_case_types, non_snake_case)]

use libc::{c_char, c_int, c_void};

/// One run argument of a module. A list ends with an element whose `argName` is NULL.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct lcmaps_argument_t {
    /// Name, compared exactly.
    pub argName: *const c_char,
    /// Type as text, compared exactly.
    pub argType: *const c_char,
    /// Not interpreted by the framework.
    pub argInOut: c_int,
    /// Address of the variable that holds the value; written by the framework before each run.
    pub value: *mut c_void,
}

crate::assert_layout!(lcmaps_argument_t, 32, argName @ 0, argType @ 8, argInOut @ 16, value @ 24);
