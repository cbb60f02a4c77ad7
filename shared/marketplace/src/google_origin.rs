//! Where Google is.

/// Turns Google's addresses into those that are called.
///
/// In production an address is called as it stands. The one test seam replaces all of them at
/// once: `https://HOST/PATH` becomes `ORIGIN/HOST/PATH`, so that one simulator serves every host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoogleOrigin(Option<String>);

impl GoogleOrigin {
    /// Google itself.
    pub const fn google() -> Self {
        Self(None)
    }

    /// A simulator at this origin, such as `http://127.0.0.1:9000`.
    pub fn simulated_at(origin: &str) -> Self {
        Self(Some(origin.trim_end_matches('/').to_owned()))
    }

    /// Whether this is a simulator.
    pub fn is_simulated(&self) -> bool {
        self.0.is_some()
    }

    /// The address to call for `https://{host}{path}`; `path` starts with a slash or is empty.
    pub fn https(&self, host: &str, path: &str) -> String {
        match &self.0 {
            None => format!("https://{host}{path}"),
            Some(origin) => format!("{origin}/{host}{path}"),
        }
    }

    /// As [`https`](Self::https), for the metadata server, which speaks plain HTTP.
    pub fn http(&self, host: &str, path: &str) -> String {
        match &self.0 {
            None => format!("http://{host}{path}"),
            Some(_) => self.https(host, path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn google_is_called_by_its_own_names() {
        let origin = GoogleOrigin::google();
        assert_eq!(
            origin.https("www.googleapis.com", "/a"),
            "https://www.googleapis.com/a"
        );
        assert_eq!(
            origin.http("metadata.google.internal", ""),
            "http://metadata.google.internal"
        );
    }

    #[test]
    fn the_simulator_serves_every_host_under_its_own() {
        let origin = GoogleOrigin::simulated_at("http://127.0.0.1:9000/");
        assert_eq!(
            origin.https("www.googleapis.com", "/a"),
            "http://127.0.0.1:9000/www.googleapis.com/a"
        );
        assert_eq!(
            origin.http("metadata.google.internal", ""),
            "http://127.0.0.1:9000/metadata.google.internal"
        );
    }
}
