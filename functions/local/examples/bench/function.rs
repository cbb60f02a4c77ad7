//! `signup`, `sso-login` and `service-account-link` as a deployment starts them, in front of the simulated Google.

use std::error::Error;
use std::process::Command;

use function_runtime::MapEnv;
use marketplace_simulator::Simulator;
use store::{FirestoreSettings, Store};

use crate::core::Cores;
use crate::front::Front;
use crate::program::{Program, built, free_port};

/// `aud` of the identity tokens of the vendor's application.
pub(crate) const AUDIENCE: &str = "https://links.example.com";
/// The service account that it runs as.
pub(crate) const APPLICATION: &str = "application@example-project.iam.gserviceaccount.com";

/// Where the function keeps its links.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StoreKind<'a> {
    Memory,
    /// `host:port` of the emulator.
    Emulator(&'a str),
}

impl StoreKind<'_> {
    /// Its name, and what else runs beside the function.
    pub(crate) fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Memory => ("memory store", "simulator on the other core"),
            Self::Emulator(_) => ("Firestore emulator", "simulator and emulator: both cores"),
        }
    }
}

/// How the function is set up, beside what never changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProgramSetup<'a> {
    pub(crate) function: &'static str,
    pub(crate) store: StoreKind<'a>,
    pub(crate) mode: &'a str,
    pub(crate) log_level: &'a str,
}

impl<'a> ProgramSetup<'a> {
    /// Sign-up in one click.
    pub(crate) fn auto(store: StoreKind<'a>) -> Self {
        Self {
            function: "signup",
            store,
            mode: "auto",
            log_level: "info",
        }
    }

    pub(crate) fn login(store: StoreKind<'a>) -> Self {
        Self {
            function: "sso-login",
            ..Self::auto(store)
        }
    }

    pub(crate) fn links(store: StoreKind<'a>) -> Self {
        Self {
            function: "service-account-link",
            ..Self::auto(store)
        }
    }
}

/// The project whose emulated Firestore a function on this port uses.
pub(crate) fn project(port: u16) -> String {
    format!("portico-bench-{port}")
}

/// The store of a function on this port.
pub(crate) fn emulated_store(port: u16, emulator: &str) -> Store {
    Store::firestore(FirestoreSettings {
        project: project(port),
        database: "(default)".to_owned(),
        emulator: Some(emulator.to_owned()),
    })
}

/// Starts the function; it may not listen yet.
pub(crate) fn start(
    setup: ProgramSetup<'_>,
    simulator: &Simulator,
    cores: Cores,
) -> Result<Program, Box<dyn Error>> {
    let port = free_port()?;
    let mut command = Command::new(built(setup.function)?);
    command.env_clear().envs(variables(setup, simulator, port));
    Program::start(command, port, cores)
}

/// Starts the function behind TLS and HTTP/2; it may not listen yet.
pub(crate) fn start_behind(
    front: &Front,
    setup: ProgramSetup<'_>,
    simulator: &Simulator,
    cores: Cores,
) -> Result<Program, Box<dyn Error>> {
    let port = free_port()?;
    let mut command = Command::new(built(setup.function)?);
    command
        .env_clear()
        .envs(variables(setup, simulator, port))
        .envs(front.variables());
    Program::start(command, port, cores)
}

/// What the function reads in a thread of this program.
pub(crate) fn environment(
    setup: ProgramSetup<'_>,
    simulator: &Simulator,
) -> Result<MapEnv, Box<dyn Error>> {
    let variables = variables(setup, simulator, free_port()?);
    Ok(variables.into_iter().collect())
}

/// What the function reads on this port. Each ignores what is not its own.
fn variables(
    setup: ProgramSetup<'_>,
    simulator: &Simulator,
    port: u16,
) -> Vec<(&'static str, String)> {
    let settings = simulator.settings();
    let products: Vec<_> = settings.products.iter().map(|p| p.id.as_str()).collect();
    let text = str::to_owned;
    let mut variables = vec![
        ("PORT", port.to_string()),
        ("PUBLIC_URL", format!("http://localhost:{port}")),
        ("GOOGLE_ORIGIN", simulator.origin()),
        ("MARKETPLACE_AUDIENCES", settings.audience.clone()),
        ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
        ("PRODUCTS", products.join(",")),
        ("SIGNUP_MODE", text(setup.mode)),
        ("APPROVAL_POLICY", text("auto")),
        ("VENDOR_NAME", text("Example Analytics")),
        ("SUPPORT_URL", text("https://example.com/support")),
        ("LISTING_URL", text("https://example.com/listing")),
        (
            "APPLICATION_SIGNUP_URL",
            text("https://app.example.com/signup"),
        ),
        (
            "APPLICATION_LOGIN_URL",
            text("https://app.example.com/login"),
        ),
        ("HAND_OFF_SIGNER", settings.hand_off_signer.clone()),
        ("GOOGLE_SIGN_IN", text("off")),
        ("LOG_LEVEL", text(setup.log_level)),
    ];
    variables.extend(for_links(simulator));
    match setup.store {
        StoreKind::Memory => variables.push(("LINK_STORE", text("memory"))),
        StoreKind::Emulator(address) => variables.extend([
            ("GOOGLE_CLOUD_PROJECT", project(port)),
            ("FIRESTORE_EMULATOR_HOST", text(address)),
        ]),
    }
    variables
}

/// What service account links need beside that.
fn for_links(simulator: &Simulator) -> [(&'static str, String); 6] {
    let page = &simulator.settings().service_account_page;
    [
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        ("CALLERS", APPLICATION.to_owned()),
        ("SERVICE_ACCOUNT_PROJECT", "vendor-customers".to_owned()),
        ("SERVICE_NAME", page.service.to_string()),
        ("SERVICE_ACCOUNT_ROLES", page.roles.as_slice().join(",")),
        ("REDIRECT_DOMAINS", "app.example.com".to_owned()),
    ]
}

pub(crate) fn start_empty(cores: Cores) -> Result<Program, Box<dyn Error>> {
    let port = free_port()?;
    let mut command = Command::new(built("empty_server")?);
    command.env_clear().arg(port.to_string());
    Program::start(command, port, cores)
}
