//! How far one call has come.

use lifecycle::SyncError;
use marketplace::ErrorChain;
use serde::Serialize;

use super::compare::Compared;
use super::part::Part;
use super::waiting_news::WaitingNews;
use super::waiting_orders::WaitingOrders;

/// How far one call has come, as it is answered and logged.
#[derive(Debug, Default, Serialize)]
pub(super) struct Progress {
    /// Whether the round is complete. If not, the next call continues it.
    pub(super) finished: bool,
    /// The part that the next call begins with.
    pub(super) next: &'static str,
    checked: usize,
    /// Resources that differed and were repaired.
    repaired: usize,
    /// Resources that could not be compared or repaired now, and lists of Google's that were passed over.
    failed: usize,
    /// Why the first of these lists was. The call fails by it once it has done the rest.
    #[serde(skip)]
    pub(super) unlisted: Option<SyncError>,
    /// Documents, and items of Google's lists, that could not be read.
    pub(super) unreadable: usize,
    /// Resources that were absent when they were last counted.
    pub(super) absent: u32,
    /// Orders that wait and fit no rule.
    pub(super) unruled: usize,
    /// Changes published to the application.
    pub(super) published: usize,
    /// News that waits to be published.
    #[serde(flatten)]
    pub(super) outbox: WaitingNews,
    /// Orders and plan changes that wait for the operator. Counted under the manual policy alone.
    #[serde(flatten)]
    pub(super) waiting: Option<WaitingOrders>,
}

impl Progress {
    pub(super) fn add(&mut self, compared: &Compared) {
        self.checked += compared.checked;
        self.repaired += compared.repaired;
        self.failed += compared.failed;
    }

    /// The rest of Google's list is left out of this round.
    pub(super) fn pass_over(&mut self, part: Part, error: SyncError) {
        tracing::warn!(
            resource = part.as_str(),
            error = %ErrorChain(&error),
            "reconciliation could not repair"
        );
        self.failed += 1;
        self.unlisted = self.unlisted.take().or(Some(error));
    }

    pub(super) fn log(&self) {
        tracing::info!(
            finished = self.finished,
            next = self.next,
            checked = self.checked,
            repaired = self.repaired,
            failed = self.failed,
            unreadable = self.unreadable,
            absent = self.absent,
            unruled = self.unruled,
            published = self.published,
            outbox = self.outbox.outbox,
            oldest_outbox_s = self.outbox.oldest_outbox_s,
            waiting = self.waiting.map(|orders| orders.waiting),
            oldest_waiting_s = self.waiting.and_then(|orders| orders.oldest_waiting_s),
            "reconciled"
        );
    }
}
