//! A request as handlers get it.

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use jiff::Timestamp;
use marketplace::{At, Deadline};

/// A whole request: its body has been read, within the limit, before the handler is asked.
///
/// It has no `Debug`: it carries tokens and cookies, which belong in no log.
pub struct Request {
    /// The method.
    pub method: Method,
    /// The target; in practice a path and perhaps a query.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// When it arrived.
    pub now: Timestamp,
    /// By when it must be answered.
    pub deadline: Deadline,
}

impl Request {
    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// When it arrived and by when it must be answered.
    pub fn at(&self) -> At {
        At {
            now: self.now,
            deadline: self.deadline,
        }
    }

    /// The one value of a header, if there is exactly one and it is visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        match values.next() {
            None => value.to_str().ok(),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_header_sent_twice_has_no_one_value() {
        let mut request = Request {
            method: Method::GET,
            uri: Uri::from_static("/a?b"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            now: Timestamp::UNIX_EPOCH,
            deadline: Deadline::after(Duration::ZERO),
        };
        assert_eq!(request.path(), "/a");
        assert_eq!(request.header("origin"), None);
        request.headers.append("origin", "a".parse().unwrap());
        assert_eq!(request.header("origin"), Some("a"));
        request.headers.append("origin", "a".parse().unwrap());
        assert_eq!(request.header("origin"), None);
    }
}
