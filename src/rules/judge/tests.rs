//! Each signal, the owner's policy, and the verdict on a corpus.

use proptest::prelude::*;

use super::{
    bayes::{Counts, tokens},
    proof::{Decision, cross_validate},
    recent::{Recent, Trace},
    *,
};
use crate::{
    model::{
        comment::{Lesson, Written},
        language::Language,
        time::Time,
    },
    rules::network::Key,
};

fn text(source: &str) -> Traits {
    Traits::of(&Written { source: source.to_owned(), ..Written::default() }, Language::ENGLISH)
}

fn judged(signals: &Signals, hold: CommentHold, policy: &CommentPolicy) -> (Outcome, String) {
    let verdict = judge(signals, hold, policy);
    (verdict.outcome, verdict.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

/// Where everybody is published.
fn said(signals: &Signals) -> (Outcome, String) {
    judged(signals, CommentHold::None, &CommentPolicy::default())
}

#[test]
fn each_signal_has_its_points() {
    use Outcome::{Approve, Hold, Spam};
    let none = Signals::default;
    let company = |company| Signals { company, ..none() };
    let listed = |what| Signals { listed: Some((what, "two words".to_owned())), ..none() };
    let opinion = |points| Some(Opinion { points, telling: vec!["casino".to_owned(), "bonus".to_owned()] });
    for (signals, outcome, reasons) in [
        (none(), Approve, ""),
        (Signals { traits: text("https://a.example"), ..none() }, Approve, "links:3:1"),
        (Signals { traits: text("https://a.example https://b.example"), ..none() }, Approve, "links:10:2"),
        (Signals { traits: text(&"https://a.example ".repeat(3)), ..none() }, Hold, "links:21:3"),
        (Signals { traits: text(&"https://a.example ".repeat(9)), ..none() }, Hold, "links:42:9"),
        (Signals { traits: text("https://bit.ly/x"), ..none() }, Approve, "links:3:1 shortener:15:bit.ly"),
        (Signals { spam_host: Some("a.example".to_owned()), ..none() }, Hold, "spam-host:20:a.example"),
        (Signals { is_trapped: true, ..none() }, Spam, "trap:100:"),
        (Signals { seconds: Some(2), ..none() }, Approve, "fast:14:2"),
        (Signals { seconds: Some(5), ..none() }, Approve, "fast:7:5"),
        (Signals { seconds: Some(6), ..none() }, Approve, ""),
        (company(Company { from_network: 4, ..Company::default() }), Approve, ""),
        (company(Company { from_network: 9, ..Company::default() }), Hold, "network:20:9"),
        (company(Company { by_author: 6, ..Company::default() }), Approve, "author:4:6"),
        (company(Company { alike: 1, ..Company::default() }), Approve, "again:15:1"),
        (company(Company { alike: 500, ..Company::default() }), Hold, "again:30:500"),
        (company(Company { arrived: 59, ..Company::default() }), Approve, ""),
        (company(Company { arrived: 60, ..Company::default() }), Hold, "storm"),
        (Signals { post_days: 90, ..none() }, Approve, "old-post:2:90"),
        (Signals { post_days: 4000, ..none() }, Approve, "old-post:4:4000"),
        (Signals { traits: text("Купить дешево"), ..none() }, Approve, "script:15:"),
        (Signals { traits: text("Call +1 555 010 9999"), ..none() }, Approve, "contact:12:1"),
        (Signals { traits: text("WhatsApp +1 555 010 9999"), ..none() }, Hold, "contact:24:2"),
        (Signals { traits: text("[url=x]y[/url]"), ..none() }, Approve, "markup:15:2"),
        (Signals { approved_before: 4, ..none() }, Approve, "known:-30:4"),
        (listed(Listed::Hold), Hold, "hold-list:0:two_words"),
        (listed(Listed::Spam), Spam, "spam-list:100:two_words"),
        (Signals { trusted: Some("ann <a@b.example>".into()), ..none() }, Approve, "trust-list:-50:ann_<a@b.example>"),
        (Signals { has_worked: true, ..none() }, Approve, "worked:-10:"),
        (Signals { outside: 50, ..none() }, Spam, "outside:50:"),
        (Signals { outside: 50, has_worked: true, ..none() }, Hold, "outside:50: worked:-10:"),
        (Signals { opinion: opinion(60), ..none() }, Spam, "words:60:casino,bonus"),
        (Signals { opinion: opinion(60), approved_before: 1, ..none() }, Hold, "words:60:casino,bonus known:-30:1"),
        (
            Signals { opinion: opinion(-20), traits: text(&"https://a.example ".repeat(3)), ..none() },
            Approve,
            "links:21:3 words:-20:casino,bonus",
        ),
        (Signals { is_own: true, is_trapped: true, ..none() }, Approve, ""),
        (Signals { is_trapped: true, approved_before: 9, ..none() }, Spam, "trap:100: known:-30:9"),
    ] {
        assert_eq!(said(&signals), (outcome, reasons.to_owned()), "{signals:?}");
    }
}

#[test]
fn the_owners_policy_decides_whose_comments_wait() {
    let stranger = Signals { post_days: 30, ..Signals::default() };
    let known = Signals { approved_before: 1, ..stranger.clone() };
    let trusted = Signals { trusted: Some("an@b".to_owned()), ..stranger.clone() };
    let changed = Signals { was_approved: true, ..known.clone() };
    let usual = CommentPolicy::default();
    let careful = CommentPolicy { hold_after_days: 30, ..CommentPolicy::default() };
    for (signals, hold, policy, outcome, reasons) in [
        (&stranger, CommentHold::All, &usual, Outcome::Hold, "hold-all"),
        (&known, CommentHold::All, &usual, Outcome::Hold, "hold-all known:-30:1"),
        (&stranger, CommentHold::First, &usual, Outcome::Hold, "first-time"),
        (&known, CommentHold::First, &usual, Outcome::Approve, "known:-30:1"),
        (&trusted, CommentHold::First, &usual, Outcome::Approve, "trust-list:-50:an@b"),
        (&trusted, CommentHold::All, &usual, Outcome::Hold, "hold-all trust-list:-50:an@b"),
        (&stranger, CommentHold::None, &usual, Outcome::Approve, ""),
        (&changed, CommentHold::First, &usual, Outcome::Approve, ""),
        (&known, CommentHold::None, &careful, Outcome::Hold, "hold-old known:-30:1"),
    ] {
        assert_eq!(judged(signals, hold, policy), (outcome, reasons.to_owned()));
    }
    let links = Signals { traits: text(&"https://a.example ".repeat(3)), ..stranger };
    for (hold_at, spam_at, outcome) in
        [(22, 50, Outcome::Approve), (21, 50, Outcome::Hold), (10, 21, Outcome::Spam), (0, 22, Outcome::Hold)]
    {
        let policy = CommentPolicy { hold_at, spam_at, ..CommentPolicy::default() };
        assert_eq!(judged(&links, CommentHold::None, &policy).0, outcome, "{hold_at} {spam_at}");
    }
}

#[derive(serde::Deserialize)]
struct Line {
    label: String,
    name: String,
    email: Option<String>,
    website: Option<String>,
    text: String,
}

#[test]
fn of_a_corpus_nearly_all_spam_is_kept_from_readers_and_hardly_any_ham_is_called_spam() {
    let corpus = include_str!("../../../benches/comments.jsonl");
    let decisions: Vec<Decision> = corpus
        .lines()
        .map(|line| {
            let line: Line = serde_json::from_str(line).unwrap();
            let (name, email, website) = (line.name, line.email, line.website);
            let written = Written { name, email, website, source: line.text, ..Written::default() };
            Decision::new(&written, if line.label == "spam" { Lesson::Spam } else { Lesson::Ham })
        })
        .collect();
    let shares = |decisions: &[Decision], lessons| {
        let proof = cross_validate(decisions, &CommentPolicy::default(), lessons);
        let kept = f64::from(proof.spam.held + proof.spam.spam) / f64::from(proof.spam.all);
        (kept, f64::from(proof.ham.spam) / f64::from(proof.ham.all))
    };
    for lessons in [200, usize::MAX] {
        let (kept, ham) = shares(&decisions, lessons);
        assert!(kept >= 0.95 && ham <= 0.005, "after {lessons}: {kept} {ham}");
    }
    // Whichever two hundred come first.
    let all: Vec<(f64, f64)> = (1..=SHUFFLES).map(|seed| shares(&shuffled(&decisions, seed), 200)).collect();
    let mean = all.iter().map(|(kept, _)| kept).sum::<f64>() / all.len() as f64;
    assert!(mean >= 0.95, "{all:?}");
    assert!(all.iter().all(|(kept, ham)| *kept >= 0.9 && *ham <= 0.005), "{all:?}");
}

const SHUFFLES: u64 = 20;

fn shuffled(decisions: &[Decision], seed: u64) -> Vec<Decision> {
    let mut shuffled = decisions.to_vec();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for at in (1..shuffled.len()).rev() {
        // A linear congruential generator, of which the high bits are good.
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        shuffled.swap(at, (state >> 33) as usize % (at + 1));
    }
    shuffled
}

proptest! {
    #[test]
    fn no_comment_makes_the_judge_panic(
        name in "\\PC{0,80}",
        mail in "\\PC{0,30}",
        website in "(https?://)?\\PC{0,30}",
        source in "(\\PC|[a-z .:/<\\[\\]*@\n]|https?://|www\\.|\\[url=){0,300}",
        list in "[a-z*@./ \n\\PC]{0,60}",
    ) {
        let network = "192.0-0123456789".to_owned();
        let written = Written { name, email: Some(mail), website: Some(website), source, network, address: None };
        let traits = Traits::of(&written, Language::ENGLISH);
        let mut recent = Recent::default();
        let trace = Trace::of(&written, &traits, Time(0));
        recent.add(trace);
        let tokens = tokens(&written, &traits);
        let mut counts = Counts::default();
        counts.learn(&tokens, Lesson::Spam, 1.0);
        let signals = Signals {
            company: recent.company(&trace),
            listed: lists::Lists::read(&CommentPolicy { hold_list: list.clone(), spam_list: list, ..CommentPolicy::default() }, &Key::new([7; 32]))
                .find(&written, &traits),
            opinion: counts.opinion(&tokens, 1.0),
            traits,
            ..Signals::default()
        };
        let verdict = judge(&signals, CommentHold::First, &CommentPolicy::default());
        let kept = verdict.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(Reason::all(&kept), verdict.reasons);
    }
}
