//! LCAS module `lcas_timeslots`: lets requests in while a time slot is open.
#![deny(unsafe_code)]

use lcas_module_support::slots::{LocalTime, SlotFile};
use lcas_plugin::{Credential, Failure, Granted, Init, Module, Request};

/// The module with its configuration.
struct TimeSlots {
    file: SlotFile,
}

impl Module for TimeSlots {
    fn initialize(init: &Init<'_>) -> Result<Self, Failure> {
        let file = SlotFile::configure(init.words(), &|name| init.find_file(name))?;
        // Told now: a time zone that is not known would refuse everybody.
        LocalTime::now()?;
        for finding in file.findings() {
            init.log().warning(finding);
        }
        Ok(Self { file })
    }

    fn confirm(&self, request: &Request<'_>, _: &Credential<'_>) -> Result<Granted, Failure> {
        let (now, path) = (LocalTime::now()?, self.file.path().display());
        let slots = self.file.read()?;
        for bad in slots.bad_lines() {
            let (line, column) = (bad.line, bad.column);
            let text = format_args!("{path}:{line}:{column}: {}", bad.fault);
            request.log().warning(text);
        }
        match slots.line_with(now) {
            Some(line) => Ok(Granted::because(format_args!(
                "{now} lies in the time slot {path}:{line}"
            ))),
            None => Err(Failure::refused(format_args!(
                "{now} lies in no time slot of {path}"
            ))),
        }
    }
}

lcas_plugin::export_module!(TimeSlots, "lcas_timeslots");
