//! What crawlers ask for.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::header, response::IntoResponse};

use crate::{
    app::App,
    error::Result,
    model::{change::Shows, post::PostLink},
    web::{headers::Cache, layout::Layout},
};

#[derive(Template)]
#[template(path = "feed/sitemap.xml")]
struct Sitemap {
    l: Layout,
    links: Vec<PostLink>,
}

/// GET /sitemap.xml (sitemaps.org 0.9)
pub async fn sitemap(State(app): State<Arc<App>>, l: Layout) -> Result<impl IntoResponse> {
    let links = app.store.every_link(l.now).await?;
    let xml = Sitemap { links, l }.render()?;
    Ok((Cache::Page(Shows::Posts), [(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml))
}

/// GET /robots.txt (RFC 9309)
pub async fn robots(l: Layout) -> impl IntoResponse {
    let text = format!(
        "User-agent: *\nDisallow: /admin\nDisallow: /search\nDisallow: /setup/\nSitemap: {}\n",
        l.url("sitemap.xml")
    );
    (Cache::Page(Shows::Frame), [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}
