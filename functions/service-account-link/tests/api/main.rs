//! Service account links over real HTTP, beside the simulated Google. Every scenario runs over the
//! store in memory and over the Firestore emulator.

#![cfg(test)]

mod callers;
mod crowd;
#[path = "../support/customer.rs"]
mod customer;
mod cut_off;
#[path = "../support/environment.rs"]
mod environment;
mod faults;
mod function;
mod links;
mod no_access;
mod parameters;
mod returning;
mod tampered;

function_tests::on_each_store! {
    memory: store::Store::memory();
    firestore: function_tests::emulator::new_store();
    callers:
        nobody_is_let_in_without_the_right_identity,
        only_one_address_answers_and_only_to_a_post;
    links:
        the_first_call_makes_a_service_account_and_every_later_one_finds_it,
        the_usual_call_asks_google_nothing,
        every_user_of_an_account_gets_the_same_service_account,
        every_account_gets_its_own_service_account;
    parameters:
        what_is_asked_for_stands_in_the_address,
        a_body_that_is_not_the_documented_one_is_refused,
        a_parameter_that_may_not_stand_in_the_address_is_refused;
    no_access:
        a_customer_without_access_gets_no_link_and_no_service_account;
    returning:
        an_account_that_was_disabled_at_the_end_of_access_is_enabled_again,
        an_access_that_ends_while_it_is_given_back_stays_ended,
        what_is_about_to_be_enabled_is_stored_before,
        what_could_not_be_disabled_again_is_recorded_as_maybe_working,
        two_requests_that_give_access_back_agree,
        a_first_call_is_answered_although_the_account_changes_meanwhile;
    tampered:
        what_somebody_disabled_is_reported_and_stays_disabled,
        what_somebody_deleted_is_reported_and_not_made_again,
        what_somebody_made_again_is_reported,
        what_was_not_made_for_this_customer_is_not_adopted,
        a_new_service_account_that_is_not_found_is_no_deleted_one;
    faults:
        a_missing_permission_is_named_with_its_project,
        a_full_project_says_what_to_do,
        trouble_at_google_is_worth_another_try,
        a_google_that_never_answers_is_given_up,
        an_answer_that_was_lost_is_made_up_for;
    cut_off:
        a_crash_between_creation_and_storing_is_completed_by_the_next_call,
        a_call_cut_off_at_any_point_is_completed_by_the_next;
    crowd:
        a_hundred_first_calls_at_once_make_one_service_account,
        a_crowd_needs_no_google_that_knows_new_accounts_at_once,
        a_hundred_customers_at_once_have_a_hundred_service_accounts;
}
