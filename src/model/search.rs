//! What is searched for.

/// A word, or words in quotes, that a post must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As an FTS5 string, in double quotes.
    pub quoted: String,
    /// Its words as the index has them: small letters without accents.
    pub words: Vec<String>,
    /// Whether the last may be the beginning of a longer word.
    pub is_beginning: bool,
}
