//! The import that the owner asks for at the desk: tried first, then brought in, while everything else goes on.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::Duration,
};

use super::{Done, Wanted, run as bring_in};
use crate::{
    app::App,
    error::Result,
    exchange::{self, laman, sniff},
    jobs::{SHORTLY, Stepped},
    model::{
        import::{Ended, ImportJob, Line, Stand, old_site},
        incoming::Refused,
    },
    outside::download::Downloads,
};

/// It is looked so often even when nobody says that one is asked for.
const LOOK: Duration = Duration::from_secs(1800);
/// So many lines of a report are kept.
const MAX_LINES: usize = 1000;

/// Goes on until it is dropped.
pub(in crate::jobs) async fn run(app: &App) {
    if let Err(error) = begin(app).await {
        tracing::warn!(%error, "an import of before the start could not be looked at");
    }
    loop {
        let wait = match step(app).await {
            Ok(Stepped::Done) => continue,
            Ok(_) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "whether an import is asked for is not known");
                SHORTLY
            }
        };
        tokio::select! {
            () = app.store.import_asked() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// After a start: what was under way is broken off, and files that nobody waits for are removed.
pub async fn begin(app: &App) -> Result<()> {
    app.store.break_import(app.clock.now()).await?;
    let kept = app.store.import_job().await?.map(|job| PathBuf::from(job.folder));
    let beside = app.store.beside("-import-");
    let (Some(folder), Some(name)) = (beside.parent(), beside.file_name()) else { return Ok(()) };
    let begins = name.to_string_lossy().into_owned();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&begins) && kept.as_ref() != Some(&entry.path()) {
            remove(&entry.path());
        }
    }
    Ok(())
}

/// Deals with the one that is asked for, if one is.
pub async fn step(app: &App) -> Result<Stepped> {
    let Some(job) = app.store.claim_import().await? else { return Ok(Stepped::Idle) };
    let ended = deal(app, &job).await.unwrap_or_else(|error| {
        tracing::error!(%error, "an import was broken off");
        Ended { detail: error.to_string(), ..refused(Stand::Broken, "") }
    });
    app.store.end_import(&ended, app.clock.now()).await?;
    if ended.stand == Stand::Done && !job.is_trial && !job.folder.is_empty() {
        remove(Path::new(&job.folder));
    }
    Ok(Stepped::Done)
}

async fn deal(app: &App, job: &ImportJob) -> Result<Ended> {
    let sources = job.sources();
    if sources.is_empty() || sources.iter().any(|source| !source.exists()) {
        return Ok(refused(Stand::Refused, "gone"));
    }
    let first = sources.first().cloned().unwrap_or_default();
    let named = job.format;
    let found = tokio::task::spawn_blocking(move || match named {
        Some(format) => Ok(format),
        None if laman::source::is_archive(&first) => Err("archive"),
        None => sniff::format(&first).ok_or_else(|| if sniff::is_utf16(&first) { "utf16" } else { "unknown" }),
    });
    let format = match found.await? {
        Ok(format) => format,
        Err(why) => return Ok(refused(Stand::Refused, why)),
    };
    let Some(settings) = app.store.settings().await? else { return Ok(refused(Stand::Refused, "gone")) };
    let hosts: Vec<String> = job.hosts.split_whitespace().map(str::to_owned).collect();
    let counted = sources.clone();
    app.importing.begin(tokio::task::spawn_blocking(move || exchange::counts(format, &counted)).await?);
    let wanted = Wanted {
        format,
        sources,
        site: old_site(&job.site),
        media: (!job.media.is_empty()).then(|| PathBuf::from(&job.media)),
        fetch: job.is_fetching.then(|| Downloads::from_hosts(&hosts)),
        max_file: app.max_upload.load(Ordering::Relaxed),
        is_trial: job.is_trial,
    };
    let now = app.clock.now();
    let Done { mut report, read } =
        bring_in(&app.store, &settings, job.user_id, &wanted, &app.importing, &mut |_: &Line| {}, now).await?;
    report.keep_first(MAX_LINES);
    let stand = match read {
        Ok(()) => Stand::Done,
        Err(Refused::Stopped) => Stand::Stopped,
        Err(Refused::Bad { .. }) => Stand::Refused,
    };
    Ok(Ended { stand, why: "", detail: String::new(), format: Some(format), report: Some(report) })
}

fn refused(stand: Stand, why: &'static str) -> Ended {
    Ended { stand, why, detail: String::new(), format: None, report: None }
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!(%error, "files that were brought in could not be removed");
    }
}
