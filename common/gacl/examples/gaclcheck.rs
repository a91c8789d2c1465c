//! `gaclcheck FILE DN|- [FQAN...]`: the permissions that a policy gives, as a number, or LOADFAIL.
//!
//! The form is that of the checker that the test cases were made with, so that both can be compared.

use std::os::unix::ffi::OsStringExt as _;

use lc_gacl::{Legacy, Policy, User};

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: gaclcheck FILE DN|- [FQAN...]");
        std::process::exit(2);
    };
    let text = match std::fs::read(&file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            println!("LOADFAIL");
            return;
        }
    };
    let mut user = User::new();
    if let Some(dn) = arguments.next().filter(|dn| dn != "-") {
        user = user.with_dn(&dn.into_vec());
    }
    for fqan in arguments {
        user = user.with_fqan(&fqan.into_vec());
    }
    match Policy::read(&text, Legacy::Refused) {
        Ok(policy) => println!("{}", policy.permissions(&user).bits()),
        Err(error) => {
            eprintln!("{}:{error}", file.display());
            println!("LOADFAIL");
        }
    }
}
