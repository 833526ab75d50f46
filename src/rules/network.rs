//! What is kept of the network that somebody came from: a mark by which it is known again, and no address.

use std::net::IpAddr;

use ipnet::IpNet;
use sha2::{Digest, Sha256};

use super::token::hex;

/// HMAC works on blocks of so many bytes with SHA-256.
const BLOCK: usize = 64;
/// Bytes of the hash in a mark: enough that no two networks of a blog share one.
const KEPT: usize = 5;

/// The blog's own key: without it a mark cannot be told from any other.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// From the bytes that are kept in the database.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The mark of a network of [`network_of`]: how its address begins, and a keyed hash of it (`203.0-7f3a9c2e51`).
    pub fn mark(&self, network: &str) -> String {
        format!("{}-{}", beginning(network), hex(&self.hmac(network.as_bytes())[..KEPT]))
    }

    /// The mark of the network that holds all of `net`. `None`: it is larger than those that marks are made of.
    pub fn mark_of(&self, net: &IpNet) -> Option<String> {
        let marked = if net.addr().is_ipv4() { 24 } else { 48 };
        (net.prefix_len() >= marked).then(|| self.mark(&network_of(net.addr())))
    }

    /// HMAC-SHA-256 (RFC 2104).
    fn hmac(&self, text: &[u8]) -> [u8; 32] {
        let padded = |with: u8| {
            let mut block = [with; BLOCK];
            block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
        Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
    }
}

/// No key is written to a log.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// The network that an address counts for: /24 of IPv4, /48 of IPv6, as one customer commonly holds.
pub fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// The network, or the single address, that somebody typed.
pub fn typed(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(|address: IpAddr| address.to_canonical().into()))
}

/// Its first 16 bits of IPv4, 32 of IPv6: millions share them, and a moderator sees whether two senders are far apart.
fn beginning(network: &str) -> &str {
    let parting = if network.contains(':') { ':' } else { '.' };
    network.match_indices(parting).nth(1).map_or(network, |(end, _)| &network[..end])
}

/// Whether a text could be a mark of ours.
pub fn is_mark(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(beginning, hash)| {
        hash.len() == 2 * KEPT
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && beginning.contains(['.', ':'])
            && beginning.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
    })
}

/// Whether a network is kept as it is, as it was before marks were.
pub fn is_plain(network: &str) -> bool {
    network.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_a_network_count_as_one() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(network("::ffff:192.0.2.9"), "192.0.2.0/24");
        assert_eq!(network("2001:db8:1:2::3"), "2001:db8:1::/48");
    }

    #[test]
    fn the_hash_is_hmac_sha_256() {
        // RFC 4231, test case 1: its key of 20 bytes is filled up with zeros, as HMAC does.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(Key::new(key).hmac(b"Hi There")[..6], [0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb]);
    }

    #[test]
    fn a_mark_tells_networks_apart_and_says_only_how_they_begin() {
        let key = Key::new([7; 32]);
        let mark = key.mark("203.0.113.0/24");
        assert!(mark.starts_with("203.0-") && !mark.contains("113"), "{mark}");
        assert!(is_mark(&mark) && !is_plain(&mark) && is_plain("203.0.113.0/24") && !is_mark("203.0.113.0/24"));
        assert!(key.mark("2001:db8:1::/48").starts_with("2001:db8-") && is_mark(&key.mark("2001:db8:1::/48")));
        for other in ["203.0.114.0/24", "203.1.113.0/24", "2001:db8:2::/48"] {
            assert_ne!(key.mark(other), mark);
        }
        assert_ne!(Key::new([8; 32]).mark("203.0.113.0/24"), mark);
    }

    #[test]
    fn an_address_or_network_that_is_typed_is_known_by_its_mark() {
        let key = Key::new([7; 32]);
        let mark_of = |text: &str| typed(text).and_then(|net| key.mark_of(&net));
        for typed in ["203.0.113.9", "203.0.113.0/24", "203.0.113.128/25", "::ffff:203.0.113.1"] {
            assert_eq!(mark_of(typed), Some(key.mark("203.0.113.0/24")), "{typed}");
        }
        for typed in ["2001:db8:1::5", "2001:db8:1::/48", "2001:db8:1:2::/64"] {
            assert_eq!(mark_of(typed), Some(key.mark("2001:db8:1::/48")), "{typed}");
        }
        for typed in ["203.0.0.0/16", "2001:db8::/32", "", "203.0.113", "word", "1.2.3.4.5"] {
            assert_eq!(mark_of(typed), None, "{typed}");
        }
    }
}
