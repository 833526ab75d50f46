//! What a comment shows by itself: its words, where its links lead, its script, markup that it may not have.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::contact::{Contact, contacts, named};
use crate::model::{comment::Written, language::Language};

/// Longer words are cut: whoever writes them means to be seen by nobody.
const MAX_WORD: usize = 40;

/// So many characters of the beginning and of the end are read: all of the longest comment that is taken. Links and markup
/// are looked for in all of any.
const BEGINNING: usize = 5_000;
const END: usize = 1_000;

/// Hosts that hide where a link leads.
const SHORTENERS: &[&str] = &[
    "adf.ly",
    "bit.do",
    "bit.ly",
    "bl.ink",
    "buff.ly",
    "clck.ru",
    "cutt.ly",
    "goo.gl",
    "goo.su",
    "is.gd",
    "lnkd.in",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "s.id",
    "short.gy",
    "shorturl.at",
    "soo.gd",
    "surl.li",
    "t.co",
    "t.ly",
    "t.me",
    "tiny.cc",
    "tinyurl.com",
    "u.to",
    "v.gd",
    "vk.cc",
    "wa.me",
];

/// What is typed by those who expect their links to be taken as HTML or BBCode.
const MARKUP: &[&str] = &["<a ", "</a>", "[url", "[/url", "[link", "<script", "<iframe", "<img "];

/// What a comment shows by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// Its words, and the author's name, as they are compared.
    pub words: Vec<String>,
    /// The hosts of its links, one for each link.
    pub hosts: Vec<String>,
    /// The host of the author's website.
    pub site: Option<String>,
    /// Hosts that it names without a link.
    pub named: Vec<String>,
    /// How it asks to be reached elsewhere.
    pub contacts: Vec<Contact>,
    /// Most of its letters belong to a script that the blog's language is not written in.
    pub is_foreign: bool,
    /// How often it has markup that comments do not take.
    pub markup: usize,
}

impl Traits {
    /// Of a comment on a blog in `language`.
    pub fn of(written: &Written, language: Language) -> Self {
        Self { is_foreign: is_foreign(&read(&written.source), language), ..Self::of_text(written) }
    }

    /// Whatever language the blog is in.
    pub fn of_text(written: &Written) -> Self {
        let lower = written.source.to_lowercase();
        let read = read(&lower);
        Self {
            words: words(&format!("{}\n{read}", written.name)),
            hosts: hosts(&lower),
            named: named(&read),
            contacts: contacts(&read),
            site: written.website.as_deref().and_then(|website| hosts(&website.to_lowercase()).into_iter().next()),
            is_foreign: false,
            markup: markup(&lower),
        }
    }

    /// Of its links, and of the author's website.
    pub fn all_hosts(&self) -> impl Iterator<Item = &String> {
        self.hosts.iter().chain(&self.site)
    }

    /// The first link that hides where it leads.
    pub fn shortener(&self) -> Option<&str> {
        self.all_hosts().find(|host| SHORTENERS.contains(&host.as_str())).map(String::as_str)
    }
}

/// What is read of a text, but for its links and markup.
pub fn read(text: &str) -> Cow<'_, str> {
    if text.len() <= BEGINNING + END {
        return text.into();
    }
    let beginning = text.char_indices().nth(BEGINNING).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().nth_back(END - 1).map_or(0, |(at, _)| at);
    if end <= beginning { text.into() } else { format!("{}\n{}", &text[..beginning], &text[end..]).into() }
}

/// The words of a text as they are compared: NFKC, lower case, without what stands around them. Where a script puts no spaces
/// between words, pairs of characters stand for them.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    let mut before = None;
    // Nothing of ASCII is written in two ways.
    let text: Cow<'_, str> = if text.is_ascii() { text.into() } else { text.nfkc().collect::<String>().into() };
    for character in text.chars().flat_map(char::to_lowercase) {
        if is_unspaced(character) {
            end(&mut words, &mut word, &mut length);
            if let Some(before) = before.replace(character) {
                words.push([before, character].iter().collect());
            }
            continue;
        }
        before = None;
        if character.is_alphanumeric() || (matches!(character, '\'' | '’') && !word.is_empty()) {
            length += 1;
            if length <= MAX_WORD {
                word.push(if character == '’' { '\'' } else { character });
            }
        } else {
            end(&mut words, &mut word, &mut length);
        }
    }
    end(&mut words, &mut word, &mut length);
    words
}

fn end(words: &mut Vec<String>, word: &mut String, length: &mut usize) {
    word.truncate(word.trim_end_matches('\'').len());
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
    *length = 0;
}

/// How often one of [`MARKUP`] stands in a text of lower case.
fn markup(text: &str) -> usize {
    let begins = |(at, _): (usize, &str)| MARKUP.iter().any(|tag| text[at..].starts_with(tag));
    text.match_indices(['<', '[']).filter(|found| begins(*found)).count()
}

/// The hosts of the addresses in a text of lower case, without `www.`.
pub fn hosts(text: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    let mut rest = text;
    // Letter by letter: to look for the one beginning again and again where there is only the other would take long.
    while let Some(at) = rest.find([':', 'w']) {
        rest = &rest[at..];
        let Some(address) = rest.strip_prefix("://").or_else(|| rest.strip_prefix("www.")) else {
            rest = &rest[1..];
            continue;
        };
        rest = address;
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(rest.len());
        let host = rest[..end].trim_matches(['.', '-']);
        let host = host.strip_prefix("www.").unwrap_or(host);
        if host.contains('.') {
            hosts.push(host.to_owned());
        }
        // Past what else stands in this address: what it carries along is not linked.
        let past = rest[end..].find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '>' | '"' | '<'));
        rest = past.map_or("", |past| &rest[end + past..]);
    }
    hosts
}

/// Scripts that are told from each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Indic,
    Thai,
    EastAsian,
}

fn script(character: char) -> Option<Script> {
    Some(match character {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{590}'..='\u{5ff}' => Script::Hebrew,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
            Script::Arabic
        }
        '\u{900}'..='\u{d7f}' => Script::Indic,
        '\u{e00}'..='\u{e7f}' => Script::Thai,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Script::EastAsian,
        other if is_unspaced(other) => Script::EastAsian,
        _ => return None,
    })
}

/// Chinese characters and Japanese syllables.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3fffd}')
}

/// Latin is at home everywhere: names of things, and what people of all languages fall back on.
fn is_foreign(text: &str, language: Language) -> bool {
    let home = match language.tag().split('-').next().unwrap_or_default() {
        "el" => Script::Greek,
        "ru" | "sr" | "uk" => Script::Cyrillic,
        "he" => Script::Hebrew,
        "ar" | "fa" | "ur" => Script::Arabic,
        "bn" | "hi" | "ta" => Script::Indic,
        "th" => Script::Thai,
        "ja" | "ko" | "zh" => Script::EastAsian,
        _ => Script::Latin,
    };
    let (mut letters, mut foreign) = (0, 0);
    for of in text.chars().filter_map(script) {
        letters += 1;
        foreign += usize::from(of != home && of != Script::Latin);
    }
    foreign * 2 > letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_width_and_signs() {
        assert_eq!(words("Don’t BUY, ｖｉａｇｒａ!! 'now'"), ["don't", "buy", "viagra", "now"]);
        assert_eq!(words("日本語 ok"), ["日本", "本語", "ok"]);
        assert!(words("— … !").is_empty());
        assert_eq!(words(&"x".repeat(100_000))[0].len(), MAX_WORD);
    }

    #[test]
    fn each_link_gives_its_host_once() {
        for (text, expected) in [
            ("see https://www.a.example/x?u=http://b.example and www.c.example.", vec!["a.example", "c.example"]),
            ("[word](http://a.example) <https://a.example>", vec!["a.example", "a.example"]),
            ("[url=https://a.example]x[/url]", vec!["a.example"]),
            ("://, http://x, www. and a.b", vec![]),
        ] {
            assert_eq!(hosts(text), expected, "{text}");
        }
    }

    #[test]
    fn of_a_text_longer_than_any_comment_both_ends_are_read_and_every_link_is_counted() {
        let source = format!("first {} https://a.example {} last", "x ".repeat(20_000), "y ".repeat(20_000));
        let traits = Traits::of_text(&Written { source, ..Written::default() });
        assert_eq!((traits.words.first(), traits.words.last()), (Some(&"first".into()), Some(&"last".into())));
        assert!(traits.words.len() <= BEGINNING + END);
        assert_eq!(traits.hosts, ["a.example"]);
        let longest = "猫".repeat(5000);
        assert_eq!(Traits::of_text(&Written { source: longest, ..Written::default() }).words.len(), 4999);
    }

    #[test]
    fn a_script_is_foreign_where_the_blog_is_written_in_another() {
        let (english, russian) = (Language::ENGLISH, Language::from_tag("ru").unwrap());
        for (text, language, expected) in [
            ("Купить дешево прямо сейчас", english, true),
            ("Купить дешево прямо сейчас", russian, false),
            ("Hello there", russian, false),
            ("The word «привет» means hello", english, false),
            ("非常好的文章", english, true),
            ("123 !", english, false),
        ] {
            assert_eq!(is_foreign(text, language), expected, "{text}");
        }
    }

    #[test]
    fn shorteners_and_refused_markup_are_seen() {
        let of = |source: &str, website: Option<&str>| {
            let written =
                Written { source: source.to_owned(), website: website.map(str::to_owned), ..Written::default() };
            Traits::of(&written, Language::ENGLISH)
        };
        assert_eq!(of("go https://bit.ly/x", None).shortener(), Some("bit.ly"));
        assert_eq!(of("go", Some("https://tinyurl.com/x")).shortener(), Some("tinyurl.com"));
        assert_eq!(of("https://habit.lyrics.example", None).shortener(), None);
        assert_eq!(of("[URL=http://a.example]x[/URL] <A HREF=x>y</a>", None).markup, 4);
        assert_eq!(of("if a < b && c > d", None).markup, 0);
    }
}
