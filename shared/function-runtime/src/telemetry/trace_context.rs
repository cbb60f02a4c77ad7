//! Which trace a request belongs to.

use std::future::Future;

use http::HeaderMap;

tokio::task_local! {
    static CURRENT: Option<TraceContext>;
}

/// A trace as Cloud Logging names it, made only of characters that need no escaping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TraceContext {
    /// 32 lower-case hexadecimal digits.
    pub(crate) trace: String,
    /// 16 lower-case hexadecimal digits.
    pub(crate) span: Option<String>,
    /// Whether the trace is recorded.
    pub(crate) sampled: bool,
}

/// Runs a future so that every log line written in it carries this trace.
pub(crate) async fn in_trace<F: Future>(trace: Option<TraceContext>, future: F) -> F::Output {
    CURRENT.scope(trace, future).await
}

/// What a function makes of the current trace, if there is one.
pub(super) fn with_current<T>(f: impl FnOnce(&TraceContext) -> T) -> Option<T> {
    CURRENT
        .try_with(|current| current.as_ref().map(f))
        .ok()
        .flatten()
}

/// The trace in a request's headers: `traceparent`, else `X-Cloud-Trace-Context`.
pub(crate) fn trace_of(headers: &HeaderMap) -> Option<TraceContext> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    header("traceparent")
        .and_then(traceparent)
        .or_else(|| header("x-cloud-trace-context").and_then(cloud_trace_context))
}

/// [W3C Trace Context](https://www.w3.org/TR/trace-context/): `00-TRACE-SPAN-FLAGS`. Later versions
/// may append fields.
fn traceparent(value: &str) -> Option<TraceContext> {
    let mut parts = value.split('-');
    let version = hex(parts.next()?, 2).filter(|version| version != "ff")?;
    let trace = identifier(parts.next()?, 32)?;
    let span = identifier(parts.next()?, 16)?;
    let flags = hex(parts.next()?, 2)?;
    if version == "00" && parts.next().is_some() {
        return None;
    }
    let sampled = u8::from_str_radix(&flags, 16).is_ok_and(|flags| flags & 1 == 1);
    Some(TraceContext {
        trace,
        span: Some(span),
        sampled,
    })
}

/// Google's older form: `TRACE/SPAN;o=OPTIONS`, where the span is decimal and all but the trace may
/// be absent.
fn cloud_trace_context(value: &str) -> Option<TraceContext> {
    let (ids, options) = value.split_once(';').unwrap_or((value, ""));
    let (trace, span) = ids.split_once('/').unwrap_or((ids, ""));
    let span = span.parse::<u64>().ok().filter(|span| *span != 0);
    Some(TraceContext {
        trace: identifier(trace, 32)?,
        span: span.map(|span| format!("{span:016x}")),
        sampled: options == "o=1",
    })
}

/// Hexadecimal digits that are not all zero.
fn identifier(text: &str, length: usize) -> Option<String> {
    hex(text, length).filter(|digits| digits.bytes().any(|b| b != b'0'))
}

fn hex(text: &str, length: usize) -> Option<String> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    fn read(name: &'static str, value: &str) -> Option<TraceContext> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        trace_of(&headers)
    }

    fn context(span: Option<&str>, sampled: bool) -> TraceContext {
        TraceContext {
            trace: TRACE.to_owned(),
            span: span.map(str::to_owned),
            sampled,
        }
    }

    #[test]
    fn the_standard_header_is_read() {
        let span = Some("b7ad6b7169203331");
        for (value, expected) in [
            (
                format!("00-{TRACE}-b7ad6b7169203331-01"),
                Some(context(span, true)),
            ),
            (
                format!("00-{TRACE}-b7ad6b7169203331-00"),
                Some(context(span, false)),
            ),
            (
                format!("01-{TRACE}-b7ad6b7169203331-01-x"),
                Some(context(span, true)),
            ),
            (format!("00-{TRACE}-b7ad6b7169203331-01-x"), None),
            (format!("ff-{TRACE}-b7ad6b7169203331-01"), None),
            (format!("00-{TRACE}-0000000000000000-01"), None),
            (format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)), None),
            (format!("00-{TRACE}-b7ad6b716920333\"-01"), None),
            ("00".to_owned(), None),
        ] {
            assert_eq!(read("traceparent", &value), expected, "{value}");
        }
    }

    #[test]
    fn google_s_older_header_is_read() {
        for (value, expected) in [
            (
                format!("{TRACE}/26;o=1"),
                Some(context(Some("000000000000001a"), true)),
            ),
            (
                format!("{TRACE}/18446744073709551615"),
                Some(context(Some("ffffffffffffffff"), false)),
            ),
            (format!("{TRACE};o=1"), Some(context(None, true))),
            (TRACE.to_owned(), Some(context(None, false))),
            (format!("{TRACE}/x;o=0"), Some(context(None, false))),
            ("x/1;o=1".to_owned(), None),
        ] {
            assert_eq!(read("x-cloud-trace-context", &value), expected, "{value}");
        }
    }
}
