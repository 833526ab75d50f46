//! What each of the blog's people decides about themselves: profile, password, devices, second factor, passkeys.

use super::{Store, account::END_SESSIONS, audit, people::USE_UP};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::UserId,
        time::Time,
        user::{Authenticator, Device, KeyAct, Passkey, Profile},
    },
};

const PROFILE: &str = "SELECT name, bio, website, picture FROM user WHERE id = $1";
const SET_PROFILE: &str =
    "UPDATE user SET name = $2, skeleton = $3, bio = $4, website = $5, picture = $6 WHERE id = $1";
const CHANGE_PASSWORD: &str = "UPDATE user SET password_hash = $2 WHERE id = $1 RETURNING email";
const HASH: &str = "SELECT password_hash FROM user WHERE id = $1 AND password_hash IS NOT NULL AND disabled_at IS NULL";
const DEVICES: &str = "SELECT substr(token_hash, 1, 16) AS handle, agent, network, created_at, seen_at, \
                       token_hash = $2 AS is_here FROM session WHERE user_id = $1 AND seen_at > $3 AND created_at > $4 \
                       ORDER BY seen_at DESC, token_hash";
const END_ONE: &str = "DELETE FROM session WHERE user_id = $1 AND substr(token_hash, 1, 16) = $2";
const END_OTHERS: &str = "DELETE FROM session WHERE user_id = $1 AND token_hash <> $2";

const AUTHENTICATOR: &str =
    "SELECT totp_secret AS secret, totp_step AS step FROM user WHERE id = $1 AND totp_secret IS NOT NULL";
const SET_AUTHENTICATOR: &str = "UPDATE user SET totp_secret = $2, totp_step = $3 WHERE id = $1";
const TAKE_STEP: &str = "UPDATE user SET totp_step = $2 WHERE id = $1 AND totp_step < $2 AND totp_secret IS NOT NULL";
const DROP_CODES: &str = "DELETE FROM recovery_code WHERE user_id = $1";
const ADD_CODE: &str = "INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2) \
                        ON CONFLICT (user_id, code_hash) DO NOTHING";
const TAKE_CODE: &str = "DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2";
const COUNT_CODES: &str = "SELECT count(*) FROM recovery_code WHERE user_id = $1";

macro_rules! passkeys {
    ($from_where:literal) => {
        concat!(
            "SELECT passkey.credential, passkey.user_id, passkey.name, passkey.public_key, passkey.counter, \
             passkey.created_at, passkey.used_at FROM passkey ",
            $from_where
        )
    };
}
const PASSKEYS: &str = passkeys!("WHERE passkey.user_id = $1 ORDER BY passkey.created_at, passkey.credential");
const PASSKEY: &str = passkeys!("WHERE passkey.credential = $1");
const ADD_PASSKEY: &str = "INSERT INTO passkey (credential, user_id, name, public_key, counter, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential) DO NOTHING";
/// Only where the question was put after the last answer, and nobody else answered in between: each counts once.
const USE_PASSKEY: &str = "UPDATE passkey SET counter = $2, used_at = $3 WHERE credential = $1 AND counter = $4 \
                           AND (used_at IS NULL OR used_at < $5)";
const DROP_PASSKEY: &str = "DELETE FROM passkey WHERE user_id = $1 AND credential = $2";

/// More keys than anybody has.
pub const MAX_PASSKEYS: usize = 20;

impl Store {
    /// What somebody shows of themselves.
    pub async fn profile(&self, id: UserId) -> Result<Profile> {
        Ok(sqlx::query_as(PROFILE).bind(id).fetch_one(&self.readers).await?)
    }

    /// Keeps that. The address of their page stays, whatever they call themselves.
    pub async fn set_profile(&self, id: UserId, profile: &Profile, skeleton: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_PROFILE)
            .bind(id)
            .bind(profile.name.clone())
            .bind(skeleton)
            .bind(profile.bio.clone())
            .bind(profile.website.clone())
            .bind(profile.picture.clone())
            .execute(&mut *write)
            .await?;
        audit::note(&mut write, Some(id), "profile", &profile.name, now).await?;
        write.commit(Change::Everything).await
    }

    /// What somebody's password is compared against.
    pub async fn password_hash(&self, id: UserId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(HASH).bind(id).fetch_optional(&self.readers).await?)
    }

    /// Changes a password and ends every session that the old one opened.
    pub async fn change_password(&self, id: UserId, password_hash: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let email: String =
            sqlx::query_scalar(CHANGE_PASSWORD).bind(id).bind(password_hash).fetch_one(&mut *write).await?;
        // A link to a new password may be in another's hands.
        sqlx::query(USE_UP).bind(email).bind(KeyAct::Reset).execute(&mut *write).await?;
        sqlx::query(END_SESSIONS).bind(id).execute(&mut *write).await?;
        audit::note(&mut write, Some(id), "password", "", now).await?;
        write.commit(Change::Nothing).await
    }

    /// Where somebody is signed in, in order of use. `here`: the hash of the session that asks.
    pub async fn devices(&self, id: UserId, here: &str, idle: Time, old: Time) -> Result<Vec<Device>> {
        Ok(sqlx::query_as(DEVICES).bind(id).bind(here).bind(idle).bind(old).fetch_all(&self.readers).await?)
    }

    /// Ends one of somebody's sessions.
    pub async fn end_device(&self, id: UserId, handle: &str) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(END_ONE).bind(id).bind(handle).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Ends all of somebody's sessions but the one that asks.
    pub async fn end_other_devices(&self, id: UserId, here: &str) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(END_OTHERS).bind(id).bind(here).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// The authenticator that is asked for, if one is.
    pub async fn authenticator(&self, id: UserId) -> Result<Option<Authenticator>> {
        Ok(sqlx::query_as(AUTHENTICATOR).bind(id).fetch_optional(&self.readers).await?)
    }

    /// Asks for an authenticator from now on; these are the hashes of the codes for when it is lost.
    pub async fn set_authenticator(&self, id: UserId, kept: &Authenticator, codes: &[String], now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let set = sqlx::query(SET_AUTHENTICATOR).bind(id).bind(kept.secret.clone()).bind(kept.step);
        set.execute(&mut *write).await?;
        sqlx::query(DROP_CODES).bind(id).execute(&mut *write).await?;
        for code in codes {
            sqlx::query(ADD_CODE).bind(id).bind(code.clone()).execute(&mut *write).await?;
        }
        audit::note(&mut write, Some(id), "second-on", "", now).await?;
        write.commit(Change::Nothing).await
    }

    /// Asks for none any more. `by`: who decided that; `None`: the shell. `whose`: for the log.
    pub async fn drop_authenticator(&self, id: UserId, by: Option<UserId>, whose: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_AUTHENTICATOR).bind(id).bind(None::<Vec<u8>>).bind(0_i64).execute(&mut *write).await?;
        sqlx::query(DROP_CODES).bind(id).execute(&mut *write).await?;
        audit::note(&mut write, by, "second-off", whose, now).await?;
        write.commit(Change::Nothing).await
    }

    /// Takes a code of the authenticator, once. `false`: it was taken before.
    pub async fn take_step(&self, id: UserId, step: i64) -> Result<bool> {
        let mut write = self.write().await?;
        let taken = sqlx::query(TAKE_STEP).bind(id).bind(step).execute(&mut *write).await?;
        write.commit(Change::Nothing).await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Takes a recovery code, once. `false`: it is none.
    pub async fn take_recovery_code(&self, id: UserId, code_hash: &str) -> Result<bool> {
        let mut write = self.write().await?;
        let taken = sqlx::query(TAKE_CODE).bind(id).bind(code_hash).execute(&mut *write).await?;
        write.commit(Change::Nothing).await?;
        Ok(taken.rows_affected() > 0)
    }

    /// How many recovery codes are left.
    pub async fn recovery_codes(&self, id: UserId) -> Result<i64> {
        Ok(sqlx::query_scalar(COUNT_CODES).bind(id).fetch_one(&self.readers).await?)
    }

    /// Somebody's passkeys, oldest first.
    pub async fn passkeys(&self, id: UserId) -> Result<Vec<Passkey>> {
        Ok(sqlx::query_as(PASSKEYS).bind(id).fetch_all(&self.readers).await?)
    }

    /// The passkey of this name; whether its holder may sign in is another question.
    pub async fn passkey(&self, credential: &str) -> Result<Option<Passkey>> {
        Ok(sqlx::query_as(PASSKEY).bind(credential).fetch_optional(&self.readers).await?)
    }

    /// Keeps one more. `false`: it is kept already.
    pub async fn add_passkey(&self, passkey: &Passkey) -> Result<bool> {
        let mut write = self.write().await?;
        let added = sqlx::query(ADD_PASSKEY)
            .bind(passkey.credential.clone())
            .bind(passkey.user_id)
            .bind(passkey.name.clone())
            .bind(passkey.public_key.clone())
            .bind(passkey.counter)
            .bind(passkey.created_at)
            .execute(&mut *write)
            .await?;
        audit::note(&mut write, Some(passkey.user_id), "passkey-add", &passkey.name, passkey.created_at).await?;
        write.commit(Change::Nothing).await?;
        Ok(added.rows_affected() > 0)
    }

    /// Notes that a passkey answered a question that was put at `asked_at`. `false`: it had answered since.
    pub async fn use_passkey(&self, passkey: &Passkey, counter: u32, asked_at: Time, now: Time) -> Result<bool> {
        let mut write = self.write().await?;
        let used = sqlx::query(USE_PASSKEY)
            .bind(passkey.credential.clone())
            .bind(counter)
            .bind(now)
            .bind(passkey.counter)
            .bind(asked_at)
            .execute(&mut *write)
            .await?;
        write.commit(Change::Nothing).await?;
        Ok(used.rows_affected() > 0)
    }

    /// Forgets one of somebody's passkeys.
    pub async fn drop_passkey(&self, id: UserId, credential: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let dropped = sqlx::query(DROP_PASSKEY).bind(id).bind(credential).execute(&mut *write).await?;
        if dropped.rows_affected() > 0 {
            audit::note(&mut write, Some(id), "passkey-remove", "", now).await?;
        }
        write.commit(Change::Nothing).await
    }
}

#[cfg(test)]
statements!(
    PROFILE,
    SET_PROFILE,
    CHANGE_PASSWORD,
    HASH,
    DEVICES,
    END_ONE,
    END_OTHERS,
    AUTHENTICATOR,
    SET_AUTHENTICATOR,
    TAKE_STEP,
    DROP_CODES,
    ADD_CODE,
    TAKE_CODE,
    COUNT_CODES,
    PASSKEYS,
    PASSKEY,
    ADD_PASSKEY,
    USE_PASSKEY,
    DROP_PASSKEY,
);
