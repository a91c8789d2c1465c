//! Headers and library against the original's: prototypes, layouts, and programs that mix both.

mod headers;
mod library;
mod programs;
