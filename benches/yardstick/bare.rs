//! The most that axum can give: one page held in memory, sent by a handler that does nothing else.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    handler::HandlerWithoutStateExt,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
    serve::ListenerExt,
};

use super::Result;

/// Written by the server itself, or about one connection.
const NOT_COPIED: [HeaderName; 4] =
    [header::DATE, header::CONTENT_LENGTH, header::CONNECTION, header::TRANSFER_ENCODING];

struct Kept {
    tag: HeaderValue,
    headers: HeaderMap,
    headers_304: HeaderMap,
    body: Bytes,
}

impl Kept {
    /// Asks the blog for the page, and for its 304.
    fn fetch(url: &str) -> Result<Self> {
        let mut page = ureq::get(url).header("accept-encoding", "br").call()?;
        if page.headers().get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding != "br") {
            return Err(format!("{url} does not come in br").into());
        }
        let tag = page.headers().get(header::ETAG).ok_or_else(|| format!("{url} has no ETag"))?.clone();
        let not_modified = ureq::get(url).header("accept-encoding", "br").header("if-none-match", &tag).call()?;
        if not_modified.status() != StatusCode::NOT_MODIFIED {
            return Err(format!("{url} does not answer 304 to its own ETag").into());
        }
        Ok(Self {
            tag,
            headers: copied(page.headers()),
            headers_304: copied(not_modified.headers()),
            body: page.body_mut().read_to_vec()?.into(),
        })
    }

    fn answer(&self, request: &Request) -> Response {
        let has_it = request.headers().get(header::IF_NONE_MATCH).is_some_and(|tag| tag == self.tag);
        let (status, headers, body) = if has_it {
            (StatusCode::NOT_MODIFIED, &self.headers_304, Body::empty())
        } else {
            (StatusCode::OK, &self.headers, Body::from(self.body.clone()))
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers.clone();
        response
    }
}

fn copied(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in &NOT_COPIED {
        headers.remove(name);
    }
    headers
}

/// Serves what `url` answers on a free port, and prints the address.
#[tokio::main]
pub async fn run(url: &str) -> Result<()> {
    let url = url.to_owned();
    let kept = tokio::task::spawn_blocking(move || Kept::fetch(&url)).await??;
    // For ever: a reference costs a request nothing.
    let kept: &'static Kept = Box::leak(Box::new(kept));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            eprintln!("yardstick: a connection keeps Nagle's delay: {error}");
        }
    });
    axum::serve(listener, (async move |request: Request| kept.answer(&request)).into_make_service()).await?;
    Ok(())
}
