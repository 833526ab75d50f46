//! The archive: years and months with their counts, and what was published in one of them.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
};

use super::{list, post::elsewhere};
use crate::{
    app::App,
    error::Result,
    model::{
        change::Shows,
        listing::{Cursor, Listing},
        post::{MonthCount, PostLink},
    },
    rules::own_address::is_month,
    web::{
        form::Query,
        headers::Cache,
        layout::{Layout, html},
    },
};

/// A year of more posts shows its months in place of them.
const YEAR_POSTS: i64 = 500;
/// A month shows so many posts to a page.
const MONTH_POSTS: u32 = 100;

#[derive(Template)]
#[template(path = "reader/archive.html")]
struct Archive {
    l: Layout,
    title: String,
    /// Address without its leading slash.
    here: String,
    heading: String,
    years: Vec<Year>,
}

impl Archive {
    fn is_all(&self) -> bool {
        self.here == "archive"
    }
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
    let counts = app.store.months("", l.now).await?;
    let heading = l.t("archive");
    counted(l, "archive", heading, counts)
}

/// Years with their months, and how many posts each has.
fn counted(l: Layout, here: &str, heading: String, counts: Vec<MonthCount>) -> Result<Response> {
    let mut years: Vec<Year> = Vec::new();
    for count in counts {
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
    let title = format!("{heading} · {}", l.settings.title);
    let page = Archive { title, here: here.to_owned(), heading, years, l };
    Ok((Cache::Page(Shows::Posts), html(&page)?).into_response())
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
    newer: Option<Cursor>,
    older: Option<Cursor>,
}

struct Month {
    path: String,
    name: String,
    posts: Vec<PostLink>,
}

/// GET /{year}
pub async fn year(app: Arc<App>, l: Layout, year: &str, uri: Uri) -> Result<Response> {
    let counts = app.store.months(year, l.now).await?;
    if counts.iter().map(|count| count.posts).sum::<i64>() > YEAR_POSTS {
        return counted(l, year, year.to_owned(), counts);
    }
    let links = app.store.posts_of_year(year, l.now).await?;
    let links = Listing { items: links, newer: None, older: None };
    period(app, l, year.to_owned(), true, links, Some(Cache::Page(Shows::Posts)), uri).await
}

/// GET /{year}/{month}
pub async fn month(
    State(app): State<Arc<App>>,
    l: Layout,
    query: Query,
    Path((year, month)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response> {
    if !is_month(&year, &month) {
        return elsewhere(State(app), uri).await;
    }
    let heading = month_name(&l, &year, &month);
    let from = query.place();
    let links = app.store.posts_of_month(&format!("{year}/{month}"), from, MONTH_POSTS, l.now).await?;
    let cache = list::cache(&app, from, Shows::Posts).await?;
    period(app, l, heading, false, links, cache, uri).await
}

async fn period(
    app: Arc<App>,
    l: Layout,
    heading: String,
    is_year: bool,
    links: Listing<PostLink>,
    cache: Option<Cache>,
    uri: Uri,
) -> Result<Response> {
    if links.items.is_empty() {
        return elsewhere(State(app), uri).await;
    }
    let mut months: Vec<Month> = Vec::new();
    for post in links.items {
        let path = post.path.get(..7).unwrap_or_default();
        match months.last_mut().filter(|month| month.path == path) {
            Some(month) => month.posts.push(post),
            None => {
                let name = path.split_once('/').map_or_else(String::new, |(year, month)| month_name(&l, year, month));
                months.push(Month { path: path.to_owned(), name, posts: vec![post] });
            }
        }
    }
    let title = format!("{heading} · {}", l.settings.title);
    let page = Period { title, heading, months, is_year, newer: links.newer, older: links.older, l };
    Ok((cache, html(&page)?).into_response())
}

fn month_name(l: &Layout, year: &str, month: &str) -> String {
    l.words.month(year.parse().unwrap_or_default(), month.parse().unwrap_or_default())
}
