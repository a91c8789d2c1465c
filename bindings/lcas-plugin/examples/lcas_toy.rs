//! A module that does what its words say, for the tests of the SDK.
//!
//! `-prefix P` refuses everybody else; `-fail WHERE`, `-panic WHERE` and `-bomb WHERE` (a panic whose
//! payload panics) with WHERE one of `initialize`, `confirm`, `terminate`, `drop`; `-file F` is
//! looked for.
#![deny(unsafe_code)]

use std::panic::panic_any;

use lcas_plugin::{Credential, Failure, Granted, Init, Logger, Module, Request, Shown};

#[derive(Default)]
struct Toy {
    prefix: Vec<u8>,
    faults: Vec<(Vec<u8>, Vec<u8>)>,
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the payload of a panic panics");
    }
}

impl Toy {
    fn fault(&self, place: &str) -> Result<(), Failure> {
        match self.faults.iter().find(|(_, at)| at == place.as_bytes()) {
            None => Ok(()),
            Some((kind, _)) if kind == b"-panic" => panic!("a panic in {place}"),
            Some((kind, _)) if kind == b"-bomb" => panic_any(Bomb),
            Some(_) => Err(Failure::refused(format_args!("told to fail in {place}"))),
        }
    }
}

impl Drop for Toy {
    fn drop(&mut self) {
        if self.faults.iter().any(|(_, at)| at == b"drop") {
            panic!("a panic in drop");
        }
    }
}

impl Module for Toy {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut toy = Self::default();
        let mut words = init.words();
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-prefix" => {
                    toy.prefix = words
                        .value_of(word, "the start of a DN")?
                        .to_bytes()
                        .to_vec();
                }
                b"-file" => {
                    let path = init.find_file(words.value_of(word, "a file")?)?;
                    init.log().debug(format_args!("found {}", path.display()));
                }
                b"-fail" | b"-panic" | b"-bomb" => {
                    let place = words.value_of(word, "a place")?.to_bytes().to_vec();
                    toy.faults.push((word.to_bytes().to_vec(), place));
                }
                _ => {
                    let known = &["-prefix", "-file", "-fail", "-panic", "-bomb"];
                    return Err(words.unknown(word, known).into());
                }
            }
        }
        toy.fault("initialize")?;
        Ok(toy)
    }

    fn confirm(
        &self,
        request: &Request<'_>,
        credential: &Credential<'_>,
    ) -> Result<Granted, Failure> {
        self.fault("confirm")?;
        let dn = credential
            .dn()
            .ok_or_else(|| Failure::error("the user has no DN"))?
            .to_bytes();
        if !dn.starts_with(&self.prefix) {
            return Err(Failure::refused(format_args!(
                "\"{}\" does not begin with \"{}\"",
                Shown(dn),
                Shown(&self.prefix)
            )));
        }
        let wanted = request
            .text()
            .map(|text| Shown(text.to_bytes()).to_string());
        Ok(Granted::because(format_args!(
            "\"{}\" begins with \"{}\", request {wanted:?}, gss {}",
            Shown(dn),
            Shown(&self.prefix),
            credential.gss_credential().is_some()
        )))
    }

    fn terminate(&self, log: Logger) -> Result<(), Failure> {
        log.debug(format_args!("\"{}\" ends", Shown(&self.prefix)));
        self.fault("terminate")
    }
}

lcas_plugin::export_module!(Toy, "lcas_toy");
