//! How a comment asks to be reached elsewhere, and the hosts that it names without a link.

/// A way to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// A telephone number.
    Telephone,
    /// An e-mail address.
    Address,
    /// A name or a number on a messenger.
    Messenger,
}

impl Contact {
    /// As the filter knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Address => "address",
            Self::Messenger => "messenger",
        }
    }
}

/// What messengers are called, in the scripts in which they are written about.
const MESSENGERS: &[&str] = &[
    "discord",
    "kakaotalk",
    "line id",
    "telegram",
    "viber",
    "wechat",
    "whats app",
    "whatsapp",
    "zalo",
    "вайбер",
    "ватсап",
    "вотсап",
    "телеграм",
    "تيليجرام",
    "تليجرام",
    "تلغرام",
    "واتساب",
    "微信",
    "电报",
    "電報",
];
/// Hosts have no longer endings than this, and telephone numbers so many digits.
const ENDING: std::ops::RangeInclusive<usize> = 2..=18;
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// Each way that a text of lower case gives, once.
pub fn contacts(text: &str) -> Vec<Contact> {
    let telephone = text.split(|c: char| !matches!(c, '0'..='9' | ' ' | '+' | '-' | '(' | ')' | '.')).any(is_telephone);
    let address =
        pieces(text).any(|piece| piece.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host(host)));
    let is_named = telephone || pieces(text).any(is_handle);
    let messenger = is_named && MESSENGERS.iter().any(|name| text.contains(name));
    [(telephone, Contact::Telephone), (address, Contact::Address), (messenger, Contact::Messenger)]
        .into_iter()
        .filter_map(|(gives, contact)| gives.then_some(contact))
        .collect()
}

/// The hosts that a text of lower case names, in e-mail addresses too, but in no link.
pub fn named(text: &str) -> Vec<String> {
    let host = |piece: &str| piece.split('/').next().and_then(|piece| piece.rsplit('@').next()).map(str::to_owned);
    pieces(text).filter_map(host).filter(|host| is_host(host)).collect()
}

/// What stands between spaces and brackets, without the signs around it, but for links.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| matches!(c, '|' | ',' | ';' | '(' | ')' | '<' | '>' | '[' | ']' | '"' | '：' | '，' | '。');
    text.split(move |c: char| ends(c) || c.is_whitespace())
        .filter(|piece| !piece.contains("://"))
        .map(|piece| piece.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@')))
        .filter(|piece| !piece.is_empty() && !piece.starts_with("www."))
}

fn is_host(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.rsplit_once('.').is_some_and(|(rest, ending)| {
        let is_ending = ENDING.contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_lowercase());
        is_ending && rest.bytes().any(|b| b.is_ascii_lowercase()) && rest.split('.').all(is_label)
    })
}

/// `@name`, or a word in which letters and digits are mixed.
fn is_handle(piece: &str) -> bool {
    let mixes = piece.bytes().any(|b| b.is_ascii_digit()) && piece.bytes().any(|b| b.is_ascii_lowercase());
    piece.strip_prefix('@').map_or(mixes && piece.len() > 5, |name| name.len() > 3)
}

/// Of digits and what stands between those of telephone numbers; no date, amount or version.
fn is_telephone(run: &str) -> bool {
    let run = run.find('+').map_or(run, |at| &run[at..]).trim_matches([' ', '.', '-']);
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let groups = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let is_number = run.starts_with(['+', '0', '(']) && !run.starts_with("0.");
    let is_hyphened = run.matches('-').count() > 1 && !run.starts_with("19") && !run.starts_with("20");
    DIGITS.contains(&digits) && digits >= 2 * groups && (is_number || is_hyphened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_be_reached_elsewhere_are_told_from_numbers_dates_and_mentions() {
        use Contact::{Address, Messenger, Telephone};
        for (text, expected) in [
            ("call +1 (555) 010-9999 today", vec![Telephone]),
            ("dial 1-800-555-0164.", vec![Telephone]),
            ("01.55.50.11.23", vec![Telephone]),
            ("no. 5, +44 20 7946 0000", vec![Telephone]),
            ("write to me: who@mail.example", vec![Address]),
            ("on telegram @somebody", vec![Messenger]),
            ("微信：somebody77", vec![Messenger]),
            ("whatsapp +1 555 010 9999, who@mail.example", vec![Telephone, Address, Messenger]),
            ("i left whatsapp for good", vec![]),
            ("@somebody is right", vec![]),
            ("from 2023-01-02 to 2024-03-04", vec![]),
            ("0.12345678 of 10 000 000", vec![]),
            ("192.168.100.100", vec![]),
            ("a@b", vec![]),
        ] {
            assert_eq!(contacts(text), expected, "{text}");
        }
    }

    #[test]
    fn hosts_are_named_without_a_link() {
        let named = |text| named(text).join(" ");
        assert_eq!(named("go to shop.example, or (deals.example/x)"), "shop.example deals.example");
        assert_eq!(named("ask who@mail.example."), "mail.example");
        assert_eq!(named("https://a.example www.b.example e.g. 3.5 v1.2 end.Next"), "");
    }
}
