//! A real Chromium, driven by its chromedriver. Both end with the test, with any outcome.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;
use thirtyfour::{
    BrowserCapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver,
    error::WebDriverResult,
};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    Desktop,
    /// The narrowest there are: see [`PHONE`].
    Phone,
}

/// Its width, in CSS pixels.
pub(crate) const PHONE: u32 = 320;

/// Runs a test in a fresh browser.
pub(crate) async fn in_browser<T, F>(script: Script, test: T)
where
    T: FnOnce(WebDriver) -> F,
    F: Future<Output = WebDriverResult<()>> + Send + 'static,
{
    in_browser_on(Screen::Desktop, script, test).await;
}

/// The same on this screen.
pub(crate) async fn in_browser_on<T, F>(screen: Screen, script: Script, test: T)
where
    T: FnOnce(WebDriver) -> F,
    F: Future<Output = WebDriverResult<()>> + Send + 'static,
{
    let mut chrome = Chrome::start(screen, script).await;
    let outcome = tokio::spawn(test(chrome.driver.clone())).await;
    chrome.end().await;
    match outcome {
        Ok(done) => done.expect("the browser does what the test asks for"),
        Err(failed) => resume_unwind(failed.into_panic()),
    }
}

struct Chrome {
    driver: WebDriver,
    chromedriver: Child,
    profile: PathBuf,
}

impl Chrome {
    async fn start(screen: Screen, script: Script) -> Self {
        let (chromedriver, port) = start_chromedriver().await;
        let profile = fresh_profile();
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            capabilities
                .add_arg(argument)
                .expect("an argument is accepted");
        }
        let directory = format!("--user-data-dir={}", profile.display());
        capabilities
            .add_arg(&directory)
            .expect("an argument is accepted");
        if script == Script::Off {
            let blocked = json!({"profile.managed_default_content_settings.javascript": 2});
            let set = capabilities.set_browser_option("prefs", blocked);
            set.expect("a preference is accepted");
        }
        if screen == Screen::Phone {
            // Windows are wider. Not `mobile`, which would make the page smaller where it is too wide.
            let metrics =
                json!({"width": PHONE, "height": 720, "pixelRatio": 1.0, "mobile": false});
            let emulated = json!({"deviceMetrics": metrics});
            let set = capabilities.set_browser_option("mobileEmulation", emulated);
            set.expect("a screen is accepted");
        }
        let started = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let driver = started.expect("Chromium starts; on Debian: apt-get install chromium");
        Self {
            driver,
            chromedriver,
            profile,
        }
    }

    /// Closes the browser, which only chromedriver can do, and then chromedriver.
    async fn end(&mut self) {
        let closed = self.driver.clone().quit().await;
        let ended = self.chromedriver.kill().await;
        let removed = std::fs::remove_dir_all(&self.profile);
        closed.expect("Chromium ends");
        ended.expect("chromedriver ends");
        removed.expect("the browser's profile can be removed");
    }
}

/// How often chromedriver is started if it ends at once.
const ATTEMPTS: usize = 5;

/// Starts chromedriver on a free port. It takes one of IPv4 and wants the same of IPv6: where that is
/// taken, it ends, and the next one finds another.
async fn start_chromedriver() -> (Child, u16) {
    for _ in 0..ATTEMPTS {
        if let Some(started) = try_chromedriver().await {
            return started;
        }
    }
    panic!("chromedriver ended before it said its port, {ATTEMPTS} times");
}

/// Starts chromedriver, which prints its port; none if it ends before that.
async fn try_chromedriver() -> Option<(Child, u16)> {
    let mut chromedriver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("missing: chromedriver. On Debian: apt-get install chromium chromium-driver");
    let output = chromedriver.stdout.take().expect("its output is ours");
    let mut lines = BufReader::new(output).lines();
    let port = async {
        while let Some(line) = lines.next_line().await.expect("its output is text") {
            let port = line.split("successfully on port ").nth(1);
            if let Some(port) = port {
                let port = port.trim_end_matches('.').parse();
                return Some(port.expect("a port is a number"));
            }
        }
        None
    };
    let port = tokio::time::timeout(Duration::from_secs(20), port).await;
    let port = port.expect("chromedriver says its port or ends");
    port.map(|port| (chromedriver, port))
}

fn fresh_profile() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    std::env::temp_dir().join(format!("portico-browser-{process}-{number}"))
}
