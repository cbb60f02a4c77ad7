//! What the simulated Marketplace sells, and to whom it answers.

use std::time::Duration;

use marketplace::{PlanId, ProductId, ProviderId};

use crate::console::ServiceAccountPage;
use crate::metric::{Metric, ValueType};
use crate::service_accounts::Propagation;
use crate::service_control::UsageSettings;
use crate::sign_in::OAuthClient;

/// How the simulator is set up. [`Default`] is a vendor with one product of three plans.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The vendor: first segment of every resource name of the Procurement API.
    pub provider: ProviderId,
    /// What can be bought.
    pub products: Vec<Product>,
    /// `aud` of the Marketplace's tokens: the host name of the vendor's sign-up page.
    pub audience: String,
    /// Who approves orders and plan changes: the vendor, or nobody.
    pub approval: EntitlementApproval,
    /// Whether the product has account messages turned on.
    pub account_messages: AccountMessages,
    /// Of which year the messages' fields are.
    pub event_shape: EventShape,
    /// Full names of the vendor's own topics; publishing to any other is refused.
    pub topics: Vec<String>,
    /// How reported usage is taken.
    pub usage: UsageSettings,
    /// How many service accounts a project may have.
    pub service_account_quota: usize,
    /// When others find a service account that was just created.
    pub service_account_propagation: Propagation,
    /// The page on which customers grant service accounts access to their projects.
    pub service_account_page: ServiceAccountPage,
    /// Whether an approved entitlement is active at once or waits.
    pub activation: Activation,
    /// Whether a token carries `google.orders`: "multiple orders of the same product".
    pub orders_in_tokens: OrdersInTokens,
    /// The Google Cloud project that the metadata server tells.
    pub project: Project,
    /// E-mail of the service account that the program runs as: its tokens come from the metadata server.
    pub service_account: String,
    /// E-mail of the service account that signs hand-offs: `signJwt` is allowed for it alone.
    pub hand_off_signer: String,
    /// `max-age` and `Age` of the key endpoints.
    pub key_lifetime: KeyLifetime,
    /// `expires_in` of access tokens, the metadata server's and those of users.
    pub access_token_lifetime: Duration,
    /// What customers sign in to with Google.
    pub oauth_client: OAuthClient,
}

/// Something that the vendor sells.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Such as `product.endpoints.example-partner.cloud.goog`.
    pub id: ProductId,
    /// What the customer reads.
    pub title: String,
    /// At least one.
    pub plans: Vec<Plan>,
}

/// One way to pay for a product.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Such as `standard-plan`.
    pub id: PlanId,
    /// What the customer reads.
    pub title: String,
    /// The price as the customer reads it.
    pub price: String,
    /// How the plan is billed.
    pub billing: Billing,
    /// What usage is measured in; none if the price is fixed.
    pub metrics: Vec<Metric>,
}

/// How a plan is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billing {
    /// A fixed price.
    Flat,
    /// By usage: entitlements have a `usageReportingId`.
    Usage,
}

/// Who approves orders and plan changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntitlementApproval {
    /// The vendor: they wait for it.
    ByVendor,
    /// Nobody: Google goes on by itself, and no message asks.
    Automatic,
}

/// Whether the Marketplace tells of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMessages {
    /// The product has them turned on.
    Sent,
    /// Nobody hears of accounts.
    NotSent,
}

/// Which fields messages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventShape {
    /// Id and update time; of a plan change the plan.
    Of2020,
    /// Also plan, product, offer, order and benefits, and `newOfferDuration`.
    Of2025,
    /// The same with `newPendingOfferDuration`.
    Of2026,
}

/// When an approved entitlement becomes active. At Google it takes 10 to 20 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// In the moment of its approval.
    AtOnce,
    /// When [`advance`](crate::Simulator::advance) is called, or the clock of orders has moved on by
    /// 15 minutes.
    WhenAdvanced,
}

/// Whether the Marketplace's tokens name the customer's orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrdersInTokens {
    /// `google.orders` is absent: the feature is off, as it is by default.
    Absent,
    /// `google.orders` lists the account's orders that have not ended.
    Listed,
}

/// A Google Cloud project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Such as `example-project`.
    pub id: String,
    /// Such as `123456789012`.
    pub number: u64,
}

/// How long a caller may keep a key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyLifetime {
    /// `max-age` of `Cache-Control`.
    pub max_age: Duration,
    /// `Age`: how long a cache in between has kept it already.
    pub age: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            provider: id(ProviderId::parse("example-partner")),
            products: vec![Product::default()],
            audience: "signup.example.com".to_owned(),
            approval: EntitlementApproval::ByVendor,
            account_messages: AccountMessages::Sent,
            event_shape: EventShape::Of2026,
            topics: vec!["projects/example-project/topics/marketplace-changes".to_owned()],
            usage: UsageSettings::default(),
            service_account_quota: 100,
            service_account_propagation: Propagation::AtOnce,
            service_account_page: ServiceAccountPage::default(),
            activation: Activation::AtOnce,
            orders_in_tokens: OrdersInTokens::Absent,
            project: Project {
                id: "example-project".to_owned(),
                number: 123_456_789_012,
            },
            service_account: "signup@example-project.iam.gserviceaccount.com".to_owned(),
            hand_off_signer: "hand-off@example-project.iam.gserviceaccount.com".to_owned(),
            key_lifetime: KeyLifetime {
                max_age: Duration::from_secs(18_821),
                age: Duration::from_mins(1),
            },
            access_token_lifetime: Duration::from_secs(3_599),
            oauth_client: OAuthClient::default(),
        }
    }
}

impl Default for Product {
    fn default() -> Self {
        Self {
            id: id(ProductId::parse(
                "product.endpoints.example-partner.cloud.goog",
            )),
            title: "Example Analytics".to_owned(),
            plans: vec![
                Plan::new("starter-plan", "Starter", "$49 a month", Billing::Flat),
                Plan::new("standard-plan", "Standard", "$199 a month", Billing::Flat),
                Plan::new(
                    "usage-plan",
                    "Pay as you go",
                    "$0.02 a query, $0.005 a GiB",
                    Billing::Usage,
                )
                .metered(usage_metrics()),
            ],
        }
    }
}

impl Plan {
    fn new(plan: &str, title: &str, price: &str, billing: Billing) -> Self {
        Self {
            id: id(PlanId::parse(plan)),
            title: title.to_owned(),
            price: price.to_owned(),
            billing,
            metrics: Vec::new(),
        }
    }

    fn metered(mut self, metrics: Vec<Metric>) -> Self {
        self.metrics = metrics;
        self
    }
}

/// One metric of each type.
fn usage_metrics() -> Vec<Metric> {
    vec![
        Metric {
            id: "usage_queries".to_owned(),
            title: "Queries".to_owned(),
            value_type: ValueType::Int64,
            price_micros: 20_000,
        },
        Metric {
            id: "usage_gib_scanned".to_owned(),
            title: "GiB scanned".to_owned(),
            value_type: ValueType::Double,
            price_micros: 5_000,
        },
    ]
}

/// Identifiers that stand in this file are good ones.
#[expect(clippy::expect_used, reason = "only literals of this file come here")]
fn id<T>(parsed: Result<T, marketplace::InvalidId>) -> T {
    parsed.expect("a literal identifier is valid")
}
