//! The only room that knows HTTP: every route, and the layers that each request goes through.

mod admin;
mod assets;
mod auth;
mod client;
mod comment_form;
mod comments;
mod cross_site;
mod desk;
mod encoding;
mod error_page;
mod form;
mod front;
mod headers;
mod join;
mod judging;
mod kept;
mod layout;
mod leads;
mod mail_link;
mod media;
mod metrics;
mod own_comment;
mod person;
mod reader;
mod second;
mod session;
mod setup;
mod still;
mod thread;
mod upload;
mod viewed;

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Extension, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::sync::Semaphore;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

pub use self::{
    front::{Front, Keeping, Site},
    leads::{is_missing, is_there},
    metrics::metrics,
    still::{Found, Pieces, ask},
};
use crate::{app::App, error::Error};

/// The longest that a handler may take.
const HANDLING: Duration = Duration::from_secs(30);
/// More requests at once are refused at once: in line, all would come late. Several times what may wait for any one thing, so
/// that a crowd at one door is refused there, where its words are kept.
const AT_ONCE: usize = 1024;
/// Readers' forms: a comment twice as long as allowed fits in any script, percent-encoded, and gets its text back.
const FORM_BYTES: usize = 128 * 1024;
/// Editors' forms, and a sign-in that carries one: a post of a megabyte, percent-encoded, fits.
const EDITOR_FORM_BYTES: usize = 4 * 1024 * 1024;
/// So many of the largest files fit in one request.
const FILES_AT_ONCE: usize = 10;
/// The longest that an upload may take; below that, its pace counts.
const UPLOADING: Duration = Duration::from_secs(3600);

/// The program, ready to be asked.
pub fn front(app: Arc<App>, keeping: Keeping) -> Front {
    app.max_upload.store(keeping.max_upload, Ordering::Relaxed);
    let site = Site::new(app, keeping);
    Front::new(site.clone(), router(site))
}

/// Every route of the program.
fn router(site: Arc<Site>) -> Router {
    let (app, most) = (site.app.clone(), upload::Most(site.keeping.max_upload));
    let reader = Router::new()
        .route("/", get(reader::home::show))
        .route("/archive", get(reader::archive::all))
        .route("/search", get(reader::search::show))
        .route("/tag/{slug}", get(reader::list::tag))
        .route("/author/{slug}", get(reader::list::author))
        .route("/{name}", get(reader::post::page_or_year))
        .route("/{year}/{month}", get(reader::archive::month))
        .route("/{year}/{month}/{slug}", get(reader::post::show));

    // Every feed comes as Atom, RSS and JSON Feed; the handler sees the ending.
    let mut feeds = Router::new()
        .route("/sitemap.xml", get(reader::sitemap::sitemap))
        .route("/robots.txt", get(reader::sitemap::robots));
    for ending in ["xml", "rss", "json"] {
        feeds = feeds
            .route(&format!("/feed.{ending}"), get(reader::feed::posts))
            .route(&format!("/tag/{{slug}}/feed.{ending}"), get(reader::feed::tag))
            .route(&format!("/comments/feed.{ending}"), get(reader::feed::comments))
            .route(&format!("/comments/on/{{post}}/feed.{ending}"), get(reader::feed::thread));
    }

    let files = Router::new()
        .route("/static/{name}", get(assets::show))
        .route("/static/look/{name}", get(assets::look))
        .route("/favicon.ico", get(assets::favicon))
        .route("/media/{hash}/{name}", get(media::show))
        .route("/healthz", get(healthz));

    let comments = Router::new()
        .route("/comments", post(comments::create))
        .route("/comments/{id}/reply", get(comments::reply))
        .route("/comments/{id}", get(own_comment::permalink))
        .route("/comments/yours/{token}", get(own_comment::show).post(own_comment::update))
        .route("/comments/yours", get(person::show).post(person::ask))
        .route("/comments/act/{token}/data.json", get(person::export))
        .route("/comments/act/{token}", get(mail_link::show).post(mail_link::act))
        .route("/draft/{token}", get(admin::drafts::shared))
        .route("/setup/{code}", get(setup::show).post(setup::create));

    let door = Router::new()
        .route("/admin/sign-in", get(session::show).post(session::create))
        .route("/admin/sign-out", post(session::delete))
        .route("/admin/forgotten", get(join::forgotten).post(join::ask))
        .route("/admin/reset/{token}", get(join::reset).post(join::choose))
        .route("/admin/join/{token}", get(join::show).post(join::create))
        .layer(limit(EDITOR_FORM_BYTES));

    // Every handler in here takes an `AdminFrame`, an `Editor` or an `Owner`; a test walks them all in every role, and as nobody.
    let admin = Router::new()
        .route("/admin", get(admin::dashboard::show))
        .route("/admin/posts", get(admin::posts::index).post(admin::editor::create))
        .route("/admin/posts/new", get(admin::editor::new))
        .route("/admin/posts/many", post(admin::many::act))
        .route("/admin/posts/undo", post(admin::many::undo))
        .route("/admin/posts/preview", post(admin::editor::preview))
        .route("/admin/posts/preview.fragment", post(admin::writing::preview))
        .route("/admin/posts/links", get(admin::writing::links))
        .route("/admin/tags", get(admin::writing::tags))
        .route("/admin/posts/autosave", post(admin::autosave::create))
        .route("/admin/posts/{id}", get(admin::editor::edit).post(admin::editor::update))
        .route("/admin/posts/{id}/autosave", post(admin::autosave::update))
        .route("/admin/posts/{id}/changes", get(admin::revisions::compare))
        .route("/admin/posts/{id}/conflict/{revision}", get(admin::conflict::show))
        .route("/admin/posts/{id}/discard", post(admin::revisions::discard))
        .route("/admin/posts/{id}/duplicate", post(admin::drafts::duplicate))
        .route("/admin/posts/{id}/original", get(admin::original::show).post(admin::original::dismiss))
        .route("/admin/posts/{id}/revisions", get(admin::revisions::index))
        .route("/admin/posts/{id}/revisions/{revision}/restore", post(admin::revisions::restore))
        .route("/admin/posts/{id}/share", post(admin::drafts::share))
        .route("/admin/posts/{id}/template", post(admin::drafts::template))
        .route("/admin/posts/{id}/unshare", post(admin::drafts::unshare))
        .route("/admin/posts/{id}/trash", post(admin::posts::trash))
        .route("/admin/posts/{id}/restore", post(admin::posts::restore))
        .route("/admin/comments", get(admin::comments::index).post(admin::moderation::many))
        .route("/admin/comments/undo", post(admin::moderation::undo))
        .route("/admin/comments/list", post(admin::lists::undo))
        .route("/admin/comments/empty", post(admin::moderation::empty))
        .route("/admin/comments/{id}", get(admin::comment::show).post(admin::moderation::one))
        .route("/admin/comments/{id}/edit", post(admin::comment::edit))
        .route("/admin/comments/{id}/move", post(admin::comment::relocate))
        .route("/admin/comments/{id}/list", post(admin::lists::put))
        .route("/admin/comments/{id}/reply", post(admin::comments::reply))
        .route("/admin/settings", get(admin::settings::show).post(admin::settings::update))
        .route("/admin/settings/appearance", get(admin::appearance::show).post(admin::appearance::update))
        .route("/admin/settings/appearance/preview", post(admin::appearance::preview))
        .route("/admin/settings/reading", get(admin::reading_settings::show).post(admin::reading_settings::update))
        .route("/admin/settings/comments", get(admin::comment_settings::show).post(admin::comment_settings::update))
        .route("/admin/settings/outside", get(admin::outside::show).post(admin::outside::update))
        .route("/admin/settings/mail", get(admin::mail::show).post(admin::mail::update))
        .route("/admin/settings/backup", get(admin::backup::show).post(admin::backup::update))
        .route("/admin/settings/redirects", get(admin::redirects::show).post(admin::redirects::create))
        .route("/admin/settings/redirects/{id}/remove", post(admin::redirects::remove))
        .route("/admin/settings/redirects/forget", post(admin::redirects::forget))
        .route("/admin/mail", get(admin::mail::index))
        .route("/admin/mail/{id}/retry", post(admin::mail::retry))
        .route("/admin/people", get(admin::people::index).post(admin::people::invite))
        .route("/admin/people/revoke", post(admin::people::revoke))
        .route("/admin/people/{id}", post(admin::people::update))
        .route("/admin/readers", get(admin::readers::show).post(admin::readers::update))
        .route("/admin/export", get(admin::export::show).post(admin::export::create))
        .route("/admin/import", get(admin::import::show))
        .route("/admin/import/act", post(admin::import::act))
        .route("/admin/import/report", get(admin::import::report))
        .route("/admin/log", get(admin::log::index))
        .route("/admin/media", get(admin::media::index))
        .route("/admin/media/offers", get(admin::writing::media))
        .route("/admin/media/{id}", get(admin::media::show).post(admin::media::update))
        .route("/admin/media/{id}/delete", post(admin::media::delete))
        .route("/admin/you", get(admin::you::show).post(admin::you::update))
        .route("/admin/you/profile", post(admin::you::profile))
        .route("/admin/you/security", get(admin::security::show))
        .route("/admin/you/password", post(admin::security::password))
        .route("/admin/you/devices", post(admin::security::devices))
        .route("/admin/you/authenticator", get(admin::authenticator::show).post(admin::authenticator::update))
        .route("/admin/you/passkeys", post(admin::security::passkeys))
        .layer(limit(EDITOR_FORM_BYTES));

    let uploads = Router::new()
        .route("/admin/media", post(admin::media::create))
        .route("/admin/import", post(admin::import::create))
        .route("/admin/media/{id}/replace", post(admin::media::replace))
        .layer(limit(upload_bytes(most)))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOADING));

    Router::new()
        .merge(reader)
        .merge(feeds)
        .merge(files)
        .merge(comments)
        .layer(limit(FORM_BYTES))
        .merge(door)
        .merge(admin)
        .fallback(reader::post::elsewhere)
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, HANDLING))
        .merge(uploads)
        .layer(Extension(most))
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        // Innermost first. Cross-site writes are refused before any handler reads the body.
        .layer(cross_site::layer(&app.base))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::new(Semaphore::new(AT_ONCE)), one_of_many))
        // Whatever went wrong below gets its page here …
        .layer(from_fn_with_state(app.clone(), error_page::draw))
        // … every answer its headers …
        .layer(from_fn_with_state(site.clone(), headers::write))
        // … and what may be kept is kept, compressed.
        .layer(from_fn_with_state(site, front::keep))
        .layer(from_fn(log))
        .with_state(app)
}

/// Refuses a larger body by its announced length, before any of it is read, or as soon as it grows too large. In place of
/// the framework's own limit, which knows only the latter.
fn limit(bytes: usize) -> (DefaultBodyLimit, RequestBodyLimitLayer) {
    (DefaultBodyLimit::disable(), RequestBodyLimitLayer::new(bytes))
}

/// The largest request with files.
fn upload_bytes(upload::Most(bytes): upload::Most) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX).saturating_mul(FILES_AT_ONCE).saturating_add(EDITOR_FORM_BYTES)
}

/// For whoever watches the machine: 200 while the database answers.
async fn healthz(State(app): State<Arc<App>>) -> Result<&'static str, Error> {
    // Not set up is healthy too: the question is whether pages could be made.
    app.store.settings().await?;
    Ok("ok\n")
}

/// Lets a request in, or says that there is no room.
async fn one_of_many(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => Error::Busy.into_response(),
    }
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Error::Internal(format!("a handler panicked: {text}")).into_response()
}

/// One line for each request. The path is user text: `?` writes control characters escaped.
async fn log(request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    // The rest of these paths is a secret.
    let path = headers::SECRET.iter().find(|secret| path.starts_with(*secret)).map_or(path.as_str(), |s| s);
    tracing::debug!(%method, ?path, status = response.status().as_u16(), micros = started.elapsed().as_micros() as u64, "request");
    response
}
