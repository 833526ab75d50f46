//! `laman import`: a blog from elsewhere, a few entries a transaction, so that it can be stopped and run again.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use clap::Args;
use indicatif::ProgressBar;

use super::{Failure, clock, must_exist, old_addresses, open_blog, say, say_aside, unpack};
use crate::{
    config::Config,
    exchange::{self, laman, sniff},
    jobs::import::{self, Wanted},
    model::{
        import::{Format, Line, Progress, Report, old_site},
        incoming::Refused,
        language::Language,
        settings::Settings,
        user::Role,
    },
    outside::download::Downloads,
    store::Store,
    text::{
        report::written,
        words::{Words, words},
    },
};

#[derive(Args)]
pub(super) struct Command {
    /// What it is (laman, wordpress, blogger, ghost, disqus, commento, remark42, isso, markdown; found out where it is not said), and
    /// the files or the folder of one blog
    #[arg(required_unless_present = "check", value_name = "[FORMAT] FILES")]
    what: Vec<PathBuf>,
    /// Where the old blog was, with its https://, if what it exports does not say it (blogger, ghost, markdown)
    #[arg(long, value_name = "URL")]
    site: Option<String>,
    /// Take pictures and files from this folder or zip: a copy of the old blog's uploads
    #[arg(long, value_name = "DIR|ZIP")]
    media: Option<PathBuf>,
    /// Ask the old blog for pictures that are only there: its own hosts, and no address within a private network
    #[arg(long)]
    fetch: bool,
    /// With --fetch, ask this host too (HOST, HOST:PORT, or .HOST for all below it); can be repeated
    #[arg(long, value_name = "HOST", requires = "fetch")]
    from_host: Vec<String>,
    /// Write nothing: say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Write everything that came of it into this file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Bring nothing in: ask the blog that is served at this address for every old address, and list those where nothing is
    #[arg(long, value_name = "BASE", conflicts_with_all = ["what", "site", "media", "fetch", "dry_run", "report"])]
    check: Option<String>,
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let Command { what: mut sources, site, media, fetch, from_host, dry_run, report, check } = command;
    if let Some(base) = check {
        let (store, _) = open_blog(config).await?;
        let done = old_addresses::ask(&store, &base, config.mail.ca.as_deref()).await;
        store.close().await;
        return done;
    }
    let named =
        sources.first().and_then(|word| Format::ALL.into_iter().find(|format| word.as_os_str() == format.as_str()));
    let is_own = sources.first().is_some_and(|word| word == laman::FORMAT);
    if named.is_some() || is_own {
        sources.remove(0);
    }
    for path in sources.iter().chain(&media) {
        let kind = fs::metadata(path);
        let kind = kind.map_err(|error| Failure::Said(format!("cannot read {}: {error}", path.display())))?;
        if !kind.is_file() && !kind.is_dir() {
            return Err(Failure::Said(format!(
                "{} is neither a file nor a folder, and is read more than once: save it as a file first",
                path.display()
            )));
        }
    }
    if let [from] = sources.as_slice()
        && (is_own || (named.is_none() && laman::source::is_archive(from)))
    {
        return unpack::run(config, from).await;
    }
    let Some(format) = named.or_else(|| sniff::format(sources.first()?)).filter(|_| !sources.is_empty()) else {
        let is_utf16 = sources.first().is_some_and(|source| sniff::is_utf16(source));
        return Err(Failure::Said(match is_utf16 {
            true => "that is in UTF-16, which cannot be read: save it in UTF-8 first".to_owned(),
            false => {
                "it is not clear what that is; name the format and a file: laman import wordpress old.xml".to_owned()
            }
        }));
    };
    let no_site =
        |typed| Failure::Said(format!("--site {typed} is no address of a blog; write it as https://old.example"));
    let site = site.map(|typed| old_site(&typed).ok_or_else(|| no_site(typed))).transpose()?;
    let fetch = fetch.then(|| Downloads::from_hosts(&from_host));
    let max_file = u64::from(config.max_upload) * 1024 * 1024;
    let wanted = Wanted { format, sources, site, media, fetch, max_file, is_trial: dry_run };
    must_exist(config)?;
    if dry_run && Store::check(&config.database).await? {
        return Err(Failure::Said(
            "the blog is of an older version, and a trial changes nothing: start the server with this one first"
                .to_owned(),
        ));
    }
    let (store, settings) = open_blog(config).await?;
    let done = import(&store, &settings, &wanted, report.as_deref()).await;
    store.close().await;
    done
}

async fn import(store: &Store, settings: &Settings, wanted: &Wanted, to: Option<&Path>) -> Result<(), Failure> {
    let Some(owner) = store.users().await?.into_iter().find(|user| user.role == Role::Owner).map(|user| user.id) else {
        return Err(Failure::Said(
            "nobody owns this blog yet; run laman and open the set-up link, or see laman user add --help".to_owned(),
        ));
    };
    let bar = bar(exchange::counts(wanted.format, &wanted.sources), wanted.format);
    let progress = Arc::new(Progress::default());
    let shown = tokio::spawn(show(bar.clone(), Arc::clone(&progress), wanted.format));
    // A second one ends the program at once.
    let stopping = tokio::spawn({
        let (bar, progress) = (bar.clone(), Arc::clone(&progress));
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                bar.suspend(|| say_aside("stopping: what is being written is finished"));
                progress.stop();
                if tokio::signal::ctrl_c().await.is_ok() {
                    std::process::exit(130);
                }
            }
        }
    });
    let mut note = |Line { place, what, is_skipped, .. }: &Line| {
        let word = if *is_skipped { "skipped" } else { "warning" };
        bar.suspend(|| say_aside(&format!("{word}: {place}: {}", english().remark(what))));
    };
    let done = import::run(store, settings, owner, wanted, &progress, &mut note, clock().now()).await;
    shown.abort();
    stopping.abort();
    bar.finish_and_clear();
    let import::Done { report, read } = done?;
    if !wanted.is_trial {
        store.note_import(wanted.format.as_str(), clock().now()).await?;
    }
    if let Some(to) = to {
        write(&report, to)?;
    }
    read.map_err(|refused| {
        let why = match &refused {
            Refused::Bad { place, what } => format!("{place}: {}", english().remark(what)),
            Refused::Stopped => refused.to_string(),
        };
        Failure::Said(match (refused, report.has_brought()) {
            (Refused::Stopped, _) => "stopped; what came before is there: run it again to go on".to_owned(),
            (Refused::Bad { .. }, true) => format!("{why}; what came before is there, and nothing comes twice"),
            (Refused::Bad { .. }, false) => format!("{why}; nothing was brought in"),
        })
    })?;
    say(&summary(&report, wanted));
    Ok(())
}

fn write(report: &Report, to: &Path) -> Result<(), Failure> {
    let json = written(report, english()).and_then(|report| serde_json::to_vec_pretty(&report));
    let json = json.map_err(|error| Failure::Said(error.to_string()))?;
    fs::write(to, json).map_err(|error| Failure::Said(format!("cannot write {}: {error}", to.display())))
}

/// What the command line speaks.
fn english() -> &'static Words {
    words(Language::ENGLISH)
}

fn summary(report: &Report, wanted: &Wanted) -> String {
    let sources: Vec<String> = wanted.sources.iter().map(|path| path.display().to_string()).collect();
    let mut line = format!(
        "{} {} posts, {} pages and {} drafts with {} pictures from {}",
        if report.is_trial { "would import" } else { "imported" },
        report.posts,
        report.pages,
        report.drafts,
        report.pictures,
        sources.join(", "),
    );
    if report.scheduled > 0 {
        line += &format!("; of those, {} to appear later", report.scheduled);
    }
    if report.files > 0 {
        line += &format!("; {} other files", report.files);
    }
    if report.comments() + report.known_comments > 0 {
        line += &format!(
            "; {} comments ({} approved, {} held, {} spam, {} trash), {} known already",
            report.comments(),
            report.approved,
            report.held,
            report.spam,
            report.trash,
            report.known_comments
        );
    }
    if report.updated > 0 {
        line += &format!("; {} brought up to date", report.updated);
    }
    if report.updated_comments > 0 {
        line += &format!("; {} comments brought up to date", report.updated_comments);
    }
    if report.missing_pictures > 0 {
        line += &format!("; {} pictures not found: see --media and --fetch", report.missing_pictures);
    }
    line + &format!("; {} known already, {} skipped, {} warnings", report.known, report.skipped, report.warnings)
}

fn bar(bytes: u64, format: Format) -> ProgressBar {
    if format == Format::Markdown {
        let bar = super::bar("{spinner} {pos} entries");
        bar.unset_length();
        return bar;
    }
    let bar = super::bar("{bar:32} {percent} %, {eta} left");
    bar.set_length(bytes);
    bar
}

/// Moves the bar until it is stopped.
async fn show(bar: ProgressBar, progress: Arc<Progress>, format: Format) {
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let counted = if format == Format::Markdown { &progress.entries } else { &progress.read };
        bar.set_position(counted.load(Ordering::Relaxed));
    }
}
