//! Numbers for whoever watches the machine, in the text format of Prometheus (0.0.4), on an address of their own.

use std::{
    fmt::Write,
    sync::{Arc, atomic::Ordering},
};

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use super::Site;

/// `/metrics` and nothing else.
pub fn metrics(site: Arc<Site>) -> Router {
    Router::new().route("/metrics", get(show)).with_state(site)
}

/// GET /metrics
async fn show(State(site): State<Arc<Site>>) -> Response {
    let (pages, bytes) = site.cache.size();
    let (cache, writes) = (&site.cache.counts, site.app.store.write_counts());
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    let all = [
        ("laman_cache_hits_total", "counter", "Answers from kept pages.", count(&cache.hits)),
        ("laman_cache_made_total", "counter", "Pages made because none was kept.", count(&cache.made)),
        ("laman_cache_evicted_total", "counter", "Kept pages that made room for others.", count(&cache.evicted)),
        ("laman_cache_pages", "gauge", "Pages kept now.", pages as u64),
        ("laman_cache_bytes", "gauge", "Bytes of pages kept now.", bytes as u64),
        ("laman_cache_limit_bytes", "gauge", "Bytes of pages that may be kept.", site.keeping.cache_bytes as u64),
        ("laman_writes_total", "counter", "Writes acknowledged.", count(&writes.writes)),
        ("laman_commits_total", "counter", "Transactions, each with one sync of the disk.", count(&writes.commits)),
        ("laman_writes_refused_total", "counter", "Writes refused because too many waited.", count(&writes.refused)),
        ("laman_checkpoints_total", "counter", "Times the write-ahead log was taken in.", count(&writes.checkpoints)),
    ];
    // None yet, or none to be read: an alarm for those that are too old goes off too.
    let backup = site.app.store.last_backup().await.ok().flatten().map_or(0, |backup| backup.at.0 / 1000);
    let backup =
        ("laman_backup_proved_seconds", "gauge", "When the last proved backup was made, since 1970.", backup as u64);
    let mut text = format!(
        "# HELP laman_build_info Which version this is.\n# TYPE laman_build_info gauge\nlaman_build_info{{version=\"{}\"}} 1\n",
        env!("CARGO_PKG_VERSION")
    );
    // Where the database cannot be read, nothing is said of it.
    let held = site.app.store.held_comments().await.ok().and_then(|held| u64::try_from(held).ok());
    let held = held.map(|held| ("laman_comments_held", "gauge", "Comments that wait for a moderator.", held));
    for (name, kind, help, value) in all.into_iter().chain([backup]).chain(held) {
        // Writing into a string does not fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
