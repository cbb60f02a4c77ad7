//! The sign-up function.

function_runtime::function_main!(signup, "registers customers of Google Cloud Marketplace");
