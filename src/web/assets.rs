//! Style sheets, scripts and icon: inside the program, each under a name that changes with its content.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Redirect},
};

use super::headers::Cache;
use crate::{
    error::{Error, Result},
    rules::token,
};

struct Asset {
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
    hashed_name: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let asset = |name: &'static str, media_type, text: &'static str| {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hash = token::content_hash(text.as_bytes());
        Asset { name, media_type, text, hashed_name: format!("{stem}.{}.{extension}", &hash[..12]) }
    };
    vec![
        asset("style.css", "text/css; charset=utf-8", include_str!("../../static/style.css")),
        asset("admin.css", "text/css; charset=utf-8", include_str!("../../static/admin.css")),
        asset("comments.js", "text/javascript; charset=utf-8", include_str!("../../static/comments.js")),
        asset("queue.js", "text/javascript; charset=utf-8", include_str!("../../static/queue.js")),
        asset("passkey.js", "text/javascript; charset=utf-8", include_str!("../../static/passkey.js")),
        asset("favicon.svg", "image/svg+xml", include_str!("../../static/favicon.svg")),
    ]
});

/// The address of a static file.
pub fn address(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    format!("/static/{}", asset.map_or(name, |asset| &asset.hashed_name))
}

/// The file with this hashed name.
pub async fn show(Path(name): Path<String>) -> Result<impl IntoResponse> {
    let asset = ASSETS.iter().find(|asset| asset.hashed_name == name).ok_or(Error::NotFound)?;
    Ok((Cache::Immutable, [(header::CONTENT_TYPE, asset.media_type)], asset.text))
}

/// For those who ask without having read the page.
pub async fn favicon() -> Redirect {
    Redirect::permanent(&address("favicon.svg"))
}
