//! What the application shows.

use askama::Template;
use function_runtime::{Request, Response};
use http::StatusCode;
use marketplace_simulator::Simulator;
use marketplace_website::page::{self, Chip};

use super::access_chip;
use super::cloud_event::{CloudEvent, EventText};
use super::grant_pages::GrantedAccess;
use super::hand_off::{self, Claims, HandOff};
use super::message_page::product;
use super::order_states::{self, OrderState};
use super::usage::Card;

#[derive(Template)]
#[template(path = "application/home.html")]
struct Home<'a> {
    product: &'a str,
    greeting: String,
    explanation: &'static str,
    access: Chip,
    facts: Vec<Fact>,
    orders: Vec<OrderState>,
    profile: Vec<Fact>,
    checks: [Check; 5],
    claims: &'a str,
    events: Vec<EventText>,
    /// Whether the events of more than one account may be among them.
    names_accounts: bool,
    /// What was granted, if the customer may grant more.
    offer: Option<GrantedAccess>,
    usage: Vec<Card>,
}

/// The customer who is signed in, and what is known about them.
pub(super) struct Visit<'a> {
    pub(super) hand_off: &'a HandOff,
    /// The events about the customer, oldest first.
    pub(super) events: &'a [CloudEvent],
    pub(super) offer: Option<GrantedAccess>,
    pub(super) usage: Vec<Card>,
}

#[derive(Template)]
#[template(path = "application/switch.html")]
struct Switch<'a> {
    product: &'a str,
    current: &'a str,
    arriving: &'a str,
    is_same_account: bool,
}

struct Fact {
    id: &'static str,
    name: &'static str,
    value: String,
    is_code: bool,
    note: Option<&'static str>,
}

struct Check {
    title: &'static str,
    text: String,
}

/// The page of the customer who is signed in.
pub(super) fn home(simulator: &Simulator, request: &Request, visit: Visit<'_>) -> Response {
    let Visit {
        hand_off,
        events,
        offer,
        usage,
    } = visit;
    let claims = &hand_off.claims;
    let access_now = access_chip::now(hand_off, events);
    let name = claims.unverified_profile.get("name");
    let name = name.map(|name| format!(", {name}")).unwrap_or_default();
    let greeting = if claims.new_user {
        format!("Welcome{name}")
    } else {
        format!("Welcome back{name}")
    };
    let page = Home {
        product: product(simulator),
        greeting,
        explanation: access_chip::explanation(access_now),
        access: access_chip::chip(access_now),
        facts: facts(claims),
        orders: order_states::of(claims, events),
        profile: profile(claims),
        checks: checks(simulator, hand_off),
        claims: &hand_off.text,
        events: events.iter().rev().map(CloudEvent::in_words).collect(),
        names_accounts: false,
        offer,
        usage,
    };
    page::unless_known(request, &page)
}

pub(super) fn switch(simulator: &Simulator, current: &HandOff, arriving: &HandOff) -> Response {
    let (current, arriving) = (&current.claims.sub, &arriving.claims.sub);
    let page = Switch {
        product: product(simulator),
        current,
        arriving,
        is_same_account: current == arriving,
    };
    page::own(StatusCode::OK, &page)
}

fn facts(claims: &Claims) -> Vec<Fact> {
    let code = |id, name, value: &str| Fact {
        id,
        name,
        value: value.to_owned(),
        is_code: true,
        note: None,
    };
    let said = |id, name, value: &str, note| Fact {
        is_code: false,
        note,
        ..code(id, name, value)
    };
    let list = |items: &[String], none: &str| match items {
        [] => none.to_owned(),
        items => items.join(", "),
    };
    let proof = if claims.verified_user {
        "Google sign-in proved who is at the browser."
    } else {
        "Known from the Marketplace alone; Google sign-in is off."
    };
    let novelty = if claims.new_user {
        "yes, first time here"
    } else {
        "no, seen before"
    };
    let order = claims.order.as_deref().unwrap_or("none chosen");
    vec![
        code("account", "Account", &claims.sub),
        code("user", "User", &claims.google.user_identity),
        said(
            "verified-user",
            "Verified user",
            yes_no(claims.verified_user),
            Some(proof),
        ),
        said("roles", "Roles", &list(&claims.google.roles, "none"), None),
        said(
            "orders",
            "Orders",
            &list(&claims.google.orders, "not listed by Google"),
            None,
        ),
        said("order", "Order", order, None),
        said("purpose", "Purpose", &claims.purpose, None),
        said("new-user", "New user", novelty, None),
    ]
}

/// What this person typed, in the order of a form.
fn profile(claims: &Claims) -> Vec<Fact> {
    const FIELDS: [(&str, &str); 5] = [
        ("company", "Company"),
        ("name", "Name"),
        ("email", "E-mail"),
        ("phone", "Phone"),
        ("website", "Website"),
    ];
    let typed = FIELDS.iter().filter_map(|(id, name)| {
        let value = claims.unverified_profile.get(*id)?.clone();
        Some(Fact {
            id,
            name,
            value,
            is_code: false,
            note: None,
        })
    });
    typed.collect()
}

fn yes_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn checks(simulator: &Simulator, hand_off: &HandOff) -> [Check; 5] {
    let check = |title, text: String| Check { title, text };
    let (key, _) = hand_off
        .key_id
        .split_at_checked(12)
        .unwrap_or((&hand_off.key_id, ""));
    let expires = jiff::Timestamp::from_second(hand_off.claims.exp).unwrap_or_default();
    let expires = expires.strftime("%H:%M:%S UTC");
    [
        check(
            "Signature",
            format!("RS256 and nothing else, by the published key {key}…"),
        ),
        check("Issuer", hand_off::issuer(simulator)),
        check(
            "Audience",
            format!("{}, which is this application", simulator.origin()),
        ),
        check("Lifetime", format!("One minute, until {expires}")),
        check(
            "First use",
            format!("Its id {} was never seen before", hand_off.claims.jti),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_stay_is_the_prominent_answer_to_somebody_else_s_session() {
        let page = Switch {
            product: "Analytics",
            current: "a",
            arriving: "b",
            is_same_account: false,
        };
        let page = page.render().unwrap();
        assert!(page.contains("<button id=\"stay\" name="), "{page}");
        assert!(
            page.contains("<button id=\"switch\" class=\"quiet\""),
            "{page}"
        );
    }
}
