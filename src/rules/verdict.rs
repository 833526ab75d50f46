//! What becomes of a comment: signals in, verdict with reasons out.

use crate::model::settings::CommentHold;

/// So many links make a comment wait.
pub const MANY_LINKS: usize = 3;

/// What is known of a comment when it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Signals {
    /// Written by the blog's own people, signed in.
    pub is_own: bool,
    /// The same name and e-mail address had a comment approved before.
    pub is_known: bool,
    /// The field that people do not see was filled in.
    pub trap_filled: bool,
    /// Links in the text.
    pub links: usize,
}

/// Why a comment waits; each names a word in `locales/` that the moderator reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The owner holds every comment.
    HoldAll,
    /// The first from this name and address.
    FirstTime,
    /// [`MANY_LINKS`] or more.
    ManyLinks,
    /// Only a machine fills that field.
    Trap,
}

impl Reason {
    /// As kept in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HoldAll => "hold-all",
            Self::FirstTime => "first-time",
            Self::ManyLinks => "many-links",
            Self::Trap => "trap",
        }
    }
}

/// What becomes of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Readers see it at once.
    Approve,
    /// A moderator decides.
    Hold(Vec<Reason>),
    /// Kept with the spam, where a moderator can still find it.
    Spam(Vec<Reason>),
}

/// Judges a comment under the owner's policy.
pub fn judge(signals: Signals, policy: CommentHold) -> Verdict {
    if signals.is_own {
        return Verdict::Approve;
    }
    if signals.trap_filled {
        return Verdict::Spam(vec![Reason::Trap]);
    }
    let policy = match policy {
        CommentHold::All => Some(Reason::HoldAll),
        CommentHold::First if !signals.is_known => Some(Reason::FirstTime),
        CommentHold::First | CommentHold::None => None,
    };
    let links = (signals.links >= MANY_LINKS).then_some(Reason::ManyLinks);
    let reasons: Vec<Reason> = policy.into_iter().chain(links).collect();
    if reasons.is_empty() { Verdict::Approve } else { Verdict::Hold(reasons) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: Signals = Signals { is_own: false, is_known: false, trap_filled: false, links: 0 };

    #[test]
    fn the_owners_policy_decides_whose_comments_wait() {
        let known = Signals { is_known: true, ..STRANGER };
        assert_eq!(judge(STRANGER, CommentHold::All), Verdict::Hold(vec![Reason::HoldAll]));
        assert_eq!(judge(known, CommentHold::All), Verdict::Hold(vec![Reason::HoldAll]));
        assert_eq!(judge(STRANGER, CommentHold::First), Verdict::Hold(vec![Reason::FirstTime]));
        assert_eq!(judge(known, CommentHold::First), Verdict::Approve);
        assert_eq!(judge(STRANGER, CommentHold::None), Verdict::Approve);
    }

    #[test]
    fn links_make_even_a_known_name_wait_and_the_trap_makes_spam() {
        let links = Signals { is_known: true, links: MANY_LINKS, ..STRANGER };
        assert_eq!(judge(links, CommentHold::First), Verdict::Hold(vec![Reason::ManyLinks]));
        assert_eq!(judge(Signals { links: 2, ..links }, CommentHold::First), Verdict::Approve);
        let trapped = Signals { trap_filled: true, ..links };
        assert_eq!(judge(trapped, CommentHold::None), Verdict::Spam(vec![Reason::Trap]));
        assert_eq!(judge(Signals { is_own: true, ..trapped }, CommentHold::All), Verdict::Approve);
    }
}
