//! What is for none of Google's hosts goes to the pages.

use std::future::{Future, ready};
use std::pin::Pin;

use function_runtime::{Request, Response};
use http::StatusCode;
use marketplace_simulator::{Matcher, Pages, Simulator};

use crate::caller::Caller;

struct Greeting;

impl Pages for Greeting {
    fn handle<'a>(
        &'a self,
        simulator: &'a Simulator,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Response> + Send + 'a>> {
        simulator.buy();
        let text = format!("{} of {}", request.path(), simulator.origin());
        Box::pin(ready(function_runtime::text(StatusCode::OK, text)))
    }
}

#[tokio::test]
async fn pages_see_and_change_what_is_simulated() {
    let caller = Caller::showing(Greeting, |_| {}).await;
    let sim = &caller.sim;
    for path in ["/", "/shop/buy"] {
        let text = caller.plain(path).await.text().await.unwrap();
        assert_eq!(text, format!("{path} of {}", sim.origin()));
    }
    assert_eq!(sim.accounts().len(), 2);
    assert_eq!(sim.calls().count(&Matcher::any()), 0);
    assert_eq!(sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_library_that_looks_for_the_metadata_server_gets_no_page() {
    let caller = Caller::showing(Greeting, |_| {}).await;
    let request = |flavor: &str| {
        let request = caller.client.get(caller.url("/"));
        request.header("metadata-flavor", flavor)
    };
    let found = request("Google").send().await.unwrap();
    assert_eq!(found.status(), 200);
    assert_eq!(found.headers()["metadata-flavor"], "Google");
    assert_eq!(found.text().await.unwrap(), "computeMetadata/\n");
    assert_eq!(caller.sim.accounts(), []);
    // What a proxy forwarded, or asks for something else, is for people.
    for request in [
        request("google"),
        request("Google").header("x-forwarded-for", "192.0.2.1"),
    ] {
        let page = request.send().await.unwrap();
        assert_eq!(page.headers().get("metadata-flavor"), None);
    }
    assert_eq!(caller.sim.accounts().len(), 2);
}
