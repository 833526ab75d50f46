//! How well comments are judged by what a moderator's decisions on a corpus teach, and how long the longest takes.

use std::{fs, hint::black_box, path::Path, time::Instant};

use laman::{
    model::{
        comment::{Lesson, Written},
        language::Language,
        settings::{CommentHold, CommentPolicy},
        time::Time,
    },
    rules::{
        judge::{
            Signals,
            bayes::{Counts, tokens},
            judge,
            lists::Lists,
            proof::{Decision, Judged, cross_validate},
            recent::{REMEMBERED, Recent, Trace},
            traits::Traits,
        },
        network::Key,
    },
};

use super::Result;

#[derive(serde::Deserialize)]
struct Line {
    label: String,
    name: String,
    email: Option<String>,
    website: Option<String>,
    text: String,
}

/// Prints, as assignments for a shell, what five-fold cross-validation gives when at most so many decisions teach.
pub fn prove(corpus: &Path, lessons: usize) -> Result<()> {
    let mut decisions = Vec::new();
    for line in fs::read_to_string(corpus)?.lines() {
        let Line { label, name, email, website, text } = serde_json::from_str(line)?;
        let written = Written { name, email, website, source: text, ..Written::default() };
        let lesson = if label == "spam" { Lesson::Spam } else { Lesson::Ham };
        decisions.push(Decision::new(&written, lesson));
    }
    let proof = cross_validate(&decisions, &CommentPolicy::default(), lessons);
    let Judged { all: spam, held: spam_held, spam: spam_called } = proof.spam;
    let Judged { all: ham, held: ham_held, spam: ham_called } = proof.ham;
    println!("spam={spam} spam_held={spam_held} spam_called={spam_called}");
    println!("ham={ham} ham_held={ham_held} ham_called={ham_called}");
    println!("longest={}", longest());
    Ok(())
}

/// The microseconds that judging 64 KiB takes, of whatever text it takes longest for; each has three tries.
fn longest() -> u128 {
    let entries: String =
        (0..30).map(|number| format!("word{number}*\n*{number}.example\nsome phrase {number}\n")).collect();
    let policy = CommentPolicy { hold_list: entries.clone(), spam_list: entries, ..CommentPolicy::default() };
    let lists = Lists::read(&policy, &Key::new([7; 32]));
    let texts = ["word and word ", "://a.b", "http://a.b/ www.", "[url=<a ", "猫の写真", "a", "wwww::::", "É ﬁ ½ "];
    let of = |piece: &str| {
        let source = piece.repeat(64 * 1024 / piece.len());
        let written = Written { source, network: "192.0-0123456789".to_owned(), ..Written::default() };
        let mut recent = Recent::default();
        for _ in 0..REMEMBERED {
            recent.add(Trace::of(&Written::default(), &Traits::default(), Time(0)));
        }
        let try_once = || {
            let started = Instant::now();
            let traits = Traits::of(&written, Language::ENGLISH);
            let company = recent.company(&Trace::of(&written, &traits, Time(0)));
            let tokens = tokens(&written, &traits);
            let mut counts = Counts::default();
            counts.learn(&tokens, Lesson::Spam, 1.0);
            let opinion = counts.opinion(&tokens, 1.0);
            let listed = lists.find(&written, &traits);
            let signals = Signals { company, opinion, listed, traits, ..Signals::default() };
            black_box(judge(&signals, CommentHold::First, &CommentPolicy::default()));
            started.elapsed().as_micros()
        };
        (0..3).map(|_| try_once()).min().unwrap_or_default()
    };
    texts.into_iter().map(of).max().unwrap_or_default()
}
