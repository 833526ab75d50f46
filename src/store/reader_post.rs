//! Posts and pages as readers ask for them: live ones only, in every statement.

use super::Store;
use crate::{
    error::Result,
    model::{
        ids::{PostId, TagId, UserId},
        listing::{self, Listing},
        post::{MonthCount, Post, PostLink, Tag},
        time::Time,
        user::Author,
    },
};

/// Which posts a list is among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Every post.
    All,
    /// Those with this tag.
    Tag(TagId),
    /// Those by this author.
    Author(UserId),
}

/// What makes a post visible. Every reader's statement contains it; `$1` is always now.
macro_rules! live {
    () => {
        "post.state = 'published' AND post.trashed_at IS NULL AND post.published_at <= $1"
    };
}
pub(super) use live;

/// The columns of [`Post`], with `body` and `is_cut` as the statement says.
macro_rules! post_columns {
    ($body:literal) => {
        concat!(
            "SELECT post.id, post.uuid, post.kind, post.path, post.title, ",
            $body,
            ", post.summary, post.words, post.comments, post.comment_count, post.published_at, post.updated_at, \
             (SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
              (SELECT user.name, user.slug FROM post_author JOIN user ON user.id = post_author.user_id \
               WHERE post_author.post_id = post.id ORDER BY post_author.position)) AS authors, \
             (SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
              (SELECT tag.name, tag.slug FROM post_tag JOIN tag ON tag.id = post_tag.tag_id \
               WHERE post_tag.post_id = post.id ORDER BY post_tag.position)) AS tags "
        )
    };
}

/// One statement for each kind of list and each way through it, written out by the compiler: `$2`, `$3` are the
/// cursor, `$4` the limit, `$5` the tag or author.
macro_rules! list {
    ($body:literal, $from:literal, $way:literal) => {
        concat!(post_columns!($body), "FROM ", $from, " AND post.kind = 'post' AND ", live!(), " ", $way)
    };
}
macro_rules! lists {
    ($body:literal, $from:literal) => {
        [
            list!($body, $from, "ORDER BY post.published_at DESC, post.id DESC LIMIT $4"),
            list!(
                $body,
                $from,
                "AND (post.published_at, post.id) < ($2, $3) ORDER BY post.published_at DESC, post.id DESC LIMIT $4"
            ),
            list!(
                $body,
                $from,
                "AND (post.published_at, post.id) > ($2, $3) ORDER BY post.published_at, post.id LIMIT $4"
            ),
        ]
    };
}
macro_rules! all_lists {
    ($body:literal) => {
        [
            lists!($body, "post WHERE $5 IS NULL"),
            lists!($body, "post_tag JOIN post ON post.id = post_tag.post_id WHERE post_tag.tag_id = $5"),
            lists!($body, "post_author JOIN post ON post.id = post_author.post_id WHERE post_author.user_id = $5"),
        ]
    };
}
const LEADS: [[&str; 3]; 3] = all_lists!(
    "CASE WHEN post.lead IS NULL THEN post.html ELSE post.lead END AS body, post.lead IS NOT NULL AS is_cut"
);
const FULL_TEXTS: [[&str; 3]; 3] = all_lists!("post.html AS body, 0 AS is_cut");

const PUBLISHED_POST: &str =
    concat!(post_columns!("post.html AS body, 0 AS is_cut"), "FROM post WHERE post.path = $2 AND ", live!());
const POST_BY_ID: &str =
    concat!(post_columns!("post.html AS body, 0 AS is_cut"), "FROM post WHERE post.id = $2 AND ", live!());

const IS_PLACE: &str = "SELECT count(*) FROM post WHERE id = $1 AND published_at = $2";

macro_rules! link_columns {
    () => {
        "SELECT post.path, post.title, post.published_at, \
         max(post.published_at, coalesce(post.updated_at, 0)) AS changed_at FROM post WHERE "
    };
}
const OLDER_LINK: &str = concat!(
    link_columns!(),
    "post.kind = 'post' AND (post.published_at, post.id) < ($2, $3) AND ",
    live!(),
    " ORDER BY post.published_at DESC, post.id DESC LIMIT 1"
);
const NEWER_LINK: &str = concat!(
    link_columns!(),
    "post.kind = 'post' AND (post.published_at, post.id) > ($2, $3) AND ",
    live!(),
    " ORDER BY post.published_at, post.id LIMIT 1"
);
const PAGES: &str =
    concat!(link_columns!(), "post.kind = 'page' AND ", live!(), " ORDER BY post.published_at, post.id");
/// A sitemap may hold 50,000 addresses; the home page is one.
const EVERY_LINK: &str =
    concat!(link_columns!(), live!(), " ORDER BY post.published_at DESC, post.id DESC LIMIT 49999");
/// An archive lists what lives below its address, so that an address tells where its post is listed. Of posts alone:
/// a page has no folder. (To say so would lead SQLite to the index of all that is live, row by row.)
const LINKS_UNDER: &str = concat!(
    link_columns!(),
    "post.path >= $2 || '/' AND post.path < $2 || '0' AND ",
    live!(),
    " ORDER BY post.published_at DESC, post.id DESC"
);
const MONTHS: &str = concat!(
    "SELECT substr(post.path, 1, 7) AS month, count(*) AS posts FROM post WHERE post.kind = 'post' AND ",
    live!(),
    " GROUP BY month ORDER BY month DESC"
);
const REDIRECT: &str = concat!(
    "SELECT post.path FROM redirect JOIN post ON post.id = redirect.post_id WHERE redirect.path = $2 AND ",
    live!()
);
const TAG: &str = "SELECT id, name, slug FROM tag WHERE slug = $1";
const AUTHOR: &str = "SELECT id, name, slug FROM user WHERE slug = $1";
/// A seek for each kind, by the index of what is live.
const NEXT_DUE: &str = "SELECT min(at) FROM (SELECT min(post.published_at) AS at FROM post WHERE post.kind = 'post' \
     AND post.state = 'published' AND post.trashed_at IS NULL AND post.published_at > $1 UNION ALL \
     SELECT min(post.published_at) FROM post WHERE post.kind = 'page' \
     AND post.state = 'published' AND post.trashed_at IS NULL AND post.published_at > $1)";

impl Store {
    /// A list as the home page shows it: each post up to its jump break.
    pub async fn posts(&self, among: Among, from: listing::From, limit: u32, now: Time) -> Result<Listing<Post>> {
        self.list(&LEADS, among, from, limit, now).await
    }

    /// The newest posts with their full text, for feeds.
    pub async fn full_posts(&self, among: Among, limit: u32, now: Time) -> Result<Vec<Post>> {
        Ok(self.list(&FULL_TEXTS, among, listing::From::Newest, limit, now).await?.items)
    }

    async fn list(
        &self,
        statements: &[[&'static str; 3]; 3],
        among: Among,
        from: listing::From,
        limit: u32,
        now: Time,
    ) -> Result<Listing<Post>> {
        let (among, key) = match among {
            Among::All => (0, None),
            Among::Tag(TagId(id)) => (1, Some(id)),
            Among::Author(UserId(id)) => (2, Some(id)),
        };
        let (way, cursor) = match from {
            listing::From::Newest => (0, None),
            listing::From::OlderThan(cursor) => (1, Some(cursor)),
            listing::From::NewerThan(cursor) => (2, Some(cursor)),
        };
        let mut items: Vec<Post> = sqlx::query_as(statements[among][way])
            .bind(now)
            .bind(cursor.map(|cursor| cursor.at))
            .bind(cursor.map(|cursor| cursor.id))
            .bind(i64::from(limit) + 1)
            .bind(key)
            .fetch_all(&self.readers)
            .await?;
        let has_more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let upwards = matches!(from, listing::From::NewerThan(_));
        if upwards {
            items.reverse();
        }
        // Behind us there is at least the post that the cursor was taken from.
        let (has_newer, has_older) = if upwards { (has_more, true) } else { (cursor.is_some(), has_more) };
        let newer = items.first().filter(|_| has_newer).map(Post::cursor);
        let older = items.last().filter(|_| has_older).map(Post::cursor);
        Ok(Listing { items, newer, older })
    }

    /// The live post or page at this permalink.
    pub async fn published_post(&self, path: &str, now: Time) -> Result<Option<Post>> {
        Ok(sqlx::query_as(PUBLISHED_POST).bind(now).bind(path).fetch_optional(&self.readers).await?)
    }

    /// Whether a post has this place in the order of publication.
    pub async fn is_place(&self, cursor: listing::Cursor) -> Result<bool> {
        let found: i64 = sqlx::query_scalar(IS_PLACE).bind(cursor.id).bind(cursor.at).fetch_one(&self.readers).await?;
        Ok(found > 0)
    }

    /// The live post or page with this id.
    pub async fn published_post_by_id(&self, id: PostId, now: Time) -> Result<Option<Post>> {
        Ok(sqlx::query_as(POST_BY_ID).bind(now).bind(id).fetch_optional(&self.readers).await?)
    }

    /// The posts published just before and just after this one.
    pub async fn neighbours(&self, post: &Post, now: Time) -> Result<(Option<PostLink>, Option<PostLink>)> {
        let link = |statement| {
            sqlx::query_as(statement).bind(now).bind(post.published_at).bind(post.id).fetch_optional(&self.readers)
        };
        Ok((link(OLDER_LINK).await?, link(NEWER_LINK).await?))
    }

    /// The pages of the navigation.
    pub async fn pages(&self, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(PAGES).bind(now).fetch_all(&self.readers).await?)
    }

    /// How many posts live under each month, newest month first.
    pub async fn months(&self, now: Time) -> Result<Vec<MonthCount>> {
        Ok(sqlx::query_as(MONTHS).bind(now).fetch_all(&self.readers).await?)
    }

    /// The posts that live under `/YYYY` or `/YYYY/MM`, newest first.
    pub async fn posts_under(&self, folder: &str, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(LINKS_UNDER).bind(now).bind(folder).fetch_all(&self.readers).await?)
    }

    /// Every live address, newest first; at most as many as fit into one sitemap beside the home page.
    pub async fn every_link(&self, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(EVERY_LINK).bind(now).fetch_all(&self.readers).await?)
    }

    /// Where the live post now is that once had this path.
    pub async fn redirect_for(&self, path: &str, now: Time) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(REDIRECT).bind(now).bind(path).fetch_optional(&self.readers).await?)
    }

    /// The tag with this slug.
    pub async fn tag(&self, slug: &str) -> Result<Option<(TagId, Tag)>> {
        let row: Option<(TagId, String, String)> = sqlx::query_as(TAG).bind(slug).fetch_optional(&self.readers).await?;
        Ok(row.map(|(id, name, slug)| (id, Tag { name, slug })))
    }

    /// The author with this slug.
    pub async fn author(&self, slug: &str) -> Result<Option<(UserId, Author)>> {
        let row: Option<(UserId, String, String)> =
            sqlx::query_as(AUTHOR).bind(slug).fetch_optional(&self.readers).await?;
        Ok(row.map(|(id, name, slug)| (id, Author { name, slug })))
    }

    /// When time alone will next change what readers see: a post that waits for its time.
    pub async fn next_due(&self, now: Time) -> Result<Option<Time>> {
        Ok(sqlx::query_scalar(NEXT_DUE).bind(now).fetch_one(&self.readers).await?)
    }
}

#[cfg(test)]
statements!(
    LEADS,
    FULL_TEXTS,
    PUBLISHED_POST,
    POST_BY_ID,
    IS_PLACE,
    OLDER_LINK,
    NEWER_LINK,
    PAGES,
    EVERY_LINK,
    LINKS_UNDER,
    MONTHS,
    REDIRECT,
    TAG,
    AUTHOR,
    NEXT_DUE,
);
