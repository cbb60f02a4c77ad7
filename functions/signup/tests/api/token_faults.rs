//! Tokens that break a rule: one page for all, and nothing is stored or asked.

pub(crate) use function_tests::broken_tokens::a_token_for_another_audience_is_refused;
use function_tests::broken_tokens::all_are_refused_alike;

use crate::function::{Setup, TestFunction};

function_tests::broken_token_tests!(TestFunction);

#[tokio::test]
async fn every_broken_rule_is_a_401_where_there_is_a_form_too() {
    let function = Setup::memory().form().start().await;
    all_are_refused_alike(&function, &function.buyer()).await;
}
