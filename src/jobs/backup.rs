//! Makes the backups that are due or asked for, and removes those that are one too many.

use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{SHORTLY, Stepped};
use crate::{
    app::App,
    error::Result,
    model::{
        backup::{Schedule, Tried},
        time::Time,
    },
    rules::backup::{is_unfinished, name, next, superfluous},
    store::{Over, remove_partial},
};

/// How often it is looked whether one is due: a clock may be set, and a machine may sleep.
const LOOK: Duration = Duration::from_secs(60);
/// One that failed is tried again so much later.
const RETRY_MILLIS: i64 = 50 * 60_000;
/// So many names are tried, one for each second.
const SECONDS: i64 = 30;
/// A file that nobody has written to for so long, and that nobody holds, is left of one that was cut short.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// Goes on until it is dropped.
pub(super) async fn run(app: &App) {
    loop {
        let wait = match step(app).await {
            Ok(Stepped::Done) => continue,
            Ok(_) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "whether a backup is due is not known");
                SHORTLY
            }
        };
        tokio::select! {
            () = app.store.backup_asked() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Makes one, if one is due.
pub async fn step(app: &App) -> Result<Stepped> {
    let (now, standing) = (app.clock.now(), app.store.backup_standing().await?);
    let schedule = standing.schedule;
    let Some(frame) = app.frame().await? else { return Ok(Stepped::Idle) };
    let is_due = next(&schedule, standing.made_at, &frame.settings.zone).is_some_and(|due| due <= now);
    let is_too_early = standing.tried.is_some_and(|last| !last.is_good() && now.0 - last.at.0 < RETRY_MILLIS);
    if schedule.asked_at.is_none() && (!is_due || is_too_early) {
        return Ok(Stepped::Idle);
    }
    let folder = folder(app, &schedule);
    let file = free(&folder, now);
    let mut tried = Tried {
        at: now,
        file: file.display().to_string(),
        bytes: 0,
        entries: 0,
        failure: String::new(),
        detail: String::new(),
    };
    let made = match ready(&folder, schedule.folder.is_empty()) {
        Ok(()) => {
            app.store.back_up(&file, Over::Keep, |_| {}).await.map_err(|error| (error.as_str(), error.to_string()))
        }
        Err(error) => Err(("io", format!("{}: {error}", folder.display()))),
    };
    match made {
        Ok(made) => {
            tried.bytes = i64::try_from(made.bytes).unwrap_or(i64::MAX);
            tried.entries = made.rows;
            tracing::info!(file = tried.file, bytes = made.bytes, rows = made.rows, "backed up, and proved");
        }
        Err((failure, detail)) => {
            tracing::error!(detail, "no backup was made");
            (tried.failure, tried.detail) = (failure.to_owned(), detail);
        }
    }
    app.store.note_backup(&tried, schedule.asked_at.is_none()).await?;
    if tried.is_good() {
        let ours = app.store.own_backups().await?;
        tokio::task::spawn_blocking(move || tidy(&folder, &ours, schedule.keep)).await?;
    }
    Ok(Stepped::Done)
}

/// A name that no other blog in the folder took in the same second.
fn free(folder: &Path, now: Time) -> PathBuf {
    let mut names = (0..SECONDS).map(|second| folder.join(name(now.plus(second * 1000))));
    let is_free = |file: &PathBuf| file.symlink_metadata().is_err();
    names.find(is_free).unwrap_or_else(|| folder.join(name(now)))
}

/// Where they go.
fn folder(app: &App, schedule: &Schedule) -> PathBuf {
    if schedule.folder.is_empty() { app.store.beside("-backups") } else { PathBuf::from(&schedule.folder) }
}

/// Our own folder is made; one that was named is there, or its disk is not.
fn ready(folder: &Path, is_ours: bool) -> std::io::Result<()> {
    if is_ours && !folder.exists() {
        return fs::DirBuilder::new().mode(0o700).create(folder);
    }
    fs::read_dir(folder).map(drop)
}

/// Removes which of `ours` are one too many, and what a crash left of one long ago.
fn tidy(folder: &Path, ours: &[String], keep: u32) {
    let Ok(files) = fs::read_dir(folder) else { return };
    let files: Vec<String> = files.flatten().filter_map(|file| file.file_name().into_string().ok()).collect();
    let here = ours.iter().map(Path::new).filter(|file| file.parent() == Some(folder));
    let ours: Vec<String> = here.filter_map(|file| file.file_name()?.to_str().map(str::to_owned)).collect();
    for left in files.iter().filter(|file| is_unfinished(file)) {
        if let Err(error) = remove_partial(&folder.join(left), STALE) {
            tracing::warn!(%error, left, "what is left of an earlier backup could not be removed");
        }
    }
    for old in superfluous(files, &ours, keep) {
        if let Err(error) = fs::remove_file(folder.join(&old)) {
            tracing::warn!(%error, old, "an old backup could not be removed");
        }
    }
}
