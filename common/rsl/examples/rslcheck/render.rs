//! Specifications in one line each, as the test cases write them.

use lc_rsl::{Connective, Operator, Relation, Specification, Value};

/// The variables of the test cases.
pub const VARIABLES: &[(&[u8], &[u8])] = &[(b"HOME", b"/home/me"), (b"LOGNAME", b"me")];

/// `&[a=(<1>);…]`
pub fn specification(of: &Specification) -> Vec<u8> {
    let mut text = Vec::new();
    write(of, &mut text);
    text
}

fn write(of: &Specification, text: &mut Vec<u8>) {
    match of {
        Specification::Relation(one) => relation(one, text),
        Specification::Boolean {
            connective,
            operands,
        } => {
            text.push(match connective {
                Connective::Conjunction => b'&',
                Connective::Disjunction => b'|',
                Connective::MultiRequest => b'+',
            });
            text.push(b'[');
            for (number, operand) in operands.iter().enumerate() {
                if number > 0 {
                    text.push(b';');
                }
                write(operand, text);
            }
            text.push(b']');
        }
    }
}

fn relation(of: &Relation, text: &mut Vec<u8>) {
    text.extend_from_slice(&of.attribute);
    text.extend_from_slice(match of.operator {
        Operator::Equal => b"=",
        Operator::NotEqual => b"!=",
        Operator::Less => b"<",
        Operator::LessOrEqual => b"<=",
        Operator::Greater => b">",
        Operator::GreaterOrEqual => b">=",
    });
    sequence(&of.values, text);
}

fn sequence(of: &[Value], text: &mut Vec<u8>) {
    text.push(b'(');
    for (number, one) in of.iter().enumerate() {
        if number > 0 {
            text.push(b' ');
        }
        value(one, text);
    }
    text.push(b')');
}

fn value(of: &Value, text: &mut Vec<u8>) {
    match of {
        Value::Literal(literal) => {
            text.push(b'<');
            text.extend_from_slice(literal);
            text.push(b'>');
        }
        Value::Sequence(values) => sequence(values, text),
        Value::Reference(values) => {
            text.push(b'$');
            sequence(values, text);
        }
        Value::Concatenation(parts) => {
            for (number, part) in parts.iter().enumerate() {
                if number > 0 {
                    text.push(b'#');
                }
                value(part, text);
            }
        }
    }
}
