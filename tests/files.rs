//! Pictures and files: uploaded, kept without what they tell of their maker, sent whole and in part, found where they are used.

use std::io::Cursor;

use axum::{body::Body, http::Method};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use laman::{jobs::pictures, model::media, web::Keeping};

use crate::support::*;

fn photo(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([(x / 5) as u8, (y / 3) as u8, 150]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    photo(width, height, ImageFormat::Jpeg)
}

/// The files of an answer for scripts.
fn files(page: &Page) -> Vec<serde_json::Value> {
    let answer: serde_json::Value = serde_json::from_str(page.body()).unwrap();
    answer["files"].as_array().unwrap().clone()
}

fn said<'a>(file: &'a serde_json::Value, name: &str) -> &'a str {
    file[name].as_str().unwrap_or_else(|| panic!("no {name} in {file}"))
}

/// Uploads one, which is kept; gives what scripts are told of it.
async fn upload(owner: &Visitor, name: &str, bytes: &[u8]) -> serde_json::Value {
    let page = owner.upload_as("/admin/media", &[(name, bytes)], "application/json").await;
    assert_eq!(page.status(), 200, "{}", page.body());
    files(&page).remove(0)
}

/// Lets the program do what it does on its own.
async fn work(blog: &TestBlog) {
    while pictures::step(&blog.app).await.unwrap() {}
}

async fn ask(visitor: &Visitor, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
    let request =
        headers.iter().fold(visitor.request(method, path), |request, (name, value)| request.header(*name, *value));
    visitor.send(request.body(Body::empty()).unwrap()).await
}

/// A PNG file that says that it is of this size.
fn of_size(width: u32, height: u32) -> Vec<u8> {
    use img_parts::{
        Bytes,
        png::{Png, PngChunk},
    };
    let mut file = Png::from_bytes(Bytes::from(photo(2, 2, ImageFormat::Png))).unwrap();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &file.chunks()[0].contents()[8..]].concat();
    file.chunks_mut()[0] = PngChunk::new(*b"IHDR", Bytes::from(head));
    file.encoder().bytes().to_vec()
}

#[tokio::test]
async fn ten_pictures_are_uploaded_at_once_and_none_twice() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let made: Vec<(String, Vec<u8>)> = (1..=10).map(|n| (format!("Pokok {n}.JPG"), jpeg(40 + n, 30))).collect();
    let all: Vec<(&str, &[u8])> = made.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let answer = owner.upload("/admin/media", &all).await;
    assert_eq!((answer.status(), answer.location()), (303, "/admin/media?done=added"));
    let library = owner.follow(&answer).await;
    assert_eq!(library.all(".library li").len(), 10);
    assert!(library.text(".library li:first-child bdi").contains("pokok-10.jpg"));

    let again = upload(&owner, "another name.jpg", &made[0].1).await;
    assert_eq!(said(&again, "name"), "pokok-1.jpg");
    assert_eq!(owner.get("/admin/media").await.all(".library li").len(), 10);
}

#[tokio::test]
async fn what_is_not_kept_is_told_in_words_beside_each_file_and_the_others_are_kept() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let whole = jpeg(300, 200);
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>";
    let refused: [(&str, &[u8], &str); 9] = [
        ("bomb.png", &of_size(50_000, 50_000), "50,000 × 50,000 pixels"),
        ("wide.png", &of_size(9_000, 9_000), "9,000 × 9,000 pixels"),
        ("half.jpg", &whole[..whole.len() / 2], "missing"),
        ("phone.jpg", b"\0\0\0\x20ftypheic\0\0\0\0", "HEIC"),
        ("new.png", b"\0\0\0\x20ftypavif\0\0\0\0", "AVIF"),
        ("page.png", b"<!doctype html><script>alert(1)</script>", "not taken"),
        ("program.jpg", b"MZ\x90\0\x03\0\0\0", "not taken"),
        ("drawing.svg", drawing, "script"),
        ("nothing.png", b"", "empty"),
    ];
    let mut sent: Vec<(&str, &[u8])> = refused.iter().map(|(name, bytes, _)| (*name, *bytes)).collect();
    sent.insert(4, ("good.png", &whole));
    let page = owner.upload("/admin/media", &sent).await;
    assert_eq!(page.status(), 422);
    let words = page.all(".alarm li");
    assert_eq!(words.len(), refused.len(), "{words:#?}");
    for ((name, _, expected), said) in refused.iter().zip(words) {
        assert!(said.starts_with(&format!("{name}: ")) && said.contains(expected), "{said}");
    }
    // Its content counts, not its name.
    assert_eq!(page.all(".library bdi"), ["good.jpg"]);
    for (name, bytes, expected) in refused {
        let page = owner.upload_as("/admin/media", &[(name, bytes)], "application/json").await;
        assert_eq!(page.status(), 422, "{name}");
        assert!(said(&files(&page)[0], "error").contains(expected), "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(blog.folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("upload")), "{left:?}");
}

#[tokio::test]
async fn a_file_that_is_two_things_is_kept_as_the_picture_alone() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let (zip, script) = (b"PK\x03\x04 an archive with a secret PK\x05\x06", b"*/=1;alert('secret')//");
    let gif = photo(8, 8, ImageFormat::Gif);
    // A comment that a script would be read from, and an archive behind the end.
    let mut commented = gif[..gif.len() - 1].to_vec();
    commented.extend([0x21, 0xfe, script.len() as u8]);
    commented.extend(script);
    commented.extend([0, 0x3b]);
    for (name, bytes) in [
        ("a.gif", commented),
        ("b.jpg", [&jpeg(20, 20)[..], zip].concat()),
        ("c.png", [&photo(20, 20, ImageFormat::Png)[..], zip].concat()),
        ("d.webp", [&photo(20, 20, ImageFormat::WebP)[..], zip].concat()),
    ] {
        let kept = upload(&owner, name, &bytes).await;
        let sent = blog.reader().get(said(&kept, "address")).await;
        assert_eq!(sent.status(), 200, "{name}");
        assert!(sent.header("content-type").unwrap().starts_with("image/"));
        assert_eq!(sent.header("x-content-type-options"), Some("nosniff"));
        assert!(!sent.bytes().windows(6).any(|window| window == b"secret"), "{name}");
    }
}

#[tokio::test]
async fn an_animation_stays_one() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let mut file = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut file);
    for level in [0, 120, 240] {
        let frame = image::RgbaImage::from_pixel(600, 400, image::Rgba([level, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let kept = upload(&owner, "dance.gif", &file).await;
    let sent = blog.reader().get(said(&kept, "address")).await;
    let frames = |bytes: &[u8]| {
        use image::AnimationDecoder;
        image::codecs::gif::GifDecoder::new(Cursor::new(bytes.to_vec())).unwrap().into_frames().count()
    };
    assert_eq!((frames(&file), frames(sent.bytes())), (3, 3));
    work(&blog).await;
    let hash = media::hash_in(said(&kept, "address")).unwrap();
    assert_eq!(blog.reader().get(&media::variant_address(hash, 480)).await.status(), 404);
}

#[tokio::test]
async fn files_are_handed_over_so_that_nothing_in_them_runs() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for (name, bytes, media_type, disposition) in [
        ("Laporan.pdf", &b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>"[..], "application/pdf", "attachment"),
        ("all.exe", b"PK\x03\x04\x14\0\0\0", "application/zip", "attachment"),
        ("song.mp3", b"ID3\x04\0\0\0\0\0\0", "audio/mpeg", "inline"),
        ("film.mp4", b"\0\0\0\x20ftypisom\0\0\0\0", "video/mp4", "inline"),
    ] {
        let kept = upload(&owner, name, bytes).await;
        assert!(said(&kept, "markdown").starts_with('['), "{kept}");
        let sent = blog.reader().get(said(&kept, "address")).await;
        assert_eq!((sent.status(), sent.bytes()), (200, bytes), "{name}");
        assert_eq!(sent.header("content-type"), Some(media_type));
        assert_eq!(sent.header("x-content-type-options"), Some("nosniff"));
        assert!(sent.header("content-security-policy").unwrap().contains("sandbox"));
        assert!(sent.header("content-disposition").unwrap().starts_with(disposition), "{name}");
        assert!(sent.header("cache-control").unwrap().contains("immutable"));
    }
}

#[tokio::test]
async fn a_large_file_is_sent_whole_in_part_or_not_at_all() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let noise = (0..700_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8);
    let bytes: Vec<u8> = b"PK\x03\x04".iter().copied().chain(noise).collect();
    let kept = upload(&owner, "all.zip", &bytes).await;
    let (address, reader) = (said(&kept, "address"), blog.reader());
    let whole = reader.get(address).await;
    assert_eq!((whole.status(), whole.bytes()), (200, &bytes[..]));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let etag = whole.header("etag").unwrap();
    let length = bytes.len();

    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=100-600000", 100, 600_001),
        ("bytes=-5", length - 5, length),
        ("bytes=699999-", 699_999, length),
    ] {
        let part = ask(&reader, Method::GET, address, &[("range", range), ("if-range", etag)]).await;
        assert_eq!((part.status(), part.bytes()), (206, &bytes[from..to]), "{range}");
        assert_eq!(part.header("content-range").unwrap(), format!("bytes {from}-{}/{length}", to - 1));
        assert_eq!(part.header("content-length").unwrap(), (to - from).to_string());
    }
    let other = ask(&reader, Method::GET, address, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!((other.status(), other.bytes().len()), (200, length));
    let beyond = ask(&reader, Method::GET, address, &[("range", "bytes=900000-")]).await;
    assert_eq!((beyond.status(), beyond.header("content-range")), (416, Some(&*format!("bytes */{length}"))));
    let known = ask(&reader, Method::GET, address, &[("if-none-match", etag)]).await;
    assert_eq!((known.status(), known.bytes().len()), (304, 0));
    assert!(known.header("cache-control").unwrap().contains("immutable"));
    let head = ask(&reader, Method::HEAD, address, &[]).await;
    assert_eq!((head.status(), head.bytes().len()), (200, 0));
    assert_eq!(head.header("content-length").unwrap(), length.to_string());
    // A small file, which is kept whole, likewise.
    let small = upload(&owner, "small.zip", &bytes[..1000]).await;
    let small = said(&small, "address");
    for _ in 0..2 {
        assert_eq!(reader.get(small).await.bytes(), &bytes[..1000]);
        let part = ask(&reader, Method::GET, small, &[("range", "bytes=10-19")]).await;
        assert_eq!((part.status(), part.bytes()), (206, &bytes[10..20]));
    }
}

#[tokio::test]
async fn a_picture_has_smaller_widths_and_the_post_says_so() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let kept = upload(&owner, "wide.jpg", &jpeg(1000, 500)).await;
    let (address, reader) = (said(&kept, "address").to_owned(), blog.reader());
    let hash = media::hash_in(&address).unwrap().to_owned();
    let body = format!("![First]({address})\n\n![Second]({address})");
    let post = blog.published_post("Wide").body(body).create().await;

    let smaller = media::variant_address(&hash, 480);
    let early = reader.get(&smaller).await;
    assert_eq!((early.status(), early.header("content-type")), (200, Some("image/jpeg")));
    assert_eq!(early.header("cache-control"), Some("no-store"), "it stands in for what is still to be made");
    work(&blog).await;
    let made = reader.get(&smaller).await;
    assert_eq!((made.status(), made.header("content-type")), (200, Some("image/webp")));
    assert!(made.header("cache-control").unwrap().contains("immutable"));
    assert_eq!(image::load_from_memory(made.bytes()).unwrap().width(), 480);
    assert!(made.bytes().len() < early.bytes().len());
    for none in ["1200.webp", "481.webp", "480.png"] {
        assert_eq!(reader.get(&format!("/media/{hash}/{none}")).await.status(), 404, "{none}");
    }

    let page = reader.get(&post.path).await;
    let image = |name: &str| page.attribute(".prose figure:first-of-type img", name);
    assert_eq!(image("srcset"), format!("{smaller} 480w, /media/{hash}/800.webp 800w, /media/{hash}/1000.webp 1000w"));
    assert_eq!((image("width"), image("height"), image("fetchpriority")), ("1000".into(), "500".into(), "high".into()));
    assert!(image("class").starts_with('c') && image("sizes").ends_with("100vw"));
    assert_eq!(page.all(".prose img[loading=lazy][srcset]").len(), 1);
    assert!(!reader.get("/feed.xml").await.body().contains("srcset"));
}

#[tokio::test]
async fn a_picture_without_words_of_its_own_in_a_post_has_those_of_the_library() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let kept = upload(&owner, "tree.jpg", &jpeg(60, 40)).await;
    let (address, id) = (said(&kept, "address"), kept["id"].as_i64().unwrap());
    let body = format!("![]({address})\n\n![Mine]({address})\n\n![ ]({address})");
    let post = blog.published_post("Tree").body(body).create().await;
    let words = async || {
        let page = blog.reader().get(&post.path).await;
        let body = page.body().to_owned();
        let of = |image: &str| image.split(" alt=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        body.split("<img").skip(1).filter(|image| image.contains(address)).map(of).collect::<Vec<_>>()
    };
    assert_eq!(words().await, ["", "Mine", ""]);
    owner.post(&format!("/admin/media/{id}"), &[("alt", "A \"tall\" tree")]).await;
    work(&blog).await;
    assert_eq!(words().await, ["A &quot;tall&quot; tree", "Mine", ""]);
    let page = owner.get(&format!("/admin/media/{id}")).await;
    assert_eq!(page.attribute("#address", "value"), address);
    assert_eq!(owner.get("/admin/you").await.attribute("#pictures-known option", "value"), address);
}

#[tokio::test]
async fn old_texts_are_drawn_again_and_what_they_show_is_noted() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let kept = upload(&owner, "old.jpg", &jpeg(900, 600)).await;
    let address = said(&kept, "address");
    let post = blog.published_post("Old").body(format!("![x]({address})")).create().await;
    let mut database = blog.database().await;
    for statement in ["UPDATE post_text SET renderer = 1, html = '<p>old</p>'", "DELETE FROM media_use"] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    blog.app.store.look_for_others().await.unwrap();
    assert!(blog.reader().get(&post.path).await.body().contains("<p>old</p>"));
    work(&blog).await;
    assert!(blog.reader().get(&post.path).await.body().contains("480.webp 480w"));
    assert!(owner.get("/admin/media").await.text(".library .help").contains("in 1 post"));
}

#[tokio::test]
async fn a_cover_comes_in_the_widths_that_it_has() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let kept = upload(&owner, "old.jpg", &jpeg(900, 600)).await;
    work(&blog).await;
    let post = blog.published_post("Old").create().await;
    let form = owner.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    let form = form.set("cover", said(&kept, "address")).set("cover-alt", "A field");
    assert_eq!(form.press("Update", &owner).await.status(), 303);
    let page = blog.reader().get(&post.path).await;
    assert!(page.attribute("figure.cover img", "srcset").contains("480.webp 480w"), "{}", page.body());
    assert_eq!(page.attribute("figure.cover img", "width"), "900");
}

#[tokio::test]
async fn a_file_in_use_is_not_deleted_and_one_that_is_not_is_gone() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let kept = upload(&owner, "tree.jpg", &jpeg(600, 400)).await;
    let (address, id) = (said(&kept, "address"), kept["id"].as_i64().unwrap());
    work(&blog).await;
    let post = blog.published_post("Tree").body(format!("![A tree]({address})")).create().await;
    let page = owner.get(&format!("/admin/media/{id}")).await;
    assert_eq!(page.all(".uses a"), ["Tree"]);
    assert!(page.all(".danger").is_empty());
    let refused = owner.post(&format!("/admin/media/{id}/delete"), &[]).await;
    assert_eq!(refused.status(), 409);
    assert_eq!(refused.all(".uses a"), ["Tree"]);
    assert_eq!(blog.reader().get(address).await.status(), 200);

    let form = owner.get(&format!("/admin/posts/{}", post.id)).await;
    form.form("form.editor").set("text", "No tree.").press("Update", &owner).await;
    // What it was once still shows it.
    let refused = owner.post(&format!("/admin/media/{id}/delete"), &[]).await;
    assert_eq!((refused.status(), refused.text(".uses li").as_str()), (409, "In earlier revisions of Tree"));
    let statement = "DELETE FROM revision WHERE post_id = ?";
    sqlx::query(statement).bind(post.id.0).execute(&mut blog.database().await).await.unwrap();
    blog.app.store.look_for_others().await.unwrap();
    let gone = owner.get(&format!("/admin/media/{id}")).await.form(".danger form").submit(&owner).await;
    assert_eq!((gone.status(), gone.location()), (303, "/admin/media?done=deleted"));
    let hash = media::hash_in(address).unwrap();
    for path in [address, &media::variant_address(hash, 480), &format!("/admin/media/{id}")] {
        assert_eq!(owner.get(path).await.status(), 404, "{path}");
    }
    let left: i64 =
        sqlx::query_scalar("SELECT (SELECT count(*) FROM media_part) + (SELECT count(*) FROM media_variant)")
            .fetch_one(&mut blog.database().await)
            .await
            .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_picture_that_readers_do_not_see_yet_or_no_more_is_in_use_and_so_is_a_face() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let mut files = Vec::new();
    for (at, name) in ["typed.jpg", "cover.jpg", "face.jpg", "free.jpg"].into_iter().enumerate() {
        let kept = upload(&owner, name, &jpeg(60 + at as u32, 40)).await;
        files.push((kept["id"].as_i64().unwrap(), said(&kept, "address").to_owned()));
    }
    let post = blog.published_post("Tree").body("No tree.").create().await;
    let form = owner.get(&format!("/admin/posts/{}", post.id)).await;
    let typed = form.form("form.editor").set("text", &format!("![x]({})", files[0].1)).set("cover", &files[1].1);
    let kept = typed.press("Save without publishing", &owner).await;
    assert_eq!(kept.status(), 303);
    let you = owner.get("/admin/you").await;
    you.form("form#profile").set("picture", &files[2].1).submit(&owner).await;

    for ((id, _), place) in files.iter().zip(["do not see yet, of Tree", "do not see yet, of Tree", "The picture of"]) {
        let page = owner.get(&format!("/admin/media/{id}")).await;
        assert!(page.text(".uses li").contains(place), "{place}");
        assert!(page.all(".danger").is_empty());
        assert_eq!(owner.post(&format!("/admin/media/{id}/delete"), &[]).await.status(), 409);
    }
    assert_eq!(owner.get("/admin/media?show=unused").await.all(".library bdi"), ["free.jpg"]);

    // Revisions from before that was noted are looked at before anything goes.
    let mut database = blog.database().await;
    for statement in [
        "DELETE FROM working",
        "DELETE FROM revision_use",
        "INSERT OR IGNORE INTO revision_unnoted (revision_id) SELECT id FROM revision",
    ] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    blog.app.store.look_for_others().await.unwrap();
    let refused = owner.post(&format!("/admin/media/{}/delete", files[0].0), &[]).await;
    assert_eq!((refused.status(), refused.text(".uses li").as_str()), (409, "In earlier revisions of Tree"));
    assert_eq!(owner.post(&format!("/admin/media/{}/delete", files[3].0), &[]).await.status(), 303);
}

#[tokio::test]
async fn another_file_takes_the_place_of_one_in_every_post_and_at_its_address() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let kept = upload(&owner, "before.jpg", &jpeg(600, 400)).await;
    let (old, id) = (said(&kept, "address").to_owned(), kept["id"].as_i64().unwrap());
    owner
        .post(&format!("/admin/media/{id}"), &[("alt", "A hill"), ("caption", "The \"hill\""), ("credit", "Siti")])
        .await;
    let post = blog.published_post("Hill").body(format!("![A hill]({old})")).create().await;
    let path = format!("/admin/media/{id}/replace");
    let wrong = owner.upload(&path, &[("song.mp3", b"ID3\x04\0\0\0\0\0\0")]).await;
    assert_eq!(wrong.status(), 422);
    assert!(wrong.text("#replacement-error").contains("picture"));
    let done = owner.upload(&path, &[("after.jpg", &jpeg(1300, 700))]).await;
    assert_eq!(done.status(), 303, "{}", done.body());
    let page = owner.follow(&done).await;
    assert_eq!(page.attribute("#alt", "value"), "A hill");
    assert!(page.attribute("#markdown", "value").ends_with("\"The 'hill' | Siti\")"));
    assert_eq!(page.all(".uses a"), ["Hill"]);
    work(&blog).await;
    let shown = blog.reader().get(&post.path).await.attribute(".prose img", "src");
    assert!(shown.ends_with("/after.jpg"), "{shown}");
    assert_eq!(blog.reader().get(&post.path).await.attribute(".prose img", "width"), "1300");
    let moved = blog.reader().get(&old).await;
    assert_eq!((moved.status(), moved.location()), (308, &*shown));
    assert_eq!(blog.stored(&post).await.version, 1, "who has it open is not in anybody's way");
}

#[tokio::test]
async fn the_library_is_searched_and_shows_what_is_missing() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let tree = upload(&owner, "tree.jpg", &jpeg(60, 40)).await;
    let house = upload(&owner, "house.jpg", &jpeg(61, 40)).await;
    upload(&owner, "report.pdf", b"%PDF-1.7\n").await;
    let saved = owner.post(&format!("/admin/media/{}", house["id"]), &[("alt", "Our rumah")]).await;
    assert_eq!(saved.status(), 303);
    blog.published_post("Tree").body(format!("See [this]({})", said(&tree, "address"))).create().await;
    for (query, expected) in [
        ("", &["report.pdf", "house.jpg", "tree.jpg"][..]),
        ("?show=pictures", &["house.jpg", "tree.jpg"]),
        ("?show=files", &["report.pdf"]),
        ("?show=unused", &["report.pdf", "house.jpg"]),
        ("?show=no-alt", &["tree.jpg"]),
        ("?q=RUMAH", &["house.jpg"]),
        ("?q=nothing", &[]),
    ] {
        assert_eq!(owner.get(&format!("/admin/media{query}")).await.all(".library bdi"), expected, "{query}");
    }
    let long =
        owner.post(&format!("/admin/media/{}", house["id"]), &[("alt", &"x".repeat(1001)), ("credit", "Me")]).await;
    assert_eq!((long.status(), long.attribute("#credit", "value")), (422, "Me".to_owned()));
}

#[tokio::test]
async fn the_operator_decides_how_large_a_file_may_be() {
    let blog = TestBlog::new().await.keeping(Keeping { max_upload: 1024 * 1024, ..Keeping::default() });
    let owner = blog.owner().await;
    assert!(owner.get("/admin/media").await.text("#files-help").contains("up to 1 MB"));
    let large = [&b"PK\x03\x04"[..], &vec![7; 1024 * 1024]].concat();
    let page = owner.upload("/admin/media", &[("large.zip", &large), ("small.zip", b"PK\x03\x04")]).await;
    assert_eq!(page.status(), 422);
    assert!(page.text(".alarm li").contains("larger than 1 MB"));
    assert_eq!(page.all(".library bdi"), ["small.zip"]);
}

#[tokio::test]
async fn an_upload_of_nobody_is_not_read() {
    let blog = TestBlog::new().await;
    let answer = blog.reader().upload("/admin/media", &[("a.jpg", &jpeg(9, 9))]).await;
    assert_eq!(answer.status(), 303);
    assert!(answer.location().starts_with("/admin/sign-in"));
    assert!(blog.owner().await.get("/admin/media").await.all(".library li").is_empty());
}
