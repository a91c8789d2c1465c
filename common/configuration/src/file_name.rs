//! Building a file name from a directory, a name and a suffix.

/// `path`, put behind `prefix` if it is relative, with `suffix` as a further component.
///
/// A slash is put between two parts only where neither side brings one: behind a non-empty
/// `prefix`, and before a non-empty `suffix` that follows a non-empty `path`.
#[must_use]
pub fn join(prefix: &[u8], path: &[u8], suffix: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(prefix.len() + path.len() + suffix.len() + 2);
    if !path.starts_with(b"/") {
        name.extend_from_slice(prefix);
        if !prefix.is_empty() && !prefix.ends_with(b"/") {
            name.push(b'/');
        }
    }
    name.extend_from_slice(path);
    if !path.is_empty() && !suffix.is_empty() && !path.ends_with(b"/") && !suffix.starts_with(b"/")
    {
        name.push(b'/');
    }
    name.extend_from_slice(suffix);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prefix: &str, path: &str, suffix: &str, expected: &str) {
        let name = join(prefix.as_bytes(), path.as_bytes(), suffix.as_bytes());
        assert_eq!(String::from_utf8(name).unwrap(), expected);
    }

    #[test]
    fn a_relative_path_goes_behind_the_prefix() {
        check("/p", "x", "s", "/p/x/s");
        check("/p/", "x", "s", "/p/x/s");
        check("", "x", "", "x");
    }

    #[test]
    fn an_absolute_path_ignores_the_prefix() {
        check("/p", "/x", "s", "/x/s");
        check("p", "/", "s", "/s");
    }

    #[test]
    fn empty_parts_add_no_slash_but_the_one_behind_the_prefix() {
        check("/p", "", "", "/p/");
        check("/p", "", "s", "/p/s");
        check("", "", "s", "s");
        check("", "", "", "");
    }

    #[test]
    fn slashes_that_are_there_stay_as_they_are() {
        check("/p", "x/", "s", "/p/x/s");
        check("/p", "x", "/s", "/p/x/s");
        check("/p", "x/", "/s", "/p/x//s");
        check("p//", "x", ".s", "p//x/.s");
    }
}
