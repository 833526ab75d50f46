//! Signing in and out.

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
    email: String,
    next: String,
    /// What an ended session left unsaved: it goes through the door and back to its form.
    carried: Vec<(String, String)>,
    notice: Option<String>,
    error: Option<String>,
}

/// Nobody's address is longer (RFC 5321); what is tried is remembered by the limits.
const MAX_EMAIL: usize = 254;
/// The names of carried fields begin with this, so that they cannot be taken for the door's own.
const CARRIED: &str = "carried-";
/// Where the carried form was going.
const CARRIED_TO: &str = "carried-to";

impl SignIn {
    fn new(l: Layout) -> Self {
        Self {
            title: format!("{} · {}", l.t("sign-in"), l.settings.title),
            email: String::new(),
            next: "/admin".to_owned(),
            carried: Vec::new(),
            notice: None,
            error: None,
            l,
        }
    }
}

/// GET /admin/sign-in
pub async fn show(l: Layout, Visitor(user): Visitor, query: Query) -> Result<Response> {
    let next = local_path(query.0.raw("next")).unwrap_or("/admin").to_owned();
    if user.is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    Ok(html(&SignIn { next, ..SignIn::new(l) })?.into_response())
}

/// The door, in the way of a form whose session has ended: what was typed waits in it, but for a password, which must not
/// stand in a page.
pub fn carrying(l: Layout, to: &str, fields: &Fields) -> Result<Response> {
    let mut carried: Vec<(String, String)> = fields
        .without("password")
        .pairs()
        .map(|(name, value)| (format!("{CARRIED}{name}"), value.to_owned()))
        .collect();
    carried.push((CARRIED_TO.to_owned(), to.to_owned()));
    let notice = Some(l.t("session-ended"));
    Ok((StatusCode::UNAUTHORIZED, html(&SignIn { carried, notice, ..SignIn::new(l) })?).into_response())
}

/// POST /admin/sign-in
pub async fn create(
    State(app): State<Arc<App>>,
    client: Client,
    l: Layout,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let email = fields.line("email").to_lowercase();
    let carried: Vec<(String, String)> = fields
        .pairs()
        .filter(|(name, _)| name.starts_with(CARRIED))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let next = local_path(fields.raw("next")).unwrap_or("/admin").to_owned();
    let again = |l: Layout, word: &str| SignIn {
        error: Some(l.t(word)),
        email: email.clone(),
        next: next.clone(),
        carried: carried.clone(),
        ..SignIn::new(l)
    };

    if email.len() > MAX_EMAIL {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&again(l, "sign-in-failed"))?).into_response());
    }
    let tries = Tries::of(&app, &email, &client).await?;
    // Taken before the password is looked at: tries sent side by side count like tries one after the other.
    if let Err(seconds) = tries.take(&app) {
        tracing::warn!(network = client.network, "too many sign-ins");
        let headers = [(header::RETRY_AFTER, seconds.to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, html(&again(l, "sign-in-too-many"))?).into_response());
    }
    let authenticated = match authenticate(&app, &email, fields.raw("password")).await {
        Ok(authenticated) => authenticated,
        Err(error) => return Ok((error.status(), html(&again(l, "sign-in-not-now"))?).into_response()),
    };
    let Some(user) = authenticated else {
        tracing::warn!(network = client.network, "a sign-in failed");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&again(l, "sign-in-failed"))?).into_response());
    };

    tries.give_back(&app);
    // Whatever session this browser had ends: a token planted before is worth nothing afterwards.
    let opened = async {
        if let Some(old) = session_token(&app, &headers) {
            app.store.end_session(&token::hash(&old)).await?;
        }
        open(&app, user.id, &client).await
    };
    let cookie = match opened.await {
        Ok(cookie) => cookie,
        Err(error) => {
            tracing::error!(%error, "a session could not be opened");
            return Ok((error.status(), html(&again(l, "sign-in-not-now"))?).into_response());
        }
    };
    tracing::info!(user = user.id.0, network = client.network, "signed in");
    let response = if carried.is_empty() {
        Redirect::to(&next).into_response()
    } else {
        let form = Fields::from_pairs(
            carried.iter().filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?.to_owned(), value.clone()))),
        );
        let frame = AdminFrame::of(&app, l, user).await?;
        admin::resume(&app, frame, fields.raw(CARRIED_TO), &form).await?
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
    app.store.open_session(&token::hash(&token), user, &client.mark, app.clock.now()).await?;
    Ok(session_cookie(app, &token))
}

/// Takes as long for an unknown address as for a wrong password.
async fn authenticate(app: &App, email: &str, typed: &str) -> Result<Option<User>> {
    let credentials = app.store.credentials(email).await?;
    let (kept, id) = match credentials {
        Some(credentials) => (credentials.password_hash, Some(credentials.user_id)),
        None => (password::nobodys_hash().to_owned(), None),
    };
    let typed = typed.to_owned();
    let is_right = app.hashing(move || password::verify(&typed, &kept)).await?;
    match id.filter(|_| is_right) {
        Some(id) => app.store.user(id).await,
        None => Ok(None),
    }
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
