//! ARC's helper `arc-lcas`, as Debian has it, with the original and with ours.

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{run, scratch, skip};
use work::{libraries, missing, work};

const HELPER: &str = "/usr/lib/arc/arc-lcas";

#[test]
fn the_helper_of_arc_gets_the_same_answers_from_both_libraries() {
    if !Path::new(HELPER).exists() {
        skip!("{HELPER} is not installed (Debian: nordugrid-arc-plugins-lcas-lcmaps)");
    }
    if let Some(reason) = missing() {
        skip!("{reason}");
    }
    for (name, library) in libraries() {
        for (arguments, credential, answer) in [
            ("-rc 0", "cred1", 0),
            ("-rc 0", "cred2", 0),
            ("-rc 0", "credeec", 0),
            ("-rc 1", "cred1", 1),
            ("-rc -1", "credeec", 1),
            ("-init 1", "cred1", 1),
            ("-rc 0", "garbage", 1),
            ("-rc 0", "empty", 1),
        ] {
            let directory = scratch();
            let directory = directory.path();
            let module = work().join("bin/tp_x.mod");
            let database = format!(
                "pluginname={}, pluginargs=\"{arguments}\"\n",
                module.display()
            );
            fs::write(directory.join("lcas.db"), database).unwrap();
            let trace = directory.join("trace");
            let done = run(Command::new(HELPER)
                .arg("/O=Grid/OU=Users/CN=Jan Test")
                .arg(work().join(format!("certs/{credential}.pem")))
                .arg(&library)
                .arg(directory)
                .arg("lcas.db")
                .env("X509_CERT_DIR", work().join("certs/cadir"))
                .env("TP_TRACE", &trace));
            // The helper says -1 for what it finds itself.
            let code = done.status.code().map(|code| i32::from(code != 0));
            assert_eq!(
                code,
                Some(answer),
                "{name} {arguments} {credential}: {}",
                done.stderr
            );
            let trace = fs::read_to_string(&trace).unwrap_or_default();
            let asked =
                trace.contains("x confirm_x509 req= dn=/O=Grid/OU=Users/CN=Jan Test cred=set");
            let asks = credential.starts_with("cred") && !arguments.starts_with("-init");
            assert_eq!(
                asked, asks,
                "{name} {arguments} {credential}: {trace}{}",
                done.stderr
            );
        }
    }
}
