//! The owner's policy on comments: who waits, what is spam, and what these settings would have done.

use std::{ops::RangeInclusive, sync::Arc};

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        comment::{CommentState, Lesson},
        queue::Retention,
        settings::{CommentHold, CommentPolicy, MAX_LIST, Settings},
    },
    rules::judge::{
        proof::{Decision, Proof, cross_validate},
        recent::REMEMBERED,
        replay::{Replayed, replay},
    },
    store::Learned,
    text::plain,
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

const HOLDS: [CommentHold; 3] = [CommentHold::All, CommentHold::First, CommentHold::None];
const STATES: [CommentState; 3] = [CommentState::Approved, CommentState::Held, CommentState::Spam];
/// Ten years.
const MAX_DAYS: u32 = 3650;
/// A week.
const MAX_EDIT_MINUTES: u32 = 7 * 24 * 60;
/// In tenths of a point.
const MAX_POINTS: i32 = 1000;
/// So many of each kind are judged again to tell how well the filter does.
const MAX_LESSONS: u32 = 1000;
/// So many comments that would fare otherwise are shown.
const MAX_SHOWN: usize = 20;
/// What is judged again in bulk goes off the async threads, as a text of this length does.
const BULK: usize = 1 << 20;

#[derive(Template)]
#[template(path = "admin/comment_settings.html")]
struct Page {
    a: AdminFrame,
    comments_open: bool,
    hold: CommentHold,
    hold_after_days: String,
    close_after_days: String,
    hold_at: String,
    spam_at: String,
    storm_at: String,
    hold_list: String,
    spam_list: String,
    trust_list: String,
    wants_work: bool,
    discard_days: String,
    network_days: String,
    comments_per_page: String,
    newest_comments_first: bool,
    edit_minutes: String,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
    learned: Learned,
    proof: Option<Proof>,
    trial: Option<Trial>,
}

/// What the settings would have done.
struct Trial {
    /// By where they are now, in the order of [`STATES`]: how many would be where.
    counts: [[i64; 3]; 3],
    all: i64,
    /// The newest that would fare otherwise.
    moved: Vec<Moved>,
}

struct Moved {
    name: String,
    words: String,
    from: CommentState,
    to: CommentState,
    reasons: Vec<(String, String)>,
}

/// `2.5`
fn tenths(points: i32) -> String {
    format!("{}.{}", points / 10, points % 10)
}

/// Of `2.5` or `2,5`.
fn points(typed: &str) -> Option<i32> {
    let points: f64 = typed.replace(',', ".").parse().ok()?;
    let tenths = (points * 10.0).round();
    (0.0..=f64::from(MAX_POINTS)).contains(&tenths).then_some(tenths as i32)
}

impl Page {
    async fn new(app: &App, a: AdminFrame, settings: &Settings) -> Result<Self> {
        let policy = &settings.policy;
        let keep = app.store.retention().await?.ok_or(Error::NotSetUp)?;
        Ok(Self {
            comments_open: settings.comments_open,
            hold: settings.comment_hold,
            hold_after_days: policy.hold_after_days.to_string(),
            close_after_days: policy.close_after_days.to_string(),
            hold_at: tenths(policy.hold_at),
            spam_at: tenths(policy.spam_at),
            storm_at: policy.storm_at.to_string(),
            hold_list: policy.hold_list.clone(),
            spam_list: policy.spam_list.clone(),
            trust_list: policy.trust_list.clone(),
            wants_work: policy.wants_work,
            discard_days: keep.discard_days.to_string(),
            network_days: keep.network_days.to_string(),
            comments_per_page: settings.comments_per_page.to_string(),
            newest_comments_first: settings.newest_comments_first,
            edit_minutes: settings.edit_minutes.to_string(),
            faults: Faults::default(),
            notice: None,
            alarm: None,
            learned: app.store.learned().await?,
            proof: None,
            trial: None,
            a,
        })
    }

    async fn typed(app: &App, a: AdminFrame, fields: &Fields) -> Result<Self> {
        let settings = a.l.settings.clone();
        Ok(Self {
            comments_open: fields.raw("comments-open") == "yes",
            hold: HOLDS.into_iter().find(|hold| hold.as_str() == fields.raw("hold")).unwrap_or(CommentHold::First),
            hold_after_days: fields.line("hold-after-days"),
            close_after_days: fields.line("close-after-days"),
            hold_at: fields.line("hold-at"),
            spam_at: fields.line("spam-at"),
            storm_at: fields.line("storm-at"),
            hold_list: fields.text("hold-list"),
            spam_list: fields.text("spam-list"),
            trust_list: fields.text("trust-list"),
            wants_work: fields.raw("wants-work") == "yes",
            discard_days: fields.line("discard-days"),
            network_days: fields.line("network-days"),
            comments_per_page: fields.line("comments-per-page"),
            newest_comments_first: fields.raw("newest-comments-first") == "yes",
            edit_minutes: fields.line("edit-minutes"),
            ..Self::new(app, a, &settings).await?
        })
    }

    /// What was typed, if all of it is good; what is wrong lands in `faults`.
    fn check(&mut self) -> Option<(Settings, Retention)> {
        let l = &self.a.l;
        let mut faults = Faults::default();
        let mut number = |field: &'static str, typed: &str, most: u32| {
            let number = typed.parse::<u32>().ok().filter(|number| *number <= most);
            if number.is_none() {
                faults.add(field, l.tn("error-number", &i64::from(most)));
            }
            number
        };
        // What is kept for no day could not be brought back from the trash.
        let mut days = |field, typed: &str| number(field, typed, MAX_DAYS).map(|days| i64::from(days.max(1)));
        let keep = (days("discard-days", &self.discard_days), days("network-days", &self.network_days));
        let hold_after_days = number("hold-after-days", &self.hold_after_days, MAX_DAYS);
        let close_after_days = number("close-after-days", &self.close_after_days, MAX_DAYS);
        let storm_at = number("storm-at", &self.storm_at, REMEMBERED as u32);
        let (hold_at, spam_at) = (points(&self.hold_at), points(&self.spam_at));
        for (field, points) in [("hold-at", hold_at), ("spam-at", spam_at)] {
            if points.is_none() {
                faults.add(field, l.t("error-points"));
            }
        }
        let within = |typed: &str, range: RangeInclusive<u32>| typed.parse().ok().filter(|it| range.contains(it));
        let comments_per_page = within(&self.comments_per_page, 1..=500);
        if comments_per_page.is_none() {
            faults.add("comments-per-page", l.t("error-comments-per-page"));
        }
        let edit_minutes = within(&self.edit_minutes, 0..=MAX_EDIT_MINUTES);
        if edit_minutes.is_none() {
            faults.add("edit-minutes", l.t("error-edit-minutes"));
        }
        if hold_at > spam_at {
            faults.add("spam-at", l.t("error-points-order"));
        }
        for (field, list) in
            [("hold-list", &self.hold_list), ("spam-list", &self.spam_list), ("trust-list", &self.trust_list)]
        {
            if list.chars().count() > MAX_LIST {
                faults.add(field, l.tn("error-long", &(MAX_LIST as i64)));
            }
        }
        self.faults = faults;
        let policy = CommentPolicy {
            hold_after_days: hold_after_days?,
            close_after_days: close_after_days?,
            hold_at: hold_at?,
            spam_at: spam_at?,
            storm_at: storm_at?,
            hold_list: self.hold_list.clone(),
            spam_list: self.spam_list.clone(),
            trust_list: self.trust_list.clone(),
            wants_work: self.wants_work,
        };
        let settings = Settings {
            comment_hold: self.hold,
            comments_open: self.comments_open,
            comments_per_page: comments_per_page?,
            newest_comments_first: self.newest_comments_first,
            edit_minutes: edit_minutes?,
            policy,
            ..Settings::clone(&self.a.l.settings)
        };
        let keep = Retention { discard_days: keep.0?, network_days: keep.1? };
        self.faults.is_empty().then_some((settings, keep))
    }

    fn holds(&self, hold: &CommentHold) -> bool {
        self.hold == *hold
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/settings/comments
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let settings = a.l.settings.clone();
    let mut page = Page::new(&app, a, &settings).await?;
    page.notice = (query.0.raw("done") == "saved").then(|| page.a.l.t("done-settings"));
    if query.0.has("prove") {
        page.proof = Some(prove(&app, settings.policy.clone()).await?);
    }
    page.show(StatusCode::OK)
}

/// How well the filter does, by the newest decisions of each kind.
async fn prove(app: &App, policy: CommentPolicy) -> Result<Proof> {
    let ham = app.store.lessons(Lesson::Ham, MAX_LESSONS).await?;
    let spam = app.store.lessons(Lesson::Spam, MAX_LESSONS).await?;
    app.rendering(BULK, move || {
        let decisions = |all: &[_], lesson| all.iter().map(|one| Decision::new(one, lesson)).collect::<Vec<_>>();
        let decisions = [decisions(&ham, Lesson::Ham), decisions(&spam, Lesson::Spam)].concat();
        cross_validate(&decisions, &policy, usize::MAX)
    })
    .await
}

/// POST /admin/settings/comments
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = Page::typed(&app, a, &fields).await?;
    let Some((settings, keep)) = page.check() else {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    if fields.has("try") {
        page.trial = Some(attempt(&app, &page, settings.policy).await?);
        return page.show(StatusCode::OK);
    }
    let saved = match app.store.save_retention(keep).await {
        Ok(()) => app.store.change_settings(&settings, "settings-comments", page.a.by()).await,
        unsaved => unsaved,
    };
    match saved {
        Ok(()) => Ok(Redirect::to("/admin/settings/comments?done=saved").into_response()),
        Err(error) => {
            tracing::error!(%error, "the settings could not be kept");
            page.alarm = Some(page.a.l.t("not-saved"));
            page.show(error.status())
        }
    }
}

/// Judges the last comments by settings that are not saved.
async fn attempt(app: &App, page: &Page, policy: CommentPolicy) -> Result<Trial> {
    let (language, hold, now) = (page.a.l.settings.language, page.hold, page.a.l.now);
    let past = app.store.past_comments(REMEMBERED as u32).await?;
    let all = app.rendering(BULK, move || Replayed::read(past, language)).await?;
    let counts = app.store.taught(&Replayed::tokens(&all)).await?;
    let key = app.store.networks().clone();
    let judged = app.rendering(BULK, move || {
        let verdicts = replay(&all, counts, hold, &policy, &key, now);
        all.into_iter().zip(verdicts).collect::<Vec<_>>()
    });
    let mut trial = Trial { counts: [[0; 3]; 3], all: 0, moved: Vec::new() };
    let place = |state| STATES.iter().position(|one| *one == state);
    for (one, verdict) in judged.await?.into_iter().rev() {
        let (from, to) = (one.past.state, verdict.outcome.state());
        let (Some(row), Some(column)) = (place(from), place(to)) else { continue };
        trial.all += 1;
        trial.counts[row][column] += 1;
        if from != to && trial.moved.len() < MAX_SHOWN {
            let kept = verdict.kept_reasons();
            let words = plain::excerpt(&one.past.written.source, 120);
            let reasons = page.a.l.reasons(&kept);
            trial.moved.push(Moved { name: one.past.written.name, words, from, to, reasons });
        }
    }
    Ok(trial)
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    Page { notice, ..Page::typed(app, a, fields).await? }.show(StatusCode::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_typed_with_a_point_or_a_comma() {
        for (typed, expected) in
            [("2", Some(20)), ("2.5", Some(25)), ("2,5", Some(25)), ("0", Some(0)), ("100", Some(1000))]
        {
            assert_eq!(points(typed), expected, "{typed}");
        }
        for typed in ["", "x", "-1", "100.1", "NaN", "inf", "1e9"] {
            assert_eq!(points(typed), None, "{typed}");
        }
        assert_eq!((tenths(25), tenths(100)), ("2.5".to_owned(), "10.0".to_owned()));
    }
}
