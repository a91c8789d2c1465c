//! `lcas_template_rust`: the smallest useful LCAS module in Rust. Copy it and start from here.
//!
//! Grants every request of a user whose DN begins with a prefix, and refuses all others:
//!
//! ```text
//! pluginname=lcas_template_rust.mod, pluginargs="-prefix /O=Example/"
//! ```
//!
//! `docs/module-writers.md` explains the interface.

// The SDK does what needs `unsafe`; a module can do without.
#![deny(unsafe_code)]

use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request, Shown};

/// The module with one configuration. A database may name the module several times; then there are
/// several of these.
struct Template {
    prefix: Vec<u8>,
}

impl Module for Template {
    /// Called when the library reads its database. An error here stops it, with the reason in the
    /// log: better than users who are refused later.
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut prefix = None;
        let mut words = init.words();
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-prefix" => {
                    let value = words.value_of(word, "the beginning of a DN")?;
                    prefix = Some(value.to_bytes().to_vec());
                }
                _ => return Err(words.unknown(word, &["-prefix"]).into()),
            }
        }
        let prefix = prefix.ok_or_else(|| Failure::error("option -prefix is missing"))?;
        Ok(Self { prefix })
    }

    /// Decides about a request. `Err` is a "no" with its reason; `?` works on every error. The SDK
    /// logs the reason; a panic is a "no" as well.
    fn confirm(
        &self,
        _request: &Request<'_>,
        credential: &Credential<'_>,
    ) -> Result<Granted, Failure> {
        let dn = credential
            .dn()
            .ok_or_else(|| Failure::refused("the user has no DN"))?
            .to_bytes();
        let (shown, prefix) = (Shown(dn), Shown(&self.prefix));
        if !dn.starts_with(&self.prefix) {
            return Err(Failure::refused(format_args!(
                "\"{shown}\" does not begin with \"{prefix}\""
            )));
        }
        Ok(Granted::because(format_args!(
            "\"{shown}\" begins with \"{prefix}\""
        )))
    }
}

lcas_plugin::export_module!(Template, "lcas_template_rust");
