//! Stands between the function and the Firestore emulator, and closes on request.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

use crate::emulator;

/// An address that refuses connections, kept from everybody else.
pub(crate) struct Closed(TcpSocket);

/// An address that leads to the emulator while it is open. It ends with the test's runtime.
pub(crate) struct Tunnel {
    pub(crate) address: SocketAddr,
    open: watch::Sender<bool>,
}

impl Closed {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    /// Leads to the emulator from now on, under the same address.
    pub(crate) fn open(self) -> Tunnel {
        let listener = self.0.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let (open, state) = watch::channel(true);
        tokio::spawn(accept(listener, state));
        Tunnel { address, open }
    }
}

impl Tunnel {
    /// Closes every connection, and each new one at once.
    pub(crate) fn close(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }
}

async fn accept(listener: TcpListener, state: watch::Receiver<bool>) {
    while let Ok((connection, _)) = listener.accept().await {
        if *state.borrow() {
            tokio::spawn(forward(connection, state.clone()));
        }
    }
}

async fn forward(mut connection: TcpStream, mut state: watch::Receiver<bool>) {
    let mut emulator = TcpStream::connect(emulator::host()).await.unwrap();
    tokio::select! {
        _ = copy_bidirectional(&mut connection, &mut emulator) => {}
        _ = state.wait_for(|open| !open) => {}
    }
}
