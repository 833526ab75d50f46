//! Backups: when they are made by themselves, and what came of the last.

use std::{path::Path, sync::Arc};

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::Result,
    model::backup::{Every, MAX_KEPT, Schedule, Tried},
    rules::backup::trouble,
    store::try_folder,
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

const MAX_FOLDER: usize = 500;
/// So many of those that were tried are shown.
const SHOWN: u32 = 10;
/// In the order in which they are offered.
const EVERY: [Every; 3] = Every::ALL;

#[derive(Template)]
#[template(path = "admin/backup.html")]
struct Page {
    a: AdminFrame,
    /// `None`: what was sent is none of them.
    every: Option<Every>,
    hour: String,
    folder: String,
    keep: String,
    /// The folder beside the database in which they go unless one is named.
    own_folder: String,
    is_asked: bool,
    good: Option<Tried>,
    tried: Vec<Tried>,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
    trouble: Option<String>,
}

impl Page {
    async fn kept(app: &App, a: AdminFrame) -> Result<Self> {
        let standing = app.store.backup_standing().await?;
        let trouble = trouble(&standing, &a.l.settings.zone, a.l.now).map(|trouble| {
            let tried = standing.tried.as_ref().filter(|tried| !tried.is_good());
            let why = tried.map(|tried| a.l.word("backup-failure", tried.failure.as_str()));
            format!("{} {}", a.l.word("backup-trouble", trouble.as_str()), why.unwrap_or_default())
        });
        let Schedule { every, hour, folder, keep, asked_at, .. } = standing.schedule;
        Ok(Self {
            trouble,
            every: Some(every),
            hour: hour.to_string(),
            folder,
            keep: keep.to_string(),
            own_folder: name_of(&app.store.beside("-backups")),
            is_asked: asked_at.is_some(),
            good: app.store.last_backup().await?,
            tried: app.store.backups(SHOWN).await?,
            faults: Faults::default(),
            notice: None,
            alarm: None,
            a,
        })
    }

    fn typed(self, fields: &Fields) -> Self {
        let every = Every::named(fields.raw("every"));
        Self { every, hour: fields.line("hour"), folder: fields.line("folder"), keep: fields.line("keep"), ..self }
    }

    /// What was typed, checked; what is wrong lands in `faults`.
    async fn check(&mut self) -> Option<Schedule> {
        let l = &self.a.l;
        let hour = self.hour.parse().ok().filter(|hour| *hour < 24);
        let keep = self.keep.parse().ok().filter(|keep| (1..=MAX_KEPT).contains(keep));
        let mut faults = Faults::default();
        if hour.is_none() {
            faults.add("hour", l.tn("error-number", &23));
        }
        if keep.is_none() {
            faults.add("keep", l.tn("error-backup-keep", &i64::from(MAX_KEPT)));
        }
        let folder = Path::new(&self.folder);
        if !self.folder.is_empty() && (self.folder.len() > MAX_FOLDER || !folder.is_absolute() || !folder.is_dir()) {
            faults.add("folder", l.t("error-backup-folder"));
        } else if !self.folder.is_empty() {
            let folder = folder.to_owned();
            let tried = tokio::task::spawn_blocking(move || try_folder(&folder)).await;
            if let Err(error) = tried.map_err(std::io::Error::from).and_then(|tried| tried) {
                faults.add("folder", l.tx("error-backup-write", error.to_string()));
            }
        }
        if self.every.is_none() {
            faults.add("every", l.t("error-choose"));
        }
        self.faults = faults;
        let (every, hour, keep) = (self.every?, hour?, keep?);
        let schedule = Schedule { every, hour, folder: self.folder.clone(), keep, since: None, asked_at: None };
        self.faults.is_empty().then_some(schedule)
    }

    /// A size in words: megabytes, and below one of them kilobytes.
    fn size(&self, bytes: &i64) -> String {
        match *bytes {
            ..1_000_000 => self.a.l.tn("size-kilobytes", &(bytes / 1000)),
            bytes => self.a.l.tn("size-megabytes", &(bytes / 1_000_000)),
        }
    }

    /// Where the database lives is not for a page to tell; where a command put a copy is, for it may be anywhere.
    fn name(&self, one: &Tried) -> String {
        if one.is_by_command() { one.file.clone() } else { name_of(Path::new(&one.file)) }
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// GET /admin/settings/backup
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let mut page = Page::kept(&app, a).await?;
    page.notice = match query.0.raw("done") {
        "saved" => Some(page.a.l.t("done-settings")),
        "asked" if page.is_asked => Some(page.a.l.t("done-backup-asked")),
        _ => None,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/settings/backup: keeps when they are made, or asks for one now.
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let (by, now) = (a.user.id, a.l.now);
    if fields.raw("action") == "now" {
        app.store.ask_for_backup(by, now).await?;
        return Ok(Redirect::to("/admin/settings/backup?done=asked").into_response());
    }
    let mut page = Page::kept(&app, a).await?.typed(&fields);
    let Some(schedule) = page.check().await else {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    if let Err(error) = app.store.save_backup_schedule(&schedule, by, now).await {
        tracing::error!(%error, "when backups are made could not be kept");
        page.alarm = Some(page.a.l.t("not-saved"));
        return page.show(error.status());
    }
    Ok(Redirect::to("/admin/settings/backup?done=saved").into_response())
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    Page { notice, ..Page::kept(app, a).await?.typed(fields) }.show(StatusCode::OK)
}
