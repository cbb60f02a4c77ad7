//! The example applications in place of the demo application.

use std::time::Duration;

use reqwest::Client;
use tokio::process::Command;

use crate::example::{EXAMPLES, Example};
use crate::journey::PATIENCE;
use crate::own_application::{OwnApplication, inherited};

/// How Google's library asks for a token for its first argument, and all that it is told of the metadata server.
const PYTHON: [(&[&str], &str); 2] = [
    (
        &["GCE_METADATA_HOST"],
        "
import sys
from google.auth.compute_engine import IDTokenCredentials
from google.auth.transport.requests import Request
credentials = IDTokenCredentials(Request(), sys.argv[1], use_metadata_identity_endpoint=True)
credentials.refresh(Request())
print(credentials.token)
",
    ),
    (
        &["GCE_METADATA_HOST", "GCE_METADATA_IP"],
        "
import sys
from google.auth.transport.requests import Request
from google.oauth2.id_token import fetch_id_token
print(fetch_id_token(Request(), sys.argv[1]))
",
    ),
];

const NODE: [(&[&str], &str); 1] = [(
    &["GCE_METADATA_HOST"],
    "
import { GoogleAuth } from 'google-auth-library';
const client = await new GoogleAuth().getIdTokenClient(process.argv[1]);
console.log(await client.idTokenProvider.fetchIdToken(process.argv[1]));
",
)];

#[tokio::test(flavor = "multi_thread")]
async fn an_example_receives_customers_and_news_records_usage_and_gets_a_link() {
    for example in EXAMPLES {
        let mut application = OwnApplication::start(example).await;
        let order = application.buy_by_usage();
        let page = application.enter("signup", &order).await;
        page.shows(order.account.as_str());
        page.shows("<dt>purpose<dd>&quot;signup&quot;");

        let google = application.simulator.clone();
        google
            .entitlement_when(&order.entitlement, |it| it.state.is_live())
            .await;
        application.news_arrived().await;
        let page = application.open("/").await;
        page.shows("Access: live");
        page.shows("<td>yes");

        let page = application.use_it(&page, "3").await;
        page.shows("usage_queries 3: accepted, sent 1 times");
        let page = application.post("/use-again", &[]).await;
        page.shows("usage_queries 3: duplicate, sent 2 times");

        let page = application.open("/grant").await;
        let link = page.location.expect("a link of Google's");
        assert!(
            link.contains("/marketplace-saas/service-account/"),
            "{link}"
        );
        assert_eq!(google.service_accounts().len(), 1, "{example:?}");
        let page = application.open("/granted").await;
        page.shows("You are back from Google");

        let page = application.enter("login", &order).await;
        page.shows("<dt>purpose<dd>&quot;login&quot;");
        assert_eq!(google.violations(), [""; 0], "{example:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_example_that_lives_by_the_computer_s_clock_goes_on_after_a_simulated_month() {
    for example in EXAMPLES {
        let mut application = OwnApplication::start(example).await;
        let order = application.buy_by_usage();
        application.enter("signup", &order).await.shows("Welcome");
        let google = application.simulator.clone();
        google
            .entitlement_when(&order.entitlement, |it| it.state.is_live())
            .await;
        application.news_arrived().await;

        google.pass_time(Duration::from_hours(31 * 24));
        let page = application.enter("login", &order).await;
        page.shows("<dt>purpose<dd>&quot;login&quot;");
        page.shows("Access: live");
        let page = application.use_it(&page, "3").await;
        page.shows("usage_queries 3: accepted");
        let page = application.open("/grant").await;
        assert!(page.location.is_some(), "{example:?}: {page:?}");

        google
            .cancel(&order.entitlement)
            .expect("it can be cancelled");
        application.news_arrived().await;
        application.open("/").await.shows("Access: ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn google_s_own_libraries_get_identity_tokens_that_usage_accepts() {
    for example in EXAMPLES {
        let application = OwnApplication::start(example).await;
        let asked: &[(&[&str], &str)] = match example {
            Example::Python => &PYTHON,
            Example::Node => &NODE,
        };
        for (told, code) in asked {
            let token = token(&application, example, told, code).await;
            assert_eq!(usage(&application, &token).await, 200, "{example:?}");
        }
        assert_eq!(usage(&application, "e.e.e").await, 401, "{example:?}");
    }
}

/// What the library gets, told nothing but these of the variables that are printed.
async fn token(
    application: &OwnApplication,
    example: Example,
    told: &[&str],
    code: &str,
) -> String {
    let command = example.command();
    let mut library = Command::new(command.get_program());
    if matches!(example, Example::Node) {
        library.arg("--input-type=module").arg("-e");
        // Where its packages are.
        library.current_dir(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../target/examples/node"
        ));
    } else {
        library.arg("-c");
    }
    library
        .arg(code)
        .arg(&application.portico)
        .env_clear()
        .envs(inherited());
    for name in told {
        library.env(name, &application.printed[*name]);
    }
    let output = library.output().await.expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("a token");
    said.trim().to_owned()
}

/// The status of a request that records nothing.
async fn usage(application: &OwnApplication, token: &str) -> u16 {
    let client = Client::builder().timeout(PATIENCE).build();
    let request = client
        .expect("a client")
        .post(format!("{}/usage", application.portico))
        .bearer_auth(token)
        .header("content-type", "application/json")
        .body(r#"{"records": []}"#);
    let answer = request.send().await.expect("Portico answers");
    answer.status().as_u16()
}
