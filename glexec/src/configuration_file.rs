//! The file with the configuration.
#![forbid(unsafe_code)]

use std::io::Read as _;
use std::path::Path;

use crate::failure::Failure;
use crate::root::{Ids, Root};
use crate::settings::Settings;
use crate::trust;

/// Where the configuration is. Nothing can name another one.
pub const FILE: &str = match option_env!("GLEXEC_CONFIG_FILE") {
    Some(file) => file,
    None => "/etc/glexec.conf",
};

/// The account that reads the configuration, so that it can be unreadable to pilots without root being used to read it.
pub const READER: &str = "glexec";

/// The largest file that is read.
const MOST: u64 = 1 << 20;

/// Reads the configuration, as account `glexec` if there is one and this program may become it, else as the caller.
///
/// # Errors
/// The file is missing, not to be trusted, or wrong.
pub fn read(root: Option<&Root>) -> Result<Settings, Failure> {
    let reader = lc_os::account_by_name(c"glexec").map_err(Failure::internal)?;
    let owner = reader.as_ref().map_or(0, |account| account.uid.as_raw());
    let text = match (root, reader) {
        (Some(root), Some(account)) => {
            let ids = Ids {
                uid: account.uid,
                gid: account.primary_gid,
                groups: vec![account.primary_gid],
            };
            root.as_user(&ids, || text(Path::new(FILE), owner))?
        }
        _ => text(Path::new(FILE), owner),
    };
    let text = text
        .map_err(|what| Failure::internal(format_args!("cannot use the configuration: {what}")))?;
    Settings::parse(Path::new(FILE), &text)
}

fn text(path: &Path, owner: u32) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let file = trust::open(path, owner)?;
    let read = file.take(MOST + 1).read_to_end(&mut text);
    read.map_err(|e| format!("{}: {e}", path.display()))?;
    if text.len() as u64 > MOST {
        return Err(format!("{}: the file is larger than 1 MiB", path.display()));
    }
    Ok(text)
}
