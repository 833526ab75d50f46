//! What each of the blog's people decides for themselves: when they are mailed about new comments.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::wish::Notice,
    web::{
        auth::AdminFrame,
        form::{Fields, Query},
        layout::html,
    },
};

#[derive(Template)]
#[template(path = "admin/you.html")]
struct You {
    a: AdminFrame,
    choice: Notice,
    notice: Option<String>,
}

impl You {
    fn is_chosen(&self, notice: &Notice) -> bool {
        self.choice == *notice
    }
}

/// GET /admin/you
pub async fn show(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let choice = app.store.notice(a.user.id).await?;
    let notice = (query.0.raw("done") == "saved").then(|| a.l.t("done-settings"));
    Ok(html(&You { a, choice, notice })?.into_response())
}

/// POST /admin/you
pub async fn update(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Redirect> {
    let chosen = Notice::ALL.into_iter().find(|notice| notice.as_str() == fields.raw("notice"));
    app.store.set_notice(a.user.id, chosen.ok_or(Error::BadRequest("no such choice"))?).await?;
    Ok(Redirect::to("/admin/you?done=saved"))
}
