//! Formats of other systems, read into [`crate::model::entry::Entry`].

pub mod csv;
pub mod front_matter;
pub mod laman;
pub mod markdown;

use crate::{picture::short, text::slug};
