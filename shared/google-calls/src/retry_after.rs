//! When the other side wants to be asked again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The wait that an answer asks for by `Retry-After`, in seconds or as a date
/// (RFC 9110, section 10.2.3). What cannot be read is as if it were absent.
///
/// A date is compared with the answer's own `Date`, so that a wrong clock on either side does not
/// matter; without `Date` it is not used.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait: SignedDuration = date(headers, &RETRY_AFTER)?.duration_since(date(headers, &DATE)?);
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<Timestamp> {
    let text = headers.get(name)?.to_str().ok()?;
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        const NOW: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (value, date, expected) in [
            ("7", "", Some(7)),
            (" 0 ", "", Some(0)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", NOW, Some(3)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", NOW, Some(0)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", "", None),
            ("Sun, 06 Nov 1994 08:49:40 GMT", "yesterday", None),
            ("soon", NOW, None),
            ("-1", NOW, None),
            ("1.5", NOW, None),
            ("99999999999999999999999", NOW, None),
            ("", NOW, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            headers.insert(DATE, date.parse().unwrap());
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(&headers), expected, "{value:?} at {date:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
