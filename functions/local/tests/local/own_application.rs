//! An example as the vendor's own application, told nothing but what is printed for it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use function_runtime::{MapEnv, start};
use local::{Local, Options};
use marketplace_simulator::{Buyer, Order, Simulator};
use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use tokio::task::JoinHandle;

use crate::example::Example;
use crate::journey::PATIENCE;

/// Portico, a running example, and one customer's browser.
pub(crate) struct OwnApplication {
    pub(crate) portico: String,
    pub(crate) simulator: Simulator,
    /// The variables that are printed for the application.
    pub(crate) printed: BTreeMap<String, String>,
    address: String,
    client: Client,
    cookies: BTreeMap<String, String>,
    process: Child,
    server: JoinHandle<()>,
}

/// What the browser was answered, after all redirects within the application.
#[derive(Debug)]
pub(crate) struct Page {
    /// Where else it is led.
    pub(crate) location: Option<String>,
    pub(crate) text: String,
}

impl OwnApplication {
    pub(crate) async fn start(example: Example) -> Self {
        start::install_crypto_provider();
        let port = free_port();
        let address = format!("http://127.0.0.1:{port}");
        let env = MapEnv::new()
            .with("PORT", "0")
            .with("MARKETPLACE_PORT", "0")
            .with("SIGNUP_MODE", "auto")
            .with("APPLICATION_URL", &address);
        let options = Options::from_env(&env).expect("good variables");
        let local = Local::start(&options).await.expect("free ports are free");
        let printed = variables(&local.environment());
        let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE);
        Self {
            portico: local.portico().to_owned(),
            simulator: local.simulator().clone(),
            process: listening(example, &printed, port),
            printed,
            address,
            client: client.build().expect("a client"),
            cookies: BTreeMap::new(),
            server: tokio::spawn(async move {
                local.serve(std::future::pending()).await;
            }),
        }
    }

    /// A new customer buys a plan that is billed by usage.
    pub(crate) fn buy_by_usage(&self) -> Order {
        let product = &self.simulator.settings().products[0];
        let mut plans = product.plans.iter();
        let plan = plans.find(|plan| !plan.metrics.is_empty());
        let plan = plan.expect("a plan that is billed by usage");
        let bought = self.simulator.purchase(Buyer::New, &product.id, &plan.id);
        bought.expect("anybody can buy")
    }

    /// The customer comes from the Marketplace to this function of Portico's, and is posted to the application.
    pub(crate) async fn enter(&mut self, function: &str, order: &Order) -> Page {
        let token = self.simulator.token(&order.account, &order.user);
        let visit = self
            .client
            .post(format!("{}/{function}", self.portico))
            .form(&[("x-gcp-marketplace-token", token)]);
        let answer = visit.send().await.expect("Portico answers");
        let page = answer.text().await.expect("a page");
        let target = format!("action=\"{}/signup\"", self.address);
        assert!(page.contains(&target), "{page}");
        let hand_off = value(&page, "portico-token").to_owned();
        self.post("/signup", &[("portico-token", hand_off.as_str())])
            .await
    }

    pub(crate) async fn open(&mut self, path: &str) -> Page {
        let request = self.client.get(format!("{}{path}", self.address));
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self.client.post(format!("{}{path}", self.address));
        self.send(request.form(form)).await
    }

    /// The customer uses so much of what the page offers first.
    pub(crate) async fn use_it(&mut self, page: &Page, quantity: &str) -> Page {
        let [order, metric, key] = ["order", "metric", "key"].map(|name| value(&page.text, name));
        let form = [
            ("order", order),
            ("metric", metric),
            ("key", key),
            ("quantity", quantity),
        ];
        self.post("/use", &form).await
    }

    /// Everything that happened in the Marketplace so far is known to Portico and to the application.
    pub(crate) async fn news_arrived(&self) {
        self.simulator.delivered().await;
        self.simulator.delivery_of_published().settled().await;
    }

    async fn send(&mut self, mut request: RequestBuilder) -> Page {
        loop {
            let sent = request
                .header(header::COOKIE, self.cookie_header())
                .header(header::ORIGIN, &self.address)
                .send();
            let response = sent.await.expect("the application answers");
            self.keep_cookies(response.headers());
            let location = response.headers().get(header::LOCATION);
            let location = location.map(|it| it.to_str().expect("text").to_owned());
            match location {
                Some(path) if path.starts_with('/') => {
                    request = self.client.get(format!("{}{path}", self.address));
                }
                location => {
                    let text = response.text().await.expect("text");
                    return Page { location, text };
                }
            }
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let (pair, attributes) = cookie.split_once("; ").expect("attributes");
            let (name, value) = pair.split_once('=').expect("a value");
            if attributes.ends_with("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn cookie_header(&self) -> String {
        let pairs = self.cookies.iter();
        let pairs: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

impl Drop for OwnApplication {
    fn drop(&mut self) {
        self.server.abort();
        // It may be gone already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Page {
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(self.text.contains(text), "{text} in {self:?}");
    }
}

/// The lines as a shell reads them.
fn variables(printed: &str) -> BTreeMap<String, String> {
    let lines = printed
        .lines()
        .filter_map(|line| line.trim().strip_prefix("export "));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The example, from when it listens on. It has these variables, and no others that say anything.
fn listening(example: Example, printed: &BTreeMap<String, String>, port: u16) -> Child {
    let mut process = example
        .command()
        .env_clear()
        .envs(inherited())
        .envs(printed)
        .env("PORT", port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{example:?} does not start: {error}"));
    let output = process.stdout.take().expect("it is piped");
    let mut line = String::new();
    let read = BufReader::new(output).read_line(&mut line);
    if read.is_err() || !line.starts_with("listening on ") {
        let _ = process.kill();
        let _ = process.wait();
        panic!("{example:?} said {line:?}");
    }
    process
}

/// Where this computer's programs are, and what Node.js 18 needs.
pub(crate) fn inherited() -> impl Iterator<Item = (&'static str, OsString)> {
    let names = ["PATH", "NODE_OPTIONS"].into_iter();
    names.filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// The value of the first field with this name.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    let found = page.split_once(&start);
    let (_, rest) = found.unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap_or_default()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}
