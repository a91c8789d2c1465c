//! `lcmaps_template_rust`: the smallest useful LCMAPS module in Rust. Copy it and start from here.
//!
//! Maps every user whose DN begins with a prefix to one account:
//!
//! ```text
//! all = "lcmaps_template_rust.mod -account guest -prefix /O=Example/"
//! ```
//!
//! `docs/module-writers.md` explains the interface.

// The SDK does what needs `unsafe`; a module can do without.
#![deny(unsafe_code)]

use lcmaps_plugin::{Argument, Failure, Init, Module, Run, Shown};
use nix::unistd::User;

/// The module with one configuration. A policy file may name the module several times; then there
/// are several of these.
struct Template {
    account: String,
    prefix: Vec<u8>,
}

impl Module for Template {
    /// Called when the library reads its policy file. An error here stops it, with the reason in
    /// the log: better than users who are refused later.
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut account = None;
        let mut prefix = Vec::new();
        let mut words = init.words();
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-account" => {
                    account = Some(
                        words
                            .value_of(word, "the name of an account")?
                            .to_str()?
                            .to_owned(),
                    )
                }
                b"-prefix" => {
                    prefix = words
                        .value_of(word, "the beginning of a DN")?
                        .to_bytes()
                        .to_vec()
                }
                _ => return Err(words.unknown(word, &["-account", "-prefix"]).into()),
            }
        }
        let account = account.ok_or_else(|| Failure::error("option -account is missing"))?;
        Ok(Self { account, prefix })
    }

    /// What `run` and `verify` read. Asking for less than you read is a fault that fails the run.
    fn arguments(&self) -> &[Argument] {
        &[Argument::UserDn]
    }

    /// Decides about a user. `Err` is a "no" with its reason; `?` works on every error. The SDK logs
    /// the reason and the result; a panic is a "no" as well.
    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        // The DN that an earlier module of the policy settled on, else that of the certificate.
        let dn = run.settle_dn()?;
        if !dn.to_bytes().starts_with(&self.prefix) {
            let (dn, prefix) = (Shown(dn.to_bytes()), Shown(&self.prefix));
            return Err(Failure::refused(format_args!(
                "\"{dn}\" does not begin with \"{prefix}\""
            )));
        }
        let account = &self.account;
        let user = User::from_name(account)?;
        let user =
            user.ok_or_else(|| Failure::error(format_args!("there is no account {account}")))?;
        if user.uid.is_root() {
            return Err(Failure::error(format_args!(
                "account {account} has uid 0, and nobody is mapped to root"
            )));
        }
        // What is added stays even if the module fails afterwards, so this comes last.
        run.add_uid(user.uid)?;
        run.add_primary_gid(user.gid)
    }

    /// Checks that a user is entitled to an account. The application compares uid and gids with
    /// what it wants to verify; a module that changes nothing on the machine can do the same as in
    /// a run.
    fn verify(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.run(run)
    }
}

lcmaps_plugin::export_module!(Template, "lcmaps_template_rust");
