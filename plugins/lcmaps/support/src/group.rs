//! Groups of the machine, and adding them to the mapping.

use std::ffi::CString;

use lc_os::{Group, group_by_gid, group_by_name};
use lcmaps_plugin::{Failure, Gid, Level, Run, Shown, VoMapping};

use crate::hints::CR_LF_HINT;

/// An FQAN and the group that it is mapped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupOfFqan {
    pub fqan: CString,
    pub group: Group,
    /// Whether it becomes a primary group.
    pub is_primary: bool,
}

/// The group that a map file or a pool names.
pub(crate) fn find_group(name: &[u8]) -> Result<Group, Failure> {
    let unknown = || {
        let hint = if name.ends_with(b"\r") {
            CR_LF_HINT
        } else {
            ""
        };
        let shown = Shown(name.strip_suffix(b"\r").unwrap_or(name));
        Failure::at(
            Level::Warning,
            format_args!("no group found with the name \"{shown}\"{hint}"),
        )
    };
    let name = CString::new(name).map_err(|_| unknown())?;
    let group = group_by_name(&name)?.ok_or_else(unknown)?;
    if group.gid.as_raw() == 0 {
        return Err(Failure::error(format_args!(
            "group {} has gid 0, and nobody is mapped to root's group",
            Shown(name.to_bytes())
        )));
    }
    // The name as the map file writes it, which the name service may write in another way.
    Ok(Group { name, ..group })
}

/// Adds groups to the mapping, with the FQANs that they come from.
pub(crate) fn add_groups(run: &Run<'_>, groups: Vec<GroupOfFqan>) -> Result<(), Failure> {
    for GroupOfFqan {
        fqan,
        group,
        is_primary,
    } in groups
    {
        if is_primary {
            run.add_primary_gid(group.gid)?;
        } else {
            run.add_secondary_gid(group.gid)?;
        }
        run.add_vo_mapping(&VoMapping {
            fqan,
            group: Some(group.name),
            gid: Some(group.gid),
        })?;
    }
    Ok(())
}

/// The names of the groups in the mapping so far, primary ones first.
///
/// # Errors
/// A gid belongs to no group, or the name service failed.
pub fn group_names(primary: &[Gid], secondary: &[Gid]) -> Result<Vec<CString>, Failure> {
    let name = |gid: &Gid| match group_by_gid(gid.as_raw())? {
        Some(group) => Ok(group.name),
        None => Err(Failure::error(format_args!(
            "no group has the gid {gid} that an earlier module mapped to; the name of the lease needs its name"
        ))),
    };
    primary.iter().chain(secondary).map(name).collect()
}
