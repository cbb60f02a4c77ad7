//! The HTTP side: paths of Google's hosts are answered as Google would, all others by the pages.

mod incoming_call;
mod path;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use function_runtime::{Failure, Handler, Rejection, Request, Response};
use http::header;

use super::{Pages, Simulator};
use crate::apis::MetadataServer;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::pubsub_emulator::signed_pushes;
use incoming_call::IncomingCall;

/// A mebibyte: more than any request but one with messages of 10 MB, in base64.
const MIB: usize = 1024 * 1024;

/// Answers `/{HOST}/{path}` as Google's hosts would, `/computeMetadata/…` as the metadata server of the
/// vendor's application, and hands everything else to the pages.
pub struct SimulatorHandler {
    simulator: Simulator,
    pages: Option<Arc<dyn Pages>>,
}

/// The simulator has no errors of its own: Google's are answers.
#[derive(Debug)]
pub struct NeverFails(Infallible);

impl fmt::Display for NeverFails {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for NeverFails {}

impl Failure for NeverFails {
    fn rejection(&self) -> Rejection {
        match self.0 {}
    }
}

impl Handler for SimulatorHandler {
    type Error = NeverFails;

    async fn handle(&self, request: Request) -> Result<Response, NeverFails> {
        let google = self.simulator.google();
        let machine_now = request.now;
        let request = Request {
            now: google.clock.at(machine_now),
            ..request
        };
        let mut path = path::segments(request.path());
        let (metadata_server, host) = if MetadataServer::is_at_root(&path, &request.headers) {
            (MetadataServer::Application, hosts::METADATA.to_owned())
        } else {
            // Splitting always yields a first segment, be it empty.
            (MetadataServer::Portico, path.remove(0))
        };
        Ok(if hosts::is_google(&host) {
            let call = IncomingCall {
                google,
                machine_now,
                request: &request,
                host: &host,
                path: &path,
                metadata_server,
            };
            let answer = call.answer().await;
            match google.preset_resources.date(request.now, machine_now) {
                Some(date) => answer.with_header(header::DATE, &date),
                None => answer,
            }
            .into_response()
        } else if host == signed_pushes::SEGMENT {
            signed_pushes::answer(&google.events, &path, &request).await
        } else if let Some(pages) = &self.pages {
            pages.handle(&self.simulator, request).await
        } else {
            let what = format!("{} {}: no such host", request.method, request.path());
            google.record_violation(what);
            HostAnswer::error(&GoogleError::not_found()).into_response()
        })
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        let error = GoogleError::of_status(rejection.status.as_u16());
        HostAnswer::error(&error).into_response()
    }

    fn body_limit(&self, path: &str) -> usize {
        let has_messages = path.ends_with(":publish") || path.starts_with("/pubsub-bridge/");
        let has_usage = path.contains(hosts::SERVICE_CONTROL);
        match (has_messages, has_usage) {
            (true, _) => 16 * MIB,
            // Service Control itself says what is too large.
            (_, true) => 4 * MIB,
            _ => MIB,
        }
    }
}

impl SimulatorHandler {
    pub(crate) fn new(simulator: Simulator, pages: Option<Arc<dyn Pages>>) -> Self {
        Self { simulator, pages }
    }
}
