//! What is kept under a person's e-mail address: asked for by a mailed link, shown whole, erased whole.

use super::{Store, link::is_unwanted, moderate::discard};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        comment::CommentState,
        ids::{CommentId, PostId},
        link::LinkAct,
        person::{Kept, KeptComment, KeptMail, KeptWish},
        time::Time,
    },
};

const HOUR_MILLIS: i64 = 3_600_000;
/// So many links a day for one address, whoever types it, and for one network.
const LINKS_EACH: i64 = 3;
const LINKS_NETWORK: i64 = 10;

/// One an hour at most, and only where something is kept.
const QUEUE_LINK: &str = "INSERT INTO mail (created_at, event, kind, recipient, network, state, tries, next_at, reply) \
                          SELECT $2, 'data:' || $1 || ':' || $4, 'data', $1, $3, 'waiting', 0, $2, '' \
                          WHERE (EXISTS (SELECT 1 FROM comment WHERE email = $1) \
                          OR EXISTS (SELECT 1 FROM subscription WHERE email = $1) \
                          OR EXISTS (SELECT 1 FROM address WHERE email = $1)) \
                          AND (SELECT count(*) FROM mail WHERE recipient = $1 AND kind = 'data' AND created_at > $5) < $6 \
                          AND (SELECT count(*) FROM mail WHERE network = $3 AND kind = 'data' AND created_at > $5) < $7 \
                          ON CONFLICT (event) DO NOTHING";
const CONFIRMED: &str = "SELECT confirmed_at FROM address WHERE email = $1";
const COMMENTS: &str = "SELECT comment.state, comment.name, comment.website, \
                        comment.source, comment.network, comment.created_at, post.title AS post_title, \
                        (SELECT json_group_array(source) FROM (SELECT source FROM comment_revision \
                        WHERE comment_id = comment.id ORDER BY id)) AS earlier \
                        FROM comment CROSS JOIN post WHERE comment.email = $1 AND post.id = comment.post_id \
                        ORDER BY comment.created_at, comment.id";
const WISHES: &str = "SELECT subscription.wish, post.title AS post_title, subscription.created_at FROM subscription \
                      CROSS JOIN post WHERE subscription.email = $1 AND post.id = subscription.post_id \
                      ORDER BY subscription.post_id, subscription.id";
const MAILS: &str = "SELECT kind, state, created_at FROM mail WHERE recipient = $1 ORDER BY kind, created_at";
const ERASER: &str = "SELECT email FROM link WHERE token_hash = $1 AND act = $2 AND expires_at > $3";
const ERASE: [&str; 4] = [
    "DELETE FROM subscription WHERE email = $1",
    "DELETE FROM address WHERE email = $1",
    "DELETE FROM mail WHERE recipient = $1 AND user_id IS NULL",
    "DELETE FROM link WHERE email = $1 AND user_id IS NULL",
];
const THEIRS: &str = "SELECT id, post_id, state FROM comment WHERE email = $1 ORDER BY created_at DESC, id DESC";

impl Store {
    /// Queues the mail with the link to what is kept under an address, if anything is, and if mail may be sent there.
    pub async fn ask_for_data(&self, email: &str, network: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        if is_unwanted(&mut write, email).await? {
            return Ok(());
        }
        sqlx::query(QUEUE_LINK)
            .bind(email)
            .bind(now)
            .bind(network)
            .bind(now.0.div_euclid(HOUR_MILLIS))
            .bind(now.plus(-24 * HOUR_MILLIS))
            .bind(LINKS_EACH)
            .bind(LINKS_NETWORK)
            .execute(&mut *write)
            .await?;
        write.note_mail();
        write.commit(Change::Nothing).await
    }

    /// Everything that is kept under an address.
    pub async fn kept_under(&self, email: &str) -> Result<Kept> {
        let comments: Vec<KeptComment> = sqlx::query_as(COMMENTS).bind(email).fetch_all(&self.readers).await?;
        let wishes: Vec<KeptWish> = sqlx::query_as(WISHES).bind(email).fetch_all(&self.readers).await?;
        let mails: Vec<KeptMail> = sqlx::query_as(MAILS).bind(email).fetch_all(&self.readers).await?;
        let confirmed_at = sqlx::query_scalar(CONFIRMED).bind(email).fetch_optional(&self.readers).await?;
        Ok(Kept { email: email.to_owned(), confirmed_at, comments, wishes, mails })
    }

    /// Erases it, by the link that was mailed there: comments become tombstones or go, and nothing is mailed any more.
    /// [`Error::NotFound`] when the link is past.
    pub async fn erase_by_link(&self, token_hash: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let found = sqlx::query_scalar(ERASER).bind(token_hash).bind(LinkAct::Data).bind(now);
        let email: String = found.fetch_optional(&mut *write).await?.ok_or(Error::NotFound)?;
        // First what was asked to be mailed: nobody is told of what they do themselves.
        for statement in ERASE {
            sqlx::query(statement).bind(email.clone()).execute(&mut *write).await?;
        }
        let theirs: Vec<(CommentId, PostId, CommentState)> =
            sqlx::query_as(THEIRS).bind(email).fetch_all(&mut *write).await?;
        let is_any = !theirs.is_empty();
        for (id, _, before) in theirs {
            discard(&mut write, id, before, now).await?;
        }
        // Under how many posts ever.
        write.commit(if is_any { Change::Everything } else { Change::Nothing }).await
    }
}

#[cfg(test)]
statements!(QUEUE_LINK, CONFIRMED, COMMENTS, WISHES, MAILS, ERASER, ERASE, THEIRS);
