//! Sign-up over real HTTP, beside the simulated Marketplace. Every scenario runs over the store in
//! memory and over the Firestore emulator; what a scenario needs of one store alone has its own tests.

#![cfg(test)]

mod auto;
mod closed;
mod crowd;
mod cut_off;
mod elsewhere;
mod form;
mod form_forged;
mod form_tabs;
mod function;
mod google_faults;
mod key_faults;
mod many_orders;
mod open_form;
mod other_provider;
mod pasted;
mod purchases;
mod raced;
mod refusals;
mod request_faults;
mod sign_in;
mod sign_in_callback;
mod sign_in_faults;
mod sign_in_refused;
mod sign_in_replayed;
mod signing_faults;
mod store_faults;
mod taken_back;
mod token_faults;
mod unclear;

function_tests::on_each_store! {
    memory: crate::function::Setup::memory();
    firestore: crate::function::Setup::firestore();
    auto:
        a_customer_who_bought_is_linked_approved_and_handed_over,
        a_repeated_token_gets_the_same_hand_off,
        a_token_whose_hand_off_is_over_leads_to_the_login_page,
        a_new_token_gets_a_new_hand_off,
        a_colleague_joins_the_account_as_a_new_user,
        two_accounts_of_one_user_stay_apart,
        the_application_is_notified_once,
        a_sign_up_is_no_news_before_google_has_approved_it,
        an_account_known_from_an_event_is_signed_up;
    closed:
        a_closed_account_is_reopened_by_a_newer_token,
        a_closed_account_is_not_reopened_by_an_older_token,
        a_rejected_account_stays_rejected_when_it_was_closed_and_erased,
        an_account_that_is_reopened_keeps_the_order_of_its_news,
        what_stayed_in_force_is_granted_again_when_the_account_is_reopened,
        a_sign_up_that_reopens_an_account_is_in_the_journal,
        a_known_user_is_no_new_one_when_the_account_is_reopened,
        every_sign_up_says_when_it_was_and_for_which_provider;
    crowd:
        a_hundred_sign_ups_by_one_token_are_one_hand_off,
        a_hundred_users_are_a_hundred_links_of_one_account,
        a_hundred_customers_do_not_wait_for_each_other;
    cut_off:
        a_sign_up_cut_off_after_any_call_is_completed_by_the_next_visit,
        a_form_cut_off_after_any_call_is_completed_when_it_is_sent_again,
        a_sign_in_cut_off_after_any_call_is_completed_by_another_try;
    elsewhere:
        an_order_that_is_stored_under_another_account_keeps_nobody_from_signing_up,
        nor_does_one_that_the_token_names;
    form:
        a_customer_registers_after_some_mistakes,
        a_landing_leaves_a_session_and_nothing_else,
        the_fields_are_configured,
        a_token_that_expired_while_the_form_was_open_does_not_matter,
        a_session_that_expired_is_over,
        a_known_customer_skips_the_form,
        a_colleague_fills_in_a_form_of_their_own,
        a_rejected_account_gets_no_form,
        an_account_that_is_rejected_while_the_form_is_open_is_told_so_before_it_is_filled_in,
        a_new_customer_of_an_account_deleted_before_gets_the_form,
        the_form_of_a_completed_registration_leads_to_the_login_page;
    form_forged:
        a_form_without_its_confirmation_changes_nothing,
        a_form_of_another_browser_is_nobodys,
        an_unknown_landing_is_over,
        a_form_is_read_strictly,
        there_is_no_form_in_mode_auto;
    form_tabs:
        a_form_that_is_refreshed_is_the_same_form,
        a_form_that_is_sent_again_gets_the_same_hand_off,
        a_double_click_is_one_registration,
        a_form_is_taken_although_the_account_changes_meanwhile,
        two_tabs_with_two_accounts_do_not_mix,
        two_tabs_with_one_account_end_in_one_registration,
        two_tabs_with_one_token_get_one_hand_off,
        a_token_stays_spent_as_long_as_any_of_its_forms_is_open;
    many_orders:
        a_customer_with_256_orders_signs_up_at_once,
        a_customer_with_256_orders_registers,
        a_customer_with_256_orders_signs_in_and_registers;
    other_provider:
        a_store_of_another_provider_registers_nobody,
        a_form_that_was_open_registers_nobody_there,
        a_sign_in_that_was_open_registers_nobody_there,
        an_empty_store_belongs_to_the_first_provider_that_registers_somebody,
        in_a_store_of_nobody_an_account_is_marked_only_when_google_has_found_it;
    pasted:
        a_phone_number_is_understood_as_address_books_write_it,
        every_field_is_cleaned_before_it_is_checked_and_stored,
        a_field_that_shows_nothing_is_empty,
        a_refusal_says_what_is_wrong_with_each_field,
        what_an_earlier_version_stored_is_cleaned_when_it_is_handed_over;
    purchases:
        manual_policy_leaves_entitlements_to_the_operator,
        an_entitlement_of_a_foreign_product_is_not_approved_nor_counted,
        a_foreign_entitlement_that_waits_goes_on_waiting,
        an_order_of_a_plan_with_any_name_is_approved,
        entitlements_of_several_pages_are_all_approved,
        an_entitlement_in_force_gives_live_access,
        one_that_ended_takes_nothing_from_one_in_force,
        entitlements_that_ended_give_no_access,
        an_activation_that_takes_its_time_is_no_failure,
        one_entitlement_that_google_refuses_does_not_hold_up_the_others,
        an_order_of_a_product_that_is_not_served_any_more_gives_access;
    raced:
        a_post_is_completed_although_an_event_stores_its_order_meanwhile,
        a_form_is_completed_although_an_event_stores_its_order_meanwhile,
        a_sign_in_is_completed_although_an_event_stores_its_order_meanwhile,
        a_colleague_is_linked_although_the_account_changes_meanwhile;
    refusals:
        an_account_rejected_at_google_stays_rejected,
        an_account_rejected_in_the_store_changes_nothing,
        an_account_rejected_after_a_hand_off_gets_no_second_one,
        a_token_older_than_the_accounts_deletion_is_refused,
        a_token_newer_than_the_accounts_deletion_begins_again,
        a_token_without_a_user_links_nobody,
        a_token_without_an_accepted_role_links_nobody,
        the_accepted_roles_are_configured,
        an_account_that_google_does_not_know_yet_is_completed_later;
    sign_in:
        the_right_person_is_signed_up,
        the_right_person_gets_the_form_and_no_other_gets_it,
        the_wrong_person_tries_again_with_the_account_chooser,
        a_customer_who_does_not_consent_may_try_again,
        a_known_customer_signs_in_too,
        a_rejected_account_is_not_sent_to_google,
        an_account_that_is_rejected_meanwhile_is_not_sent_to_google_again,
        a_token_whose_hand_off_is_over_is_not_sent_to_google,
        a_form_from_before_sign_in_was_required_is_over;
    sign_in_callback:
        a_callback_is_of_the_browser_that_began,
        a_callback_of_another_landing_is_not_exchanged,
        a_callback_after_the_session_expired_is_over,
        an_attempt_that_google_answered_is_used_up,
        two_tabs_sign_in_two_accounts;
    sign_in_replayed:
        a_callback_that_is_replayed_leads_to_the_same_hand_off,
        a_callback_that_is_replayed_leads_back_to_the_form,
        a_callback_that_is_replayed_too_late_leads_to_the_login_page,
        a_callback_that_comes_twice_at_once_is_one_registration;
    taken_back:
        an_account_whose_approval_google_took_back_is_approved_with_its_orders,
        one_order_that_google_refuses_does_not_keep_the_others_from_theirs,
        an_account_that_an_operator_rejected_since_is_not_approved_again;
    token_faults:
        a_token_for_another_audience_is_refused;
    unclear:
        an_account_that_google_reports_without_approvals_is_approved_once_a_visit,
        the_page_of_such_an_account_promises_no_time_and_says_whom_to_ask;
}
