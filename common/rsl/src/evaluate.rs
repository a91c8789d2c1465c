//! Substitution of variables, by the rules of `globus_rsl_eval`:
//!
//! - `rsl_substitution=(NAME value)…` defines variables for what follows it in the same specification and in
//!   those nested in it; operator and spelling of the name do not matter;
//! - a name has one value in a specification: Globus lets the first definition stand, and a job manager with another
//!   parser may run what the last one says, so a second value is an error; a definition in a nested specification
//!   hides one outside of it there;
//! - names of variables are compared exactly;
//! - an undefined variable is an error, and so is a reference with a default.

use std::collections::HashMap;

use crate::error::EvaluationError;
use crate::tree::{Relation, Specification, Value, same_attribute};

/// Largest sum of the lengths of all evaluated texts, in bytes.
pub const MAX_EVALUATED: usize = 4 << 20;

impl Specification {
    /// The specification with all references replaced and all concatenations joined.
    ///
    /// # Errors
    /// A variable is not defined, or a definition is none, or the result becomes too large.
    pub fn evaluate(&self, variables: &[(&[u8], &[u8])]) -> Result<Self, EvaluationError> {
        let mut scope = Scope::new();
        for (name, value) in variables {
            scope.insert(name.to_vec(), value.to_vec());
        }
        let mut evaluation = Evaluation {
            scopes: vec![scope],
            size: 0,
        };
        evaluation.specification(self)
    }
}

type Scope = HashMap<Vec<u8>, Vec<u8>>;

struct Evaluation {
    /// Variables, those of the innermost specification last. As many as specifications are nested.
    scopes: Vec<Scope>,
    size: usize,
}

impl Evaluation {
    fn specification(&mut self, of: &Specification) -> Result<Specification, EvaluationError> {
        match of {
            Specification::Relation(relation) => {
                self.relation(relation).map(Specification::Relation)
            }
            Specification::Boolean {
                connective,
                operands,
            } => {
                self.scopes.push(Scope::new());
                let evaluated = operands
                    .iter()
                    .map(|operand| self.specification(operand))
                    .collect::<Result<_, _>>()?;
                self.scopes.pop();
                Ok(Specification::Boolean {
                    connective: *connective,
                    operands: evaluated,
                })
            }
        }
    }

    fn relation(&mut self, relation: &Relation) -> Result<Relation, EvaluationError> {
        let defines = same_attribute(&relation.attribute, b"rsl_substitution");
        let mut values = Vec::with_capacity(relation.values.len());
        for value in &relation.values {
            let value = self.value(value, &relation.attribute)?;
            if defines {
                self.define(&value)?;
            }
            values.push(value);
        }
        Ok(Relation {
            attribute: relation.attribute.clone(),
            operator: relation.operator,
            values,
        })
    }

    fn define(&mut self, definition: &Value) -> Result<(), EvaluationError> {
        let Value::Sequence(parts) = definition else {
            return Err(EvaluationError::BadDefinition);
        };
        let [Value::Literal(name), Value::Literal(value)] = parts.as_slice() else {
            return Err(EvaluationError::BadDefinition);
        };
        self.grow(name.len() + value.len())?;
        if let Some(scope) = self.scopes.last_mut() {
            let stands = scope.entry(name.clone()).or_insert_with(|| value.clone());
            if stands != value {
                return Err(EvaluationError::DefinedTwice {
                    variable: name.clone(),
                });
            }
        }
        Ok(())
    }

    fn value(&mut self, value: &Value, attribute: &[u8]) -> Result<Value, EvaluationError> {
        match value {
            Value::Sequence(values) => {
                let values = values.iter().map(|value| self.value(value, attribute));
                values.collect::<Result<_, _>>().map(Value::Sequence)
            }
            atom => {
                let mut text = Vec::new();
                self.append(atom, attribute, &mut text)?;
                Ok(Value::Literal(text))
            }
        }
    }

    /// Appends the text of a literal, a reference or several of them.
    fn append(
        &mut self,
        value: &Value,
        attribute: &[u8],
        text: &mut Vec<u8>,
    ) -> Result<(), EvaluationError> {
        let bad_reference = || EvaluationError::BadReference {
            attribute: attribute.to_vec(),
        };
        match value {
            Value::Literal(literal) => {
                self.grow(literal.len())?;
                text.extend_from_slice(literal);
            }
            Value::Concatenation(parts) => {
                for part in parts {
                    self.append(part, attribute, text)?;
                }
            }
            Value::Reference(inside) => {
                let [Value::Literal(name)] = inside.as_slice() else {
                    return Err(bad_reference());
                };
                let defined = self.scopes.iter().rev().find_map(|scope| scope.get(name));
                let Some(defined) = defined else {
                    return Err(EvaluationError::Undefined {
                        attribute: attribute.to_vec(),
                        variable: name.clone(),
                    });
                };
                let length = defined.len();
                text.extend_from_slice(defined);
                self.grow(length)?;
            }
            Value::Sequence(_) => return Err(bad_reference()),
        }
        Ok(())
    }

    fn grow(&mut self, length: usize) -> Result<(), EvaluationError> {
        self.size = self.size.saturating_add(length);
        if self.size > MAX_EVALUATED {
            return Err(EvaluationError::TooLarge);
        }
        Ok(())
    }
}
