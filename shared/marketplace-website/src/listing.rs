//! The product's page.

use askama::Template;
use function_runtime::{Request, Response, redirect_303};
use marketplace::ApprovalState;
use marketplace_simulator::{Account, Billing, Entitlement, Product, Simulator, User};

use super::Website;
use super::bad_tokens::{self, BadToken};
use super::bill::{self, BillCard};
use super::clock_line::ClockLine;
use super::delivery_faults::{self, DeliveryFault};
use super::google_actions::{self, ProcurementFault};
use super::log_rows::{self, LogRow};
use super::login_options::LoginOptions;
use super::page::{self, Chip, Refusal};
use super::published_events;
use super::purchase_progress::{self, OrderRow, Step};
use super::service_account_rows;
use super::storefront::Storefront;
use super::visitor::{self, Me};

#[derive(Template)]
#[template(path = "marketplace/listing.html")]
struct Listing<'a> {
    store: &'a Storefront,
    product: &'a Product,
    plans: Vec<PlanCard<'a>>,
    me: &'a Me,
    login_options: LoginOptions<'a>,
    customers: Vec<CustomerRow>,
    steps: [Step; 3],
    signup: Chip,
    decision: Decision,
    orders: Vec<OrderRow>,
    bill: Option<BillCard>,
    /// Whether all orders have ended, and the account may go.
    may_be_deleted: bool,
    service_accounts: Vec<service_account_rows::ServiceAccountRow>,
    clock: ClockLine,
    /// That the application does not take its events, and why.
    undelivered: Option<String>,
    calls: Vec<LogRow>,
    bad_tokens: &'static [BadToken],
    procurement_faults: &'static [ProcurementFault],
    delivery_faults: &'static [DeliveryFault],
    has_scheduler: bool,
    notice: Option<&'static str>,
}

/// What the vendor has decided about the sign-up.
struct Decision {
    /// There is none yet.
    is_open: bool,
    is_approval: bool,
}

struct PlanCard<'a> {
    product: &'a str,
    product_title: &'a str,
    id: &'a str,
    title: &'a str,
    amount: &'a str,
    unit: &'a str,
    billing: &'static str,
}

struct CustomerRow {
    name: String,
    signup: Chip,
    people: Vec<Person>,
}

struct Person {
    path: String,
    name: String,
    initials: String,
    roles: String,
    is_me: bool,
}

/// To the customer who came last; before the first purchase, the page of a new customer.
pub(super) fn latest(
    simulator: &Simulator,
    website: &Website,
    request: &Request,
) -> Result<Response, Refusal> {
    match simulator.accounts().last() {
        Some(account) => Ok(redirect_303(&visitor::path(&account.id, 1))),
        None => page(simulator, website, request, &Me::new_customer()),
    }
}

/// The page as this person sees it.
pub(super) fn page(
    simulator: &Simulator,
    website: &Website,
    request: &Request,
    me: &Me,
) -> Result<Response, Refusal> {
    let Website {
        storefront: store,
        scheduler,
    } = website;
    let settings = simulator.settings();
    let bought: Vec<Entitlement> = me
        .account()
        .map(|account| simulator.entitlements_of(account))
        .unwrap_or_default();
    let signup = me
        .visitor()
        .map_or(&ApprovalState::Pending, |visitor| visitor.account.signup());
    let order_row = |order| purchase_progress::order_row(settings, signup, order);
    let listing = Listing {
        store,
        product: settings.products.first().ok_or(Refusal::NOT_FOUND)?,
        plans: settings.products.iter().flat_map(plan_cards).collect(),
        me,
        login_options: LoginOptions::of(simulator, me),
        customers: customers(simulator, me),
        steps: purchase_progress::steps(&store.vendor, signup, &bought),
        signup: purchase_progress::signup_chip(signup),
        decision: Decision {
            is_open: *signup == ApprovalState::Pending,
            is_approval: *signup == ApprovalState::Approved,
        },
        orders: bought.iter().rev().map(order_row).collect(),
        bill: bill::card(simulator, me, &bought),
        may_be_deleted: me.account().is_some() && !bought.iter().any(Entitlement::has_not_ended),
        service_accounts: service_account_rows::rows(simulator),
        clock: ClockLine::of(simulator),
        undelivered: published_events::undelivered(simulator),
        calls: log_rows::rows(simulator, scheduler.as_deref()),
        bad_tokens: bad_tokens::ALL,
        procurement_faults: google_actions::PROCUREMENT_FAULTS,
        delivery_faults: delivery_faults::ALL,
        has_scheduler: scheduler.is_some(),
        notice: request.uri.query().and_then(google_actions::notice),
    };
    Ok(page::unless_known(request, &listing))
}

fn plan_cards(product: &Product) -> impl Iterator<Item = PlanCard<'_>> {
    product.plans.iter().map(|plan| {
        let (amount, unit) = plan.price.split_once(' ').unwrap_or((&plan.price, ""));
        PlanCard {
            product: product.id.as_str(),
            product_title: &product.title,
            id: plan.id.as_str(),
            title: &plan.title,
            amount,
            unit,
            billing: match plan.billing {
                Billing::Flat => "On your Google Cloud bill",
                Billing::Usage => "By usage, on your Google Cloud bill",
            },
        }
    })
}

fn customers(simulator: &Simulator, me: &Me) -> Vec<CustomerRow> {
    let customer = |account: &Account| CustomerRow {
        name: visitor::customer_name(account),
        signup: purchase_progress::signup_chip(account.signup()),
        people: people(account, me),
    };
    simulator.accounts().iter().rev().map(customer).collect()
}

fn people(account: &Account, me: &Me) -> Vec<Person> {
    let my_path = me.path();
    let person = |(index, person): (usize, &User)| {
        let path = visitor::path(&account.id, index + 1);
        Person {
            name: person.name.clone(),
            initials: visitor::initials(&person.name),
            roles: visitor::roles(person),
            is_me: path == my_path,
            path,
        }
    };
    account.users.iter().enumerate().map(person).collect()
}
