//! VO attributes and VO mappings as text.

use std::io::Write as _;

use libc::gid_t;

/// What stands for a missing part in the log.
const UNSET: &[u8] = b"(unset)";

/// The log line of one part of a VO attribute.
#[must_use]
pub fn part_line(name: &str, part: Option<&[u8]>) -> Vec<u8> {
    let mut line = format!("lcmaps_printVoData(): {name:>10}: ").into_bytes();
    line.extend_from_slice(part.unwrap_or(UNSET));
    line.push(b'\n');
    line
}

/// The log line of a VO mapping.
#[must_use]
pub fn mapping_line(vostring: Option<&[u8]>, groupname: Option<&[u8]>, gid: gid_t) -> Vec<u8> {
    let mut line = b"lcmaps_printVoMapping(): VO string: \"".to_vec();
    line.extend_from_slice(vostring.unwrap_or(UNSET));
    line.extend_from_slice(b"\" -> mapped unix-group: ");
    // Writing to a vector cannot fail. Ids are signed in all log lines, so "no group" is -1.
    let _ = write!(line, "{}", gid.cast_signed());
    if let Some(name) = groupname {
        line.push(b'(');
        line.extend_from_slice(name);
        line.push(b')');
    }
    line.push(b'\n');
    line
}

/// A VO attribute as text, or `None` without VO or group.
///
/// Blanks and tabs in front of a part are skipped; a part that is empty or begins with `NULL`
/// counts as missing.
#[must_use]
pub fn attribute_text(
    vo: Option<&[u8]>,
    group: Option<&[u8]>,
    role: Option<&[u8]>,
    capability: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let mut text = [b"/VO=", said(vo)?, b"/GROUP=", said(group)?].concat();
    for (key, part) in [(&b"/ROLE="[..], role), (b"/CAPABILITY=", capability)] {
        if let Some(part) = said(part) {
            text.extend_from_slice(key);
            text.extend_from_slice(part);
        }
    }
    Some(text)
}

/// A part without leading blanks, unless it is missing or stands for "missing".
fn said(part: Option<&[u8]>) -> Option<&[u8]> {
    let part = part?;
    let start = part.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let part = &part[start..];
    (!part.starts_with(b"NULL")).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: [&str; 4]) -> Option<String> {
        let [vo, group, role, capability] = parts.map(|part| Some(part.as_bytes()));
        attribute_text(vo, group, role, capability).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn all_parts_are_written_in_order() {
        let all = text(["fred", "fred/flintstone", "director", "destroy"]);
        assert_eq!(
            all.as_deref(),
            Some("/VO=fred/GROUP=fred/flintstone/ROLE=director/CAPABILITY=destroy")
        );
    }

    #[test]
    fn parts_that_are_empty_or_null_are_left_out() {
        assert_eq!(
            text([" \tvo", "\tg", " NULL", " "]).as_deref(),
            Some("/VO=vo/GROUP=g")
        );
    }

    #[test]
    fn vo_and_group_are_required() {
        assert_eq!(text(["vo", "  NULLgroup", "", ""]), None);
        assert_eq!(text(["", "group", "", ""]), None);
        assert_eq!(attribute_text(Some(b"vo"), None, None, None), None);
    }

    #[test]
    fn a_mapping_is_logged_with_a_signed_group_id() {
        assert_eq!(
            mapping_line(Some(b"/vo"), None, gid_t::MAX),
            b"lcmaps_printVoMapping(): VO string: \"/vo\" -> mapped unix-group: -1\n"
        );
        assert!(mapping_line(Some(b"/vo"), Some(b"grp"), 5).ends_with(b" 5(grp)\n"));
    }

    #[test]
    fn a_missing_part_is_logged_as_unset() {
        assert!(part_line("ROLE", None).ends_with(b"ROLE: (unset)\n"));
        assert!(part_line("ROLE", Some(b"x")).ends_with(b"ROLE: x\n"));
    }
}
