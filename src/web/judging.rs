//! What is known of a comment when it is judged, and the verdict on it.

use super::layout::Layout;
use crate::{
    app::App,
    error::Result,
    model::{
        comment::{CommentState, Written},
        time::Time,
    },
    rules::judge::{Outcome, Signals, bayes, judge, recent::Company, traits::Traits},
};

/// What neither the comment nor the store tells.
#[derive(Default)]
pub struct Hints {
    /// The field that people do not see was filled in.
    pub is_trapped: bool,
    /// Seconds since the form was drawn, where that is known.
    pub seconds: Option<u32>,
    /// It is the comment's author who changes it, and this is where it was.
    pub before: Option<CommentState>,
    /// What else came lately.
    pub company: Company,
    /// Its author's browser worked for it.
    pub has_worked: bool,
}

/// The state that a reader's comment on what was published then gets, and the reasons, as they are kept.
pub async fn judged(
    app: &App,
    l: &Layout,
    written: &Written,
    traits: Traits,
    published_at: Time,
    hints: Hints,
) -> Result<(CommentState, String)> {
    let approved_before = match &written.email {
        Some(email) => app.store.approved_before(email, &written.name).await?,
        None => 0,
    };
    let tokens = bayes::tokens(written, &traits);
    let taught = app.store.taught(&tokens).await?;
    let weight = bayes::weight(l.now);
    let signals = Signals {
        is_own: false,
        is_trapped: hints.is_trapped,
        seconds: hints.seconds,
        approved_before,
        was_approved: hints.before == Some(CommentState::Approved),
        company: hints.company,
        post_days: l.now.days_since(published_at),
        listed: l.lists.find(written, &traits),
        trusted: l.lists.trusts(written),
        spam_host: taught.spam_host(&traits, weight),
        opinion: taught.opinion(&tokens, weight),
        has_worked: hints.has_worked,
        outside: 0,
        traits,
    };
    let mut verdict = judge(&signals, l.settings.comment_hold, &l.settings.policy);
    // What is spam already, or comes from somebody whom a moderator trusts, need not be shown to others.
    let is_decided = verdict.outcome == Outcome::Spam || hints.before == Some(CommentState::Spam);
    if l.asks_outside && !is_decided && signals.trusted.is_none() {
        if hints.before == Some(CommentState::Held) {
            // What waits for a moderator goes on waiting, whatever the answer.
            verdict.outcome = Outcome::Hold;
        }
        verdict = verdict.asked();
    }
    Ok((verdict.outcome.state(), verdict.kept_reasons()))
}
