//! What a sign-up calls: how many commits, and how many round trips one after the other.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use marketplace_simulator::{Call, Fault, Matcher};

use crate::BenchPlan;
use crate::exchange::exchange;
use crate::function::{self, ProgramSetup, StoreKind};
use crate::google::Google;
use crate::load::{per, sign_up};
use crate::program::Program;
use crate::table::Row;

/// How long each answer of the simulated Google is held back: much longer than all else takes.
const ROUND_TRIP: Duration = Duration::from_millis(150);

/// Commits and reads of one sign-up, from the lines that the store writes for each call.
pub(crate) fn firestore_rows(
    plan: &BenchPlan,
    google: &Google,
    emulator: &str,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let setup = |mode| ProgramSetup {
        mode,
        log_level: "debug",
        ..ProgramSetup::auto(StoreKind::Emulator(emulator))
    };
    let auto = function::start(setup("auto"), &google.simulator, plan.cores)?;
    let form = function::start(setup("form"), &google.simulator, plan.cores)?;
    let new = google.simulator.buy();
    let known = google.settled_customers(1)?.pop().ok_or("one customer")?;
    let first = sign_up(&google.token(&known));
    exchange(&mut auto.connection()?, &first, 200)?;
    // The first customer of an empty store also gives it to this provider, once for all.
    let other = google.simulator.buy();
    exchange(
        &mut form.connection()?,
        &sign_up(&google.token(&other)),
        303,
    )?;
    let visits = [
        ("new customer", &auto, google.token(&new), 200, 2),
        ("known customer", &auto, google.next_token(&known), 200, 1),
        ("form mode, arrival", &form, google.next_token(&new), 303, 1),
    ];
    let mut rows = Vec::new();
    for (what, program, token, status, commits) in visits {
        let before = Asked::count(program)?;
        exchange(&mut program.connection()?, &sign_up(&token), status)?;
        let asked = Asked::count(program)?.since(&before);
        let row = Row::new(&format!("Firestore calls, {what}"), &asked);
        rows.push(row.within(format!("commits: {commits}"), asked.0[COMMIT] == commits));
    }
    Ok(rows)
}

/// The order in which a cold sign-up calls Google. As each answer is held back equally long, calls
/// of one round trip arrive together and the next ones a round trip later.
pub(crate) fn round_trips_row(plan: &BenchPlan, google: &Google) -> Result<Row, Box<dyn Error>> {
    let request = sign_up(&google.token(&google.simulator.buy()));
    google.simulator.calls().clear();
    let faults = google.simulator.faults();
    faults.always(Matcher::any(), Fault::delay(ROUND_TRIP));
    let program = function::start(
        ProgramSetup::auto(StoreKind::Memory),
        &google.simulator,
        plan.cores,
    )?;
    exchange(&mut program.connection()?, &request, 200)?;
    let took = program.since.elapsed().as_secs_f64() / ROUND_TRIP.as_secs_f64();
    faults.clear();
    let calls = google.simulator.calls().all();
    let trips = trips(&calls);
    let first = trips.first().map(Vec::as_slice).unwrap_or_default();
    let together = ["keys", "access token"].map(|call| first.contains(&call));
    let shown: Vec<_> = trips.iter().map(|calls| calls.join(" ‖ ")).collect();
    let what = "round trips to Google, cold sign-up of a new customer";
    Ok(
        Row::new(what, format!("{}: {}", trips.len(), shown.join(" → ")))
            .beside(format!("took {took:.1} round trips"))
            .within(
                "4, keys ‖ access token first",
                together == [true, true] && trips.len() <= 4,
            ),
    )
}

pub(crate) struct Asked([usize; 3]);

const COMMIT: usize = 0;
const KINDS: [&str; 3] = ["commit", "read", "query"];

impl Asked {
    pub(crate) fn count(program: &Program) -> Result<Self, Box<dyn Error>> {
        let log = program.log()?;
        Ok(Self(KINDS.map(|kind| {
            log.matches(&format!("\"call\":\"{kind}\"")).count()
        })))
    }

    /// How many of them there are of each of so many.
    pub(crate) fn of_each(&self, count: usize) -> String {
        let [commits, reads, queries] = self.0.map(|calls| per(calls) / per(count));
        format!("commits: {commits:.2}, reads: {reads:.2}, queries: {queries:.2}")
    }

    fn since(&self, before: &Self) -> Self {
        Self(difference(self.0, before.0))
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [commits, reads, queries] = self.0;
        write!(f, "commits: {commits}, reads: {reads}, queries: {queries}")
    }
}

/// Calls to Firestore, and the documents that they are about.
#[derive(Clone, Copy)]
pub(crate) struct Documents([usize; 5]);

impl Documents {
    pub(crate) fn count(program: &Program) -> Result<Self, Box<dyn Error>> {
        let log = program.log()?;
        let of = |kind: &str| {
            let call = format!("\"call\":\"{kind}\"");
            let lines = log.lines().filter(|line| line.contains(&call));
            let documents = lines.clone().filter_map(documents);
            (lines.clone().count(), documents.sum())
        };
        let ((commits, written), (reads, read), (queries, _)) =
            (of("commit"), of("read"), of("query"));
        Ok(Self([commits, written, reads, read, queries]))
    }

    pub(crate) fn since(self, before: Self) -> Self {
        Self(difference(self.0, before.0))
    }

    /// How many there are of each of so many.
    pub(crate) fn of_each(self, count: usize) -> String {
        let [commits, written, reads, read, queries] =
            self.0.map(|number| per(number) / per(count));
        format!(
            "commits: {commits:.4} of {written:.4} documents, \
             reads: {reads:.4} of {read:.4} documents, queries: {queries:.4}"
        )
    }
}

fn difference<const N: usize>(mut now: [usize; N], before: [usize; N]) -> [usize; N] {
    for (now, before) in now.iter_mut().zip(before) {
        *now -= before;
    }
    now
}

/// The number of documents in a line of the store's.
fn documents(line: &str) -> Option<usize> {
    let (_, rest) = line.split_once("\"documents\":")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Calls that arrive before the answer to the first of them can have come are of one trip.
fn trips(calls: &[Call]) -> Vec<Vec<&str>> {
    let mut trips: Vec<(Timestamp, Vec<&str>)> = Vec::new();
    for call in calls {
        match trips.last_mut() {
            Some((first, trip))
                if call.time.duration_since(*first).as_secs_f64() < ROUND_TRIP.as_secs_f64() =>
            {
                trip.push(name(call));
            }
            _ => trips.push((call.time, vec![name(call)])),
        }
    }
    let sorted = trips.into_iter().map(|(_, mut trip)| {
        trip.sort_unstable();
        trip
    });
    sorted.collect()
}

fn name(call: &Call) -> &str {
    let names = [
        ("/robot/v1/metadata/x509/", "keys"),
        ("/service-accounts/default/token", "access token"),
        (":signJwt", "sign"),
        ("/accounts/{accountsId}:approve", "approve account"),
        ("/accounts/", "account"),
        (
            "/entitlements/{entitlementsId}:approve",
            "approve entitlement",
        ),
        ("/entitlements", "entitlements"),
    ];
    let found = names.iter().find(|(part, _)| call.template.contains(part));
    found.map_or(&call.template, |(_, name)| name)
}
