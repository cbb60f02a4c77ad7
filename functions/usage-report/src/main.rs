//! The usage report function.

function_runtime::function_main!(
    usage_report,
    "records what customers use and reports it to Google's Service Control API"
);
