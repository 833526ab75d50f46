//! The desk's first page: what waits for whoever sits there, and what was published last.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{extract::State, response::IntoResponse};

use super::readers::Chart;
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        listing::From,
        post::{PostKind, PostRow, PostState},
    },
    rules::{backup, permission::Act},
    store::PostFilter,
    web::{auth::AdminFrame, layout::html},
};

/// So many of each are shown.
const SHOWN: usize = 5;
const DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "admin/dashboard.html")]
struct Dashboard {
    a: AdminFrame,
    drafts: Vec<PostRow>,
    submitted: Vec<PostRow>,
    scheduled: Vec<PostRow>,
    latest: Vec<PostRow>,
    views: HashMap<i64, i64>,
    is_counted: bool,
    /// For whoever may see what all posts are read; `None` too where nobody is counted.
    chart: Option<Chart>,
    /// For owners: that backups are not made.
    trouble: Option<String>,
}

impl Dashboard {
    fn views(&self, row: &PostRow) -> String {
        self.a.l.tn("view-count", self.views.get(&row.id.0).unwrap_or(&0))
    }

    fn counts(&self) -> bool {
        self.is_counted
    }

    fn has_more_submitted(&self) -> bool {
        usize::try_from(self.a.submitted).is_ok_and(|all| all > self.submitted.len())
    }

    fn is_calm(&self) -> bool {
        self.a.held == 0 && self.drafts.is_empty() && self.submitted.is_empty() && self.scheduled.is_empty()
    }

    /// When it was last changed.
    fn changed(&self, row: &PostRow) -> String {
        self.a.l.tx("saved-at", self.a.l.moment(&row.saved_at))
    }

    /// When readers see it, or saw it first.
    fn out(&self, row: &PostRow) -> String {
        row.published_at.map_or_else(String::new, |at| self.a.l.moment(&at))
    }
}

/// GET /admin
pub async fn show(State(app): State<Arc<App>>, a: AdminFrame) -> Result<impl IntoResponse> {
    let sees_all = a.may(Act::SeePost);
    let some = PostFilter { size: SHOWN, ..PostFilter::of(PostKind::Post) };
    let own = PostFilter { author: Some(a.user.id), ..some.clone() };
    let seen = if sees_all { &some } else { &own };
    let ask = async |filter: PostFilter| {
        let rows = app.store.post_rows(&filter, From::Newest, a.l.now).await?;
        Ok::<_, Error>(rows.items)
    };
    let drafts = ask(PostFilter { state: Some(PostState::Draft), ..own.clone() }).await?;
    let scheduled =
        ask(PostFilter { state: Some(PostState::Scheduled), is_oldest_first: true, ..seen.clone() }).await?;
    let latest = ask(PostFilter { state: Some(PostState::Published), ..seen.clone() }).await?;
    let submitted =
        if a.submitted > 0 { ask(PostFilter { submitted: true, ..some.clone() }).await? } else { Vec::new() };
    let is_counted = app.readers().is_on();
    let views = if is_counted { app.store.views_of(latest.iter().map(|row| row.id)).await? } else { HashMap::new() };
    let chart = if is_counted && sees_all { Some(Chart::load(&app, &a.l, DAYS).await?) } else { None };
    let mut trouble = None;
    if a.is_owner() {
        let found = backup::trouble(&app.store.backup_standing().await?, &a.l.settings.zone, a.l.now);
        trouble = found.map(|found| a.l.word("backup-trouble", found.as_str()));
    }
    html(&Dashboard { trouble, a, drafts, submitted, scheduled, latest, views, is_counted, chart })
}
