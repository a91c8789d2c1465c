//! What can be wrong with a request, in the words of who has to repair it.

use thiserror::Error;

use crate::evaluate::MAX_EVALUATED;
use crate::parser::{MAX_DEPTH, MAX_LENGTH};

/// A text is no RSL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{line}:{column}: {fault}")]
pub struct ParseError {
    /// Line number, the first line is 1.
    pub line: usize,
    /// Column in bytes, the first byte is 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is nothing but blanks and comments.
    #[error("there is no specification; write for example &(executable=/bin/date)")]
    Empty,
    /// The text is longer than [`MAX_LENGTH`].
    #[error("the text is longer than {MAX_LENGTH} bytes; shorten it")]
    TooLong,
    /// Nested more than [`MAX_DEPTH`] deep.
    #[error("more than {MAX_DEPTH} parentheses are open; nest less")]
    TooDeep,
    /// An operand stands where an operator should.
    #[error("an operator (&, | or +) has to stand before the first parenthesis")]
    NoConnective,
    /// An operator without operands.
    #[error("an operator (&, | or +) needs operands in parentheses behind it")]
    NoOperand,
    /// Something else than a name begins a relation.
    #[error("an attribute name is expected here; quote it if it has special characters")]
    NoName,
    /// A name without an operator.
    #[error("one of = != < <= > >= is expected behind the attribute name")]
    NoOperator,
    /// A relation or list without values.
    #[error("a value is expected here; the empty value is written \"\"")]
    NoValue,
    /// A value list cannot be joined.
    #[error("only literals and references can be joined with #")]
    NotJoinable,
    /// A dollar sign without its parenthesis.
    #[error("a reference is written $(NAME); quote a $ that is meant as such")]
    NoReference,
    /// A parenthesis is not closed.
    #[error("a ) is missing for the ( that opens here")]
    OpenParenthesis,
    /// Something follows the specification.
    #[error("nothing may follow the specification; join several with &(...)(...)")]
    Trailing,
    /// A quoted literal is not closed.
    #[error(
        "the literal that begins here is not closed; double the quote where it is meant as such"
    )]
    OpenQuote,
    /// `^` without a usable delimiter.
    #[error("^ needs a delimiter that is no blank behind it, as in ^%text%")]
    NoDelimiter,
    /// A comment is not closed.
    #[error("the comment that begins here is not closed with *)")]
    OpenComment,
    /// A character that means nothing here.
    #[error("this character has no meaning here; quote the literal that it belongs to")]
    Unexpected,
    /// A NUL byte.
    #[error("the text holds a NUL byte")]
    Nul,
}

/// A specification cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// Nothing defines a variable.
    #[error(
        "attribute {}: the variable {} is not defined; define it in rsl_substitution before it is used",
        shown(attribute),
        shown(variable)
    )]
    Undefined {
        /// The attribute whose value refers to it.
        attribute: Vec<u8>,
        /// The variable.
        variable: Vec<u8>,
    },
    /// A variable has two values.
    #[error(
        "rsl_substitution defines {} twice, with different values; define it once",
        shown(variable)
    )]
    DefinedTwice {
        /// The variable.
        variable: Vec<u8>,
    },
    /// A reference holds something else than one name.
    #[error(
        "attribute {}: a reference holds exactly one name, as in $(NAME); Globus evaluates no defaults",
        shown(attribute)
    )]
    BadReference {
        /// The attribute whose value it is.
        attribute: Vec<u8>,
    },
    /// An `rsl_substitution` holds something else than definitions.
    #[error("rsl_substitution holds definitions with one value each, as in (NAME value)")]
    BadDefinition,
    /// The result is larger than [`MAX_EVALUATED`].
    #[error("the evaluated specification would be larger than {MAX_EVALUATED} bytes")]
    TooLarge,
}

/// Somebody else's bytes for a message: nothing in it can steer a terminal or a log.
fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 80;
    let mut text = bytes[..bytes.len().min(LONGEST)].escape_ascii().to_string();
    if bytes.len() > LONGEST {
        text.push_str("...");
    }
    text
}
