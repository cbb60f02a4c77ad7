//! Reopening the meter of an entitlement that had ended and is in force again.

use jiff::{SignedDuration, Timestamp};
use marketplace::{At, EntitlementId};
use metering::hour_of;
use store::{Commit, CommitError, Document, Meter, Store, StoreUnavailable, UsageGap, WindowGate};

use crate::entitlement_end::is_back;

/// So far ahead of now a recorded time of use may be, and a little more: no stored record belongs to an hour in which
/// the meter opens again.
const AHEAD: SignedDuration = SignedDuration::from_mins(1);

/// How long a gap matters: older usage is refused anyway.
const GAP_MATTERS: SignedDuration = SignedDuration::from_hours(61 * 24);

/// What became of reopening a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reopening {
    Done,
    /// Somebody else has changed what it depends on. It makes sense to look again.
    Overtaken,
    /// The entitlement is not in force, or its last window is not all read yet.
    NotNow,
}

/// What meter and gates of a reopened entitlement say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reopened {
    open: Timestamp,
    gap: UsageGap,
}

/// Opens the meter and all gates in one commit, if the entitlement is in force again.
pub(crate) async fn reopen(
    store: &Store,
    id: &EntitlementId,
    at: At,
) -> Result<Reopening, StoreUnavailable> {
    let (entitlement, found) = tokio::try_join!(
        store.entitlement(id, at.deadline),
        store.meter_and_gates(id, at.deadline),
    )?;
    let Some((entitlement, (meter, gates))) = entitlement.zip(found) else {
        return Ok(Reopening::NotNow);
    };
    if meter.record.closing.is_some() || !is_back(&entitlement.record, &meter.record) {
        return Ok(Reopening::NotNow);
    }
    let Some(Reopened { open, gap }) = reopened(&meter.record, at.now) else {
        return Ok(Reopening::NotNow);
    };
    let opened = Meter {
        open,
        ended: None,
        gap: Some(gap),
        updated: at.now,
        ..meter.record
    };
    let commit = Commit::new()
        .unchanged(Document::entitlement(id), &entitlement.version)
        .replace(&opened, &meter.version);
    let commit = gates.into_iter().fold(commit, |commit, gate| {
        let opened = WindowGate {
            open,
            ended: None,
            gap: Some(gap),
            ..gate.record
        };
        commit.replace(&opened, &gate.version)
    });
    match store.commit(commit, at.deadline).await {
        Ok(()) => {
            tracing::warn!(
                entitlement_id = id.as_str(),
                %open,
                "an order that had ended is in force again: its usage is recorded and reported again"
            );
            Ok(Reopening::Done)
        }
        Err(CommitError::Conflict) => Ok(Reopening::Overtaken),
        Err(CommitError::Unavailable(error)) => Err(error),
    }
}

/// From the full hour after now on, and after the old end. The hours before it may have rows already, which are held:
/// nothing is added to them.
fn reopened(meter: &Meter, now: Timestamp) -> Option<Reopened> {
    let ended = meter.ended?;
    let latest = now.saturating_add(AHEAD).unwrap_or(now).max(ended);
    let next_hour = hour_of(latest).saturating_add(SignedDuration::from_hours(1));
    let open = next_hour.ok()?;
    let earlier = meter
        .gap
        .filter(|gap| now.duration_since(gap.until) < GAP_MATTERS);
    let from = earlier.map_or(ended, |gap| gap.from.min(ended));
    Some(Reopened {
        open,
        gap: UsageGap { from, until: open },
    })
}

#[cfg(test)]
mod tests {
    use marketplace::ProcurementAccountId;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn ended(end: &str, gap: Option<(&str, &str)>) -> Meter {
        Meter {
            entitlement: EntitlementId::parse("E-1").unwrap(),
            account: ProcurementAccountId::parse("A-1").unwrap(),
            open: at(end),
            ended: Some(at(end)),
            closing: None,
            stopped: None,
            stop_reason: None,
            gap: gap.map(|(from, until)| UsageGap {
                from: at(from),
                until: at(until),
            }),
            updated: at(end),
        }
    }

    #[track_caller]
    fn check(meter: &Meter, now: &str, (from, open): (&str, &str)) {
        let (from, until) = (at(from), at(open));
        let expected = Reopened {
            open: until,
            gap: UsageGap { from, until },
        };
        assert_eq!(reopened(meter, at(now)), Some(expected), "{now}");
    }

    #[test]
    fn it_opens_with_the_next_full_hour() {
        let end = "2026-03-01T10:20:00Z";
        let meter = ended(end, None);
        for (now, open) in [
            ("2026-03-01T10:20:00Z", "2026-03-01T11:00:00Z"),
            ("2026-03-01T10:58:59Z", "2026-03-01T11:00:00Z"),
            ("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z"),
            ("2026-04-09T23:30:00Z", "2026-04-10T00:00:00Z"),
        ] {
            check(&meter, now, (end, open));
        }
    }

    #[test]
    fn an_hour_for_which_usage_may_be_stored_already_stays_closed() {
        let end = "2026-03-01T10:20:00Z";
        let open = "2026-03-01T12:00:00Z";
        check(&ended(end, None), "2026-03-01T10:59:40Z", (end, open));
        // It ended again before it was open, and the hour's usage is held.
        let end = "2026-03-01T11:00:00Z";
        check(&ended(end, None), "2026-03-01T10:45:00Z", (end, open));
    }

    #[test]
    fn gaps_that_matter_become_one() {
        let gap = Some(("2026-03-01T10:20:00Z", "2026-03-01T12:00:00Z"));
        let meter = ended("2026-03-05T09:10:00Z", gap);
        let now = "2026-03-06T08:30:00Z";
        check(
            &meter,
            now,
            ("2026-03-01T10:20:00Z", "2026-03-06T09:00:00Z"),
        );
        let now = "2026-05-03T08:30:00Z";
        check(
            &meter,
            now,
            ("2026-03-05T09:10:00Z", "2026-05-03T09:00:00Z"),
        );
    }
}
