//! The link back from Google's page, and where it may lead.

use super::InvalidPage;
use crate::service_account_email::is_label;

/// Longest link back, in characters.
///
/// With every other parameter at its limit the whole address stays within 8 KiB, which browsers and
/// front ends take.
pub const LONGEST_REDIRECT: usize = 1_024;

/// Where a link back may lead: one entry of what is registered with Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectDomain {
    /// `example.com`: this host and no other.
    Exactly(String),
    /// `*.example.com`: every host below this one, at any depth, and not itself.
    Below(String),
    /// `http://127.0.0.1:9090`: this origin on this very machine. Only the test seams have a use for
    /// it, and the configuration must refuse it elsewhere.
    ThisMachine(String),
}

/// An absolute address that may stand in `redirect`, exactly as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect(String);

impl RedirectDomain {
    /// Reads an entry. Names that are not ASCII stand in their `xn--` form, as browsers send them.
    /// A whole top-level domain (`*.com`) is refused; who can register names below a longer one
    /// (`*.co.uk`, `*.run.app`) is not known here; the person who configures has to know.
    pub fn parse(text: &str) -> Option<Self> {
        if text.starts_with("http://") {
            return is_this_machine(text).then(|| Self::ThisMachine(text.to_owned()));
        }
        match text.strip_prefix("*.") {
            Some(domain) => is_host(domain).then(|| Self::Below(domain.to_owned())),
            None => is_host(text).then(|| Self::Exactly(text.to_owned())),
        }
    }

    fn covers(&self, scheme: &str, authority: &str) -> bool {
        match self {
            Self::Exactly(host) => scheme == "https" && authority == host,
            Self::Below(domain) => {
                let below = authority.strip_suffix(domain.as_str());
                scheme == "https"
                    && is_host(authority)
                    && below.is_some_and(|below| below.ends_with('.'))
            }
            Self::ThisMachine(origin) => {
                scheme == "http" && origin.strip_prefix("http://") == Some(authority)
            }
        }
    }
}

impl Redirect {
    /// Accepts an absolute `https` address whose host is one of these.
    ///
    /// The text is taken as it stands and never normalised: its host is everything between `//` and
    /// the next `/`, `?` or `#`, and must be letter by letter a registered one. So there is no user
    /// info, no port, no other spelling of a host; and with only the characters of RFC 3986 there is
    /// nothing (a backslash, a tab, a full-width dot) that a browser would read in another way.
    pub fn parse(text: &str, domains: &[RedirectDomain]) -> Result<Self, InvalidPage> {
        if text.len() > LONGEST_REDIRECT {
            return Err(InvalidPage::RedirectTooLong);
        }
        if !is_of_uri_characters(text.as_bytes()) {
            return Err(InvalidPage::RedirectCharacter);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidPage::RedirectScheme)?;
        let is_local = |domain: &RedirectDomain| matches!(domain, RedirectDomain::ThisMachine(_));
        if scheme != "https" && !(scheme == "http" && domains.iter().any(is_local)) {
            return Err(InvalidPage::RedirectScheme);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !domains.iter().any(|it| it.covers(scheme, authority)) {
            return Err(InvalidPage::RedirectHost);
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A host name in lower case with two labels at least, and no address in numbers.
pub(super) fn is_host(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(is_label)
        && last.starts_with(|first: char| first.is_ascii_lowercase())
}

fn is_this_machine(origin: &str) -> bool {
    let authority = origin.strip_prefix("http://").unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let is_number = port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with('0');
    matches!(host, "localhost" | "127.0.0.1") && is_number && port.parse::<u16>().is_ok()
}

/// Only characters of RFC 3986, section 2, but for the brackets of numeric addresses; percent signs
/// only before two hexadecimal digits; one fragment at most.
fn is_of_uri_characters(text: &[u8]) -> bool {
    let mut fragments = 0;
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => match after {
                [high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    rest = after;
                }
                _ => return false,
            },
            b'#' => fragments += 1,
            byte if is_plain(byte) => {}
            _ => return false,
        }
    }
    fragments <= 1
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte)
}
