//! Nothing unwinds into C.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

/// Calls `inner`; a panic is `None`.
pub fn catch<T>(inner: impl FnOnce() -> T) -> Option<T> {
    match panic::catch_unwind(AssertUnwindSafe(inner)) {
        Ok(value) => Some(value),
        Err(payload) => {
            // Dropping a payload can panic as well. It is lost, as is the reason to go on.
            std::mem::forget(payload);
            None
        }
    }
}

/// What a panic hook writes into the host's log.
#[must_use]
pub fn panic_text(panic: &PanicHookInfo<'_>) -> String {
    let message = panic.payload_as_str().unwrap_or("(no message)");
    match panic.location() {
        Some(at) => format!(
            "fault in this module at {}:{}: {message}",
            at.file(),
            at.line()
        ),
        None => format!("fault in this module: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing() {
        assert_eq!(catch(|| 7), Some(7));
        assert_eq!(
            catch(|| -> u8 { panic!("this line belongs to a test") }),
            None
        );
    }

    #[test]
    fn a_panic_whose_payload_panics_is_nothing_too() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        assert_eq!(catch(|| -> u8 { panic::panic_any(Bomb) }), None);
    }
}
