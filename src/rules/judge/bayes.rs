//! What moderators taught: naive Bayes over words, links, author and sender.

use std::collections::{HashMap, HashSet};

use super::traits::Traits;
use crate::model::{
    comment::{Lesson, Written},
    time::Time,
};

/// No comment is asked about with more tokens than this.
pub const MAX_TOKENS: usize = 320;
/// What was taught a year ago weighs half.
const HALF_LIFE_MILLIS: f64 = 365.0 * 24.0 * 3_600_000.0;
/// Weights are 1 here: 2020, so that those of the years of this program are small numbers.
const EPOCH_MILLIS: i64 = 1_577_836_800_000;
/// So many tokens of each part at most decide: the most telling ones.
const DECIDING: usize = 48;
/// What knowing nothing of a token weighs, in sightings of it.
const DOUBT: f64 = 1.5;
/// Tokens that tell less than this are left out.
const TELLING: f64 = 0.1;
/// Tokens seen less than this are forgotten: below `TELLING * DOUBT / (0.5 - TELLING)` they tell nothing.
const FADED: f64 = 0.1;
/// How fast many small hints become certainty.
const SLOPE: f64 = 0.45;
/// Below so many lessons of each kind, its word counts for less.
const ENOUGH: f64 = 20.0;
/// From so many of each kind on, it may call a comment spam that nothing else speaks against; before, such a one waits.
const PLENTY: f64 = 150.0;
/// The most that it can say for and against, in tenths of a point; the last, when it has learned plenty.
const MOST_FOR: f64 = 40.0;
const MOST_AGAINST: f64 = 46.0;
const MOST: f64 = 52.0;
/// Endings of hosts from before anybody could buy one of their own, and those that are reserved; all others of more than two
/// letters are new.
const OLD_ENDINGS: &[&str] = &["com", "edu", "example", "gov", "int", "invalid", "mil", "net", "org", "test"];

/// The kind of a token of the sender's network.
const NETWORK: &str = "network";

/// One thing that a comment shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As kept.
    pub hash: i64,
    /// As shown to a moderator; empty where there is no word for it.
    pub word: String,
    part: Part,
}

/// What a token is about. What a comment says outnumbers what is around it by far, and must not drown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Its words.
    Said,
    /// Its author, where it leads, what it looks like.
    Shown,
}

/// 64 bits of two texts (FNV-1a).
pub fn hash(kind: &str, text: &str) -> i64 {
    let bytes = kind.bytes().chain([0xff]).chain(text.bytes());
    let bits =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |bits, byte| (bits ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    bits.cast_signed()
}

/// The token of a sender's network.
pub fn network_hash(network: &str) -> i64 {
    hash(NETWORK, network)
}

/// What a comment shows, each once; the first stands in every comment, and counts comments.
pub fn tokens(written: &Written, traits: &Traits) -> Vec<Token> {
    let mut tokens =
        Tokens { all: vec![Token { hash: 0, word: String::new(), part: Part::Shown }], seen: HashSet::from([0]) };
    for host in traits.all_hosts().chain(&traits.named) {
        tokens.add(Part::Shown, "host", host, host);
        if let Some((_, ending)) = host.rsplit_once('.') {
            tokens.add(Part::Shown, "ending", ending, &format!(".{ending}"));
        }
    }
    for word in super::traits::words(&written.name) {
        tokens.add(Part::Shown, "name", &word, &word);
    }
    if let Some((_, host)) = written.email.as_deref().and_then(|email| email.split_once('@')) {
        tokens.add(Part::Shown, "mail", host, host);
    }
    // No word for it: a reason is kept for longer than the network is.
    tokens.add(Part::Shown, NETWORK, &written.network, "");
    for shape in shapes(written, traits) {
        tokens.add(Part::Shown, "shape", shape, "");
    }
    for word in traits.words.iter().filter(|word| word.chars().nth(1).is_some()) {
        tokens.add(Part::Said, "word", word, word);
    }
    for pair in traits.words.windows(2).take(MAX_TOKENS) {
        let pair = pair.join(" ");
        tokens.add(Part::Said, "pair", &pair, &pair);
    }
    tokens.all
}

struct Tokens {
    all: Vec<Token>,
    seen: HashSet<i64>,
}

impl Tokens {
    fn add(&mut self, part: Part, kind: &str, text: &str, word: &str) {
        if self.all.len() < MAX_TOKENS {
            let hash = hash(kind, text);
            if self.seen.insert(hash) {
                self.all.push(Token { hash, word: word.to_owned(), part });
            }
        }
    }
}

/// What is no word, and tells something all the same: how long, how loud, where it leads, who is said to have written it.
fn shapes(written: &Written, traits: &Traits) -> Vec<&'static str> {
    let text = &*super::traits::read(&written.source);
    let (mut upper, mut letters, mut digits) = (0, 0, 0);
    for character in text.chars() {
        letters += usize::from(character.is_alphabetic());
        upper += usize::from(character.is_uppercase());
        digits += usize::from(character.is_ascii_digit());
    }
    let name = super::traits::words(&written.name);
    let (has_site, has_mail, links) = (written.website.is_some(), written.email.is_some(), traits.hosts.len());
    let is_new = |host: &String| {
        host.rsplit_once('.').is_some_and(|(_, ending)| ending.len() > 2 && !OLD_ENDINGS.contains(&ending))
    };
    let mixes =
        |word: &String| word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic());
    let named = |host: &String| name.iter().any(|word| word.chars().nth(3).is_some() && host.contains(word.as_str()));
    let mut shapes = vec![
        match links {
            0 => "no links",
            1 => "a link",
            2 => "two links",
            _ => "links",
        },
        match traits.words.len() {
            0..=8 => "few words",
            9..=40 => "some words",
            41..=120 => "words",
            _ => "many words",
        },
        match (has_site, has_mail) {
            (true, true) => "site and mail",
            (true, false) => "site alone",
            (false, true) => "mail alone",
            (false, false) => "neither",
        },
    ];
    let shows = [
        (has_site, "site"),
        (!has_site, "no site"),
        (has_mail, "mail"),
        (!has_mail, "no mail"),
        (has_site && links == 0, "site and no links"),
        (!has_site && links == 0, "leads nowhere"),
        (name.len() > 2, "long name"),
        (traits.site.iter().any(named), "site has the name"),
        (traits.hosts.iter().any(named), "link has the name"),
        (traits.all_hosts().any(|host| host.contains('-')), "host with hyphens"),
        (traits.all_hosts().any(|host| host.bytes().any(|byte| byte.is_ascii_digit())), "host with digits"),
        (!traits.named.is_empty(), "names hosts"),
        (traits.all_hosts().chain(&traits.named).any(is_new), "new ending"),
        (name.len() > 1 && !written.name.chars().any(char::is_uppercase), "small name"),
        (written.name.chars().any(|c| c.is_ascii_digit()), "name with digits"),
        (text.contains("]("), "link with words"),
        (text.split_whitespace().next_back().is_some_and(|word| word.contains("://")), "ends in a link"),
        (upper * 3 > letters && letters > 12, "shouts"),
        (text.matches('!').count() > 1, "exclaims"),
        (text.contains(['$', '€', '£', '₿', '%']), "money"),
        (digits > 8, "numbers"),
        (text.contains('`'), "code"),
        (text.contains("\n> ") || text.starts_with("> "), "quotes"),
        (text.contains('?'), "asks"),
        (text.contains('@'), "names addresses"),
        (traits.words.iter().filter(|word| mixes(word)).count() > 1, "mixes letters and digits"),
        (text.chars().any(|c| matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')), "emoji"),
        (traits.markup > 0, "markup"),
    ];
    shapes.extend(traits.contacts.iter().map(|contact| contact.as_str()));
    shapes.extend(shows.iter().filter(|(does, _)| *does).map(|(_, shape)| *shape));
    shapes
}

/// What a token must have been seen, by weight, to be kept at `now`: far less than it takes to tell anything.
pub fn least(now: Time) -> f64 {
    FADED * weight(now)
}

/// What a lesson weighs that is taught at `at`.
pub fn weight(at: Time) -> f64 {
    (at.0.saturating_sub(EPOCH_MILLIS) as f64 / HALF_LIFE_MILLIS).clamp(-500.0, 500.0).exp2()
}

/// In how many comments of each kind a token stood, by weight.
#[derive(Clone, Debug, Default)]
pub struct Counts(HashMap<i64, [f64; 2]>);

impl Counts {
    /// As kept: hash, ham, spam.
    pub fn new(rows: impl IntoIterator<Item = (i64, f64, f64)>) -> Self {
        Self(rows.into_iter().map(|(hash, ham, spam)| (hash, [ham, spam])).collect())
    }

    /// Teaches a comment, or with a negative weight takes the lesson back.
    pub fn learn(&mut self, tokens: &[Token], lesson: Lesson, weight: f64) {
        for token in tokens {
            let count = &mut self.0.entry(token.hash).or_default()[usize::from(lesson == Lesson::Spam)];
            *count = (*count + weight).max(0.0);
        }
    }

    fn of(&self, hash: i64) -> [f64; 2] {
        self.0.get(&hash).copied().unwrap_or_default()
    }

    /// The first of its hosts that stood in spam, more than once, and in nothing else.
    pub fn spam_host(&self, traits: &Traits, weight: f64) -> Option<String> {
        let is_spam = |host: &&String| {
            let [ham, spam] = self.of(hash("host", host));
            ham < 0.01 * weight && spam > 1.2 * weight
        };
        traits.all_hosts().find(is_spam).cloned()
    }

    /// What they say about a comment when a lesson weighs `weight`. `None` while they know nothing of it.
    pub fn opinion(&self, tokens: &[Token], weight: f64) -> Option<Opinion> {
        let [all_ham, all_spam] = self.of(0).map(|count| count / weight);
        if all_ham <= 0.0 || all_spam <= 0.0 {
            return None;
        }
        let mut told: Vec<(f64, &Token)> = Vec::new();
        for token in tokens.iter().filter(|token| token.hash != 0) {
            let [ham, spam] = self.of(token.hash).map(|count| count / weight);
            let seen = ham + spam;
            if seen > 0.0 {
                let (ham, spam) = (ham / all_ham, spam / all_spam);
                let chance = (DOUBT * 0.5 + seen * spam / (ham + spam)) / (DOUBT + seen);
                if (chance - 0.5).abs() > TELLING {
                    told.push((chance, token));
                }
            }
        }
        if told.is_empty() {
            return None;
        }
        told.sort_by(|(a, _), (b, _)| (b - 0.5).abs().total_cmp(&(a - 0.5).abs()));
        let odds = odds(&told, Part::Said) + odds(&told, Part::Shown);
        let is_spam = (odds * SLOPE).tanh();
        let lessons = all_ham.min(all_spam);
        let most = match is_spam < 0.0 {
            true => MOST_FOR,
            false => MOST_AGAINST + (MOST - MOST_AGAINST) * (lessons / PLENTY).min(1.0),
        };
        let points = (is_spam * most * (lessons / ENOUGH).min(1.0)).round() as i32;
        let speaks_so = |chance: f64| (chance > 0.5) == (is_spam > 0.0);
        let telling = told.iter().filter(|(chance, token)| speaks_so(*chance) && !token.word.is_empty());
        Some(Opinion { points, telling: telling.take(4).map(|(_, token)| token.word.clone()).collect() })
    }
}

/// What the most telling tokens of one part say together: they say much the same, so many weigh less than each by itself.
fn odds(told: &[(f64, &Token)], part: Part) -> f64 {
    let of_part = told.iter().filter(|(_, token)| token.part == part).take(DECIDING);
    let (count, odds) =
        of_part.fold((0.0, 0.0), |(count, odds), (chance, _)| (count + 1.0, odds + (chance / (1.0 - chance)).ln()));
    odds / f64::max(count, 1.0).sqrt()
}

/// What the filter thinks of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// In tenths, more for spam.
    pub points: i32,
    /// The words that decided most, for the side that it is on.
    pub telling: Vec<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens_of(source: &str) -> Vec<Token> {
        let written = Written { source: source.to_owned(), ..Written::default() };
        tokens(&written, &Traits::of_text(&written))
    }

    fn taught() -> Counts {
        let mut counts = Counts::default();
        for number in 0..30 {
            let ham = format!("The lock in paragraph {number} was held by a reader, thank you for the explanation");
            let spam = format!("Best casino bonus {number}: play right now and win the jackpot of the day, my friends");
            counts.learn(&tokens_of(&ham), Lesson::Ham, 1.0);
            counts.learn(&tokens_of(&spam), Lesson::Spam, 1.0);
        }
        counts
    }

    #[test]
    fn what_was_taught_speaks_for_and_against_and_says_which_words() {
        let spam = taught().opinion(&tokens_of("A casino bonus for everybody"), 1.0).unwrap();
        assert!(spam.points >= 40, "{spam:?}");
        assert!(spam.telling.contains(&"casino".to_owned()), "{spam:?}");
        let ham = taught().opinion(&tokens_of("What is held by the reader in this paragraph?"), 1.0).unwrap();
        assert!(ham.points <= -30 && ham.telling.contains(&"held".to_owned()), "{ham:?}");
        assert_eq!(Counts::default().opinion(&tokens_of("A casino"), 1.0), None);
    }

    #[test]
    fn what_is_taken_back_is_as_if_it_had_never_been_taught() {
        let mut counts = taught();
        let tokens = tokens_of("Where was the lock?");
        let before = counts.opinion(&tokens, 1.0);
        counts.learn(&tokens, Lesson::Spam, 1.0);
        assert_ne!(counts.opinion(&tokens, 1.0), before);
        counts.learn(&tokens, Lesson::Spam, -1.0);
        assert_eq!(counts.opinion(&tokens, 1.0), before);
    }

    #[test]
    fn what_was_taught_long_ago_fades() {
        let (then, now) = (Time(1_600_000_000_000), Time(1_900_000_000_000));
        assert!(weight(now) / weight(then) > 500.0);
        let year = Time(then.0 + 365 * 24 * 3_600_000);
        assert!((weight(year) / weight(then) - 2.0).abs() < 1e-9);
        assert!(weight(Time(i64::MAX)).is_finite() && weight(Time(i64::MIN)) > 0.0);
        // Few lessons are trusted less, and old ones count as few.
        let of = |weight| taught().opinion(&tokens_of("A casino bonus"), weight).map_or(0, |opinion| opinion.points);
        assert!(of(1.0) > of(8.0) && of(8.0) > of(64.0), "{} {} {}", of(1.0), of(8.0), of(64.0));
    }

    #[test]
    fn a_host_of_spam_is_one_that_stood_in_spam_twice_and_never_elsewhere() {
        let source = "see https://a.example";
        let traits = Traits::of_text(&Written { source: source.to_owned(), ..Written::default() });
        let mut counts = Counts::default();
        counts.learn(&tokens_of(source), Lesson::Spam, 1.0);
        assert_eq!(counts.spam_host(&traits, 1.0), None);
        counts.learn(&tokens_of(source), Lesson::Spam, 1.0);
        assert_eq!(counts.spam_host(&traits, 1.0).as_deref(), Some("a.example"));
        counts.learn(&tokens_of("on https://a.example they lie"), Lesson::Ham, 1.0);
        assert_eq!(counts.spam_host(&traits, 1.0), None);
    }

    proptest! {
        #[test]
        fn no_text_has_more_tokens_than_may_be_asked_about(source in "(\\PC|[a-z ]){0,2000}", name in "\\PC{0,90}") {
            let written = Written { name, source, ..Written::default() };
            let tokens = tokens(&written, &Traits::of_text(&written));
            prop_assert!(tokens.len() <= MAX_TOKENS);
            prop_assert_eq!(tokens[0].hash, 0);
            let opinion = taught().opinion(&tokens, 1.0);
            prop_assert!(opinion.is_none_or(|opinion| (-40..=52).contains(&opinion.points)));
        }
    }
}
