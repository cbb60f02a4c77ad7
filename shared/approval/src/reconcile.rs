//! Compares everything with Google, a page at a time, and mends what differs.
//!
//! One round has five parts. Each call does as much as its time allows and leaves a cursor; a
//! resource that cannot be mended now does not hold up the others, and is tried in the next round.

mod look;
mod pages;
mod waiting;

use std::time::Duration;

use google_calls::Causes;
use jiff::Timestamp;
use serde::Serialize;
use store::{Commit, CommitError, Cursor, Document};
use tokio::task::JoinSet;

use self::look::Subject;
use self::pages::Page;
use crate::{FollowError, Followed, Follower};
use marketplace::At;

const JOB: &str = "reconcile";

/// What is left of a call's time when no further page is begun.
const RESERVE: Duration = Duration::from_millis(2_500);

/// Resources looked at at the same time.
const PARALLEL: usize = 8;

/// How far one call has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Whether the round is complete. If not, the next call goes on.
    pub finished: bool,
    /// The part that the next call begins with.
    pub next: &'static str,
    /// Resources compared.
    pub checked: usize,
    /// Resources that differed and were mended.
    pub repaired: usize,
    /// Resources that could not be compared or mended now.
    pub failed: usize,
    /// Changes published to the application.
    pub published: usize,
    /// Orders and plan changes that wait for the operator. Counted under the manual policy alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<usize>,
    /// For how many seconds the oldest of them has waited, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_waiting_s: Option<i64>,
}

/// The parts of a round, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What Google did not find the last time.
    Absences,
    /// Accounts as Google lists them.
    GoogleAccounts,
    /// Entitlements as Google lists them.
    GoogleEntitlements,
    /// Accounts that may be missing from Google's list.
    StoredAccounts,
    /// Entitlements that may be missing from Google's list.
    StoredEntitlements,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::Absences,
        Self::GoogleAccounts,
        Self::GoogleEntitlements,
        Self::StoredAccounts,
        Self::StoredEntitlements,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Absences => "absences",
            Self::GoogleAccounts => "google-accounts",
            Self::GoogleEntitlements => "google-entitlements",
            Self::StoredAccounts => "stored-accounts",
            Self::StoredEntitlements => "stored-entitlements",
        }
    }

    fn next(self) -> Option<Self> {
        let mut parts = Self::ALL.into_iter().skip_while(|part| *part != self);
        parts.nth(1)
    }
}

impl Follower {
    /// Goes on with the current round, or begins one, as long as the time allows.
    pub async fn reconcile(&self, at: At) -> Result<Reconciled, FollowError> {
        let mut done = Reconciled::default();
        let cursor = self.store.cursor(JOB, at.deadline).await?;
        let cursor = cursor.map(|stored| stored.record);
        let started = cursor.as_ref().map_or(at.now, |cursor| cursor.started);
        let (mut part, mut after) = position(cursor);
        done.published += self.publish(at).await;
        loop {
            done.next = part.as_str();
            if at.deadline.remaining() < RESERVE {
                break;
            }
            let Some(page) = Box::pin(self.page(part, after.as_deref(), &mut done, at)).await?
            else {
                break;
            };
            (part, after) = match (page, part.next()) {
                (Page::After(last), _) => (part, Some(last)),
                (Page::Last, Some(next)) => (next, None),
                (Page::Last, None) => {
                    let commit = Commit::new().delete(Document::cursor(JOB));
                    self.keep(commit, at).await?;
                    done.finished = true;
                    done.next = Part::Absences.as_str();
                    break;
                }
            };
            self.keep(
                Commit::new().put(cursor_at(part, after.clone(), (started, at.now))),
                at,
            )
            .await?;
        }
        done.published += self.publish(at).await;
        self.count_waiting(&mut done, at).await;
        Ok(done)
    }

    /// Changes that cannot be published now are published later; nothing else waits for them.
    async fn publish(&self, at: At) -> usize {
        let published = async {
            let discarded = self.outbox.discard_untold(at.deadline).await?;
            if discarded > 0 {
                tracing::warn!(
                    discarded,
                    "changes were discarded: there is no topic for them"
                );
            }
            self.outbox.drain(at.deadline).await
        };
        published.await.unwrap_or_else(|error| {
            tracing::warn!(
                error = %Causes(&error),
                "changes wait to be published"
            );
            0
        })
    }

    async fn keep(&self, commit: Commit, at: At) -> Result<(), FollowError> {
        match self.store.commit(commit, at.deadline).await {
            Ok(()) | Err(CommitError::Conflict) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    /// One page; none if the time did not suffice for all of it.
    async fn page(
        &self,
        part: Part,
        after: Option<&str>,
        done: &mut Reconciled,
        at: At,
    ) -> Result<Option<Page>, FollowError> {
        let (subjects, page) = match part {
            Part::Absences => self.absences(after, at).await?,
            Part::GoogleAccounts => self.google_accounts(after, at).await?,
            Part::GoogleEntitlements => self.google_entitlements(after, at).await?,
            Part::StoredAccounts => self.stored_accounts(after, at).await?,
            Part::StoredEntitlements => self.stored_entitlements(after, at).await?,
        };
        let complete = self.look_at_all(subjects, done, at).await;
        Ok(complete.then_some(page))
    }

    /// Looks at some resources at a time; says whether there was time for all.
    async fn look_at_all(&self, subjects: Vec<Subject>, done: &mut Reconciled, at: At) -> bool {
        let mut waiting = subjects.into_iter();
        let mut looks = JoinSet::new();
        loop {
            while looks.len() < PARALLEL
                && at.deadline.remaining() >= RESERVE / 2
                && let Some(subject) = waiting.next()
            {
                let follower = self.clone();
                looks.spawn(async move { Box::pin(follower.look_at(subject, at)).await });
            }
            match looks.join_next().await {
                Some(Ok(Ok(Followed::Changed))) => {
                    done.checked += 1;
                    done.repaired += 1;
                }
                Some(Ok(Ok(_))) => done.checked += 1,
                Some(_) => {
                    done.checked += 1;
                    done.failed += 1;
                }
                None => return waiting.next().is_none(),
            }
        }
    }
}

/// A phase that this version does not know begins the round anew.
fn position(cursor: Option<Cursor>) -> (Part, Option<String>) {
    let known = cursor.and_then(|cursor| {
        let mut parts = Part::ALL.into_iter();
        let part = parts.find(|part| part.as_str() == cursor.phase)?;
        Some((part, cursor.after))
    });
    known.unwrap_or((Part::Absences, None))
}

fn cursor_at(
    part: Part,
    after: Option<String>,
    (started, updated): (Timestamp, Timestamp),
) -> Cursor {
    Cursor {
        job: JOB.to_owned(),
        phase: part.as_str().to_owned(),
        after,
        started,
        updated,
    }
}
