//! Requests whose heads alone show that their sender may not call.

use std::net::SocketAddr;

use crate::wire::{bare, exchange};

/// What stands where the one identity token should.
const NO_TOKENS: [&str; 7] = [
    "",
    "Authorization: Bearer\r\n",
    "Authorization: Basic YTpi\r\n",
    "Authorization: Bearer x\r\n",
    "Authorization: Bearer aa.bb\r\n",
    "Authorization: Bearer aa.bb.c+cc\r\n",
    "Authorization: Bearer aa.bb.cc\r\nAuthorization: Bearer aa.bb.cc\r\n",
];

/// A post to this route without an identity token is answered 401 although its body never comes, and an address or a
/// method that does not exist as without this rule.
pub async fn are_answered_without_their_bodies(origin: &str, route: &str) {
    let address = origin.strip_prefix("http://").expect("plain HTTP");
    let address: SocketAddr = address.parse().expect("an address");
    let announced = "Host: a\r\nContent-Length: 10\r\n";
    for no_token in NO_TOKENS {
        for asking in ["", "Expect: 100-continue\r\n"] {
            let head = format!("POST {route} HTTP/1.1\r\n{announced}{asking}{no_token}\r\n");
            let answer = exchange(address, &head).await;
            // A server that waits for the body answers 408 in the end; one that asks for it, 100 at first.
            assert_eq!(answer.status, 401, "{head}");
            assert!(
                answer.body.contains(r#""code":"not-authenticated""#),
                "{head}"
            );
            assert_eq!(answer.header("connection"), Some("close"), "{head}");
        }
    }
    for (method, path, expected) in [
        ("POST", format!("{route}/nothing"), 404),
        ("GET", format!("{route}/nothing"), 404),
        ("GET", route.to_owned(), 405),
    ] {
        let answer = exchange(address, bare(method, &path, "")).await;
        assert_eq!(answer.status, expected, "{method} {path}");
    }
}
