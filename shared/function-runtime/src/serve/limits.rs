//! How much, how many, how long.

use std::time::Duration;

/// The limits of a server. The defaults are those of every function; tests shorten them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; more wait to be accepted. Cloud Run sends at most 1000 requests.
    pub connections: u32,
    /// Bytes of a request's head, beyond which it is answered 431, with words up to the 64 KiB that a connection has
    /// room for. Cookies and a Google identity token need a quarter of it.
    pub head_size: usize,
    /// From the beginning of a connection to the end of its first head, and from the first byte of a later one to its
    /// last, beyond which the connection is closed. Also how long one may wait for its next request while others wait
    /// for a place.
    pub head: Duration,
    /// How long a connection may wait for its next request. Longer than Google's load balancer
    /// keeps one (600 s), so that it is never the server who closes it under a request.
    pub idle: Duration,
    /// From a request's head to the end of its body, beyond which it is answered 408.
    pub body: Duration,
    /// From a request's head to its answer: the handler's deadline.
    pub deadline: Duration,
    /// How far beyond its deadline a handler may go before it is cut off and 503 is answered.
    pub margin: Duration,
    /// From the signal to end until the end, also if something is unfinished. Longer than deadline and
    /// margin, shorter than the 10 s after which Cloud Run kills.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1000,
            head_size: 16 * 1024,
            head: Duration::from_secs(5),
            idle: Duration::from_secs(620),
            body: Duration::from_secs(5),
            deadline: Duration::from_secs(8),
            margin: Duration::from_millis(500),
            drain: Duration::from_secs(9),
        }
    }
}
