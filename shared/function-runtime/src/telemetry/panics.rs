//! Panics as log lines.

use std::panic::{self, PanicHookInfo};

/// Replaces the panic hook by one that writes one log line instead of several lines of text.
///
/// A formatted message may quote what was being worked on, so only messages that were written into
/// the program are shown.
pub(super) fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        tracing::error!(
            location = panic.location().map(tracing::field::display),
            reason = constant_message(panic),
            "panicked"
        );
    }));
}

fn constant_message(panic: &PanicHookInfo<'_>) -> Option<&'static str> {
    panic.payload().downcast_ref::<&'static str>().copied()
}
