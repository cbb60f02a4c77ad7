//! The round over all entitlements, a page at a time: their usage is closed and reported.

use std::mem::take;

use marketplace::{At, ErrorChain};
use store::{Cursor, Entitlement, Meter, Store, StoreUnavailable, Stored};

use super::ReportRules;
use super::job_cursor::{JobCursor, JobPage};
use super::one_entitlement::EntitlementReporter;
use super::parallel::{PAGE_RESERVE, Progress, Task, run_all};
use crate::config::ZeroUsage;
use crate::entitlement_end::{is_back, may_have_ended};

/// The name of this job's cursor.
pub(super) const JOB: &str = "usage-report-entitlements";

const PAGE: usize = 50;

/// Goes on with the round. It is complete if every entitlement was examined.
pub(super) async fn close_all(
    worker: &EntitlementReporter,
    stored: Option<Stored<Cursor>>,
    at: At,
) -> Result<Progress, StoreUnavailable> {
    let mut cursor = JobCursor::new(JOB, stored, at.now);
    let mut progress = Progress::default();
    while at.deadline.remaining() >= PAGE_RESERVE {
        let page = Box::pin(close_page(worker, cursor.after.as_deref(), at)).await?;
        progress.summary.add(&page.progress.summary);
        progress.unread.extend(page.progress.unread);
        if !page.progress.is_complete {
            // The next call starts this page again.
            break;
        }
        cursor.after = page.last;
        if cursor.after.is_none() {
            cursor.remove(&worker.store, at).await?;
            return Box::pin(read_on(worker, progress, at)).await;
        }
        cursor.save(&worker.store, at).await?;
    }
    Ok(progress)
}

async fn close_page(
    worker: &EntitlementReporter,
    after: Option<&str>,
    at: At,
) -> Result<JobPage, StoreUnavailable> {
    let EntitlementReporter { store, rules, .. } = worker;
    let found = store.walk_entitlements(after, PAGE, at.deadline).await?;
    let last = found.next;
    let ours = found.records.into_iter().map(|it| it.record);
    let ours: Vec<_> = ours.filter(|it| it.is_of(&rules.provider)).collect();
    let metered = with_meters(store, ours, at).await?;
    let failed = found.unreadable + metered.unreadable;
    let pairs = metered.pairs;
    let without_service = pairs.iter();
    let without_service = without_service.filter(|(entitlement, meter)| {
        is_without_service(rules, entitlement, meter.as_ref().map(|it| &it.record))
    });
    let without_service = without_service.count();
    let pairs = pairs.into_iter();
    let pairs = pairs.filter(|(entitlement, meter)| {
        may_have_usage(rules, entitlement, meter.as_ref().map(|it| &it.record))
    });
    let tasks =
        pairs.map(|(entitlement, meter)| Task::Close(Box::new(entitlement), meter.map(Box::new)));
    let mut progress = run_all(worker, tasks.collect(), at).await;
    progress.summary.without_service = without_service;
    progress.summary.failed += failed;
    Ok(JobPage { progress, last })
}

/// Orders with their meters, as far as these can be read.
struct Metered {
    pairs: Vec<(Entitlement, Option<Stored<Meter>>)>,
    unreadable: usize,
}

/// An order whose meter cannot be read is left alone: nothing of it is closed. It does not hold up the others.
async fn with_meters(
    store: &Store,
    orders: Vec<Entitlement>,
    at: At,
) -> Result<Metered, StoreUnavailable> {
    let ids: Vec<_> = orders.iter().map(|it| it.id.clone()).collect();
    match store.meters(&ids, at.deadline).await {
        Ok(meters) => {
            return Ok(Metered {
                pairs: orders.into_iter().zip(meters).collect(),
                unreadable: 0,
            });
        }
        Err(StoreUnavailable::Undecodable { .. }) => {}
        Err(error) => return Err(error),
    }
    let mut metered = Metered {
        pairs: Vec::new(),
        unreadable: 0,
    };
    for order in orders {
        match store.meter(&order.id, at.deadline).await {
            Ok(meter) => metered.pairs.push((order, meter)),
            Err(error @ StoreUnavailable::Undecodable { .. }) => {
                metered.unreadable += 1;
                tracing::error!(
                    entitlement_id = order.id.as_str(),
                    error = %ErrorChain(&error),
                    "the meter of an order cannot be read, and its usage is not closed"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(metered)
}

/// Goes on with the closed usage that is not read yet, in turns. It is complete if there was time for
/// every turn that was started.
async fn read_on(
    worker: &EntitlementReporter,
    before: Progress,
    at: At,
) -> Result<Progress, StoreUnavailable> {
    let mut progress = Progress {
        is_complete: true,
        ..before
    };
    while progress.is_complete
        && !progress.unread.is_empty()
        && at.deadline.remaining() >= PAGE_RESERVE
    {
        let unread = take(&mut progress.unread).into_iter();
        let unread: Vec<_> = unread.map(|it| *it.entitlement).collect();
        let metered = with_meters(&worker.store, unread, at).await?;
        let tasks = metered.pairs.into_iter();
        let tasks = tasks
            .map(|(entitlement, meter)| Task::Close(Box::new(entitlement), meter.map(Box::new)));
        let mut turn = run_all(worker, tasks.collect(), at).await;
        // These entitlements were counted in their first turn.
        turn.summary.entitlements = 0;
        turn.summary.absent = 0;
        progress.summary.add(&turn.summary);
        progress.unread = turn.unread;
        progress.is_complete = turn.is_complete;
    }
    Ok(progress)
}

/// Without a meter nothing was recorded, and after the last window nothing will be.
fn may_have_usage(rules: &ReportRules, entitlement: &Entitlement, meter: Option<&Meter>) -> bool {
    if let Some(meter) = meter {
        return meter.ended.is_none() || meter.closing.is_some() || is_back(entitlement, meter);
    }
    let is_live = entitlement.state.is_live() && !may_have_ended(entitlement);
    rules.zero == ZeroUsage::Report && is_live && is_metered(rules, entitlement)
}

/// Whether usage of an entitlement in force can be reported nowhere. A product without metrics needs no service, as
/// long as it is among `PRODUCTS`: what was taken out of them may have had some.
fn is_without_service(
    rules: &ReportRules,
    entitlement: &Entitlement,
    meter: Option<&Meter>,
) -> bool {
    let product = &entitlement.product;
    let may_be_used = meter.is_some_and(|meter| meter.ended.is_none())
        || is_metered(rules, entitlement)
        || !rules.products.serves(product);
    rules.services.of(product).is_none() && !entitlement.has_ended() && may_be_used
}

/// Whether the plan in force has a metric.
fn is_metered(rules: &ReportRules, entitlement: &Entitlement) -> bool {
    let plan = entitlement.plan.as_ref();
    let mut metrics = plan.into_iter().flat_map(|it| rules.metrics.of_plan(it));
    metrics.next().is_some()
}
