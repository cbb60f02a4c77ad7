//! Configuration: environment variables, declared as data and read once at start.

mod base;
mod env;
pub mod parse;
mod public_url;
mod reader;
mod secret;
mod store_settings;
mod table;
mod test_seams;
mod variable;
pub mod variables;

pub(crate) use base::log_level;
pub use base::{Base, google_origin};
pub use env::{Env, MapEnv, ProcessEnv};
pub use parse::Expected;
pub use public_url::PublicUrl;
pub use reader::{Problem, ProblemKind, Problems, Reader};
pub use secret::Secret;
pub use store_settings::StoreSettings;
pub use table::{markdown_table, usage};
pub use variable::{Presence, Variable};
