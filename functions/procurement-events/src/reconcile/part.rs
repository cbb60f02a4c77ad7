//! The parts of a round, and where a round stands.

use jiff::{SignedDuration, Timestamp};
use lifecycle::{Stock, SyncError};
use store::Cursor;

/// The name under which the cursor is stored.
pub(super) const JOB: &str = "reconcile";

/// The name under which the last whole count of the stock is stored.
pub(super) const COUNTED: &str = "reconcile-counted";

/// So long a page of Google's lists is asked for again. Most faults of Google's pass within minutes.
const ASKED_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The parts of a round, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What Google did not find, and of which nothing is stored.
    Absences,
    GoogleAccounts,
    GoogleEntitlements,
    /// Accounts that may be missing from Google's list.
    StoredAccounts,
    /// Orders that may be missing from Google's list.
    StoredEntitlements,
}

pub(super) struct Position {
    pub(super) part: Part,
    /// The last page ended with this.
    pub(super) after: Option<String>,
    /// What this round has counted so far.
    pub(super) stock: Stock,
    /// Since when Google has not given the page that comes next; none if it was not asked or has given it.
    failing_since: Option<Timestamp>,
    started: Timestamp,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::Absences,
        Self::GoogleAccounts,
        Self::GoogleEntitlements,
        Self::StoredAccounts,
        Self::StoredEntitlements,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Absences => "absences",
            Self::GoogleAccounts => "google-accounts",
            Self::GoogleEntitlements => "google-entitlements",
            Self::StoredAccounts => "stored-accounts",
            Self::StoredEntitlements => "stored-entitlements",
        }
    }

    pub(super) fn next(self) -> Option<Self> {
        let mut parts = Self::ALL.into_iter().skip_while(|part| *part != self);
        parts.nth(1)
    }
}

impl Position {
    /// Where the cursor points. Without one, or with a phase that this version does not know, a round begins.
    pub(super) fn of(cursor: Option<Cursor>, now: Timestamp) -> Self {
        let started = cursor.as_ref().map_or(now, |cursor| cursor.started);
        // A failure from before the cursor was moved on is one of another page.
        let failing_since = cursor.as_ref().and_then(|cursor| {
            let since = cursor.failing_since?;
            (since >= cursor.updated).then_some(since)
        });
        let stock = Stock::of(cursor.as_ref().and_then(|cursor| cursor.tally));
        let known = cursor.and_then(|cursor| {
            let mut parts = Part::ALL.into_iter();
            let part = parts.find(|part| part.as_str() == cursor.phase)?;
            Some((part, cursor.after))
        });
        let (stock, failing_since) = if known.is_some() {
            (stock, failing_since)
        } else {
            (Stock::default(), None)
        };
        let (part, after) = known.unwrap_or((Part::Absences, None));
        Self {
            part,
            after,
            stock,
            failing_since,
            started,
        }
    }

    /// Whether the round goes on without the rest of Google's list, which has failed for long. The next round asks for
    /// it again.
    pub(super) fn passes_over(&self, error: &SyncError, now: Timestamp) -> bool {
        let failed_for = self.failing_since.map(|since| now.duration_since(since));
        is_googles(error) && failed_for.is_some_and(|age| age >= ASKED_FOR)
    }

    /// Notes that the page could not be had; whether that is new, and has to be stored.
    pub(super) fn note_failure(&mut self, error: &SyncError, now: Timestamp) -> bool {
        let is_first = is_googles(error) && self.failing_since.is_none();
        if is_first {
            self.failing_since = Some(now);
        }
        is_first
    }

    /// Notes that the page was given; whether that is new, and has to be stored.
    pub(super) fn note_given(&mut self) -> bool {
        self.failing_since.take().is_some()
    }

    /// The last whole count, as it is stored at the end of a round.
    pub(super) fn counted(&self, now: Timestamp) -> Cursor {
        Cursor {
            job: COUNTED.to_owned(),
            ..self.cursor(now)
        }
    }

    /// Further on in the same part.
    pub(super) fn after(self, last: String) -> Self {
        Self {
            after: Some(last),
            failing_since: None,
            ..self
        }
    }

    /// At the start of a part.
    pub(super) fn at(self, part: Part) -> Self {
        Self {
            part,
            after: None,
            failing_since: None,
            ..self
        }
    }

    pub(super) fn cursor(&self, now: Timestamp) -> Cursor {
        Cursor {
            job: JOB.to_owned(),
            phase: self.part.as_str().to_owned(),
            after: self.after.clone(),
            tally: Some(self.stock.tally()),
            failing_since: self.failing_since,
            started: self.started,
            updated: now,
        }
    }
}

/// Whether Google itself failed, and neither the store nor another request was in the way.
fn is_googles(error: &SyncError) -> bool {
    matches!(error, SyncError::Procurement(_) | SyncError::Unreadable(_))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use lifecycle::SyncError;
    use procurement::{ProcurementError, UnusableResource};
    use store::{Cursor, Tally};

    use super::{Part, Position};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn cursor(phase: &str) -> Cursor {
        Cursor {
            job: "reconcile".to_owned(),
            phase: phase.to_owned(),
            after: Some("E-1".to_owned()),
            tally: Some(Tally {
                accounts: 7,
                ..Tally::default()
            }),
            failing_since: None,
            started: at(0),
            updated: at(5),
        }
    }

    #[test]
    fn a_part_that_another_version_knows_is_no_position_and_no_count() {
        let known = Position::of(Some(cursor("stored-accounts")), at(6));
        assert_eq!(known.part, Part::StoredAccounts);
        assert_eq!(known.stock.tally().accounts, 7);
        let unknown = Position::of(Some(cursor("stored-agreements")), at(6));
        assert_eq!((unknown.part, unknown.after), (Part::Absences, None));
        assert_eq!(unknown.stock.tally(), Tally::default());
    }

    fn unreadable() -> SyncError {
        SyncError::from(ProcurementError::from(UnusableResource::Fields))
    }

    #[test]
    fn only_a_failure_of_google_s_that_lasts_is_passed_over() {
        // The round came here long ago, and nothing has failed since.
        let mut position = Position::of(Some(cursor("google-accounts")), at(60));
        assert!(!position.passes_over(&unreadable(), at(60)));
        assert!(!position.note_failure(&SyncError::Contended, at(60)));
        assert!(position.note_failure(&unreadable(), at(60)));
        assert!(!position.note_failure(&unreadable(), at(61)));
        let position = Position::of(Some(position.cursor(at(60))), at(62));
        assert!(!position.passes_over(&unreadable(), at(69)));
        assert!(position.passes_over(&unreadable(), at(70)));
        assert!(!position.passes_over(&SyncError::Contended, at(70)));
        // Each page has its own time.
        let next = position.after("E-2".to_owned());
        assert!(!next.passes_over(&unreadable(), at(80)));
    }

    #[test]
    fn a_page_that_is_given_once_has_failed_for_no_time() {
        let mut position = Position::of(Some(cursor("google-accounts")), at(6));
        assert!(!position.note_given());
        assert!(position.note_failure(&unreadable(), at(6)));
        assert!(position.note_given());
        assert!(!position.passes_over(&unreadable(), at(60)));
        assert_eq!(position.cursor(at(7)).failing_since, None);
    }

    #[test]
    fn a_failure_that_an_earlier_version_left_behind_is_one_of_another_page() {
        let left = Cursor {
            failing_since: Some(at(4)),
            ..cursor("google-accounts")
        };
        let position = Position::of(Some(left), at(60));
        assert!(!position.passes_over(&unreadable(), at(60)));
    }
}
