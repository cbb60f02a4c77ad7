//! How many commits at once Firestore takes that demand a document unchanged, or change it: why an
//! entitlement has sixteen gates.

use std::error::Error;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId};
use store::{Commit, CommitError, Cursor, Document, Shard, Store, Version, WindowGate};
use tokio::task::JoinSet;

use crate::load::{CONNECTIONS, per};
use crate::table::Row;
use crate::vendor::Vendor;

/// More time than a commit takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// What each commit has to do with a document beside its own.
#[derive(Debug, Clone, Copy)]
enum With {
    /// It demands one of sixteen unchanged.
    OneOfSixteen,
    /// It demands the same one unchanged as all others.
    TheSame,
    /// It changes the same one as all others, as a counter is.
    Changed,
}

/// The rates of each, one after the other.
pub(crate) fn row(vendor: &Vendor<'_>) -> Result<Row, Box<dyn Error>> {
    let order = vendor.customers(1)?.pop().ok_or("a customer")?;
    let gates = vendor
        .runtime
        .block_on(made(&vendor.store, &order.entitlement))?;
    let mut rates = Vec::new();
    for with in [With::OneOfSixteen, With::TheSame, With::Changed] {
        let run = run(vendor, &order.entitlement, &gates, with);
        rates.push(vendor.runtime.block_on(run)?);
    }
    let [sixteen, one, changed] = rates.as_slice() else {
        return Err("three rates".into());
    };
    let what =
        format!("commits of one customer's records, {CONNECTIONS} at once, Firestore emulator");
    let measured = format!("through 16 gates: {sixteen}; through 1 gate: {one}");
    Ok(Row::new(&what, measured).beside(format!(
        "through 1 document that each commit changes: {changed}; the emulator locks documents \
         and repeats are within the rates; Firestore advises one change a second of each"
    )))
}

async fn made(
    store: &Store,
    entitlement: &EntitlementId,
) -> Result<Vec<(Document, Version)>, Box<dyn Error>> {
    let open = Timestamp::now();
    let commit = Shard::all().fold(Commit::new(), |commit, shard| {
        commit.create(WindowGate {
            entitlement: entitlement.clone(),
            shard,
            open,
            ended: None,
            gap: None,
        })
    });
    store.commit(commit, Deadline::after(PATIENCE)).await?;
    let mut gates = Vec::new();
    for shard in Shard::all() {
        let deadline = Deadline::after(PATIENCE);
        let ground = store.recording_context(entitlement, shard, &[], deadline);
        let gate = ground.await?.gate.ok_or("a gate")?;
        gates.push((Document::window_gate(entitlement, shard), gate.version));
    }
    Ok(gates)
}

/// So many commits, as many at once as a load has connections. In words: how many a second, and how
/// often somebody else was first.
async fn run(
    vendor: &Vendor<'_>,
    entitlement: &EntitlementId,
    gates: &[(Document, Version)],
    with: With,
) -> Result<String, Box<dyn Error>> {
    let counter = cursor(format!("{entitlement}-counter"));
    let commit = Commit::new().put(&counter);
    let stored = vendor.store.commit(commit, Deadline::after(PATIENCE));
    stored.await?;
    let (commits, gates) = match with {
        With::OneOfSixteen => (vendor.plan.usage.commits, gates),
        With::TheSame => (vendor.plan.usage.commits, gates.get(..1).ok_or("a gate")?),
        // It is slow, and soon seen.
        With::Changed => (CONNECTIONS, gates),
    };
    let started = Instant::now();
    let mut running = JoinSet::new();
    let mut conflicts = 0;
    for number in 0..commits {
        let own = cursor(format!("{entitlement}-{with:?}-{number}"));
        let store = vendor.store.clone();
        let gate = gates.get(number % gates.len()).ok_or("a gate")?.clone();
        let counter = counter.clone();
        running.spawn(async move {
            match with {
                With::Changed => counted(&store, own, counter).await,
                With::OneOfSixteen | With::TheSame => {
                    let commit = Commit::new().create(own).unchanged(gate.0, &gate.1);
                    let done = store.commit(commit, Deadline::after(PATIENCE)).await;
                    done.map(|()| 0)
                }
            }
        });
        if running.len() >= CONNECTIONS
            && let Some(ended) = running.join_next().await
        {
            conflicts += ended??;
        }
    }
    while let Some(ended) = running.join_next().await {
        conflicts += ended??;
    }
    let rate = per(commits) / started.elapsed().as_secs_f64();
    Ok(format!("{rate:.0}/s, conflicts: {conflicts}"))
}

/// One commit that changes the counter, tried until nobody else is first. How often somebody was.
async fn counted(store: &Store, own: Cursor, counter: Cursor) -> Result<usize, CommitError> {
    let mut conflicts = 0;
    loop {
        let until = Deadline::after(PATIENCE);
        let Some(stored) = store.cursor(&counter.job, until).await? else {
            return Ok(conflicts);
        };
        let changed = Cursor {
            updated: Timestamp::now(),
            ..stored.record
        };
        let commit = Commit::new()
            .create(&own)
            .replace(&changed, &stored.version);
        match store.commit(commit, until).await {
            Ok(()) => return Ok(conflicts),
            Err(CommitError::Conflict) => conflicts += 1,
            Err(error) => return Err(error),
        }
    }
}

/// A small record of any kind.
fn cursor(job: String) -> Cursor {
    let now = Timestamp::now();
    Cursor {
        job,
        phase: "bench".to_owned(),
        after: None,
        tally: None,
        failing_since: None,
        started: now,
        updated: now,
    }
}
