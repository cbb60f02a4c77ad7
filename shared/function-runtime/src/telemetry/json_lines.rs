//! Log lines as Cloud Logging reads them: one JSON object each, written as it is read.
//!
//! Source: "Structured logging", special fields in the message.

use std::fmt::{self, Debug, Write};

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::trace_context::{TraceContext, with_current};

/// Fields of this name are the members of one object, `httpRequest`.
const HTTP_REQUEST: &str = "http_request.";

/// Writes events, each with the trace of the current request.
pub(super) struct JsonLines {
    /// What stands before the trace id: `projects/PROJECT/traces/`, or nothing.
    prefix: String,
}

impl JsonLines {
    pub(super) fn new(project: Option<String>) -> Self {
        let safe = |project: &String| {
            !project.is_empty()
                && project
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':'))
        };
        let prefix = project
            .filter(safe)
            .map_or_else(String::new, |project| format!("projects/{project}/traces/"));
        Self { prefix }
    }

    /// Nothing in a trace needs escaping.
    fn write_trace(&self, line: &mut dyn Write, context: &TraceContext) -> fmt::Result {
        let TraceContext {
            trace,
            span,
            sampled,
        } = context;
        let prefix = &self.prefix;
        write!(line, r#""logging.googleapis.com/trace":"{prefix}{trace}","#)?;
        if let Some(span) = span {
            write!(line, r#""logging.googleapis.com/spanId":"{span}","#)?;
        }
        write!(line, r#""logging.googleapis.com/trace_sampled":{sampled},"#)
    }
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        line.write_char('{')?;
        with_current(|trace| self.write_trace(&mut line, trace)).unwrap_or(Ok(()))?;
        let now = Timestamp::now();
        let severity = severity(*metadata.level());
        write!(line, r#""time":"{now}","severity":"{severity}","target":"#)?;
        quoted(&mut line, metadata.target())?;
        let mut members = Members {
            line: &mut line,
            request: String::new(),
            written: Ok(()),
        };
        event.record(&mut members);
        members.end()?;
        line.write_str("}\n")
    }
}

/// Writes the fields of one event as members.
struct Members<'a> {
    line: &'a mut dyn Write,
    /// The members of `httpRequest`, each with a comma before it.
    request: String,
    written: fmt::Result,
}

impl Members<'_> {
    fn member(&mut self, field: &Field, value: impl FnOnce(&mut dyn Write) -> fmt::Result) {
        if self.written.is_ok() {
            self.written = match field.name().strip_prefix(HTTP_REQUEST) {
                Some(name) => member(&mut self.request, name, value),
                None => member(&mut *self.line, field.name(), value),
            };
        }
    }

    fn end(self) -> fmt::Result {
        let Self {
            line,
            request,
            written,
        } = self;
        written?;
        match request.strip_prefix(',') {
            Some(members) => write!(line, r#","httpRequest":{{{members}}}"#),
            None => Ok(()),
        }
    }
}

impl Visit for Members<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.member(field, |line| {
            line.write_char('"')?;
            write!(Escaped(&mut *line), "{value:?}")?;
            line.write_char('"')
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, |line| quoted(line, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, |line| write!(line, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, |line| write!(line, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, |line| write!(line, "{value}"));
    }
}

fn member(
    line: &mut dyn Write,
    name: &str,
    value: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    line.write_str(",\"")?;
    camel_case(&mut Escaped(&mut *line), name)?;
    line.write_str("\":")?;
    value(line)
}

/// `account_id` as `accountId`.
fn camel_case(out: &mut dyn Write, name: &str) -> fmt::Result {
    let mut words = name.split(['_', '.', '-', ' ']);
    out.write_str(words.next().unwrap_or_default())?;
    for word in words {
        let mut rest = word.chars();
        if let Some(first) = rest.next() {
            out.write_char(first.to_ascii_uppercase())?;
        }
        out.write_str(rest.as_str())?;
    }
    Ok(())
}

fn quoted(out: &mut dyn Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    Escaped(&mut *out).write_str(text)?;
    out.write_char('"')
}

/// Escapes what a JSON string cannot hold ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259), 7).
struct Escaped<'a>(&'a mut dyn Write);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let Self(out) = self;
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}')) {
            let (plain, escaped) = rest.split_at(at);
            out.write_str(plain)?;
            let mut characters = escaped.chars();
            match characters.next() {
                Some(c @ ('"' | '\\')) => write!(out, "\\{c}")?,
                Some('\n') => out.write_str("\\n")?,
                Some(c) => write!(out, "\\u{:04x}", u32::from(c))?,
                None => {}
            }
            rest = characters.as_str();
        }
        out.write_str(rest)
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        Level::DEBUG | Level::TRACE => "DEBUG",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_one_json_string() {
        for text in [
            "",
            "plain ä € 😀",
            "\"quoted\" \\ back",
            "\"\\\n\r\t\0\u{1f}\u{7f}",
            "\"",
            "a\n",
        ] {
            let mut line = String::new();
            quoted(&mut line, text).unwrap();
            let read: String = serde_json::from_str(&line).unwrap();
            assert_eq!(read, text, "{line}");
            assert!(!line.contains('\n'), "{line}");
        }
    }

    #[test]
    fn names_are_in_camel_case() {
        for (name, expected) in [
            ("message", "message"),
            ("account_id", "accountId"),
            ("delivery_attempt", "deliveryAttempt"),
            ("otel.status_code", "otelStatusCode"),
            ("a__b_", "aB"),
        ] {
            let mut written = String::new();
            camel_case(&mut written, name).unwrap();
            assert_eq!(written, expected);
        }
    }

    #[test]
    fn a_project_that_is_none_is_not_written() {
        let prefix = |project: &str| JsonLines::new(Some(project.to_owned())).prefix;
        assert_eq!(
            prefix("example.com:p-1"),
            "projects/example.com:p-1/traces/"
        );
        assert_eq!(prefix(""), "");
        assert_eq!(prefix("a\"b"), "");
    }
}
