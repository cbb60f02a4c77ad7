//! Stands between a store and the emulator, and fails on request.

use std::net::SocketAddr;

use tokio::io::copy;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the proxy does with connections, also with those that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProxyMode {
    /// Forwards both ways.
    Up,
    /// Closes connections.
    Down,
    /// Leaves connections open and forwards nothing.
    Silent,
    /// Forwards questions, but no answers.
    Mute,
}

/// An address that refuses connections, kept from everybody else.
pub(crate) struct Refusing(TcpSocket);

/// A running proxy; it ends when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<ProxyMode>,
    accepted: watch::Receiver<usize>,
    accepting: JoinHandle<()>,
}

impl Refusing {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    pub(crate) fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// Forwards to the emulator from now on, under the same address.
    pub(crate) fn open(self, emulator: String) -> Proxy {
        let listener = self.0.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, modes) = watch::channel(ProxyMode::Up);
        let (count, accepted) = watch::channel(0);
        let accepting = accept(listener, emulator, modes, count);
        Proxy {
            address,
            mode,
            accepted,
            accepting: tokio::spawn(accepting),
        }
    }
}

impl Proxy {
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn set(&self, mode: ProxyMode) {
        self.mode.send_replace(mode);
    }

    /// How many connections were made so far.
    pub(crate) fn accepted(&self) -> usize {
        *self.accepted.borrow()
    }

    /// Waits until so many connections were made.
    pub(crate) async fn has_accepted(&self, count: usize) {
        let mut accepted = self.accepted.clone();
        accepted.wait_for(|so_far| *so_far >= count).await.unwrap();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    emulator: String,
    modes: watch::Receiver<ProxyMode>,
    accepted: watch::Sender<usize>,
) {
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        accepted.send_modify(|count| *count += 1);
        let upstream = TcpStream::connect(&emulator).await.unwrap();
        tokio::spawn(forward(connection, upstream, modes.clone()));
    }
}

/// Forwards until the mode says otherwise. Only a connection that is up goes on in another mode;
/// from there each change ends it.
async fn forward(
    mut connection: TcpStream,
    mut upstream: TcpStream,
    mut modes: watch::Receiver<ProxyMode>,
) {
    let (mut from, mut to) = connection.split();
    let (mut answers, mut questions) = upstream.split();
    let mut mode = *modes.borrow_and_update();
    if mode == ProxyMode::Up {
        tokio::select! {
            _ = copy(&mut from, &mut questions) => return,
            _ = copy(&mut answers, &mut to) => return,
            _ = modes.changed() => mode = *modes.borrow_and_update(),
        }
    }
    match mode {
        ProxyMode::Up | ProxyMode::Down => {}
        ProxyMode::Silent => drop(modes.changed().await),
        ProxyMode::Mute => tokio::select! {
            _ = copy(&mut from, &mut questions) => {}
            _ = modes.changed() => {}
        },
    }
}
