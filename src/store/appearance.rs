//! How the blog looks: one row, there from the beginning.

use super::{Store, audit};
use crate::{
    error::Result,
    model::{appearance::Appearance, change::Change, queue::By},
};

const APPEARANCE: &str = "SELECT accent, typeface, scheme, banner, banner_alt, footer, footer_html, renderer, links, css \
                          FROM appearance WHERE id = 1";
const SAVE: &str = "UPDATE appearance SET accent = $1, typeface = $2, scheme = $3, banner = $4, banner_alt = $5, \
                    footer = $6, footer_html = $7, renderer = $8, links = $9, css = $10 WHERE id = 1";

impl Store {
    /// What the owner chose.
    pub async fn appearance(&self) -> Result<Appearance> {
        Ok(sqlx::query_as(APPEARANCE).fetch_one(&self.readers).await?)
    }

    /// Keeps it.
    pub async fn save_appearance(&self, appearance: &Appearance, by: By) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SAVE)
            .bind(appearance.accent.clone())
            .bind(appearance.typeface)
            .bind(appearance.scheme)
            .bind(appearance.banner.clone())
            .bind(appearance.banner_alt.clone())
            .bind(appearance.footer.clone())
            .bind(appearance.footer_html.clone())
            .bind(appearance.renderer)
            .bind(appearance.links.clone())
            .bind(appearance.css.clone())
            .execute(&mut *write)
            .await?;
        audit::note(&mut write, by.user, "settings-appearance", "", by.now).await?;
        write.commit(Change::Everything).await
    }
}

#[cfg(test)]
statements!(APPEARANCE, SAVE);
