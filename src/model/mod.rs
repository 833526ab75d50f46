//! The plain types that every other room speaks in; this one imports nothing of ours.

pub mod appearance;
pub mod backup;
pub mod change;
pub mod comment;
pub mod deed;
pub mod entry;
pub mod ids;
pub mod import;
pub mod incoming;
pub mod language;
pub mod link;
pub mod listing;
pub mod mail;
pub mod media;
pub mod outside;
pub mod person;
pub mod post;
pub mod queue;
pub mod reading;
pub mod redirect;
pub mod revision;
pub mod search;
pub mod settings;
pub mod time;
pub mod user;
pub mod wish;
