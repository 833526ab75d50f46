//! Search over what readers may read.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::IntoResponse};

use crate::{
    app::App,
    error::Result,
    limits::Act,
    model::{listing::Numbered, search::Term},
    store::Found,
    text::search,
    web::{
        client::Client,
        form::{Query, after},
        layout::{Layout, html},
    },
};

/// Longer questions are cut: nobody remembers that many words of a post.
const MAX_CHARS: usize = 200;

/// Nobody leafs further, and the store looks no further for what is common.
const LAST_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "reader/search.html")]
struct SearchPage {
    l: Layout,
    title: String,
    question: String,
    terms: Vec<Term>,
    /// `None`: nothing was asked.
    results: Option<Numbered<Found>>,
}

impl SearchPage {
    /// The part of the text that was found, its hits marked, safe.
    fn snippet(&self, found: &Found) -> String {
        search::snippet(&found.text, &self.terms)
    }

    /// The address of another page of the same results.
    fn address(&self, page: u32) -> String {
        let mut query = after("/search?");
        query.append_pair("q", &self.question).append_pair("page", &page.to_string());
        query.finish()
    }
}

/// GET /search?q=…
pub async fn show(State(app): State<Arc<App>>, client: Client, l: Layout, query: Query) -> Result<impl IntoResponse> {
    let question: String = query.0.raw("q").chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
    let terms = search::terms(&question).unwrap_or_default();
    let results = if !terms.is_empty() {
        client.take(&app, Act::Search)?;
        let _turn = app.search_turn().await?;
        Some(app.store.search(&terms, query.page().min(LAST_PAGE), l.now).await?)
    } else if question.trim().is_empty() {
        None
    } else {
        Some(Numbered { items: Vec::new(), page: 1, has_more: false })
    };
    let page = SearchPage { title: format!("{} · {}", l.t("search"), l.settings.title), question, terms, results, l };
    // Not kept by anything: the questions are endless.
    html(&page)
}
