//! Two who bring one customer further at once, in every pair and in a forced order: the first is stopped until the
//! second has ended. Both end well, and what is left is what one of them would have left.

#![cfg(test)]

mod actor;
mod back_office;
mod commits;
mod customers;
mod function;
mod left;
mod news;
mod overtaking;
mod pairs;
mod rejections;
mod world;

function_tests::on_each_store! {
    memory: store::Store::memory;
    firestore: function_tests::emulator::new_store;
    pairs:
        a_form_that_waits_for_google_is_overtaken_by_each,
        a_sign_in_that_waits_for_google_is_overtaken_by_each,
        a_post_that_waits_for_google_is_overtaken_by_each,
        an_event_that_waits_for_google_is_overtaken_by_each,
        a_reconciliation_that_waits_for_google_is_overtaken_by_each,
        a_colleague_who_waits_for_google_is_overtaken_by_each,
        an_operator_who_waits_for_google_is_overtaken_by_each;
    rejections:
        a_rejection_that_waits_for_google_is_overtaken_by_each,
        a_rejection_overtakes_each_who_waits_for_google;
}
