//! The editor's side: plain forms, for owners and editors only.

pub mod comment;
pub mod comments;
pub mod editor;
pub mod moderation;
mod post_form;
pub mod posts;
pub mod settings;

use axum::response::Response;

use super::{auth::AdminFrame, form::Fields};
use crate::{app::App, error::Result};

/// Back at the form that an ended session kept from being saved, with what was typed still in it and nothing saved yet.
/// `to`: where it was going.
pub async fn resume(app: &App, a: AdminFrame, to: &str, fields: &Fields) -> Result<Response> {
    if to == "/admin/settings" && a.is_owner() {
        settings::resume(a, fields)
    } else if let Some(id) = to.strip_prefix("/admin/comments/").and_then(|rest| rest.strip_suffix("/reply")) {
        comments::resume(app, a, id, fields).await
    } else if let Some((id, "edit" | "move")) =
        to.strip_prefix("/admin/comments/").and_then(|rest| rest.split_once('/'))
    {
        comment::resume(app, a, id, fields).await
    } else {
        editor::resume(app, a, to, fields).await
    }
}
