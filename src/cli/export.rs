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

use super::{Failure, clock, open_blog, say};
use crate::{
    archive::{
        out::{self, WAITING, Wish},
        sheets,
    },
    config::Config,
    exchange::laman::sink::Sink,
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
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let Command { to, format, revisions } = command;
    if to.symlink_metadata().is_ok() {
        return Err(Failure::Said(format!("{} is there already; nothing is written over it", to.display())));
    }
    let (store, _) = open_blog(config).await?;
    let unfinished = unfinished(&to)?;
    let bar = progress("rows");
    let wish = Wish { has_revisions: revisions, now: clock().now() };
    let done = async {
        let sink = begin(&to, &unfinished)?;
        let (sender, receiver) = mpsc::channel(WAITING);
        let writing =
            tokio::task::spawn_blocking(move || out::write(sink, receiver)?.map_or(Ok(()), |file| file.sync_all()));
        let tell = |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        };
        let packed = match format {
            Format::Archive => out::pack(&store, wish, &sender, tell).await,
            Format::Csv => sheets::pack(&store, &sender, tell).await,
        };
        drop(sender);
        // Why it could not be written says more than that nobody took it.
        match writing.await.map_err(crate::error::Error::from)? {
            Err(error) if packed.is_ok() || error.raw_os_error().is_some() => {
                Err(Failure::Said(format!("{}: {error}", unfinished.display())))
            }
            _ => packed.map_err(|error| Failure::Said(error.to_string())),
        }
    }
    .await;
    store.close().await;
    bar.finish_and_clear();
    let placed = done.and_then(|()| {
        fs::rename(&unfinished, &to).map_err(|error| Failure::Said(format!("{}: {error}", to.display())))
    });
    if placed.is_err() {
        let _ = if unfinished.is_dir() { fs::remove_dir_all(&unfinished) } else { fs::remove_file(&unfinished) };
    } else {
        say(&format!("exported to {}", to.display()));
    }
    placed
}

/// Where it is made: beside its place, under a name of its own.
fn unfinished(to: &Path) -> Result<PathBuf, Failure> {
    let name = to.file_name().ok_or_else(|| Failure::Said(format!("{} names no file or folder", to.display())))?;
    let mut name = name.to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
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
