//! Calls over real connections, against a small server that answers as a test says.

#![cfg(test)]

mod certificates;
mod credentials;
mod fake;
mod google_api;
mod http_client;
