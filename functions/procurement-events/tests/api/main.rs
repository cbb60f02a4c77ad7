//! Procurement events over real HTTP, beside the simulated Marketplace. Every scenario runs over
//! the store in memory and over the Firestore emulator.
#![cfg(test)]

mod absences;
mod approvals;
mod brake;
mod callers;
mod clocks;
mod confirmed;
mod crowd;
mod customers;
mod deletions;
mod described;
mod earlier;
#[path = "../support/environment.rs"]
mod environment;
mod erased;
mod faults;
mod function;
mod healed;
mod hundred;
mod interrupted;
mod malformed;
mod moved;
mod notifications;
mod personal_data;
mod providers;
mod pubsub;
#[path = "../support/pushed.rs"]
mod pushed;
mod reconcile;
mod refuted;
mod rejected;
mod results;
#[path = "../support/sign_up.rs"]
mod sign_up;
mod store_contention;
mod store_faults;
mod terms;
mod unknown_types;
mod unreadable;
mod walks;
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
    confirmed:
        an_absent_account_is_closed_after_a_day,
        an_absent_order_is_ended_after_a_day,
        an_old_count_confirms_nothing;
    refuted:
        an_account_that_is_found_while_its_absence_is_confirmed_stays_open,
        an_order_that_is_found_while_its_absence_is_confirmed_stays_in_force,
        an_account_that_google_has_is_found_behind_many_closed_ones,
        what_stays_unknown_is_asked_for_during_an_hour;
    brake:
        many_absent_accounts_wait_for_an_operator,
        many_absent_orders_wait_for_an_operator,
        of_a_single_account_an_operator_decides,
        while_google_finds_nothing_nobody_is_closed,
        without_another_account_that_is_found_nobody_is_closed,
        accounts_that_cannot_be_read_count_as_absent;
    providers:
        a_store_of_another_provider_is_left_alone,
        a_store_of_nobody_is_adopted_once_an_account_is_found,
        a_store_of_nobody_without_an_account_that_is_looked_at_is_not_adopted;
    hundred:
        one_of_a_hundred_that_stays_absent_is_closed_and_no_other,
        of_a_hundred_that_are_all_absent_nobody_is_closed;
    clocks:
        an_instance_a_day_ahead_believes_no_absence_of_a_minute;
    healed:
        an_account_that_google_has_again_is_reopened,
        after_google_s_own_deletion_only_something_newer_reopens,
        an_erased_account_that_was_only_absent_is_reopened,
        an_order_that_google_has_again_is_in_force_again,
        an_order_that_google_deleted_is_reopened_by_a_change_alone;
    erased:
        a_closed_account_is_erased_after_a_month,
        without_a_delay_a_closed_account_is_erased_in_the_next_round,
        an_operator_holds_erasing_back_or_asks_for_it,
        google_is_asked_once_more_before_anything_is_erased,
        a_thousand_links_are_erased_in_several_commits,
        what_was_rejected_stays_rejected,
        which_service_account_was_disabled_is_known_after_erasing;
    moved:
        a_moved_order_ends_the_old_account_s_access,
        of_two_orders_one_that_is_moved_leaves_access,
        a_move_that_was_interrupted_is_finished_by_reconciliation;
    rejected:
        an_approval_on_its_way_is_rejected_again,
        a_rejection_that_never_reached_google_is_given_to_it,
        a_later_approval_at_google_is_followed,
        an_account_that_is_rejected_while_google_approves_it_gets_no_orders,
        a_refusal_confirms_no_rejection;
    walks:
        past_items_that_cannot_be_read_a_round_goes_on,
        an_order_whose_plan_cannot_be_read_is_followed,
        a_product_that_is_served_no_more_is_followed_to_its_end,
        a_list_that_google_does_not_give_for_long_keeps_no_other_part_waiting;
    terms:
        another_end_of_the_subscription_is_told_once,
        another_offer_is_told_once,
        each_news_has_its_place_and_the_state_of_all_orders;
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
        a_refused_approval_is_given_by_reconciliation,
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
    earlier:
        customers_from_before_come_in_without_news,
        the_application_is_told_of_customers_from_before_if_it_wants,
        what_another_integration_approves_later_is_news,
        an_event_before_the_first_round_is_news,
        beside_another_integration_nothing_is_approved_twice,
        with_the_manual_policy_the_other_integration_decides;
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
