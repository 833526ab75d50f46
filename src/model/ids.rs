//! Row ids as types of their own, so that a post's id cannot be passed where a comment's belongs.

use std::{fmt, str::FromStr};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// Strict: digits only, no sign, no leading zero. What is checked is what is used (`1abc` is no id).
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let well_formed = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
                match text.parse() {
                    Ok(number) if well_formed => Ok(Self(number)),
                    _ => Err(NotAnId),
                }
            }
        }

        /// As text, for a number of 64 bits is not safe in every reader of JSON.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// The text is not the number of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

id!(
    /// A post or page.
    PostId
);
id!(
    /// A comment.
    CommentId
);
id!(
    /// A person of the blog.
    UserId
);
id!(
    /// A mail in the queue.
    MailId
);
id!(
    /// A picture or file.
    MediaId
);
id!(
    /// A tag.
    TagId
);
id!(
    /// What a post was once.
    RevisionId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_digits_and_nothing_else() {
        assert_eq!("17".parse(), Ok(PostId(17)));
        for bad in ["", "0", "01", "1abc", "1.0", " 1", "1 ", "-1", "+1", "1e3", "１", "99999999999999999999"] {
            assert_eq!(bad.parse::<PostId>(), Err(NotAnId), "{bad:?}");
        }
    }
}
