//! How far the usage of each entitlement has been closed.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementId, PlanId, ProcurementAccountId, ProductId};
use metering::hour_of;
use serde::Serialize;
use store::{Entitlement, Meter, Store, StoreUnavailable, Stored, UsageHours};
use tokio::task::JoinSet;

use super::ledger::UsageLedger;
use crate::error::OperationError;
use crate::operations::call_deadline;

/// Entitlements read at once.
const PAGE: usize = 100;

/// How long a window with usage in it may stay open before somebody should look; `/report` says so
/// then, too.
const LATE: SignedDuration = SignedDuration::from_hours(3);

/// The same without usage: `/report` leaves such a window open for a day, and up to the next hour.
const LATE_IF_IDLE: SignedDuration = SignedDuration::from_hours(26);

/// The window of one entitlement; its JSON is part of the interface of `operator usage`.
#[derive(Debug, Serialize)]
pub struct UsageWindow {
    /// The order.
    pub entitlement: EntitlementId,
    /// Its account.
    pub account: ProcurementAccountId,
    /// What was bought.
    pub product: ProductId,
    /// The present plan.
    pub plan: Option<PlanId>,
    /// Everything before is closed.
    pub open_since: Timestamp,
    /// Whether it should have been closed hours ago.
    pub overdue: bool,
    /// A closing that began, and whose operations are not all written.
    pub closing: Option<UnfinishedClosing>,
    /// Since when Google says that the customer cannot be billed.
    pub stopped_since: Option<Timestamp>,
    /// When it ended, once its last window is closed.
    pub ended: Option<Timestamp>,
}

/// A closing that began, and whose operations are not all written.
#[derive(Debug, Serialize)]
pub struct UnfinishedClosing {
    /// The beginning of what is closed.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// When the closing began.
    pub since: Timestamp,
}

/// The windows that were found.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// Entitlements with a meter.
    pub(super) metered: usize,
    pub(super) shown: Vec<UsageWindow>,
    /// How many entitlements cannot be read.
    pub(super) unreadable_entitlements: usize,
    /// The entitlements whose meter cannot be read.
    pub(super) unreadable_meters: Vec<EntitlementId>,
}

/// Entitlements with their meters, as far as these can be read.
#[derive(Debug, Default)]
struct Metered {
    pairs: Vec<(Entitlement, Option<Stored<Meter>>)>,
    unreadable: Vec<EntitlementId>,
}

impl UsageWindow {
    /// Whether something about it is out of order.
    pub fn needs_a_look(&self) -> bool {
        let stopped = self.stopped_since.is_some() && self.ended.is_none();
        self.overdue || self.closing.is_some() || stopped
    }
}

impl UsageLedger {
    /// The windows of one entitlement or of all entitlements, without those that are in order unless
    /// `all` are asked for.
    pub(super) async fn windows(
        &self,
        of: Option<&EntitlementId>,
        all: bool,
        now: Timestamp,
    ) -> Result<Windows, OperationError> {
        if let Some(id) = of {
            let entitlement = self.entitlement(id).await?;
            return Ok(read(&self.store, vec![entitlement], all, now).await?);
        }
        let mut windows = Windows::default();
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .walk_entitlements(after.as_deref(), PAGE, call_deadline());
            let page = page.await?;
            let entitlements = page.records.into_iter().map(|stored| stored.record);
            let read = read(&self.store, entitlements.collect(), all, now).await?;
            windows.metered += read.metered;
            windows.shown.extend(read.shown);
            windows.unreadable_entitlements += page.unreadable;
            windows.unreadable_meters.extend(read.unreadable_meters);
            after = page.next;
            if after.is_none() {
                return Ok(windows);
            }
        }
    }
}

/// One by one if a meter among them cannot be read.
async fn with_meters(
    store: &Store,
    entitlements: Vec<Entitlement>,
) -> Result<Metered, StoreUnavailable> {
    let ids: Vec<_> = entitlements.iter().map(|it| it.id.clone()).collect();
    match store.meters(&ids, call_deadline()).await {
        Ok(meters) => {
            return Ok(Metered {
                pairs: entitlements.into_iter().zip(meters).collect(),
                unreadable: Vec::new(),
            });
        }
        Err(StoreUnavailable::Undecodable { .. }) => {}
        Err(error) => return Err(error),
    }
    let mut metered = Metered::default();
    for entitlement in entitlements {
        match store.meter(&entitlement.id, call_deadline()).await {
            Ok(meter) => metered.pairs.push((entitlement, meter)),
            Err(StoreUnavailable::Undecodable { .. }) => metered.unreadable.push(entitlement.id),
            Err(error) => return Err(error),
        }
    }
    Ok(metered)
}

/// The windows of these entitlements, in the order of their ids.
async fn read(
    store: &Store,
    entitlements: Vec<Entitlement>,
    all: bool,
    now: Timestamp,
) -> Result<Windows, StoreUnavailable> {
    let Metered { pairs, unreadable } = with_meters(store, entitlements).await?;
    // At most a page of them at a time, so that idle customers do not wait for each other.
    let mut reads = JoinSet::new();
    for (entitlement, meter) in pairs {
        let Some(meter) = meter.map(|meter| meter.record) else {
            continue;
        };
        let store = store.clone();
        reads.spawn(async move {
            let overdue = is_overdue(&store, &meter, now).await?;
            Ok::<_, StoreUnavailable>(window(entitlement, meter, overdue))
        });
    }
    let metered = reads.len();
    let mut shown = Vec::new();
    while let Some(read) = reads.join_next().await {
        // None of them panics or is cancelled.
        let Ok(window) = read else { continue };
        shown.push(window?);
    }
    shown.retain(|window| all || window.needs_a_look());
    shown.sort_by(|a, b| a.entitlement.cmp(&b.entitlement));
    Ok(Windows {
        metered,
        shown,
        unreadable_entitlements: 0,
        unreadable_meters: unreadable,
    })
}

/// Whether what should have been closed hours ago is open.
async fn is_overdue(
    store: &Store,
    meter: &Meter,
    now: Timestamp,
) -> Result<bool, StoreUnavailable> {
    let open_for = now.duration_since(meter.open);
    if meter.ended.is_some() || open_for <= LATE {
        return Ok(false);
    }
    if open_for > LATE_IF_IDLE {
        return Ok(true);
    }
    let hours = UsageHours {
        from: hour_of(meter.open),
        before: Some(hour_of(now)),
        after: None,
        limit: 1,
    };
    let found = store.usage_between(&meter.entitlement, hours, call_deadline());
    match found.await {
        Ok(found) => Ok(!found.is_empty()),
        // It is usage all the same.
        Err(StoreUnavailable::Undecodable { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

fn window(entitlement: Entitlement, meter: Meter, overdue: bool) -> UsageWindow {
    let since = meter.updated;
    UsageWindow {
        entitlement: entitlement.id,
        account: entitlement.account,
        product: entitlement.product,
        plan: entitlement.plan,
        open_since: meter.open,
        overdue,
        closing: meter.closing.map(|closing| UnfinishedClosing {
            from: closing.from,
            until: closing.until,
            since,
        }),
        stopped_since: meter.stopped,
        ended: meter.ended,
    }
}
