//! The names of the collections. They are part of what is stored and never change.

pub(crate) const ACCOUNTS: &str = "accounts";
pub(crate) const CURSORS: &str = "cursors";
pub(crate) const DEPLOYMENT: &str = "deployment";
pub(crate) const ENTITLEMENTS: &str = "entitlements";
pub(crate) const EVENTS: &str = "events";
pub(crate) const GATES: &str = "gates";
pub(crate) const JOURNAL: &str = "journal";
pub(crate) const JOURNAL_TEXTS: &str = "journal_texts";
pub(crate) const LINKS: &str = "links";
pub(crate) const METERS: &str = "meters";
pub(crate) const OUTBOX: &str = "outbox";
pub(crate) const READINGS: &str = "readings";
pub(crate) const REPLAYS: &str = "replays";
pub(crate) const REPORTS: &str = "reports";
pub(crate) const SESSIONS: &str = "sessions";
pub(crate) const USAGE: &str = "usage";
