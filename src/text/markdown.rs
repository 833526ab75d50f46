//! Markdown to HTML: posts with all that a writer needs, comments with what a stranger may have.

use std::collections::HashMap;

use pulldown_cmark::Options;

use super::{
    decorate,
    events::{numbered, parse, prices, without_footnotes},
    math, sanitise, tags,
    tidy::{self, tidy},
    writer::{Kind, Writer},
};
use crate::model::media::Shown;

/// Which renderer made stored HTML: a number that grows when rows of older ones should be rendered again.
pub const RENDERER: i64 = 5;

/// The longest HTML of a post, and the longest source, in bytes.
pub const MAX_POST: usize = 8 << 20;

/// The longest HTML of a comment, and the longest source, in bytes.
pub const MAX_COMMENT: usize = 256 << 10;

/// How deep blocks and inlines of a post may be nested.
const MAX_POST_DEPTH: usize = 100;

/// How deep those of a comment may be nested.
const MAX_COMMENT_DEPTH: usize = 32;

/// A post, ready to be stored and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML of all of it.
    pub html: String,
    /// Safe, balanced HTML of what comes before `<!--more-->`; `None` when nothing is cut off.
    pub lead: Option<String>,
    /// What a reader sees, as plain text with a line for each block: for search, excerpts and counting words.
    pub text: String,
}

/// Why a text is not rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Quotes, lists or tags are nested so deep that drawing them would be slow.
    #[error("the text is nested too deeply")]
    TooDeep,
    /// The text, or the HTML that it makes, is too long.
    #[error("the text is too long")]
    TooLong,
}

impl From<tidy::TooDeep> for RenderError {
    fn from(_: tidy::TooDeep) -> Self {
        Self::TooDeep
    }
}

impl From<decorate::TooLong> for RenderError {
    fn from(_: decorate::TooLong) -> Self {
        Self::TooLong
    }
}

/// Addresses (`/media/…`) of the blog's own pictures that `source` shows, each once: what [`post`] wants to know more of.
pub fn media_in(source: &str) -> Vec<String> {
    draft(source, false).map(|html| decorate::media(&html)).unwrap_or_default()
}

/// Hashes of the blog's own files that `html` shows or links to, each once.
pub fn media_of(html: &str) -> Vec<String> {
    decorate::files(html)
}

/// The words of a text that [`post`] made, as search knows them.
pub fn words_of(html: &str) -> String {
    tags::text_of(html)
}

/// Renders a post or page.
///
/// `pictures` has what is known of each by address, as [`media_in`] names them. Every id in the HTML begins with `anchor` and a `-`:
/// a short name of ASCII letters and digits that no other post on the same page has, and that the page's own ids do not begin with.
pub fn post(source: &str, pictures: &HashMap<String, Shown>, anchor: &str) -> Result<Rendered, RenderError> {
    let html = finished(&draft(source, false)?, pictures, anchor)?;
    Ok(Rendered { lead: decorate::lead(&html, anchor), text: tags::text_of(&html), html })
}

/// Renders a post for whoever writes it: the same HTML, with an empty `<span id="{anchor}-line-{number}">` before each block.
pub fn preview(source: &str, pictures: &HashMap<String, Shown>, anchor: &str) -> Result<String, RenderError> {
    finished(&draft(source, true)?, pictures, anchor)
}

/// Renders a comment: paragraphs, emphasis, code, links, lists and quotes. HTML is shown as it was typed.
pub fn comment(source: &str) -> Result<String, RenderError> {
    short(source, Kind::Comment, sanitise::comment_html)
}

/// Renders what stands at the foot of every page: as a comment, but links may lead to places of the blog, and search engines are
/// to follow them.
pub fn foot(source: &str) -> Result<String, RenderError> {
    short(source, Kind::Foot, sanitise::foot_html)
}

fn short(source: &str, kind: Kind, clean: fn(&str) -> String) -> Result<String, RenderError> {
    let events = parse(source, Options::ENABLE_STRIKETHROUGH, MAX_COMMENT_DEPTH, MAX_COMMENT)?;
    let mut writer = Writer::new(kind, MAX_COMMENT);
    writer.events(&events)?;
    let html = clean(&writer.html);
    if html.len() > MAX_COMMENT { Err(RenderError::TooLong) } else { Ok(html) }
}

/// What a reader sees of HTML that this module made, as plain text with a line for each block.
pub fn text_of(html: &str) -> String {
    tags::text_of(html)
}

/// What [`draft`] made, as part of a page.
fn finished(draft: &str, pictures: &HashMap<String, Shown>, anchor: &str) -> Result<String, RenderError> {
    debug_assert!(sanitise::is_id(anchor), "an anchor is written into HTML as it is");
    // Whatever the decoration does, the sanitiser has the last word; formulas are drawn out of what it left.
    let html = math::drawn(sanitise::post_html(&decorate::decorate(draft, anchor, pictures)?));
    if html.len() > MAX_POST { Err(RenderError::TooLong) } else { Ok(html) }
}

/// A post's HTML, clean but not yet part of a page; `with_lines`: each block after the number of its line.
fn draft(source: &str, with_lines: bool) -> Result<String, RenderError> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let mut events = parse(source, options, MAX_POST_DEPTH, MAX_POST)?;
    prices(&mut events);
    if with_lines {
        events = numbered(source, options, events);
    }
    let (body, notes) = without_footnotes(events);
    let mut writer = Writer::new(Kind::Post, MAX_POST);
    writer.events(&body)?;
    writer.footnotes(&notes)?;
    let tidied = tidy(&writer.html, MAX_POST_DEPTH)?;
    if is_slow_to_write(&tidied) {
        return Err(RenderError::TooLong);
    }
    Ok(sanitise::draft_html(&tidied))
}

/// html5ever looks for the end of a text again at each character in it that it escapes (or that begins with the same
/// byte as a no-break space): a long text of nothing else takes time with the square of its length.
pub(super) fn is_slow_to_write(html: &str) -> bool {
    const MOST: usize = 4_000_000_000;
    let cost = tags::pieces(html).filter_map(|piece| match piece {
        tags::Piece::Text(text) => Some(text.bytes().filter(|byte| matches!(byte, b'&' | 0xc2)).count() * text.len()),
        _ => None,
    });
    cost.sum::<usize>() > MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        post(source, &HashMap::new(), "p1").expect("neither deep nor long").html
    }

    fn said(source: &str) -> String {
        comment(source).expect("neither deep nor long")
    }

    #[test]
    fn a_text_that_would_take_minutes_to_write_is_refused() {
        let signs = |count| super::post(&"&".repeat(count), &HashMap::new(), "p1").map(|_| ());
        assert_eq!(signs(400_000), Err(RenderError::TooLong));
        assert_eq!(
            super::post(&"\u{a0}".repeat(400_000), &HashMap::new(), "p1").map(|_| ()),
            Err(RenderError::TooLong)
        );
        assert_eq!(signs(10_000), Ok(()));
        // A long text in paragraphs, with its quotation marks and no-break spaces, is a text like any other.
        let paragraphs =
            "« Bonjour\u{a0}! » & encore une phrase, puis une autre, et ainsi de suite.\n\n".repeat(10_000);
        assert!(super::post(&paragraphs, &HashMap::new(), "p1").is_ok());
    }

    #[test]
    fn paragraphs_emphasis_and_links() {
        assert_eq!(
            html("*a* **b** ~~c~~ `d<` [e](/f \"g\")  \nh"),
            "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d&lt;</code> <a href=\"/f\" title=\"g\">e</a><br>\nh</p>\n"
        );
    }

    #[test]
    fn bare_addresses_become_links_outside_of_links_and_code() {
        assert_eq!(
            html("See https://x.example/a_b_c?d=1&e=2. `https://y.example` [https://z.example](/w)"),
            "<p>See <a href=\"https://x.example/a_b_c?d=1&amp;e=2\">https://x.example/a_b_c?d=1&amp;e=2</a>. \
             <code>https://y.example</code> <a href=\"/w\">https://z.example</a></p>\n"
        );
        assert_eq!(
            html("見https://ja.example/日本。次（https://x.example）HTTPS://Y.example"),
            "<p>見<a href=\"https://ja.example/日本\">https://ja.example/日本</a>。次（<a href=\"https://x.example\">https://x.example</a>）\
             <a href=\"HTTPS://Y.example\">HTTPS://Y.example</a></p>\n"
        );
        assert_eq!(html("foo.rs and ftp://x and javascript://x"), "<p>foo.rs and ftp://x and javascript://x</p>\n");
    }

    #[test]
    fn headings_begin_at_two_and_have_names() {
        let made = html("# A b\n\n### C\n\n# A b\n\n###### D\n");
        let anchor =
            |name: &str| format!("<a class=\"anchor\" href=\"#p1-{name}\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
        assert_eq!(
            made,
            format!(
                "<h2 id=\"p1-a-b\">A b{}</h2>\n<h4 id=\"p1-c\">C{}</h4>\n<h2 id=\"p1-a-b-2\">A b{}</h2>\n<h6 id=\"p1-d\">D{}</h6>\n",
                anchor("a-b"),
                anchor("c"),
                anchor("a-b-2"),
                anchor("d")
            )
        );
        assert!(html("### only\n").starts_with("<h2 "), "deep headings come up");
        assert!(html("## x\n").starts_with("<h2 "));
        assert!(html("<h1>raw</h1>\n\n## x\n").contains("<h3 id=\"p1-x\">"), "raw headings count too");
    }

    #[test]
    fn links_to_headings_find_them_however_they_are_spelled() {
        let made =
            html("[a](#whats-new) [b](#what-s-new) [c](#comments) [d](#own)\n\n# What's new\n\n<a name=\"own\"></a>\n");
        assert!(made.starts_with(
            "<p><a href=\"#p1-whats-new\">a</a> <a href=\"#p1-whats-new\">b</a> <a href=\"#comments\">c</a> <a href=\"#p1-own\">d</a></p>"
        ));
        assert!(made.contains("<a id=\"p1-own\"></a>"));
    }

    #[test]
    fn pictures_alone_become_figures_with_sizes() {
        let sizes = HashMap::from([("/media/a.png".to_owned(), Shown::sized(640, 480))]);
        let made = post(
            "![An a](/media/a.png \"Its *title*\")\n\n[![b](/media/b.png)](/c)\n\nText ![c](/media/a.png)\n",
            &sizes,
            "p1",
        );
        assert_eq!(
            made.expect("short").html,
            "<figure><img src=\"/media/a.png\" alt=\"An a\" width=\"640\" height=\"480\" fetchpriority=\"high\"><figcaption>Its *title*</figcaption></figure>\n\
             <figure><a href=\"/c\"><img src=\"/media/b.png\" alt=\"b\" loading=\"lazy\" decoding=\"async\"></a></figure>\n\
             <p>Text <img src=\"/media/a.png\" alt=\"c\" width=\"640\" height=\"480\" loading=\"lazy\" decoding=\"async\"></p>\n"
        );
        let raw = post("<img src='/media/a.png' width=320>\n", &sizes, "p1").expect("short");
        assert_eq!(
            raw.html,
            "<img src=\"/media/a.png\" alt=\"\" width=\"320\" height=\"240\" fetchpriority=\"high\">\n"
        );
    }

    #[test]
    fn a_caption_may_end_in_a_credit() {
        assert_eq!(
            html("![a](/media/a.png \"Durian at dawn | Photo: Siti\")\n"),
            "<figure><img src=\"/media/a.png\" alt=\"a\" fetchpriority=\"high\"><figcaption>Durian at dawn <small>Photo: Siti</small></figcaption></figure>\n"
        );
    }

    #[test]
    fn pictures_together_in_a_paragraph_make_a_gallery() {
        assert_eq!(
            html("![a](/media/a.png \"A\")\n[![b](/media/b.png)](/c)\n"),
            "<figure class=\"gallery\">\n<figure><img src=\"/media/a.png\" alt=\"a\" fetchpriority=\"high\"><figcaption>A</figcaption></figure>\n\
             <figure><a href=\"/c\"><img src=\"/media/b.png\" alt=\"b\" loading=\"lazy\" decoding=\"async\"></a></figure>\n</figure>\n"
        );
        assert!(html("![a](/media/a.png) and ![b](/media/b.png)").starts_with("<p>"));
        let one_is_elsewhere = html("![a](/media/a.png) ![b](https://x.example/b.png \"B\")");
        assert!(one_is_elsewhere.ends_with("b (x.example)</a><figcaption>B</figcaption></figure>\n</figure>\n"));
    }

    #[test]
    fn a_video_alone_becomes_a_card_that_asks_nobody_yet() {
        let card = |address: &str, title: &str| {
            format!(
                "<figure class=\"video\"><a href=\"{address}\" data-player=\"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ\">{title}</a></figure>\n"
            )
        };
        let address = "https://youtu.be/dQw4w9WgXcQ";
        assert_eq!(html(address), card(address, address));
        assert_eq!(html(&format!("<{address}>")), card(address, address));
        assert_eq!(html(&format!("[A *film*]({address})")), card(address, "A film"));
        assert!(!html(&format!("See {address}")).contains("figure"));
        assert!(!said(address).contains("figure"));
        assert_eq!(
            html("<a href=\"/x\" data-player=\"https://x.example/\">x</a>"),
            "<p><a href=\"/x\">x</a></p>\n",
            "none but a player's address"
        );
    }

    #[test]
    fn a_video_of_the_blogs_own_plays_where_it_stands() {
        assert_eq!(
            html("[The *harvest*](/media/a/harvest.mp4)"),
            "<figure class=\"video\"><video controls=\"\" preload=\"metadata\" src=\"/media/a/harvest.mp4\"></video>\
             <figcaption>The harvest</figcaption></figure>\n"
        );
        assert!(html("[Paper](/media/a/paper.pdf)").starts_with("<p><a "));
        assert_eq!(html("<video src=\"https://x.example/y.mp4\" autoplay></video>"), "<p><video></video></p>\n");
        assert_eq!(media_in("[x](/media/a/harvest.mp4)"), ["/media/a/harvest.mp4"]);
    }

    #[test]
    fn formulas_are_drawn_and_prices_are_not() {
        assert_eq!(html("So $x^2$."), "<p>So <math><msup><mi>x</mi><mn>2</mn></msup></math>.</p>\n");
        assert_eq!(html("$$x$$"), "<p><math display=\"block\"><mi>x</mi></math></p>\n");
        assert_eq!(html("```math\nx\n```"), html("$$x$$"));
        assert_eq!(html("`$x$` and $\\nosuch$"), "<p><code>$x$</code> and <code class=\"math\">\\nosuch</code></p>\n");
        for prices in ["$5 and $10", "$5-$10", "US$5, A$6", "\\$x\\$", "a $ b $ c", "between $ 5 and 6$"] {
            assert!(!html(prices).contains("math"), "{prices}: {}", html(prices));
        }
        assert_eq!(html("$5-$10"), "<p>$5-$10</p>\n");
        assert_eq!(said("$x$"), "<p>$x$</p>\n");
        assert_eq!(post("$x^2$", &HashMap::new(), "p1").expect("short").text, "x2");
    }

    #[test]
    fn the_preview_is_the_post_with_the_lines_of_its_blocks() {
        let source = "# A\n\nText\nmore\n\n- a\n- b\n\n---\n\n```\ncode\n```\n\n> q\n\n[^1]: x\n";
        let seen = preview(source, &HashMap::new(), "p1").expect("short");
        let lines: Vec<&str> =
            seen.split("id=\"p1-line-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(lines, ["1", "3", "6", "9", "11", "15", "17"]);
        let mut plain = seen.clone();
        for line in lines {
            plain = plain.replace(&format!("<span id=\"p1-line-{line}\"></span>"), "");
        }
        assert_eq!(plain, html(source));
    }

    #[test]
    fn pictures_of_other_hosts_become_links() {
        let link = "<a class=\"elsewhere\" href=\"https://x.example/y.png\" rel=\"noopener\">z (x.example)</a>";
        assert_eq!(html("![z](https://x.example/y.png)"), format!("<figure>{link}</figure>\n"));
        assert_eq!(
            html("![z](https://x.example/y.png \"A durian|Siti\")"),
            format!("<figure>{link}<figcaption>A durian <small>Siti</small></figcaption></figure>\n")
        );
        assert_eq!(html("See ![z](https://x.example/y.png)"), format!("<p>See {link}</p>\n"));
        assert_eq!(html("<img src=\"&#104;ttps://x.example/y.png\" alt=z>"), link);
        assert_eq!(
            html("[![z](//x.example/y.png)](/a)"),
            "<figure><a href=\"/a\"><span class=\"elsewhere\">z (x.example)</span></a></figure>\n"
        );
        assert_eq!(
            html("![](//x.example/)"),
            "<figure><a class=\"elsewhere\" href=\"//x.example/\" rel=\"noopener\">x.example</a></figure>\n"
        );
        assert_eq!(html("![z](data:image/png;base64,x)"), "<p>z</p>\n");
        assert!(
            html("<iframe src=\"https://v.example/1\" title=\"A film\"></iframe>").contains(">A film (v.example)</a>")
        );
    }

    #[test]
    fn media_is_found_in_markdown_and_in_html() {
        let source = "![a](/media/a.png) <img src='/media/b.png'> ![c](https://x.example/media/c.png)\n\n`![d](/media/d.png)`\n\n\
                      [e]: /media/e.png\n\n![e] ![a](/media/a.png) ![f](/other/f.png)";
        assert_eq!(media_in(source), ["/media/a.png", "/media/b.png", "/media/e.png"]);
    }

    #[test]
    fn tables_and_code_can_be_scrolled_with_the_keyboard() {
        assert_eq!(
            html("|a|b|\n|:-|-:|\n|1||\n"),
            "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th class=\"left\">a</th><th class=\"right\">b</th></tr></thead><tbody>\n\
             <tr><td class=\"left\">1</td><td class=\"right\"></td></tr>\n</tbody></table></div>\n"
        );
        assert_eq!(
            html("```rust,ignore\nfn\n```\n"),
            "<pre tabindex=\"0\"><code class=\"language-rust\"><span class=\"hk\">fn</span>\n</code></pre>\n"
        );
        assert_eq!(html("<pre>\n\n\n\n\n\n\nx\n\n</pre>\n"), "<pre tabindex=\"0\">x\n\n</pre>\n");
    }

    #[test]
    fn footnotes_are_numbered_by_their_first_mark_and_belong_to_their_post() {
        let made = html("a[^y] b[^x] c[^y] d[^none]\n\n[^x]: X[^z]\n[^y]: Y\n\n    More.\n[^z]: Z\n[^w]: unused\n");
        assert_eq!(
            made,
            "<p>a<sup class=\"fn\"><a id=\"p1-fnref-1\" href=\"#p1-fn-1\">1</a></sup> \
             b<sup class=\"fn\"><a id=\"p1-fnref-2\" href=\"#p1-fn-2\">2</a></sup> \
             c<sup class=\"fn\"><a href=\"#p1-fn-1\">1</a></sup> d[^none]</p>\n\
             <section class=\"footnotes\"><ol>\n\
             <li id=\"p1-fn-1\"><p>Y</p>\n<p>More. <a class=\"fn-back\" href=\"#p1-fnref-1\">↩\u{fe0e}</a></p>\n</li>\n\
             <li id=\"p1-fn-2\"><p>X<sup class=\"fn\"><a id=\"p1-fnref-3\" href=\"#p1-fn-3\">3</a></sup> \
             <a class=\"fn-back\" href=\"#p1-fnref-2\">↩\u{fe0e}</a></p>\n</li>\n\
             <li id=\"p1-fn-3\"><p>Z <a class=\"fn-back\" href=\"#p1-fnref-3\">↩\u{fe0e}</a></p>\n</li>\n</ol></section>\n"
        );
    }

    #[test]
    fn tasks_are_marks_and_not_form_fields() {
        assert_eq!(
            html("- [x] a\n- [ ] b\n"),
            "<ul>\n<li><span class=\"task\">☑</span> a</li>\n<li><span class=\"task\">☐</span> b</li>\n</ul>\n"
        );
    }

    #[test]
    fn the_lead_ends_at_more_and_is_balanced() {
        let made = post("Intro[^1].\n\n<!-- more -->\n\nRest\n\n[^1]: Note\n", &HashMap::new(), "p1").expect("short");
        assert_eq!(made.lead.as_deref(), Some("<p>Intro.</p>\n"));
        assert!(made.html.contains("<span id=\"p1-more\"></span>") && !made.html.contains("<!--"));
        assert_eq!(made.text, "Intro.\nRest\nNote");
        let deep = post("<div>\n\n> a\n>\n> <!--more-->\n>\n> b\n\n</div>\n", &HashMap::new(), "p1").expect("short");
        assert_eq!(deep.lead.as_deref(), Some("<div>\n<blockquote>\n<p>a</p>\n</blockquote></div>"));
        for none in ["a\n\nb", "<!--more-->\n\na", "a <!--more--> b", "`<!--more-->`", "    <!--more-->"] {
            assert_eq!(post(none, &HashMap::new(), "p1").expect("short").lead, None, "{none}");
        }
    }

    #[test]
    fn html_of_posts_is_kept_where_it_is_harmless() {
        let made = html(
            "<details open><summary>S</summary>\n\n*x*\n\n</details>\n\nH<sub>2</sub>O <kbd>Ctrl</kbd><script>alert(1)</script>\n",
        );
        assert_eq!(
            made,
            "<details open=\"\"><summary>S</summary>\n<p><em>x</em></p>\n</details>\n<p>H<sub>2</sub>O <kbd>Ctrl</kbd></p>\n"
        );
    }

    #[test]
    fn comments_have_a_small_language() {
        for (source, expected) in [
            ("a\nb", "<p>a<br>\nb</p>\n"),
            ("# *T*", "<p><strong><em>T</em></strong></p>\n"),
            ("<b>x</b> & <!-- y -->", "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;!-- y --&gt;</p>\n"),
            ("<div>\n<p>x\n</div>", "<p>&lt;div&gt;<br>\n&lt;p&gt;x<br>\n&lt;/div&gt;</p>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
            ("> q", "<blockquote>\n<p>q</p>\n</blockquote>\n"),
            ("```rust\nfn\n```", "<pre tabindex=\"0\"><code>fn\n</code></pre>\n"),
            ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>\n"),
            ("[a](/x) [b](javascript:x) [c](foo)", "<p>a b c</p>\n"),
            ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n"),
            ("a\n\n---\n\nb", "<p>a</p>\n<p>b</p>\n"),
            ("&#x202e;x&#x2066;&#7;", "<p>x</p>\n"),
        ] {
            assert_eq!(said(source), expected, "{source}");
        }
        let rel = "rel=\"nofollow ugc noopener\"";
        assert_eq!(
            said("https://x.example/"),
            format!("<p><a href=\"https://x.example/\" {rel}>https://x.example/</a></p>\n")
        );
        assert_eq!(said("[a](https://x.example 't')"), format!("<p><a href=\"https://x.example/\" {rel}>a</a></p>\n"));
        assert_eq!(said("<me@x.example>"), format!("<p><a href=\"mailto:me@x.example\" {rel}>me@x.example</a></p>\n"));
        assert_eq!(
            said("![p](https://x.example/y.png)"),
            format!("<p><a href=\"https://x.example/y.png\" {rel}>p</a></p>\n")
        );
        assert_eq!(
            said("![](https://x.example/y.png)"),
            format!("<p><a href=\"https://x.example/y.png\" {rel}>https://x.example/y.png</a></p>\n")
        );
    }

    #[test]
    fn what_is_too_deep_or_too_long_is_refused_whole() {
        let quotes = |count: usize| format!("{} x", ">".repeat(count));
        assert!(comment(&quotes(MAX_COMMENT_DEPTH - 1)).is_ok());
        assert_eq!(comment(&quotes(MAX_COMMENT_DEPTH)), Err(RenderError::TooDeep));
        assert!(post(&quotes(MAX_POST_DEPTH - 1), &HashMap::new(), "p1").is_ok());
        assert_eq!(post(&quotes(MAX_POST_DEPTH), &HashMap::new(), "p1"), Err(RenderError::TooDeep));
        assert_eq!(comment(&"x".repeat(MAX_COMMENT + 1)), Err(RenderError::TooLong));
        assert_eq!(comment(&"&".repeat(MAX_COMMENT / 2)), Err(RenderError::TooLong));
    }
}
