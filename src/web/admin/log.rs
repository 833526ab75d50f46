//! Who did what, for the owner.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::IntoResponse};

use crate::{
    app::App,
    error::Result,
    model::{
        ids::UserId,
        listing::Listing,
        user::{Logged, User},
    },
    web::{
        auth::{AdminFrame, Owner},
        form::{Query, after},
        layout::html,
    },
};

#[derive(Template)]
#[template(path = "admin/log.html")]
struct Log {
    a: AdminFrame,
    people: Vec<User>,
    by: Option<UserId>,
    rows: Listing<Logged>,
}

impl Log {
    fn is_by(&self, person: &User) -> bool {
        self.by == Some(person.id)
    }

    /// Address of the log of the same person.
    fn address(&self) -> String {
        let mut query = after("/admin/log?");
        query.append_pair("by", &self.by.map(|id| id.to_string()).unwrap_or_default());
        query.finish()
    }
}

/// GET /admin/log
pub async fn index(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<impl IntoResponse> {
    let by = query.0.raw("by").parse().ok();
    let rows = app.store.log(by, query.place()).await?;
    let mut people = app.store.users().await?;
    people.retain(|person| person.email.is_some());
    html(&Log { a, people, by, rows })
}
