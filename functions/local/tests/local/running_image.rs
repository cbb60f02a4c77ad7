//! A function's image that runs, and what the system knows about it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command as Program, Stdio};
use std::time::Duration;

use function_runtime::start;
use marketplace_simulator::Simulator;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Longer than unpacking, or anything the function does, may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The user that the image names.
const USER: u32 = 65532;

/// Every variable that sign-up needs, with Google at this origin.
pub(crate) fn environment(simulator: &Simulator, google: &str) -> BTreeMap<&'static str, String> {
    let settings = simulator.settings();
    let product = settings.products.first().expect("a product");
    BTreeMap::from([
        ("PORT", "0".to_owned()),
        ("PUBLIC_URL", "http://localhost:8080".to_owned()),
        ("GOOGLE_ORIGIN", google.to_owned()),
        ("LINK_STORE", "memory".to_owned()),
        ("MARKETPLACE_AUDIENCES", settings.audience.clone()),
        ("VENDOR_NAME", "Example Analytics".to_owned()),
        ("SUPPORT_URL", "https://example.com/support".to_owned()),
        ("LISTING_URL", "https://example.com/listing".to_owned()),
        (
            "APPLICATION_SIGNUP_URL",
            "https://app.example.com/signup".to_owned(),
        ),
        (
            "APPLICATION_LOGIN_URL",
            "https://app.example.com/login".to_owned(),
        ),
        ("HAND_OFF_SIGNER", settings.hand_off_signer.clone()),
        ("GOOGLE_SIGN_IN", "off".to_owned()),
        ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
        ("PRODUCTS", product.id.to_string()),
        ("APPROVAL_POLICY", "auto".to_owned()),
        ("SIGNUP_MODE", "auto".to_owned()),
    ])
}

/// Sign-up, started from its image. It ends with the test.
pub(crate) struct RunningImage {
    /// `scripts/run-image.sh`, whose only child is the function.
    script: Child,
    lines: Lines<BufReader<ChildStdout>>,
    port: u64,
}

impl RunningImage {
    /// Starts it with this environment and waits until it listens.
    pub(crate) async fn start(environment: &BTreeMap<&'static str, String>) -> Self {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        assert!(
            root.join("target/images/signup/index.json").is_file(),
            "missing: signup-image. Run scripts/check.sh, which builds it, or scripts/build-images.sh \
             --quick signup"
        );
        let mut script = Command::new(root.join("scripts/run-image.sh"))
            .arg("signup")
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script runs");
        let stdout = script.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(stdout).lines();
        let first = timeout(PATIENCE, lines.next_line()).await.expect("in time");
        let first = first
            .expect("UTF-8")
            .expect("missing: isolation. The script says what it needs, above");
        let started = parsed(&first);
        assert_eq!(started["message"], "signup listens", "{started}");
        let port = started["port"].as_u64().expect("a port");
        Self {
            script,
            lines,
            port,
        }
    }

    pub(crate) async fn sign_up(&self, token: &str) -> Response {
        start::install_crypto_provider();
        let client = Client::builder().timeout(PATIENCE).build();
        client
            .expect("a client")
            .post(format!("http://127.0.0.1:{}/signup", self.port))
            .form(&[("x-gcp-marketplace-token", token)])
            .send()
            .await
            .expect("it answers")
    }

    /// The names in its root directory, in order.
    pub(crate) fn root_directory(&self) -> Vec<String> {
        let entries = fs::read_dir(self.process().join("root/")).expect("a root directory");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("a name"))).collect();
        names.sort();
        names
    }

    /// The user it runs as, as this process sees it.
    pub(crate) fn user(&self) -> u32 {
        let process = fs::metadata(self.process()).expect("it runs");
        process.uid()
    }

    /// SIGTERM; the exit code, and what was logged since the start.
    pub(crate) async fn terminate(mut self) -> (Option<i32>, Vec<Value>) {
        self.ask_to_end();
        let rest = async {
            let mut lines = Vec::new();
            while let Some(line) = self.lines.next_line().await.expect("UTF-8") {
                lines.push(parsed(&line));
            }
            let status = self.script.wait().await.expect("it ends");
            (status.code(), lines)
        };
        timeout(PATIENCE, rest).await.expect("in time")
    }

    fn process(&self) -> PathBuf {
        let script = self.script.id().expect("it runs");
        let children = format!("/proc/{script}/task/{script}/children");
        let function = fs::read_to_string(children).expect("it has children");
        PathBuf::from("/proc").join(function.trim())
    }

    fn ask_to_end(&self) {
        if let Some(script) = self.script.id() {
            // It may have ended by itself, which is as good.
            _ = Program::new("kill")
                .args(["-TERM", &script.to_string()])
                .status();
        }
    }
}

impl Drop for RunningImage {
    fn drop(&mut self) {
        self.ask_to_end();
    }
}

/// The image's user as this process sees it: in a user namespace, this process's own.
pub(crate) fn image_user() -> u32 {
    match fs::metadata("/proc/self").expect("this process runs").uid() {
        0 => USER,
        own => own,
    }
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("one JSON object a line")
}
