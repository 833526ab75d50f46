//! Feeds of posts and of comments, each as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, with the same ids in all three.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        change::Shows,
        comment::FeedComment,
        ids::PostId,
        language::Language,
        post::{Post, PostComments, PostHead},
        time::Time,
    },
    store::Among,
    text::{plain, sanitise},
    web::{headers::Cache, layout::Layout},
};

const COMMENTS: u32 = 50;

/// What all three formats say.
struct Feed {
    l: Layout,
    /// Permanent; does not hold the address.
    id: String,
    title: String,
    /// The page that the feed goes with.
    home: String,
    /// Absolute address without its ending.
    address: String,
    updated: Time,
    items: Vec<Item>,
}

struct Item {
    id: String,
    url: String,
    title: String,
    summary: Option<String>,
    /// Absolute addresses inside; `None` where the owner has feeds say only how posts begin.
    html: Option<String>,
    /// Where it is not the blog's.
    language: Option<Language>,
    published: Time,
    updated: Time,
    authors: Vec<String>,
    tags: Vec<String>,
    /// What a comment answers: id and address (RFC 4685).
    answers: Option<(String, String)>,
    /// Where a post's comments are: address of their feed without its ending.
    replies: Option<String>,
}

#[derive(Template)]
#[template(path = "feed/atom.xml")]
struct Atom {
    feed: Feed,
}

#[derive(Template)]
#[template(path = "feed/rss.xml")]
struct Rss {
    feed: Feed,
}

/// Which format an address asks for, by its ending.
#[derive(Clone, Copy)]
pub enum Format {
    /// `.xml`
    Atom,
    /// `.rss`
    Rss,
    /// `.json`
    Json,
}

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match parts.uri.path().rsplit('.').next() {
            Some("xml") => Ok(Self::Atom),
            Some("rss") => Ok(Self::Rss),
            Some("json") => Ok(Self::Json),
            _ => Err(Error::NotFound),
        }
    }
}

impl Feed {
    fn of_posts(l: Layout, which: Option<(&str, &str)>, posts: Vec<Post>) -> Self {
        let blog = format!("urn:uuid:{}", l.settings.uuid);
        let (id, title, home, address) = match which {
            None => (blog, l.settings.title.clone(), l.url(""), l.url("feed")),
            Some((name, slug)) => {
                let path = format!("tag/{slug}");
                let title = format!("{} · {}", l.tx("tag-heading", name), l.settings.title);
                (part_id(&l, &path), title, l.url(&path), l.url(&format!("{path}/feed")))
            }
        };
        let items: Vec<Item> = posts.into_iter().map(|post| Item::of_post(&l, post)).collect();
        Self { id, title, home, address, updated: newest(&items), items, l }
    }

    fn of_comments(l: Layout, on: Option<&PostHead>, comments: Vec<FeedComment>) -> Self {
        let items: Vec<Item> = comments.into_iter().map(|comment| Item::of_comment(&l, comment)).collect();
        let (path, title, home) = match on {
            None => ("comments".to_owned(), l.tx("feed-comments", &l.settings.title), l.url("")),
            Some(post) => (format!("comments/on/{}", post.id), l.tx("feed-comments", &post.title), l.url(&post.path)),
        };
        let id = match on {
            None => part_id(&l, &path),
            Some(post) => Uuid::new_v5(&Uuid::parse_str(&post.uuid).unwrap_or_default(), b"comments").urn().to_string(),
        };
        Self { id, title, home, address: l.url(&format!("{path}/feed")), updated: newest(&items), items, l }
    }

    fn respond(self, format: Format, shows: Shows) -> Result<Response> {
        let (kind, text) = match format {
            Format::Atom => ("application/atom+xml; charset=utf-8", Atom { feed: self }.render()?),
            Format::Rss => ("application/rss+xml; charset=utf-8", Rss { feed: self }.render()?),
            Format::Json => ("application/feed+json; charset=utf-8", self.json()),
        };
        Ok((Cache::Page(shows), [(header::CONTENT_TYPE, kind)], plain::xml_safe(&text).into_owned()).into_response())
    }

    fn json(self) -> String {
        let items: Vec<_> = self
            .items
            .into_iter()
            .map(|item| {
                let mut value = json!({
                    "id": item.id,
                    "url": item.url,
                    "title": item.title,
                    "date_published": item.published.rfc3339(),
                    "date_modified": item.updated.rfc3339(),
                    "authors": item.authors.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
                    "tags": item.tags,
                });
                // One of the two has to be there.
                match (item.html, item.summary.as_ref()) {
                    (Some(html), _) => value["content_html"] = json!(html),
                    (None, summary) => value["content_text"] = json!(summary),
                }
                if let Some(summary) = item.summary {
                    value["summary"] = json!(summary);
                }
                if let Some(language) = item.language {
                    value["language"] = json!(language.tag());
                }
                value
            })
            .collect();
        json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "description": self.l.settings.description,
            "home_page_url": self.home,
            "feed_url": format!("{}.json", self.address),
            "language": self.l.lang(),
            "items": items,
        })
        .to_string()
    }
}

impl Item {
    fn of_post(l: &Layout, post: Post) -> Self {
        let url = l.url(&post.path);
        Self {
            id: format!("urn:uuid:{}", post.uuid),
            html: l.settings.feeds_are_full.then(|| sanitise::absolute(&post.body, &l.base, &url)),
            language: post.language_in(&l.settings.language),
            published: post.published_at,
            updated: post.changed_at(),
            authors: post.authors.iter().map(|author| author.name.clone()).collect(),
            tags: post.tags.iter().map(|tag| tag.name.clone()).collect(),
            answers: None,
            replies: (post.comments != PostComments::Hidden).then(|| l.url(&format!("comments/on/{}/feed", post.id))),
            title: post.title,
            summary: Some(post.summary),
            url,
        }
    }

    fn of_comment(l: &Layout, found: FeedComment) -> Self {
        let FeedComment { comment, post_uuid, post_path, post_title, parent_uuid } = found;
        let post_url = l.url(&post_path);
        Self {
            id: format!("urn:uuid:{}", comment.uuid),
            url: l.url(&format!("comments/{}", comment.id)),
            title: l.words.with("feed-comment", &[("name", comment.name.clone().into()), ("title", post_title.into())]),
            summary: None,
            html: Some(sanitise::absolute(&comment.html, &l.base, &post_url)),
            language: None,
            published: comment.created_at,
            updated: comment.edited_at.unwrap_or(comment.created_at),
            authors: vec![comment.name],
            tags: Vec::new(),
            answers: Some((format!("urn:uuid:{}", parent_uuid.unwrap_or(post_uuid)), post_url)),
            replies: None,
        }
    }
}

fn newest(items: &[Item]) -> Time {
    items.iter().map(|item| item.updated).max().unwrap_or(Time(0))
}

/// The id of a feed of part of the blog: the same for ever, whatever the blog's address becomes.
fn part_id(l: &Layout, path: &str) -> String {
    Uuid::new_v5(&Uuid::parse_str(&l.settings.uuid).unwrap_or_default(), path.as_bytes()).urn().to_string()
}

/// GET /feed.{xml,rss,json}
pub async fn posts(State(app): State<Arc<App>>, l: Layout, format: Format) -> Result<Response> {
    let posts = app.store.full_posts(Among::All, l.settings.feed_posts, l.now).await?;
    Feed::of_posts(l, None, posts).respond(format, Shows::Posts)
}

/// GET /tag/{slug}/feed.{xml,rss,json}
pub async fn tag(State(app): State<Arc<App>>, l: Layout, Path(slug): Path<String>, format: Format) -> Result<Response> {
    let (id, tag) = app.store.tag(&slug).await?.ok_or(Error::NotFound)?;
    let posts = app.store.full_posts(Among::Tag(id), l.settings.feed_posts, l.now).await?;
    if posts.is_empty() {
        return Err(Error::NotFound);
    }
    Feed::of_posts(l, Some((&tag.name, &tag.slug)), posts).respond(format, Shows::Posts)
}

/// GET /comments/feed.{xml,rss,json}
pub async fn comments(State(app): State<Arc<App>>, l: Layout, format: Format) -> Result<Response> {
    let comments = app.store.feed_comments(None, COMMENTS, l.now).await?;
    Feed::of_comments(l, None, comments).respond(format, Shows::PostsAndTalk)
}

/// GET /comments/on/{post}/feed.{xml,rss,json}
pub async fn thread(
    State(app): State<Arc<App>>,
    l: Layout,
    Path(post): Path<String>,
    format: Format,
) -> Result<Response> {
    let id: PostId = post.parse().map_err(|_| Error::NotFound)?;
    let post = app.store.post_head(id, l.now).await?.ok_or(Error::NotFound)?;
    if post.comments == PostComments::Hidden {
        return Err(Error::NotFound);
    }
    let comments = app.store.feed_comments(Some(id), COMMENTS, l.now).await?;
    Feed::of_comments(l, Some(&post), comments).respond(format, Shows::Post(id))
}
