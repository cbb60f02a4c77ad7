//! `POST /events`: one delivery of one message.

use std::time::Duration;

use callers::verified;
use function_runtime::{Request, Response, status, with_outcome};
use http::StatusCode;
use lifecycle::{EventType, SyncError, SyncRequest, Trigger};
use marketplace::{At, ProcurementAccountId};
use store::{Commit, HandledEvent};

use crate::error::{Error, EventsFault};
use crate::handler::Handler;
use crate::message::EventMessage;
use crate::push_envelope::{Malformed, Push};
use crate::receipt;

/// How long a delivery waits at most until the news is published.
const PUBLISHING: Duration = Duration::from_secs(2);

impl Handler {
    /// Takes a push: its effect is stored, or it is refused and delivered again.
    pub(crate) async fn receive_event(&self, request: Request) -> Result<Response, Error> {
        verified(&self.push, &request)
            .await
            .map_err(EventsFault::from)?;
        let at = request.at();
        let push = Push::read(&request.body);
        let message = match push.data.as_deref() {
            Ok(data) => EventMessage::read(data),
            Err(malformed) => Err(*malformed),
        };
        match message {
            Err(malformed) => {
                let body = push.data.as_deref().unwrap_or(&request.body);
                Ok(self.keep_malformed(malformed, &push, body, at).await?)
            }
            Ok(message) => {
                let account = message.resource.account().cloned();
                let done = self.apply(&message, &push, at).await;
                done.map_err(|kind| Error { kind, account })
            }
        }
    }

    async fn apply(
        &self,
        message: &EventMessage,
        push: &Push,
        at: At,
    ) -> Result<Response, EventsFault> {
        let Some(kind) = message.kind else {
            return self.keep_unknown(message, push, at).await;
        };
        let receipt = receipt::of_message(message, push, at.now);
        tracing::info!(
            event_type = kind.as_str(),
            resource = message.resource.id(),
            event_id = message.event_id,
            message_id = push.id,
            delivery_attempt = push.delivery_attempt,
            "an event arrived"
        );
        let outcome = match self.store.event(&receipt.id, at).await? {
            Some(_) => "delivered-before",
            None => self.sync(message, kind, &receipt, at).await?,
        };
        let soon = at.deadline.at_most(PUBLISHING);
        self.outbox.drain_if_possible(soon).await;
        Ok(acknowledged(outcome, message.resource.account()))
    }

    async fn sync(
        &self,
        message: &EventMessage,
        kind: EventType,
        receipt: &HandledEvent,
        at: At,
    ) -> Result<&'static str, EventsFault> {
        let request = SyncRequest {
            trigger: Trigger::Event {
                kind,
                announced: message.announced,
            },
            receipt: Some(receipt),
            at,
        };
        let outcome = Box::pin(self.lifecycle.sync(&message.resource, request)).await?;
        Ok(outcome.as_str())
    }

    async fn keep_malformed(
        &self,
        malformed: Malformed,
        push: &Push,
        body: &[u8],
        at: At,
    ) -> Result<Response, EventsFault> {
        let reason = malformed.to_string();
        tracing::warn!(
            message_id = push.id,
            delivery_attempt = push.delivery_attempt,
            reason,
            "a malformed message is acknowledged"
        );
        let record = receipt::of_unusable("malformed", &reason, push, body, at.now);
        self.keep(record, "malformed", at).await
    }

    async fn keep_unknown(
        &self,
        message: &EventMessage,
        push: &Push,
        at: At,
    ) -> Result<Response, EventsFault> {
        tracing::warn!(
            event_type = message.type_name,
            resource = message.resource.id(),
            message_id = push.id,
            "an event of an unknown type is acknowledged"
        );
        let body = push.data.as_deref().unwrap_or_default();
        let type_name = message.type_name.as_str();
        let record = receipt::of_unusable(type_name, "unknown-type", push, body, at.now);
        self.keep(record, "unknown-type", at).await
    }

    /// Keeps a message that cannot be used. The next delivery would be the same, so it is acknowledged.
    async fn keep(
        &self,
        record: HandledEvent,
        outcome: &'static str,
        at: At,
    ) -> Result<Response, EventsFault> {
        let commit = Commit::new().put(record);
        let stored = self.store.commit(commit, at.deadline).await;
        stored.map_err(SyncError::from)?;
        Ok(acknowledged(outcome, None))
    }
}

fn acknowledged(name: &'static str, account: Option<&ProcurementAccountId>) -> Response {
    with_outcome(status(StatusCode::NO_CONTENT), name, account)
}
