//! `laman check`: what is wrong inside the blog, why that matters, and what to do about it.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;

use super::{
    Failure, clock,
    export::{moving, progress},
    must_exist, open_or_begin, say,
};
use crate::{
    config::Config,
    jobs::pictures,
    model::{ids::PostId, media, time::Time},
    rules::look::Look,
    store::{Finding, Store},
    text::{gate, markdown},
    web,
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Mend what is made of something else that is there: the search index, counts, threads, what readers see of a text, smaller
    /// widths of pictures
    #[arg(long)]
    mend: bool,
}

const DAMAGE: &str = "the file is damaged. Stop laman, keep a copy of it, and restore the last backup (laman restore)";
const REFERENCES: &str = "rows refer to what is not there: something other than laman wrote to the file. Restore a backup \
                          from before that, or tell its makers";
const SEARCH: &str = "readers do not find it by search. Run laman check --mend";
const INDEX: &str = "it is the search index, which is made of the texts: those are not touched. Run laman check --mend";
const ZONE: &str = "the blog goes by UTC meanwhile. Install the time zones of this machine (the package tzdata), or choose another under \
                    Settings";
const TABLE: &str =
    "nothing else can be looked at. Stop laman, keep a copy of the file, and restore the last backup (laman restore)";
const SCHEMA: &str = "something other than laman changed the schema. Restore the last backup; or laman export, and laman import laman into \
                      a new database";
const SETTINGS: &str = "the blog counts as not set up. Restore the last backup (laman restore)";
const OWNER: &str =
    "nobody can change settings or people. Add one: laman user add --role owner, see laman user add --help";
const ROWS: &str = "laman never leaves it so: something other than laman wrote to the file. Restore the last backup, or save the post \
                    or comment anew at the desk where that is possible";
const NAVIGATION: &str = "it leads where nothing is. Change it under Settings, Appearance";
const RING: &str = "readers are led round and round. Remove one of them under Settings, Redirects";
const UNDRAWN: &str = "readers see nothing of it. Run laman check --mend, which draws it anew";
const UNNOTED: &str = "a file in it counts as unused, and could be deleted. Run laman check --mend";
const UNREADABLE: &str = "it cannot be opened at the desk any more; what readers see is not touched. Restore a backup from before, \
                          or go on from what is published";
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
    must_exist(config)?;
    let store = open_or_begin(config).await?;
    // What an address begins with may be unknown here: then only links without it are.
    let base = config.public_url.as_ref().map_or("http://localhost", |url| url.as_str().trim_end_matches('/'));
    let found = async {
        if args.mend {
            mend(&store).await?;
        }
        look(&store, base, clock().now()).await
    };
    let found = found.await;
    store.close().await;
    let found = match found {
        Err(Failure::Blog(error)) if error.to_string().contains("malformed") => {
            say(&format!("damage: {error}"));
            say(&format!("  -> {DAMAGE}"));
            return Err(Failure::Said("the file is damaged, and cannot be looked at any further".to_owned()));
        }
        found => found?,
    };
    match found {
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
    let (tables, others) = store.schema_faults().await?;
    if !tables.is_empty() {
        tell(tables.into_iter().map(|said| format!("schema: {said}")).collect(), TABLE);
        return Ok(all);
    }
    tell(others.into_iter().map(|said| format!("schema: {said}")).collect(), SCHEMA);
    let (index, damage): (Vec<_>, Vec<_>) = store.damage().await?.into_iter().partition(|said| is_of_index(said));
    tell(damage.into_iter().map(|said| format!("damage: {said}")).collect(), DAMAGE);
    tell(index.into_iter().map(|said| format!("search index: {said}")).collect(), INDEX);
    let (people, owners) = store.people_and_owners().await?;
    match store.settings().await? {
        None if people > 0 => tell(vec!["settings: they are gone".to_owned()], SETTINGS),
        Some(settings) if TimeZone::get(&settings.zone_name).is_err() => {
            tell(vec![format!("settings: this machine knows no time zone {:?}", settings.zone_name)], ZONE);
        }
        _ => {}
    }
    if people > 0 && owners == 0 {
        tell(vec!["people: there is no owner who can sign in".to_owned()], OWNER);
    }
    tell(lines("row", store.impossible_rows().await?), ROWS);
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
    tell(rings(&store.local_redirects().await?), RING);
    let undrawn = undrawn(store).await?;
    tell(undrawn.into_iter().map(|one| format!("text: {} (post {})", one.what, one.id)).collect(), UNDRAWN);
    tell(lines("use", unnoted(store).await?), UNNOTED);
    tell(lines("typed", store.unreadable().await?), UNREADABLE);
    tell(broken_links(store, base, now).await?, LINKS);
    tell(broken_navigation(store, base, now).await?, NAVIGATION);
    Ok(all)
}

/// Whether what the database says is about the search index alone.
fn is_of_index(said: &str) -> bool {
    said.to_lowercase().contains("fts5")
}

/// Redirects that lead to themselves, over however many others.
fn rings(redirects: &[Finding]) -> Vec<String> {
    let leads: HashMap<&str, &str> = redirects.iter().map(|one| (one.what.as_str(), one.detail.as_str())).collect();
    let is_ring = |from: &str| {
        let (mut seen, mut at) = (HashSet::new(), from);
        while let Some(next) = leads.get(at).copied().filter(|_| seen.insert(at)) {
            at = next;
        }
        at == from && !seen.is_empty()
    };
    redirects
        .iter()
        .filter(|one| is_ring(&one.what))
        .map(|one| format!("ring: /{} -> /{}", one.what, one.detail))
        .collect()
}

/// Texts of which readers see nothing, though there is something in them.
async fn undrawn(store: &Store) -> Result<Vec<Finding>, Failure> {
    let mut found = store.undrawn().await?;
    found
        .retain(|one| markdown::post(&one.detail, &HashMap::new(), "a").is_ok_and(|made| !made.html.trim().is_empty()));
    Ok(found)
}

/// Texts that show files of which that is not noted.
async fn unnoted(store: &Store) -> Result<Vec<Finding>, Failure> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let texts = store.all_texts(after).await?;
        let Some(last) = texts.last() else { return Ok(found) };
        after = last.id;
        for text in texts {
            for hash in markdown::media_of(&text.detail) {
                if !store.is_use_noted(&hash, text.id).await? {
                    found.push(Finding { detail: hash, ..text.clone() });
                }
            }
        }
    }
}

async fn broken_links(store: &Store, base: &str, now: Time) -> Result<Vec<String>, Failure> {
    let (mut broken, mut after) = (Vec::new(), PostId(0));
    loop {
        let texts = store.seen_texts(after, now).await?;
        let Some(last) = texts.last() else { return Ok(broken) };
        after = last.id;
        for text in texts {
            for link in gate::local_links(&text.html, base, &text.path) {
                // What is missing of files is told by itself.
                let is_told = match media::hash_in(&link.path) {
                    Some(hash) => web::is_missing(store, hash).await?,
                    None => false,
                };
                if !is_told && !web::is_there(store, &link, now).await? {
                    broken.push(format!("link: {} in /{} ({})", link.written, text.path, text.title));
                }
            }
        }
    }
}

/// Links beside every page, and below it.
async fn broken_navigation(store: &Store, base: &str, now: Time) -> Result<Vec<String>, Failure> {
    let look = Look::of(store.appearance().await?, None);
    let links: String =
        look.links.iter().map(|link| format!("<a href=\"{}\"></a>", link.address.replace('"', "%22"))).collect();
    let mut broken = Vec::new();
    for (place, html) in [("navigation", &links), ("foot", &look.appearance.footer_html)] {
        for link in gate::local_links(html, base, "") {
            if !web::is_there(store, &link, now).await? {
                broken.push(format!("{place}: {}", link.written));
            }
        }
    }
    Ok(broken)
}

/// Makes anew what can be made out of the rest.
async fn mend(store: &Store) -> Result<(), Failure> {
    store.rebuild_search().await.map_err(|error| {
        Failure::Said(format!(
            "the search index cannot be made anew ({error}), and nothing was mended: its tables are gone or damaged. Restore \
             the last backup (laman restore); or laman export, and laman import laman into a new database, which makes \
             another index"
        ))
    })?;
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
    for text in undrawn(store).await?.into_iter().chain(unnoted(store).await?) {
        store.draw_anew(text.id).await?;
    }
    pictures::redraw_all(store).await?;
    say(
        "made anew: search index, counts, threads, texts that were to be drawn, and what was missing of smaller widths of pictures",
    );
    Ok(())
}
