//! The runtime as functions meet it: real sockets, real limits, captured log lines.

#[cfg(test)]
mod client;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod drain;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod log_lines;
#[cfg(test)]
mod process;
#[cfg(test)]
mod server;
