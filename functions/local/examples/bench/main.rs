//! Measures the release binaries of sign-up, login, service account links, procurement events and
//! usage reports against their budgets, and prints a table.
//!
//! `scripts/bench.sh` builds everything and starts this. `--quick` measures less; the address of a
//! Firestore emulator is the argument after `--emulator`.

mod calls;
mod core;
mod cost;
mod events;
mod exchange;
mod front;
mod function;
mod google;
mod large_push;
mod links;
mod load;
mod logins;
mod program;
mod rsa;
mod served;
mod settled;
mod sign_ups;
mod size;
mod starts;
mod table;
mod usage;
mod usage_gates;
mod usage_reports;
mod vendor;

use std::error::Error;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::core::Cores;
use crate::events::Size;
use crate::function::StoreKind;
use crate::google::Google;
use crate::rsa::Rates;
use crate::sign_ups::Loads;
use crate::table::{Row, Table};
use crate::vendor::Vendor;

/// Customers that the store in memory is asked to hold.
const FEW: usize = 300;

struct BenchPlan {
    cores: Cores,
    emulator: Option<String>,
    /// Rounds of what is compared in turn.
    rounds: usize,
    /// Refused requests in a round.
    refusals: usize,
    /// Customers of each store.
    customers: usize,
    /// Events about orders, on each store.
    crowd: Size,
    usage: vendor::Size,
    starts: usize,
    /// From the start until a function is idle.
    settling: Duration,
}

impl BenchPlan {
    fn from_arguments(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut plan = Self {
            cores: Cores::choose(),
            emulator: None,
            rounds: 3,
            refusals: 20_000,
            customers: 1_000,
            crowd: Size::WHOLE,
            usage: vendor::Size::WHOLE,
            starts: 20,
            settling: Duration::from_secs(1),
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => {
                    plan.rounds = 1;
                    plan.refusals = 10_000;
                    plan.customers = 300;
                    plan.crowd = Size::QUICK;
                    plan.usage = vendor::Size::QUICK;
                    plan.starts = 7;
                }
                "--emulator" => plan.emulator = arguments.next(),
                other => return Err(format!("unknown argument {other}").into()),
            }
        }
        Ok(plan)
    }

    fn customers_of(&self, store: StoreKind<'_>) -> usize {
        match store {
            // It is for tests: it looks for an account's orders one by one.
            StoreKind::Memory => self.customers.min(FEW),
            StoreKind::Emulator(_) => self.customers,
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let plan = BenchPlan::from_arguments(std::env::args().skip(1))?;
    let table = measure(&plan)?;
    #[expect(clippy::print_stdout, reason = "this is what the program is for")]
    {
        println!("{table}");
    }
    Ok(())
}

fn measure(plan: &BenchPlan) -> Result<Table, Box<dyn Error>> {
    let google = Google::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let loads = Loads {
        plan,
        google: &google,
        runtime: &runtime,
    };
    let rates = Rates::measure(plan)?;
    let mut table = Table::default();
    table.rows.push(rates.row());
    table.rows.extend(loads.refused(&rates)?);
    table.rows.extend(starts::rows(plan, &google)?);
    table.rows.extend(loads.customers(StoreKind::Memory)?);
    table.rows.push(logins::row(&loads, StoreKind::Memory)?);
    table.rows.push(links::row(&loads, StoreKind::Memory)?);
    if let Some(emulator) = &plan.emulator {
        let store = StoreKind::Emulator(emulator);
        table.rows.extend(loads.customers(store)?);
        table.rows.push(loads.http_2_row(store));
        table.rows.push(logins::row(&loads, store)?);
        table.rows.push(links::row(&loads, store)?);
        table
            .rows
            .extend(calls::firestore_rows(plan, &google, emulator)?);
    }
    table.rows.push(calls::round_trips_row(plan, &google)?);
    table.rows.push(large_push::row(plan)?);
    table.rows.push(events::memory_row(plan, &runtime)?);
    if let Some(emulator) = &plan.emulator {
        table
            .rows
            .extend(events::firestore_rows(plan, &runtime, emulator)?);
    }
    table.rows.extend(usage_rows(plan, &runtime)?);
    table.rows.push(size::row()?);
    table.notes = notes(plan);
    let violations = google.simulator.violations();
    if !violations.is_empty() {
        return Err(format!("Google would refuse: {violations:?}").into());
    }
    Ok(table)
}

fn usage_rows(plan: &BenchPlan, runtime: &Runtime) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = usage::rows(plan, runtime, StoreKind::Memory)?;
    rows.extend(usage_reports::rows(plan, runtime, StoreKind::Memory)?);
    let Some(emulator) = &plan.emulator else {
        return Ok(rows);
    };
    let store = StoreKind::Emulator(emulator);
    rows.extend(usage::rows(plan, runtime, store)?);
    rows.extend(usage::calls_rows(plan, runtime, emulator)?);
    rows.push(usage_gates::row(&Vendor::start(
        plan, runtime, store, "info",
    )?)?);
    rows.extend(usage_reports::rows(plan, runtime, store)?);
    rows.extend(usage::memory_rows(plan, runtime, emulator)?);
    Ok(rows)
}

fn notes(plan: &BenchPlan) -> Vec<String> {
    let cores = match plan.cores {
        Cores::Chosen => "The function has one core; load and simulator share another.",
        Cores::Any => "Cores were not chosen (no taskset, or one core): ratios mean less.",
    };
    let mut notes = vec![
        cores.to_owned(),
        "CPU is user and system time; the log line (to a file) and the loopback interface are in it."
            .to_owned(),
        "All but one row are plain HTTP on loopback: TLS to Google costs more memory and time."
            .to_owned(),
    ];
    if plan.emulator.is_none() {
        notes.push("Without a Firestore emulator its rows are left out.".to_owned());
    }
    notes
}
