//! The whole blog out as an archive, and back into a new one: what comes back is what left.

use std::{fs, path::Path};

use laman::{
    archive::{
        Failed,
        back::unpack,
        out::{self, WAITING, Wish},
    },
    exchange::laman::{
        sink::{Piece, Sink},
        source::Source,
    },
    model::{
        mail::{Security, Smtp},
        queue::By,
    },
};
use proptest::{prelude::*, test_runner::TestRunner};
use tokio::sync::mpsc;

use crate::{program::support::run, support::*};

/// What would be written, piece by piece.
async fn pieces(blog: &TestBlog) -> Vec<Piece> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let wish = Wish { has_revisions: true, now: time(START) };
    let gather = async {
        let mut pieces = Vec::new();
        while let Some(piece) = receiver.recv().await {
            match (pieces.last_mut(), piece) {
                (Some(Piece::Bytes(before)), Piece::Bytes(more)) => before.extend(more),
                (_, piece) => pieces.push(piece),
            }
        }
        pieces
    };
    let pack = async {
        out::pack(&blog.app.store, wish, &sender, |_, _| {}).await.unwrap();
        drop(sender);
    };
    tokio::join!(gather, pack).0
}

fn write_folder(pieces: &[Piece], folder: &Path) {
    let mut sink = Sink::folder(folder).unwrap();
    pieces.iter().for_each(|piece| sink.put(piece).unwrap());
    sink.finish().unwrap();
}

fn zipped(pieces: &[Piece]) -> Vec<u8> {
    let mut sink = Sink::zip(Vec::new());
    pieces.iter().for_each(|piece| sink.put(piece).unwrap());
    sink.finish().unwrap().unwrap()
}

/// Takes an archive into a new blog.
async fn taken(archive: &Path) -> Result<TestBlog, Failed> {
    let blog = TestBlog::wish().start_bare(None).await;
    unpack(&blog.app.store, &mut Source::open(archive)?, |_, _| {}).await?;
    Ok(blog)
}

/// A picture that a browser shows.
fn picture() -> Vec<u8> {
    include_bytes!("browser/picture.png").to_vec()
}

/// Something of everything.
async fn full_blog(words: &[String]) -> TestBlog {
    let blog = TestBlog::wish().zone("Asia/Kuala_Lumpur").start().await;
    let owner = blog.owner().await;
    let sent = owner.upload_as("/admin/media", &[("kebun.png", &picture())], "application/json").await;
    let sent: serde_json::Value = serde_json::from_str(sent.body()).unwrap();
    let address = sent["files"][0]["address"].as_str().unwrap().to_owned();
    for (number, text) in words.iter().enumerate() {
        let title = format!("Post {number}");
        let body = format!("{text}\n\n![Kebun]({address})");
        let made = blog.published_post(&title).body(body).tag("Kebun").tag("C++ & Rust").excerpt("Short");
        let post = made.at("2023-02-10T08:00").create().await;
        let first = blog.comment(&post, "First").by("Mei \"<Lin>\"").email("mei@example.org").create().await;
        blog.comment(&post, text).answering(first).website("https://mei.example/").create().await;
        blog.comment(&post, "Wait").held().create().await;
        blog.comment(&post, "Buy").spam().create().await;
    }
    let form = owner.get("/admin/settings/appearance").await.form("form.settings");
    let form = form.set("accent", "#2a6f4e").set("scheme", "dark").set("banner", &address).set("banner-alt", "Kebun");
    let form = form.set("links", "Kebun | /tag/kebun").set("footer", "With *care*").set("css", ".post { order: 1 }");
    assert_eq!(form.submit(&owner).await.status(), 303);
    let form = owner.get("/admin/settings/backup").await.form("form.settings");
    form.set("every", "daily").set("keep", "3").submit(&owner).await;
    let smtp = Smtp {
        host: "mail.example".to_owned(),
        port: 25,
        security: Security::None,
        user: String::new(),
        password: String::new(),
        sender: "blog@example.org".to_owned(),
    };
    blog.app.store.save_smtp(Some(&smtp), By { user: Some(blog.owner), now: blog.now() }).await.unwrap();
    let draft = blog.draft("Unfinished").body("Not yet").create().await;
    blog.published_post("To come").at("2031-01-01T00:00").create().await;
    blog.page("About us").slug("about").create().await;
    blog.app.store.trash_post(draft.id, By { user: Some(blog.owner), now: blog.now() }).await.unwrap();
    blog
}

#[test]
fn what_comes_back_is_what_left() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() });
    let texts = prop::collection::vec("[a-zé✿ *_\\\\\"#<>&'-]{1,40}x", 1..3);
    runner
        .run(&texts, |texts| {
            runtime.block_on(async {
                let left = pieces(&full_blog(&texts).await).await;
                let folder = tempfile::tempdir().unwrap();
                let (dir, file) = (folder.path().join("blog"), folder.path().join("blog.zip"));
                write_folder(&left, &dir);
                fs::write(&file, zipped(&left)).unwrap();
                for archive in [dir, file] {
                    let back = pieces(&taken(&archive).await.unwrap()).await;
                    for (there, here) in left.iter().zip(&back) {
                        assert_eq!(text(there), text(here));
                    }
                    assert_eq!(left.len(), back.len());
                }
            });
            Ok(())
        })
        .unwrap();
}

fn text(piece: &Piece) -> String {
    match piece {
        Piece::File(name) => name.clone(),
        Piece::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Piece::End => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_find_the_same_blog_with_its_thread_and_its_pictures() {
    let before = full_blog(&["Some *words*".to_owned()]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("blog.zip");
    fs::write(&file, zipped(&pieces(&before).await)).unwrap();
    let after = taken(&file).await.unwrap();
    for path in ["/", "/2023/02/post-0", "/about", "/tag/kebun", "/archive", "/feed.xml", "/search?q=words"] {
        let (was, is) = (before.reader().get(path).await, after.reader().get(path).await);
        assert_eq!((was.status(), was.body()), (is.status(), is.body()), "{path}");
    }
    let picture = after.reader().get("/2023/02/post-0").await.attribute("article img", "src");
    assert_eq!(after.reader().get(&picture).await.status(), 200, "{picture}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_a_program_that_knew_no_appearance_is_taken() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("blog");
    write_folder(&pieces(&blog).await, &dir);
    fs::remove_file(dir.join("appearance.jsonl")).unwrap();
    let manifest = fs::read_to_string(dir.join("laman.json")).unwrap();
    let missing =
        unpack(&TestBlog::wish().start_bare(None).await.app.store, &mut Source::open(&dir).unwrap(), |_, _| {}).await;
    assert!(matches!(missing, Err(Failed::Refused(_))), "it was said to be there: {missing:?}");
    fs::write(dir.join("laman.json"), manifest.replace("\"appearance\": 1,", "")).unwrap();
    let settings = fs::read_to_string(dir.join("settings.jsonl")).unwrap();
    assert!(settings.contains(",\"feed_posts\":20"), "{settings}");
    fs::write(dir.join("settings.jsonl"), settings.replace(",\"feed_posts\":20", "")).unwrap();
    let back = taken(&dir).await.unwrap();
    assert_eq!(back.app.store.settings().await.unwrap().unwrap().feed_posts, 20);
    assert_eq!(back.app.store.appearance().await.unwrap().accent, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_it() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let all: String = pieces(&blog).await.iter().map(text).collect();
    for secret in ["argon2", "203.0.113", "password", "secret", "token"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_goes_into_an_empty_blog_only() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("blog");
    write_folder(&pieces(&blog).await, &dir);
    let again = unpack(&blog.app.store, &mut Source::open(&dir).unwrap(), |_, _| {}).await;
    assert!(matches!(again, Err(Failed::NotEmpty)), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_or_hostile_is_refused_and_nothing_of_it_stays() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let left = pieces(&blog).await;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("blog");
    write_folder(&left, &dir);
    let into = TestBlog::wish().start_bare(None).await;
    let post = "posts/2023/02/post-0.md";
    let changes: &[(&str, &str, &str)] = &[
        ("laman.json", "\"version\": 1", "\"version\": 2"),
        ("laman.json", "\"format\": \"laman\"", "\"format\": \"other\""),
        ("laman.json", "\"posts\": 4", "\"posts\": 5"),
        ("settings.jsonl", "Asia/Kuala_Lumpur", "Asia/Atlantis"),
        ("people.jsonl", "\"aminah-rahman\"", "\"../aminah\""),
        ("people.jsonl", "\"owner\"", "\"emperor\""),
        ("media.jsonl", "kebun.png", "../../kebun.png"),
        ("media.jsonl", "image/png", "text/html"),
        ("appearance.jsonl", "#2a6f4e", "red;}"),
        ("appearance.jsonl", "/tag/kebun", "javascript:alert(1)"),
        ("appearance.jsonl", "order: 1", "b: url(https://x.example)"),
        ("appearance.jsonl", "/media/", "https://x.example/"),
        ("appearance.jsonl", "\"dark\"", "\"bright\""),
        ("comments.jsonl", "https://mei.example/", "javascript:alert(1)"),
        ("comments.jsonl", "\"parent\":1,", "\"parent\":2,"),
        ("comments.jsonl", "\"parent\":1,", "\"parent\":99,"),
        ("comments.jsonl", "\"parent\":1,", "\"parent\":{},"),
        ("comments.jsonl", "}\n", "\n"),
        (post, "path: \"2023/02/post-0\"", "path: \"admin\""),
        (post, "authors: [\"aminah-rahman\"]", "authors: [\"nobody\"]"),
        (post, "date: \"2023", "date: \"last year"),
        (post, "---\n", ""),
    ];
    for (name, from, to) in changes {
        let path = dir.join(name);
        let whole = fs::read_to_string(&path).unwrap();
        assert!(whole.contains(from), "{name} has no {from}: {whole}");
        fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        let refused = unpack(&into.app.store, &mut Source::open(&dir).unwrap(), |_, _| {}).await;
        assert!(matches!(refused, Err(Failed::Refused(_))), "{name}: {from} -> {to}: {refused:?}");
        fs::write(&path, whole).unwrap();
    }
    let zip = zipped(&left);
    let file = folder.path().join("cut.zip");
    fs::write(&file, &zip[..zip.len() * 2 / 3]).unwrap();
    assert!(Source::open(&file).is_err());
    fs::write(&file, zipped(&[Piece::File("../../evil".to_owned()), Piece::Bytes(b"x".to_vec()), Piece::End])).unwrap();
    assert!(Source::open(&file).is_err());
    let mut bomb = left[..2].to_vec();
    bomb.extend([Piece::File("settings.jsonl".to_owned()), Piece::Bytes(vec![b' '; 120 << 20]), Piece::End]);
    fs::write(&file, zipped(&bomb)).unwrap();
    let refused = unpack(&into.app.store, &mut Source::open(&file).unwrap(), |_, _| {}).await;
    assert!(matches!(refused, Err(Failed::Refused(_))), "{refused:?}");
    // The whole one still finds an empty blog.
    unpack(&into.app.store, &mut Source::open(&dir).unwrap(), |_, _| {}).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_the_disk_spoiled_is_found_and_left_out_and_mended_by_the_same_picture() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let spoil = "UPDATE media_part SET bytes = zeroblob(length(bytes)) WHERE file = (SELECT min(hash) FROM media)";
    let mut database = blog.database().await;
    sqlx::query(spoil).execute(&mut database).await.unwrap();
    let altered = async || blog.app.store.altered_files(|_, _| {}).await.unwrap();
    assert_eq!(altered().await.iter().map(|file| file.what.as_str()).collect::<Vec<_>>(), ["kebun.png"]);
    let (is_sound, said) = laman(blog.folder(), &["check"]);
    assert!(!is_sound && said.contains("one thing is wrong"), "{said}");

    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("blog");
    write_folder(&pieces(&blog).await, &dir);
    let into = TestBlog::wish().start_bare(None).await;
    let (tally, left_out) = unpack(&into.app.store, &mut Source::open(&dir).unwrap(), |_, _| {}).await.unwrap();
    assert_eq!((tally["posts"], left_out.len()), (4, 1));
    assert!(left_out[0].ends_with("kebun.png"), "{left_out:?}");

    blog.owner().await.upload_as("/admin/media", &[("kebun.png", &picture())], "application/json").await;
    assert_eq!(altered().await, []);
}

/// What the program said: whether it succeeded, and its standard error.
fn laman(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let ended = run(folder, arguments);
    (ended.status.success(), ended.err)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_exports_and_imports_and_writes_over_nothing() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let folder = blog.folder();
    for archive in ["blog.zip", "blog"] {
        assert_eq!(laman(folder, &["export", archive]), (true, String::new()));
        let (is_done, said) = laman(folder, &["export", archive]);
        assert!(!is_done && said.contains("is there already"), "{said}");
        let database = format!("{archive}.db");
        assert_eq!(laman(folder, &["--database", &database, "import", "laman", archive]), (true, String::new()));
        let (is_done, said) = laman(folder, &["--database", &database, "import", "laman", archive]);
        assert!(!is_done && said.contains("into a new database"), "{said}");
    }
    assert_eq!(laman(folder, &["export", "--format", "csv", "tables"]), (true, String::new()));
    let comments = fs::read_to_string(folder.join("tables/comments.csv")).unwrap();
    assert_eq!(comments.matches("\r\n").count(), 5, "{comments}");
    assert!(comments.starts_with("\u{feff}\"id\","), "as Excel wants it: {comments}");
    assert!(comments.contains("\"Mei \"\"<Lin>\"\"\""), "{comments}");
    assert!(fs::read_to_string(folder.join("tables/posts.csv")).unwrap().contains("\"Kebun, C++ & Rust\""));
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.contains("unfinished")).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_downloads_the_archive_at_the_desk_and_the_log_says_so() {
    let blog = full_blog(&["Words".to_owned()]).await;
    let owner = blog.owner().await;
    let desk = owner.get("/admin/export").await;
    let sent = desk.form("section[aria-labelledby='archive'] form").submit(&owner).await;
    assert_eq!((sent.status(), sent.header("content-type")), (200, Some("application/zip")));
    assert_eq!(sent.header("content-disposition"), Some("attachment; filename=\"laman-archive-2023-02-11.zip\""));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("blog.zip");
    fs::write(&file, sent.bytes()).unwrap();
    let back = taken(&file).await.unwrap();
    assert_eq!(back.reader().get("/2023/02/post-0").await.status(), 200);
    assert!(owner.get("/admin/log").await.body().contains("Whole blog taken away"));
    let sent = owner.post("/admin/export", &[("format", "wordpress")]).await;
    assert_eq!((sent.status(), sent.header("content-type")), (200, Some("application/xml")));
    assert!(sent.body().contains("<wp:wxr_version>") && sent.body().ends_with("</rss>\n"), "{}", sent.body());
    assert_eq!(owner.post("/admin/export", &[("format", "other")]).await.status(), 400);
}
