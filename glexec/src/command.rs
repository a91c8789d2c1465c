//! The command: found as the caller, judged as the target.
#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use nix::fcntl::AtFlags;
use nix::libc;
use nix::unistd::{AccessFlags, faccessat};

use crate::failure::Failure;
use crate::log::quoted;
use crate::start::PATH;

/// A command that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name without links.
    pub path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
}

/// Finds a command with the rights of the process, which are the caller's. A name without a slash is searched in a fixed path, not in
/// that of the caller.
///
/// # Errors
/// There is no such executable, or its name is a link and must not be.
pub fn find(name: &OsStr, prohibit_symlink: bool) -> Result<Found, Failure> {
    let shown = quoted(name.as_bytes());
    let given = match name.as_bytes().contains(&b'/') {
        true => PathBuf::from(name),
        false => PATH
            .split(':')
            .map(|directory| Path::new(directory).join(name))
            .find(|path| path.is_file())
            .ok_or_else(|| Failure::client(format_args!("command {shown} is not in {PATH}")))?,
    };
    let cannot = |e| Failure::client(format_args!("command {shown}: {e}"));
    if prohibit_symlink && fs::symlink_metadata(&given).map_err(cannot)?.is_symlink() {
        return Err(Failure::client(format_args!(
            "command {shown} is a symbolic link, and this site does not execute links"
        )));
    }
    let path = fs::canonicalize(&given).map_err(cannot)?;
    let data = fs::metadata(&path).map_err(cannot)?;
    if !data.is_file() || data.permissions().mode() & 0o111 == 0 {
        return Err(Failure::client(format_args!(
            "command {shown} is not an executable file"
        )));
    }
    Ok(Found {
        path,
        identity: (data.dev(), data.ino()),
    })
}

/// The file to execute. Call with the effective ids of the target.
#[derive(Debug)]
pub struct Opened {
    /// The file itself; `None` for a script, which its interpreter opens by name.
    pub file: Option<OwnedFd>,
}

impl Found {
    /// Checks that the target may execute the command and holds on to what was checked.
    ///
    /// # Errors
    /// It may not, or another file is there by now.
    pub fn open(&self) -> Result<Opened, Failure> {
        let shown = quoted(self.path.as_os_str().as_bytes());
        let cannot = |e: std::io::Error| {
            Failure::client(format_args!(
                "the target account cannot execute {shown}: {e}"
            ))
        };
        let open = |flags| {
            OpenOptions::new()
                .read(true)
                .custom_flags(flags | libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
                .open(&self.path)
        };
        faccessat(
            nix::fcntl::AT_FDCWD,
            &self.path,
            AccessFlags::X_OK,
            AtFlags::AT_EACCESS,
        )
        .map_err(|e| cannot(e.into()))?;
        let file = open(libc::O_PATH).map_err(cannot)?;
        let data = file.metadata().map_err(cannot)?;
        if !data.is_file() || (data.dev(), data.ino()) != self.identity {
            return Err(Failure::client(format_args!(
                "{shown} was exchanged while it was checked"
            )));
        }
        let mut begin = [0; 2];
        // Programs may be executable and not readable; scripts are not.
        let is_script =
            open(0).is_ok_and(|mut file| file.read_exact(&mut begin).is_ok() && begin == *b"#!");
        Ok(Opened {
            file: (!is_script).then(|| file.into()),
        })
    }
}
