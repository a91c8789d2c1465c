//! The table of run arguments that a module shares with its host.

use std::ffi::c_void;
use std::ptr::{self, NonNull};

use lcmaps_sys::lcmaps_argument_t;
use libc::c_int;

use crate::arguments::Entry;
use crate::{Argument, Version};

/// An array of `lcmaps_argument_t` that ends with an element without a name. It belongs to the
/// module; the host writes the `value` of each element before each run. Its address tells one
/// instance of a module from another.
#[derive(Debug)]
pub(crate) struct Table {
    first: NonNull<lcmaps_argument_t>,
    /// What the elements before the last one stand for, in order.
    entries: Vec<Entry>,
    /// What the module asked for, known to the host or not.
    declared: Vec<Argument>,
}

// SAFETY: the names and types are static; the values are written and read by the host and by runs
// that the host makes, as the C interface has it, never through a Rust reference.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    /// The table for these arguments, without those that the host does not know.
    pub(crate) fn new(arguments: &[Argument], host: Option<Version>) -> Self {
        let mut declared = Vec::with_capacity(arguments.len());
        let mut entries = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if declared.contains(argument) {
                continue;
            }
            declared.push(*argument);
            if argument.known_to(host) {
                entries.extend_from_slice(argument.entries());
            }
        }
        let element = |name, kind, in_out| lcmaps_argument_t {
            argName: name,
            argType: kind,
            argInOut: in_out,
            value: ptr::null_mut(),
        };
        let mut elements: Vec<_> = entries
            .iter()
            .map(|(name, kind)| element(name.as_ptr(), kind.as_ptr(), 0))
            .collect();
        elements.push(element(ptr::null(), ptr::null(), -1));
        let first = NonNull::from(Box::leak(elements.into_boxed_slice())).cast();
        Self {
            first,
            entries,
            declared,
        }
    }

    /// The address of the first element, never NULL.
    pub(crate) fn as_ptr(&self) -> *mut lcmaps_argument_t {
        self.first.as_ptr()
    }

    /// Number of elements before the one without a name.
    pub(crate) fn count(&self) -> c_int {
        // No module can name more arguments than there are.
        c_int::try_from(self.entries.len()).unwrap_or(c_int::MAX)
    }

    /// Whether the module asked for this argument.
    pub(crate) fn declares(&self, argument: Argument) -> bool {
        self.declared.contains(&argument)
    }

    /// The variable that the host put behind an element, or `None` when it put none there.
    pub(crate) fn value(&self, entry: Entry) -> Option<NonNull<c_void>> {
        let at = self.entries.iter().position(|have| *have == entry)?;
        // SAFETY: at is less than the number of elements; the pointer comes from the whole array.
        NonNull::new(unsafe { (*self.first.as_ptr().add(at)).value })
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let elements = ptr::slice_from_raw_parts_mut(self.first.as_ptr(), self.entries.len() + 1);
        // SAFETY: new leaked a box of that many elements at this address and nobody freed it since.
        drop(unsafe { Box::from_raw(elements) });
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    /// The names in a table, up to the element without one.
    fn names(table: &Table) -> Vec<String> {
        let mut names = Vec::new();
        for at in 0.. {
            // SAFETY: the walk ends at the element without a name, which every table has.
            let element = unsafe { *table.as_ptr().add(at) };
            if element.argName.is_null() {
                return names;
            }
            // SAFETY: both point to static C strings.
            let (name, kind) = unsafe {
                (
                    CStr::from_ptr(element.argName),
                    CStr::from_ptr(element.argType),
                )
            };
            names.push(format!(
                "{}: {}",
                name.to_string_lossy(),
                kind.to_string_lossy()
            ));
        }
        names
    }

    #[test]
    fn an_empty_table_has_an_address_and_an_end() {
        let table = Table::new(&[], None);
        assert!(!table.as_ptr().is_null());
        assert_eq!(table.count(), 0);
        assert!(names(&table).is_empty());
    }

    #[test]
    fn an_argument_stands_once_and_with_its_counter() {
        let table = Table::new(&[Argument::Fqans, Argument::UserDn, Argument::Fqans], None);
        assert_eq!(
            names(&table),
            ["fqan_list: char **", "nfqan: int", "user_dn: char *"]
        );
        assert_eq!(table.count(), 3);
    }

    #[test]
    fn an_old_host_is_not_asked_for_what_it_does_not_know() {
        let wanted = [Argument::RequestedUsername, Argument::RequestedUid];
        assert_eq!(names(&Table::new(&wanted, None)), ["requested_uid: uid_t"]);
        let new = Some(Version {
            major: 1,
            minor: 6,
            patch: 6,
        });
        assert_eq!(
            names(&Table::new(&wanted, new)),
            ["requested_username: char *", "requested_uid: uid_t"]
        );
    }

    #[test]
    fn a_value_is_what_the_host_wrote() {
        let table = Table::new(&[Argument::UserDn, Argument::MapCounter], None);
        assert_eq!(table.value(crate::arguments::MAPCOUNTER), None);
        let mut counter = 3;
        let place: *mut c_int = &raw mut counter;
        // SAFETY: the table has two elements.
        unsafe { (*table.as_ptr().add(1)).value = place.cast() };
        assert_eq!(
            table.value(crate::arguments::MAPCOUNTER),
            NonNull::new(place.cast())
        );
        assert_eq!(table.value(crate::arguments::USER_DN), None);
        assert!(table.declares(Argument::MapCounter));
        assert!(!table.declares(Argument::Pem));
    }

    #[test]
    fn two_tables_have_two_addresses() {
        let (one, other) = (Table::new(&[], None), Table::new(&[], None));
        assert_ne!(one.as_ptr(), other.as_ptr());
    }
}
