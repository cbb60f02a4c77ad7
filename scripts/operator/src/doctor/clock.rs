//! Whether this machine's clock is right.

use jiff::{SignedDuration, Timestamp};

use super::cloud::{Cloud, Published};
use super::finding::Finding;
use super::keys::IDENTITY;

/// The skew that the functions allow for in tokens, in seconds.
const ALLOWED: i64 = 30;

pub(super) async fn check(cloud: &Cloud) -> Vec<Finding> {
    let before = Timestamp::now();
    let published = cloud.published(IDENTITY).await;
    // The answer was written somewhere between the two.
    let middle = before + Timestamp::now().duration_since(before) / 2;
    let google = match published {
        Published::Keys { date, .. } => date,
        Published::Status(_) | Published::Nothing => None,
    };
    vec![judge(google, middle)]
}

/// Beside a simulated Google, whose time may be any.
pub(super) fn simulated() -> Vec<Finding> {
    vec![Finding::fine(
        "it is that of the simulated Google, by which the commands live",
    )]
}

fn judge(google: Option<Timestamp>, ours: Timestamp) -> Finding {
    let Some(google) = google else {
        return Finding::unknown(
            "no answer of Google's says what time it is",
            "look again when the keys below can be reached",
        );
    };
    let skew = ours.duration_since(google);
    if skew.abs() <= SignedDuration::from_secs(ALLOWED) {
        return Finding::fine("this machine's clock is that of Google's");
    }
    let (seconds, way) = (
        skew.abs().as_secs(),
        if skew.is_positive() { "fast" } else { "slow" },
    );
    Finding::problem(
        format!(
            "this machine's clock is {seconds} s {way} by Google's: tokens that are made or checked \
             here are refused as expired or not yet valid (the functions allow {ALLOWED} s; Cloud \
             Run's clock is Google's)"
        ),
        "sudo timedatectl set-ntp true, or `sudo chronyc makestep`; in a virtual machine, take the \
         time of its host",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::assert_cause;
    use super::*;

    #[test]
    fn half_a_minute_is_allowed_either_way() {
        let now = Timestamp::UNIX_EPOCH;
        let at = |seconds| now + SignedDuration::from_secs(seconds);
        for (google, part) in [
            (0, "fine"),
            (30, "fine"),
            (-30, "fine"),
            (31, "31 s slow"),
            (-3_600, "3600 s fast"),
        ] {
            assert_cause([judge(Some(at(google)), now)], part);
        }
        assert_cause([judge(None, now)], "unknown");
    }
}
