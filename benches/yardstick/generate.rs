//! Makes the blog, by way of the store's own functions, and says where its pages are.

use std::{io::IsTerminal, path::Path, rc::Rc, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::tz::TimeZone;
use laman::{
    error::Error,
    model::{
        comment::{CommentState, NewComment},
        ids::{CommentId, PostId, UserId},
        language::Language,
        listing::{Cursor, From},
        post::{Intent, PostKind},
        revision::{Hand, RevisionKind, Saving, Typed},
        settings::{CommentHold, CommentPolicy, Settings},
        user::Role,
    },
    rules::{digest, password, token},
    store::{Among, NewUser, SaveError, Store},
    text::{plain, slug},
};
use tokio::task::{JoinSet, LocalSet};
use uuid::Uuid;

use super::{
    Result,
    blog::{self, Remarks, Texts, roll},
};

/// Writes that are under way side by side share transactions.
const AT_ONCE: usize = 64;
const PASSWORD: &str = "tujuh burung di atas pagar";

struct Making {
    store: Store,
    texts: Texts,
    remarks: Remarks,
    authors: Vec<UserId>,
    bar: ProgressBar,
}

/// Makes a blog of `posts` posts and `comments` comments in a new database.
pub async fn run(database: &Path, posts: u64, comments: u64, texts: Option<&Path>) -> Result<()> {
    LocalSet::new().run_until(make(database, posts, comments, texts)).await
}

async fn make(database: &Path, posts: u64, comments: u64, texts: Option<&Path>) -> Result<()> {
    if database.exists() {
        return Err(format!("{} is there already; remove it, or name another file", database.display()).into());
    }
    let (texts, remarks) = (Texts::new(texts)?, Remarks::new()?);
    let shares = blog::comments_of_each(posts, comments);
    let store = Store::open(database).await?;
    let authors = people(&store).await?;
    let making = Rc::new(Making { store, texts, remarks, authors, bar: progress(posts + comments) });
    let mut under_way = JoinSet::new();
    // The oldest first, as a blog grows.
    for (rank, comments) in shares.into_iter().enumerate().rev() {
        let rank = rank as u64;
        if under_way.len() >= AT_ONCE
            && let Some(done) = under_way.join_next().await
        {
            done??;
        }
        under_way.spawn_local(making.clone().post(rank, comments));
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    making.bar.finish_and_clear();
    making.store.optimize().await?;
    making.store.close().await;
    Ok(())
}

fn progress(steps: u64) -> ProgressBar {
    let bar = ProgressBar::new(steps);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// The settings, the owner and the other authors.
async fn people(store: &Store) -> Result<Vec<UserId>> {
    let settings = Settings {
        title: "Yardstick".to_owned(),
        description: "A blog to measure with".to_owned(),
        // Whoever counts comments wants to see them.
        comment_hold: CommentHold::None,
        // All that is written in a second looks alike, and is judged all the same.
        policy: CommentPolicy { storm_at: 0, hold_at: 1000, spam_at: 1000, ..CommentPolicy::default() },
        ..Settings::initial(Language::ENGLISH)
    };
    let password_hash = password::hash(PASSWORD).map_err(|error| error.to_string())?;
    let long_ago = blog::published_at(1_000_000);
    let user = |name: &str, email: String, role| NewUser {
        name: name.to_owned(),
        slug: slug::slug(name),
        skeleton: plain::skeleton(name),
        email,
        role,
        password_hash: password_hash.clone(),
    };
    let owner = user(blog::AUTHORS[0], "owner@blog.example".to_owned(), Role::Owner);
    let mut people = vec![store.set_up(&settings, &owner, long_ago).await?.ok_or("somebody set this blog up before")?];
    for name in &blog::AUTHORS[1..] {
        let editor = user(name, format!("{}@blog.example", name.to_lowercase()), Role::Editor);
        people.push(store.add_user(&editor, long_ago).await?);
    }
    Ok(people)
}

impl Making {
    async fn post(self: Rc<Self>, rank: u64, comments: u64) -> Result<()> {
        let content = self.texts.post(rank);
        let author = self.authors[blog::author(rank)];
        let at = blog::published_at(rank);
        let zone = TimeZone::UTC;
        let typed = Typed { title: content.title.clone(), text: content.source.clone(), ..Typed::default() };
        let saving = Saving {
            by: author,
            hand: &Hand::default(),
            version: 0,
            typed: &typed,
            intent: Intent::Publish,
            kind: RevisionKind::Publish,
            zone: &zone,
            now: at,
        };
        let create = async || self.store.create_post(PostKind::Post, &content, &saving).await;
        let saved = patiently(create).await?;
        self.bar.inc(1);
        // Those that may be answered, and how deep they stand.
        let mut heard: Vec<(CommentId, u64)> = Vec::new();
        for number in 0..comments {
            let chance = roll(roll(rank, 11), number);
            let parent = match heard.len() {
                0 => None,
                all => Some(heard[(chance / 1_000) as usize % all]).filter(|(_, depth)| chance % 10 < 4 && *depth < 3),
            };
            let state = match chance % 1_000 {
                0..5 => CommentState::Held,
                5..25 => CommentState::Spam,
                _ => CommentState::Approved,
            };
            let comment = self.comment(rank, saved.id, number, parent.map(|(id, _)| id), state);
            // A minute apart: the newest post's last is still in the past.
            let at = at.plus(60_000 * (1 + number as i64));
            let add = async || Ok(self.store.add_comment(&comment, at).await?);
            let id = patiently(add).await?.ok_or("two comments came out the same")?.id;
            if state == CommentState::Approved {
                heard.push((id, parent.map_or(1, |(_, depth)| depth + 1)));
            }
            self.bar.inc(1);
        }
        Ok(())
    }

    fn comment(
        &self,
        rank: u64,
        post_id: PostId,
        number: u64,
        parent_id: Option<CommentId>,
        state: CommentState,
    ) -> NewComment {
        let uuid = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{rank} {number}").as_bytes()).to_string();
        let (source, html) = self.remarks.remark(rank, number);
        let network = roll(rank, number);
        let name = blog::commenter(number);
        NewComment {
            post_id,
            parent_id,
            state,
            user_id: None,
            digest: digest::comment(&name, parent_id, &source),
            name,
            email: number.is_multiple_of(3).then(|| format!("reader{}@mail.example", network % 50_000)),
            website: None,
            source,
            html,
            network: format!("{}.{}.{}.0/24", 11 + network % 200, network / 256 % 256, network / 65_536 % 256),
            reason: String::new(),
            secret_hash: (state != CommentState::Approved).then(|| token::hash(&uuid)),
            wishes: Vec::new(),
            uuid,
        }
    }
}

/// A write that found no place for too long (a slow disk, a full queue) has changed nothing: it is tried again for a minute.
async fn patiently<T>(write: impl AsyncFn() -> std::result::Result<T, SaveError>) -> Result<T> {
    for _ in 0..60 {
        match write().await {
            Err(SaveError::Store(Error::Busy | Error::Unavailable(_))) => {
                tokio::time::sleep(Duration::from_secs(1)).await
            }
            done => return Ok(done?),
        }
    }
    Ok(write().await?)
}

/// Prints where the pages to measure are, and which posts to comment on.
pub async fn addresses(database: &Path, posts: u64) -> Result<()> {
    let store = Store::open(database).await?;
    // A cursor needs no post at its place: id 1 there comes before what was published then, and after all that is older.
    let from = |rank: u64| Cursor { at: blog::published_at(rank).plus(1), id: 1 };
    let now = blog::published_at(0);
    // Deep in the blog, at the same place of a period whatever the size.
    let period = (posts / 2 / blog::PERIOD * blog::PERIOD).min(posts);
    let usual = (250..blog::PERIOD).find(|place| blog::weight(*place) == 8).unwrap_or(251);
    let listed = period.max(blog::PERIOD) - 10;
    let found = store.posts(Among::All, From::OlderThan(from(period + usual)), 1, now).await?;
    let post = found.items.first().ok_or("the blog has too few posts; make one with 1,000 or more")?;
    let to_comment_on = store.posts(Among::All, From::OlderThan(from(100)), 100, now).await?;
    let ids: Vec<String> = to_comment_on.items.iter().map(|post| post.id.to_string()).collect();
    println!("post='/{}'", post.path);
    println!("older='/?older={}'", from(listed));
    println!("common_tag='/tag/{}'", slug::slug(blog::COMMON_TAG));
    println!("rare_tag='/tag/{}'", slug::slug(blog::RARE_TAG));
    println!("common_word='/search?q={}+'", blog::COMMON_WORD);
    println!("rare_word='/search?q={}+'", blog::rare_word(period + usual));
    println!("ids='{}'", ids.join(" "));
    store.close().await;
    Ok(())
}
