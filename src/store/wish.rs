//! What people asked to be told, and the mails that a comment causes: each is queued in the transaction that causes it.

use super::{Store, link::is_unwanted, write::Write};
use crate::{
    error::Result,
    model::{
        change::Change,
        comment::{CommentState, NewComment},
        ids::{CommentId, UserId},
        time::{DAY_MILLIS, Time},
        wish::Notice,
    },
    rules::judge::reason::{Reason, What},
};

const HOUR_MILLIS: i64 = 3_600_000;
/// So many a day for one address, whoever types it, and for one network.
const UNASKED_EACH: i64 = 3;
const UNASKED_NETWORK: i64 = 10;
/// What was asked for an address that nobody confirmed is forgotten after this time.
const UNCONFIRMED_MILLIS: i64 = 14 * DAY_MILLIS;

const NOTICE: &str = "SELECT notice FROM user WHERE id = $1";
const SET_NOTICE: &str = "UPDATE user SET notice = $2 WHERE id = $1";

const SUBSCRIBE: &str = "INSERT INTO subscription (email, wish, post_id, comment_id, created_at) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (comment_id, wish) DO NOTHING";

macro_rules! queue {
    ($($select:expr),+) => {
        concat!(
            "INSERT INTO mail (created_at, event, kind, recipient, user_id, post_id, comment_id, network, state, tries, \
             next_at, reply) SELECT ",
            $($select,)+
            " ON CONFLICT (event) DO NOTHING"
        )
    };
}
/// What anybody can cause to be mailed to an address that they type: so many a day to one address, and from one network.
macro_rules! few {
    () => {
        "(SELECT count(*) FROM mail WHERE mail.recipient = comment.email AND mail.kind IN ('confirm', 'own') \
         AND mail.created_at > $3) < $4 \
         AND (SELECT count(*) FROM mail WHERE mail.network = comment.network AND mail.kind IN ('confirm', 'own') \
         AND mail.created_at > $3) < $5"
    };
}
/// Each of those who asked, but for whoever wrote it.
const QUEUE_REPLY: &str = queue!(
    "$2, 'reply:' || comment.uuid || ':' || wish.email, 'reply', wish.email, NULL, comment.post_id, comment.id, \
     '', 'waiting', 0, $2, '' FROM comment CROSS JOIN subscription AS wish CROSS JOIN address \
     WHERE comment.id = $1 AND (wish.post_id = comment.post_id AND wish.wish = 'thread' \
     OR wish.comment_id = comment.parent_id AND wish.wish = 'replies') \
     AND address.email = wish.email AND wish.email IS NOT comment.email \
     AND EXISTS (SELECT 1 FROM comment AS asking WHERE asking.id = wish.comment_id AND asking.state = 'approved')"
);
const QUEUE_CONFIRM: &str = queue!(
    "$2, 'confirm:' || comment.uuid, 'confirm', comment.email, NULL, comment.post_id, comment.id, comment.network, \
     'waiting', 0, $2, '' FROM comment WHERE comment.id = $1 AND comment.email IS NOT NULL \
     AND EXISTS (SELECT 1 FROM subscription AS wish WHERE wish.comment_id = comment.id) \
     AND NOT EXISTS (SELECT 1 FROM address WHERE address.email = comment.email) \
     AND ",
    few!()
);
/// At once where the address was confirmed; else when the comment is published, if no question carries the link.
const QUEUE_OWN: &str = queue!(
    "$2, 'own:' || comment.uuid, 'own', comment.email, NULL, comment.post_id, comment.id, comment.network, \
     'waiting', 0, $2, '' FROM comment WHERE comment.id = $1 AND comment.email IS NOT NULL \
     AND comment.secret_hash IS NOT NULL AND (EXISTS (SELECT 1 FROM address WHERE address.email = comment.email) \
     OR comment.state = 'approved' AND NOT EXISTS (SELECT 1 FROM subscription AS wish \
     WHERE wish.comment_id = comment.id)) AND ",
    few!()
);
macro_rules! verdict {
    ($kind:literal) => {
        queue!(
            "$2, '",
            $kind,
            ":' || comment.uuid, '",
            $kind,
            "', wish.email, NULL, comment.post_id, comment.id, '', 'waiting', 0, $2, '' \
             FROM comment CROSS JOIN subscription AS wish CROSS JOIN address \
             WHERE comment.id = $1 AND wish.comment_id = comment.id AND wish.wish = 'verdict' \
             AND address.email = wish.email"
        )
    };
}
const QUEUE_PUBLISHED: &str = verdict!("published");
const QUEUE_REFUSED: &str = verdict!("refused");
const QUEUE_NOTICE: &str = queue!(
    "$2, 'notice:' || comment.uuid || ':' || user.id, 'notice', user.email, user.id, comment.post_id, comment.id, '', \
     'waiting', 0, $2, '' FROM comment CROSS JOIN user WHERE comment.id = $1 AND comment.user_id IS NULL \
     AND user.notice = 'once' AND user.email IS NOT NULL AND user.disabled_at IS NULL \
     AND user.role IN ('owner', 'editor')"
);
/// One row for each hour or day in which something came; its time is the end of that. `$3` and `$4`: the hour and the day.
const QUEUE_DIGEST: &str = queue!(
    "$2, 'digest:' || user.id || ':' || user.notice || ':' || iif(user.notice = 'hourly', $3, $4), 'digest', user.email, \
     user.id, NULL, NULL, '', 'waiting', 0, iif(user.notice = 'hourly', ($3 + 1) * 3600000, ($4 + 1) * 86400000), '' \
     FROM comment CROSS JOIN user WHERE comment.id = $1 AND comment.user_id IS NULL \
     AND user.notice IN ('hourly', 'daily') AND user.email IS NOT NULL AND user.disabled_at IS NULL \
     AND user.role IN ('owner', 'editor')"
);
/// Notes that a storm goes on; one that comes an hour after the last is another.
const STORM: &str = "INSERT INTO storm (id, began_at, last_at) VALUES (1, $1, $1) ON CONFLICT (id) DO UPDATE SET \
                     began_at = iif(storm.last_at < $2, excluded.began_at, storm.began_at), \
                     last_at = excluded.last_at RETURNING began_at";
/// To each owner, and to whoever would be mailed about each comment.
const QUEUE_STORM: &str = queue!(
    "$1, 'storm:' || user.id || ':' || $2, 'storm', user.email, user.id, NULL, NULL, '', 'waiting', 0, $1, '' FROM user \
     WHERE user.email IS NOT NULL AND user.disabled_at IS NULL \
     AND (user.role = 'owner' OR user.role = 'editor' AND user.notice = 'once')"
);
const AUTHOR: &str = "SELECT email FROM comment WHERE id = $1 AND email IS NOT NULL";
const FORGET_UNCONFIRMED: &str = "DELETE FROM subscription WHERE created_at < $1 \
                                  AND NOT EXISTS (SELECT 1 FROM address WHERE address.email = subscription.email)";

impl Store {
    /// When this editor is mailed about new comments.
    pub async fn notice(&self, user: UserId) -> Result<Notice> {
        Ok(sqlx::query_scalar(NOTICE).bind(user).fetch_one(&self.readers).await?)
    }

    /// Keeps that.
    pub async fn set_notice(&self, user: UserId, notice: Notice) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_NOTICE).bind(user).bind(notice).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

/// Keeps what a comment's author asks to be mailed.
pub(super) async fn subscribe(write: &mut Write, id: CommentId, comment: &NewComment, now: Time) -> Result<()> {
    let Some(email) = comment.email.as_ref().filter(|_| write.mails_work()) else { return Ok(()) };
    if comment.wishes.is_empty() || is_unwanted(write, email).await? {
        return Ok(());
    }
    for wish in &comment.wishes {
        sqlx::query(SUBSCRIBE)
            .bind(email.clone())
            .bind(*wish)
            .bind(comment.post_id)
            .bind(id)
            .bind(now)
            .execute(&mut **write)
            .await?;
    }
    Ok(())
}

/// Forgets what was asked for addresses that nobody confirmed.
pub(super) async fn forget_unconfirmed(write: &mut Write, now: Time) -> Result<()> {
    sqlx::query(FORGET_UNCONFIRMED).bind(now.plus(-UNCONFIRMED_MILLIS)).execute(&mut **write).await?;
    Ok(())
}

/// Tells the blog's people of a comment that has come: of each, or in a storm of the storm, once.
pub(super) async fn announce(
    write: &mut Write,
    id: CommentId,
    state: CommentState,
    reason: &str,
    now: Time,
) -> Result<()> {
    if !write.mails_work() || state == CommentState::Spam {
        return Ok(());
    }
    if Reason::all(reason).iter().any(|reason| reason.what == What::Storm) {
        let noted = sqlx::query_scalar(STORM).bind(now).bind(now.plus(-HOUR_MILLIS));
        let began_at: Time = noted.fetch_one(&mut **write).await?;
        sqlx::query(QUEUE_STORM).bind(now).bind(began_at).execute(&mut **write).await?;
    } else {
        sqlx::query(QUEUE_NOTICE).bind(id).bind(now).execute(&mut **write).await?;
    }
    sqlx::query(QUEUE_DIGEST)
        .bind(id)
        .bind(now)
        .bind(now.0.div_euclid(HOUR_MILLIS))
        .bind(now.0.div_euclid(DAY_MILLIS))
        .execute(&mut **write)
        .await?;
    write.note_mail();
    Ok(())
}

/// Queues the mails to readers that a comment's new state causes.
pub(super) async fn follow(
    write: &mut Write,
    id: CommentId,
    before: Option<CommentState>,
    after: CommentState,
    now: Time,
) -> Result<()> {
    use CommentState::{Approved, Deleted, Held, Spam};
    if !write.mails_work() || before == Some(after) {
        return Ok(());
    }
    match (before, after) {
        (_, Approved) => {
            unasked(write, id, &[QUEUE_CONFIRM, QUEUE_OWN], now).await?;
            sqlx::query(QUEUE_REPLY).bind(id).bind(now).execute(&mut **write).await?;
            if before.is_some() {
                sqlx::query(QUEUE_PUBLISHED).bind(id).bind(now).execute(&mut **write).await?;
            }
        }
        (None, Held) => unasked(write, id, &[QUEUE_OWN], now).await?,
        (Some(Held), Spam | Deleted) => {
            sqlx::query(QUEUE_REFUSED).bind(id).bind(now).execute(&mut **write).await?;
        }
        _ => return Ok(()),
    }
    write.note_mail();
    Ok(())
}

/// Queues what goes to the address that came with a comment, though its holder may never have been here: few, and none
/// where they want none.
async fn unasked(write: &mut Write, id: CommentId, statements: &[&'static str], now: Time) -> Result<()> {
    let email: Option<String> = sqlx::query_scalar(AUTHOR).bind(id).fetch_optional(&mut **write).await?;
    let Some(email) = email else { return Ok(()) };
    if is_unwanted(write, &email).await? {
        return Ok(());
    }
    for statement in statements {
        sqlx::query(*statement)
            .bind(id)
            .bind(now)
            .bind(now.plus(-DAY_MILLIS))
            .bind(UNASKED_EACH)
            .bind(UNASKED_NETWORK)
            .execute(&mut **write)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(
    NOTICE,
    SET_NOTICE,
    SUBSCRIBE,
    QUEUE_REPLY,
    QUEUE_CONFIRM,
    QUEUE_OWN,
    QUEUE_PUBLISHED,
    QUEUE_REFUSED,
    QUEUE_NOTICE,
    QUEUE_DIGEST,
    QUEUE_STORM,
    STORM,
    AUTHOR,
    FORGET_UNCONFIRMED,
);
