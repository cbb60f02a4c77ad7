//! What is for none of Google's hosts goes to the pages.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use function_runtime::{Request, Response};
use http::StatusCode;
use marketplace_simulator::{Matcher, Pages, Settings, Simulator};
use tokio::net::TcpListener;

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
    crate::caller::install_crypto();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let pages = Some(Arc::new(Greeting) as Arc<dyn Pages>);
    let sim = Simulator::serve(Settings::default(), listener, pages)
        .await
        .unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    for path in ["/", "/shop/buy"] {
        let url = format!("{}{path}", sim.origin());
        let answer = client.get(url).send().await.unwrap();
        let text = answer.text().await.unwrap();
        assert_eq!(text, format!("{path} of {}", sim.origin()));
    }
    assert_eq!(sim.accounts().len(), 2);
    assert_eq!(sim.calls().count(&Matcher::any()), 0);
    assert_eq!(sim.violations(), Vec::<String>::new());
}
