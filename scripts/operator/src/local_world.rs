//! The simulated Marketplace and the Firestore emulator in place of Google and its database: whether they run, and what
//! time it is there.

use std::time::Duration;

use function_runtime::variables::{FIRESTORE_EMULATOR_HOST, GOOGLE_ORIGIN};
use google_calls::Http;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use marketplace::GoogleOrigin;
use operations::Clock;
use store::FirestoreSettings;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::error::CommandError;

/// How long something on this machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// `Date` is cut to seconds, and the answer takes its time.
const EXACT_TO: SignedDuration = SignedDuration::from_secs(2);

/// Which clock the commands live by: this machine's, or the simulated Google's if it is ahead. The functions beside it
/// live by that, and what they store would lie in the future here.
pub(crate) async fn clock(
    google: &GoogleOrigin,
    store: &FirestoreSettings,
) -> Result<Clock, CommandError> {
    expect_emulator(store).await?;
    if !google.is_simulated() || store.emulator.is_none() {
        return Ok(Clock::default());
    }
    let stopped = CommandError::NotRunning("the simulated Google", GOOGLE_ORIGIN.name);
    match timeout(PATIENCE, date(google)).await {
        Ok(Some(date)) => Ok(ahead(date, Timestamp::now())),
        Ok(None) | Err(_) => Err(stopped),
    }
}

/// Fails at once if the emulator does not run: the store would try to reach it for as long as a person waits.
async fn expect_emulator(store: &FirestoreSettings) -> Result<(), CommandError> {
    let Some(emulator) = &store.emulator else {
        return Ok(());
    };
    match timeout(PATIENCE, TcpStream::connect(emulator)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(CommandError::NotRunning(
            "the Firestore emulator",
            FIRESTORE_EMULATOR_HOST.name,
        )),
    }
}

fn ahead(google: Timestamp, machine: Timestamp) -> Clock {
    let ahead = google.duration_since(machine);
    if ahead <= EXACT_TO {
        return Clock::default();
    }
    Clock::ahead_by(ahead)
}

/// What time an answer says it is: of any address, be it an error.
async fn date(google: &GoogleOrigin) -> Option<Timestamp> {
    let client = Http::new().client().await.ok()?;
    let url = google.https("www.googleapis.com", "/oauth2/v1/certs");
    let answer = client.get(url).send().await.ok()?;
    let date = answer.headers().get("date")?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clock_that_is_ahead_by_more_than_its_seconds_is_followed() {
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        for seconds in [-3_600, -1, 0, 2] {
            assert_eq!(ahead(at(seconds), at(0)), Clock::default(), "{seconds}");
        }
        let hour = SignedDuration::from_hours(1);
        assert_eq!(ahead(at(3_600), at(0)), Clock::ahead_by(hour));
    }
}
