//! One connection, from its first byte to its end: which HTTP is spoken, who answers, and when patience is over.

use std::{
    convert::Infallible,
    future::poll_fn,
    io,
    pin::pin,
    sync::Arc,
    task::{Poll, ready},
};

use axum::{
    body::Body,
    http::{Request, StatusCode, Version, header, uri::Authority},
    response::{IntoResponse, Response},
};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    Patience,
    body::{Answer, received},
    places::Mood,
    pulse::{Early, Pulse, Socket, UnderWay},
    watch::{Late, Watch},
};

/// How HTTP/2 begins (RFC 9113, 3.4); no method of HTTP/1 does.
const PREFACE: &[u8] = b"PRI ";
/// What HTTP/2 takes of an answer at once: more is not taken out of a page before the client has made room for it.
const PIECE: usize = 16 * 1024;
/// What may wait to be sent on one stream.
const SEND_BYTES: usize = 64 * 1024;
/// What may come of one body, and of all bodies of a connection, before they are read.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;

/// Serves one connection to its end. `streams`: how many requests it may have under way over HTTP/2.
pub async fn serve<S>(
    mut stream: TcpStream,
    service: S,
    streams: u32,
    mut mood: watch::Receiver<Mood>,
    patience: Patience,
) -> Result<(), axum::BoxError>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Send + 'static,
    S::Future: Send + 'static,
{
    let born = Instant::now();
    // Pages are written whole: waiting to fill a packet would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let early = tokio::select! {
        early = first_bytes(&mut stream) => early?,
        () = out_of_patience(&mut mood, born, patience) => return Ok(()),
    };
    let is_http2 = early.bytes() == PREFACE;
    let pulse = Arc::new(Pulse::default());
    let socket = TokioIo::new(Socket::new(stream, early, pulse.clone()));
    let watch = Watch::new(pulse.clone(), born, is_http2, patience);
    let piece = if is_http2 { PIECE } else { usize::MAX };
    let service = service_fn(move |request: Request<Incoming>| {
        let under_way = UnderWay::begin(&pulse);
        let answer =
            names_one_host(&request).then(|| service.call(request.map(|body| received(body, patience.sending))));
        async move {
            let response = match answer {
                Some(answer) => answer.await?,
                None => StatusCode::BAD_REQUEST.into_response(),
            };
            Ok::<_, Infallible>(response.map(|body| Answer::new(body, piece, under_way)))
        }
    });
    if is_http2 {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(streams)
            .max_header_list_size(u32::try_from(patience.head_bytes).unwrap_or(u32::MAX))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BYTES)
            .keep_alive_interval(patience.head)
            .keep_alive_timeout(patience.head)
            .serve_connection(socket, service);
        // Apart, so that the many of HTTP/1 do not carry its size.
        Box::pin(drive(connection, watch, mood)).await?;
    } else {
        let connection = http1::Builder::new()
            // The watch sees to it, without a timer for each request.
            .header_read_timeout(None)
            .max_buf_size(patience.head_bytes)
            .serve_connection(socket, service);
        drive(connection, watch, mood).await?;
    }
    Ok(())
}

/// Reads until it is clear which protocol is spoken.
async fn first_bytes(stream: &mut TcpStream) -> io::Result<Early> {
    let mut early = Early::default();
    loop {
        let read = stream.read(early.room()).await?;
        early.add(read);
        if read == 0 || early.bytes() == PREFACE || !PREFACE.starts_with(early.bytes()) {
            return Ok(early);
        }
    }
}

/// Ends when a client that has not said what it speaks should have.
async fn out_of_patience(mood: &mut watch::Receiver<Mood>, born: Instant, patience: Patience) {
    loop {
        let allowed = match *mood.borrow_and_update() {
            Mood::Calm => patience.head,
            Mood::Short => patience.head.min(patience.idle_when_short),
            Mood::Stopping => return,
        };
        tokio::select! {
            () = sleep_until(born + allowed) => return,
            changed = mood.changed() => if changed.is_err() { return },
        }
    }
}

/// RFC 9112, 3.2 and RFC 9113, 8.3.1: a request names one host. In HTTP/1.0 it need not, in HTTP/2 `:authority` names it.
fn names_one_host<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (request.version(), hosts.next(), hosts.next()) {
        (_, _, Some(_)) => false,
        (Version::HTTP_10, _, None) => true,
        (Version::HTTP_2, host, None) => match (request.uri().authority(), host) {
            (Some(authority), Some(host)) => Authority::try_from(host.as_bytes()).is_ok_and(|host| host == *authority),
            (authority, host) => authority.is_some() || host.is_some(),
        },
        (_, host, None) => host.is_some(),
    }
}

/// What happened to a connection.
enum Event {
    Ended(Result<(), hyper::Error>),
    Late(Late),
    Mood,
}

/// Drives a connection until it ends or its client has used up all patience.
async fn drive<C>(connection: C, mut watch: Watch, mut mood: watch::Receiver<Mood>) -> Result<(), hyper::Error>
where
    C: GracefulConnection<Error = hyper::Error>,
{
    let mut connection = pin!(connection);
    // The one timer of a connection. What it waits for moves away with each request: it is set anew when it goes off too
    // early, or when the client is waited for in another way, not each time.
    let mut sleep = pin!(sleep_until(Instant::now()));
    let (mut listening, mut armed) = (mood.clone(), None);
    // Whatever was said before this connection listened.
    mood.mark_changed();
    loop {
        let mut said = pin!(listening.changed());
        let mut is_listening = false;
        let event = poll_fn(|cx| {
            if let Poll::Ready(end) = connection.as_mut().poll(cx) {
                return Poll::Ready(Event::Ended(end));
            }
            // What has been polled once wakes this task by itself: a request pays for a look at it, not for a poll.
            if !is_listening && said.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Event::Mood);
            }
            is_listening = true;
            match mood.has_changed() {
                Ok(false) => {}
                Ok(true) => return Poll::Ready(Event::Mood),
                // Nobody is left to say anything.
                Err(_) => return Poll::Ready(Event::Ended(Ok(()))),
            }
            let phase = Some(watch.phase());
            if armed == phase && !sleep.is_elapsed() {
                return Poll::Pending;
            }
            armed = phase;
            loop {
                let now = Instant::now();
                let until = match watch.look(now) {
                    Ok(until) => until,
                    Err(late) => return Poll::Ready(Event::Late(late)),
                };
                if until < sleep.deadline() || sleep.deadline() <= now {
                    sleep.as_mut().reset(until);
                }
                ready!(sleep.as_mut().poll(cx));
            }
        })
        .await;
        // What comes of it may change how long to wait.
        armed = None;
        match event {
            Event::Ended(end) => return end,
            Event::Late(late) if watch.bids_farewell(Instant::now()) => {
                tracing::debug!(?late, "a connection is asked to end");
                connection.as_mut().graceful_shutdown();
            }
            Event::Late(late) => {
                tracing::debug!(?late, "a connection is cut off");
                return Ok(());
            }
            Event::Mood => {
                let said = *mood.borrow_and_update();
                watch.is_short = said == Mood::Short;
                if said == Mood::Stopping {
                    if watch.may_leave_at_once() {
                        return Ok(());
                    }
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}
