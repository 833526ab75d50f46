//! Who is asking, as far as the request tells.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use ipnet::IpNet;

use crate::{app::App, error::Error, limits::Act, rules::network::network_of, text::agent};

/// Where a request came from.
#[derive(Clone, Debug)]
pub struct Client {
    /// For the owner's lists; never kept.
    pub address: IpAddr,
    /// /24 or /48: what limits count by, in memory.
    pub network: String,
    /// All that is kept of it.
    pub mark: String,
    /// Browser and system, as far as the request tells.
    pub agent: String,
}

impl Client {
    /// Takes one of this network's tries.
    ///
    /// # Errors
    /// [`Error::TooMany`] when it has none left.
    pub fn take(&self, app: &App, act: Act) -> Result<(), Error> {
        app.limits.take(act, &self.network, app.clock.monotonic()).map_err(|retry_after| Error::TooMany { retry_after })
    }
}

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        // In-process callers have no socket.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
        let said = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (browser, system) = agent::describe(said);
        let known: Vec<&str> = [browser, system].into_iter().filter(|name| !name.is_empty()).collect();
        let address = address(peer, &parts.headers, &app.trusted_proxies);
        let network = network_of(address);
        Ok(Self { address, mark: app.store.networks().mark(&network), network, agent: known.join(", ") })
    }
}

/// The rightmost hop of `X-Forwarded-For` that is no proxy of ours; the header is read only when the peer is one.
pub(super) fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
    let mut nearest = peer;
    if !is_trusted(peer) {
        return peer;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in hops.iter().rev() {
        // What a trusted proxy wrote can be read; what stands left of the first unreadable hop is anybody's word.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        nearest = address;
        if !is_trusted(address) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_is_believed_from_a_trusted_proxy_alone() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let seen = |peer: &str, forwarded: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            address(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(seen("198.51.100.1", &["203.0.113.9"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }
}
