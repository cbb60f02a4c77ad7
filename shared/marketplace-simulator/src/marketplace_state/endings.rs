//! How accounts and orders come to their end.

use jiff::Timestamp;

use super::{Entitlement, MarketplaceState, NotPossible};
use crate::event_kind::EventKind;
use crate::google_error::GoogleError;
use crate::random;

impl MarketplaceState {
    /// Takes the account back to before its sign-up, and ends what it bought.
    pub(crate) fn reset_account(&mut self, id: &str, now: Timestamp) -> Result<(), GoogleError> {
        let at = self.tick(now);
        self.account_mut(id)?.reset(at)?;
        let operation = random::operation("RESET_ACCOUNT");
        for id in self.entitlements_of(id, Entitlement::has_not_ended) {
            self.transition(&id, now, GoogleError::not_found(), |it, at| {
                it.operation.clone_from(&operation);
                Ok(it.end("account-closed", at))
            })?;
        }
        Ok(())
    }

    /// Google deletes the record of an order that has ended: it is not found from then on.
    pub(crate) fn delete_entitlement(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<(), NotPossible> {
        let missing = NotPossible::UnknownEntitlement;
        self.transition(id, now, missing, |it, at| {
            NotPossible::unless(!it.has_not_ended())?;
            it.operation = random::operation("DELETE_ENTITLEMENT");
            it.update_time = at;
            Ok(vec![EventKind::Deleted])
        })?;
        self.entitlements.remove(id);
        Ok(())
    }

    /// Google deletes an account whose orders have all ended, with what is left of them.
    pub(crate) fn delete_account(&mut self, id: &str, now: Timestamp) -> Result<(), NotPossible> {
        let account = self.accounts.get(id).ok_or(NotPossible::UnknownAccount)?;
        NotPossible::unless(self.orders_of(&account.id).is_empty())?;
        for id in self.entitlements_of(id, |_| true) {
            self.delete_entitlement(&id, now)?;
        }
        let at = self.tick(now);
        if let Some(mut account) = self.accounts.remove(id) {
            account.update_time = at;
            let operation = random::operation("DELETE_ACCOUNT");
            self.announce_account(EventKind::AccountDeleted, &operation, &account);
        }
        Ok(())
    }

    fn entitlements_of(&self, account: &str, wanted: impl Fn(&Entitlement) -> bool) -> Vec<String> {
        let all = self.entitlements.iter();
        let found = all.filter(|it| it.account.as_str() == account && wanted(it));
        found.map(|it| it.id.to_string()).collect()
    }
}
