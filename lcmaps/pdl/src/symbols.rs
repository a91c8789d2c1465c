//! Texts as small numbers, so that comparing, counting and indexing them costs the same for short and for long ones.

use std::collections::HashMap;

use crate::steps;

/// A text: a name, the value of a variable, the text of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol(usize);

/// All texts met so far. Equal texts have equal symbols.
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

/// Something about each of some symbols. Looking up is indexing, and clearing costs as much as was put in.
pub(crate) struct Table<V> {
    slots: Vec<Option<V>>,
    filled: Vec<Symbol>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table {
            slots: Vec::new(),
            filled: Vec::new(),
        }
    }
}

impl<V: Copy> Table<V> {
    pub(crate) fn get(&self, symbol: Symbol) -> Option<V> {
        self.slots.get(symbol.0).copied().flatten()
    }

    pub(crate) fn set(&mut self, symbol: Symbol, value: V) {
        *self.slot(symbol) = Some(value);
    }

    /// What is known about the symbol, which is `value` if nothing was known before.
    pub(crate) fn get_or_set(&mut self, symbol: Symbol, value: V) -> V {
        *self.slot(symbol).get_or_insert(value)
    }

    pub(crate) fn clear(&mut self) {
        for symbol in self.filled.drain(..) {
            if let Some(slot) = self.slots.get_mut(symbol.0) {
                *slot = None;
            }
        }
    }

    fn slot(&mut self, symbol: Symbol) -> &mut Option<V> {
        steps::count(1);
        if symbol.0 >= self.slots.len() {
            self.slots.resize(symbol.0 + 1, None);
        }
        let slot = &mut self.slots[symbol.0];
        if slot.is_none() {
            self.filled.push(symbol);
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_symbols() {
        let mut symbols = Symbols::default();
        let (a, b) = (symbols.of(b"a"), symbols.of(b"b"));
        assert!(a != b && a == symbols.of(b"a"));
        assert_eq!((symbols.text(a), symbols.text(b)), (&b"a"[..], &b"b"[..]));
    }

    #[test]
    fn a_table_forgets_everything_when_it_is_cleared() {
        let mut symbols = Symbols::default();
        let (a, b) = (symbols.of(b"a"), symbols.of(b"b"));
        let mut table = Table::default();
        table.set(b, 1);
        assert_eq!((table.get(a), table.get(b)), (None, Some(1)));
        assert_eq!((table.get_or_set(a, 2), table.get_or_set(b, 2)), (2, 1));
        table.clear();
        assert_eq!((table.get(a), table.get(b)), (None, None));
    }
}
