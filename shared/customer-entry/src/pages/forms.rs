//! The pages with a form of ours: registration, and the choice of an order.

use askama::Template;
use function_runtime::Response;
use http::StatusCode;
use store::Session;

use super::{POLICIES, STYLE, answer};
use crate::Branding;
use crate::form_confirmation::confirmation;

/// One input of the registration form.
#[derive(Debug, Clone)]
pub struct Input {
    /// The field's name in the form.
    pub name: &'static str,
    /// What the customer reads.
    pub label: &'static str,
    /// The HTML input type, so that a phone shows the right keyboard.
    pub kind: &'static str,
    /// The HTML autofill token.
    pub autocomplete: &'static str,
    /// Whether it must be filled in.
    pub required: bool,
    /// What the customer typed, if anything.
    pub value: String,
    /// What is wrong with it, if anything.
    pub problem: Option<String>,
}

/// Where a form is posted, and the session it acts for.
#[derive(Debug, Clone)]
pub struct FormTarget {
    action: &'static str,
    landing: String,
    confirmation: String,
}

impl FormTarget {
    /// A form that is posted to this path for this session.
    pub fn new(action: &'static str, session: &Session) -> Self {
        Self {
            action,
            landing: session.handle.clone(),
            confirmation: confirmation(&session.id),
        }
    }
}

/// One order on the page that lists them.
#[derive(Debug, Clone)]
pub struct OrderRow<'a> {
    /// The order's id: the value that is posted.
    pub id: &'a str,
    /// The product's id, if the order is known.
    pub product: Option<&'a str>,
    /// The plan's id, if it is known.
    pub plan: Option<&'a str>,
    /// The state as the customer reads it.
    pub state: &'static str,
    /// Whether it can be chosen.
    pub can_be_chosen: bool,
}

/// The registration form: 200 when new, 422 when something in it must be corrected.
pub fn register(branding: &Branding, target: &FormTarget, inputs: &[Input]) -> Response {
    let has_problems = inputs.iter().any(|input| input.problem.is_some());
    let page = RegisterPage {
        branding,
        style: STYLE,
        target,
        inputs,
        has_problems,
    };
    form(has_problems, page.render())
}

/// The orders of a customer who has several: 200 when new, 422 with what was wrong with the choice.
///
/// Where none can be chosen any more, the page has only its button: the customer goes on without one.
pub fn orders(
    branding: &Branding,
    target: &FormTarget,
    orders: &[OrderRow<'_>],
    problem: Option<&'static str>,
) -> Response {
    let page = OrdersPage {
        branding,
        style: STYLE,
        target,
        orders,
        problem,
    };
    form(problem.is_some(), page.render())
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage<'a> {
    branding: &'a Branding,
    style: &'a str,
    target: &'a FormTarget,
    inputs: &'a [Input],
    has_problems: bool,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct OrdersPage<'a> {
    branding: &'a Branding,
    style: &'a str,
    target: &'a FormTarget,
    orders: &'a [OrderRow<'a>],
    problem: Option<&'static str>,
}

fn form(has_problems: bool, page: askama::Result<String>) -> Response {
    let status = if has_problems {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    answer(status, page, &POLICIES.form, "strict-origin")
}
