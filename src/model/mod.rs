//! The plain types that every other room speaks in; this one imports nothing of ours.

pub mod entry;
pub mod time;
