//! What crawlers ask for.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{Uri, header},
    response::{IntoResponse, Response},
};

use super::post::elsewhere;
use crate::{
    app::App,
    error::Result,
    model::{change::Shows, post::PostLink},
    web::{headers::Cache, layout::Layout},
};

/// Addresses of one part of the blog; the home page stands in the first.
#[derive(Template)]
#[template(path = "feed/sitemap.xml")]
struct Sitemap {
    l: Layout,
    has_home: bool,
    links: Vec<PostLink>,
}

#[derive(Template)]
#[template(path = "feed/sitemap_index.xml")]
struct SitemapIndex {
    l: Layout,
    parts: Vec<i64>,
}

/// GET /sitemap.xml (sitemaps.org 0.9): the addresses themselves, or the parts that hold them when there are several.
pub async fn sitemap(State(app): State<Arc<App>>, l: Layout) -> Result<Response> {
    let parts = app.store.sitemap_parts(l.now).await?;
    if parts.len() > 1 {
        return xml(&SitemapIndex { l, parts });
    }
    let links = app.store.sitemap_part(1, l.now).await?;
    xml(&Sitemap { l, has_home: true, links })
}

/// GET /sitemap-N.xml
pub async fn part(app: Arc<App>, l: Layout, part: i64, uri: Uri) -> Result<Response> {
    let links = app.store.sitemap_part(part, l.now).await?;
    let has_home = part == 1;
    if links.is_empty() && !has_home {
        return elsewhere(State(app), uri).await;
    }
    xml(&Sitemap { l, has_home, links })
}

fn xml(template: &impl Template) -> Result<Response> {
    let kind = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    Ok((Cache::Page(Shows::Posts), kind, template.render()?).into_response())
}

/// GET /robots.txt (RFC 9309)
pub async fn robots(l: Layout) -> impl IntoResponse {
    let text = format!(
        "User-agent: *\nDisallow: /admin\nDisallow: /search\nDisallow: /setup/\nSitemap: {}\n",
        l.url("sitemap.xml")
    );
    (Cache::Page(Shows::Frame), [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}
