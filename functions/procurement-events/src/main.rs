//! The procurement events function.

function_runtime::function_main!(
    procurement_events,
    "receives the Marketplace's events about accounts and orders, and keeps both up to date with Google"
);
