//! The largest push that is taken, in the memory of a small instance.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::BenchPlan;
use crate::events::{AUDIENCE, PUSH, program};
use crate::google::Google;
use crate::table::Row;

/// The largest body: 15 MiB.
const BODY: usize = 15 * 1024 * 1024;

/// As many bytes of a message as fit into it in base64, beside the envelope.
const DATA: usize = BODY / 4 * 3 - 1024;

/// By the release binary, which no other push has made larger.
pub(crate) fn row(plan: &BenchPlan) -> Result<Row, Box<dyn Error>> {
    let google = Google::start()?;
    let program = program(&google.simulator, plan.cores, &[("LINK_STORE", "memory")])?;
    let token = google.simulator.identity_token(PUSH, AUDIENCE);
    let body = body();
    let head = format!(
        "POST /events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = program.connection()?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    acknowledged(&mut stream)?;
    let peak = program.memory()?.peak;
    let what = "`procurement-events` resident memory, peak at a push of 15 MiB";
    Ok(Row::new(what, format!("{peak:.1} MB")).within("< 64 MB", peak < 64.0))
}

/// A message of very many small items, which are the dearest to read as a tree.
fn body() -> String {
    let (beginning, item, end) = (r#"{"note":["#, "[],", "[]]}");
    let items = item.repeat((DATA - beginning.len() - end.len()) / item.len());
    let data = BASE64_STANDARD.encode(format!("{beginning}{items}{end}"));
    format!(r#"{{"message":{{"data":"{data}","messageId":"1"}},"subscription":"large"}}"#)
}

/// The answer has no body, and so no length.
fn acknowledged(stream: &mut TcpStream) -> Result<(), Box<dyn Error>> {
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 204 ") {
        return Ok(());
    }
    Err(format!("the push was answered {answer:?}").into())
}
