//! Writing rows of the ledger before Google hears of them.

use marketplace::At;
use store::{Commit, ReportState, Store, StoreUnavailable, UsageReport};

use super::alerts::alert_held;
use super::try_commit;

const ROWS: usize = 400;

/// The rows that this call has written.
#[derive(Debug, Default)]
pub(super) struct WrittenRows {
    /// The ids of those that this call is to send.
    pub(super) to_send: Vec<String>,
    /// How many are held for an operator.
    pub(super) held: usize,
    /// Whether another call was faster, so that not all are written.
    pub(super) is_overtaken: bool,
}

impl WrittenRows {
    pub(super) fn add(&mut self, more: Self) {
        self.to_send.extend(more.to_send);
        self.held += more.held;
        self.is_overtaken = more.is_overtaken;
    }
}

/// Writes the rows that are not written yet. The commit of the last of them also does what is in
/// `last`. The call that writes a row sends it.
pub(super) async fn write_rows(
    store: &Store,
    rows: Vec<UsageReport>,
    mut last: Option<Commit>,
    at: At,
) -> Result<WrittenRows, StoreUnavailable> {
    let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    let stored = store.reports(&ids, at.deadline).await?;
    let pairs = rows.into_iter().zip(stored);
    // A row that a crashed call has left is sent again as a pending one.
    let missing = pairs.filter_map(|(row, stored)| stored.is_none().then_some(row));
    let missing: Vec<_> = missing.collect();
    let mut chunks = missing.chunks(ROWS).peekable();
    let mut written = WrittenRows::default();
    while chunks.peek().is_some() || last.is_some() {
        let chunk = chunks.next().unwrap_or_default();
        let commit = match chunks.peek() {
            None => last.take().unwrap_or_default(),
            Some(_) => Commit::new(),
        };
        let commit = chunk.iter().fold(commit, Commit::create);
        if !try_commit(store, commit, at).await? {
            written.is_overtaken = true;
            break;
        }
        for row in chunk {
            if row.state == ReportState::Held {
                written.held += 1;
                alert_held(row);
            } else {
                written.to_send.push(row.id.clone());
            }
        }
    }
    Ok(written)
}
