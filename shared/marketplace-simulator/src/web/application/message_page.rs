//! A page of a title and a sentence.

use askama::Template;
use function_runtime::Response;
use http::StatusCode;

use crate::simulator::Simulator;

use super::super::page;

#[derive(Template)]
#[template(path = "application/message.html")]
struct Message<'a> {
    product: &'a str,
    title: &'a str,
    text: &'a str,
}

pub(super) fn message(
    simulator: &Simulator,
    status: StatusCode,
    title: &str,
    text: &str,
) -> Response {
    let product = product(simulator);
    let page = Message {
        product,
        title,
        text,
    };
    page::own(status, &page)
}

pub(super) fn product(simulator: &Simulator) -> &str {
    let products = &simulator.settings().products;
    products.first().map_or("Demo", |product| &product.title)
}
