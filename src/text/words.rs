//! Every word that the program says, in the blog's language: Fluent messages from `locales/`, dates and numbers among them.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{ZonedDateTime, civil::Date};

use crate::model::{language::Language, remark::Remark};

/// Languages whose words are complete (a test holds them to it); every other language borrows English ones.
pub const TRANSLATED: &[(&str, &str)] =
    &[("en", include_str!("../../locales/en.ftl")), ("ms", include_str!("../../locales/ms.ftl"))];

static ALL: LazyLock<Vec<Words>> =
    LazyLock::new(|| TRANSLATED.iter().map(|(tag, source)| Words::load(tag, source)).collect());

/// The words of one language.
pub struct Words {
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

/// The words for a blog in `language`; English where there is no translation.
pub fn words(language: Language) -> &'static Words {
    ALL.iter().find(|words| words.tag == language.tag()).unwrap_or(&ALL[0])
}

impl Words {
    fn load(tag: &'static str, source: &str) -> Self {
        let language = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Names and titles are isolated by <bdi> where they are shown; marks in the text would be copied with it.
        bundle.set_use_isolating(false);
        // A file with an error keeps its good messages; the test below allows no error at all.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { tag, bundle }
    }

    fn format(&self, id: &str, args: Option<&FluentArgs>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return if self.tag == ALL[0].tag { id.to_owned() } else { ALL[0].format(id, args) };
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    /// The message `id`; the id itself if there is none, which a test forbids.
    pub fn t(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The message `id` for a number: `$count` chooses the plural, `$n` is the number as the language writes it.
    pub fn tn(&self, id: &str, count: impl Into<i64>) -> String {
        let count = count.into();
        let mut args = FluentArgs::new();
        args.set("count", count);
        args.set("n", self.number(count));
        self.format(id, Some(&args))
    }

    /// The message `id` with one text put in for `$it`.
    pub fn tx(&self, id: &str, it: impl ToString) -> String {
        self.with(id, &[("it", it.to_string().into())])
    }

    /// The message `id` with named values.
    pub fn with(&self, id: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        let args = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(id, Some(&args))
    }

    /// The sentence `id` about a number of things, or about a text, whichever `detail` is.
    pub fn about(&self, id: &str, detail: &str) -> String {
        match detail.parse::<i64>() {
            Ok(count) => self.tn(id, count),
            Err(_) => self.tx(id, detail.replace(',', ", ")),
        }
    }

    /// What was to be said later.
    pub fn remark(&self, remark: &Remark) -> String {
        let mut args: FluentArgs<'_> = remark.args().collect();
        if !remark.why().is_empty() {
            let why: Vec<String> = remark.why().iter().map(|why| self.remark(why)).collect();
            args.set("why", why.join(", "));
        }
        self.format(remark.key(), Some(&args))
    }

    /// `n` with the language's separator between thousands.
    pub fn number(&self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let separator = self.t("number-group");
        let mut out = String::from(if n < 0 { "-" } else { "" });
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                out.push_str(&separator);
            }
            out.push(digit);
        }
        out
    }

    fn date_with(&self, id: &str, date: Date) -> String {
        let weekday = self.t(&format!("weekday-{}", date.weekday().to_monday_one_offset()));
        self.with(
            id,
            &[
                ("weekday", weekday.into()),
                ("day", date.day().to_string().into()),
                ("month", self.t(&format!("month-{}", date.month())).into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }

    /// A day with its name: "Saturday, 11 February 2023".
    pub fn day(&self, at: &ZonedDateTime) -> String {
        self.date_with("date-day", at.date())
    }

    /// A day without its name: "11 February 2023".
    pub fn date(&self, at: &ZonedDateTime) -> String {
        self.date_with("date-short", at.date())
    }

    /// The same of a day that is known by its date.
    pub fn plain_date(&self, date: &Date) -> String {
        self.date_with("date-short", *date)
    }

    /// A month: "February 2023".
    pub fn month(&self, year: i16, month: i8) -> String {
        Date::new(year, month, 1).map_or_else(|_| format!("{year}/{month}"), |date| self.date_with("date-month", date))
    }

    /// A clock time: "08:30".
    pub fn time(&self, at: &ZonedDateTime) -> String {
        self.with(
            "date-time",
            &[("hour", format!("{:02}", at.hour()).into()), ("minute", format!("{:02}", at.minute()).into())],
        )
    }

    /// A day and a clock time: "11 February 2023, 08:30".
    pub fn moment(&self, at: &ZonedDateTime) -> String {
        self.with("date-moment", &[("date", self.date(at).into()), ("time", self.time(at).into())])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Message ids with the placeables of each, read from the source so that even an unused plural branch counts.
    fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines() {
            if let Some((id, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = id.to_owned();
                assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{id} is said twice");
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
                found.get_mut(&current).expect("a message").insert(name);
            }
        }
        found
    }

    #[test]
    fn every_language_says_the_same_things_with_the_same_values() {
        let english = messages(TRANSLATED[0].1);
        for (tag, source) in TRANSLATED {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{tag}.ftl does not parse");
            let theirs = messages(source);
            let missing: Vec<_> = english.keys().filter(|id| !theirs.contains_key(*id)).collect();
            let unknown: Vec<_> = theirs.keys().filter(|id| !english.contains_key(*id)).collect();
            assert!(missing.is_empty() && unknown.is_empty(), "{tag}: missing {missing:?}, unknown {unknown:?}");
            for (id, values) in &theirs {
                // A language without plurals has no use for $count.
                let differ: Vec<_> = values.symmetric_difference(&english[id]).filter(|v| *v != "count").collect();
                assert!(differ.is_empty(), "{tag}: {id} differs in {differ:?}");
            }
        }
    }

    #[test]
    fn dates_and_numbers_are_written_as_the_language_does() {
        let at: ZonedDateTime = "2023-02-11T08:05:00+08:00[Asia/Kuala_Lumpur]".parse().expect("a time");
        let english = words(Language::ENGLISH);
        assert_eq!(english.day(&at), "Saturday, 11 February 2023");
        assert_eq!(english.moment(&at), "11 February 2023, 08:05");
        assert_eq!(english.number(-1_234_567), "-1,234,567");
        assert_eq!(english.tn("comment-count", 0), "No comments");
        assert_eq!(english.tn("comment-count", 1), "1 comment");
        assert_eq!(english.tn("comment-count", 1200), "1,200 comments");
        let malay = words(Language::from_tag("ms").expect("Malay"));
        assert_eq!(malay.day(&at), "Sabtu, 11 Februari 2023");
        assert_eq!(malay.tn("comment-count", 2), "2 ulasan");
    }
}
