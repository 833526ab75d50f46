//! A flat list of comments becomes a thread in reading order.

use std::collections::HashMap;

use crate::model::{comment::Comment, ids::CommentId};

/// Replies are drawn indented to this depth and flat below it.
pub const MAX_DEPTH: usize = 3;

/// A comment at its place in the thread.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The comment.
    pub comment: Comment,
    /// 0 for one to the post itself, at most [`MAX_DEPTH`].
    pub depth: usize,
    /// Whom it answers, where the indentation no longer tells: name and id.
    pub in_reply_to: Option<(String, CommentId)>,
}

/// Arranges comments (oldest first) so that each stands under the one that it replies to, replies oldest first.
///
/// One whose parent is not among them stands at the top; one that is in a circle of parents, which the store cannot
/// make, does too. Costs the same for 2,000 replies to one comment as for a chain of 2,000.
pub fn arrange(comments: Vec<Comment>) -> Vec<Placed> {
    let place_of: HashMap<CommentId, usize> = comments.iter().enumerate().map(|(place, c)| (c.id, place)).collect();
    let parents: Vec<Option<usize>> = comments
        .iter()
        .enumerate()
        // A reply cannot be older than what it replies to: this also breaks circles.
        .map(|(place, c)| c.parent_id.and_then(|id| place_of.get(&id).copied()).filter(|parent| *parent < place))
        .collect();
    let mut replies: Vec<Vec<usize>> = vec![Vec::new(); comments.len()];
    let mut tops = Vec::new();
    for (place, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => replies[*parent].push(place),
            None => tops.push(place),
        }
    }
    let names: Vec<(String, CommentId)> = comments.iter().map(|c| (c.name.clone(), c.id)).collect();
    let mut comments: Vec<Option<Comment>> = comments.into_iter().map(Some).collect();
    let mut arranged = Vec::with_capacity(comments.len());
    let mut waiting: Vec<(usize, usize)> = tops.into_iter().rev().map(|place| (place, 0)).collect();
    while let Some((place, depth)) = waiting.pop() {
        waiting.extend(replies[place].iter().rev().map(|reply| (*reply, depth + 1)));
        if let Some(comment) = comments[place].take() {
            let in_reply_to = parents[place].filter(|_| depth > MAX_DEPTH).map(|parent| names[parent].clone());
            arranged.push(Placed { comment, depth: depth.min(MAX_DEPTH), in_reply_to });
        }
    }
    arranged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::time::Time;

    fn comment(id: i64, parent: Option<i64>) -> Comment {
        Comment {
            id: CommentId(id),
            uuid: String::new(),
            parent_id: parent.map(CommentId),
            is_approved: true,
            is_own: false,
            name: format!("N{id}"),
            website: None,
            html: String::new(),
            created_at: Time(id),
        }
    }

    fn shape(comments: Vec<Comment>) -> Vec<(i64, usize)> {
        arrange(comments).iter().map(|placed| (placed.comment.id.0, placed.depth)).collect()
    }

    #[test]
    fn replies_stand_under_what_they_answer_in_the_order_they_came() {
        let thread =
            vec![comment(1, None), comment(2, None), comment(3, Some(1)), comment(4, Some(2)), comment(5, Some(1))];
        assert_eq!(shape(thread), [(1, 0), (3, 1), (5, 1), (2, 0), (4, 1)]);
    }

    #[test]
    fn a_deep_thread_goes_flat_and_says_whom_it_answers() {
        let chain = (1..=2000).map(|id| comment(id, (id > 1).then_some(id - 1))).collect();
        let arranged = arrange(chain);
        assert_eq!(arranged.len(), 2000);
        assert_eq!(arranged[3].depth, 3);
        assert!(arranged[3].in_reply_to.is_none());
        assert_eq!(arranged[1999].depth, MAX_DEPTH);
        assert_eq!(arranged[1999].in_reply_to.as_ref().map(|(name, _)| name.as_str()), Some("N1999"));
    }

    proptest! {
        #[test]
        fn no_comment_is_lost_or_doubled_whatever_the_parents(parents in proptest::collection::vec(0_i64..40, 0..40)) {
            let comments: Vec<_> = (1_i64..).zip(&parents).map(|(id, parent)| comment(id, Some(*parent))).collect();
            let mut ids: Vec<_> = shape(comments.clone()).into_iter().map(|(id, _)| id).collect();
            ids.sort_unstable();
            prop_assert_eq!(ids, comments.iter().map(|c| c.id.0).collect::<Vec<_>>());
        }
    }
}
