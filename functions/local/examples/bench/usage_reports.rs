//! `POST /report`: many customers with some usage each, and one with a large hour.

use std::error::Error;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Runtime;

use crate::BenchPlan;
use crate::cost::{Answering, BenchedFunction, Cost};
use crate::exchange::exchange;
use crate::function::StoreKind;
use crate::load::{call, per};
use crate::table::Row;
use crate::vendor::Vendor;

/// Records of each of many customers.
const FEW: usize = 10;

/// Records of a request that fills an hour.
const BATCH: usize = 500;

/// Records of one customer's hour that the emulator is asked for. With six times as many on a busy
/// machine it once took longer for a page than a call can wait.
const EMULATED: usize = 10_000;

/// Calls after which something is wrong.
const PATIENCE: usize = 60;

/// What calls have done until a round was finished.
struct Reported {
    calls: usize,
    operations: u64,
    wall: Duration,
    processor: Duration,
}

/// How fast hours are closed and read.
pub(crate) fn rows(
    plan: &BenchPlan,
    runtime: &Runtime,
    store: StoreKind<'_>,
) -> Result<[Row; 2], Box<dyn Error>> {
    let vendor = Vendor::start(plan, runtime, store, "info")?;
    let (name, reference) = store.in_words();
    let mut size = plan.usage;
    if matches!(store, StoreKind::Emulator(_)) {
        size.hour = size.hour.min(EMULATED);
    }
    let customers = vendor.customers(size.customers)?;
    let batches = vendor.batches(&customers, customers.len(), FEW);
    Cost::of(&vendor.function, runtime, batches, 200)?;
    let many = report(&vendor)?;
    let rate = |count: usize, within: Duration| per(count) / within.as_secs_f64();
    let closed = format!(
        "{:.0} customers/s, {:.1} ms CPU each, calls: {}, operations reported: {}",
        rate(customers.len(), many.wall),
        many.processor.as_secs_f64() * 1e3 / per(customers.len()),
        many.calls,
        many.operations
    );
    let what = format!("`POST /report` of {} customers, {name}", customers.len());
    let closed = Row::new(&what, closed)
        .beside(reference)
        .within("each operation once", once(&vendor));

    let one = vendor.customers(1)?;
    let batches = vendor.batches(&one, size.hour / BATCH, BATCH).at_once(4);
    Cost::of(&vendor.function, runtime, batches, 200)?;
    let large = report(&vendor)?;
    let mut read = format!(
        "{:.0} records/s, {:.0} µs CPU a record, calls: {}",
        rate(size.hour, large.wall),
        large.processor.as_secs_f64() * 1e6 / per(size.hour),
        large.calls
    );
    if let BenchedFunction::Program(program) = &vendor.function {
        let peak = program.memory()?.peak;
        read = format!("{read}, peak memory with recording them {peak:.1} MB");
    }
    let what = format!(
        "`POST /report` of one customer's hour of {} records, {name}",
        size.hour
    );
    let read = Row::new(&what, read)
        .beside(reference)
        .within("each operation once", once(&vendor));
    let violations = vendor.google.simulator.violations();
    if !violations.is_empty() {
        return Err(format!("Google would refuse: {violations:?}").into());
    }
    Ok([closed, read])
}

fn once(vendor: &Vendor<'_>) -> bool {
    vendor.google.simulator.counted_twice().is_empty()
}

/// Calls until a round is finished.
fn report(vendor: &Vendor<'_>) -> Result<Reported, Box<dyn Error>> {
    let request = call("/report", &vendor.scheduler, "");
    let (started, before) = (Instant::now(), vendor.function.processor_time()?);
    let (mut calls, mut operations) = (0, 0);
    while calls < PATIENCE {
        let mut stream = TcpStream::connect(vendor.function.address())?;
        let body = exchange(&mut stream, &request, 200)?;
        let answer: Value = serde_json::from_slice(&body)?;
        let number = |name| answer.get(name).and_then(Value::as_u64);
        calls += 1;
        operations += number("reported").ok_or("a number of operations")?;
        let finished = answer.get("finished").and_then(Value::as_bool);
        if finished == Some(true) && number("failed") == Some(0) {
            break;
        }
    }
    if calls == PATIENCE {
        return Err("reports come to no end".into());
    }
    Ok(Reported {
        calls,
        operations,
        wall: started.elapsed(),
        processor: vendor.function.processor_time()?.saturating_sub(before),
    })
}
