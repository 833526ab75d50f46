//! A blog as WordPress's importer reads it (WXR 1.2): each row as XML, whatever is in it.

use std::{
    collections::{BTreeSet, HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use super::body::escaped;
use crate::{
    exchange::laman::Row,
    model::{post::anchor, time::Time},
    text::{plain, sanitise, slug},
};

/// What stands before everything; the channel stays open.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" \
    xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n";
/// What stands behind it.
pub const TAIL: &str = "</channel>\n</rss>\n";
/// What WordPress writes where there is no moment.
const NO_TIME: &str = "0000-00-00 00:00:00";
/// What WordPress's own code would do something with where a text is about it.
const SHORTCODES: [&str; 7] = ["audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"];
/// Posts, files and covers share their numbers: each kind has every third.
const KINDS: i64 = 3;

/// The blog that is written.
pub struct Blog {
    /// Its address, without a slash at its end.
    pub base: String,
    /// Its clock, which WordPress goes by.
    pub zone: TimeZone,
    /// When this is written.
    pub now: Time,
    /// Moments that items have, each with the one behind it.
    pub taken: HashMap<u64, i64>,
}

/// What a post's row does not say.
#[derive(Debug, Default)]
pub struct Beside {
    /// The text as readers see it.
    pub html: String,
    /// The file above it, where it says the same of itself as the post does: its number.
    pub cover: Option<i64>,
}

impl Blog {
    /// Everything before the first item but the people.
    pub fn head(&self, settings: &Row) -> String {
        let mut out = HEAD.to_owned();
        element(&mut out, "title", &as_html(word(settings, "title")));
        element(&mut out, "link", &self.base);
        element(&mut out, "description", &as_html(word(settings, "description")));
        element(&mut out, "pubDate", &self.now.rfc2822());
        element(&mut out, "language", word(settings, "language"));
        element(&mut out, "wp:wxr_version", "1.2");
        element(&mut out, "wp:base_site_url", &self.base);
        element(&mut out, "wp:base_blog_url", &self.base);
        out
    }

    /// Somebody who writes.
    pub fn author(&self, number: &str, row: &Row) -> String {
        let mut out = "<wp:author>".to_owned();
        element(&mut out, "wp:author_id", number);
        element(&mut out, "wp:author_login", word(row, "slug"));
        element(&mut out, "wp:author_email", word(row, "email"));
        element(&mut out, "wp:author_display_name", word(row, "name"));
        out.push_str("</wp:author>\n");
        out
    }

    /// A picture or a file, which WordPress fetches from its address.
    pub fn file(&mut self, row: &Row) -> String {
        let number = number(row, "id") * KINDS + 1;
        let name = word(row, "name");
        let address = format!("/media/{}/{name}", word(row, "hash"));
        let mut out = self.attachment(number, 0, name, &address, word(row, "alt"), at(row, "created_at"));
        element(&mut out, "dc:creator", word(row, "uploaded_by"));
        element(&mut out, "excerpt:encoded", &as_html(word(row, "caption")));
        out.push_str("</item>\n");
        out
    }

    fn attachment(&mut self, number: i64, of: i64, name: &str, address: &str, alt: &str, at: Option<Time>) -> String {
        let at = at.map(|at| self.apart("attachment", name, at));
        let address = match address.starts_with('/') {
            true => format!("{}{address}", self.base),
            false => address.to_owned(),
        };
        let mut out = "<item>\n".to_owned();
        element(&mut out, "title", &as_html(name));
        element(&mut out, "link", &address);
        element(&mut out, "wp:post_id", &number.to_string());
        self.dates(&mut out, "wp:post_date", at, at);
        element(&mut out, "wp:post_name", &slug::slug(name));
        element(&mut out, "wp:status", "inherit");
        element(&mut out, "wp:post_parent", &of.to_string());
        element(&mut out, "wp:post_type", "attachment");
        element(&mut out, "wp:attachment_url", &address);
        meta(&mut out, "_wp_attachment_image_alt", alt);
        out
    }

    /// A post or page up to its comments, which follow, and `</item>` behind them. Before it the picture above it, where that
    /// says other words here than elsewhere.
    pub fn post(&mut self, row: &Row, beside: &Beside) -> String {
        let number = number(row, "id") * KINDS;
        let (title, path, cover) = (word(row, "title"), word(row, "path"), word(row, "cover"));
        let link = format!("{}/{path}", self.base);
        let mut out = String::new();
        let mut cover_number = beside.cover.map(|file| file * KINDS + 1);
        if cover_number.is_none() && !cover.is_empty() {
            let name = cover.rsplit('/').next().unwrap_or_default();
            out.push_str(&self.attachment(
                number + 2,
                number,
                name,
                cover,
                word(row, "cover_alt"),
                at(row, "created_at"),
            ));
            element(&mut out, "excerpt:encoded", &as_html(word(row, "cover_caption")));
            out.push_str("</item>\n");
            cover_number = Some(number + 2);
        }
        out.push_str("<item>\n");
        element(&mut out, "title", &as_html(title));
        element(&mut out, "link", if path.is_empty() { &self.base } else { &link });
        let kind = if word(row, "kind") == "page" { "page" } else { "post" };
        let state = self.state(row);
        // A draft has the clock of whoever saved it, and no moment.
        let shown = at(row, "published_at").or_else(|| at(row, "saved_at")).map(|at| self.apart(kind, title, at));
        let published = shown.filter(|_| at(row, "published_at").is_some());
        if let Some(at) = published {
            element(&mut out, "pubDate", &at.rfc2822());
        }
        let authors: Vec<&str> = words(row, "authors").collect();
        element(&mut out, "dc:creator", authors.first().copied().unwrap_or_default());
        out.push_str("<guid isPermaLink=\"false\">");
        out.push_str(&cdata(&format!("urn:uuid:{}", word(row, "uuid"))));
        out.push_str("</guid>\n");
        let html = sanitise::absolute(&beside.html, &self.base, &link);
        // Places of the text itself stay its own.
        let html = html.replace(&format!("href=\"{}#", escaped(&link)), "href=\"#");
        element(&mut out, "content:encoded", &body(&html, word(row, "uuid")));
        element(&mut out, "excerpt:encoded", &as_html(word(row, "excerpt")));
        element(&mut out, "wp:post_id", &number.to_string());
        self.dates(&mut out, "wp:post_date", shown, published);
        // What readers have seen unchanged since it came was changed when it came.
        let came = published.filter(|at| *at <= self.now);
        let changed = at(row, "updated_at").or(came).or_else(|| at(row, "saved_at"));
        self.dates(&mut out, "wp:post_modified", changed, changed);
        element(&mut out, "wp:comment_status", if word(row, "comments") == "open" { "open" } else { "closed" });
        element(&mut out, "wp:ping_status", "closed");
        element(&mut out, "wp:post_name", last(if path.is_empty() { word(row, "slug") } else { path }));
        element(&mut out, "wp:status", state);
        element(&mut out, "wp:post_parent", "0");
        element(&mut out, "wp:menu_order", "0");
        element(&mut out, "wp:post_type", kind);
        element(&mut out, "wp:post_password", "");
        element(&mut out, "wp:is_sticky", if is_yes(row, "featured") { "1" } else { "0" });
        for tag in words(row, "tags") {
            filed(&mut out, "post_tag", &slug::tag(tag), tag);
        }
        // As the plugin has it that gives WordPress more than one author.
        for author in authors.iter().filter(|_| authors.len() > 1) {
            filed(&mut out, "author", author, author);
        }
        if let Some(number) = cover_number {
            meta(&mut out, "_thumbnail_id", &number.to_string());
        }
        let old: BTreeSet<&str> = words(row, "old_paths").filter(|path| !path.contains('?')).map(last).collect();
        for old in old.into_iter().filter(|old| *old != last(path)) {
            meta(&mut out, "_wp_old_slug", old);
        }
        if !word(row, "description").is_empty() {
            meta(&mut out, "_yoast_wpseo_metadesc", word(row, "description"));
        }
        out
    }

    /// The moment, or one so many seconds later that no other item of the kind and the title has it: the importer takes two for one.
    fn apart(&mut self, kind: &str, title: &str, at: Time) -> Time {
        let local = at.in_zone(&self.zone);
        let second = at.0.div_euclid(1000);
        let offset = i64::from(local.offset().seconds());
        // It does not tell capitals and accents apart; of what has no title it compares the moment alone.
        let title = slug::slug(title);
        let mark = |title: &str, second: i64| {
            let mut hasher = DefaultHasher::new();
            (kind, title, second + offset).hash(&mut hasher);
            hasher.finish()
        };
        let mut free = second;
        while let Some(next) = self.taken.get(&mark(&title, free)) {
            free = *next;
        }
        for (title, second) in [(title.as_str(), second), (title.as_str(), free), ("", free)] {
            self.taken.insert(mark(title, second), free + 1);
        }
        if free == second { at } else { Time(free * 1000) }
    }

    fn state(&self, row: &Row) -> &'static str {
        let is_to_come = at(row, "published_at").is_some_and(|at| at > self.now);
        match word(row, "state") {
            _ if at(row, "trashed_at").is_some() => "trash",
            "published" if is_to_come => "future",
            "published" => "publish",
            _ if at(row, "submitted_at").is_some() => "pending",
            _ => "draft",
        }
    }

    /// A comment, whose row says its HTML, and the number of its author if that is one of the blog's people.
    pub fn comment(&self, row: &Row) -> String {
        let mut out = "<wp:comment>\n".to_owned();
        element(&mut out, "wp:comment_id", &number(row, "id").to_string());
        element(&mut out, "wp:comment_author", &as_html(word(row, "name")));
        element(&mut out, "wp:comment_author_email", word(row, "email"));
        element(&mut out, "wp:comment_author_url", word(row, "website"));
        let written = at(row, "created_at");
        self.dates(&mut out, "wp:comment_date", written, written);
        element(&mut out, "wp:comment_content", &said(word(row, "html")));
        let state = match word(row, "state") {
            _ if at(row, "trashed_at").is_some() => "trash",
            "approved" => "1",
            "held" => "0",
            "spam" => "spam",
            // What is left of one whose author took it back.
            _ => "trash",
        };
        element(&mut out, "wp:comment_approved", state);
        element(&mut out, "wp:comment_type", "comment");
        element(&mut out, "wp:comment_parent", &number(row, "parent").to_string());
        element(&mut out, "wp:comment_user_id", &number(row, "user").to_string());
        out.push_str("</wp:comment>\n");
        out
    }

    /// Twice: by the blog's clock, and in UTC.
    fn dates(&self, out: &mut String, name: &str, local: Option<Time>, utc: Option<Time>) {
        let said = |at: Option<Time>, zone: &TimeZone| {
            at.map_or_else(|| NO_TIME.to_owned(), |at| at.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S").to_string())
        };
        element(out, name, &said(local, &self.zone));
        element(out, &format!("{name}_gmt"), &said(utc, &TimeZone::UTC));
    }
}

/// What WordPress makes paragraphs of: it would break lines where this does, but in code, where it leaves them.
fn body(html: &str, uuid: &str) -> String {
    let more = format!("<span id=\"{}-more\"></span>", anchor(uuid));
    let mut html = videos(&html.replacen(&more, "<!--more-->", 1));
    for name in SHORTCODES {
        html = html
            .replace(&format!("[{name}"), &format!("&#91;{name}"))
            .replace(&format!("[/{name}"), &format!("&#91;/{name}"));
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, code)) = rest.split_once("<pre") {
        let (code, behind) = code.split_at(code.find("</pre>").unwrap_or(code.len()));
        out.push_str(&before.replace('\n', " "));
        out.push_str("<pre");
        out.push_str(&without_colours(&code.replacen(" tabindex=\"0\"", "", 1)));
        rest = behind;
    }
    out.push_str(&rest.replace('\n', " "));
    out.trim().to_owned()
}

/// A comment, its paragraphs apart by blank lines: of what readers sent, WordPress keeps neither `<p>` nor `<br>`, and makes them anew.
fn said(html: &str) -> String {
    let html = body(html, "");
    let mut out = String::with_capacity(html.len());
    for (number, part) in html.split("<pre").enumerate() {
        let (code, words) = part.split_at(if number == 0 { 0 } else { part.find("</pre>").unwrap_or(part.len()) });
        out.extend([if number == 0 { "" } else { "<pre" }, code]);
        let mut words = words.replace("<p>", "");
        for end in ["</p>", "</pre>", "</blockquote>", "</ul>", "</ol>"] {
            words = words.replace(end, &format!("{}\n\n", if end == "</p>" { "" } else { end }));
        }
        for (tag, line) in [("<br>", "\n"), ("<ul>", "<ul>\n"), ("<ol>", "<ol>\n"), ("</li>", "</li>\n")] {
            words = words.replace(tag, line);
        }
        let mut lines = words.split('\n').map(str::trim).collect::<Vec<_>>().join("\n");
        while lines.contains("\n\n\n") {
            lines = lines.replace("\n\n\n", "\n\n");
        }
        out.push_str(&lines);
    }
    out.trim().to_owned()
}

/// Code without the marks that give its words their colours.
fn without_colours(code: &str) -> String {
    let mut plain = String::with_capacity(code.len());
    for (number, part) in code.replace("</span>", "").split("<span class=\"h").enumerate() {
        let word = part.split_once('>').filter(|_| number > 0);
        plain.push_str(word.map_or(part, |(_, word)| word));
    }
    plain
}

/// A video as its address alone, of which WordPress makes a player.
fn videos(html: &str) -> String {
    const BEGIN: &str = "<figure class=\"video\"><a href=\"";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, video)) = rest.split_once(BEGIN) {
        let parts = video.split_once('"').and_then(|(address, rest)| Some((address, rest.split_once("</figure>")?)));
        let Some((address, (inner, behind))) = parts else { break };
        out.extend([before, "<p>", address, "</p>"]);
        let caption = inner.split_once("<figcaption>").and_then(|(_, rest)| rest.split_once("</figcaption>"));
        if let Some((caption, _)) = caption {
            out.extend(["<p>", caption, "</p>"]);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn filed(out: &mut String, domain: &str, nicename: &str, name: &str) {
    let nicename = as_html(nicename);
    out.push_str(&format!(
        "<category domain=\"{domain}\" nicename=\"{nicename}\">{}</category>\n",
        cdata(&as_html(name))
    ));
}

fn meta(out: &mut String, key: &str, value: &str) {
    out.push_str("<wp:postmeta>");
    element(out, "wp:meta_key", key);
    element(out, "wp:meta_value", value);
    out.push_str("</wp:postmeta>\n");
}

fn element(out: &mut String, name: &str, text: &str) {
    out.extend(["<", name, ">", &cdata(text), "</", name, ">\n"]);
}

/// A text as it is: what XML cannot hold is left out, and the end of such a section never stands in one.
fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", plain::xml_safe(text).replace("]]>", "]]]]><![CDATA[>"))
}

/// Plain text as HTML, which WordPress takes titles, names and excerpts for.
fn as_html(text: &str) -> String {
    escaped(&plain::xml_safe(text))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn word<'a>(row: &'a Row, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn words<'a>(row: &'a Row, key: &str) -> impl Iterator<Item = &'a str> {
    row.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn number(row: &Row, key: &str) -> i64 {
    row.get(key).and_then(Value::as_i64).unwrap_or_default()
}

fn is_yes(row: &Row, key: &str) -> bool {
    row.get(key).is_some_and(|value| value.as_bool().unwrap_or(value.as_i64() == Some(1)))
}

/// A moment as it stands in an archive.
fn at(row: &Row, key: &str) -> Option<Time> {
    match row.get(key)? {
        Value::String(text) => text.parse::<Timestamp>().ok().map(Time::from),
        value => value.as_i64().map(Time),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::{Reader, events::Event};
    use serde_json::json;

    use super::*;

    fn blog() -> Blog {
        let zone = TimeZone::get("Asia/Kuala_Lumpur").unwrap();
        Blog { base: "https://blog.example".to_owned(), zone, now: Time(1_676_104_200_000), taken: HashMap::new() }
    }

    fn row(value: &Value) -> Row {
        value.as_object().unwrap().clone()
    }

    /// The texts of every element of this name; fails where the XML is none.
    fn read(xml: &str, name: &str) -> Vec<String> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = true;
        let (mut found, mut open) = (Vec::new(), Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    open.push(start.name().as_ref().to_string());
                    for attribute in start.attributes() {
                        attribute.unwrap();
                    }
                    if open.last().is_some_and(|open| open == name) {
                        found.push(String::new());
                    }
                }
                Event::End(_) => drop(open.pop()),
                Event::CData(text) => {
                    let text = text.into_inner();
                    assert!(text.chars().all(|c| plain::xml_safe(&c.to_string()) == c.to_string()));
                    if open.last().is_some_and(|open| open == name)
                        && let Some(last) = found.last_mut()
                    {
                        last.push_str(&text);
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(open.is_empty(), "{open:?} {xml}");
        found
    }

    #[test]
    fn a_post_has_the_state_and_the_dates_that_wordpress_gives_it() {
        for (state, published, trashed, submitted, expected) in [
            ("published", "2023-02-10T08:00:00+08:00", json!(null), json!(null), "publish"),
            ("published", "2031-02-10T08:00:00+08:00", json!(null), json!(null), "future"),
            ("published", "2023-02-10T08:00:00+08:00", json!("2023-02-10T08:00:00+08:00"), json!(null), "trash"),
            ("draft", "", json!(null), json!(null), "draft"),
            ("draft", "", json!(null), json!("2023-02-10T08:00:00+08:00"), "pending"),
        ] {
            let row = row(&json!({ "state": state, "published_at": published, "trashed_at": trashed,
                "submitted_at": submitted, "saved_at": "2023-02-09T08:00:00+08:00" }));
            let xml = blog().post(&row, &Beside::default()) + "</item>";
            assert_eq!(read(&xml, "wp:status"), [expected]);
            if state == "draft" {
                assert_eq!(read(&xml, "wp:post_date"), ["2023-02-09 08:00:00"]);
                assert_eq!(read(&xml, "wp:post_date_gmt"), [NO_TIME]);
            } else {
                assert!(read(&xml, "wp:post_date")[0].ends_with("-02-10 08:00:00"));
                assert!(read(&xml, "wp:post_date_gmt")[0].ends_with("-02-10 00:00:00"));
            }
        }
    }

    #[test]
    fn a_post_was_changed_when_readers_were_given_another_text() {
        let changed = |more: Value| {
            let mut row = row(&json!({ "state": "published", "published_at": "2023-02-10T08:00:00+08:00",
                "saved_at": "2023-02-11T08:00:00+08:00" }));
            row.extend(more.as_object().unwrap().clone());
            read(&(blog().post(&row, &Beside::default()) + "</item>"), "wp:post_modified_gmt").remove(0)
        };
        assert_eq!(changed(json!({})), "2023-02-10 00:00:00");
        assert_eq!(changed(json!({ "updated_at": "2023-02-10T09:00:00+08:00" })), "2023-02-10 01:00:00");
        assert_eq!(changed(json!({ "published_at": "2031-02-10T08:00:00+08:00" })), "2023-02-11 00:00:00");
        assert_eq!(changed(json!({ "published_at": null, "state": "draft" })), "2023-02-11 00:00:00");
    }

    #[test]
    fn a_text_is_on_one_line_but_for_code_and_more_is_wordpresss_own() {
        let html = "<p>a\nb</p>\n<span id=\"pabcdef-more\"></span>\n<pre><code>x\n\ny</code></pre>\n<p>c</p>\n";
        assert_eq!(body(html, "abcdef01"), "<p>a b</p> <!--more--> <pre><code>x\n\ny</code></pre> <p>c</p>");
    }

    #[test]
    fn wordpress_makes_nothing_else_of_a_text() {
        let code = "<pre tabindex=\"0\"><code class=\"language-rust\"><span class=\"hk\">fn</span> [caption]x[/caption]</code></pre>";
        assert_eq!(body(code, ""), "<pre><code class=\"language-rust\">fn &#91;caption]x&#91;/caption]</code></pre>");
        let video = "<p>a [gallery ids=\"1\"]</p><figure class=\"video\"><a href=\"https://youtu.be/x?a=1&amp;b\" data-player=\"y\">V</a>\
                     <figcaption>Walk</figcaption></figure><p>b</p>";
        assert_eq!(
            body(video, ""),
            "<p>a &#91;gallery ids=\"1\"]</p><p>https://youtu.be/x?a=1&amp;b</p><p>Walk</p><p>b</p>"
        );
        let note = row(&json!({ "id": 7, "path": "2023/02/x" }));
        let html = "<p><a href=\"#p1-fn-1\">1</a> <a href=\"/2023/02/y#z\">z</a></p>".to_owned();
        let xml = blog().post(&note, &Beside { html, cover: None }) + "</item>";
        let text = read(&xml, "content:encoded").remove(0);
        assert_eq!(text, "<p><a href=\"#p1-fn-1\">1</a> <a href=\"https://blog.example/2023/02/y#z\">z</a></p>");
    }

    #[test]
    fn no_two_items_have_both_title_and_moment() {
        let (mut blog, at) = (blog(), "2023-02-10T08:00:00+08:00");
        let mut dates = |row: Value| {
            let row = self::row(&row);
            let xml = if row.contains_key("hash") {
                blog.file(&row)
            } else {
                blog.post(&row, &Beside::default()) + "</item>"
            };
            read(&xml, "wp:post_date").remove(0)[17..].to_owned()
        };
        for (name, second) in [("image.jpg", "00"), ("image.jpg", "01"), ("Imâge.JPG", "02"), ("other.jpg", "00")] {
            assert_eq!(dates(json!({ "hash": "x", "name": name, "created_at": at })), second, "{name}");
        }
        for (title, state, second) in
            [("", "draft", "00"), ("", "published", "01"), ("A", "published", "00"), ("", "draft", "02")]
        {
            let row = json!({ "title": title, "state": state, "saved_at": at,
                "published_at": if state == "draft" { Value::Null } else { at.into() } });
            assert_eq!(dates(row), second, "{title} {state}");
        }
    }

    #[test]
    fn a_comment_has_its_paragraphs_apart_without_marks_that_wordpress_takes_out() {
        for (html, expected) in [
            ("<p>One</p>\n<p>Two<br>\nmore\nwords</p>\n", "One\n\nTwo\nmore words"),
            ("<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n<p>c</p>", "<blockquote> a\n\nb\n\n</blockquote>\n\nc"),
            ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>c</p>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n\nc"),
            ("<p>x</p>\n<pre><code>a\n\n\n  b</code></pre>\n<p>y</p>", "x\n\n<pre><code>a\n\n\n  b</code></pre>\n\ny"),
        ] {
            assert_eq!(said(html), expected);
        }
    }

    #[test]
    fn a_cover_of_other_words_is_a_picture_of_its_own() {
        let post = row(&json!({ "id": 7, "cover": "/media/00/a.png", "cover_alt": "A & b", "path": "2023/02/x" }));
        let own = blog().post(&post, &Beside::default()) + "</item>";
        assert_eq!(read(&own, "wp:post_id"), ["23", "21"]);
        assert_eq!(read(&own, "wp:attachment_url"), ["https://blog.example/media/00/a.png"]);
        assert_eq!(read(&own, "wp:meta_value"), ["A & b", "23"]);
        let known = blog().post(&post, &Beside { cover: Some(4), ..Beside::default() }) + "</item>";
        assert_eq!(read(&known, "wp:meta_value"), ["13"]);
    }

    proptest! {
        #[test]
        fn it_is_xml_and_says_the_same_whatever_is_in_it(texts in prop::collection::vec("(\\PC|[\\x00-\\x1f]|\\]\\]>|<!\\[CDATA\\[|&|\u{fffe}){0,12}", 8)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let post = row(&json!({ "id": 1, "title": texts[0], "path": texts[1], "cover": texts[2], "cover_alt": texts[3],
                "tags": [texts[4]], "authors": [texts[5], texts[6]], "old_paths": [texts[7]], "excerpt": texts[0],
                "description": texts[1], "uuid": texts[2], "state": texts[3], "slug": texts[4] }));
            let other = row(&json!({ "id": 1, "name": texts[0], "hash": texts[1], "alt": texts[2], "caption": texts[3],
                "email": texts[4], "website": texts[5], "html": texts[6], "state": texts[7], "slug": texts[0],
                "title": texts[1], "description": texts[2], "language": texts[3] }));
            let mut blog = blog();
            let beside = Beside { html: texts[6].to_owned(), cover: None };
            let xml = [
                blog.head(&other),
                blog.author("1", &other),
                blog.file(&other),
                blog.post(&post, &beside),
                blog.comment(&other),
                "</item>".to_owned(),
                TAIL.to_owned(),
            ].concat();
            let title = read(&xml, "title").pop().unwrap();
            let back = title.replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
            prop_assert_eq!(back, plain::xml_safe(texts[0]).into_owned());
        }
    }
}
