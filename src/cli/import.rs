//! `laman import`: posts from elsewhere, one transaction each, so that it can be stopped and run again.

use std::{
    collections::HashMap,
    io::IsTerminal,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Failure, clock, open_blog, say, say_aside};
use crate::{
    config::Config,
    exchange::markdown as folder,
    model::{
        entry::Entry,
        ids::UserId,
        media::{self, Shown},
        post::{Intent, Meta, PostComments, PostContent, PostKind},
        settings::Settings,
        user::Role,
    },
    rules::token,
    store::{Imported, Store},
    text::{
        manuscript::{self, Manuscript},
        plain, slug,
    },
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// A folder of Markdown files with front matter, as Zola, Hugo and Jekyll keep them
    Markdown {
        /// The folder
        dir: PathBuf,
    },
    /// An archive that `laman export` made, into a blog without posts
    Laman {
        /// The folder or the .zip
        from: PathBuf,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let dir = match command {
        Command::Markdown { dir } => dir,
        Command::Laman { from } => return super::unpack::run(config, from).await,
    };
    let files = folder::scan(&dir).map_err(|error| Failure::Said(error.to_string()))?;
    let (store, settings) = open_blog(config).await?;
    let done = import(&store, &settings, &dir, files).await;
    store.close().await;
    done
}

/// What came of it.
#[derive(Default)]
struct Tally {
    posts: u64,
    pages: u64,
    drafts: u64,
    known: u64,
    pictures: u64,
    skipped: u64,
    warnings: u64,
}

async fn import(store: &Store, settings: &Settings, dir: &Path, files: Vec<folder::Found>) -> Result<(), Failure> {
    let Some(owner) = store.users().await?.into_iter().find(|user| user.role == Role::Owner).map(|user| user.id) else {
        return Err(Failure::Said(
            "nobody owns this blog yet; run laman and open the set-up link, or see laman user add --help".to_owned(),
        ));
    };
    let bar = progress(files.len() as u64);
    let mut tally = Tally::default();
    let known = store.imported_origins().await?;
    for found in files {
        if known.contains(&found.origin()) {
            tally.known += 1;
            bar.inc(1);
            continue;
        }
        let zone = settings.zone.clone();
        // Reading and rendering block; a stop by Ctrl-C between two files loses nothing.
        let read = tokio::task::spawn_blocking(move || folder::read(&found, &zone))
            .await
            .map_err(crate::error::Error::from)?;
        match read {
            Err(skipped) => {
                tally.skipped += 1;
                bar.suspend(|| say_aside(&format!("skipped: {skipped}")));
            }
            Ok(outcome) => {
                for warning in &outcome.warnings {
                    tally.warnings += 1;
                    bar.suspend(|| say_aside(&format!("warning: {}: {warning}", outcome.entry.origin)));
                }
                take_in(store, settings, owner, outcome.entry, &mut tally, &bar).await?;
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    say(&format!(
        "imported {} posts, {} pages and {} drafts with {} pictures from {}; {} known already, {} skipped, {} warnings",
        tally.posts,
        tally.pages,
        tally.drafts,
        tally.pictures,
        dir.display(),
        tally.known,
        tally.skipped,
        tally.warnings
    ));
    Ok(())
}

fn progress(files: u64) -> ProgressBar {
    let bar = ProgressBar::new(files);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

async fn take_in(
    store: &Store,
    settings: &Settings,
    owner: UserId,
    entry: Entry,
    tally: &mut Tally,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let now = clock().now();
    let mut addresses: HashMap<String, String> = HashMap::new();
    let mut shown: HashMap<String, Shown> = HashMap::new();
    for picture in &entry.pictures {
        let hash = token::content_hash(&picture.bytes);
        // The same bytes may have come under another name before: that name is the address.
        let name = store.add_media(&hash, picture, now).await?;
        let address = media::address(&hash, &name.kept_as);
        tally.pictures += u64::from(name.is_new);
        let about = Shown {
            hash,
            media_type: picture.kind.media_type().to_owned(),
            is_animated: picture.is_animated,
            ..Shown::sized(picture.width, picture.height)
        };
        shown.insert(address.clone(), about);
        addresses.extend(picture.references.iter().map(|reference| (reference.clone(), address.clone())));
    }
    let origin = entry.origin.clone();
    let Some((content, authors)) = tokio::task::spawn_blocking({
        let entry = entry.clone();
        move || content(&entry, &addresses, &shown)
    })
    .await
    .map_err(crate::error::Error::from)?
    else {
        tally.skipped += 1;
        bar.suspend(|| say_aside(&format!("skipped: {origin}: the text is nested too deeply or too long to be drawn")));
        return Ok(());
    };
    let kind = if entry.is_page { PostKind::Page } else { PostKind::Post };
    let intent = if entry.is_draft { Intent::Save } else { Intent::Publish };
    let imported = store
        .import_post(&origin, kind, &content, intent, &authors, owner, &entry.old_paths, &settings.zone, now)
        .await
        .map_err(|error| Failure::Said(format!("{origin}: {error}")))?;
    match imported {
        Imported::Known => tally.known += 1,
        Imported::Added { taken } => {
            match (entry.is_draft, kind) {
                (true, _) => tally.drafts += 1,
                (false, PostKind::Post) => tally.posts += 1,
                (false, PostKind::Page) => tally.pages += 1,
            }
            for path in taken {
                tally.warnings += 1;
                bar.suspend(|| {
                    say_aside(&format!("warning: {origin}: the old address /{path} belongs to another post"))
                });
            }
        }
    }
    Ok(())
}

type Authors = Vec<(String, String, String)>;

/// Everything that can be made of an entry without the store; `None` when its text cannot be rendered.
fn content(
    entry: &Entry,
    addresses: &HashMap<String, String>,
    shown: &HashMap<String, Shown>,
) -> Option<(PostContent, Authors)> {
    let manuscript = Manuscript {
        uuid: uuid::Uuid::new_v4().to_string(),
        title: plain::clean_line(&entry.title),
        slug: Some(entry.slug.clone()).filter(|slug| slug::is_slug(slug)),
        source: plain::clean_text(&folder::relink(&entry.body, &|reference| addresses.get(reference).cloned())),
        excerpt: entry.excerpt.as_deref().map(plain::clean_line).unwrap_or_default(),
        tags: entry.tags.iter().map(|name| plain::clean_line(name)).collect(),
        meta: Meta::default(),
        comments: if entry.is_page { PostComments::Closed } else { PostComments::Open },
        published_at: entry.published_at,
        authors: Vec::new(),
    };
    let authors = entry
        .authors
        .iter()
        .map(|name| plain::clean_line(name))
        .filter(|name| !name.is_empty())
        .map(|name| (name.clone(), slug::slug(&name), plain::skeleton(&name)))
        .collect();
    Some((manuscript::content(manuscript, shown).ok()?, authors))
}
