//! Counts the work done, in tests only: how the cost grows with the input is checked by counting, not by a clock.

/// Notes that `n` elementary steps were done.
#[cfg(not(test))]
#[inline(always)]
pub(crate) fn count(_n: usize) {}

#[cfg(test)]
pub(crate) use counting::{count, counted};

#[cfg(test)]
mod counting {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn count(n: usize) {
        STEPS.with(|steps| steps.set(steps.get() + n));
    }

    /// The steps that `work` takes.
    pub(crate) fn counted(work: impl FnOnce()) -> usize {
        STEPS.with(|steps| steps.set(0));
        work();
        STEPS.with(Cell::get)
    }
}
