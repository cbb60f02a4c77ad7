//! Gives the store to another provider, and sets aside what belongs to the one before.

use marketplace::ProviderId;
use store::{Commit, Deployment, JournalEntry, JournalKind, Stored};

use crate::actor::Actor;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};
use crate::store_ownership::{LiveRecords, SampleFound, StoreOwnership};

/// Gives the store to the configured provider.
pub struct ProviderAdoption<'a> {
    operations: &'a Operations,
    before: Stored<Deployment>,
    by: Actor,
}

impl Operations {
    /// Gives the store to the configured provider. What belongs to the one before is not looked at, not counted and
    /// not erased from then on.
    pub async fn adopt_provider(
        &self,
        by: &Actor,
    ) -> Result<Prepared<ProviderAdoption<'_>>, OperationError> {
        let mut ownership = self.store_ownership().await?;
        let configured = &self.provider;
        let Some(before) = ownership.deployment.take() else {
            let seen = self.look_for(&ownership.sample).await;
            let note = without_owner(&ownership, seen, configured);
            return Ok(Prepared::nothing(vec![note]));
        };
        let owner = &before.record.provider;
        if owner == configured {
            let note = format!("The store belongs to {configured} already.");
            return Ok(Prepared::nothing(vec![note]));
        }
        let unreadable = ownership.unreadable_accounts + ownership.unreadable_orders;
        if unreadable > 0 {
            // Without a mark they would be the new provider's as soon as somebody repairs them.
            return Err(OperationError::not_applicable(format!(
                "{unreadable} stored accounts and orders cannot be read, and so not be set aside: `operator doctor` \
                 says more"
            )));
        }
        let seen = self.look_for(&ownership.sample).await;
        let intention = format!(
            "The store belongs to {owner}, and PROCUREMENT_PROVIDER is {configured}.\n\
             Stored as live:\n{}\n{}\n\
             This gives the store to {configured}. What belongs to {owner} is set aside: it is not looked at, \
             not counted and not erased.",
            counts(&ownership, owner),
            sample(seen, configured),
        );
        let decision = ProviderAdoption {
            operations: self,
            before,
            by: by.clone(),
        };
        Ok(Prepared::proposal(Vec::new(), intention, decision))
    }
}

impl Decision for ProviderAdoption<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        self.adopt().await.into()
    }
}

impl ProviderAdoption<'_> {
    async fn adopt(&self) -> Result<Vec<String>, OperationError> {
        let (operations, owner) = (self.operations, &self.before.record.provider);
        // First: a record that does not say whose it is belongs to the store's provider, whoever that is. If this is
        // cut off, the command is simply repeated.
        let accounts = operations.mark_accounts(owner).await?;
        let orders = operations.mark_orders(owner).await?;
        let now = operations.clock.stored_now();
        let deployment = Deployment {
            provider: operations.provider.clone(),
            since: now,
        };
        let (from, to) = (owner, &operations.provider);
        let entry = JournalEntry::of_deployment(JournalKind::ProviderAdopted, to.as_str(), now);
        let note = Note::new(entry.with("from", from).with("to", to), &self.by, None);
        let commit = Commit::new().replace(deployment, &self.before.version);
        let commit = note.add_to(commit);
        operations.store.commit(commit, call_deadline()).await?;
        Ok(vec![
            format!("{accounts} accounts and {orders} orders were marked as those of {from}."),
            format!(
                "The store belongs to {to}. Functions that are configured for {from} refuse to work with it \
                 within a minute."
            ),
        ])
    }
}

/// Whether a store without a record of its owner becomes the provider's by itself.
fn without_owner(ownership: &StoreOwnership, seen: SampleFound, configured: &ProviderId) -> String {
    let sample = sample(seen, configured);
    if !ownership.has_records {
        format!(
            "The store does not say whose it is, and is empty: it becomes that of {configured} with the first \
             request. Nothing needs to be adopted."
        )
    } else if seen.found > 0 {
        format!(
            "The store does not say whose it is. {sample} It becomes that of {configured} by itself at the next \
             reconciliation: nothing needs to be adopted."
        )
    } else {
        format!(
            "The store does not say whose it is. {sample} It does not become that of {configured} before one of \
             its accounts is found under it: compare PROCUREMENT_PROVIDER with Producer Portal."
        )
    }
}

fn counts(ownership: &StoreOwnership, owner: &ProviderId) -> String {
    let lines = ownership.live.iter().map(|(provider, records)| {
        let LiveRecords { accounts, orders } = records;
        let provider = match provider {
            Some(provider) => provider.clone(),
            None => format!("{owner}, by default"),
        };
        format!("  {provider}: {accounts} accounts, {orders} orders")
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return "  nothing".to_owned();
    }
    lines.join("\n")
}

fn sample(seen: SampleFound, configured: &ProviderId) -> String {
    let SampleFound {
        found,
        missing,
        unknown,
    } = seen;
    let all = found + missing + unknown;
    let unknown = match unknown {
        0 => String::new(),
        unknown => format!(", and gave no answer about {unknown}"),
    };
    format!(
        "Of {all} accounts that were looked for, Google has {found} under {configured}{unknown}."
    )
}
