//! What every page needs around its content: the blog's settings and words, its navigation, its own address.

use std::sync::Arc;

use super::assets;
use crate::{
    app::{App, Frame},
    error::{Error, Result},
    model::{language::Language, post::PostLink, settings::Settings, time::Time},
    rules::{
        judge::{lists::Lists, reason::Reason},
        look::Look,
    },
    text::{
        avatar, plain,
        words::{Words, words},
    },
};
use axum::{extract::FromRequestParts, http::request::Parts};

/// So many pages stand in the navigation, at most: on a telephone the text is to begin on the first screen.
const PAGES_ON_TOP: usize = 8;

/// The frame of a page.
#[derive(Clone)]
pub struct Layout {
    /// What the owner decided.
    pub settings: Arc<Settings>,
    /// The blog's language.
    pub words: &'static Words,
    /// Every page, in the order of their publication.
    pub pages: Arc<[PostLink]>,
    own_names: Arc<[String]>,
    /// What follows from how the owner wants it to look.
    pub look: Arc<Look>,
    /// What the owner holds, or calls spam.
    pub lists: Arc<Lists>,
    /// Whether mails can be sent.
    pub mail_works: bool,
    /// Whether comments are shown to an outside service.
    pub asks_outside: bool,
    /// Whether the page becomes a plain file.
    pub is_still: bool,
    /// The address that readers use, without a trailing slash.
    pub base: String,
    /// The path that was asked for, without the query, percent-encoded.
    pub path: String,
    /// The moment that the page shows.
    pub now: Time,
}

impl FromRequestParts<Arc<App>> for Layout {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let frame = app.frame().await?.ok_or(Error::NotSetUp)?;
        Ok(Self::new(app, frame, parts.uri.path().to_owned()))
    }
}

impl Layout {
    fn new(app: &App, Frame { settings, pages, own_names, look, lists, smtp, service }: Frame, path: String) -> Self {
        let (words, base, now) = (words(settings.language), app.base.clone(), app.clock.now());
        let (mail_works, asks_outside) = (smtp.is_some(), service.is_some());
        let is_still = app.is_still;
        Self { words, settings, pages, own_names, look, lists, mail_works, asks_outside, is_still, base, path, now }
    }

    /// The pages in the navigation, which is on every page: the first ones, and the one that is shown.
    pub fn pages_on_top(&self) -> impl Iterator<Item = &PostLink> {
        let (first, others) = self.pages.split_at(self.pages.len().min(PAGES_ON_TOP));
        first.iter().chain(others.iter().find(|page| self.is_at(&page.path)))
    }

    /// Whether there are others; the archive lists all.
    pub fn has_more_pages(&self) -> bool {
        self.pages.len() > PAGES_ON_TOP
    }

    /// Whether a name looks like that of one of the blog's own people.
    pub fn is_own_name(&self, name: &str) -> bool {
        let skeleton = plain::skeleton(name);
        self.own_names.contains(&skeleton)
    }

    /// For a blog that is not set up yet, in the language that the browser prefers.
    pub fn before_setup(app: &App, language: Language) -> Self {
        Self::new(app, Frame::bare(Settings::initial(language)), String::new())
    }

    /// For an error page, which must be drawn even when the database does not answer.
    pub async fn for_error(app: &App) -> Self {
        let frame = app.frame().await.ok().flatten();
        Self::new(app, frame.unwrap_or_else(|| Frame::bare(Settings::initial(Language::ENGLISH))), String::new())
    }

    /// The word or sentence `id`.
    pub fn t(&self, id: &str) -> String {
        self.words.t(id)
    }

    /// The word for one of several things of a kind: `state-draft`, `reason-trap`.
    pub fn word(&self, kind: &str, which: &str) -> String {
        self.words.t(&format!("{kind}-{which}"))
    }

    /// The sentence `id` about a number of things.
    pub fn tn(&self, id: &str, count: &i64) -> String {
        self.words.tn(id, *count)
    }

    /// The sentence `id` with a text in it.
    pub fn tx(&self, id: &str, it: impl ToString) -> String {
        self.words.tx(id, it)
    }

    /// The sentence `id` about a person, with a text in it.
    pub fn of(&self, id: &str, name: &str, it: impl ToString) -> String {
        self.words.with(id, &[("name", name.into()), ("it", it.to_string().into())])
    }

    /// Why a comment was judged as it was: points and words, `+2.1` and "3 links", of each reason.
    pub fn reasons(&self, kept: &str) -> Vec<(String, String)> {
        let said = |reason: Reason| {
            let words = self.words.about(&format!("reason-{}", reason.what.as_str()), &reason.detail);
            (reason.points_shown(), words)
        };
        Reason::all(kept).into_iter().map(said).collect()
    }

    /// The sentence `id` about so many of so many.
    pub fn share(&self, id: &str, some: &u32, all: &u32) -> String {
        let number = |count: u32| self.words.number(i64::from(count)).into();
        self.words.with(id, &[("n", number(*some)), ("all", number(*all))])
    }

    /// "Saturday, 11 February 2023"
    pub fn day(&self, at: &Time) -> String {
        self.words.day(&at.in_zone(&self.settings.zone))
    }

    /// "11 February 2023"
    pub fn date(&self, at: &Time) -> String {
        self.words.date(&at.in_zone(&self.settings.zone))
    }

    /// "08:30"
    pub fn time(&self, at: &Time) -> String {
        self.words.time(&at.in_zone(&self.settings.zone))
    }

    /// "11 February 2023, 08:30"
    pub fn moment(&self, at: &Time) -> String {
        self.words.moment(&at.in_zone(&self.settings.zone))
    }

    /// For `datetime` attributes and structured data, with the blog's offset.
    pub fn machine_time(&self, at: &Time) -> String {
        at.in_zone(&self.settings.zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Whether this path (without its leading slash) was asked for.
    pub fn is_at(&self, path: &str) -> bool {
        self.path.strip_prefix('/') == Some(path)
    }

    /// An absolute address of a path without its leading slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The letters of the mark beside a comment, and which colour it has.
    pub fn avatar(&self, name: &str) -> (String, u32) {
        (avatar::initials(name), avatar::hue(name))
    }

    /// BCP 47
    pub fn lang(&self) -> &'static str {
        self.settings.language.tag()
    }

    /// `ltr` or `rtl`
    pub fn dir(&self) -> &'static str {
        self.settings.language.dir()
    }
}

/// A rendered template as a response.
pub fn html(page: &impl askama::Template) -> Result<axum::response::Html<String>> {
    Ok(axum::response::Html(page.render()?))
}
