//! The LCMAPS policy language: lex, parse, check, compile.
