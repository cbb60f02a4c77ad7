//! Usage reporting beside the simulated Google. Every scenario runs over the store in memory and
//! over the Firestore emulator.

#![cfg(test)]

mod any_minute;
mod callers;
mod customer_checks;
mod cut_off;
mod ends;
#[path = "../support/environment.rs"]
mod environment;
mod function;
mod google_faults;
mod large_hours;
mod month;
mod products;
mod providers;
mod recording;
mod refused_in_force;
mod reporting;
mod store_faults;
mod unreadable;

function_tests::on_each_store! {
    memory: store::Store::memory();
    firestore: function_tests::emulator::new_store();
    recording:
        a_record_is_stored_once,
        a_safe_repeat_outlives_its_metric,
        records_are_answered_one_by_one,
        a_key_stands_for_one_record_within_a_request_too,
        ten_thousand_records_fit_into_one_request,
        many_first_requests_at_once_lose_nothing,
        a_customer_who_never_was_active_uses_nothing;
    refused_in_force:
        a_refusal_of_an_order_in_force_calls_an_operator_once,
        a_refusal_of_an_order_that_has_ended_calls_nobody,
        usage_of_a_product_without_a_service_calls_an_operator;
    reporting:
        what_was_used_is_billed_hour_by_hour,
        late_usage_is_billed_in_the_open_window,
        a_cancelled_customer_s_last_window_is_sent_at_once,
        usage_after_an_end_that_was_not_known_yet_is_held,
        a_missing_reporting_id_waits,
        zeros_are_reported_where_that_is_wanted,
        labels_are_reported_where_that_is_wanted,
        without_labels_everything_is_one_operation,
        a_clock_that_stepped_back_closes_nothing,
        a_total_beyond_2_63_is_held,
        a_pause_of_days_leaves_no_gap;
    large_hours:
        an_hour_of_any_size_is_billed_over_several_calls,
        a_day_of_large_hours_is_billed_wherever_processes_end,
        reporters_at_once_read_everything_once,
        a_meter_that_changes_between_the_parts_changes_no_sum,
        a_position_in_another_period_is_ignored,
        usage_after_an_end_is_held_however_it_is_read,
        usage_after_the_end_of_a_long_hour_is_held_apart,
        usage_of_an_entitlement_that_ended_as_it_began_is_held,
        more_sets_of_labels_than_fit_are_billed_without;
    customer_checks:
        the_application_hears_once_of_a_customer_who_cannot_be_billed,
        two_orders_of_one_account_are_told_of_in_one_order,
        without_a_stored_account_nobody_is_told,
        an_order_that_is_moved_while_it_is_stopped_is_told_to_the_new_account,
        what_google_says_of_an_earlier_consumer_stops_nobody,
        a_wrong_set_up_and_a_google_that_is_down_stop_nobody;
    google_faults:
        a_definite_refusal_is_kept_with_its_reason,
        what_is_not_known_is_sent_again_unchanged,
        an_answer_that_stays_unknown_calls_an_operator_after_two_hours,
        a_lost_answer_is_made_up_for,
        errors_in_an_answer_of_200_are_failures,
        a_google_that_hangs_does_not_keep_windows_open;
    ends:
        an_absence_closes_nothing_until_it_is_confirmed,
        an_absence_that_passes_changes_nothing,
        rows_of_an_absent_order_are_sent,
        an_order_that_is_back_is_open_from_the_next_full_hour,
        usage_of_an_order_that_is_back_opens_it,
        an_order_that_is_absent_again_is_not_opened,
        usage_of_a_gap_is_taken_although_late_usage_is_refused,
        what_was_held_stays_held_when_the_order_is_back,
        an_order_is_not_opened_while_its_last_hours_are_read,
        an_hour_that_an_earlier_version_has_read_in_part_is_split,
        usage_for_a_window_without_time_in_force_is_held;
    any_minute:
        an_end_at_any_minute_bills_what_was_before_it_once;
    providers:
        a_store_of_another_provider_takes_and_reports_nothing,
        orders_of_another_provider_are_not_looked_at;
    products:
        each_product_is_reported_to_its_own_service,
        usage_of_a_product_without_a_service_is_refused_by_name,
        rows_of_a_product_without_a_service_wait;
    cut_off:
        a_report_cut_off_in_any_call_is_completed_by_the_next,
        a_closing_that_a_crash_left_is_finished,
        rows_that_a_crash_left_are_sent_once,
        reporters_at_once_bill_everything_once,
        records_and_reports_at_once_lose_nothing;
}
