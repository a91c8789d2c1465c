//! Asking LCAS whether the owner of the proxy may run the command here.

use std::ffi::OsStr;
use std::path::{Component, Path};

use lcas_client::{Decision, Error, Library, LogSink, PemText, Settings as Variables};

use crate::failure::Failure;
use crate::log::quoted;
use crate::settings::{Destination, Settings};
use crate::start::{clear_environment, set_variable};
use crate::trust;

/// The request in RSL: the command under the name that the caller gave, which sites list, if that name is a whole one.
///
/// # Errors
/// The name is nothing that a request can hold.
pub fn request(given: &OsStr, found: &Path) -> Result<String, Failure> {
    let given = Path::new(given);
    let is_whole =
        given.is_absolute() && given.components().all(|part| part != Component::ParentDir);
    let name = if is_whole { given } else { found };
    let text = name
        .to_str()
        .filter(|text| !text.chars().any(char::is_control));
    let text = text.ok_or_else(|| {
        let shown = quoted(name.as_os_str().as_encoded_bytes());
        Failure::client(format_args!(
            "LCAS cannot be asked about the name {shown}: it is no printable text"
        ))
    })?;
    Ok(format!("&(executable=\"{}\")", text.replace('"', "\"\"")))
}

/// Asks. Call with effective root, which modules need to read what they decide by.
///
/// # Errors
/// LCAS does not grant it, or does not work.
pub fn ask(settings: &Settings, proxy: &PemText, request: &str, owner: u32) -> Result<(), Failure> {
    let untrusted = |what| Failure::internal(format_args!("LCAS: {what}"));
    trust::check(&settings.lcas_db_file, owner).map_err(untrusted)?;
    let library = match &settings.lcas_libdir {
        Some(directory) => {
            let path = directory.join("liblcas.so.0");
            trust::check(&path, 0).map_err(untrusted)?;
            Library::open_at(path)
        }
        None => Library::open(),
    };
    let library = library.map_err(broken)?;
    let variables = Variables {
        db_file: Some(settings.lcas_db_file.clone()),
        modules_dir: settings
            .lcas_libdir
            .as_ref()
            .map(|directory| directory.join("lcas")),
        debug_level: Some(settings.lcas_debug_level),
        ..Variables::default()
    };
    for (name, value) in variables.variables().map_err(broken)? {
        set_variable(name, value);
    }
    for (name, directory) in [
        ("X509_CERT_DIR", &settings.certdir),
        ("X509_VOMS_DIR", &settings.vomsdir),
    ] {
        if let Some(directory) = directory {
            set_variable(name, directory);
        }
    }
    let log = match settings.log_destination {
        Destination::Syslog => LogSink::Syslog,
        Destination::File => LogSink::File(settings.lcas_log_file.clone()),
    };
    let answer = library
        .start(log)
        .map_err(broken)
        .and_then(|session| session.decide(proxy, Some(request)).map_err(broken));
    clear_environment();
    match answer? {
        Decision::Granted => Ok(()),
        Decision::Refused => Err(Failure::refused("LCAS refuses; its log says why")),
        Decision::NotEvaluated => Err(Failure::refused(
            "LCAS cannot decide, and so refuses; its log says why",
        )),
    }
}

fn broken(error: Error) -> Failure {
    match error {
        Error::Start => Failure::internal(format_args!("Initialisation of LCAS failed. {error}")),
        other => Failure::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(given: &str) -> Result<String, u8> {
        request(OsStr::new(given), Path::new("/usr/bin/found")).map_err(|failure| failure.code())
    }

    #[test]
    fn the_request_has_the_name_that_the_caller_gave_or_the_one_that_was_found() {
        assert_eq!(
            text("/bin/cat").as_deref(),
            Ok("&(executable=\"/bin/cat\")")
        );
        assert_eq!(
            text("cat").as_deref(),
            Ok("&(executable=\"/usr/bin/found\")")
        );
        assert_eq!(
            text("/bin/../x").as_deref(),
            Ok("&(executable=\"/usr/bin/found\")")
        );
    }

    #[test]
    fn a_name_cannot_add_to_the_request() {
        let forged = text("/a\")(executable=\"/bin/cat");
        assert_eq!(
            forged.as_deref(),
            Ok("&(executable=\"/a\"\")(executable=\"\"/bin/cat\")")
        );
        assert_eq!(text("/a\nb"), Err(201));
    }
}
