//! `POST /service-account-links` under load: customers whose service account is stored, as usual.

use std::error::Error;

use function_runtime::start;
use marketplace_simulator::Order;
use service_account_link::{Config, build};
use store::Store;

use crate::cost::{Answering, Cost};
use crate::function::{self, APPLICATION, AUDIENCE, Setup, StoreKind};
use crate::load::{Requests, ask_for_link};
use crate::served::Served;
use crate::settled;
use crate::sign_ups::Loads;
use crate::table::Row;

/// Calls for each customer: the system tells processor time in hundredths of a second.
const CALLS: usize = 5;

/// Over the store in memory, in this program: nobody else could fill it.
pub(crate) fn memory_row(loads: &Loads<'_>) -> Result<Row, Box<dyn Error>> {
    start::install_crypto_provider();
    let (setup, store) = (Setup::links(StoreKind::Memory), Store::memory());
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
    let setup = Setup::links(StoreKind::Emulator(emulator));
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
    let token = google.simulator.identity_token(APPLICATION, AUDIENCE);
    let one = |order: &Order| ask_for_link(&token, order.account.as_str(), order.user.as_str());
    let requests: Vec<_> = customers.iter().map(one).collect();
    let send = |requests| Cost::of(function, loads.runtime, requests, 200);
    // Not measured: emulator and connections are warm after these.
    send(Requests::each(requests.clone()))?;
    google.simulator.calls().clear();
    let usual = send(Requests::each(vec![requests; CALLS].concat()))?;
    let asked = google.simulator.calls().all().len();
    let (name, beside) = kept.in_words();
    let what = format!("`POST /service-account-links` known service account, {name}");
    let measured = format!("{}, calls to Google: {asked}", usual.in_words());
    Ok(Row::new(&what, measured)
        .beside(beside)
        .within("calls to Google: 0", asked == 0))
}
