//! What the door asks for besides a password: a code of an authenticator; and what it takes in its place: a passkey.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    form::Fields,
    layout::{Layout, html},
    session::{self, Came, Way},
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{
        ids::UserId,
        user::{Authenticator, User},
    },
    rules::{
        passkey::{self, Asked, Assertion},
        token, totp,
    },
};

/// So long after the password the code may come.
const STEP_LIFE: i64 = 10 * 60_000;
/// So long a page may stand open before its passkey is used.
pub const CHALLENGE_LIFE: i64 = 60 * 60_000;
/// What the challenge at the door is about.
pub const SIGN_IN: &str = "passkey";

#[derive(Template)]
#[template(path = "door/second.html")]
struct Second {
    l: Layout,
    title: String,
    way: Way,
    who: UserId,
    seal: String,
    error: Option<String>,
}

/// What the second step stands on: the password that was right, and still is.
async fn about(app: &App, who: UserId) -> Result<Option<String>> {
    Ok(app.store.password_hash(who).await?.map(|kept| format!("second:{who}:{kept}")))
}

/// Asks for a code, after the password was right.
pub async fn ask(came: Came<'_>, who: UserId, way: Way) -> Result<Response> {
    let about = about(came.app, who).await?.ok_or(Error::Forbidden)?;
    let seal = came.app.seal(&about)?;
    page(came.l, way, who, seal, None)
}

fn page(l: Layout, way: Way, who: UserId, seal: String, error: Option<(StatusCode, &str)>) -> Result<Response> {
    let (status, word) = error.map_or((StatusCode::OK, None), |(status, word)| (status, Some(word)));
    let (title, error) = (l.t("second-title"), word.map(|word| l.t(word)));
    Ok((status, html(&Second { title, way, who, seal, error, l })?).into_response())
}

/// Takes the code.
pub async fn step(came: Came<'_>, way: Way, fields: &Fields) -> Result<Response> {
    let Came { app, l, .. } = &came;
    let past = |l: &Layout, way| session::again(app, l.clone(), way, StatusCode::UNPROCESSABLE_ENTITY, "second-past");
    let Ok(who) = fields.raw("who").parse::<UserId>() else { return past(l, way) };
    let seal = fields.raw("seal").to_owned();
    let holds = about(app, who).await?.is_some_and(|about| app.sealed_at(&about, &seal, STEP_LIFE).is_some());
    let (Some(kept), Some(user), true) = (app.store.authenticator(who).await?, app.store.user(who).await?, holds)
    else {
        return past(l, way);
    };
    let key = who.to_string();
    if let Err(seconds) = app.limits.take(Act::Second, &key, app.clock.monotonic()) {
        return session::later(app, came.l, way, seconds);
    }
    if !is_right(app, &user, &kept, fields.raw("code")).await? {
        session::failed(app, &came.client).await;
        return page(came.l, way, who, seal, Some((StatusCode::UNPROCESSABLE_ENTITY, "second-failed")));
    }
    app.limits.give_back(Act::Second, &key, app.clock.monotonic());
    session::enter(came, user, way).await
}

/// Whether this is a code of the authenticator, or one for when it is lost; it is used up by that.
async fn is_right(app: &App, user: &User, kept: &Authenticator, typed: &str) -> Result<bool> {
    if let Some(step) = totp::step_of(&kept.secret, typed, kept.step, app.clock.now()) {
        return app.store.take_step(user.id, step).await;
    }
    let code = totp::plain_recovery_code(typed);
    app.store.take_recovery_code(user.id, &token::hash(&code)).await
}

/// Signs in by a passkey alone: it has verified its owner by itself.
pub async fn by_passkey(came: Came<'_>, way: Way, fields: &Fields) -> Result<Response> {
    let Came { app, client, .. } = &came;
    if let Err(seconds) = app.limits.take(Act::SignInNetwork, &client.network, app.clock.monotonic()) {
        return session::later(app, came.l, way, seconds);
    }
    let Some(user) = holder(app, fields).await? else {
        session::failed(app, client).await;
        return session::again(app, came.l, way, StatusCode::UNPROCESSABLE_ENTITY, "passkey-failed");
    };
    app.limits.give_back(Act::SignInNetwork, &client.network, app.clock.monotonic());
    session::enter(came, user, way).await
}

/// Whose passkey answered the question of this page.
async fn holder(app: &App, fields: &Fields) -> Result<Option<User>> {
    let challenge = fields.raw("challenge");
    let Some(asked_at) = app.sealed_at(SIGN_IN, challenge, CHALLENGE_LIFE) else { return Ok(None) };
    let Ok(brought) = serde_json::from_str::<Assertion>(fields.raw("passkey")) else { return Ok(None) };
    let Some(kept) = app.store.passkey(&brought.id).await? else { return Ok(None) };
    let may_sign_in = app.store.password_hash(kept.user_id).await?.is_some();
    if !may_sign_in || brought.user_handle != handle(kept.user_id) {
        return Ok(None);
    }
    let counter = match passkey::assert(&brought, &kept.public_key, asked(app, challenge)) {
        Ok(counter) if passkey::may_follow(counter, kept.counter) => counter,
        Ok(_) => {
            tracing::warn!(user = kept.user_id.0, "a passkey counts backwards: it may have been copied");
            return Ok(None);
        }
        Err(fault) => {
            tracing::warn!(%fault, "a passkey was not taken");
            return Ok(None);
        }
    };
    if !app.store.use_passkey(&kept, counter, asked_at, app.clock.now()).await? {
        return Ok(None);
    }
    app.store.user(kept.user_id).await
}

/// What was asked of a passkey, and by whom.
pub fn asked<'a>(app: &'a App, challenge: &'a str) -> Asked<'a> {
    Asked { challenge, origin: &app.base, host: app.host() }
}

/// What a passkey is told of its owner.
pub fn handle(user: UserId) -> String {
    URL_SAFE_NO_PAD.encode(user.to_string())
}
