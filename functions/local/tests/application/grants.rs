//! *Grant access* in the demo application.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::demo_application::{AUDIENCE, Application, CALLER, Seen};

const EMAIL: &str = "customer-1@example-project.iam.gserviceaccount.com";

impl Application {
    async fn ask(&self, form: &str) -> Seen {
        Seen::read(self.post("/app/grant", form.to_owned()).await).await
    }

    /// A link as Portico would answer it, to a service account that exists.
    fn link(&self) -> String {
        self.sim.create_service_account("customer-1").unwrap();
        let origin = self.sim.origin();
        let back = format!("{origin}/app/granted");
        let back = back.replace(':', "%3A").replace('/', "%2F");
        let page = "console.cloud.google.com/marketplace-saas/service-account";
        let service = "product.endpoints.example-partner.cloud.goog";
        let url = format!("{origin}/{page}/{service}/{EMAIL};redirect={back}");
        let body = json!({"url": url, "service_account": EMAIL, "created": true, "note": "New."});
        self.links.answer(200, &body);
        url
    }
}

/// The claims of an identity token, verified against the keys that Google publishes.
async fn verified(application: &Application, token: &str) -> Value {
    let origin = application.sim.origin();
    let url = format!("{origin}/www.googleapis.com/oauth2/v3/certs");
    let keys = application.client.get(url).send().await.unwrap();
    let keys: JwkSet = keys.json().await.unwrap();
    let key = keys.find(&decode_header(token).unwrap().kid.unwrap());
    let key = DecodingKey::from_jwk(key.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&["https://accounts.google.com"]);
    validation.set_audience(&[AUDIENCE]);
    decode(token, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn the_application_asks_as_itself_for_the_customer_who_is_signed_in() {
    let application = Application::open().await;
    let url = application.link();
    // The form does not say who its sender is.
    let seen = application.ask("account=somebody-else&user=1").await;
    assert_eq!((seen.status, seen.back), (303, Some(url)));
    let asked = &application.links.received()[0];
    let expected = json!({
        "account": application.order.account.as_str(),
        "user": application.order.user.as_str(),
        "redirect": format!("{}/app/granted", application.sim.origin()),
    });
    assert_eq!(asked.body, expected);
    let claims = verified(&application, &asked.token).await;
    assert_eq!(claims["email"], CALLER);
    assert_eq!(claims["email_verified"], true);
}

#[tokio::test]
async fn what_the_customer_enters_is_asked_for() {
    let application = Application::open().await;
    application.link();
    let form = "projects=their-project%2C+acme-sandbox&single=true";
    application.ask(form).await;
    let body = &application.links.received()[0].body;
    assert_eq!(body["hints"], json!(["their-project", "acme-sandbox"]));
    assert_eq!(body["single"], true);
}

#[tokio::test]
async fn who_comes_back_sees_what_was_granted() {
    let application = Application::open().await;
    let page = application.get("/app/granted").await.page;
    assert!(page.contains("No access was granted"));
    let url = application.link();
    application.ask("").await;
    let page = application.get("/app/granted").await.page;
    assert!(page.contains("No access was granted"));
    let back = application.sim.grant_access(&url, &["acme-sandbox"]);
    let origin = application.sim.origin();
    assert_eq!(back, Ok(Some(format!("{origin}/app/granted"))));
    for path in ["/app/granted", "/app/"] {
        let page = application.get(path).await.page;
        let shown = "<li data-project=\"acme-sandbox\"><b>acme-sandbox</b> <span class=\"soft\">\
                     bigquery.dataViewer, bigquery.jobUser, storage.objectViewer</span></li>";
        assert!(page.contains(shown), "{page}");
    }
    let listing = format!("/customers/{}/1", application.order.account);
    let listing = application.get(&listing).await.page;
    assert!(listing.contains(EMAIL) && listing.contains("in <b>acme-sandbox</b>"));
    assert_eq!(application.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refusal_is_shown_as_portico_says_it() {
    let application = Application::open().await;
    let problem = json!({
        "type": "about:blank", "title": "Conflict", "status": 409, "code": "access-ended",
        "detail": "All of the customer's orders have ended.", "more": 1,
    });
    application.links.answer(409, &problem);
    let seen = application.ask("").await;
    assert_eq!((seen.status, seen.back), (409, None));
    for text in [
        "You cannot grant access now",
        "All of the customer&#39;s orders have ended.",
        "Portico answered 409, <code id=\"code\">access-ended</code>",
    ] {
        assert!(seen.page.contains(text), "{}", seen.page);
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_no_link() {
    let application = Application::open().await;
    for (status, body) in [(500, json!("?")), (200, json!({"link": "?"}))] {
        application.links.answer(status, &body);
        let seen = application.ask("").await;
        assert_eq!((seen.status, seen.back), (502, None));
        let text = "Portico did not answer, or not as it should.";
        assert!(seen.page.contains(text), "{}", seen.page);
    }
}

#[tokio::test]
async fn only_a_customer_with_live_access_is_offered_it() {
    let button = "id=\"grant-access\"";
    for (has_links, access, is_offered) in [
        (true, "live", true),
        (true, "pending", false),
        (true, "ended", false),
        (false, "live", false),
    ] {
        let application = Application::with(has_links, access).await;
        let page = application.get("/app/").await.page;
        assert_eq!(page.contains(button), is_offered, "{has_links} {access}");
    }
}

#[tokio::test]
async fn nobody_else_is_given_a_link() {
    let mut application = Application::open().await;
    application.link();
    application.session = "demo-session=none".to_owned();
    let seen = application.ask("").await;
    assert_eq!((seen.status, seen.back), (401, None));
    assert_eq!(application.get("/app/granted").await.status, 401);
    assert!(application.links.received().is_empty());
    let without = Application::with(false, "live").await;
    assert_eq!(without.ask("").await.status, 404);
}

#[tokio::test]
async fn another_site_cannot_ask_for_a_link() {
    let application = Application::open().await;
    application.link();
    assert_eq!(application.post_from_elsewhere("/app/grant").await, 403);
    assert!(application.links.received().is_empty());
}
