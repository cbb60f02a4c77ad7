//! Whose store it is.

use store::{Commit, Deployment, NotOurStore, Ownership, Store};

use crate::samples::{bare_account, bare_entitlement, deadline, deployment, moment, provider};

fn ownership(store: &Store, of: &str) -> Ownership {
    Ownership::new(store.clone(), provider(of))
}

async fn owner(store: &Store) -> Option<Deployment> {
    let owner = store.deployment(deadline()).await.unwrap();
    owner.map(|owner| owner.record)
}

async fn give_to(store: &Store, of: &str) {
    let commit = Commit::new().put(deployment(of));
    store.commit(commit, deadline()).await.unwrap();
}

#[track_caller]
fn assert_refused(answer: &Result<(), NotOurStore>) {
    let refused = matches!(answer, Err(NotOurStore::OtherProvider));
    assert!(refused, "{answer:?}");
}

pub(crate) async fn an_empty_store_is_claimed(store: Store) {
    let own = ownership(&store, "vendor");
    own.ensure(moment(0)).await.unwrap();
    assert_eq!(owner(&store).await, Some(deployment("vendor")));
    assert_eq!(own.owner(), Some(&provider("vendor")));
    let other = ownership(&store, "other");
    assert_refused(&other.ensure(moment(0)).await);
    assert_eq!(other.owner(), None);
}

pub(crate) async fn a_store_with_an_account_and_no_owner_is_not_claimed_and_not_refused(
    store: Store,
) {
    let commit = Commit::new().create(bare_account("account-1"));
    store.commit(commit, deadline()).await.unwrap();
    let own = ownership(&store, "vendor");
    own.ensure(moment(0)).await.unwrap();
    assert_eq!(owner(&store).await, None);
    assert_eq!(own.owner(), None);
}

pub(crate) async fn a_store_with_an_order_and_no_owner_is_not_claimed_and_not_refused(
    store: Store,
) {
    let commit = Commit::new().create(bare_entitlement("E-1", "account-1"));
    store.commit(commit, deadline()).await.unwrap();
    ownership(&store, "vendor").ensure(moment(0)).await.unwrap();
    assert_eq!(owner(&store).await, None);
}

pub(crate) async fn a_store_of_another_provider_is_refused(store: Store) {
    give_to(&store, "other").await;
    let own = ownership(&store, "vendor");
    assert_refused(&own.ensure(moment(0)).await);
    assert_refused(&own.claim(moment(0)).await);
    assert_eq!(owner(&store).await, Some(deployment("other")));
}

pub(crate) async fn a_store_without_owner_can_be_claimed_when_it_is_not_empty(store: Store) {
    let commit = Commit::new().create(bare_account("account-1"));
    store.commit(commit, deadline()).await.unwrap();
    let own = ownership(&store, "vendor");
    own.claim(moment(0)).await.unwrap();
    own.claim(moment(1)).await.unwrap();
    assert_eq!(owner(&store).await, Some(deployment("vendor")));
}

pub(crate) async fn of_two_that_claim_at_once_one_wins(store: Store) {
    let [first, second] = ["vendor", "other"].map(|of| ownership(&store, of));
    let answers = tokio::join!(first.ensure(moment(0)), second.ensure(moment(0)));
    let (winner, loser) = match answers {
        (Ok(()), loser) => ("vendor", loser),
        (loser, Ok(())) => ("other", loser),
        neither => panic!("{neither:?}"),
    };
    assert_refused(&loser);
    assert_eq!(owner(&store).await, Some(deployment(winner)));
}

pub(crate) async fn an_owner_is_believed_for_a_minute(store: Store) {
    let own = ownership(&store, "vendor");
    own.ensure(moment(0)).await.unwrap();
    give_to(&store, "other").await;
    own.clone().ensure(moment(59)).await.unwrap();
    assert_refused(&own.ensure(moment(-1)).await);
    assert_refused(&own.ensure(moment(60)).await);
}

pub(crate) async fn another_owner_is_never_believed(store: Store) {
    give_to(&store, "other").await;
    let own = ownership(&store, "vendor");
    assert_refused(&own.ensure(moment(0)).await);
    give_to(&store, "vendor").await;
    own.ensure(moment(0)).await.unwrap();
}
