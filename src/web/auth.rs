//! Who is signed in. Permission stands in a handler's signature: it takes an [`AdminFrame`], an [`Editor`] or an [`Owner`].

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};

use super::layout::Layout;
use crate::{
    app::App,
    error::Error,
    model::{
        post::StoredPost,
        queue::By,
        user::{Role, SESSION_LIFE_MILLIS, User},
    },
    rules::{
        permission::{self, Act, Reach},
        token,
    },
};

/// A use is noted at most so often.
const SEEN_EVERY_MILLIS: i64 = 5 * 60_000;

/// One of the blog's people who is signed in, or nobody.
pub struct Visitor(pub Option<User>);

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let Some(token) = session_token(app, &parts.headers) else { return Ok(Self(None)) };
        let (hash, now) = (token::hash(&token), app.clock.now());
        let Some(found) = app.store.session_user(&hash, now).await? else { return Ok(Self(None)) };
        if now.0 - found.seen_at.0 > SEEN_EVERY_MILLIS {
            // A session is good even when its use cannot be noted (a full disk): the next request tries again.
            if let Err(error) = app.store.session_seen(&hash, now).await {
                tracing::warn!(%error, "a session's use could not be noted");
            }
        }
        Ok(Self(Some(found.user)))
    }
}

/// What every page of the admin needs: the blog's frame, who is at the desk, and what waits for them.
pub struct AdminFrame {
    /// The blog's frame.
    pub l: Layout,
    /// Anybody who may sign in.
    pub user: User,
    /// Comments that wait, for whoever moderates.
    pub held: i64,
    /// Drafts that were handed in, for whoever publishes them.
    pub submitted: i64,
    /// Comments come so fast that all of them wait.
    pub is_storm: bool,
}

impl AdminFrame {
    /// For `user`, who is known to be signed in.
    pub async fn of(app: &App, l: Layout, user: User) -> Result<Self, Error> {
        let mut frame = Self { l, user, held: 0, submitted: 0, is_storm: false };
        if frame.may(Act::Moderate) {
            frame.held = app.store.held_comments().await?;
            frame.submitted = app.store.submitted_posts().await?;
            frame.is_storm = app.is_storm(&frame.l.settings).await?;
        }
        Ok(frame)
    }

    /// Whoever is at the desk, now.
    pub fn by(&self) -> By {
        By { user: Some(self.user.id), now: self.l.now }
    }

    /// Whether the settings are theirs to change.
    pub fn is_owner(&self) -> bool {
        self.user.role == Role::Owner
    }

    /// Whether all posts, pages and comments are theirs to tend.
    pub fn is_editor(&self) -> bool {
        self.may(Act::Moderate)
    }

    /// Whether they may do this to what is not their own.
    pub fn may(&self, act: Act) -> bool {
        permission::may(self.user.role, act, false)
    }

    /// [`Error::Forbidden`] unless they may.
    pub fn must(&self, act: Act) -> Result<(), Error> {
        if self.may(act) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Whether they may find this post at the desk, and what they may do to it as it stands: [`Error::NotFound`] where it is
    /// another's, for whether there is such a draft is not theirs to know; [`Error::Forbidden`] where it is their own and
    /// has left their hands.
    pub fn must_write(&self, post: &StoredPost) -> Result<(), Error> {
        match permission::reach(&self.user, post) {
            Reach::Hidden => Err(Error::NotFound),
            Reach::Seen => Err(Error::Forbidden),
            Reach::Written => Ok(()),
        }
    }
}

impl FromRequestParts<Arc<App>> for AdminFrame {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match Desk::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?.0 {
            Ok(frame) => Ok(frame),
            Err(_) => Err(to_sign_in(parts)),
        }
    }
}

/// An [`AdminFrame`], or the blog's frame alone where the session has ended.
pub(super) struct Desk(pub Result<AdminFrame, Box<Layout>>);

impl FromRequestParts<Arc<App>> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        // The layout first: a blog that is not set up has no door to send anybody to.
        let l = Layout::from_request_parts(parts, app).await?;
        match Visitor::from_request_parts(parts, app).await? {
            Visitor(Some(user)) => Ok(Self(Ok(AdminFrame::of(app, l, user).await?))),
            Visitor(None) => Ok(Self(Err(Box::new(l)))),
        }
    }
}

/// An [`AdminFrame`] of an owner or editor.
pub struct Editor(pub AdminFrame);

impl FromRequestParts<Arc<App>> for Editor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let frame = AdminFrame::from_request_parts(parts, app).await?;
        if frame.is_editor() { Ok(Self(frame)) } else { Err(Error::Forbidden.into_response()) }
    }
}

/// An [`AdminFrame`] of an owner.
pub struct Owner(pub AdminFrame);

impl FromRequestParts<Arc<App>> for Owner {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let frame = AdminFrame::from_request_parts(parts, app).await?;
        if frame.is_owner() { Ok(Self(frame)) } else { Err(Error::Forbidden.into_response()) }
    }
}

/// To the door, and back here afterwards; a write cannot be repeated by a link, so it goes back to the desk.
fn to_sign_in(parts: &Parts) -> Response {
    let asked = parts.uri.path_and_query().map_or("/admin", |path| path.as_str());
    let next = if parts.method == Method::GET { asked } else { "/admin" };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    Redirect::to(&format!("/admin/sign-in?{query}")).into_response()
}

/// `__Host-` binds the cookie to this host and to https, where readers come over https.
fn cookie_name(app: &App) -> &'static str {
    if app.is_https() { "__Host-laman" } else { "laman" }
}

/// The session token that came with a request.
pub fn session_token(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, token)| *key == name && token::is_well_formed(token))
        .map(|(_, token)| token.to_owned())
}

/// `Set-Cookie` for a new session, or with an empty token for none.
pub fn session_cookie(app: &App, token: &str) -> String {
    let seconds = if token.is_empty() { 0 } else { SESSION_LIFE_MILLIS / 1000 };
    let secure = if app.is_https() { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", cookie_name(app))
}
