//! The parts of addresses and resource names.

use function_runtime::parse;

/// Where the Producer Portal is.
pub(super) const PRODUCER_PORTAL: &str = "https://console.cloud.google.com/producer-portal";

/// Google's project with the topics of all vendors (Google's codelab on Marketplace integration).
pub(super) const MARKETPLACE_PROJECT: &str = "cloudcommerceproc-prod";

/// The host of an address that browsers are sent to, in lower case.
pub(super) fn host(address: &str) -> Option<String> {
    let url = parse::web_url(address).ok()?;
    Some(url.host_str()?.to_ascii_lowercase())
}

/// The region in Cloud Run's address of a service, `https://NAME-NUMBER.REGION.run.app`.
pub(super) fn region(run_url: &str) -> Option<&str> {
    let host = run_url.strip_prefix("https://")?;
    let (_, rest) = host.split_once('.')?;
    let region = rest.trim_end_matches('/').strip_suffix(".run.app")?;
    let is_region = region
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (is_region && !region.is_empty()).then_some(region)
}

/// The project's number in that address.
pub(super) fn project_number(run_url: &str) -> Option<&str> {
    let (service, _) = run_url.strip_prefix("https://")?.split_once('.')?;
    let number = service.rsplit('-').next()?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

/// The last part of a resource's name.
pub(super) fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Whether a name can stand in the path of an address.
pub(super) fn is_safe(name: &str) -> bool {
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@');
    !name.is_empty() && name.bytes().all(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_region_are_read_from_addresses() {
        assert_eq!(
            host("https://A.example.com:8443/signup").as_deref(),
            Some("a.example.com")
        );
        assert_eq!(host("a.example.com"), None);
        let url = "https://portico-signup-123456789012.europe-west1.run.app";
        assert_eq!(region(url), Some("europe-west1"));
        assert_eq!(project_number(url), Some("123456789012"));
        assert_eq!(project_number("https://signup-hash-ew.a.run.app"), None);
        for url in [
            "",
            "https://a.example.com",
            "https://a.run.app",
            "https://a.b/c.run.app",
        ] {
            assert_eq!(region(url), None, "{url}");
        }
        assert_eq!(short("projects/p/topics/t"), "t");
        assert!(is_safe("a-b@c.iam") && !is_safe("a/b") && !is_safe("a?b") && !is_safe(""));
    }
}
