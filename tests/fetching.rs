//! Pictures that only the old blog has: what is asked for, of whom, and what comes of it.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use laman::{
    jobs::import::{self, Wanted},
    model::{
        import::{Format, Report},
        language::Language,
    },
    outside::download::{Downloads, Missed},
    text::words::words,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use url::Url;

use crate::support::*;

/// A site on a socket of this machine: it gives what it is told to give, and remembers what it was asked for.
struct OldSite {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl OldSite {
    async fn start(answers: Vec<(&'static str, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Self { port: listener.local_addr().unwrap().port(), asked: Arc::default() };
        let (asked, answers) = (site.asked.clone(), Arc::new(BTreeMap::from_iter(answers)));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (asked, answers) = (asked.clone(), answers.clone());
                tokio::spawn(async move {
                    let mut stream = BufReader::new(socket);
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).await.unwrap_or(0) > 0 {}
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    assert!(head.to_lowercase().contains("user-agent: laman/"), "{head}");
                    let answer = answers.get(path.as_str()).cloned().unwrap_or_else(|| status("404 Not Found"));
                    asked.lock().unwrap().push(path);
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        site
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it was asked for since this was called last, in order of the alphabet.
    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

fn status(line: &str) -> Vec<u8> {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn leads_to(address: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn gives(bytes: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len()).into_bytes();
    answer.extend(bytes);
    answer
}

fn picture(side: u32) -> Vec<u8> {
    let image = image::RgbImage::from_pixel(side, side, image::Rgb([90, 120, 60]));
    let mut file = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(image).write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

struct Old {
    folder: tempfile::TempDir,
    fetch: Downloads,
}

impl Old {
    /// An export of a WordPress blog at this site whose one post shows these pictures.
    fn new(site: &OldSite, pictures: &[&str]) -> Self {
        let shown: String =
            pictures.iter().map(|address| format!("<p><img src=\"{address}\" alt=\"A\"></p>")).collect();
        Self::with(site, &shown)
    }

    /// The same whose one post has this text.
    fn with(site: &OldSite, shown: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let xml = format!(
            "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Old</title><link>{base}</link>\
             <wp:wxr_version>1.2</wp:wxr_version><item><title>Shown</title><link>{base}/shown/</link><wp:post_id>1</wp:post_id>\
             <wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>shown</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded><![CDATA[{shown}]]></content:encoded>\
             </item></channel></rss>",
            base = site.url("")
        );
        fs::write(folder.path().join("old.xml"), xml).unwrap();
        Self { folder, fetch: Downloads::from_hosts(&[]).in_our_own_network() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("old.xml")
    }

    async fn import(&self, blog: &TestBlog, is_trial: bool) -> Report {
        let wanted = Wanted {
            format: Format::Wordpress,
            sources: vec![self.path()],
            site: None,
            media: None,
            fetch: Some(self.fetch.clone()),
            max_file: 1 << 20,
            is_trial,
        };
        let settings = blog.app.store.settings().await.unwrap().unwrap();
        let progress = Arc::default();
        let done =
            import::run(&blog.app.store, &settings, blog.owner, &wanted, &progress, &mut |_| {}, blog.now()).await;
        let done = done.unwrap();
        done.read.unwrap();
        done.report
    }
}

fn said(report: &Report) -> String {
    let english = words(Language::ENGLISH);
    report.lines.iter().map(|line| format!("{}\n", english.remark(&line.what))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_only_the_old_blog_has_are_fetched_once_shown_and_found_at_their_old_addresses() {
    let site = OldSite::start(vec![
        ("/up/a.png", gives(&picture(8))),
        ("/up/a-4x4.png", gives(&picture(4))),
        ("/up/b.png", leads_to("/up/c.png")),
        ("/up/c.png", gives(&picture(6))),
        ("/up/only-3x3.png", gives(&picture(3))),
        ("/up/no.png", gives(b"<html>not here</html>")),
    ])
    .await;
    let (a, b) = (site.url("/up/a-4x4.png"), site.url("/up/b.png?w=300"));
    let (only, no) = (site.url("/up/only-3x3.png"), site.url("/up/no.png"));
    let old = Old::new(&site, &[&a, &b, &only, &no, "/up/gone.png"]);
    let blog = TestBlog::new().await;

    let trial = old.import(&blog, true).await;
    assert_eq!((trial.pictures, site.asked()), (5, vec![]), "trying asks nobody");

    let report = old.import(&blog, false).await;
    assert_eq!((report.pictures, report.missing_pictures), (3, 2), "{report:#?}");
    assert!(said(&report).contains("/up/gone.png was not found: the old site answers 404"), "{}", said(&report));
    let asked =
        ["/up/a.png", "/up/b.png", "/up/c.png", "/up/gone.png", "/up/no.png", "/up/only-3x3.png", "/up/only.png"];
    assert_eq!(site.asked(), asked, "the full size first, and only where it is not there the other");

    let reader = blog.reader();
    let post = reader.get("/2020/01/shown").await;
    assert_eq!(post.attributes(".e-content img", "width")[..3], ["8", "6", "3"]);
    let shown = post.attributes(".e-content img", "src");
    for (path, at) in [("/up/a-4x4.png", 0), ("/up/b.png", 1), ("/up/only-3x3.png", 2)] {
        let answer = reader.get(path).await;
        assert_eq!((answer.status(), answer.location()), (301, shown[at].as_str()), "{path}");
        assert_eq!(reader.get(answer.location()).await.status(), 200);
    }

    // What came is not asked for again; what did not is.
    let again = old.import(&blog, false).await;
    assert_eq!((again.pictures, again.updated, again.known), (0, 0, 1), "{again:#?}");
    assert_eq!(site.asked(), ["/up/gone.png", "/up/no.png"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_old_blog_and_hosts_that_were_named_are_asked_wherever_they_lead() {
    let other = OldSite::start(vec![("/x.png", gives(&picture(5)))]).await;
    let elsewhere = format!("http://localhost:{}/x.png", other.port);
    let site = OldSite::start(vec![
        ("/away.png", leads_to(Box::leak(elsewhere.clone().into_boxed_str()))),
        ("/file.png", leads_to("file:///etc/passwd")),
        ("/circle.png", leads_to("/circle.png")),
    ])
    .await;
    let (away, file, circle) = (site.url("/away.png"), site.url("/file.png"), site.url("/circle.png"));
    let mut old = Old::new(&site, &[&away, &file, &circle, &elsewhere]);
    let blog = TestBlog::new().await;
    let report = old.import(&blog, false).await;
    assert_eq!((report.pictures, report.missing_pictures), (0, 4));
    let lines = said(&report);
    assert!(
        lines.contains(&format!("localhost:{0} was not asked: --from-host localhost:{0} allows it", other.port)),
        "{lines}"
    );
    assert!(lines.contains("the old site leads on and on"), "{lines}");
    assert_eq!(other.asked(), [""; 0]);
    assert_eq!(site.asked().iter().filter(|path| *path == "/circle.png").count(), 6);

    old.fetch = Downloads::from_hosts(&[format!("localhost:{}", other.port)]).in_our_own_network();
    assert_eq!(old.import(&blog, false).await.updated, 1);
    assert_eq!(other.asked(), ["/x.png", "/x.png"], "at its own address, and at the one that leads to it");
    // Without leave to do so, nobody in our own network is asked.
    old.fetch = Downloads::from_hosts(&[]);
    let fresh = TestBlog::new().await;
    assert!(said(&old.import(&fresh, false).await).contains("127.0.0.1 is not on the public internet"));
    assert_eq!(site.asked().len() + other.asked().len(), 8, "as many as by the import before");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_only_the_old_blog_has_come_like_pictures_and_what_does_not_come_stays_a_link() {
    let pdf = [b"%PDF-1.7\n".as_slice(), &[b'x'; 600_000]].concat();
    let site = OldSite::start(vec![
        ("/wp-content/uploads/2020/talk.pdf", gives(&pdf)),
        ("/wp-content/uploads/2020/song.mp3", gives(b"ID3\x04\0\0")),
        ("/wp-content/uploads/2020/page.pdf", gives(b"<!doctype html>")),
        ("/wp-content/uploads/2020/large.zip", gives(&[b"PK\x03\x04".as_slice(), &[0; 1 << 20]].concat())),
    ])
    .await;
    let at = |name: &str| site.url(&format!("/wp-content/uploads/2020/{name}"));
    let names = ["talk.pdf", "talk.pdf?v=2", "page.pdf", "large.zip", "gone.pdf", "letter.docx"];
    let links: String = names.iter().map(|name| format!("<a href=\"{}\">{name}</a> ", at(name))).collect();
    let old = Old::with(&site, &format!("<p>{links}</p><p>[audio src=\"{}\"]</p>", at("song.mp3")));
    let blog = TestBlog::new().await;
    let trial = old.import(&blog, true).await;
    assert_eq!((trial.pictures, trial.files), (0, 5), "as many as may come");
    assert_eq!(site.asked(), [""; 0], "a trial asks nobody");

    let report = old.import(&blog, false).await;
    assert_eq!((report.pictures, report.files, report.missing_pictures), (0, 2, 0), "{report:#?}");
    let lines = said(&report);
    for (name, why) in [
        ("page.pdf", ": it is none of the kinds that are kept here"),
        ("large.zip", ": it is too large"),
        ("gone.pdf", ": the old site answers 404"),
        ("letter.docx", ""),
    ] {
        assert!(lines.contains(&format!("the file {} stays at the old site{why}\n", at(name))), "{name}: {lines}");
    }
    assert_eq!(report.warnings, 4);
    let reader = blog.reader();
    let links = reader.get("/2020/01/shown").await.attributes(".e-content a", "href");
    let (talk, song) = (links[0].clone(), links[6].clone());
    assert!(talk.starts_with("/media/") && talk.ends_with("/talk.pdf") && links[1] == talk, "{links:?}");
    assert!(song.starts_with("/media/") && song.ends_with("/song.mp3"), "{links:?}");
    assert_eq!(links[2..6], names[2..].iter().map(|name| at(name)).collect::<Vec<_>>());
    assert_eq!(reader.get(&talk).await.bytes(), pdf);
    assert_eq!(reader.get("/wp-content/uploads/2020/talk.pdf").await.location(), talk);
    assert!(!fs::read_dir(blog.folder()).unwrap().any(|file| file.unwrap().path().to_string_lossy().contains("fetch")));
    site.asked();
    let again = old.import(&blog, false).await;
    assert_eq!((again.files, again.updated), (0, 0), "{again:#?}");
    assert!(site.asked().iter().all(|path| !path.contains("talk") && !path.contains("song")));
}

#[tokio::test]
async fn no_more_is_taken_than_was_wanted() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n again\r\n0\r\n\r\n";
    let site = OldSite::start(vec![
        ("/long", gives(b"hello again")),
        ("/chunked", chunked.to_vec()),
        ("/no-answer", b"SSH-2.0-OpenSSH\r\n".to_vec()),
    ])
    .await;
    let mut downloads = Downloads::from_hosts(&[]).in_our_own_network();
    let at = |path: &str| Url::parse(&site.url(path)).unwrap();
    downloads.also(&at("/"));
    for path in ["/long", "/chunked"] {
        assert_eq!(downloads.get(&at(path), 11).await.unwrap(), b"hello again", "{path}");
        assert!(matches!(downloads.get(&at(path), 10).await, Err(Missed::TooLarge)), "{path}");
    }
    assert!(matches!(downloads.get(&at("/no-answer"), 10).await, Err(Missed::Silent(_))));
    assert!(matches!(downloads.get(&at("/nothing"), 10).await, Err(Missed::Status(404))));
}

#[tokio::test(flavor = "multi_thread")]
async fn ghosts_pictures_are_asked_of_the_blog_that_was_named() {
    let site = OldSite::start(vec![("/content/images/2020/a.png", gives(&picture(30)))]).await;
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ghost.json");
    let export = serde_json::json!({"data": {"posts": [{"id": "1", "title": "Shown", "slug": "shown", "status": "published",
        "published_at": "2020-01-05T10:00:00.000Z", "html": "<p><img src=\"__GHOST_URL__/content/images/2020/a.png\"></p>"}]}});
    fs::write(&file, export.to_string()).unwrap();
    let settings = blog.app.store.settings().await.unwrap().unwrap();
    let import = async |site| {
        let wanted = Wanted {
            format: Format::Ghost,
            sources: vec![file.clone()],
            site,
            media: None,
            fetch: Some(Downloads::from_hosts(&[]).in_our_own_network()),
            max_file: 1 << 20,
            is_trial: false,
        };
        let (progress, mut note) = (Arc::default(), |_: &_| {});
        let done = import::run(&blog.app.store, &settings, blog.owner, &wanted, &progress, &mut note, blog.now()).await;
        done.unwrap().report
    };
    let report = import(None).await;
    assert_eq!(report.missing_pictures, 1);
    assert!(said(&report).contains("where the old blog was is not known: --site tells it"), "{}", said(&report));
    let report = import(Some(Url::parse(&site.url("")).unwrap())).await;
    assert_eq!((report.pictures, report.missing_pictures), (1, 0), "{}", said(&report));
    assert_eq!(site.asked(), ["/content/images/2020/a.png"]);
    let old = blog.reader().get("/content/images/2020/a.png").await;
    assert!(old.status() == 301 && old.location().starts_with("/media/"), "{}", old.location());
}
