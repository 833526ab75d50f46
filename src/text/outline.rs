//! The headings of a post, one level down where its title is not the page's own heading.

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
    use super::deeper;

    #[test]
    fn headings_go_down_a_level_and_nothing_else_changes() {
        assert_eq!(
            deeper("<h2 id=\"a\">A &lt;h2&gt;</h2><p title=\"<h2>\">x<br></p><h6>B</h6>"),
            "<h3 id=\"a\">A &lt;h2&gt;</h3><p title=\"<h2>\">x<br></p><h6>B</h6>"
        );
    }
}
