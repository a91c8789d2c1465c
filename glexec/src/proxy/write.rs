//! Writing the target's copy of a proxy. Call with the effective ids of the target: it can do no more harm than the target could.
//!
//! A reader sees the old file or the new one: the copy is made under another name and renamed.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{
    AT_FDCWD, AtFlags, OFlag, OpenHow, RenameFlags, ResolveFlag, openat, openat2, renameat2,
};
use nix::libc;
use nix::sys::stat::{Mode, SFlag, fstatat};
use nix::unistd::{UnlinkatFlags, unlinkat};

use super::lock::lock;
use crate::failure::Failure;
use crate::log::quoted;
use crate::settings::Lock;

/// Where the copy goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A new file in /tmp.
    New,
    /// This file (`GLEXEC_TARGET_PROXY`).
    Path(PathBuf),
    /// Nowhere: the variable is `/dev/null`.
    Nowhere,
}

impl Destination {
    /// What the variable says.
    #[must_use]
    pub fn of(variable: Option<&OsStr>) -> Self {
        match variable {
            None => Self::New,
            Some(path) if path == "/dev/null" => Self::Nowhere,
            Some(path) => Self::Path(path.into()),
        }
    }
}

/// Writes the copy for the account with this uid and returns where it is.
///
/// # Errors
/// The place is not fit or the target cannot write there: the caller's fault.
pub fn write(
    to: &Destination,
    proxy: &[u8],
    target: u32,
    how: Lock,
) -> Result<Option<PathBuf>, Failure> {
    let path = match to {
        Destination::Nowhere => return Ok(None),
        Destination::New => {
            let name = unique(&format!("/tmp/x509up_u{target}.glexec."));
            PathBuf::from(name.map_err(|e| cannot(Path::new("/tmp"), &e.to_string()))?)
        }
        Destination::Path(path) => path.clone(),
    };
    let failed = |e: io::Error| cannot(&path, &e.to_string());
    let (parent, name) = parts(&path).map_err(|what| cannot(&path, what))?;
    let directory = directory(parent).map_err(failed)?;
    judge_directory(&directory, target).map_err(|what| cannot(&path, &what))?;
    let old = judge_old(&directory, name, target).map_err(|what| cannot(&path, &what))?;
    // Its lock is held until the new file stands in its place.
    let old = old
        .map(|()| hold(&directory, name, how).map_err(failed))
        .transpose()?;
    if let Some(file) = &old {
        lock(file, how, true)?;
    }
    let fresh = unique(&format!(".{}.", name.display())).map_err(failed)?;
    let flags =
        OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let file = openat(
        &directory,
        fresh.as_str(),
        flags,
        Mode::S_IRUSR | Mode::S_IWUSR,
    );
    let file = File::from(file.map_err(|e| failed(e.into()))?);
    let flags = match old {
        Some(_) => RenameFlags::empty(),
        None => RenameFlags::RENAME_NOREPLACE,
    };
    let written = fill(&file, proxy).and_then(|()| {
        Ok(renameat2(
            &directory,
            fresh.as_str(),
            &directory,
            name,
            flags,
        )?)
    });
    if let Err(problem) = written {
        // If it stays, it is the target's own file.
        let _ = unlinkat(&directory, fresh.as_str(), UnlinkatFlags::NoRemoveDir);
        return Err(failed(problem));
    }
    Ok(Some(path))
}

fn fill(file: &File, proxy: &[u8]) -> io::Result<()> {
    // The caller's umask is not in force; an odd default ACL of the directory might be.
    file.set_permissions(Permissions::from_mode(0o600))?;
    let mut file = file;
    file.write_all(proxy)?;
    file.sync_all()
}

fn cannot(path: &Path, what: &str) -> Failure {
    Failure::client(format_args!(
        "cannot write the proxy of the target account to {}: {what}",
        quoted(path.as_os_str().as_bytes())
    ))
}

/// Directory and name of an absolute path without detours.
fn parts(path: &Path) -> Result<(&Path, &OsStr), &'static str> {
    if !path.is_absolute() {
        return Err("the name is not absolute");
    }
    if path.components().any(|part| part == Component::ParentDir) {
        return Err("the name has \"..\" in it");
    }
    if path.as_os_str().as_bytes().ends_with(b"/") {
        return Err("this is the name of a directory");
    }
    path.parent()
        .zip(path.file_name())
        .ok_or("this is the name of a directory")
}

/// Opens a directory on a way without links.
fn directory(path: &Path) -> io::Result<File> {
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let no_links = ResolveFlag::RESOLVE_NO_SYMLINKS | ResolveFlag::RESOLVE_NO_MAGICLINKS;
    match openat2(
        AT_FDCWD,
        path,
        OpenHow::new().flags(flags).resolve(no_links),
    ) {
        Ok(directory) => return Ok(directory.into()),
        Err(Errno::ENOSYS | Errno::EPERM) => {}
        Err(problem) => return Err(problem.into()),
    }
    // A kernel without openat2: one step after the other.
    let step = flags | OFlag::O_NOFOLLOW;
    let mut here: OwnedFd = openat(AT_FDCWD, "/", step, Mode::empty())?;
    for part in path.components() {
        if let Component::Normal(name) = part {
            here = openat(here.as_fd(), name, step, Mode::empty())?;
        }
    }
    Ok(here.into())
}

fn judge_directory(directory: &File, target: u32) -> Result<(), String> {
    let data = directory.metadata().map_err(|e| e.to_string())?;
    if data.uid() != target && data.uid() != 0 {
        return Err(format!(
            "its directory belongs to uid {}, neither to the target account nor to root",
            data.uid()
        ));
    }
    if data.mode() & 0o022 != 0 && data.mode() & libc::S_ISVTX == 0 {
        return Err("others can write to its directory, which is not sticky".into());
    }
    Ok(())
}

/// Whether there is a file, which then must be one of the target's and of no other name.
fn judge_old(directory: &File, name: &OsStr, target: u32) -> Result<Option<()>, String> {
    let data = match fstatat(directory, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
        Ok(data) => data,
        Err(Errno::ENOENT) => return Ok(None),
        Err(problem) => return Err(problem.to_string()),
    };
    if SFlag::from_bits_truncate(data.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
        return Err("what is there is not a regular file".into());
    }
    if data.st_uid != target {
        return Err(format!("the file belongs to uid {}", data.st_uid));
    }
    if data.st_nlink != 1 {
        return Err("the file has a second name".into());
    }
    Ok(Some(()))
}

/// Opens the old file for its lock.
fn hold(directory: &File, name: &OsStr, how: Lock) -> io::Result<File> {
    let access = match how {
        Lock::Flock => OFlag::O_RDONLY,
        Lock::Fcntl => OFlag::O_RDWR,
        Lock::Disabled => OFlag::O_PATH,
    };
    let flags = access | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    Ok(openat(directory, name, flags, Mode::empty())?.into())
}

/// A name with six random characters at its end.
fn unique(begin: &str) -> io::Result<String> {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    let mut random = [0; 6];
    io::Read::read_exact(
        &mut OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NOCTTY)
            .open("/dev/urandom")?,
        &mut random,
    )?;
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte % 64)]));
    Ok(begin.chars().chain(letters).collect())
}
