//! The whole blog as an archive, made while it goes out.

use std::{
    io::{self, BufWriter, Write},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use tokio::sync::mpsc;

use crate::{
    app::App,
    archive::out::{self, WAITING, Wish},
    error::{Error, Result},
    model::queue::By,
    web::{auth::Owner, kept::Streamed},
};

/// Bytes that go out at once.
const PIECE: usize = 64 * 1024;

/// POST /admin/export
pub async fn create(State(app): State<Arc<App>>, Owner(a): Owner) -> Result<Response> {
    let turn = app.export_turn()?;
    let now = a.l.now;
    app.store.note_export(By { user: Some(a.user.id), now }).await?;
    let (pieces, waiting) = mpsc::channel(WAITING);
    let (bytes, body) = mpsc::channel(WAITING);
    let to = BufWriter::with_capacity(PIECE, Taken(bytes.clone()));
    let writing = tokio::task::spawn_blocking(move || out::write_zip(to, waiting));
    let store = app.store.clone();
    tokio::spawn(async move {
        let packed = out::pack(&store, Wish { has_revisions: true, now }, &pieces, |_, _| {}).await;
        drop(pieces);
        let written = writing.await;
        if let Err(error) = packed {
            tracing::warn!(%error, "an archive was not finished");
        }
        // Whoever takes it must see that it is cut off.
        if !matches!(written, Ok(Ok(()))) {
            let _ = bytes.send(Err(Error::Internal("the archive was not finished".to_owned()))).await;
        }
        drop(turn);
    });
    let name = format!("attachment; filename=\"laman-{}.zip\"", now.in_zone(&a.l.settings.zone).strftime("%Y-%m-%d"));
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Streamed, Body::new(Going(body))).into_response())
}

/// Some of it, or that there will be no more.
type Sent = Result<Bytes, Error>;

/// What the zip is written to: it waits until the client has taken what came before.
struct Taken(mpsc::Sender<Sent>);

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Going(mpsc::Receiver<Sent>);

impl hyper::body::Body for Going {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|bytes| bytes.map(Frame::data)))
    }
}
