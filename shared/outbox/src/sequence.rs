//! The place of a news among all news about its account.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use store::Account;

/// A number that only grows from one news about an account to the next, written with 20 digits so that it sorts as
/// text, too. It is not contiguous. Source: the `CloudEvents` extension `sequence`.
///
/// It is the larger of the one before plus 1, and the time in microseconds. The account's field `touched` keeps it,
/// which every commit with news changes anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence(i64);

impl Sequence {
    #[cfg(test)]
    pub(crate) fn new(number: i64) -> Self {
        Self(number)
    }

    /// The next place after those that the account has given away.
    pub(crate) fn next(account: &Account, now: Timestamp) -> Self {
        let before = account.touched.map_or(i64::MIN, Timestamp::as_microsecond);
        Self(before.saturating_add(1).max(now.as_microsecond()))
    }

    pub(crate) fn plus(self, places: usize) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(places).unwrap_or(i64::MAX)),
        )
    }

    fn time(self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.0).ok()
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

/// The account as it is written by a commit that gives away this many places, from the returned one on.
///
/// Even without any, `touched` changes to a time that is new each time: of two commits that were prepared from the
/// same account only one succeeds, and the other one reads again and sees what the first has done.
pub(crate) fn advanced(account: &Account, places: usize, now: Timestamp) -> (Account, Sequence) {
    let first = Sequence::next(account, now);
    let last = first.plus(places.saturating_sub(1));
    let later = |touched: Timestamp| touched.saturating_add(SignedDuration::from_micros(1)).ok();
    let touched = last.time().or_else(|| account.touched.and_then(later));
    let account = Account {
        touched,
        ..account.clone()
    };
    (account, first)
}

#[cfg(test)]
mod tests {
    use marketplace::ProcurementAccountId;
    use proptest::prelude::*;
    use store::Approval;

    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_microsecond(micros).unwrap()
    }

    fn account() -> Account {
        let id = ProcurementAccountId::parse("A-1").unwrap();
        Account::new(&id, Approval::None, at(0))
    }

    #[test]
    fn the_first_place_is_the_time_and_has_twenty_digits() {
        let (_, first) = advanced(&account(), 1, at(1_795_000_000_000_001));
        assert_eq!(first.to_string(), "00001795000000000001");
    }

    proptest! {
        #[test]
        fn no_clock_makes_a_later_place_smaller_or_gives_one_twice(
            steps in prop::collection::vec((0..2_000_000_000_000_000_i64, 0..5_usize), 1..20),
        ) {
            let mut account = account();
            let mut last = None;
            for (clock, places) in steps {
                let (next, first) = advanced(&account, places, at(clock));
                prop_assert!(next.touched > account.touched);
                for place in 0..places {
                    let given = first.plus(place);
                    prop_assert!(last < Some(given));
                    last = Some(given);
                }
                account = next;
            }
        }
    }
}
