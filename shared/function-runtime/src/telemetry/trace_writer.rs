//! The three trace keys, which `tracing-stackdriver` cannot write: it turns every field name into
//! camelCase, and writes traces of its own only with an old OpenTelemetry.

use std::io::{self, Write};

use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use super::trace_context::{TraceContext, with_current};

/// Puts the trace of the current request at the beginning of every JSON object that is written.
pub(super) struct TraceWriter<M> {
    inner: M,
    /// What stands before the trace id: `projects/PROJECT/traces/`, or nothing.
    prefix: String,
}

impl<M> TraceWriter<M> {
    pub(super) fn new(inner: M, project: Option<String>) -> Self {
        let safe = |project: &String| {
            !project.is_empty()
                && project
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':'))
        };
        let prefix = project
            .filter(safe)
            .map_or_else(String::new, |project| format!("projects/{project}/traces/"));
        Self { inner, prefix }
    }

    fn line<W>(&self, writer: W) -> TraceLine<W> {
        TraceLine {
            writer,
            fields: with_current(|trace| fields(&self.prefix, trace)),
        }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for TraceWriter<M> {
    type Writer = TraceLine<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        self.line(self.inner.make_writer())
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        self.line(self.inner.make_writer_for(meta))
    }
}

/// The members that go in front, each with its comma. Nothing in them needs escaping.
fn fields(prefix: &str, context: &TraceContext) -> String {
    let TraceContext {
        trace,
        span,
        sampled,
    } = context;
    let span = span
        .as_ref()
        .map(|span| format!(r#""logging.googleapis.com/spanId":"{span}","#))
        .unwrap_or_default();
    format!(
        r#""logging.googleapis.com/trace":"{prefix}{trace}",{span}"logging.googleapis.com/trace_sampled":{sampled},"#
    )
}

/// Writes one line.
pub(super) struct TraceLine<W> {
    writer: W,
    fields: Option<String>,
}

impl<W: Write> Write for TraceLine<W> {
    /// A whole line arrives in one call: the formatting layer fills a buffer first.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match (self.fields.take(), line.split_first()) {
            (Some(fields), Some((b'{', rest))) => {
                let mut whole = Vec::with_capacity(1 + fields.len() + rest.len());
                whole.push(b'{');
                whole.extend_from_slice(fields.as_bytes());
                whole.extend_from_slice(rest);
                self.writer.write_all(&whole)?;
                Ok(line.len())
            }
            _ => self.writer.write(line),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
