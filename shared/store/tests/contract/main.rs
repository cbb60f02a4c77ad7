//! One contract for both stores: every test below runs in memory and on the Firestore emulator.
//! What only Firestore can do (fail, and be written to by others) has its own tests.

#![cfg(test)]

mod commits;
mod emulator;
mod expiry;
mod faults;
mod journal;
mod landing;
mod ownership;
mod proxy;
mod queries;
mod records;
mod samples;
mod usage;
mod usage_reading;
mod usage_samples;
mod wide_ids;
mod wire;

macro_rules! contract {
    ($($module:ident: $($name:ident),+;)+) => {
        mod memory {
            use store::Store;

            $($(
                #[tokio::test]
                async fn $name() {
                    crate::$module::$name(Store::memory()).await;
                }
            )+)+
        }

        mod firestore {
            use crate::emulator;

            $($(
                #[tokio::test]
                async fn $name() {
                    crate::$module::$name(emulator::store()).await;
                }
            )+)+
        }
    };
}

contract! {
    records:
        a_full_record_of_each_kind_comes_back,
        a_bare_record_of_each_kind_comes_back,
        an_unconfirmed_absence_and_rejection_come_back,
        a_value_can_be_taken_away,
        times_are_kept_to_the_microsecond,
        what_is_not_there_is_none;
    commits:
        a_second_create_conflicts,
        a_replace_demands_the_version_it_read,
        a_replace_of_nothing_conflicts,
        a_put_always_wins,
        every_change_has_its_own_version,
        a_write_that_changes_nothing_keeps_the_version,
        one_failed_precondition_leaves_nothing,
        an_unchanged_document_lets_a_commit_pass,
        a_changed_document_stops_a_commit,
        a_deleted_document_is_gone_and_may_be_created_again,
        deleting_nothing_is_no_error,
        an_empty_commit_is_no_error,
        two_writes_to_one_document_are_refused,
        a_malformed_id_is_refused,
        of_a_hundred_concurrent_creates_one_wins,
        of_many_concurrent_replaces_none_is_lost;
    expiry:
        an_expired_session_is_as_if_it_were_not_there,
        an_expired_hand_off_is_as_if_it_were_not_there,
        an_expired_event_is_as_if_it_were_not_there,
        an_expired_hand_off_is_missing_from_a_landing,
        only_a_store_of_several_processes_has_a_clock;
    landing:
        a_landing_has_all_parts,
        a_landing_of_a_stranger_is_empty,
        a_landing_without_a_user_has_no_link,
        two_users_of_one_account_stay_apart,
        two_accounts_of_one_user_stay_apart;
    queries:
        an_account_has_its_own_entitlements_all_of_them,
        an_account_has_its_own_links,
        accounts_are_paged_through,
        entitlements_are_paged_through,
        entitlements_are_found_by_their_state_and_by_what_they_wait_for,
        the_outbox_is_read_in_batches,
        an_account_s_sessions_can_be_deleted,
        events_are_found_by_their_outcome,
        a_job_goes_on_where_it_was;
    journal:
        a_line_comes_back_with_who_why_and_what_was_typed,
        a_line_about_the_deployment_belongs_to_no_account_and_has_no_text,
        lines_of_an_account_are_in_the_order_of_their_times,
        the_journal_is_paged_through,
        a_line_written_twice_is_one_line,
        what_was_typed_can_be_deleted_and_the_line_stays;
    ownership:
        an_empty_store_is_claimed,
        a_store_with_an_account_and_no_owner_is_not_claimed_and_not_refused,
        a_store_with_an_order_and_no_owner_is_not_claimed_and_not_refused,
        a_store_of_another_provider_is_refused,
        a_store_without_owner_can_be_claimed_when_it_is_not_empty,
        of_two_that_claim_at_once_one_wins,
        an_owner_is_believed_for_a_minute,
        another_owner_is_never_believed;
    usage:
        a_full_record_of_each_kind_of_usage_comes_back,
        a_bare_record_of_each_kind_of_usage_comes_back,
        what_some_records_meet_is_read_at_once,
        some_entitlements_are_read_in_the_order_asked_for,
        a_commit_of_usage_stops_at_a_gate_that_moved,
        usage_is_found_by_entitlement_and_window,
        usage_is_paged_through,
        reports_are_found_by_their_state;
    usage_reading:
        a_reading_comes_back_and_is_kept_under_its_meter;
    wide_ids:
        orders_come_back_by_their_ids,
        orders_are_paged_through_by_their_ids,
        an_order_of_the_account_is_no_other_one_at_a_landing,
        usage_is_found_by_them,
        meters_gates_and_readings_come_back_by_them,
        a_plan_of_any_name_comes_back,
        a_link_may_name_them;
}
