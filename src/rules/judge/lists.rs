//! The owner's lists: words, domains, e-mail addresses and networks, an entry a line, `*` for anything.

use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use super::traits::{Traits, words};
use crate::{
    model::{comment::Written, settings::CommentPolicy},
    rules::network::{self, Key, is_mark},
};

/// No comment has more words or links; a list may have many entries, and each is looked for among all of them.
const MAX_WORDS: usize = 2600;
const MAX_HOSTS: usize = 700;

/// What to do with what an entry finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It waits.
    Hold,
    /// It is spam.
    Spam,
}

/// All lists, read once.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Words without `*` that stand alone.
    words: HashMap<String, Listed>,
    others: Vec<(Entry, String, Listed)>,
    trusted: Vec<(Entry, String)>,
}

#[derive(Clone, Debug)]
enum Entry {
    /// Words one after the other; each may have `*`.
    Phrase(Vec<Pattern>),
    Domain(Pattern),
    Email(Pattern),
    /// By the sender's address where it is known, else by the mark of the network that holds it.
    Network(Option<IpNet>, Option<String>),
    /// Who gives both.
    Person {
        name: String,
        email: String,
    },
}

impl Lists {
    /// Reads them; networks are known again by the key.
    pub fn read(policy: &CommentPolicy, key: &Key) -> Self {
        let mut lists = Self::default();
        let (hold, spam) = (&policy.hold_list, &policy.spam_list);
        for line in policy.trust_list.lines() {
            let line = line.trim().to_lowercase();
            if let Some(entry @ (Entry::Person { .. } | Entry::Email(_))) = entry(&line, Some(key)) {
                lists.trusted.push((entry, line));
            }
        }
        for (list, what) in [(spam, Listed::Spam), (hold, Listed::Hold)] {
            for line in list.lines() {
                let line = line.trim().to_lowercase();
                match entry(&line, Some(key)) {
                    Some(Entry::Phrase(words)) if words.len() == 1 && words.iter().all(Pattern::is_plain) => {
                        lists.words.entry(words.into_iter().map(|word| word.start).collect()).or_insert(what);
                    }
                    Some(entry) => lists.others.push((entry, line, what)),
                    None => {}
                }
            }
        }
        lists
    }

    /// The entry that trusts who wrote it.
    pub fn trusts(&self, written: &Written) -> Option<String> {
        let (nothing, none) = (Traits::default(), HashSet::new());
        let mut trusted = self.trusted.iter();
        trusted.find(|(entry, _)| entry.finds(written, &nothing, &none, &none)).map(|(_, line)| line.clone())
    }

    /// The gravest entry that finds something in a comment.
    pub fn find(&self, written: &Written, traits: &Traits) -> Option<(Listed, String)> {
        let hosts: HashSet<&str> = hosts(written, traits).collect();
        let words: HashSet<&str> = looked_at(&traits.words).iter().map(String::as_str).collect();
        let word = |which: Listed| {
            looked_at(&traits.words)
                .iter()
                .find(|word| self.words.get(*word) == Some(&which))
                .map(|word| (which, word.clone()))
        };
        let other = |which: Listed| {
            let mut others = self.others.iter().filter(|(.., what)| *what == which);
            others
                .find(|(entry, ..)| entry.finds(written, traits, &words, &hosts))
                .map(|(_, line, _)| (which, line.clone()))
        };
        word(Listed::Spam)
            .or_else(|| other(Listed::Spam))
            .or_else(|| word(Listed::Hold))
            .or_else(|| other(Listed::Hold))
    }
}

/// Whether a line finds something, and not nearly everything: it has two letters or digits, and is no half of the Internet.
pub fn is_narrow(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    match entry(&line, None) {
        Some(Entry::Network(Some(IpNet::V4(network)), _)) => network.prefix_len() >= 8,
        Some(Entry::Network(Some(IpNet::V6(network)), _)) => network.prefix_len() >= 16,
        Some(_) => line.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some(),
        None => false,
    }
}

fn entry(line: &str, key: Option<&Key>) -> Option<Entry> {
    if is_mark(line) {
        return Some(Entry::Network(None, Some(line.to_owned())));
    }
    if let Some(net) = network::typed(line) {
        return Some(Entry::Network(Some(net), key.and_then(|key| key.mark_of(&net))));
    }
    if let Some((name, email)) = line.strip_suffix('>').and_then(|line| line.rsplit_once('<')) {
        return Some(Entry::Person { name: name.trim().to_owned(), email: email.trim().to_owned() });
    }
    if line.contains('@') {
        return Some(Entry::Email(Pattern::of(line)));
    }
    if line.contains('.') && !line.contains(char::is_whitespace) {
        return Some(Entry::Domain(Pattern::of(line.trim_start_matches("www."))));
    }
    let starred = |word: &str| word.split('*').map(|part| words(part).concat()).collect::<Vec<_>>().join("*");
    let phrase: Vec<String> = line
        .split_whitespace()
        .flat_map(|word| if word.contains('*') { vec![starred(word)] } else { words(word) })
        .collect();
    // An entry of nothing but `*` would find everything.
    let is_one = phrase.iter().any(|word| word.contains(|c| c != '*'));
    is_one.then(|| Entry::Phrase(phrase.iter().map(|word| Pattern::of(word)).collect()))
}

impl Entry {
    fn finds(&self, written: &Written, traits: &Traits, words: &HashSet<&str>, hosts: &HashSet<&str>) -> bool {
        match self {
            Self::Phrase(phrase) if phrase.len() == 1 => {
                phrase.iter().any(|pattern| words.iter().any(|word| pattern.matches(word)))
            }
            Self::Phrase(phrase) => looked_at(&traits.words)
                .windows(phrase.len())
                .any(|words| words.iter().zip(phrase).all(|(word, pattern)| pattern.matches(word))),
            Self::Domain(domain) => hosts.iter().any(|host| domain.matches(host) || domain.is_above(host)),
            Self::Person { name, email } => {
                written.email.as_ref() == Some(email) && written.name.to_lowercase() == *name
            }
            Self::Email(pattern) => pattern.matches(written.email.as_deref().unwrap_or_default()),
            Self::Network(net, mark) => match (net, written.address) {
                (Some(net), Some(address)) => net.contains(&address.to_canonical()),
                _ => mark.as_ref() == Some(&written.network),
            },
        }
    }
}

/// Where a comment leads, and from where its author writes.
fn hosts<'a>(written: &'a Written, traits: &'a Traits) -> impl Iterator<Item = &'a str> {
    let linked = traits.hosts.iter().chain(&traits.named).take(MAX_HOSTS).chain(&traits.site);
    linked.map(String::as_str).chain(written.email.as_deref().and_then(|email| email.rsplit('@').next()))
}

fn looked_at(words: &[String]) -> &[String] {
    &words[..words.len().min(MAX_WORDS)]
}

/// A text in which `*` stands for any letters, taken apart once.
#[derive(Clone, Debug)]
struct Pattern {
    start: String,
    /// What stands between stars, and after the last; none: there is no star.
    rest: Option<(Vec<String>, String)>,
}

impl Pattern {
    fn of(pattern: &str) -> Self {
        let mut parts = pattern.split('*').map(str::to_owned);
        let start = parts.next().unwrap_or_default();
        let mut between: Vec<String> = parts.collect();
        Self { start, rest: between.pop().map(|end| (between, end)) }
    }

    fn is_plain(&self) -> bool {
        self.rest.is_none()
    }

    /// Whether it is all of `text`.
    fn matches(&self, text: &str) -> bool {
        let Some(mut left) = text.strip_prefix(self.start.as_str()) else { return false };
        let Some((between, end)) = &self.rest else { return left.is_empty() };
        for part in between {
            match left.find(part.as_str()) {
                Some(at) => left = &left[at + part.len()..],
                None => return false,
            }
        }
        left.ends_with(end.as_str())
    }

    /// Whether it is a domain to which `host` belongs.
    fn is_above(&self, host: &str) -> bool {
        self.is_plain() && host.strip_suffix(self.start.as_str()).is_some_and(|sub| sub.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written() -> Written {
        Written {
            name: "Replica Rolex".to_owned(),
            email: Some("sales@deals.example".to_owned()),
            website: Some("https://shop.watches.example/x".to_owned()),
            source: "Cheap watches, see https://pills.example now".to_owned(),
            network: key().mark("203.0.113.0/24"),
            address: Some([203, 0, 113, 9].into()),
        }
    }

    fn key() -> Key {
        Key::new([7; 32])
    }

    fn read(hold: &str, spam: &str) -> Lists {
        let (hold_list, spam_list) = (hold.to_owned(), spam.to_owned());
        Lists::read(&CommentPolicy { hold_list, spam_list, ..CommentPolicy::default() }, &key())
    }

    fn found(list: &str) -> bool {
        let written = written();
        read(list, "").find(&written, &Traits::of_text(&written)).is_some()
    }

    #[test]
    fn of_a_comment_whose_address_is_gone_the_mark_of_its_network_tells() {
        let written = Written { address: None, ..written() };
        for (line, expected) in [
            ("203.0.113.0/24", true),
            ("203.0.113.77", true),
            (written.network.as_str(), true),
            ("203.0.114.0/24", false),
            ("203.0.0.0/16", false),
        ] {
            let found = read(line, "").find(&written, &Traits::of_text(&written));
            assert_eq!(found.is_some(), expected, "{line}");
        }
    }

    #[test]
    fn an_entry_finds_whole_words_domains_addresses_and_networks() {
        for line in [
            "rolex",
            "ROLEX",
            "cheap watches",
            "watch*",
            "*lex",
            "*at*es",
            "ch*p wat*",
            "pills.example",
            "watches.example",
            "*.watches.example",
            "*.example",
            "deals.example",
            "www.pills.example",
            "sales@deals.example",
            "*@deals.example",
            "203.0.113.9",
            "203.0.113.0/24",
            "203.0.0.0/16",
            "  rolex  ",
            "Replica Rolex <sales@deals.example>",
            "nothing\nrolex",
        ] {
            assert!(found(line), "{line}");
        }
        for line in [
            "",
            "*",
            "* *",
            "role",
            "watch",
            "watches cheap",
            "ills.example",
            "xample",
            "other@deals.example",
            "203.0.114.9",
            "203.0.113.10",
            "203.0-0123456789",
            "2001:db8::/32",
            ".",
            "@",
            "lex*",
            "Replica <sales@deals.example>",
        ] {
            assert!(!found(line), "{line}");
        }
    }

    #[test]
    fn whom_the_list_trusts_is_told_by_name_and_address_or_by_address_alone() {
        let written = written();
        for (list, expected) in [
            ("replica rolex <SALES@deals.example>", true),
            ("sales@deals.example", true),
            ("*@deals.example", true),
            ("rolex", false),
            ("deals.example", false),
            ("203.0.113.9", false),
            ("other <sales@deals.example>", false),
            ("", false),
        ] {
            let policy = CommentPolicy { trust_list: list.to_owned(), ..CommentPolicy::default() };
            assert_eq!(Lists::read(&policy, &key()).trusts(&written).is_some(), expected, "{list}");
        }
    }

    #[test]
    fn a_line_that_finds_nothing_or_everything_is_told_from_one_that_is_meant() {
        for line in ["ab", "毕业证", "*.top", "203.0.113.9", "10.0.0.0/8", "2001:db8::/32", "a@b", "An <a@b.example>"]
        {
            assert!(is_narrow(line), "{line}");
        }
        for line in ["", "*", "a", "a*", "*@*", "*.*", "0.0.0.0/0", "::/0", "128.0.0.0/1", "!!", "<>"] {
            assert!(!is_narrow(line), "{line}");
        }
    }

    #[test]
    fn a_phrase_is_found_where_words_are_not_apart_by_spaces() {
        let written = Written { source: "专业办理毕业证，don't-stop".to_owned(), ..Written::default() };
        let found = |list| read(list, "").find(&written, &Traits::of_text(&written)).is_some();
        assert!(found("毕业证") && found("don't-stop") && !found("毕业生"));
    }

    #[test]
    fn spam_is_said_before_hold() {
        let written = written();
        let traits = Traits::of_text(&written);
        let lists = read("rolex\ncheap", "pills.example");
        assert_eq!(lists.find(&written, &traits), Some((Listed::Spam, "pills.example".to_owned())));
        assert_eq!(read("rolex", "rolex").find(&written, &traits), Some((Listed::Spam, "rolex".to_owned())));
        assert_eq!(read("cheap", "").find(&written, &traits), Some((Listed::Hold, "cheap".to_owned())));
    }

    proptest! {
        #[test]
        fn any_list_can_be_read_and_looked_up(list in "[a-z*@./: \\n\\PC]{0,80}", source in "\\PC{0,80}") {
            let written = Written { source, ..written() };
            read(&list, &list).find(&written, &Traits::of_text(&written));
        }

        #[test]
        fn a_star_stands_for_anything(before in "[a-z]{0,5}", between in "[a-z]{0,5}", after in "[a-z]{0,5}") {
            let text = format!("{before}{between}{after}");
            let pattern = format!("{before}*{after}");
            prop_assert!(Pattern::of(&pattern).matches(&text));
        }
    }
}
