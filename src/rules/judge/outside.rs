//! A comment that an outside service is asked about: it waits, and the answer is added to what was known of it.

use std::{collections::VecDeque, net::IpAddr};

use super::{
    CERTAIN, Outcome, Verdict,
    reason::{Reason, What},
};
use crate::model::{
    comment::CommentState,
    outside::{Answer, Correction},
    settings::CommentPolicy,
};

/// As many as make a comment spam unless something speaks for it.
const SPAM: i32 = 50;
/// The addresses of so many senders are remembered.
const REMEMBERED: usize = 1000;

impl Verdict {
    /// The same, but for the answer of an outside service.
    #[must_use]
    pub fn asked(self) -> Self {
        let mut reasons = vec![Reason::new(What::Asked, 0, self.outcome.state().as_str())];
        reasons.extend(self.reasons);
        Self { outcome: Outcome::Hold, reasons }
    }
}

/// Whether these reasons, as they are kept, say that an outside service is to be asked.
pub fn is_asked(kept: &str) -> bool {
    Reason::all(kept).iter().any(|reason| reason.what == What::Asked)
}

/// What becomes of a comment that waited for an answer. `kept`: its reasons.
pub fn settle(kept: &str, answer: Answer, policy: &CommentPolicy) -> Verdict {
    let (questions, mut reasons): (Vec<_>, Vec<_>) =
        Reason::all(kept).into_iter().partition(|reason| reason.what == What::Asked);
    let approved = Outcome::Approve.state().as_str();
    let would_wait = questions.iter().all(|question| question.detail != approved);
    reasons.extend(match answer {
        Answer::Ham => Some(Reason::bare(What::OutsideHam)),
        Answer::Spam => Some(Reason::new(What::Outside, SPAM, "")),
        Answer::Discard => Some(Reason::new(What::Outside, CERTAIN, "")),
        Answer::Silence => Some(Reason::bare(What::NoAnswer)),
        Answer::Unasked => None,
    });
    let points: i32 = reasons.iter().filter_map(|reason| reason.points).sum();
    let outcome = match answer {
        Answer::Discard => Outcome::Spam,
        Answer::Spam if points >= policy.spam_at => Outcome::Spam,
        Answer::Spam if points >= policy.hold_at => Outcome::Hold,
        Answer::Silence => Outcome::Hold,
        _ if would_wait => Outcome::Hold,
        _ => Outcome::Approve,
    };
    Verdict { outcome, reasons }
}

/// What the service is told when a moderator moves a comment: nothing where it knows. `kept`: the comment's reasons.
pub fn correction(kept: &str, before: CommentState, after: CommentState) -> Option<Correction> {
    use CommentState::{Approved, Held, Spam};
    let called_spam = Reason::all(kept).iter().any(|reason| reason.what == What::Outside);
    match (before, after) {
        (Held, Approved) if called_spam => Some(Correction::Ham),
        (Spam, Approved) => Some(Correction::Ham),
        (Held, Spam) if !called_spam => Some(Correction::Spam),
        (Approved, Spam) => Some(Correction::Spam),
        _ => None,
    }
}

/// From where the comments came that are asked about: in memory alone, and only until there is an answer.
#[derive(Debug, Default)]
pub struct Senders(VecDeque<(String, IpAddr)>);

impl Senders {
    /// Remembers where the comment of this UUID came from; the oldest is forgotten for it if there are many.
    pub fn add(&mut self, uuid: String, address: IpAddr) {
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((uuid, address));
    }

    /// Where it came from, if that is remembered.
    pub fn of(&self, uuid: &str) -> Option<IpAddr> {
        self.0.iter().find(|(known, _)| known == uuid).map(|(_, address)| *address)
    }

    /// Forgets it.
    pub fn forget(&mut self, uuid: &str) {
        self.0.retain(|(known, _)| known != uuid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an answer makes of a comment that was judged so without it.
    fn settled(outcome: Outcome, reasons: &str, answer: Answer) -> (Outcome, String) {
        let asked = Verdict { outcome, reasons: Reason::all(reasons) }.asked();
        assert!(asked.outcome == Outcome::Hold && is_asked(&asked.kept_reasons()) && !is_asked(reasons));
        let verdict = settle(&asked.kept_reasons(), answer, &CommentPolicy::default());
        (verdict.outcome, verdict.kept_reasons())
    }

    #[test]
    fn an_answer_is_added_to_what_was_known() {
        use Answer::{Discard, Ham, Silence, Spam, Unasked};
        use Outcome::{Approve, Hold};
        for (outcome, reasons, answer, expected, after) in [
            (Approve, "links:3:1", Ham, Approve, "links:3:1 outside-ham"),
            (Hold, "first-time", Ham, Hold, "first-time outside-ham"),
            (Approve, "", Spam, Outcome::Spam, "outside:50:"),
            (Hold, "first-time links:3:1", Spam, Outcome::Spam, "first-time links:3:1 outside:50:"),
            (Approve, "known:-30:4", Spam, Hold, "known:-30:4 outside:50:"),
            (Approve, "words:-40:held known:-30:4", Spam, Approve, "words:-40:held known:-30:4 outside:50:"),
            (Approve, "words:-40:held known:-30:4", Discard, Outcome::Spam, "words:-40:held known:-30:4 outside:100:"),
            (Approve, "links:3:1", Silence, Hold, "links:3:1 no-answer"),
            (Approve, "links:3:1", Unasked, Approve, "links:3:1"),
            (Hold, "first-time", Unasked, Hold, "first-time"),
        ] {
            assert_eq!(settled(outcome, reasons, answer), (expected, after.to_owned()), "{reasons} {answer:?}");
        }
    }

    #[test]
    fn the_service_is_told_what_it_did_not_say_itself() {
        use CommentState::{Approved, Deleted, Held, Spam};
        for (kept, before, after, told) in [
            ("first-time outside-ham", Held, Approved, None),
            ("known:-30:4 outside:50:", Held, Approved, Some(Correction::Ham)),
            ("outside:50:", Spam, Approved, Some(Correction::Ham)),
            ("words:60:held", Spam, Approved, Some(Correction::Ham)),
            ("first-time outside-ham", Held, Spam, Some(Correction::Spam)),
            ("known:-30:4 outside:50:", Held, Spam, None),
            ("", Approved, Spam, Some(Correction::Spam)),
            ("", Approved, Held, None),
            ("", Deleted, Spam, None),
            ("", Spam, Deleted, None),
        ] {
            assert_eq!(correction(kept, before, after), told, "{kept} {before:?} {after:?}");
        }
    }

    #[test]
    fn the_addresses_of_senders_are_forgotten_with_the_answer_and_when_there_are_many() {
        let address = |last: u8| IpAddr::from([203, 0, 113, last]);
        let mut senders = Senders::default();
        senders.add("a".to_owned(), address(1));
        senders.add("b".to_owned(), address(2));
        senders.forget("a");
        assert_eq!((senders.of("a"), senders.of("b")), (None, Some(address(2))));
        for number in 0..REMEMBERED {
            senders.add(number.to_string(), address(3));
        }
        assert_eq!((senders.of("b"), senders.0.len()), (None, REMEMBERED));
    }
}
