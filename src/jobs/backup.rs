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
    model::backup::{Schedule, Tried},
    rules::backup::{name, next, superfluous},
    store::Over,
};

/// How often it is looked whether one is due: a clock may be set, and a machine may sleep.
const LOOK: Duration = Duration::from_secs(60);
/// One that failed is tried again so much later.
const RETRY_MILLIS: i64 = 3_600_000;

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
    let (now, schedule) = (app.clock.now(), app.store.backup_schedule().await?);
    let Some(frame) = app.frame().await? else { return Ok(Stepped::Idle) };
    let good = app.store.last_backup().await?;
    let is_due = next(&schedule, good.map(|good| good.at), &frame.settings.zone).is_some_and(|due| due <= now);
    let last = app.store.backups(1).await?.pop();
    let is_too_early = last.is_some_and(|last| !last.is_good() && now.0 - last.at.0 < RETRY_MILLIS);
    if schedule.asked_at.is_none() && (!is_due || is_too_early) {
        return Ok(Stepped::Idle);
    }
    let folder = folder(app, &schedule);
    let file = folder.join(name(now));
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
            rotate(&folder, schedule.keep);
        }
        Err((failure, detail)) => {
            tracing::error!(detail, "no backup was made");
            (tried.failure, tried.detail) = (failure.to_owned(), detail);
        }
    }
    app.store.note_backup(&tried).await?;
    Ok(Stepped::Done)
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

fn rotate(folder: &Path, keep: u32) {
    let Ok(files) = fs::read_dir(folder) else { return };
    let files = files.flatten().filter_map(|file| file.file_name().into_string().ok()).collect();
    for old in superfluous(files, keep) {
        if let Err(error) = fs::remove_file(folder.join(&old)) {
            tracing::warn!(%error, old, "an old backup could not be removed");
        }
    }
}
