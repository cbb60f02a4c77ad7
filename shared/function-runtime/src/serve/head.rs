//! What a request's head must be before anything of it is used.

use http::Version;
use http::header::{HOST, TRANSFER_ENCODING};
use http::request::Parts;

/// Why a head is refused. What follows it is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum HeadFault {
    /// No host, or more than one: whoever looked at the request before may have seen another one
    /// ([RFC 9112](https://www.rfc-editor.org/rfc/rfc9112), 3.2).
    #[error("the request does not name one host")]
    Host,
    /// The body is encoded in a way that is not understood (RFC 9112, 6.1). Where `chunked` is not the last coding,
    /// hyper has answered 400 already.
    #[error("the body has another transfer coding than chunked")]
    TransferCoding,
}

/// Checks what hyper leaves to us.
pub(super) fn check(parts: &Parts) -> Result<(), HeadFault> {
    let hosts = parts.headers.get_all(HOST).iter().count();
    // Before HTTP/1.1 there was none.
    let is_named = hosts == 1 || (hosts == 0 && parts.version < Version::HTTP_11);
    if !is_named {
        return Err(HeadFault::Host);
    }
    let codings: Vec<_> = parts.headers.get_all(TRANSFER_ENCODING).iter().collect();
    match codings.as_slice() {
        [] => Ok(()),
        [coding] if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(HeadFault::TransferCoding),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn checked(version: Version, headers: &[(&str, &str)]) -> Result<(), HeadFault> {
        let mut request = Request::builder().version(version);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_host_is_named_once_and_since_http_1_1() {
        let one = [("host", "a")];
        let two = [("host", "a"), ("host", "a")];
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert_eq!(checked(version, &one), Ok(()));
            assert_eq!(checked(version, &two), Err(HeadFault::Host));
        }
        assert_eq!(checked(Version::HTTP_10, &[]), Ok(()));
        assert_eq!(checked(Version::HTTP_11, &[]), Err(HeadFault::Host));
    }

    #[test]
    fn chunked_alone_is_understood() {
        let coded = |codings: &[&'static str]| {
            let codings = codings.iter().map(|it| ("transfer-encoding", *it));
            let headers: Vec<_> = codings.chain([("host", "a")]).collect();
            checked(Version::HTTP_11, &headers)
        };
        for codings in [&["chunked"][..], &["Chunked"], &[]] {
            assert_eq!(coded(codings), Ok(()), "{codings:?}");
        }
        for codings in [
            &["gzip, chunked"][..],
            &["gzip", "chunked"],
            &["chunked", "chunked"],
            &["chunked, chunked"],
            &[""],
        ] {
            let refused = Err(HeadFault::TransferCoding);
            assert_eq!(coded(codings), refused, "{codings:?}");
        }
    }
}
