//! The program, with the deployment and the Marketplace that it works on.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use function_tests::emulator;
use jiff::Timestamp;
use marketplace::{ApprovalState, Deadline, ProcurementAccountId};
use marketplace_simulator::{Settings, Simulator};
use store::{Account, Approval, Commit, Record, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Runs its arguments at a terminal of their own.
const TERMINAL: &str = "import os, pty, sys; \
    sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/// Longer than any command here may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Who gives the commands.
const PERSON: &str = "tester";

/// As whom the journal knows them: the simulator says that the credentials are a service account's.
pub(crate) const ACTOR: &str =
    "signup@example-project.iam.gserviceaccount.com (as self-declared:tester)";

/// Variables of the program's whole environment.
pub(crate) type Environment = BTreeMap<String, String>;

/// What the program said and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) complained: String,
}

impl Ended {
    /// What it said; it must have succeeded without a complaint.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        let ended = (self.code, self.complained.as_str());
        assert_eq!(ended, (Some(0), ""), "{}", self.said);
        self.said
    }

    /// What it complained of; it must have ended with this code and said nothing.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        let ended = (self.code, self.said.as_str());
        assert_eq!(ended, (Some(code), ""), "{}", self.complained);
        self.complained
    }
}

/// Asserts that a text has all of these parts.
#[track_caller]
pub(crate) fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A vendor's deployment, seen by its operator.
pub(crate) struct Deployment {
    pub(crate) simulator: Simulator,
    pub(crate) store: Store,
    pub(crate) environment: Environment,
}

impl Deployment {
    pub(crate) async fn open() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let simulator = Simulator::start(settings).await;
        let project = emulator::new_project();
        let settings = simulator.settings();
        let product = settings.products.first().expect("a product");
        let environment = [
            ("GOOGLE_ORIGIN", simulator.origin()),
            ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
            ("PRODUCTS", product.id.to_string()),
            ("GOOGLE_CLOUD_PROJECT", project.clone()),
            ("FIRESTORE_EMULATOR_HOST", emulator::host()),
        ];
        Self {
            environment: environment
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            store: emulator::store(&project, &emulator::host()),
            simulator,
        }
    }

    /// Runs a command without a terminal, as [`PERSON`].
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        let arguments = [&["--as", PERSON], arguments].concat();
        run(&self.environment, &arguments).await
    }

    /// Runs a command at a terminal where this is typed; how it ended and what was to be read.
    pub(crate) async fn typing(&self, typed: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let mut child = self.at_terminal(arguments);
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(typed.as_bytes()).await.expect("typed");
        let ended = timeout(PATIENCE, child.wait_with_output()).await;
        drop(stdin);
        let output = ended.expect("in time").expect("it ends");
        let read = String::from_utf8(output.stdout).expect("text");
        (output.status.code(), read)
    }

    /// Runs a command at a terminal, and lets something happen before its question is answered
    /// with yes; how it ended and what was to be read.
    pub(crate) async fn meanwhile(
        &self,
        happens: impl Future<Output = ()>,
        arguments: &[&str],
    ) -> (Option<i32>, String) {
        let mut child = self.at_terminal(arguments);
        let mut stdin = child.stdin.take().expect("a pipe");
        let mut stdout = child.stdout.take().expect("a pipe");
        let conversation = async {
            let mut read = Vec::new();
            while !read.ends_with(b"[y/N] ") {
                assert!(stdout.read_buf(&mut read).await.expect("read") > 0);
            }
            happens.await;
            stdin.write_all(b"y\n").await.expect("typed");
            stdout.read_to_end(&mut read).await.expect("read");
            let status = child.wait().await.expect("it ends");
            (status.code(), String::from_utf8(read).expect("text"))
        };
        timeout(PATIENCE, conversation).await.expect("in time")
    }

    fn at_terminal(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new("python3");
        command.args(["-c", TERMINAL, env!("CARGO_BIN_EXE_operator")]);
        command.args(["--as", PERSON]).args(arguments);
        command.envs(&self.environment);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.kill_on_drop(true).spawn().expect("python3")
    }

    /// Runs a command that must succeed; what it said.
    pub(crate) async fn done(&self, arguments: &[&str]) -> String {
        self.run(arguments).await.done()
    }

    /// The environment with one variable more, or another value of it.
    pub(crate) fn environment_with(&self, name: &str, value: &str) -> Environment {
        let mut environment = self.environment.clone();
        environment.insert(name.to_owned(), value.to_owned());
        environment
    }

    /// Runs a command that must succeed and say all of this.
    pub(crate) async fn done_with(&self, arguments: &[&str], words: &[&str]) {
        assert_has(&self.done(arguments).await, words);
    }

    /// Runs a command that must fail with 1, for this reason; what it complained of.
    pub(crate) async fn refused_with(&self, arguments: &[&str], reason: &str) -> String {
        let ended = self.run(arguments).await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let complained = ended.complained;
        assert!(complained.contains(reason), "{reason}: {complained}");
        complained
    }

    /// A deployment where a customer has signed up, whose account is pending at Google.
    pub(crate) async fn with_sign_up(company: Option<&str>) -> (Self, ProcurementAccountId) {
        let deployment = Self::open().await;
        let account = deployment.simulator.create_account();
        deployment.sign_up(&account, company).await;
        (deployment, account)
    }

    /// Stores an account as sign-up leaves it.
    pub(crate) async fn sign_up(&self, id: &ProcurementAccountId, company: Option<&str>) {
        self.put(id, Approval::Approving, company).await;
    }

    pub(crate) async fn put(
        &self,
        id: &ProcurementAccountId,
        approval: Approval,
        company: Option<&str>,
    ) {
        let now = Timestamp::UNIX_EPOCH;
        self.put_record(&Account {
            company: company.map(str::to_owned),
            ..Account::new(id, approval, now)
        })
        .await;
    }

    /// Stores a record, whatever is stored.
    pub(crate) async fn put_record(&self, record: impl Into<Record>) {
        let commit = Commit::new().put(record);
        self.store.commit(commit, soon()).await.expect("stored");
    }

    /// The journal, as text.
    pub(crate) async fn journal(&self) -> String {
        self.done(&["journal"]).await
    }

    /// The types of the news that wait to be published.
    pub(crate) async fn news(&self) -> Vec<String> {
        let entries = self.store.outbox_batch(100, soon()).await.expect("read");
        entries.into_iter().map(|it| it.record.kind).collect()
    }

    /// The account as it is stored.
    pub(crate) async fn stored(&self, id: &ProcurementAccountId) -> Option<Account> {
        let stored = self.store.account(id, soon()).await.expect("read");
        stored.map(|stored| stored.record)
    }

    /// Fails unless the account is stored with this approval.
    pub(crate) async fn expect_stored(&self, id: &ProcurementAccountId, approval: Approval) {
        let stored = self.stored(id).await.expect("an account");
        assert_eq!(stored.approval, approval);
    }

    /// Fails unless the account's sign-up has this state at Google.
    pub(crate) fn expect_account(&self, id: &ProcurementAccountId, state: &ApprovalState) {
        let account = self.simulator.account(id).expect("an account");
        assert_eq!(account.signup(), state);
    }

    /// How often the account was approved at Google.
    pub(crate) fn times_approved(&self, id: &ProcurementAccountId) -> u32 {
        self.simulator
            .account(id)
            .expect("an account")
            .times_approved
    }

    /// Fails if a call broke one of the rules that Google documents.
    pub(crate) fn expect_no_violations(&self) {
        assert_eq!(self.simulator.violations(), Vec::<String>::new());
    }
}

pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

/// Runs the program with an environment of nothing but these variables, without a terminal.
pub(crate) async fn run(environment: &Environment, arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_operator"));
    command.args(arguments).env_clear().envs(environment);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.expect("in time").expect("it starts");
    Ended {
        code: output.status.code(),
        said: String::from_utf8(output.stdout).expect("text"),
        complained: String::from_utf8(output.stderr).expect("text"),
    }
}
