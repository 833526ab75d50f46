//! Moving in: files that are sent, or what is on the machine, tried first and then brought in by a job.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use askama::Template;
use axum::{
    extract::{Extension, Multipart, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::PostId,
        import::{Format, ImportJob, Line, NewImport, Report, Stand, old_site},
    },
    text::report::written,
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
        upload::{Most, Refusal, Sent},
    },
};

/// In the order in which they are offered.
const FORMATS: [Format; 8] = Format::ALL;
/// Longer paths and lists of hosts are none.
const MAX_LINE: usize = 1000;

#[derive(Template)]
#[template(path = "admin/import.html")]
struct Page {
    a: AdminFrame,
    job: Option<ImportJob>,
    report: Option<Report>,
    /// What came of the origins of its lines, and whether their originals are kept.
    posts: HashMap<String, (PostId, bool)>,
    /// Bytes that were read, and that there are.
    read: (u64, u64),
    entries: i64,
    most: i64,
    format: String,
    path: String,
    site: String,
    media: String,
    is_fetching: bool,
    hosts: String,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl Page {
    async fn of(app: &App, a: AdminFrame, Most(bytes): Most) -> Result<Self> {
        let job = app.store.import_job().await?;
        let progress = &app.importing;
        let report = job.as_ref().and_then(ImportJob::report);
        let lines = report.iter().flat_map(|report| &report.lines);
        let origins: BTreeSet<&str> = lines.filter_map(|line| line.origin.as_deref()).collect();
        let posts = app.store.posts_of_origins(&origins.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self {
            report,
            posts,
            job,
            read: (progress.read.load(Ordering::Relaxed), progress.of.load(Ordering::Relaxed)),
            entries: i64::try_from(progress.entries.load(Ordering::Relaxed)).unwrap_or(i64::MAX),
            most: Most(bytes).megabytes(),
            format: String::new(),
            path: String::new(),
            site: String::new(),
            media: String::new(),
            is_fetching: false,
            hosts: String::new(),
            faults: Faults::default(),
            notice: None,
            alarm: None,
            a,
        })
    }

    fn typed(self, fields: &Fields) -> Self {
        Self {
            format: fields.line("format"),
            path: fields.line("path"),
            site: fields.line("site"),
            media: fields.line("media"),
            is_fetching: fields.has("fetch"),
            hosts: fields.line("hosts").replace(',', " "),
            ..self
        }
    }

    fn is_open(&self) -> bool {
        self.job.as_ref().is_some_and(ImportJob::is_open)
    }

    /// What is wanted, checked; what is wrong lands in `faults`.
    fn check(&mut self, sent: &Sent) -> NewImport {
        let l = &self.a.l;
        let (files, path) = (sent.files(), Path::new(&self.path));
        if files.is_empty() && self.path.is_empty() {
            self.faults.add("files", l.t("error-import-nothing"));
        } else if files.is_empty() && (self.path.len() > MAX_LINE || !path.is_absolute() || !path.exists()) {
            self.faults.add("path", l.t("error-import-path"));
        }
        let media = Path::new(&self.media);
        if !self.media.is_empty() && (self.media.len() > MAX_LINE || !media.is_absolute() || !media.exists()) {
            self.faults.add("media", l.t("error-import-media"));
        }
        if !self.site.is_empty() && (self.site.len() > MAX_LINE || old_site(&self.site).is_none()) {
            self.faults.add("site", l.t("error-import-site"));
        }
        if self.hosts.len() > MAX_LINE {
            self.faults.add("hosts", l.tn("error-long", &(MAX_LINE as i64)));
        }
        let named = Format::ALL.into_iter().find(|format| format.as_str() == self.format);
        let are_texts = !files.is_empty() && files.iter().all(|file| file.ends_with(".md"));
        let format = named.or(are_texts.then_some(Format::Markdown));
        let folder = if files.is_empty() { String::new() } else { sent.folder() };
        let sources = match format {
            _ if files.is_empty() => vec![self.path.clone()],
            // It is their folder that is read, unless they are packed.
            Some(Format::Markdown) if !files.iter().all(|file| file.ends_with(".zip")) => vec![folder.clone()],
            _ => files,
        };
        let (site, media, hosts) = (self.site.clone(), self.media.clone(), self.hosts.clone());
        NewImport { format, folder, sources, site, media, is_fetching: self.is_fetching, hosts }
    }

    /// How it stands, as the words for it are named.
    fn stand(&self) -> &'static str {
        match self.job.as_ref().map(|job| (job.stand, job.is_trial)) {
            None | Some((Stand::Waiting, _)) => "waiting",
            Some((Stand::Running, true)) => "trying",
            Some((Stand::Running, false)) => "running",
            Some((Stand::Done, true)) => "tried",
            Some((Stand::Done, false)) => "done",
            Some((Stand::Stopped, _)) => "stopped",
            Some((Stand::Refused, _)) => "refused",
            Some((Stand::Broken, _)) => "broken",
        }
    }

    /// What is to be done next, or is to know.
    fn next(&self, report: Option<&Report>) -> &'static str {
        match self.stand() {
            "refused" if !report.is_some_and(Report::has_brought) => "nothing",
            stand => stand,
        }
    }

    /// How many of a hundred are read.
    fn percent(&self) -> i64 {
        let (read, of) = self.read;
        i64::try_from((read.min(of) * 100).checked_div(of).unwrap_or_default()).unwrap_or_default()
    }

    /// What is counted, and how much of it.
    fn counts(&self, report: &Report) -> Vec<(&'static str, i64)> {
        let all = [
            ("posts", report.posts),
            ("scheduled", report.scheduled),
            ("pages", report.pages),
            ("drafts", report.drafts),
            ("pictures", report.pictures),
            ("missing", report.missing_pictures),
            ("files", report.files),
            ("approved", report.approved),
            ("held", report.held),
            ("spam", report.spam),
            ("trash", report.trash),
            ("updated", report.updated),
            ("updated-comments", report.updated_comments),
            ("known", report.known),
            ("changed", report.changed_here),
            ("known-comments", report.known_comments),
            ("originals", report.originals),
            ("skipped", report.skipped),
            ("warnings", report.warnings),
        ];
        let counted = all.into_iter().filter(|(_, count)| *count > 0);
        counted.map(|(what, count)| (what, i64::try_from(count).unwrap_or(i64::MAX))).collect()
    }

    /// The post that a line is about, where it is here.
    fn post(&self, line: &Line) -> Option<PostId> {
        Some(self.posts.get(line.origin.as_deref()?)?.0)
    }

    /// The same, where the line says that its original is kept.
    fn original(&self, line: &Line) -> Option<PostId> {
        let (post, is_kept) = self.posts.get(line.origin.as_deref()?)?;
        Some(*post).filter(|_| *is_kept && line.what.key() == "import-not-whole")
    }

    /// Lines that were not kept.
    fn more(&self, report: &Report) -> i64 {
        i64::try_from(report.skipped + report.warnings).unwrap_or(i64::MAX) - report.lines.len() as i64
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/import
pub async fn show(
    State(app): State<Arc<App>>,
    Owner(a): Owner,
    Extension(most): Extension<Most>,
    query: Query,
) -> Result<Response> {
    let mut page = Page::of(&app, a, most).await?;
    page.notice = match query.0.raw("done") {
        "dropped" => Some(page.a.l.t("done-import-dropped")),
        _ => None,
    };
    page.show(StatusCode::OK)
}

/// GET /admin/import/report: what came of the last one, as JSON.
pub async fn report(State(app): State<Arc<App>>, Owner(a): Owner) -> Result<Response> {
    let report = app.store.import_job().await?.as_ref().and_then(ImportJob::report).ok_or(Error::NotFound)?;
    let json = written(&report, a.l.words).and_then(|report| serde_json::to_vec_pretty(&report));
    let json = json.map_err(|error| Error::Internal(error.to_string()))?;
    let disposition = "attachment; filename=\"import.json\"";
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, disposition)], json).into_response())
}

/// POST /admin/import: takes the files, and asks that they be tried.
pub async fn create(
    State(app): State<Arc<App>>,
    Owner(a): Owner,
    Extension(most): Extension<Most>,
    mut form: Multipart,
) -> Result<Response> {
    let mut page = Page::of(&app, a, most).await?;
    if page.is_open() {
        page.alarm = Some(page.a.l.t("error-import-busy"));
        return page.show(StatusCode::CONFLICT);
    }
    let mut sent = Sent::default();
    match sent.take(&app, most, &mut form).await {
        Ok(()) => {}
        Err(Refusal::Machine(error @ Error::BadRequest(_))) => return Err(error),
        Err(refusal) => page.faults.add("files", refusal.words(&page.a.l)),
    }
    page = page.typed(&Fields::from_pairs(std::mem::take(&mut sent.typed).into_iter()));
    let new = page.check(&sent);
    if !page.faults.is_empty() {
        page.alarm = Some(page.a.l.t("import-not-yet"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    app.importing.go();
    if !app.store.ask_for_import(&new, page.a.by()).await? {
        page.alarm = Some(page.a.l.t("error-import-busy"));
        return page.show(StatusCode::CONFLICT);
    }
    sent.keep();
    remove_files_of(page.job.as_ref()).await;
    Ok(Redirect::to("/admin/import").into_response())
}

/// POST /admin/import/act: brings in what was tried, stops what is under way, or forgets what is over.
pub async fn act(
    State(app): State<Arc<App>>,
    Extension(most): Extension<Most>,
    OwnerForm(a, fields): OwnerForm,
) -> Result<Response> {
    let mut page = Page::of(&app, a, most).await?;
    let is_done = match fields.raw("action") {
        "run" if !page.is_open() => {
            app.importing.go();
            app.store.run_import(page.a.by()).await?
        }
        "stop" if page.is_open() => {
            app.importing.stop();
            true
        }
        "drop" if app.store.drop_import().await? => {
            remove_files_of(page.job.as_ref()).await;
            return Ok(Redirect::to("/admin/import?done=dropped").into_response());
        }
        _ => false,
    };
    if is_done {
        return Ok(Redirect::to("/admin/import").into_response());
    }
    page.alarm = Some(page.a.l.t("error-import-past"));
    page.show(StatusCode::CONFLICT)
}

async fn remove_files_of(job: Option<&ImportJob>) {
    if let Some(job) = job.filter(|job| !job.folder.is_empty())
        && let Err(error) = tokio::fs::remove_dir_all(&job.folder).await
    {
        tracing::warn!(%error, "files that were sent to be brought in could not be removed");
    }
}
