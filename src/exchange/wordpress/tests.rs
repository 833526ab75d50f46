//! The reader of WordPress exports, trap by trap.

use std::{fs, path::PathBuf, sync::atomic::AtomicU64};

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::exchange::tests::{all_said, said};

/// An export with these things in its channel.
fn wxr(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n<title>Old &amp; grey</title><link>https://old.example/blog</link>\
         <language>ms</language><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example/blog</wp:base_blog_url>\n\
         {inside}\n</channel>\n</rss>\n"
    )
}

pub(super) fn item(number: u32, fields: &str) -> String {
    format!("<item><title>Post {number}</title><wp:post_id>{number}</wp:post_id>{fields}</item>\n")
}

pub(super) const LIVE: &str = "<link>https://old.example/blog/2020/01/hello-%C3%A9/</link><wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt>\
     <wp:post_name>hello-%c3%a9</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>";

fn told(bytes: &[u8]) -> (Vec<Item>, Result<(), Refused>) {
    told_of(&[bytes])
}

fn told_of(files: &[&[u8]]) -> (Vec<Item>, Result<(), Refused>) {
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<PathBuf> =
        (0..files.len()).map(|number| folder.path().join(format!("export-{number}.xml"))).collect();
    for (path, bytes) in paths.iter().zip(files) {
        fs::write(path, bytes).expect("written");
    }
    let mut items = Vec::new();
    let zone = TimeZone::get("Asia/Kuala_Lumpur").expect("known");
    let ended = read(&paths, &zone, &AtomicU64::new(0), &mut |item| {
        items.push(item);
        Ok(())
    });
    (items, ended)
}

pub(super) fn good(inside: &str) -> Vec<Item> {
    let (items, ended) = told(wxr(inside).as_bytes());
    assert_eq!(ended, Ok(()));
    items
}

pub(super) fn entries(items: &[Item]) -> Vec<&Entry> {
    items.iter().filter_map(|item| if let Item::Entry(entry) = item { Some(&**entry) } else { None }).collect()
}

fn comments(items: &[Item]) -> Vec<&Comment> {
    items.iter().filter_map(|item| if let Item::Comment(comment) = item { Some(&**comment) } else { None }).collect()
}

/// Where it could not be read on, and why.
fn refusal(ended: Result<(), Refused>) -> String {
    match ended.expect_err("refused") {
        Refused::Bad { place, what } => format!("{place}: {}", said(&what)),
        Refused::Stopped => String::new(),
    }
}

pub(super) fn faults(items: &[Item]) -> Vec<String> {
    items.iter().filter_map(|item| if let Item::Fault(fault) = item { Some(said(&fault.what)) } else { None }).collect()
}

#[test]
fn a_post_comes_with_all_that_stands_beside_it() {
    let items = good(&format!(
        "<wp:author><wp:author_login>mei</wp:author_login><wp:author_email>Mei@old.example</wp:author_email>\
         <wp:author_display_name><![CDATA[Mei Lin]]></wp:author_display_name></wp:author>\
         <wp:category><wp:category_nicename>food</wp:category_nicename><wp:cat_name>Food</wp:cat_name></wp:category>{}{}",
        item(
            7,
            "<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/blog/wp-content/uploads/a.jpg\
             </wp:attachment_url><excerpt:encoded>Below</excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attachment_image_alt\
             </wp:meta_key><wp:meta_value>An apple</wp:meta_value></wp:postmeta>"
        ),
        item(
            3,
            &format!(
                "{LIVE}<dc:creator>mei</dc:creator><category domain=\"category\" nicename=\"food\"><![CDATA[Food]]></category>\
                 <category domain=\"category\" nicename=\"uncategorized\">None</category>\
                 <category domain=\"post_tag\" nicename=\"r-d\">R &amp; D</category><wp:comment_status>open</wp:comment_status>\
                 <wp:is_sticky>1</wp:is_sticky><excerpt:encoded><![CDATA[Short]]></excerpt:encoded>\
                 <content:encoded><![CDATA[One ]]]]><![CDATA[> two]]></content:encoded>\
                 <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>\
                 <wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>older</wp:meta_value></wp:postmeta>"
            )
        )
    ));
    let found = entries(&items);
    let entry = found[0];
    assert_eq!(entry.origin, "wordpress:old.example/blog:3");
    assert_eq!(entry.old_paths, ["blog/2020/01/hello-é", "blog/2020/01/older", "blog/?p=3"]);
    assert_eq!((entry.tags.join(","), entry.people.join(",")), ("Food,R & D".to_owned(), "mei".to_owned()));
    assert_eq!((entry.state, entry.comments_open, entry.is_featured), (State::Published, true, true));
    assert_eq!(entry.published_at.map(Time::rfc3339).as_deref(), Some("2020-01-05T10:00:00Z"));
    assert_eq!(entry.body.as_str(), "One ]]> two");
    let cover = entry.cover.as_ref().expect("a cover");
    assert_eq!((cover.alt.trim(), cover.caption.as_str()), ("An apple", "Below"));
    assert!(items.iter().any(|item| matches!(item, Item::Person(person) if person.name == "Mei Lin")));
    assert!(
        items
            .iter()
            .any(|item| matches!(item, Item::Term(term) if term.old_paths.contains(&"blog/category/food".to_owned())))
    );
}

#[test]
fn what_readers_could_not_see_becomes_a_draft() {
    let status = |status: &str, more: &str| {
        let fields = LIVE.replace("publish", status) + more;
        entries(&good(&item(1, &fields))).first().map(|entry| (entry.state, entry.warnings.len()))
    };
    assert_eq!(status("publish", ""), Some((State::Published, 0)));
    assert_eq!(status("future", ""), Some((State::Scheduled, 0)));
    assert_eq!(status("draft", ""), Some((State::Draft, 0)));
    assert_eq!(status("publish", "<wp:post_password>x</wp:post_password>"), Some((State::Draft, 1)));
    for told in ["private", "pending", "acf-disabled"] {
        assert_eq!(status(told, ""), Some((State::Draft, 1)), "{told}");
    }
    for left in ["trash", "auto-draft"] {
        assert_eq!(status(left, ""), None, "{left}");
    }
}

#[test]
fn dates_are_those_in_utc_else_those_of_the_clock_there() {
    let date = |fields: &str| {
        let fields = format!("{fields}<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>");
        let items = good(&item(1, &fields));
        entries(&items)[0].published_at.map(Time::rfc3339)
    };
    let local = "<wp:post_date>2020-01-05 10:00:00</wp:post_date>";
    assert_eq!(date(local).as_deref(), Some("2020-01-05T02:00:00Z"));
    assert_eq!(
        date(&format!("{local}<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>")).as_deref(),
        Some("2020-01-05T02:00:00Z")
    );
    assert_eq!(date("<pubDate>Sun, 05 Jan 2020 10:00:00 +0000</pubDate>").as_deref(), Some("2020-01-05T10:00:00Z"));
    assert_eq!(date("<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate><wp:post_date>soon</wp:post_date>"), None);
}

#[test]
fn a_date_of_the_clock_there_is_read_as_its_neighbours_show_that_clock() {
    let dated = |number: u32, local: &str, utc: &str| {
        item(
            number,
            &format!(
                "<wp:post_date>{local}</wp:post_date><wp:post_date_gmt>{utc}</wp:post_date_gmt>\
                 <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
            ),
        )
    };
    let none = "0000-00-00 00:00:00";
    // The new blog is in Kuala Lumpur.
    let items = good(
        &[
            dated(1, "2020-01-10 10:00:00", none),
            dated(2, "2020-01-05 10:00:00", "2020-01-05 15:00:00"),
            dated(3, "2020-07-05 10:00:00", "2020-07-05 14:00:00"),
            dated(4, "2020-07-06 10:00:00", none),
            dated(5, "2019-07-06 10:00:00", none),
            dated(6, "2021-07-06 10:00:00", "2021-07-06 02:00:00"),
            dated(7, "2022-07-06 10:00:00", none),
            dated(8, "2020-01-09 10:00:00", "1970-01-01 00:00:00"),
        ]
        .concat(),
    );
    let dates: Vec<String> = entries(&items).iter().filter_map(|entry| entry.published_at.map(Time::rfc3339)).collect();
    assert_eq!(
        [&dates[0], &dates[3], &dates[4], &dates[6]],
        ["2020-01-10T15:00:00Z", "2020-07-06T14:00:00Z", "2019-07-06T15:00:00Z", "2022-07-06T02:00:00Z"]
    );
}

#[test]
fn comments_keep_their_thread_and_their_state_and_pings_stay_behind() {
    let comment = |number: u32, parent: u32, approved: &str, kind: &str| {
        format!(
            "<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>Omar &amp; co</wp:comment_author>\
             <wp:comment_date_gmt>2020-02-01 00:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[Hi]]></wp:comment_content>\
             <wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>\
             <wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
        )
    };
    let all: String = [
        comment(1, 0, "1", ""),
        comment(2, 1, "0", "comment"),
        comment(3, 0, "spam", ""),
        comment(4, 0, "post-trashed", ""),
        comment(5, 0, "1", "pingback"),
        comment(6, 0, "whatever", ""),
    ]
    .concat();
    let items = good(&item(9, &format!("{LIVE}{all}")));
    let found = comments(&items);
    let states: Vec<Shelf> = found.iter().map(|comment| comment.state).collect();
    assert_eq!(states, [Shelf::Approved, Shelf::Held, Shelf::Spam, Shelf::Trash, Shelf::Held]);
    assert_eq!(found[0].name, "Omar & co");
    assert_eq!(found[1].parent.as_deref(), Some("wordpress:old.example/blog:comment:1"));
    assert!(found.iter().all(|comment| comment.on == On::Entry("wordpress:old.example/blog:9".to_owned())));
    assert!(faults(&items).iter().any(|what| what.starts_with("pingbacks among the comments")));
}

#[test]
fn a_comment_without_a_date_gets_that_of_its_post_and_one_without_a_number_is_named() {
    let comment = |fields: &str| {
        format!(
            "<wp:comment>{fields}<wp:comment_author>Omar &amp; co</wp:comment_author><wp:comment_content><![CDATA[Hi]]>\
             </wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
        )
    };
    let both =
        comment("<wp:comment_id>1</wp:comment_id><wp:comment_date_gmt>0000-00-00 00:00:00</wp:comment_date_gmt>")
            + &comment("<wp:comment_date_gmt>2020-02-01 00:00:00</wp:comment_date_gmt>");
    let items = good(&item(9, &format!("{LIVE}{both}")));
    let found = comments(&items);
    assert_eq!(found.iter().map(|comment| comment.at.rfc3339()).collect::<Vec<_>>(), ["2020-01-05T10:00:00Z"]);
    let place = "Post 9 (wordpress:old.example/blog:9)";
    let told: Vec<(&str, String, bool)> = items
        .iter()
        .filter_map(|item| if let Item::Fault(fault) = item { Some(fault) } else { None })
        .map(|fault| (fault.place.as_str(), said(&fault.what), fault.is_skipped))
        .collect();
    assert_eq!(
        told,
        [
            (place, "a comment of Omar & co has no date, and gets that of the post: Hi".to_owned(), false),
            (place, "a comment of Omar & co has no number: Hi".to_owned(), true)
        ]
    );
    let draft = item(9, &format!("<wp:status>draft</wp:status><wp:post_type>post</wp:post_type>{both}"));
    assert_eq!(comments(&good(&draft)).len(), 0);
}

#[test]
fn several_files_are_one_blog_whatever_their_order() {
    let picture = wxr(&item(
        7,
        "<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/a.jpg</wp:attachment_url>",
    ));
    let post = wxr(&item(3, &format!("{LIVE}<content:encoded>[gallery ids=\"7,8\"]</content:encoded>")));
    let (items, ended) = told_of(&[post.as_bytes(), picture.as_bytes()]);
    assert_eq!(ended, Ok(()));
    let found = entries(&items);
    assert!(found[0].body.as_str().contains("<img src=\"https://old.example/a.jpg\""), "{:?}", found[0].body);
    assert_eq!(found[0].warnings.len(), 1);
}

#[test]
fn what_is_no_export_is_refused_with_the_place() {
    let refused = |bytes: &[u8]| refusal(told(bytes).1);
    for (bytes, why) in [
        (&b"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><rss>&a;</rss>"[..], "document type"),
        (b"<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><rss/>", "document type"),
        (b"<html><body>no</body></html>", "begins with <html>"),
        (b"<rss><channel><item></item></channel></rss>", "feed"),
        (b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss/>", "UTF-8"),
        (b"\xff\xfe<\0r\0s\0s\0>\0", ""),
        (b"", "no XML"),
        (b"{\"db\": []}", ""),
        (b"PK\x03\x04rubbish", ""),
    ] {
        let said = refused(bytes);
        assert!(said.contains(why) && said.contains("export-0.xml"), "{said}");
    }
    let whole = wxr(&item(1, LIVE));
    for cut in [20, 22, 30, 60] {
        let (items, ended) = told(&whole.as_bytes()[..whole.len() - cut]);
        let said = refusal(ended);
        assert!(said.contains("not saved as a whole") && entries(&items).is_empty(), "{cut}: {said}");
    }
}

#[test]
fn deep_and_endless_things_are_refused_and_strange_bytes_are_not() {
    let deep = format!("<rss><channel>{}", "<a>".repeat(200_000));
    assert!(refusal(told(deep.as_bytes()).1).contains("too deeply"));
    let nested =
        wxr(&item(1, &format!("{LIVE}<content:encoded><![CDATA[{}]]></content:encoded>", "<div>".repeat(200_000))));
    assert_eq!(entries(&told(nested.as_bytes()).0).len(), 1);
    let mut odd =
        wxr(&item(1, &format!("{LIVE}<content:encoded>a\0b&nbsp;&undefined;& c</content:encoded>"))).into_bytes();
    let at = odd.windows(4).position(|some| some == b"Post").expect("a title");
    odd.splice(at..at, *b"\xff\xc3");
    let (items, ended) = told(&odd);
    assert_eq!(ended, Ok(()));
    let found = entries(&items);
    assert!(
        faults(&items).iter().filter(|what| what.contains("bytes that are no text: 3")).count() == 1
            && found[0].title.contains("\u{fffd}")
            && found[0].body.as_str().starts_with("ab\u{a0}&undefined;"),
        "{found:?}"
    );
}

#[test]
fn wrong_types_and_missing_fields_leave_out_one_thing_alone() {
    let items = good(&format!(
        "{}<item><title>no number</title><wp:post_type>post</wp:post_type></item>{}<item/>{}",
        item(1, LIVE),
        item(2, "<wp:post_type>shop_order</wp:post_type><wp:status>wc-done</wp:status>"),
        item(4, LIVE),
    ));
    assert_eq!(entries(&items).len(), 2);
    assert!(
        faults(&items).iter().any(|what| what.contains("no number"))
            && faults(&items).iter().any(|what| what.contains("shop_order"))
    );
}

#[test]
fn of_two_items_with_one_number_the_first_comes_and_the_other_is_named() {
    let both = item(9, &format!("{LIVE}<content:encoded>First</content:encoded>"))
        + &item(9, &format!("{LIVE}<content:encoded>Second</content:encoded>"));
    let items = good(&both);
    let found = entries(&items);
    assert_eq!((found.len(), found[0].body.as_str()), (1, "First"));
    assert!(faults(&items)[0].contains("\"Post 9\" has the number 9"), "{:?}", faults(&items));
    let again = wxr(&item(9, LIVE));
    assert_eq!(entries(&told_of(&[again.as_bytes(), again.as_bytes()]).0).len(), 2);
}

#[test]
fn wordpress_html_becomes_plain_html() {
    for (kept, html) in [
        ("One\ntwo\n\nThree", "<p>One<br>\ntwo</p>\n<p>Three</p>\n"),
        ("<!-- wp:paragraph -->\n<p>One</p>\n<!-- /wp:paragraph -->", "\n<p>One</p>\n"),
        ("a\n\n<!--more Read on-->\n\nb", "<p>a</p>\n<!--more--><p>b</p>\n"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul><li>a</li></ul>"),
        ("[embed]https://v.example/1[/embed]", "<p><a href=\"https://v.example/1\">https://v.example/1</a></p>"),
        ("[code lang=\"rust\"]\na < b\n[/code]", "<pre><code class=\"language-rust\">a &lt; b</code></pre>"),
        ("[audio mp3=\"https://v.example/a.mp3\"][/audio]", "<audio src=\"https://v.example/a.mp3\"></audio>"),
        ("[video src=\"/up/a.mp4\"]", "<video src=\"/up/a.mp4\"></video>"),
        (
            "<!-- wp:file --><a href=\"/a.pdf\">A</a><a href=\"/a.pdf\" class=\"wp-block-file__button wp-element-button\">Download</a> b<!-- /wp:file -->",
            "<a href=\"/a.pdf\">A</a> b",
        ),
        ("words [in brackets] and [1]", "<p>words [in brackets] and [1]</p>\n"),
    ] {
        assert_eq!(body::html(kept), (html.to_owned(), Vec::new()), "{kept}");
    }
    let (caption, _) = body::html(
        "[caption id=\"a\" width=\"3\"]<a href=\"/b.jpg\"><img src=\"/a.jpg\"></a> Two <em>cats</em>[/caption]",
    );
    assert_eq!(
        caption,
        "<figure><a href=\"/b.jpg\"><img src=\"/a.jpg\"></a><figcaption>Two <em>cats</em></figcaption></figure>"
    );
    assert_eq!(said(&body::html("[contact-form-7 id=\"4\"]").1[0]), "shortcode [contact-form-7]");
}

/// The text of a post as it will stand here, and what was told of it.
pub(super) fn come_over(fields: &str, others: &str) -> (String, Vec<String>) {
    let items = good(&format!("{}{others}", item(3, &format!("{LIVE}{fields}"))));
    let found = entries(&items);
    let (markdown, lost) = crate::exchange::markdown_of(&found[0].body);
    (markdown.trim_end().to_owned(), all_said(&[found[0].warnings.clone(), lost].concat()))
}

pub(super) fn text(kept: &str) -> String {
    format!("<content:encoded><![CDATA[{kept}]]></content:encoded>")
}

#[test]
fn videos_are_shown_however_their_shortcodes_are_written() {
    const YOUTUBE: &str = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
    for (kept, expected) in [
        ("[youtube https://www.youtube.com/watch?v=dQw4w9WgXcQ]", YOUTUBE),
        ("[youtube=http://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;w=640&h=385]", YOUTUBE),
        ("[youtube]https://www.youtube.com/watch?v=dQw4w9WgXcQ[/youtube]", YOUTUBE),
        ("[youtube]dQw4w9WgXcQ[/youtube]", YOUTUBE),
        ("[youtube id=\"dQw4w9WgXcQ\"]", YOUTUBE),
        ("[embed width=\"9\"]http://youtu.be/dQw4w9WgXcQ[/embed]", "https://youtu.be/dQw4w9WgXcQ"),
        ("[vimeo 76979871 w=640&h=360]", "https://vimeo.com/76979871"),
        ("[vimeo https://vimeo.com/76979871]", "https://vimeo.com/76979871"),
        ("[vimeo]76979871[/vimeo]", "https://vimeo.com/76979871"),
    ] {
        let (markdown, told) = come_over(&text(&format!("a\n\n{kept}\n\nb")), "");
        assert_eq!(markdown, format!("a\n\n[{expected}]({expected})\n\nb"), "{kept}");
        assert!(told.is_empty(), "{told:?}");
        let drawn = crate::text::markdown::post(&markdown, &Default::default(), "p1").expect("short").html;
        assert!(drawn.contains("data-player"), "{drawn}");
    }
    let (markdown, told) = come_over(&text("[youtube=https://youtu.be/dQw4w9WgXcQ] a [youtube somewhere]"), "");
    assert!(markdown.starts_with("[https://youtu.be/dQw4w9WgXcQ](") && markdown.contains("youtube somewhere"));
    assert_eq!(told, ["shortcode [youtube]"]);
    assert_eq!(
        come_over(&text("[tweet https://x.example/1]"), ""),
        ("[https://x.example/1](https://x.example/1)".to_owned(), Vec::new())
    );
}

#[test]
fn shortcodes_without_attributes_are_named_and_those_that_place_things_go() {
    for (kept, expected, lines) in [
        ("[vc_row][vc_column width=\"1/2\"][vc_column_text]x[/vc_column_text][/vc_column][/vc_row]y", "x\n\ny", vec![]),
        ("[row][column]x[/column][column]y[/column][/row]", "x\n\ny", vec![]),
        ("[et_pb_section bg=\"https://x.example/a.jpg\"]x[/et_pb_section]", "x", vec!["shortcode [et_pb_section]"]),
        ("[quote]x[/quote]", "\\[quote\\]x\\[/quote\\]", vec!["shortcode [quote]"]),
        ("[my_form]", "\\[my_form\\]", vec!["shortcode [my_form]"]),
        ("[vc_row][vc_btn title=\"a\"][/vc_row]", "a", vec![]),
        (
            "[sic] [1] […] [row] a[my_index] [/row] [x]",
            "\\[sic\\] \\[1\\] \\[…\\]\n\na\\[my_index\\]\n\n\\[x\\]",
            vec![],
        ),
        ("<!-- wp:shortcode -->[tabs]<!-- /wp:shortcode -->", "\\[tabs\\]", vec!["shortcode [tabs]"]),
        ("Write [[vc_row]]", "Write \\[\\[vc_row\\]\\]", vec![]),
        ("a [column] of [words", "a \\[column\\] of \\[words", vec![]),
        ("<code>[my_key] [vc_row]</code>", "`[my_key] [vc_row]`", vec![]),
    ] {
        let lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
        assert_eq!(come_over(&text(kept), ""), (expected.to_owned(), lines), "{kept}");
    }
}

#[test]
fn the_picture_behind_a_cover_comes_as_a_picture() {
    let cover = "<!-- wp:cover {\"id\":1} --><div class=\"wp-block-cover has-background-dim\" \
        style=\"background-image:url(https://x.example/a.jpg?a=1&amp;b=2);min-height:9px\">\
        <div class=\"wp-block-cover__inner-container\"><p style=\"text-align:center\">On it</p></div></div><!-- /wp:cover -->";
    let expected = "![](https://x.example/a.jpg?a=1&amp;b=2)\n\nOn it";
    assert_eq!(come_over(&text(cover), ""), (expected.to_owned(), Vec::new()));
    let other = "<p style='background-image:url(/a.jpg)'>x</p> background-image: url(y)";
    assert_eq!(come_over(&text(other), ""), ("x\n\nbackground-image: url(y)".to_owned(), Vec::new()));
}

#[test]
fn formulas_are_those_that_say_so() {
    for (kept, expected) in [
        ("So $latex a_1 < [b]&amp;s=2$ and $x$", "So $a_1 < [b]$ and $x\\$"),
        ("A $latexish $ word", "A $latexish $ word"),
        ("Set $foo=$bar", "Set $foo=\\$bar"),
    ] {
        assert_eq!(come_over(&text(kept), ""), (expected.to_owned(), Vec::new()), "{kept}");
    }
}

#[test]
fn captions_are_whole_with_the_links_in_them() {
    let picture = "<img src=\"/a.jpg\" alt=\"a > b\" />";
    for (inside, expected) in [
        (format!("{picture} Plain"), "![a \\> b](/a.jpg \"Plain\")"),
        (
            format!("{picture} With <a href=\"http://x.example/\">link</a> end"),
            "<figure><img src=\"/a.jpg\" alt=\"a &gt; b\"><figcaption>With <a href=\"http://x.example/\">link</a> end</figcaption></figure>",
        ),
        (
            format!("{picture} Photo by <a href=\"/ann\">Ann</a>"),
            "<figure><img src=\"/a.jpg\" alt=\"a &gt; b\"><figcaption>Photo by <a href=\"/ann\">Ann</a></figcaption></figure>",
        ),
        (
            format!("<a href=\"/b\">{picture}</a> By <a href=\"/ann\">Ann</a>"),
            "<figure><a href=\"/b\"><img src=\"/a.jpg\" alt=\"a &gt; b\"></a><figcaption>By <a href=\"/ann\">Ann</a></figcaption></figure>",
        ),
        ("No <a href=\"/c\">picture</a> here".to_owned(), "No [picture](/c) here"),
    ] {
        let made = come_over(&text(&format!("[caption id=\"a\" width=\"300\"]{inside}[/caption]")), "");
        assert_eq!(made, (expected.to_owned(), Vec::new()), "{inside}");
    }
}

#[test]
fn a_shortcode_that_is_written_about_is_words() {
    for (kept, expected) in [
        ("Write [[gallery]] or [[gallery ids=\"1\"]].", "Write \\[gallery\\] or \\[gallery ids=\"1\"\\]."),
        ("[[caption]x[/caption]] and [[/code]]", "\\[caption\\]x\\[/caption\\] and \\[/code\\]"),
        ("[[youtube https://youtu.be/x]]", "\\[youtube https://youtu.be/x\\]"),
        ("A [[page]] of a wiki", "A \\[\\[page\\]\\] of a wiki"),
    ] {
        assert_eq!(come_over(&text(kept), ""), (expected.to_owned(), Vec::new()), "{kept}");
    }
}

#[test]
fn footnotes_of_blocks_come_from_beside_the_text() {
    let kept = "<!-- wp:paragraph --><p>One<sup data-fn=\"a-1\" class=\"fn\"><a href=\"#a-1\" id=\"a-1-link\">1</a></sup> \
        two<sup data-fn=\"b-2\" class=\"fn\"><a href=\"#b-2\" id=\"b-2-link\">2</a></sup></p><!-- /wp:paragraph -->";
    let notes = |json: &str| {
        format!(
            "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[{json}]]></wp:meta_value></wp:postmeta>"
        )
    };
    let all = notes(
        "[{\"content\":\"Not <em>one</em>\",\"id\":\"a-1\"},{\"content\":\"gone\",\"id\":\"c-3\"},{\"content\":\"A \\u0022b\\u0022\",\"id\":\"b-2\"}]",
    );
    let expected = "One[^1] two[^2]\n\nend\n\n[^1]: Not *one*\n\n[^2]: A \"b\"";
    for block in ["<!-- wp:footnotes /--><p>end</p>", "<p>end</p>", "<p>end</p><!-- wp:footnotes {\"a\":1} /-->"] {
        let made = come_over(&(text(&format!("{kept}{block}")) + &all), "");
        assert_eq!(made, (expected.to_owned(), Vec::new()), "{block}");
    }
    let (markdown, told) = come_over(&(text(kept) + &notes("[{")), "");
    assert!(markdown.contains("One") && told[0].contains("footnotes cannot be read"), "{told:?}");
}

#[test]
fn a_gallery_without_numbers_shows_what_was_uploaded_with_the_post() {
    let attachment = |number: u32, parent: u32, order: i32, ending: &str| {
        item(
            number,
            &format!(
                "<wp:post_type>attachment</wp:post_type><wp:post_parent>{parent}</wp:post_parent><wp:menu_order>{order}</wp:menu_order>\
                 <wp:attachment_url>https://old.example/{number}.{ending}</wp:attachment_url>"
            ),
        )
    };
    let others = [
        attachment(10, 3, 2, "jpg"),
        attachment(9, 3, 2, "jpg"),
        attachment(11, 3, 1, "png"),
        attachment(12, 3, 0, "pdf"),
        attachment(13, 4, 0, "jpg"),
    ]
    .concat();
    let pictures = |kept: &str| {
        let (markdown, told) = come_over(&text(kept), &others);
        assert!(told.is_empty(), "{kept}: {told:?}");
        markdown
            .split("old.example/")
            .skip(1)
            .map(|part| part.split('.').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(pictures("[gallery]"), ["11", "9", "10"]);
    assert_eq!(pictures("[gallery columns=\"2\" exclude=\"9\" order=\"DESC\"]"), ["10", "11"]);
    assert_eq!(pictures("[gallery id=\"4\"]"), ["13"]);
    assert_eq!(pictures("[gallery ids=\"13, 9\"]"), ["13", "9"]);
    let items = good(&(item(3, &format!("{LIVE}{}", text("a [gallery]"))) + &others));
    assert_eq!(entries(&items)[0].original.as_deref(), Some("a [gallery]"), "the export had no pictures there");
    let (markdown, _) = come_over(&text("a\n\n[gallery ids=\"9,10\" columns=\"3\"]\n\nb"), &others);
    assert_eq!(markdown, "a\n\n![](https://old.example/9.jpg)\n![](https://old.example/10.jpg)\n\nb");
    assert_eq!(come_over(&text("[gallery]"), "").1.len(), 1);
}

#[test]
fn links_to_single_comments_stay_since_comments_keep_their_numbers() {
    let kept = "<a href=\"https://www.old.example/blog/a/#comment-12\">a</a> <a href='/b#comment-3'>b</a> \
        <a href=\"https://other.example/#comment-4\">c</a> \"#comment-5 <a href=\"#comment-6\">d</a>";
    let (markdown, told) = come_over(&text(kept), "");
    assert_eq!(
        markdown,
        "[a](https://www.old.example/blog/a/#comment-12) [b](/b#comment-3) [c](https://other.example/#comment-4) \"#comment-5 [d](#comment-6)"
    );
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn both_looks_are_counted_as_one_way_and_the_quick_one_as_little() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.xml");
    fs::write(&path, wxr(&item(1, &format!("{LIVE}{}", text(&"word ".repeat(100_000)))))).expect("written");
    let (counted, mut before) = (AtomicU64::new(0), None);
    let read = read(std::slice::from_ref(&path), &TimeZone::UTC, &counted, &mut |_| {
        before.get_or_insert(counted.load(std::sync::atomic::Ordering::Relaxed));
        Ok(())
    });
    assert_eq!(read, Ok(()));
    let there_are = crate::exchange::counts(crate::model::import::Format::Wordpress, std::slice::from_ref(&path));
    assert_eq!(counted.into_inner(), there_are);
    assert!(before.expect("something is told") <= there_are / 9, "{before:?} of {there_are}");
}

#[test]
fn what_stays_behind_is_named() {
    let files = |kept: &str| -> Vec<String> {
        let items = good(&item(3, &format!("{LIVE}{}", text(kept))));
        entries(&items)[0].files.iter().flat_map(|file| file.references.clone()).collect()
    };
    assert_eq!(
        files(
            "<a href=\"https://old.example/wp-content/uploads/2020/é.pdf\">a</a> <a href=\"/wp-content/uploads/b.jpg\">b</a> \
             [audio mp3=\"/wp-content/uploads/c.mp3\"] <a href='https://x.files.wordpress.com/2020/d.zip'>d</a>",
        ),
        [
            "https://old.example/wp-content/uploads/2020/é.pdf",
            "/wp-content/uploads/c.mp3",
            "https://x.files.wordpress.com/2020/d.zip",
        ]
    );
    let many: String = (0..900).map(|number| format!("<a href=\"/wp-content/uploads/{number}.pdf\">x</a>")).collect();
    assert_eq!(files(&many).len(), 500);
    let cover = item(
        7,
        "<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/a.jpg</wp:attachment_url>\
         <excerpt:encoded>Below &amp; beside</excerpt:encoded>",
    );
    let thumbnail =
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>";
    let items = good(&format!("{}{cover}", item(3, &format!("{LIVE}{thumbnail}"))));
    let found = entries(&items)[0];
    assert_eq!(found.cover.as_ref().expect("a cover").caption, "Below & beside");
    assert_eq!(found.warnings, []);
}

#[test]
fn many_brackets_cost_no_more_than_their_length() {
    for odd in [
        "[code]",
        "[caption]",
        "[video]",
        "[",
        "[a",
        "<!--",
        "<",
        "[gallery ",
        "[[code]",
        "[[code] x",
        "[youtube=x]",
        "[vc_row]",
        "[/x]",
        "[x][/x]",
        "[row][/row]",
        "$latex ",
        "<img [caption]",
        "<pre>",
        "<code lang=c>",
        "<code \"",
        "<pre lang=c></pre>",
        "background-image:",
        "<a background-image:",
        "<a \"background-image:",
    ] {
        let text = odd.repeat(200_000);
        body::html(&text);
        good(&item(1, &format!("{LIVE}<content:encoded><![CDATA[{text}]]></content:encoded>")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0_usize..2000) {
        let _ = told(&bytes);
        let mut export = wxr(&item(1, LIVE)).into_bytes();
        let at = at.min(export.len());
        export.splice(at..at, bytes);
        let _ = told(&export);
    }

    #[test]
    fn no_text_panics(text in "(\\[/?(caption|gallery|code|embed|video|b)( ids=\"[0-9,]{0,4}\"?)?\\]?|<!--( ?/?wp:| ?more)?|-->|</?(p|pre|div|b)>?|[é\n\"'= a]){0,30}") {
        body::html(&text);
        let _ = told(wxr(&item(1, &format!("{LIVE}<content:encoded><![CDATA[{text}]]></content:encoded>"))).as_bytes());
    }
}

#[test]
fn what_no_text_shows_comes_after_the_texts_with_its_words() {
    let attachment = "<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>\
         <wp:attachment_url>https://old.example/a.jpg</wp:attachment_url><excerpt:encoded>Below</excerpt:encoded>\
         <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>An apple</wp:meta_value></wp:postmeta>";
    let items = good(&(item(7, attachment) + &item(3, LIVE)));
    let at = |wanted: &dyn Fn(&Item) -> bool| items.iter().position(wanted).expect("told");
    let attached = at(&|item| matches!(item, Item::Attached(it) if it.alt == "An apple" && it.caption == "Below"));
    assert!(at(&|item| matches!(item, Item::Entry(_))) < attached);
    assert!(items.iter().any(|item| matches!(item, Item::Moved { from, .. } if from == "blog/?attachment_id=7")));
}

#[test]
fn a_block_that_a_text_names_becomes_what_is_in_it_and_others_that_are_drawn_there_are_told() {
    let block = |number: u32, html: &str| {
        let fields = "<wp:status>publish</wp:status><wp:post_type>wp_block</wp:post_type>";
        item(number, &format!("<content:encoded><![CDATA[{html}]]></content:encoded>{fields}"))
    };
    let post = item(
        3,
        &format!(
            "{LIVE}<content:encoded><![CDATA[<!-- wp:block {{\"ref\":12}} /--><!-- wp:block {{\"ref\":99}} /-->\
             <!-- wp:latest-posts /--><!-- wp:shop/cart -->\n<!-- /wp:shop/cart --><!-- wp:paragraph /-->]]></content:encoded>"
        ),
    );
    let itself = "<p>Call us</p><!-- wp:block {\"ref\":12} /-->";
    let items = good(&(post + &block(12, itself)));
    let (html, lost) = body::html(entries(&items)[0].body.as_str());
    assert_eq!(html.matches("Call us").count(), 1);
    let lost: Vec<String> = lost.iter().map(said).collect();
    assert_eq!(lost, ["block block", "block latest-posts", "block shop/cart"]);
    let is_left = |items: &[Item]| {
        let is_it = |item: &Item| matches!(item, Item::Fault(fault) if said(&fault.what).contains("no text shows"));
        items.iter().any(is_it)
    };
    assert!(!is_left(&items) && is_left(&good(&block(13, "<p>Nobody shows this</p>"))));
    let long = "x".repeat(70_000);
    let items = good(
        &(item(3, &format!("{LIVE}<content:encoded><![CDATA[<!-- wp:block {{\"ref\":12}} /-->]]></content:encoded>"))
            + &block(12, &long)),
    );
    assert!(!entries(&items)[0].body.as_str().contains("xx"));
}

#[test]
fn where_a_page_ended_a_paragraph_ends() {
    let (html, _) = body::html("first<!--nextpage-->second");
    assert_eq!(html, "<p>first</p>\n<p>second</p>\n");
}

#[test]
fn titles_are_words_however_often_they_were_escaped() {
    let title = |written: &str| {
        let items = good(&format!("<item><title>{written}</title><wp:post_id>3</wp:post_id>{LIVE}</item>"));
        entries(&items)[0].title.clone()
    };
    for (written, words) in [
        ("Tom &#8211; Jerry", "Tom – Jerry"),
        ("Tom &amp;#8211; Jerry", "Tom – Jerry"),
        ("<![CDATA[Tom &#8211; Jerry]]>", "Tom – Jerry"),
        ("<![CDATA[R &amp;amp; D]]>", "R & D"),
        ("R &amp;amp; D", "R & D"),
        ("Fish & chips; peas", "Fish & chips; peas"),
        ("<![CDATA[An <em>odd</em> one]]>", "An odd one"),
        ("On &lt;b&gt;", "On <b>"),
        ("<![CDATA[On &lt;b&gt;]]>", "On <b>"),
    ] {
        assert_eq!(title(written), words, "{written}");
    }
}

#[test]
fn kinds_of_a_blogs_own_become_pages_and_machinery_is_counted() {
    let kind = |number: u32, kind: &str, text: &str| {
        let fields = LIVE.replace("<wp:post_type>post", &format!("<wp:post_type>{kind}"));
        item(number, &format!("{fields}<content:encoded>{text}</content:encoded>"))
    };
    let all =
        [kind(1, "portfolio", "Mine"), kind(2, "portfolio", "Too"), kind(3, "slide", ""), kind(4, "revision", "Old")];
    let items = good(&all.concat());
    let found = entries(&items);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|entry| entry.is_page && entry.old_paths[0] == "blog/2020/01/hello-é"));
    let told = faults(&items);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("portfolio") && told[0].ends_with("come as pages: 2"), "{told:?}");
    assert!(told[1..].iter().all(|line| line.ends_with("(left out: 1)")), "{told:?}");
}
