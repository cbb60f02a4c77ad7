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
    /// The quote that it was made by, if by one.
    pub quote: Option<String>,
}

/// The offer that an order shall go on by when its plan changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingOffer {
    /// Its resource name.
    pub name: String,
    /// What is special about it; none at the list price.
    pub private: Option<PrivateOffer>,
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
            quote: None,
        }
    }

    /// With its start at this moment.
    #[must_use]
    pub fn starting(mut self, start: Timestamp) -> Self {
        self.start = Some(start);
        self
    }

    /// Made by this quote.
    #[must_use]
    pub fn quoted(mut self, quote: &str) -> Self {
        self.quote = Some(quote.to_owned());
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

impl PendingOffer {
    /// A new offer of the service whose present offer has this name.
    pub(super) fn after(present: &str, private: Option<PrivateOffer>) -> Self {
        let service = present.rsplitn(3, '/').nth(2).unwrap_or_default();
        Self {
            name: name_in(service, private.as_ref()),
            private,
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
    name_in(&format!("projects/{project}/services/{product}"), offer)
}

fn name_in(service: &str, offer: Option<&PrivateOffer>) -> String {
    let kind = match offer {
        Some(_) => "privateOffers",
        None => "standardOffers",
    };
    format!("{service}/{kind}/{}", random::uuid())
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
    fn the_next_offer_is_one_of_the_same_service() {
        let present = "projects/1/services/s.example/standardOffers/a";
        let next = PendingOffer::after(present, Some(PrivateOffer::months(1)));
        let of_service = "projects/1/services/s.example/privateOffers/";
        assert!(next.name.starts_with(of_service), "{}", next.name);
        let next = PendingOffer::after(&next.name, None);
        let of_service = "projects/1/services/s.example/standardOffers/";
        assert!(next.name.starts_with(of_service), "{}", next.name);
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
