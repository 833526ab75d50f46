//! Ghost's exports, trap by trap.

use serde_json::json;

use super::*;
use crate::exchange::{
    Format, markdown_of,
    tests::{all_said, entries, faults, packed, told},
};

fn export() -> Value {
    json!({"db": [{"meta": {"exported_on": 1, "version": "5.1"}, "data": {
        "posts": [
            {"id": "1", "title": "Hello", "slug": "hello", "html": "<p>Hi <img src=\"__GHOST_URL__/content/images/a.png\"></p>", "type": "post",
             "status": "published", "visibility": "public", "featured": 1, "feature_image": "__GHOST_URL__/content/images/c.jpg",
             "published_at": "2022-01-02T03:04:05.000Z", "updated_at": "2022-01-03T00:00:00.000Z", "custom_excerpt": "Short",
             "codeinjection_head": "<script>x</script>", "lexical": null},
            {"id": "2", "title": "Page", "slug": "page", "html": "<p>x</p>", "type": "page", "status": "published", "published_at": "2022-01-02 03:04:05"},
            {"id": "3", "title": "Members", "slug": "members", "html": "<p>x</p>", "status": "published", "visibility": "members", "published_at": 1_600_000_000_000_i64},
            {"id": "4", "title": "Mailed", "slug": "mailed", "html": "x", "status": "sent", "visibility": "public", "published_at": "2022-01-02T03:04:05Z"},
            {"id": "5", "title": "New", "slug": "untitled", "html": null, "status": "draft", "lexical": json!({"root": {"type": "root", "children": [
                {"type": "paragraph", "children": [{"type": "extended-text", "text": "a<b", "format": 1}, {"type": "link", "url": "/x", "children": [{"type": "text", "text": "y"}]}]},
                {"type": "list", "listType": "number", "children": [{"type": "listitem", "children": [{"type": "text", "text": "i"}]}]},
                {"type": "codeblock", "language": "rust", "code": "let a;"}, {"type": "strange"}]}}).to_string()},
            {"id": "6", "title": "Older", "slug": "older", "html": "", "status": "draft", "mobiledoc": json!({"version": "0.3.1", "atoms": [["soft-return", "", {}]],
                "markups": [["a", ["href", "/x"]], ["em"]], "cards": [["hr", {}]],
                "sections": [[1, "p", [[0, [], 0, "A "], [0, [0, 1], 2, "b"], [1, [], 0, 0], [0, [], 0, "c"]]], [10, 0], [3, "ul", [[[0, [], 0, "i"]]]]]}).to_string()},
            {"id": "7", "title": "Markdown", "slug": "markdown", "status": "draft", "mobiledoc": json!({"atoms": [], "markups": [], "cards": [["markdown", {"markdown": "*a*"}]], "sections": [[10, 0]]}).to_string()},
            {"id": "8", "title": "Oldest", "slug": "oldest", "status": "draft", "markdown": "**b**", "page": 1},
            {"title": 5}, 7
        ],
        "posts_meta": [{"post_id": "1", "feature_image_alt": "A cat", "feature_image_caption": "By <b>S</b>", "meta_description": "About"}],
        "posts_authors": [{"post_id": "1", "author_id": "u2", "sort_order": 1}, {"post_id": "1", "author_id": "u1", "sort_order": 0}],
        "posts_tags": [{"post_id": "1", "tag_id": "t2", "sort_order": 1}, {"post_id": "1", "tag_id": "t1", "sort_order": 0}, {"post_id": "1", "tag_id": "t3", "sort_order": 2}],
        "settings": [{"key": "title", "value": "Old"}, {"key": "timezone", "value": "Asia/Kuala_Lumpur"}, {"key": "locale", "value": "ms"}],
        "tags": [{"id": "t1", "name": "First", "slug": "first"}, {"id": "t2", "name": "Second", "slug": "second", "visibility": "public"}, {"id": "t3", "name": "#hidden", "slug": "hash-hidden", "visibility": "internal"}],
        "users": [{"id": "u1", "name": "Ann", "slug": "ann", "email": "a@example.org", "password": "$2a"}, {"id": "u2", "name": "Bob", "slug": "bob"}]
    }}]})
}

#[test]
fn an_export_tells_everything_in_its_tables() {
    let bytes = export().to_string().into_bytes();
    for bytes in [packed(&bytes), bytes] {
        let (items, done) = told(Format::Ghost, &bytes);
        assert_eq!(done, Ok(()));
        let found = entries(&items);
        let brief: Vec<_> = found.iter().map(|one| (one.title.as_str(), one.is_page, one.state)).collect();
        assert_eq!(
            brief,
            [
                ("Hello", false, State::Published),
                ("Page", true, State::Published),
                ("Members", false, State::Draft),
                ("Mailed", false, State::Draft),
                ("New", false, State::Draft),
                ("Older", false, State::Draft),
                ("Markdown", false, State::Draft),
                ("Oldest", true, State::Draft),
            ]
        );
        let first = found[0];
        assert_eq!(
            first.cover,
            Some(Cover { address: "/content/images/c.jpg".into(), alt: "A cat".into(), caption: "By S".into() })
        );
        assert_eq!(
            (first.tags.as_slice(), first.people.as_slice()),
            (["First".to_owned(), "Second".to_owned()].as_slice(), ["u1".to_owned(), "u2".to_owned()].as_slice())
        );
        assert_eq!(
            (first.excerpt.as_deref(), first.description.as_str(), first.is_featured),
            (Some("Short"), "About", true)
        );
        assert_eq!(first.old_paths, ["hello", "hello/amp"]);
        assert_eq!(all_said(&first.warnings), ["code injected into the head of the page stays behind"]);
        assert_eq!(all_said(&found[2].warnings), ["was not public (members): it comes as a draft"]);
        assert_eq!(faults(&items).len(), 2);
        assert!(
            matches!(&items[0], Item::About(about) if about.zone.as_deref() == Some("Asia/Kuala_Lumpur") && about.title == "Old")
        );
        let texts: Vec<_> = found.iter().map(|one| markdown_of(&one.body).0.trim_end().to_owned()).collect();
        assert_eq!(texts[0], "Hi ![](/content/images/a.png)");
        assert_eq!(texts[4], "**a\\<b**[y](/x)\n\n1. i\n\n```rust\nlet a;\n```");
        assert_eq!(all_said(&found[4].warnings), ["a card \"strange\" stays behind"]);
        assert_eq!(texts[5], "A [*b*](/x)\\\nc\n\n---\n\n- i");
        assert_eq!((texts[6].as_str(), texts[7].as_str()), ("*a*", "**b**"));
    }
    let bare = export()["db"][0].to_string();
    assert_eq!(entries(&told(Format::Ghost, bare.as_bytes()).0).len(), 8, "the wrapper may be missing");
}

#[test]
fn where_a_blog_was_counts_for_its_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ghost.json");
    let html = r#"<img src="__GHOST_URL__/content/images/2020/x.png" srcset="__GHOST_URL__/content/images/size/w600/2020/x.png 600w, __GHOST_URL__/content/images/2020/x.png 900w">"#;
    let export = json!({"data": {
        "posts": [{"id": "1", "title": "Hello", "slug": "hello", "status": "published", "published_at": "soon", "html": html,
                   "canonical_url": "https://first.example/hello"}],
        "users": [{"id": "u", "name": "Ann", "slug": "ann", "bio": "Writes."}]}});
    std::fs::write(&file, export.to_string()).unwrap();
    let told = |site: Option<&str>| {
        let mut items = Vec::new();
        let site = site.map(|site| Url::parse(site).unwrap());
        let mut tell = |item| {
            items.push(item);
            Ok(())
        };
        read(&file, site.as_ref(), &AtomicU64::new(0), &mut tell).unwrap();
        items
    };
    for (site, folder) in [(None, ""), (Some("https://old.example/"), ""), (Some("https://old.example/blog/"), "blog/")]
    {
        let items = told(site);
        let found = entries(&items)[0];
        assert_eq!(found.old_paths, [format!("{folder}hello"), format!("{folder}hello/amp")]);
        assert!(found.body.as_str().starts_with(&format!("<img src=\"/{folder}content/images/2020/x.png\"")));
        assert_eq!(all_said(&found.warnings), ["has no date that can be read: it becomes a draft"]);
        assert_eq!((found.canonical.as_str(), found.state), ("https://first.example/hello", State::Draft));
        let Item::About(about) = &items[0] else { panic!("about the blog first") };
        assert_eq!(about.address.as_deref(), site.map(|site| site.trim_end_matches('/')));
        assert!(matches!(&items[1], Item::Person(person) if person.old_paths[0] == format!("{folder}author/ann")));
    }
}

#[test]
fn cards_become_what_they_say() {
    let of = |html: &str| {
        markdown_of(&Body::Html { html: html.to_owned(), dialect: Dialect::Ghost }).0.trim_end().to_owned()
    };
    for (html, expected) in [
        (
            "<figure class='kg-card kg-bookmark-card'><a class='kg-bookmark-container' href='https://x.example/'><div class='kg-bookmark-content'><div class='kg-bookmark-title'>T</div><div class='kg-bookmark-description'>D</div></div><div class='kg-bookmark-thumbnail'><img src='t.png'></div></a><figcaption>C</figcaption></figure>",
            "[T](https://x.example/) – D\n\nC",
        ),
        (
            "<div class='kg-card kg-callout-card'><div class='kg-callout-emoji'>💡</div><div class='kg-callout-text'>Mind <b>this</b></div></div>",
            "> 💡 Mind **this**",
        ),
        (
            "<div class='kg-card kg-toggle-card'><div class='kg-toggle-heading'><h4 class='kg-toggle-heading-text'>Q</h4><button><svg></svg></button></div><div class='kg-toggle-content'><p>A</p></div></div>",
            "<details>\n<summary>Q</summary>\n\nA\n\n</details>",
        ),
        (
            "<figure class='kg-card kg-video-card'><div><video src='/v/a.mp4'></video><span>0:00</span></div><figcaption>V</figcaption></figure>",
            "[a.mp4](/v/a.mp4)\n\nV",
        ),
        (
            "<figure class='kg-card kg-gallery-card'><div class='kg-gallery-row'><div class='kg-gallery-image'><img src='/a.png' alt='a'></div><div class='kg-gallery-image'><img src='/b.png'></div></div></figure>",
            "![a](/a.png)\n![](/b.png)",
        ),
        (
            "<figure class='kg-card kg-image-card'><img src='/a.png' alt='a'><figcaption><span style='white-space: pre-wrap;'>By </span><a href='https://x.example/'><span style='white-space: pre-wrap;'>S</span></a></figcaption></figure>",
            "<figure><img src=\"/a.png\" alt=\"a\"><figcaption>By <a href=\"https://x.example/\">S</a></figcaption></figure>",
        ),
        ("<!--kg-card-begin: html--><p>x</p><!--kg-card-end: html-->", "x"),
    ] {
        assert_eq!(of(html), expected, "{html}");
    }
}

#[test]
fn a_state_that_is_not_known_becomes_a_draft_and_is_said() {
    let mut old = export();
    let posts = &mut old["db"][0]["data"]["posts"];
    posts[0]["status"] = json!("archived");
    let (items, _) = told(Format::Ghost, old.to_string().as_bytes());
    let found = entries(&items);
    assert_eq!(found[0].state, State::Draft);
    let keys: Vec<_> = found[0].warnings.iter().map(|warning| warning.key()).collect();
    assert!(keys.contains(&"import-unknown-state"), "{keys:?}");
    let mailed: Vec<_> = found[3].warnings.iter().map(|warning| warning.key()).collect();
    assert_eq!(mailed, ["import-was-mailed"]);
}

#[test]
fn a_text_that_cannot_be_read_becomes_a_draft_and_is_said() {
    let post = |id: &str, lexical: &str| json!({"id": id, "title": "T", "slug": id, "status": "published", "html": null, "lexical": lexical, "published_at": "2022-01-02T03:04:05Z"});
    let deep = format!("{{\"root\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let export = json!({"data": {"posts": [post("1", "{not json"), post("2", &deep), post("3", "{\"root\": {\"type\": \"root\", \"children\": []}}"), post("4", "")]}});
    let (items, _) = told(Format::Ghost, export.to_string().as_bytes());
    let found = entries(&items);
    assert_eq!(found[..2].iter().map(|one| one.state).collect::<Vec<_>>(), [State::Draft, State::Draft]);
    assert_eq!(all_said(&found[0].warnings), ["its text cannot be read: it becomes a draft"]);
    assert!(
        found[2..].iter().all(|one| one.state == State::Published && one.warnings.is_empty()),
        "nothing was written there"
    );
}

#[test]
fn cards_that_were_never_drawn_keep_what_they_say() {
    let tree = json!({"root": {"type": "root", "children": [
        {"type": "gallery", "images": [{"src": "/a.png", "alt": "a"}, {"src": "/b.png"}], "caption": "Both"},
        {"type": "markdown", "markdown": "## Head\n\n* **a**"},
        {"type": "codeblock", "code": "x", "language": "js", "caption": "Code"},
        {"type": "bookmark", "url": "https://x.example/", "metadata": {"title": "T", "description": "D"}, "caption": "Mark"},
        {"type": "video", "src": "/content/media/v.mp4", "caption": "Film"},
        {"type": "file", "src": "/content/files/r.pdf", "fileTitle": "R", "fileCaption": "File"},
        {"type": "list", "listType": "number", "start": 3, "children": [{"type": "listitem", "children": [{"type": "text", "text": "three"}]}]}]}});
    let mut warnings = Vec::new();
    let html = lexical::html(&tree, &mut warnings);
    assert!(warnings.is_empty(), "{warnings:?}");
    let markdown = markdown_of(&Body::Html { html, dialect: Dialect::Ghost }).0;
    for part in [
        "![a](/a.png)\n![](/b.png)",
        "Both",
        "## Head\n\n- **a**",
        "```js\nx\n```\n\nCode",
        "[T](https://x.example/) – D\n\nMark",
        "[v.mp4](/content/media/v.mp4)\n\nFilm",
        "[R](/content/files/r.pdf)\n\nFile",
        "3. three",
    ] {
        assert!(markdown.contains(part), "{part}: {markdown}");
    }
    let old = json!({"atoms": [], "markups": [], "cards": [["markdown", {"markdown": "**md** card"}]], "sections": [[1, "p", [[0, [], 0, "A"]]], [10, 0]]});
    let html = mobiledoc::html(&old, &mut warnings);
    assert_eq!(markdown_of(&Body::Html { html, dialect: Dialect::Ghost }).0.trim_end(), "A\n\n**md** card");
    let cards = json!({"atoms": [], "markups": [], "cards": [
        ["gallery", {"images": [{"src": "/a.png", "alt": "a"}, {"src": "/b.png"}], "caption": "Both"}],
        ["button", {"buttonUrl": "https://x.example/", "buttonText": "Press"}], ["paywall", {}]], "sections": [[10, 0], [10, 1], [10, 2]]});
    let html = mobiledoc::html(&cards, &mut warnings);
    let markdown = markdown_of(&Body::Html { html, dialect: Dialect::Ghost }).0;
    assert!(
        markdown.contains("![a](/a.png)\n![](/b.png)") && markdown.contains("[Press](https://x.example/)"),
        "{markdown}"
    );
    assert_eq!(all_said(&warnings), ["a card \"paywall\" stays behind"]);
    let code = "<figure class='kg-card kg-code-card'><pre><code>x</code></pre><figcaption>Said</figcaption></figure>";
    assert_eq!(
        markdown_of(&Body::Html { html: code.to_owned(), dialect: Dialect::Ghost }).0.trim_end(),
        "```\nx\n```\n\nSaid"
    );
}
