//! HTTP/1.1 by hand: it sends exactly what a test says and shows exactly what came back.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, read to the end of its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// As in the status line.
    pub status: u16,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// All of it.
    pub body: String,
}

impl Answer {
    /// The value of a header that stands once, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert_eq!(values.next(), None, "{name} stands twice");
        value
    }

    /// The value of a hidden field of the page's form.
    pub fn field(&self, name: &str) -> &str {
        let start = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).expect("a hidden field");
        rest.split_once('"').expect("an end of the value").0
    }

    fn parse(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("answers are UTF-8");
        let (head, body) = text.split_once("\r\n\r\n").expect("a whole head");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.map(|line| line.split_once(": ").expect("a header"));
        Self {
            status: status.expect("a status line").parse().expect("a status"),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }
}

/// Sends a request on a connection of its own; `None` if it was closed without an answer.
pub async fn sent(address: SocketAddr, request: impl AsRef<[u8]>) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_ref()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    (!bytes.is_empty()).then(|| Answer::parse(&bytes))
}

/// As [`sent`], where an answer must come.
pub async fn exchange(address: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    sent(address, request).await.expect("an answer")
}

/// A form post as a browser sends it.
pub fn form_post(target: &str, fields: &[(&str, &str)], cookie: &str) -> String {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    format!(
        "POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{cookie}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A request without a body.
pub fn bare(method: &str, target: &str, cookie: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{cookie}\r\n")
}
