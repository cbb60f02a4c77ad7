//! TLS and HTTP/2 before the simulated Google, as Google speaks them: many calls share one connection.
//!
//! The function is told to trust this front's certificate, by `SSL_CERT_FILE`, and nothing else is different for it.

use std::error::Error;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use function_runtime::start;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use marketplace_simulator::Simulator;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// What OpenSSL makes the certificate from: of this address, and of no authority.
const REQUEST: &str = "[req]
distinguished_name = name
x509_extensions = address
prompt = no
[name]
CN = portico-bench
[address]
basicConstraints = critical, CA:FALSE
subjectAltName = IP:127.0.0.1
";

type Failed = Box<dyn Error + Send + Sync>;

/// Ends with its thread when it is dropped.
pub(crate) struct Front {
    folder: PathBuf,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Front {
    pub(crate) fn start(simulator: &Simulator) -> Result<Self, Box<dyn Error>> {
        start::install_crypto_provider();
        let folder = std::env::temp_dir().join(format!("portico-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let acceptor = acceptor(&folder)?;
        let behind = Behind {
            origin: simulator.origin(),
            client: reqwest::Client::builder().no_proxy().build()?,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, acceptor, behind) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self {
            folder,
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The variables of a function that finds Google behind this.
    pub(crate) fn variables(&self) -> [(&'static str, String); 2] {
        let certificate = certificate(&self.folder);
        [
            ("GOOGLE_ORIGIN", format!("https://{}", self.address)),
            ("SSL_CERT_FILE", certificate.display().to_string()),
        ]
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it was printed where it happened.
            _ = thread.join();
        }
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// The simulator, and how it is called.
#[derive(Clone)]
struct Behind {
    origin: String,
    client: reqwest::Client,
}

fn certificate(folder: &Path) -> PathBuf {
    folder.join("certificate.pem")
}

/// With a certificate that is made now. It speaks HTTP/2 only.
fn acceptor(folder: &Path) -> Result<TlsAcceptor, Box<dyn Error>> {
    let (request, key) = (folder.join("request.cnf"), folder.join("key.pem"));
    fs::write(&request, REQUEST)?;
    let mut openssl = Command::new("openssl");
    openssl
        .args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1", "-config"])
        .arg(&request)
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(certificate(folder))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if !openssl.status()?.success() {
        return Err("openssl made no certificate".into());
    }
    let certificate = CertificateDer::from_pem_file(certificate(folder))?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config = config.with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, behind: Behind) {
    // Only a listener that is broken stops accepting; the function's calls then fail, and say so.
    while let Ok((stream, _)) = listener.accept().await {
        let connection = connection(acceptor.clone(), stream, behind.clone());
        tokio::spawn(async move { _ = connection.await });
    }
}

async fn connection(acceptor: TlsAcceptor, stream: TcpStream, behind: Behind) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let stream = TokioIo::new(acceptor.accept(stream).await?);
    let service = service_fn(move |request| forward(behind.clone(), request));
    let serving = http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service);
    serving.await.map_err(io::Error::other)
}

/// Over HTTP/1.1, which is all that the simulator speaks.
async fn forward(
    behind: Behind,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Failed> {
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let url = format!("{}{path}", behind.origin);
    parts.headers.remove(HOST);
    parts.headers.remove(CONTENT_LENGTH);
    let call = behind.client.request(parts.method, url);
    let mut answer = call.headers(parts.headers).body(body).send().await?;
    let (status, mut headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    for of_connection in [CONNECTION, TRANSFER_ENCODING, CONTENT_LENGTH] {
        headers.remove(of_connection);
    }
    let mut response = Response::new(Full::new(answer.bytes().await?));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
