//! A page of a title and a sentence.

use askama::Template;
use function_runtime::Response;
use http::StatusCode;
use marketplace_simulator::Simulator;
use marketplace_website::page;

#[derive(Template)]
#[template(path = "application/message.html")]
struct MessagePage<'a> {
    product: &'a str,
    title: &'a str,
    text: &'a str,
}

/// What the application says instead of what was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Notice {
    /// The browser had a session of a customer that Google deleted.
    Erased,
    /// The hand-off is bad, or was used before. Which it is, is not disclosed.
    Refused,
    NotSignedIn,
    Support,
    /// The order cannot be used now; a page of before may have offered it.
    NotServed,
    NoNumber,
}

pub(super) fn message(simulator: &Simulator, notice: Notice) -> Response {
    let (status, title, text) = match notice {
        Notice::Erased => (
            StatusCode::GONE,
            "This account was deleted",
            "Google has deleted it and Portico notified this application, which has erased what it \
             knew of the account and ended its sessions.",
        ),
        Notice::Refused => (
            StatusCode::UNAUTHORIZED,
            "Please open this from the Marketplace again",
            "We could not confirm that you come from there just now. Nobody was signed in.",
        ),
        Notice::NotSignedIn => (
            StatusCode::UNAUTHORIZED,
            "You are not signed in",
            "Customers come here from the Marketplace. Buy a plan there and register, and you will \
             be let in without a password.",
        ),
        Notice::Support => (
            StatusCode::OK,
            "Support",
            "Here a real vendor would help. This one is made up, and can only wish you luck.",
        ),
        Notice::NotServed => (
            StatusCode::CONFLICT,
            "This cannot be used now",
            "The order is not in force, or Google cannot bill it. Nothing was used.",
        ),
        Notice::NoNumber => (
            StatusCode::BAD_REQUEST,
            "How much is that?",
            "A quantity is a number, such as 3 or 2.5. Nothing was used.",
        ),
    };
    let product = product(simulator);
    page::own(
        status,
        &MessagePage {
            product,
            title,
            text,
        },
    )
}

pub(super) fn product(simulator: &Simulator) -> &str {
    let products = &simulator.settings().products;
    products.first().map_or("Demo", |product| &product.title)
}
