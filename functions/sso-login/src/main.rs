//! The login function.

function_runtime::function_main!(
    sso_login,
    "signs customers in from Google Cloud Marketplace"
);
