//! The queue of mails, and the server that takes them: a row is claimed before it is sent, and keeps what the server said.

use std::sync::atomic::Ordering;

use super::{Store, audit, wish::forget_unconfirmed};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::{CommentId, MailId, PostId},
        listing::{From, Listing},
        mail::{DueMail, LoggedMail, MailedComment, MailedPost, Smtp},
        queue::By,
        time::{DAY_MILLIS, Time},
    },
};

/// A try that has not come back after this time was cut short: a crash, a machine that slept.
const TRY_MILLIS: i64 = 5 * 60_000;
/// What is over stays in the log so long.
const LOG_MILLIS: i64 = 90 * DAY_MILLIS;
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
    pub async fn save_smtp(&self, smtp: Option<&Smtp>, by: impl Into<By>) -> Result<()> {
        let By { user, now } = by.into();
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
        audit::note(&mut write, user, "settings-mail", smtp.map_or("", |smtp| &smtp.host), now).await?;
        // What waited for a server may go now.
        write.note_mail();
        // Forms under posts offer mail, or offer it no more.
        write.commit(Change::Everything).await?;
        self.writer.mailing.is_set.store(smtp.is_some(), Ordering::Relaxed);
        Ok(())
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
        forget_unconfirmed(&mut write, now).await?;
        sqlx::query(FORGET_LINKS).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

#[cfg(test)]
statements!(
    SMTP,
    SAVE_SMTP,
    FORGET_SMTP,
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
    FORGET_LINKS,
);
