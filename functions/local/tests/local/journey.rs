//! What a customer does, and what is asked afterwards.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use function_runtime::start;
use local::{Local, Mode, Options, Policy, SignIn};
use marketplace::{ApprovalState, Deadline, ProcurementAccountId, UserIdentity};
use marketplace_simulator::{Account, Simulator};
use store::{Approval, Store};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner, WebDriverResult};
use thirtyfour::prelude::{ElementQueryable, WebDriver, WebElement};
use thirtyfour::{By, WindowHandle};
use tokio::task::JoinHandle;

use crate::browser::{Script, in_browser};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const INTERVAL: Duration = Duration::from_millis(50);

/// Everything in one click, on free ports, without a question to anybody.
pub(crate) const ONE_CLICK: Options = Options {
    port: 0,
    marketplace_port: 0,
    mode: Mode::Auto,
    policy: Policy::Auto,
    sign_in: SignIn::Off,
    emulator: None,
    application: None,
    environment_file: None,
    given: BTreeMap::new(),
};

/// In one click, but not without a proof who is at the browser.
pub(crate) fn signing_in() -> Options {
    Options {
        sign_in: SignIn::Required,
        ..ONE_CLICK
    }
}

/// Runs a test in a fresh browser, beside a Portico in this mode.
pub(crate) async fn visit<T, F>(mode: Mode, test: T)
where
    T: FnOnce(WebDriver, Portico) -> F,
    F: Future<Output = WebDriverResult<()>> + Send + 'static,
{
    visit_with(Options { mode, ..ONE_CLICK }, test).await;
}

pub(crate) async fn visit_with<T, F>(options: Options, test: T)
where
    T: FnOnce(WebDriver, Portico) -> F,
    F: Future<Output = WebDriverResult<()>> + Send + 'static,
{
    let portico = Portico::start_with(options).await;
    in_browser(Script::On, |driver| test(driver, portico)).await;
}

/// Portico beside its Marketplace, on free ports.
pub(crate) struct Portico {
    pub(crate) marketplace: String,
    pub(crate) signup: String,
    pub(crate) login: String,
    pub(crate) simulator: Simulator,
    pub(crate) store: Store,
    /// The lines for the shell of an application of the developer's own.
    pub(crate) environment: String,
    server: JoinHandle<()>,
}

impl Portico {
    pub(crate) async fn start(mode: Mode) -> Self {
        Self::start_with(Options { mode, ..ONE_CLICK }).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        start::install_crypto_provider();
        let local = Local::start(&options).await.expect("free ports are free");
        Self {
            marketplace: local.marketplace().to_owned(),
            signup: format!("{}/signup", local.portico()),
            login: format!("{}/login", local.portico()),
            simulator: local.simulator().clone(),
            store: local.store().clone(),
            environment: local.environment(),
            server: tokio::spawn(async move {
                local.serve(std::future::pending()).await;
            }),
        }
    }

    pub(crate) fn only_account(&self) -> Account {
        let accounts = self.simulator.accounts();
        assert_eq!(accounts.len(), 1);
        accounts.into_iter().next().expect("there is one")
    }

    /// Nobody has signed up for this customer, of whom Portico knows at most that it bought.
    pub(crate) async fn assert_unknown(&self, account: &Account) {
        let stored = self.store.account(&account.id, soon()).await;
        let stored = stored.expect("memory answers");
        assert!(stored.is_none_or(|stored| stored.record.approval == Approval::None));
        let link = self.store.link(&account.id, first_user(account), soon());
        assert!(link.await.expect("memory answers").is_none());
        assert_eq!(account.signup(), &ApprovalState::Pending);
    }

    /// The first user is linked and the account approved, with Portico and with Google, once.
    pub(crate) async fn assert_registered(
        &self,
        account: &ProcurementAccountId,
        company: Option<&str>,
    ) {
        let at_google = self.simulator.account(account);
        let at_google = at_google.expect("the account is there");
        assert_eq!(at_google.signup(), &ApprovalState::Approved);
        assert_eq!(at_google.times_approved, 1);
        let stored = self.store.account(account, soon()).await;
        let stored = stored.expect("memory answers").expect("it is stored");
        assert_eq!(stored.record.approval, Approval::Approved);
        let link = self
            .store
            .link(account, first_user(&at_google), soon())
            .await;
        let link = link.expect("memory answers").expect("it is stored");
        let profile = link.record.profile;
        assert_eq!(profile.get("company").map(String::as_str), company);
        for entitlement in self.simulator.entitlements_of(account) {
            self.simulator
                .entitlement_when(&entitlement.id, |it| it.state.is_live())
                .await;
        }
        assert_eq!(self.simulator.violations(), [""; 0]);
    }
}

impl Drop for Portico {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(crate) fn first_user(account: &Account) -> &UserIdentity {
    let first = account.users.first();
    &first.expect("an account has a user").identity
}

/// The element, as soon as it is there.
pub(crate) async fn see(driver: &WebDriver, css: &str) -> WebDriverResult<WebElement> {
    driver
        .query(By::Css(css))
        .wait(PATIENCE, INTERVAL)
        .single()
        .await
}

/// Clicks the element, also when the live page swaps it between finding and clicking.
pub(crate) async fn click(driver: &WebDriver, css: &str) -> WebDriverResult<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let clicked = async { see(driver, css).await?.click().await };
        match clicked.await {
            Err(error) if is_stale(&error) && Instant::now() < deadline => {}
            clicked => return clicked,
        }
    }
}

/// Whether the element went before anything was done with it. Chromium has two ways to say so.
fn is_stale(error: &WebDriverError) -> bool {
    match error.as_inner() {
        WebDriverErrorInner::StaleElementReference(_) => true,
        WebDriverErrorInner::UnknownError(said) => said
            .value
            .message
            .contains("does not belong to the document"),
        _ => false,
    }
}

/// The element's text, once it is this; also when the page goes while it is read.
pub(crate) async fn see_text(driver: &WebDriver, css: &str, text: &str) -> WebDriverResult<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let query = driver
            .query(By::Css(css))
            .with_text(text.to_owned())
            .wait(PATIENCE, INTERVAL);
        match query.single().await {
            Err(error) if is_stale(&error) && Instant::now() < deadline => {}
            seen => return seen.map(|_| ()),
        }
    }
}

/// Buys the standard plan as the visitor of the page at this address.
pub(crate) async fn purchase(driver: &WebDriver, address: &str) -> WebDriverResult<()> {
    purchase_plan(driver, address, "Standard").await
}

/// The same with the plan of this title.
pub(crate) async fn purchase_plan(
    driver: &WebDriver,
    address: &str,
    plan: &str,
) -> WebDriverResult<()> {
    driver.goto(address).await?;
    click(driver, &format!("[aria-label='Purchase {plan}']")).await?;
    see(driver, "#register").await.map(|_| ())
}

/// Presses a button that opens a new window, and goes there.
pub(crate) async fn press_into_new_window(
    driver: &WebDriver,
    css: &str,
) -> WebDriverResult<WindowHandle> {
    let before = driver.windows().await?;
    click(driver, css).await?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let windows = driver.windows().await?;
        if let Some(new) = windows.into_iter().find(|window| !before.contains(window)) {
            driver.switch_to_window(new.clone()).await?;
            return Ok(new);
        }
        assert!(Instant::now() < deadline, "no new window was opened");
    }
}

/// Fills in the registration form and submits it.
pub(crate) async fn fill_in(driver: &WebDriver, company: &str, email: &str) -> WebDriverResult<()> {
    for (field, value) in [
        ("#company", company),
        ("#name", "Ada Keller"),
        ("#email", email),
    ] {
        let input = see(driver, field).await?;
        input.clear().await?;
        input.send_keys(value).await?;
    }
    click(driver, "button[type=submit]").await
}

/// The demo application, signed in for this account.
pub(crate) async fn see_arrival(
    driver: &WebDriver,
    account: &ProcurementAccountId,
) -> WebDriverResult<()> {
    see_text(driver, "#account", account.as_str()).await
}

/// By when the store has answered.
pub(crate) fn soon() -> Deadline {
    Deadline::after(PATIENCE)
}
