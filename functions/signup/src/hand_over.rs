//! The hand-off itself: recorded, signed, and the page that posts it.

use customer_entry::{HandOff, Seen, new_record, noted};
use function_runtime::Response;
use marketplace::Access;
use store::{Entitlement, HandOffRecord, Landing, Purpose};

use crate::error::Kind;
use crate::handler::Handler;
use crate::records::Passed;
use marketplace::At;

pub(crate) fn new_hand_off(passed: &Passed, seen: Seen, at: At) -> Result<HandOffRecord, Kind> {
    new_record(passed.entrant.customer(), seen, None, at.now)
        .map_err(|error| Kind::Internal(Box::new(error)))
}

impl Handler {
    pub(crate) async fn sign(
        &self,
        passed: &Passed,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<String, Kind> {
        let known: Vec<_> = landing
            .entitlements
            .iter()
            .map(|stored| &stored.record)
            .collect();
        self.sign_for(passed, landing, (record, &known), at).await
    }

    pub(crate) async fn sign_for(
        &self,
        passed: &Passed,
        landing: &Landing,
        (record, known): (&HandOffRecord, &[&Entitlement]),
        at: At,
    ) -> Result<String, Kind> {
        let products = self.approvals.products();
        let served = known
            .iter()
            .filter(|entitlement| products.serves(&entitlement.product));
        let hand_off = HandOff {
            customer: passed.entrant.customer(),
            user: passed.entrant.user(),
            record,
            purpose: Purpose::Signup,
            person: passed.person(),
            access: Access::from_states(served.map(|entitlement| &entitlement.state)),
            unverified_profile: &passed.profile(landing),
        };
        Ok(self.hand_over.sign(&hand_off, at.deadline).await?)
    }

    pub(crate) fn page(
        &self,
        passed: &Passed,
        record: &HandOffRecord,
        token: &str,
        outcome: &'static str,
    ) -> Response {
        let page = self.hand_over.page(passed.session(), record, token);
        noted(page, passed.account(), outcome)
    }

    pub(crate) fn as_nobody(&self, passed: &Passed) -> Response {
        let text = (
            "You are registered",
            "This registration was completed before. The sign-in page opens in a moment.",
        );
        let response = self
            .hand_over
            .as_nobody(passed.answering, passed.session(), text);
        noted(response, passed.account(), "token-spent")
    }
}
