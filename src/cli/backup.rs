//! `laman backup`: the blog in one file, copied while it is served, and proved.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::{Failure, bar, clock, must_be_file, must_exist, say, say_aside, stopped};
use crate::{
    config::Config,
    store::{BackedUp, Over, Step, back_up, note_backup_by_command},
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Where to; a name that ends in .zst is packed. A file that is there is not written over
    file: PathBuf,
}

/// Packed in ways that are not ours: a name must not say what is not so.
const FOREIGN: [&str; 10] = ["gz", "tgz", "xz", "bz2", "zip", "7z", "tar", "lz4", "br", "rar"];

pub(super) async fn run(config: &Config, args: Args) -> Result<(), Failure> {
    must_exist(config)?;
    must_be_file(&args.file)?;
    let ending = args.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    if FOREIGN.contains(&ending.as_str()) {
        let file = args.file.with_extension("zst");
        return Err(Failure::Said(format!("a backup is not packed as .{ending}; name it {}", file.display())));
    }
    let bar = Bar::new();
    let telling = bar.clone();
    let backing_up = back_up(&config.database, &args.file, Over::Keep, move |step| telling.tell(step));
    let made = tokio::select! {
        made = backing_up => made?,
        () = stopped() => return Err(Failure::Said("stopped; no backup was made".to_owned())),
    };
    bar.end();
    note(config, &args.file, &made).await;
    let (file, size) = (args.file.display(), indicatif::HumanBytes(made.bytes));
    say(&format!(
        "backed up to {file}: {size}, proved sound, {} rows of {} tables as in the blog",
        made.rows, made.tables
    ));
    Ok(())
}

/// Has the blog know of it: the desk and `laman doctor` tell how old the last backup is. It is as good where that fails.
async fn note(config: &Config, file: &Path, made: &BackedUp) {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    if let Err(error) = note_backup_by_command(&config.database, &file, made, clock().now()).await {
        say_aside(&format!("the blog does not know of it, and will say that there is none: {error}"));
    }
}

/// How far it is, for whoever looks on.
#[derive(Clone)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new() -> Self {
        Self(bar("{msg:8} {bar:32} {bytes}/{total_bytes}, {eta} left"))
    }

    pub(super) fn tell(&self, step: Step) {
        let (message, done, of) = match step {
            Step::Copying(done, of) => ("copying", done, of),
            Step::Proving => ("proving", self.0.length().unwrap_or_default(), self.0.length().unwrap_or_default()),
            Step::Packing(done, of) => ("packing", done, of),
        };
        self.0.set_message(message);
        self.0.set_length(of);
        self.0.set_position(done);
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
