//! What other settings would have done to the comments that came lately.

use super::{
    Signals, Verdict,
    bayes::{Counts, Token, tokens, weight},
    judge,
    lists::Lists,
    reason::{Reason, What},
    recent::{Recent, Trace},
    traits::Traits,
};
use crate::{
    model::{
        comment::PastComment,
        language::Language,
        settings::{CommentHold, CommentPolicy},
        time::Time,
    },
    rules::network::Key,
};

/// A comment, with what it shows.
pub struct Replayed {
    /// As it came.
    pub past: PastComment,
    traits: Traits,
    tokens: Vec<Token>,
}

impl Replayed {
    /// Reads comments again, on a blog in `language`.
    pub fn read(past: Vec<PastComment>, language: Language) -> Vec<Self> {
        let read = |past: PastComment| {
            let traits = Traits::of(&past.written, language);
            Self { tokens: tokens(&past.written, &traits), traits, past }
        };
        past.into_iter().filter(|past| !past.is_own).map(read).collect()
    }

    /// What must be known of the filter to judge them.
    pub fn tokens(all: &[Self]) -> Vec<Token> {
        let mut tokens: Vec<Token> = all.iter().flat_map(|one| one.tokens.iter().cloned()).collect();
        tokens.sort_unstable_by_key(|token| token.hash);
        tokens.dedup_by_key(|token| token.hash);
        tokens
    }
}

/// Judges comments, oldest first, by what the filter knows now, but for what each of them taught it itself.
pub fn replay(
    all: &[Replayed],
    mut counts: Counts,
    hold: CommentHold,
    policy: &CommentPolicy,
    key: &Key,
    now: Time,
) -> Vec<Verdict> {
    let lists = Lists::read(policy, key);
    let mut recent = Recent::default();
    let mut verdicts = Vec::with_capacity(all.len());
    for Replayed { past, traits, tokens } in all {
        let taught = past.trained.zip(past.trained_at.map(weight));
        if let Some((lesson, weight)) = taught {
            counts.learn(tokens, lesson, -weight);
        }
        let trace = Trace::of(&past.written, traits, past.created_at);
        let reasons = Reason::all(&past.reason);
        let told = |what: What| reasons.iter().find(|reason| reason.what == what);
        let signals = Signals {
            is_own: past.is_own,
            is_trapped: told(What::Trap).is_some(),
            seconds: told(What::Fast).and_then(|reason| reason.detail.parse().ok()),
            approved_before: past.approved_before,
            was_approved: false,
            company: recent.company(&trace),
            post_days: past.published_at.map_or(0, |published_at| past.created_at.days_since(published_at)),
            listed: lists.find(&past.written, traits),
            trusted: lists.trusts(&past.written),
            spam_host: counts.spam_host(traits, weight(now)),
            opinion: counts.opinion(tokens, weight(now)),
            has_worked: told(What::Worked).is_some(),
            outside: told(What::Outside).and_then(|reason| reason.points).unwrap_or(0),
            traits: traits.clone(),
        };
        verdicts.push(judge(&signals, hold, policy));
        recent.add(trace);
        if let Some((lesson, weight)) = taught {
            counts.learn(tokens, lesson, weight);
        }
    }
    verdicts
}
