//! The door: signing in by password, code and passkey, and signing out.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    admin,
    auth::{AdminFrame, Visitor, session_cookie, session_token},
    client::Client,
    form::{Fields, Query},
    layout::{Layout, html},
    second,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{ids::UserId, user::User},
    rules::{password, token},
};

#[derive(Template)]
#[template(path = "door/sign_in.html")]
struct SignIn {
    l: Layout,
    title: String,
    way: Way,
    /// What a passkey would sign.
    challenge: String,
    host: String,
    notice: Option<String>,
    error: Option<String>,
}

/// What goes along through the door, from step to step.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// As typed, lower case.
    pub email: String,
    /// Where to go from the door.
    pub next: String,
    /// What an ended session left unsaved: it goes through the door and back to its form.
    pub carried: Vec<(String, String)>,
}

impl Way {
    fn of(fields: &Fields) -> Self {
        let carried = fields.pairs().filter(|(name, _)| name.starts_with(CARRIED));
        Self {
            email: fields.line("email").to_lowercase(),
            next: local_path(fields.raw("next")).unwrap_or("/admin").to_owned(),
            carried: carried.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }
}

/// Nobody's address is longer (RFC 5321); what is tried is remembered by the limits.
const MAX_EMAIL: usize = 254;
/// The names of carried fields begin with this, so that they cannot be taken for the door's own.
const CARRIED: &str = "carried-";
/// Where the carried form was going.
const CARRIED_TO: &str = "carried-to";

impl SignIn {
    fn new(app: &App, l: Layout, way: Way) -> Result<Self> {
        Ok(Self {
            title: format!("{} · {}", l.t("sign-in"), l.settings.title),
            way,
            challenge: app.seal(second::SIGN_IN)?,
            host: app.host().to_owned(),
            notice: None,
            error: None,
            l,
        })
    }
}

/// GET /admin/sign-in
pub async fn show(State(app): State<Arc<App>>, l: Layout, Visitor(user): Visitor, query: Query) -> Result<Response> {
    let way = Way::of(&query.0.only("next"));
    if user.is_some() {
        return Ok(Redirect::to(&way.next).into_response());
    }
    let notice = (query.0.raw("done") == "reset").then(|| l.t("done-reset"));
    Ok(html(&SignIn { notice, ..SignIn::new(&app, l, way)? })?.into_response())
}

/// The door, in the way of a form whose session has ended: what was typed waits in it, but for a password or a
/// key, which must not stand in a page.
pub fn carrying(app: &App, l: Layout, to: &str, fields: &Fields) -> Result<Response> {
    let mut carried: Vec<(String, String)> = fields
        .without("password")
        .without("key")
        .pairs()
        .map(|(name, value)| (format!("{CARRIED}{name}"), value.to_owned()))
        .collect();
    carried.push((CARRIED_TO.to_owned(), to.to_owned()));
    let notice = Some(l.t("session-ended"));
    let way = Way { next: "/admin".to_owned(), carried, email: String::new() };
    Ok((StatusCode::UNAUTHORIZED, html(&SignIn { notice, ..SignIn::new(app, l, way)? })?).into_response())
}

/// The door again, with the way on as it was, and why.
pub fn again(app: &App, l: Layout, way: Way, status: StatusCode, word: &str) -> Result<Response> {
    let error = Some(l.t(word));
    Ok((status, html(&SignIn { error, ..SignIn::new(app, l, way)? })?).into_response())
}

/// The same after too many tries.
pub fn later(app: &App, l: Layout, way: Way, seconds: u64) -> Result<Response> {
    let page = again(app, l, way, StatusCode::TOO_MANY_REQUESTS, "sign-in-too-many")?;
    Ok(([(header::RETRY_AFTER, seconds.to_string())], page).into_response())
}

/// POST /admin/sign-in
pub async fn create(
    State(app): State<Arc<App>>,
    client: Client,
    l: Layout,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let way = Way::of(&fields);
    let came = Came { app: &app, client, l, headers };
    if fields.has("seal") {
        return second::step(came, way, &fields).await;
    }
    if !fields.raw("passkey").is_empty() {
        return second::by_passkey(came, way, &fields).await;
    }
    let Came { app, client, l, headers } = came;
    if way.email.len() > MAX_EMAIL {
        return again(app, l, way, StatusCode::UNPROCESSABLE_ENTITY, "sign-in-failed");
    }
    let tries = Tries::of(app, &way.email, &client).await?;
    // Taken before the password is looked at: tries sent side by side count like tries one after the other.
    if let Err(seconds) = tries.take(app) {
        tracing::warn!(network = client.network, "too many sign-ins");
        return later(app, l, way, seconds);
    }
    let authenticated = match authenticate(app, &way.email, fields.raw("password")).await {
        Ok(authenticated) => authenticated,
        Err(error) => return again(app, l, way, error.status(), "sign-in-not-now"),
    };
    let Some(user) = authenticated else {
        failed(app, &client).await;
        return again(app, l, way, StatusCode::UNPROCESSABLE_ENTITY, "sign-in-failed");
    };
    tries.give_back(app);
    let came = Came { app, client, l, headers };
    if app.store.authenticator(user.id).await?.is_some() {
        return second::ask(came, user.id, way).await;
    }
    enter(came, user, way).await
}

/// Notes that somebody was turned away.
pub async fn failed(app: &App, client: &Client) {
    tracing::warn!(network = client.network, "a sign-in failed");
    if let Err(error) = app.store.note_failure("sign-in-failed", &client.mark, app.clock.now()).await {
        tracing::warn!(%error, "a failed sign-in could not be noted");
    }
}

/// Whoever stands at the door.
pub struct Came<'a> {
    pub app: &'a App,
    pub client: Client,
    pub l: Layout,
    pub headers: HeaderMap,
}

/// Lets somebody in who has shown who they are: a new session, and on along their way.
pub async fn enter(Came { app, client, l, headers }: Came<'_>, user: User, way: Way) -> Result<Response> {
    // Whatever session this browser had ends: a token planted before is worth nothing afterwards.
    let opened = async {
        if let Some(old) = session_token(app, &headers) {
            app.store.end_session(&token::hash(&old)).await?;
        }
        open(app, user.id, &client).await
    };
    let cookie = match opened.await {
        Ok(cookie) => cookie,
        Err(error) => {
            tracing::error!(%error, "a session could not be opened");
            return again(app, l, way, error.status(), "sign-in-not-now");
        }
    };
    tracing::info!(user = user.id.0, network = client.network, "signed in");
    let response = if way.carried.is_empty() {
        Redirect::to(&way.next).into_response()
    } else {
        let plain = way.carried.iter().filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?, value)));
        let form = Fields::from_pairs(plain.map(|(name, value)| (name.to_owned(), value.clone())));
        let to = way.carried.iter().find(|(name, _)| name == CARRIED_TO).map_or("", |(_, to)| to);
        let frame = AdminFrame::of(app, l, user).await?;
        admin::resume(app, frame, to, &form).await?
    };
    Ok(([(header::SET_COOKIE, cookie)], response).into_response())
}

/// POST /admin/sign-out
pub async fn delete(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = session_token(&app, &headers) {
        app.store.end_session(&token::hash(&token)).await?;
    }
    let headers =
        [(header::SET_COOKIE.as_str(), session_cookie(&app, "")), ("clear-site-data", "\"cache\"".to_owned())];
    Ok((headers, Redirect::to("/")).into_response())
}

/// Opens a session and gives its cookie.
pub async fn open(app: &App, user: UserId, client: &Client) -> Result<String> {
    let token = token::new().map_err(|error| Error::Internal(error.to_string()))?;
    app.store.open_session(&token::hash(&token), user, &client.mark, &client.agent, app.clock.now()).await?;
    Ok(session_cookie(app, &token))
}

/// Takes as long for an unknown address as for a wrong password.
async fn authenticate(app: &App, email: &str, typed: &str) -> Result<Option<User>> {
    let credentials = app.store.credentials(email).await?;
    let (kept, id) = match credentials {
        Some(credentials) => (credentials.password_hash, Some(credentials.user_id)),
        None => (password::nobodys_hash().to_owned(), None),
    };
    let is_right = verify(app, typed, kept).await?;
    match id.filter(|_| is_right) {
        Some(id) => app.store.user(id).await,
        None => Ok(None),
    }
}

async fn verify(app: &App, typed: &str, kept: String) -> Result<bool> {
    let typed = typed.to_owned();
    app.hashing(move || password::verify(&typed, &kept)).await
}

/// Whether somebody who is signed in types their password rightly; guesses count like those at the door.
pub async fn confirm(app: &App, client: &Client, user: &User, typed: &str) -> Result<bool> {
    let email = user.email.as_deref().unwrap_or_default();
    let tries = Tries::of(app, email, client).await?;
    tries.take(app).map_err(|retry_after| Error::TooMany { retry_after })?;
    let kept = app.store.password_hash(user.id).await?.ok_or(Error::Forbidden)?;
    let is_right = verify(app, typed, kept).await?;
    if is_right {
        tries.give_back(app);
    }
    Ok(is_right)
}

/// The hash of a new password.
pub async fn hashed(app: &App, typed: &str) -> Result<String> {
    let typed = typed.to_owned();
    app.hashing(move || password::hash(&typed)).await?.map_err(|error| Error::Internal(error.to_string()))
}

/// What a failed sign-in counts against. Guessing at an account from everywhere is slowed, but not for networks where
/// its owner signed in before: nobody can lock them out.
struct Tries(Vec<(Act, String)>);

impl Tries {
    async fn of(app: &App, email: &str, client: &Client) -> Result<Self> {
        let mut tries = vec![
            (Act::SignInNetwork, client.network.clone()),
            (Act::SignInPair, format!("{email} {}", client.network)),
        ];
        if !app.store.is_known_network(email, &client.mark).await? {
            tries.push((Act::SignInAccount, email.to_owned()));
        }
        Ok(Self(tries))
    }

    fn take(&self, app: &App) -> std::result::Result<(), u64> {
        self.0.iter().try_for_each(|(act, key)| app.limits.take(*act, key, app.clock.monotonic()))
    }

    fn give_back(&self, app: &App) {
        for (act, key) in &self.0 {
            app.limits.give_back(*act, key, app.clock.monotonic());
        }
    }
}

/// `next`, if it is a path on this host and nothing else.
fn local_path(next: &str) -> Option<&str> {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '#'])
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    is_local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn the_way_on_from_the_door_never_leaves_the_house() {
        assert_eq!(local_path("/admin/posts?state=draft"), Some("/admin/posts?state=draft"));
        for away in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil",
            " /evil",
            "///evil",
            "/a\u{0}b",
            "/é",
            "%2f%2fevil",
            "http:evil",
        ] {
            assert_eq!(local_path(away), None, "{away:?}");
        }
    }
}
