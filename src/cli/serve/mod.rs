//! `laman serve`: opens the blog, serves it, and ends well.

mod accept;
mod body;
mod connection;
mod pace;
mod places;
mod pulse;
mod tend;
mod watch;

use std::{
    fs::File,
    io::{ErrorKind, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use sd_notify::NotifyState;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
    time::interval,
};
use url::Url;

pub use self::pace::Pace;
use super::{Failure, clock};
use crate::{
    app::App,
    config::Config,
    jobs,
    rules::{password, token},
    store::{Store, open_or_make},
    web::{self, Front, Keeping},
};

/// What the server bears from its clients before it cuts them off.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A client must send its request's head within this time.
    pub head: Duration,
    /// A request's head may be so large.
    pub head_bytes: usize,
    /// A connection on which nothing is asked any more is closed after this: later than proxies close theirs, so that none
    /// sends a request into a connection that is being closed.
    pub idle: Duration,
    /// The same, while places are short: whoever asks nothing must not keep others out.
    pub idle_when_short: Duration,
    /// A client must send its request's body at this pace.
    pub sending: Pace,
    /// A client must take its answers at this pace.
    pub taking: Pace,
    /// More connections than this wait in the system's queue.
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
            idle: Duration::from_secs(130),
            idle_when_short: Duration::from_secs(2),
            sending: Pace { bytes: 8 * 1024, time: Duration::from_secs(10) },
            taking: Pace { bytes: 16 * 1024, time: Duration::from_secs(20) },
            // Below the 1,024 files that a process may commonly open.
            connections: 900,
            connections_of_one: 64,
            grace: Duration::from_secs(10),
        }
    }
}

/// A connection that a stuck request still holds may keep the database from closing so long.
const CLOSING: Duration = Duration::from_secs(5);

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    // The port first: a second start must not touch the database of the first.
    let listener = accept::listen(config.listen).map_err(|error| match error.kind() {
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
    let app = App::new(store.clone(), clock(), &base, config.trusted_proxies, setup_code.clone(), config.mail);
    // The first sign-in must not take longer than the second; nor must the start.
    let hashing = app.clone();
    tokio::spawn(async move { hashing.hashing(password::nobodys_hash).await.map(drop) });
    let patience = Patience { connections: places::granted(), ..Patience::default() };
    let keeping = Keeping {
        cache_bytes: config.cache_size * 1024 * 1024,
        shared_seconds: config.cdn_max_age,
        stale_seconds: config.cdn_stale,
        max_upload: u64::from(config.max_upload) * 1024 * 1024,
        tag_header: config.cdn_tags,
    };
    let front = web::front(app, keeping);
    // Stops with the program.
    let _watched = match config.metrics {
        Some(address) => Some(serve_metrics(address, &front).await?),
        None => None,
    };
    // Whoever reads the address may stop the program at once.
    let mut stop = Stop::new().map_err(|error| Failure::Said(format!("cannot wait for signals: {error}")))?;
    say(&served_at, &base, setup_code.as_deref());
    let _watchdog = tell_systemd(&store);
    let stop = async || {
        stop.asked().await;
        let _ = sd_notify::notify(&[NotifyState::Stopping]);
    };
    serve(listener, front, patience, stop).await;
    if tokio::time::timeout(CLOSING, store.close()).await.is_err() {
        tracing::warn!("the database did not close in time; the next start takes its log in");
    }
    Ok(())
}

/// Says that the blog is served, and from then on that the program is not stuck, where systemd started it and wants to know.
fn tell_systemd(store: &Store) -> Option<JoinHandle<()>> {
    // Whoever started it otherwise is told nothing.
    let _ = sd_notify::notify(&[NotifyState::Ready]);
    let mut ticks = interval(sd_notify::watchdog_enabled()? / 3);
    let store = store.clone();
    Some(tokio::spawn(async move {
        loop {
            ticks.tick().await;
            // A refusal is an answer too: a full disk is not mended by a new start.
            let _ = store.settings().await;
            let _ = sd_notify::notify(&[NotifyState::Watchdog]);
        }
    }))
}

/// Serves the numbers for whoever watches, on an address of their own.
async fn serve_metrics(address: SocketAddr, front: &Front) -> Result<JoinHandle<()>, Failure> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Said(format!("cannot serve metrics on {address}: {error}")))?;
    let router = web::metrics(front.site().clone());
    Ok(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::warn!(%error, "metrics are not served any more");
        }
    }))
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
pub(super) fn lock(database: &Path) -> Result<File, Failure> {
    // By the file itself, whatever link leads to it.
    let mut path = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned()).into_os_string();
    path.push(".lock");
    let path = PathBuf::from(path);
    let file = open_or_make(&path, 0o666)
        .map_err(|error| Failure::Said(format!("cannot write beside {}: {error}", database.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Failure::Said(format!(
            "{} is being served by another laman already; stop that one first",
            database.display()
        ))),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(Failure::Said(format!("cannot lock {}: {error}", path.display())))
        }
    }
}

/// Serves until `stop` says so, then finishes what is under way; when `stop` says so again, at once.
pub async fn serve(listener: TcpListener, front: Front, patience: Patience, stop: impl AsyncFnMut()) {
    let trusted = front.site().app.trusted_proxies.clone();
    let tending = tokio::spawn(tend::tend(front.clone()));
    // A mail that is under way at the end is tried again by the next start, under the same name.
    let mailing = tokio::spawn(jobs::run(front.site().app.clone()));
    // So are a picture and a text.
    let picturing = tokio::spawn(jobs::pictures::run(front.site().app.clone()));
    accept::accept(listener, &trusted, patience, |peer| front.for_peer(peer), stop).await;
    tending.abort();
    mailing.abort();
    picturing.abort();
    if let Err(error) = front.site().app.tally().await {
        tracing::warn!(%error, "what was counted could not be written");
    }
}

/// SIGTERM, Ctrl-C, or the end of the terminal that it was started from.
pub(super) struct Stop {
    terminate: Signal,
    /// `None`: whoever started it wants it to outlive that (nohup).
    hangup: Option<Signal>,
    interrupt: Signal,
}

impl Stop {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) },
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub(super) async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            Some(()) = async { self.hangup.as_mut()?.recv().await } => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Whether this process was told to ignore SIGHUP, or it cannot be known.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // It is the first of the signals.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_none_or(|mask| mask & 1 == 1)
}
