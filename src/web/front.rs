//! The front of the house: a page that is kept goes out here, before the router is asked; everything else goes in, and what
//! may be kept of it is.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tower::{Service, util::ServiceExt};

use super::{
    assets,
    encoding::Effort,
    form::{Query, decoded},
    headers::{self, Cache as Intent},
    kept::{self, Asked, Page, Streamed},
    viewed,
};
use crate::{
    app::App,
    cache::{Cache, Kept, Made},
    error::{Error, Result},
    model::{change::Shows, listing::From},
    rules::missing,
    store::Among,
};

/// Under this lie pictures and files.
const MEDIA: &str = "/media/";

/// How pages are kept, here and by others, and how large a file may be.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Bytes of pages that are kept in memory; 0 keeps none.
    pub cache_bytes: usize,
    /// Seconds that a cache between here and the reader may keep a page without asking; 0: it has to ask each time.
    pub shared_seconds: u32,
    /// Seconds more that it may go on sending a page while it asks.
    pub stale_seconds: u32,
    /// Bytes of the largest file that is taken from editors.
    pub max_upload: u64,
    /// The header in which such a cache is told what a page shows, so that it can be told to drop it.
    pub tag_header: Option<String>,
}

impl Default for Keeping {
    fn default() -> Self {
        let mib = 1024 * 1024;
        Self {
            cache_bytes: 64 * mib,
            shared_seconds: 0,
            stale_seconds: 0,
            max_upload: 100 * mib as u64,
            tag_header: None,
        }
    }
}

/// The program and the pages that it keeps.
pub struct Site {
    /// The program.
    pub app: Arc<App>,
    /// Its pages, by address.
    pub cache: Cache<Page>,
    /// How they are kept.
    pub keeping: Keeping,
}

impl Site {
    /// With nothing kept yet.
    pub fn new(app: Arc<App>, keeping: Keeping) -> Arc<Self> {
        let cache = Cache::new(app.store.changes().clone(), keeping.cache_bytes);
        Arc::new(Self { app, cache, keeping })
    }
}

/// Answers every request. Cheap to clone: one for each connection.
#[derive(Clone)]
pub struct Front {
    site: Arc<Site>,
    router: Router,
    peer: Option<SocketAddr>,
}

/// An answer on its way.
pub enum Answer {
    /// It was kept.
    Ready(Option<Response>),
    /// It is being made.
    Routed(Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>),
}

impl Future for Answer {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Ready(response) => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                None => Poll::Pending,
            },
            Self::Routed(answer) => answer.as_mut().poll(context),
        }
    }
}

impl Front {
    pub(super) fn new(site: Arc<Site>, router: Router) -> Self {
        Self { site, router, peer: None }
    }

    /// The same for the one at the other end of a connection.
    #[must_use]
    pub fn for_peer(&self, peer: SocketAddr) -> Self {
        Self { peer: Some(peer), ..self.clone() }
    }

    /// What is kept, and the program behind it.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    fn answer<B>(&self, request: Request<B>) -> Answer
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        if let Some(response) = self.kept(&request) {
            return Answer::Ready(Some(response));
        }
        let mut request = request.map(Body::new);
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        Answer::Routed(Box::pin(self.router.clone().oneshot(request)))
    }

    /// The kept page at the very address that was asked for. One that has a query has another way to it.
    fn kept<B>(&self, request: &Request<B>) -> Option<Response> {
        let asked = Asked::of(request.method(), request.headers())?;
        let uri = request.uri();
        if uri.query().is_some() || asks_for_part(uri, request.headers()) {
            return None;
        }
        let now = self.site.app.clock.now();
        let kept = self.site.cache.get(uri.path(), now)?;
        let response = kept.page.answer(asked)?;
        let peer = self.peer.or_else(|| peer(request.extensions()));
        note_view(&self.site.app, uri.path(), &kept, asked, peer);
        tracing::debug!(method = %request.method(), path = ?uri.path(), status = response.status().as_u16(), "kept");
        Some(response)
    }

    /// Makes what most readers ask for first, after a start: home, its posts, its feed, its style.
    pub async fn warm_newest(&self) {
        let app = &self.site.app;
        // A blog that is not set up has nothing to warm.
        let Ok(Some(frame)) = app.frame().await else { return };
        self.warm_home().await;
        self.warm_one(&assets::address("style.css")).await;
        let newest = app.store.posts(Among::All, From::Newest, frame.settings.posts_per_page, app.clock.now()).await;
        for post in newest.map(|posts| posts.items).unwrap_or_default() {
            self.warm_one(&format!("/{}", post.path)).await;
        }
    }

    /// Makes the home page and its feed, as far as they have changed.
    pub async fn warm_home(&self) {
        for path in ["/", "/feed.xml"] {
            self.warm_one(path).await;
        }
    }

    async fn warm_one(&self, path: &str) {
        if self.site.cache.is_off() || self.site.cache.has(path, self.site.app.clock.now()) {
            return;
        }
        // In the form that nearly every browser asks for.
        let request = Request::builder().uri(path).header(header::ACCEPT_ENCODING, "br").body(Body::empty());
        if let Ok(request) = request {
            // Whatever comes of it has been logged, and is shown to whoever asks for it.
            let Ok(_) = self.router.clone().oneshot(request).await;
        }
    }
}

impl<B> Service<Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        self.answer(request)
    }
}

impl<B> hyper::service::Service<Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<B>) -> Answer {
        self.answer(request)
    }
}

/// Whether a part of a file is asked for: what is kept is whole.
fn asks_for_part(uri: &Uri, headers: &HeaderMap) -> bool {
    uri.path().starts_with(MEDIA) && headers.contains_key(header::RANGE)
}

/// The key of what lies at an address: its path, and its place in a list if it names one. Every page reads no more than
/// this of a request, so no other parameter and no header can come between two readers. `None`: not to be kept; neither are
/// addresses that spell a letter in another way.
fn key(uri: &Uri) -> Option<String> {
    let path = uri.path();
    // Nor what is endless.
    if headers::is_private(path) || matches!(path, "/search" | "/healthz") || path.contains('%') {
        return None;
    }
    let query = Query::of(uri);
    if path == "/" && (query.old_address().is_some() || query.old_month().is_some()) {
        return None;
    }
    Some(match query.place() {
        From::Newest => match query.thread() {
            Some(number) => format!("{path}?thread={number}"),
            None => path.to_owned(),
        },
        From::OlderThan(cursor) => format!("{path}?older={cursor}"),
        From::NewerThan(cursor) => format!("{path}?newer={cursor}"),
    })
}

/// Keeps what may be kept, and sends every answer in the form that was asked for.
pub async fn keep(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let headers = parts.headers.clone();
    let asked = Asked::of(&parts.method, &headers);
    if asked.is_some() {
        // HEAD is GET without the body: the validators must be those of the body that is left out.
        parts.method = Method::GET;
    }
    let uri = parts.uri.clone();
    let peer = peer(&parts.extensions);
    let response = match (asked, key(&uri).filter(|_| !asks_for_part(&uri, &headers))) {
        (Some(asked), Some(key)) => match site.page(&key, parts, next, asked, peer).await {
            Ok(response) => response,
            Err(error) => error.into_response(),
        },
        (asked, _) => whole(next.run(Request::from_parts(parts, body)).await, asked).await,
    };
    if asked.is_some() && response.status() == StatusCode::NOT_FOUND {
        note_missing(&site.app, uri.path(), &headers);
    }
    response
}

/// Who is at the other end, where the connection says it.
fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer)
}

/// Counts a page that goes out to be read. To whoever has it already, too: they read it again.
fn note_view(app: &App, path: &str, kept: &Kept<Page>, asked: Asked<'_>, peer: Option<SocketAddr>) {
    if kept.page.is_html && !asked.is_head {
        viewed::note(app, asked.headers(), peer.map(|peer| peer.ip()), path, kept.shows());
    }
}

/// Tallies an address that was asked for in vain, for the owner to see. What is the program's own or one person's is not.
fn note_missing(app: &App, path: &str, headers: &HeaderMap) {
    let is_own = ["/static/", MEDIA, "/comments/", "/search"].iter().any(|own| path.starts_with(own));
    if is_own || headers::is_private(path) {
        return;
    }
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(path) = decoded(path) {
        app.missing().note(&path, missing::referring_host(referrer), app.clock.now());
    }
}

impl Site {
    async fn page(
        &self,
        key: &str,
        parts: Parts,
        next: Next,
        asked: Asked<'_>,
        peer: Option<SocketAddr>,
    ) -> Result<Response> {
        self.app.settle().await?;
        let now = self.app.clock.now();
        let kept = match self.cache.get(key, now) {
            Some(kept) => Ok(kept),
            None => self.cache.page(key, |before| self.make(key, parts, next, asked, before)).await,
        };
        let kept = match kept {
            Ok(kept) => kept,
            Err(response) => return Ok(whole(response, Some(asked)).await),
        };
        let kept = match kept.page.is_ready(asked.encoding) {
            true => kept,
            false => self.cache.replace(key, &kept, kept.page.with(asked.encoding).await),
        };
        let path = key.split('?').next().unwrap_or_default();
        note_view(&self.app, path, &kept, asked, peer);
        kept.page.answer(asked).ok_or_else(|| Error::Internal(format!("{key} was not made ready")))
    }

    async fn make(
        &self,
        key: &str,
        mut parts: Parts,
        next: Next,
        asked: Asked<'_>,
        before: Option<Arc<Kept<Page>>>,
    ) -> Made<Page, Response> {
        // What is not in the key has no part in the page.
        parts.headers = HeaderMap::new();
        let response = next.run(Request::from_parts(parts, Body::empty())).await;
        let (shows, effort) = match response.extensions().get::<Intent>() {
            // A page that begins nowhere else than without it is kept without it.
            Some(Intent::Page(_)) if key.contains('?') => return Made::Other(response),
            Some(Intent::Page(shows) | Intent::Part(shows)) => (*shows, Effort::Kept),
            Some(Intent::Immutable) if response.extensions().get::<Streamed>().is_some() => {
                return Made::Other(response);
            }
            // Once it is deleted nobody gets it any more.
            Some(Intent::Immutable) if key.starts_with(MEDIA) => (Shows::Frame, Effort::Kept),
            Some(Intent::Immutable) if self.cache.is_off() => (Shows::Itself, Effort::Kept),
            Some(Intent::Immutable) => (Shows::Itself, Effort::Forever),
            None => return Made::Other(response),
        };
        if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
            return Made::Other(response);
        }
        let (parts, body) = response.into_parts();
        match body.collect().await {
            Ok(body) => {
                let before = before.as_ref().map(|before| &before.page);
                let page = Page::new(parts.headers, body.to_bytes(), effort, before, self.app.clock.now());
                Made::Page(page.with(asked.encoding).await, shows)
            }
            Err(error) => Made::Other(Error::Internal(error.to_string()).into_response()),
        }
    }
}

/// An answer that is sent once.
async fn whole(response: Response, asked: Option<Asked<'_>>) -> Response {
    if response.extensions().get::<Streamed>().is_some() {
        return kept::streamed(response, asked);
    }
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => kept::once(Response::from_parts(parts, Body::empty()), asked, body.to_bytes()).await,
        Err(error) => Error::Internal(error.to_string()).into_response(),
    }
}
