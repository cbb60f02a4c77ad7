//! The headers that every answer carries.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Each header with the value it has unless the handler set its own.
///
/// - The content policy allows nothing; pages name what they need.
/// - `no-store`: answers are about one customer and one moment.
/// - HSTS lasts two years and leaves subdomains out: whether those of the vendor's domain can do
///   HTTPS is not ours to say. Browsers ignore it on plain HTTP, so also on a laptop.
/// - Framing is forbidden twice because some scanners and old browsers know only one of the two.
/// - The opener policy cuts the tie to the window that opened us, so that a page of somebody else
///   cannot steer ours.
const DEFAULTS: [(HeaderName, HeaderValue); 9] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=63072000"),
    ),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        CROSS_ORIGIN_OPENER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Adds what the handler has not set itself.
pub(crate) fn add(headers: &mut HeaderMap) {
    headers.reserve(DEFAULTS.len());
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_s_own_header_wins() {
        let mut headers = HeaderMap::new();
        let own = HeaderValue::from_static("strict-origin");
        headers.insert(REFERRER_POLICY, own.clone());
        add(&mut headers);
        assert_eq!(headers[REFERRER_POLICY], own);
        assert_eq!(headers.len(), DEFAULTS.len());
    }
}
