//! What goes wrong with sign-ins on request, beside faults.

use std::sync::Arc;

use serde_json::Value;

use crate::tokens::{IdentityClaims, SigningKey};

/// Who comes back from the account chooser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chooser {
    /// The account that was chosen.
    #[default]
    AsChosen,
    /// [`stranger`](crate::Simulator::stranger), independently of the choice.
    SomebodyElse,
}

type WriteToken = dyn Fn(IdentityClaims, &SigningKey) -> String + Send + Sync;
type WriteAnswer = dyn Fn(Value) -> Value + Send + Sync;

/// All switches. By default everything is as at Google.
#[derive(Clone, Default)]
pub(crate) struct Switches {
    pub(crate) chooser: Chooser,
    pub(crate) id_token: Option<Arc<WriteToken>>,
    pub(crate) token_answer: Option<Arc<WriteAnswer>>,
    pub(crate) user_info: Option<Arc<WriteAnswer>>,
}
