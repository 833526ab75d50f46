//! Writing: what the editor does beyond a plain text area, and that all of it can be undone.

use serde_json::json;

use super::{
    blog::Blog,
    driver::{Browser, CONTROL, DOWN, ENTER, ESCAPE, RIGHT, SHIFT, TAB},
};
use crate::program::support::until;

/// An editor with an empty new post, the keyboard in its text.
struct Desk {
    browser: Browser,
    blog: Blog,
}

impl Desk {
    fn open() -> Self {
        let (blog, browser) = (Blog::start(), Browser::open());
        blog.sign_in(&browser);
        let desk = Self { browser, blog };
        desk.start_with("");
        desk
    }

    /// The form of a new post, opened again, with this typed already and the keyboard behind it.
    fn start_with(&self, text: &str) {
        self.browser.go(&self.blog.server.url("/admin/posts/new"));
        until("the tools", || self.browser.run("return !document.querySelector('[data-tools]').hidden") == true);
        let script = format!(
            "const t = document.getElementById('text'); t.focus(); document.execCommand('insertText', false, {});",
            json!(text)
        );
        self.browser.run(&script);
    }

    fn text(&self) -> String {
        self.browser.run("return document.getElementById('text').value").as_str().expect("a text").to_owned()
    }

    fn select(&self, from: usize, to: usize) {
        self.browser.run(&format!("document.getElementById('text').setSelectionRange({from}, {to})"));
    }

    fn tool(&self, command: &str) {
        self.browser.find(&format!("[data-command={command}]")).click();
    }

    fn unfold(&self) {
        self.browser.run("document.querySelector('.details').open = true");
    }

    fn undo(&self) {
        self.browser.press_together(&[CONTROL, "z"]);
    }

    /// What a paste is to the page: plain text, and HTML where another program puts it beside that.
    fn paste(&self, plain: &str, html: &str) {
        self.browser.run(&format!(
            "const d = new DataTransfer(); d.setData('text/plain', {}); if ({html}) d.setData('text/html', {html});
             document.getElementById('text').dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: d, bubbles: true, cancelable: true }}))",
            json!(plain),
            html = json!(html),
        ));
    }
}

#[test]
fn keys_and_tools_write_marks_that_the_browser_can_undo() {
    let desk = Desk::open();
    let browser = &desk.browser;
    browser.press("hello word");
    browser.press_together(&[CONTROL, "b"]);
    assert_eq!(desk.text(), "hello **word**");
    browser.press_together(&[CONTROL, "i"]);
    assert_eq!(desk.text(), "hello ***word***");
    browser.press_together(&[CONTROL, "b"]);
    assert_eq!(desk.text(), "hello *word*");
    desk.undo();
    desk.undo();
    assert_eq!(desk.text(), "hello **word**");
    desk.undo();
    assert_eq!(desk.text(), "hello word");
    desk.select(0, 5);
    browser.press_together(&[CONTROL, "k"]);
    assert_eq!(desk.text(), "[hello](https://) word");
    desk.undo();

    for (text, from, to, tool, expected) in [
        ("a\nb", 0, 3, "list", "- a\n- b"),
        ("- a\n- b", 0, 7, "numbered", "1. a\n2. b"),
        ("1. a", 0, 0, "task", "- [ ] a"),
        ("- [ ] a", 0, 0, "task", "a"),
        ("a\nb", 0, 3, "quote", "> a\n> b"),
        ("a", 0, 0, "heading", "## a"),
        ("a b", 2, 3, "code", "a `b`"),
        ("a\nb", 0, 3, "code", "```\na\nb\n```"),
        ("one two\n\nthree", 3, 3, "footnote", "one[^1] two\n\n[^1]: Note\n\nthree"),
        ("a", 1, 1, "table", "a\n\n| Column | Column |\n| --- | --- |\n|   |   |\n\n"),
    ] {
        desk.start_with(text);
        desk.select(from, to);
        desk.tool(tool);
        assert_eq!(desk.text(), expected, "{tool}");
        desk.undo();
        assert_eq!(desk.text(), text, "{tool} undone");
    }

    // One stop for Tab, and arrows from tool to tool.
    browser.run("document.querySelector('[data-command=bold]').focus()");
    browser.press(RIGHT);
    assert_eq!(browser.focused().attribute("data-command"), "italic");
    assert_eq!(browser.run("return document.querySelectorAll('[data-tools] [tabindex=\"0\"]').length"), 1);
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn lists_go_on_until_an_empty_item_and_tab_has_a_way_out() {
    let desk = Desk::open();
    let browser = &desk.browser;
    for (typed, expected) in [
        (["- one", "two", "", "end"], "- one\n- two\n\nend"),
        (["9. a", "b", "", "c"], "9. a\n10. b\n\nc"),
        (["- [x] a", "b", "", "c"], "- [x] a\n- [ ] b\n\nc"),
        (["> a", "b", "", "c"], "> a\n> b\n\nc"),
        (["plain", "text", "", "c"], "plain\ntext\n\nc"),
    ] {
        desk.start_with("");
        browser.press(&typed.join(ENTER));
        assert_eq!(desk.text(), expected);
    }

    desk.start_with("");
    browser.press(&format!("- a{ENTER}{TAB}b"));
    assert_eq!(desk.text(), "- a\n  - b");
    // An empty item within a list comes out into the one around it before that ends, too.
    browser.press(&format!("{ENTER}{ENTER}c{ENTER}{ENTER}d"));
    assert_eq!(desk.text(), "- a\n  - b\n- c\n\nd");
    desk.start_with("- a\n  - b");
    browser.press_together(&[SHIFT, TAB]);
    assert_eq!(desk.text(), "- a\n- b");
    desk.undo();
    assert_eq!(desk.text(), "- a\n  - b");
    browser.press(&format!("{ESCAPE}{TAB}"));
    assert_ne!(browser.focused().attribute("id"), "text", "Escape, then Tab leaves");
    assert_eq!(desk.text(), "- a\n  - b");

    // Where there is nothing to move, Tab is what it is everywhere.
    desk.start_with("plain");
    browser.press(TAB);
    assert_ne!(browser.focused().attribute("id"), "text");
    assert_eq!(desk.text(), "plain");
}

#[test]
fn marks_are_where_markdown_reads_them() {
    let desk = Desk::open();
    let browser = &desk.browser;
    for (text, from, to, tool, expected) in [
        ("One.\n\nTwo.", 0, 10, "bold", "**One.**\n\n**Two.**"),
        ("- one\n- [ ] two\n> three", 0, 25, "italic", "- *one*\n- [ ] *two*\n> *three*"),
        ("a one\n\ntwo b", 2, 10, "bold", "a **one**\n\n**two** b"),
        ("**One.**\n\n**Two.**", 0, 18, "bold", "One.\n\nTwo."),
        ("a] b", 0, 4, "link", "[a\\] b](https://)"),
    ] {
        desk.start_with(text);
        desk.select(from, to);
        desk.tool(tool);
        assert_eq!(desk.text(), expected, "{text}");
    }
    for (pasted, expected) in [("a] b", "[a\\] b](https://x.example/)"), ("a [b] c", "[a [b] c](https://x.example/)")] {
        desk.start_with(pasted);
        desk.select(0, 7);
        desk.paste("https://x.example/", "");
        assert_eq!(desk.text(), expected);
    }
    desk.start_with("> - a\n> - b");
    browser.press(TAB);
    assert_eq!(desk.text(), "> - a\n>   - b");
    browser.press(&format!("{ENTER}c{ENTER}{ENTER}d"));
    assert_eq!(desk.text(), "> - a\n>   - b\n>   - c\n> - d");
    desk.start_with("* * *");
    browser.press(&format!("{ENTER}a"));
    assert_eq!(desk.text(), "* * *\na");
}

#[test]
fn a_long_text_is_written_at_once_and_undone_at_once() {
    let desk = Desk::open();
    let browser = &desk.browser;
    desk.start_with("a");
    let paragraph = format!("<p>{} <b>bold</b> &lt;end&gt;</p>", "word ".repeat(15));
    let started = std::time::Instant::now();
    browser.run(
        "window.inputs = 0; document.getElementById('text').addEventListener('input', () => (window.inputs += 1))",
    );
    desk.paste("plain", &paragraph.repeat(600));
    let long = desk.text();
    assert_eq!(
        (long.lines().count(), long.starts_with("aword"), long.ends_with("**bold** \\<end>")),
        (1199, true, true)
    );
    desk.select(0, long.len());
    desk.tool("quote");
    assert!(desk.text().starts_with("> aword") && desk.text().ends_with("\\<end>"));
    assert_eq!(browser.run("return window.inputs"), 2, "one change each");
    desk.undo();
    assert_eq!(desk.text(), long);
    desk.undo();
    assert_eq!(desk.text(), "a");
    // Line by line it took half a minute.
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn enter_in_a_field_saves_and_leaves_what_readers_see() {
    let desk = Desk::open();
    let browser = &desk.browser;
    browser.fill("#title", "Out");
    browser.leave(|| browser.find("p.bar-of-state [value=publish]").click());
    desk.unfold();
    browser.run("document.getElementById('tags').focus()");
    browser.press(&format!("half{ENTER}"));
    until("it is saved", || browser.find("[data-state]").text() == "Saved. Readers do not see it until you update.");
    assert_eq!(browser.focused().attribute("id"), "tags");
}

/// As Word puts it on the clipboard.
const WORD: &str = "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><style>p.MsoNormal{mso-style-parent:\"\"}</style></head><body>\
<!--StartFragment--><h1>Title<o:p></o:p></h1><p class=MsoNormal>A <b>bold<o:p></o:p></b>&nbsp;word, <i>leaning</i>.</p>\
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>First</p>\
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp;</span></span>Inner</p>\
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1\nlfo1'><span style='mso-list:Ignore'>·</span>Second</p>\
<table class=MsoTableGrid><tr><td><p class=MsoNormal>A</p></td><td>B|C</td></tr><tr><td>1</td><td>2</td></tr></table>\
<p class=MsoNormal><a href=\"https://x.example/?utm_source=word&amp;id=3\">link</a><o:p>&nbsp;</o:p></p><!--EndFragment--></body></html>";

/// As Docs does.
const DOCS: &str = "<meta charset='utf-8'><b style=\"font-weight:normal;\" id=\"docs-internal-guid-1\"><h2><span style=\"font-weight:400\">Heading</span></h2>\
<p><span style=\"font-weight:400\">Plain </span><span style=\"font-weight:700\">bold</span><span style=\"font-weight:700;font-style:italic\"> both</span> \
<a href=\"https://www.google.com/url?q=https://y.example/p&amp;sa=D\"><span style=\"text-decoration:underline\">here</span></a></p>\
<ul><li aria-level=\"1\"><p><span>one</span></p></li><ul><li aria-level=\"2\"><p><span>two</span></p></li></ul><li><p><span style=\"text-decoration:line-through\">three</span></p></li></ul>\
<p><img src=\"https://img.example/x.png\" alt=\"A cat\"></p><p onclick=\"x\">5 * 3 &lt;b&gt; <a href=\"javascript:alert(1)\">no</a></p></b>";

#[test]
fn what_is_pasted_becomes_clean_markdown() {
    let desk = Desk::open();
    desk.start_with("see words here");
    desk.select(4, 9);
    desk.paste("https://x.example/a_(b)", "");
    assert_eq!(desk.text(), "see [words](https://x.example/a_%28b%29) here");
    desk.undo();
    assert_eq!(desk.text(), "see words here");

    desk.start_with("");
    desk.paste("Title …", WORD);
    assert_eq!(
        desk.text(),
        "# Title\n\nA **bold** word, *leaning*.\n\n- First\n  - Inner\n- Second\n\n| A | B\\|C |\n| --- | --- |\n| 1 | 2 |\n\n\
         [link](https://x.example/?id=3)"
    );
    desk.undo();
    assert_eq!(desk.text(), "");

    desk.paste("Heading …", DOCS);
    assert_eq!(
        desk.text(),
        "## Heading\n\nPlain **bold** ***both*** [here](https://y.example/p)\n\n- one\n  - two\n- ~~three~~\n\n\
         [A cat](https://img.example/x.png)\n\n5 \\* 3 \\<b> no"
    );
    desk.undo();
    let page = "<p>H<sub>2</sub>O and x<sup>2</sup></p><iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0\"></iframe>";
    desk.paste("H2O", page);
    assert_eq!(desk.text(), "H<sub>2</sub>O and x<sup>2</sup>\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ");
    desk.undo();
    for (html, expected) in [
        ("<p>One</p><p>Two &lt;b&gt;</p>", "One\n\nTwo \\<b>"),
        ("<p><b>bold,</b>next</p>", "**bold**,next"),
        ("<p><b>「強調」</b>です</p>", "「**強調**」です"),
        ("<p>a<b><code>x</code></b>d</p>", "a<strong>`x`</strong>d"),
        ("<p><i>foo</i><br>1. bar<br># baz</p>", "*foo*\\\n1\\. bar\\\n\\# baz"),
        ("<p>x<span style='vertical-align:super'>2</span></p>", "x<sup>2</sup>"),
    ] {
        desk.start_with("");
        desk.paste("plain", html);
        assert_eq!(desk.text(), expected, "{html}");
    }
    // A block in the middle of a line takes lines of its own.
    desk.start_with("ab");
    desk.select(1, 1);
    desk.paste("Title", "<h2>Title</h2>");
    assert_eq!(desk.text(), "a\n\n## Title\n\nb");
    // Styles are read, never applied: no rule of the page was asked to allow one.
    assert_eq!(desk.browser.console(), [""; 0]);
}

/// The paragraph at the top of the preview, and how far the text is scrolled.
const TOPMOST: &str = "
    const pane = document.querySelector('[data-preview]'), top = pane.getBoundingClientRect().top;
    return [...pane.querySelectorAll('p:not([data-failed]), h2')].find(one => one.getBoundingClientRect().bottom > top + 4)?.textContent ?? ''";

#[test]
fn the_preview_stands_beside_the_text_and_scrolls_with_it() {
    let desk = Desk::open();
    let browser = &desk.browser;
    let paragraph = |n: usize| format!("Paragraph {n} {}", "of words ".repeat(5 + n % 13));
    let text: Vec<String> = (0..60).map(|n| if n % 7 == 0 { format!("# Part {n}") } else { paragraph(n) }).collect();
    desk.start_with(&text.join("\n\n"));
    desk.tool("beside");
    until("the preview", || browser.find_now("[data-seen] h2").len() == 9);
    // What is typed is drawn; nothing of it runs.
    browser.press(" and *this*<img src=x onerror=document.title=1>");
    until("what was typed", || browser.find_now("[data-seen] em").len() == 1);
    assert!(browser.find_now("[data-seen] [onerror]").is_empty());

    for n in [20, 40] {
        // The line of that paragraph to the top of the text.
        browser.run(&format!(
            "const t = document.getElementById('text'), share = t.value.indexOf('Paragraph {n} ') / t.value.length;
             t.scrollTop = share * t.scrollHeight"
        ));
        until("the preview at the same place", || {
            let seen = browser.run(TOPMOST).as_str().expect("a text").to_owned();
            let number = seen.split(' ').nth(1).and_then(|number| number.parse::<usize>().ok());
            number.is_some_and(|number| number.abs_diff(n) <= 2)
        });
    }
    browser.run("document.querySelector('[data-preview]').scrollTop = 0");
    until("the text at its beginning", || browser.run("return document.getElementById('text').scrollTop") == 0);

    // Links lead to another tab: nothing that is written is left.
    assert_eq!(browser.console().iter().filter(|line| !line.contains("favicon")).count(), 0);
    browser.resize(390, 844);
    assert_eq!(browser.run("return document.getElementById('text').checkVisibility()"), false, "one of the two");
    desk.tool("beside");
    assert_eq!(browser.run("return document.getElementById('text').checkVisibility()"), true);
}

#[test]
fn a_full_screen_has_nothing_but_the_writing_and_ends_with_escape() {
    let desk = Desk::open();
    let browser = &desk.browser;
    desk.tool("full");
    assert_eq!(browser.find("[data-command=full]").attribute("aria-pressed"), "true");
    assert_eq!(browser.focused().attribute("id"), "text");
    let covers = "const box = document.querySelector('form.editor').getBoundingClientRect(); return [box.top, box.left, box.width, box.height]";
    assert_eq!(browser.run(covers), json!([0, 0, 1280, 900]));
    assert_eq!(browser.run("return document.querySelector('.bar').inert"), true, "what lies behind is out of reach");
    browser.press(ESCAPE);
    assert_eq!(browser.find("[data-command=full]").attribute("aria-pressed"), "false");
    assert_eq!(browser.run("return document.querySelector('.bar').inert"), false);
}

#[test]
fn posts_and_tags_are_found_while_they_are_typed() {
    let desk = Desk::open();
    let browser = &desk.browser;
    browser.press("As in [[");
    until("the search", || browser.focused().attribute("id") == "mention-field");
    until("the newest posts", || browser.find_now("#mention-list [role=option]").len() == 7);
    browser.press("durian everyth");
    browser.run("const f = document.getElementById('mention-field'); f.select()");
    browser.press("everyth");
    until("one post", || browser.find_now("#mention-list [role=option]").len() == 1);
    browser.press(&format!("{DOWN}{ENTER}"));
    let title = "Everything under one roof: a title that is long enough to need a second line on any telephone";
    assert_eq!(desk.text(), format!("As in [{title}](/2023/02/everything)"));
    desk.undo();
    assert_eq!(desk.text(), "As in [[");
    // In code two brackets are two brackets.
    desk.start_with("```\n");
    browser.press("[[");
    assert_eq!(browser.focused().attribute("id"), "text");

    browser.run("document.getElementById('tags').focus()");
    browser.press("trees, gar");
    until("the tag", || browser.find_now("#tags-list [role=option]").len() == 1);
    browser.press(&format!("{DOWN}{ENTER}"));
    assert_eq!(browser.run("return document.getElementById('tags').value"), "trees, garden, ");
}

#[test]
fn saving_and_publishing_are_a_key_away_and_publishing_asks() {
    let desk = Desk::open();
    let browser = &desk.browser;
    browser.fill("#title", "By keys");
    browser.run("document.getElementById('text').focus()");
    browser.press("One two three");
    until("the words", || browser.find("[data-words]").text() == "3");
    // The page stays: what is open, where the caret stands, and what can be undone.
    desk.tool("beside");
    desk.select(4, 7);
    browser.press_together(&[CONTROL, "s"]);
    let says = |words: &str| until(words, || browser.find("[data-state]").text() == words);
    says("Draft saved.");
    assert!(!browser.address().ends_with("/new"), "{}", browser.address());
    assert_eq!(browser.find("[data-command=beside]").attribute("aria-pressed"), "true");
    let caret = "const t = document.activeElement; return [t.id, t.selectionStart, t.selectionEnd]";
    assert_eq!(browser.run(caret), json!(["text", 4, 7]));
    until("what else can be done with it", || browser.find_now(".more-of-post a[href$=revisions]").len() == 1);
    assert_eq!(browser.find("h1").text(), "Edit post");
    let card = "return document.querySelector('[data-card=text]').textContent";
    until("the card", || browser.run(card) == "One two three");
    desk.undo();
    assert_ne!(desk.text(), "One two three");
    // With capitals locked, and where the keys write another alphabet.
    for (key, text) in [("S", "One"), ("ы", "Two")] {
        browser.run(&format!(
            "document.querySelector('[data-state]').textContent = '';
             const t = document.getElementById('text'); t.select(); document.execCommand('insertText', false, '{text}');
             t.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', code: 'KeyS', ctrlKey: true, bubbles: true, cancelable: true }}))"
        ));
        says("Draft saved.");
    }
    assert_eq!(browser.run("return document.querySelector('#text').value"), "Two");
    let address = "const s = document.querySelector('#slug'); s.value = 'by-keys'; s.dispatchEvent(new Event('input', { bubbles: true }));
        return document.querySelector('[data-card=address]').textContent";
    assert!(browser.run(address).as_str().is_some_and(|address| address.ends_with("/by-keys")));

    browser.run("document.getElementById('text').focus()");
    browser.press_together(&[CONTROL, ENTER]);
    assert_eq!(browser.find("dialog[open] h2").text(), "Publish this now?");
    browser.press(ESCAPE);
    assert!(browser.find_now("dialog[open]").is_empty());
    browser.run("document.getElementById('publish-at').value = '2199-02-11T08:30'");
    browser.press_together(&[CONTROL, ENTER]);
    assert_eq!(browser.find("dialog[open] h2").text(), "Schedule this for 11 February 2199, 08:30?");
    browser.press(ESCAPE);
    browser.run("document.getElementById('publish-at').value = ''");
    browser.run("document.getElementById('text').focus()");
    browser.press_together(&[CONTROL, ENTER]);
    browser.leave(|| browser.find("dialog[open] [value=publish]").click());
    assert_eq!(browser.find("[role=status]").text(), "Published.");

    desk.tool("help");
    assert!(browser.find("dialog[open]").text().contains("Esc, then Tab leaves the text."));
}

#[test]
fn what_is_to_be_mended_is_one_click_from_its_line() {
    let desk = Desk::open();
    let browser = &desk.browser;
    browser.resize(390, 700);
    let above = "A line.\n\n".repeat(60);
    desk.start_with(&format!("{above}![](/media/a/b.png)\n\n{above}"));
    browser.fill("#title", "Hasty");
    desk.unfold();
    browser.fill("#cover", "/media/0123456789abcdef0123456789abcdef/durian.jpg");
    browser.leave(|| browser.find("[name=action][value=publish]").click());
    until("the tools", || browser.run("return !document.querySelector('[data-tools]').hidden") == true);
    assert_eq!(browser.find("[data-kept]").attribute("hidden"), "true", "what stands in the form is not offered");
    browser.find(".findings li:nth-child(1) a").click();
    let selected = "const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd)";
    assert_eq!(browser.run(selected), "![](/media/a/b.png)");
    // Where the line is on the screen: its share of the text's height, from where the text begins.
    let place = "const t = document.activeElement; const line = t.value.slice(0, t.selectionStart).split('\\n').length;
        return t.getBoundingClientRect().top - t.scrollTop + t.scrollHeight * line / t.value.split('\\n').length";
    let place = browser.run(place).as_f64().expect("a place");
    assert!((20.0..500.0).contains(&place), "{place}");
    browser.find(".findings li:last-child a").click();
    assert_eq!(browser.focused().attribute("id"), "cover-alt");
    // What has been seen is published by the keyboard, too.
    browser.press_together(&[CONTROL, ENTER]);
    browser.leave(|| browser.find("dialog[open] [name=action]").click());
    assert_eq!(browser.find("[role=status]").text(), "Published.");
}

#[test]
fn a_picture_of_the_library_is_found_and_put_in_and_made_the_cover() {
    let desk = Desk::open();
    let browser = &desk.browser;
    desk.start_with("Above.");
    desk.tool("picture");
    until("what is there", || !browser.find_now("#library-list [role=option] img").is_empty());
    browser.press("picture");
    browser.press(DOWN);
    browser.press(ENTER);
    until("it is closed", || browser.find_now("dialog[open]").is_empty());
    let text = desk.text();
    assert!(text.starts_with("Above.\n\n![](/media/") && text.trim_end().ends_with("/picture.png)"), "{text}");
    desk.undo();
    assert_eq!(desk.text(), "Above.");

    desk.unfold();
    assert_eq!(browser.find("[data-card=picture]").attribute("hidden"), "true");
    browser.find("[data-choose-cover]").click();
    until("what is there", || !browser.find_now("#library-list [role=option] img").is_empty());
    browser.find("#library-list [role=option]").click();
    let cover = browser.run("return document.getElementById('cover').value");
    assert!(cover.as_str().is_some_and(|cover| cover.ends_with("/picture.png")), "{cover}");
    assert!(browser.find("[data-card=picture]").attribute("src").ends_with("/picture.png"));
    browser.fill("#title", "A title");
    assert_eq!(browser.find("[data-card=title]").text(), "A title");
}

#[test]
fn a_video_asks_nobody_before_it_is_played() {
    let desk = Desk::open();
    let browser = &desk.browser;
    browser.fill("#title", "A film");
    desk.browser.run("document.getElementById('text').focus()");
    browser.press("[The film](https://youtu.be/dQw4w9WgXcQ)");
    browser.leave(|| browser.find("p.bar-of-state [value=publish]").click());
    // What was asked for until now: the driver's own first page among it.
    browser.requests();
    browser.leave(|| browser.named("View").click());
    let own = desk.blog.server.url("/");
    let elsewhere = || browser.requests().into_iter().filter(|asked| !asked.starts_with(&own)).collect::<Vec<_>>();
    assert_eq!(browser.find(".video a").text(), "The film");
    assert_eq!(elsewhere(), [""; 0]);
    browser.find(".video a").click();
    assert_eq!(
        browser.find(".video iframe").attribute("src"),
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"
    );
    assert!(browser.console().iter().all(|line| !line.contains("Security Policy")), "its page allows its player");
}
