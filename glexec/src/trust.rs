//! Which files of the administrator can be believed.
#![forbid(unsafe_code)]

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use nix::libc;

/// Opens a file of the administrator for reading: regular, owned by root or the given user, writable by nobody else, as are
/// the directories above it (root's all; others may write to sticky ones).
///
/// # Errors
/// What is wrong with it.
pub fn open(path: &Path, owner: u32) -> Result<File, String> {
    directories(path)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .map_err(|e| format!("{}: {e}", path.display()))?;
    let data = file
        .metadata()
        .map_err(|e| format!("{}: {e}", path.display()))?;
    judge(path, &data, owner)?;
    Ok(file)
}

/// Checks a file that others will open, as [`open`] does. Links are followed, and what they lead to is checked.
///
/// # Errors
/// What is wrong with it.
pub fn check(path: &Path, owner: u32) -> Result<(), String> {
    if !path.is_absolute() {
        return Err(format!("{}: the name is not absolute", path.display()));
    }
    let real = fs::canonicalize(path).map_err(|e| format!("{}: {e}", path.display()))?;
    directories(path)?;
    directories(&real)?;
    let data = fs::metadata(&real).map_err(|e| format!("{}: {e}", real.display()))?;
    judge(&real, &data, owner)
}

fn judge(path: &Path, data: &fs::Metadata, owner: u32) -> Result<(), String> {
    let path = path.display();
    if !data.is_file() {
        return Err(format!("{path}: this is not a regular file"));
    }
    if data.uid() != 0 && data.uid() != owner {
        return Err(format!(
            "{path}: the file belongs to uid {}, and should to root",
            data.uid()
        ));
    }
    if data.mode() & 0o022 != 0 {
        return Err(format!(
            "{path}: the file is writable by its group or by everybody"
        ));
    }
    Ok(())
}

/// The directories above a file are root's, and nobody else can exchange what is in them.
fn directories(path: &Path) -> Result<(), String> {
    if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
        return Err(format!(
            "{}: the name is not absolute, or has \"..\" in it",
            path.display()
        ));
    }
    let mut above = path.parent().map(Path::to_owned);
    while let Some(directory) = above {
        let data = fs::metadata(&directory).map_err(|e| format!("{}: {e}", directory.display()))?;
        if data.uid() != 0 {
            return Err(format!(
                "{}: the directory is not root's",
                directory.display()
            ));
        }
        if data.mode() & 0o022 != 0 && data.mode() & libc::S_ISVTX == 0 {
            return Err(format!(
                "{}: others than root can write to the directory",
                directory.display()
            ));
        }
        above = directory.parent().map(PathBuf::from);
    }
    Ok(())
}
