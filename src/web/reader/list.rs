//! Posts in a list with days over them, and the lists of a tag and of an author.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
};

use super::post::elsewhere;
use crate::{
    app::App,
    error::Result,
    model::{
        change::Shows,
        listing::{Cursor, From},
        post::{Post, PostLink},
        user::Profile,
    },
    store::Among,
    text::outline,
    web::{
        form::Query,
        headers::{Cache, Frames},
        layout::{Layout, html},
    },
};

#[derive(Template)]
#[template(path = "reader/list.html")]
pub struct PostList {
    pub l: Layout,
    /// The h1 below the blog's name; the front page has none.
    pub heading: Option<String>,
    pub title: String,
    /// What a preview says of itself.
    pub notice: Option<String>,
    /// Of the author whose list it is.
    pub profile: Option<Profile>,
    /// Address of the list's feed, without slash and ending.
    pub feed: String,
    /// What the owner puts before everything else.
    pub featured: Vec<PostLink>,
    pub is_front: bool,
    /// Address of the list itself.
    pub here: String,
    pub days: Vec<Day>,
    pub newer: Option<Cursor>,
    pub older: Option<Cursor>,
}

impl PostList {
    /// Hosts of the videos that are shown.
    pub fn frames(&self) -> Frames {
        Frames::of(self.days.iter().flat_map(|day| &day.posts).map(|post| post.body.as_str()))
    }

    fn has_video(&self) -> bool {
        self.days.iter().flat_map(|day| &day.posts).any(Post::has_video)
    }
}

/// The posts of one day in the blog's zone.
pub struct Day {
    pub name: String,
    pub posts: Vec<Post>,
}

/// How a list is kept that begins at `from`. At a place that no post has, it was asked for by nobody's link, and there are
/// endlessly many of those: it is not kept.
pub async fn cache(app: &App, from: From, shows: Shows) -> Result<Option<Cache>> {
    Ok(match from {
        From::Newest => Some(Cache::Page(shows)),
        From::OlderThan(cursor) | From::NewerThan(cursor) => {
            app.store.is_place(cursor, app.clock.now()).await?.then_some(Cache::Part(shows))
        }
    })
}

/// Posts (newest first) under the names of their days.
pub fn by_day(l: &Layout, posts: Vec<Post>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for mut post in posts {
        post.body = outline::deeper(&post.body);
        let name = l.day(&post.published_at);
        match days.last_mut() {
            Some(day) if day.name == name => day.posts.push(post),
            _ => days.push(Day { name, posts: vec![post] }),
        }
    }
    days
}

/// GET /tag/{slug}
pub async fn tag(
    State(app): State<Arc<App>>,
    l: Layout,
    query: Query,
    Path(slug): Path<String>,
    uri: Uri,
) -> Result<Response> {
    let Some((id, tag)) = app.store.tag(&slug).await? else { return elsewhere(State(app), uri).await };
    let heading = l.tx("tag-heading", &tag.name);
    of(&app, l, &query, Among::Tag(id), heading, format!("tag/{}", tag.slug), None).await
}

/// GET /author/{slug}
pub async fn author(
    State(app): State<Arc<App>>,
    l: Layout,
    query: Query,
    Path(slug): Path<String>,
    uri: Uri,
) -> Result<Response> {
    let Some((id, author)) = app.store.author(&slug).await? else { return elsewhere(State(app), uri).await };
    let heading = l.tx("author-heading", &author.name);
    let profile = app.store.profile(id).await?;
    of(&app, l, &query, Among::Author(id), heading, format!("author/{}", author.slug), Some(profile)).await
}

async fn of(
    app: &App,
    l: Layout,
    query: &Query,
    among: Among,
    heading: String,
    here: String,
    profile: Option<Profile>,
) -> Result<Response> {
    let from = query.place();
    let posts = app.store.posts(among, from, l.settings.posts_per_page, l.now).await?;
    // A tag that stands on drafts alone, or a user who has written nothing, is nobody's business.
    if posts.items.is_empty() {
        return Err(crate::error::Error::NotFound);
    }
    let page = PostList {
        title: format!("{heading} · {}", l.settings.title),
        heading: Some(heading),
        // A tag has a feed of its own.
        feed: if let Among::Tag(_) = among { format!("{here}/feed") } else { "feed".to_owned() },
        featured: Vec::new(),
        notice: None,
        profile,
        is_front: from == From::Newest,
        here: format!("/{here}"),
        days: by_day(&l, posts.items),
        newer: posts.newer,
        older: posts.older,
        l,
    };
    Ok((cache(app, from, Shows::PostsAndTalk).await?, page.frames(), html(&page)?).into_response())
}
