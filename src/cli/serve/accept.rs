//! Takes connections, as many as there are places, until told to stop; then lets those that are open finish.

use std::{
    convert::Infallible,
    io::{self, ErrorKind},
    net::SocketAddr,
    time::Duration,
};

use axum::{body::Body, http::Request, response::Response};
use hyper::service::Service;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpSocket};

use super::{Patience, connection, places::Places};
use crate::{limits, rules::network::network_of};

/// So many connections may wait in the system's queue while all places are taken. The system may allow fewer.
const BACKLOG: u32 = 4096;
/// When the system has no file for a connection, one may have been closed after this.
const PAUSE: Duration = Duration::from_millis(100);
/// Requests under way on one connection over HTTP/2: of a proxy, which speaks for many …
const STREAMS: u32 = 100;
/// … and of anybody else, who is to get no more by way of it than by a few connections.
const STREAMS_OF_ONE: u32 = 2;

/// A listener at an address.
///
/// # Errors
/// Those of the system: the address is in use, or not ours.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of the last run that linger must not keep the next from starting.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves with what `for_peer` gives for each client, until `stop` says so, then finishes what is under way; when `stop`
/// says so again, at once.
pub async fn accept<S>(
    listener: TcpListener,
    trusted: &[IpNet],
    patience: Patience,
    for_peer: impl Fn(SocketAddr) -> S,
    mut stop: impl AsyncFnMut(),
) where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Send + 'static,
    S::Future: Send + 'static,
{
    let places = Places::new(patience.connections);
    let crowd = limits::Crowd::default();
    loop {
        let place = tokio::select! {
            place = places.take() => place,
            () = stop() => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_of_one(&error) => {
                tracing::debug!(%error, "a client was gone before it was greeted");
                continue;
            }
            Err(error) => {
                // Said once: it may take a while, and a full disk of logs would help nobody.
                if places.note_out_of_files(true) {
                    tracing::warn!(%error, "no further connections can be taken; those that ask nothing are closed");
                }
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => continue,
                    () = stop() => break,
                }
            }
        };
        if places.note_out_of_files(false) {
            tracing::info!("connections are taken again");
        }
        // A proxy speaks for many; anybody else for a few browsers.
        let is_anybody = limits::is_public(peer.ip()) && !trusted.iter().any(|network| network.contains(&peer.ip()));
        let seat = if is_anybody {
            let Some(seat) = crowd.enter(network_of(peer.ip()), patience.connections_of_one) else { continue };
            Some(seat)
        } else {
            None
        };
        let streams = if is_anybody { STREAMS_OF_ONE } else { STREAMS };
        let connection = connection::serve(stream, for_peer(peer), streams, places.mood(), patience);
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
        () = places.stop() => {}
        () = tokio::time::sleep(patience.grace) => tracing::warn!("some requests took too long and were cut off"),
        () = stop() => tracing::warn!("asked again: stopping at once"),
    }
}

/// Whether an error is about one client, and not about the system's means.
fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::Interrupted
    )
}
