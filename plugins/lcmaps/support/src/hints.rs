//! Why somebody who seems to be listed is not found: other spellings of the name that are listed.
//! Hints only; nobody is mapped by them.

use std::borrow::Cow;

use lc_gridmap::{Accept, MapFile, Wildcards, fnmatch};
use lcmaps_plugin::Shown;

/// Attributes that programs spell in several ways.
const SPELLINGS: [&[&[u8]]; 2] = [
    &[b"/emailAddress=", b"/Email=", b"/E="],
    &[b"/UID=", b"/USERID="],
];

/// No more spellings than this are tried.
const MOST: usize = 8;

/// Behind the name of an account or pool that ends in a carriage return.
pub(crate) const CR_LF_HINT: &str = " (its line ends in CR LF; save the file with Unix line ends)";

/// A sentence about another spelling of the DN that the file has, if it has one.
pub(crate) fn other_spelling(file: &MapFile, dn: &[u8]) -> Option<String> {
    let mut spellings = respelled(dn);
    spellings.extend(without_proxies(dn).map(Cow::Borrowed));
    spellings.extend(respelled_fqan(dn).into_iter().map(Cow::Owned));
    spellings.truncate(MOST);
    spellings.into_iter().find_map(|name| {
        let line = file
            .lookup(&name, Wildcards::Off, Accept::AnyName)
            .ok()?
            .found?
            .line;
        Some(format!(
            "line {line} has \"{}\", which is another name",
            Shown(&name)
        ))
    })
}

/// A sentence about the first name in the file that differs only in upper and lower case, as a
/// pattern or letter by letter, if there is one. Reads the whole file.
pub(crate) fn other_case(file: &MapFile, name: &[u8], wildcards: Wildcards) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let fits = |listed: &[u8]| match wildcards {
        Wildcards::Off => listed.eq_ignore_ascii_case(name),
        Wildcards::On => fnmatch(&listed.to_ascii_lowercase(), &lower),
    };
    let line = file.listed().ok()?.flatten().find(|line| fits(line.name))?;
    Some(format!(
        "line {} has \"{}\", which differs in upper and lower case, and these count",
        line.line,
        Shown(line.name)
    ))
}

/// The name with each attribute in its other spellings.
fn respelled(dn: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut names = Vec::new();
    for spellings in SPELLINGS {
        for here in spellings {
            let Some(at) = find(dn, here) else { continue };
            for other in spellings.iter().filter(|other| *other != here) {
                names.push(Cow::Owned(
                    [&dn[..at], *other, &dn[at + here.len()..]].concat(),
                ));
            }
        }
    }
    names
}

/// The name without what proxies append, if there is such a thing.
fn without_proxies(dn: &[u8]) -> Option<&[u8]> {
    let mut name = dn;
    while let Some(at) = name.windows(4).rposition(|part| part == b"/CN=") {
        let last = &name[at + 4..];
        let is_proxy = last == b"proxy"
            || last == b"limited proxy"
            || !last.is_empty() && last.iter().all(u8::is_ascii_digit);
        if !is_proxy {
            break;
        }
        name = &name[..at];
    }
    (name.len() < dn.len()).then_some(name)
}

/// An FQAN with and without what says "no role", and what is below its group.
fn respelled_fqan(name: &[u8]) -> Vec<Vec<u8>> {
    const NO_ROLE: &[u8] = b"/Role=NULL";
    const NO_CAPABILITY: &[u8] = b"/Capability=NULL";
    let vo = name.strip_prefix(b"/").unwrap_or_default();
    let vo = vo.split(|byte| *byte == b'/').next().unwrap_or_default();
    if vo.is_empty() || vo.contains(&b'=') {
        return Vec::new();
    }
    let with_role = name.strip_suffix(NO_CAPABILITY).unwrap_or(name);
    let group = with_role.strip_suffix(NO_ROLE).unwrap_or(with_role);
    let mut names = vec![
        group.to_vec(),
        [group, NO_ROLE].concat(),
        [group, NO_ROLE, NO_CAPABILITY].concat(),
    ];
    if with_role != group || !with_role.windows(6).any(|part| part == b"/Role=") {
        names.push([group, b"/*"].concat());
    } else {
        names = vec![with_role.to_vec(), [with_role, NO_CAPABILITY].concat()];
    }
    names.retain(|other| other != name);
    names
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(listed: &str, dn: &str) -> Option<String> {
        let file = MapFile::parse(
            "f",
            format!("\"/CN=z\" z\n\"{listed}\" account\n").into_bytes(),
        );
        other_spelling(&file, dn.as_bytes())
    }

    #[test]
    fn another_spelling_of_an_attribute_is_pointed_out() {
        let expected = Some("line 2 has \"/CN=a/Email=a@b\", which is another name".to_owned());
        assert_eq!(hint("/CN=a/Email=a@b", "/CN=a/emailAddress=a@b"), expected);
        assert!(hint("/CN=a/E=a@b", "/CN=a/Email=a@b").is_some());
        assert!(hint("/USERID=a/CN=b", "/UID=a/CN=b").is_some());
    }

    #[test]
    fn the_name_of_a_proxy_points_to_the_name_of_the_user() {
        assert!(hint("/CN=a", "/CN=a/CN=1234/CN=proxy").is_some());
        assert!(hint("/CN=a/CN=b", "/CN=a/CN=b/CN=limited proxy").is_some());
    }

    #[test]
    fn an_fqan_is_found_with_and_without_what_says_no_role() {
        let plain = "/vo/group";
        let (role, all) = ("/vo/group/Role=NULL", "/vo/group/Role=NULL/Capability=NULL");
        for (listed, wanted) in [
            (plain, role),
            (plain, all),
            (role, plain),
            (role, all),
            (all, plain),
            (all, role),
            ("/vo/group/*", plain),
            ("/vo/group/Role=p", "/vo/group/Role=p/Capability=NULL"),
            ("/vo/group/Role=p/Capability=NULL", "/vo/group/Role=p"),
        ] {
            let expected = format!("line 2 has \"{listed}\", which is another name");
            assert_eq!(hint(listed, wanted), Some(expected), "{wanted}");
        }
        assert_eq!(hint("/vo/group", "/vo/group/Role=p"), None, "another role");
        assert_eq!(hint("/O=x/Role=NULL", "/O=x"), None, "no FQAN");
    }

    #[test]
    fn another_case_is_pointed_out_also_of_a_pattern() {
        let file = MapFile::parse("f", b"/vo/Role=a x\n\"/VO/*\" x\n".to_vec());
        let hint = |name: &str, wildcards| other_case(&file, name.as_bytes(), wildcards);
        let line = |hint: Option<String>| hint.and_then(|hint| hint.get(..6).map(str::to_owned));
        assert_eq!(
            line(hint("/vo/role=A", Wildcards::Off)),
            Some("line 1".into())
        );
        assert_eq!(line(hint("/vo/b", Wildcards::On)), Some("line 2".into()));
        assert_eq!(hint("/vo/b", Wildcards::Off), None);
        assert_eq!(hint("/other", Wildcards::On), None);
    }

    #[test]
    fn a_stranger_gets_no_hint() {
        assert_eq!(hint("/CN=a", "/CN=b"), None);
        assert_eq!(hint("/CN=a", "/CN=ab/CN=proxy"), None);
        assert_eq!(
            hint("", "/CN=7"),
            Some("line 2 has \"\", which is another name".to_owned())
        );
    }
}
