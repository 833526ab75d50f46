//! Pictures, under addresses that name their content.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};

use super::headers::Cache;
use crate::{
    app::App,
    error::{Error, Result},
};

/// A picture is never a page: whatever it holds, a browser that opens it runs nothing.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The picture; its name must be the right one too, so that each has one address.
pub async fn show(
    State(app): State<Arc<App>>,
    Path((hash, name)): Path<(String, String)>,
) -> Result<impl IntoResponse> {
    let media = app.store.media(&hash).await?.filter(|media| media.name == name).ok_or(Error::NotFound)?;
    // A drawing opened by itself could hold more than a picture: it is handed over as a file instead.
    let disposition = if media.media_type == "image/svg+xml" { "attachment" } else { "inline" };
    let headers = [
        (header::CONTENT_TYPE, media.media_type),
        (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{}\"", media.name)),
    ];
    Ok((Cache::Immutable, headers, media.bytes))
}
