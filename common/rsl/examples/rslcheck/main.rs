//! `rslcheck [-e] RSL...`: one line per argument, a rendering of what was read, or ERROR.
//!
//! With `-e`, the variables HOME=/home/me and LOGNAME=me are substituted first; EVALERROR if that fails. The form
//! of the lines is that of the checker that the test cases were made with, so that both can be compared.

mod render;

use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;

use lc_rsl::Specification;

fn main() -> std::io::Result<()> {
    let mut evaluate = false;
    let mut out = std::io::stdout().lock();
    for argument in std::env::args_os().skip(1) {
        let text = argument.into_vec();
        if text == b"-e" {
            evaluate = true;
            continue;
        }
        match Specification::parse(&text) {
            Err(error) => {
                eprintln!("{error}");
                writeln!(out, "ERROR")?;
            }
            Ok(request) if !evaluate => {
                out.write_all(&render::specification(&request))?;
                out.write_all(b"\n")?;
            }
            Ok(request) => match request.evaluate(render::VARIABLES) {
                Err(error) => {
                    eprintln!("{error}");
                    writeln!(out, "EVALERROR")?;
                }
                Ok(request) => {
                    out.write_all(&render::specification(&request))?;
                    out.write_all(b"\n")?;
                }
            },
        }
    }
    Ok(())
}
