//! Why a comment was judged as it was: a name, points and a detail, kept in one word each.

use std::fmt;

/// What spoke for or against a comment; each has a word in `locales/`, `reason-NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The owner holds every comment.
    HoldAll,
    /// The first from this name and address.
    FirstTime,
    /// The post is so old that the owner holds what comes to it.
    HoldOld,
    /// Three links or more, as judged before there were points.
    ManyLinks,
    /// A field was filled in that only machines see.
    Trap,
    /// So many links.
    Links,
    /// A link hides where it leads.
    Shortener,
    /// A link leads where only spam led before.
    SpamHost,
    /// Sent so many seconds after its form was drawn.
    Fast,
    /// So many from one network in ten minutes.
    Network,
    /// So many by one name or address in ten minutes.
    Author,
    /// Nearly the same words came so many times lately.
    Again,
    /// Many arrive at once.
    Storm,
    /// On a post of so many days.
    OldPost,
    /// In a script that the blog's language is not written in.
    Script,
    /// Asks in so many ways to be reached elsewhere.
    Contact,
    /// HTML or BBCode that comments do not take.
    Markup,
    /// So many by this name and address were approved.
    Known,
    /// Stands in the list of what is held.
    HoldList,
    /// Stands in the list of what is spam.
    SpamList,
    /// Its author stands in the list of those who are trusted.
    TrustList,
    /// What moderators taught about these words.
    Words,
    /// Its author's browser worked for it.
    Worked,
    /// Waits for the answer of an outside service; the detail is its state without.
    Asked,
    /// An outside service calls it spam.
    Outside,
    /// An outside service does not.
    OutsideHam,
    /// An outside service gave no answer.
    NoAnswer,
}

impl What {
    /// Every one.
    pub const ALL: [Self; 27] = [
        Self::HoldAll,
        Self::FirstTime,
        Self::HoldOld,
        Self::ManyLinks,
        Self::Trap,
        Self::Links,
        Self::Shortener,
        Self::SpamHost,
        Self::Fast,
        Self::Network,
        Self::Author,
        Self::Again,
        Self::Storm,
        Self::OldPost,
        Self::Script,
        Self::Contact,
        Self::Markup,
        Self::Known,
        Self::HoldList,
        Self::SpamList,
        Self::TrustList,
        Self::Words,
        Self::Worked,
        Self::Asked,
        Self::Outside,
        Self::OutsideHam,
        Self::NoAnswer,
    ];

    /// As kept in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HoldAll => "hold-all",
            Self::FirstTime => "first-time",
            Self::HoldOld => "hold-old",
            Self::ManyLinks => "many-links",
            Self::Trap => "trap",
            Self::Links => "links",
            Self::Shortener => "shortener",
            Self::SpamHost => "spam-host",
            Self::Fast => "fast",
            Self::Network => "network",
            Self::Author => "author",
            Self::Again => "again",
            Self::Storm => "storm",
            Self::OldPost => "old-post",
            Self::Script => "script",
            Self::Contact => "contact",
            Self::Markup => "markup",
            Self::Known => "known",
            Self::HoldList => "hold-list",
            Self::SpamList => "spam-list",
            Self::TrustList => "trust-list",
            Self::Words => "words",
            Self::Worked => "worked",
            Self::Asked => "asked",
            Self::Outside => "outside",
            Self::OutsideHam => "outside-ham",
            Self::NoAnswer => "no-answer",
        }
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it is.
    pub what: What,
    /// Tenths of a point, more for spam; `None`: no matter of points.
    pub points: Option<i32>,
    /// A number or a word that says more; may be empty.
    pub detail: String,
}

impl Reason {
    /// One that is no matter of points.
    pub fn bare(what: What) -> Self {
        Self { what, points: None, detail: String::new() }
    }

    /// One with points. In `detail`, what would end it is left out.
    pub fn new(what: What, points: i32, detail: impl ToString) -> Self {
        let detail = detail.to_string().replace(|c: char| c.is_whitespace() || c.is_control() || c == ':', "_");
        Self { what, points: Some(points), detail }
    }

    /// What was kept, apart by spaces; what is not understood is passed over.
    pub fn all(kept: &str) -> Vec<Self> {
        kept.split(' ').filter_map(Self::parse).collect()
    }

    fn parse(kept: &str) -> Option<Self> {
        let mut parts = kept.splitn(3, ':');
        let name = parts.next()?;
        let what = What::ALL.into_iter().find(|what| what.as_str() == name)?;
        let points = parts.next().and_then(|points| points.parse().ok());
        Some(Self { what, points, detail: parts.next().unwrap_or_default().to_owned() })
    }

    /// `+2.1`, `−3.0`; empty where it is no matter of points.
    pub fn points_shown(&self) -> String {
        self.points.filter(|points| *points != 0).map_or_else(String::new, |points| {
            let tenths = points.unsigned_abs();
            format!("{}{}.{}", if points < 0 { '\u{2212}' } else { '+' }, tenths / 10, tenths % 10)
        })
    }
}

/// As kept in the database: `links:21:3`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what.as_str())?;
        match self.points {
            Some(points) => write!(f, ":{points}:{}", self.detail),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reasons_are_kept_as_words_and_shown_with_their_points() {
        let kept = "links:21:3 fast:14:2 known:-30:4 first-time many-links from-the-future:7:x";
        let reasons = Reason::all(kept);
        let shown: Vec<_> = reasons.iter().map(|reason| (reason.points_shown(), reason.detail.as_str())).collect();
        let expected = [("+2.1", "3"), ("+1.4", "2"), ("\u{2212}3.0", "4"), ("", ""), ("", "")];
        assert_eq!(shown, expected.map(|(points, detail)| (points.to_owned(), detail)));
        assert_eq!(reasons[0].to_string(), "links:21:3");
        assert_eq!(reasons[3].to_string(), "first-time");
        assert!(Reason::all("").is_empty());
    }

    proptest! {
        #[test]
        fn a_reason_comes_back_as_it_was_kept(which in 0..What::ALL.len(), points in any::<i32>(), detail in "\\PC{0,12}") {
            let reason = Reason::new(What::ALL[which], points, detail);
            prop_assert_eq!(Reason::all(&reason.to_string()), vec![reason]);
        }
    }
}
