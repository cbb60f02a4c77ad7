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
        let of_account = |it: &&Entitlement| it.account.as_str() == id && it.has_not_ended();
        let open = self.entitlements.iter().filter(of_account);
        let open: Vec<String> = open.map(|it| it.id.to_string()).collect();
        for id in open {
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
            if it.has_not_ended() {
                return Err(NotPossible::WrongState);
            }
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
        if !self.orders_of(&account.id).is_empty() {
            return Err(NotPossible::WrongState);
        }
        let of_account = |it: &&Entitlement| it.account.as_str() == id;
        let left = self.entitlements.iter().filter(of_account);
        let left: Vec<String> = left.map(|it| it.id.to_string()).collect();
        for id in left {
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
}
