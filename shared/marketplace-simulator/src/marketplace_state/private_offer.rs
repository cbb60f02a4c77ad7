//! Private offers: what a customer and the vendor agreed on, beside the list price.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use marketplace::ProductId;

use crate::random;

/// A private offer of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateOffer {
    /// When it begins; at once if none.
    pub start: Option<Timestamp>,
    /// How long it lasts.
    pub term: OfferTerm,
    /// What happens when it runs out.
    pub at_end: OfferEnd,
}

/// How long a private offer lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferTerm {
    /// So many months from its start.
    Months(u16),
    /// Until this moment.
    Until(Timestamp),
}

/// What happens when a private offer runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferEnd {
    /// The order ends with it.
    Cancels,
    /// The order goes on, at the list price.
    GoesOnAtListPrice,
}

impl PrivateOffer {
    /// An offer that lasts so many months from now and then ends the order.
    pub fn months(months: u16) -> Self {
        Self {
            start: None,
            term: OfferTerm::Months(months),
            at_end: OfferEnd::Cancels,
        }
    }

    /// With its start at this moment.
    #[must_use]
    pub fn starting(mut self, start: Timestamp) -> Self {
        self.start = Some(start);
        self
    }

    /// Goes on at the list price when it runs out.
    #[must_use]
    pub fn going_on(mut self) -> Self {
        self.at_end = OfferEnd::GoesOnAtListPrice;
        self
    }

    /// ISO 8601, such as `P2Y3M`; none if it has an end date instead.
    pub(crate) fn duration(&self) -> Option<String> {
        let OfferTerm::Months(months) = self.term else {
            return None;
        };
        let part = |count, unit| match count {
            0 => String::new(),
            count => format!("{count}{unit}"),
        };
        Some(format!(
            "P{}{}",
            part(months / 12, 'Y'),
            part(months % 12, 'M')
        ))
    }

    /// The end, as far as it is known: its date, or its start and duration.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        match self.term {
            OfferTerm::Until(end) => Some(end),
            OfferTerm::Months(months) => months_after(self.start?, months),
        }
    }
}

/// So many months of the calendar later, in UTC.
pub(super) fn months_after(moment: Timestamp, months: u16) -> Option<Timestamp> {
    let later = moment
        .to_zoned(TimeZone::UTC)
        .checked_add(Span::new().months(months));
    later.ok().map(|later| later.timestamp())
}

/// The resource name of a new offer.
pub(super) fn name(project: u64, product: &ProductId, offer: Option<&PrivateOffer>) -> String {
    let (kind, id) = match offer {
        Some(_) => ("privateOffers", random::uuid()),
        None => ("standardOffers", random::uuid()),
    };
    format!("projects/{project}/services/{product}/{kind}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_written_as_a_duration() {
        for (months, text) in [(1, "P1M"), (12, "P1Y"), (18, "P1Y6M"), (27, "P2Y3M")] {
            assert_eq!(PrivateOffer::months(months).duration().unwrap(), text);
        }
    }

    #[test]
    fn a_month_is_one_of_the_calendar() {
        let start: Timestamp = "2026-01-31T08:00:00Z".parse().unwrap();
        let end: Timestamp = "2026-02-28T08:00:00Z".parse().unwrap();
        assert_eq!(months_after(start, 1), Some(end));
        assert_eq!(PrivateOffer::months(1).end(), None);
        assert_eq!(PrivateOffer::months(1).starting(start).end(), Some(end));
    }
}
