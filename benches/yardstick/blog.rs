//! The blog that is measured, as a function of a post's rank, counted from the newest: a smaller blog is the newest part of a
//! larger one, so that what their pages show is the same and only what lies behind differs.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use jiff::tz::TimeZone;
use laman::{
    exchange::markdown as folder,
    model::{
        post::{Meta, PostComments, PostContent},
        time::Time,
    },
    text::{
        manuscript::{self, Manuscript},
        markdown, plain, slug,
    },
};
use uuid::Uuid;

use super::Result;

/// Everything but dates, addresses and rare tags repeats after so many posts.
pub const PERIOD: u64 = 1_000;
/// Distinct texts; a divisor of [`PERIOD`].
const TEXTS: usize = 500;
/// 2025-01-01
const NEWEST: i64 = 1_735_689_600_000;
/// From one post to the next: 100,000 of them span 25 years, eleven a day.
const APART: i64 = 7_889_400;

/// On three posts of ten.
pub const COMMON_TAG: &str = "garden";
/// On three posts altogether.
pub const RARE_TAG: &str = "rarity 50";
/// In most texts, whatever they are.
pub const COMMON_WORD: &str = "with";
pub const AUTHORS: [&str; 20] = [
    "Aminah", "Bayu", "Citra", "Daud", "Esther", "Farid", "Gita", "Hassan", "Intan", "Jamal", "Kartini", "Lim", "Mei",
    "Nadia", "Omar", "Puteri", "Rahim", "Siti", "Tan", "Zainab",
];

const THINGS: [&str; 24] = [
    "harbour",
    "kitchen",
    "orchard",
    "station",
    "library",
    "bridge",
    "workshop",
    "island",
    "market",
    "garden",
    "river",
    "stairway",
    "lantern",
    "bicycle",
    "window",
    "notebook",
    "ladder",
    "compiler",
    "railway",
    "hillside",
    "teapot",
    "typewriter",
    "lighthouse",
    "footpath",
];
const MANNERS: [&str; 16] = [
    "quiet",
    "crooked",
    "borrowed",
    "unfinished",
    "painted",
    "patient",
    "forgotten",
    "narrow",
    "second",
    "winter",
    "blue",
    "noisy",
    "hidden",
    "wooden",
    "distant",
    "ordinary",
];
const SENTENCES: [&str; 24] = [
    "The rain came with the evening ferry and stayed until the lamps were lit.",
    "Nobody who has *mended a roof* in the wind will call it idle work.",
    "She wrote the list with a pencil, since a pencil forgives.",
    "There are three ways down to the river, and the children know a fourth.",
    "What the map leaves out is `scale`: an hour on foot is an hour.",
    "We measured twice, cut once, and then looked for the tape again.",
    "A kettle with a slow leak teaches patience to a whole household.",
    "The second bridge was built with stones from the first.",
    "Most mornings begin with bread, and the good ones also end there.",
    "He kept the letters in a tin with a ship on its lid.",
    "It is **not** the tool that wears out first but the wish to use it.",
    "Ask the gardener about the weather and you will hear about soil.",
    "Under the stairs there is room for a bicycle or for seven umbrellas.",
    "The index was longer than the book, and better read.",
    "With the tide out, the harbour smells of rope and tar.",
    "Every clock in the station agrees, and all of them are late.",
    "The recipe says an hour; my grandmother said *until it is ready*.",
    "Two colours are enough for a sign that is read from a boat.",
    "A window that faces north is a friend to anybody who paints.",
    "They counted the steps so often that the number changed.",
    "The library lends ladders too, with a form and a deposit.",
    "Old rope has a second life as a doormat, and then a third.",
    "Nothing dries as slowly as a coat that is needed tomorrow.",
    "If the lid does not fit, it belongs to another pot.",
];

/// A number that looks like chance and is the same in every run: the last step of SplitMix64.
pub fn roll(rank: u64, what: u64) -> u64 {
    let mut mixed = rank.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ what.wrapping_mul(0xd1b5_4a32_d192_ed03);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn pick<'a>(from: &[&'a str], rank: u64, what: u64) -> &'a str {
    from[(roll(rank, what) % from.len() as u64) as usize]
}

/// When the post of this rank was published.
pub fn published_at(rank: u64) -> Time {
    Time(NEWEST - rank as i64 * APART)
}

/// The word that stands in the title of this post and of no other.
pub fn rare_word(rank: u64) -> String {
    format!("{rank:06}")
}

/// Index into [`AUTHORS`]: a few write most.
pub fn author(rank: u64) -> usize {
    let (one, other) = (roll(rank % PERIOD, 1) % 20, roll(rank % PERIOD, 2) % 20);
    one.min(other) as usize
}

/// About 500 in all: one on three posts of ten, 99 ever rarer, 400 on two or three posts of the whole blog.
fn tags(rank: u64) -> Vec<(String, String)> {
    let place = rank % PERIOD;
    let mut names = Vec::new();
    if roll(place, 3) % 10 < 3 {
        names.push(COMMON_TAG.to_owned());
    }
    for which in 4..4 + roll(place, 4) % 3 {
        let chance = (roll(place, 10 + which) % 1_000) as f64 / 1_000.0;
        names.push(format!("subject {}", (99.0 * chance * chance * chance) as u64));
    }
    if rank < PERIOD {
        names.push(format!("rarity {}", rank % 400));
    }
    let mut known = HashSet::new();
    names.retain(|name| known.insert(name.clone()));
    names.into_iter().map(|name| (name.clone(), slug::slug(&name))).collect()
}

/// How many comments a post draws beside the others: one post of five thousand a fifth of what a thousand posts get, a
/// good part none.
pub fn weight(rank: u64) -> u64 {
    const ORDINARY: [u64; 16] = [0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 7, 8, 9, 12, 18, 30];
    const HOT: u64 = 1_600;
    let place = rank % PERIOD;
    match (place % 50, rank / PERIOD % 5) {
        (0, 0) if place == 500 => HOT,
        (0, 0) => 0,
        (0, _) => HOT / 20,
        _ => ORDINARY[(roll(place, 5) % 16) as usize],
    }
}

/// Gives each of `posts` posts its share of `comments`, exactly.
pub fn comments_of_each(posts: u64, comments: u64) -> Vec<u64> {
    let all: u64 = (0..posts).map(weight).sum();
    let share = |weights: u64| (u128::from(comments) * u128::from(weights) / u128::from(all.max(1))) as u64;
    let mut before = 0;
    (0..posts)
        .map(|rank| {
            let so_far = before + weight(rank);
            let mine = share(so_far) - share(before);
            before = so_far;
            mine
        })
        .collect()
}

/// Texts, rendered once.
pub struct Texts(Vec<PostContent>);

impl Texts {
    /// Those of a folder of Markdown posts, or made of sentences.
    pub fn new(dir: Option<&Path>) -> Result<Self> {
        let sources = match dir {
            Some(dir) => read(dir)?,
            None => (0..TEXTS as u64).map(invent).collect(),
        };
        let mut texts = Vec::new();
        for source in sources {
            let uuid = format!("{:06x}00-0000-4000-8000-000000000000", texts.len());
            let manuscript = Manuscript {
                uuid,
                title: String::new(),
                slug: None,
                source,
                excerpt: String::new(),
                tags: Vec::new(),
                comments: PostComments::Open,
                published_at: None,
                authors: Vec::new(),
                meta: Meta::default(),
            };
            // What Laman would not draw is no text to measure with.
            texts.extend(manuscript::content(manuscript, &HashMap::new()));
            if texts.len() == TEXTS {
                break;
            }
        }
        if texts.is_empty() {
            return Err("--texts: there is no Markdown post in this folder".into());
        }
        Ok(Self(texts))
    }

    /// The post of this rank.
    pub fn post(&self, rank: u64) -> PostContent {
        let text = &self.0[rank as usize % self.0.len()];
        let title = format!(
            "The {} {}, {}",
            pick(&MANNERS, rank % PERIOD, 6),
            pick(&THINGS, rank % PERIOD, 7),
            rare_word(rank)
        );
        let own = Uuid::new_v5(&Uuid::NAMESPACE_URL, title.as_bytes()).to_string();
        PostContent {
            // The ids inside the HTML begin with the first digits of the uuid with which it was made.
            uuid: format!("{}{}", &text.uuid[..6], &own[6..]),
            title_slug: slug::slug(&title),
            title,
            tags: tags(rank),
            published_at: Some(published_at(rank)),
            ..text.clone()
        }
    }
}

fn read(dir: &Path) -> Result<Vec<String>> {
    Ok(folder::scan(dir)?
        .iter()
        // A file that is no post (an index, a note to writers) is passed over, as by an import.
        .filter_map(|found| folder::read(found, &TimeZone::UTC).ok())
        .map(|outcome| plain::clean_text(&folder::relink(&outcome.entry.body, &|_| None)))
        .collect())
}

/// A text of three to twenty paragraphs.
fn invent(number: u64) -> String {
    let mut text = String::new();
    for paragraph in 0..3 + roll(number, 8) % 18 {
        if paragraph % 5 == 4 {
            text.push_str("## The ");
            text.push_str(pick(&THINGS, number, 100 + paragraph));
            text.push_str("\n\n");
        }
        for sentence in 0..2 + roll(number, 200 + paragraph) % 5 {
            text.push_str(pick(&SENTENCES, number, 1_000 + 10 * paragraph + sentence));
            text.push(' ');
        }
        text.push_str("\n\n");
    }
    text
}

/// What comments say, rendered once.
pub struct Remarks(Vec<(&'static str, String)>);

impl Remarks {
    pub fn new() -> Result<Self> {
        let rendered = SENTENCES.iter().map(|sentence| Ok((*sentence, markdown::comment(sentence)?)));
        Ok(Self(rendered.collect::<Result<_>>()?))
    }

    /// Source and HTML of a comment of one to four paragraphs.
    pub fn remark(&self, rank: u64, number: u64) -> (String, String) {
        let seed = roll(rank, 9).wrapping_add(number);
        let paragraphs: Vec<_> = (0..1 + roll(seed, 0) % 4)
            .map(|paragraph| &self.0[(roll(seed, 1 + paragraph) % self.0.len() as u64) as usize])
            .collect();
        let source = paragraphs.iter().map(|(source, _)| *source).collect::<Vec<_>>().join("\n\n");
        (source, paragraphs.iter().map(|(_, html)| html.as_str()).collect())
    }
}

/// Who comments: nobody twice under one post, so that no comment is taken for one sent twice.
pub fn commenter(number: u64) -> String {
    let given = AUTHORS[(number % 20) as usize];
    format!("{given} {} {}", MANNERS[(number / 20 % 16) as usize], THINGS[(number / 320 % 24) as usize])
}
