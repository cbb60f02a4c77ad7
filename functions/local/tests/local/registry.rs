//! A registry of images, as far as a push goes: tokens as Google's Artifact Registry gives them, and the distribution
//! specification's uploads in one piece.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, HeaderName, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const TOKEN: &str = "ya29.of-the-operator";

/// `oauth2accesstoken` and that token, as a client shows them to be given a token for one repository.
const BASIC: &str = "Basic b2F1dGgyYWNjZXNzdG9rZW46eWEyOS5vZi10aGUtb3BlcmF0b3I=";

/// The token for one repository.
const BEARER: &str = "Bearer for-this-repository";

/// A registry whose repositories begin with `vendor/portico/`.
pub(crate) struct Registry {
    /// Host and port.
    pub(crate) host: String,
    state: Arc<Mutex<RegistryState>>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct RegistryState {
    /// What the next request for a repository is answered instead.
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
    let header = |name: HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|it: &HeaderValue| it.to_str().ok())
    };
    let host = header(HOST).unwrap_or_default();
    Ok(match (path.as_str(), header(AUTHORIZATION)) {
        ("/v2/token", Some(BASIC)) => token(),
        ("/v2/", Some(BEARER)) => status(StatusCode::OK),
        (path, Some(BEARER)) => {
            let (code, location) = match state.fault.take() {
                Some(fault) => (fault, None),
                None => state.accept(&parts.method, path, parts.uri.query(), body),
            };
            let mut response = status(code);
            if let Some(location) = location {
                let location = location.parse().expect("a header's value");
                response.headers_mut().insert(LOCATION, location);
            }
            response
        }
        _ => challenge(host),
    })
}

fn status(code: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = code;
    response
}

fn token() -> Response<Full<Bytes>> {
    let token = BEARER.strip_prefix("Bearer ").expect("its scheme");
    Response::new(Full::from(format!("{{\"token\": \"{token}\"}}")))
}

/// Says where a token is given.
fn challenge(host: &str) -> Response<Full<Bytes>> {
    let mut response = status(StatusCode::UNAUTHORIZED);
    let realm = format!("Bearer realm=\"http://{host}/v2/token\",service=\"{host}\"");
    let realm = realm.parse().expect("a header's value");
    response.headers_mut().insert(WWW_AUTHENTICATE, realm);
    response
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
            Some(format!(
                "/v2/vendor/portico/{repository}/blobs/uploads/{number}?state=a"
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
                let fields = query.unwrap_or_default().split('&');
                let mut digests = fields.filter_map(|field| field.strip_prefix("digest="));
                let digest = digests.next().expect("a digest").replace("%3A", ":");
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
