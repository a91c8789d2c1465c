//! What a request says.

/// A job specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Specification {
    /// One attribute and its values.
    Relation(Relation),
    /// Several specifications, joined.
    Boolean {
        /// How they are joined.
        connective: Connective,
        /// What is joined, in the order of the text.
        operands: Vec<Specification>,
    },
}

/// How specifications are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connective {
    /// `&`: all of them.
    Conjunction,
    /// `|`: one of them.
    Disjunction,
    /// `+`: each is a request of its own.
    MultiRequest,
}

/// An attribute and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The name as written.
    pub attribute: Vec<u8>,
    /// What stands between name and values.
    pub operator: Operator,
    /// At least one.
    pub values: Vec<Value>,
}

/// What stands between the name and the values of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, quotes removed.
    Literal(Vec<u8>),
    /// Values in parentheses.
    Sequence(Vec<Value>),
    /// `$(…)`: the name of a variable, and a default if there is a second value.
    Reference(Vec<Value>),
    /// Literals and references that are joined.
    Concatenation(Vec<Value>),
}

impl Specification {
    /// All relations, those of nested specifications included, in the order of the text.
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        let mut rest = vec![self];
        std::iter::from_fn(move || {
            loop {
                match rest.pop()? {
                    Self::Relation(relation) => return Some(relation),
                    Self::Boolean { operands, .. } => rest.extend(operands.iter().rev()),
                }
            }
        })
    }

    /// All relations with an attribute, those of nested specifications included. A rule about an attribute has
    /// to look at all of them: which one a job manager takes is its own affair.
    ///
    /// Names are compared as [`same_attribute`] does.
    pub fn occurrences<'a>(&'a self, attribute: &'a [u8]) -> impl Iterator<Item = &'a Relation> {
        self.relations()
            .filter(move |relation| same_attribute(&relation.attribute, attribute))
    }
}

impl Relation {
    /// The value, if there is exactly one and it is a literal.
    #[must_use]
    pub fn single_literal(&self) -> Option<&[u8]> {
        match self.values.as_slice() {
            [Value::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

/// Whether two names are those of one attribute: case and underscores do not count, as in GRAM, where
/// `maxWallTime`, `max_wall_time` and `MAXWALLTIME` are one.
#[must_use]
pub fn same_attribute(a: &[u8], b: &[u8]) -> bool {
    let letters = |name: &[u8]| -> Vec<u8> {
        let kept = name.iter().filter(|byte| **byte != b'_');
        kept.map(u8::to_ascii_lowercase).collect()
    };
    letters(a) == letters(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_underscores_of_names_do_not_count() {
        assert!(same_attribute(b"maxWallTime", b"MAX_WALL_TIME"));
        assert!(same_attribute(b"_max__walltime_", b"MaxWallTime"));
        assert!(!same_attribute(b"maxWallTime", b"maxTime"));
        assert!(!same_attribute(b"max-wall-time", b"maxWallTime"));
    }

    #[test]
    fn nested_occurrences_are_found_in_the_order_of_the_text() {
        let text = b"+(&(a=1)(|(A=2)(b=3)))(&(_a=4)(c=(a 5)))";
        let request = Specification::parse(text).expect("RSL");
        let found: Vec<_> = request
            .occurrences(b"a")
            .filter_map(Relation::single_literal)
            .collect();
        assert_eq!(found, [b"1", b"2", b"4"]);
    }
}
