//! The test seams, which replace what a function trusts: Google and the store.
//!
//! They are one list, under one rule: a seam leads to this very machine, the function itself is
//! reached only from this very machine, and Cloud Run is not where it runs. Whoever can set one
//! variable of a deployment can therefore not make it trust keys of their own.

use url::Url;

use super::parse::is_loopback;
use super::public_url::origin_only;
use super::variables::{FIRESTORE_EMULATOR_HOST, GOOGLE_ORIGIN, LINK_STORE, PUBLIC_URL};
use super::{Expected, PublicUrl, Reader, Variable};

/// Every seam there is.
pub const SEAMS: [&Variable; 3] = [&GOOGLE_ORIGIN, &FIRESTORE_EMULATOR_HOST, &LINK_STORE];

/// Set by Cloud Run for every service, and by nobody else.
pub(super) const CLOUD_RUN_SERVICE: &str = "K_SERVICE";

/// An origin on this very machine, such as `http://127.0.0.1:9000`, without a trailing slash.
pub(super) fn simulator_origin(text: &str) -> Result<String, Expected> {
    origin_only(text)
        .filter(on_this_machine)
        .map(|url| url.origin().ascii_serialization())
        .ok_or("an http origin on localhost, such as http://127.0.0.1:9000".into())
}

/// A host and port on this very machine, such as `127.0.0.1:8081`.
pub(super) fn emulator(text: &str) -> Result<String, Expected> {
    origin_only(&format!("http://{text}"))
        .filter(on_this_machine)
        .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port()?)))
        .ok_or("a host and port on localhost, such as 127.0.0.1:8081".into())
}

/// Refuses a seam that is open where it must not be.
pub(super) fn check(reader: &mut Reader<'_>, seam: &Variable) {
    let public_url = reader.text(&PUBLIC_URL);
    let at_home = public_url
        .and_then(|text| PublicUrl::parse(&text).ok())
        .is_some_and(|url| url.is_loopback());
    if reader.is_set(CLOUD_RUN_SERVICE) {
        reader.refuse(seam, "is a test seam and is not accepted on Cloud Run");
    } else if !at_home && !reader.is_for_command() {
        reader.refuse(seam, "is a test seam and needs a `PUBLIC_URL` on localhost");
    }
}

fn on_this_machine(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_several_names() {
        for (text, origin) in [
            ("http://127.0.0.1:9000/", "http://127.0.0.1:9000"),
            ("http://127.1:9000", "http://127.0.0.1:9000"),
            ("http://2130706433:9000", "http://127.0.0.1:9000"),
            ("http://[::1]", "http://[::1]"),
            ("http://LOCALHOST:9000", "http://localhost:9000"),
        ] {
            assert_eq!(simulator_origin(text).unwrap(), origin, "{text}");
        }
        assert_eq!(emulator("127.1:8081").unwrap(), "127.0.0.1:8081");
        assert_eq!(emulator("[::1]:8081").unwrap(), "[::1]:8081");
    }

    #[test]
    fn other_machines_cannot_look_like_this_one() {
        for host in [
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "localhost:80@evil.example",
            "localhost.evil.example",
            "evil.example#localhost",
            "evil.example?localhost",
            "evil.example\\@localhost",
            "evil.example/localhost",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "[::]",
            "1.27.0.0.1",
            "127.0.0.1%2eevil.example",
            "ⓛocalhost.evil.example",
            "",
        ] {
            assert!(
                simulator_origin(&format!("http://{host}")).is_err(),
                "{host}"
            );
            assert!(emulator(&format!("{host}:8081")).is_err(), "{host}");
            assert!(emulator(host).is_err(), "{host}");
        }
        assert!(emulator("127.0.0.1").is_err());
        assert!(simulator_origin("127.0.0.1:9000").is_err());
        assert!(simulator_origin("http://127.0.0.1:9000/a").is_err());
    }
}
