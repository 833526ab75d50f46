//! Formats of other systems, read into [`crate::model::entry::Entry`].

pub mod front_matter;
