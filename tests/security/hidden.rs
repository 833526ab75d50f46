//! Marks are put on everything that readers may not see, and then every address is asked for them.

use std::collections::{BTreeSet, VecDeque};

use axum::{body::Body, http::Method};
use laman::model::queue::Moderation;

use super::routes::{TABLE, Who};
use crate::support::*;

/// A word that stands nowhere else. Letters only: it is a slug, a tag and a search term as well.
fn mark(number: usize) -> String {
    format!("zzmark{}", (b'a' + u8::try_from(number).unwrap()) as char)
}

/// A blog with something hidden of every kind, and the marks on it.
async fn marked_blog() -> (TestBlog, Vec<String>) {
    let blog = TestBlog::wish().posts_per_page(2).start().await;
    let mut marks: Vec<String> = Vec::new();
    let mut next = || {
        marks.push(mark(marks.len()));
        marks.last().unwrap().clone()
    };

    let post = blog.published_post("Public one").tag("seen").create().await;
    blog.published_post("Public two").tag("seen").at("2023-02-10T00:00").create().await;
    blog.published_post("Public three").at("2023-02-09T00:00").create().await;
    blog.page("Public page").create().await;

    let (draft, scheduled, trashed, unpublished, page) = (next(), next(), next(), next(), next());
    let body = |mark: &str| format!("Text {mark}.\n\n## {mark}\n\n![{mark}](/media/{mark}/{mark}.png)");
    blog.draft(&draft).body(body(&draft)).tag(&draft).slug(&draft).excerpt(&draft).create().await;
    // Due in a minute, and between two that are out.
    let soon =
        blog.published_post(&scheduled).body(body(&scheduled)).tag(&scheduled).slug(&scheduled).excerpt(&scheduled);
    soon.at("2023-02-11T08:31").create().await;
    let trash = blog
        .published_post(&trashed)
        .body(body(&trashed))
        .tag(&trashed)
        .slug(&trashed)
        .at("2023-02-10T12:00")
        .create()
        .await;
    blog.app.store.trash_post(trash.id, blog.now()).await.unwrap();
    let back =
        blog.published_post(&unpublished).body(body(&unpublished)).tag(&unpublished).slug(&unpublished).create().await;
    let owner = blog.owner().await;
    let form = owner.get(&format!("/admin/posts/{}", back.id)).await.form("form.editor");
    assert_eq!(form.press("Unpublish", &owner).await.status(), 303);
    let hidden_page = blog.page(&page).body(body(&page)).slug(&page).create().await;
    blog.app.store.trash_post(hidden_page.id, blog.now()).await.unwrap();

    let (held, spam, deleted, under, e_mail) = (next(), next(), next(), next(), next());
    let site = |mark: &str| format!("https://{mark}.example");
    blog.comment(&post, &held)
        .by(&held)
        .email(&format!("{held}@mail.example"))
        .website(&site(&held))
        .held()
        .create()
        .await;
    blog.comment(&post, &spam).by(&spam).website(&site(&spam)).spam().create().await;
    let gone = blog.comment(&post, &deleted).by(&deleted).website(&site(&deleted)).create().await;
    blog.comment(&post, "A public answer").answering(gone).create().await;
    blog.app.store.moderate(gone, Moderation::Delete, blog.now()).await.unwrap();
    // Under a post that went away later.
    blog.app.store.restore_post(trash.id, blog.now()).await.unwrap();
    blog.comment(&trash, &under).by(&under).create().await;
    blog.app.store.trash_post(trash.id, blog.now()).await.unwrap();
    blog.comment(&post, "A public comment").email(&format!("{e_mail}@mail.example")).create().await;

    // What readers have no use for, under its own name.
    marks.extend([OWNER_EMAIL, EDITOR_EMAIL, "203.0.113", "mail.example", "argon2"].map(str::to_owned));
    (blog, marks)
}

/// Addresses of this blog that a page or a feed names.
fn links(page: &Page) -> BTreeSet<String> {
    let mut links = BTreeSet::new();
    if page.is_html() {
        links.extend(page.attributes("[href]", "href"));
        links.extend(page.attributes("[src]", "src"));
    } else if page.bytes().len() < 1_000_000 {
        links.extend(
            page.body()
                .split(['"', '<', '>'])
                .filter(|part| part.starts_with("http://blog.example"))
                .map(str::to_owned),
        );
    }
    links
        .into_iter()
        .filter_map(|link| {
            let link = link.strip_prefix("http://blog.example").unwrap_or(&link);
            let link = link.split('#').next().unwrap();
            (link.starts_with('/') && !link.starts_with("//")).then(|| link.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn nothing_hidden_is_in_any_answer_to_readers() {
    let (blog, marks) = marked_blog().await;
    let reader = blog.reader();
    // Every route with every value that might lead to something hidden, and whatever the pages lead to from there.
    let mut queue: VecDeque<String> = VecDeque::new();
    let values: Vec<String> = (1..=12)
        .map(|id| id.to_string())
        .chain(marks.iter().take(10).cloned())
        .chain(["seen", "2023", "02", "aminah-rahman", "public-page", "x"].map(str::to_owned))
        .collect();
    for (method, path, who) in TABLE {
        if *method != "GET" || *who != Who::Everybody {
            continue;
        }
        let parts: Vec<&str> = path.split(['{', '}']).collect();
        match parts.len() {
            1 => queue.push_back((*path).to_owned()),
            3 => queue.extend(values.iter().map(|value| format!("{}{value}{}", parts[0], parts[2]))),
            _ => {
                queue.extend(["2023/02", "2023/01"].map(|month| format!("/{month}")));
                queue.extend(marks.iter().take(10).map(|mark| format!("/2023/02/{mark}")));
                queue.extend(marks.iter().take(10).map(|mark| format!("/media/{mark}/{mark}.png")));
            }
        }
    }
    queue.extend(
        (1..=12).flat_map(|id| ["xml", "rss", "json"].map(|ending| format!("/comments/on/{id}/feed.{ending}"))),
    );
    queue.extend(
        [
            "/?older=9999999999999_99",
            "/?newer=0_1",
            "/tag/seen?newer=0_1",
            "/author/aminah-rahman?older=9999999999999_1",
        ]
        .map(str::to_owned),
    );

    let (mut asked, mut answered) = (BTreeSet::new(), 0);
    while let Some(path) = queue.pop_front() {
        if !asked.insert(path.clone()) {
            continue;
        }
        let odd = if path.contains('?') {
            "&preview=1&state=any&status=draft&draft=true"
        } else {
            "?preview=1&state=any&status=draft&draft=true"
        };
        for path in [path.clone(), format!("{path}{odd}")] {
            let answer = reader.get(&path).await;
            answered += usize::from(answer.status() == 200);
            for mark in &marks {
                assert!(!answer.body().to_lowercase().contains(mark), "{path} shows {mark}\n{}", answer.body());
                let headers = format!("{:?}", answer.headers);
                assert!(!headers.contains(mark.as_str()) || answer.status() == 301, "{path}: {mark} in {headers}");
            }
            if path.len() < 100 {
                queue.extend(links(&answer).into_iter().filter(|link| !link.starts_with("/admin")));
            }
        }
        let head = reader.send(reader.request(Method::HEAD, &path).body(Body::empty()).unwrap()).await;
        assert!(head.bytes().is_empty(), "{path}");
    }
    // The crawl went somewhere: every public thing was seen, among them the last page of the list.
    for seen in
        ["/2023/02/public-one", "/2023/02/public-three", "/public-page", "/tag/seen", "/feed.json", "/sitemap.xml"]
    {
        assert!(asked.contains(seen), "{seen} was not found");
    }
    assert!(asked.iter().any(|path| path.starts_with("/?older=167")), "the second page of the list was not found");
    assert!(answered > 60, "{answered} answers alone");
}

#[tokio::test]
async fn nothing_hidden_is_found_by_searching_for_it() {
    let (blog, marks) = marked_blog().await;
    for (number, mark) in marks.iter().enumerate() {
        // A network each: the limit is another test's.
        let reader = blog.reader_from(&format!("10.0.{number}.1"));
        for question in
            [mark.clone(), mark[..mark.len() - 1].to_owned(), format!("title:{mark}"), format!("\"{mark}\"")]
        {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &question).finish();
            let answer = reader.get(&format!("/search?{query}")).await;
            assert_eq!(answer.status(), 200);
            assert!(!answer.has(".results"), "{question}: {:?}", answer.all(".results"));
        }
    }
    let found = blog.reader_from("192.0.2.1").get("/search?q=public").await;
    assert_eq!(found.all(".results li").len(), 4, "what is public is found");
}

#[tokio::test]
async fn nothing_hidden_is_counted() {
    let (blog, _) = marked_blog().await;
    let reader = blog.reader();
    assert_eq!(reader.get("/archive").await.all(".count"), ["3 posts", "3 posts"]);
    let page = reader.get("/2023/02/public-one").await;
    assert_eq!(page.text("#comments > h2"), "2 comments");
    assert!(!page.has(".neighbours [rel=next]"), "what comes next is not out yet");
    assert_eq!(page.text(".neighbours [rel=prev] bdi"), "Public two", "what lay between is in the trash");
}
