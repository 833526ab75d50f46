//! Errors become pages: a handler returns the error, this draws it inside the site's frame and logs it once.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use super::layout::Layout;
use crate::{app::App, error::Error};

/// Seconds after which a full queue or a disk that is full may be tried again.
const SOON: u64 = 10;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    l: Layout,
    title: String,
    text: String,
    offers_search: bool,
}

impl Error {
    /// The status that tells a program what this page tells people.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotSetUp | Self::Busy | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let wait = match &self {
            Self::TooMany { retry_after } => Some(*retry_after),
            Self::Busy | Self::Unavailable(_) => Some(SOON),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Draws the page of whatever failed below: our errors, and the framework's bare ones (404, 405, 413, time-outs).
pub async fn draw(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let error = response.extensions().get::<Arc<Error>>().cloned();
    if let Some(error) = &error {
        match error.as_ref() {
            Error::Internal(_) => tracing::error!(%method, ?path, %error, "failed"),
            Error::Unavailable(_) => tracing::warn!(%method, ?path, %error, "not now"),
            _ => {}
        }
    }
    let status = response.status();
    if status == StatusCode::SERVICE_UNAVAILABLE && !response.headers().contains_key(header::RETRY_AFTER) {
        // Also where a form came back filled in.
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(SOON));
    }
    let is_bare = error.is_some() || !response.headers().contains_key(header::CONTENT_TYPE);
    let is_plain =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || !(is_bare || is_plain) {
        return response;
    }
    let l = Layout::for_error(&app).await;
    let word = match error.as_deref() {
        Some(Error::NotSetUp) => "error-not-set-up".to_owned(),
        _ => match status.as_u16() {
            code @ (400 | 403 | 404 | 405 | 410 | 413 | 429 | 500 | 503) => format!("error-{code}"),
            code if code < 500 => "error-400".to_owned(),
            _ => "error-500".to_owned(),
        },
    };
    let page = ErrorPage {
        title: l.t(&word),
        text: l.t(&format!("{word}-text")),
        offers_search: matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) && !l.is_still,
        l,
    };
    let mut drawn = match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page failed");
            status.into_response()
        }
    };
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            drawn.headers_mut().insert(name, value.clone());
        }
    }
    drawn
}
