//! The whole blog to take away: as what, and the file, made while it goes out.

use std::{
    io::{self, BufWriter, Write},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use askama::Template;
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
    archive::{
        self, Format,
        out::{self, WAITING},
    },
    error::{Error, Result},
    model::queue::By,
    web::{
        auth::{AdminFrame, Owner},
        form::Fields,
        kept::Streamed,
        layout::html,
    },
};

/// Bytes that go out at once.
const PIECE: usize = 64 * 1024;

/// What is offered: a word for each, and what it is.
const OFFERED: [(&str, Format); 3] = [
    ("archive", Format::Archive { has_revisions: true }),
    ("wordpress", Format::WordPress),
    ("tables", Format::Tables),
];

#[derive(Template)]
#[template(path = "admin/export.html")]
struct Page {
    a: AdminFrame,
}

/// GET /admin/export
pub async fn show(Owner(a): Owner) -> Result<Response> {
    Ok(html(&Page { a })?.into_response())
}

/// POST /admin/export
pub async fn create(State(app): State<Arc<App>>, Owner(a): Owner, fields: Fields) -> Result<Response> {
    let (word, format) = OFFERED
        .into_iter()
        .find(|(word, _)| *word == fields.raw("format"))
        .ok_or(Error::BadRequest("no such export"))?;
    let turn = app.export_turn()?;
    let now = a.l.now;
    let is_zip = format != Format::WordPress;
    let (ending, kind) = if is_zip { ("zip", "application/zip") } else { ("xml", "application/xml") };
    let name = format!("laman-{word}-{}.{ending}", now.in_zone(&a.l.settings.zone).strftime("%Y-%m-%d"));
    app.store.note_export(&name, By { user: Some(a.user.id), now }).await?;
    let (pieces, waiting) = mpsc::channel(WAITING);
    let (bytes, body) = mpsc::channel(WAITING);
    let to = BufWriter::with_capacity(PIECE, Taken(bytes.clone()));
    let writing = tokio::task::spawn_blocking(move || out::write_to(to, is_zip, waiting));
    tokio::spawn(async move {
        let packed = archive::pack(&app.store, &app.base, format, now, &pieces, |_, _| {}).await;
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
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
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
