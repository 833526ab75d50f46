//! How each of the blog's people signs in: password, devices and passkeys.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::user::{Device, Passkey, SESSION_IDLE_MILLIS, SESSION_LIFE_MILLIS},
    rules::{
        passkey::{self, Registration},
        password, token,
    },
    store::MAX_PASSKEYS,
    web::{
        auth::{AdminFrame, session_token},
        client::Client,
        form::{Faults, Fields, Query},
        layout::html,
        second, session,
    },
};

const MAX_NAME: usize = 60;

#[derive(Template)]
#[template(path = "admin/security.html")]
struct Security {
    a: AdminFrame,
    devices: Vec<Device>,
    has_second: bool,
    /// Recovery codes that are left.
    codes: i64,
    passkeys: Vec<Passkey>,
    /// What a new passkey would sign.
    challenge: String,
    handle: String,
    host: String,
    faults: Faults,
    notice: Option<String>,
}

impl Security {
    async fn load(app: &App, a: AdminFrame, headers: &HeaderMap) -> Result<Self> {
        let (id, now) = (a.user.id, a.l.now);
        let (idle, old) = (now.plus(-SESSION_IDLE_MILLIS), now.plus(-SESSION_LIFE_MILLIS));
        Ok(Self {
            devices: app.store.devices(id, &here(app, headers), idle, old).await?,
            has_second: app.store.authenticator(id).await?.is_some(),
            codes: app.store.recovery_codes(id).await?,
            passkeys: app.store.passkeys(id).await?,
            challenge: app.seal(&about(&a))?,
            handle: second::handle(id),
            host: app.host().to_owned(),
            faults: Faults::default(),
            notice: None,
            a,
        })
    }

    fn again(mut self, field: &'static str, word: &str) -> Result<Response> {
        self.faults.add(field, self.a.l.t(word));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&self)?).into_response())
    }
}

/// What the challenge for a new passkey is about.
fn about(a: &AdminFrame) -> String {
    format!("register:{}", a.user.id)
}

/// The hash of the session that asks.
fn here(app: &App, headers: &HeaderMap) -> String {
    session_token(app, headers).map(|token| token::hash(&token)).unwrap_or_default()
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("/admin/you/security?done={what}")).into_response()
}

/// GET /admin/you/security
pub async fn show(State(app): State<Arc<App>>, a: AdminFrame, headers: HeaderMap, query: Query) -> Result<Response> {
    let mut page = Security::load(&app, a, &headers).await?;
    if let done @ ("password" | "device" | "devices" | "second-off" | "passkey" | "passkey-off") = query.0.raw("done") {
        page.notice = Some(page.a.l.word("done-security", done));
    }
    Ok(html(&page)?.into_response())
}

/// POST /admin/you/password: every other session ends, and this one is renewed.
pub async fn password(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    client: Client,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let user = a.user.clone();
    let known = [a.l.settings.title.clone(), user.name.clone(), user.email.clone().unwrap_or_default()];
    let page = Security::load(&app, a, &headers).await?;
    if !session::confirm(&app, &client, &user, fields.raw("password")).await? {
        return page.again("password", "error-password");
    }
    let typed = fields.raw("new-password");
    if let Err(fault) = password::check(typed, &known.each_ref().map(String::as_str)) {
        return page.again("new-password", &fault.to_string());
    }
    let password_hash = session::hashed(&app, typed).await?;
    app.store.change_password(user.id, &password_hash, page.a.l.now).await?;
    let cookie = session::open(&app, user.id, &client).await?;
    Ok(([(header::SET_COOKIE, cookie)], done("password")).into_response())
}

/// POST /admin/you/devices: signs out one of them, or all but this.
pub async fn devices(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let device = fields.raw("device");
    if device.is_empty() {
        app.store.end_other_devices(a.user.id, &here(&app, &headers)).await?;
        return Ok(done("devices"));
    }
    app.store.end_device(a.user.id, device).await?;
    Ok(done("device"))
}

/// POST /admin/you/passkeys: keeps one that the browser has made, or forgets one.
pub async fn passkeys(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    client: Client,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let (user, now) = (a.user.clone(), a.l.now);
    if fields.raw("action") == "remove" {
        app.store.drop_passkey(user.id, fields.raw("credential"), now).await?;
        return Ok(done("passkey-off"));
    }
    let about = about(&a);
    let page = Security::load(&app, a, &headers).await?;
    if !session::confirm(&app, &client, &user, fields.raw("password")).await? {
        return page.again("passkey-password", "error-password");
    }
    let name = fields.line("name");
    if name.is_empty() || name.chars().count() > MAX_NAME || page.passkeys.len() >= MAX_PASSKEYS {
        return page.again("passkey-name", "error-passkey-name");
    }
    let challenge = fields.raw("challenge");
    let brought = serde_json::from_str::<Registration>(fields.raw("passkey")).ok();
    let is_asked = app.sealed_at(&about, challenge, second::CHALLENGE_LIFE).is_some();
    let made = brought.filter(|_| is_asked).map(|brought| passkey::register(&brought, second::asked(&app, challenge)));
    let Some(Ok(key)) = made else {
        tracing::warn!(fault = ?made, "a passkey was not kept");
        return page.again("passkey-name", "passkey-not-kept");
    };
    let kept = Passkey {
        credential: key.credential,
        user_id: user.id,
        name,
        public_key: key.public_key,
        counter: key.counter,
        created_at: now,
        used_at: None,
    };
    if app.store.add_passkey(&kept).await? { Ok(done("passkey")) } else { Err(Error::BadRequest("known passkey")) }
}
