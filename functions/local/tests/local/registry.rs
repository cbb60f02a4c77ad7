//! A registry of images, as far as a push goes: the distribution specification's uploads in one piece.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, LOCATION};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const TOKEN: &str = "ya29.of-the-operator";

/// A registry whose repositories begin with `vendor/portico/`.
pub(crate) struct Registry {
    /// Host and port.
    pub(crate) host: String,
    state: Arc<Mutex<RegistryState>>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct RegistryState {
    /// Where uploads are sent instead of here.
    elsewhere: Option<String>,
    /// What every request is answered.
    refusal: Option<StatusCode>,
    /// What the next request is answered instead.
    fault: Option<StatusCode>,
    /// Bytes that have come, until their digest is sent.
    upload: Bytes,
    blobs: BTreeMap<String, Bytes>,
    manifests: BTreeMap<String, Bytes>,
    requests: Vec<String>,
}

impl Registry {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let state = Arc::default();
        let shared = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("somebody connects");
                let state = Arc::clone(&shared);
                let answer = service_fn(move |request| answer(Arc::clone(&state), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
        Self {
            host: address.to_string(),
            state,
            accepting,
        }
    }

    /// Sends uploads to this origin.
    pub(crate) fn send_elsewhere(&self, origin: &str) {
        self.look(|state| state.elsewhere = Some(origin.to_owned()));
    }

    /// Answers this from now on, as where the caller may read and not write.
    pub(crate) fn refuse(&self, status: StatusCode) {
        self.look(|state| state.refusal = Some(status));
    }

    /// Answers this once.
    pub(crate) fn fail_next(&self, status: StatusCode) {
        self.look(|state| state.fault = Some(status));
    }

    /// Methods and paths, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.look(|state| state.requests.clone())
    }

    /// `REPOSITORY:TAG`, such as `signup:v1` → manifest.
    pub(crate) fn manifests(&self) -> BTreeMap<String, Bytes> {
        self.look(|state| state.manifests.clone())
    }

    /// Digest → content, of all repositories.
    pub(crate) fn blobs(&self) -> BTreeMap<String, Bytes> {
        let of = |(name, content): (&String, &Bytes)| {
            let (_, digest) = name.split_once('@').expect("repository and digest");
            (digest.to_owned(), content.clone())
        };
        self.look(|state| state.blobs.iter().map(of).collect())
    }

    fn look<T>(&self, look: impl FnOnce(&mut RegistryState) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn answer(
    state: Arc<Mutex<RegistryState>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let path = parts.uri.path().to_owned();
    state.requests.push(format!("{} {path}", parts.method));
    let authorized = parts.headers.get(AUTHORIZATION);
    let (status, location) = match authorized.and_then(|value| value.to_str().ok()) {
        Some(token) if token == format!("Bearer {TOKEN}") => {
            match state.fault.take().or(state.refusal) {
                Some(status) => (status, None),
                None => state.accept(&parts.method, &path, parts.uri.query(), body),
            }
        }
        _ => (StatusCode::UNAUTHORIZED, None),
    };
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    if let Some(location) = location {
        let location = location.parse().expect("a header's value");
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

impl RegistryState {
    fn accept(
        &mut self,
        method: &Method,
        path: &str,
        query: Option<&str>,
        body: Bytes,
    ) -> (StatusCode, Option<String>) {
        let path = path.strip_prefix("/v2/vendor/portico/").unwrap_or_default();
        let (repository, path) = path.split_once('/').unwrap_or_default();
        let parts: Vec<_> = path.split('/').collect();
        let next = |number: u8| {
            let origin = self.elsewhere.clone().unwrap_or_default();
            Some(format!(
                "{origin}/v2/vendor/portico/{repository}/blobs/uploads/{number}?state=a"
            ))
        };
        match (method.as_str(), parts.as_slice()) {
            ("HEAD", ["blobs", digest])
                if self.blobs.contains_key(&format!("{repository}@{digest}")) =>
            {
                (StatusCode::OK, None)
            }
            ("POST", ["blobs", "uploads", ""]) => (StatusCode::ACCEPTED, next(1)),
            ("PATCH", ["blobs", "uploads", "1"]) => {
                let location = next(2);
                self.upload = body;
                (StatusCode::ACCEPTED, location)
            }
            ("PUT", ["blobs", "uploads", "2"]) => {
                let digest = query.and_then(|query| query.strip_prefix("state=a&digest="));
                let digest = digest.expect("a digest");
                let content = std::mem::take(&mut self.upload);
                self.blobs.insert(format!("{repository}@{digest}"), content);
                (StatusCode::CREATED, None)
            }
            ("PUT", ["manifests", reference]) => {
                self.manifests
                    .insert(format!("{repository}:{reference}"), body);
                (StatusCode::CREATED, None)
            }
            _ => (StatusCode::NOT_FOUND, None),
        }
    }
}
