//! The meter of an entitlement and its gates, which are created at the first usage.

use marketplace::At;
use store::{
    Commit, CommitError, Entitlement, Meter, Shard, Store, StoreUnavailable, Stored, WindowGate,
};

/// Creates the meter of an entitlement and its gates, open from the entitlement's first moment, unless
/// there is a meter already. Returns the meter that is stored then.
pub(crate) async fn create_meter(
    store: &Store,
    entitlement: &Entitlement,
    at: At,
) -> Result<Option<Stored<Meter>>, StoreUnavailable> {
    let meter = Meter {
        entitlement: entitlement.id.clone(),
        account: entitlement.account.clone(),
        open: entitlement.create_time,
        ended: None,
        closing: None,
        stopped: None,
        stop_reason: None,
        gap: None,
        updated: at.now,
    };
    let gates = Shard::all().map(|shard| WindowGate {
        entitlement: entitlement.id.clone(),
        shard,
        open: entitlement.create_time,
        ended: None,
        gap: None,
    });
    let commit = gates.fold(Commit::new().create(&meter), Commit::create);
    match store.commit(commit, at.deadline).await {
        Ok(()) | Err(CommitError::Conflict) => store.meter(&entitlement.id, at.deadline).await,
        Err(CommitError::Unavailable(error)) => Err(error),
    }
}
