//! Who reads: by day, by post, and from where; and whether that is counted at all.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use jiff::{ToSpan, civil::Date};

use crate::{
    app::App,
    error::Result,
    model::reading::{Count, DayCount, HOME, HostCount, LISTS, OTHERS, PageCount, day_number},
    web::{
        auth::{AdminFrame, Editor, Owner},
        form::{Fields, Query},
        layout::{Layout, html},
    },
};

/// Days that can be shown.
const SPANS: [i64; 3] = [30, 90, 365];
/// Width of a day in a chart, and the height of its largest.
const WIDTH: usize = 10;
const HEIGHT: i64 = 100;

/// One day of a chart.
pub struct Bar {
    /// The day.
    pub date: Date,
    /// What was read on it.
    pub count: Count,
}

/// Days side by side, up to today.
pub struct Chart {
    /// Earliest first.
    pub bars: Vec<Bar>,
    /// Of all of them.
    pub total: Count,
}

impl Chart {
    /// The last so many days.
    pub async fn load(app: &App, l: &Layout, days: i64) -> Result<Self> {
        let today = l.now.in_zone(&l.settings.zone).date();
        let first = today.checked_sub((days - 1).days()).unwrap_or(today);
        let read = app.store.reading_days(day_number(first)).await?;
        Ok(Self::of(first, days, &read))
    }

    fn of(first: Date, days: i64, read: &[DayCount]) -> Self {
        let mut chart = Self { bars: Vec::new(), total: Count::default() };
        for after in 0..days {
            let Ok(date) = first.checked_add(after.days()) else { break };
            let day = day_number(date);
            let count = read.iter().find(|read| read.day == day).map_or(Count::default(), |read| read.count);
            chart.total.views += count.views;
            chart.total.readers += count.readers;
            chart.bars.push(Bar { date, count });
        }
        chart
    }

    /// How wide it is drawn.
    pub fn width(&self) -> usize {
        self.bars.len() * WIDTH
    }

    fn most(&self) -> i64 {
        self.bars.iter().map(|bar| bar.count.views).max().unwrap_or(0)
    }

    /// The most on one day, in words.
    pub fn most_said(&self, l: &Layout) -> String {
        l.tn("most-views", &self.most())
    }

    /// How high so many views are drawn.
    pub fn height(&self, count: &i64) -> i64 {
        // What was read at all is seen.
        if *count == 0 { 0 } else { (count * HEIGHT / self.most().max(1)).max(1) }
    }

    /// Where that begins.
    pub fn top(&self, count: &i64) -> i64 {
        HEIGHT - self.height(count)
    }

    /// Where a day begins.
    pub fn left(&self, index: &usize) -> usize {
        index * WIDTH + 1
    }

    /// Its first day.
    pub fn first(&self) -> Option<&Date> {
        self.bars.first().map(|bar| &bar.date)
    }

    /// Its last day.
    pub fn last(&self) -> Option<&Date> {
        self.bars.last().map(|bar| &bar.date)
    }
}

#[derive(Template)]
#[template(path = "admin/readers.html")]
struct Readers {
    a: AdminFrame,
    days: i64,
    chart: Chart,
    pages: Vec<PageCount>,
    hosts: Vec<HostCount>,
    is_counted: bool,
    notice: Option<String>,
}

impl Readers {
    fn is_page(&self, page: &PageCount, which: &str) -> bool {
        match which {
            "home" => page.page == HOME,
            "lists" => page.page == LISTS,
            _ => page.page == OTHERS,
        }
    }

    /// In hundredths of the first.
    fn share(&self, views: &i64, first: Option<i64>) -> i64 {
        views * 100 / first.unwrap_or(1).max(1)
    }

    fn most_of_pages(&self) -> Option<i64> {
        self.pages.first().map(|page| page.count.views)
    }

    fn most_of_hosts(&self) -> Option<i64> {
        self.hosts.first().map(|host| host.views)
    }
}

/// GET /admin/readers
pub async fn show(State(app): State<Arc<App>>, Editor(a): Editor, query: Query) -> Result<impl IntoResponse> {
    let days = SPANS.into_iter().find(|days| days.to_string() == query.0.raw("days")).unwrap_or(SPANS[0]);
    let chart = Chart::load(&app, &a.l, days).await?;
    let since = chart.first().map_or(0, |date| day_number(*date));
    let (pages, hosts) = (app.store.reading_pages(since).await?, app.store.reading_hosts(since).await?);
    let notice = match query.0.raw("done") {
        done @ ("on" | "off") => Some(a.l.word("done-readers", done)),
        _ => None,
    };
    let is_counted = app.store.counts_readers().await?;
    html(&Readers { a, days, chart, pages, hosts, is_counted, notice })
}

/// POST /admin/readers: whether readers are counted.
pub async fn update(State(app): State<Arc<App>>, Owner(a): Owner, fields: Fields) -> Result<Redirect> {
    let counts = fields.raw("count") == "on";
    app.store.count_readers(counts, a.by()).await?;
    Ok(Redirect::to(&format!("/admin/readers?done={}", if counts { "on" } else { "off" })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_every_day_whether_anybody_read_or_not() {
        let read = |day, views| DayCount { day, count: Count { views, readers: 1 } };
        let chart = Chart::of(jiff::civil::date(2023, 2, 27), 4, &[read(20_230_227, 3), read(20_230_301, 300)]);
        let views: Vec<_> = chart.bars.iter().map(|bar| (day_number(bar.date), bar.count.views)).collect();
        assert_eq!(views, [(20_230_227, 3), (20_230_228, 0), (20_230_301, 300), (20_230_302, 0)]);
        assert_eq!((chart.height(&300), chart.height(&3), chart.height(&0)), (100, 1, 0));
        assert_eq!(chart.total, Count { views: 303, readers: 2 });
    }
}
