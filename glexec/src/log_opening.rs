//! Opening the log that the configuration wants.

use std::ffi::CString;
use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use lc_os::group_by_name;
use nix::unistd::{Gid, fchown, geteuid};

use crate::configuration_file::FILE;
use crate::failure::Failure;
use crate::log::{Level, Log};
use crate::root::Root;
use crate::settings::{Destination, Settings};

/// Opens the log that the configuration wants: destination and facility first, then the level.
pub(crate) fn open_log(settings: &Settings, root: Option<&Root>) -> Result<Log, Failure> {
    let log = match settings.log_destination {
        Destination::Syslog => Log::syslog(settings.syslog_facility),
        Destination::File => {
            let name = CString::new(settings.log_file_group.as_str());
            let group =
                group_by_name(&name.map_err(Failure::internal)?).map_err(Failure::internal)?;
            let group = group.ok_or_else(|| {
                Failure::internal("there is no group of the name in log_file_group")
            })?;
            let open = || log_file(&settings.log_file, group.gid);
            let file = match root {
                Some(root) => root.as_root(open)?,
                None => open(),
            };
            Log::file(file.map_err(|e| {
                Failure::internal(format_args!(
                    "cannot open the log {}: {e}",
                    settings.log_file.display()
                ))
            })?)
        }
    };
    log.set_verbosity(settings.log_level);
    if settings.silent_logging {
        log.be_silent();
    }
    for remark in &settings.remarks {
        let level = if remark.contains("unknown key") {
            Level::Info
        } else {
            Level::Warning
        };
        log.write(level, format_args!("{FILE}: {remark}"));
    }
    Ok(log)
}

fn log_file(path: &Path, group: Gid) -> io::Result<File> {
    let options = || {
        let mut options = OpenOptions::new();
        let flags = libc::O_NOFOLLOW | libc::O_NOCTTY | libc::O_NONBLOCK;
        options.append(true).mode(0o640).custom_flags(flags);
        options
    };
    match options().create_new(true).open(path) {
        Ok(file) => {
            // The mask of this process takes the group's bits away.
            file.set_permissions(Permissions::from_mode(0o640))?;
            // Only root can; without the bit the file stays the caller's group's.
            if geteuid().is_root() {
                fchown(&file, None, Some(group))?;
            }
            Ok(file)
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            let file = options().open(path)?;
            match file.metadata()?.is_file() {
                true => Ok(file),
                false => Err(io::Error::other("this is not a regular file")),
            }
        }
        Err(e) => Err(e),
    }
}
