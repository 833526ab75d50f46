//! What can be done with a draft beside writing it: it is shared by a link, and new posts begin as copies of it.

use sqlx::SqliteConnection;

use super::{Store, admin_post, audit};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{PostId, UserId},
        post::{Json, PostKind},
        queue::By,
        revision::DraftLink,
        time::Time,
        user::Author,
    },
};

/// More links than this to one draft are a mistake.
const MOST_LINKS: i64 = 20;
/// So many templates are offered.
const MOST_TEMPLATES: i64 = 20;

const LINKS: &str = "SELECT token, post_id, created_at FROM draft_link WHERE post_id = $1 ORDER BY created_at, token";
const LINK: &str = "SELECT draft_link.post_id, draft_link.user_id FROM draft_link JOIN post ON post.id = draft_link.post_id \
                    WHERE draft_link.token = $1 AND post.trashed_at IS NULL";
const ADD_LINK: &str = "INSERT INTO draft_link (token, post_id, user_id, created_at) SELECT $1, $2, $3, $4 \
     WHERE (SELECT count(*) FROM draft_link WHERE post_id = $2) < $5";
const DROP_LINK: &str = "DELETE FROM draft_link WHERE post_id = $1 AND token = $2";
const IS_TEMPLATE: &str = "SELECT count(*) FROM template WHERE post_id = $1";
const ADD_TEMPLATE: &str = "INSERT INTO template (post_id) VALUES ($1) ON CONFLICT (post_id) DO NOTHING";
const DROP_TEMPLATE: &str = "DELETE FROM template WHERE post_id = $1";
const TEMPLATES: &str = "SELECT post.id, post.title FROM template CROSS JOIN post \
     WHERE post.id = template.post_id AND post.kind = $1 AND post.trashed_at IS NULL ORDER BY post.id LIMIT $2";
const AUTHORS: &str = "SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
     (SELECT user.name, user.slug FROM post_author JOIN user ON user.id = post_author.user_id \
     WHERE post_author.post_id = $1 ORDER BY post_author.position)";

impl Store {
    /// The links by which a draft is shared.
    pub async fn draft_links(&self, post: PostId) -> Result<Vec<DraftLink>> {
        Ok(sqlx::query_as(LINKS).bind(post).fetch_all(&self.readers).await?)
    }

    /// The draft that a link shows, and who made the link, where that is known.
    pub async fn shared_draft(&self, token: &str) -> Result<Option<(PostId, Option<UserId>)>> {
        Ok(sqlx::query_as(LINK).bind(token).fetch_optional(&self.readers).await?)
    }

    /// Shares a draft by a new link.
    pub async fn share_draft(&self, post: PostId, token: &str, by: UserId, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(ADD_LINK).bind(token).bind(post).bind(by).bind(now).bind(MOST_LINKS).execute(&mut *write).await?;
        note(&mut write, post, "share", By { user: Some(by), now }).await?;
        write.commit(Change::Nothing).await
    }

    /// From now on the link shows nothing.
    pub async fn unshare_draft(&self, post: PostId, token: &str, by: By) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(DROP_LINK).bind(post).bind(token).execute(&mut *write).await?;
        note(&mut write, post, "unshare", by).await?;
        write.commit(Change::Nothing).await
    }

    /// Whether new posts can begin as copies of this one.
    pub async fn is_template(&self, post: PostId) -> Result<bool> {
        let found: i64 = sqlx::query_scalar(IS_TEMPLATE).bind(post).fetch_one(&self.readers).await?;
        Ok(found > 0)
    }

    /// Lets new posts begin as copies of this one, or no longer.
    pub async fn set_template(&self, post: PostId, is_template: bool) -> Result<()> {
        let mut write = self.write().await?;
        let statement = if is_template { ADD_TEMPLATE } else { DROP_TEMPLATE };
        sqlx::query(statement).bind(post).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Those that new posts of a kind can begin as copies of: id and title.
    pub async fn templates(&self, kind: PostKind) -> Result<Vec<(PostId, String)>> {
        Ok(sqlx::query_as(TEMPLATES).bind(kind).bind(MOST_TEMPLATES).fetch_all(&self.readers).await?)
    }

    /// The names under a post, whatever its state.
    pub async fn authors_of(&self, post: PostId) -> Result<Vec<Author>> {
        let Json(authors): Json<Vec<Author>> =
            sqlx::query_scalar(AUTHORS).bind(post).fetch_optional(&self.readers).await?.ok_or(Error::NotFound)?;
        Ok(authors)
    }
}

async fn note(write: &mut SqliteConnection, post: PostId, act: &'static str, by: By) -> Result<()> {
    let title = admin_post::stored_post(write, post).await?.map(|post| post.title);
    audit::note(write, by.user, act, &title.unwrap_or_default(), by.now).await
}

#[cfg(test)]
statements!(LINKS, LINK, ADD_LINK, DROP_LINK, IS_TEMPLATE, ADD_TEMPLATE, DROP_TEMPLATE, TEMPLATES, AUTHORS);
