//! `POST /usage` under load, and what it asks of the store.

use std::error::Error;

use marketplace_simulator::Order;
use tokio::runtime::Runtime;

use crate::BenchPlan;
use crate::calls::Documents;
use crate::cost::{BenchedFunction, Cost};
use crate::exchange::exchange;
use crate::function::StoreKind;
use crate::load::{CONNECTIONS, per};
use crate::table::Row;
use crate::vendor::Vendor;

/// Records of a batch, batches at a time and customers they are of.
const BATCH: usize = 500;
const AT_ONCE: usize = 8;
const CUSTOMERS: usize = 8;

const LARGEST: usize = 10_000;

/// How fast records are accepted: of several customers, and of a single one.
pub(crate) fn rows(
    plan: &BenchPlan,
    runtime: &Runtime,
    store: StoreKind<'_>,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let vendor = Vendor::start(plan, runtime, store, "info")?;
    let (name, reference) = store.in_words();
    let gates = "each commit demands one of the customer's sixteen gates unchanged";
    let kinds = [
        (CUSTOMERS, "8 customers", reference.to_owned()),
        (1, "one customer", format!("{gates}; {reference}")),
    ];
    let mut rows = Vec::new();
    for (count, whose, reference) in kinds {
        let customers = vendor.customers(count)?;
        let [batches, singles] = recorded(&vendor, &customers)?;
        let row = |what: String, cost: &Cost, records| {
            let what = format!("`POST /usage` {what}, {whose}, {name}");
            Row::new(&what, in_words(cost, records)).beside(&reference)
        };
        let what = format!("{BATCH} records a request, {AT_ONCE} at once");
        rows.push(row(what, &batches, BATCH));
        let what = format!("one record a request, {CONNECTIONS} at once");
        rows.push(row(what, &singles, 1));
    }
    Ok(rows)
}

/// What a record asks of Firestore, from the lines that the store writes for each call.
pub(crate) fn calls_rows(
    plan: &BenchPlan,
    runtime: &Runtime,
    emulator: &str,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let vendor = Vendor::start(plan, runtime, StoreKind::Emulator(emulator), "debug")?;
    let BenchedFunction::Program(program) = &vendor.function else {
        return Err("the store in memory has no calls".into());
    };
    let customers = vendor.customers(1)?;
    vendor.cost(vendor.batches(&customers, 1, 1))?;
    let mut rows = Vec::new();
    for (what, requests, records) in [("batches of 400", 5, 400), ("single records", 100, 1)] {
        let before = Documents::count(program)?;
        let batches = vendor.batches(&customers, requests, records);
        vendor.cost(batches.at_once(1))?;
        let asked = Documents::count(program)?.since(before);
        let what = format!("Firestore operations of a record, {what}");
        let reference = "a gate that is demanded is among the documents of a commit; \
                         entitlement and gate are among those that are read";
        rows.push(Row::new(&what, asked.of_each(requests * records)).beside(reference));
    }
    Ok(rows)
}

/// Resident memory beside the largest batches there are.
pub(crate) fn memory_rows(
    plan: &BenchPlan,
    runtime: &Runtime,
    emulator: &str,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let vendor = Vendor::start(plan, runtime, StoreKind::Emulator(emulator), "info")?;
    let BenchedFunction::Program(program) = &vendor.function else {
        return Err("the store in memory is in this program".into());
    };
    std::thread::sleep(vendor.plan.settling);
    let idle = program.memory()?.now;
    let customers = vendor.customers(16)?;
    let first = customers.first().ok_or("a customer")?;
    exchange(
        &mut program.connection()?,
        &vendor.batch(first, LARGEST),
        200,
    )?;
    let peak = program.memory()?.peak;
    // Some are answered 503, for an emulator takes longer than a request has.
    vendor
        .cost(vendor.batches(&customers, 16, LARGEST).at_once(16))
        .ok();
    let crowded = program.memory()?.peak;
    let megabytes = |memory: f64| format!("{memory:.1} MB");
    Ok(vec![
        Row::new(
            "`usage-report` resident memory, idle and connected",
            megabytes(idle),
        )
        .within("< 10 MB", idle < 10.0),
        Row::new(
            "`usage-report` resident memory, peak at a request of 10,000 records",
            megabytes(peak),
        )
        .beside(format!("16 such requests at once: {}", megabytes(crowded))),
    ])
}

fn in_words(cost: &Cost, records: usize) -> String {
    let used = cost.microseconds() / per(records);
    format!(
        "{:.0} records/s, {used:.0} µs CPU a record = {:.0}/s per core",
        cost.load.per_second() * per(records),
        1e6 / used
    )
}

/// Batches and single records of some customers, and what they cost.
fn recorded(vendor: &Vendor<'_>, customers: &[Order]) -> Result<[Cost; 2], Box<dyn Error>> {
    let size = vendor.plan.usage;
    // Not measured: meters are made, and connections are warm after these.
    vendor.cost(vendor.batches(customers, customers.len(), 1))?;
    let batches = vendor.batches(customers, size.batches, BATCH);
    let singles = vendor.batches(customers, size.singles, 1);
    Ok([
        vendor.cost(batches.at_once(AT_ONCE))?,
        vendor.cost(singles)?,
    ])
}
