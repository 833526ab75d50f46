//! What a writer or an importer brings becomes everything that is kept of a post: rendered, cleaned and counted.

use std::collections::HashMap;

use super::{
    markdown::{self, RenderError},
    plain, slug,
};
use crate::model::{
    ids::UserId,
    media::Shown,
    post::{Meta, PostComments, PostContent, anchor},
    time::Time,
};

/// How much of the text stands for an excerpt that nobody wrote, in characters.
pub const SUMMARY: usize = 200;

/// A post as typed, its lines cleaned.
#[derive(Clone, Debug)]
pub struct Manuscript {
    /// Names the post in feeds for ever.
    pub uuid: String,
    /// Plain text.
    pub title: String,
    /// A valid slug; `None`: follows the title.
    pub slug: Option<String>,
    /// Markdown.
    pub source: String,
    /// Plain text; may be empty.
    pub excerpt: String,
    /// Names; those that make no slug are left out, and of two that make the same the first stays.
    pub tags: Vec<String>,
    /// Whether readers may add to the thread.
    pub comments: PostComments,
    /// When to publish, or when it was published.
    pub published_at: Option<Time>,
    /// Whose names stand under it, in order; none: those that do.
    pub authors: Vec<UserId>,
    /// What machines are told.
    pub meta: Meta,
}

/// Renders a manuscript; `pictures` as in [`markdown::post`]. Takes milliseconds: run it off the async threads.
///
/// # Errors
/// When the text is nested too deeply or too long to be drawn.
pub fn content(manuscript: Manuscript, pictures: &HashMap<String, Shown>) -> Result<PostContent, RenderError> {
    let Manuscript { uuid, title, slug, source, excerpt, tags, comments, published_at, authors, meta } = manuscript;
    let rendered = markdown::post(&source, pictures, &anchor(&uuid))?;
    let mut slugged: Vec<(String, String)> = Vec::new();
    for name in tags {
        let slug = slug::tag(&name);
        if !slug.is_empty() && slugged.iter().all(|(_, known)| *known != slug) {
            slugged.push((name, slug));
        }
    }
    Ok(PostContent {
        uuid,
        slug,
        title_slug: slug::slug(&title),
        title,
        source,
        media: markdown::media_of(&rendered.html),
        html: rendered.html,
        lead: rendered.lead,
        renderer: markdown::RENDERER,
        summary: if excerpt.is_empty() { plain::excerpt(&rendered.text, SUMMARY) } else { excerpt.clone() },
        excerpt,
        words: i64::try_from(plain::words(&rendered.text)).unwrap_or(i64::MAX),
        text: rendered.text,
        tags: slugged,
        comments,
        published_at,
        authors,
        meta,
    })
}
