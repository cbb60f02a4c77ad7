//! `POST /login` under load: people who are linked, of customers who are approved.

use std::error::Error;

use sso_login::{Config, build};

use crate::cost::Cost;
use crate::function::{ProgramSetup, StoreKind};
use crate::load::{Requests, log_in};
use crate::settled::Settled;
use crate::sign_ups::Loads;
use crate::table::Row;

/// Logins of each customer: the system tells processor time in hundredths of a second.
const VISITS: i64 = 5;

pub(crate) fn row(loads: &Loads<'_>, store: StoreKind<'_>) -> Result<Row, Box<dyn Error>> {
    let settled = Settled::start(loads, ProgramSetup::login(store), |env, store| {
        Ok(build(Config::from_env(env)?, store))
    })?;
    let (google, customers) = (loads.google, &settled.customers);
    let cost = |requests| {
        let requests = Requests::each(requests);
        Cost::of(&settled.function, loads.runtime, requests, 200)
    };
    // Not measured: emulator and connections are warm after these.
    let first = customers.iter().map(|order| google.token(order));
    cost(first.map(|token| log_in(&token)).collect())?;
    let later = (1..=VISITS).flat_map(|visit| {
        let tokens = customers.iter();
        tokens.map(move |order| google.later_token(order, visit))
    });
    let later = cost(later.map(|token| log_in(&token)).collect())?;
    let (name, beside) = store.in_words();
    let row = Row::new(
        &format!("`POST /login` known link, {name}"),
        later.in_words(),
    );
    Ok(row.beside(beside))
}
