//! Globus RSL, the language of job requests: parse, evaluate, look attributes up.
//!
//! ```text
//! specification := boolean | relation
//! boolean       := ( '&' | '|' | '+' ) operand+
//! operand       := '(' specification ')'
//! relation      := name ( '=' | '!=' | '<' | '<=' | '>' | '>=' ) value+
//! name          := quoted | unquoted
//! value         := '(' value+ ')' | atom ( '#' atom )*      an atom that touches a reference joins it without '#'
//! atom          := quoted | unquoted | '$' '(' value+ ')'
//! quoted        := '"' … '"' | "'" … "'" | '^' c … c        the closing character is doubled inside
//! unquoted      := bytes without blanks and ( ) = < > ! " ' ^ # $ * ? ~; & | + not as the first one
//! comment       := '(*' … '*)'                              anywhere between tokens
//! ```
//!
//! Blanks are space, tab and newline. A backslash is an ordinary byte. The language is what the parser of
//! Globus accepts, but for what that one passes over silently: a comment that is never closed, and stray
//! characters behind the specification.
//!
//! Requests are hostile: their length, their depth and what a substitution may grow to are bounded.
//!
//! ```
//! use lc_rsl::Specification;
//!
//! let request = Specification::parse(b"&(executable=/bin/date)(max_wall_time=60)")?;
//! let limit = request.occurrences(b"maxWallTime").next().expect("is there");
//! assert_eq!(limit.single_literal(), Some(&b"60"[..]));
//! # Ok::<(), lc_rsl::ParseError>(())
//! ```
#![forbid(unsafe_code)]

mod error;
mod evaluate;
mod lexer;
mod parser;
mod tree;

pub use error::{EvaluationError, Fault, ParseError};
pub use evaluate::MAX_EVALUATED;
pub use parser::{MAX_DEPTH, MAX_LENGTH};
pub use tree::{Connective, Operator, Relation, Specification, Value, same_attribute};
