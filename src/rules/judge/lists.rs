//! The owner's lists: words, domains, e-mail addresses and networks, an entry a line, `*` for anything.

use std::collections::HashMap;

use ipnet::IpNet;

use super::traits::{Traits, words};
use crate::{
    model::comment::Written,
    rules::network::{self, Key, is_mark},
};

/// No comment has more words; a list may have many entries, and each is looked for among all of them.
const MAX_WORDS: usize = 2600;

/// What to do with what an entry finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It waits.
    Hold,
    /// It is spam.
    Spam,
}

/// Both lists, read once.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Words without `*` that stand alone.
    words: HashMap<String, Listed>,
    others: Vec<(Entry, String, Listed)>,
}

#[derive(Clone, Debug)]
enum Entry {
    /// Words one after the other; each may have `*`.
    Phrase(Vec<String>),
    Domain(String),
    Email(String),
    /// By the sender's address where it is known, else by the mark of the network that holds it.
    Network(Option<IpNet>, Option<String>),
}

impl Lists {
    /// Reads both; networks are known again by the key.
    pub fn read(hold: &str, spam: &str, key: &Key) -> Self {
        let mut lists = Self::default();
        for (list, what) in [(spam, Listed::Spam), (hold, Listed::Hold)] {
            for line in list.lines() {
                let line = line.trim().to_lowercase();
                match entry(&line, key) {
                    Some(Entry::Phrase(words)) if words.len() == 1 && !line.contains('*') => {
                        lists.words.entry(words.concat()).or_insert(what);
                    }
                    Some(entry) => lists.others.push((entry, line, what)),
                    None => {}
                }
            }
        }
        lists
    }

    /// The gravest entry that finds something in a comment.
    pub fn find(&self, written: &Written, traits: &Traits) -> Option<(Listed, String)> {
        let word = |which: Listed| {
            looked_at(&traits.words)
                .iter()
                .find(|word| self.words.get(*word) == Some(&which))
                .map(|word| (which, word.clone()))
        };
        let other = |which: Listed| {
            let mut others = self.others.iter().filter(|(.., what)| *what == which);
            others.find(|(entry, ..)| entry.finds(written, traits)).map(|(_, line, _)| (which, line.clone()))
        };
        word(Listed::Spam)
            .or_else(|| other(Listed::Spam))
            .or_else(|| word(Listed::Hold))
            .or_else(|| other(Listed::Hold))
    }
}

fn entry(line: &str, key: &Key) -> Option<Entry> {
    if is_mark(line) {
        return Some(Entry::Network(None, Some(line.to_owned())));
    }
    if let Some(net) = network::typed(line) {
        return Some(Entry::Network(Some(net), key.mark_of(&net)));
    }
    if line.contains('@') {
        return Some(Entry::Email(line.to_owned()));
    }
    if line.contains('.') && !line.contains(char::is_whitespace) {
        return Some(Entry::Domain(line.trim_start_matches("www.").to_owned()));
    }
    let phrase: Vec<String> = line
        .split_whitespace()
        .map(|word| word.split('*').map(|part| words(part).concat()).collect::<Vec<_>>().join("*"))
        .collect();
    // An entry of nothing but `*` would find everything.
    (phrase.iter().any(|word| word.contains(|c| c != '*'))).then_some(Entry::Phrase(phrase))
}

impl Entry {
    fn finds(&self, written: &Written, traits: &Traits) -> bool {
        let email = written.email.as_deref().unwrap_or_default();
        match self {
            Self::Phrase(phrase) => looked_at(&traits.words)
                .windows(phrase.len())
                .any(|words| words.iter().zip(phrase).all(|(word, pattern)| matches(pattern, word))),
            Self::Domain(domain) => {
                let mut hosts =
                    traits.hosts.iter().chain(&traits.site).map(String::as_str).chain(email.rsplit('@').take(1));
                hosts.any(|host| {
                    matches(domain, host) || host.strip_suffix(domain.as_str()).is_some_and(|sub| sub.ends_with('.'))
                })
            }
            Self::Email(pattern) => matches(pattern, email),
            Self::Network(net, mark) => match (net, written.address) {
                (Some(net), Some(address)) => net.contains(&address.to_canonical()),
                _ => mark.as_ref() == Some(&written.network),
            },
        }
    }
}

fn looked_at(words: &[String]) -> &[String] {
    &words[..words.len().min(MAX_WORDS)]
}

/// Whether `pattern`, in which `*` stands for any letters, is all of `text`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
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

    fn found(list: &str) -> bool {
        let written = written();
        Lists::read(list, "", &key()).find(&written, &Traits::of_text(&written)).is_some()
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
            let found = Lists::read(line, "", &key()).find(&written, &Traits::of_text(&written));
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
        ] {
            assert!(!found(line), "{line}");
        }
    }

    #[test]
    fn spam_is_said_before_hold() {
        let written = written();
        let traits = Traits::of_text(&written);
        let lists = Lists::read("rolex\ncheap", "pills.example", &key());
        assert_eq!(lists.find(&written, &traits), Some((Listed::Spam, "pills.example".to_owned())));
        assert_eq!(
            Lists::read("rolex", "rolex", &key()).find(&written, &traits),
            Some((Listed::Spam, "rolex".to_owned()))
        );
        assert_eq!(Lists::read("cheap", "", &key()).find(&written, &traits), Some((Listed::Hold, "cheap".to_owned())));
    }

    proptest! {
        #[test]
        fn any_list_can_be_read_and_looked_up(list in "[a-z*@./: \\n\\PC]{0,80}", source in "\\PC{0,80}") {
            let written = Written { source, ..written() };
            Lists::read(&list, &list, &key()).find(&written, &Traits::of_text(&written));
        }

        #[test]
        fn a_star_stands_for_anything(before in "[a-z]{0,5}", between in "[a-z]{0,5}", after in "[a-z]{0,5}") {
            let text = format!("{before}{between}{after}");
            let pattern = format!("{before}*{after}");
            prop_assert!(matches(&pattern, &text));
        }
    }
}
