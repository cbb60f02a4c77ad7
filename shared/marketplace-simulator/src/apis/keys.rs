//! Key endpoints: what Google's signatures are verified with.

use http::header;

use crate::host_answer::HostAnswer;
use crate::key_rings::KeyRing;
use crate::simulated_google::SimulatedGoogle;

/// The account that signs what the Marketplace posts.
const MARKETPLACE: &str = "cloud-commerce-partner@system.gserviceaccount.com";

/// A key endpoint of `www.googleapis.com`: who signs, and how the keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyEndpoint {
    signer: Signer,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signer {
    Marketplace,
    Identity,
    HandOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A JSON object, key id to PEM certificate.
    Certificates,
    Jwk,
}

impl KeyEndpoint {
    /// The endpoint at this path (segments below the host).
    pub(crate) fn find(google: &SimulatedGoogle, path: &[String]) -> Option<Self> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let (signer, form) = match path.as_slice() {
            ["robot", "v1", "metadata", form, MARKETPLACE] => (Signer::Marketplace, *form),
            ["oauth2", "v1", "certs"] => (Signer::Identity, "x509"),
            ["oauth2", "v3", "certs"] => (Signer::Identity, "jwk"),
            ["service_accounts", "v1", "metadata", form, email]
                if *email == google.settings.hand_off_signer =>
            {
                (Signer::HandOff, *form)
            }
            ["service_accounts", "v1", "jwk", email]
                if *email == google.settings.hand_off_signer =>
            {
                (Signer::HandOff, "jwk")
            }
            _ => return None,
        };
        let form = match form {
            "x509" => Form::Certificates,
            "jwk" => Form::Jwk,
            _ => return None,
        };
        Some(Self { signer, form })
    }

    /// The keys of now, with the headers that say how long they may be kept.
    pub(crate) fn answer(self, google: &SimulatedGoogle) -> HostAnswer {
        let ring = self.ring(google);
        let body = match self.form {
            Form::Certificates => ring.certificates(),
            Form::Jwk => ring.jwk_set(),
        };
        let lifetime = google.key_lifetime();
        let cache = format!(
            "public, max-age={}, must-revalidate, no-transform",
            lifetime.max_age.as_secs()
        );
        HostAnswer::ok("application/json; charset=UTF-8", body, "two keys")
            .with_header(header::CACHE_CONTROL, &cache)
            .with_header(header::AGE, &lifetime.age.as_secs().to_string())
            .with_header(header::VARY, "Origin, X-Origin, Referer")
    }

    fn ring(self, google: &SimulatedGoogle) -> &KeyRing {
        match self.signer {
            Signer::Marketplace => &google.keys.marketplace,
            Signer::Identity => &google.keys.identity,
            Signer::HandOff => &google.keys.hand_off,
        }
    }
}
