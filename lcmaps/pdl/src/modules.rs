//! The modules that a file uses.

use std::collections::BTreeSet;

use crate::compiled::ModuleSpec;
use crate::diagnostic::Reporter;
use crate::show::Show;
use crate::steps;
use crate::substitute::Item;
use crate::symbols::{Symbol, Symbols, Table};

/// The original's buffers: a name fills less than this,
const NAME_LIMIT: usize = 500;
/// and arguments fill this at most.
const ARGUMENTS_LIMIT: usize = 2000;

/// The modules in the order in which they are to be loaded.
#[derive(Default)]
pub(crate) struct Modules<'a> {
    specs: Vec<ModuleSpec>,
    /// From the text of a module to its place; `None` if it has no name.
    by_text: Table<Option<usize>>,
    /// From the name of a module to its place in `uses`.
    by_name: Table<usize>,
    uses: Vec<Uses<'a>>,
}

/// The arguments with which a module is used.
struct Uses<'a> {
    first: &'a [u8],
    /// All of them; empty as long as there is only the first.
    all: BTreeSet<&'a [u8]>,
}

impl<'a> Modules<'a> {
    /// Makes sure that the module of an item is in the list.
    pub(crate) fn add(
        &mut self,
        item: &Item<'a>,
        symbols: &mut Symbols<'a>,
        reporter: &mut Reporter<'_>,
    ) {
        if self.by_text.get(item.symbol).is_some() {
            return;
        }
        let text = symbols.text(item.symbol);
        steps::count(text.len());
        let length = memchr::memchr(b' ', text).unwrap_or(text.len());
        let (name, arguments) = text.split_at(length);
        let arguments = arguments.get(1..).unwrap_or_default();
        if name.is_empty() {
            warn_of_no_name(item, reporter);
            self.by_text.set(item.symbol, None);
            return;
        }
        let name_symbol = symbols.of(name);
        // "name" and "name " are the same module without arguments.
        let known = if arguments.is_empty() {
            self.by_text.get(name_symbol)
        } else {
            None
        };
        let module = known.unwrap_or_else(|| {
            if arguments.is_empty() {
                self.by_text.set(name_symbol, Some(self.specs.len()));
            }
            check(name, arguments, item, reporter);
            self.note_use(name, name_symbol, arguments, item, reporter);
            self.specs.push(ModuleSpec {
                name: name.to_vec(),
                arguments: arguments.to_vec(),
                span: item.source(),
            });
            Some(self.specs.len() - 1)
        });
        self.by_text.set(item.symbol, module);
    }

    /// The index of the module of a text; `None` if it has no name.
    pub(crate) fn of(&self, text: Symbol) -> Option<usize> {
        self.by_text.get(text).flatten()
    }

    pub(crate) fn finish(self) -> Vec<ModuleSpec> {
        self.specs
    }

    /// LCMAPS 1.6 takes a module for known if an earlier one of this name has no arguments, or arguments that begin
    /// with the new ones, and then never looks at the new arguments.
    fn note_use(
        &mut self,
        name: &'a [u8],
        name_symbol: Symbol,
        arguments: &'a [u8],
        item: &Item<'a>,
        reporter: &mut Reporter<'_>,
    ) {
        let place = self.by_name.get_or_set(name_symbol, self.uses.len());
        let Some(Uses { first, all }) = self.uses.get_mut(place) else {
            self.uses.push(Uses {
                first: arguments,
                all: BTreeSet::new(),
            });
            return;
        };
        all.insert(first);
        let longer = all
            .range(arguments..)
            .next()
            .filter(|known| !arguments.is_empty() && known.starts_with(arguments));
        let merged: Option<&[u8]> = if all.contains(&b""[..]) {
            Some(b"")
        } else {
            longer.copied()
        };
        if let Some(merged) = merged {
            let message = format!(
                "module '{}' with arguments '{}' is not the one with arguments '{}'.",
                Show(name),
                Show(arguments),
                Show(merged)
            );
            reporter.info(item.source(), message).help(
                "LCMAPS 1.6 ignored these arguments and used the other ones. Give both uses the same \
                 arguments if that is what you want.",
            );
        }
        all.insert(arguments);
    }
}

fn warn_of_no_name(item: &Item<'_>, reporter: &mut Reporter<'_>) {
    let message = format!(
        "the name of the module is empty: state '{}' always fails.",
        Show(item.name.text)
    );
    reporter.warning(item.source(), message).help(
        "The text of a module begins with its file name; a blank or an empty string before it is not \
         skipped.",
    );
}

fn check(name: &[u8], arguments: &[u8], item: &Item<'_>, reporter: &mut Reporter<'_>) {
    if name.len() >= NAME_LIMIT {
        let message = format!("String too long to copy. Max length = {NAME_LIMIT}");
        reporter.error(item.source(), message).help(format!(
            "The file name of the module of state '{}' has {} bytes; {} are possible.",
            Show(item.name.text),
            name.len(),
            NAME_LIMIT - 1
        ));
    }
    if arguments.len() > ARGUMENTS_LIMIT {
        let message = format!("String too long to copy. Max length = {ARGUMENTS_LIMIT}");
        reporter.error(item.source(), message).help(format!(
            "The arguments of the module of state '{}' have {} bytes; {ARGUMENTS_LIMIT} are possible.",
            Show(item.name.text),
            arguments.len(),
        ));
    }
    if name.contains(&b'\t') {
        let message = format!("the name of module '{}' contains a tab.", Show(name));
        reporter
            .warning(item.source(), message)
            .help("Put a blank between a module and its arguments.");
    }
}
