//! What is decided about cached keys.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use marketplace_simulator::tokens;

use super::super::certificates;
use super::*;

const DOWN: KeysUnavailable = KeysUnavailable::Status(503);
const KNOWN: &str = "known";
const OTHER: &str = "other";
const HOUR: i64 = 3600;

/// Some moment that all others are counted from. What was before it has to be representable, too.
static START: LazyLock<Instant> = LazyLock::new(|| Instant::now() + Duration::from_hours(48));

fn wall(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn steady(second: i64) -> Instant {
    let distance = Duration::from_secs(second.unsigned_abs());
    if second < 0 {
        START.checked_sub(distance).unwrap()
    } else {
        *START + distance
    }
}

fn at(second: i64) -> Moment {
    Moment {
        wall: wall(second),
        steady: steady(second),
    }
}

fn fetched() -> Fetched {
    let body = tokens::key_set_json([tokens::foreign()]);
    let keys = certificates::keys(body.as_bytes()).unwrap();
    let key = keys.into_values().next().unwrap();
    Fetched {
        keys: Keys::from([(KNOWN.to_owned(), key)]),
        lifetime: SignedDuration::from_hours(1),
    }
}

fn shown(answer: &KeyLookUp) -> &'static str {
    match answer {
        KeyLookUp::Key(_) => "use",
        KeyLookUp::KeyToRefresh(_) => "use and refresh",
        KeyLookUp::StaleKey => "wait a little",
        KeyLookUp::NoKey => "wait",
        KeyLookUp::Refused(VerificationError::Rejected(rule)) => rule.name(),
        KeyLookUp::Refused(VerificationError::Unavailable(_)) => "unavailable",
    }
}

/// Fetched at second 0 for an hour, then failed at the given second.
fn cache(failed_at: Option<i64>) -> Cache {
    let mut cache = Cache::default();
    assert_eq!(cache.record(at(0), Ok(fetched())), Ok(()));
    if let Some(second) = failed_at {
        assert_eq!(cache.record(at(second), Err(DOWN)), Err(DOWN));
    }
    cache
}

#[test]
fn an_empty_cache_fetches_and_after_a_failure_waits_a_second() {
    let mut cache = Cache::default();
    assert_eq!(shown(&cache.look_up(KNOWN, at(0))), "wait");
    let _ = cache.record(at(0), Err(DOWN));
    assert_eq!(shown(&cache.look_up(KNOWN, at(0))), "unavailable");
    assert_eq!(shown(&cache.look_up(KNOWN, at(1))), "wait");
}

#[test]
fn a_known_key_is_used_refreshed_ahead_and_used_stale_for_a_day() {
    for (second, failed_at, expected) in [
        (0, None, "use"),
        (2879, None, "use"),
        (2880, None, "use and refresh"),
        (2881, Some(2880), "use"),
        (2890, Some(2880), "use and refresh"),
        (HOUR - 1, None, "use and refresh"),
        (HOUR, None, "wait a little"),
        (HOUR + 5, Some(HOUR), "use"),
        (HOUR + 10, Some(HOUR), "wait a little"),
        (24 * HOUR - 1, Some(24 * HOUR - 2), "use"),
        (24 * HOUR, Some(24 * HOUR - 2), "wait"),
        (24 * HOUR, Some(24 * HOUR), "unavailable"),
        (24 * HOUR, None, "wait"),
    ] {
        let answer = cache(failed_at).look_up(KNOWN, at(second));
        assert_eq!(shown(&answer), expected, "{second} {failed_at:?}");
    }
}

#[test]
fn an_unknown_key_causes_one_fetch_in_ten_seconds() {
    for (second, failed_at, expected) in [
        (0, None, "unknown_key"),
        (-9, None, "unknown_key"),
        (9, None, "unknown_key"),
        (10, None, "wait"),
        (15, Some(10), "unavailable"),
        (20, Some(10), "wait"),
    ] {
        let answer = cache(failed_at).look_up(OTHER, at(second));
        assert_eq!(shown(&answer), expected, "{second} {failed_at:?}");
    }
}

#[test]
fn after_waiting_the_key_counts_more_than_the_outcome() {
    for (key_id, second, outcome, expected) in [
        (KNOWN, 0, Ok(()), None),
        (KNOWN, 2 * HOUR, Err(DOWN), None),
        (KNOWN, 24 * HOUR, Err(DOWN), Some(DOWN.into())),
        (OTHER, 0, Err(DOWN), Some(DOWN.into())),
        (OTHER, 0, Ok(()), Some(BrokenRule::UnknownKey.into())),
    ] {
        let settled = cache(None).settle(key_id, at(second), outcome);
        assert_eq!(settled.err(), expected, "{key_id} {second}");
    }
}

#[test]
fn a_later_success_replaces_all_keys() {
    let mut cache = cache(None);
    let mut rotated = fetched();
    let key = rotated.keys.remove(KNOWN).unwrap();
    rotated.keys.insert(OTHER.to_owned(), key);
    let _ = cache.record(at(20), Ok(rotated));
    assert_eq!(shown(&cache.look_up(OTHER, at(21))), "use");
    assert_eq!(shown(&cache.look_up(KNOWN, at(21))), "unknown_key");
}

#[test]
fn a_clock_that_stepped_back_does_not_make_keys_fresh() {
    for (by_the_wall, really, expected) in [
        (-5 * HOUR, 10, "use"),
        (-5 * HOUR, 2880, "use and refresh"),
        (-5 * HOUR, HOUR, "wait a little"),
        (-5 * HOUR, 24 * HOUR, "wait"),
        // An instance that was frozen: its steady clock stood still.
        (HOUR, 10, "wait a little"),
        (24 * HOUR, 10, "wait"),
    ] {
        let now = Moment {
            wall: wall(by_the_wall),
            steady: steady(really),
        };
        let answer = cache(None).look_up(KNOWN, now);
        assert_eq!(shown(&answer), expected, "{by_the_wall} {really}");
    }
}
