//! `laman import markdown`: the real program on a real folder, and then the blog as its readers find it.

use std::{fs, path::Path};

use crate::{program::support::run, support::*};

/// What the program said: whether it succeeded, its standard output, its standard error.
fn import(blog: &TestBlog, folder: &Path) -> (bool, String, String) {
    let [folder, file] = [folder, &blog.file].map(|path| path.to_str().unwrap());
    let ended = run(blog.folder(), &["import", "markdown", folder, "--database", file]);
    (ended.status.success(), ended.out, ended.err)
}

/// The folder of an old blog.
fn old_blog() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write(
        "posts/with-toml.md",
        b"+++\ntitle = \"From Zola & co\"\ndate = 2020-05-06T07:08:09Z\npath = \"2020/05/06/From-Zola.html\"\naliases = [\"/old/zola\", \"older-zola.html\"]\n\
          authors = [\"Mei Lin\", \"Omar\"]\n[taxonomies]\ntags = [\"Rust Lang\", \"news\"]\n+++\n\nSome *words* of Zola.\n\n<!-- more -->\n\nThe rest.\n",
    );
    write("_posts/2019-01-02-with-yaml.md", b"---\ntitle: From Jekyll\nlayout: post\ntags: [news]\nauthor: Mei Lin\n---\nWords of Jekyll. <script>alert(1)</script>\n");
    write(
        "posts/bundle/index.md",
        b"+++\ntitle = \"With a picture\"\ndate = 2021-01-01\n+++\n\n![A dot](dot.png \"One dot\")\n",
    );
    write("posts/bundle/dot.png", &png());
    write("posts/unfinished.md", b"+++\ntitle = \"Unfinished\"\ndate = 2021-02-03\ndraft = true\n+++\n\nNot yet.\n");
    write("posts/broken.md", b"+++\ntitle = \n+++\n\nBroken.\n");
    folder
}

/// A picture of 3 by 2 pixels that tells where it was taken.
fn png() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let start = file.len();
        file.extend(kind);
        file.extend(data);
        file.extend(crc32(&file[start..]).to_be_bytes());
    };
    chunk(b"IHDR", &[0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
    chunk(b"tEXt", b"Comment\0taken at 3.139 N 101.687 E");
    chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0");
    // Two rows of a filter byte and three grey ones, stored as they are.
    let rows = [0, 1, 2, 3, 0, 4, 5, 6];
    let mut data = vec![0x78, 0x01, 0x01, 8, 0, 0xf7, 0xff];
    data.extend(rows);
    data.extend(adler32(&rows).to_be_bytes());
    chunk(b"IDAT", &data);
    chunk(b"IEND", b"");
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes
        .iter()
        .fold((1, 0), |(a, b), byte| ((a + u32::from(*byte)) % 65_521, (b + a + u32::from(*byte)) % 65_521));
    b << 16 | a
}

#[tokio::test]
async fn an_old_blog_is_taken_in_with_its_dates_authors_tags_and_addresses() {
    let blog = TestBlog::new().await;
    let (done, out, err) = import(&blog, old_blog().path());
    assert!(done, "{err}");
    assert!(out.starts_with("imported 3 posts, 0 pages and 1 drafts with 1 pictures from "), "{out}");
    assert!(out.trim_end().ends_with("0 known already, 1 skipped, 0 warnings"), "{out}{err}");
    assert!(err.contains("skipped: posts/broken.md: "), "{err}");

    let reader = blog.reader();
    let home = reader.get("/").await;
    assert_eq!(home.all("h2.p-name"), ["With a picture", "From Zola & co", "From Jekyll"]);
    let post = reader.get(&home.attributes("h2.p-name a", "href")[1]).await;
    assert_eq!(post.text(".date-header"), "Wednesday, 6 May 2020");
    assert_eq!(post.attribute(".dt-published", "datetime"), "2020-05-06T07:08:09+00:00");
    assert_eq!(post.all(".p-author"), ["Mei Lin", "Omar"]);
    assert_eq!(post.all(".p-category"), ["Rust Lang", "news"]);
    assert_eq!(post.text(".e-content"), "Some words of Zola. The rest.");
    assert!(home.has(".more"), "the jump break came along");
    assert_eq!(reader.get("/author/mei-lin").await.all("h2.p-name"), ["From Zola & co", "From Jekyll"]);
    assert_eq!(reader.get("/tag/news").await.all("h2.p-name").len(), 2);
    let jekyll = reader.get(&home.attributes("h2.p-name a", "href")[2]).await;
    assert_eq!(jekyll.text(".date-header"), "Wednesday, 2 January 2019");
    assert!(!jekyll.has(".e-content script"));
    assert_eq!(reader.get("/search?q=jekyll").await.all(".results li").len(), 1);
    let owner = blog.owner().await;
    assert_eq!(owner.get("/admin/posts?state=draft").await.all("tbody th a"), ["Unfinished"]);
}

#[tokio::test]
async fn every_old_address_leads_to_the_new_one() {
    let blog = TestBlog::new().await;
    import(&blog, old_blog().path());
    let reader = blog.reader();
    let home = reader.get("/").await;
    let new = home.attributes("h2.p-name a", "href").remove(1);
    for old in [
        "/2020/05/06/From-Zola.html",
        "/2020/05/06/From-Zola.html/",
        "/old/zola",
        "/old/zola/",
        "/older-zola.html",
        "/old/%7aola",
    ] {
        let answer = reader.get(old).await;
        assert_eq!((answer.status(), answer.location()), (301, new.as_str()), "{old}");
    }
    assert_eq!(reader.get(&new).await.status(), 200);
}

#[tokio::test]
async fn a_picture_comes_along_without_what_it_tells() {
    let blog = TestBlog::new().await;
    import(&blog, old_blog().path());
    let reader = blog.reader();
    let home = reader.get("/").await;
    assert_eq!(
        (home.attribute("figure img", "width"), home.attribute("figure img", "height")),
        ("3".into(), "2".into())
    );
    assert_eq!(home.attribute("figure img", "alt"), "A dot");
    assert_eq!(home.text("figcaption"), "One dot");
    let path = home.attribute("figure img", "src");
    let picture = reader.get(&path).await;
    assert_eq!((picture.status(), picture.header("content-type")), (200, Some("image/png")));
    assert_eq!(picture.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(picture.header("content-security-policy").unwrap().contains("sandbox"));
    let has = |what: &[u8]| picture.bytes().windows(what.len()).any(|window| window == what);
    assert!(has(b"IHDR") && has(b"IDAT") && has(b"IEND"));
    assert!(!has(b"tEXt") && !has(b"101.687") && !has(b"eXIf"), "where it was taken is nobody's business");
}

#[tokio::test]
async fn a_second_import_changes_nothing_and_a_third_takes_what_is_new() {
    let blog = TestBlog::new().await;
    let folder = old_blog();
    import(&blog, folder.path());
    let dump = async || {
        let mut database = blog.database().await;
        let posts: Vec<(String, String, Option<String>, i64, i64)> = sqlx::query_as(
            "SELECT uuid, html, path, version, saved_at FROM post JOIN post_text ON post_id = id ORDER BY id",
        )
        .fetch_all(&mut database)
        .await
        .unwrap();
        let others: Vec<i64> = sqlx::query_scalar(
            "SELECT count(*) FROM redirect UNION ALL SELECT count(*) FROM media UNION ALL SELECT count(*) FROM user \
             UNION ALL SELECT count(*) FROM tag UNION ALL SELECT count(*) FROM post_tag UNION ALL SELECT count(*) FROM post_author",
        )
        .fetch_all(&mut database)
        .await
        .unwrap();
        (posts, others)
    };
    let before = dump().await;
    let (done, out, _) = import(&blog, folder.path());
    assert!(done && out.starts_with("imported 0 posts, 0 pages and 0 drafts with 0 pictures"), "{out}");
    assert!(out.contains("4 known already"), "{out}");
    assert_eq!(dump().await, before);

    fs::write(folder.path().join("posts/later.md"), "+++\ntitle = \"Later\"\ndate = 2022-01-01\n+++\n\nNew.\n")
        .unwrap();
    let (_, out, _) = import(&blog, folder.path());
    assert!(out.starts_with("imported 1 posts,"), "{out}");
    assert_eq!(blog.reader().get("/").await.all("h2.p-name").len(), 4, "a running server shows it");
}

#[tokio::test]
async fn what_cannot_be_imported_is_said_in_a_line() {
    let blog = TestBlog::new().await;
    let (done, _, err) = import(&blog, Path::new("/nowhere/at/all"));
    assert!(!done);
    assert!(
        err.starts_with("laman: ") && err.contains("/nowhere/at/all") && err.trim_end().lines().count() == 1,
        "{err}"
    );
    let nobodys = TestBlog::wish().start_bare(None).await;
    let (done, _, err) = import(&nobodys, old_blog().path());
    assert!(!done && err.contains("nobody owns this blog yet"), "{err}");
}
