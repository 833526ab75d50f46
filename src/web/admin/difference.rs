//! Two states of a post beside each other: field by field, word by word.

use crate::{
    app::App,
    error::Result,
    model::{ids::UserId, revision::Typed, user::User},
    rules::diff::{self, Piece},
    web::layout::Layout,
};

/// Of what is the same so much is shown on either side of a change, in characters.
const AROUND: usize = 160;

/// A field in which two states differ.
pub struct Difference {
    /// The field's label.
    pub label: String,
    pub bits: Vec<Bit>,
}

/// A stretch of it.
pub struct Bit {
    pub kind: Kind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Same,
    Removed,
    Added,
    /// Here much that is the same is left out.
    Gap,
}

impl Bit {
    pub fn is_added(&self) -> bool {
        self.kind == Kind::Added
    }

    pub fn is_removed(&self) -> bool {
        self.kind == Kind::Removed
    }

    pub fn is_gap(&self) -> bool {
        self.kind == Kind::Gap
    }
}

/// What changed from `before` to `after`; nothing where they are the same. Long texts are compared off the async threads.
pub async fn differences(app: &App, l: &Layout, before: &Typed, after: &Typed) -> Result<Vec<Difference>> {
    let names = Names::of(app, before, after).await?;
    let pairs: Vec<(String, String, String)> = labelled(l, before, &names)
        .into_iter()
        .zip(labelled(l, after, &names))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((label, before), (_, after))| (label, before, after))
        .collect();
    let bytes = before.text.len() + after.text.len();
    app.rendering(bytes, move || {
        let difference = |(label, before, after): (String, String, String)| Difference {
            label,
            bits: shortened(diff::words(&before, &after)),
        };
        pairs.into_iter().map(difference).collect()
    })
    .await
}

/// What authors are called, where two states name others.
struct Names(Vec<User>);

impl Names {
    async fn of(app: &App, before: &Typed, after: &Typed) -> Result<Self> {
        // A state that names nobody leaves them as they are.
        let is_other = before.authors != after.authors && !before.authors.is_empty() && !after.authors.is_empty();
        Ok(Self(if is_other { app.store.users().await? } else { Vec::new() }))
    }

    fn listed(&self, authors: &[UserId]) -> String {
        let name = |id: &UserId| self.0.iter().find(|user| user.id == *id).map(|user| user.name.as_str());
        authors.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    }
}

/// Every field with its label, in words.
fn labelled(l: &Layout, typed: &Typed, names: &Names) -> Vec<(String, String)> {
    let meta = &typed.meta;
    let featured = if meta.featured { l.t("featured") } else { String::new() };
    [
        ("title", typed.title.clone()),
        ("text", typed.text.clone()),
        ("post-authors", names.listed(&typed.authors)),
        ("tags", typed.tags.clone()),
        ("publish-at", typed.publish_at.replace('T', " ")),
        ("slug", typed.slug.clone()),
        ("excerpt", typed.excerpt.clone()),
        ("comments", l.word("thread", typed.comments.as_str())),
        ("description", meta.description.clone()),
        ("cover", meta.cover.clone()),
        ("cover-alt", meta.cover_alt.clone()),
        ("cover-caption", meta.cover_caption.clone()),
        ("canonical", meta.canonical.clone()),
        ("post-language", meta.language.clone()),
        ("featured", featured),
    ]
    .into_iter()
    .map(|(label, value)| (l.t(label), value))
    .collect()
}

/// The pieces, with what is long and the same cut down to what stands around changes.
fn shortened(pieces: Vec<Piece<'_>>) -> Vec<Bit> {
    let last = pieces.len().saturating_sub(1);
    let mut bits = Vec::new();
    for (at, piece) in pieces.into_iter().enumerate() {
        let (kind, text) = match piece {
            Piece::Same(text) => (Kind::Same, text),
            Piece::Removed(text) => (Kind::Removed, text),
            Piece::Added(text) => (Kind::Added, text),
        };
        if kind != Kind::Same || text.chars().count() <= 3 * AROUND {
            bits.push(Bit { kind, text: text.to_owned() });
            continue;
        }
        if at > 0 {
            bits.push(Bit { kind, text: text.chars().take(AROUND).collect() });
        }
        bits.push(Bit { kind: Kind::Gap, text: String::new() });
        if at < last {
            let from = text.char_indices().rev().nth(AROUND - 1).map_or(0, |(from, _)| from);
            bits.push(Bit { kind, text: text.get(from..).unwrap_or_default().to_owned() });
        }
    }
    bits
}
