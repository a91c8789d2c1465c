//! Reading a proxy. Call with the effective ids of the caller: the kernel decides what it may read.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{Read as _, Seek as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use lcmaps_client::PemText;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, OpenHow, ResolveFlag, openat2};
use zeroize::Zeroizing;

use super::lock::lock;
use crate::failure::Failure;
use crate::log::quoted;
use crate::settings::Lock;

/// How often a file that changes under the reader is read again.
const TRIES: u32 = 10;

/// Reads the proxy that this variable names: a regular file of the caller, open to nobody else.
///
/// # Errors
/// There is no such file, it is not fit, or it does not hold still.
pub fn read(variable: &str, path: &OsStr, owner: u32, how: Lock) -> Result<PemText, Failure> {
    let shown = format!("{variable}={}", quoted(path.as_bytes()));
    if path.is_empty() {
        return Err(Failure::client(format_args!(
            "{variable} is set to nothing; it names a proxy file"
        )));
    }
    let refuse = |what: &str| Failure::client(format_args!("{shown}: {what}"));
    let failed = |e: std::io::Error| refuse(&e.to_string());
    let mut file = open(Path::new(path)).map_err(failed)?;
    judge(&file.metadata().map_err(failed)?, owner).map_err(|what| refuse(&what))?;
    lock(&file, how, false)?;
    for _ in 0..TRIES {
        let before = file.metadata().map_err(failed)?;
        judge(&before, owner).map_err(|what| refuse(&what))?;
        let size = usize::try_from(before.len()).map_err(|_| refuse("it is too large"))?;
        // All room at once: a growing vector would leave copies of the key behind.
        let mut text = Zeroizing::new(Vec::with_capacity(size + 64));
        file.rewind().map_err(failed)?;
        (&file)
            .take(before.len() + 1)
            .read_to_end(&mut text)
            .map_err(failed)?;
        if text.len() == size && same(&before, &file.metadata().map_err(failed)?) {
            return PemText::from_bytes(std::mem::take(&mut *text)).map_err(refuse);
        }
        sleep(Duration::from_micros(500));
    }
    Err(refuse("the file changes while it is read"))
}

/// Opens without following a link in the last place, nor one of /proc anywhere, and without waiting for a FIFO.
fn open(path: &Path) -> Result<File, std::io::Error> {
    let flags = OFlag::O_RDONLY
        | OFlag::O_NOFOLLOW
        | OFlag::O_NONBLOCK
        | OFlag::O_NOCTTY
        | OFlag::O_CLOEXEC;
    let how = OpenHow::new()
        .flags(flags)
        .resolve(ResolveFlag::RESOLVE_NO_MAGICLINKS);
    match openat2(AT_FDCWD, path, how) {
        Ok(file) => Ok(file.into()),
        Err(Errno::ENOSYS | Errno::EPERM) => OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits())
            .open(path),
        Err(problem) => Err(problem.into()),
    }
}

fn judge(data: &Metadata, owner: u32) -> Result<(), String> {
    if !data.is_file() {
        return Err("it is not a regular file".into());
    }
    if data.uid() != owner {
        return Err(format!(
            "it belongs to uid {}, and should to the caller, uid {owner}",
            data.uid()
        ));
    }
    if data.mode() & 0o7077 != 0 {
        return Err(format!(
            "its mode is {:04o}, and only its owner may have access (0600)",
            data.mode() & 0o7777
        ));
    }
    if data.len() > PemText::MAX_SIZE {
        return Err("it is larger than 1 MiB".into());
    }
    Ok(())
}

/// Whether nobody wrote to the file in between.
fn same(before: &Metadata, after: &Metadata) -> bool {
    let state = |data: &Metadata| {
        (
            data.len(),
            data.mtime(),
            data.mtime_nsec(),
            data.ctime(),
            data.ctime_nsec(),
        )
    };
    state(before) == state(after)
}
