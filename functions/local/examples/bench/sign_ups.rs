//! `POST /signup` under load: refused, known and new customers.

use std::error::Error;

use marketplace_simulator::Order;
use tokio::runtime::Runtime;

use crate::BenchPlan;
use crate::cost::Cost;
use crate::front::Front;
use crate::function::{self, ProgramSetup, StoreKind};
use crate::google::Google;
use crate::load::{CONNECTIONS, Requests, sign_up};
use crate::program::{Memory, Program};
use crate::rsa::Rates;
use crate::table::Row;

/// All that is sent to sign-up from here.
pub(crate) struct Loads<'a> {
    pub(crate) plan: &'a BenchPlan,
    pub(crate) google: &'a Google,
    pub(crate) runtime: &'a Runtime,
}

impl Loads<'_> {
    /// Refused by the last check and by the signature: the dearest refusals there are.
    pub(crate) fn refused(&self, rates: &Rates) -> Result<[Row; 3], Box<dyn Error>> {
        let program = self.start(ProgramSetup::auto(StoreKind::Memory))?;
        let kinds = [
            ("no accepted role", self.google.token_without_role(), 403),
            ("forged signature", self.google.forged_token()?, 401),
        ];
        let budget = 2.0 * rates.microseconds();
        // A client that sleeps must be woken for each answer, and that would be counted as the
        // function's work.
        let awake = self.runtime.spawn(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
        let rows = kinds.map(|(kind, token, status)| {
            let request = sign_up(&token);
            let send = |count| {
                let requests = Requests::repeat(request.clone(), count);
                Cost::of(&program, self.runtime, requests, status)
            };
            send(self.plan.refusals / 10)?;
            let mut costs = Vec::new();
            for _ in 0..self.plan.rounds {
                costs.push(send(self.plan.refusals)?);
            }
            costs.sort_by_key(|cost| cost.processor);
            let cost = costs.get(costs.len() / 2).ok_or("no round")?;
            let used = cost.microseconds();
            let measured = format!(
                "{used:.1} µs CPU = {:.2} verifications, {:.0}/s",
                used / rates.microseconds(),
                cost.load.per_second()
            );
            let row = Row::new(&format!("`POST /signup` refused, {kind}"), measured)
                .beside(format!("one verification: {:.1} µs", rates.microseconds()))
                .within(format!("≤ 2 × = {budget:.1} µs"), used <= budget);
            Ok::<_, Box<dyn Error>>(row)
        });
        awake.abort();
        let [one, other] = rows;
        let peak = program.memory()?.peak;
        let memory = Row::new(
            &format!("resident memory, peak at {CONNECTIONS} concurrent refusals"),
            format!("{peak:.1} MB"),
        );
        Ok([one?, other?, memory.within("< 20 MB", peak < 20.0)])
    }

    /// New customers, and others who come back when all that they bought is approved and stored so.
    pub(crate) fn customers(&self, store: StoreKind<'_>) -> Result<Vec<Row>, Box<dyn Error>> {
        let program = self.start(ProgramSetup::auto(store))?;
        std::thread::sleep(self.plan.settling);
        let idle = program.memory()?;
        let count = self.plan.customers_of(store);
        // Not measured: emulator and connections are warm after these.
        let first = self.google.customers(count / 5);
        self.visits(&program, &first, Google::token)?;
        let customers = self.google.customers(count);
        let new = self.visits(&program, &customers, Google::token)?;
        let settled = self.google.settled_customers(count)?;
        self.visits(&program, &settled, Google::token)?;
        let known = self.visits(&program, &settled, Google::next_token)?;
        let (name, reference) = store.in_words();
        let row = |what, measured: String| {
            Row::new(&format!("`POST /signup` {what}, {name}"), measured).beside(reference)
        };
        let by_minute = format!(
            "{:.0} a minute, {:.0} µs CPU",
            new.load.per_second() * 60.0,
            new.microseconds()
        );
        let mut rows = vec![
            row("new customer, end to end", by_minute),
            row("known customer", known.in_words()),
        ];
        if matches!(store, StoreKind::Emulator(_)) {
            rows.extend(memory_rows(idle, program.memory()?));
        }
        Ok(rows)
    }

    /// New customers, with TLS and HTTP/2 to Google. Where that cannot be had, the row says why.
    pub(crate) fn http_2_row(&self, store: StoreKind<'_>) -> Row {
        let what = format!(
            "resident memory, peak at {CONNECTIONS} concurrent new customers, TLS and HTTP/2 to Google"
        );
        let (measured, is_met) = match self.http_2_peak(store) {
            Ok(peak) => (format!("{peak:.1} MB"), peak < 20.0),
            Err(error) => (format!("not measured: {error}"), false),
        };
        Row::new(&what, measured)
            .beside("one connection of each client, shared by all calls")
            .within("< 20 MB", is_met)
    }

    fn http_2_peak(&self, store: StoreKind<'_>) -> Result<f64, Box<dyn Error>> {
        let (simulator, cores) = (&self.google.simulator, self.plan.cores);
        let front = Front::start(simulator)?;
        let setup = ProgramSetup::auto(store);
        let program = function::start_behind(&front, setup, simulator, cores)?;
        drop(program.connection()?);
        let customers = self.google.customers(self.plan.customers_of(store));
        self.visits(&program, &customers, Google::token)?;
        Ok(program.memory()?.peak)
    }

    fn start(&self, setup: ProgramSetup<'_>) -> Result<Program, Box<dyn Error>> {
        let program = function::start(setup, &self.google.simulator, self.plan.cores)?;
        drop(program.connection()?);
        Ok(program)
    }

    fn visits(
        &self,
        program: &Program,
        customers: &[Order],
        token: impl Fn(&Google, &Order) -> String,
    ) -> Result<Cost, Box<dyn Error>> {
        let requests = customers
            .iter()
            .map(|order| sign_up(&token(self.google, order)))
            .collect();
        Cost::of(program, self.runtime, Requests::each(requests), 200)
    }
}

fn memory_rows(idle: Memory, loaded: Memory) -> [Row; 2] {
    [
        Row::new(
            "resident memory, idle and connected",
            format!("{:.1} MB", idle.now),
        )
        .within("< 10 MB", idle.now < 10.0),
        Row::new(
            &format!("resident memory, peak at {CONNECTIONS} concurrent new customers"),
            format!("{:.1} MB", loaded.peak),
        )
        .beside("one connection for each call to the simulator; HTTP/2 to Google shares one: the next row"),
    ]
}
