//! Pure functions over text: they know values of [`crate::model`] and nothing else of ours.
pub mod words;
