//! Videos, known by their address alone: the blog's own are played where they stand, those of other hosts in a frame when a reader wants it.

use url::Url;

use super::{
    sanitise,
    tags::{self, Piece},
};

/// The frame that plays the video at `address`, on a host that keeps no cookie where it has one.
pub(super) fn player(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| url.scheme() == "https" && url.port().is_none())?;
    let host = url.host_str()?;
    let path: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let asked = || url.query_pairs().find(|(name, _)| name == "v").map(|(_, id)| id.into_owned());
    let from = || start(&url).map(|seconds| format!("?start={seconds}")).unwrap_or_default();
    let site = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    match (site, path.as_slice()) {
        ("youtube.com", ["watch"]) => Some(youtube(&asked()?)? + &from()),
        ("youtube.com" | "youtube-nocookie.com", ["embed" | "shorts" | "live", id]) | ("youtu.be", [id]) => {
            Some(youtube(id)? + &from())
        }
        ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) => {
            is_id(id, 6..=12, |byte| byte.is_ascii_digit()).then(|| format!("https://player.vimeo.com/video/{id}"))
        }
        // PeerTube runs on many hosts, and is known by the shape of its addresses.
        (_, ["w", id]) | (_, ["videos", "watch" | "embed", id]) => {
            let is_short = is_id(id, 22..=22, |byte| byte.is_ascii_alphanumeric());
            let is_uuid = is_id(id, 36..=36, |byte| byte.is_ascii_hexdigit() || byte == b'-');
            (is_short || is_uuid).then(|| format!("https://{host}/videos/embed/{id}"))
        }
        _ => None,
    }
}

/// The page that people watch the video on whose player, or old way to show it, is at `address`.
pub(super) fn page(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let site = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    let path: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    match (site, path.as_slice()) {
        ("youtube.com" | "youtube-nocookie.com", ["embed" | "v" | "shorts" | "live", id]) | ("youtu.be", [id]) => {
            // Old addresses go on with `&hl=en`.
            let id = id.split('&').next()?;
            let from = start(&url).map(|seconds| format!("&t={seconds}")).unwrap_or_default();
            youtube(id).map(|_| format!("https://www.youtube.com/watch?v={id}{from}"))
        }
        ("player.vimeo.com", ["video", id]) => {
            is_id(id, 6..=12, |byte| byte.is_ascii_digit()).then(|| format!("https://vimeo.com/{id}"))
        }
        (_, ["videos", "embed", id]) => {
            let page = format!("https://{host}/w/{id}");
            player(&page).map(|_| page)
        }
        _ => None,
    }
}

fn youtube(id: &str) -> Option<String> {
    let is_known = is_id(id, 11..=11, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_known.then(|| format!("https://www.youtube-nocookie.com/embed/{id}"))
}

/// The second that a video of YouTube's begins at: `t=43`, `t=1h2m3s`, or `start=43` for its player.
fn start(url: &Url) -> Option<u32> {
    let (_, given) = url.query_pairs().find(|(name, _)| name == "t" || name == "start")?;
    let (mut seconds, mut number) = (0_u32, String::new());
    for sign in given.chars().chain(Some('s').filter(|_| given.ends_with(|last: char| last.is_ascii_digit()))) {
        let unit = match sign {
            '0'..='9' => {
                number.push(sign);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(std::mem::take(&mut number).parse::<u32>().ok()?.checked_mul(unit)?)?;
    }
    Some(seconds).filter(|seconds| *seconds > 0)
}

fn is_id(id: &str, lengths: std::ops::RangeInclusive<usize>, is_sign: impl Fn(u8) -> bool) -> bool {
    lengths.contains(&id.len()) && id.bytes().all(is_sign)
}

/// Whether `address` is that of one of the blog's own videos.
pub(super) fn is_own(address: &str) -> bool {
    let ending = address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    address.starts_with("/media/")
        && sanitise::is_own_picture(address)
        && ["mp4", "m4v", "webm", "ogv"].contains(&ending.as_str())
}

/// Whether `address` is one that [`player`] gives.
pub(super) fn is_player(address: &str) -> bool {
    player(address).as_deref() == Some(address)
}

/// The hosts whose players `html` (which this program made) may open, each once, as `https://host`.
pub fn hosts(html: &str) -> Vec<String> {
    if !html.contains(" data-player=\"") {
        return Vec::new();
    }
    let mut hosts: Vec<String> = tags::pieces(html)
        .filter_map(|piece| match piece {
            Piece::Open("a", list) => Url::parse(&tags::unescape(tags::attribute(list, "data-player")?)).ok(),
            _ => None,
        })
        .map(|url| url.origin().ascii_serialization())
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_are_known_by_their_addresses() {
        const YOUTUBE: &str = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ";
        for (address, expected) in [
            (
                "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=43",
                "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=43",
            ),
            ("https://youtu.be/dQw4w9WgXcQ?t=1h2m3s", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=3723"),
            ("https://youtu.be/dQw4w9WgXcQ?t=soon", YOUTUBE),
            ("https://m.youtube.com/watch?app=x&v=dQw4w9WgXcQ", YOUTUBE),
            ("https://youtu.be/dQw4w9WgXcQ?si=x", YOUTUBE),
            ("https://youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
            ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871"),
            (
                "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv",
                "https://tube.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv",
            ),
            (
                "https://tube.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d",
                "https://tube.example/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d",
            ),
        ] {
            assert_eq!(player(address).as_deref(), Some(expected), "{address}");
            assert!(is_player(expected), "{expected}");
        }
        for other in [
            "http://youtu.be/dQw4w9WgXcQ",
            "https://youtu.be/",
            "https://youtu.be/dQw4w9WgXc\"",
            "https://www.youtube.com/@somebody",
            "https://vimeo.com/about",
            "https://example.org/w/short",
            "https://example.org:81/w/kkGMgK9ZtnKfYAgnEtQxbv",
            "javascript:alert(1)",
            "/w/kkGMgK9ZtnKfYAgnEtQxbv",
        ] {
            assert_eq!(player(other), None, "{other}");
        }
    }

    #[test]
    fn a_page_names_the_hosts_whose_players_it_has() {
        let card =
            |player: &str| format!("<figure class=\"video\"><a href=\"x\" data-player=\"{player}\">x</a></figure>");
        let vimeo = card("https://player.vimeo.com/video/76979871");
        assert_eq!(
            hosts(&format!("{vimeo}<p>data-player=\"https://x.example/\"</p>{vimeo}")),
            ["https://player.vimeo.com"]
        );
        assert!(hosts("<p>x</p>").is_empty());
    }
}
