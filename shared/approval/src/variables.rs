//! The environment variables that every function that approves has.

use function_runtime::variables::PRODUCTS;
use function_runtime::{Expected, Reader, Variable, parse};
use google_calls::GoogleApi;
use marketplace::{GoogleOrigin, Products, ProviderId};
use outbox::{Destination, Outbox, Topic};
use procurement::Procurement;
use store::Store;

use crate::Approvals;

/// Whose accounts and orders they are.
pub const PROCUREMENT_PROVIDER: Variable = Variable::required(
    "PROCUREMENT_PROVIDER",
    "the vendor's provider id in the Partner Procurement API",
);

/// What happens to orders that wait.
pub const APPROVAL_POLICY: Variable = Variable::required(
    "APPROVAL_POLICY",
    "entitlements that wait for approval: `auto` approves them, `manual` leaves them to the operator",
);

/// What happens to entitlements that wait for approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalPolicy {
    /// They are approved as soon as their account is.
    Auto,
    /// They wait for the operator.
    Manual,
}

/// What a vendor configures about approval.
#[derive(Debug, Clone)]
pub struct ApprovalSettings {
    /// Read from `PROCUREMENT_PROVIDER`.
    pub provider: ProviderId,
    /// Read from `PRODUCTS`.
    pub products: Products,
    /// Read from `APPROVAL_POLICY`.
    pub policy: ApprovalPolicy,
    /// Read from `EVENTS_TOPIC`.
    pub topic: Option<Topic>,
}

impl ApprovalSettings {
    /// Reads them. `None` after a problem was recorded.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let provider = reader.required(&PROCUREMENT_PROVIDER, provider);
        let products = reader.required(&PRODUCTS, parse::products);
        let policy = reader.required(&APPROVAL_POLICY, policy);
        let topic = Topic::read(reader);
        Some(Self {
            provider: provider?,
            products: products?,
            policy: policy?,
            topic: topic?,
        })
    }

    /// The approvals and the outbox over one store.
    pub fn build(
        self,
        store: &Store,
        google: &GoogleOrigin,
        api: GoogleApi,
    ) -> (Approvals, Outbox) {
        let mut outbox = Outbox::new(store.clone());
        if let Some(topic) = self.topic {
            let provider = self.provider.clone();
            let destination = Destination { topic, provider };
            outbox = outbox.publishing_to(&destination, google, api.clone());
        }
        let procurement = Procurement::new(google, self.provider, api);
        let approvals = Approvals::new(procurement, store.clone(), self.products, self.policy);
        (approvals, outbox)
    }
}

fn provider(text: &str) -> Result<ProviderId, Expected> {
    ProviderId::parse(text).map_err(|_| "a provider id, such as example-partner".into())
}

fn policy(text: &str) -> Result<ApprovalPolicy, Expected> {
    let policies = [ApprovalPolicy::Auto, ApprovalPolicy::Manual];
    parse::one_of(text, &["auto", "manual"], policies)
}
