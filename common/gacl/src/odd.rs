//! Names in credentials that most likely fit nobody.

/// Why a DN fits nobody, if that is so.
pub(crate) fn dn(name: &str) -> Option<&'static str> {
    common(name)
        .or_else(|| (!name.contains('=')).then_some("there is no = in the DN, so it fits nobody"))
}

/// Why an FQAN fits nobody, if that is so.
pub(crate) fn fqan(name: &str) -> Option<&'static str> {
    common(name).or_else(|| {
        name.contains(' ')
            .then_some("there is a blank in the FQAN, so it fits nobody")
    })
}

fn common(name: &str) -> Option<&'static str> {
    let quotes = ['"', '\'', '\u{2018}', '\u{201c}', '\u{201e}'];
    if name.starts_with(quotes) {
        Some("quotes belong to the name here, so it fits nobody; take them away")
    } else if !name.starts_with('/') {
        Some(
            "the name does not begin with a slash, so it fits nobody; write it as in /C=NL/O=Example/CN=Jane Doe or /vo/group",
        )
    } else if name.contains('*') {
        Some("an asterisk is an asterisk here, there are no patterns; so the name fits nobody")
    } else if name.contains("  ") || name.chars().any(char::is_control) {
        Some(
            "there is a line end, a tab or two blanks in a row in the name, so it fits nobody; write it on one line",
        )
    } else {
        None
    }
}
