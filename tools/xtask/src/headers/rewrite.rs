//! From cbindgen's C to the headers' C.
//!
//! cbindgen's output is a row of items, each a doc comment and a declaration:
//!
//! ```text
//! /**
//!  * comment
//!  */
//! #define NAME VALUE | typedef struct … { … } NAME; | typedef … NAME; | TYPE NAME(ARGUMENTS);
//! ```

use std::fmt::Write as _;

use super::plan::{Header, Typed};
use crate::Outcome;

/// A declaration with its comment.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// The comment as it stands in the header, empty if there is none.
    comment: String,
    /// The declaration as it stands in the header, without newline.
    declaration: String,
    /// What is declared.
    kind: Kind,
}

/// Kinds of declarations.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// `#define`, by name.
    Constant(String),
    /// A type.
    Type,
    /// A function, by name.
    Function(String),
}

/// Splits cbindgen's output.
pub fn items(output: &str) -> Outcome<Vec<Item>> {
    let mut items = Vec::new();
    let mut lines = output
        .lines()
        .filter(|line| !line.trim().is_empty())
        .peekable();
    while lines.peek().is_some() {
        let mut comment = Vec::new();
        while let Some(line) =
            lines.next_if(|line| line.starts_with("/**") || line.starts_with(" *"))
        {
            comment.push(line);
        }
        let mut declaration = Vec::new();
        loop {
            let line = lines
                .next()
                .ok_or("cbindgen's output ends inside a declaration")?;
            declaration.push(line);
            if ends_declaration(&declaration) {
                break;
            }
        }
        let declaration = readable(&with_short_comments(&declaration).join("\n"));
        let declaration = declaration.strip_prefix("extern ").unwrap_or(&declaration);
        let kind = kind(declaration)?;
        let declaration = match kind {
            Kind::Constant(_) => declaration.to_owned(),
            Kind::Type => with_struct_tags(declaration),
            Kind::Function(_) => aligned(&without_underscores(&declaration.replace("struct ", ""))),
        };
        items.push(Item {
            comment: readable(&with_short_comments(&comment).join("\n")),
            declaration,
            kind,
        });
    }
    Ok(items)
}

/// Puts a header together.
pub fn assemble(header: &Header, about: &str, items: &[Item]) -> String {
    let mut out = String::from("/*\n");
    for line in about.lines() {
        let _ = writeln!(out, " * {}", line.trim());
    }
    out.push_str(
        " *\n * Generated from the Rust sources by `cargo xtask headers`; do not edit.\n \
         * SPDX-License-Identifier: Apache-2.0\n */\n",
    );
    let _ = writeln!(out, "#ifndef {0}\n#define {0}\n", header.guard);
    paragraph(
        &mut out,
        &header
            .includes
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    paragraph(&mut out, header.prelude);
    let (constants, declarations): (Vec<_>, Vec<_>) = items
        .iter()
        .partition(|item| matches!(item.kind, Kind::Constant(_)));
    for item in constants {
        paragraph(&mut out, &constant(header, item));
    }
    if !declarations.is_empty() {
        out.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
        declare(&mut out, header, &declarations);
        out.push_str("#ifdef __cplusplus\n}\n#endif\n\n");
    }
    paragraph(&mut out, header.postlude);
    let _ = writeln!(out, "#endif /* {} */", header.guard);
    out
}

/// Writes types and functions, with the function types that the header has.
fn declare(out: &mut String, header: &Header, items: &[&Item]) {
    let mut linked = String::new();
    for item in items {
        let declaration = match &item.kind {
            Kind::Function(name) if is_typed(header, name) => {
                if is_always_declared(header, name) {
                    format!(
                        "{}\n{name}_t {name};",
                        function_type(&item.declaration, name)
                    )
                } else {
                    let _ = writeln!(linked, "{name}_t {name};");
                    function_type(&item.declaration, name)
                }
            }
            Kind::Function(name) => match attribute(header, name) {
                Some(attribute) => {
                    let bare = item.declaration.trim_end_matches(';');
                    format!("{bare}\n    {attribute};")
                }
                None => item.declaration.clone(),
            },
            Kind::Type | Kind::Constant(_) => item.declaration.clone(),
        };
        let declaration = header
            .spellings
            .iter()
            .fold(declaration, |text, (written, meant)| {
                text.replace(written, meant)
            });
        paragraph(out, &format!("{}{declaration}\n", comment(item)));
    }
    if !linked.is_empty() {
        paragraph(out, &format!("#ifndef LCMAPS_USE_DLOPEN\n{linked}#endif\n"));
    }
}

/// A constant with its C type, or one that programs may override.
fn constant(header: &Header, item: &Item) -> String {
    let Kind::Constant(name) = &item.kind else {
        return String::new();
    };
    let value = item.declaration.rsplit(' ').next().unwrap_or_default();
    let define = match header.casts.iter().find(|(constant, _)| constant == name) {
        Some((_, ty)) => format!("#define {name} (({ty}){value})"),
        None => item.declaration.clone(),
    };
    if header.name == "lcmaps_version.h" {
        format!("{}#ifndef {name}\n{define}\n#endif\n", comment(item))
    } else {
        format!("{}{define}\n", comment(item))
    }
}

/// A declaration as the declaration of a function type.
fn function_type(declaration: &str, name: &str) -> String {
    let renamed = declaration.replacen(&format!("{name}("), &format!("{name}_t("), 1);
    aligned(&format!("typedef {renamed}"))
}

/// A function with its arguments below each other.
fn aligned(declaration: &str) -> String {
    let column = declaration.find('(').map_or(0, |at| at + 1);
    let lines: Vec<_> = declaration.lines().map(str::trim).collect();
    lines.join(&format!("\n{}", " ".repeat(column)))
}

fn is_typed(header: &Header, name: &str) -> bool {
    match &header.typed {
        Typed::None => false,
        Typed::All => true,
        Typed::Some(names, _) => names.contains(&name),
    }
}

fn is_always_declared(header: &Header, name: &str) -> bool {
    matches!(&header.typed, Typed::Some(_, always) if always.contains(&name))
}

fn attribute(header: &Header, name: &str) -> Option<&'static str> {
    header
        .attributes
        .iter()
        .find(|(function, _)| *function == name)
        .map(|(_, text)| *text)
}

fn comment(item: &Item) -> String {
    if item.comment.is_empty() {
        String::new()
    } else {
        format!("{}\n", item.comment)
    }
}

/// Appends a text and an empty line, unless the text is empty.
fn paragraph(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str(text);
        out.push('\n');
    }
}

/// Whether the lines so far are a whole declaration.
fn ends_declaration(lines: &[&str]) -> bool {
    if lines
        .first()
        .is_some_and(|line| line.starts_with("#define"))
    {
        return true;
    }
    let braces = lines.iter().fold(0_i32, |depth, line| {
        depth + i32::from(line.contains('{')) - i32::from(line.starts_with('}'))
    });
    braces == 0 && lines.last().is_some_and(|line| line.ends_with(';'))
}

/// What a declaration declares.
fn kind(declaration: &str) -> Outcome<Kind> {
    if let Some(rest) = declaration.strip_prefix("#define ") {
        return Ok(Kind::Constant(
            rest.split(' ').next().unwrap_or_default().to_owned(),
        ));
    }
    if declaration.starts_with("typedef ")
        || declaration.starts_with("struct ") && declaration.contains('{')
    {
        return Ok(Kind::Type);
    }
    let (head, _) = declaration
        .split_once('(')
        .ok_or_else(|| format!("cbindgen wrote something unexpected: {declaration}"))?;
    let name = head.rsplit([' ', '*']).next().unwrap_or_default();
    Ok(Kind::Function(name.to_owned()))
}

/// The tag of a structure `X_t` is `X_s`, as in the original.
fn with_struct_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("struct ") {
        let (before, tagged) = rest.split_at(at + "struct ".len());
        out.push_str(before);
        let end = tagged
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(tagged.len());
        let (tag, after) = tagged.split_at(end);
        match tag.strip_suffix("_t") {
            Some(stem) => {
                out.push_str(stem);
                out.push_str("_s");
            }
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The Rust name of an argument that is ignored begins with an underscore; the C name does not.
fn without_underscores(declaration: &str) -> String {
    declaration.replace("*_", "*").replace("int _", "int ")
}

/// Puts a comment of one line on one line.
fn with_short_comments(lines: &[&str]) -> Vec<String> {
    let mut out = Vec::with_capacity(lines.len());
    let mut rest = lines;
    while let [first, tail @ ..] = rest {
        if let [text, end, more @ ..] = tail
            && first.trim() == "/**"
            && end.trim() == "*/"
            && let Some(text) = text.trim().strip_prefix("* ")
            && first.len() + text.len() + 3 <= 100
        {
            out.push(format!("{} {text} */", first));
            rest = more;
        } else {
            out.push((*first).to_owned());
            rest = tail;
        }
    }
    out
}

/// A Rust doc comment for readers of C: no links, no headings.
fn readable(comment: &str) -> String {
    comment
        .replace("[`", "`")
        .replace("`]", "`")
        .replace(" * # Returns", " * Returns:")
        .replace(" * # Safety", " * Requires:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_split_into_items_with_their_comments() {
        let list = items(
            "/**\n * One.\n */\n#define ONE 1\n\n\n/**\n * A type.\n *\n * More.\n */\n\
             typedef struct x_t {\n    /**\n     * Next.\n     */\n    struct x_t *next;\n} x_t;\n\n\
             extern int f(int a,\n             int b);\nstruct x_t *g(void);\n",
        )
        .unwrap();
        let declarations: Vec<_> = list.iter().map(|item| item.declaration.as_str()).collect();
        assert_eq!(
            declarations,
            [
                "#define ONE 1",
                "typedef struct x_s {\n    /** Next. */\n    struct x_s *next;\n} x_t;",
                "int f(int a,\n      int b);",
                "x_t *g(void);",
            ]
        );
        assert_eq!(list[0].comment, "/** One. */");
        assert_eq!(list[1].comment, "/**\n * A type.\n *\n * More.\n */");
        assert_eq!(list[3].kind, Kind::Function("g".into()));
    }

    #[test]
    fn a_function_becomes_the_declaration_of_its_type() {
        assert_eq!(
            function_type("int f(int a,\n      int b);", "f"),
            "typedef int f_t(int a,\n                int b);"
        );
    }

    #[test]
    fn output_that_stops_half_way_is_an_error() {
        assert!(items("typedef struct x_t {\n").is_err());
        assert!(items("int variable;\n").is_err());
    }

    #[test]
    fn links_and_headings_become_plain_words() {
        assert_eq!(
            readable(" * # Returns\n * [`X`] or `Y`."),
            " * Returns:\n * `X` or `Y`."
        );
    }
}
