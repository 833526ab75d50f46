//! The editor's side: plain forms, for owners and editors only.

pub mod comments;
pub mod editor;
pub mod post_form;
pub mod posts;
pub mod settings;
