//! Many events, shuffled and repeated, many at a time.

mod run;

use std::collections::BTreeSet;

use marketplace_simulator::Push;
use store::Store;

use run::{Crowd, Size};

use crate::function::{AUDIENCE, PUSH, TestFunction};

pub(crate) async fn a_shuffled_crowd_ends_at_what_google_says(store: Store) {
    // As much as a debug build does within half a minute; `scripts/bench.sh` has all of 10,000
    // events over 500 orders, on both stores.
    let size = match store {
        Store::Memory(_) => Size {
            events: 2_000,
            entitlements: 100,
        },
        Store::Firestore(_) => Size {
            events: 800,
            entitlements: 40,
        },
    };
    let function = TestFunction::start(store).await;
    let push = Push::to(&format!("{}/events", function.origin), PUSH, AUDIENCE);
    let mut crowd = Crowd::new(function.simulator.clone(), function.store.clone());
    let figures = crowd.run(size, push).await.unwrap();
    println!("{figures}");
    assert!(figures.events >= size.events, "{figures:?}");
    assert!(figures.deliveries > figures.events, "{figures:?}");
    assert_eq!(crowd.differences().await.unwrap(), Vec::<String>::new());

    let orders = function.simulator.entitlements();
    assert_eq!(orders.len(), size.entitlements);
    assert!(orders.iter().any(|it| it.plan.as_str() != "starter-plan"));
    assert!(orders.iter().any(|it| !it.state.is_live()));
    let notified: BTreeSet<_> = function
        .published()
        .into_iter()
        .filter(|event| event["type"] == "portico.access.granted")
        .map(|event| event["id"].to_string())
        .collect();
    let count = notified.len();
    assert!(count >= size.entitlements / 2, "{count}");
    function.reconcile().await;
    assert_eq!(crowd.differences().await.unwrap(), Vec::<String>::new());
}
