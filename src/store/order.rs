//! The order of long threads, kept in memory: while a thread grows, each comment that comes ends its page, and what stood
//! there before need not be read again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Store, comment::NODES};
use crate::{
    error::Result,
    model::{
        change::Moment,
        comment::Node,
        ids::{CommentId, PostId},
        post::Json,
    },
};

/// So many threads are kept; few are long, and fewer grow at once.
const KEPT: usize = 16;

/// What came to a thread since. Ids rise in the order of the writes.
const NEWER: &str = "SELECT coalesce(json_group_array(json_array(id, parent_id, is_pinned, created_at)), '[]') FROM \
     (SELECT comment.id, comment.parent_id, comment.pinned_at IS NOT NULL AS is_pinned, comment.created_at FROM comment \
      WHERE comment.post_id = $1 AND comment.id > $2 AND +comment.state = 'approved')";

/// The orders that are kept.
#[derive(Debug, Default)]
pub(super) struct Orders(Mutex<HashMap<PostId, Order>>);

#[derive(Clone, Debug)]
struct Order {
    /// Before it was read.
    since: Moment,
    nodes: Arc<Vec<Node>>,
    /// The highest id that had been given.
    last: CommentId,
}

impl Orders {
    fn of(&self, post: PostId) -> Option<Order> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&post).cloned()
    }

    fn keep(&self, post: PostId, order: Order) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&post) {
            let oldest = kept.iter().min_by_key(|(_, order)| order.since).map(|(post, _)| *post);
            oldest.and_then(|post| kept.remove(&post));
        }
        kept.insert(post, order);
    }
}

impl Order {
    fn new(since: Moment, nodes: Vec<Node>) -> Self {
        let last = nodes.iter().map(|node| node.id).max().unwrap_or(CommentId(0));
        Self { since, nodes: Arc::new(nodes), last }
    }

    /// With what came since, each at its place: what was sent first may be written last.
    fn and(self, newer: Vec<Node>) -> Self {
        let mut nodes = Arc::unwrap_or_clone(self.nodes);
        for node in newer {
            let place = nodes.partition_point(|other| other.place() < node.place());
            nodes.insert(place, node);
        }
        Self::new(self.since, nodes)
    }
}

impl Store {
    /// The order of a thread: what readers see of a post and what that answers, oldest first, without the words.
    pub async fn thread_nodes(&self, post: PostId) -> Result<Arc<Vec<Node>>> {
        let since = self.changes().moment();
        let kept = self.orders.of(post).filter(|order| self.changes().order_holds(post, order.since));
        let order = match kept {
            Some(order) => {
                let newer: Json<Vec<Node>> =
                    sqlx::query_scalar(NEWER).bind(post).bind(order.last).fetch_one(&self.readers).await?;
                if newer.is_empty() {
                    return Ok(order.nodes);
                }
                order.and(newer.0)
            }
            None => {
                let nodes: Json<Vec<Node>> = sqlx::query_scalar(NODES).bind(post).fetch_one(&self.readers).await?;
                Order::new(since, nodes.0)
            }
        };
        let nodes = order.nodes.clone();
        self.orders.keep(post, order);
        Ok(nodes)
    }
}

#[cfg(test)]
statements!(NEWER);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Time;

    fn node(id: i64, sent: i64) -> Node {
        Node { id: CommentId(id), parent_id: None, is_pinned: false, created_at: Time(sent) }
    }

    #[test]
    fn what_was_sent_first_stands_first_whichever_was_written_first() {
        let since = crate::model::change::Changes::default().moment();
        let order = Order::new(since, vec![node(1, 10), node(2, 20)]).and(vec![node(3, 15), node(4, 30)]);
        let ids: Vec<i64> = order.nodes.iter().map(|node| node.id.0).collect();
        assert_eq!((ids, order.last), (vec![1, 3, 2, 4], CommentId(4)));
    }

    #[test]
    fn no_more_threads_are_kept_than_that() {
        let (orders, changes) = (Orders::default(), crate::model::change::Changes::default());
        for post in 0..2 * KEPT as i64 {
            changes.note(&crate::model::change::Change::Comment(PostId(post)));
            orders.keep(PostId(post), Order::new(changes.moment(), Vec::new()));
        }
        assert!(orders.of(PostId(0)).is_none() && orders.of(PostId(2 * KEPT as i64 - 1)).is_some());
    }
}
