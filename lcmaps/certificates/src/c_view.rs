//! VOMS attributes as the C structures that modules read.
//!
//! Modules get pointers to everything and may change ids in it, so nothing here is ever referred to
//! by a Rust reference after it was made: all memory is held by raw pointers until it is freed.

use std::ffi::{CString, c_char, c_int};
use std::ptr;

use lc_voms::{Attributes, Outcome};
use lcmaps_sys::{
    lcmaps_fqan_unix_t, lcmaps_voms_generic_attr_t, lcmaps_voms_t, lcmaps_vomsdata_t,
};

/// What stands for the server's CA when signatures are not checked; the words of libvomsapi.
const UNKNOWN_AUTHORITY: &str = "Unable to determine CA";

/// The granted attributes of a chain.
pub(crate) struct View {
    data: *mut lcmaps_vomsdata_t,
    fqans: *mut *mut c_char,
    fqan_count: usize,
    memory: Memory,
}

// SAFETY: the memory belongs to the view alone, and has no tie to a thread.
unsafe impl Send for View {}
// SAFETY: nothing is changed through a shared reference; what C code does with the pointers is
// the business of the run that it belongs to.
unsafe impl Sync for View {}

impl View {
    /// A view of what an outcome grants.
    pub(crate) fn new(outcome: &Outcome) -> Self {
        let mut memory = Memory::default();
        let mut view = Self {
            data: ptr::null_mut(),
            fqans: ptr::null_mut(),
            fqan_count: 0,
            memory: Memory::default(),
        };
        let granted = outcome.granted();
        if !granted.is_empty() {
            let voms: Vec<_> = (granted.iter())
                .map(|attributes| memory.attributes(attributes))
                .collect();
            let (voms, nvoms) = memory.voms.keep(voms);
            let mut optional = |text: Option<&[u8]>| match text {
                Some(text) => memory.strings.keep_text(text),
                None => ptr::null_mut(),
            };
            let (workvo, extra_data) = (
                optional(outcome.work_vo.as_deref()),
                optional(outcome.extra_data.as_deref()),
            );
            let (data, _) = memory.data.keep(vec![lcmaps_vomsdata_t {
                voms,
                nvoms,
                workvo,
                extra_data,
            }]);
            view.data = data;
            let mut list: Vec<_> = (outcome.fqans())
                .map(|fqan| memory.strings.keep_text(fqan))
                .collect();
            view.fqan_count = list.len();
            if !list.is_empty() {
                list.push(ptr::null_mut());
                (view.fqans, _) = memory.lists.keep(list);
            }
        }
        view.memory = memory;
        view
    }

    /// Everything, or NULL.
    pub(crate) fn data(&self) -> *mut lcmaps_vomsdata_t {
        self.data
    }

    /// The FQANs and their number; NULL and 0 when there are none.
    pub(crate) fn fqans(&self) -> (*mut *mut c_char, usize) {
        (self.fqans, self.fqan_count)
    }
}

/// All that a view points to.
#[derive(Default)]
struct Memory {
    strings: Strings,
    lists: Pieces<*mut c_char>,
    fqans: Pieces<lcmaps_fqan_unix_t>,
    generic: Pieces<lcmaps_voms_generic_attr_t>,
    voms: Pieces<lcmaps_voms_t>,
    data: Pieces<lcmaps_vomsdata_t>,
}

impl Memory {
    fn attributes(&mut self, attributes: &Attributes) -> lcmaps_voms_t {
        let unset = u32::MAX;
        let fqans = (attributes.fqans.iter())
            .map(|fqan| lcmaps_fqan_unix_t {
                fqan: self.strings.keep_text(fqan),
                uid: unset,
                gid: unset,
            })
            .collect();
        let (fqan_unix, nfqan) = self.fqans.keep(fqans);
        let generic = (attributes.generic.iter())
            .map(|generic| lcmaps_voms_generic_attr_t {
                name: self.strings.keep_text(&generic.name),
                value: self.strings.keep_text(&generic.value),
                qualifier: self.strings.keep_text(&generic.qualifier),
            })
            .collect();
        let (attr_list, nattr) = self.generic.keep(generic);
        let mut text = |text: &str| self.strings.keep_text(text.as_bytes());
        let authority = attributes.issuer_authority.as_deref();
        lcmaps_voms_t {
            user_dn: text(&attributes.holder),
            user_ca: text(&attributes.holder_authority),
            voms_issuer_dn: text(&attributes.issuer),
            voms_issuer_ca: text(authority.unwrap_or(UNKNOWN_AUTHORITY)),
            uri: text(&attributes.uri),
            date1: text(&attributes.not_before),
            date2: text(&attributes.not_after),
            voname: text(&attributes.vo),
            fqan_unix,
            nfqan,
            attr_list,
            nattr,
        }
    }
}

/// Strings that are freed together.
#[derive(Default)]
struct Strings(Vec<*mut c_char>);

impl Strings {
    /// A copy with NUL at its end. Only what the user alone wrote can hold a NUL itself; it ends
    /// there, as every C program would read it.
    fn keep_text(&mut self, text: &[u8]) -> *mut c_char {
        let text: Vec<u8> = (text.iter().copied())
            .take_while(|&byte| byte != 0)
            .collect();
        // There is no NUL left.
        let kept = CString::new(text).unwrap_or_default().into_raw();
        self.0.push(kept);
        kept
    }
}

impl Drop for Strings {
    fn drop(&mut self) {
        for &text in &self.0 {
            // SAFETY: from `into_raw`, freed once; C code changes no strings.
            drop(unsafe { CString::from_raw(text) });
        }
    }
}

/// Arrays that are freed together.
struct Pieces<T>(Vec<(*mut T, usize)>);

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Pieces<T> {
    /// The array and its length as C wants it; NULL for an empty one. The limits of lc-voms keep
    /// lengths far below the largest `c_int`.
    fn keep(&mut self, items: Vec<T>) -> (*mut T, c_int) {
        let length = items.len();
        if length == 0 {
            return (ptr::null_mut(), 0);
        }
        let start = Box::into_raw(items.into_boxed_slice()).cast::<T>();
        self.0.push((start, length));
        (start, c_int::try_from(length).unwrap_or(c_int::MAX))
    }
}

impl<T> Drop for Pieces<T> {
    fn drop(&mut self) {
        for &(start, length) in &self.0 {
            // SAFETY: from `into_raw` of a slice of this length, freed once.
            drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(start, length)) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lc_voms::{Generic, Reason, Refused};
    use std::ffi::CStr;

    fn attributes(vo: &str, fqans: &[&str]) -> Attributes {
        Attributes {
            holder: "/CN=holder".to_owned(),
            holder_authority: "/CN=ca".to_owned(),
            issuer: "/CN=server".to_owned(),
            issuer_authority: None,
            vo: vo.to_owned(),
            uri: "host:1".to_owned(),
            not_before: "20260101000000Z".to_owned(),
            not_after: "20260102000000Z".to_owned(),
            fqans: fqans.iter().map(|fqan| fqan.as_bytes().to_vec()).collect(),
            generic: vec![Generic {
                grantor: b"vo://host:1".to_vec(),
                name: b"name".to_vec(),
                value: b"va\xffue".to_vec(),
                qualifier: b"qualifier".to_vec(),
            }],
        }
    }

    fn outcome() -> Outcome {
        Outcome {
            accepted: vec![
                attributes("one", &["/one", "/one/a"]),
                attributes("two", &[]),
            ],
            work_vo: Some(b"wo\0rk".to_vec()),
            ..Outcome::default()
        }
    }

    fn read(text: *mut c_char) -> String {
        // SAFETY: the views of these tests live.
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned()
    }

    #[test]
    fn everything_granted_is_in_the_structures() {
        let view = View::new(&outcome());
        // SAFETY: the view lives, and its counts are those of its arrays.
        unsafe {
            let data = *view.data();
            assert_eq!((data.nvoms, read(data.workvo)), (2, "wo".to_owned()));
            assert!(data.extra_data.is_null());
            let one = *data.voms;
            let texts = [
                one.user_dn,
                one.user_ca,
                one.voms_issuer_dn,
                one.voms_issuer_ca,
                one.uri,
                one.date1,
                one.date2,
                one.voname,
            ];
            assert_eq!(
                texts.map(read),
                [
                    "/CN=holder",
                    "/CN=ca",
                    "/CN=server",
                    UNKNOWN_AUTHORITY,
                    "host:1",
                    "20260101000000Z",
                    "20260102000000Z",
                    "one"
                ]
            );
            assert_eq!((one.nfqan, one.nattr), (2, 1));
            let second = *one.fqan_unix.add(1);
            assert_eq!(read(second.fqan), "/one/a");
            assert_eq!((second.uid, second.gid), (u32::MAX, u32::MAX));
            let generic = *one.attr_list;
            assert_eq!(read(generic.name), "name");
            assert_eq!(CStr::from_ptr(generic.value).to_bytes(), b"va\xffue");
            assert_eq!(read(generic.qualifier), "qualifier");
            let two = *data.voms.add(1);
            assert_eq!((two.nfqan, two.fqan_unix.is_null()), (0, true));
        }
    }

    #[test]
    fn the_list_of_fqans_ends_with_null() {
        let view = View::new(&outcome());
        let (list, count) = view.fqans();
        assert_eq!(count, 2);
        // SAFETY: the list has one more entry than it counts.
        unsafe {
            assert_eq!(read(*list), "/one");
            assert_eq!(read(*list.add(1)), "/one/a");
            assert!((*list.add(2)).is_null());
        }
    }

    #[test]
    fn ids_may_be_changed_while_the_view_lives() {
        let view = View::new(&outcome());
        // SAFETY: as a module does it.
        unsafe {
            (*(*(*view.data()).voms).fqan_unix).uid = 5;
            assert_eq!((*(*(*view.data()).voms).fqan_unix).uid, 5);
        }
    }

    #[test]
    fn nothing_granted_is_null() {
        let mut refused = outcome();
        refused.refused.push(Refused {
            number: Some(1),
            vo: None,
            carrier: String::new(),
            reason: Reason::NotAList,
        });
        for outcome in [Outcome::default(), refused] {
            let view = View::new(&outcome);
            assert!(view.data().is_null());
            assert_eq!(view.fqans(), (ptr::null_mut(), 0));
        }
        let without_fqans = Outcome {
            accepted: vec![attributes("two", &[])],
            ..Outcome::default()
        };
        let view = View::new(&without_fqans);
        assert!(!view.data().is_null());
        assert_eq!(view.fqans(), (ptr::null_mut(), 0));
    }
}
