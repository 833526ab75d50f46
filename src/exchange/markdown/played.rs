//! Players in a text: those of sound and film become links, of which the blog makes players where it can.

use pulldown_cmark::{Event, Parser};

use super::links::{self, Destination};

/// A player that is longer is none.
const MAX_PLAYER: usize = 4000;

/// A text with a link in the place of each `<audio>` and `<video>` that names a file.
pub(super) fn linked(body: &str) -> String {
    const NAMES: [&str; 2] = ["audio", "video"];
    if !NAMES.iter().any(|name| body.contains(&format!("<{name}"))) {
        return body.to_owned();
    }
    let html = Parser::new_ext(body, links::options()).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Html(_) => Some((true, range)),
        Event::InlineHtml(_) => Some((false, range)),
        _ => None,
    });
    let mut linked = String::with_capacity(body.len());
    let mut done = 0;
    for (is_block, range) in html {
        let mut at = range.start;
        while let Some((start, name)) = NAMES
            .iter()
            .filter_map(|name| {
                let found = body.get(at.max(done)..range.end)?.find(&format!("<{name}"))?;
                Some((at.max(done) + found, *name))
            })
            .min()
        {
            at = start + 1;
            let end = format!("</{name}>");
            let most = (start..=body.len().min(start + MAX_PLAYER)).rev().find(|at| body.is_char_boundary(*at));
            let player = body.get(start..most.unwrap_or(start)).unwrap_or_default();
            let Some(length) = player.find(&end).map(|found| found + end.len()) else { continue };
            let player = player.get(..length).unwrap_or_default();
            let Some(Destination { url, .. }) = links::played(player) else { continue };
            let file = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            let (file, address) = (links::encode(file), links::encode(&url));
            linked.push_str(body.get(done..start).unwrap_or_default());
            // A line of HTML that begins with the link is none any more.
            let is_first = body.get(..start).is_none_or(|before| before.ends_with('\n') || before.is_empty());
            linked.push_str(&match is_block && !is_first {
                true => format!("<a href=\"{address}\">{file}</a>"),
                false => format!("[{}]({address})", file.replace(['[', ']', '_', '*'], "-")),
            });
            done = start + length;
        }
    }
    linked.push_str(body.get(done..).unwrap_or_default());
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_become_links() {
        for (body, expected) in [
            ("a <audio controls src=\"/a.mp3\"></audio> b", "a [a.mp3](/a.mp3) b"),
            ("<video src='v.mp4' poster='/p.png'></video>\n\nb", "[v.mp4](v.mp4)\n\nb"),
            ("<video>\n<source src=\"/v.webm\">\nno</video>", "[v.webm](/v.webm)"),
            ("<div><audio src=\"/a.mp3\"></audio></div>", "<div><a href=\"/a.mp3\">a.mp3</a></div>"),
            ("`<audio src=\"/a.mp3\"></audio>`", "`<audio src=\"/a.mp3\"></audio>`"),
            ("<audio src=\"/a.mp3\">", "<audio src=\"/a.mp3\">"),
            ("<audio></audio>", "<audio></audio>"),
        ] {
            assert_eq!(linked(body), expected, "{body}");
        }
    }
}
