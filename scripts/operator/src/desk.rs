//! What every decision needs: Google, the store and the operator.

use std::time::Duration;

use google_calls::{Credentials, GoogleApi, Http};
use marketplace::{Deadline, Products};
use procurement::{Entitlement, Procurement, ProcurementError};
use store::Store;

use crate::config::Config;
use crate::failure::Failure;
use crate::terminal::Assent;

pub(crate) struct Desk {
    pub(crate) procurement: Procurement,
    pub(crate) store: Store,
    pub(crate) products: Products,
    pub(crate) assent: Assent,
}

impl Desk {
    pub(crate) fn new(config: Config, assent: Assent) -> Self {
        let credentials = Credentials::new(&config.google);
        let (provider, http) = (config.provider, Http::new());
        Self {
            procurement: Procurement::new(
                &config.google,
                provider,
                GoogleApi::new(http, credentials),
            ),
            store: Store::firestore(config.store),
            products: config.products,
            assent,
        }
    }

    /// Whether this deployment serves the entitlement's product.
    pub(crate) fn serves(&self, entitlement: &Entitlement) -> bool {
        let product = entitlement.product_id();
        product.is_some_and(|product| self.products.serves(&product))
    }
}

/// How long one call may take. A person waits for it, and it may be the first of a cold database.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

/// A call that was made, or one of which only reading again tells whether it took effect.
pub(crate) struct Made(Option<ProcurementError>);

impl Made {
    /// A refusal may mean that somebody else was faster, and without an answer the call may have
    /// taken effect: Google knows which. Every other failure is final.
    pub(crate) fn of(result: Result<(), ProcurementError>) -> Result<Self, ProcurementError> {
        match result {
            Ok(()) => Ok(Self(None)),
            Err(error @ ProcurementError::Refused(_)) => Ok(Self(Some(error))),
            Err(error) if error.may_have_taken_effect() => Ok(Self(Some(error))),
            Err(error) => Err(error),
        }
    }

    /// Whether Google took the call.
    pub(crate) fn was_accepted(&self) -> bool {
        self.0.is_none()
    }

    /// What follows when Google does not show the effect; `seen` says what it shows.
    pub(crate) fn without_effect(self, seen: String) -> Failure {
        self.0.map_or(Failure::NotSeen(seen), Failure::from)
    }
}
