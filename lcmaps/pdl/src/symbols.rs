//! Texts as small numbers, so that comparing, counting and indexing them costs the same for short and for long ones.

use std::collections::HashMap;

use crate::steps;

/// A text: the name of a state, or the text of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(pub usize);

/// All texts met so far. Equal texts have equal symbols, which are numbered from 0 upwards.
#[derive(Default)]
pub(crate) struct Symbols<'a> {
    by_text: HashMap<&'a [u8], Symbol>,
    texts: Vec<&'a [u8]>,
}

impl<'a> Symbols<'a> {
    pub(crate) fn of(&mut self, text: &'a [u8]) -> Symbol {
        steps::count(1);
        let new = Symbol(self.texts.len());
        let symbol = *self.by_text.entry(text).or_insert(new);
        if symbol == new {
            self.texts.push(text);
        }
        symbol
    }

    pub(crate) fn text(&self, symbol: Symbol) -> &'a [u8] {
        self.texts.get(symbol.0).copied().unwrap_or_default()
    }
}
