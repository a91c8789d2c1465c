//! Owners and modes: who could change what decides about users.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::finding::{Findings, Place};

const OTHERS_WRITE: u32 = 0o002;
const GROUP_WRITE: u32 = 0o020;
const STICKY: u32 = 0o1000;

/// Says whether somebody else than root (or whoever runs this) can change a file, or put another in its place.
pub fn protected(path: &Path, place: &Place, findings: &mut Findings) {
    let Ok(data) = std::fs::metadata(path) else {
        return;
    };
    about(path, &data, place, findings);
    let Ok(real) = path.canonicalize() else {
        return;
    };
    if let Some(folder) = real.parent()
        && let Ok(data) = std::fs::metadata(folder)
        && data.mode() & OTHERS_WRITE != 0
        && data.mode() & STICKY == 0
    {
        let message = format!(
            "everybody can put another file in the place of {}: the directory {} has mode {:04o}",
            path.display(),
            folder.display(),
            data.mode() & 0o7777
        );
        findings.error(
            place,
            message,
            "take the right to write from others (chmod o-w)",
        );
    }
}

fn about(path: &Path, data: &Metadata, place: &Place, findings: &mut Findings) {
    let (shown, mode) = (path.display(), data.mode() & 0o7777);
    if mode & OTHERS_WRITE != 0 && !(data.is_dir() && mode & STICKY != 0) {
        let message = format!("everybody can write {shown}: its mode is {mode:04o}");
        findings.error(
            place,
            message,
            "take the right to write from others (chmod o-w)",
        );
    } else if mode & GROUP_WRITE != 0 && data.gid() != 0 {
        let message = format!(
            "group {} can write {shown}: its mode is {mode:04o}",
            data.gid()
        );
        findings.warning(
            place,
            message,
            "unless that group administers the site, take the right to write from it (chmod g-w)",
        );
    }
    let own = nix::unistd::getuid().as_raw();
    if data.uid() != 0 && data.uid() != own {
        let message = format!("{shown} belongs to uid {}", data.uid());
        findings.warning(place, message, "make it root's (chown root)");
    }
}
