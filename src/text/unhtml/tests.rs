//! What HTML of other systems becomes as Markdown, and that none of it is lost unsaid.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::{
    model::language::Language,
    text::{markdown as drawn, tags, words::words},
};

fn of(html: &str) -> String {
    markdown(html).markdown.trim_end().to_owned()
}

#[test]
fn each_element_has_its_markdown() {
    for (html, expected) in [
        ("<p>One</p>\n<p>two\nthree</p>", "One\n\ntwo three"),
        ("a<br><br>b<br>c", "a\n\nb\\\nc"),
        ("<h1>A</h1><h3>B <em>c</em></h3>", "# A\n\n### B *c*"),
        ("<b>a </b>b <i>c</i><u>d</u> <s>e</s>", "**a** b *c*<u>d</u> ~~e~~"),
        ("<b><i>x</i> y</b>z", "***x* y**z"),
        ("a<b>\"b\"</b>c", "a<strong>\"b\"</strong>c"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<i>a</i><b>b</b>", "*a*<strong>b</strong>"),
        ("<a href='/a b(c)' title='T \"q\"'>x</a>", "[x](/a%20b%28c%29 \"T \\\"q\\\"\")"),
        ("wow!<a href=/x>y</a>", "wow\\![y](/x)"),
        ("<a href='javascript:x()'>y</a>", "y"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<ul><li><p>a</p><li><p>b</p></ul>", "- a\n\n- b"),
        ("<ol start=3><li>a<li>b</ol><ol><li>c</ol>", "3. a\n4. b\n\n1) c"),
        ("<ul><li><input type=checkbox checked> a<li><input type=checkbox> b</ul>", "- [x] a\n- [ ] b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre><code class=language-rust>let a = 1;\n\n`x`</code></pre>", "```rust\nlet a = 1;\n\n`x`\n```"),
        ("<pre class='brush: php; title: x'>a ``` b</pre>", "````php\na ``` b\n````"),
        ("x <code>a`b</code>", "x ``a`b``"),
        ("<hr>", "---"),
        (
            "<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <abbr title=X>Y</abbr>",
            "H<sub>2</sub>O <kbd>Ctrl</kbd> <abbr title=\"X\">Y</abbr>",
        ),
        (
            "<p>1. a_b_c *x* _y_ [z](w) # - &lt;b&gt; &amp;amp;",
            "1\\. a_b_c \\*x\\* \\_y\\_ \\[z\\](w) # - \\<b> \\&amp;",
        ),
        ("<p># a<br>- b", "\\# a\\\n\\- b"),
        ("<p>So $a_1 * b_2$ is", "So $a_1 * b_2\\$ is"),
        ("<p>$5 and $6, US$7", "$5 and $6, US\\$7"),
        ("<p>Ke$ha and A$AP Rocky, $$x$$", "Ke\\$ha and A\\$AP Rocky, $\\$x\\$\\$"),
        ("<p>$5 or <code>a$b</code>", "\\$5 or `a$b`"),
        (
            "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></semantics></math> $y",
            "$x_1$ $y",
        ),
        ("a<!--more-->b", "a\n\n<!--more-->\n\nb"),
        ("<img class=wp-smiley alt=':)' src=x.png> <img src=t.gif width=1 height=1>", ":)"),
        ("<script>x</script><style>y</style>z", "z"),
        ("<div><div>a</div><span>b</span><div>c</div></div>", "a\n\nb\n\nc"),
        ("<b><p>a</p><p>b</p></b>", "**a**\n\n**b**"),
    ] {
        assert_eq!(of(html), expected, "{html}");
    }
}

#[test]
fn pictures_have_their_captions_and_credits() {
    for (html, expected) in [
        (
            "<figure><img src=/a.png alt='A [b]'><figcaption>Cap \"x\"</figcaption></figure>",
            "![A \\[b\\]](/a.png \"Cap \\\"x\\\"\")",
        ),
        (
            "<figure><img src=/a.png><figcaption>Cap <small>Photo: S</small></figcaption></figure>",
            "![](/a.png \"Cap | Photo\\: S\")",
        ),
        ("<figure><a href=/a.jpg><img src=/a-300x200.jpg alt=x></a></figure>", "![x](/a.jpg)"),
        ("<figure><a href=/post><img src=/a.jpg alt=x></a></figure>", "[![x](/a.jpg)](/post)"),
        (
            "<figure class=gallery><figure><img src=/a.png alt=a><figcaption>A</figcaption></figure><figure><img src=/b.png alt=b></figure><figcaption>All</figcaption></figure>",
            "![a](/a.png \"A\")\n![b](/b.png)\n\nAll",
        ),
        ("<p><img src=/a.png alt=a> <img src=/b.png alt=b></p>", "![a](/a.png)\n\n![b](/b.png)"),
        ("<img src=/a.png><br>\n<a href=/x><img src=/b.png></a><br>c", "![](/a.png)\\\n[![](/b.png)](/x)\\\nc"),
        ("<img src=/a.png><br>\n<a href=/x><img src=/b.png></a>", "![](/a.png)\n\n[![](/b.png)](/x)"),
        ("<img src=data:x data-src=/a.png><noscript><img src=/a.png></noscript>", "![](/a.png)"),
        ("<figure><img src=/wait.gif data-src=/a.png><noscript><img src=/a.png></noscript></figure>", "![](/a.png)"),
        (
            "<ul class='wp-block-gallery columns-2'><li class=blocks-gallery-item><figure><img src=/a.png><figcaption>A</figcaption></figure></li><li><figure><img src=/b.png></figure></li></ul>",
            "![](/a.png \"A\")\n![](/b.png)",
        ),
        (
            "<figure class=wp-block-gallery><ul class=blocks-gallery-grid><li><figure><img src=/a.png></figure></li><li><figure><img src=/b.png></figure></li></ul><figcaption>All</figcaption></figure>",
            "![](/a.png)\n![](/b.png)\n\nAll",
        ),
        (
            "<figure class=wp-block-gallery><figure><img src=/a.png><figcaption>A</figcaption></figure><figcaption>All</figcaption></figure>",
            "![](/a.png \"A\")\n\nAll",
        ),
    ] {
        assert_eq!(of(html), expected, "{html}");
    }
    assert_eq!(
        of("<figure><table><thead><tr><th>a</thead><tr><td>1</table><figcaption>Cap</figcaption></figure>"),
        "<figure><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><figcaption>Cap</figcaption></figure>"
    );
    for (html, expected) in [
        (
            "<figure><video src=/a.mp4></video><figcaption>Cap <b>b</b></figcaption></figure>",
            "[a.mp4](/a.mp4)\n\nCap **b**",
        ),
        ("<figure><video src=/a.mp4></video><figcaption>Cap [1]</figcaption></figure>", "[Cap \\[1\\]](/a.mp4)"),
        (
            "<figure><iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe><figcaption>Cap</figcaption></figure>",
            "[Cap](https://www.youtube.com/watch?v=dQw4w9WgXcQ)",
        ),
        (
            "<figure><div>\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=5\n</div><figcaption>Cap</figcaption></figure>",
            "[Cap](https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=5)",
        ),
        ("<figure><div>https://x.example/a</div><figcaption>Cap</figcaption></figure>", "https://x.example/a\n\nCap"),
    ] {
        assert_eq!(of(html), expected, "{html}");
    }
    let lost = markdown(
        "<figure><figure><img src=/a.png><figcaption>By <a href=/s>S</a></figcaption></figure><figure><img src=/b.png></figure></figure>",
    );
    assert_eq!((lost.markdown.as_str(), lost.lost.len()), ("![](/a.png \"By S\")\n![](/b.png)\n", 1));
    let linked = of("<figure><img src=/a.png alt=a><figcaption>By <a href=/s>S</a></figcaption></figure>");
    assert_eq!(
        linked,
        "<figure><img src=\"/a.png\" alt=\"a\"><figcaption>By <a href=\"/s\">S</a></figcaption></figure>"
    );
}

#[test]
fn plain_tables_are_markdown_and_others_stay_html() {
    assert_eq!(
        of("<table><thead><tr><th>A<th style='text-align: right'>B</thead><tr><td>a|b<td>1<tr><td><b>c</b></table>"),
        "| A | B |\n| --- | --: |\n| a\\|b | 1 |\n| **c** | |"
    );
    assert_eq!(
        of("<table><tr><th>A<th>B<tr><td align=right>1<td align=right>2<tr><td align=right>3<td>4</table>"),
        "| A | B |\n| --: | --- |\n| 1 | 2 |\n| 3 | 4 |"
    );
    assert!(of("<table><tr><td>a<td>b<tr><td>c<td>d</table>").starts_with("<table>"), "no row of heads");
    assert!(of("<table><tr><th colspan=2>a<tr><td>b<td>c</table>").contains("colspan=\"2\""));
    assert_eq!(of("<table><tr><td>only <b>places</b></table>"), "only **places**");
}

#[test]
fn footnotes_are_footnotes_again() {
    let expected = "A[^1] b[^2]\n\n[^1]: One\n\n[^2]: Two\n\n    more";
    let kramdown = "<p>A<sup id='fnref:1'><a href='#fn:1' class=footnote>1</a></sup> b<sup id='fnref:2'><a href='#fn:2'>2</a></sup></p>\
         <div class=footnotes><hr><ol><li id='fn:1'><p>One <a href='#fnref:1'>↩</a></p></li>\
         <li id='fn:2'><p>Two</p><p>more <a href='#fnref:2'>↩</a></p></li></ol></div>";
    assert_eq!(of(kramdown), expected);
    let wordpress = "<p>A<sup data-fn=x class=fn><a href='#x' id='x-link'>1</a></sup></p><ol class='wp-block-footnotes'><li id=x>One <a href='#x-link'>↩</a></li></ol>";
    assert_eq!(of(wordpress), "A[^1]\n\n[^1]: One");
    assert_eq!(
        of("<p><a href='#b'>1</a></p><p id=b>x</p>"),
        "[1](#b)\n\n<a id=\"b\"></a>x",
        "a link within the page is none"
    );
}

#[test]
fn links_within_a_text_lead_where_they_led() {
    for (html, expected) in [
        ("<p><a href='#sec-2'>b</a></p><h2 id=sec-2>Über uns</h2>", "[b](#uber-uns)\n\n## Über uns"),
        ("<a href='#b'>b</a><h2>X</h2><h2 id=b>X</h2>", "[b](#x-2)\n\n## X\n\n## X"),
        ("<a href='#b'>b</a><p><a name=b></a></p><h2>X <i>y</i></h2>", "[b](#x-y)\n\n## X *y*"),
        ("<a href='#%C3%BC'>b</a><h2><span id=ü>X</span></h2>", "[b](#x)\n\n## X"),
        // A heading that shares its name with another place keeps its own.
        (
            "<a href='#b'>b</a> <a href='#x'>x</a><h2 id=b>X</h2><p id=x>y",
            "[b](#b) [x](#x)\n\n## <a id=\"b\"></a>X\n\n<a id=\"x\"></a>y",
        ),
        ("<a href='#li'>b</a><ul><li id=li>x</ul>", "[b](#li)\n\n- <a id=\"li\"></a>x"),
        ("<a href='#p'>b</a><p><a href='/y'><i id=p>x</i></a></p>", "[b](#p)\n\n<a id=\"p\"></a>[*x*](/y)"),
        ("<a href='#ü 1'>b</a><p id='ü 1'>x", "[b](#place-1)\n\n<a id=\"place-1\"></a>x"),
        ("<p><a href='#t'>b</a></p><pre id=t>x</pre>", "[b](#t)\n\n<a id=\"t\"></a>\n\n```\nx\n```"),
        (
            "<a href='#comment-12'>b</a> <a href='#respond'>c</a> <a href='#'>d</a>",
            "[b](#comment-12) [c](#comments) [d](#)",
        ),
    ] {
        let made = markdown(html);
        assert_eq!((made.markdown.trim_end(), made.lost.len()), (expected, 0), "{html}");
        let drawn = drawn::post(&made.markdown, &HashMap::new(), "p1").expect("short").html;
        for piece in tags::pieces(&drawn) {
            let tags::Piece::Open("a", list) = piece else { continue };
            let to = tags::attribute(list, "href").and_then(|href| href.strip_prefix('#'));
            let Some(to) = to.filter(|to| !to.is_empty() && !to.starts_with("comment")) else { continue };
            assert!(drawn.contains(&format!(" id=\"{to}\"")), "{drawn}");
        }
    }
    let nowhere = markdown("<a href='#b'>b</a>");
    assert_eq!((nowhere.markdown.as_str(), nowhere.lost.len()), ("[b](#b)\n", 1));
    let table = markdown("<a href='#r'>b</a><table><tr id=r><td>a<td>b<tr><td>c<td>d</table>").markdown;
    assert!(table.contains("<a id=\"r\"></a>\n\n<table>"), "{table}");
}

#[test]
fn what_opens_and_what_plays_is_kept() {
    assert_eq!(
        of("<details open><summary>S <b>b</b></summary><p>a</p><ul><li>x</ul></details>"),
        "<details open>\n<summary>S <b>b</b></summary>\n\na\n\n- x\n\n</details>"
    );
    assert_eq!(
        of("<iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ?x'></iframe>"),
        "<https://www.youtube.com/watch?v=dQw4w9WgXcQ>"
    );
    let other = markdown("<iframe src='//maps.example/x' title='A map'></iframe><form><input name=a></form>");
    assert_eq!(other.markdown, "[A map](https://maps.example/x)\n");
    assert_eq!(
        other.lost.iter().map(|lost| words(Language::ENGLISH).remark(lost)).collect::<Vec<_>>(),
        ["iframe of https://maps.example/x: a link stands in its place", "form"]
    );
    assert_eq!(of("<video controls><source src=/v/a.mp4></video>"), "[a.mp4](/v/a.mp4)");
    assert!(of("<dl><dt>a</dt><dd>b</dd></dl>").starts_with("<dl><dt>a</dt>"));
}

#[test]
fn of_a_text_that_is_too_long_the_beginning_is_kept() {
    let made = markdown(&"<p>wörd</p>".repeat(MAX_POST / 11));
    assert!(made.markdown.starts_with("wörd\n\nwörd") && made.markdown.len() > MAX_POST / 4);
    assert_eq!(made.lost, [remark("lost-text")]);
}

#[test]
fn hostile_html_costs_little() {
    for html in [
        "<blockquote>".repeat(200_000),
        "<ul><li>".repeat(100_000),
        "<b><i>".repeat(100_000) + "x",
        "<a href=#x id=x>".repeat(50_000),
        "<table><tr><td>".repeat(60_000),
        "<figure><img src=a>".repeat(2_000),
        "*".repeat(20_000),
        "[".repeat(20_000) + &"](x)".repeat(1000),
        "<p>$".repeat(50_000),
        "$a ".repeat(50_000),
        "<p>a\0\u{1}b</p>".to_owned(),
        "<!--".repeat(100_000),
        "<details><summary>".repeat(10_000),
        (0..20_000).map(|number| format!("<a href=#x{number}>a</a><p id=x{number}>b</p>")).collect(),
        (0..1_900).map(|number| format!("<a href=#x{number}></a><p id=x{number}></p>")).collect::<String>()
            + &"<hr>".repeat(9_000),
        "<a href=#x>a</a><h2 id=x>b</h2>".repeat(5_000),
    ] {
        let made = markdown(&html).markdown;
        assert!(made.len() < 8 << 20);
        assert!(drawn::post(&made, &HashMap::new(), "p1").is_ok(), "{}", &html[..30.min(html.len())]);
    }
}

/// The letters of a text without gaps, in an order of their own: captions and summaries may move.
fn letters_of(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn piece() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z*_#$\\[\\]()!~`.>+=|\\\\-]{1,6}",
        "[a-z0-9]?[$]{1,2}[(a-zé\u{a0}]{0,3}",
        "[0-9]{1,2}[.)]",
        Just("&lt;b&gt;".to_owned()),
        Just("&amp;amp;".to_owned()),
        Just("https://x.example/a_b".to_owned()),
        Just(" ".to_owned()),
        Just("é\u{a0}日".to_owned()),
    ];
    word.prop_recursive(5, 60, 5, |inner| {
        let element = prop::sample::select(vec![
            "p",
            "b",
            "i",
            "em",
            "s",
            "code",
            "ul",
            "li",
            "ol",
            "blockquote",
            "h2",
            "pre",
            "div",
            "span",
            "table",
            "tr",
            "td",
            "th",
            "sup",
            "u",
            "dl",
            "dt",
            "a href='/x'",
            "figure",
            "figcaption",
            "details",
            "summary",
            "font",
        ]);
        (element, prop::collection::vec(inner, 0..5)).prop_map(|(element, inner)| {
            let name = element.split(' ').next().unwrap();
            format!("<{element}>{}</{name}>{}", inner.concat(), if inner.len() == 3 { "<br>" } else { "" })
        })
    })
}

proptest! {
    #[test]
    fn the_markdown_says_what_the_html_says(pieces in prop::collection::vec(piece(), 0..6)) {
        let html = pieces.concat();
        let made = markdown(&html).markdown;
        let again = drawn::post(&made, &HashMap::new(), "p1").expect("neither deep nor long").html;
        let expected = Dom::read(&html).text(Dom::ROOT);
        prop_assert_eq!(letters_of(&tags::text_of(&again)), letters_of(&expected), "{}", made);
    }

    #[test]
    fn no_text_is_too_odd(html in "(<|>|/|b|p|td|table|tr|li|ul|!--|-->|&|;|#|x|\"|=| |é|script|\\$|\\*|`|\\[|\n){0,80}") {
        let made = markdown(&html).markdown;
        prop_assert!(drawn::post(&made, &HashMap::new(), "p1").is_ok());
    }
}

#[test]
fn films_at_their_old_addresses_are_films_where_they_stand_alone() {
    const FILM: &str = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
    for (html, expected) in [
        ("<p>http://www.youtube.com/watch?v=dQw4w9WgXcQ</p>", FILM.to_owned()),
        ("a<br><br>http://youtu.be/dQw4w9WgXcQ", "a\n\nhttps://youtu.be/dQw4w9WgXcQ".to_owned()),
        ("<a href='http://vimeo.com/76979871'>Walk</a>", "[Walk](https://vimeo.com/76979871)".to_owned()),
        ("See http://youtu.be/dQw4w9WgXcQ", "See http://youtu.be/dQw4w9WgXcQ".to_owned()),
        ("http://youtu.be/about", "http://youtu.be/about".to_owned()),
    ] {
        assert_eq!(of(html), expected, "{html}");
    }
}

#[test]
fn what_runs_from_right_to_left_says_so_and_empty_lines_are_none() {
    for (html, expected) in [
        ("<p dir=rtl>א</p><p dir=RTL>ב</p><p>c</p>", "<div dir=\"rtl\">\n\nא\n\nב\n\n</div>\n\nc"),
        (
            "<div dir=rtl><p dir=rtl>א</p><p dir=ltr>b</p></div>",
            "<div dir=\"rtl\">\n\nא\n\n<div dir=\"ltr\">\n\nb\n\n</div>\n\n</div>",
        ),
        ("<div dir=ltr>a</div>", "a"),
        (
            "<div dir=rtl>א<!--more-->ב</div>",
            "<div dir=\"rtl\">\n\nא\n\n</div>\n\n<!--more-->\n\n<div dir=\"rtl\">\n\nב\n\n</div>",
        ),
        ("<p>&nbsp;</p><p>a<p dir=rtl>&nbsp;</p>", "a"),
    ] {
        assert_eq!(of(html), expected, "{html}");
    }
    let drawn = drawn::post("<div dir=\"rtl\">\n\nא *b*\n\n</div>", &HashMap::new(), "p1").expect("short").html;
    assert!(drawn.contains("<div dir=\"rtl\">") && drawn.contains("<em>b</em>"), "{drawn}");
}
