//! Posts and pages as readers ask for them: live ones only, in every statement.

use super::Store;
use crate::{
    error::Result,
    model::{
        ids::{PostId, TagId, UserId},
        listing::{self, Listing},
        post::{MonthCount, Post, PostHead, PostLink, Tag},
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

/// What makes a post visible. Every reader's statement contains it; `$1` is always now. The plus keeps SQLite from
/// walking an index from now on backwards where a cursor names a place further down.
macro_rules! live {
    () => {
        "post.state = 'published' AND post.trashed_at IS NULL AND +post.published_at <= $1"
    };
}
pub(super) use live;

/// What a post tells machines, and what readers have of its thread.
macro_rules! meta_columns {
    () => {
        "post.description, post.cover, post.cover_alt, post.cover_caption, post.canonical, post.language, post.featured, \
         CASE WHEN post.hides_thread = 1 THEN 'hidden' ELSE post.comments END AS comments"
    };
}
pub(super) use meta_columns;

/// The columns of [`Post`], with `body` and `is_cut` as the statement says.
macro_rules! post_columns {
    ($body:literal) => {
        concat!(
            "SELECT post.id, post.uuid, post.kind, post.path, post.title, ",
            $body,
            ", post_text.summary, post.words, post.comment_count, post.published_at, post.updated_at, ",
            meta_columns!(),
            ", (SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
              (SELECT user.name, user.slug FROM post_author JOIN user ON user.id = post_author.user_id \
               WHERE post_author.post_id = post.id ORDER BY post_author.position)) AS authors, \
             (SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
              (SELECT tag.name, tag.slug FROM post_tag JOIN tag ON tag.id = post_tag.tag_id \
               WHERE post_tag.post_id = post.id ORDER BY post_tag.position)) AS tags "
        )
    };
}

/// One statement for each kind of list and each way through it, written out by the compiler: `$2`, `$3` are the
/// cursor, `$4` the limit, `$5` the tag or author. `$at` and `$id` are the columns of the index that has the order. CROSS JOIN: SQLite
/// takes the tables as they stand, whatever it has learned of their sizes.
macro_rules! lists {
    ($body:literal, $from:literal, $at:literal, $id:literal) => {
        [
            concat!(
                post_columns!($body),
                $from,
                " AND (",
                $at,
                ", ",
                $id,
                ") < ($2, $3) AND post.kind = 'post' AND ",
                live!(),
                " ORDER BY ",
                $at,
                " DESC, ",
                $id,
                " DESC LIMIT $4"
            ),
            concat!(
                post_columns!($body),
                $from,
                " AND (",
                $at,
                ", ",
                $id,
                ") > ($2, $3) AND ",
                $at,
                " <= $1 AND post.kind = 'post' AND ",
                live!(),
                " ORDER BY ",
                $at,
                ", ",
                $id,
                " LIMIT $4"
            ),
        ]
    };
}
macro_rules! all_lists {
    ($body:literal) => {
        [
            lists!(
                $body,
                "FROM post CROSS JOIN post_text WHERE post_text.post_id = post.id AND $5 IS NULL",
                "post.published_at",
                "post.id"
            ),
            lists!(
                $body,
                "FROM post_tag CROSS JOIN post CROSS JOIN post_text WHERE post.id = post_tag.post_id AND \
                 post_text.post_id = post.id AND post_tag.tag_id = $5",
                "post_tag.listed_at",
                "post_tag.post_id"
            ),
            lists!(
                $body,
                "FROM post_author CROSS JOIN post CROSS JOIN post_text WHERE post.id = post_author.post_id AND \
                 post_text.post_id = post.id AND post_author.user_id = $5",
                "post_author.listed_at",
                "post_author.post_id"
            ),
        ]
    };
}
const LEADS: [[&str; 2]; 3] =
    all_lists!("coalesce(post_text.lead, post_text.html) AS body, post_text.lead IS NOT NULL AS is_cut");
const FULL_TEXTS: [[&str; 2]; 3] = all_lists!("post_text.html AS body, 0 AS is_cut");

const PUBLISHED_POST: &str = concat!(
    post_columns!("post_text.html AS body, 0 AS is_cut"),
    "FROM post JOIN post_text ON post_text.post_id = post.id WHERE post.path = $2 AND ",
    live!()
);
const POST_HEAD: &str = concat!(
    "SELECT post.id, post.uuid, post.path, post.title, post.comment_count, post.kind, post.published_at, \
     CASE WHEN post.hides_thread = 1 THEN 'hidden' ELSE post.comments END AS comments FROM post WHERE post.id = $2 AND ",
    live!()
);

const IS_PLACE: &str = concat!("SELECT count(*) FROM post WHERE post.id = $2 AND post.published_at = $3 AND ", live!());

macro_rules! link_columns {
    () => {
        "SELECT post.id, post.path, post.title, post.published_at, \
         max(post.published_at, coalesce(post.updated_at, 0)) AS changed_at"
    };
}
macro_rules! links {
    ($which:literal, $order:literal) => {
        concat!(link_columns!(), " FROM post WHERE ", $which, " AND ", live!(), " ORDER BY ", $order)
    };
}
pub(super) const NEIGHBOURS: &str = concat!(
    "SELECT * FROM (",
    link_columns!(),
    ", 0 AS is_newer FROM post WHERE post.kind = 'post' AND (post.published_at, post.id) < ($2, $3) AND ",
    live!(),
    " ORDER BY post.published_at DESC, post.id DESC LIMIT 1) UNION ALL SELECT * FROM (",
    link_columns!(),
    ", 1 AS is_newer FROM post WHERE post.kind = 'post' AND (post.published_at, post.id) > ($2, $3) AND \
     post.published_at <= $1 AND ",
    live!(),
    " ORDER BY post.published_at, post.id LIMIT 1)"
);
/// By an index of their own.
const FEATURED: &str = links!(
    "post.featured = 1 AND post.kind = 'post' AND post.published_at <= $1",
    "post.published_at DESC, post.id DESC LIMIT 3"
);
const PAGES: &str = links!("post.kind = 'page'", "post.published_at, post.id");
/// A part of the sitemap is a range of ids: no post ever moves to another.
const SITEMAP_PART: &str = links!("post.id > ($2 - 1) * 1000 AND post.id <= $2 * 1000", "post.id");
/// From part to part, past those that hold nothing. The first has the home page, and is always there; an index may name
/// 50,000.
const SITEMAP_PARTS: &str = concat!(
    "WITH RECURSIVE part (number) AS (SELECT 1 UNION ALL SELECT (SELECT (post.id + 999) / 1000 FROM post \
     WHERE post.id > part.number * 1000 AND ",
    live!(),
    " ORDER BY post.id LIMIT 1) FROM part WHERE part.number IS NOT NULL) \
     SELECT number FROM part WHERE number IS NOT NULL LIMIT 50000"
);
/// An archive lists what lives below its address, so that an address tells where its post is listed. Of posts alone:
/// a page has no folder.
const YEAR_LINKS: &str = links!(
    "post.month >= $2 || '/' AND post.month < $2 || '0'",
    "post.month DESC, post.published_at DESC, post.id DESC"
);
/// `$3`, `$4` are the cursor, `$5` the limit.
const MONTH_LINKS: [&str; 2] = [
    links!(
        "post.month = $2 AND (post.published_at, post.id) < ($3, $4)",
        "post.published_at DESC, post.id DESC LIMIT $5"
    ),
    links!(
        "post.month = $2 AND (post.published_at, post.id) > ($3, $4) AND post.published_at <= $1",
        "post.published_at, post.id LIMIT $5"
    ),
];
/// The kept counts, less what is scheduled: publication is a predicate, which no count can follow by itself.
const MONTHS: &str = "SELECT month, posts FROM (SELECT month.month, month.posts - (SELECT count(*) FROM post \
     WHERE post.month = month.month AND post.published_at > $1) AS posts FROM month \
     WHERE month.month >= $2 || '/' AND month.month < $2 || ':') WHERE posts > 0 ORDER BY month DESC";
const REDIRECT: &str = concat!(
    "SELECT post.path FROM redirect JOIN post ON post.id = redirect.post_id WHERE redirect.path = $2 AND ",
    live!()
);
const TAG: &str = "SELECT id, name, slug FROM tag WHERE slug = $1";
const AUTHOR: &str = "SELECT id, name, slug FROM user WHERE slug = $1";
/// A seek for each kind, by the index of what is live, and one for the post that is the next to take no more comments.
pub(super) const NEXT_DUE: &str = "SELECT min(at) FROM (SELECT min(post.published_at) AS at FROM post WHERE post.kind = 'post' \
     AND post.state = 'published' AND post.trashed_at IS NULL AND post.published_at > $1 UNION ALL \
     SELECT min(post.published_at) FROM post WHERE post.kind = 'page' \
     AND post.state = 'published' AND post.trashed_at IS NULL AND post.published_at > $1 UNION ALL \
     SELECT (SELECT min(post.published_at) FROM post WHERE post.kind = 'post' AND post.state = 'published' \
     AND post.trashed_at IS NULL AND post.published_at > $1 - 86400000 * settings.close_after_days) \
     + 86400000 * settings.close_after_days FROM settings WHERE settings.id = 1 AND settings.close_after_days > 0)";

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
        statements: &[[&'static str; 2]; 3],
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
        let cursor = from.cursor(now);
        let items = sqlx::query_as(statements[among][usize::from(from.is_upwards())])
            .bind(now)
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(i64::from(limit) + 1)
            .bind(key)
            .fetch_all(&self.readers)
            .await?;
        Ok(Listing::new(items, from, limit as usize, Post::cursor))
    }

    /// The live post or page at this permalink.
    pub async fn published_post(&self, path: &str, now: Time) -> Result<Option<Post>> {
        Ok(sqlx::query_as(PUBLISHED_POST).bind(now).bind(path).fetch_optional(&self.readers).await?)
    }

    /// Whether a live post has this place in the order of publication.
    pub async fn is_place(&self, cursor: listing::Cursor, now: Time) -> Result<bool> {
        let found: i64 =
            sqlx::query_scalar(IS_PLACE).bind(now).bind(cursor.id).bind(cursor.at).fetch_one(&self.readers).await?;
        Ok(found > 0)
    }

    /// The live post or page with this id, without its texts.
    pub async fn post_head(&self, id: PostId, now: Time) -> Result<Option<PostHead>> {
        Ok(sqlx::query_as(POST_HEAD).bind(now).bind(id).fetch_optional(&self.readers).await?)
    }

    /// The posts published just before and just after this one.
    pub async fn neighbours(&self, post: &Post, now: Time) -> Result<(Option<PostLink>, Option<PostLink>)> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            link: PostLink,
            is_newer: bool,
        }
        let rows: Vec<Row> =
            sqlx::query_as(NEIGHBOURS).bind(now).bind(post.published_at).bind(post.id).fetch_all(&self.readers).await?;
        let (newer, older): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is_newer);
        let link = |rows: Vec<Row>| rows.into_iter().next().map(|row| row.link);
        Ok((link(older), link(newer)))
    }

    /// The newest of those that stand above everything else on the home page.
    pub async fn featured_posts(&self, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(FEATURED).bind(now).fetch_all(&self.readers).await?)
    }

    /// The pages of the navigation.
    pub async fn pages(&self, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(PAGES).bind(now).fetch_all(&self.readers).await?)
    }

    /// How many posts live under each month, newest month first; of a year `YYYY`, or of all when it is empty.
    pub async fn months(&self, year: &str, now: Time) -> Result<Vec<MonthCount>> {
        Ok(sqlx::query_as(MONTHS).bind(now).bind(year).fetch_all(&self.readers).await?)
    }

    /// The posts that live under `/YYYY`, newest month first.
    pub async fn posts_of_year(&self, year: &str, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(YEAR_LINKS).bind(now).bind(year).fetch_all(&self.readers).await?)
    }

    /// The posts that live under `/YYYY/MM`, newest first.
    pub async fn posts_of_month(
        &self,
        month: &str,
        from: listing::From,
        limit: u32,
        now: Time,
    ) -> Result<Listing<PostLink>> {
        let cursor = from.cursor(now);
        let items = sqlx::query_as(MONTH_LINKS[usize::from(from.is_upwards())])
            .bind(now)
            .bind(month)
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(i64::from(limit) + 1)
            .fetch_all(&self.readers)
            .await?;
        Ok(Listing::new(items, from, limit as usize, PostLink::cursor))
    }

    /// The parts of the sitemap that hold anything, from 1.
    pub async fn sitemap_parts(&self, now: Time) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(SITEMAP_PARTS).bind(now).fetch_all(&self.readers).await?)
    }

    /// Every live address in a part of the sitemap, at most a thousand.
    pub async fn sitemap_part(&self, part: i64, now: Time) -> Result<Vec<PostLink>> {
        Ok(sqlx::query_as(SITEMAP_PART).bind(now).bind(part).fetch_all(&self.readers).await?)
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

    /// When time alone will next change what readers see: a post that waits for its time, or whose thread closes.
    pub async fn next_due(&self, now: Time) -> Result<Option<Time>> {
        Ok(sqlx::query_scalar(NEXT_DUE).bind(now).fetch_one(&self.readers).await?)
    }
}

#[cfg(test)]
statements!(
    LEADS,
    FULL_TEXTS,
    PUBLISHED_POST,
    POST_HEAD,
    IS_PLACE,
    NEIGHBOURS,
    FEATURED,
    PAGES,
    SITEMAP_PART,
    SITEMAP_PARTS,
    YEAR_LINKS,
    MONTH_LINKS,
    MONTHS,
    REDIRECT,
    TAG,
    AUTHOR,
    NEXT_DUE,
);
