//! From exec to listening, and to the first answer.

use std::error::Error;
use std::net::TcpStream;
use std::time::Duration;

use crate::BenchPlan;
use crate::exchange::exchange;
use crate::function::{self, ProgramSetup, StoreKind};
use crate::google::Google;
use crate::load::sign_up;
use crate::program::Program;
use crate::table::Row;

/// Times of one kind of start, in milliseconds.
#[derive(Default)]
struct Times(Vec<f64>);

#[derive(Default)]
struct Starts {
    listening: Times,
    answered: Times,
}

/// Starts the function and the empty server in turn.
pub(crate) fn rows(plan: &BenchPlan, google: &Google) -> Result<[Row; 2], Box<dyn Error>> {
    let (mut ours, mut empty) = (Starts::default(), Starts::default());
    for _ in 0..plan.starts {
        let request = sign_up(&google.token(&google.simulator.buy()));
        let setup = ProgramSetup::auto(StoreKind::Memory);
        ours.add(&request, || {
            function::start(setup, &google.simulator, plan.cores)
        })?;
        empty.add(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n", || {
            function::start_empty(plan.cores)
        })?;
    }
    let row = |what, ours: &Times, empty: &Times, limit: f64| {
        let more = ours.median() - empty.median();
        Row::new(what, format!("{ours}: {more:+.1} ms"))
            .beside(format!("empty server {empty}"))
            .within(format!("within {limit} ms"), more < limit)
    };
    let listening = "exec → listening, median [min]";
    let answered = "exec → first verified sign-up answered";
    Ok([
        row(listening, &ours.listening, &empty.listening, 3.0),
        row(answered, &ours.answered, &empty.answered, 30.0),
    ])
}

impl Starts {
    fn add(
        &mut self,
        request: &[u8],
        start: impl FnOnce() -> Result<Program, Box<dyn Error>>,
    ) -> Result<(), Box<dyn Error>> {
        let program = start()?;
        let mut stream: TcpStream = program.connection()?;
        self.listening.add(program.since.elapsed());
        exchange(&mut stream, request, 200)?;
        self.answered.add(program.since.elapsed());
        Ok(())
    }
}

impl Times {
    fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        write!(f, "{:.1} [{least:.1}] ms", self.median())
    }
}
