//! One call: understood, answered, with a fault if one is planned for it, and logged.

use function_runtime::Request;
use jiff::Timestamp;

use crate::apis::{
    self, KeyEndpoint, MetadataRequest, MetadataServer, SignInEndpoint, UserInfoForm,
};
use crate::call_log::Call;
use crate::discovery::{self, Operation, Unchecked};
use crate::faults::{Fault, FaultKind, Moment, Planned};
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::simulated_google::SimulatedGoogle;
use crate::transport_faults::TransportFault;

/// A call to one of Google's hosts.
pub(super) struct IncomingCall<'a> {
    pub(super) google: &'a SimulatedGoogle,
    /// By the machine's clock, by which programs keep their access tokens.
    pub(super) machine_now: Timestamp,
    pub(super) request: &'a Request,
    pub(super) host: &'a str,
    pub(super) path: &'a [String],
    /// Whose metadata server is asked, if it is one.
    pub(super) metadata_server: MetadataServer,
}

/// A request that fits what Google documents.
enum Understood {
    Keys(KeyEndpoint),
    Metadata(MetadataRequest),
    SignIn(SignInEndpoint),
    ServiceAccountPage,
    /// A discovery document, as it is answered.
    Description(String),
    Api(Operation),
}

impl IncomingCall<'_> {
    pub(super) async fn answer(&self) -> HostAnswer {
        let path = format!("/{}", self.path.join("/"));
        let understood = self.understand();
        let template = match &understood {
            Ok(Understood::Api(operation)) => format!("/{}", operation.template),
            _ => path.clone(),
        };
        let fault = self
            .google
            .faults
            .take(&self.request.method, self.host, &path);
        let call = self.google.calls.begin(Call {
            number: 0,
            time: self.request.now,
            method: self.request.method.clone(),
            host: self.host.to_owned(),
            path,
            template,
            status: None,
            summary: String::new(),
            fault: fault.as_ref().map(|(fault, _)| fault.name()),
        });
        let answer = match fault {
            Some((fault, planned)) => self.answer_with_fault(&understood, fault, &planned).await,
            None => self.perform(&understood),
        };
        call.record(|call| {
            call.status = Some(answer.status.as_u16());
            call.summary.clone_from(&answer.summary);
        });
        answer
    }

    /// What is asked for; a request that fits nothing Google documents is recorded and refused.
    fn understand(&self) -> Result<Understood, GoogleError> {
        let refusal = match self.find() {
            Ok(understood) => return Ok(understood),
            Err(refusal) => refusal,
        };
        // Google's libraries look there for what need not be there.
        let is_probing = self.host == hosts::METADATA
            && self.metadata_server == MetadataServer::Application
            && refusal.code == 404;
        if is_probing {
            return Err(refusal);
        }
        let (method, path) = (&self.request.method, self.path.join("/"));
        let message = &refusal.message;
        self.google
            .record_violation(format!("{method} {}/{path}: {message}", self.host));
        Err(refusal)
    }

    fn find(&self) -> Result<Understood, GoogleError> {
        if self.host == hosts::METADATA {
            let asked = self
                .metadata_server
                .understand(self.google, self.path, self.request)?;
            return Ok(Understood::Metadata(asked));
        }
        if let Some(found) = self.find_exception() {
            return Ok(found);
        }
        let document = discovery::document(self.host).ok_or_else(GoogleError::not_found)?;
        let unchecked = Unchecked {
            method: &self.request.method,
            path: self.path,
            query: self.query(),
            headers: &self.request.headers,
            body: &self.request.body,
        };
        discovery::check(document, &unchecked).map(Understood::Api)
    }

    fn find_exception(&self) -> Option<Understood> {
        let method = &self.request.method;
        if let Some(endpoint) = SignInEndpoint::find(method, self.host, self.path) {
            return Some(Understood::SignIn(endpoint));
        }
        if apis::is_service_account_page(method, self.host, self.path) {
            return Some(Understood::ServiceAccountPage);
        }
        match self.host {
            _ if method != http::Method::GET => None,
            _ if discovery::is_description(self.path) => {
                let origin = &self.google.origin;
                discovery::description(self.host, self.query(), origin).map(Understood::Description)
            }
            hosts::WWW => KeyEndpoint::find(self.google, self.path).map(Understood::Keys),
            _ => None,
        }
    }

    fn query(&self) -> &str {
        self.request.uri.query().unwrap_or_default()
    }

    fn perform(&self, understood: &Result<Understood, GoogleError>) -> HostAnswer {
        match understood {
            Err(refusal) if self.host == hosts::METADATA => {
                apis::refused_by_metadata_server(refusal)
            }
            Err(refusal) => HostAnswer::error(refusal),
            Ok(Understood::Keys(endpoint)) => endpoint.answer(self.google),
            Ok(Understood::Metadata(asked)) => {
                self.metadata_server
                    .answer(self.google, asked, self.machine_now)
            }
            Ok(Understood::SignIn(endpoint)) => {
                endpoint.answer(self.google, self.request, self.machine_now)
            }
            Ok(Understood::Description(text)) => {
                let kind = "application/json; charset=UTF-8";
                HostAnswer::ok(kind, text.clone(), "a discovery document")
            }
            Ok(Understood::ServiceAccountPage) => {
                apis::browse_service_account_page(self.google, self.host, self.request)
            }
            // Its access tokens are those of users.
            Ok(Understood::Api(_)) if self.host == hosts::WWW => {
                apis::user_info(self.google, UserInfoForm::Api, self.request)
            }
            Ok(Understood::Api(operation)) => self
                .caller()
                .and_then(|caller| {
                    let now = self.request.now;
                    apis::perform(self.google, self.host, operation, &caller, now)
                })
                .unwrap_or_else(|error| HostAnswer::error(&error)),
        }
    }

    /// E-mail of the service account that calls.
    fn caller(&self) -> Result<String, GoogleError> {
        let tokens = &self.google.access_tokens;
        tokens
            .caller(&self.request.headers, self.machine_now)
            .map_err(|unknown| unknown.error(self.host))
    }

    async fn answer_with_fault(
        &self,
        understood: &Result<Understood, GoogleError>,
        fault: Fault,
        planned: &Planned,
    ) -> HostAnswer {
        // An effect that comes first must be there when a test hears of the hit.
        let early = match fault.moment {
            Moment::AfterEffect => Some(self.perform(understood)),
            Moment::BeforeEffect => None,
        };
        planned.hit();
        match fault.kind {
            FaultKind::Delay(duration) => tokio::time::sleep(duration).await,
            FaultKind::Hang => planned.wait_for_release().await,
            _ => {}
        }
        match (fault.kind, early) {
            (FaultKind::Status(code, retry_after), _) => {
                HostAnswer::error(&self.refusal(code, understood)).with_retry_after(retry_after)
            }
            (FaultKind::Refused(message), _) => {
                let mut error = GoogleError::permission_denied();
                message.clone_into(&mut error.message);
                HostAnswer::error(&error)
            }
            (FaultKind::Garbage, _) => HostAnswer::garbage(),
            (FaultKind::Answer(json), _) => {
                let kind = "application/json; charset=UTF-8";
                HostAnswer::ok(kind, json.to_owned(), "another answer")
            }
            (FaultKind::Redirect, _) => HostAnswer::redirect(&self.request.uri.to_string()),
            (FaultKind::Cut, early) => early
                .unwrap_or_else(HostAnswer::garbage)
                .travelling(TransportFault::Cut),
            (FaultKind::CutMidBody, early) => early
                .unwrap_or_else(|| self.perform(understood))
                .travelling(TransportFault::CutMidBody),
            (FaultKind::Slow(pause), early) => early
                .unwrap_or_else(|| self.perform(understood))
                .travelling(TransportFault::Slow(pause)),
            (FaultKind::Delay(_) | FaultKind::Hang, early) => {
                early.unwrap_or_else(|| self.perform(understood))
            }
        }
    }

    /// Google's error of this status. IAM says which permission is missing.
    fn refusal(&self, code: u16, understood: &Result<Understood, GoogleError>) -> GoogleError {
        match understood {
            Ok(Understood::Api(operation)) if code == 403 && self.host == hosts::IAM => {
                apis::permission_missing(operation)
            }
            _ => GoogleError::of_status(code),
        }
    }
}
