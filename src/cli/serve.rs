//! `laman serve`: opens the blog, serves it, and ends well.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use url::Url;

use super::{Failure, clock};
use crate::{
    app::App,
    config::Config,
    limits,
    rules::{password, token},
    store::Store,
    web,
};

/// What the server bears from its clients before it cuts them off.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A client must send its request's head within this time; an idle connection is closed after it.
    pub head: Duration,
    /// A request's head may be so large.
    pub head_bytes: usize,
    /// A client that takes nothing of its answer for so long is cut off.
    pub write_pause: Duration,
    /// More connections than this wait in the system's queue. Below the 1,024 files that a process may commonly open.
    pub connections: usize,
    /// So many connections from one network of the public internet; a proxy's address is private, or trusted.
    pub connections_of_one: usize,
    /// What is under way at the end gets so long.
    pub grace: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            head_bytes: 16 * 1024,
            write_pause: Duration::from_secs(20),
            connections: 900,
            connections_of_one: 64,
            grace: Duration::from_secs(10),
        }
    }
}

/// A connection that a stuck request still holds may keep the database from closing so long.
const CLOSING: Duration = Duration::from_secs(5);
/// How often the query planner may look at what has grown.
const TIDY: Duration = Duration::from_secs(3600);

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    // The port first: a second start must not touch the database of the first.
    let listener = TcpListener::bind(config.listen).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::Said(format!(
            "{} is in use by another program; choose another address with --listen",
            config.listen
        )),
        _ => Failure::Said(format!("cannot listen on {}: {error}", config.listen)),
    })?;
    let address = listener.local_addr().map_err(|error| Failure::Said(error.to_string()))?;
    // Nor may a file that is not ours get a lock beside it.
    Store::check(&config.database).await?;
    let _lock = lock(&config.database)?;
    let store = Store::open(&config.database).await?;
    let setup_code = match store.has_sign_in().await? {
        true => None,
        false => Some(match config.setup_code {
            Some(code) => code,
            None => token::new().map_err(|error| Failure::Said(error.to_string()))?[..32].to_owned(),
        }),
    };
    let served_at = Url::parse(&format!("http://{address}")).map_err(|error| Failure::Said(error.to_string()))?;
    let base = match config.public_url {
        Some(public) => public,
        None => {
            if !address.ip().is_loopback() {
                tracing::warn!("no --public-url is given: links in feeds and for sharing will name {served_at}");
            }
            served_at.clone()
        }
    };
    let app = App::new(store.clone(), clock(), &base, config.trusted_proxies, setup_code.clone());
    // The first sign-in must not take longer than the second.
    app.hashing(password::nobodys_hash).await?;

    // Whoever reads the address may stop the program at once.
    let mut stop = Stop::new().map_err(|error| Failure::Said(format!("cannot wait for signals: {error}")))?;
    say(&served_at, &base, setup_code.as_deref());
    serve(listener, app, Patience::default(), async || stop.asked().await).await;
    if tokio::time::timeout(CLOSING, store.close()).await.is_err() {
        tracing::warn!("the database did not close in time; the next start takes its log in");
    }
    Ok(())
}

/// Where to click. The first line is for programs: it always has this form.
fn say(served_at: &Url, base: &Url, setup_code: Option<&str>) {
    let mut out = std::io::stdout().lock();
    let served_at = served_at.as_str().trim_end_matches('/');
    let base = base.as_str().trim_end_matches('/');
    // Nobody may be reading; the blog is served all the same.
    let _ = writeln!(out, "listening on {served_at}");
    let _ = match setup_code {
        Some(code) => writeln!(out, "set up your blog: {base}/setup/{code}"),
        None => writeln!(out, "read {base}/ and write at {base}/admin"),
    };
    let _ = out.flush();
}

/// Held while serving: two servers on one database would not see each other's limits and sessions' ends.
/// A file beside the database, since closing any handle on the database itself would drop SQLite's own locks.
fn lock(database: &Path) -> Result<File, Failure> {
    // By the file itself, whatever link leads to it.
    let mut path = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned()).into_os_string();
    path.push(".lock");
    let path = PathBuf::from(path);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| Failure::Said(format!("cannot write beside {}: {error}", database.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(Failure::Said(format!("{} is being served by another laman already", database.display())))
        }
        Err(std::fs::TryLockError::Error(error)) => {
            Err(Failure::Said(format!("cannot lock {}: {error}", path.display())))
        }
    }
}

/// Serves until `stop` says so, then finishes what is under way; when `stop` says so again, at once.
pub async fn serve(listener: TcpListener, app: Arc<App>, patience: Patience, mut stop: impl AsyncFnMut()) {
    let store = app.store.clone();
    let trusted = app.trusted_proxies.clone();
    let front = web::front(app, web::Keeping::default());
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(patience.connections));
    let mut tidy = tokio::time::interval(TIDY);
    let crowd = limits::Crowd::default();
    loop {
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place,
            () = stop() => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop() => break,
            _ = tidy.tick() => {
                if let Err(error) = store.optimize().await {
                    tracing::warn!(%error, "the database could not be tidied");
                }
                continue;
            }
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file handles, or the client is gone: a pause lets others finish.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // A proxy speaks for many; anybody else for a few browsers.
        let seat = if limits::is_public(peer.ip()) && !trusted.iter().any(|network| network.contains(&peer.ip())) {
            let Some(seat) = crowd.enter(limits::network_of(peer.ip()), patience.connections_of_one) else { continue };
            Some(seat)
        } else {
            None
        };
        let connection = connection(stream, front.for_peer(peer), patience);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _places = (place, seat);
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "a connection broke");
            }
        });
    }
    drop(listener);
    tracing::info!("stopping: finishing what is under way");
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(patience.grace) => tracing::warn!("some requests took too long and were cut off"),
        () = stop() => tracing::warn!("asked again: stopping at once"),
    }
}

/// HTTP/1.1 only: in front of the public stands a proxy, which speaks the rest.
fn connection(
    stream: TcpStream,
    service: web::Front,
    patience: Patience,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    // Pages are written whole: waiting to fill a packet would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.write_pause));
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(patience.head_bytes)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

/// SIGTERM, or Ctrl-C.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
