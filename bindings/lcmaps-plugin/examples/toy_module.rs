//! A module that does what its words say, for the tests of the SDK.
//!
//! `-fail WHERE`, `-panic WHERE` and `-bomb WHERE` (a panic whose payload panics) with WHERE one of
//! `initialize`, `arguments`, `run`, `verify`, `terminate`, `drop`; `-undeclared` reads what was
//! not declared; `-name N` is added as FQAN; `-block` waits in a run until `-release` runs.
#![deny(unsafe_code)]

use std::ffi::{CStr, CString};
use std::panic::panic_any;
use std::sync::{Condvar, Mutex};

use lcmaps_plugin::{
    Argument, Failure, Gid, Init, Logger, Module, Run, Shown, Uid, VoData, VoMapping,
};

/// Whether somebody is in `-block`, and whether `-release` came.
static BLOCKED: Mutex<(bool, bool)> = Mutex::new((false, false));
static CHANGED: Condvar = Condvar::new();

#[derive(Default)]
struct Toy {
    name: Option<CString>,
    faults: Vec<(String, String)>,
    flags: Vec<String>,
    version: String,
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the payload of a panic panics");
    }
}

impl Toy {
    fn fault(&self, place: &str) -> Result<(), Failure> {
        match self.faults.iter().find(|(_, at)| at == place) {
            None => Ok(()),
            Some((kind, at)) => match kind.as_str() {
                "-panic" => panic!("a panic in {at}"),
                "-bomb" => panic_any(Bomb),
                _ => Err(Failure::refused(format_args!("told to fail in {at}"))),
            },
        }
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|have| have == flag)
    }

    fn report(&self, run: &Run<'_>) -> Result<(), Failure> {
        let text = |text: Option<&CStr>| {
            text.map_or("none".to_owned(), |text| Shown(text.to_bytes()).to_string())
        };
        let log = run.log();
        log.info(format_args!("user_dn={}", text(run.user_dn())));
        log.info(format_args!("job_request={}", text(run.job_request())));
        let fqans: Vec<String> = run
            .fqans()
            .into_iter()
            .map(|fqan| text(Some(fqan)))
            .collect();
        log.info(format_args!("fqans={}", fqans.join(",")));
        log.info(format_args!("map_counter={}", run.map_counter()));
        log.info(format_args!(
            "requested_uid={:?}",
            run.requested_uid().map(Uid::as_raw)
        ));
        let gids = |gids: Vec<Gid>| gids.into_iter().map(Gid::as_raw).collect::<Vec<_>>();
        log.info(format_args!(
            "requested_primary_gids={:?}",
            gids(run.requested_primary_gids())
        ));
        log.info(format_args!(
            "requested_secondary_gids={:?}",
            gids(run.requested_secondary_gids())
        ));
        log.info(format_args!(
            "requested_pool_index={}",
            text(run.requested_pool_index())
        ));
        log.info(format_args!(
            "requested_username={}",
            text(run.requested_username())
        ));
        log.info(format_args!("pem={}", text(run.pem())));
        let vos: Vec<String> = run
            .voms()
            .into_iter()
            .flat_map(|voms| {
                voms.certificates()
                    .map(|ac| text(ac.vo()))
                    .collect::<Vec<_>>()
            })
            .collect();
        log.info(format_args!("vos={}", vos.join(",")));
        log.info(format_args!(
            "foreign={:?} {:?} {:?} {:?}",
            run.leaf_certificate(),
            run.certificate_chain(),
            run.gss_credential(),
            run.gss_context()
        ));
        Ok(())
    }

    fn register(&self, run: &Run<'_>) -> Result<(), Failure> {
        run.add_uid(Uid::from_raw(7))?;
        run.add_primary_gid(Gid::from_raw(8))?;
        run.add_secondary_gid(Gid::from_raw(9))?;
        run.add_secondary_gid(Gid::from_raw(10))?;
        run.add_vo(&VoData {
            vo: Some(c"vo"),
            role: Some(c"admin"),
            ..VoData::default()
        })?;
        run.add_vo_mapping(&VoMapping {
            fqan: c"/vo".to_owned(),
            group: Some(c"grp".to_owned()),
            gid: Some(Gid::from_raw(8)),
        })?;
        run.add_vo_mapping(&VoMapping {
            fqan: c"/vo/none".to_owned(),
            group: None,
            gid: None,
        })?;
        run.set_pool_index(c"%2fcn%3da")?;
        let dn = run.settle_dn()?;
        let fqans = run.settle_fqans();
        run.log().info(format_args!("settled={dn:?} {fqans:?}"));
        run.log().info(format_args!(
            "registered={:?} {:?} {:?} {:?} {:?}",
            run.registered_uids(),
            run.registered_primary_gids(),
            run.registered_secondary_gids(),
            run.registered_vo_mappings(),
            run.registered_pool_index()
        ));
        Ok(())
    }

    fn block(&self) {
        let mut state = BLOCKED.lock().expect("no test panics here");
        if self.has("-block") {
            state.0 = true;
            CHANGED.notify_all();
            while !state.1 {
                state = CHANGED.wait(state).expect("no test panics here");
            }
        }
        if self.has("-release") {
            while !state.0 {
                state = CHANGED.wait(state).expect("no test panics here");
            }
            state.1 = true;
            CHANGED.notify_all();
        }
    }
}

impl Module for Toy {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let mut toy = Self::default();
        toy.version = format!("{:?}", init.host_version());
        let mut words = init.words();
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-name" => toy.name = Some(words.value_of(word, "a name")?.to_owned()),
                b"-fail" | b"-panic" | b"-bomb" => {
                    let place = words
                        .value_of(word, "a place")?
                        .to_string_lossy()
                        .into_owned();
                    toy.faults
                        .push((word.to_string_lossy().into_owned(), place));
                }
                b"-undeclared" | b"-report" | b"-register" | b"-block" | b"-release" => {
                    toy.flags.push(word.to_string_lossy().into_owned());
                }
                _ => return Err(words.unknown(word, &["-name", "-fail", "-panic"]).into()),
            }
        }
        init.log().info(format_args!(
            "initialised from {:?}",
            init.module_path().is_empty()
        ));
        toy.fault("initialize")?;
        Ok(toy)
    }

    fn arguments(&self) -> &[Argument] {
        if self.fault("arguments").is_err() || self.has("-undeclared") {
            return &[Argument::UserDn];
        }
        &[
            Argument::UserDn,
            Argument::JobRequest,
            Argument::Fqans,
            Argument::MapCounter,
            Argument::RequestedUid,
            Argument::RequestedPrimaryGids,
            Argument::RequestedSecondaryGids,
            Argument::RequestedPoolIndex,
            Argument::RequestedUsername,
            Argument::VomsData,
            Argument::Pem,
            Argument::LeafCertificate,
            Argument::CertificateChain,
            Argument::GssCredential,
            Argument::GssContext,
        ]
    }

    fn run(&self, run: &Run<'_>) -> Result<(), Failure> {
        self.fault("run")?;
        self.block();
        if self.has("-undeclared") {
            let _ = run.fqans();
        }
        if self.has("-report") {
            run.log().info(format_args!("version={}", self.version));
            self.report(run)?;
        }
        if self.has("-register") {
            self.register(run)?;
        }
        if let Some(name) = &self.name {
            run.add_vo_string(name)?;
        }
        Ok(())
    }

    fn terminate(&self, log: Logger) -> Result<(), Failure> {
        log.info(format_args!("name={:?}", self.name));
        self.fault("terminate")
    }
}

impl Drop for Toy {
    fn drop(&mut self) {
        if self.faults.iter().any(|(_, at)| at == "drop") {
            panic!("a panic in drop");
        }
    }
}

lcmaps_plugin::export_module!(Toy, "lcmaps_toy");
