//! From tokens to a tree, by recursive descent of bounded depth.

use crate::error::{Fault, ParseError};
use crate::lexer::{At, Kind, Token, tokens};
use crate::tree::{Operator, Relation, Specification, Value};

/// Longest text that is read, in bytes.
pub const MAX_LENGTH: usize = 1 << 20;

/// Most parentheses that may be open at once.
pub const MAX_DEPTH: usize = 100;

impl Specification {
    /// Reads a specification.
    ///
    /// # Errors
    /// The text is no RSL; the error says where and what to do.
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        parse(text).map_err(|At(offset, fault)| {
            let before = &text[..offset.min(text.len())];
            let line_start = before.iter().rposition(|byte| *byte == b'\n');
            ParseError {
                line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
                column: 1 + before.len() - line_start.map_or(0, |at| at + 1),
                fault,
            }
        })
    }
}

fn parse(text: &[u8]) -> Result<Specification, At> {
    if text.len() > MAX_LENGTH {
        return Err(At(0, Fault::TooLong));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        end: text.len(),
        depth: 0,
    };
    match parser.peek() {
        None => return Err(At(text.len(), Fault::Empty)),
        Some(Kind::Open) => return Err(parser.fault(Fault::NoConnective)),
        Some(_) => {}
    }
    let specification = parser.specification()?;
    match parser.peek() {
        None => Ok(specification),
        Some(_) => Err(parser.fault(Fault::Trailing)),
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    /// The length of the text.
    end: usize,
    /// Open parentheses.
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    /// A fault at the next token.
    fn fault(&self, fault: Fault) -> At {
        let token = self.tokens.get(self.next);
        At(token.map_or(self.end, |token| token.start), fault)
    }

    /// Whether the next token begins where the last one ended.
    fn touches(&self) -> bool {
        let last = self.next.checked_sub(1).and_then(|at| self.tokens.get(at));
        let next = self.tokens.get(self.next);
        last.zip(next)
            .is_some_and(|(last, next)| last.end == next.start)
    }

    fn specification(&mut self) -> Result<Specification, At> {
        let Some(Kind::Connective(connective)) = self.peek() else {
            return self.relation().map(Specification::Relation);
        };
        let connective = *connective;
        self.next += 1;
        let mut operands = Vec::new();
        while self.peek() == Some(&Kind::Open) {
            operands.push(self.in_parentheses(Self::specification)?);
        }
        if operands.is_empty() {
            return Err(self.fault(Fault::NoOperand));
        }
        Ok(Specification::Boolean {
            connective,
            operands,
        })
    }

    /// What stands between the parenthesis that comes next and its partner.
    fn in_parentheses<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, At>,
    ) -> Result<T, At> {
        let opened = self.fault(Fault::OpenParenthesis);
        if self.depth == MAX_DEPTH {
            return Err(self.fault(Fault::TooDeep));
        }
        self.next += 1;
        self.depth += 1;
        let content = inside(self)?;
        match self.peek() {
            Some(Kind::Close) => self.next += 1,
            None => return Err(opened),
            Some(_) => return Err(self.fault(Fault::Unexpected)),
        }
        self.depth -= 1;
        Ok(content)
    }

    fn relation(&mut self) -> Result<Relation, At> {
        let attribute = match self.peek() {
            Some(Kind::Unquoted(name) | Kind::Quoted(name)) => name.clone(),
            _ => return Err(self.fault(Fault::NoName)),
        };
        self.next += 1;
        let operator = self.operator()?;
        let values = self.values()?;
        Ok(Relation {
            attribute,
            operator,
            values,
        })
    }

    fn operator(&mut self) -> Result<Operator, At> {
        match self.peek() {
            Some(Kind::Operator(operator)) => {
                let operator = *operator;
                self.next += 1;
                Ok(operator)
            }
            _ => Err(self.fault(Fault::NoOperator)),
        }
    }

    /// Values up to a closing parenthesis or the end.
    fn values(&mut self) -> Result<Vec<Value>, At> {
        let mut values = Vec::new();
        while !matches!(self.peek(), None | Some(Kind::Close)) {
            values.push(self.value()?);
        }
        if values.is_empty() {
            return Err(self.fault(Fault::NoValue));
        }
        Ok(values)
    }

    fn value(&mut self) -> Result<Value, At> {
        if self.peek() == Some(&Kind::Open) {
            let values = self.in_parentheses(Self::values)?;
            return match self.peek() {
                Some(Kind::Hash) => Err(self.fault(Fault::NotJoinable)),
                _ => Ok(Value::Sequence(values)),
            };
        }
        let mut parts = vec![self.atom()?];
        loop {
            if self.peek() == Some(&Kind::Hash) {
                self.next += 1;
            } else if !self.joins_without_hash() {
                break;
            }
            parts.push(self.atom()?);
        }
        Ok(match <[Value; 1]>::try_from(parts) {
            Ok([value]) => value,
            Err(parts) => Value::Concatenation(parts),
        })
    }

    /// Whether the next atom belongs to the value before it: a reference and an unquoted literal, or two
    /// references, that touch each other. Quoted literals never do.
    fn joins_without_hash(&self) -> bool {
        if !self.touches() {
            return false;
        }
        let last = self.next.checked_sub(1).and_then(|at| self.tokens.get(at));
        match (last.map(|token| &token.kind), self.peek()) {
            // A closing parenthesis here is that of a reference: lists return before they come here.
            (Some(Kind::Close), Some(Kind::Unquoted(_) | Kind::Dollar)) => true,
            (Some(Kind::Unquoted(_)), Some(Kind::Dollar)) => true,
            _ => false,
        }
    }

    fn atom(&mut self) -> Result<Value, At> {
        match self.peek() {
            Some(Kind::Unquoted(text) | Kind::Quoted(text)) => {
                let text = text.clone();
                self.next += 1;
                Ok(Value::Literal(text))
            }
            Some(Kind::Dollar) => {
                self.next += 1;
                if self.peek() != Some(&Kind::Open) {
                    return Err(self.fault(Fault::NoReference));
                }
                self.in_parentheses(Self::values).map(Value::Reference)
            }
            Some(Kind::Open) => Err(self.fault(Fault::NotJoinable)),
            None | Some(Kind::Close) => Err(self.fault(Fault::NoValue)),
            Some(_) => Err(self.fault(Fault::Unexpected)),
        }
    }
}
