//! Stands between the function and the Firestore emulator, and counts what is asked.
//!
//! It reads the frames of HTTP/2 (RFC 9113, section 4.1) as they pass: a call begins with a HEADERS
//! frame of the client and ends with the server's `END_STREAM`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use function_tests::emulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const END_STREAM: u8 = 1;
const PREFACE: usize = 24;

/// The way to the emulator. It ends with the test's runtime.
pub(crate) struct Wiretap {
    pub(crate) address: SocketAddr,
    counted: Arc<Mutex<Counted>>,
}

/// What was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) calls: usize,
    /// Calls that were under way at the same time are one round trip.
    pub(crate) round_trips: usize,
}

#[derive(Default)]
struct Counted {
    cost: Cost,
    open: BTreeSet<(u16, u32)>,
}

/// Who sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

impl Cost {
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            calls: self.calls - before.calls,
            round_trips: self.round_trips - before.round_trips,
        }
    }
}

impl Wiretap {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counted = Arc::<Mutex<Counted>>::default();
        tokio::spawn(accept(listener, Arc::clone(&counted)));
        Self { address, counted }
    }

    /// What has been asked so far.
    pub(crate) fn cost(&self) -> Cost {
        self.counted.lock().unwrap().cost
    }
}

async fn accept(listener: TcpListener, counted: Arc<Mutex<Counted>>) {
    while let Ok((connection, from)) = listener.accept().await {
        let emulator = TcpStream::connect(emulator::host()).await.unwrap();
        let (client_read, client_write) = connection.into_split();
        let (server_read, server_write) = emulator.into_split();
        let port = from.port();
        let saw = |side| {
            let counted = Arc::clone(&counted);
            move |frame, stream| counted.lock().unwrap().frame((port, stream), side, frame)
        };
        let asked = Way {
            from: client_read,
            to: server_write,
        };
        tokio::spawn(asked.pass(PREFACE, saw(Side::Client)));
        let answered = Way {
            from: server_read,
            to: client_write,
        };
        tokio::spawn(answered.pass(0, saw(Side::Server)));
    }
}

impl Counted {
    fn frame(&mut self, stream: (u16, u32), side: Side, frame: Frame) {
        if side == Side::Client && frame.kind == HEADERS {
            self.cost.calls += 1;
            self.cost.round_trips += usize::from(self.open.is_empty());
            self.open.insert(stream);
        }
        let ends = matches!(frame.kind, DATA | HEADERS) && frame.flags & END_STREAM != 0;
        if side == Side::Server && ends {
            self.open.remove(&stream);
        }
    }
}

/// What a frame's head says of it.
#[derive(Clone, Copy)]
struct Frame {
    kind: u8,
    flags: u8,
}

/// One direction of a connection.
struct Way {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
}

impl Way {
    /// Passes bytes on, and shows each frame's type, flags and stream before it goes.
    async fn pass(mut self, preface: usize, saw: impl Fn(Frame, u32)) {
        let mut unread = Vec::new();
        let mut buffer = [0; 16 * 1024];
        let mut skip = preface;
        while let Ok(count @ 1..) = self.from.read(&mut buffer).await {
            unread.extend_from_slice(&buffer[..count]);
            while unread.len() >= skip + 9 {
                let head = &unread[skip..skip + 9];
                let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
                let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
                let (kind, flags) = (head[3], head[4]);
                saw(Frame { kind, flags }, stream);
                unread.drain(..skip + 9);
                skip = usize::try_from(length).unwrap();
            }
            if self.to.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    }
}
