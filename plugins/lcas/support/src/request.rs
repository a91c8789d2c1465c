//! What a job request says, as far as a rule may rely on it.

use lc_module::Failure;
use lc_rsl::{Relation, Specification, same_attribute};

/// A request in RSL with its variables replaced.
///
/// Only variables that the request defines itself are known: what else a job manager would put in is not known
/// here, and a request that needs it is refused.
#[derive(Debug)]
pub struct Request(Specification);

impl Request {
    /// Reads the text of a request.
    ///
    /// # Errors
    /// It is no RSL, or refers to something that it does not define.
    pub fn read(text: &[u8]) -> Result<Self, Failure> {
        let request = Specification::parse(text).map_err(|error| {
            Failure::refused(format_args!(
                "the request is no RSL that can be read: {error}"
            ))
        })?;
        let evaluated = request.evaluate(&[]).map_err(|error| {
            Failure::refused(format_args!("the request cannot be evaluated: {error}"))
        })?;
        Ok(Self(evaluated))
    }

    /// All relations with one of these attributes, wherever they stand.
    pub(crate) fn occurrences<'a>(
        &'a self,
        attributes: &'a [&str],
    ) -> impl Iterator<Item = &'a Relation> {
        self.0
            .relations()
            .filter(|relation| is_one_of(relation, attributes))
    }

    /// Whether every way to carry the request out has one of these attributes: an operand of a conjunction, each
    /// alternative of a disjunction, each part of a multi-request.
    pub(crate) fn always_has(&self, attributes: &[&str]) -> bool {
        always_has(&self.0, attributes)
    }
}

fn always_has(of: &Specification, attributes: &[&str]) -> bool {
    match of {
        Specification::Relation(relation) => is_one_of(relation, attributes),
        Specification::Boolean {
            connective: lc_rsl::Connective::Conjunction,
            operands,
        } => operands
            .iter()
            .any(|operand| always_has(operand, attributes)),
        Specification::Boolean { operands, .. } => operands
            .iter()
            .all(|operand| always_has(operand, attributes)),
    }
}

fn is_one_of(relation: &Relation, attributes: &[&str]) -> bool {
    attributes
        .iter()
        .any(|attribute| same_attribute(&relation.attribute, attribute.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_carry_a_request_out_has_to_have_the_attribute() {
        let has = |text: &str| {
            Request::read(text.as_bytes())
                .expect("RSL")
                .always_has(&["a"])
        };
        assert!(has("a=1") && has("&(A=1)(b=2)") && has("|(a=1)(_a=2)"));
        assert!(has("+(&(a=1)(b=2))(a=3)") && has("&(|(a=1)(a=2))(b=3)"));
        assert!(!has("b=1") && !has("|(a=1)(b=2)") && !has("+(&(a=1)(b=2))(&(b=3))"));
        // The defined way out of a disjunction is still there.
        assert!(has("&(a=1)(|(a=1)(b=2))"));
    }

    #[test]
    fn what_the_request_does_not_define_is_refused() {
        assert!(Request::read(b"&(rsl_substitution=(X 1))(a=$(X))").is_ok());
        let error = Request::read(b"&(a=$(HOME)/x)").expect_err("refused");
        assert!(error.to_string().contains("HOME is not defined"), "{error}");
        assert!(Request::read(b"RSL").is_err());
    }
}
