//! Whether a request is somebody who reads a page, as far as it tells; then the view is counted, and nothing of it kept.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{HeaderMap, HeaderName, header};

use super::client;
use crate::{
    app::App,
    model::{
        change::Shows,
        reading::{HOME, LISTS},
    },
    rules::{missing, readers},
};

const SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Counts a view of the page that went out, unless nobody reads it or whoever does asks not to be counted.
pub fn note(app: &App, headers: &HeaderMap, peer: Option<IpAddr>, path: &str, shows: Shows) {
    let of = |name: &HeaderName| headers.get(name).map(|value| value.as_bytes());
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_unwanted = of(&header::DNT) == Some(b"1")
        || of(&SEC_GPC) == Some(b"1")
        // It may never be looked at; if it is, nobody asks for it again.
        || of(&SEC_PURPOSE).is_some()
        || of(&PURPOSE).is_some()
        || of(&SEC_FETCH_DEST).is_some_and(|to| to != b"document");
    let agent = text(header::USER_AGENT);
    if is_unwanted || !readers::is_browser(agent) {
        return;
    }
    let page = match shows {
        Shows::Post(id) => id.0,
        _ if path == "/" => HOME,
        _ => LISTS,
    };
    let host = missing::referring_host(text(header::REFERER));
    // From page to page of this blog nobody led anybody.
    let host = if host.split(':').next() == Some(app.host()) { "" } else { host };
    let address = client::address(peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), headers, &app.trusted_proxies);
    app.readers().note(page, address, agent, host, app.clock.now());
}
