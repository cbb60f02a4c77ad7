//! The service account link function.

function_runtime::function_main!(
    service_account_link,
    "gives each customer a service account, and links to Google's page to grant it access"
);
