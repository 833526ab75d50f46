//! How much readers get at once: on a page of the blog, and in its feeds.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::Result,
    model::settings::Settings,
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

const MAX_POSTS: u32 = 50;
const MAX_FEED_POSTS: u32 = 100;
const FEEDS: [&str; 2] = ["full", "short"];

#[derive(Template)]
#[template(path = "admin/reading_settings.html")]
struct Page {
    a: AdminFrame,
    posts_per_page: String,
    feed_posts: String,
    feeds_are_full: bool,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl Page {
    fn typed(a: AdminFrame, fields: &Fields) -> Self {
        Self {
            posts_per_page: fields.line("posts-per-page"),
            feed_posts: fields.line("feed-posts"),
            feeds_are_full: fields.raw("feeds") != "short",
            faults: Faults::default(),
            notice: None,
            alarm: None,
            a,
        }
    }

    /// What was typed, between 1 and the most.
    fn number(&mut self, field: &'static str, typed: &str, most: u32) -> u32 {
        let number = typed.parse().ok().filter(|number| (1..=most).contains(number));
        if number.is_none() {
            self.faults.add(field, self.a.l.tn("error-number-one", &i64::from(most)));
        }
        number.unwrap_or(most)
    }

    fn is_on(&self, feeds: &&str) -> bool {
        (*feeds == "full") == self.feeds_are_full
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/settings/reading
pub async fn show(Owner(a): Owner, query: Query) -> Result<Response> {
    let settings = a.l.settings.clone();
    let page = Page {
        posts_per_page: settings.posts_per_page.to_string(),
        feed_posts: settings.feed_posts.to_string(),
        feeds_are_full: settings.feeds_are_full,
        faults: Faults::default(),
        notice: (query.0.raw("done") == "saved").then(|| a.l.t("done-settings")),
        alarm: None,
        a,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/settings/reading
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = Page::typed(a, &fields);
    let (posts_per_page, feed_posts) = (page.posts_per_page.clone(), page.feed_posts.clone());
    let settings = Settings {
        posts_per_page: page.number("posts-per-page", &posts_per_page, MAX_POSTS),
        feed_posts: page.number("feed-posts", &feed_posts, MAX_FEED_POSTS),
        feeds_are_full: page.feeds_are_full,
        ..Settings::clone(&page.a.l.settings)
    };
    if !page.faults.is_empty() {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    if let Err(error) = app.store.change_settings(&settings, "settings-reading", page.a.by()).await {
        tracing::error!(%error, "the settings could not be kept");
        page.alarm = Some(page.a.l.t("not-saved"));
        return page.show(error.status());
    }
    Ok(Redirect::to("/admin/settings/reading?done=saved").into_response())
}

/// The form with what was carried through the door.
pub fn resume(a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    Page { notice, ..Page::typed(a, fields) }.show(StatusCode::OK)
}
