//! What lies at an address, for whoever writes the blog down as plain files: the program asks itself, as a reader would.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, Uri, header},
};
use http_body_util::BodyExt;
use tower::util::ServiceExt;

use super::front::Front;
use crate::error::{Error, Result};

/// What an address answers.
pub enum Found {
    /// A page.
    Page(String),
    /// A feed, a list for crawlers, a style sheet or a script.
    Text(String),
    /// A picture or a file, as it comes.
    File(Pieces),
    /// Another address.
    Moved(String),
    /// Nothing; this is the page that says so.
    Nothing(String),
}

/// A file, piece by piece.
pub struct Pieces(Body);

impl Pieces {
    /// What follows.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        while let Some(frame) = self.0.frame().await {
            let frame = frame.map_err(|error| Error::Internal(error.to_string()))?;
            if let Ok(bytes) = frame.into_data() {
                return Ok(Some(bytes.to_vec()));
            }
        }
        Ok(None)
    }
}

/// Asks for an address: path and query.
///
/// # Errors
/// When the program fails at it.
pub async fn ask(front: &Front, address: &str) -> Result<Found> {
    let Ok(uri) = address.parse::<Uri>() else { return Ok(Found::Nothing(String::new())) };
    let is_media = uri.path().starts_with("/media/");
    let request = Request::builder().uri(uri).body(Body::empty());
    let request = request.map_err(|error| Error::Internal(error.to_string()))?;
    let Ok(response) = front.clone().oneshot(request).await;
    let (parts, body) = response.into_parts();
    let word = |name| text(&parts.headers, name);
    match parts.status {
        StatusCode::OK if is_media => Ok(Found::File(Pieces(body))),
        StatusCode::OK if word(header::CONTENT_TYPE).starts_with("text/html") => Ok(Found::Page(whole(body).await?)),
        StatusCode::OK => Ok(Found::Text(whole(body).await?)),
        status if status.is_redirection() => Ok(Found::Moved(word(header::LOCATION))),
        status if status.is_client_error() => Ok(Found::Nothing(whole(body).await?)),
        status => Err(Error::Internal(format!("{address} answers {status}"))),
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn whole(body: Body) -> Result<String> {
    let body = body.collect().await.map_err(|error| Error::Internal(error.to_string()))?;
    String::from_utf8(body.to_bytes().to_vec()).map_err(|error| Error::Internal(error.to_string()))
}
