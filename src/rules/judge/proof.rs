//! How well the judge does, by the blog's own decisions: each is judged by what others taught.

use super::{
    Outcome, Signals,
    bayes::{Counts, Token, tokens},
    judge,
    traits::Traits,
};
use crate::model::{
    comment::{Lesson, Written},
    settings::{CommentHold, CommentPolicy},
};

/// Decisions are dealt into so many hands; each hand is judged by what the others taught.
const FOLDS: usize = 5;

/// How many were judged, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Approved by a moderator.
    pub ham: Judged,
    /// Called spam by a moderator.
    pub spam: Judged,
}

/// What became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// All of them.
    pub all: u32,
    /// Would have waited.
    pub held: u32,
    /// Would have been called spam.
    pub spam: u32,
}

/// A decision of a moderator, as far as it teaches.
#[derive(Clone, Debug)]
pub struct Decision {
    traits: Traits,
    tokens: Vec<Token>,
    lesson: Lesson,
}

impl Decision {
    /// About a comment.
    pub fn new(written: &Written, lesson: Lesson) -> Self {
        let traits = Traits::of_text(written);
        Self { tokens: tokens(written, &traits), traits, lesson }
    }
}

/// Judges each decision by its text alone and by what at most `lessons` decisions in other hands taught.
pub fn cross_validate(decisions: &[Decision], policy: &CommentPolicy, lessons: usize) -> Proof {
    let mut proof = Proof::default();
    for fold in 0..FOLDS {
        let (judged, teachers): (Vec<_>, Vec<_>) = decisions.iter().enumerate().partition(|(at, _)| at % FOLDS == fold);
        let mut counts = Counts::default();
        let (few, all) = (lessons.min(teachers.len()), teachers.len());
        // From all over, not from the beginning alone.
        let chosen = teachers.iter().enumerate().filter(|(at, _)| at * few % all < few);
        for (_, (_, decision)) in chosen {
            counts.learn(&decision.tokens, decision.lesson, 1.0);
        }
        for (_, decision) in judged {
            proof.note(decision, &counts, policy);
        }
    }
    proof
}

impl Proof {
    fn note(&mut self, decision: &Decision, counts: &Counts, policy: &CommentPolicy) {
        let signals = Signals {
            opinion: counts.opinion(&decision.tokens, 1.0),
            spam_host: counts.spam_host(&decision.traits, 1.0),
            traits: decision.traits.clone(),
            ..Signals::default()
        };
        let judged = match decision.lesson {
            Lesson::Ham => &mut self.ham,
            Lesson::Spam => &mut self.spam,
        };
        judged.all += 1;
        match judge(&signals, CommentHold::None, policy).outcome {
            Outcome::Approve => {}
            Outcome::Hold => judged.held += 1,
            Outcome::Spam => judged.spam += 1,
        }
    }
}
