//! Google's service account management page, as a browser goes through it.

use form_urlencoded::Serializer;
use http::Method;
use marketplace_simulator::{Grant, Matcher, PageRefused, Propagation, ServiceAccount, Simulator};
use reqwest::Client;

use crate::caller::{Caller, Seen, good};

const PAGE: &str = "/console.cloud.google.com/marketplace-saas/service-account";
const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";
const EMAIL: &str = "customer-1@example-project.iam.gserviceaccount.com";
const ROLES: [&str; 3] = [
    "bigquery.dataViewer",
    "bigquery.jobUser",
    "storage.objectViewer",
];

/// A simulator with one service account, and a browser.
struct Console {
    sim: Simulator,
    account: ServiceAccount,
    client: Client,
}

impl Console {
    async fn open() -> Self {
        let Caller { sim, client } = Caller::start().await;
        Self {
            account: sim.create_service_account("customer-1").unwrap(),
            sim,
            client,
        }
    }

    /// The address of the service account's page, with these parameters.
    fn url(&self, parameters: &str) -> String {
        format!("{}{PAGE}/{SERVICE}/{EMAIL}{parameters}", self.sim.origin())
    }

    async fn get(&self, url: &str) -> Seen {
        self.see(Method::GET, url, String::new()).await
    }

    /// Presses *Grant access* with these projects chosen.
    async fn grant(&self, parameters: &str, projects: &[&str]) -> Seen {
        self.answer("grant", parameters, projects).await
    }

    async fn answer(&self, answer: &str, parameters: &str, projects: &[&str]) -> Seen {
        let mut form = Serializer::new(String::new());
        form.extend_pairs(projects.iter().map(|project| ("project", project)));
        let form = form.append_pair("answer", answer).finish();
        self.see(Method::POST, &self.url(parameters), form).await
    }

    async fn see(&self, method: Method, url: &str, form: String) -> Seen {
        let response = self.client.request(method, url).body(form).send().await;
        Seen::read(response.unwrap()).await
    }

    /// The page without parameters.
    async fn page(&self) -> Seen {
        self.get(&self.url("")).await
    }

    /// Expects the page at this address to be refused with this text.
    async fn check_refused(&self, url: &str, status: u16, text: &str) {
        let seen = self.get(url).await;
        assert_eq!(seen.status, status, "{url}");
        assert!(seen.page.contains(text), "{text}: {}", seen.page);
    }

    /// Projects and roles that were granted, oldest first.
    fn granted(&self) -> Vec<(String, Vec<String>)> {
        let grants = self.sim.grants().into_iter();
        grants.map(|grant| (grant.project, grant.roles)).collect()
    }

    /// The vendor changes the service account.
    async fn change_account(&self, method: Method, verb: &str) {
        let path = "/iam.googleapis.com/v1/projects/example-project/serviceAccounts";
        let url = format!("{}{path}/{EMAIL}{verb}", self.sim.origin());
        let request = self.client.request(method, url);
        let request = request.header("authorization", self.sim.authorization());
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Projects on the page, and whether they are chosen already.
fn projects(page: &str) -> Vec<(String, bool)> {
    let inputs = page.split("name=\"project\" value=\"").skip(1);
    let read = |input: &str| {
        let (tag, _) = input.split_once('>').unwrap();
        let (project, rest) = tag.split_once('"').unwrap();
        (project.to_owned(), rest == " checked")
    };
    inputs.map(read).collect()
}

#[tokio::test]
async fn a_customer_sees_what_is_asked_for() {
    let console = Console::open().await;
    let parameters = ";hints=their-project,acme-sandbox;filter=storage.objectViewer\
                      ;redirect=https%3A%2F%2Fapp.example.com%2Fdone";
    let seen = console.get(&console.url(parameters)).await;
    assert_eq!((seen.status, seen.back), (200, None));
    for text in [
        "Give Example Analytics access to your projects",
        SERVICE,
        EMAIL,
        "<code>roles/storage.objectViewer</code>",
        "go back to <b>app.example.com</b>",
        "type=\"checkbox\"",
    ] {
        assert!(seen.page.contains(text), "{text}: {}", seen.page);
    }
    assert!(!seen.page.contains("roles/bigquery"));
    let (chosen, offered) = (
        ["their-project", "acme-sandbox"],
        ["acme-analytics", "acme-warehouse"],
    );
    let chosen = chosen.map(|project| (project.to_owned(), true));
    let offered = offered.map(|project| (project.to_owned(), false));
    assert_eq!(projects(&seen.page), [chosen, offered].concat());
    assert_eq!(console.granted(), []);
    assert_eq!(console.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_without_parameters_asks_for_every_role_in_any_project() {
    let console = Console::open().await;
    let page = console.page().await.page;
    for role in ROLES {
        assert!(page.contains(&format!("<code>roles/{role}</code>")));
    }
    let chosen = projects(&page).into_iter().map(|(_, is_chosen)| is_chosen);
    assert_eq!(chosen.collect::<Vec<_>>(), [false; 3]);
    assert!(!page.contains("go back to"));
}

#[tokio::test]
async fn for_one_project_only_one_can_be_chosen() {
    let console = Console::open().await;
    let parameters = ";single=true;hints=their-project,acme-sandbox";
    let page = console.get(&console.url(parameters)).await.page;
    assert!(page.contains("type=\"radio\"") && !page.contains("type=\"checkbox\""));
    let chosen = projects(&page).into_iter().filter(|(_, chosen)| *chosen);
    let chosen: Vec<_> = chosen.map(|(project, _)| project).collect();
    assert_eq!(chosen, ["their-project"]);
    let two = ["their-project", "acme-sandbox"];
    let refused = console.grant(parameters, &two).await;
    assert_eq!(refused.status, 400);
    let text = "Nothing was granted: the product needs access to one project only.";
    assert!(refused.page.contains(text), "{}", refused.page);
    assert_eq!(console.granted(), []);
    console.grant(parameters, &two[1..]).await;
    let granted = [("acme-sandbox".to_owned(), owned(&ROLES))];
    assert_eq!(console.granted(), granted);
}

#[tokio::test]
async fn a_customer_who_grants_is_sent_back() {
    let console = Console::open().await;
    let parameters = ";filter=bigquery.jobUser,bigquery.dataViewer\
                      ;redirect=https%3A%2F%2Fa.example.org%2Fdone%3Fx%3D1%26y%3D2";
    let before = jiff::Timestamp::now();
    let projects = ["acme-sandbox", "acme-warehouse"];
    let seen = console.grant(parameters, &projects).await;
    let back = "https://a.example.org/done?x=1&y=2";
    assert_eq!((seen.status, seen.back.as_deref()), (302, Some(back)));
    let grants = console.sim.grants();
    let expected = projects.map(|project| Grant {
        service_account: EMAIL.to_owned(),
        unique_id: console.account.unique_id.clone(),
        project: project.to_owned(),
        roles: owned(&["bigquery.jobUser", "bigquery.dataViewer"]),
        time: grants[0].time,
    });
    assert_eq!(grants, expected);
    assert!(grants[0].time >= before);
    let calls = console.sim.calls();
    let calls = calls.matching(&Matcher::service_account_page());
    assert_eq!(calls[0].summary, "access granted in 2 projects");
}

#[tokio::test]
async fn the_demo_application_may_be_returned_to() {
    let console = Console::open().await;
    let back = format!("{}/app/granted", console.sim.origin());
    let encoded = back.replace(':', "%3A").replace('/', "%2F");
    let parameters = format!(";redirect={encoded}");
    let seen = console.grant(&parameters, &["acme-sandbox"]).await;
    assert_eq!(seen.back, Some(back));
}

#[tokio::test]
async fn without_a_link_back_the_page_says_what_was_granted() {
    let console = Console::open().await;
    let seen = console.grant("", &["acme-sandbox"]).await;
    assert_eq!((seen.status, seen.back), (200, None));
    let text = "Done: access granted in 1 project.";
    assert!(seen.page.contains(text), "{}", seen.page);
    assert!(seen.page.contains("<b>acme-sandbox</b>"));
}

#[tokio::test]
async fn a_customer_may_leave_without_granting() {
    let console = Console::open().await;
    let parameters = ";redirect=https%3A%2F%2Fapp.example.com";
    let seen = console.answer("leave", parameters, &["acme-sandbox"]).await;
    assert_eq!(seen.back.as_deref(), Some("https://app.example.com"));
    let seen = console.answer("", "", &["acme-sandbox"]).await;
    assert!(seen.page.contains("Done: nothing granted."));
    assert_eq!(console.granted(), []);
}

#[tokio::test]
async fn what_is_granted_adds_up_and_is_shown() {
    let console = Console::open().await;
    for filter in ["bigquery.jobUser", "storage.objectViewer,bigquery.jobUser"] {
        let parameters = format!(";filter={filter}");
        console.grant(&parameters, &["acme-sandbox"]).await;
    }
    let roles = owned(&["bigquery.jobUser", "storage.objectViewer"]);
    assert_eq!(console.granted(), [("acme-sandbox".to_owned(), roles)]);
    let page = console.page().await.page;
    let shown = "<b>acme-sandbox</b> <small>bigquery.jobUser, storage.objectViewer</small>";
    assert!(page.contains(shown), "{page}");
}

#[tokio::test]
async fn a_choice_that_is_none_grants_nothing() {
    let console = Console::open().await;
    for (projects, text) in [
        (&[][..], "no project was chosen"),
        (
            &["acme-sandbox", "somebody-elses"],
            "a project was chosen that is not among the customer&#39;s",
        ),
    ] {
        let seen = console.grant("", projects).await;
        assert_eq!(seen.status, 400);
        let text = format!("Nothing was granted: {text}.");
        assert!(seen.page.contains(&text), "{}", seen.page);
    }
    assert_eq!(console.granted(), []);
}

#[tokio::test]
async fn an_address_that_google_does_not_document_is_refused_and_recorded() {
    let console = Console::open().await;
    let undocumented = "the address has a parameter that is not documented";
    let unlike = "the address is not written as the page&#39;s addresses are";
    let no_project = "`hints` has something that is not a project id";
    for (parameters, reason) in [
        (";single=false", undocumented),
        (";color=red", undocumented),
        ("?single=true", "the address names no service account"),
        (";single=true;single=true", unlike),
        (";hints=Their", no_project),
        (";hints=", no_project),
        (
            ";filter=roles%2Fviewer",
            "`filter` has a role with a prefix such as `roles/`",
        ),
        (";redirect=https://app.example.com", unlike),
        (
            ";redirect=javascript%3Aalert",
            "`redirect` is not an absolute https address",
        ),
        (";redirect=%zz", "the address has a broken percent encoding"),
    ] {
        let before = console.sim.violations().len();
        let shown = format!("<b id=\"error\">Error 400: {reason}.</b>");
        let url = console.url(parameters);
        console.check_refused(&url, 400, &shown).await;
        assert_eq!(console.sim.violations().len(), before + 1, "{parameters}");
        let granted = console.grant(parameters, &["acme-sandbox"]).await;
        assert_eq!(granted.status, 400);
    }
    assert_eq!(console.granted(), []);
}

#[tokio::test]
async fn what_is_not_registered_is_refused() {
    let console = Console::open().await;
    let role = console.url(";filter=owner");
    let host = console.url(";redirect=https%3A%2F%2Fapp.example.com.evil.example");
    let service = console
        .url("")
        .replace(SERVICE, "other.endpoints.example-partner.cloud.goog");
    for (url, reason) in [
        (service, "the service name is not the registered one"),
        (role, "`filter` has a role that is not registered"),
        (host, "`redirect` leads to a host that is not registered"),
    ] {
        console.check_refused(&url, 400, reason).await;
    }
    // What is registered is the vendor's to say, and no matter of Google's documents.
    assert_eq!(console.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_service_account_that_does_not_exist_is_granted_nothing() {
    let console = Console::open().await;
    for other in [
        EMAIL.replace("-1@", "-2@"),
        EMAIL.replace("@example", "@another"),
    ] {
        let url = console.url("").replace(EMAIL, &other);
        let text = "the service account does not exist";
        console.check_refused(&url, 404, text).await;
    }
    assert_eq!(console.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_new_service_account_has_no_page_yet() {
    let propagation = Propagation::AfterCalls(1);
    let caller = Caller::set(|it| it.service_account_propagation = propagation).await;
    let accounts = "/iam.googleapis.com/v1/projects/example-project/serviceAccounts";
    let body = serde_json::json!({"accountId": "customer-1"});
    good(caller.post_to(accounts, &body)).await;
    let page = format!("{PAGE}/{SERVICE}/{EMAIL}");
    assert_eq!(caller.plain(&page).await.status(), 404);
    assert_eq!(caller.plain(&page).await.status(), 200);
}

#[tokio::test]
async fn a_disabled_service_account_is_granted_nothing() {
    let console = Console::open().await;
    console.change_account(Method::POST, ":disable").await;
    let text = "the service account is disabled";
    console.check_refused(&console.url(""), 409, text).await;
    assert_eq!(console.grant("", &["acme-sandbox"]).await.status, 409);
    assert_eq!(console.granted(), []);
    console.change_account(Method::POST, ":enable").await;
    assert_eq!(console.page().await.status, 200);
}

#[tokio::test]
async fn a_later_service_account_at_the_same_address_has_none_of_the_access() {
    let console = Console::open().await;
    console.grant("", &["acme-sandbox"]).await;
    console.change_account(Method::DELETE, "").await;
    let later = console.sim.create_service_account("customer-1").unwrap();
    let page = console.page().await.page;
    assert!(!page.contains("Has access already"), "{page}");
    console.grant("", &["acme-sandbox"]).await;
    let grants = console.sim.grants().into_iter();
    let of: Vec<_> = grants.map(|it| it.unique_id).collect();
    assert_eq!(of, [console.account.unique_id, later.unique_id]);
}

#[tokio::test]
async fn both_documented_hosts_show_the_page() {
    let console = Console::open().await;
    let other = console.url("").replace("console.cloud.", "console.");
    assert_eq!(console.get(&other).await.status, 200);
    let elsewhere = console.url("").replace("console.cloud.", "elsewhere.");
    assert_eq!(console.get(&elsewhere).await.status, 404);
    let url = console.url("");
    let put = console.see(Method::PUT, &url, String::new()).await;
    assert_eq!(put.status, 404);
}

#[tokio::test]
async fn a_test_grants_without_a_browser() {
    let console = Console::open().await;
    let url = console.url(";redirect=https%3A%2F%2Fapp.example.com");
    let back = console.sim.grant_access(&url, &["acme-sandbox"]);
    assert_eq!(back, Ok(Some("https://app.example.com".to_owned())));
    let granted = [("acme-sandbox".to_owned(), owned(&ROLES))];
    assert_eq!(console.granted(), granted);
    let google = url.replace(&console.sim.origin(), "https:/");
    for (url, project, expected) in [
        (console.url(""), "acme-sandbox", Ok(None)),
        (url, "somebody-elses", Err(PageRefused::NotOffered)),
        (google, "acme-sandbox", Err(PageRefused::Elsewhere)),
    ] {
        assert_eq!(
            console.sim.grant_access(&url, &[project]),
            expected,
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_page_says_nothing_that_was_not_made_safe() {
    let console = Console::open().await;
    let url = console.url(";hints=%3Cscript%3E");
    let page = console.get(&url).await.page;
    assert!(!page.contains("<script>"), "{page}");
}
