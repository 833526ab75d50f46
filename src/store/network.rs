//! The key by which senders' networks are marked, and what was kept before there were marks.

use std::sync::Arc;

use sqlx::SqlitePool;

use super::{Store, moderate::AT_ONCE};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::{CommentId, UserId},
    },
    rules::{
        judge::bayes::network_hash,
        network::{Key, is_plain},
    },
};

const KEY: &str = "SELECT key FROM network_key WHERE id = 1";
const PLAIN_BELOW: &str = "SELECT plain_below FROM network_key WHERE id = 1";
const SET_PLAIN_BELOW: &str = "UPDATE network_key SET plain_below = $1 WHERE id = 1";
const SLICE: &str = "SELECT id, network, trained IS NOT NULL FROM comment WHERE id < $1 ORDER BY id DESC LIMIT $2";
/// Reasons named a network where it told something.
const MARK: &str = "UPDATE comment SET network = $2, reason = replace(reason, $3, '…') WHERE id = $1";
/// What was taught about a network goes with its mark.
const MARK_TOKEN: &str = "INSERT INTO token (hash, ham, spam) SELECT $2, ham, spam FROM token WHERE hash = $1 \
                          ON CONFLICT (hash) DO UPDATE SET ham = ham + excluded.ham, spam = spam + excluded.spam";
const FORGET_TOKEN: &str = "DELETE FROM token WHERE hash = $1";
const KNOWN: &str = "SELECT user_id, network FROM known_network";
const MARK_KNOWN: &str = "INSERT INTO known_network (user_id, network, seen_at) SELECT user_id, $3, seen_at \
                          FROM known_network WHERE user_id = $1 AND network = $2 \
                          ON CONFLICT (user_id, network) DO NOTHING";
const FORGET_KNOWN: &str = "DELETE FROM known_network WHERE user_id = $1 AND network = $2";

/// This blog's key.
pub(super) async fn key(readers: &SqlitePool) -> sqlx::Result<Arc<Key>> {
    let bytes: Vec<u8> = sqlx::query_scalar(KEY).fetch_one(readers).await?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| sqlx::Error::Protocol("the key has another length".into()))?;
    Ok(Arc::new(Key::new(bytes)))
}

impl Store {
    /// What makes marks of networks.
    pub fn networks(&self) -> &Arc<Key> {
        &self.networks
    }

    /// Marks the networks that an older version kept as they were: one step, from the newest comment on. `false`: nothing
    /// is left to do.
    pub async fn mark_networks(&self) -> Result<bool> {
        let below: CommentId = sqlx::query_scalar(PLAIN_BELOW).fetch_one(&self.readers).await?;
        if below.0 == 0 {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let known: Vec<(UserId, String)> = sqlx::query_as(KNOWN).fetch_all(&mut *write).await?;
        for (user, network) in known.into_iter().filter(|(_, network)| is_plain(network)) {
            let mark = self.networks.mark(&network);
            sqlx::query(MARK_KNOWN).bind(user).bind(network.clone()).bind(mark).execute(&mut *write).await?;
            sqlx::query(FORGET_KNOWN).bind(user).bind(network).execute(&mut *write).await?;
        }
        let slice: Vec<(CommentId, String, bool)> =
            sqlx::query_as(SLICE).bind(below).bind(AT_ONCE as i64).fetch_all(&mut *write).await?;
        let next = slice.last().filter(|_| slice.len() == AT_ONCE).map_or(0, |(id, ..)| id.0);
        for (id, network, is_lesson) in slice.into_iter().filter(|(_, network, _)| is_plain(network)) {
            let mark = self.networks.mark(&network);
            if is_lesson {
                let (old, new) = (network_hash(&network), network_hash(&mark));
                sqlx::query(MARK_TOKEN).bind(old).bind(new).execute(&mut *write).await?;
                sqlx::query(FORGET_TOKEN).bind(old).execute(&mut *write).await?;
            }
            sqlx::query(MARK).bind(id).bind(mark).bind(network).execute(&mut *write).await?;
        }
        sqlx::query(SET_PLAIN_BELOW).bind(next).execute(&mut *write).await?;
        write.commit(Change::Nothing).await?;
        Ok(next > 0)
    }
}

#[cfg(test)]
statements!(KEY, PLAIN_BELOW, SET_PLAIN_BELOW, SLICE, MARK, MARK_TOKEN, FORGET_TOKEN, KNOWN, MARK_KNOWN, FORGET_KNOWN);
