//! The thread under a post, a part at a time, and where in it a comment stands.

use std::sync::Arc;

use crate::{
    app::App,
    error::Result,
    model::{
        comment::Node,
        ids::{CommentId, PostId},
    },
    rules::thread::{self, Part, Placed},
    web::layout::Layout,
};

/// Part of a thread, ready to be drawn.
pub struct Thread {
    /// Its comments.
    pub comments: Vec<Placed>,
    /// Which part it is.
    pub part: Part,
    /// Whether readers see this part first.
    pub is_first_seen: bool,
}

impl Thread {
    /// The part of this number, or the one that readers see first. `count`: the comments of the post that readers see.
    /// `None`: there is no such part.
    pub async fn of(app: &App, l: &Layout, post: PostId, count: i64, number: Option<usize>) -> Result<Option<Self>> {
        let (per_page, newest_first) = (l.settings.comments_per_page as usize, l.settings.newest_comments_first);
        // Most threads are one part: they need no second question.
        let is_short = !has_parts(l, count);
        let mut comments = Vec::new();
        let nodes: Arc<Vec<Node>> = if is_short {
            comments = app.store.thread(post).await?;
            Arc::new(comments.iter().map(|comment| comment.node()).collect())
        } else {
            app.store.thread_nodes(post).await?
        };
        let spots = thread::order(&nodes, newest_first);
        let Some(part) = thread::part(&spots, per_page, newest_first, number) else { return Ok(None) };
        let first_seen = if newest_first { part.count } else { 1 };
        let spots = spots.get(part.spots.clone()).unwrap_or_default();
        if !is_short {
            let ids: Vec<CommentId> = spots.iter().filter_map(|spot| Some(nodes.get(spot.node)?.id)).collect();
            comments = app.store.comments(&ids).await?;
        }
        let is_first_seen = part.number == first_seen;
        Ok(Some(Self { comments: thread::placed(&nodes, spots, comments), part, is_first_seen }))
    }

    /// The number of the part before this one in reading order.
    pub fn before(&self, newest_first: bool) -> Option<usize> {
        if newest_first { self.later() } else { self.earlier() }
    }

    /// The number of the part after this one in reading order.
    pub fn after(&self, newest_first: bool) -> Option<usize> {
        if newest_first { self.earlier() } else { self.later() }
    }

    fn earlier(&self) -> Option<usize> {
        (self.part.number > 1).then(|| self.part.number - 1)
    }

    fn later(&self) -> Option<usize> {
        (self.part.number < self.part.count).then(|| self.part.number + 1)
    }
}

/// Whether a thread of so many comments may have more than one part.
pub fn has_parts(l: &Layout, count: i64) -> bool {
    count > i64::from(l.settings.comments_per_page)
}

/// Where readers find a comment that they see: path, part and place of it.
pub async fn address(app: &App, l: &Layout, post: PostId, path: &str, count: i64, id: CommentId) -> Result<String> {
    let (per_page, newest_first) = (l.settings.comments_per_page as usize, l.settings.newest_comments_first);
    if !has_parts(l, count) {
        return Ok(format!("/{path}#comment-{id}"));
    }
    let nodes = app.store.thread_nodes(post).await?;
    let spots = thread::order(&nodes, newest_first);
    let part = nodes.iter().position(|node| node.id == id);
    let part = part.and_then(|node| thread::part_of(&spots, per_page, newest_first, node));
    let first_seen = thread::part(&spots, per_page, newest_first, None).map(|part| part.number);
    Ok(match part.filter(|part| Some(*part) != first_seen) {
        Some(part) => format!("/{path}?thread={part}#comment-{id}"),
        None => format!("/{path}#comment-{id}"),
    })
}
