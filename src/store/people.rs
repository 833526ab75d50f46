//! How the blog's people come and go: invitations, roles, and links through the door.

use super::{
    Store,
    account::{END_SESSIONS, NewUser, add_user},
    audit,
    write::Write,
};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::UserId,
        time::Time,
        user::{Invitation, KeyAct, Person, Role},
    },
};

const PEOPLE: &str = "SELECT user.id, user.name, user.slug, user.email, user.role, user.disabled_at, user.seen_at, \
                      user.totp_secret IS NOT NULL AS has_second, \
                      (SELECT count(*) FROM post_author WHERE post_author.user_id = user.id) AS posts \
                      FROM user ORDER BY user.email IS NULL, user.id";
const INVITATIONS: &str = "SELECT email, role, user_id, created_at, expires_at FROM invitation ORDER BY email";
const INVITATION: &str = "SELECT invitation.email, invitation.role, invitation.user_id, invitation.created_at, \
                          invitation.expires_at FROM door_key CROSS JOIN invitation \
                          WHERE door_key.token_hash = $1 AND door_key.act = 'join' AND door_key.expires_at > $2 \
                          AND invitation.email = door_key.email AND invitation.expires_at > $2";
const IS_INVITED: &str = "SELECT count(*) FROM invitation WHERE email = $1 AND expires_at > $2";
const IS_TAKEN: &str = "SELECT count(*) FROM user WHERE email = $1";
const INVITE: &str = "INSERT INTO invitation (email, role, user_id, invited_by, created_at, expires_at) \
                      VALUES ($1, $2, (SELECT user.id FROM user WHERE user.id = $3 AND user.email IS NULL), $4, $5, $6) \
                      ON CONFLICT (email) DO UPDATE SET role = excluded.role, user_id = excluded.user_id, \
                      invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at";
const REVOKE: &str = "DELETE FROM invitation WHERE email = $1";
const ADD_KEY: &str = "INSERT INTO door_key (token_hash, act, email, expires_at) VALUES ($1, $2, $3, $4)";
pub(super) const USE_UP: &str = "DELETE FROM door_key WHERE email = $1 AND act = $2";
const KEY: &str = "SELECT email FROM door_key WHERE token_hash = $1 AND act = $2 AND expires_at > $3";
const FORGET_KEYS: &str = "DELETE FROM door_key WHERE expires_at <= $1";
const FORGET_INVITATIONS: &str = "DELETE FROM invitation WHERE expires_at <= $1";
const QUEUE_JOIN: &str = "INSERT INTO mail (created_at, event, kind, recipient, network, state, tries, next_at, reply) \
                          VALUES ($2, 'join:' || $1 || ':' || $2, 'join', $1, '', 'waiting', 0, $2, '') \
                          ON CONFLICT (event) DO NOTHING";
/// One in ten minutes at most, and five a day.
const QUEUE_RESET: &str = "INSERT INTO mail (created_at, event, kind, recipient, user_id, network, state, tries, next_at, reply) \
                           SELECT $2, 'reset:' || user.id || ':' || $3, 'reset', user.email, user.id, $4, 'waiting', 0, $2, '' \
                           FROM user WHERE user.email = $1 AND user.password_hash IS NOT NULL AND user.disabled_at IS NULL \
                           AND (SELECT count(*) FROM mail WHERE mail.recipient = $1 AND mail.kind = 'reset' \
                           AND mail.created_at > $5) < 5 ON CONFLICT (event) DO NOTHING";
const CLAIM: &str = "UPDATE user SET name = $2, skeleton = $3, email = $4, role = $5, password_hash = $6 \
                     WHERE id = $1 AND email IS NULL RETURNING id";
const RESET: &str = "UPDATE user SET password_hash = $2 WHERE email = $1 AND password_hash IS NOT NULL \
                     AND disabled_at IS NULL RETURNING id";
const OTHER_OWNERS: &str = "SELECT count(*) FROM user WHERE role = 'owner' AND password_hash IS NOT NULL \
                            AND disabled_at IS NULL AND id <> $1";
const SET_ROLE: &str = "UPDATE user SET role = $2 WHERE id = $1 AND email IS NOT NULL RETURNING email";
const DISABLE: &str = "UPDATE user SET disabled_at = $2 WHERE id = $1 AND email IS NOT NULL RETURNING email";
const TEN_MINUTES: i64 = 600_000;
const DAY: i64 = 86_400_000;

/// The last owner stays one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruled {
    /// It is done.
    Done,
    /// Nobody would be left to rule the blog.
    LastOwner,
}

impl Store {
    /// Everybody, names that cannot sign in last.
    pub async fn people(&self) -> Result<Vec<Person>> {
        Ok(sqlx::query_as(PEOPLE).fetch_all(&self.readers).await?)
    }

    /// Who was asked to join and has not come yet.
    pub async fn invitations(&self) -> Result<Vec<Invitation>> {
        Ok(sqlx::query_as(INVITATIONS).fetch_all(&self.readers).await?)
    }

    /// Asks somebody to join, by a link with this token; earlier links to them are good for nothing any more. `mail`: also by
    /// a mail. `false`: somebody has this address already.
    pub async fn invite(&self, invitation: &Invitation, token_hash: &str, mail: bool, by: UserId) -> Result<bool> {
        let (email, now) = (invitation.email.as_str(), invitation.created_at);
        let mut write = self.write().await?;
        let taken: i64 = sqlx::query_scalar(IS_TAKEN).bind(email).fetch_one(&mut *write).await?;
        if taken > 0 {
            return Ok(false);
        }
        sqlx::query(USE_UP).bind(email).bind(KeyAct::Join).execute(&mut *write).await?;
        sqlx::query(INVITE)
            .bind(email)
            .bind(invitation.role)
            .bind(invitation.user_id)
            .bind(by)
            .bind(now)
            .bind(invitation.expires_at)
            .execute(&mut *write)
            .await?;
        add_key(&mut write, token_hash, KeyAct::Join, email, now).await?;
        if mail && write.mails_work() {
            sqlx::query(QUEUE_JOIN).bind(email).bind(now).execute(&mut *write).await?;
            write.note_mail();
        }
        audit::note(&mut write, Some(by), "invite", email, now).await?;
        write.commit(Change::Nothing).await?;
        Ok(true)
    }

    /// Takes an invitation back.
    pub async fn revoke_invitation(&self, email: &str, by: UserId, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(REVOKE).bind(email).execute(&mut *write).await?;
        sqlx::query(USE_UP).bind(email).bind(KeyAct::Join).execute(&mut *write).await?;
        audit::note(&mut write, Some(by), "revoke", email, now).await?;
        write.commit(Change::Nothing).await
    }

    /// One more link for a mail that is about to be sent.
    pub async fn add_door_key(&self, token_hash: &str, act: KeyAct, email: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        add_key(&mut write, token_hash, act, email, now).await?;
        write.commit(Change::Nothing).await
    }

    /// To what this link invites.
    pub async fn invitation(&self, token_hash: &str, now: Time) -> Result<Option<Invitation>> {
        Ok(sqlx::query_as(INVITATION).bind(token_hash).bind(now).fetch_optional(&self.readers).await?)
    }

    /// Whether somebody is still asked to join.
    pub async fn is_invited(&self, email: &str, now: Time) -> Result<bool> {
        let count: i64 = sqlx::query_scalar(IS_INVITED).bind(email).bind(now).fetch_one(&self.readers).await?;
        Ok(count > 0)
    }

    /// Makes whoever follows an invitation one of the blog's people, once. Address and role are those of the invitation.
    /// [`crate::error::Error::NotFound`] when the link is good for nothing any more.
    pub async fn join(&self, token_hash: &str, user: &NewUser, now: Time) -> Result<UserId> {
        let mut write = self.write().await?;
        let invited: Invitation = sqlx::query_as(INVITATION).bind(token_hash).bind(now).fetch_one(&mut *write).await?;
        let user = NewUser { email: invited.email.clone(), role: invited.role, ..user.clone() };
        let claimed: Option<UserId> = sqlx::query_scalar(CLAIM)
            .bind(invited.user_id)
            .bind(user.name.clone())
            .bind(user.skeleton.clone())
            .bind(user.email.clone())
            .bind(user.role)
            .bind(user.password_hash.clone())
            .fetch_optional(&mut *write)
            .await?;
        let id = match claimed {
            Some(id) => id,
            None => add_user(&mut write, &user, now).await?,
        };
        sqlx::query(REVOKE).bind(user.email.clone()).execute(&mut *write).await?;
        sqlx::query(USE_UP).bind(user.email.clone()).bind(KeyAct::Join).execute(&mut *write).await?;
        audit::note(&mut write, Some(id), "join", &user.email, now).await?;
        // Nobody else may bear the name from now on.
        write.commit(Change::Everything).await?;
        Ok(id)
    }

    /// Queues the mail with the link to a new password, if this is the address of somebody who signs in. Notes it in any
    /// case, so that both take as long.
    pub async fn ask_for_reset(&self, email: &str, network: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(QUEUE_RESET)
            .bind(email)
            .bind(now)
            .bind(now.0.div_euclid(TEN_MINUTES))
            .bind(network)
            .bind(now.plus(-DAY))
            .execute(&mut *write)
            .await?;
        write.note_mail();
        audit::note_stranger(&mut write, "reset-asked", network, now).await?;
        write.commit(Change::Nothing).await
    }

    /// Whose password this link may change.
    pub async fn reset_for(&self, token_hash: &str, now: Time) -> Result<Option<String>> {
        let key = sqlx::query_scalar(KEY).bind(token_hash).bind(KeyAct::Reset).bind(now);
        Ok(key.fetch_optional(&self.readers).await?)
    }

    /// Changes a password by a link, once, and ends every session of its owner. [`crate::error::Error::NotFound`] when the link is good for
    /// nothing any more.
    pub async fn reset_password(&self, token_hash: &str, password_hash: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let key = sqlx::query_scalar(KEY).bind(token_hash).bind(KeyAct::Reset).bind(now);
        let email: String = key.fetch_one(&mut *write).await?;
        let id: UserId =
            sqlx::query_scalar(RESET).bind(email.clone()).bind(password_hash).fetch_one(&mut *write).await?;
        sqlx::query(USE_UP).bind(email.clone()).bind(KeyAct::Reset).execute(&mut *write).await?;
        sqlx::query(END_SESSIONS).bind(id).execute(&mut *write).await?;
        audit::note(&mut write, Some(id), "reset", &email, now).await?;
        write.commit(Change::Nothing).await
    }

    /// Makes somebody something else; their sessions end, so that none has a right that it no longer has.
    pub async fn set_role(&self, id: UserId, role: Role, by: UserId, now: Time) -> Result<Ruled> {
        let mut write = self.write().await?;
        if role != Role::Owner && is_last_owner(&mut write, id).await? {
            return Ok(Ruled::LastOwner);
        }
        let email: String = sqlx::query_scalar(SET_ROLE).bind(id).bind(role).fetch_one(&mut *write).await?;
        sqlx::query(END_SESSIONS).bind(id).execute(&mut *write).await?;
        let act = match role {
            Role::Owner => "role-owner",
            Role::Editor => "role-editor",
            Role::Author => "role-author",
            Role::Contributor => "role-contributor",
        };
        audit::note(&mut write, Some(by), act, &email, now).await?;
        write.commit(Change::Nothing).await?;
        Ok(Ruled::Done)
    }

    /// Keeps somebody from signing in, and ends their sessions, or lets them in again. Their posts stay.
    pub async fn set_disabled(&self, id: UserId, disabled: bool, by: UserId, now: Time) -> Result<Ruled> {
        let mut write = self.write().await?;
        if disabled && is_last_owner(&mut write, id).await? {
            return Ok(Ruled::LastOwner);
        }
        let at = disabled.then_some(now);
        let email: String = sqlx::query_scalar(DISABLE).bind(id).bind(at).fetch_one(&mut *write).await?;
        sqlx::query(END_SESSIONS).bind(id).execute(&mut *write).await?;
        sqlx::query(USE_UP).bind(email.clone()).bind(KeyAct::Reset).execute(&mut *write).await?;
        audit::note(&mut write, Some(by), if disabled { "disable" } else { "enable" }, &email, now).await?;
        write.commit(Change::Nothing).await?;
        Ok(Ruled::Done)
    }

    /// Forgets links and invitations past their time.
    pub async fn tidy_door(&self, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(FORGET_KEYS).bind(now).execute(&mut *write).await?;
        sqlx::query(FORGET_INVITATIONS).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

async fn add_key(write: &mut Write, token_hash: &str, act: KeyAct, email: &str, now: Time) -> Result<()> {
    let key = sqlx::query(ADD_KEY).bind(token_hash).bind(act).bind(email).bind(now.plus(act.life()));
    key.execute(&mut **write).await?;
    Ok(())
}

async fn is_last_owner(write: &mut Write, id: UserId) -> Result<bool> {
    let others: i64 = sqlx::query_scalar(OTHER_OWNERS).bind(id).fetch_one(&mut **write).await?;
    Ok(others == 0)
}

#[cfg(test)]
statements!(
    PEOPLE,
    INVITATIONS,
    INVITATION,
    IS_INVITED,
    IS_TAKEN,
    INVITE,
    REVOKE,
    ADD_KEY,
    USE_UP,
    KEY,
    FORGET_KEYS,
    FORGET_INVITATIONS,
    QUEUE_JOIN,
    QUEUE_RESET,
    CLAIM,
    RESET,
    OTHER_OWNERS,
    SET_ROLE,
    DISABLE,
);
