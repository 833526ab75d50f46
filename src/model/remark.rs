//! Something to be said later, in the language of whoever reads it: a message, and what is put into it.

use std::{borrow::Cow, collections::BTreeMap, fmt, io};

use serde::{Deserialize, Serialize};

/// Longer words of others are cut.
const MAX_WORDS: usize = 500;
/// The message that is nothing but words of others.
const WORDS: &str = "import-words";

/// A message of `locales/` that is not said yet. What was kept before there were any is a plain text, and is read as [`words`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Remark {
    key: Cow<'static, str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    args: BTreeMap<Cow<'static, str>, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<Remark>,
}

/// How one is kept.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Line(String),
    Remark {
        key: String,
        #[serde(default)]
        args: BTreeMap<String, String>,
        #[serde(default)]
        why: Vec<Remark>,
    },
}

impl From<Kept> for Remark {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Line(line) => words(line),
            Kept::Remark { key, args, why } => Self {
                key: key.into(),
                args: args.into_iter().map(|(name, value)| (name.into(), value)).collect(),
                why,
            },
        }
    }
}

/// The message `key`. It stands here as a whole, so that a test finds it and looks whether there are words for it.
pub fn remark(key: &'static str) -> Remark {
    Remark { key: key.into(), args: BTreeMap::new(), why: Vec::new() }
}

/// What somebody else says, a library or the system: as it is, in whatever language.
pub fn words(said: impl ToString) -> Remark {
    remark(WORDS).put("it", said)
}

/// What the system says; where it only hands on what one of ours said, that.
pub fn heard(error: &io::Error) -> Remark {
    let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Remark>());
    ours.cloned().unwrap_or_else(|| words(error))
}

/// What was kept of several: as JSON, or before there were any as plain lines.
pub fn kept(text: &str) -> Vec<Remark> {
    serde_json::from_str(text).unwrap_or_else(|_| text.lines().map(words).collect())
}

impl Remark {
    /// Puts a value in the message's `$name`.
    #[must_use]
    pub fn put(mut self, name: &'static str, value: impl ToString) -> Self {
        let mut value = value.to_string();
        if let Some((end, _)) = value.char_indices().nth(MAX_WORDS) {
            value.truncate(end);
        }
        self.args.insert(name.into(), value);
        self
    }

    /// Puts others in the message's `$why`.
    #[must_use]
    pub fn because(mut self, why: impl IntoIterator<Item = Self>) -> Self {
        self.why.extend(why);
        self
    }

    /// The id of the message.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether it is about a picture or a file, of which a blog has more than of anything else.
    pub fn is_about_a_file(&self) -> bool {
        self.key.starts_with("import-picture") || self.key.starts_with("import-file")
    }

    /// What is put into it, by name.
    pub fn args(&self) -> impl Iterator<Item = (&str, &str)> {
        self.args.iter().map(|(name, value)| (&**name, &**value))
    }

    /// What is put into its `$why`, to be said in the same language.
    pub fn why(&self) -> &[Self] {
        &self.why
    }
}

/// Where there is no language: words of others, else which message it is.
impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.args.get("it").filter(|_| self.key == WORDS).map_or(&self.key, |it| it))
    }
}

impl std::error::Error for Remark {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_comes_back_as_it_was_kept_and_a_plain_line_as_words() {
        let said =
            remark("import-picture-refused").put("picture", "a.png").because([words("no"), remark("import-empty")]);
        let json = serde_json::to_string(&said).expect("JSON");
        assert_eq!(serde_json::from_str::<Remark>(&json).expect("a remark"), said);
        assert_eq!(serde_json::to_string(&remark("import-empty")).expect("JSON"), r#"{"key":"import-empty"}"#);
        assert_eq!(serde_json::from_str::<Remark>("\"form\"").expect("a remark"), words("form"));
        assert_eq!(kept("form\nshortcode [x]"), [words("form"), words("shortcode [x]")]);
        assert_eq!(kept(&format!("[{json}]")), [said]);
        assert_eq!(words("x".repeat(9999)).to_string().len(), MAX_WORDS);
    }

    #[test]
    fn what_the_system_hands_on_is_heard() {
        assert_eq!(heard(&io::Error::other(remark("import-empty"))), remark("import-empty"));
        assert_eq!(heard(&io::Error::other("no room")), words("no room"));
    }
}
