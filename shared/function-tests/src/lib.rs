#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test states its expectations by failing, and this crate is only used in tests"
)]

pub mod broken_tokens;
pub mod browser;
mod collected;
pub mod configuration;
pub mod customer_function;
pub mod customers_program;
pub mod emulator;
pub mod environment;
pub mod firestore_proxy;
pub mod forged_identities;
pub mod hand_off;
pub mod log;
pub mod many_orders;
pub mod open_sign_in;
pub mod program;
pub mod records;
pub mod refused;
pub mod refused_heads;
pub mod request_faults;
pub mod setup;
pub mod signing_faults;
pub mod stored;
pub mod visited;
pub mod wire;

/// Makes two tests of each scenario of the calling crate: one over a store in memory, one over the
/// Firestore emulator.
#[macro_export]
#[expect(
    clippy::crate_in_macro_def,
    reason = "the scenarios are modules of the crate that calls it"
)]
macro_rules! on_each_store {
    (
        memory: $memory:expr;
        firestore: $firestore:expr;
        $($module:ident: $($name:ident),+;)+
    ) => {
        #[cfg(test)]
        mod memory {
            $(mod $module { $(
                #[tokio::test]
                async fn $name() {
                    crate::$module::$name($memory).await;
                }
            )+ })+
        }

        #[cfg(test)]
        mod firestore {
            $(mod $module { $(
                #[tokio::test]
                async fn $name() {
                    crate::$module::$name($firestore).await;
                }
            )+ })+
        }
    };
}
