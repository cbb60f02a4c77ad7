//! `POST /login` under load: people who are linked, of customers who are approved.

use std::error::Error;

use function_runtime::start;
use sso_login::{Config, build};
use store::Store;

use crate::cost::{Answering, Cost};
use crate::function::{self, Setup, StoreKind};
use crate::load::{Requests, log_in};
use crate::served::Served;
use crate::settled;
use crate::sign_ups::Loads;
use crate::table::Row;

/// Logins of each customer: the system tells processor time in hundredths of a second.
const VISITS: i64 = 5;

/// Over the store in memory, in this program: nobody else could fill it.
pub(crate) fn memory_row(loads: &Loads<'_>) -> Result<Row, Box<dyn Error>> {
    start::install_crypto_provider();
    let (setup, store) = (Setup::login(StoreKind::Memory), Store::memory());
    let env = function::environment(setup, &loads.google.simulator)?;
    let config = Config::from_env(&env).map_err(|problems| problems.to_string())?;
    let served = Served::start(
        setup.function,
        build(config, store.clone()),
        loads.plan.cores,
    )?;
    row(loads, setup.store, &served, &store)
}

/// Over the Firestore emulator, by the release binary.
pub(crate) fn firestore_row(loads: &Loads<'_>, emulator: &str) -> Result<Row, Box<dyn Error>> {
    let setup = Setup::login(StoreKind::Emulator(emulator));
    let program = function::start(setup, &loads.google.simulator, loads.plan.cores)?;
    drop(program.connection()?);
    let store = function::emulated_store(program.address.port(), emulator);
    row(loads, setup.store, &program, &store)
}

fn row(
    loads: &Loads<'_>,
    kept: StoreKind<'_>,
    function: &impl Answering,
    store: &Store,
) -> Result<Row, Box<dyn Error>> {
    let google = loads.google;
    let customers = google.settled_customers(loads.plan.customers_of(kept))?;
    loads
        .runtime
        .block_on(settled::fill(store, google, &customers))?;
    let cost = |requests| Cost::of(function, loads.runtime, Requests::each(requests), 200);
    // Not measured: emulator and connections are warm after these.
    let first = customers.iter().map(|order| google.token(order));
    cost(first.map(|token| log_in(&token)).collect())?;
    let later = (1..=VISITS).flat_map(|visit| {
        let tokens = customers.iter();
        tokens.map(move |order| google.later_token(order, visit))
    });
    let later = cost(later.map(|token| log_in(&token)).collect())?;
    let (name, beside) = kept.in_words();
    let row = Row::new(
        &format!("`POST /login` known link, {name}"),
        later.in_words(),
    );
    Ok(row.beside(beside))
}
