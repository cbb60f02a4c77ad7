//! How the simulator is set up: what the Marketplace sells, and how Google behaves.

mod application_clock;
mod oauth_client;
mod product;
mod service_account_page;
mod usage;

use std::time::Duration;

use marketplace::ProviderId;

pub use application_clock::ApplicationClock;
pub use oauth_client::OAuthClient;
pub use product::{Billing, Metric, Plan, Product, ValueType};
pub use service_account_page::ServiceAccountPage;
pub use usage::{Gaps, Repeats, ReportingIds, UsageSettings, UserLabels};

/// How the simulator is set up. [`Default`] is a vendor with one product of three plans.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The vendor: first segment of every resource name of the Procurement API.
    pub provider: ProviderId,
    /// What can be bought.
    pub products: Vec<Product>,
    /// `aud` of the Marketplace's tokens: the host name of the vendor's sign-up page.
    pub audience: String,
    /// Whether the vendor approves orders and plan changes, or Google does at once.
    pub approval: EntitlementApproval,
    /// Whether the product has account messages turned on.
    pub account_messages: AccountMessages,
    /// Each of the Marketplace's messages is sent at least so long after the one before it, in real time. At
    /// Google seconds lie between the messages of one purchase.
    pub message_spacing: Duration,
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
    /// By which clock the vendor's application lives.
    pub application_clock: ApplicationClock,
    /// Whether a token carries `google.orders`: "multiple orders of the same product".
    pub orders_in_tokens: OrdersInTokens,
    /// The Google Cloud project that the metadata server names.
    pub project: Project,
    /// E-mail of the service account that the program runs as: its tokens come from the metadata server.
    pub service_account: String,
    /// E-mail of the service account that the vendor's application runs as: the metadata server at the root
    /// of the simulator speaks as it.
    pub application_service_account: String,
    /// E-mail of the service account that signs hand-offs: `signJwt` is allowed for it alone.
    pub hand_off_signer: String,
    /// `max-age` and `Age` of the key endpoints.
    pub key_lifetime: KeyLifetime,
    /// `expires_in` of access tokens, the metadata server's and those of users.
    pub access_token_lifetime: Duration,
    /// What customers sign in to with Google.
    pub oauth_client: OAuthClient,
}

/// Who approves orders and plan changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntitlementApproval {
    /// The vendor: they wait for it.
    ByVendor,
    /// Google, at once: no message asks for an approval.
    Automatic,
}

/// Whether the Marketplace sends messages about accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMessages {
    /// The product has them turned on. That an account is active is said when it is created, and once more
    /// when its sign-up is approved.
    Sent,
    /// The same, but an approval is not announced.
    WithoutApprovals,
    /// No message is about an account.
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

/// When other calls find an account that was just created. At Google it takes 60 seconds or more, in
/// which they answer 404 although its creation was answered 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Propagation {
    /// In the same moment.
    AtOnce,
    /// After so many calls about it, and visits to its page, that did not find it.
    AfterCalls(usize),
    /// So long after its creation, or when
    /// [`propagate_service_accounts`](crate::Simulator::propagate_service_accounts) is called.
    After(Duration),
}

/// When an approved entitlement becomes active. At Google it takes seconds to 20 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// In the moment of its approval.
    AtOnce,
    /// When [`advance`](crate::Simulator::advance) is called, or the clock of orders has moved on by
    /// 15 minutes. An approved plan waits for the end of the term.
    WhenAdvanced,
    /// So long after its approval by the clock of orders, which goes with this machine's: by itself, or
    /// earlier when time is made to pass. An approved plan takes effect after as long. By itself
    /// only in a simulator that was started within a tokio runtime.
    After(Duration),
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
            message_spacing: Duration::ZERO,
            event_shape: EventShape::Of2026,
            topics: vec!["projects/example-project/topics/marketplace-changes".to_owned()],
            usage: UsageSettings::default(),
            service_account_quota: 100,
            service_account_propagation: Propagation::AtOnce,
            service_account_page: ServiceAccountPage::default(),
            activation: Activation::AtOnce,
            application_clock: ApplicationClock::Simulated,
            orders_in_tokens: OrdersInTokens::Absent,
            project: Project {
                id: "example-project".to_owned(),
                number: 123_456_789_012,
            },
            service_account: "signup@example-project.iam.gserviceaccount.com".to_owned(),
            application_service_account: "application@example-project.iam.gserviceaccount.com"
                .to_owned(),
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

/// Identifiers that stand in this file are good ones.
#[expect(clippy::expect_used, reason = "only literals of this file come here")]
fn id<T>(parsed: Result<T, marketplace::InvalidId>) -> T {
    parsed.expect("a literal identifier is valid")
}
