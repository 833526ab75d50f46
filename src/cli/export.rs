//! `laman export`: the whole blog into a folder or a file, made beside its place and put there when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use rustix::{
    io::Errno,
    process::{Pid, test_kill_process},
};
use tokio::sync::mpsc;

use super::{Failure, bar, clock, must_be_file, open_blog, say, serve::Stop, still};
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
    /// Where to: a folder that is empty or not there yet, or a file that ends in .zip; for WordPress any file
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
    let to = &command.to;
    must_be_file(to)?;
    may_stand(&command)?;
    let (store, _) = open_blog(config).await?;
    remove_left(to);
    let unfinished = beside(to, "unfinished")?;
    // Before anything is made: from here on nobody ends this without its being put away.
    let mut stop = Stop::new().map_err(|error| Failure::Said(format!("cannot listen for signals: {error}")))?;
    let done = write(&store, config, &command, &unfinished, &mut stop).await;
    store.close().await;
    let placed = done.and_then(|()| place(&unfinished, to));
    if placed.is_err() {
        let _ = remove(&unfinished);
    } else {
        say(&format!("exported to {}", to.display()));
    }
    placed
}

/// Refuses what cannot be made there, and to write over anything that is not an empty folder or an earlier export.
fn may_stand(Command { to, format, .. }: &Command) -> Result<(), Failure> {
    let is_folder = *format == Format::Static || !(is_zip(to) || *format == Format::Wordpress);
    if *format == Format::Static && is_zip(to) {
        return Err(Failure::Said("plain files go into a folder; name one that does not end in .zip".to_owned()));
    }
    let is_empty = || !to.is_symlink() && fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_none());
    if to.symlink_metadata().is_err() || is_folder && is_empty() {
        return Ok(());
    }
    if *format == Format::Static {
        return still::may_replace(to);
    }
    Err(Failure::Said(format!("{} is there already; nothing is written over it", to.display())))
}

/// What is being done, unless somebody stops it.
async fn unless_stopped(stop: &mut Stop, doing: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::select! {
        done = doing => done,
        () = stop.asked() => Err(Failure::Said("stopped; nothing was exported".to_owned())),
    }
}

async fn write(
    store: &Store,
    config: &Config,
    command: &Command,
    unfinished: &Path,
    stop: &mut Stop,
) -> Result<(), Failure> {
    let Command { to, format, revisions } = command;
    match (format.packed(*revisions), &config.public_url) {
        (None, Some(base)) => {
            // Nobody reads it before it is whole.
            let made = fs::DirBuilder::new().mode(0o700).create(unfinished);
            let _held = made.and_then(|()| hold(unfinished)).map_err(|error| said(unfinished, &error))?;
            unless_stopped(stop, still::write(store, base, unfinished)).await?;
            open_to_all(unfinished).map_err(|error| said(unfinished, &error))
        }
        (Some(packed), base) if base.is_some() || packed != archive::Format::WordPress => {
            let base = base.as_ref().map(|base| base.as_str().trim_end_matches('/')).unwrap_or_default();
            let sink = begin(to, unfinished, packed)?;
            let _held = hold(unfinished).map_err(|error| said(unfinished, &error))?;
            pack(store, base, sink, unfinished, packed, stop).await
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
    stop: &mut Stop,
) -> Result<(), Failure> {
    let bar = progress("rows");
    let (sender, receiver) = mpsc::channel(WAITING);
    let writing =
        tokio::task::spawn_blocking(move || out::write(sink, receiver)?.map_or(Ok(()), |file| file.sync_all()));
    let packing = archive::pack(store, base, format, clock().now(), &sender, moving(&bar));
    let packed = unless_stopped(stop, async { packing.await.map_err(|error| Failure::Said(error.to_string())) }).await;
    // Whoever writes is waited for: else a file would still be made where everything is removed.
    drop(sender);
    bar.finish_and_clear();
    // Why it could not be written says more than that nobody took it.
    match writing.await.map_err(Error::from)? {
        Err(error) if packed.is_ok() || error.raw_os_error().is_some() => Err(said(path, &error)),
        _ => packed,
    }
}

/// Puts what is whole into its place; an export that stood there goes.
fn place(unfinished: &Path, to: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| said(to, &error);
    if !to.is_dir() {
        return fs::rename(unfinished, to).map_err(failed);
    }
    let before = beside(to, "before")?;
    fs::rename(to, &before).map_err(failed)?;
    if let Err(error) = fs::rename(unfinished, to) {
        let _ = fs::rename(&before, to);
        return Err(failed(error));
    }
    remove(&before).map_err(failed)
}

fn said(path: &Path, error: &io::Error) -> Failure {
    Failure::Said(format!("{}: {error}", path.display()))
}

/// Lets those into the folder who may read what is in it.
fn open_to_all(folder: &Path) -> io::Result<()> {
    let mode = fs::metadata(folder.join("robots.txt"))?.permissions().mode() & 0o777;
    fs::set_permissions(folder, fs::Permissions::from_mode(mode | 0o700 | (mode & 0o444) >> 2))
}

/// Holds what is being written, as long as that is open: whoever finds it knows that somebody is at it.
fn hold(unfinished: &Path) -> io::Result<File> {
    let held = File::open(unfinished)?;
    held.try_lock()?;
    Ok(held)
}

/// Removes what exports to the same place have left that were ended before they could.
fn remove_left(to: &Path) {
    let Some(name) = to.file_name().and_then(|name| name.to_str()) else { return };
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = entry.file_name();
        let number =
            left.to_str().and_then(|left| left.strip_prefix(name)?.strip_prefix('.')?.strip_suffix(".unfinished"));
        let process = number.and_then(|number| Pid::from_raw(number.parse().ok()?));
        // In a container the numbers of processes come again, and others are not seen.
        let is_gone = |pid| {
            Some(pid) == Pid::from_raw(std::process::id().cast_signed()) || test_kill_process(pid) == Err(Errno::SRCH)
        };
        if process.is_some_and(is_gone) && hold(&entry.path()).is_ok() {
            let _ = remove(&entry.path());
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// A name of its own beside its place.
fn beside(to: &Path, what: &str) -> Result<PathBuf, Failure> {
    let name = to.file_name().ok_or_else(|| Failure::Said(format!("{} names no file or folder", to.display())))?;
    let mut name = name.to_owned();
    name.push(format!(".{}.{what}", std::process::id()));
    Ok(to.with_file_name(name))
}

fn is_zip(to: &Path) -> bool {
    to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

fn begin(to: &Path, unfinished: &Path, format: archive::Format) -> Result<Sink<File>, Failure> {
    let open = || OpenOptions::new().write(true).create_new(true).mode(0o600).open(unfinished);
    let sink = match format {
        archive::Format::WordPress => open().map(Sink::Plain),
        _ if is_zip(to) => open().map(Sink::zip),
        _ => Sink::folder(unfinished),
    };
    sink.map_err(|error| said(unfinished, &error))
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
