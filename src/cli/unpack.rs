//! `laman import laman`: an archive of a blog of our own into a new one.

use std::path::Path;

use super::{
    Failure,
    export::{moving, progress},
    open_or_begin_blog, say,
};
use crate::{archive::back, config::Config, exchange::laman::source::Source};

pub(super) async fn run(config: &Config, from: &Path) -> Result<(), Failure> {
    // Before a blog is begun: what is no archive leaves no trace.
    let mut source = Source::open(from).map_err(|error| Failure::Said(error.to_string()))?;
    let (store, _) = open_or_begin_blog(config).await?;
    let bar = progress("rows");
    let (taking, tell, runtime) = (store.clone(), moving(&bar), tokio::runtime::Handle::current());
    // It reads and renders between its steps: on a thread that may.
    let taken = tokio::task::spawn_blocking(move || runtime.block_on(back::unpack(&taking, &mut source, tell)))
        .await
        .map_err(crate::error::Error::from)?;
    store.close().await;
    bar.finish_and_clear();
    let (tally, altered) = taken.map_err(|error| Failure::Said(error.to_string()))?;
    let of = |name: &str| tally.get(name).copied().unwrap_or_default();
    say(&format!(
        "imported {} posts and pages, {} comments, {} pictures and files, and {} people from {}",
        of("posts"),
        of("comments.jsonl"),
        of("media.jsonl"),
        of("people.jsonl"),
        from.display()
    ));
    for name in altered {
        say(&format!("left out: {name}: its bytes are not those that were uploaded. Upload it again, if you have it"));
    }
    say("passwords do not travel: give one to each who signs in with laman user, or let the owner send them a link");
    Ok(())
}
