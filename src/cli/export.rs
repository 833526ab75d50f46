//! `laman export`: the whole blog into a folder or a file, made beside its place and put there when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use tokio::sync::mpsc;

use super::{Failure, bar, clock, must_be_file, open_blog, say, still, stopped};
use crate::{
    archive::{
        self,
        out::{self, WAITING},
    },
    config::Config,
    error::Error,
    exchange::laman::sink::Sink,
    store::Store,
};

#[derive(Args)]
pub(super) struct Command {
    /// Where to: a folder that is not there yet, or a file that ends in .zip; for WordPress any file
    to: PathBuf,
    /// As what
    #[arg(long, value_enum, default_value_t = Format::Archive)]
    format: Format,
    /// Take along what posts were once, too (in an archive)
    #[arg(long)]
    revisions: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// All of it, to be brought back by laman import laman
    Archive,
    /// Posts and comments as tables
    Csv,
    /// For WordPress's importer, in one file; --public-url says where it finds the pictures
    Wordpress,
    /// Plain files that any web server serves; --public-url says where
    Static,
}

impl Format {
    /// What the archive calls it; plain files are none.
    fn packed(self, has_revisions: bool) -> Option<archive::Format> {
        match self {
            Self::Archive => Some(archive::Format::Archive { has_revisions }),
            Self::Csv => Some(archive::Format::Tables),
            Self::Wordpress => Some(archive::Format::WordPress),
            Self::Static => None,
        }
    }
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let (to, format) = (&command.to, command.format);
    must_be_file(to)?;
    let is_there = to.symlink_metadata().is_ok();
    if is_there && !(format == Format::Static && still::may_replace(to)) {
        return Err(Failure::Said(format!("{} is there already; nothing is written over it", to.display())));
    }
    let (store, _) = open_blog(config).await?;
    let unfinished = beside(to, "unfinished")?;
    let done = tokio::select! {
        done = write(&store, config, &command, &unfinished) => done,
        () = stopped() => Err(Failure::Said("stopped; nothing was exported".to_owned())),
    };
    store.close().await;
    let placed = done.and_then(|()| place(&unfinished, to));
    if placed.is_err() {
        let _ = remove(&unfinished);
    } else {
        say(&format!("exported to {}", to.display()));
    }
    placed
}

async fn write(store: &Store, config: &Config, command: &Command, unfinished: &Path) -> Result<(), Failure> {
    let Command { to, format, revisions } = command;
    match (format.packed(*revisions), &config.public_url) {
        (None, Some(base)) => still::write(store, base, unfinished).await,
        (Some(packed), base) if base.is_some() || packed != archive::Format::WordPress => {
            let base = base.as_ref().map(|base| base.as_str().trim_end_matches('/')).unwrap_or_default();
            pack(store, base, begin(to, unfinished, packed)?, unfinished, packed).await
        }
        _ => Err(Failure::Said(
            "say where the blog is, or will be, since it names itself: --public-url https://blog.example".to_owned(),
        )),
    }
}

/// All that goes through a sink.
async fn pack(
    store: &Store,
    base: &str,
    sink: Sink<File>,
    path: &Path,
    format: archive::Format,
) -> Result<(), Failure> {
    let bar = progress("rows");
    let (sender, receiver) = mpsc::channel(WAITING);
    let writing =
        tokio::task::spawn_blocking(move || out::write(sink, receiver)?.map_or(Ok(()), |file| file.sync_all()));
    let packed = archive::pack(store, base, format, clock().now(), &sender, moving(&bar)).await;
    drop(sender);
    bar.finish_and_clear();
    // Why it could not be written says more than that nobody took it.
    match writing.await.map_err(Error::from)? {
        Err(error) if packed.is_ok() || error.raw_os_error().is_some() => {
            Err(Failure::Said(format!("{}: {error}", path.display())))
        }
        _ => packed.map_err(|error| Failure::Said(error.to_string())),
    }
}

/// Puts what is whole into its place; an export that stood there goes.
fn place(unfinished: &Path, to: &Path) -> Result<(), Failure> {
    let said = |error: std::io::Error| Failure::Said(format!("{}: {error}", to.display()));
    if !to.is_dir() {
        return fs::rename(unfinished, to).map_err(said);
    }
    let before = beside(to, "before")?;
    fs::rename(to, &before).map_err(said)?;
    if let Err(error) = fs::rename(unfinished, to) {
        let _ = fs::rename(&before, to);
        return Err(said(error));
    }
    remove(&before).map_err(said)
}

fn remove(path: &Path) -> std::io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// A name of its own beside its place.
fn beside(to: &Path, what: &str) -> Result<PathBuf, Failure> {
    let name = to.file_name().ok_or_else(|| Failure::Said(format!("{} names no file or folder", to.display())))?;
    let mut name = name.to_owned();
    name.push(format!(".{}.{what}", std::process::id()));
    Ok(to.with_file_name(name))
}

fn begin(to: &Path, unfinished: &Path, format: archive::Format) -> Result<Sink<File>, Failure> {
    let open = || OpenOptions::new().write(true).create_new(true).mode(0o600).open(unfinished);
    let is_zip = to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let sink = match format {
        archive::Format::WordPress => open().map(Sink::Plain),
        _ if is_zip => open().map(Sink::zip),
        _ => Sink::folder(unfinished),
    };
    sink.map_err(|error| Failure::Said(format!("{}: {error}", unfinished.display())))
}

/// How many of all are done.
pub(super) fn progress(what: &str) -> ProgressBar {
    bar(&format!("{{bar:32}} {{pos}}/{{len}} {what}, {{eta}} left"))
}

/// Moves such a bar, told how many are done, and of how many.
pub(super) fn moving(bar: &ProgressBar) -> impl Fn(u64, u64) + use<> {
    let bar = bar.clone();
    move |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    }
}
