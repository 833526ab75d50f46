//! Texts that were rendered by an older renderer, or with pictures that have changed since, are rendered again.

use super::{Store, library};
use crate::{
    error::Result,
    model::{change::Change, ids::PostId, post::PostKind},
};

/// Texts in one step.
const AT_ONCE: u32 = 8;

const OLD: &str = "SELECT post_text.post_id AS id, post.uuid, post.kind, post.month IS NOT NULL OR post.kind = 'page' AS is_seen, \
     post_text.source FROM post_text JOIN post ON post.id = post_text.post_id WHERE post_text.renderer < $1 \
     ORDER BY post_text.renderer LIMIT $2";
const OLD_FOOT: &str = "SELECT footer FROM appearance WHERE id = 1 AND footer <> '' AND renderer < $1";
const FOOT_REDRAWN: &str = "UPDATE appearance SET footer_html = coalesce($3, footer_html), renderer = $2 \
     WHERE id = 1 AND footer = $1";
/// Whoever saved it meanwhile has rendered it.
const REDRAWN: &str = "UPDATE post_text SET renderer = $3, html = coalesce($4, html), \
     lead = CASE WHEN $4 IS NULL THEN lead ELSE $5 END WHERE post_id = $1 AND source = $2 RETURNING post_id";

/// A text to be rendered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OldText {
    /// Whose it is.
    pub id: PostId,
    /// Names the post; its anchors are made of it.
    pub uuid: String,
    /// Post or page.
    pub kind: PostKind,
    /// Whether readers may see it.
    is_seen: bool,
    /// Markdown.
    pub source: String,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Redrawn {
    /// The text.
    pub text: OldText,
    /// The HTML, and that of its lead; `None` where this renderer refuses what an older one did not: then all stays.
    pub html: Option<(String, Option<String>)>,
    /// The files that it shows or links to.
    pub media: Vec<String>,
}

impl Store {
    /// Texts that an older renderer than this made.
    pub async fn old_texts(&self, renderer: i64) -> Result<Vec<OldText>> {
        Ok(sqlx::query_as(OLD).bind(renderer).bind(AT_ONCE).fetch_all(&self.readers).await?)
    }

    /// The foot of every page, if an older renderer than this made it.
    pub async fn old_foot(&self, renderer: i64) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(OLD_FOOT).bind(renderer).fetch_optional(&self.readers).await?)
    }

    /// Keeps what `renderer` made of that, as [`Redrawn::html`].
    pub async fn keep_foot(&self, renderer: i64, foot: &str, html: Option<&str>) -> Result<()> {
        let mut write = self.write().await?;
        let keep = sqlx::query(FOOT_REDRAWN).bind(foot.to_owned()).bind(renderer).bind(html.map(str::to_owned));
        keep.execute(&mut *write).await?;
        write.commit(Change::Everything).await
    }

    /// Keeps what `renderer` made of some.
    pub async fn keep_redrawn(&self, renderer: i64, redrawn: &[Redrawn]) -> Result<()> {
        let mut write = self.write().await?;
        let (mut pages, mut is_everywhere) = (Vec::new(), false);
        for Redrawn { text, html, media } in redrawn {
            let (html, lead) = html.clone().map_or((None, None), |(html, lead)| (Some(html), lead));
            let kept: Option<PostId> = sqlx::query_scalar(REDRAWN)
                .bind(text.id)
                .bind(text.source.clone())
                .bind(renderer)
                .bind(html.clone())
                .bind(lead)
                .fetch_optional(&mut *write)
                .await?;
            if kept.is_some() && html.is_some() {
                library::note_uses(&mut write, text.id, media).await?;
                is_everywhere |= text.is_seen && text.kind == PostKind::Page;
                pages.extend(kept.filter(|_| text.is_seen));
            }
        }
        let change = match (is_everywhere, pages.is_empty()) {
            (true, _) => Change::Everything,
            (false, true) => Change::Nothing,
            (false, false) => Change::Posts { pages, due: None },
        };
        write.commit(change).await
    }
}

#[cfg(test)]
statements!(OLD, OLD_FOOT, FOOT_REDRAWN, REDRAWN);
