//! The `LCMAPS CRED FINAL` lines that sites collect for traceability.

use std::ffi::CStr;
use std::fmt::Write;

use crate::{Gid, Mapping};

/// Longest first line, in bytes, as in the original.
const MAX_LINE: usize = 1499;

/// One line of the summary, without newline, with its urgency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryLine {
    /// For level NOTICE.
    Notice(String),
    /// For level INFO.
    Info(String),
    /// For level DEBUG.
    Debug(String),
}

/// The summary of a run's data, for successful and failed runs alike.
///
/// Several user ids follow each other without separator; that is the format the original writes.
#[must_use]
pub fn summary(mapping: &Mapping) -> Vec<SummaryLine> {
    let mut lines = Vec::new();
    if let Some(line) = account_line(mapping) {
        lines.push(SummaryLine::Notice(line));
    }
    for vo in mapping.vo_credentials() {
        let part = |text: &Option<std::ffi::CString>| {
            text.as_deref().map_or_else(|| "-".to_owned(), text_of)
        };
        lines.push(SummaryLine::Debug(format!(
            "LCMAPS CRED FINAL: VO credential: vo {}, group {}, subgroup {}, role {}, capability {}",
            part(&vo.vo),
            part(&vo.group),
            part(&vo.subgroup),
            part(&vo.role),
            part(&vo.capability)
        )));
    }
    let total = mapping.vo_strings().len();
    for (index, text) in mapping.vo_strings().iter().enumerate() {
        lines.push(SummaryLine::Info(format!(
            "LCMAPS CRED FINAL: VO credential string  : {}  [{}/{total}]",
            text_of(text),
            index + 1
        )));
    }
    for vo in mapping.vo_mappings() {
        let attribute = vo.attribute.as_deref().map(text_of).unwrap_or_default();
        let group = vo
            .group
            .as_deref()
            .map(|name| format!("({})", text_of(name)))
            .unwrap_or_default();
        lines.push(SummaryLine::Notice(format!(
            "LCMAPS CRED FINAL: FQAN:\"{attribute}\"->mapped group:{}{group}",
            gid_text(vo.gid)
        )));
    }
    if let Some(index) = mapping.pool_index() {
        lines.push(SummaryLine::Debug(format!(
            "LCMAPS CRED FINAL: POOL_INDEX:\"{}\"",
            text_of(index)
        )));
    }
    lines
}

fn account_line(mapping: &Mapping) -> Option<String> {
    let mut ids = String::new();
    for uid in mapping.uids() {
        let _ = write!(ids, "mapped uid:'{uid}'");
    }
    for gid in mapping.primary_gids() {
        let _ = write!(ids, ",pgid:'{gid}'");
    }
    for gid in mapping.secondary_gids() {
        let _ = write!(ids, ",sgid:'{gid}'");
    }
    let mut line = String::from("LCMAPS CRED FINAL: ");
    match (mapping.dn(), ids.is_empty()) {
        (None, true) => return None,
        (None, false) => line.push_str(&ids),
        (Some(dn), true) => drop(write!(line, "DN:\"{}\"", text_of(dn))),
        (Some(dn), false) => drop(write!(line, "DN:\"{}\"->{ids}", text_of(dn))),
    }
    if line.len() > MAX_LINE {
        let cut = (0..=MAX_LINE)
            .rev()
            .find(|&at| line.is_char_boundary(at))
            .unwrap_or(0);
        line.truncate(cut);
    }
    Some(line)
}

/// "none" is printed as the original prints it.
fn gid_text(gid: Gid) -> String {
    if gid.0 == u32::MAX {
        "-1".to_owned()
    } else {
        gid.to_string()
    }
}

fn text_of(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Uid, VoMapping};

    fn notice(mapping: &Mapping) -> Option<SummaryLine> {
        summary(mapping).into_iter().next()
    }

    #[test]
    fn the_account_line_has_the_format_sites_parse() {
        let mut mapping = Mapping::default();
        assert_eq!(notice(&mapping), None);
        mapping.set_dn(c"/CN=x".into());
        mapping.add_uid(Uid(1));
        mapping.add_primary_gid(Gid(2));
        mapping.add_secondary_gid(Gid(60));
        mapping.add_secondary_gid(Gid(5));
        let expected =
            r#"LCMAPS CRED FINAL: DN:"/CN=x"->mapped uid:'1',pgid:'2',sgid:'5',sgid:'60'"#;
        assert_eq!(notice(&mapping), Some(SummaryLine::Notice(expected.into())));
    }

    #[test]
    fn a_dn_without_ids_has_no_arrow() {
        let mut mapping = Mapping::default();
        mapping.set_dn(c"/CN=x".into());
        assert_eq!(
            notice(&mapping),
            Some(SummaryLine::Notice(
                "LCMAPS CRED FINAL: DN:\"/CN=x\"".into()
            ))
        );
    }

    #[test]
    fn a_very_long_dn_is_cut() {
        let mut mapping = Mapping::default();
        mapping.set_dn(std::ffi::CString::new("é".repeat(2000)).unwrap());
        let Some(SummaryLine::Notice(line)) = notice(&mapping) else {
            panic!("no line")
        };
        assert!(line.len() <= MAX_LINE && line.len() > MAX_LINE - 4);
    }

    #[test]
    fn vo_mappings_name_group_and_id() {
        let mut mapping = Mapping::default();
        for group in [Some(c"grp".into()), None] {
            mapping.add_vo_mapping(VoMapping {
                attribute: Some(c"/vo".into()),
                group,
                gid: Gid(7),
            });
        }
        assert_eq!(
            summary(&mapping),
            [
                SummaryLine::Notice("LCMAPS CRED FINAL: FQAN:\"/vo\"->mapped group:7(grp)".into()),
                SummaryLine::Notice("LCMAPS CRED FINAL: FQAN:\"/vo\"->mapped group:7".into()),
            ]
        );
    }
}
