//! The home page: the newest posts under the days on which they appeared.

use std::sync::Arc;

use axum::{extract::State, response::IntoResponse};

use super::list::{self, PostList};
use crate::{
    app::App,
    error::Result,
    store::Among,
    web::{
        form::Query,
        headers::Cache,
        layout::{Layout, html},
    },
};

/// GET /
pub async fn show(State(app): State<Arc<App>>, l: Layout, query: Query) -> Result<impl IntoResponse> {
    let posts = app.store.posts(Among::All, query.place(), l.settings.posts_per_page, l.now).await?;
    let page = PostList {
        heading: None,
        title: l.settings.title.clone(),
        feed: "feed".to_owned(),
        is_front: !query.0.has("older") && !query.0.has("newer"),
        here: "/".to_owned(),
        days: list::by_day(&l, posts.items),
        newer: posts.newer,
        older: posts.older,
        l,
    };
    Ok((Cache::Page, html(&page)?))
}
