//! The modules that a file uses.

use std::collections::{BTreeSet, HashMap};

use crate::compiled::ModuleSpec;
use crate::diagnostic::Reporter;
use crate::show::Show;
use crate::steps;
use crate::substitute::Item;
use crate::symbols::{Symbol, Symbols};

/// The original's buffers: a name fills less than this,
const NAME_LIMIT: usize = 500;
/// and arguments fill this at most.
const ARGUMENTS_LIMIT: usize = 2000;

/// The modules in the order in which they are to be loaded.
#[derive(Default)]
pub(crate) struct Modules<'a> {
    specs: Vec<ModuleSpec>,
    by_symbol: HashMap<Symbol, Option<usize>>,
    by_parts: HashMap<(&'a [u8], &'a [u8]), usize>,
    by_name: HashMap<&'a [u8], BTreeSet<&'a [u8]>>,
}

impl<'a> Modules<'a> {
    /// Makes sure that the module of an item is in the list.
    pub(crate) fn add(
        &mut self,
        item: &Item<'a>,
        symbols: &Symbols<'a>,
        reporter: &mut Reporter<'_>,
    ) {
        steps::count(1);
        if self.by_symbol.contains_key(&item.symbol) {
            return;
        }
        let text = symbols.text(item.symbol);
        steps::count(text.len());
        let (name, arguments) = match memchr::memchr(b' ', text) {
            Some(blank) => (text.get(..blank), text.get(blank + 1..)),
            None => (Some(text), None),
        };
        let (name, arguments) = (name.unwrap_or_default(), arguments.unwrap_or_default());
        let module = if name.is_empty() {
            let message = format!(
                "the name of the module is empty: state '{}' always fails.",
                Show(item.name.text)
            );
            reporter.warning(item.source, message).help(
                "The text of a module begins with its file name; a blank or an empty string before \
                 it is not skipped.",
            );
            None
        } else {
            Some(self.add_named(name, arguments, item, reporter))
        };
        self.by_symbol.insert(item.symbol, module);
    }

    /// The index of the module of a text; `None` if it has no name.
    pub(crate) fn of(&self, symbol: Symbol) -> Option<usize> {
        self.by_symbol.get(&symbol).copied().flatten()
    }

    pub(crate) fn finish(self) -> Vec<ModuleSpec> {
        self.specs
    }

    fn add_named(
        &mut self,
        name: &'a [u8],
        arguments: &'a [u8],
        item: &Item<'a>,
        reporter: &mut Reporter<'_>,
    ) -> usize {
        if let Some(index) = self.by_parts.get(&(name, arguments)) {
            return *index;
        }
        check_sizes(name, arguments, item, reporter);
        if name.contains(&b'\t') {
            let message = format!("the name of module '{}' contains a tab.", Show(name));
            reporter
                .warning(item.source, message)
                .help("Put a blank between a module and its arguments.");
        }
        self.tell_of_merging(name, arguments, item, reporter);
        let index = self.specs.len();
        self.by_parts.insert((name, arguments), index);
        self.by_name.entry(name).or_default().insert(arguments);
        self.specs.push(ModuleSpec {
            name: name.to_vec(),
            arguments: arguments.to_vec(),
            span: item.source,
        });
        index
    }

    /// LCMAPS 1.6 takes a module for known if an earlier one of this name has no arguments, or arguments that begin
    /// with the new ones, and then never looks at the new arguments.
    fn tell_of_merging(
        &self,
        name: &'a [u8],
        arguments: &'a [u8],
        item: &Item<'a>,
        reporter: &mut Reporter<'_>,
    ) {
        let Some(known) = self.by_name.get(name) else {
            return;
        };
        let longer = known
            .range(arguments..)
            .next()
            .filter(|known| !arguments.is_empty() && known.starts_with(arguments));
        let merged: Option<&[u8]> = if known.contains(&b""[..]) {
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
            reporter.info(item.source, message).help(
                "LCMAPS 1.6 ignored these arguments and used the other ones. Give both uses the same \
                 arguments if that is what you want.",
            );
        }
    }
}

fn check_sizes(name: &[u8], arguments: &[u8], item: &Item<'_>, reporter: &mut Reporter<'_>) {
    if name.len() >= NAME_LIMIT {
        let message = format!("String too long to copy. Max length = {NAME_LIMIT}");
        reporter.error(item.source, message).help(format!(
            "The file name of the module of state '{}' has {} bytes; {} are possible.",
            Show(item.name.text),
            name.len(),
            NAME_LIMIT - 1
        ));
    }
    if arguments.len() > ARGUMENTS_LIMIT {
        let message = format!("String too long to copy. Max length = {ARGUMENTS_LIMIT}");
        reporter.error(item.source, message).help(format!(
            "The arguments of the module of state '{}' have {} bytes; {ARGUMENTS_LIMIT} are possible.",
            Show(item.name.text),
            arguments.len(),
        ));
    }
}
