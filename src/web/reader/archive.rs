//! The archive: years and months with their counts, and what was published in one of them.

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
    model::{change::Shows, post::PostLink},
    web::{
        headers::Cache,
        layout::{Layout, html},
    },
};

#[derive(Template)]
#[template(path = "reader/archive.html")]
struct Archive {
    l: Layout,
    title: String,
    years: Vec<Year>,
}

struct Year {
    year: String,
    posts: i64,
    months: Vec<MonthLine>,
}

struct MonthLine {
    path: String,
    name: String,
    posts: i64,
}

/// GET /archive
pub async fn all(State(app): State<Arc<App>>, l: Layout) -> Result<impl IntoResponse> {
    let mut years: Vec<Year> = Vec::new();
    for count in app.store.months(l.now).await? {
        let Some((year, month)) = count.month.split_once('/') else { continue };
        let line = MonthLine { path: count.month.clone(), name: month_name(&l, year, month), posts: count.posts };
        match years.last_mut().filter(|last| last.year == year) {
            Some(last) => {
                last.posts += count.posts;
                last.months.push(line);
            }
            None => years.push(Year { year: year.to_owned(), posts: count.posts, months: vec![line] }),
        }
    }
    let page = Archive { title: format!("{} · {}", l.t("archive"), l.settings.title), years, l };
    Ok((Cache::Page(Shows::Posts), html(&page)?))
}

#[derive(Template)]
#[template(path = "reader/period.html")]
struct Period {
    l: Layout,
    title: String,
    heading: String,
    /// Months of a year, each with its posts; one for a month.
    months: Vec<Month>,
    is_year: bool,
}

struct Month {
    path: String,
    name: String,
    posts: Vec<PostLink>,
}

/// GET /{year}
pub async fn year(app: Arc<App>, l: Layout, year: &str, uri: Uri) -> Result<Response> {
    let heading = year.to_owned();
    period(app, l, year, heading, true, uri).await
}

/// GET /{year}/{month}
pub async fn month(
    State(app): State<Arc<App>>,
    l: Layout,
    Path((year, month)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response> {
    if !is_year(&year) || month.len() != 2 || !matches!(month.parse(), Ok(1..=12_u8)) {
        return elsewhere(State(app), uri).await;
    }
    let heading = month_name(&l, &year, &month);
    period(app, l, &format!("{year}/{month}"), heading, false, uri).await
}

async fn period(app: Arc<App>, l: Layout, folder: &str, heading: String, is_year: bool, uri: Uri) -> Result<Response> {
    let posts = app.store.posts_under(folder, l.now).await?;
    if posts.is_empty() {
        return elsewhere(State(app), uri).await;
    }
    let mut months: Vec<Month> = Vec::new();
    for post in posts {
        let path = post.path.get(..7).unwrap_or_default();
        match months.iter_mut().find(|month| month.path == path) {
            Some(month) => month.posts.push(post),
            None => {
                let name = path.split_once('/').map_or_else(String::new, |(year, month)| month_name(&l, year, month));
                months.push(Month { path: path.to_owned(), name, posts: vec![post] });
            }
        }
    }
    let page = Period { title: format!("{heading} · {}", l.settings.title), heading, months, is_year, l };
    Ok((Cache::Page(Shows::Posts), html(&page)?).into_response())
}

fn month_name(l: &Layout, year: &str, month: &str) -> String {
    l.words.month(year.parse().unwrap_or_default(), month.parse().unwrap_or_default())
}

/// Four digits.
pub fn is_year(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit())
}
