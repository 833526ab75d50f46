//! The home page: the newest posts under the days on which they appeared.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::{
    list::{self, PostList},
    post::{led, moved},
};
use crate::{
    app::App,
    error::Result,
    model::{change::Shows, listing::From},
    store::Among,
    web::{
        form::Query,
        layout::{Layout, html},
    },
};

/// GET /
pub async fn show(State(app): State<Arc<App>>, l: Layout, query: Query) -> Result<Response> {
    if let Some(old) = query.old_address()
        && let Some(target) = led(&app, &old).await?
    {
        return Ok(moved(&target));
    }
    if let Some(month) = query.old_month() {
        return Ok(moved(&month));
    }
    let from = query.place();
    let cache = list::cache(&app, from, Shows::PostsAndTalk).await?;
    let page = front(&app, l, from).await?;
    Ok((cache, page.frames(), html(&page)?).into_response())
}

/// The page from there on.
pub async fn front(app: &App, l: Layout, from: From) -> Result<PostList> {
    let posts = app.store.posts(Among::All, from, l.settings.posts_per_page, l.now).await?;
    Ok(PostList {
        notice: None,
        heading: None,
        profile: None,
        title: l.settings.title.clone(),
        feed: "feed".to_owned(),
        featured: if from == From::Newest { app.store.featured_posts(l.now).await? } else { Vec::new() },
        is_front: from == From::Newest,
        here: "/".to_owned(),
        days: list::by_day(&l, posts.items),
        newer: posts.newer,
        older: posts.older,
        l,
    })
}
