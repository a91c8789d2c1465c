//! The lcmaps command.
fn main() {}
