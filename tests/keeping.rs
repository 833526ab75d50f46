//! Kept pages: ready in every form, never old, made once, bounded; and what is kept nowhere.

use std::sync::atomic::Ordering;

use axum::{body::Body, http::Method};
use laman::{
    model::queue::Moderation,
    model::{
        ids::{CommentId, PostId},
        post::{PostComments, PostState},
    },
    web::Keeping,
};

use crate::support::*;

/// GET with some headers.
async fn get(blog: &TestBlog, path: &str, headers: &[(&str, &str)]) -> Page {
    let reader = blog.reader();
    let request = reader.request(Method::GET, path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    reader.send(request.body(Body::empty()).unwrap()).await
}

fn made(blog: &TestBlog) -> u64 {
    blog.site().cache.counts.made.load(Ordering::Relaxed)
}

fn hits(blog: &TestBlog) -> u64 {
    blog.site().cache.counts.hits.load(Ordering::Relaxed)
}

#[tokio::test]
async fn every_page_feed_and_file_is_made_once_and_then_kept() {
    let blog = TestBlog::wish().posts_per_page(2).start().await;
    for title in ["One", "Two", "Three"] {
        blog.published_post(title).tag("x").create().await;
    }
    let post = blog.published_post("Four").create().await;
    let comment = blog.comment(&post, "Hm").create().await;
    let reader = blog.reader();
    let home = reader.get("/").await;
    let older = home.attribute("a[rel=next]", "href");
    let style = home.attribute("link[rel=stylesheet]", "href");
    let reply = format!("/comments/{comment}/reply");
    let thread = format!("/comments/on/{}/feed.xml", post.id);
    for path in [
        "/",
        &older,
        &style,
        &post.path,
        &reply,
        &thread,
        "/archive",
        "/2023",
        "/2023/02",
        "/tag/x",
        "/author/aminah-rahman",
        "/feed.xml",
        "/feed.rss",
        "/feed.json",
        "/tag/x/feed.xml",
        "/comments/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
    ] {
        let first = reader.get(path).await;
        let before = (made(&blog), hits(&blog));
        let second = reader.get(path).await;
        assert_eq!((made(&blog), hits(&blog)), (before.0, before.1 + 1), "{path}");
        assert_eq!((first.status(), second.status()), (200, 200), "{path}");
        assert_eq!(first.bytes(), second.bytes(), "{path}");
        assert_eq!(first.headers, second.headers, "{path}");
        let tag = second.header("etag").unwrap();
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10, "{path}: {tag} is no strong tag");
        assert!(second.headers.contains_key("last-modified"), "{path}");
    }
}

#[tokio::test]
async fn a_kept_page_is_sent_in_the_form_that_is_asked_for_each_with_its_own_tag() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("Much text. ".repeat(100)).create().await;
    let plain = get(&blog, &post.path, &[]).await;
    let mut tags = vec![plain.header("etag").unwrap().to_owned()];
    for (accept, form) in
        [("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("zstd", "zstd"), ("br;q=0.1, gzip", "gzip")]
    {
        for _ in 0..2 {
            let page = get(&blog, &post.path, &[("accept-encoding", accept)]).await;
            assert_eq!(page.header("content-encoding"), Some(form), "{accept}");
            assert_eq!(page.header("vary"), Some("accept-encoding"));
            assert_eq!(page.header("content-length"), Some(page.bytes().len().to_string().as_str()));
            assert!(page.bytes().len() < plain.bytes().len());
            tags.push(page.header("etag").unwrap().to_owned());
        }
    }
    assert_eq!(made(&blog), 1, "each form comes from the page that was made");
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")));
}

#[tokio::test]
async fn whoever_has_the_page_already_is_told_so_in_every_form_and_by_date() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("Much text. ".repeat(100)).create().await;
    blog.clock.advance(HOUR);
    let page = get(&blog, &post.path, &[("accept-encoding", "br")]).await;
    let (tag, date) = (page.header("etag").unwrap().to_owned(), page.header("last-modified").unwrap().to_owned());
    let weak = format!("W/{tag}");
    let several = format!("\"other\", {weak} , \"more\"");
    blog.clock.advance(HOUR);
    for (name, value) in [
        ("if-none-match", tag.as_str()),
        ("if-none-match", &weak),
        ("if-none-match", &several),
        ("if-none-match", "*"),
        ("if-modified-since", &date),
    ] {
        for encoding in ["br", "gzip", ""] {
            let known = get(&blog, &post.path, &[("accept-encoding", encoding), (name, value)]).await;
            assert_eq!((known.status(), known.bytes().len()), (304, 0), "{name}: {value} {encoding}");
            let is_named = value.contains(&tag);
            assert!(!is_named || known.header("etag") == Some(&tag), "{name}: {value} {encoding}");
            assert_eq!(known.header("cache-control"), Some("no-cache"));
            assert_eq!(known.header("content-type"), None);
        }
    }
    for (name, value) in [
        ("if-none-match", "\"other\""),
        ("if-none-match", "nonsense"),
        ("if-modified-since", "Fri, 10 Feb 2023 10:00:00 GMT"),
        // Never sent by us: it may come from a clock that was wrong.
        ("if-modified-since", "Sat, 11 Feb 2023 10:00:00 GMT"),
        // In the future: nobody's copy.
        ("if-modified-since", "Sat, 11 Feb 2033 10:00:00 GMT"),
        ("if-modified-since", "yesterday"),
    ] {
        assert_eq!(get(&blog, &post.path, &[(name, value)]).await.status(), 200, "{name}: {value}");
    }
    // A tag counts, and the date does not, where both are sent.
    let both = [("if-none-match", "\"other\""), ("if-modified-since", date.as_str())];
    assert_eq!(get(&blog, &post.path, &both).await.status(), 200);
    blog.comment(&post, "Hm").create().await;
    for known in [("if-none-match", tag.as_str()), ("if-modified-since", date.as_str())] {
        assert_eq!(get(&blog, &post.path, &[known]).await.status(), 200, "{known:?}");
    }
}

#[tokio::test]
async fn parameters_that_nobody_asks_for_share_the_page_without_them() {
    let blog = TestBlog::wish().posts_per_page(1).start().await;
    let post = blog.published_post("One").create().await;
    blog.published_post("Two").tag("x").create().await;
    for path in ["/", &post.path, "/tag/x", "/archive", "/feed.xml", "/2023/02"] {
        let clean = get(&blog, path, &[]).await;
        let before = (made(&blog), blog.site().cache.size());
        for query in ["?utm_source=x", "?fbclid=1&utm_medium=y", "?page=7", "?older=nonsense", "?newer=", "?", "?=&&="]
        {
            let page = get(&blog, &format!("{path}{query}"), &[]).await;
            assert_eq!(page.bytes(), clean.bytes(), "{path}{query}");
            assert_eq!(page.headers, clean.headers, "{path}{query}");
        }
        assert_eq!((made(&blog), blog.site().cache.size()), before, "{path}");
    }
}

#[tokio::test]
async fn what_is_endless_wrong_or_private_is_not_kept() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").tag("x").create().await;
    let owner = blog.owner().await;
    let reader = blog.reader();
    reader.get("/").await;
    let pages = blog.site().cache.size().0;
    let spelled = post.path.replace("post", "p%6Fst");
    for number in 0..20 {
        for path in [
            format!("/nothing-{number}"),
            format!("/2023/02/nothing-{number}"),
            format!("/search?q=post&page={number}"),
            format!("/?older=17_{number}"),
            format!("/tag/x?older=9999999999999_{number}"),
            format!("{}?older=17_{number}", post.path),
            format!("/archive?newer=17_{number}"),
            format!("/healthz?{number}"),
            spelled.clone(),
        ] {
            reader.get(&path).await;
        }
        owner.get("/admin/posts").await;
        owner.get("/admin/sign-in").await;
    }
    assert_eq!(reader.get(&spelled).await.status(), 200);
    assert_eq!(blog.site().cache.size().0, pages);
}

#[tokio::test]
async fn a_scheduled_post_appears_everywhere_at_its_millisecond() {
    let blog = TestBlog::new().await;
    let old = blog.published_post("Old").create().await;
    let reader = blog.reader();
    for path in ["/", &old.path, "/feed.xml", "/archive", "/sitemap.xml"] {
        reader.get(path).await;
    }
    let post = blog.published_post("Tomorrow").at("2023-02-12T08:30").create().await;
    let page = blog.page("About").at("2023-02-13T08:30").create().await;
    blog.clock.advance(DAY - 1);
    for path in ["/", &old.path, "/feed.xml", "/archive", "/sitemap.xml"] {
        let body = reader.get(path).await;
        assert!(!body.body().contains("Tomorrow") && !body.body().contains("tomorrow"), "{path}");
    }
    assert_eq!(reader.get(&post.path).await.status(), 404);
    blog.clock.advance(1);
    for path in ["/", &old.path, "/feed.xml"] {
        assert!(reader.get(path).await.body().contains("Tomorrow"), "{path}");
    }
    assert!(reader.get("/archive").await.body().contains("2 posts"));
    assert!(reader.get("/sitemap.xml").await.body().contains(&post.path));
    assert_eq!(reader.get(&post.path).await.status(), 200);
    blog.clock.advance(DAY - 1);
    assert!(!reader.get("/").await.body().contains("About"));
    blog.clock.advance(1);
    for path in ["/", &old.path, "/archive", &page.path] {
        assert!(reader.get(path).await.body().contains("About"), "{path}");
    }
}

#[tokio::test]
async fn a_write_of_another_process_is_seen_as_soon_as_it_is_looked_for() {
    let blog = TestBlog::new().await;
    let other = blog.without_keeping().await;
    let reader = blog.reader();
    reader.get("/").await;
    other.published_post("From elsewhere").create().await;
    other.published_post("Waits").at("2023-02-11T09:00").create().await;
    blog.app.store.look_for_others().await.unwrap();
    let home = reader.get("/").await;
    assert!(home.body().contains("From elsewhere") && !home.body().contains("Waits"));
    blog.clock.advance(HOUR);
    assert!(reader.get("/").await.body().contains("Waits"));
}

#[tokio::test]
async fn a_comment_on_one_post_leaves_the_pages_of_others() {
    let blog = TestBlog::new().await;
    let one = blog.published_post("One").create().await;
    let other = blog.published_post("Other").create().await;
    let reader = blog.reader();
    for path in [&one.path, &other.path, "/archive", "/feed.xml"] {
        reader.get(path).await;
    }
    let before = made(&blog);
    blog.comment(&one, "Hm").create().await;
    blog.comment(&one, "Waits").held().create().await;
    for path in [&other.path, "/archive", "/feed.xml"] {
        reader.get(path).await;
    }
    assert_eq!(made(&blog), before);
    assert!(reader.get(&one.path).await.body().contains("Hm"));
    assert_eq!(made(&blog), before + 1);
}

#[tokio::test]
async fn keeping_is_bounded_in_bytes_whatever_is_asked_for() {
    let limit = 150_000;
    let blog = TestBlog::new().await.keeping(Keeping { cache_bytes: limit, ..Keeping::default() });
    let reader = blog.reader();
    let mut paths = Vec::new();
    for number in 0..30 {
        paths.push(blog.published_post(&format!("Post {number}")).create().await.path);
    }
    for path in paths.iter().chain(&paths) {
        assert_eq!(reader.get(path).await.status(), 200);
        assert!(blog.site().cache.size().1 <= limit);
    }
    assert!(blog.site().cache.counts.evicted.load(Ordering::Relaxed) > 0);
}

#[tokio::test]
async fn a_cdn_may_keep_pages_and_is_told_what_they_show_where_the_operator_says_so() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let blog = blog.keeping(Keeping {
        shared_seconds: 60,
        stale_seconds: 30,
        tag_header: Some("surrogate-key".to_owned()),
        ..Keeping::default()
    });
    let own = format!("blog post-{}", post.id);
    for (path, tags) in [("/", "blog posts comments"), (post.path.as_str(), own.as_str()), ("/archive", "blog posts")] {
        let page = get(&blog, path, &[]).await;
        let control = page.header("cache-control");
        assert_eq!(control, Some("public, max-age=0, s-maxage=60, stale-while-revalidate=30"), "{path}");
        assert_eq!(page.header("surrogate-key"), Some(tags), "{path}");
    }
    for path in ["/nothing", "/search?q=x", "/admin/sign-in"] {
        let page = get(&blog, path, &[]).await;
        assert_eq!((page.header("cache-control"), page.header("surrogate-key")), (Some("no-store"), None), "{path}");
    }
    let blog = blog.keeping(Keeping { shared_seconds: 60, ..Keeping::default() });
    let page = get(&blog, "/", &[]).await;
    assert_eq!(page.header("cache-control"), Some("public, max-age=0, must-revalidate, s-maxage=60"));
    assert_eq!(page.header("surrogate-key"), None);
}

#[tokio::test]
async fn the_home_page_is_warm_after_a_start_and_after_each_change() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let are_warm = async |paths: &[&str]| {
        let before = made(&blog);
        for path in paths {
            let page = get(&blog, path, &[("accept-encoding", "br")]).await;
            assert_eq!(page.header("content-encoding"), Some("br"), "{path}");
        }
        assert_eq!(made(&blog), before);
    };
    blog.warm_newest().await;
    are_warm(&["/", "/feed.xml", &post.path]).await;
    blog.comment(&post, "Hm").create().await;
    blog.warm_home().await;
    are_warm(&["/", "/feed.xml"]).await;
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// A blog to which anything happens.
struct Model {
    blog: TestBlog,
    posts: Vec<PostId>,
    comments: Vec<CommentId>,
    dice: Dice,
    count: usize,
}

impl Model {
    fn post(&mut self) -> Option<PostId> {
        let at = self.dice.roll(self.posts.len().max(1));
        self.posts.get(at).copied()
    }

    async fn form(&mut self, action: &'static str) -> Option<()> {
        let id = self.post()?;
        let stored = self.blog.app.store.stored_post(id).await.unwrap()?;
        let (title, slug) = (format!("{} again {}", stored.title, self.count), format!("slug-{}", self.dice.roll(6)));
        let owner = self.blog.owner().await;
        let slug = if self.dice.roll(3) == 0 { slug.as_str() } else { stored.form_slug(self.blog.now()) };
        owner
            .post(
                &format!("/admin/posts/{id}"),
                &[
                    ("kind", stored.kind.as_str()),
                    ("version", &stored.version.to_string()),
                    ("title", &title),
                    ("text", "Another text."),
                    ("tags", ["", "x", "x, y"][self.dice.roll(3)]),
                    ("slug", slug),
                    ("comments", ["open", "closed"][self.dice.roll(2)]),
                    ("action", action),
                ],
            )
            .await;
        Some(())
    }

    async fn step(&mut self) {
        self.count += 1;
        let number = self.count.to_string();
        let title = format!("Title {number}");
        let now = self.blog.now();
        match self.dice.roll(14) {
            0 | 1 => {
                let hour = 8 + self.dice.roll(14);
                let at = format!("2023-02-11T{hour:02}:45");
                let post = self.blog.published_post(&title).at(&at).tag(["x", "y"][self.dice.roll(2)]).create().await;
                self.posts.push(post.id);
            }
            2 => self.posts.push(self.blog.draft(&title).create().await.id),
            3 => self.posts.push(self.blog.page(&title).create().await.id),
            4 => drop(self.form("publish").await),
            5 => drop(self.form("save").await),
            6 => drop(self.form("unpublish").await),
            7 => {
                if let Some(id) = self.post() {
                    self.blog.app.store.trash_post(id, now).await.unwrap();
                }
            }
            8 => {
                if let Some(id) = self.post() {
                    self.blog.app.store.restore_post(id, now).await.unwrap();
                }
            }
            9 | 10 => {
                let Some(id) = self.post() else { return };
                let stored = self.blog.app.store.stored_post(id).await.unwrap().unwrap();
                if stored.state(now) == PostState::Published && stored.comments == PostComments::Open {
                    let post = MadePost { id, path: String::new() };
                    let comment = self.blog.comment(&post, &number);
                    let comment = if self.dice.roll(3) == 0 { comment.held() } else { comment };
                    self.comments.push(comment.create().await);
                }
            }
            11 => {
                let at = self.dice.roll(self.comments.len().max(1));
                let what = [
                    Moderation::Approve,
                    Moderation::Hold,
                    Moderation::Spam,
                    Moderation::Trash,
                    Moderation::Restore,
                    Moderation::Delete,
                ];
                if let Some(id) = self.comments.get(at) {
                    // One that is gone is gone.
                    let _ = self.blog.app.store.moderate(*id, what[self.dice.roll(6)], self.blog.now()).await;
                }
            }
            12 => {
                let title = format!("Blog {}", self.dice.roll(3));
                self.blog.change_settings(|settings| settings.title = title).await;
            }
            _ => self.blog.clock.advance(self.dice.roll(90) as i64 * MINUTE),
        }
    }

    /// Every address that readers may ask for.
    async fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = [
            "/",
            "/archive",
            "/2023",
            "/2023/02",
            "/tag/x",
            "/tag/y",
            "/author/aminah-rahman",
            "/feed.xml",
            "/tag/x/feed.rss",
            "/comments/feed.json",
            "/sitemap.xml",
            "/robots.txt",
        ]
        .map(str::to_owned)
        .to_vec();
        for id in &self.posts {
            paths.push(format!("/comments/on/{id}/feed.xml"));
            let stored = self.blog.app.store.stored_post(*id).await.unwrap().unwrap();
            paths.extend(stored.path.map(|path| format!("/{path}")));
        }
        if let Some(id) = self.comments.last() {
            paths.push(format!("/comments/{id}/reply"));
        }
        paths
    }
}

/// Whatever is written, and however time goes on, what is kept is what would be made.
async fn never_old(seed: u64, steps: usize) {
    let blog = TestBlog::wish().posts_per_page(3).start().await;
    let naive = blog.without_keeping().await;
    let mut model = Model { blog, posts: Vec::new(), comments: Vec::new(), dice: Dice(seed), count: 0 };
    let (reader, other) = (model.blog.reader(), naive.reader());
    for _ in 0..steps {
        model.step().await;
        naive.app.store.look_for_others().await.unwrap();
        let mut paths = model.paths().await;
        let front = reader.get("/").await;
        paths.extend(front.attributes("a[rel=next]", "href"));
        for path in paths {
            let (kept, made) = (reader.get(&path).await, other.get(&path).await);
            let step = model.count;
            assert_eq!(kept.status(), made.status(), "seed {seed}, step {step}: {path}");
            assert_eq!(kept.body(), made.body(), "seed {seed}, step {step}: {path}");
            assert_eq!(kept.header("location"), made.header("location"), "seed {seed}, step {step}: {path}");
        }
    }
    // Else it would prove nothing.
    let (hits, made) = (hits(&model.blog), made(&model.blog));
    assert!(hits > made / 4, "{hits} pages were kept and {made} made");
}

#[tokio::test]
async fn no_page_is_ever_older_than_what_was_written() {
    never_old(1, 60).await;
    never_old(2, 60).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_was_told_that_a_comment_stands_there_sees_it_whoever_else_writes() {
    let blog = std::sync::Arc::new(TestBlog::wish().start().await);
    let posts = [blog.published_post("One").create().await, blog.published_post("Two").create().await];
    let posts = std::sync::Arc::new(posts);
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (blog, posts) = (blog.clone(), posts.clone());
            tokio::task::spawn_blocking(move || {
                tokio::runtime::Handle::current().block_on(async move {
                    for number in 0..20 {
                        let post = &posts[(writer + number) % 2];
                        let text = format!("words-{writer}-{number}-end");
                        blog.comment(post, &text).create().await;
                        let page = blog.reader().get(&post.path).await;
                        assert!(page.body().contains(&text), "{text}");
                        let feed = blog.reader().get("/comments/feed.xml").await;
                        assert!(feed.body().contains(&text), "{text} is not in the feed");
                    }
                });
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let commits = blog.app.store.write_counts();
    let (writes, commits) = (commits.writes.load(Ordering::Relaxed), commits.commits.load(Ordering::Relaxed));
    assert!(commits <= writes);
    let page = blog.reader().get(&posts[0].path).await;
    assert_eq!(page.body().matches("-end").count(), 80);
}
