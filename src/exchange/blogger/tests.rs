//! Blogger's exports, trap by trap.

use std::{fs, io::Write};

use super::*;
use crate::exchange::{
    Format, markdown_of, sniff,
    tests::{comments, entries, faults, told, told_of},
};

const TAKEOUT: &str = r##"<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>tag:blogger.com,1999:blog-7</id><title>Old blog</title>
<entry><id>tag:blogger.com,1999:blog-7.post-1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>
 <author><name>Ann</name><uri>https://www.blogger.com/profile/1</uri><blogger:type>BLOGGER</blogger:type></author>
 <title>Hello &amp; bye</title><content type='html'>&lt;div class="separator"&gt;&lt;a href="https://blogger.googleusercontent.com/img/a/s1600/My+dog.JPG"&gt;&lt;img src="https://blogger.googleusercontent.com/img/a/s320/My+dog.JPG" width="320"/&gt;&lt;/a&gt;&lt;/div&gt;Text</content>
 <blogger:metaDescription>About</blogger:metaDescription><blogger:created>2026-06-01T00:00:00Z</blogger:created><published>2026-06-02T03:04:05Z</published><updated>2026-06-03T00:00:00Z</updated>
 <category scheme='tag:blogger.com,1999:blog-7' term='One
Two words'/><category/><blogger:filename>/2026/06/hello.html</blogger:filename><link/><enclosure/><blogger:trashed/></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-2</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status><author><name>Bob</name><blogger:type>BLOGGER</blogger:type></author>
 <content type='html'>Hi&lt;br/&gt;you</content><published>2026-06-02T04:00:00Z</published><blogger:parent>tag:blogger.com,1999:blog-7.post-1</blogger:parent><blogger:inReplyTo/></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-3</id><blogger:type>COMMENT</blogger:type><blogger:status>SPAM</blogger:status><author><name>Anonymous</name><blogger:type>ANONYMOUS</blogger:type></author>
 <content type='html'>Buy</content><published>2026-06-02T05:00:00Z</published><blogger:parent>tag:blogger.com,1999:blog-7.post-1</blogger:parent><blogger:inReplyTo>tag:blogger.com,1999:blog-7.post-2</blogger:inReplyTo></entry>
<entry><id>tag:blogger.com,1999:blog-7.page-4</id><blogger:type>PAGE</blogger:type><blogger:status>LIVE</blogger:status><title>About</title><content type='html'>Me</content><published>2026-06-02T05:00:00Z</published><blogger:filename>/p/about.html</blogger:filename></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-5</id><blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status><title></title><content type='html'>Not yet &lt;b&gt;done&lt;/b&gt;</content><published>2026-06-02T05:00:00Z</published></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-6</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status><title>Gone</title><content type='html'>x</content><published>2026-06-02T05:00:00Z</published><blogger:trashed>2026-07-01T00:00:00Z</blogger:trashed></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-8</id><blogger:type>POST</blogger:type><blogger:status>SOFT_TRASHED</blogger:status><title>Odd</title><content type='html'>x</content><published>2026-06-02T05:00:00Z</published></entry>
</feed>"##;

const OLD: &str = r#"<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href="x"?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#' xmlns:thr='http://purl.org/syndication/thread/1.0'>
<id>tag:blogger.com,1999:blog-7.archive</id><title type='text'>Old blog</title><link rel='alternate' type='text/html' href='http://old.blogspot.com/'/>
<entry><id>tag:blogger.com,1999:blog-7.template</id><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#template'/><title>T</title></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-1</id><published>2012-03-04T05:06:07.001+08:00</published><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/>
 <category scheme='http://www.blogger.com/atom/ns#' term='News'/><title type='text'>Hello</title><content type='html'>a&lt;br /&gt;&lt;br /&gt;b</content>
 <link rel='replies' type='text/html' href='http://old.blogspot.com/2012/03/hello.html#comment-form'/><link rel='alternate' type='text/html' href='http://old.blogspot.com/2012/03/hello.html'/>
 <author><name>Ann</name><email>noreply@blogger.com</email></author></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-2</id><published>2012-03-04T05:06:07Z</published><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/>
 <title>Draft</title><content type='html'>x</content><app:control><app:draft>yes</app:draft></app:control></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-3</id><published>2012-03-05T05:06:07Z</published><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#comment'/>
 <content type='html'>One</content><author><name>Bob</name><email>noreply@blogger.com</email></author><thr:in-reply-to ref='tag:blogger.com,1999:blog-7.post-1' href='http://old.blogspot.com/2012/03/hello.html'/></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-4</id><published>2012-03-05T05:06:08Z</published><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#comment'/>
 <content type='html'>Two</content><link rel='related' href='http://www.blogger.com/feeds/7/1/comments/default/3'/><thr:in-reply-to ref='tag:blogger.com,1999:blog-7.post-1'/></entry>
</feed>"#;

fn moved(items: &[Item]) -> Vec<&str> {
    items
        .iter()
        .filter_map(|item| if let Item::Moved { from, .. } = item { Some(from.as_str()) } else { None })
        .collect()
}

#[test]
fn a_feed_tells_posts_pages_drafts_and_comments() {
    let (items, done) = told(Format::Blogger, TAKEOUT.as_bytes());
    assert_eq!(done, Ok(()));
    let found = entries(&items);
    let brief: Vec<_> =
        found.iter().map(|one| (one.title.as_str(), one.is_page, one.state, one.slug.as_deref())).collect();
    assert_eq!(
        brief,
        [
            ("Hello & bye", false, State::Published, Some("hello")),
            ("About", true, State::Published, Some("about")),
            ("Not yet done", false, State::Draft, None),
            ("Odd", false, State::Draft, None),
        ]
    );
    assert_eq!(found[0].tags, ["One", "Two words"]);
    assert_eq!(found[0].old_paths, ["2026/06/hello.html"]);
    assert_eq!((found[0].people.as_slice(), found[0].description.as_str()), (["Ann".to_owned()].as_slice(), "About"));
    let said = comments(&items);
    assert_eq!((said[0].name.as_str(), said[0].state, said[0].parent.as_deref()), ("Bob", Shelf::Approved, None));
    assert_eq!(
        (said[1].name.as_str(), said[1].state, said[1].parent.as_deref()),
        ("", Shelf::Spam, Some("blogger:7.2"))
    );
    assert_eq!(said[1].on, On::Entry(found[0].origin.clone()));
    let trashed = items.iter().find_map(|item| match item {
        Item::Trashed { origin, otherwise, .. } => Some((origin.as_str(), otherwise.as_ref()?.what.key())),
        _ => None,
    });
    assert_eq!((trashed, faults(&items).len()), (Some(("blogger:7.6", "import-in-trash")), 0));
    assert!(moved(&items).contains(&"feeds/posts/default") && moved(&items).contains(&"2026_06_01_archive.html"));
    assert!(items.iter().any(|item| matches!(item, Item::Term(term) if term.old_paths[0] == "search/label/Two words")));
}

#[test]
fn the_older_export_tells_the_same() {
    let (items, done) = told(Format::Blogger, OLD.as_bytes());
    assert_eq!(done, Ok(()));
    let found = entries(&items);
    let brief: Vec<_> = found.iter().map(|one| (one.origin.as_str(), one.title.as_str(), one.state)).collect();
    assert_eq!(brief, [("blogger:7.1", "Hello", State::Published), ("blogger:7.2", "Draft", State::Draft)]);
    assert_eq!((found[0].old_paths[0].as_str(), found[0].tags[0].as_str()), ("2012/03/hello.html", "News"));
    assert_eq!(found[0].published_at.unwrap().rfc3339(), "2012-03-03T21:06:07Z");
    assert_eq!(markdown_of(&found[0].body).0, "a\n\nb\n");
    let said = comments(&items);
    assert_eq!((said[0].email.as_deref(), said[1].parent.as_deref()), (None, Some("blogger:7.3")));
    assert!(matches!(&items[0], Item::About(about) if about.address.as_deref() == Some("http://old.blogspot.com")));
}

#[test]
fn an_archive_brings_its_pictures_and_nothing_from_outside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("takeout.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&file).unwrap());
    for (name, bytes) in [
        ("Takeout/Blogger/Blogs/Old/feed.atom", TAKEOUT.as_bytes()),
        ("Takeout/Blogger/Albums/Old/My dog.JPG", b"dog"),
        ("__MACOSX/Takeout/Blogger/Blogs/Old/feed.atom", b"x"),
        ("../../feed.atom", b"x"),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    assert_eq!(sniff::format(&file), Some(Format::Blogger));
    let (items, done) = told_of(Format::Blogger, &file);
    assert_eq!(done, Ok(()));
    let found = entries(&items);
    assert_eq!(found.len(), 4);
    let [picture] = found[0].files.as_slice() else { panic!("{:?}", found[0].files) };
    assert_eq!(
        picture.references,
        [
            "https://blogger.googleusercontent.com/img/a/s1600/My+dog.JPG",
            "https://blogger.googleusercontent.com/img/a/s320/My+dog.JPG"
        ]
    );
    assert_eq!(crate::exchange::bytes(&picture.source).unwrap().unwrap(), b"dog");
    let bytes = fs::read(&file).unwrap();
    assert!(told(Format::Blogger, &bytes[..bytes.len() / 2]).1.is_err());
}

#[test]
fn bloggers_html_becomes_plain() {
    let of = |html: &str| {
        let made = markdown_of(&Body::Html { html: html.to_owned(), dialect: Dialect::Blogger });
        made.0.trim_end().to_owned()
    };
    const AT: &str = "https://1.bp.blogspot.com/-x/y";
    assert_eq!(
        of(&format!(
            "<table class=\"tr-caption-container\"><tr><td><a href=\"{AT}/s1600/a.jpg\"><img src=\"{AT}/s320/a.jpg\" alt=\"A\"></a></td></tr><tr><td class=\"tr-caption\">Dawn</td></tr></table>b"
        )),
        format!("![A]({AT}/s1600/a.jpg \"Dawn\")\n\nb")
    );
    assert_eq!(
        of(&format!(
            "<div class=separator><a href='{AT}/s1600-h/a.jpg'><img src='{AT}/w320-h214/a.jpg'></a></div><div>c</div>"
        )),
        format!("![]({AT}/s1600/a.jpg)\n\nc")
    );
    assert_eq!(of("a<a name='more'></a>b"), "a\n\n<!--more-->\n\nb");
    assert_eq!(of("<p class=MsoNormal><span style='font-size: 12pt'>Word<o:p></o:p></span></p>"), "Word");
    for (address, expected) in [
        ("https://lh3.googleusercontent.com/abc=s320", "https://lh3.googleusercontent.com/abc=s1600"),
        ("https://lh3.googleusercontent.com/abc=w320-h214-p-k-no-nu", "https://lh3.googleusercontent.com/abc=s1600"),
        ("//2.bp.blogspot.com/a/s72-c/b.png", "https://2.bp.blogspot.com/a/s1600/b.png"),
    ] {
        assert_eq!(body::full_size(address).as_deref(), Some(expected));
    }
    assert_eq!(body::full_size("https://x.example/s320/a.jpg"), None);
}

#[test]
fn an_archive_that_does_not_say_where_the_blog_was_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("feed.atom");
    let address = |bytes: &str| {
        fs::write(&file, bytes).expect("written");
        let site = Url::parse("https://mine.example/").expect("an address");
        let mut found = None;
        let mut tell = |item| {
            if let Item::About(about) = item {
                found = about.address;
            }
            Ok(())
        };
        read(&file, Some(&site), &TimeZone::UTC, &AtomicU64::new(0), &mut tell).expect("read");
        found
    };
    assert_eq!(address(TAKEOUT).as_deref(), Some("https://mine.example"));
    assert_eq!(address(OLD).as_deref(), Some("http://old.blogspot.com"));
}

#[test]
fn a_name_that_a_commenter_typed_is_kept_and_titles_are_words() {
    let named = TAKEOUT
        .replace("<name>Anonymous</name><blogger:type>", "<name>Rosa</name><blogger:type>")
        .replace("Hello &amp; bye", "Hello &amp;#8211; &lt;b&gt; &amp;amp; bye");
    let (items, _) = told(Format::Blogger, named.as_bytes());
    assert_eq!(comments(&items)[1].name, "Rosa");
    assert_eq!(entries(&items)[0].title, "Hello – <b> & bye");
    let (items, _) = told(Format::Blogger, TAKEOUT.as_bytes());
    assert_eq!(comments(&items)[1].name, "");
}

#[test]
fn a_state_that_is_not_known_becomes_a_draft_and_is_said() {
    let old = TAKEOUT.replacen("<blogger:status>LIVE<", "<blogger:status>SOFT_TRASHED<", 1);
    let (items, _) = told(Format::Blogger, old.as_bytes());
    let found = entries(&items);
    assert_eq!(found[0].state, State::Draft);
    assert_eq!(found[0].warnings.iter().map(|warning| warning.key()).collect::<Vec<_>>(), ["import-unknown-state"]);
}

#[test]
fn an_archive_that_a_browser_has_unpacked_is_read_like_one_that_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let blog = folder.path().join("Takeout/Blogger");
    fs::create_dir_all(blog.join("Blogs/Old")).unwrap();
    fs::create_dir_all(blog.join("Albums/Old")).unwrap();
    fs::write(blog.join("Blogs/Old/feed.atom"), TAKEOUT).unwrap();
    fs::write(blog.join("Albums/Old/My dog.JPG"), "dog").unwrap();
    assert_eq!(sniff::format(folder.path()), Some(Format::Blogger));
    let (items, done) = told_of(Format::Blogger, folder.path());
    assert_eq!(done, Ok(()));
    let [picture] = entries(&items)[0].files.as_slice() else { panic!("{items:?}") };
    assert_eq!(crate::exchange::bytes(&picture.source).unwrap().unwrap(), b"dog");
}

#[test]
fn texts_that_link_to_a_blog_at_blogger_ask_whether_it_was_this_one() {
    let feed = |link: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'>{link}<entry><id>tag:blogger.com,1999:blog-7.post-1</id><blogger:type>POST</blogger:type>\
             <blogger:status>LIVE</blogger:status><title>T</title><published>2020-01-01T00:00:00Z</published><content type='html'>\
             &lt;a href=\"http://kopi.blogspot.com/2020/06/x.html\"&gt;x&lt;/a&gt; &lt;img src=\"https://1.bp.blogspot.com/-x/s320/a.png\"&gt;</content></entry></feed>"
        )
    };
    let said = faults(&told(Format::Blogger, feed("").as_bytes()).0);
    assert!(said.len() == 1 && said[0].contains("kopi.blogspot.com"), "{said:?}");
    let known = feed("<link rel='alternate' type='text/html' href='https://old.example/'/>");
    assert!(faults(&told(Format::Blogger, known.as_bytes()).0).is_empty());
}

#[test]
fn a_comment_is_the_blogs_own_by_its_profile_and_not_by_its_name() {
    let said = |number: u32, profile: &str| {
        format!(
            "<entry><id>tag:blogger.com,1999:blog-7.post-{number}</id><blogger:type>COMMENT</blogger:type>\
             <author><name>Ann</name><uri>{profile}</uri></author><content type='html'>x</content>\
             <published>2026-06-02T04:00:00Z</published><blogger:parent>tag:blogger.com,1999:blog-7.post-1</blogger:parent></entry></feed>"
        )
    };
    for (profile, is_owner) in [
        ("https://www.blogger.com/profile/1", true),
        ("http://www.blogger.com/profile/1", true),
        ("https://www.blogger.com/profile/2", false),
        ("", false),
    ] {
        let (items, _) = told(Format::Blogger, TAKEOUT.replace("</feed>", &said(20, profile)).as_bytes());
        assert_eq!(comments(&items).last().map(|one| one.is_owner), Some(is_owner), "{profile}");
    }
}

#[test]
fn a_blog_is_known_by_the_same_host_in_every_country() {
    for (host, expected) in [
        ("Siti.blogspot.my", "siti.blogspot.com"),
        ("siti.blogspot.co.uk", "siti.blogspot.com"),
        ("siti.blogspot.com.br", "siti.blogspot.com"),
        ("siti.blogspot.com", "siti.blogspot.com"),
        ("siti.blogspot.evil.example", "siti.blogspot.evil.example"),
        ("www.siti.com.my", "siti.com.my"),
    ] {
        assert_eq!(crate::exchange::own_host(host), expected);
    }
}
