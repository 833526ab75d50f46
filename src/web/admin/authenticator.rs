//! The second factor of each of the blog's people: it is set up by one code, and its recovery codes are shown once.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::user::Authenticator,
    rules::{token, totp},
    text::qr,
    web::{
        auth::AdminFrame,
        client::Client,
        form::{Faults, Fields},
        layout::html,
        session,
    },
};

/// So long the secret of a page may be confirmed.
const SET_UP_LIFE: i64 = 60 * 60_000;

#[derive(Template)]
#[template(path = "admin/authenticator.html")]
struct SetUp {
    a: AdminFrame,
    /// Whether one is asked for already.
    is_on: bool,
    secret: String,
    seal: String,
    /// Modules to a side, and where the dark ones are.
    qr: Option<(i32, String)>,
    faults: Faults,
    /// Shown once.
    codes: Vec<String>,
}

impl SetUp {
    /// With a secret: one that was shown before, or a new one.
    async fn with(app: &App, a: AdminFrame, secret: &[u8]) -> Result<Self> {
        let email = a.user.email.as_deref().unwrap_or_default();
        let qr = qr::path(&totp::address(secret, &a.l.settings.title, email));
        let secret = totp::base32(secret);
        let is_on = app.store.authenticator(a.user.id).await?.is_some();
        let seal = app.seal(&about(&a, &secret))?;
        Ok(Self { a, is_on, secret, seal, qr, faults: Faults::default(), codes: Vec::new() })
    }

    /// The secret in fours, as it is typed.
    fn spaced(&self) -> String {
        let fours: Vec<String> =
            self.secret.as_bytes().chunks(4).map(|four| four.iter().copied().map(char::from).collect()).collect();
        fours.join(" ")
    }

    fn again(mut self, field: &'static str, word: &str) -> Result<Response> {
        self.faults.add(field, self.a.l.t(word));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&self)?).into_response())
    }
}

fn about(a: &AdminFrame, secret: &str) -> String {
    format!("totp:{}:{secret}", a.user.id)
}

fn no_randomness(error: getrandom::Error) -> Error {
    Error::Internal(error.to_string())
}

/// GET /admin/you/authenticator
pub async fn show(State(app): State<Arc<App>>, a: AdminFrame) -> Result<Response> {
    let secret = totp::secret().map_err(no_randomness)?;
    Ok(html(&SetUp::with(&app, a, &secret).await?)?.into_response())
}

/// POST /admin/you/authenticator: takes the code that confirms it, or switches it off.
pub async fn update(State(app): State<Arc<App>>, a: AdminFrame, client: Client, fields: Fields) -> Result<Response> {
    let (user, now) = (a.user.clone(), a.l.now);
    if fields.raw("action") == "off" {
        if !session::confirm(&app, &client, &user, fields.raw("password")).await? {
            return SetUp::with(&app, a, &[]).await?.again("password", "error-password");
        }
        app.store.drop_authenticator(user.id, Some(user.id), "", now).await?;
        return Ok(Redirect::to("/admin/you/security?done=second-off").into_response());
    }
    let secret = fields.raw("secret");
    let is_ours = app.sealed_at(&about(&a, secret), fields.raw("seal"), SET_UP_LIFE).is_some();
    let Some(secret) = totp::from_base32(secret).filter(|_| is_ours) else {
        let secret = totp::secret().map_err(no_randomness)?;
        return SetUp::with(&app, a, &secret).await?.again("code", "second-past");
    };
    let mut page = SetUp::with(&app, a, &secret).await?;
    if page.is_on {
        return Ok(Redirect::to("/admin/you/authenticator").into_response());
    }
    let Some(step) = totp::step_of(&secret, fields.raw("code"), 0, now) else {
        return page.again("code", "second-failed");
    };
    let mut hashes = Vec::new();
    for _ in 0..totp::RECOVERY_CODES {
        let code = totp::recovery_code().map_err(no_randomness)?;
        hashes.push(token::hash(&totp::plain_recovery_code(&code)));
        page.codes.push(code);
    }
    app.store.set_authenticator(user.id, &Authenticator { secret, step }, &hashes, now).await?;
    // Whoever is signed in elsewhere showed no code: they sign in anew, and so does this session, at once.
    app.store.end_other_devices(user.id, "").await?;
    let cookie = session::open(&app, user.id, &client).await?;
    page.is_on = true;
    Ok(([(header::SET_COOKIE, cookie)], html(&page)?).into_response())
}
