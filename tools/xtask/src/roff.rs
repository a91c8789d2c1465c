//! Markdown to a man page in roff.
//!
//! Understood: a pandoc title block, headings of two levels, paragraphs, strong, emphasis, code, links, code
//! blocks, lists and definition lists. Anything else is an error, so that nothing silently disappears from a page.

use pulldown_cmark::{
    CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream,
};

use crate::Outcome;

/// A rendered page.
#[derive(Debug)]
pub struct Page {
    /// Name from the title, in upper case.
    pub name: String,
    /// Section from the title.
    pub section: String,
    /// The roff text.
    pub text: String,
}

/// Renders a page.
pub fn render(markdown: &str) -> Outcome<Page> {
    let (title, body) = title_block(markdown)?;
    let mut writer = Writer::default();
    writer.command(&format!(
        ".TH \"{}\" \"{}\" \"{}\" \"LCMAPS\" \"{}\"",
        argument(&title.name),
        argument(&title.section),
        argument(&title.date),
        argument(&title.manual),
    ));
    for event in TextMergeStream::new(Parser::new_ext(body, Options::ENABLE_DEFINITION_LIST)) {
        writer.event(event)?;
    }
    Ok(Page {
        name: title.name,
        section: title.section,
        text: writer.finish(),
    })
}

/// `% NAME(SECTION) | Manual`, `% author`, `% date`.
struct Title {
    name: String,
    section: String,
    manual: String,
    date: String,
}

fn title_block(markdown: &str) -> Outcome<(Title, &str)> {
    let mut rest = markdown;
    let mut lines = Vec::new();
    while let Some(after) = rest.strip_prefix('%') {
        let (line, next) = after.split_once('\n').unwrap_or((after, ""));
        lines.push(line.trim());
        rest = next;
    }
    let first = lines
        .first()
        .ok_or("the page has no title line (% NAME(SECTION) | Manual)")?;
    let (heading, manual) = first.split_once('|').unwrap_or((first, ""));
    let (name, after) = heading.split_once('(').ok_or("the title has no section")?;
    let (section, _) = after.split_once(')').ok_or("the title has no section")?;
    let title = Title {
        name: name.trim().to_uppercase(),
        section: section.trim().to_owned(),
        manual: manual.trim().to_owned(),
        date: lines
            .get(2)
            .map(|date| (*date).to_owned())
            .unwrap_or_default(),
    };
    Ok((title, rest))
}

/// What surrounds a block and decides how it begins.
enum Place {
    /// A list item; the next number of an ordered list.
    List(Option<u64>),
    /// The explanation of a term or the text of an item.
    Item {
        /// Whether its first paragraph was written.
        begun: bool,
        /// Whether its further paragraphs were indented.
        indented: bool,
    },
}

#[derive(Default)]
struct Writer {
    out: String,
    places: Vec<Place>,
    fonts: Vec<&'static str>,
    link: Option<String>,
    terms: usize,
    in_title: bool,
    in_code: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) -> Outcome {
        match event {
            Event::Start(tag) => self.start(tag)?,
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                if !self.in_code && text.contains("**") {
                    return Err(format!(
                        "two asterisks that begin or end no strong text: {text:?}"
                    )
                    .into());
                }
                self.text(&text);
            }
            Event::Code(text) => {
                self.font("B");
                self.text(&text);
                self.font_back();
            }
            // A tag is one line in roff: what follows would be the explanation.
            Event::SoftBreak => self.out.push(if self.in_title { ' ' } else { '\n' }),
            Event::HardBreak => self.command(".br"),
            Event::Html(text) | Event::InlineHtml(text) if text.starts_with("<!--") => {}
            other => return Err(format!("a man page cannot hold this: {other:?}").into()),
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Outcome {
        match tag {
            Tag::Heading {
                level: HeadingLevel::H1,
                ..
            } => self.open(".SH "),
            Tag::Heading {
                level: HeadingLevel::H2,
                ..
            } => self.open(".SS "),
            Tag::Paragraph => self.block(".PP"),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.block(".PP");
                self.command(".RS 4");
                self.command(".nf");
                self.in_code = true;
            }
            Tag::List(first) => {
                self.indent();
                self.places.push(Place::List(first));
            }
            Tag::Item => {
                let begin = match self.places.last_mut() {
                    Some(Place::List(Some(number))) => {
                        *number += 1;
                        format!(".IP \"{}.\" 4", *number - 1)
                    }
                    _ => ".IP \\(bu 2".to_owned(),
                };
                self.command(&begin);
                self.places.push(Place::Item {
                    begun: false,
                    indented: false,
                });
            }
            Tag::DefinitionList => {
                self.indent();
                self.places.push(Place::List(None));
            }
            Tag::DefinitionListTitle => {
                self.command(if self.terms == 0 { ".TP" } else { ".TQ" });
                self.terms += 1;
                self.in_title = true;
            }
            Tag::DefinitionListDefinition => {
                self.terms = 0;
                self.places.push(Place::Item {
                    begun: false,
                    indented: false,
                });
            }
            Tag::Strong => self.font("B"),
            Tag::Emphasis => self.font("I"),
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()),
            Tag::HtmlBlock => {}
            other => return Err(format!("a man page cannot hold this: {other:?}").into()),
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.command(".fi");
                self.command(".RE");
            }
            TagEnd::List(_) | TagEnd::DefinitionList => {
                self.places.pop();
            }
            TagEnd::Item | TagEnd::DefinitionListDefinition => {
                if let Some(Place::Item { indented: true, .. }) = self.places.pop() {
                    self.command(".RE");
                }
            }
            TagEnd::DefinitionListTitle => {
                self.in_title = false;
                self.end_line();
            }
            TagEnd::Strong | TagEnd::Emphasis => self.font_back(),
            TagEnd::Link => {
                if let Some(url) = self.link.take()
                    && !self.out.ends_with(&escape(&url))
                {
                    self.text(&format!(" ({url})"));
                }
            }
            _ => self.end_line(),
        }
    }

    /// Begins a block: the first one of an item follows its mark, later ones are indented below it.
    fn block(&mut self, command: &str) {
        if let Some(Place::Item {
            begun: begun @ false,
            ..
        }) = self.places.last_mut()
        {
            *begun = true;
            self.end_line();
            return;
        }
        self.indent();
        self.command(command);
    }

    /// Indents what follows inside an item, once.
    fn indent(&mut self) {
        if let Some(Place::Item { begun, indented }) = self.places.last_mut() {
            *begun = true;
            if !*indented {
                *indented = true;
                self.command(".RS");
            }
        }
    }

    fn font(&mut self, font: &'static str) {
        self.fonts.push(font);
        self.out.push_str("\\f");
        self.out.push_str(font);
    }

    fn font_back(&mut self) {
        self.fonts.pop();
        self.out.push_str("\\f");
        self.out.push_str(self.fonts.last().copied().unwrap_or("R"));
    }

    fn text(&mut self, text: &str) {
        if let Some(Place::Item { begun, .. }) = self.places.last_mut() {
            *begun = true;
        }
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.out.push('\n');
            }
            // A line that begins with these is a command in roff; so would be one that begins with a font change.
            if line.starts_with(['.', '\'']) && self.at_line_start() {
                self.out.push_str("\\&");
            }
            self.out.push_str(&escape(line));
        }
    }

    /// True where the next byte begins a line, apart from font changes.
    fn at_line_start(&self) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let mut rest = line;
        while let Some(after) = rest.strip_prefix("\\f") {
            rest = after.get(1..).unwrap_or_default();
        }
        rest.is_empty()
    }

    fn command(&mut self, command: &str) {
        self.end_line();
        self.out.push_str(command);
        self.out.push('\n');
    }

    /// Begins a command whose argument is the text that follows.
    fn open(&mut self, command: &str) {
        self.end_line();
        self.out.push_str(command);
    }

    fn end_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn finish(mut self) -> String {
        self.end_line();
        self.out
    }
}

/// Text for roff: nothing in it is a command, and copied examples keep their ASCII characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '`' => out.push_str("\\(ga"),
            '^' => out.push_str("\\(ha"),
            '~' => out.push_str("\\(ti"),
            c if c.is_ascii() => out.push(c),
            c => out.push_str(&format!("\\[u{:04X}]", u32::from(c))),
        }
    }
    out
}

/// Text inside double quotes of a command.
fn argument(text: &str) -> String {
    escape(text).replace('"', "\\(dq")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(markdown: &str) -> String {
        match render(&format!("% X(1)\n\n{markdown}")) {
            Ok(page) => page
                .text
                .split_once('\n')
                .map(|(_, body)| body.to_owned())
                .unwrap_or_default(),
            Err(problem) => format!("error: {problem}"),
        }
    }

    #[test]
    fn the_title_block_becomes_the_header() -> Outcome {
        let page = render("% lcmaps.db(5) | File Formats\n% somebody\n% 2024-01-01\n\n# NAME\n")?;
        assert_eq!(
            (page.name.as_str(), page.section.as_str()),
            ("LCMAPS.DB", "5")
        );
        let expected =
            ".TH \"LCMAPS.DB\" \"5\" \"2024\\-01\\-01\" \"LCMAPS\" \"File Formats\"\n.SH NAME\n";
        assert_eq!(page.text, expected);
        Ok(())
    }

    #[test]
    fn a_page_without_title_is_refused() {
        assert!(render("# NAME\n").is_err());
        assert!(render("% LCMAPS\n").is_err());
    }

    #[test]
    fn text_can_never_be_a_command() {
        assert_eq!(
            body(".SH no\n'no\n\\fBno"),
            ".PP\n\\&.SH no\n\\&\\(aqno\n\\efBno\n"
        );
        assert_eq!(body("**.x**"), ".PP\n\\fB\\&.x\\fR\n");
    }

    #[test]
    fn fonts_return_to_what_was_before() {
        assert_eq!(
            body("**a *b* c** `d`"),
            ".PP\n\\fBa \\fIb\\fB c\\fR \\fBd\\fR\n"
        );
    }

    #[test]
    fn a_definition_list_is_tagged_paragraphs_with_further_ones_indented() {
        let expected = ".TP\n\\fB\\-x\\fR\nFirst.\n.RS\n.PP\nSecond.\n.RE\n.TP\ny\nLast.\n";
        assert_eq!(
            body("**-x**\n:   First.\n\n    Second.\n\ny\n:   Last.\n"),
            expected
        );
    }

    #[test]
    fn a_term_on_several_lines_is_one_tag() {
        assert_eq!(
            body("**-x** *A*,\n**-y** *A*\n:   First.\n"),
            ".TP\n\\fB\\-x\\fR \\fIA\\fR, \\fB\\-y\\fR \\fIA\\fR\nFirst.\n"
        );
    }

    #[test]
    fn asterisks_that_mean_nothing_are_an_error() {
        assert!(body("**-x=***N*").starts_with("error: "));
        assert_eq!(body("**-x=**_N_"), ".PP\n\\fB\\-x=\\fR\\fIN\\fR\n");
        assert!(!body("    char **x;\n").starts_with("error: "));
        assert!(!body("In names **\\*** is any text.").starts_with("error: "));
    }

    #[test]
    fn lists_nest() {
        let expected = ".IP \\(bu 2\none\n.RS\n.IP \"1.\" 4\ntwo\n.RE\n.IP \\(bu 2\nthree\n";
        assert_eq!(body("- one\n  1. two\n- three\n"), expected);
    }

    #[test]
    fn code_keeps_its_lines() {
        assert_eq!(
            body("    a -> b\n    .c\n"),
            ".PP\n.RS 4\n.nf\na \\-> b\n\\&.c\n.fi\n.RE\n"
        );
    }

    #[test]
    fn what_cannot_be_rendered_is_an_error() {
        assert!(body("<b>x</b>").starts_with("error: "));
        assert!(body("![x](y.png)").starts_with("error: "));
    }
}
