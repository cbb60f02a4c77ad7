//! What the contract in `tests/contract` cannot show through the public interface: documents that this version would
//! not write. As there, every test runs in memory and on the Firestore emulator.

mod earlier_version;
mod raw;
mod rollout;
mod walks;

macro_rules! on_both_stores {
    ($($module:ident: $($name:ident),+;)+) => {
        mod memory {
            use crate::Store;

            $($(
                #[tokio::test]
                async fn $name() {
                    crate::tests::$module::$name(Store::memory()).await;
                }
            )+)+
        }

        // `scripts/check.sh --fast` leaves these out by this name: it has no emulator.
        mod in_emulator {
            $($(
                #[tokio::test]
                async fn $name() {
                    crate::tests::$module::$name(crate::tests::raw::emulated_store()).await;
                }
            )+)+
        }
    };
}

on_both_stores! {
    walks:
        a_walk_goes_past_an_unreadable_document_in_the_middle,
        a_walk_goes_past_an_unreadable_document_at_the_end_of_a_page,
        a_walk_goes_past_pages_of_nothing_but_unreadable_documents,
        every_walk_goes_past_what_is_unreadable,
        one_unreadable_text_does_not_hide_the_others_of_its_account,
        what_is_taken_along_goes_past_what_is_unreadable,
        unreadable_rows_of_the_ledger_are_counted,
        an_unreadable_entry_does_not_stop_the_outbox_and_stays,
        a_count_of_orders_goes_past_an_unreadable_one,
        what_a_decision_rests_on_is_not_passed_over,
        a_store_with_one_unreadable_account_is_not_empty;
    rollout:
        an_account_of_the_earlier_version_keeps_its_meaning,
        an_account_that_the_earlier_version_closed_is_closed,
        an_order_of_the_earlier_version_keeps_its_meaning,
        a_plan_that_the_earlier_version_cannot_read_is_none_to_it,
        news_of_the_earlier_version_have_no_place,
        nothing_of_the_earlier_version_changes_by_being_stored_again,
        the_earlier_version_takes_nothing_from_an_account,
        the_earlier_version_takes_nothing_from_an_order,
        the_earlier_version_takes_nothing_from_news,
        the_earlier_version_takes_nothing_from_a_cursor;
}
