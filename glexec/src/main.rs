//! The set-uid program; all of it is in the library.
fn main() -> std::process::ExitCode {
    glexec::main()
}
