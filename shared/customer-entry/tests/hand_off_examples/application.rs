//! A running example, and a browser in front of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use reqwest::redirect::Policy;

use crate::example::Example;

/// The application's origin as its customers know it.
pub(crate) const ORIGIN: &str = "https://app.example.com";

/// The service account of the subscription that pushes news to it.
pub(crate) const PUSH_IDENTITY: &str = "push@example-project.iam.gserviceaccount.com";

/// The audience of those pushes.
pub(crate) const PUSH_AUDIENCE: &str = "https://app.example.com/events";

/// An example that listens. It ends with this value.
pub(crate) struct Application {
    example: Example,
    address: String,
    process: Child,
    client: reqwest::Client,
}

/// What the application answered.
pub(crate) struct Answer {
    example: Example,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Application {
    /// Starts an example that accepts this issuer and takes its keys from this address, and Google's own
    /// from the other one.
    pub(crate) fn start(
        example: Example,
        issuer: &str,
        keys_url: &str,
        push_keys_url: &str,
    ) -> Self {
        let mut process = example
            .command()
            .env("HAND_OFF_ISSUER", issuer)
            .env("HAND_OFF_KEYS_URL", keys_url)
            .env("APPLICATION_ORIGIN", ORIGIN)
            .env("PORTICO_PUSH_IDENTITY", PUSH_IDENTITY)
            .env("PORTICO_PUSH_AUDIENCE", PUSH_AUDIENCE)
            .env("PORTICO_PUSH_KEYS_URL", push_keys_url)
            .env("PORTICO_URL", "https://portico.example.com")
            .env("PORT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{example:?} does not start: {error}"));
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        // From here on the process ends with the value, also if this line is not as expected.
        let mut application = Self {
            example,
            address: String::new(),
            process,
            client: client(),
        };
        let address = line.trim_end().strip_prefix("listening on ");
        application.address = address
            .unwrap_or_else(|| panic!("{example:?} said {line:?}"))
            .to_owned();
        application
    }

    /// Posts a hand-off as the browser of a customer does who comes from Portico: another site's form,
    /// with which no cookie of the application is sent.
    pub(crate) async fn receive(&self, hand_off: &str) -> Answer {
        self.post_signup(
            form_urlencoded::Serializer::new(String::new())
                .append_pair("portico-token", hand_off)
                .finish(),
        )
        .await
    }

    /// As [`Self::receive`], where the answer must have this status.
    pub(crate) async fn answers(&self, hand_off: &str, status: StatusCode) -> Answer {
        let answer = self.receive(hand_off).await;
        assert_eq!(answer.status, status, "{:?}", self.example);
        answer
    }

    /// Posts this text as the form.
    pub(crate) async fn post_signup(&self, form: String) -> Answer {
        let request = self.client.post(format!("{}/signup", self.address));
        let request = request.header(header::CONTENT_TYPE, FORM).body(form);
        self.send(request).await
    }

    /// Posts this body as Pub/Sub pushes it, with this identity token.
    pub(crate) async fn push(&self, token: Option<&str>, body: String) -> StatusCode {
        let request = self.client.post(format!("{}/events", self.address));
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        self.send(request).await.status
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        Answer {
            example: self.example,
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        // It may be gone already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    /// The page has this text.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        let found = self.text.contains(text);
        assert!(found, "{:?}: {text} in {}", self.example, self.text);
    }

    /// The values of `Set-Cookie`, in order.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies.map(|cookie| cookie.to_str().unwrap()).collect()
    }

    /// The path that the answer redirects to.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers
            .get(header::LOCATION)
            .map(|path| path.to_str().unwrap())
    }
}

/// One customer's browser, with the cookies it keeps. All of them are `SameSite=Lax`.
pub(crate) struct ExampleBrowser<'a> {
    application: &'a Application,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl<'a> ExampleBrowser<'a> {
    pub(crate) fn at(application: &'a Application) -> Self {
        Self {
            application,
            cookies: BTreeMap::new(),
        }
    }

    /// Comes from Portico with a hand-off, and follows redirects to the page that the customer sees.
    pub(crate) async fn arrive(&mut self, hand_off: &str) -> Answer {
        let answer = self.application.receive(hand_off).await;
        self.follow(answer).await
    }

    /// Opens a page.
    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        let request = self
            .application
            .client
            .get(format!("{}{path}", self.application.address));
        let request = request.header(header::COOKIE, self.cookie_header());
        let answer = self.application.send(request).await;
        Box::pin(self.follow(answer)).await
    }

    /// Presses a button of the page that asks whether to replace a session.
    pub(crate) async fn press(&mut self, button: &str, origin: &str) -> Answer {
        let request = self
            .application
            .client
            .post(format!("{}/welcome", self.application.address));
        let request = request
            .header(header::COOKIE, self.cookie_header())
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, FORM)
            .body(format!("answer={button}"));
        let answer = self.application.send(request).await;
        self.follow(answer).await
    }

    async fn follow(&mut self, answer: Answer) -> Answer {
        for cookie in answer.cookies() {
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(
                attributes.starts_with("Path=/; HttpOnly; Secure; SameSite=Lax"),
                "{cookie}"
            );
            if attributes.ends_with("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        match answer.location().map(str::to_owned) {
            Some(path) => self.open(&path).await,
            None => answer,
        }
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn client() -> reqwest::Client {
    function_runtime::start::install_crypto_provider();
    let timeout = Duration::from_secs(20);
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .timeout(timeout)
        .build()
        .unwrap()
}
