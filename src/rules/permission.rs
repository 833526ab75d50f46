//! Who may do what: a role, an act, and whether it is done to one's own.

use crate::model::{
    deed::Deed,
    post::{PostKind, StoredPost},
    user::{Role, User},
};

/// What somebody may want to do at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Find a post at the desk, whatever its state.
    SeePost,
    /// Write, change, hand in or put away a draft.
    WriteDraft,
    /// Publish, schedule or unpublish a post, and change or put away one that is published or scheduled.
    Publish,
    /// Anything with a page: pages stand in the navigation.
    WritePage,
    /// Say whose names stand under a post.
    ChooseAuthors,
    /// Anything with comments.
    Moderate,
    /// Add a picture or file.
    Upload,
    /// Describe, replace or delete a picture or file: readers see at once what stands in its place.
    TendMedia,
    /// Settings, people, mail, the log.
    Rule,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::SeePost,
        Self::WriteDraft,
        Self::Publish,
        Self::WritePage,
        Self::ChooseAuthors,
        Self::Moderate,
        Self::Upload,
        Self::TendMedia,
        Self::Rule,
    ];
}

/// Whether someone in `role` may do `act`. `is_own`: to what is theirs, as a new post is.
pub fn may(role: Role, act: Act, is_own: bool) -> bool {
    match act {
        Act::Rule => role == Role::Owner,
        Act::WritePage | Act::ChooseAuthors | Act::Moderate => is_editor(role),
        Act::SeePost | Act::WriteDraft => is_editor(role) || is_own,
        Act::Publish | Act::TendMedia => is_editor(role) || (is_own && role == Role::Author),
        Act::Upload => true,
    }
}

/// Whether somebody may do this to a post as it stands.
pub fn may_do(user: &User, deed: Deed, post: &StoredPost) -> bool {
    let is_own = post.authors.contains(&user.id);
    reach(user, post) == Reach::Written
        && (!matches!(deed, Deed::Publish | Deed::Unpublish) || may(user.role, Act::Publish, is_own))
}

/// How far somebody reaches to a post as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Whether there is such a post is not theirs to know.
    Hidden,
    /// It is their own and has left their hands.
    Seen,
    /// It is theirs to write.
    Written,
}

/// How far `user` reaches to `post`.
pub fn reach(user: &User, post: &StoredPost) -> Reach {
    let may = |act| may(user.role, act, post.authors.contains(&user.id));
    if !may(Act::SeePost) || (post.kind == PostKind::Page && !may(Act::WritePage)) {
        return Reach::Hidden;
    }
    let act = if post.is_published { Act::Publish } else { Act::WriteDraft };
    if may(act) { Reach::Written } else { Reach::Seen }
}

fn is_editor(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Editor)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The acts that a role may do, to others' and to one's own.
    fn acts(role: Role, is_own: bool) -> Vec<Act> {
        Act::ALL.into_iter().filter(|act| may(role, *act, is_own)).collect()
    }

    #[test]
    fn each_role_may_do_so_much() {
        use Act::{Publish, Rule, SeePost, TendMedia, Upload, WriteDraft};
        for is_own in [false, true] {
            assert_eq!(acts(Role::Owner, is_own), Act::ALL);
            let all_but_rule: Vec<_> = Act::ALL.into_iter().filter(|act| *act != Rule).collect();
            assert_eq!(acts(Role::Editor, is_own), all_but_rule);
        }
        assert_eq!(acts(Role::Author, true), [SeePost, WriteDraft, Publish, Upload, TendMedia]);
        assert_eq!(acts(Role::Contributor, true), [SeePost, WriteDraft, Upload]);
        assert_eq!((acts(Role::Author, false), acts(Role::Contributor, false)), (vec![Upload], vec![Upload]));
    }
}
