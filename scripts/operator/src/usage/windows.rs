//! How far the usage of each entitlement has been closed.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementId, PlanId, ProcurementAccountId, ProductId};
use metering::hour_of;
use serde::Serialize;
use store::{Entitlement, Meter, Store, StoreUnavailable, UsageHours};
use tokio::task::JoinSet;

use super::ledger::Ledger;
use crate::desk::soon;
use crate::failure::Failure;

/// Entitlements read at once.
const PAGE: usize = 100;

/// How long a window with usage in it may stay open before somebody should look; `/report` says so
/// then, too.
const LATE: SignedDuration = SignedDuration::from_hours(3);

/// The same without usage: `/report` leaves such a window open for a day, and up to the next hour.
const LATE_IF_IDLE: SignedDuration = SignedDuration::from_hours(26);

/// The window of one entitlement; its JSON is part of this program's interface.
#[derive(Debug, Serialize)]
pub(super) struct Window {
    pub(super) entitlement: EntitlementId,
    pub(super) account: ProcurementAccountId,
    product: ProductId,
    plan: Option<PlanId>,
    /// Everything before is closed.
    pub(super) open_since: Timestamp,
    pub(super) overdue: bool,
    /// What is closed without all of its operations being written.
    pub(super) closing: Option<Unfinished>,
    /// Since when Google says that the customer cannot be billed.
    pub(super) stopped_since: Option<Timestamp>,
    /// When it ended, once its last window is closed.
    pub(super) ended: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
pub(super) struct Unfinished {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) since: Timestamp,
}

/// What is to be seen of the windows.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// Entitlements with a meter.
    pub(super) metered: usize,
    pub(super) shown: Vec<Window>,
}

/// Which windows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    All,
    /// Those that deserve a look.
    Odd,
}

impl Window {
    /// Whether something about it is out of order.
    pub(super) fn is_odd(&self) -> bool {
        let stopped = self.stopped_since.is_some() && self.ended.is_none();
        self.overdue || self.closing.is_some() || stopped
    }
}

/// The windows of one entitlement, or of all.
pub(super) async fn read(
    ledger: &Ledger,
    of: Option<&EntitlementId>,
    shown: Shown,
) -> Result<Windows, Failure> {
    let mut windows = Windows::default();
    if let Some(id) = of {
        let entitlement = ledger.entitlement(id).await?;
        add(&mut windows, &ledger.store, vec![entitlement], shown).await?;
        return Ok(windows);
    }
    let mut after = None;
    loop {
        let page = ledger
            .store
            .entitlements_after(after.as_ref(), PAGE, soon());
        let page = page.await?;
        let is_last = page.len() < PAGE;
        after = page.last().map(|last| last.record.id.clone());
        let page = page.into_iter().map(|stored| stored.record);
        let served = page.filter(|it| ledger.products.serves(&it.product));
        add(&mut windows, &ledger.store, served.collect(), shown).await?;
        if is_last {
            return Ok(windows);
        }
    }
}

/// Adds what is to be shown of some entitlements.
async fn add(
    windows: &mut Windows,
    store: &Store,
    entitlements: Vec<Entitlement>,
    shown: Shown,
) -> Result<(), StoreUnavailable> {
    let ids: Vec<_> = entitlements.iter().map(|it| it.id.clone()).collect();
    let meters = store.meters(&ids, soon()).await?;
    let now = Timestamp::now();
    // At most a page of them at a time, so that idle customers do not wait for each other.
    let mut looks = JoinSet::new();
    for (entitlement, meter) in entitlements.into_iter().zip(meters) {
        let Some(meter) = meter.map(|meter| meter.record) else {
            continue;
        };
        windows.metered += 1;
        let store = store.clone();
        looks.spawn(async move {
            let overdue = is_overdue(&store, &meter, now).await?;
            Ok::<_, StoreUnavailable>(window(entitlement, meter, overdue))
        });
    }
    let mut found = Vec::new();
    while let Some(look) = looks.join_next().await {
        // None of them panics or is cancelled.
        let Ok(window) = look else { continue };
        found.push(window?);
    }
    found.retain(|window| shown == Shown::All || window.is_odd());
    found.sort_by(|a, b| a.entitlement.cmp(&b.entitlement));
    windows.shown.extend(found);
    Ok(())
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
    let found = store.usage_between(&meter.entitlement, hours, soon());
    Ok(!found.await?.is_empty())
}

fn window(entitlement: Entitlement, meter: Meter, overdue: bool) -> Window {
    let since = meter.updated;
    Window {
        entitlement: entitlement.id,
        account: entitlement.account,
        product: entitlement.product,
        plan: entitlement.plan,
        open_since: meter.open,
        overdue,
        closing: meter.closing.map(|closing| Unfinished {
            from: closing.from,
            until: closing.until,
            since,
        }),
        stopped_since: meter.stopped,
        ended: meter.ended,
    }
}
