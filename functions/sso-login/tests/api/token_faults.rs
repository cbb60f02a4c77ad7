//! Tokens that break a rule: one page for all, and nothing is stored or asked.

pub(crate) use function_tests::broken_tokens::a_token_for_another_audience_is_refused;

function_tests::broken_token_tests!(crate::function::TestFunction);
