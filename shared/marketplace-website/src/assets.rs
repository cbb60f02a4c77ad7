//! Style, script and pictures, all our own.

use function_runtime::Response;

use super::page::{self, Refusal};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($name:literal) => {
        include_str!(concat!("../templates/assets/", $name))
    };
}

pub(super) fn answer(file: &str) -> Result<Response, Refusal> {
    let (kind, body) = match file {
        "marketplace.css" => (CSS, asset!("marketplace.css")),
        "live.js" => (SCRIPT, asset!("live.js")),
        "submit.js" => (SCRIPT, asset!("submit.js")),
        "portico.svg" => (SVG, asset!("portico.svg")),
        "product.svg" => (SVG, asset!("product.svg")),
        _ => return Err(Refusal::NOT_FOUND),
    };
    Ok(page::asset(kind, body))
}
