//! Procurement events over real HTTP, beside the simulated Marketplace. Every scenario runs over
//! the store in memory and over the Firestore emulator.
#![cfg(test)]

mod absences;
mod approvals;
mod callers;
mod crowd;
mod customers;
mod deletions;
#[path = "../support/environment.rs"]
mod environment;
mod faults;
mod function;
mod interrupted;
mod malformed;
mod notifications;
mod pubsub;
#[path = "../support/pushed.rs"]
mod pushed;
mod reconcile;
mod results;
#[path = "../support/sign_up.rs"]
mod sign_up;
mod store_contention;
mod store_faults;
mod unknown_types;
mod unreadable;
mod whole_life;

function_tests::on_each_store! {
    memory: store::Store::memory();
    firestore: function_tests::emulator::new_store();
    callers:
        no_caller_is_admitted_without_the_right_identity,
        every_route_answers_to_its_own_caller_and_method_alone;
    malformed:
        an_unusable_message_is_kept_and_acknowledged,
        a_message_that_is_kept_is_kept_once,
        an_unknown_type_without_an_id_is_kept_and_acknowledged,
        ten_megabytes_are_acknowledged;
    unknown_types:
        an_order_s_event_of_an_unknown_type_is_followed,
        an_account_s_event_of_an_unknown_type_is_followed,
        an_order_s_message_without_a_type_is_followed;
    unreadable:
        an_order_of_no_account_is_kept_at_the_first_delivery,
        an_account_that_nobody_can_read_is_kept_at_the_first_delivery;
    approvals:
        a_purchase_before_the_sign_up_is_held,
        a_purchase_after_the_sign_up_is_approved,
        an_unfinished_sign_up_is_finished_by_an_event,
        a_rejected_account_s_purchase_waits,
        the_manual_policy_asks_for_patience_once,
        the_manual_policy_names_the_plan_to_a_customer_who_waits_for_one,
        a_plan_change_is_approved_by_policy,
        an_order_that_is_approved_and_begins_later_is_not_approved_again,
        an_order_that_is_approved_and_not_active_yet_is_acknowledged,
        an_operator_s_approval_at_google_is_stored,
        another_product_is_acknowledged_and_not_stored,
        the_last_of_two_orders_ends_access;
    absences:
        an_absence_is_no_end,
        an_account_s_absence_is_no_end,
        an_absence_that_was_none_is_forgotten;
    deletions:
        a_purged_entitlement_is_closed,
        an_older_deletion_of_an_order_ends_nothing,
        a_deleted_account_is_closed_and_not_erased,
        a_deleted_account_s_live_orders_end,
        a_deletion_before_the_last_sign_up_closes_nothing,
        a_deletion_replayed_after_a_month_closes_no_later_sign_up,
        only_a_deletion_of_that_resource_is_one,
        an_ended_access_disables_the_service_account,
        a_service_account_that_was_enabled_and_not_stored_so_is_disabled;
    faults:
        no_event_is_followed_in_the_store_of_another_provider,
        an_event_is_delivered_again_while_google_fails,
        an_answer_older_than_the_event_is_delivered_again,
        an_approval_without_an_answer_is_read_again,
        a_second_delivery_is_not_applied_again,
        a_later_repetition_without_receipts_changes_nothing;
    notifications:
        the_application_hears_each_change_once,
        a_failure_to_publish_is_made_up_for,
        without_a_topic_nothing_piles_up;
    reconcile:
        everything_that_was_missed_is_made_up_for,
        a_round_continues_where_it_was,
        it_says_how_many_wait_for_the_operator_and_since_when;
    whole_life:
        a_customer_s_whole_life_is_followed;
    interrupted:
        a_purchase_interrupted_after_any_call_is_completed_by_reconciliation;
    store_contention:
        of_two_orders_that_end_at_once_one_is_the_last,
        many_deliveries_to_one_account_converge,
        deliveries_and_reconciliation_at_once_converge;
    crowd:
        a_shuffled_crowd_ends_at_what_google_says;
}
