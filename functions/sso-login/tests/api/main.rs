//! Login over real HTTP, beside the simulated Marketplace. Every scenario runs over the store in
//! memory and over the Firestore emulator; what a scenario needs of one store alone has its own tests.
//!
//! What sign-up leaves behind is put into the store as sign-up does it: the two functions know each
//! other by nothing but the store.

#![cfg(test)]

mod accounts;
mod crowd;
mod customers;
mod function;
mod interrupted;
mod key_faults;
mod known;
mod many_orders;
mod order_list;
mod orders;
mod orders_forged;
mod orders_tabs;
mod replay;
mod request_faults;
mod round_trips;
mod sign_in;
mod sign_in_callback;
mod signing_faults;
mod store_faults;
mod token_faults;
mod wiretap;
mod without_sso;

function_tests::on_each_store! {
    memory: crate::function::Setup::memory();
    firestore: crate::function::Setup::firestore();
    accounts:
        the_page_of_an_unregistered_account_says_how_to_register,
        an_account_that_is_not_approved_is_under_way,
        a_rejected_account_is_asked_to_contact_us,
        the_page_of_a_closed_account_says_how_to_register_again,
        nobody_is_let_in_by_an_earlier_hand_off_or_link,
        an_account_without_any_order_is_let_in,
        an_account_whose_last_order_google_moved_away_is_let_in_without_access,
        customers_are_let_in_although_the_store_belongs_to_another_provider;
    crowd:
        a_hundred_logins_of_a_new_user_by_one_token_are_one_link_and_one_hand_off,
        a_hundred_logins_of_a_new_user_by_a_hundred_tokens_are_one_link,
        a_hundred_colleagues_are_a_hundred_links;
    interrupted:
        an_account_rejected_during_a_login_is_not_let_in,
        an_order_cancelled_during_a_login_is_not_named,
        an_order_is_opened_although_the_account_changes_meanwhile,
        a_sign_in_is_completed_although_the_account_changes_meanwhile,
        a_link_erased_during_a_login_is_made_again_without_its_profile;
    known:
        a_known_customer_is_handed_over,
        a_colleague_is_linked_at_the_first_login,
        a_customer_from_before_signs_in_at_once,
        what_sign_up_once_stored_as_it_was_pasted_is_cleaned,
        a_login_changes_nothing_but_the_link,
        a_login_in_the_same_minute_leaves_the_link_as_it_is,
        two_accounts_of_one_user_stay_apart,
        the_page_for_a_role_that_is_not_accepted_says_whom_to_ask,
        a_token_without_a_user_is_refused,
        unknown_roles_are_carried_and_grant_nothing,
        the_accepted_roles_are_configured;
    many_orders:
        a_customer_with_256_orders_chooses_one,
        a_customer_with_256_orders_signs_in_and_chooses_one,
        an_order_and_a_plan_with_wide_names_are_listed_and_opened;
    orders:
        one_order_is_named_in_the_hand_off,
        one_order_that_ended_is_not_named,
        one_order_of_another_account_is_not_named,
        one_order_of_a_product_that_is_not_served_is_not_named,
        one_order_that_the_store_does_not_know_is_named,
        one_that_is_left_beside_ended_ones_is_named,
        several_orders_are_listed_and_one_is_chosen,
        a_choice_leaves_a_session_and_nothing_else,
        a_new_user_is_linked_by_the_choice;
    orders_forged:
        a_choice_without_its_confirmation_changes_nothing,
        a_choice_in_another_browser_is_over,
        an_unknown_landing_is_over,
        a_session_that_expired_is_over,
        a_session_of_sign_up_is_none_of_login,
        a_choice_is_read_strictly,
        an_order_that_is_not_in_the_token_is_not_opened;
    orders_tabs:
        an_order_cancelled_while_the_list_was_open_is_not_opened,
        an_order_that_moved_to_another_account_is_not_opened,
        when_every_order_has_ended_the_customer_goes_on_without_one,
        an_account_rejected_while_the_list_was_open_is_not_let_in,
        roles_are_checked_again_with_the_choice,
        a_double_click_is_one_hand_off,
        a_choice_that_is_sent_again_gets_the_same_hand_off,
        a_list_that_is_opened_again_afterwards_leads_to_the_login_page,
        two_tabs_with_one_token_get_one_hand_off,
        two_tabs_with_two_accounts_do_not_mix,
        a_token_that_expired_while_the_list_was_open_does_not_matter;
    replay:
        a_repeated_token_gets_the_same_hand_off,
        a_repeated_token_keeps_its_chosen_order,
        a_chosen_order_that_ended_is_not_handed_over_again,
        a_token_whose_hand_off_is_over_leads_to_the_login_page,
        a_token_spent_at_sign_up_gets_the_same_hand_off_at_login,
        a_token_spent_at_sign_up_long_ago_leads_to_the_login_page,
        a_token_spent_at_login_is_known_to_sign_up,
        a_new_token_gets_a_new_hand_off;
    sign_in:
        the_right_person_is_handed_over,
        a_colleague_is_linked_by_the_sign_in_and_not_before,
        the_wrong_person_tries_again_with_the_account_chooser,
        a_customer_who_does_not_consent_may_try_again,
        the_right_person_chooses_an_order_and_no_other_does,
        a_list_from_before_sign_in_was_required_is_over,
        a_customer_who_is_not_let_in_is_not_sent_to_google,
        a_token_that_was_handed_off_is_given_only_to_its_user;
    sign_in_callback:
        a_callback_is_of_the_browser_and_the_landing_that_began,
        a_callback_that_is_replayed_leads_to_the_same_hand_off,
        a_callback_that_is_replayed_leads_back_to_the_list,
        a_callback_of_an_attempt_that_is_over_asks_for_another_try,
        a_callback_after_the_session_expired_is_over;
    token_faults:
        a_token_for_another_audience_is_refused;
}
