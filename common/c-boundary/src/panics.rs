//! The door between C and Rust: a panic must not cross it.
//!
//! Every exported function runs its body inside [`guard`], which turns a panic into that
//! function's own failure value. The library's panics are reported, not printed: the text that the
//! standard library would write to the caller's standard error goes to the log instead.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    /// How many guards this thread is inside of.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// Where the last panic of this thread happened.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `body`, the work of the exported function called `function`.
///
/// # Returns
/// What `body` returns, or `failure` after a panic, which `report` is told of: the function and
/// the message.
pub fn guard<T>(
    report: fn(&'static str, &str),
    function: &'static str,
    failure: T,
    body: impl FnOnce() -> T,
) -> T {
    catch(body).unwrap_or_else(|message| {
        // Reporting is the library's own code too; if that panics as well, silence is all that is
        // left.
        let _ = catch(|| report(function, &message));
        failure
    })
}

/// Runs `body`; a panic becomes its message.
///
/// # Errors
/// Text and place of the panic.
pub fn catch<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    collect_panics_of_guarded_threads();
    DEPTH.set(DEPTH.get() + 1);
    // Unwind safety: a body that panicked leaves the session in its lock, which poisons itself;
    // nothing else outlives the call.
    let outcome = panic::catch_unwind(AssertUnwindSafe(body));
    DEPTH.set(DEPTH.get() - 1);
    outcome.map_err(|payload| {
        let message = describe(payload.as_ref());
        // Dropping a payload can panic again, and a payload is a rarity: leak it.
        std::mem::forget(payload);
        message
    })
}

/// Text and place of a panic.
fn describe(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    match PLACE.try_with(RefCell::take) {
        Ok(Some(place)) => format!("{text} ({place})"),
        _ => text.to_owned(),
    }
}

/// Replaces the panic hook of the Rust runtime inside this library (each shared library has its
/// own) by one that remembers the place of the panic and prints nothing while a guard is active.
fn collect_panics_of_guarded_threads() {
    static HOOK: Once = Once::new();
    // A function and no closure: it takes no memory that would be lost when the library is unloaded.
    HOOK.call_once(|| panic::set_hook(Box::new(remember_place)));
}

/// The panic hook.
fn remember_place(panic: &PanicHookInfo<'_>) {
    if DEPTH.get() == 0 {
        // Outside of the C interface there is nobody to log to: the library's own tests.
        eprintln!("{panic}");
        return;
    }
    let place = panic.location().map(ToString::to_string);
    // Fails while the thread ends; the message is complete enough without the place.
    let _ = PLACE.try_with(|slot| slot.replace(place));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignore(_: &'static str, _: &str) {}

    #[test]
    fn a_panic_is_reported_with_the_function_and_a_report_that_panics_is_survived() {
        fn say(function: &'static str, message: &str) {
            assert!(message.starts_with("no ("), "{message}");
            SAID.set(Some(function));
        }
        fn bad(_: &'static str, _: &str) {
            panic!("again");
        }
        thread_local! {
            static SAID: Cell<Option<&'static str>> = const { Cell::new(None) };
        }
        assert_eq!(guard(say, "the_function", -1, || panic!("no")), -1);
        assert_eq!(SAID.get(), Some("the_function"));
        assert_eq!(guard(bad, "the_function", -1, || panic!("no")), -1);
    }

    #[test]
    fn a_value_passes_through() {
        assert_eq!(guard(ignore, "f", -1, || 7), 7);
    }

    #[test]
    fn a_panic_becomes_the_failure_value() {
        assert_eq!(guard(ignore, "f", -1, || panic!("no")), -1);
    }

    #[test]
    fn the_message_of_a_panic_names_text_and_place() {
        let literal = catch(|| panic!("plain")).unwrap_err();
        let formatted = catch(|| panic!("number {}", 7)).unwrap_err();
        assert!(literal.starts_with("plain ("), "{literal}");
        assert!(literal.contains("panics.rs:"), "{literal}");
        assert!(formatted.starts_with("number 7 ("), "{formatted}");
    }

    #[test]
    fn a_payload_that_is_no_text_is_survived() {
        let message = catch(|| panic::panic_any(17_u8)).unwrap_err();
        assert!(message.starts_with("no message"), "{message}");
    }

    #[test]
    fn a_guard_inside_a_guard_catches_its_own_panic_only() {
        let outer = guard(ignore, "outer", 0, || {
            10 + guard(ignore, "inner", 1, || panic!("inner"))
        });
        assert_eq!(outer, 11);
    }
}
