//! What the application hears.

use std::collections::BTreeSet;

use marketplace_simulator::Simulator;

pub(crate) const GRANTED: &str = "portico.access.granted";
pub(crate) const SIGNED_UP: &str = "portico.account.signed-up";

/// The types of all news about the only customer, in their order, after the checks that are always made: nothing is
/// told twice, and each has a later place than the one before.
pub(crate) fn news(simulator: &Simulator) -> Vec<String> {
    let (mut ids, mut types, mut last) = (BTreeSet::new(), Vec::new(), String::new());
    for message in simulator.published().all() {
        let event = message.json();
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        // Pub/Sub may get one more than once, which its id shows.
        if !ids.insert(text("id")) {
            continue;
        }
        let place = text("sequence");
        assert!(place > last, "{event} comes after {last}");
        last = place;
        types.push(text("type"));
    }
    let different: BTreeSet<_> = types.iter().collect();
    assert_eq!(different.len(), types.len(), "twice: {types:?}");
    types
}
