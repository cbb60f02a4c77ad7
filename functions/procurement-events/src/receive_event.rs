//! `POST /events`: one delivery of one message.

use std::time::Duration;

use callers::verified;
use function_runtime::{Request, Response, status, with_outcome};
use http::StatusCode;
use lifecycle::{SyncError, SyncOutcome, SyncRequest, Trigger};
use marketplace::{At, ErrorChain, ProcurementAccountId, log_text};
use procurement::ProcurementError;
use store::{Commit, CommitError, HandledEvent, JournalEntry, JournalKind};

use crate::error::{Error, EventsFault};
use crate::handler::Handler;
use crate::message::EventMessage;
use crate::push_envelope::{Malformed, Push};
use crate::receipt;

/// How much of a type or an id from outside is logged, in characters.
const LOGGED: usize = 100;

/// How long a delivery waits at most until the news is published.
const PUBLISHING: Duration = Duration::from_secs(2);

impl Handler {
    /// Takes a push: its effect is stored, or it is refused and delivered again.
    pub(crate) async fn receive_event(&self, request: Request) -> Result<Response, Error> {
        verified(&self.push, &request)
            .await
            .map_err(EventsFault::from)?;
        let at = request.at();
        let ours = self.approvals.ownership().ensure(at).await;
        ours.map_err(EventsFault::from)?;
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
        let receipt = receipt::of_message(message, push, at.now);
        log_arrival(message, push, &receipt);
        let outcome = match self.store.event(&receipt.id, at).await? {
            Some(_) => "delivered-before",
            None => match self.sync(message, push, &receipt, at).await {
                Ok(outcome) => outcome.as_str(),
                Err(SyncError::Unreadable(reason)) => {
                    self.keep_unreadable(&reason, message, push, receipt, at)
                        .await?
                }
                Err(error) => return Err(error.into()),
            },
        };
        let soon = at.deadline.at_most(PUBLISHING);
        self.outbox.drain_if_possible(soon).await;
        Ok(acknowledged(outcome, message.resource.account()))
    }

    async fn sync(
        &self,
        message: &EventMessage,
        push: &Push,
        receipt: &HandledEvent,
        at: At,
    ) -> Result<SyncOutcome, SyncError> {
        let request = SyncRequest {
            trigger: Trigger::Event {
                kind: message.kind,
                announced: message.announced,
                published: push.published,
            },
            receipt: Some(receipt),
            quiet_until: None,
            at,
        };
        Box::pin(self.lifecycle.sync(&message.resource, request)).await
    }

    /// Google's answer would be the same for the next delivery. Once Google has repaired it, reconciliation applies it.
    async fn keep_unreadable(
        &self,
        reason: &ProcurementError,
        message: &EventMessage,
        push: &Push,
        receipt: HandledEvent,
        at: At,
    ) -> Result<&'static str, EventsFault> {
        tracing::warn!(
            resource = message.resource.id(),
            message_id = shown(push.id.as_deref()),
            delivery_attempt = push.delivery_attempt,
            reason = receipt::UNREADABLE,
            error = %ErrorChain(reason),
            "an event about a resource that Google does not describe as documented is acknowledged"
        );
        let record = receipt::of_unreadable(receipt, message, push);
        self.keep(record, at).await?;
        Ok(receipt::UNREADABLE)
    }

    async fn keep_malformed(
        &self,
        malformed: Malformed,
        push: &Push,
        body: &[u8],
        at: At,
    ) -> Result<Response, EventsFault> {
        tracing::warn!(
            message_id = shown(push.id.as_deref()),
            delivery_attempt = push.delivery_attempt,
            reason = malformed.code(),
            "a malformed message is acknowledged"
        );
        let record = receipt::of_unusable(malformed, push, body, at.now);
        self.keep(record, at).await?;
        Ok(acknowledged("malformed", None))
    }

    /// Keeps a message that nothing can be done about, with a line of the journal.
    async fn keep(&self, record: HandledEvent, at: At) -> Result<(), EventsFault> {
        let line = JournalEntry::of_deployment(JournalKind::MessageKept, &record.id, at.now)
            .with("message", &record.id)
            .with("reason", &record.outcome);
        let line = match &record.resource {
            Some(resource) => line.with("resource", resource),
            None => line,
        };
        let commit = line.add_to(Commit::new().create(record), None);
        match self.store.commit(commit, at.deadline).await {
            // Another delivery of it has been kept already.
            Ok(()) | Err(CommitError::Conflict) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}

fn log_arrival(message: &EventMessage, push: &Push, receipt: &HandledEvent) {
    let event_type = log_text(&receipt.kind, LOGGED);
    tracing::info!(
        event_type,
        resource = message.resource.id(),
        event_id = shown(message.event_id.as_deref()),
        message_id = shown(push.id.as_deref()),
        delivery_attempt = push.delivery_attempt,
        "an event arrived"
    );
    if message.is_of_unknown_type() {
        tracing::warn!(
            event_type,
            resource = message.resource.id(),
            message_id = shown(push.id.as_deref()),
            "an event of a type that is not documented is followed like any other"
        );
    }
}

fn shown(id: Option<&str>) -> Option<String> {
    id.map(|id| log_text(id, LOGGED))
}

fn acknowledged(name: &'static str, account: Option<&ProcurementAccountId>) -> Response {
    with_outcome(status(StatusCode::NO_CONTENT), name, account)
}
