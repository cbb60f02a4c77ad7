//! A server that speaks TLS with a certificate that no authority has signed.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use function_runtime::start;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

/// For `localhost` and a hundred years, signed by itself.
const CERTIFICATE: &[u8] = include_bytes!("stranger/certificate.pem");
const KEY: &[u8] = include_bytes!("stranger/key.pem");

/// Starts it on a free port, for as long as the tests run: its origin, and what became of each
/// connection.
pub(crate) fn start() -> (String, Receiver<String>) {
    start::install_crypto_provider();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let config = Arc::new(config());
    let (say, said) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("somebody connects");
            let mut connection =
                ServerConnection::new(Arc::clone(&config)).expect("the configuration is good");
            let ended = connection.complete_io(&mut stream);
            // Where nobody asks any more there is nobody to tell.
            _ = say.send(format!("{ended:?}"));
        }
    });
    (format!("https://localhost:{port}"), said)
}

fn config() -> ServerConfig {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("the key is the certificate's")
}
