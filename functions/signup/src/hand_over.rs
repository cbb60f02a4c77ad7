//! The hand-off itself: recorded, signed, and the page that posts it.

use customer_entry::{Entrant, HandOff, PersonAtBrowser, Seen, new_record, pages};
use function_runtime::{Outcome, Response, redirect_303};
use http::{HeaderValue, StatusCode, header};
use link_store::{Entitlement, HandOffRecord, Landing, Purpose};
use marketplace::Access;

use crate::config::Mode;
use crate::error::Kind;
use crate::handler::{At, Handler};
use crate::records::Passed;

impl Handler {
    pub(crate) fn new_hand_off(
        &self,
        passed: &Passed,
        seen: Seen,
        at: At,
    ) -> Result<HandOffRecord, Kind> {
        let customer = passed.entrant.customer();
        // Another tab may have landed with the same token and still hold its form.
        let last_session_expires = match &self.mode {
            Mode::Auto => None,
            Mode::Form(_) => Some(crate::register::last_session_expires(customer)),
        };
        new_record(customer, seen, last_session_expires, at.now)
            .map_err(|error| Kind::Internal(Box::new(error)))
    }

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
        let claims = self.parties.claims(&HandOff {
            customer: passed.entrant.customer(),
            user: passed.entrant.user(),
            record,
            purpose: Purpose::Signup,
            person: PersonAtBrowser::Unproven,
            access: Access::from_states(served.map(|entitlement| &entitlement.state)),
            unverified_profile: &passed.profile(landing),
        });
        let claims = claims.map_err(|error| Kind::Internal(Box::new(error)))?;
        Ok(self.signer.sign(claims, at.deadline).await?)
    }

    pub(crate) fn page(
        &self,
        passed: &Passed,
        record: &HandOffRecord,
        token: &str,
        outcome: &'static str,
    ) -> Response {
        let entry = &self.entry;
        let response = pages::hand_off(&entry.branding, &entry.application_signup, token);
        let response = crate::register::keep_briefly(response, passed, record);
        noted(response, &passed.entrant, outcome)
    }

    pub(crate) fn as_nobody(&self, passed: &Passed) -> Response {
        let login = self.entry.application_login.as_str();
        let response = match &passed.session {
            None => redirect_303(login),
            // Browsers would refuse a redirect to another origin as the answer to our form.
            Some(_) => refresh_to(
                login,
                pages::message(
                    &self.entry.branding,
                    StatusCode::OK,
                    "You are registered",
                    "This registration was completed before. The sign-in page opens in a moment.",
                ),
            ),
        };
        noted(response, &passed.entrant, "token-spent")
    }
}

/// The answer, with how it came to be for the log.
pub(crate) fn noted(mut response: Response, entrant: &Entrant, name: &'static str) -> Response {
    let account = Some(entrant.customer().account().clone());
    response.extensions_mut().insert(Outcome { name, account });
    response
}

/// The page, which the browser leaves by itself for this address.
fn refresh_to(location: &str, mut page: Response) -> Response {
    if let Ok(value) = HeaderValue::try_from(format!("0; url={location}")) {
        page.headers_mut().insert(header::REFRESH, value);
    }
    page
}
