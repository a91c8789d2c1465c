//! Lines of ban lists that ban nobody, or not whom they seem to ban.

use lc_gridmap::{Listed, Wildcards};

/// What the names on a ban list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Distinguished names of users.
    Dn,
    /// VOMS attributes.
    Fqan,
}

/// Why the name of a line bans nobody, or not all whom it seems to mean, and what to do. Goes behind
/// the name in a sentence.
pub(crate) fn fault(line: &Listed<'_>, kind: Names, wildcards: Wildcards) -> Option<&'static str> {
    let name = line.name.strip_suffix(b"\r").unwrap_or(line.name);
    let is_pattern = wildcards == Wildcards::On && name.iter().any(|byte| b"*?[".contains(byte));
    let begins_with_pattern = is_pattern && name.first().is_some_and(|byte| b"*?[".contains(byte));
    if name.is_empty() {
        return Some("is empty and bans nobody; remove the line, or write the name into it");
    }
    if !name.starts_with(b"/") && !begins_with_pattern {
        return Some(without_slash(name, kind));
    }
    if !line.quoted && !behind(line.rest).is_empty() {
        return Some(
            "is all that this line bans, for a name without quotes ends at the first blank; put the \
             DN in double quotes, or what is a remark behind #",
        );
    }
    if wildcards == Wildcards::On && has_open_bracket(name) {
        return Some(
            "has a [ that no ] closes, which stands for itself only; close it, or write ? in its place",
        );
    }
    if name.len() > 1 && name.ends_with(b"/") {
        return Some("ends in a slash, as no name does; remove it, or write /* for all below it");
    }
    if name.ends_with(b" ") || name.ends_with(b"\t") {
        return Some("ends in a blank, which counts; remove it");
    }
    if name.windows(2).any(|two| two == b"  ") {
        return Some(
            "has two blanks in a row, which count; write one, unless the certificate has two",
        );
    }
    match kind {
        Names::Dn => fault_of_dn(name, is_pattern),
        Names::Fqan => fault_of_fqan(name),
    }
}

fn without_slash(name: &[u8], kind: Names) -> &'static str {
    if name.starts_with(b"'") {
        return "bans nobody, for single quotes belong to the name; use double quotes";
    }
    if name.starts_with(b" ") || name.starts_with(b"\t") {
        return "bans nobody, for the blank at its start counts; remove it";
    }
    match kind {
        Names::Dn if name.contains(&b'=') => {
            "bans nobody, for no DN looks like that; write it as in the log, with slashes and the \
             country first: \"/C=.../O=.../CN=...\""
        }
        Names::Dn => {
            "bans nobody, for no DN looks like that; write it as in the log: \"/C=.../O=.../CN=...\""
        }
        Names::Fqan => "bans nobody, for FQANs begin with a slash: \"/vo/group/Role=role\"",
    }
}

fn fault_of_dn(name: &[u8], is_pattern: bool) -> Option<&'static str> {
    if !is_pattern && !name.contains(&b'=') {
        return Some(
            "bans nobody, for no DN looks like that; FQANs are banned by lcmaps_ban_fqan.mod",
        );
    }
    let last = name.windows(4).rposition(|part| part == b"/CN=")?;
    let last = &name[last + 4..];
    let is_proxy = last == b"proxy"
        || last == b"limited proxy"
        || !last.is_empty() && last.iter().all(u8::is_ascii_digit);
    is_proxy.then_some(
        "ends like the name of a proxy, and users are looked for without that; leave the last part \
         out, unless it is in the user's own certificate",
    )
}

fn fault_of_fqan(name: &[u8]) -> Option<&'static str> {
    for (start, right) in [
        (&b"/role="[..], &b"/Role="[..]),
        (b"/capability=", b"/Capability="),
    ] {
        let mut parts = name.windows(start.len());
        if parts.any(|part| part.eq_ignore_ascii_case(start) && part != right) {
            return Some("bans nobody, for upper and lower case count: /Role= and /Capability=");
        }
    }
    None
}

/// What stands behind a name, without remarks.
fn behind(rest: &[u8]) -> &[u8] {
    let text = rest.split(|byte| *byte == b'#').next();
    text.unwrap_or_default().trim_ascii()
}

/// Whether a `[` stands for itself because no `]` closes it. A `]` that comes first in its set
/// belongs to the set.
fn has_open_bracket(name: &[u8]) -> bool {
    let Some(last) = name.iter().rposition(|byte| *byte == b'[') else {
        return false;
    };
    let set = &name[last + 1..];
    let set = set
        .strip_prefix(b"!")
        .or_else(|| set.strip_prefix(b"^"))
        .unwrap_or(set);
    !set.iter().skip(1).any(|byte| *byte == b']')
}

#[cfg(test)]
mod tests {
    use lc_gridmap::MapFile;

    use super::*;

    fn of(line: &str, kind: Names, wildcards: Wildcards) -> Option<&'static str> {
        let file = MapFile::parse("f", format!("{line}\n").into_bytes());
        let lines: Vec<_> = file.listed().expect("in memory").flatten().collect();
        fault(lines.first().expect("a line"), kind, wildcards)
    }

    #[test]
    fn dns_that_ban_nobody_are_told_with_a_remedy() {
        for (line, words) in [
            ("CN=Alice,O=TestGrid,C=NL", "with slashes"),
            ("'/C=NL/CN=Alice'", "single quotes"),
            ("testvo", "no DN looks like that"),
            ("\"/testvo/group\"", "lcmaps_ban_fqan"),
            ("\" /C=NL/CN=Alice\"", "blank at its start"),
            ("\"/C=NL/CN=Alice \"", "ends in a blank"),
            ("\"/C=NL/CN=Alice  Tester\"", "two blanks"),
            ("/C=NL/CN=Alice/", "ends in a slash"),
            ("/C=NL/CN=Alice Tester", "double quotes"),
            ("\"/C=NL/CN=[ab\"", "no ] closes"),
            ("\"/C=NL/CN=[]\"", "no ] closes"),
            ("\"/C=NL/CN=Alice/CN=12345\"", "name of a proxy"),
            ("/C=NL/CN=Alice/CN=proxy", "name of a proxy"),
            ("\"\"", "is empty"),
        ] {
            let why = of(line, Names::Dn, Wildcards::On);
            assert!(
                why.is_some_and(|why| why.contains(words)),
                "{line}: {why:?}"
            );
        }
    }

    #[test]
    fn fqans_that_ban_nobody_are_told_with_a_remedy() {
        for (line, words) in [
            ("testvo", "begin with a slash"),
            ("/testvo/role=admin", "/Role="),
            ("/testvo/ROLE=admin/Capability=NULL", "/Role="),
            ("/testvo/Role=NULL/capability=NULL", "/Capability="),
        ] {
            let why = of(line, Names::Fqan, Wildcards::On);
            assert!(
                why.is_some_and(|why| why.contains(words)),
                "{line}: {why:?}"
            );
        }
    }

    #[test]
    fn lines_in_order_draw_no_remark() {
        for line in [
            "\"/C=NL/O=Example/CN=Jane Doe\" .pool # since May",
            "/C=NL/CN=jane # remark",
            "/C=NL/CN=jane\r",
            "\"/C=NL/CN=jane\"\r",
            "\"*/CN=jane\"",
            "\"/C=NL/CN=[]a]*\"",
            "\"/C=NL/CN=host/example.org\"",
            "\"/C=NL/CN=Robot 7\"",
        ] {
            assert_eq!(of(line, Names::Dn, Wildcards::On), None, "{line}");
        }
        for line in [
            "/vo/g/Role=admin",
            "\"/vo/*\"",
            "/vo/Role=NULL/Capability=NULL",
        ] {
            assert_eq!(of(line, Names::Fqan, Wildcards::On), None, "{line}");
        }
        assert_eq!(of("/C=NL/CN=[a", Names::Dn, Wildcards::Off), None);
        let star = of("*", Names::Dn, Wildcards::Off);
        assert!(star.is_some(), "without patterns it bans nobody");
    }
}
