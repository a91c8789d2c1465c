//! Which names a CA may sign: `signing_policy` files of Globus, `namespaces` files of EUGridPMA.
//!
//! ```text
//! signing_policy: access_id_CA  X509    'NAME'
//!                 pos_rights    globus  CA:sign
//!                 cond_subjects globus  '"PATTERN" "PATTERN"'       * and ? as in file names
//! namespaces:     TO Issuer ("NAME" | SELF) (PERMIT | DENY) Subject "REGULAR EXPRESSION"
//! ```
//!
//! In both `#` begins a remark. A line of a `namespaces` file goes on behind a backslash at its end.
//! What is not understood makes the whole file useless: half a policy is another policy.
#![forbid(unsafe_code)]

use regex_lite::Regex;

/// Longest name and pattern.
const LONGEST: usize = 4096;

/// What a file says about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opinion {
    /// The CA may sign it.
    Allowed,
    /// The CA may not.
    Denied,
    /// It says nothing about this CA.
    Silent,
}

/// A parsed file of either kind.
#[derive(Debug)]
pub(crate) struct SigningRules {
    statements: Vec<Statement>,
}

#[derive(Debug)]
struct Statement {
    /// `None` is the CA whose file it is.
    issuer: Option<String>,
    permit: bool,
    subjects: Vec<Pattern>,
}

#[derive(Debug)]
enum Pattern {
    Glob(String),
    Regex(Regex),
}

impl Pattern {
    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Glob(glob) => glob_matches(glob.as_bytes(), name.as_bytes()),
            Self::Regex(regex) => regex.is_match(name),
        }
    }
}

impl SigningRules {
    /// Reads a `signing_policy` file.
    pub(crate) fn signing_policy(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8 text".to_owned())?;
        let mut statements = Vec::new();
        let mut authorities: Vec<String> = Vec::new();
        // Whether the latest right is the one to sign; `None` before a right.
        let mut signs = None;
        for (at, line) in text.lines().enumerate() {
            let wrong = |what: &str| format!("line {}: {what}", at + 1);
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (keyword, rest) = word(line);
            let (authority, value) = word(rest);
            match keyword.to_ascii_lowercase().as_str() {
                "access_id_ca" => {
                    if signs.take().is_some() {
                        authorities.clear();
                    }
                    if !authority.eq_ignore_ascii_case("X509") {
                        return Err(wrong("only X509 names of CAs are known"));
                    }
                    authorities.push(unquoted(value).ok_or_else(|| wrong("no name of a CA"))?);
                }
                "pos_rights" if !authorities.is_empty() => {
                    signs = Some(authority == "globus" && value.trim() == "CA:sign");
                }
                "cond_subjects" if signs.is_some() => {
                    if authority != "globus" {
                        return Err(wrong("only conditions of globus are known"));
                    }
                    let subjects = globs(value).ok_or_else(|| wrong("no names"))?;
                    if signs == Some(true) {
                        statements.extend(authorities.iter().map(|authority| Statement {
                            issuer: Some(normal(authority)),
                            permit: true,
                            subjects: subjects.iter().map(|s| Pattern::Glob(normal(s))).collect(),
                        }));
                    }
                }
                _ => return Err(wrong(&format!("\"{keyword}\" is not understood here"))),
            }
        }
        Ok(Self { statements })
    }

    /// Reads a `namespaces` file.
    pub(crate) fn namespaces(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8 text".to_owned())?;
        let mut statements = Vec::new();
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let mut whole = line.trim().to_owned();
            if whole.is_empty() || whole.starts_with('#') {
                continue;
            }
            while whole.ends_with('\\') {
                whole.pop();
                let Some((_, more)) = lines.next() else { break };
                whole.push(' ');
                whole.push_str(more.trim());
            }
            let statement = statement(&whole)
                .ok_or("not TO Issuer \"NAME\" PERMIT Subject \"NAMES\"".to_owned())
                .and_then(|found| found)
                .map_err(|what| format!("line {}: {what}", at + 1))?;
            statements.push(statement);
        }
        Ok(Self { statements })
    }

    /// Whether the CA of this name, whose file this is, may sign the subject.
    pub(crate) fn opinion(&self, issuer: &str, subject: &str) -> Opinion {
        let issuer = normal(issuer);
        let names = [normal(subject), normal(&with_plain_slashes(subject))];
        let mut opinion = Opinion::Silent;
        for statement in &self.statements {
            if statement
                .issuer
                .as_ref()
                .is_some_and(|name| *name != issuer)
            {
                continue;
            }
            let fits = |name: &String| statement.subjects.iter().any(|s| s.matches(name));
            match (statement.permit, names.iter().any(fits)) {
                (false, true) => return Opinion::Denied,
                (true, true) => opinion = Opinion::Allowed,
                (_, false) if opinion == Opinion::Silent => opinion = Opinion::Denied,
                (_, false) => {}
            }
        }
        opinion
    }
}

/// `TO Issuer … PERMIT Subject …`; the inner error is one of the regular expression.
fn statement(line: &str) -> Option<Result<Statement, String>> {
    let rest = keyword(line, "TO")?;
    let rest = keyword(rest, "Issuer")?;
    let (issuer, rest) = match keyword(rest, "SELF") {
        Some(rest) => (None, rest),
        None => {
            let (name, rest) = quoted(rest)?;
            (Some(normal(name)), rest)
        }
    };
    let (permit, rest) = match keyword(rest, "PERMIT") {
        Some(rest) => (true, rest),
        None => (false, keyword(rest, "DENY")?),
    };
    let (pattern, rest) = quoted(keyword(rest, "Subject")?)?;
    if !rest.trim().is_empty() || pattern.len() > LONGEST {
        return None;
    }
    // The expression describes the whole name.
    let regex = Regex::new(&format!("^(?:{})$", normal(pattern)));
    Some(match regex {
        Ok(regex) => Ok(Statement {
            issuer,
            permit,
            subjects: vec![Pattern::Regex(regex)],
        }),
        Err(error) => Err(format!("regular expression \"{pattern}\": {error}")),
    })
}

fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn keyword<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let (found, rest) = word(text);
    found.eq_ignore_ascii_case(wanted).then_some(rest)
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix('"')?.split_once('"')
}

/// The only value of a line, with or without quotes.
fn unquoted(text: &str) -> Option<String> {
    let text = text.trim();
    for quote in ['\'', '"'] {
        if let Some(rest) = text.strip_prefix(quote) {
            let (inside, behind) = rest.split_once(quote)?;
            // Some files quote twice.
            let inside = inside.trim().trim_matches('"');
            return (behind.trim().is_empty() && !inside.is_empty()).then(|| inside.to_owned());
        }
    }
    (!text.is_empty()).then(|| text.to_owned())
}

/// The patterns of a `cond_subjects` line.
fn globs(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let inside = match text.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'')?,
        None => text,
    };
    let mut rest = inside.trim();
    if !rest.starts_with('"') {
        // One pattern, blanks and all.
        let plain = !rest.is_empty() && !rest.contains(['"', '\'']) && rest.len() <= LONGEST;
        return plain.then(|| vec![rest.to_owned()]);
    }
    let mut patterns = Vec::new();
    while !rest.is_empty() {
        let (pattern, behind) = quoted(rest)?;
        if pattern.len() > LONGEST {
            return None;
        }
        patterns.push(pattern.to_owned());
        rest = behind.trim_start();
    }
    Some(patterns)
}

/// Attribute types that programs write in different ways, in one way.
fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('/') {
        let (before, behind) = rest.split_at(at);
        normal.push_str(before);
        let known = [
            ("/E=", "/emailAddress="),
            ("/Email=", "/emailAddress="),
            ("/emailAddress=", "/emailAddress="),
            ("/USERID=", "/UID="),
        ];
        let found = known.iter().find(|(spelling, _)| {
            (behind.get(..spelling.len())).is_some_and(|start| start.eq_ignore_ascii_case(spelling))
        });
        match found {
            Some((spelling, instead)) => {
                normal.push_str(instead);
                rest = &behind[spelling.len()..];
            }
            None => {
                normal.push('/');
                rest = &behind[1..];
            }
        }
    }
    normal.push_str(rest);
    normal
}

/// The name with the backslash left out that OpenSSL puts before a slash in the name of a service,
/// `CN=host/…`: files of policies do not have it. Other attributes keep it, so that no value can look
/// like two attributes.
fn with_plain_slashes(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    let mut kind = String::new();
    let mut in_value = true;
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&'/') => {
                if !(in_value && kind == "CN") {
                    plain.push('\\');
                }
                plain.push('/');
                characters.next();
                continue;
            }
            '/' => {
                kind.clear();
                in_value = false;
            }
            '=' if !in_value => in_value = true,
            other if !in_value => kind.push(other),
            _ => {}
        }
        plain.push(character);
    }
    plain
}

/// `*` stands for any text, `?` for any character. Takes at most text times pattern steps.
fn glob_matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CA: &str = "/C=NL/O=G/CN=CA";

    fn policy(text: &str, subject: &str) -> Result<Opinion, String> {
        SigningRules::signing_policy(text.as_bytes()).map(|file| file.opinion(CA, subject))
    }

    fn namespaces(text: &str, subject: &str) -> Result<Opinion, String> {
        SigningRules::namespaces(text.as_bytes()).map(|file| file.opinion(CA, subject))
    }

    #[test]
    fn a_signing_policy_allows_what_its_patterns_match() {
        let text = "# EACL\naccess_id_CA  X509 '/C=NL/O=G/CN=CA'\npos_rights globus CA:sign\n\
                    cond_subjects globus '\"/C=NL/O=G/*\" \"/O=x/CN=?\"'\n";
        for (subject, opinion) in [
            ("/C=NL/O=G/CN=a", Opinion::Allowed),
            ("/C=NL/O=G", Opinion::Denied),
            ("/C=NL/O=Gx/CN=a", Opinion::Denied),
            ("/O=x/CN=a", Opinion::Allowed),
            ("/O=x/CN=ab", Opinion::Denied),
            ("/O=X/CN=a", Opinion::Denied),
        ] {
            assert_eq!(policy(text, subject), Ok(opinion), "{subject}");
        }
        let other = text.replace("CN=CA'", "CN=Other'");
        assert_eq!(policy(&other, "/C=NL/O=G/CN=a"), Ok(Opinion::Silent));
    }

    #[test]
    fn several_cas_and_several_entries_are_kept_apart() {
        let text = "access_id_CA X509 '/CN=other'\naccess_id_CA X509 \"/C=NL/O=G/CN=CA\"\n\
                    pos_rights globus CA:sign\ncond_subjects globus '/O=a/*'\n\
                    access_id_CA X509 '/CN=third'\npos_rights globus CA:sign\n\
                    cond_subjects globus '/O=b/*'\n";
        assert_eq!(policy(text, "/O=a/CN=x"), Ok(Opinion::Allowed));
        assert_eq!(policy(text, "/O=b/CN=x"), Ok(Opinion::Denied));
    }

    #[test]
    fn other_rights_let_nobody_sign() {
        let text = "access_id_CA X509 '/C=NL/O=G/CN=CA'\npos_rights globus CA:read\n\
                    cond_subjects globus '*'\n";
        assert_eq!(policy(text, "/O=a"), Ok(Opinion::Silent));
    }

    #[test]
    fn a_signing_policy_that_is_not_understood_is_an_error_with_its_line() {
        for (text, line) in [
            ("what is this\n", "line 1: \"what\" is not understood here"),
            (
                "\npos_rights globus CA:sign\n",
                "line 2: \"pos_rights\" is not understood here",
            ),
            ("access_id_CA X509 'x\n", "line 1: no name of a CA"),
            (
                "access_id_CA kerberos 'x'\n",
                "line 1: only X509 names of CAs are known",
            ),
            (
                "access_id_CA X509 'x'\nneg_rights globus CA:sign\n",
                "line 2: \"neg_rights\" is not understood here",
            ),
            (
                "access_id_CA X509 'x'\npos_rights globus CA:sign\ncond_subjects globus '\"a'\n",
                "line 3: no names",
            ),
        ] {
            assert_eq!(policy(text, "x"), Err(line.to_owned()));
        }
        assert!(SigningRules::signing_policy(b"\xff").is_err());
    }

    #[test]
    fn a_namespaces_file_permits_and_denies_by_regular_expressions() {
        let text = "##NAMESPACES-VERSION: 1.0\n\nTO Issuer \"/C=NL/O=G/CN=CA\" \\\n  \
                    PERMIT Subject \"/C=NL/O=G/.*\"\nto issuer self deny subject \".*/CN=bad\"\n\
                    TO Issuer \"/CN=other\" PERMIT Subject \".*\"\n";
        for (subject, opinion) in [
            ("/C=NL/O=G/CN=a", Opinion::Allowed),
            ("/C=NL/O=G/CN=bad", Opinion::Denied),
            ("/C=NL/O=H/CN=a", Opinion::Denied),
            ("x/C=NL/O=G/CN=a", Opinion::Denied),
        ] {
            assert_eq!(namespaces(text, subject), Ok(opinion), "{subject}");
        }
        let other = "TO Issuer \"/CN=other\" PERMIT Subject \".*\"\n";
        assert_eq!(namespaces(other, "/CN=a"), Ok(Opinion::Silent));
    }

    #[test]
    fn a_namespaces_file_that_is_not_understood_is_an_error_with_its_line() {
        for text in [
            "TO Issuer PERMIT Subject \"x\"",
            "TO Issuer SELF ALLOW Subject \"x\"",
            "TO Issuer SELF PERMIT Subject \"x\" more",
            "TO Issuer SELF PERMIT Subject \"x",
            "TO Issuer SELF PERMIT \\",
            "TO Issuer SELF PERMIT Subject \"(\"",
        ] {
            let error = namespaces(&format!("\n{text}\n"), "x").expect_err("refused");
            assert!(error.starts_with("line 2: "), "{error}");
        }
    }

    #[test]
    fn spellings_of_attribute_types_do_not_count() {
        let text = "TO Issuer \"/Email=c@g/CN=CA\" PERMIT Subject \"/E=.*/USERID=.*\"\n";
        let file = SigningRules::namespaces(text.as_bytes()).expect("fine");
        let opinion = file.opinion("/emailAddress=c@g/CN=CA", "/EMAIL=a@b/UID=x");
        assert_eq!(opinion, Opinion::Allowed);
    }

    #[test]
    fn a_slash_in_the_name_of_a_service_is_plain_and_others_are_not() {
        assert_eq!(with_plain_slashes("/O=a/CN=host\\/x.y"), "/O=a/CN=host/x.y");
        assert_eq!(with_plain_slashes("/C=NL\\/O=G/CN=a"), "/C=NL\\/O=G/CN=a");
        let text = "TO Issuer SELF PERMIT Subject \"/C=NL/O=G/.*\"\n";
        assert_eq!(namespaces(text, "/C=NL\\/O=G/CN=a"), Ok(Opinion::Denied));
        let text = "TO Issuer SELF PERMIT Subject \"/O=G/CN=host/.*\"\n";
        assert_eq!(namespaces(text, "/O=G/CN=host\\/a.b"), Ok(Opinion::Allowed));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text: Vec<u8>, subject: String) {
            for file in [SigningRules::signing_policy(&text), SigningRules::namespaces(&text)]
                .into_iter()
                .flatten()
            {
                let _ = file.opinion(&subject, &subject);
            }
        }

        #[test]
        fn a_pattern_with_stars_matches_what_it_was_made_of(
            parts in proptest::collection::vec("[a-c/=]{0,4}", 1..6), between: String
        ) {
            let pattern = parts.join("*");
            let text = parts.join(&between);
            prop_assert!(glob_matches(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
