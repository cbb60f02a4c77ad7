//! `procurement-events` under load: a crowd's events, shuffled and repeated, and what they end at.

/// The same run as in the function's own tests.
#[path = "../../../procurement-events/tests/api/crowd/run.rs"]
mod crowd;

use std::error::Error;
use std::net::SocketAddr;
use std::process::Command;

use function_runtime::{MapEnv, start};
use marketplace_simulator::{Push, Simulator};
use procurement_events::{Config, build};
use store::Store;
use tokio::runtime::Runtime;

pub(crate) use self::crowd::Size;
use self::crowd::{Crowd, Figures};
use crate::BenchPlan;
use crate::calls::Asked;
use crate::core::Cores;
use crate::function::{emulated_store, project};
use crate::google::Google;
use crate::program::{Program, built, free_port};
use crate::served::Served;
use crate::table::Row;

pub(crate) const AUDIENCE: &str = "https://events.example.com";
pub(crate) const PUSH: &str = "push@example-project.iam.gserviceaccount.com";

impl Size {
    pub(crate) const WHOLE: Self = Self {
        events: 10_000,
        entitlements: 500,
    };

    /// Enough to see whether it works.
    pub(crate) const QUICK: Self = Self {
        events: 1_000,
        entitlements: 50,
    };
}

/// Over the store in memory, in this program: nobody else could see what it stored.
pub(crate) fn memory_row(plan: &BenchPlan, runtime: &Runtime) -> Result<Row, Box<dyn Error>> {
    let google = Google::start()?;
    let store = Store::memory();
    let port = free_port()?;
    start::install_crypto_provider();
    let variables = variables(&google.simulator, port).into_iter();
    let env = variables.collect::<MapEnv>().with("LINK_STORE", "memory");
    let config = Config::from_env(&env).map_err(|problems| problems.to_string())?;
    let handler = build(config, store.clone());
    let served = Served::start("procurement-events", handler, plan.cores)?;
    let crowd = Crowd::new(google.simulator.clone(), store);
    let (figures, ends_equal) = run(plan, runtime, crowd, served.address)?;
    Ok(rate_row("memory store", &figures)
        .beside("simulator on the other core")
        .within("end states equal", ends_equal))
}

/// Over the Firestore emulator, by the release binary; its lines tell what it asks the store.
pub(crate) fn firestore_rows(
    plan: &BenchPlan,
    runtime: &Runtime,
    emulator: &str,
) -> Result<[Row; 2], Box<dyn Error>> {
    let google = Google::start()?;
    let port = free_port()?;
    let project = project(port);
    let others = [
        ("LOG_LEVEL", "debug"),
        ("GOOGLE_CLOUD_PROJECT", project.as_str()),
        ("FIRESTORE_EMULATOR_HOST", emulator),
    ];
    let program = program_on(port, &google.simulator, plan.cores, &others)?;
    let store = emulated_store(port, emulator);
    let crowd = Crowd::new(google.simulator.clone(), store);
    let (figures, ends_equal) = run(plan, runtime, crowd, program.address)?;
    let asked = Asked::count(&program)?;
    let what = "Firestore calls of an event, its copies included";
    Ok([
        rate_row("Firestore emulator", &figures)
            .beside("simulator and emulator: both cores")
            .within("end states equal", ends_equal),
        Row::new(what, asked.of_each(figures.events)).beside(format!(
            "of each delivery: {}",
            asked.of_each(figures.deliveries + figures.refused)
        )),
    ])
}

/// The release binary, listening, with these variables beside the usual ones.
pub(crate) fn program(
    simulator: &Simulator,
    cores: Cores,
    others: &[(&str, &str)],
) -> Result<Program, Box<dyn Error>> {
    program_on(free_port()?, simulator, cores, others)
}

fn program_on(
    port: u16,
    simulator: &Simulator,
    cores: Cores,
    others: &[(&str, &str)],
) -> Result<Program, Box<dyn Error>> {
    let mut command = Command::new(built("procurement-events")?);
    command
        .env_clear()
        .envs(variables(simulator, port))
        .envs(others.iter().copied());
    let program = Program::start(command, port, cores)?;
    drop(program.connection()?);
    Ok(program)
}

fn run(
    plan: &BenchPlan,
    runtime: &Runtime,
    mut crowd: Crowd,
    address: SocketAddr,
) -> Result<(Figures, bool), Box<dyn Error>> {
    let push = Push::to(&format!("http://{address}/events"), PUSH, AUDIENCE);
    runtime.block_on(async {
        let figures = crowd.run(plan.crowd, push).await?;
        let differences = crowd.differences().await?;
        let violations = crowd.simulator.violations();
        if !violations.is_empty() {
            return Err(format!("Google would refuse: {violations:?}").into());
        }
        Ok((figures, differences.is_empty()))
    })
}

fn rate_row(store: &str, figures: &Figures) -> Row {
    Row::new(&format!("shuffled events, {store}"), figures)
}

fn variables(simulator: &Simulator, port: u16) -> Vec<(&'static str, String)> {
    let settings = simulator.settings();
    let products: Vec<_> = settings.products.iter().map(|p| p.id.as_str()).collect();
    let topic = settings.topics.first().cloned().unwrap_or_default();
    vec![
        ("PORT", port.to_string()),
        ("PUBLIC_URL", format!("http://localhost:{port}")),
        ("GOOGLE_ORIGIN", simulator.origin()),
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        ("PUSH_IDENTITY", PUSH.to_owned()),
        ("SCHEDULER_IDENTITY", PUSH.replace("push", "scheduler")),
        ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
        ("PRODUCTS", products.join(",")),
        ("APPROVAL_POLICY", "auto".to_owned()),
        ("EVENTS_TOPIC", topic),
    ]
}
