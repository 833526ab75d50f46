//! Addresses that were asked for in vain: which are worth the owner's look, and a tally of them until they are written.

use std::collections::HashMap;

use crate::model::{redirect::MissingPath, time::Time};

/// So many at once; further ones are let go.
pub const MAX_PATHS: usize = 1000;
/// Longer addresses are nobody's.
const MAX_PATH: usize = 200;
const MAX_HOST: usize = 100;

/// What only those ask for who look for a way in, and browsers on their own account.
const PROBED: &[&str] = &[
    "wp-",
    "wordpress",
    "xmlrpc",
    "phpmyadmin",
    "cgi-bin",
    ".env",
    ".git",
    ".aws",
    ".ssh",
    ".well-known",
    "apple-touch-icon",
    "browserconfig",
    "vendor/",
    "actuator",
    "node_modules",
    "../",
];
const PROBED_ENDINGS: &[&str] =
    &[".php", ".asp", ".aspx", ".jsp", ".cgi", ".sql", ".bak", ".ini", ".yml", ".yaml", ".log", ".map", ".js", ".css"];

/// Whether an address is one that nobody follows a link to.
pub fn is_noise(path: &str) -> bool {
    let lower = path.to_lowercase();
    path.is_empty()
        || path.len() > MAX_PATH
        || path.chars().any(char::is_control)
        || PROBED.iter().any(|probed| lower.contains(probed))
        || PROBED_ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// The host of the page that led here: nothing else of it is kept.
pub fn referring_host(referrer: &str) -> &str {
    let rest = referrer.strip_prefix("https://").or_else(|| referrer.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-' | b':' | b'[' | b']');
    if host.len() <= MAX_HOST && host.bytes().all(is_host) { host } else { "" }
}

/// What has not been written yet.
#[derive(Debug, Default)]
pub struct Missing(HashMap<String, MissingPath>);

impl Missing {
    /// Notes that somebody asked for `path`, sent by a page of `host` or by nobody.
    pub fn note(&mut self, path: &str, host: &str, now: Time) {
        if let Some(known) = self.0.get_mut(path) {
            known.hits += 1;
            known.last_at = now;
            if !host.is_empty() {
                host.clone_into(&mut known.referrer);
            }
        } else if self.0.len() < MAX_PATHS && !is_noise(path) {
            let new =
                MissingPath { path: path.to_owned(), hits: 1, referrer: host.to_owned(), first_at: now, last_at: now };
            self.0.insert(path.to_owned(), new);
        }
    }

    /// What was written before, with what has come since; most asked for first.
    pub fn onto(&self, mut written: Vec<MissingPath>) -> Vec<MissingPath> {
        for new in self.0.values() {
            match written.iter_mut().find(|known| known.path == new.path) {
                Some(known) => {
                    known.hits += new.hits;
                    known.last_at = new.last_at;
                    if !new.referrer.is_empty() {
                        known.referrer.clone_from(&new.referrer);
                    }
                }
                None => written.push(new.clone()),
            }
        }
        written.sort_by(|one, other| (other.hits, other.last_at, &one.path).cmp(&(one.hits, one.last_at, &other.path)));
        written
    }

    /// Takes one away.
    pub fn forget(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Everything, to be written; nothing is left.
    pub fn take(&mut self) -> Vec<MissingPath> {
        self.0.drain().map(|(_, missing)| missing).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bots_and_browsers_try_is_left_out() {
        for noise in
            ["wp-login.php", "blog/.env", ".git/config", "index.PHP", "old/app.js", "a\nb", "", &"x".repeat(201)]
        {
            assert!(is_noise(noise), "{noise:?}");
        }
        for path in ["2019/old-post", "about.html", "blog/hello", "café", "wpa-supplicant"] {
            assert!(!is_noise(path), "{path:?}");
        }
    }

    #[test]
    fn of_a_referrer_its_host_alone_is_kept() {
        assert_eq!(referring_host("https://example.org/a?token=1#x"), "example.org");
        assert_eq!(referring_host("http://[::1]:80"), "[::1]:80");
        for none in ["", "example.org", "javascript:alert(1)", "https://user@example.org/", "https://a b/"] {
            assert_eq!(referring_host(none), "", "{none:?}");
        }
    }

    #[test]
    fn the_tally_counts_and_has_an_end() {
        let mut missing = Missing::default();
        missing.note("old", "example.org", Time(1));
        missing.note("old", "", Time(2));
        let expected = MissingPath {
            path: "old".to_owned(),
            hits: 2,
            referrer: "example.org".to_owned(),
            first_at: Time(1),
            last_at: Time(2),
        };
        assert_eq!(missing.take(), [expected]);
        for number in 0..MAX_PATHS + 5 {
            missing.note(&format!("p{number}"), "", Time(3));
        }
        assert_eq!((missing.take().len(), missing.take().len()), (MAX_PATHS, 0));
    }
}
