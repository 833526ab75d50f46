//! Users, their passwords and their sessions.

use super::{Store, audit, people::USE_UP, settings};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::UserId,
        settings::Settings,
        time::Time,
        user::{Credentials, KeyAct, Role, SESSION_IDLE_MILLIS, SESSION_LIFE_MILLIS, SessionUser, User},
    },
};

/// Someone on their way to the store, checked; the password is hashed.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// As readers see it.
    pub name: String,
    /// Base of `/author/SLUG`; numbered if it is taken.
    pub slug: String,
    /// Look-alikes of the name share it.
    pub skeleton: String,
    /// Lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// PHC string.
    pub password_hash: String,
}

const ADD: &str = "INSERT INTO user (name, slug, skeleton, email, role, password_hash, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
const SLUG_TAKEN: &str = "SELECT count(*) FROM user WHERE slug = $1";
const COUNT_SIGN_INS: &str = "SELECT count(*) FROM user WHERE password_hash IS NOT NULL";
const USERS: &str = "SELECT id, name, slug, email, role FROM user ORDER BY id";
const USER: &str = "SELECT id, name, slug, email, role FROM user WHERE id = $1";
const CREDENTIALS: &str = "SELECT id AS user_id, password_hash FROM user \
                           WHERE email = $1 AND password_hash IS NOT NULL AND disabled_at IS NULL";
const SET_PASSWORD: &str = "UPDATE user SET password_hash = $2 WHERE email = $1 RETURNING id";
const OWN_NAMES: &str = "SELECT skeleton FROM user ORDER BY skeleton";
const OPEN_SESSION: &str = "INSERT INTO session (token_hash, user_id, created_at, seen_at, network, agent) \
                            VALUES ($1, $2, $3, $3, $4, $5)";
const SEE: &str = "UPDATE user SET seen_at = $2 WHERE id = $1";
const SEE_HOLDER: &str =
    "UPDATE user SET seen_at = $2 WHERE id = (SELECT session.user_id FROM session WHERE session.token_hash = $1)";
const SESSION_USER: &str = "SELECT user.id, user.name, user.slug, user.email, user.role, session.seen_at FROM session \
                            JOIN user ON user.id = session.user_id \
                            WHERE session.token_hash = $1 AND session.seen_at > $2 AND session.created_at > $3 \
                            AND user.password_hash IS NOT NULL AND user.disabled_at IS NULL";
const SEEN: &str = "UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
const END_SESSION: &str = "DELETE FROM session WHERE token_hash = $1";
pub(super) const END_SESSIONS: &str = "DELETE FROM session WHERE user_id = $1";
const DROP_OLD_SESSIONS: &str = "DELETE FROM session WHERE seen_at <= $1 OR created_at <= $2";
const KNOW_NETWORK: &str = "INSERT INTO known_network (user_id, network, seen_at) VALUES ($1, $2, $3) \
                            ON CONFLICT (user_id, network) DO UPDATE SET seen_at = excluded.seen_at";
const IS_KNOWN_NETWORK: &str = "SELECT count(*) FROM known_network JOIN user ON user.id = known_network.user_id \
                                WHERE user.email = $1 AND known_network.network = $2";

impl Store {
    /// Adds someone who can sign in. [`Error::BadRequest`] when the e-mail address is taken.
    pub async fn add_user(&self, user: &NewUser, now: Time) -> Result<UserId> {
        let mut write = self.write().await?;
        let id = add_user(&mut write, user, now).await?;
        audit::note(&mut write, None, "add", &user.email, now).await?;
        // Readers see a name where it stands under a post.
        write.commit(Change::Nothing).await?;
        Ok(id)
    }

    /// Makes the blog: its settings and its owner, once. `None` when somebody was first.
    pub async fn set_up(&self, settings: &Settings, owner: &NewUser, now: Time) -> Result<Option<UserId>> {
        let mut write = self.write().await?;
        let sign_ins: i64 = sqlx::query_scalar(COUNT_SIGN_INS).fetch_one(&mut *write).await?;
        if sign_ins > 0 {
            return Ok(None);
        }
        settings::save(&mut write, settings).await?;
        let id = add_user(&mut write, owner, now).await?;
        write.commit(Change::Everything).await?;
        Ok(Some(id))
    }

    /// Whether anybody can sign in; until then the set-up link is open.
    pub async fn has_sign_in(&self) -> Result<bool> {
        let count: i64 = sqlx::query_scalar(COUNT_SIGN_INS).fetch_one(&self.readers).await?;
        Ok(count > 0)
    }

    /// Everybody, authors who cannot sign in among them.
    pub async fn users(&self) -> Result<Vec<User>> {
        Ok(sqlx::query_as(USERS).fetch_all(&self.readers).await?)
    }

    /// One of them.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        Ok(sqlx::query_as(USER).bind(id).fetch_optional(&self.readers).await?)
    }

    /// What the password of this e-mail address is compared against.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        Ok(sqlx::query_as(CREDENTIALS).bind(email).fetch_optional(&self.readers).await?)
    }

    /// Changes a password and ends every session that the old one opened. `false`: nobody has this address.
    pub async fn set_password(&self, email: &str, password_hash: &str, now: Time) -> Result<bool> {
        let mut write = self.write().await?;
        let id: Option<UserId> =
            sqlx::query_scalar(SET_PASSWORD).bind(email).bind(password_hash).fetch_optional(&mut *write).await?;
        if let Some(id) = id {
            sqlx::query(END_SESSIONS).bind(id).execute(&mut *write).await?;
            sqlx::query(USE_UP).bind(email).bind(KeyAct::Reset).execute(&mut *write).await?;
            audit::note(&mut write, None, "password", email, now).await?;
        }
        write.commit(Change::Nothing).await?;
        Ok(id.is_some())
    }

    /// How the names of the blog's own people look.
    pub async fn own_names(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(OWN_NAMES).fetch_all(&self.readers).await?)
    }

    /// Opens a session, notes the network and the browser that it came from, and forgets sessions past their time.
    pub async fn open_session(
        &self,
        token_hash: &str,
        user: UserId,
        network: &str,
        agent: &str,
        now: Time,
    ) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(DROP_OLD_SESSIONS)
            .bind(now.plus(-SESSION_IDLE_MILLIS))
            .bind(now.plus(-SESSION_LIFE_MILLIS))
            .execute(&mut *write)
            .await?;
        sqlx::query(OPEN_SESSION)
            .bind(token_hash)
            .bind(user)
            .bind(now)
            .bind(network)
            .bind(agent)
            .execute(&mut *write)
            .await?;
        sqlx::query(SEE).bind(user).bind(now).execute(&mut *write).await?;
        let from = [agent, network].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        audit::note(&mut write, Some(user), "sign-in", &from, now).await?;
        sqlx::query(KNOW_NETWORK).bind(user).bind(network).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Who holds this session, if it is still good.
    pub async fn session_user(&self, token_hash: &str, now: Time) -> Result<Option<SessionUser>> {
        Ok(sqlx::query_as(SESSION_USER)
            .bind(token_hash)
            .bind(now.plus(-SESSION_IDLE_MILLIS))
            .bind(now.plus(-SESSION_LIFE_MILLIS))
            .fetch_optional(&self.readers)
            .await?)
    }

    /// Notes that a session is in use.
    pub async fn session_seen(&self, token_hash: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SEEN).bind(token_hash).bind(now).execute(&mut *write).await?;
        sqlx::query(SEE_HOLDER).bind(token_hash).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Ends a session.
    pub async fn end_session(&self, token_hash: &str) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(END_SESSION).bind(token_hash).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Whether this account signed in from this network before.
    pub async fn is_known_network(&self, email: &str, network: &str) -> Result<bool> {
        let count: i64 =
            sqlx::query_scalar(IS_KNOWN_NETWORK).bind(email).bind(network).fetch_one(&self.readers).await?;
        Ok(count > 0)
    }
}

pub(super) async fn add_user(write: &mut sqlx::SqliteConnection, user: &NewUser, now: Time) -> Result<UserId> {
    let slug = free_slug(write, &user.slug).await?;
    let added = sqlx::query_scalar(ADD)
        .bind(user.name.clone())
        .bind(slug)
        .bind(user.skeleton.clone())
        .bind(user.email.clone())
        .bind(user.role)
        .bind(user.password_hash.clone())
        .bind(now)
        .fetch_one(write)
        .await;
    match added {
        Err(sqlx::Error::Database(refused)) if refused.is_unique_violation() => {
            Err(Error::BadRequest("this e-mail address belongs to another user"))
        }
        other => Ok(other?),
    }
}

/// `base`, or `base-2`, `base-3` … until no user has it.
pub(super) async fn free_slug(write: &mut sqlx::SqliteConnection, base: &str) -> Result<String> {
    let base = if base.is_empty() { "author" } else { base };
    let mut slug = base.to_owned();
    for number in 2.. {
        let taken: i64 = sqlx::query_scalar(SLUG_TAKEN).bind(slug.clone()).fetch_one(&mut *write).await?;
        if taken == 0 {
            break;
        }
        slug = format!("{base}-{number}");
    }
    Ok(slug)
}

#[cfg(test)]
statements!(
    ADD,
    SLUG_TAKEN,
    COUNT_SIGN_INS,
    USERS,
    USER,
    CREDENTIALS,
    SET_PASSWORD,
    OWN_NAMES,
    OPEN_SESSION,
    SESSION_USER,
    SEE,
    SEE_HOLDER,
    SEEN,
    END_SESSION,
    END_SESSIONS,
    DROP_OLD_SESSIONS,
    KNOW_NETWORK,
    IS_KNOWN_NETWORK,
);
