//! A vendor whose customers use something.

use std::cell::Cell;
use std::error::Error;
use std::process::Command;
use std::time::Duration;

use function_runtime::{MapEnv, start};
use function_tests::records::entitlement;
use jiff::{SignedDuration, Timestamp};
use marketplace::{Deadline, EntitlementState, PlanId};
use marketplace_simulator::{Buyer, Order};
use store::{Commit, Entitlement, Store};
use tokio::runtime::Runtime;
use usage_report::{Config, build};

use crate::BenchPlan;
use crate::cost::{BenchedFunction, Cost};
use crate::function::{self, StoreKind};
use crate::google::Google;
use crate::load::{Requests, call};
use crate::program::{Program, built, free_port};
use crate::served::Served;

const AUDIENCE: &str = "https://usage.example.com";
const CALLER: &str = "application@example-project.iam.gserviceaccount.com";
const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// More time than a commit takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much is recorded and reported.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) batches: usize,
    pub(crate) singles: usize,
    pub(crate) commits: usize,
    pub(crate) customers: usize,
    /// Records of one customer's hour.
    pub(crate) hour: usize,
}

impl Size {
    pub(crate) const WHOLE: Self = Self {
        batches: 80,
        singles: 2_000,
        commits: 2_000,
        customers: 200,
        hour: 60_000,
    };

    /// Enough to see whether it works.
    pub(crate) const QUICK: Self = Self {
        batches: 16,
        singles: 400,
        commits: 400,
        customers: 40,
        hour: 10_000,
    };
}

/// A vendor whose customers use something, and the function that meters it.
pub(crate) struct Vendor<'a> {
    pub(crate) plan: &'a BenchPlan,
    pub(crate) runtime: &'a Runtime,
    pub(crate) google: Google,
    pub(crate) store: Store,
    pub(crate) function: BenchedFunction,
    pub(crate) scheduler: String,
    caller: String,
    /// The last full hour, in which everything was used.
    hour: Timestamp,
    records: Cell<usize>,
}

impl<'a> Vendor<'a> {
    pub(crate) fn start(
        plan: &'a BenchPlan,
        runtime: &'a Runtime,
        store: StoreKind<'_>,
        log_level: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let google = Google::start()?;
        let port = free_port()?;
        let variables = variables(&google, port);
        let (store, function) = match store {
            StoreKind::Memory => {
                start::install_crypto_provider();
                let env = variables.into_iter().collect::<MapEnv>();
                let env = env.with("LINK_STORE", "memory");
                let config = Config::from_env(&env).map_err(|problems| problems.to_string())?;
                let store = Store::memory();
                let served =
                    Served::start("usage-report", build(config, store.clone()), plan.cores)?;
                (store, BenchedFunction::Served(served))
            }
            StoreKind::Emulator(emulator) => {
                let mut command = Command::new(built("usage-report")?);
                command
                    .env_clear()
                    .envs(variables)
                    .env("LOG_LEVEL", log_level)
                    .env("GOOGLE_CLOUD_PROJECT", function::project(port))
                    .env("FIRESTORE_EMULATOR_HOST", emulator);
                let program = Program::start(command, port, plan.cores)?;
                drop(program.connection()?);
                let store = function::emulated_store(port, emulator);
                (store, BenchedFunction::Program(program))
            }
        };
        let token = |identity| google.simulator.identity_token(identity, AUDIENCE);
        let (caller, scheduler) = (token(CALLER), token(SCHEDULER));
        let hour = full_hour(Timestamp::now()).saturating_sub(SignedDuration::from_hours(1))?;
        Ok(Self {
            plan,
            runtime,
            google,
            store,
            function,
            scheduler,
            caller,
            hour,
            records: Cell::new(0),
        })
    }

    /// So many customers of the plan with usage, as events have stored them.
    pub(crate) fn customers(&self, count: usize) -> Result<Vec<Order>, Box<dyn Error>> {
        let (simulator, plan) = (&self.google.simulator, PlanId::parse("usage-plan")?);
        let products = &simulator.settings().products;
        let product = products.first().ok_or("a product")?.id.clone();
        let start = self.hour.saturating_sub(SignedDuration::from_hours(1))?;
        let mut orders = Vec::new();
        for _ in 0..count {
            let order = simulator.purchase(Buyer::New, &product, &plan)?;
            simulator.approve_account(&order.account)?;
            simulator.approve_entitlement(&order.entitlement)?;
            let bought = simulator.entitlement(&order.entitlement);
            let bought = bought.ok_or("the order is there")?;
            let commit = Commit::new().create(Entitlement {
                state: EntitlementState::Active,
                ..entitlement(bought, start)
            });
            let stored = self.store.commit(commit, Deadline::after(PATIENCE));
            self.runtime.block_on(stored)?;
            orders.push(order);
        }
        Ok(orders)
    }

    /// One request of so many new records of one customer.
    pub(crate) fn batch(&self, order: &Order, records: usize) -> Vec<u8> {
        let first = self.records.get();
        self.records.set(first + records);
        let one = |number: usize| {
            format!(
                r#"{{"entitlement":"{}","metric":"usage_queries","quantity":{},"occurred_at":"{}","idempotency_key":"bench-{number}"}}"#,
                order.entitlement,
                number % 1_000,
                self.hour,
            )
        };
        let records: Vec<_> = (first..first + records).map(one).collect();
        let body = format!(r#"{{"records":[{}]}}"#, records.join(","));
        call("/usage", &self.caller, &body)
    }

    /// So many requests of so many records, of these customers in turn.
    pub(crate) fn batches(&self, customers: &[Order], requests: usize, records: usize) -> Requests {
        let customers = customers.iter().cycle().take(requests);
        Requests::each(customers.map(|order| self.batch(order, records)).collect())
    }

    /// What answering these costs; every answer must be 200.
    pub(crate) fn cost(&self, requests: Requests) -> Result<Cost, Box<dyn Error>> {
        Cost::of(&self.function, self.runtime, requests, 200)
    }
}

fn full_hour(moment: Timestamp) -> Timestamp {
    let second = moment.as_second() / 3_600 * 3_600;
    Timestamp::from_second(second).unwrap_or(moment)
}

fn variables(google: &Google, port: u16) -> Vec<(&'static str, String)> {
    let settings = google.simulator.settings();
    let products: Vec<_> = settings.products.iter().map(|p| p.id.as_str()).collect();
    let metrics = "usage-plan/usage_queries:int64,usage-plan/usage_gib_scanned:double";
    vec![
        ("PORT", port.to_string()),
        ("PUBLIC_URL", format!("http://localhost:{port}")),
        ("GOOGLE_ORIGIN", google.simulator.origin()),
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        ("CALLERS", CALLER.to_owned()),
        ("SCHEDULER_IDENTITY", SCHEDULER.to_owned()),
        ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
        ("PRODUCTS", products.join(",")),
        (
            "SERVICE_NAME",
            products.first().copied().unwrap_or_default().to_owned(),
        ),
        ("METRICS", metrics.to_owned()),
    ]
}
