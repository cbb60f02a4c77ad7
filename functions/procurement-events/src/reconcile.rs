//! `POST /reconcile`: compares everything with Google, a page at a time, and repairs what differs.
//!
//! One round has five parts. Each call does as much as its time allows and leaves a cursor. A resource that cannot be
//! repaired now does not hold up the others, and is tried again in the next round. Nor does a list that Google does not
//! give for long.

mod compare;
mod owner;
mod pages;
mod part;
mod progress;
mod waiting_news;
mod waiting_orders;

use std::time::Duration;

use callers::verified;
use function_runtime::{Request, Response, json, with_outcome};
use http::StatusCode;
use jiff::Timestamp;
use lifecycle::{Stock, SyncError};
use marketplace::{At, ErrorChain};
use store::{Commit, CommitError, Document};

use self::compare::{Comparing, compare_all};
use self::pages::{ComparePage, PageEnd};
use self::part::{COUNTED, JOB, Part, Position};
use self::progress::Progress;
use crate::config::EarlierOrders;
use crate::error::{Error, EventsFault};
use crate::handler::Handler;

/// With less time left than this, a call starts no further page.
const RESERVE: Duration = Duration::from_millis(2_500);

/// So long news is published before a call compares anything.
const PUBLISHING: Duration = Duration::from_secs(2);

impl Handler {
    /// Continues the current round, and says how far it came.
    pub(crate) async fn reconcile(&self, request: Request) -> Result<Response, Error> {
        verified(&self.scheduler, &request)
            .await
            .map_err(EventsFault::from)?;
        let ours_since = self.ensure_owner(request.at()).await?;
        let progress = self.continue_round(ours_since, request.at()).await;
        let progress = progress.map_err(EventsFault::from)?;
        progress.log();
        let body = serde_json::to_value(&progress).unwrap_or_default();
        if let Some(error) = progress.unlisted {
            return Err(EventsFault::from(error).into());
        }
        let name = if progress.finished {
            "reconciled"
        } else {
            "reconciling"
        };
        Ok(with_outcome(json(StatusCode::OK, &body), name, None))
    }

    /// Continues the current round, or starts one, as long as the time allows.
    async fn continue_round(&self, ours_since: Timestamp, at: At) -> Result<Progress, SyncError> {
        let mut progress = Progress::default();
        let cursor = self.store.cursor(JOB, at.deadline).await?;
        let comparing = Comparing {
            lifecycle: self.lifecycle.clone(),
            erase_after: self.erase_after,
            quiet_until: match self.earlier_orders {
                EarlierOrders::Quiet => Some(ours_since),
                EarlierOrders::Told => None,
            },
            counted: self.counted(at).await?,
            at,
        };
        let mut position = Position::of(cursor.map(|stored| stored.record), at.now);
        // A backlog of news must not keep the round from its work; the rest is published at the end.
        let soon = At {
            deadline: at.deadline.at_most(PUBLISHING),
            ..at
        };
        progress.published += self.publish(soon).await;
        loop {
            progress.next = position.part.as_str();
            if at.deadline.remaining() < RESERVE {
                break;
            }
            let page = self.next_page(&mut position, &mut progress, at).await?;
            let compared = compare_all(&comparing, page.resources).await;
            progress.add(&compared);
            if !compared.is_complete {
                break;
            }
            progress.unreadable += page.unreadable;
            position.stock = page.stock.unwrap_or(position.stock);
            position = match (page.end, position.part.next()) {
                (PageEnd::After(last), _) => position.after(last),
                (PageEnd::Last, Some(next)) => position.at(next),
                (PageEnd::Last, None) => {
                    let commit = Commit::new()
                        .delete(Document::cursor(JOB))
                        .put(position.counted(at.now));
                    self.store_position(commit, at).await?;
                    progress.finished = true;
                    progress.next = Part::Absences.as_str();
                    break;
                }
            };
            let commit = Commit::new().put(position.cursor(at.now));
            self.store_position(commit, at).await?;
        }
        progress.published += self.publish(at).await;
        progress.waiting = self.waiting_orders(at).await;
        progress.unruled = self.unruled_orders(at).await;
        progress.absent = position.stock.max_absent(comparing.counted);
        progress.outbox = self.waiting_news(at).await;
        Ok(progress)
    }

    /// The page at this position. Of a list that Google has not given for long, the rest is left out of this round.
    async fn next_page(
        &self,
        position: &mut Position,
        progress: &mut Progress,
        at: At,
    ) -> Result<ComparePage, SyncError> {
        let page = Box::pin(self.page(position, at)).await;
        let is_new = match &page {
            Ok(_) => position.note_given(),
            Err(error) if position.passes_over(error, at.now) => false,
            Err(error) => position.note_failure(error, at.now),
        };
        if is_new {
            let commit = Commit::new().put(position.cursor(at.now));
            self.store_position(commit, at).await?;
        }
        match page {
            Err(error) if position.passes_over(&error, at.now) => {
                progress.pass_over(position.part, error);
                Ok(ComparePage::empty())
            }
            page => page,
        }
    }

    /// The last whole count of what is stored, if it is not too old to go by.
    async fn counted(&self, at: At) -> Result<Option<Stock>, SyncError> {
        let cursor = self.store.cursor(COUNTED, at.deadline).await?;
        let cursor = cursor.map(|stored| stored.record);
        Ok(cursor.and_then(|cursor| Stock::counted(cursor.tally?, cursor.updated, at.now)))
    }

    /// What cannot be published now is published later; nothing else waits for it.
    async fn publish(&self, at: At) -> usize {
        let published = async {
            let discarded = self.outbox.discard_unpublishable(at.deadline).await?;
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
                error = %ErrorChain(&error),
                "changes wait to be published"
            );
            0
        })
    }

    /// If another call stored its position at the same time, either one will do.
    async fn store_position(&self, commit: Commit, at: At) -> Result<(), SyncError> {
        match self.store.commit(commit, at.deadline).await {
            Ok(()) | Err(CommitError::Conflict) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
