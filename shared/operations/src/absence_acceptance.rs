//! Accepts that Google does not have resources any more.

use std::collections::BTreeSet;

use store::{Absence, Account, Commit, CommitError, Entitlement, JournalEntry, JournalKind};

use crate::absences::{AbsentResource, StoredResource};
use crate::actor::Actor;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};

/// Marks absences, so that reconciliation may confirm them however many they are.
pub struct AbsenceAcceptance<'a> {
    operations: &'a Operations,
    shown: Vec<AbsentResource>,
    by: Actor,
}

impl Operations {
    /// Accepts the absence of these accounts and orders; of all that are absent if there are no ids.
    pub async fn accept_absences(
        &self,
        ids: &[String],
        by: &Actor,
    ) -> Result<Prepared<AbsenceAcceptance<'_>>, OperationError> {
        let absences = self.absences().await?.resources;
        let known: BTreeSet<_> = absences.iter().map(AbsentResource::id).collect();
        if let Some(other) = ids.iter().find(|id| !known.contains(id.as_str())) {
            let reason = format!("{other} is no account or order that Google does not find");
            return Err(OperationError::not_applicable(reason));
        }
        let chosen = |it: &AbsentResource| ids.is_empty() || ids.iter().any(|id| id == it.id());
        let (done, shown): (Vec<_>, Vec<_>) = absences
            .into_iter()
            .filter(chosen)
            .partition(|it| it.accepted.is_some());
        let accepted = |it: &AbsentResource| {
            let (kind, id) = (it.kind(), it.id());
            format!("The absence of {kind} {id} is accepted already.")
        };
        let mut notes: Vec<_> = done.iter().map(accepted).collect();
        if shown.is_empty() {
            if notes.is_empty() {
                notes.push("Nothing is absent.".to_owned());
            }
            return Ok(Prepared::nothing(notes));
        }
        let lines = shown.iter().map(|it| {
            let (kind, id, since) = (it.kind(), it.id(), it.since);
            format!("  {kind} {id}, absent since {since}")
        });
        let lines = lines.collect::<Vec<_>>().join("\n");
        let intention = format!(
            "This accepts that Google does not have these any more, and reconciliation closes them once they \
             have been absent for a day:\n{lines}"
        );
        let decision = AbsenceAcceptance {
            operations: self,
            shown,
            by: by.clone(),
        };
        Ok(Prepared::proposal(notes, intention, decision))
    }
}

impl Decision for AbsenceAcceptance<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let mut outcome = DecisionOutcome::default();
        let mut changed = Vec::new();
        for resource in &self.shown {
            let (kind, id) = (resource.kind(), resource.id());
            match self.accept(resource).await {
                Ok(()) => {
                    let sentence = format!("The absence of {kind} {id} is accepted.");
                    outcome.sentences.push(sentence);
                }
                // Each is a decision of its own: one that has changed does not keep the others from it.
                Err(CommitError::Conflict) => changed.push(format!("{kind} {id}")),
                Err(error) => {
                    outcome.error = Some(error.into());
                    break;
                }
            }
        }
        let left = (!changed.is_empty()).then(|| {
            format!(
                "these have changed since they were shown, and were left alone: {}",
                changed.join(", ")
            )
        });
        if outcome.error.is_some() {
            outcome.sentences.extend(left);
        } else {
            outcome.error = left.map(OperationError::Overtaken);
        }
        outcome
    }
}

impl AbsenceAcceptance<'_> {
    async fn accept(&self, resource: &AbsentResource) -> Result<(), CommitError> {
        let now = self.operations.clock.stored_now();
        let absent = Some(Absence {
            since: resource.since,
            accepted: Some(now),
        });
        let kind = JournalKind::AbsenceAccepted;
        let entry = match &resource.order {
            None => JournalEntry::of_account(&resource.account, kind, now),
            Some(order) => JournalEntry::of_order(&resource.account, order, kind, now),
        };
        let entry = entry.with("since", resource.since);
        let commit = Note::new(entry, &self.by, None).add_to(Commit::new());
        let commit = match &resource.stored {
            StoredResource::Account(stored) => {
                let account = Account {
                    absent,
                    updated: now,
                    ..stored.record.clone()
                };
                commit.replace(&account, &stored.version)
            }
            StoredResource::Order(stored) => {
                let order = Entitlement {
                    absent,
                    ..stored.record.clone()
                };
                commit.replace(&order, &stored.version)
            }
        };
        self.operations.store.commit(commit, call_deadline()).await
    }
}
