//! Firestore deletes up to a day late; for us what has expired is gone at once.

use jiff::{SignedDuration, Timestamp};
use store::{Commit, CommitError, Store};

use crate::samples::{
    bare_hand_off, bare_session, customer, deadline, event, full_hand_off, moment, token,
};

pub(crate) async fn an_expired_session_is_as_if_it_were_not_there(store: Store) {
    let session = bare_session();
    let commit = Commit::new().create(&session);
    store.commit(commit, deadline()).await.unwrap();
    for (now, there) in [(1_799, true), (1_800, false), (1_801, false)] {
        let found = store.session(&session.id, moment(now)).await;
        assert_eq!(found.unwrap().is_some(), there, "{now}");
    }
    let again = Commit::new().create(&session);
    let answer = store.commit(again, deadline()).await;
    assert!(matches!(answer, Err(CommitError::Conflict)), "still stored");
}

pub(crate) async fn an_expired_hand_off_is_as_if_it_were_not_there(store: Store) {
    let commit = Commit::new().create(bare_hand_off(1));
    store.commit(commit, deadline()).await.unwrap();
    for (now, there) in [(359, true), (360, false), (361, false)] {
        let found = store.replay(token(1), moment(now)).await.unwrap();
        assert_eq!(found.is_some(), there, "{now}");
    }
}

pub(crate) async fn an_expired_event_is_as_if_it_were_not_there(store: Store) {
    let commit = Commit::new().create(event("event-1"));
    store.commit(commit, deadline()).await.unwrap();
    let end = 35 * 86_400;
    for (now, there) in [(end - 1, true), (end, false)] {
        let found = store.event("event-1", moment(now)).await.unwrap();
        assert_eq!(found.is_some(), there, "{now}");
    }
}

pub(crate) async fn an_expired_hand_off_is_missing_from_a_landing(store: Store) {
    let commit = Commit::new().create(full_hand_off(7));
    store.commit(commit, deadline()).await.unwrap();
    let customer = customer("account-1", Some("user-1"));
    for (now, there) in [(359, true), (360, false)] {
        let landing = store.landing(&customer, moment(now)).await.unwrap();
        assert_eq!(landing.replay.is_some(), there, "{now}");
    }
}

pub(crate) async fn only_a_store_of_several_processes_has_a_clock(store: Store) {
    let before = Timestamp::now();
    let now = store.now(deadline()).await.unwrap();
    assert_eq!(now.is_none(), matches!(store, Store::Memory(_)));
    if let Some(now) = now {
        let difference = now.duration_since(before).abs();
        assert!(difference < SignedDuration::from_mins(1), "{difference:?}");
        let later = store.now(deadline()).await.unwrap().unwrap();
        assert!(later >= now, "{later} {now}");
    }
}
