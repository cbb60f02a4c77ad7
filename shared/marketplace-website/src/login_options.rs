//! How a customer's people come in to the vendor once they have registered: with SSO or without, in
//! which role, and as whom at Google.

use function_runtime::{Response, redirect_303};
use marketplace::ProductId;
use marketplace_simulator::{Chooser, Product, Simulator, User};

use super::page::{Form, Refusal};
use super::visitor::{self, Me, Visitor};

/// What the page offers, and what of it is chosen.
pub(super) struct LoginOptions<'a> {
    /// Whose orders a token may carry; none if there is no choice.
    pub(super) products: &'a [Product],
    pub(super) roles: Vec<Choice>,
    pub(super) choosers: [Choice; 2],
}

pub(super) struct Choice {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    pub(super) is_chosen: bool,
}

const ROLES: [(&str, &str); 4] = [
    ("account_admin", "account admin"),
    ("project_editor", "project editor"),
    ("order_viewer", "order viewer (not accepted)"),
    ("", "no role"),
];

const SOMEBODY_ELSE: &str = "somebody-else";

impl<'a> LoginOptions<'a> {
    pub(super) fn of(simulator: &'a Simulator, me: &Me) -> Self {
        let products = simulator.settings().products.as_slice();
        let is_wrong = simulator.chooser() == Chooser::SomebodyElse;
        let chooser = |code, label, is_chosen| Choice {
            code,
            label,
            is_chosen,
        };
        Self {
            products: if products.len() > 1 { products } else { &[] },
            roles: me.visitor().map(roles).unwrap_or_default(),
            choosers: [
                chooser("as-chosen", "the account that was chosen", !is_wrong),
                chooser(SOMEBODY_ELSE, "somebody else than was chosen", is_wrong),
            ],
        }
    }
}

fn roles(visitor: &Visitor) -> Vec<Choice> {
    let current = role(&visitor.person);
    let choice = |(code, label)| Choice {
        code,
        label,
        is_chosen: code == current,
    };
    ROLES.into_iter().map(choice).collect()
}

/// The first role; people on this page have one, or none.
fn role(person: &User) -> &str {
    person.roles.first().map_or("", |role| role.as_str())
}

pub(super) fn act(simulator: &Simulator, action: &str, form: &Form) -> Result<Response, Refusal> {
    let me = Me::of(simulator, form)?;
    match action {
        "role" => {
            let customer = me.customer()?;
            let (account, user) = (&customer.account.id, &customer.person.identity);
            simulator.set_roles(account, user, visitor::roles_of(form))?;
        }
        "chooser" => simulator.set_chooser(match form.value("chooser") {
            SOMEBODY_ELSE => Chooser::SomebodyElse,
            _ => Chooser::AsChosen,
        }),
        _ => return Err(Refusal::NOT_FOUND),
    }
    Ok(redirect_303(&me.path()))
}

/// The token of a login: with the orders of the product that the form names, or else of all.
pub(super) fn token(simulator: &Simulator, customer: &Visitor, form: &Form) -> String {
    let (account, user) = (&customer.account.id, &customer.person.identity);
    match ProductId::parse(form.value("product")) {
        Ok(product) => simulator.product_token(account, user, &product),
        Err(_) => simulator.token(account, user),
    }
}
