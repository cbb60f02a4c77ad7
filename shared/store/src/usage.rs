//! What is remembered of usage: what the application recorded, which hours are closed, and what was reported to
//! Google. Each file holds a record, its collection, and the reads of it.

pub(crate) mod meter;
pub(crate) mod reading_progress;
pub(crate) mod recording_context;
pub(crate) mod usage_record;
pub(crate) mod usage_report;
pub(crate) mod window_gate;
