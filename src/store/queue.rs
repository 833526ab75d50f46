//! The moderators' queue as they ask for it: by shelf, post, sender and words.

use super::{Store, admin_post::ROWS, comment::moderated_columns};
use crate::{
    error::Result,
    model::{
        listing::{Cursor, From, Listing},
        queue::{COUNTED, Moderated, QueuedComment, Shelf, Whose},
        time::Time,
    },
};

/// Words are looked for in so many comments of a list, from its place on: a text index of all comments would cost every
/// comment that arrives, and minutes when an old blog is brought up to date.
pub const SCANNED: i64 = 10_000;

/// Where a comment lies, spelled as the indexes have it.
macro_rules! shelf {
    ($comment:literal) => {
        concat!("CASE WHEN ", $comment, ".trashed_at IS NULL THEN ", $comment, ".state ELSE 'trash' END")
    };
}
/// Towards older ones and towards newer ones: `$1` the shelf, `$2`, `$3` the cursor, `$4` the limit, `$5` how many are
/// looked at, `$6` words or nothing, `$7` the post or sender. What is shown of a comment is looked up for those found alone.
macro_rules! listed {
    ($which:expr) => {
        [listed!($which, "<", " DESC"), listed!($which, ">", "")]
    };
    ($which:expr, $beyond:literal, $order:literal) => {
        concat!(
            "WITH scanned AS MATERIALIZED (SELECT comment.id FROM comment WHERE ",
            $which,
            " AND (comment.created_at, comment.id) ",
            $beyond,
            " ($2, $3) ORDER BY comment.created_at",
            $order,
            ", comment.id",
            $order,
            " LIMIT $5), found AS MATERIALIZED (SELECT comment.id, comment.created_at FROM scanned CROSS JOIN comment \
             WHERE comment.id = scanned.id AND ($6 = '' OR instr(lower(comment.name || char(10) || \
             coalesce(comment.email, '') || char(10) || comment.network || char(10) || comment.source), lower($6)) > 0) \
             ORDER BY comment.created_at",
            $order,
            ", comment.id",
            $order,
            " LIMIT $4) ",
            moderated_columns!(),
            ", comment.parent_id IS NOT NULL AS is_reply, \
             (SELECT substr(parent.source, 1, 200) FROM comment AS parent WHERE parent.id = comment.parent_id) \
             AS parent_text, comment.pinned_at IS NOT NULL AS is_pinned, post.comments = 'open' AS is_open, ",
            of_sender!("other.email = comment.email", "approved"),
            " AS email_approved, ",
            of_sender!("other.email = comment.email", "spam"),
            " AS email_spam, ",
            of_sender!("other.network = comment.network AND other.network <> ''", "approved"),
            " AS network_approved, ",
            of_sender!("other.network = comment.network AND other.network <> ''", "spam"),
            " AS network_spam FROM found CROSS JOIN comment CROSS JOIN post \
             WHERE comment.id = found.id AND post.id = comment.post_id ORDER BY found.created_at",
            $order,
            ", found.id",
            $order
        )
    };
}
/// Up to a hundred others of the same sender.
macro_rules! of_sender {
    ($same:literal, $state:literal) => {
        concat!(
            "(SELECT count(*) FROM (SELECT 1 FROM comment AS other WHERE ",
            $same,
            " AND ",
            shelf!("other"),
            " = '",
            $state,
            "' AND other.id <> comment.id LIMIT 100))"
        )
    };
}
const SHELF: [&str; 2] = listed!("comment.state = $1");
const TRASH: [&str; 2] = listed!("comment.trashed_at IS NOT NULL AND $1 = $1");
const OF_POST: [&str; 2] = listed!(concat!(
    "comment.post_id = $7 AND (comment.state <> 'deleted' OR comment.trashed_at IS NOT NULL) AND ",
    shelf!("comment"),
    " = $1"
));
const OF_EMAIL: [&str; 2] = listed!(concat!("comment.email = $7 AND ", shelf!("comment"), " = $1"));
const OF_NETWORK: [&str; 2] =
    listed!(concat!("comment.network = $7 AND comment.network <> '' AND ", shelf!("comment"), " = $1"));

const COUNT_SPAM: &str = "SELECT count(*) FROM (SELECT 1 FROM comment WHERE state = 'spam' LIMIT $1)";
const MODERATED: &str = "SELECT id, decision, comments, EXISTS (SELECT 1 FROM moderation_comment \
                         WHERE moderation_id = moderation.id) AS can_be_undone FROM moderation WHERE id = $1";

impl Store {
    /// A slice of what lies on a shelf, newest first, with these words in its text, name, e-mail address or network; they
    /// are looked for in the next [`SCANNED`] alone.
    pub async fn queue(&self, shelf: Shelf, whose: &Whose, words: &str, from: From) -> Result<Listing<QueuedComment>> {
        let statements = match (whose, shelf) {
            (Whose::All, Shelf::Trash) => TRASH,
            (Whose::All, _) => SHELF,
            (Whose::Post(_), _) => OF_POST,
            (Whose::Email(_), _) => OF_EMAIL,
            (Whose::Network(_), _) => OF_NETWORK,
        };
        let cursor = from.cursor(Time(i64::MAX));
        let limit = ROWS as i64 + 1;
        let rows = sqlx::query_as(statements[usize::from(from.is_upwards())])
            .bind(shelf)
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(limit)
            .bind(if words.is_empty() { limit } else { SCANNED })
            .bind(words.to_owned());
        let rows = match whose {
            Whose::All => rows,
            Whose::Post(id) => rows.bind(*id),
            Whose::Email(sender) | Whose::Network(sender) => rows.bind(sender.clone()),
        };
        let cursor = |row: &QueuedComment| Cursor { at: row.comment.created_at, id: row.comment.id.0 };
        Ok(Listing::new(rows.fetch_all(&self.readers).await?, from, ROWS, cursor))
    }

    /// How many are spam, counted to [`COUNTED`].
    pub async fn spam_comments(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(COUNT_SPAM).bind(COUNTED).fetch_one(&self.readers).await?)
    }

    /// What was decided under this number, as long as it is known.
    pub async fn moderated(&self, id: i64) -> Result<Option<Moderated>> {
        Ok(sqlx::query_as(MODERATED).bind(id).fetch_optional(&self.readers).await?)
    }
}

#[cfg(test)]
statements!(SHELF, TRASH, OF_POST, OF_EMAIL, OF_NETWORK, COUNT_SPAM, MODERATED);
