//! One request on one connection, waited for.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::load::whole_answer;

/// Sends a request and reads its answer, which must have this status. The answer's body.
pub(crate) fn exchange(
    stream: &mut TcpStream,
    request: &[u8],
    status: u16,
) -> Result<Vec<u8>, Box<dyn Error>> {
    stream.set_nodelay(true)?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        let length = stream.read(&mut piece)?;
        answer.extend(piece.iter().take(length));
        match whole_answer(&answer) {
            Some(found) if found == status => {
                let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
                return Ok(answer.split_off(end.unwrap_or_default() + 4));
            }
            Some(found) => {
                return Err(format!("the answer was {found} instead of {status}").into());
            }
            None if length == 0 => return Err("the connection was closed".into()),
            None => {}
        }
    }
}
