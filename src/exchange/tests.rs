//! Exports of comments, and files of every kind that are not what they seem.

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::*;
use crate::{
    model::{
        incoming::{Comment, Entry, Item, On, Shelf, Stop},
        language::Language,
    },
    text::words::words,
};

/// What is told of a file with these bytes, and how that ended.
pub(super) fn told(format: Format, bytes: &[u8]) -> (Vec<Item>, Result<(), Refused>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export");
    fs::write(&file, bytes).unwrap();
    told_of(format, &file)
}

pub(super) fn told_of(format: Format, file: &Path) -> (Vec<Item>, Result<(), Refused>) {
    let mut items = Vec::new();
    let mut tell = |item| {
        items.push(item);
        if items.len() > 10_000 { Err(Stop) } else { Ok(()) }
    };
    let done = read(format, &[file.to_owned()], None, &TimeZone::UTC, &AtomicU64::new(0), &mut tell);
    (items, done)
}

pub(super) fn entries(items: &[Item]) -> Vec<&Entry> {
    items.iter().filter_map(|item| if let Item::Entry(entry) = item { Some(&**entry) } else { None }).collect()
}

pub(super) fn comments(items: &[Item]) -> Vec<&Comment> {
    items.iter().filter_map(|item| if let Item::Comment(comment) = item { Some(&**comment) } else { None }).collect()
}

/// In English.
pub(super) fn said(remark: &Remark) -> String {
    words(Language::ENGLISH).remark(remark)
}

pub(super) fn all_said(remarks: &[Remark]) -> Vec<String> {
    remarks.iter().map(said).collect()
}

pub(super) fn faults(items: &[Item]) -> Vec<String> {
    let said = |item: &Item| {
        if let Item::Fault(fault) = item { Some(format!("{}: {}", fault.place, said(&fault.what))) } else { None }
    };
    items.iter().filter_map(said).collect()
}

pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

const DISQUS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><title>General</title></category>
<thread dsq:id="10"><id /><link>https://old.example/2019/01/hello/?x=1</link><title>Hello</title></thread>
<thread dsq:id="11"><id>/about/</id><link /></thread>
<thread dsq:id="12"><id>99</id><link /></thread>
<post dsq:id="100"><id>wp_1</id><message><![CDATA[<p>One <b>a</b> &amp; b</p>]]></message><createdAt>2019-01-02T03:04:05Z</createdAt>
 <isDeleted>false</isDeleted><isSpam>false</isSpam><author><email>a@example.org</email><name>Ann</name></author><ipAddress>192.0.2.1</ipAddress><thread dsq:id="10" /></post>
<post dsq:id="101"><message>Two</message><createdAt>2019-01-02T03:04:06Z</createdAt><isDeleted>true</isDeleted><isSpam>false</isSpam>
 <author><name>Bob</name></author><thread dsq:id="11" /><parent dsq:id="100" /></post>
<post dsq:id="102"><message>Buy</message><createdAt>2019-01-02T03:04:07Z</createdAt><isDeleted>false</isDeleted><isSpam>true</isSpam><author><username>cc</username></author><thread dsq:id="10" /></post>
<post dsq:id="103"><message>Lost</message><createdAt>2019-01-02T03:04:07Z</createdAt><thread dsq:id="12" /></post>
<post dsq:id="104"><message>When</message><createdAt>?</createdAt><thread dsq:id="10" /></post>
</disqus>"#;

#[test]
fn disqus_tells_comments_with_their_threads_and_states() {
    for bytes in [DISQUS.as_bytes().to_vec(), packed(DISQUS.as_bytes())] {
        let (items, done) = told(Format::Disqus, &bytes);
        assert_eq!(done, Ok(()));
        let found = comments(&items);
        let brief: Vec<_> =
            found.iter().map(|one| (one.origin.as_str(), one.name.as_str(), one.state, one.on.clone())).collect();
        assert_eq!(
            brief,
            [
                ("disqus:100", "Ann", Shelf::Approved, On::Path("2019/01/hello/".to_owned())),
                ("disqus:101", "Bob", Shelf::Trash, On::Path("about/".to_owned())),
                ("disqus:102", "cc", Shelf::Spam, On::Path("2019/01/hello/".to_owned())),
            ]
        );
        assert_eq!(found[0].text, Body::html("<p>One <b>a</b> &amp; b</p>".to_owned()));
        assert_eq!(found[0].email.as_deref(), Some("a@example.org"));
        assert_eq!(found[0].at.rfc3339(), "2019-01-02T03:04:05Z");
        assert_eq!(found[1].parent.as_deref(), Some("disqus:100"));
        assert_eq!(faults(&items).len(), 2);
    }
}

const COMMENTO: &str = r#"{"version":1,"comments":[
{"commentHex":"c1","domain":"old.example","url":"/post/","commenterHex":"p1","markdown":"*Hi*","html":"<p><em>Hi</em></p>","parentHex":"root","score":1,"state":"approved","creationDate":"2020-05-06T07:08:09.123Z","deleted":false},
{"commentHex":"c2","url":"/post/","commenterHex":"anonymous","markdown":"Re","parentHex":"c1","state":"unapproved","creationDate":"2020-05-06T07:08:10Z"},
{"commentHex":"c3","url":"/post/","commenterHex":"p1","markdown":"x","parentHex":"root","state":"flagged","creationDate":"2020-05-06T07:08:10Z","deleted":false},
{"commentHex":7,"url":[],"creationDate":null}, 5, null],
"commenters":[{"commenterHex":"p1","email":"p@example.org","name":"Pat","link":"undefined","isModerator":true}]}"#;

#[test]
fn commento_tells_comments_with_those_who_wrote_them() {
    let (items, done) = told(Format::Commento, COMMENTO.as_bytes());
    assert_eq!(done, Ok(()));
    let found = comments(&items);
    let brief: Vec<_> =
        found.iter().map(|one| (one.name.as_str(), one.state, one.is_owner, one.parent.as_deref())).collect();
    assert_eq!(
        brief,
        [
            ("Pat", Shelf::Approved, true, None),
            ("", Shelf::Held, false, Some("commento:c1")),
            ("Pat", Shelf::Spam, true, None)
        ]
    );
    assert_eq!((found[0].email.as_deref(), found[0].website.as_deref()), (Some("p@example.org"), None));
    assert_eq!(found[0].text, Body::Markdown("*Hi*".to_owned()));
    assert_eq!(faults(&items).len(), 3);
}

const REMARK: &str = r#"{"version":1,"users":[],"posts":[]}
{"id":"r1","pid":"","text":"<p>Hi</p>","orig":"Hi","user":{"name":"Ann","id":"a","admin":true},"locator":{"site":"s","url":"https://old.example/p.html"},"time":"2021-02-03T04:05:06.789+02:00"}
{"id":"r2","pid":"r1","text":"<p>Yo</p>","user":{"name":"Bob"},"locator":{"url":"https://old.example/p.html"},"time":"2021-02-03T04:05:07Z","delete":true}
nonsense
{"id":"r3","time":"2021-02-03T04:05:07Z"}
"#;

#[test]
fn remark42_tells_each_line() {
    for bytes in [REMARK.as_bytes().to_vec(), packed(REMARK.as_bytes())] {
        let (items, done) = told(Format::Remark42, &bytes);
        assert_eq!(done, Ok(()));
        let found = comments(&items);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].at.rfc3339().as_str(), found[0].is_owner), ("2021-02-03T02:05:06Z", true));
        assert_eq!(found[0].on, On::Path("p.html".to_owned()));
        assert_eq!((found[1].state, found[1].parent.as_deref()), (Shelf::Trash, Some("remark42:r1")));
        assert_eq!(found[1].text, Body::html("<p>Yo</p>".to_owned()));
        assert_eq!(faults(&items), ["export, line 4: is no JSON", "export, line 5: belongs to no page"]);
    }
    let mut long = REMARK.as_bytes().to_vec();
    long.extend(b"{\"id\":\"".iter().chain(&vec![b'x'; 3 << 20]));
    assert_eq!(faults(&told(Format::Remark42, &long).0).last().unwrap(), "export, line 6: is too long");
}

#[test]
fn what_readers_of_remark42_did_not_see_comes_into_the_trash() {
    let comment = |id: &str, user: &str, more: &str| {
        format!(
            r#"{{"id":"{id}","pid":"","orig":"Hi","user":{{"name":"N","id":"{user}"}},"locator":{{"url":"https://old.example/p"}},"time":"2021-02-03T04:05:06Z"{more}}}"#
        )
    };
    let head = r#"{"version":1,"users":[{"id":"ever","blocked":{"status":true,"until":"0001-01-01T00:00:00Z"}},{"id":"long","blocked":{"status":true,"until":"2999-01-01T00:00:00Z"}},
        {"id":"over","blocked":{"status":true,"until":"2001-01-01T00:00:00Z"}},{"id":"free","blocked":{"status":false}}],"posts":[{"url":"https://old.example/p","read_only":true},{"url":"https://old.example/q"}]}"#;
    let comments_there: Vec<String> = ["ever", "long", "over", "free"].map(|user| comment(user, user, "")).into();
    let pinned = comment("pinned", "free", r#","pin":true"#);
    let backup = format!("{}\n{}\n{pinned}\n", head.replace('\n', ""), comments_there.join("\n"));
    let (items, done) = told(Format::Remark42, backup.as_bytes());
    assert_eq!(done, Ok(()));
    let brief: Vec<_> = comments(&items).iter().map(|one| (one.state, one.is_pinned)).collect();
    let seen = (Shelf::Approved, false);
    assert_eq!(brief, [(Shelf::Trash, false), (Shelf::Trash, false), seen, seen, (Shelf::Approved, true)]);
    let said = [
        "comments of people who are blocked there are in the trash: 2",
        "comments are closed there; here they are as the post says",
    ];
    assert_eq!(faults(&items), [format!("export: {}", said[0]), format!("/p: {}", said[1])]);
}

#[test]
fn links_by_way_of_disqus_lead_where_they_say() {
    let wrapped = DISQUS.replace(
        "<p>One <b>a</b> &amp; b</p>",
        r#"<p><a href="https://disq.us/url?url=https%3A%2F%2Fx.example%2Fa%3Ab%3AAb-1_c&amp;cuid=1">x</a> <a href="https://disq.us/url?url=javascript%3Ax">y</a></p>"#,
    );
    let (items, _) = told(Format::Disqus, wrapped.as_bytes());
    let html = comments(&items)[0].text.as_str();
    assert!(
        html.contains(r#"<a href="https://x.example/a:b">x</a>"#) && html.contains("disq.us/url?url=javascript"),
        "{html}"
    );
}

/// A database as Isso makes it.
fn isso(file: &Path, more: &str) {
    use sqlx::{ConnectOptions, Connection, Executor, sqlite::SqliteConnectOptions};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sql = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
        CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL, modified FLOAT,
            mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER, dislikes INTEGER, voters BLOB);
        INSERT INTO threads VALUES (1, '/a/', 'A');
        INSERT INTO comments VALUES (1, 1, NULL, 1500000000.5, NULL, 1, '192.0.2.0', 'Hi *you*', 'Ann', 'a@example.org', 'https://a.example', 0, 0, x''),
            (1, 2, 1, 1500000001, NULL, 2, '192.0.2.0', x'ff00', NULL, NULL, NULL, 0, 0, x''),
            (1, 3, NULL, 1500000002, NULL, 4, '', '', '', '', '', 0, 0, x''),
            (9, 4, NULL, 1500000002, NULL, 1, '', 'lost', '', '', '', 0, 0, x'');"
        .to_owned() + more;
    runtime.block_on(async {
        let mut connection = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(false)
            .connect()
            .await
            .unwrap();
        connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn isso_is_read_from_its_database_which_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("comments.db");
    isso(&file, "");
    let before = fs::read(&file).unwrap();
    assert_eq!(sniff::format(&file), Some(Format::Isso));
    let (items, done) = told_of(Format::Isso, &file);
    assert_eq!(done, Ok(()));
    let found = comments(&items);
    let brief: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.state, one.parent.as_deref())).collect();
    assert_eq!(brief, [("Ann", Shelf::Approved, None), ("", Shelf::Held, Some("isso:a/:1")), ("", Shelf::Trash, None)]);
    assert_eq!(found[0].at.0, 1_500_000_000_500);
    assert_eq!(faults(&items), ["comments.db: comment 4 belongs to no page"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written beside it");

    let mut damaged = before;
    let length = damaged.len();
    damaged[length / 2..].fill(0x55);
    fs::write(&file, &damaged).unwrap();
    assert!(told_of(Format::Isso, &file).1.is_err());
    fs::write(&file, b"SQLite format 3\0nothing").unwrap();
    assert!(told_of(Format::Isso, &file).1.is_err());
    let other = folder.path().join("other.db");
    isso(
        &other,
        "DROP TABLE comments; CREATE VIEW comments AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n;",
    );
    assert!(told_of(Format::Isso, &other).1.is_err(), "a view is no table");
}

#[test]
fn a_file_tells_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    for (bytes, expected) in [
        (DISQUS.as_bytes().to_vec(), Some(Format::Disqus)),
        (packed(DISQUS.as_bytes()), Some(Format::Disqus)),
        (COMMENTO.as_bytes().to_vec(), Some(Format::Commento)),
        (REMARK.as_bytes().to_vec(), Some(Format::Remark42)),
        (packed(REMARK.as_bytes()), Some(Format::Remark42)),
        (b"{\"db\":[{\"meta\":{\"exported_on\":1},\"data\":{}}]}".to_vec(), Some(Format::Ghost)),
        (b"{\"meta\":{\"version\":\"5\"},\"data\":{\"posts\":[]}}".to_vec(), Some(Format::Ghost)),
        (b"<rss xmlns:wp=\"http://wordpress.org/export/1.2/\">".to_vec(), Some(Format::Wordpress)),
        (b"<feed xmlns:blogger=\"http://schemas.google.com/blogger/2018\">".to_vec(), Some(Format::Blogger)),
        (b"PK\x03\x04".to_vec(), None),
        (b"<html>".to_vec(), None),
        (Vec::new(), None),
    ] {
        fs::write(&file, &bytes).unwrap();
        assert_eq!(sniff::format(&file), expected, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
    }
    assert_eq!(sniff::format(folder.path()), Some(Format::Markdown));
    assert_eq!(sniff::format(&folder.path().join("none")), None);
}

/// The formats that come as one file of text.
const TEXTS: [Format; 5] = [Format::Blogger, Format::Commento, Format::Disqus, Format::Ghost, Format::Remark42];

#[test]
fn hostile_files_are_refused_with_a_line_that_says_where() {
    let bomb = packed(&vec![b' '; 50 << 20]);
    for format in TEXTS {
        for bytes in [
            Vec::new(),
            b"\0\0\0".to_vec(),
            b"<".to_vec(),
            b"{".to_vec(),
            bomb.clone(),
            b"\x1f\x8b\x08broken".to_vec(),
            b"PK\x03\x04broken".to_vec(),
            "{\"a\":".repeat(200_000).into_bytes(),
            "[".repeat(200_000).into_bytes(),
            "<a>".repeat(200_000).into_bytes(),
            b"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><feed>&x;</feed>".to_vec(),
            DISQUS.as_bytes()[..DISQUS.len() / 2].to_vec(),
            COMMENTO.as_bytes()[..COMMENTO.len() / 2].to_vec(),
        ] {
            let (items, done) = told(format, &bytes);
            let is_cut_lines = format == Format::Remark42;
            assert!(done.is_err() || is_cut_lines, "{}: {:?}", format.as_str(), items.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200), which in 0_usize..3, cut in any::<prop::sample::Index>(), odd in any::<u8>()) {
        let sample = [DISQUS, COMMENTO, REMARK][which];
        let mut changed = sample.as_bytes().to_vec();
        let at = cut.index(changed.len());
        changed[at] = odd;
        for format in TEXTS {
            told(format, &bytes).1.ok();
            told(format, &changed).1.ok();
            told(format, &packed(&changed[..at])).1.ok();
        }
    }
}

#[test]
fn a_picture_is_asked_for_in_its_full_size_first() {
    for (address, sizes) in [
        ("https://a.example/2020/b-300x200.jpg", ["https://a.example/2020/b.jpg", ""]),
        ("https://1.bp.blogspot.com/-a/b/c/s1600/d.jpg", ["https://1.bp.blogspot.com/-a/b/c/s0/d.jpg", ""]),
        ("https://lh3.googleusercontent.com/abc=w640-h480", ["https://lh3.googleusercontent.com/abc=s0", ""]),
        ("https://a.example/content/images/size/w600/2020/b.jpg", ["https://a.example/content/images/2020/b.jpg", ""]),
        (
            "https://a.example/content/images/size/w600/format/webp/2020/b.jpg",
            ["https://a.example/content/images/2020/b.jpg", ""],
        ),
        ("https://a.example/b.jpg", ["", ""]),
    ] {
        let mut wanted: Vec<&str> = sizes.into_iter().filter(|size| !size.is_empty()).collect();
        wanted.push(address);
        assert_eq!(super::sizes(address), wanted, "{address}");
    }
}

#[test]
fn as_much_is_counted_as_there_is_to_read_packed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: usize| format!("{{\"id\":\"{id}\",\"text\":\"{}\"}}\n", "words ".repeat(20));
    let lines: String = (0..5000).map(line).collect();
    let text = format!("{{\"version\":1,\"users\":[],\"posts\":[]}}\n{lines}");
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    zip.start_file("backup/old.gz", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&packed(text.as_bytes())).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    for (name, bytes) in [("plain", text.clone().into_bytes()), ("old.gz", packed(text.as_bytes())), ("old.zip", zip)] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let (counted, mut told) = (AtomicU64::new(0), 0);
        let mut tell = |_| {
            told += 1;
            Ok(())
        };
        read(Format::Remark42, std::slice::from_ref(&file), None, &TimeZone::UTC, &counted, &mut tell).unwrap();
        assert_eq!((told, counted.into_inner()), (5000, counts(Format::Remark42, &[file])), "{name}");
    }
}

#[test]
fn files_of_our_own_old_address_are_known_as_such() {
    let hash = "0123456789abcdef0123456789abcdef";
    assert!(is_uploaded_file(&format!("https://old.example/media/{hash}/notes.pdf")));
    assert!(is_uploaded_file(&format!("/media/{hash}/notes.pdf#page=2")));
    assert!(!is_uploaded_file("https://old.example/media/notes.pdf"));
    assert!(!is_uploaded_file(&format!("https://old.example/media/{hash}/notes.html")));
}
