//! Addresses that lead elsewhere, and those that lead nowhere.

use super::{listing::Cursor, time::Time};

/// An address that the owner leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PathRedirect {
    /// Row id.
    pub id: i64,
    /// Without slashes around it, its escapes undone.
    pub path: String,
    /// `/path` of this blog, or an address elsewhere.
    pub target: String,
    /// When it was made.
    pub created_at: Time,
}

impl PathRedirect {
    /// Its place in the list.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.id }
    }
}

/// A redirect on its way to the store, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRedirect {
    /// As in [`PathRedirect`].
    pub path: String,
    /// As in [`PathRedirect`].
    pub target: String,
    /// The path of a target on this blog, spelled as `path` is; `None` for home and for elsewhere.
    pub leads_to: Option<String>,
}

/// Why a redirect was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectFault {
    /// A post lives there, or had that address.
    Taken,
    /// There is one from this address.
    Exists,
    /// It would lead back to where it begins.
    Loop,
}

/// An address that was asked for in vain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MissingPath {
    /// Without slashes around it, its escapes undone.
    pub path: String,
    /// How often.
    pub hits: i64,
    /// The host of the last page that led there; empty: none did.
    pub referrer: String,
    /// First time.
    pub first_at: Time,
    /// Last time.
    pub last_at: Time,
}
