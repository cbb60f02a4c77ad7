//! One delivery of one message.

use std::time::Duration;

use approval::{EventType, Followed, Occasion, Visit};
use callers::verified;
use function_runtime::{Outcome, Request, Response, status};
use http::StatusCode;
use marketplace::At;
use store::{Commit, HandledEvent};

use crate::error::{Error, Kind};
use crate::handler::Handler;
use crate::message::{Message, Subject};
use crate::push::Push;
use crate::receipt;

/// How long a delivery waits at most for the application to be told.
const PUBLISHING: Duration = Duration::from_secs(2);

impl Handler {
    /// Takes a push: its effect is stored, or it is refused and comes again.
    pub(crate) async fn take_event(&self, request: Request) -> Result<Response, Error> {
        verified(&self.push, &request).await.map_err(Kind::from)?;
        let at = request.at();
        let push = Push::read(&request.body);
        let read = match &push.data {
            Ok(data) => Message::read(data),
            Err(malformed) => Err(*malformed),
        };
        let message = match read {
            Ok(message) => message,
            Err(malformed) => {
                let why = malformed.to_string();
                tracing::warn!(
                    message_id = push.id,
                    delivery_attempt = push.delivery_attempt,
                    reason = why,
                    "a malformed message is acknowledged"
                );
                let body = push.data.as_deref().unwrap_or(&request.body);
                let note = receipt::of_unknown(("malformed", &why), &push, body, at.now);
                return Ok(self.note(note, "malformed", at).await?);
            }
        };
        let account = match &message.subject {
            Subject::Account(id) => Some(id.clone()),
            Subject::Entitlement(_) => None,
        };
        let done = self.take(&message, &push, at).await;
        done.map_err(|kind| Error { kind, account })
    }

    async fn take(&self, message: &Message, push: &Push, at: At) -> Result<Response, Kind> {
        let Some(kind) = message.kind else {
            tracing::warn!(
                event_type = message.type_name,
                resource = message.subject.as_str(),
                message_id = push.id,
                "an event of an unknown type is acknowledged"
            );
            let data = push.data.as_deref().unwrap_or_default();
            let named = (message.type_name.as_str(), "unknown-type");
            let note = receipt::of_unknown(named, push, data, at.now);
            return self.note(note, "unknown-type", at).await;
        };
        let receipt = receipt::of_message(message, push, at.now);
        tracing::info!(
            event_type = kind.as_str(),
            resource = message.subject.as_str(),
            event_id = message.event_id,
            message_id = push.id,
            delivery_attempt = push.delivery_attempt,
            "an event arrived"
        );
        let known = self.store.event(&receipt.id, at).await?;
        let outcome = match known {
            Some(_) => "delivered-before",
            None => self.follow(message, kind, &receipt, at).await?.as_str(),
        };
        let soon = at.deadline.at_most(PUBLISHING);
        self.outbox.drain_if_possible(soon).await;
        Ok(acknowledged(outcome, message))
    }

    async fn follow(
        &self,
        message: &Message,
        kind: EventType,
        receipt: &HandledEvent,
        at: At,
    ) -> Result<Followed, Kind> {
        let visit = Visit {
            occasion: Occasion::Event {
                kind,
                announced: message.announced,
            },
            receipt: Some(receipt),
        };
        let followed = match &message.subject {
            Subject::Account(id) => Box::pin(self.follower.account(id, visit, at)).await,
            Subject::Entitlement(id) => Box::pin(self.follower.entitlement(id, visit, at)).await,
        };
        Ok(followed?)
    }

    /// Keeps what nobody can follow. It would come back the same, so it is acknowledged.
    async fn note(
        &self,
        note: HandledEvent,
        outcome: &'static str,
        at: At,
    ) -> Result<Response, Kind> {
        self.store
            .commit(Commit::new().put(note), at.deadline)
            .await?;
        let account = None;
        Ok(no_content(Outcome {
            name: outcome,
            account,
        }))
    }
}

fn acknowledged(name: &'static str, message: &Message) -> Response {
    let account = match &message.subject {
        Subject::Account(id) => Some(id.clone()),
        Subject::Entitlement(_) => None,
    };
    no_content(Outcome { name, account })
}

fn no_content(outcome: Outcome) -> Response {
    let mut response = status(StatusCode::NO_CONTENT);
    response.extensions_mut().insert(outcome);
    response
}
