//! `signup` as a deployment starts it, in front of the simulated Google.

use std::error::Error;
use std::process::Command;

use marketplace_simulator::Simulator;

use crate::core::Cores;
use crate::program::{Program, built, free_port};

/// Where the function keeps its links.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Store<'a> {
    Memory,
    /// `host:port` of the emulator.
    Emulator(&'a str),
}

/// How the function is set up, beside what never changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) store: Store<'a>,
    pub(crate) mode: &'a str,
    pub(crate) log_level: &'a str,
}

impl<'a> Setup<'a> {
    pub(crate) fn auto(store: Store<'a>) -> Self {
        Self {
            store,
            mode: "auto",
            log_level: "info",
        }
    }
}

/// Starts `signup`; it may not listen yet.
pub(crate) fn start(
    setup: Setup<'_>,
    simulator: &Simulator,
    cores: Cores,
) -> Result<Program, Box<dyn Error>> {
    let port = free_port()?;
    let mut command = Command::new(built("signup")?);
    let settings = simulator.settings();
    let products: Vec<_> = settings.products.iter().map(|p| p.id.as_str()).collect();
    command
        .env_clear()
        .env("PORT", port.to_string())
        .env("PUBLIC_URL", format!("http://localhost:{port}"))
        .env("GOOGLE_ORIGIN", simulator.origin())
        .env("MARKETPLACE_AUDIENCES", &settings.audience)
        .env("PROCUREMENT_PROVIDER", settings.provider.as_str())
        .env("PRODUCTS", products.join(","))
        .env("SIGNUP_MODE", setup.mode)
        .env("APPROVAL_POLICY", "auto")
        .env("VENDOR_NAME", "Example Analytics")
        .env("SUPPORT_URL", "https://example.com/support")
        .env("LISTING_URL", "https://example.com/listing")
        .env("APPLICATION_SIGNUP_URL", "https://app.example.com/signup")
        .env("APPLICATION_LOGIN_URL", "https://app.example.com/login")
        .env("HAND_OFF_SIGNER", &settings.hand_off_signer)
        .env("GOOGLE_SIGN_IN", "off")
        .env("LOG_LEVEL", setup.log_level);
    match setup.store {
        Store::Memory => command.env("LINK_STORE", "memory"),
        Store::Emulator(address) => command
            .env("GOOGLE_CLOUD_PROJECT", format!("portico-bench-{port}"))
            .env("FIRESTORE_EMULATOR_HOST", address),
    };
    Program::start(command, port, cores)
}

/// Starts the empty server.
pub(crate) fn start_empty(cores: Cores) -> Result<Program, Box<dyn Error>> {
    let port = free_port()?;
    let mut command = Command::new(built("empty_server")?);
    command.env_clear().arg(port.to_string());
    Program::start(command, port, cores)
}
