//! Terms, and what their end brings.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::EntitlementState;

use super::super::NotPossible;
use super::super::private_offer::{self, OfferEnd, OfferTerm, PendingOffer};
use super::{Entitlement, EventKinds};
use crate::event_kind::EventKind;
use crate::random;
use crate::settings::Activation;

/// How long Google takes to make an approved order active: seen in production, 10 to 20 minutes.
const ACTIVATION_TAKES: Duration = Duration::from_mins(15);
/// How long Google keeps the record of an order that ended.
const PURGED_AFTER: Duration = Duration::from_hours(60 * 24);

/// Something that a moment of the orders' clock brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// What was put off: see [`Entitlement::advance`].
    PutOff,
    Renewal,
    OfferEnd,
    Purge,
    ReportingId,
}

impl Entitlement {
    /// When time brings something about: its start, the end of its term, the deletion of its record.
    pub fn next_change(&self, activation: Activation) -> Option<Timestamp> {
        self.due(activation).map(|(at, _)| at)
    }

    pub(crate) fn due(&self, activation: Activation) -> Option<(Timestamp, Due)> {
        let at_term_end = |due| self.term_end_time.map(|end| (end, due));
        match self.state {
            EntitlementState::ActivationRequested => {
                let approved = self.approved_at?;
                let ready = match activation {
                    Activation::AtOnce => approved,
                    Activation::WhenAdvanced => approved + ACTIVATION_TAKES,
                    Activation::After(wait) => approved + wait,
                };
                let at = self.start().map_or(ready, |start| start.max(ready));
                Some((at, Due::PutOff))
            }
            EntitlementState::PendingPlanChange => match self.plan_changes_at {
                Some(at) => Some((at, Due::PutOff)),
                None => at_term_end(Due::PutOff),
            },
            EntitlementState::PendingCancellation => at_term_end(Due::PutOff),
            EntitlementState::Active | EntitlementState::PendingPlanChangeApproval => {
                match self.private_offer {
                    Some(_) => at_term_end(Due::OfferEnd),
                    None => at_term_end(Due::Renewal),
                }
            }
            EntitlementState::Cancelled => {
                let ended = self.subscription_end_time?;
                Some((ended + PURGED_AFTER, Due::Purge))
            }
            _ => None,
        }
    }

    pub(crate) fn renew(&mut self, now: Timestamp) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(matches!(
            self.state,
            EntitlementState::Active | EntitlementState::PendingPlanChangeApproval
        ))?;
        self.operation = random::operation("RENEW");
        // A term begins where the last one ended; one that is renewed early is longer.
        let from = self.term_end_time.unwrap_or(now);
        self.term_end_time = private_offer::months_after(from, 1);
        self.update_time = now;
        Ok(vec![EventKind::Renewed])
    }

    /// The private offer runs out: the order ends, or goes on at the list price.
    pub(crate) fn end_offer(
        &mut self,
        project: u64,
        now: Timestamp,
    ) -> Result<EventKinds, NotPossible> {
        let is_in_force = self.state.is_live();
        let private = self.private_offer.as_ref().filter(|_| is_in_force);
        let at_end = private.ok_or(NotPossible::WrongState)?.at_end;
        self.operation = random::operation("OFFER_END");
        let mut news = vec![EventKind::OfferEnded];
        match at_end {
            OfferEnd::Cancels => news.extend(self.end("expired", now)),
            OfferEnd::GoesOnAtListPrice => {
                self.private_offer = None;
                self.offer = private_offer::name(project, &self.product, None);
                self.term_end_time = private_offer::months_after(now, 1);
                self.update_time = now;
            }
        }
        Ok(news)
    }

    /// The offer of the new plan takes the place of the present one. A private one is a term that begins now.
    pub(super) fn take_offer(&mut self, offer: PendingOffer, now: Timestamp) {
        self.offer = offer.name;
        self.private_offer = offer.private;
        if self.private_offer.is_some() {
            self.term_end_time = self.first_term_end(now);
        }
    }

    /// When it begins, if not at once.
    pub fn start(&self) -> Option<Timestamp> {
        self.private_offer.as_ref()?.start
    }

    pub(super) fn starts_after(&self, now: Timestamp) -> bool {
        self.start().is_some_and(|start| start > now)
    }

    /// The end of the term that begins now; a private offer is one term.
    pub(super) fn first_term_end(&self, now: Timestamp) -> Option<Timestamp> {
        match self.private_offer.as_ref().map(|offer| offer.term) {
            Some(OfferTerm::Until(end)) => Some(end),
            Some(OfferTerm::Months(months)) => private_offer::months_after(now, months),
            None => private_offer::months_after(now, 1),
        }
    }
}
