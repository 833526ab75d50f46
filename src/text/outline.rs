//! What stands out in a post's HTML: its headings, moved down a level for lists, and its first picture.

use super::tags::{self, Piece};

/// Takes HTML that [`super::sanitise`] wrote and makes every `h2` an `h3` and so on, down to `h6`: in a list of posts,
/// the title of each is an `h2`, and its sub-headings belong below that.
pub fn deeper(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Open(name, attributes) => {
                out.extend(["<", lower(name), if attributes.is_empty() { "" } else { " " }, attributes, ">"]);
            }
            Piece::Close(name) => out.extend(["</", lower(name), ">"]),
        }
    }
    out
}

/// The address of the first picture, unescaped, in HTML that [`super::sanitise`] wrote.
pub fn first_picture(html: &str) -> Option<String> {
    tags::pieces(html).find_map(|piece| match piece {
        Piece::Open("img", attributes) => {
            tags::attribute(attributes, "src").map(|src| tags::unescape(src).into_owned())
        }
        _ => None,
    })
}

fn lower(name: &str) -> &str {
    match name {
        "h2" => "h3",
        "h3" => "h4",
        "h4" => "h5",
        "h5" => "h6",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{deeper, first_picture};

    #[test]
    fn the_first_picture_stands_for_the_post() {
        let html = "<p>x &lt;img src=\"no\"&gt;</p><img alt=\"&quot;\" src=\"/media/a/b.png?a&amp;b\"><img src=\"/c\">";
        assert_eq!(first_picture(html).as_deref(), Some("/media/a/b.png?a&b"));
        assert_eq!(first_picture("<p>none</p>"), None);
    }

    #[test]
    fn headings_go_down_a_level_and_nothing_else_changes() {
        assert_eq!(
            deeper("<h2 id=\"a\">A &lt;h2&gt;</h2><p title=\"<h2>\">x<br></p><h6>B</h6>"),
            "<h3 id=\"a\">A &lt;h2&gt;</h3><p title=\"<h2>\">x<br></p><h6>B</h6>"
        );
    }
}
