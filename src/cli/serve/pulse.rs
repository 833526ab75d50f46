//! What goes on in a connection: noted where it happens, at the price of a counter, and read by whoever watches over it.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// The counters of one connection. Each stands for itself, so no order among them is needed.
#[derive(Default)]
pub struct Pulse {
    asked: AtomicU64,
    under_way: AtomicUsize,
    sending: AtomicUsize,
    handed: AtomicU64,
    written: AtomicU64,
    heard: AtomicBool,
    blocked: AtomicBool,
}

/// What a [`Pulse`] said at one time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Requests so far.
    pub asked: u64,
    /// Requests whose answer has not been handed over whole.
    pub under_way: usize,
    /// Those of them whose answer is being handed over.
    pub sending: usize,
    /// Bytes of answers handed to the protocol, which takes them as the client makes room.
    pub handed: u64,
    /// Bytes that the system has taken.
    pub written: u64,
    /// Whether something came since the last request's head or answer: the next head, in part.
    pub heard: bool,
    /// Whether there is something to send that the system does not take.
    pub blocked: bool,
}

impl Pulse {
    /// Reads the counters.
    pub fn see(&self) -> Seen {
        Seen {
            asked: self.asked.load(Relaxed),
            under_way: self.under_way.load(Relaxed),
            sending: self.sending.load(Relaxed),
            handed: self.handed.load(Relaxed),
            written: self.written.load(Relaxed),
            heard: self.heard.load(Relaxed),
            blocked: self.blocked.load(Relaxed),
        }
    }

    /// Something came.
    pub fn note_heard(&self) {
        self.heard.store(true, Relaxed);
    }

    /// The system took so many bytes.
    pub fn note_written(&self, bytes: u64) {
        self.written.fetch_add(bytes, Relaxed);
    }

    /// The system did not take what there was to send, or has taken all of it.
    pub fn note_blocked(&self, is_blocked: bool) {
        self.blocked.store(is_blocked, Relaxed);
    }

    fn note(&self, written: &Poll<io::Result<usize>>) {
        match written {
            Poll::Ready(Ok(bytes)) => self.note_written(*bytes as u64),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.note_blocked(true),
        }
    }
}

/// A request, from its head until its answer has been handed over or dropped.
pub struct UnderWay {
    pulse: Arc<Pulse>,
    is_sent: bool,
}

impl UnderWay {
    /// A request has come.
    pub fn begin(pulse: &Arc<Pulse>) -> Self {
        pulse.asked.fetch_add(1, Relaxed);
        pulse.under_way.fetch_add(1, Relaxed);
        pulse.heard.store(false, Relaxed);
        Self { pulse: pulse.clone(), is_sent: false }
    }

    /// From now on its answer is handed over.
    pub fn send(&mut self) {
        self.is_sent = true;
        self.pulse.sending.fetch_add(1, Relaxed);
    }

    /// So much of it has been.
    pub fn hand(&self, bytes: usize) {
        self.pulse.handed.fetch_add(bytes as u64, Relaxed);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.is_sent {
            self.pulse.sending.fetch_sub(1, Relaxed);
        }
        // What has been heard meanwhile was the request's body.
        self.pulse.heard.store(false, Relaxed);
        self.pulse.under_way.fetch_sub(1, Relaxed);
    }
}

/// A socket whose first bytes have been read to learn the protocol, and will be read again.
pub struct Socket {
    stream: TcpStream,
    early: Early,
    pulse: Arc<Pulse>,
}

impl Socket {
    /// `early` comes before what `stream` still has.
    pub fn new(stream: TcpStream, early: Early, pulse: Arc<Pulse>) -> Self {
        pulse.note_heard();
        Self { stream, early, pulse }
    }
}

/// The first bytes of a connection.
#[derive(Default)]
pub struct Early {
    bytes: [u8; 4],
    length: usize,
}

impl Early {
    /// What has come so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Where the next bytes go, and how many there is room for.
    pub fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[self.length..]
    }

    /// So many have been put there.
    pub fn add(&mut self, bytes: usize) {
        self.length = (self.length + bytes).min(self.bytes.len());
    }

    fn take(&mut self, buffer: &mut ReadBuf<'_>) {
        let taken = self.length.min(buffer.remaining());
        buffer.put_slice(&self.bytes[..taken]);
        self.bytes.copy_within(taken.., 0);
        self.length -= taken;
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { stream, early, pulse } = self.get_mut();
        if early.length > 0 {
            early.take(buffer);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            pulse.note_heard();
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Self { stream, pulse, .. } = self.get_mut();
        let written = Pin::new(stream).poll_write(cx, bytes);
        pulse.note(&written);
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, pulse, .. } = self.get_mut();
        let written = Pin::new(stream).poll_write_vectored(cx, slices);
        pulse.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked for when all has been written.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, pulse, .. } = self.get_mut();
        pulse.note_blocked(false);
        Pin::new(stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
