//! `laman check`: what is wrong inside the blog, why that matters, and what to do about it.

use percent_encoding::percent_decode_str;

use super::{
    Failure, clock,
    export::{moving, progress},
    open_blog, say,
};
use crate::{
    config::Config,
    model::{ids::PostId, time::Time},
    store::{Finding, Store},
    text::{gate, markdown},
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Mend what is made of something else that is there: the search index, counts, threads, smaller widths of pictures
    #[arg(long)]
    mend: bool,
}

const DAMAGE: &str = "the file is damaged. Stop laman, keep a copy of it, and restore the last backup (laman restore)";
const REFERENCES: &str = "rows refer to what is not there: something other than laman wrote to the file. Restore a backup \
                          from before that, or tell its makers";
const SEARCH: &str = "readers do not find it by search. Run laman check --mend";
const COUNTS: &str = "the kept and the right number differ. Run laman check --mend";
const THREADS: &str = "it answers itself, or a comment on another post, and no page shows it. Run laman check --mend, which puts it \
                       at the top of its thread";
const PARTS: &str = "the file cannot be sent whole. Upload it again in its place (Media, Replace), or restore a backup";
const ALTERED: &str = "its bytes are not those that were uploaded. Upload the same file once more, which mends it, or restore a \
                       backup from before";
const WIDTHS: &str = "a smaller width of it cannot be sent. Run laman check --mend; a server makes it anew";
const MISSING: &str = "it shows a file that is not there. Upload it again, or take it out of the text";
const ADDRESSES: &str = "the old address leads to a post that is a draft again. Publish it, or redirect the address";
const REDIRECTS: &str = "it leads where nothing is. Remove it under Settings, Redirects, or lead it elsewhere";
const LINKS: &str = "it leads where nothing is. Edit the post, or make a redirect";

pub(super) async fn run(config: &Config, args: Args) -> Result<(), Failure> {
    let (store, _) = open_blog(config).await?;
    let base = config.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()).unwrap_or_default();
    let found = async {
        if args.mend {
            mend(&store).await?;
        }
        look(&store, &base, clock().now()).await
    };
    let found = found.await;
    store.close().await;
    match found? {
        0 => {
            say("nothing is wrong");
            Ok(())
        }
        1 => Err(Failure::Said("one thing is wrong".to_owned())),
        many => Err(Failure::Said(format!("{many} things are wrong"))),
    }
}

/// Says what is wrong, a line each and what to do after each kind; gives how many there are.
async fn look(store: &Store, base: &str, now: Time) -> Result<usize, Failure> {
    let mut all = 0;
    let mut tell = |lines: Vec<String>, advice: &str| {
        all += lines.len();
        lines.iter().for_each(|line| say(line));
        if !lines.is_empty() {
            say(&format!("  -> {advice}"));
        }
    };
    let lines = |kind: &str, found: Vec<Finding>| -> Vec<String> {
        found.into_iter().map(|one| format!("{kind}: {} ({})", one.what, one.detail)).collect()
    };
    tell(store.damage().await?.into_iter().map(|said| format!("damage: {said}")).collect(), DAMAGE);
    let broken = store.broken_references().await?;
    tell(broken.into_iter().map(|(table, rows)| format!("references: {rows} rows of {table}")).collect(), REFERENCES);
    let unsearchable = store.unsearchable().await?;
    tell(unsearchable.into_iter().map(|one| format!("search: {} (post {})", one.what, one.id)).collect(), SEARCH);
    let mut counts = lines("comments", store.miscounted().await?);
    let months = store.miscounted_months().await?;
    if months > 0 {
        counts.push(format!("archive: {months} months"));
    }
    tell(counts, COUNTS);
    tell(lines("thread", store.unthreaded().await?), THREADS);
    let incomplete = store.incomplete_files().await?;
    let bar = progress("files");
    let mut altered = store.altered_files(moving(&bar)).await?;
    bar.finish_and_clear();
    altered.retain(|file| !incomplete.contains(file));
    tell(lines("file", incomplete), PARTS);
    tell(lines("altered file", altered), ALTERED);
    tell(lines("picture", store.incomplete_variants().await?), WIDTHS);
    tell(lines("missing file", store.missing_files().await?), MISSING);
    let addresses = store.vain_addresses().await?;
    tell(addresses.into_iter().map(|one| format!("address: /{} ({})", one.what, one.detail)).collect(), ADDRESSES);
    let mut vain = Vec::new();
    for redirect in store.local_redirects().await? {
        if !store.leads_somewhere(&redirect.detail, now).await? {
            vain.push(format!("redirect: /{} -> /{}", redirect.what, redirect.detail));
        }
    }
    tell(vain, REDIRECTS);
    tell(broken_links(store, base, now).await?, LINKS);
    Ok(all)
}

async fn broken_links(store: &Store, base: &str, now: Time) -> Result<Vec<String>, Failure> {
    // What an address begins with may be unknown here: then only links without it are.
    let base = if base.is_empty() { "http://localhost" } else { base };
    let (mut broken, mut after) = (Vec::new(), PostId(0));
    loop {
        let texts = store.seen_texts(after, now).await?;
        let Some(last) = texts.last() else { return Ok(broken) };
        after = last.id;
        for text in texts {
            for link in gate::local_links(&text.html, base, &text.path) {
                let path = percent_decode_str(&link.path).decode_utf8_lossy().into_owned();
                if !store.leads_somewhere(&path, now).await? {
                    broken.push(format!("link: {} in /{} ({})", link.written, text.path, text.title));
                }
            }
        }
    }
}

/// Makes anew what can be made out of the rest.
async fn mend(store: &Store) -> Result<(), Failure> {
    store.rebuild_search().await?;
    for post in store.unsearchable().await? {
        let id = PostId(post.id);
        let html = store.html_of(id).await?.unwrap_or_default();
        store.make_searchable(id, &markdown::words_of(&html)).await?;
    }
    store.recount().await?;
    store.mend_rings().await?;
    for picture in store.incomplete_variants().await? {
        store.remake_variant(picture.id, &picture.detail).await?;
    }
    say("made anew: search index, counts, threads, and what was missing of smaller widths of pictures");
    Ok(())
}
