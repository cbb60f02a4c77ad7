//! The store in Firestore.
//!
//! Over Google's own gRPC interface, with the client that `gcloud-sdk` generates of it: a connection, three calls,
//! and what their failures mean.

mod call_failure;
mod connection;
mod requests;
mod wire_query;
mod wire_values;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use marketplace::{Deadline, ErrorChain};
use tokio::time::timeout;

use self::call_failure::CallFailure;
use self::connection::{Client, Connection};
use self::requests::Names;
use crate::documents::commit::{Change, Write};
use crate::documents::query::Query;
use crate::documents::record::StoredDocument;
use crate::{CommitError, Document, StoreUnavailable};

/// How long one attempt may take that can be repeated: an idle connection may have died unnoticed,
/// and then the next attempt makes a new one.
const ATTEMPT: Duration = Duration::from_secs(3);

/// How long the connection may take at start-up, when no request waits for it.
const WARM_UP: Duration = Duration::from_secs(20);

/// Where the documents are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirestoreSettings {
    /// The Google Cloud project's id.
    pub project: String,
    /// The database's id, usually `(default)`.
    pub database: String,
    /// `host:port` of an emulator to use instead of Google's service.
    pub emulator: Option<String>,
}

impl FirestoreSettings {
    /// How Firestore names the database.
    fn database_name(&self) -> String {
        let Self {
            project, database, ..
        } = self;
        format!("projects/{project}/databases/{database}")
    }
}

/// Documents in a Firestore database.
#[derive(Clone)]
pub struct FirestoreStore(Arc<Inner>);

struct Inner {
    names: Names,
    connection: Connection,
}

/// What may be sent again when its answer was lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// It has the same effect twice as once.
    Safe,
    /// It may be repeated only if it surely was not carried out.
    IfNotCarriedOut,
}

impl FirestoreStore {
    pub(crate) fn new(settings: FirestoreSettings) -> Self {
        Self(Arc::new(Inner {
            names: Names::new(&settings),
            connection: Connection::new(settings),
        }))
    }

    pub(crate) async fn warm_up(&self) {
        let connected = timeout(WARM_UP, self.0.connection.client()).await;
        let connected = connected.unwrap_or(Err(CallFailure::timed_out()));
        if let Err(failure) = connected {
            let error = StoreUnavailable::from(failure);
            tracing::warn!(
                error = %ErrorChain(&error),
                "the store is not reachable yet"
            );
        }
    }

    pub(crate) async fn fetch(
        &self,
        documents: &[Document],
        deadline: Deadline,
    ) -> Result<Vec<Option<StoredDocument>>, StoreUnavailable> {
        let names = &self.0.names;
        let fetched = self.call(Repeat::Safe, deadline, |client| {
            requests::fetch(client, names, documents)
        });
        Ok(fetched.await?)
    }

    pub(crate) async fn now(&self, deadline: Deadline) -> Result<Timestamp, StoreUnavailable> {
        let names = &self.0.names;
        let read = self.call(Repeat::Safe, deadline, |client| {
            requests::now(client, names)
        });
        Ok(read.await?)
    }

    pub(crate) async fn select(
        &self,
        query: &Query,
        deadline: Deadline,
    ) -> Result<Vec<StoredDocument>, StoreUnavailable> {
        let names = &self.0.names;
        let selected = self.call(Repeat::Safe, deadline, |client| {
            requests::select(client, names, query)
        });
        Ok(selected.await?)
    }

    pub(crate) async fn commit(
        &self,
        writes: &[Write],
        deadline: Deadline,
    ) -> Result<(), CommitError> {
        if writes.is_empty() {
            return Ok(());
        }
        let request = requests::commit_request(&self.0.names, writes);
        let sent = AtomicU32::new(0);
        let committed = self.call(repeat_of(writes), deadline, |client| {
            sent.fetch_add(1, Ordering::Relaxed);
            requests::commit(client, request.clone())
        });
        match committed.await {
            // Perhaps it was the first attempt, whose answer was lost, that is now in the way.
            Err(failure) if failure.is_precondition() && sent.into_inner() > 1 => {
                let stands = self.stands(writes, deadline).await?;
                stands.then_some(()).ok_or(CommitError::Conflict)
            }
            committed => committed.map_err(CommitError::from),
        }
    }

    /// Whether all documents are as the commit was to make them.
    async fn stands(&self, writes: &[Write], deadline: Deadline) -> Result<bool, StoreUnavailable> {
        let documents: Vec<_> = writes.iter().map(|write| write.document.clone()).collect();
        let found = self.fetch(&documents, deadline).await?;
        let mut pairs = writes.iter().zip(found);
        Ok(pairs.all(|(write, found)| match &write.change {
            Change::Set(fields) => found.is_some_and(|found| fields.stand_in(&found.fields)),
            Change::Delete => found.is_none(),
            Change::Keep => true,
        }))
    }

    /// Makes one call within the deadline, on a fresh connection where the old one failed.
    async fn call<T, F: Future<Output = Result<T, CallFailure>>>(
        &self,
        repeat: Repeat,
        deadline: Deadline,
        send: impl Fn(Client) -> F,
    ) -> Result<T, CallFailure> {
        if deadline.has_passed() {
            return Err(CallFailure::timed_out());
        }
        let attempts = (|| self.attempt(repeat, deadline, &send))
            .retry(delays())
            .when(|failure| failure.may_be_repeated(repeat));
        let answer = timeout(deadline.remaining(), attempts).await;
        answer.unwrap_or(Err(CallFailure::timed_out()))
    }

    async fn attempt<T, F: Future<Output = Result<T, CallFailure>>>(
        &self,
        repeat: Repeat,
        deadline: Deadline,
        send: &impl Fn(Client) -> F,
    ) -> Result<T, CallFailure> {
        let limit = match repeat {
            Repeat::Safe => deadline.remaining().min(ATTEMPT),
            Repeat::IfNotCarriedOut => deadline.remaining(),
        };
        let client = timeout(limit, self.0.connection.client()).await;
        let client = client.unwrap_or(Err(CallFailure::timed_out()))?;
        let answer = timeout(limit, send(client.clone())).await;
        answer.unwrap_or_else(|_| {
            // A connection that is silent for that long is replaced.
            if limit >= ATTEMPT {
                self.0.connection.forget(&client);
            }
            Err(CallFailure::timed_out())
        })
    }
}

/// A commit with a precondition cannot take effect twice: the first time makes it fail.
fn repeat_of(writes: &[Write]) -> Repeat {
    if writes.iter().any(Write::cannot_happen_twice) {
        Repeat::Safe
    } else {
        Repeat::IfNotCarriedOut
    }
}

/// 50, 100 and 200 ms, each with up to as much again at random, so that instances spread.
fn delays() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(50))
        .with_factor(2.0)
        .with_max_times(3)
        .with_jitter()
}
