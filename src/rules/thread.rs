//! A flat list of comments becomes a thread in reading order.

use std::{collections::HashMap, ops::Range};

use crate::model::{
    comment::{Comment, Node},
    ids::CommentId,
};

/// Replies are drawn indented to this depth and flat below it.
pub const MAX_DEPTH: usize = 3;

/// A place in a thread, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Which of the nodes stands here.
    pub node: usize,
    /// 0 for one to the post itself.
    pub depth: usize,
    /// Which of the nodes it answers, if that is among them.
    pub parent: Option<usize>,
}

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

/// Orders comments (oldest first) so that each stands under the one that it replies to, replies oldest first.
///
/// One whose parent is not among them stands at the top; one that is in a circle of parents, which the store cannot
/// make, does too. Costs the same for 2,000 replies to one comment as for a chain of 2,000.
pub fn order(nodes: &[Node], newest_first: bool) -> Vec<Spot> {
    let place_of: HashMap<CommentId, usize> = nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
    // A reply may be older than what it answers: clocks were wrong, or another system kept whole minutes.
    let mut parents: Vec<Option<usize>> =
        nodes.iter().map(|node| node.parent_id.and_then(|id| place_of.get(&id).copied())).collect();
    cut_circles(&mut parents);
    let mut replies: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut tops = Vec::new();
    for (place, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => replies[*parent].push(place),
            None => tops.push(place),
        }
    }
    if !newest_first {
        tops.reverse();
    }
    // What stands last here comes first: those that are pinned, in their order.
    tops.sort_by_key(|place| nodes[*place].is_pinned);
    let mut spots = Vec::with_capacity(nodes.len());
    let mut waiting: Vec<(usize, usize)> = tops.into_iter().map(|place| (place, 0)).collect();
    while let Some((node, depth)) = waiting.pop() {
        waiting.extend(replies[node].iter().rev().map(|reply| (*reply, depth + 1)));
        spots.push(Spot { node, depth, parent: parents[node] });
    }
    spots
}

/// Has the first of each circle of parents answer nobody.
fn cut_circles(parents: &mut [Option<usize>]) {
    // On whose way up a node was met first.
    let mut met_by = vec![None; parents.len()];
    for start in 0..parents.len() {
        let mut at = start;
        while met_by[at].is_none() {
            met_by[at] = Some(start);
            match parents[at] {
                Some(parent) if met_by[parent] == Some(start) => parents[parent] = None,
                Some(parent) => at = parent,
                None => {}
            }
        }
    }
}

/// Part of a long thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number, from 1. Counted from the oldest, whatever stands first, so that a part keeps its number.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// Its spots.
    pub spots: Range<usize>,
}

/// Cuts a thread into parts of so many comments to the post itself, each with all its replies. `number`: which one, or the
/// one that readers see first. `None`: there is no such part.
pub fn part(spots: &[Spot], per_page: usize, newest_first: bool, number: Option<usize>) -> Option<Part> {
    let tops: Vec<usize> = spots.iter().enumerate().filter(|(_, spot)| spot.depth == 0).map(|(at, _)| at).collect();
    let per_page = per_page.max(1);
    let count = tops.len().div_ceil(per_page).max(1);
    let number = number.unwrap_or(if newest_first { count } else { 1 });
    if !(1..=count).contains(&number) {
        return None;
    }
    let (from, to) = ((number - 1) * per_page, (number * per_page).min(tops.len()));
    // Where the newest stand first, the first part is the last of the list, and the only one that may be short.
    let (from, to) = if newest_first { (tops.len() - to, tops.len() - from) } else { (from, to) };
    let at = |top: usize| tops.get(top).copied().unwrap_or(spots.len());
    Some(Part { number, count, spots: at(from)..at(to) })
}

/// The number of the part in which a node stands.
pub fn part_of(spots: &[Spot], per_page: usize, newest_first: bool, node: usize) -> Option<usize> {
    let at = spots.iter().position(|spot| spot.node == node)?;
    let before = spots[..=at].iter().filter(|spot| spot.depth == 0).count().saturating_sub(1);
    let tops = spots.iter().filter(|spot| spot.depth == 0).count();
    let from_oldest = if newest_first { tops.saturating_sub(before + 1) } else { before };
    Some(from_oldest / per_page.max(1) + 1)
}

/// Puts comments at their spots; one that is not among `comments` is left out.
pub fn placed(nodes: &[Node], spots: &[Spot], comments: Vec<Comment>) -> Vec<Placed> {
    let names: HashMap<CommentId, String> = comments.iter().map(|c| (c.id, c.name.clone())).collect();
    let mut comments: HashMap<CommentId, Comment> = comments.into_iter().map(|c| (c.id, c)).collect();
    let name_of = |node: usize| {
        let id = nodes[node].id;
        Some((names.get(&id)?.clone(), id))
    };
    let placed = |spot: &Spot| {
        let comment = comments.remove(&nodes[spot.node].id)?;
        let in_reply_to = spot.parent.filter(|_| spot.depth > MAX_DEPTH).and_then(name_of);
        Some(Placed { comment, depth: spot.depth.min(MAX_DEPTH), in_reply_to })
    };
    spots.iter().filter_map(placed).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::time::Time;

    fn node(id: i64, parent: Option<i64>) -> Node {
        Node { id: CommentId(id), parent_id: parent.map(CommentId), is_pinned: false, created_at: Time(id) }
    }

    fn shape(nodes: &[Node], newest_first: bool) -> Vec<(i64, usize)> {
        order(nodes, newest_first).iter().map(|spot| (nodes[spot.node].id.0, spot.depth)).collect()
    }

    #[test]
    fn replies_stand_under_what_they_answer_in_the_order_they_came() {
        let thread = [node(1, None), node(2, None), node(3, Some(1)), node(4, Some(2)), node(5, Some(1))];
        assert_eq!(shape(&thread, false), [(1, 0), (3, 1), (5, 1), (2, 0), (4, 1)]);
        assert_eq!(shape(&thread, true), [(2, 0), (4, 1), (1, 0), (3, 1), (5, 1)]);
    }

    #[test]
    fn a_reply_stands_under_what_it_answers_even_if_it_is_dated_before_it() {
        let thread = [node(1, Some(3)), node(2, Some(1)), node(3, None), node(4, None)];
        assert_eq!(shape(&thread, false), [(3, 0), (1, 1), (2, 2), (4, 0)]);
        let circle = [node(1, Some(2)), node(2, Some(1)), node(3, Some(3))];
        assert_eq!(shape(&circle, false), [(1, 0), (2, 1), (3, 0)]);
    }

    #[test]
    fn what_is_pinned_stands_first_with_its_replies() {
        let pinned = |id| Node { is_pinned: true, ..node(id, None) };
        let thread = [node(1, None), node(2, Some(1)), pinned(3), node(4, Some(3)), pinned(5)];
        assert_eq!(shape(&thread, false), [(3, 0), (4, 1), (5, 0), (1, 0), (2, 1)]);
        assert_eq!(shape(&thread, true), [(5, 0), (3, 0), (4, 1), (1, 0), (2, 1)]);
    }

    #[test]
    fn a_thread_of_two_thousand_replies_in_a_row_is_ordered() {
        let chain: Vec<_> = (1..=2000).map(|id| node(id, (id > 1).then_some(id - 1))).collect();
        let spots = order(&chain, false);
        assert_eq!(spots.len(), 2000);
        assert_eq!(spots[1999], Spot { node: 1999, depth: 1999, parent: Some(1998) });
    }

    #[test]
    fn a_part_has_so_many_comments_to_the_post_with_all_their_replies() {
        // Tops 1, 2, 4, 5; 3 answers 1.
        let thread = [node(1, None), node(2, None), node(3, Some(1)), node(4, None), node(5, None)];
        let ids = |newest_first, number| {
            let spots = order(&thread, newest_first);
            let part = part(&spots, 3, newest_first, number)?;
            let ids: Vec<_> = spots[part.spots].iter().map(|spot| thread[spot.node].id.0).collect();
            Some((part.number, part.count, ids))
        };
        assert_eq!(ids(false, None), Some((1, 2, vec![1, 3, 2, 4])));
        assert_eq!(ids(false, Some(2)), Some((2, 2, vec![5])));
        assert_eq!(ids(false, Some(3)), None);
        assert_eq!(ids(false, Some(0)), None);
        assert_eq!(ids(true, None), Some((2, 2, vec![5])));
        assert_eq!(ids(true, Some(1)), Some((1, 2, vec![4, 2, 1, 3])));
        assert_eq!(part(&[], 3, false, None), Some(Part { number: 1, count: 1, spots: 0..0 }));
    }

    proptest! {
        #[test]
        fn every_comment_stands_in_one_part_once_whatever_the_parents(
            parents in proptest::collection::vec(0_i64..40, 0..40), per_page in 1_usize..7, newest_first: bool,
        ) {
            let nodes: Vec<_> = (1_i64..).zip(&parents).map(|(id, parent)| node(id, Some(*parent))).collect();
            let spots = order(&nodes, newest_first);
            let count = part(&spots, per_page, newest_first, None).map_or(0, |part| part.count);
            let mut seen = Vec::new();
            for number in 1..=count {
                let part = part(&spots, per_page, newest_first, Some(number));
                for spot in part.map(|part| &spots[part.spots]).into_iter().flatten() {
                    prop_assert_eq!(part_of(&spots, per_page, newest_first, spot.node), Some(number));
                    seen.push(spot.node);
                }
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..nodes.len()).collect::<Vec<_>>());
        }
    }
}
