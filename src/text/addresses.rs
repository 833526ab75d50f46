//! The addresses in a page of ours, each changed to what somebody says.

use super::tags::{self, Piece};

/// Attributes that hold an address.
const ATTRIBUTES: [&str; 3] = ["href", "src", "poster"];

/// The same page, in which `new` has named another address for those of its links and pictures that it knows.
pub fn changed(html: &str, new: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    for piece in tags::pieces(html) {
        let Piece::Open(name, list) = piece else {
            tags::write(&mut out, piece);
            continue;
        };
        out.extend(["<", name, if list.is_empty() { "" } else { " " }]);
        let mut rest = list;
        while let Some((before, after)) = rest.split_once("=\"") {
            let (value, behind) = after.split_once('"').unwrap_or((after, ""));
            let attribute = before.rsplit(char::is_whitespace).next().unwrap_or_default();
            out.extend([before, "=\""]);
            match attribute {
                "srcset" => out.push_str(&widths(value, new)),
                _ if ATTRIBUTES.contains(&attribute) => match new(&tags::unescape(value)) {
                    Some(address) => tags::escape(&mut out, &address),
                    None => out.push_str(value),
                },
                _ => out.push_str(value),
            }
            out.push('"');
            rest = behind;
        }
        out.extend([rest, ">"]);
    }
    out
}

/// `/a 480w, /b 800w`
fn widths(value: &str, new: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let one = |part: &str| {
        let (address, width) = part.split_once(' ').unwrap_or((part, ""));
        let address = new(address).unwrap_or_else(|| address.to_owned());
        if width.is_empty() { address } else { format!("{address} {width}") }
    };
    value.split(", ").map(one).collect::<Vec<_>>().join(", ")
}

/// The same text (a page, a feed, a list for crawlers), in which `new` has named another for those addresses below `base`
/// that it knows: it is told what follows `base`.
pub fn changed_below(text: &str, base: &str, new: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(base) {
        out.extend([before, base]);
        // What is escaped ends it, as quotes and tags do.
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~/%?#=+:@!$,*".contains(c);
        let (address, behind) = after.split_at(after.find(|c| !is_part(c)).unwrap_or(after.len()));
        // The name of another host may begin alike.
        let is_below = address.is_empty() || address.starts_with(['/', '?', '#']);
        match new(address).filter(|_| is_below) {
            Some(address) => out.push_str(&address),
            None => out.push_str(address),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_pictures_and_their_widths_are_changed() {
        let html = "<!doctype html><p class=\"href\" hidden><a href=\"/a?b&amp;c\">/a</a><img srcset=\"/x 480w, /y 800w\" \
                    src=\"/x\" alt=\"src=\"><video src=\"/v\" controls></video></p>";
        let mut seen = Vec::new();
        let after = changed(html, &mut |address| {
            seen.push(address.to_owned());
            (address != "/y").then(|| format!("{address}/&"))
        });
        assert_eq!(seen, ["/a?b&c", "/x", "/y", "/x", "/v"]);
        assert_eq!(
            after,
            "<!doctype html><p class=\"href\" hidden><a href=\"/a?b&amp;c/&amp;\">/a</a><img srcset=\"/x/& 480w, /y 800w\" \
             src=\"/x/&amp;\" alt=\"src=\"><video src=\"/v/&amp;\" controls></video></p>"
        );
    }

    #[test]
    fn whole_addresses_are_changed_wherever_they_stand() {
        let text = "<loc>http://b.example/a</loc> \"http://b.example\" http://b.example.org/a &lt;a href=&#34;http://b.example/a#x&#34;";
        let after = changed_below(text, "http://b.example", &mut |address| Some(format!("{address}!")));
        assert_eq!(
            after,
            "<loc>http://b.example/a!</loc> \"http://b.example!\" http://b.example.org/a &lt;a href=&#34;http://b.example/a#x!&#34;"
        );
    }

    proptest! {
        #[test]
        fn what_nobody_changes_stays_as_it_is(words in prop::collection::vec("[a-z /#?]{0,8}", 0..8)) {
            let html: String = words.iter().map(|word| format!("<a href=\"{word}\" title=\"{word}\" hidden>{word}</a>\n<br>")).collect();
            prop_assert_eq!(changed(&html, &mut |_| None), html.clone());
            prop_assert_eq!(changed_below(&html, "a", &mut |_| None), html);
        }
    }
}
