//! `POST /service-account-links` under load: customers whose service account is stored, as usual.

use std::error::Error;

use marketplace_simulator::Order;
use service_account_link::{Config, build};

use crate::cost::Cost;
use crate::function::{APPLICATION, AUDIENCE, ProgramSetup, StoreKind};
use crate::load::{Requests, ask_for_link};
use crate::settled::Settled;
use crate::sign_ups::Loads;
use crate::table::Row;

/// Calls for each customer: the system tells processor time in hundredths of a second.
const CALLS: usize = 5;

pub(crate) fn row(loads: &Loads<'_>, store: StoreKind<'_>) -> Result<Row, Box<dyn Error>> {
    let settled = Settled::start(loads, ProgramSetup::links(store), |env, store| {
        Ok(build(Config::from_env(env)?, store))
    })?;
    let (google, customers) = (loads.google, &settled.customers);
    let token = google.simulator.identity_token(APPLICATION, AUDIENCE);
    let one = |order: &Order| ask_for_link(&token, order.account.as_str(), order.user.as_str());
    let requests: Vec<_> = customers.iter().map(one).collect();
    let send = |requests| Cost::of(&settled.function, loads.runtime, requests, 200);
    // Not measured: emulator and connections are warm after these.
    send(Requests::each(requests.clone()))?;
    google.simulator.calls().clear();
    let usual = send(Requests::each(vec![requests; CALLS].concat()))?;
    let asked = google.simulator.calls().all().len();
    let (name, beside) = store.in_words();
    let what = format!("`POST /service-account-links` known service account, {name}");
    let measured = format!("{}, calls to Google: {asked}", usual.in_words());
    Ok(Row::new(&what, measured)
        .beside(beside)
        .within("calls to Google: 0", asked == 0))
}
