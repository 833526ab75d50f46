//! What is done to many posts at once, and can be undone.

use super::post::PostState;

/// What somebody does to posts of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Deed {
    /// Show them to readers, at their time.
    Publish,
    /// Take them back to drafts.
    Unpublish,
    /// Put a tag under them.
    Tag,
    /// Take a tag away.
    Untag,
    /// Put them away.
    Trash,
    /// Take them out of the trash, into the state that they had.
    Restore,
}

impl Deed {
    const ALL: [Self; 6] = [Self::Publish, Self::Unpublish, Self::Tag, Self::Untag, Self::Trash, Self::Restore];

    /// As in forms, in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::Tag => "tag",
            Self::Untag => "untag",
            Self::Trash => "trash",
            Self::Restore => "restore",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == name)
    }

    /// What undoes it.
    #[must_use]
    pub fn undone(self) -> Self {
        match self {
            Self::Publish => Self::Unpublish,
            Self::Unpublish => Self::Publish,
            Self::Tag => Self::Untag,
            Self::Untag => Self::Tag,
            Self::Trash => Self::Restore,
            Self::Restore => Self::Trash,
        }
    }

    /// Whether it says which tag.
    pub fn is_about_a_tag(self) -> bool {
        matches!(self, Self::Tag | Self::Untag)
    }

    /// What can be done where posts in this state are listed (`None`: all but the trash), beside tagging.
    pub fn among(state: Option<PostState>) -> &'static [Self] {
        match state {
            None => &[Self::Publish, Self::Unpublish, Self::Trash],
            Some(PostState::Draft) => &[Self::Publish, Self::Trash],
            Some(PostState::Scheduled | PostState::Published) => &[Self::Unpublish, Self::Trash],
            Some(PostState::Trash) => &[Self::Restore],
        }
    }
}

/// A tag that a deed is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagName {
    /// As typed.
    pub name: String,
    /// Made of it; not empty.
    pub slug: String,
}

/// A deed that was done.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Done {
    /// Row id.
    pub id: i64,
    /// What was done.
    pub act: Deed,
    /// The name of the tag that it was about.
    pub tag: String,
    /// How many posts it changed.
    pub posts: i64,
    /// How many it left as they were.
    pub passed: i64,
}
