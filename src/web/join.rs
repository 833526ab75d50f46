//! The one-time links through the door: to join, and to choose a new password.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    client::Client,
    form::{Faults, Fields, Query},
    layout::{Layout, html},
    session,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::user::{self, Invitation},
    rules::{password, token},
    store::NewUser,
    text::{plain, slug},
};

#[derive(Template)]
#[template(path = "door/join.html")]
struct Join {
    l: Layout,
    title: String,
    invited: Invitation,
    name: String,
    faults: Faults,
}

impl Join {
    /// `None`: the link is good for nothing any more.
    async fn of(app: &App, l: Layout, secret: &str) -> Result<Result<Self, Layout>> {
        let Some(invited) = app.store.invitation(&hash_of(secret)?, l.now).await? else { return Ok(Err(l)) };
        let name = match invited.user_id {
            Some(id) => app.store.profile(id).await?.name,
            None => String::new(),
        };
        let title = l.tx("join-title", &l.settings.title);
        Ok(Ok(Self { l, title, invited, name, faults: Faults::default() }))
    }

    fn role(&self) -> &'static str {
        self.invited.role.as_str()
    }
}

#[derive(Template)]
#[template(path = "door/reset.html")]
struct Reset {
    l: Layout,
    title: String,
    email: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "door/forgotten.html")]
struct Forgotten {
    l: Layout,
    title: String,
    email: String,
    faults: Faults,
    notice: Option<String>,
}

#[derive(Template)]
#[template(path = "door/past.html")]
struct Past {
    l: Layout,
    title: String,
}

fn hash_of(secret: &str) -> Result<String> {
    if token::is_well_formed(secret) { Ok(token::hash(secret)) } else { Err(Error::NotFound) }
}

/// The same for a link that was used, whose time is over, and that never was.
fn past(l: Layout) -> Result<Response> {
    let title = l.t("link-past");
    Ok((StatusCode::NOT_FOUND, html(&Past { l, title })?).into_response())
}

fn mend(page: &impl Template) -> Result<Response> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page)?).into_response())
}

/// GET /admin/join/{token}
pub async fn show(State(app): State<Arc<App>>, l: Layout, Path(secret): Path<String>) -> Result<Response> {
    match Join::of(&app, l, &secret).await? {
        Ok(page) => Ok(html(&page)?.into_response()),
        Err(l) => past(l),
    }
}

/// POST /admin/join/{token}
pub async fn create(
    State(app): State<Arc<App>>,
    client: Client,
    l: Layout,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response> {
    client.take(&app, Act::Join)?;
    let mut page = match Join::of(&app, l, &secret).await? {
        Ok(page) => page,
        Err(l) => return past(l),
    };
    page.name = fields.line("name");
    if page.name.is_empty() || page.name.chars().count() > 80 {
        page.faults.add("name", page.l.t("error-name"));
    }
    let typed = fields.raw("password");
    if let Err(fault) = password::check(typed, &[&page.l.settings.title, &page.name, &page.invited.email]) {
        page.faults.add("password", page.l.t(&fault.to_string()));
    }
    if !page.faults.is_empty() {
        return mend(&page);
    }
    let user = NewUser {
        slug: slug::slug(&page.name),
        skeleton: plain::skeleton(&page.name),
        name: page.name.clone(),
        email: page.invited.email.clone(),
        role: page.invited.role,
        password_hash: session::hashed(&app, typed).await?,
    };
    let id = match app.store.join(&hash_of(&secret)?, &user, page.l.now).await {
        Err(Error::NotFound) => return past(page.l),
        other => other?,
    };
    let cookie = session::open(&app, id, &client).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/admin")).into_response())
}

/// GET /admin/forgotten
pub async fn forgotten(l: Layout, query: Query) -> Result<Response> {
    let notice = (query.0.raw("done") == "asked").then(|| l.t("forgotten-asked"));
    let title = l.t("forgotten");
    Ok(html(&Forgotten { l, title, email: String::new(), faults: Faults::default(), notice })?.into_response())
}

/// POST /admin/forgotten: the same answer whether anybody has the address or not.
pub async fn ask(State(app): State<Arc<App>>, client: Client, l: Layout, fields: Fields) -> Result<Response> {
    client.take(&app, Act::Forgotten)?;
    let email = fields.line("email").to_lowercase();
    if !user::is_email(&email) || !l.mail_works {
        let mut faults = Faults::default();
        faults.add("email", l.t(if l.mail_works { "error-email" } else { "forgotten-no-mail" }));
        let title = l.t("forgotten");
        return mend(&Forgotten { l, title, email, faults, notice: None });
    }
    app.store.ask_for_reset(&email, &client.mark, l.now).await?;
    Ok(Redirect::to("/admin/forgotten?done=asked").into_response())
}

/// GET /admin/reset/{token}
pub async fn reset(State(app): State<Arc<App>>, l: Layout, Path(secret): Path<String>) -> Result<Response> {
    let Some(email) = app.store.reset_for(&hash_of(&secret)?, l.now).await? else { return past(l) };
    let title = l.t("reset-title");
    Ok(html(&Reset { l, title, email, faults: Faults::default() })?.into_response())
}

/// POST /admin/reset/{token}
pub async fn choose(
    State(app): State<Arc<App>>,
    client: Client,
    l: Layout,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response> {
    client.take(&app, Act::Join)?;
    let token_hash = hash_of(&secret)?;
    let Some(email) = app.store.reset_for(&token_hash, l.now).await? else { return past(l) };
    let typed = fields.raw("password");
    if let Err(fault) = password::check(typed, &[&l.settings.title, &email]) {
        let mut faults = Faults::default();
        faults.add("password", l.t(&fault.to_string()));
        let title = l.t("reset-title");
        return mend(&Reset { l, title, email, faults });
    }
    let password_hash = session::hashed(&app, typed).await?;
    match app.store.reset_password(&token_hash, &password_hash, l.now).await {
        Err(Error::NotFound) => past(l),
        other => {
            other?;
            Ok(Redirect::to("/admin/sign-in?done=reset").into_response())
        }
    }
}
