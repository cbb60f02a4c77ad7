//! The settings of every function that approves.

use function_runtime::variables::PRODUCTS;
use function_runtime::{Expected, Reader, parse};
use google_calls::{Credentials, Http};
use marketplace::{GoogleOrigin, Products, ProviderId};
use procurement::Procurement;
use store::Store;

use crate::{ApprovalPolicy, Approvals, Outbox, Topic};

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

/// The variables these settings are read from.
pub mod variables {
    use function_runtime::Variable;

    /// The vendor.
    pub const PROCUREMENT_PROVIDER: Variable = Variable::required(
        "PROCUREMENT_PROVIDER",
        "the vendor's provider id in the Partner Procurement API",
    );

    /// The policy.
    pub const APPROVAL_POLICY: Variable = Variable::required(
        "APPROVAL_POLICY",
        "entitlements that wait for approval: `auto` approves them, `manual` leaves them to the operator",
    );

    /// The topic.
    pub const EVENTS_TOPIC: Variable = Variable::optional(
        "EVENTS_TOPIC",
        "Pub/Sub topic of the vendor's that hears of changes, such as projects/PROJECT/topics/TOPIC",
    );
}

impl ApprovalSettings {
    /// Reads them. `None` after a problem was noted.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let provider = reader.required(&variables::PROCUREMENT_PROVIDER, provider);
        let products = reader.required(&PRODUCTS, parse::products);
        let policy = reader.required(&variables::APPROVAL_POLICY, policy);
        let topic = reader.optional(&variables::EVENTS_TOPIC, topic);
        Some(Self {
            provider: provider?,
            products: products?,
            policy: policy?,
            topic: topic?,
        })
    }

    /// What approves and what tells of it, over one store.
    pub fn build(
        self,
        store: &Store,
        google: &GoogleOrigin,
        (http, credentials): (Http, Credentials),
    ) -> (Approvals, Outbox) {
        let outbox = Outbox::new(store.clone());
        let outbox = match &self.topic {
            None => outbox,
            Some(topic) => {
                let connection = (google, http.clone(), credentials.clone());
                outbox.leading_to(topic, &self.provider, connection)
            }
        };
        let procurement = Procurement::new(google, self.provider, http, credentials);
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

fn topic(text: &str) -> Result<Topic, Expected> {
    Topic::parse(text).ok_or("a topic, such as projects/PROJECT/topics/TOPIC".into())
}
