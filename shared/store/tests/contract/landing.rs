//! What is found when a customer lands.

use store::{Commit, Landing, Store};

use crate::samples::{
    account_id, bare_account, bare_entitlement, bare_link, customer, deadline, full_account,
    full_entitlement, full_hand_off, full_link, moment, user,
};

async fn landing(store: &Store, account: &str, who: Option<&str>) -> Landing {
    let customer = customer(account, who);
    store.landing(&customer, moment(1)).await.unwrap()
}

pub(crate) async fn a_landing_has_all_parts(store: Store) {
    let commit = Commit::new()
        .create(full_account("account-1"))
        .create(full_link("account-1", "user-1"))
        .create(full_hand_off(7))
        .create(full_entitlement("E-1", "account-1"))
        .create(bare_entitlement("E-2", "account-1"))
        .create(bare_entitlement("E-3", "account-2"));
    store.commit(commit, deadline()).await.unwrap();

    let found = landing(&store, "account-1", Some("user-1")).await;

    assert_eq!(found.account.unwrap().record, full_account("account-1"));
    assert!(found.link.unwrap().record == full_link("account-1", "user-1"));
    assert_eq!(found.replay.unwrap().record, full_hand_off(7));
    let entitlements: Vec<_> = found.entitlements.into_iter().map(|e| e.record).collect();
    assert_eq!(
        entitlements,
        [
            full_entitlement("E-1", "account-1"),
            bare_entitlement("E-2", "account-1")
        ]
    );
}

pub(crate) async fn a_landing_of_a_stranger_is_empty(store: Store) {
    let found = landing(&store, "account-1", Some("user-1")).await;
    let nothing = Landing {
        account: None,
        link: None,
        replay: None,
        entitlements: Vec::new(),
        other_orders: Vec::new(),
    };
    assert_eq!(found, nothing);
}

pub(crate) async fn a_landing_without_a_user_has_no_link(store: Store) {
    let commit = Commit::new()
        .create(bare_account("account-1"))
        .create(full_hand_off(7))
        .create(bare_link("account-1", "user-1"));
    store.commit(commit, deadline()).await.unwrap();
    let found = landing(&store, "account-1", None).await;
    assert!(found.account.is_some());
    assert!(found.replay.is_some());
    assert!(found.link.is_none());
}

pub(crate) async fn two_users_of_one_account_stay_apart(store: Store) {
    let (first, second) = (
        full_link("account-1", "user-1"),
        bare_link("account-1", "user-2"),
    );
    let commit = Commit::new().create(&first).create(&second);
    store.commit(commit, deadline()).await.unwrap();
    for (who, link) in [("user-1", first), ("user-2", second)] {
        let found = landing(&store, "account-1", Some(who)).await;
        assert!(found.link.unwrap().record == link, "{who}");
    }
    let stranger = landing(&store, "account-1", Some("user-3")).await;
    assert!(stranger.link.is_none());
}

pub(crate) async fn two_accounts_of_one_user_stay_apart(store: Store) {
    let (first, second) = (
        full_link("account-1", "user-1"),
        bare_link("account-2", "user-1"),
    );
    let commit = Commit::new()
        .create(bare_account("account-1"))
        .create(full_account("account-2"))
        .create(&first)
        .create(&second);
    store.commit(commit, deadline()).await.unwrap();
    for link in [first, second] {
        let found = store.link(&link.account, &user("user-1"), deadline()).await;
        assert!(found.unwrap().unwrap().record == link);
    }
    let links = store.links_of(&account_id("account-2"), deadline()).await;
    assert_eq!(links.unwrap().len(), 1);
    let found = landing(&store, "account-2", Some("user-1")).await;
    assert_eq!(found.account.unwrap().record, full_account("account-2"));
}
