//! Who may call gLExec: lists of user and group names.
#![forbid(unsafe_code)]

/// One name of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    /// `*`
    Everybody,
    /// `name`
    Name(String),
    /// `name*` and `.name`: the name and the number of a pool account.
    Pool(String),
}

/// A list of names and patterns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhiteList(Vec<Pattern>);

impl WhiteList {
    /// Reads a list, separated by commas.
    ///
    /// # Errors
    /// The word that is no pattern.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        words.map(pattern).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the list is for this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| match pattern {
            Pattern::Everybody => true,
            Pattern::Name(listed) => listed == name,
            Pattern::Pool(pool) => name.strip_prefix(pool.as_str()).is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            }),
        })
    }

    /// Whether the list is for everybody.
    #[must_use]
    pub fn is_for_everybody(&self) -> bool {
        self.0.contains(&Pattern::Everybody)
    }
}

fn pattern(word: &str) -> Result<Pattern, String> {
    let (inner, pool) = match (word.strip_prefix('.'), word.strip_suffix('*')) {
        _ if word == "*" => return Ok(Pattern::Everybody),
        (Some(name), None) => (name, true),
        (None, Some(name)) => (name, true),
        (None, None) => (word, false),
        (Some(_), Some(_)) => return Err(word.to_owned()),
    };
    let is_good = |c: char| c.is_ascii_alphanumeric() || "_.-@+$\\".contains(c);
    if inner.is_empty() || inner.starts_with('-') || !inner.chars().all(is_good) {
        return Err(word.to_owned());
    }
    Ok(match pool {
        true => Pattern::Pool(inner.to_owned()),
        false => Pattern::Name(inner.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(list: &str, name: &str) -> bool {
        WhiteList::parse(list).is_ok_and(|list| list.has(name))
    }

    #[test]
    fn a_name_is_itself_only() {
        assert!(has("a, pilot ,b,", "pilot"));
        assert!(!has("pilot", "pilot7") && !has("pilot", "pilo") && !has("", "pilot"));
    }

    #[test]
    fn pool_patterns_are_for_the_name_and_a_number() {
        for list in [".pilot", "pilot*"] {
            assert!(has(list, "pilot007") && has(list, "pilot7"), "{list}");
            for stranger in ["pilot", "pilotx", "pilotadm", "pilot7x", "xpilot7"] {
                assert!(!has(list, stranger), "{list} {stranger}");
            }
        }
    }

    #[test]
    fn an_asterisk_is_for_everybody() {
        assert!(has("*", "anybody") && has("a,*", "anybody"));
        assert!(WhiteList::parse("a,*").is_ok_and(|list| list.is_for_everybody()));
        assert!(WhiteList::parse("a*").is_ok_and(|list| !list.is_for_everybody()));
    }

    #[test]
    fn words_that_are_no_patterns_are_refused() {
        for word in ["-x", "a b", "**", ".", ".a*", "a*b", "a\u{e9}"] {
            assert_eq!(WhiteList::parse(word), Err(word.to_owned()));
        }
    }
}
