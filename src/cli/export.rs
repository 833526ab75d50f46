//! `laman export`: the whole blog into a folder or a file, made beside its place and put there when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io::IsTerminal,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::mpsc;

use super::{Failure, clock, open_blog, say, still};
use crate::{
    archive::{
        out::{self, WAITING, Wish},
        sheets,
    },
    config::Config,
    error::Error,
    exchange::laman::sink::Sink,
    store::Store,
};

#[derive(Args)]
pub(super) struct Command {
    /// Where to: a folder that is not there yet, or a file that ends in .zip
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
    /// Plain files that any web server serves; --public-url says where
    Static,
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let Command { to, format, revisions } = command;
    let is_there = to.symlink_metadata().is_ok();
    if is_there && !(format == Format::Static && still::may_replace(&to)) {
        return Err(Failure::Said(format!("{} is there already; nothing is written over it", to.display())));
    }
    let (store, _) = open_blog(config).await?;
    let unfinished = beside(&to, "unfinished")?;
    let done = match (format, &config.public_url) {
        (Format::Static, Some(base)) => still::write(&store, base, &unfinished).await,
        (Format::Static, None) => Err(Failure::Said(
            "say where the files will be served, since feeds name it: --public-url https://blog.example".to_owned(),
        )),
        _ => match begin(&to, &unfinished) {
            Ok(sink) => pack(&store, sink, &unfinished, format, revisions).await,
            Err(failure) => Err(failure),
        },
    };
    store.close().await;
    let placed = done.and_then(|()| place(&unfinished, &to));
    if placed.is_err() {
        let _ = remove(&unfinished);
    } else {
        say(&format!("exported to {}", to.display()));
    }
    placed
}

/// The blog as an archive, or as tables.
async fn pack(store: &Store, sink: Sink<File>, path: &Path, format: Format, revisions: bool) -> Result<(), Failure> {
    let bar = progress("rows");
    let (sender, receiver) = mpsc::channel(WAITING);
    let writing =
        tokio::task::spawn_blocking(move || out::write(sink, receiver)?.map_or(Ok(()), |file| file.sync_all()));
    let tell = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let packed = match format {
        Format::Csv => sheets::pack(store, &sender, tell).await,
        _ => out::pack(store, Wish { has_revisions: revisions, now: clock().now() }, &sender, tell).await,
    };
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
    fs::rename(to, &before).and_then(|()| fs::rename(unfinished, to)).map_err(said)?;
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

fn begin(to: &Path, unfinished: &Path) -> Result<Sink<File>, Failure> {
    let is_zip = to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let sink = if is_zip {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(unfinished).map(Sink::zip)
    } else {
        Sink::folder(unfinished)
    };
    sink.map_err(|error| Failure::Said(format!("{}: {error}", unfinished.display())))
}

/// A bar on a terminal, nothing elsewhere.
pub(super) fn progress(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:32}} {{pos}}/{{len}} {what}, {{eta}} left")) {
        bar.set_style(style);
    }
    bar
}
