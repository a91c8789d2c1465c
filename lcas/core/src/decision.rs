//! The decision: everybody must agree.

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// All of the modules granted it, and there are this many.
    Granted(usize),
    /// The module with this index refused, and those behind it were not asked.
    Refused(usize),
    /// There is no module to ask: nobody has said that anybody may do anything.
    NoModules,
}

/// Asks the modules 0 to `count` - 1 in turn, until one refuses. `grants` is to ask one, and to say
/// whether it grants.
pub fn decide(count: usize, mut grants: impl FnMut(usize) -> bool) -> Decision {
    if count == 0 {
        return Decision::NoModules;
    }
    match (0..count).find(|&module| !grants(module)) {
        Some(module) => Decision::Refused(module),
        None => Decision::Granted(count),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn without_modules_nothing_is_granted() {
        assert_eq!(decide(0, |_| true), Decision::NoModules);
    }

    proptest! {
        #[test]
        fn one_refusal_refuses_and_ends_the_matter(answers in prop::collection::vec(any::<bool>(), 1..20)) {
            let mut asked = Vec::new();
            let decision = decide(answers.len(), |module| {
                asked.push(module);
                answers[module]
            });
            match answers.iter().position(|answer| !answer) {
                None => prop_assert_eq!(decision, Decision::Granted(answers.len())),
                Some(first) => {
                    prop_assert_eq!(decision, Decision::Refused(first));
                    prop_assert_eq!(asked, (0..=first).collect::<Vec<_>>());
                }
            }
        }
    }
}
