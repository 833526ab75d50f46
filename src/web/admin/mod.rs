//! The desk: plain forms, for the blog's own people.

pub mod appearance;
pub mod authenticator;
pub mod autosave;
pub mod backup;
pub mod comment;
pub mod comment_settings;
pub mod comments;
pub mod conflict;
pub mod dashboard;
mod difference;
pub mod drafts;
pub mod editor;
pub mod export;
pub mod import;
pub mod lists;
pub mod log;
pub mod mail;
pub mod many;
pub mod media;
pub mod moderation;
pub mod original;
pub mod outside;
pub mod people;
mod post_form;
pub mod posts;
pub mod readers;
pub mod reading_settings;
pub mod redirects;
pub mod revisions;
pub mod security;
pub mod settings;
pub mod writing;
pub mod you;

use axum::response::{IntoResponse, Redirect, Response};

use super::{auth::AdminFrame, form::Fields};
use crate::{app::App, error::Result};

/// Back at the form that an ended session kept from being saved, with what was typed still in it and nothing saved yet.
/// `to`: where it was going.
pub async fn resume(app: &App, a: AdminFrame, to: &str, fields: &Fields) -> Result<Response> {
    if to == "/admin/settings" && a.is_owner() {
        settings::resume(a, fields)
    } else if to.starts_with("/admin/settings/appearance") && a.is_owner() {
        appearance::resume(a, fields)
    } else if to == "/admin/settings/reading" && a.is_owner() {
        reading_settings::resume(a, fields)
    } else if to == "/admin/settings/comments" && a.is_owner() {
        comment_settings::resume(app, a, fields).await
    } else if to == "/admin/settings/outside" && a.is_owner() {
        outside::resume(app, a, fields).await
    } else if to == "/admin/settings/backup" && a.is_owner() {
        backup::resume(app, a, fields).await
    } else if to == "/admin/settings/mail" && a.is_owner() {
        mail::resume(app, a, fields).await
    } else if to == "/admin/people" && a.is_owner() {
        people::resume(app, a, fields).await
    } else if to.starts_with("/admin/import") && a.is_owner() {
        Ok(Redirect::to("/admin/import").into_response())
    } else if to == "/admin/you/profile" {
        you::resume(app, a, fields).await
    } else if to == "/admin/settings/redirects" && a.is_owner() {
        redirects::resume(app, a, fields).await
    } else if let Some(id) =
        to.strip_prefix("/admin/comments/").and_then(|rest| rest.strip_suffix("/reply")).filter(|_| a.is_editor())
    {
        comments::resume(app, a, id, fields).await
    } else if let Some((id, "edit" | "move" | "list")) =
        to.strip_prefix("/admin/comments/").and_then(|rest| rest.split_once('/')).filter(|_| a.is_editor())
    {
        comment::resume(app, a, id, fields).await
    } else if let Some(id) = to.strip_prefix("/admin/media/") {
        media::resume(app, a, id, fields).await
    } else {
        editor::resume(app, a, to, fields).await
    }
}
