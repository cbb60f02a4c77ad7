//! The hand-off itself: signed, then recorded, then posted.
//!
//! A token whose hand-off could not be signed is not spent. Everything that a login stores is stored
//! by the one commit that records it.

use std::collections::BTreeMap;

use customer_entry::{HandOff, PersonAtBrowser, Seen, new_record, noted};
use function_runtime::Response;
use marketplace::{Access, EntitlementId};
use store::{HandOffRecord, Landing, Purpose};

use crate::decide::Refusal;
use crate::enter::View;
use crate::error::Kind;
use crate::handler::Handler;
use crate::records::Visit;
use marketplace::At;

impl Handler {
    /// The one commit of a login.
    pub(crate) async fn hand_over(
        &self,
        visit: &Visit,
        View { landing, .. }: &View,
        order: Option<EntitlementId>,
        at: At,
    ) -> Result<Response, Kind> {
        let Some(account) = &landing.account else {
            return Err(Refusal::NotRegistered.into());
        };
        let (seen, outcome) = match landing.link {
            Some(_) => (Seen::Before, "handed-over"),
            None => (Seen::FirstTime, "linked"),
        };
        let record = new_record(visit.entrant.customer(), seen, order, at.now)
            .map_err(|error| Kind::Internal(Box::new(error)))?;
        let token = self.sign(visit, landing, &record, at).await?;
        let commit = visit.record((landing, account), &record, at.now);
        self.store.commit(commit, at.deadline).await?;
        Ok(self.page(visit, &record, &token, outcome))
    }

    /// A repeat tells the application what it was told before.
    pub(crate) async fn hand_over_again(
        &self,
        visit: &Visit,
        View { landing, .. }: &View,
        record: &HandOffRecord,
        at: At,
    ) -> Result<Response, Kind> {
        let token = self.sign(visit, landing, record, at).await?;
        Ok(self.page(visit, record, &token, "handed-over-again"))
    }

    async fn sign(
        &self,
        visit: &Visit,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<String, Kind> {
        let known = landing.entitlements.iter().map(|stored| &stored.record);
        let served = known.filter(|known| self.products.serves(&known.product));
        let profile = landing.link.as_ref().map(|link| &link.record.profile);
        let no_profile = BTreeMap::new();
        let hand_off = HandOff {
            customer: visit.entrant.customer(),
            user: visit.entrant.user(),
            record,
            purpose: Purpose::Login,
            person: PersonAtBrowser::of(visit.session()),
            access: Access::from_states(served.map(|entitlement| &entitlement.state)),
            unverified_profile: profile.unwrap_or(&no_profile),
        };
        Ok(self.hand_over.sign(&hand_off, at.deadline).await?)
    }

    fn page(
        &self,
        visit: &Visit,
        record: &HandOffRecord,
        token: &str,
        outcome: &'static str,
    ) -> Response {
        let page = self.hand_over.page(visit.session(), record, token);
        noted(page, visit.account(), outcome)
    }

    pub(crate) fn as_nobody(&self, visit: &Visit) -> Response {
        let text = (
            "You came in before",
            "This visit from the Marketplace was used before. The sign-in page opens in a moment.",
        );
        let response = self
            .hand_over
            .as_nobody(visit.answering, visit.session(), text);
        noted(response, visit.account(), "token-spent")
    }
}
