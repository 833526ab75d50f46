//! What the links in mails do, and what is kept of the people who follow them.

use super::{Store, Write, moderate::decide};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::PostId,
        link::{Link, LinkAct},
        queue::Moderation,
        time::Time,
    },
    rules::token,
};

const ADD: &str = "INSERT INTO link (token_hash, act, email, user_id, post_id, comment_id, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// An editor's link ends with the editor's rights.
const LINK: &str = "SELECT token_hash, act, email, user_id, post_id, comment_id, expires_at FROM link \
                    WHERE token_hash = $1 AND expires_at > $2 AND (user_id IS NULL OR EXISTS \
                    (SELECT 1 FROM user WHERE user.id = link.user_id AND user.role IN ('owner', 'editor') \
                    AND user.disabled_at IS NULL))";
const USE_UP: &str = "DELETE FROM link WHERE token_hash = $1";
const CONFIRM: &str = "INSERT INTO address (email, confirmed_at) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING";
const UNCONFIRM: &str = "DELETE FROM address WHERE email = $1";
const UNSUBSCRIBE: &str = "DELETE FROM subscription WHERE email = $1 AND post_id = $2";
const UNSUBSCRIBE_ALL: &str = "DELETE FROM subscription WHERE email = $1";
const REFUSE: &str = "INSERT INTO unwanted (email_hash, asked_at) VALUES ($1, $2) ON CONFLICT (email_hash) DO NOTHING";
const REFUSE_NO_MORE: &str = "DELETE FROM unwanted WHERE email_hash = $1";
const IS_UNWANTED: &str = "SELECT count(*) FROM unwanted WHERE email_hash = $1";
const DROP_ALL_QUEUED: &str = "UPDATE mail SET state = 'withdrawn' WHERE recipient = $1 AND user_id IS NULL \
                               AND state = 'waiting'";
const DROP_QUEUED: &str = "UPDATE mail SET state = 'withdrawn' WHERE recipient = $1 AND kind = 'reply' \
                           AND state = 'waiting' AND ($2 IS NULL OR post_id = $2)";

impl Store {
    /// Keeps the links of a mail that is about to be sent.
    pub async fn add_links(&self, links: &[Link]) -> Result<()> {
        let mut write = self.write().await?;
        for link in links {
            sqlx::query(ADD)
                .bind(link.token_hash.clone())
                .bind(link.act)
                .bind(link.email.clone())
                .bind(link.user_id)
                .bind(link.post_id)
                .bind(link.comment_id)
                .bind(link.expires_at)
                .execute(&mut *write)
                .await?;
        }
        write.commit(Change::Nothing).await
    }

    /// The link with this token, if it is still good.
    pub async fn link(&self, token_hash: &str, now: Time) -> Result<Option<Link>> {
        Ok(sqlx::query_as(LINK).bind(token_hash).bind(now).fetch_optional(&self.readers).await?)
    }

    /// Does what a link to moderate says, once: the link is used up in the same transaction. [`Error::NotFound`] when it is
    /// used, past its time, or its comment is gone.
    pub async fn moderate_by_link(&self, token_hash: &str, now: Time) -> Result<PostId> {
        let mut write = self.write().await?;
        let link: Link = sqlx::query_as(LINK).bind(token_hash).bind(now).fetch_one(&mut *write).await?;
        let decision = match link.act {
            LinkAct::Approve => Moderation::Approve,
            LinkAct::Spam => Moderation::Spam,
            LinkAct::Delete => Moderation::Delete,
            LinkAct::Confirm | LinkAct::Own | LinkAct::Never | LinkAct::Unsubscribe | LinkAct::Data => {
                return Err(Error::NotFound);
            }
        };
        let comment = link.comment_id.ok_or(Error::NotFound)?;
        sqlx::query(USE_UP).bind(token_hash).execute(&mut *write).await?;
        let post = decide(&mut write, comment, decision, now).await?.ok_or(Error::NotFound)?.post;
        write.commit(Change::Thread(post)).await?;
        Ok(post)
    }

    /// Notes that whoever holds this address wants the mails that were asked for.
    pub async fn confirm_address(&self, email: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(CONFIRM).bind(email).bind(now).execute(&mut *write).await?;
        sqlx::query(REFUSE_NO_MORE).bind(token::hash(email)).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Ends the mails to an address about one post, or all of them, those that still wait to be sent among them. After all,
    /// the address has to be confirmed anew.
    pub async fn unsubscribe(&self, email: &str, post: Option<PostId>) -> Result<()> {
        let mut write = self.write().await?;
        match post {
            Some(post) => sqlx::query(UNSUBSCRIBE).bind(email).bind(post).execute(&mut *write).await?,
            None => {
                sqlx::query(UNCONFIRM).bind(email).execute(&mut *write).await?;
                sqlx::query(UNSUBSCRIBE_ALL).bind(email).execute(&mut *write).await?
            }
        };
        sqlx::query(DROP_QUEUED).bind(email).bind(post).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Ends all mail to an address, for ever: what was asked for it is forgotten, and of the address itself a hash is kept.
    pub async fn never_mail(&self, email: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        for statement in [UNCONFIRM, UNSUBSCRIBE_ALL, DROP_ALL_QUEUED] {
            sqlx::query(statement).bind(email).execute(&mut *write).await?;
        }
        sqlx::query(REFUSE).bind(token::hash(email)).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Takes that back.
    pub async fn mail_again(&self, email: &str) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(REFUSE_NO_MORE).bind(token::hash(email)).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

/// Whether the holder of this address wants no mail at all.
pub(super) async fn is_unwanted(write: &mut Write, email: &str) -> Result<bool> {
    let found: i64 = sqlx::query_scalar(IS_UNWANTED).bind(token::hash(email)).fetch_one(&mut **write).await?;
    Ok(found > 0)
}

#[cfg(test)]
statements!(
    ADD,
    LINK,
    USE_UP,
    CONFIRM,
    UNCONFIRM,
    UNSUBSCRIBE,
    UNSUBSCRIBE_ALL,
    REFUSE,
    REFUSE_NO_MORE,
    IS_UNWANTED,
    DROP_ALL_QUEUED,
    DROP_QUEUED
);
