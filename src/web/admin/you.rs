//! What each of the blog's people decides for themselves: what readers see of them, and when they are mailed.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        listing::From,
        media::{self, MediaRow, Shelf},
        user::Profile,
        wish::Notice,
    },
    text::plain,
    web::{
        auth::AdminFrame,
        comment_form::website,
        desk::DeskForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

const MAX_NAME: usize = 80;
const MAX_BIO: usize = 1_000;
const MAX_ADDRESS: usize = 300;

#[derive(Template)]
#[template(path = "admin/you.html")]
struct You {
    a: AdminFrame,
    choice: Notice,
    profile: Profile,
    /// The newest pictures of the library.
    pictures: Vec<MediaRow>,
    faults: Faults,
    notice: Option<String>,
}

impl You {
    async fn load(app: &App, a: AdminFrame) -> Result<Self> {
        let (choice, profile) = (app.store.notice(a.user.id).await?, app.store.profile(a.user.id).await?);
        let pictures = app.store.library(Shelf::Pictures, "", From::Newest).await?.items;
        Ok(Self { a, choice, profile, pictures, faults: Faults::default(), notice: None })
    }

    fn is_chosen(&self, notice: &Notice) -> bool {
        self.choice == *notice
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/you
pub async fn show(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let notice = (query.0.raw("done") == "saved").then(|| a.l.t("done-settings"));
    You { notice, ..You::load(&app, a).await? }.show(StatusCode::OK)
}

/// POST /admin/you
pub async fn update(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Redirect> {
    let chosen = Notice::ALL.into_iter().find(|notice| notice.as_str() == fields.raw("notice"));
    app.store.set_notice(a.user.id, chosen.ok_or(Error::BadRequest("no such choice"))?).await?;
    Ok(Redirect::to("/admin/you?done=saved"))
}

fn typed(fields: &Fields) -> Profile {
    Profile {
        name: fields.line("name"),
        bio: fields.text("bio"),
        website: fields.line("website"),
        picture: fields.line("picture"),
    }
}

/// POST /admin/you/profile
pub async fn profile(State(app): State<Arc<App>>, DeskForm(a, fields): DeskForm) -> Result<Response> {
    let mut page = You { profile: typed(&fields), ..You::load(&app, a).await? };
    let (l, mut profile) = (page.a.l.clone(), page.profile.clone());
    let mut fault = |field, text| page.faults.add(field, text);
    if profile.name.is_empty() || profile.name.chars().count() > MAX_NAME {
        fault("name", l.t("error-name"));
    }
    if profile.bio.chars().count() > MAX_BIO {
        fault("bio", l.tn("error-long", &(MAX_BIO as i64)));
    }
    if !profile.website.is_empty() {
        match website(&profile.website) {
            Some(address) => profile.website = address,
            None => fault("website", l.t("error-website")),
        }
    }
    if !profile.picture.is_empty() && !is_picture(&app, &profile.picture).await? {
        fault("picture", l.t("error-picture"));
    }
    if !page.faults.is_empty() {
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    app.store.set_profile(page.a.user.id, &profile, &plain::skeleton(&profile.name), l.now).await?;
    Ok(Redirect::to("/admin/you?done=saved").into_response())
}

/// Whether this is the address of a picture that is kept here.
async fn is_picture(app: &App, address: &str) -> Result<bool> {
    let Some(hash) = media::hash_in(address) else { return Ok(false) };
    Ok(address.len() <= MAX_ADDRESS
        && app.store.media(hash).await?.is_some_and(|file| file.media_type.starts_with("image/")))
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    You { notice, profile: typed(fields), ..You::load(app, a).await? }.show(StatusCode::OK)
}
