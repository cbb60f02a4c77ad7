//! An application of the developer's own, in place of the demo application.

use function_runtime::{Expected, PublicUrl, Reader, Variable, parse};
use marketplace::service_account_page::RedirectDomain;
use marketplace_simulator::Settings;

use crate::environment::{APPLICATION_PUSH_IDENTITY, Addresses};

/// Where it is, and how it hears the news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnApplication {
    /// Where it listens. Read from `APPLICATION_URL`.
    pub origin: String,
    /// Where hand-offs are posted. Read from `APPLICATION_SIGNUP_URL`.
    pub signup_url: String,
    /// `aud` of the hand-offs: the origin of that address.
    pub audience: String,
    /// Where a visit ends that has no hand-off. Read from `APPLICATION_LOGIN_URL`.
    pub login_url: String,
    /// Read from `APPLICATION_EVENTS_URL` or `PUBSUB_EMULATOR_HOST`.
    pub news: News,
}

/// How what Portico publishes reaches the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It is posted there, as Pub/Sub pushes.
    Pushed {
        /// The endpoint.
        url: String,
        /// `aud` of the pushes' identity tokens: the endpoint's origin.
        audience: String,
    },
    /// It is published into the Pub/Sub emulator at this host and port.
    Published {
        /// Such as `127.0.0.1:8085`.
        emulator: String,
    },
}

pub(crate) const APPLICATION_URL: Variable = Variable::optional(
    "APPLICATION_URL",
    "an application of your own in place of the demo application: where it listens, such as \
     `http://127.0.0.1:3000`",
);

pub(crate) const APPLICATION_SIGNUP_URL: Variable = Variable::optional(
    "APPLICATION_SIGNUP_URL",
    "where hand-offs are posted to it; without it, `/signup` of `APPLICATION_URL`",
);

pub(crate) const APPLICATION_LOGIN_URL: Variable = Variable::optional(
    "APPLICATION_LOGIN_URL",
    "its own login page; without it, `/login` of `APPLICATION_URL`",
);

pub(crate) const APPLICATION_EVENTS_URL: Variable = Variable::optional(
    "APPLICATION_EVENTS_URL",
    "where events are pushed to it; without it, `/events` of `APPLICATION_URL`",
);

pub(crate) const PUBSUB_EMULATOR_HOST: Variable = Variable::optional(
    "PUBSUB_EMULATOR_HOST",
    "host and port of a Pub/Sub emulator on localhost, into which its events are published instead",
);

/// What [`OwnApplication::environment`] names. Whoever has pasted it may start this program in the same shell.
pub(crate) const PRINTED: [&str; 14] = [
    "HAND_OFF_ISSUER",
    "HAND_OFF_KEYS_URL",
    "HAND_OFF_JWKS_URL",
    "APPLICATION_ORIGIN",
    "PORTICO_URL",
    "PORTICO_PUSH_IDENTITY",
    "PORTICO_PUSH_AUDIENCE",
    "PORTICO_PUSH_KEYS_URL",
    "PORTICO_PUSH_JWKS_URL",
    "PUBSUB_EMULATOR_HOST",
    "PORTICO_TOPIC",
    "GCE_METADATA_HOST",
    "GCE_METADATA_IP",
    "GOOGLE_CLOUD_PROJECT",
];

/// What is said of a variable that means nothing without such an application.
pub(crate) const IS_ABOUT_ONE: &str =
    "is about an application of your own: it needs APPLICATION_URL";

/// An address that can be called, with its origin.
struct Address {
    url: String,
    origin: String,
}

impl OwnApplication {
    /// Reads the variables; the inner `None` where there is no such application. `None` after the reader
    /// recorded a problem.
    pub fn read(reader: &mut Reader<'_>) -> Option<Option<Self>> {
        let origin = reader.optional(&APPLICATION_URL, origin);
        let signup = reader.optional(&APPLICATION_SIGNUP_URL, address);
        let login = reader.optional(&APPLICATION_LOGIN_URL, address);
        let events = reader.optional(&APPLICATION_EVENTS_URL, address);
        let emulator = reader.optional(&PUBSUB_EMULATOR_HOST, emulator);
        let (is_pushed, is_published) = (
            matches!(events, Some(Some(_))),
            matches!(emulator, Some(Some(_))),
        );
        if matches!(origin, Some(None)) {
            for (variable, is_given) in [
                (APPLICATION_SIGNUP_URL, matches!(signup, Some(Some(_)))),
                (APPLICATION_LOGIN_URL, matches!(login, Some(Some(_)))),
                (APPLICATION_EVENTS_URL, is_pushed),
                (PUBSUB_EMULATOR_HOST, is_published),
            ] {
                if is_given {
                    reader.refuse(&variable, IS_ABOUT_ONE);
                }
            }
        }
        if is_pushed && is_published {
            reader.refuse(
                &PUBSUB_EMULATOR_HOST,
                "and APPLICATION_EVENTS_URL exclude each other: events are published there, or pushed here",
            );
        }
        let Some(origin) = origin? else {
            return Some(None);
        };
        let below = |path: &str| address(&format!("{origin}{path}")).ok();
        let signup = signup?.or_else(|| below("/signup"))?;
        let login = login?.or_else(|| below("/login"))?;
        let events = events?.or_else(|| below("/events"))?;
        Some(Some(Self {
            signup_url: signup.url,
            audience: signup.origin,
            login_url: login.url,
            news: match emulator? {
                Some(emulator) => News::Published { emulator },
                None => News::Pushed {
                    url: events.url,
                    audience: events.origin,
                },
            },
            origin,
        }))
    }

    /// What of it is registered as an address that Google's page leads back to. Without a port, where it
    /// is reached by `https`: Google registers host names.
    pub(crate) fn redirect_domain(&self) -> Option<String> {
        let origin = &self.audience;
        let domain = origin.strip_prefix("https://").unwrap_or(origin);
        RedirectDomain::parse(domain).map(|_| domain.to_owned())
    }

    /// What the application has to know, as the variables of its environment.
    pub(crate) fn environment(
        &self,
        addresses: &Addresses,
        settings: &Settings,
    ) -> Vec<(&'static str, String)> {
        let (google, signer) = (&addresses.marketplace, &settings.hand_off_signer);
        let keys = "www.googleapis.com/service_accounts/v1/metadata";
        let metadata_server = google.strip_prefix("http://").unwrap_or(google);
        let mut variables = vec![
            ("HAND_OFF_ISSUER", format!("https://{keys}/x509/{signer}")),
            (
                "HAND_OFF_KEYS_URL",
                format!("{google}/{keys}/x509/{signer}"),
            ),
            ("HAND_OFF_JWKS_URL", format!("{google}/{keys}/jwk/{signer}")),
            ("APPLICATION_ORIGIN", self.audience.clone()),
            ("PORTICO_URL", addresses.portico.clone()),
        ];
        variables.extend(self.news.environment(google, settings));
        variables.extend([
            ("GCE_METADATA_HOST", metadata_server.to_owned()),
            // Google's Python library asks this one whether there is a metadata server at all.
            ("GCE_METADATA_IP", metadata_server.to_owned()),
            ("GOOGLE_CLOUD_PROJECT", settings.project.id.clone()),
        ]);
        variables
    }
}

impl News {
    fn environment(&self, google: &str, settings: &Settings) -> Vec<(&'static str, String)> {
        let keys = format!("{google}/www.googleapis.com/oauth2");
        match self {
            Self::Pushed { audience, .. } => vec![
                (
                    "PORTICO_PUSH_IDENTITY",
                    APPLICATION_PUSH_IDENTITY.to_owned(),
                ),
                ("PORTICO_PUSH_AUDIENCE", audience.clone()),
                ("PORTICO_PUSH_KEYS_URL", format!("{keys}/v1/certs")),
                ("PORTICO_PUSH_JWKS_URL", format!("{keys}/v3/certs")),
            ],
            Self::Published { emulator } => vec![
                ("PUBSUB_EMULATOR_HOST", emulator.clone()),
                (
                    "PORTICO_TOPIC",
                    settings.topics.first().cloned().unwrap_or_default(),
                ),
            ],
        }
    }
}

/// Lines to paste into a shell, and nothing else.
pub(crate) fn block(variables: &[(&'static str, String)]) -> String {
    let lines = variables
        .iter()
        .map(|(name, value)| format!("export {name}={value}\n"));
    lines.collect::<Vec<_>>().concat()
}

fn origin(text: &str) -> Result<String, Expected> {
    let expected = "the origin of your application, with a scheme and without a path: http on localhost, such as \
                    http://127.0.0.1:3000, or https";
    let url = PublicUrl::parse(text).map_err(|_| Expected::from(expected))?;
    Ok(url.origin().to_owned())
}

fn address(text: &str) -> Result<Address, Expected> {
    let url = parse::web_url(text)?;
    Ok(Address {
        origin: url.origin().ascii_serialization(),
        url: url.as_str().to_owned(),
    })
}

fn emulator(text: &str) -> Result<String, Expected> {
    let expected = Expected::from("a host and port on localhost, such as 127.0.0.1:8085");
    let url = PublicUrl::parse(&format!("http://{text}")).map_err(|_| expected)?;
    let host = url.origin().strip_prefix("http://").ok_or(expected)?;
    let port = host.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    match port {
        Some(Ok(_)) => Ok(host.to_owned()),
        _ => Err(expected),
    }
}

#[cfg(test)]
mod tests;
