//! `laman restore`: a backup in the place of the blog, proved before; what was there is kept.

use std::path::PathBuf;

use super::{Failure, backup::Bar, clock, say, serve, stopped};
use crate::{config::Config, store::restore};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The backup, packed (.zst) or not
    file: PathBuf,
}

pub(super) async fn run(config: &Config, args: Args) -> Result<(), Failure> {
    let _lock = serve::lock(&config.database)?;
    let bar = Bar::new();
    let telling = bar.clone();
    let restoring = restore(&args.file, &config.database, clock().now(), move |step| telling.tell(step));
    let restored = tokio::select! {
        restored = restoring => restored?,
        () = stopped() => return Err(Failure::Said("stopped; the blog is as it was".to_owned())),
    };
    bar.end();
    say(&format!("restored {} from {}: {} rows", config.database.display(), args.file.display(), restored.rows));
    if let Some(before) = restored.before {
        say(&format!("what was there is now {}; remove it when all is well", before.display()));
    }
    Ok(())
}
