//! What becomes of a comment: signals in, verdict with reasons out.

pub mod bayes;
pub mod contact;
pub mod lists;
pub mod outside;
pub mod proof;
pub mod reason;
pub mod recent;
pub mod replay;
pub mod traits;
pub mod work;

use self::{
    bayes::Opinion,
    lists::Listed,
    reason::{Reason, What},
    recent::Company,
    traits::Traits,
};
use crate::model::{
    comment::CommentState,
    settings::{CommentHold, CommentPolicy},
};

/// What is known of a comment when it is judged.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Written by the blog's own people, signed in.
    pub is_own: bool,
    /// The field that people do not see was filled in.
    pub is_trapped: bool,
    /// Seconds since its form was drawn, where that is known.
    pub seconds: Option<u32>,
    /// How many by the same name and e-mail address were approved before; no more than a few are counted.
    pub approved_before: u32,
    /// It was approved, and its author puts other words in its place: they are no stranger, and earn nothing by it either.
    pub was_approved: bool,
    /// What it shows by itself.
    pub traits: Traits,
    /// What else came lately.
    pub company: Company,
    /// Days since its post went live.
    pub post_days: u32,
    /// What of the owner's lists it has.
    pub listed: Option<(Listed, String)>,
    /// Which line trusts its author.
    pub trusted: Option<String>,
    /// The first of its hosts that only spam had.
    pub spam_host: Option<String>,
    /// What moderators taught about its words.
    pub opinion: Option<Opinion>,
    /// Its author's browser worked for it.
    pub has_worked: bool,
    /// Points that an outside service gave it.
    pub outside: i32,
}

/// What becomes of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Readers see it at once.
    Approve,
    /// A moderator decides.
    Hold,
    /// Kept with the spam, where a moderator can still find it.
    Spam,
}

impl Outcome {
    /// The state that it gives a comment.
    pub fn state(self) -> CommentState {
        match self {
            Self::Approve => CommentState::Approved,
            Self::Hold => CommentState::Held,
            Self::Spam => CommentState::Spam,
        }
    }
}

/// What becomes of a comment, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Everything that spoke for or against it.
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// The reasons as they are kept.
    pub fn kept_reasons(&self) -> String {
        self.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// More than any number of other reasons is likely to outweigh.
const CERTAIN: i32 = 100;
/// A browser that works for a comment is seldom one of a thousand that send the same.
const WORKED: i32 = -10;
/// Whom a moderator trusts may write of what the filter has learned to dislike.
const TRUST: i32 = -50;

/// Judges a comment under the owner's policy.
pub fn judge(signals: &Signals, hold: CommentHold, policy: &CommentPolicy) -> Verdict {
    if signals.is_own {
        return Verdict { outcome: Outcome::Approve, reasons: Vec::new() };
    }
    let mut reasons = waits(signals, hold, policy);
    let must_wait = !reasons.is_empty();
    weigh(signals, |what, points, detail| {
        if points != 0 {
            reasons.push(Reason::new(what, points, detail));
        }
    });
    let points: i32 = reasons.iter().filter_map(|reason| reason.points).sum();
    let outcome = if signals.is_trapped || points >= policy.spam_at {
        Outcome::Spam
    } else if must_wait || points >= policy.hold_at {
        Outcome::Hold
    } else {
        Outcome::Approve
    };
    Verdict { outcome, reasons }
}

/// Why it waits however few points it has: what the owner holds whatever it says.
fn waits(signals: &Signals, hold: CommentHold, policy: &CommentPolicy) -> Vec<Reason> {
    let is_old = policy.hold_after_days > 0 && signals.post_days >= policy.hold_after_days;
    let is_stranger = signals.approved_before == 0 && !signals.was_approved && signals.trusted.is_none();
    let is_storm = policy.storm_at > 0 && signals.company.arrived >= policy.storm_at;
    let is_listed = matches!(signals.listed, Some((Listed::Hold, _)));
    [
        (hold == CommentHold::All, What::HoldAll),
        (hold == CommentHold::First && is_stranger, What::FirstTime),
        (is_old, What::HoldOld),
        (is_storm, What::Storm),
    ]
    .into_iter()
    .filter(|(does, _)| *does)
    .map(|(_, what)| Reason::bare(what))
    .chain(is_listed.then(|| Reason::new(What::HoldList, 0, listed_as(signals))))
    .collect()
}

fn listed_as(signals: &Signals) -> &str {
    signals.listed.as_ref().map_or("", |(_, entry)| entry)
}

/// The points of everything that has some.
fn weigh(signals: &Signals, mut add: impl FnMut(What, i32, String)) {
    let (traits, company) = (&signals.traits, &signals.company);
    if signals.is_trapped {
        add(What::Trap, CERTAIN, String::new());
    }
    if let Some((Listed::Spam, entry)) = &signals.listed {
        add(What::SpamList, CERTAIN, entry.clone());
    }
    let links = traits.hosts.len();
    let points = match links {
        0 => 0,
        1 => 3,
        2 => 10,
        more => (7 * more as i32).min(42),
    };
    add(What::Links, points, links.to_string());
    if let Some(host) = traits.shortener() {
        add(What::Shortener, 15, host.to_owned());
    }
    if let Some(host) = &signals.spam_host {
        add(What::SpamHost, 20, host.clone());
    }
    if let Some(seconds) = signals.seconds {
        let points = match seconds {
            0..=2 => 14,
            3..=5 => 7,
            _ => 0,
        };
        add(What::Fast, points, seconds.to_string());
    }
    let many = |count: u32, from: u32, each: i32| (count.saturating_sub(from) as i32).saturating_mul(each).min(30);
    add(What::Network, many(company.from_network, 4, 4), company.from_network.to_string());
    add(What::Author, many(company.by_author, 5, 4), company.by_author.to_string());
    add(What::Again, many(company.alike, 0, 15), company.alike.to_string());
    let points = match signals.post_days {
        0..=89 => 0,
        90..=364 => 2,
        _ => 4,
    };
    add(What::OldPost, points, signals.post_days.to_string());
    if traits.is_foreign {
        add(What::Script, 15, String::new());
    }
    let points = match traits.contacts.len() {
        0 => 0,
        1 => 12,
        _ => 24,
    };
    add(What::Contact, points, traits.contacts.len().to_string());
    add(What::Markup, if traits.markup > 0 { 15 } else { 0 }, traits.markup.to_string());
    if let Some(opinion) = &signals.opinion {
        add(What::Words, opinion.points, opinion.telling.join(","));
    }
    add(What::Outside, signals.outside, String::new());
    if signals.has_worked {
        add(What::Worked, WORKED, String::new());
    }
    if let Some(entry) = &signals.trusted {
        add(What::TrustList, TRUST, entry.clone());
    }
    add(
        What::Known,
        if signals.approved_before > 0 && !signals.was_approved { -30 } else { 0 },
        signals.approved_before.to_string(),
    );
}

#[cfg(test)]
mod tests;
