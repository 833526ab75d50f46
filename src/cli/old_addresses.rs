//! `laman import --check`: whether every address that old blogs had leads somewhere in the blog that is served now.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{Failure, clock, say};
use crate::{outside, store::Store};

/// What stands in a path as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Who is led on more often goes in a circle.
const MAX_HOPS: usize = 5;

/// Asks the blog at `base` for each; those that lead nowhere are listed.
pub(super) async fn ask(store: &Store, base: &str, ca: Option<&str>) -> Result<(), Failure> {
    let base = Url::parse(base).ok().filter(|base| base.has_host() && matches!(base.scheme(), "http" | "https"));
    let Some(base) = base else {
        return Err(Failure::Said("that is no address: write it like http://127.0.0.1:8080".to_owned()));
    };
    let (mut asked, mut lost) = (0_u64, 0_u64);
    let mut after = String::new();
    loop {
        let paths = store.imported_addresses(&after, clock().now()).await?;
        let Some(last) = paths.last() else { break };
        after.clone_from(last);
        for path in paths {
            asked += 1;
            if let Err(why) = follow(&base, &path, ca).await {
                if asked == 1 && !answers(&base, ca).await {
                    return Err(Failure::Said(format!("no blog answers at {base}: {why}")));
                }
                lost += 1;
                say(&format!("{path}: {why}"));
            }
        }
    }
    say(&format!("{asked} old addresses were asked for, {lost} lead nowhere"));
    if lost > 0 { Err(Failure::Said(format!("{lost} old addresses lead nowhere"))) } else { Ok(()) }
}

/// Whether anything answers there at all.
async fn answers(base: &Url, ca: Option<&str>) -> bool {
    outside::answer_of(base.as_str(), ca).await.is_ok()
}

async fn follow(base: &Url, path: &str, ca: Option<&str>) -> Result<(), String> {
    let relative = match path.strip_prefix('?') {
        Some(query) => format!("/?{query}"),
        None => format!("/{}", utf8_percent_encode(path, PATH)),
    };
    let mut url = base.join(&relative).map_err(|error| error.to_string())?;
    // Home shows itself whatever number it is asked for that it does not know.
    let home = url.clone();
    for _ in 0..MAX_HOPS {
        let answer = outside::answer_of(url.as_str(), ca).await?;
        let mut lines = answer.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or("no answer");
        match status {
            "200" if url == home && path.starts_with('?') => return Err("shows the home page".to_owned()),
            "200" => return Ok(()),
            "301" | "302" | "308" => {}
            status => return Err(status.to_owned()),
        }
        let location = lines
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("location"))
            .map(|(_, to)| to.trim());
        let to = location.and_then(|to| url.join(to).ok()).ok_or("is led on to no address")?;
        if to.host_str() != base.host_str() {
            // The owner has led it elsewhere.
            return Ok(());
        }
        // The program may know itself by another port than the one it is asked at.
        url = base.join(&to[url::Position::BeforePath..]).map_err(|error| error.to_string())?;
    }
    Err("is led on and on".to_owned())
}
