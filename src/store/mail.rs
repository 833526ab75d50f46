//! The queue of mails: a row is written in the transaction that causes it, claimed before it is sent, and keeps what the
//! server said.

use std::sync::atomic::Ordering;

use super::{Store, write::Write};
use crate::{
    error::Result,
    model::{
        change::Change,
        comment::{CommentState, NewComment},
        ids::{CommentId, MailId, PostId, UserId},
        listing::{From, Listing},
        mail::{DueMail, LoggedMail, MailedComment, MailedPost, Notice, Smtp},
        time::{DAY_MILLIS, Time},
    },
};

/// A try that has not come back after this time was cut short: a crash, a machine that slept.
const TRY_MILLIS: i64 = 5 * 60_000;
const HOUR_MILLIS: i64 = 3_600_000;
/// So many confirmations a day for one address, whoever types it, and for one network.
const CONFIRM_EACH: i64 = 3;
const CONFIRM_NETWORK: i64 = 10;
/// What is over stays in the log so long.
const LOG_MILLIS: i64 = 90 * DAY_MILLIS;
/// What was asked for an address that nobody confirmed is forgotten after this time.
const UNCONFIRMED_MILLIS: i64 = 14 * DAY_MILLIS;
/// Rows of the log on a page.
const ROWS: usize = 50;
/// Comments in a digest.
const IN_DIGEST: i64 = 30;

const SMTP: &str = "SELECT host, port, security, user, password, sender FROM mail_settings WHERE id = 1";
const SAVE_SMTP: &str = "INSERT INTO mail_settings (id, host, port, security, user, password, sender) \
                         VALUES (1, $1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET host = excluded.host, \
                         port = excluded.port, security = excluded.security, user = excluded.user, \
                         password = excluded.password, sender = excluded.sender";
const FORGET_SMTP: &str = "DELETE FROM mail_settings WHERE id = 1";
const NOTICE: &str = "SELECT notice FROM user WHERE id = $1";
const SET_NOTICE: &str = "UPDATE user SET notice = $2 WHERE id = $1";

const SUBSCRIBE: &str = "INSERT INTO subscription (email, wish, post_id, comment_id, created_at) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (comment_id, wish) DO NOTHING";

macro_rules! queue {
    ($($select:literal),+) => {
        concat!(
            "INSERT INTO mail (created_at, event, kind, recipient, user_id, post_id, comment_id, network, state, tries, \
             next_at, reply) SELECT ",
            $($select,)+
            " ON CONFLICT (event) DO NOTHING"
        )
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
     AND (SELECT count(*) FROM mail WHERE mail.recipient = comment.email AND mail.kind = 'confirm' \
     AND mail.created_at > $3) < $4 \
     AND (SELECT count(*) FROM mail WHERE mail.network = comment.network AND mail.kind = 'confirm' \
     AND mail.created_at > $3) < $5"
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
     AND user.notice = 'once' AND user.email IS NOT NULL AND user.role <> 'author'"
);
/// One row for each hour or day in which something came; its time is the end of that. `$3` and `$4`: the hour and the day.
const QUEUE_DIGEST: &str = queue!(
    "$2, 'digest:' || user.id || ':' || user.notice || ':' || iif(user.notice = 'hourly', $3, $4), 'digest', user.email, \
     user.id, NULL, NULL, '', 'waiting', 0, iif(user.notice = 'hourly', ($3 + 1) * 3600000, ($4 + 1) * 86400000), '' \
     FROM comment CROSS JOIN user WHERE comment.id = $1 AND comment.user_id IS NULL \
     AND user.notice IN ('hourly', 'daily') AND user.email IS NOT NULL AND user.role <> 'author'"
);

const CLAIM: &str = "UPDATE mail SET state = 'sending', tries = tries + 1, next_at = $2 WHERE id = \
                     (SELECT id FROM mail WHERE state IN ('waiting', 'sending') AND next_at <= $1 \
                     ORDER BY next_at, id LIMIT 1) \
                     RETURNING id, kind, recipient, user_id, post_id, comment_id, tries, created_at";
const NEXT: &str = "SELECT next_at FROM mail WHERE state IN ('waiting', 'sending') ORDER BY next_at, id LIMIT 1";
const SENT: &str = "UPDATE mail SET state = 'sent', reply = $2, sent_at = $3 WHERE id = $1";
const AGAIN: &str = "UPDATE mail SET state = 'waiting', reply = $2, next_at = $3 WHERE id = $1";
const FAILED: &str = "UPDATE mail SET state = 'failed', reply = $2 WHERE id = $1";
const WITHDRAWN: &str = "UPDATE mail SET state = 'withdrawn' WHERE id = $1";
const RETRY: &str =
    "UPDATE mail SET state = 'waiting', tries = 0, next_at = $2 WHERE id = $1 AND state = 'failed' RETURNING id";
macro_rules! log {
    ($where:literal) => {
        concat!(
            "SELECT id, kind, recipient, state, tries, next_at, reply, created_at FROM mail \
             WHERE (created_at, id) ",
            $where,
            " LIMIT $3"
        )
    };
}
const LOG: [&str; 2] =
    [log!("< ($1, $2) ORDER BY created_at DESC, id DESC"), log!("> ($1, $2) ORDER BY created_at, id")];
const COUNT_FAILED: &str = "SELECT count(*) FROM mail WHERE state = 'failed' AND created_at > $1";

macro_rules! mailed {
    ($where:literal) => {
        concat!(
            "SELECT comment.id, comment.state, comment.name, comment.email, comment.website, comment.source, \
             comment.network, comment.reason, comment.created_at FROM comment WHERE ",
            $where
        )
    };
}
const COMMENT: &str = mailed!("comment.id = $1");
const WAITING: &str =
    mailed!("comment.state = 'held' AND comment.created_at >= $1 ORDER BY comment.created_at, comment.id LIMIT $2");
const POST: &str = "SELECT uuid, title, iif(state = 'published' AND trashed_at IS NULL AND published_at <= $2, path, NULL) \
                    AS path FROM post WHERE id = $1";
const POST_OF: &str = "SELECT post_id FROM comment WHERE id = $1";
const FORGET_OLD: &str = "DELETE FROM mail WHERE created_at < $1 AND state IN ('sent', 'failed', 'withdrawn')";
const FORGET_UNCONFIRMED: &str = "DELETE FROM subscription WHERE created_at < $1 \
                                  AND NOT EXISTS (SELECT 1 FROM address WHERE address.email = subscription.email)";
const FORGET_LINKS: &str = "DELETE FROM link WHERE expires_at <= $1";

/// What came of a try.
#[derive(Clone, Debug)]
pub enum Tried {
    /// The server took it.
    Sent,
    /// Try again then.
    Again(Time),
    /// Given up.
    Failed,
    /// It is not worth sending any more.
    Withdrawn,
}

impl Store {
    /// Whether the configuration names a mail server; mails are queued only while that or the owner does.
    pub fn mail_is_configured(&self, is_configured: bool) {
        self.writer.mailing.is_configured.store(is_configured, Ordering::Relaxed);
    }

    /// Waits until a mail was queued.
    pub async fn mail_queued(&self) {
        self.writer.mailing.queued.notified().await;
    }

    /// The mail server that the owner named.
    pub async fn smtp(&self) -> Result<Option<Smtp>> {
        let smtp: Option<Smtp> = sqlx::query_as(SMTP).fetch_optional(&self.readers).await?;
        self.writer.mailing.is_set.store(smtp.is_some(), Ordering::Relaxed);
        Ok(smtp)
    }

    /// Keeps it, or forgets it.
    pub async fn save_smtp(&self, smtp: Option<&Smtp>) -> Result<()> {
        let mut write = self.write().await?;
        match smtp {
            Some(smtp) => {
                sqlx::query(SAVE_SMTP)
                    .bind(smtp.host.clone())
                    .bind(smtp.port)
                    .bind(smtp.security)
                    .bind(smtp.user.clone())
                    .bind(smtp.password.clone())
                    .bind(smtp.sender.clone())
                    .execute(&mut *write)
                    .await?
            }
            None => sqlx::query(FORGET_SMTP).execute(&mut *write).await?,
        };
        // What waited for a server may go now.
        write.note_mail();
        // Forms under posts offer mail, or offer it no more.
        write.commit(Change::Everything).await?;
        self.writer.mailing.is_set.store(smtp.is_some(), Ordering::Relaxed);
        Ok(())
    }

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

    /// Takes the mail whose time has come and marks it as being sent: until that try must have come back, nobody else
    /// takes it.
    pub async fn claim_mail(&self, now: Time) -> Result<Option<DueMail>> {
        // Nothing is written where there is nothing to do.
        if self.next_mail().await?.is_none_or(|next| next > now) {
            return Ok(None);
        }
        let mut write = self.write().await?;
        let due = sqlx::query_as(CLAIM).bind(now).bind(now.plus(TRY_MILLIS)).fetch_optional(&mut *write).await?;
        write.commit(Change::Nothing).await?;
        Ok(due)
    }

    /// When the next mail is due.
    pub async fn next_mail(&self) -> Result<Option<Time>> {
        Ok(sqlx::query_scalar(NEXT).fetch_optional(&self.readers).await?)
    }

    /// Notes what came of a try, and what the server said.
    pub async fn mail_tried(&self, id: MailId, tried: &Tried, reply: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let reply = reply.to_owned();
        match tried {
            Tried::Sent => sqlx::query(SENT).bind(id).bind(reply).bind(now).execute(&mut *write).await?,
            Tried::Again(at) => sqlx::query(AGAIN).bind(id).bind(reply).bind(*at).execute(&mut *write).await?,
            Tried::Failed => sqlx::query(FAILED).bind(id).bind(reply).execute(&mut *write).await?,
            Tried::Withdrawn => sqlx::query(WITHDRAWN).bind(id).execute(&mut *write).await?,
        };
        write.commit(Change::Nothing).await
    }

    /// Puts a mail that was given up back in line. [`crate::error::Error::NotFound`] when there is none.
    pub async fn retry_mail(&self, id: MailId, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let _: MailId = sqlx::query_scalar(RETRY).bind(id).bind(now).fetch_one(&mut *write).await?;
        write.note_mail();
        write.commit(Change::Nothing).await
    }

    /// A slice of all mails, newest first.
    pub async fn mail_log(&self, from: From) -> Result<Listing<LoggedMail>> {
        let cursor = from.cursor(Time(i64::MAX));
        let rows = sqlx::query_as(LOG[usize::from(from.is_upwards())])
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(ROWS as i64 + 1)
            .fetch_all(&self.readers)
            .await?;
        Ok(Listing::new(rows, from, ROWS, LoggedMail::cursor))
    }

    /// How many were given up in the last week.
    pub async fn failed_mails(&self, now: Time) -> Result<i64> {
        Ok(sqlx::query_scalar(COUNT_FAILED).bind(now.plus(-7 * DAY_MILLIS)).fetch_one(&self.readers).await?)
    }

    /// What a mail says of a comment.
    pub async fn mailed_comment(&self, id: CommentId) -> Result<Option<MailedComment>> {
        Ok(sqlx::query_as(COMMENT).bind(id).fetch_optional(&self.readers).await?)
    }

    /// What a digest tells of: comments that came since and still wait.
    pub async fn waiting_since(&self, since: Time) -> Result<Vec<MailedComment>> {
        Ok(sqlx::query_as(WAITING).bind(since).bind(IN_DIGEST).fetch_all(&self.readers).await?)
    }

    /// What a mail says of a post.
    pub async fn mailed_post(&self, id: PostId, now: Time) -> Result<Option<MailedPost>> {
        Ok(sqlx::query_as(POST).bind(id).bind(now).fetch_optional(&self.readers).await?)
    }

    /// Under which post a comment stands.
    pub async fn post_of(&self, comment: CommentId) -> Result<Option<PostId>> {
        Ok(sqlx::query_scalar(POST_OF).bind(comment).fetch_optional(&self.readers).await?)
    }

    /// Forgets what nobody needs any more.
    pub async fn tidy_mail(&self, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(FORGET_OLD).bind(now.plus(-LOG_MILLIS)).execute(&mut *write).await?;
        sqlx::query(FORGET_UNCONFIRMED).bind(now.plus(-UNCONFIRMED_MILLIS)).execute(&mut *write).await?;
        sqlx::query(FORGET_LINKS).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

/// Keeps what a comment's author asks to be mailed.
pub(super) async fn subscribe(write: &mut Write, id: CommentId, comment: &NewComment, now: Time) -> Result<()> {
    let Some(email) = comment.email.as_ref().filter(|_| write.mails_work()) else { return Ok(()) };
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

/// Queues the mails that a comment's new state causes.
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
    if before.is_none() && after != Spam {
        sqlx::query(QUEUE_NOTICE).bind(id).bind(now).execute(&mut **write).await?;
        sqlx::query(QUEUE_DIGEST)
            .bind(id)
            .bind(now)
            .bind(now.0.div_euclid(HOUR_MILLIS))
            .bind(now.0.div_euclid(DAY_MILLIS))
            .execute(&mut **write)
            .await?;
    }
    match (before, after) {
        (_, Approved) => {
            sqlx::query(QUEUE_CONFIRM)
                .bind(id)
                .bind(now)
                .bind(now.plus(-DAY_MILLIS))
                .bind(CONFIRM_EACH)
                .bind(CONFIRM_NETWORK)
                .execute(&mut **write)
                .await?;
            sqlx::query(QUEUE_REPLY).bind(id).bind(now).execute(&mut **write).await?;
            if before.is_some() {
                sqlx::query(QUEUE_PUBLISHED).bind(id).bind(now).execute(&mut **write).await?;
            }
        }
        (Some(Held), Spam | Deleted) => {
            sqlx::query(QUEUE_REFUSED).bind(id).bind(now).execute(&mut **write).await?;
        }
        _ => {}
    }
    write.note_mail();
    Ok(())
}

#[cfg(test)]
statements!(
    SMTP,
    SAVE_SMTP,
    FORGET_SMTP,
    NOTICE,
    SET_NOTICE,
    SUBSCRIBE,
    QUEUE_REPLY,
    QUEUE_CONFIRM,
    QUEUE_PUBLISHED,
    QUEUE_REFUSED,
    QUEUE_NOTICE,
    QUEUE_DIGEST,
    CLAIM,
    NEXT,
    SENT,
    AGAIN,
    FAILED,
    WITHDRAWN,
    RETRY,
    LOG,
    COUNT_FAILED,
    COMMENT,
    WAITING,
    POST,
    POST_OF,
    FORGET_OLD,
    FORGET_UNCONFIRMED,
    FORGET_LINKS,
);
