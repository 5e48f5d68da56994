//! Counts steps, so that a test can tell whether the work grows with the text alone.
//!
//! Deliberately nothing outside tests: the calls vanish there.

#[cfg(test)]
thread_local! {
    static STEPS: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

/// Notes that `bytes` bytes (or lines) were looked at.
#[inline(always)]
pub(super) fn spend(bytes: usize) {
    #[cfg(test)]
    STEPS.with(|steps| steps.set(steps.get() + bytes));
    let _ = bytes;
}

/// Steps that `run` takes.
#[cfg(test)]
pub(super) fn count(run: impl FnOnce()) -> usize {
    STEPS.with(|steps| steps.set(0));
    run();
    STEPS.with(core::cell::Cell::get)
}
