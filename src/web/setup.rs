//! Setting the blog up: once, by whoever holds the link that the program printed.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;

use super::{
    admin::settings::{languages, zones},
    client::Client,
    form::{Faults, Fields},
    layout::{Layout, html},
    session,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{
        language::Language,
        settings::Settings,
        user::{self, Role},
    },
    rules::password,
    store::NewUser,
    text::{plain, slug, words::TRANSLATED},
};

#[derive(Template)]
#[template(path = "door/setup.html")]
struct Setup {
    l: Layout,
    title: String,
    blog_title: String,
    language: String,
    zone: String,
    name: String,
    email: String,
    faults: Faults,
    languages: &'static [(&'static str, &'static str)],
    zones: Vec<String>,
}

impl Setup {
    fn new(l: Layout) -> Self {
        let zones = zones();
        // Most blogs run where their owner lives; a machine that knows no place says UTC in several ways.
        let here = TimeZone::system();
        let zone = here.iana_name().filter(|here| zones.iter().any(|zone| zone == here)).unwrap_or("UTC").to_owned();
        Self {
            title: l.t("setup-title"),
            blog_title: String::new(),
            language: l.lang().to_owned(),
            zone,
            name: String::new(),
            email: String::new(),
            faults: Faults::default(),
            languages: languages(),
            zones,
            l,
        }
    }
}

/// The browser's language, where there are words for it.
fn layout(app: &App, headers: &HeaderMap) -> Layout {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let offered: Vec<&str> = TRANSLATED.iter().map(|(tag, _)| *tag).collect();
    Layout::before_setup(app, Language::preferred(accepted, &offered))
}

fn check(app: &App, client: &Client, code: &str) -> Result<()> {
    if app.is_setup_code(code) {
        return Ok(());
    }
    client.take(app, Act::SetUp)?;
    Err(Error::NotFound)
}

/// GET /setup/{code}
pub async fn show(
    State(app): State<Arc<App>>,
    client: Client,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    check(&app, &client, &code)?;
    Ok(html(&Setup::new(layout(&app, &headers)))?.into_response())
}

/// POST /setup/{code}
pub async fn create(
    State(app): State<Arc<App>>,
    client: Client,
    Path(code): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    check(&app, &client, &code)?;
    let l = layout(&app, &headers);
    let mut form = Setup {
        blog_title: fields.line("title"),
        language: fields.line("language"),
        zone: fields.line("zone"),
        name: fields.line("name"),
        email: fields.line("email").to_lowercase(),
        ..Setup::new(l)
    };
    let (settings, zone_name) = (Language::from_tag(&form.language), form.zone.clone());
    let zone = TimeZone::get(&zone_name).ok();
    let fault = |form: &mut Setup, field, word: &str| {
        let text = form.l.t(word);
        form.faults.add(field, text);
    };
    if form.blog_title.is_empty() || form.blog_title.chars().count() > 100 {
        fault(&mut form, "title", "error-needed");
    }
    if settings.is_none() {
        fault(&mut form, "language", "error-choose");
    }
    if zone.is_none() {
        fault(&mut form, "zone", "error-choose");
    }
    if form.name.is_empty() || form.name.chars().count() > 80 {
        fault(&mut form, "name", "error-name");
    }
    if !user::is_email(&form.email) {
        fault(&mut form, "email", "error-email");
    }
    let typed = fields.raw("password").to_owned();
    if let Err(error) = password::check(&typed, &[&form.blog_title, &form.name, &form.email]) {
        fault(&mut form, "password", &error.to_string());
    }
    let (Some(language), Some(zone), true) = (settings, zone, form.faults.is_empty()) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&form)?).into_response());
    };

    let password_hash =
        app.hashing(move || password::hash(&typed)).await?.map_err(|error| Error::Internal(error.to_string()))?;
    let settings =
        Settings { title: form.blog_title.clone(), language, zone, zone_name, ..Settings::initial(language) };
    let owner = NewUser {
        slug: slug::slug(&form.name),
        skeleton: plain::skeleton(&form.name),
        name: form.name,
        email: form.email,
        role: Role::Owner,
        password_hash,
    };
    let Some(id) = app.store.set_up(&settings, &owner, app.clock.now()).await? else { return Err(Error::NotFound) };
    app.forget_setup_code();
    tracing::info!("the blog is set up");
    let cookie = session::open(&app, id, &client).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/admin")).into_response())
}
