//! Addresses that lead elsewhere, and those that were asked for in vain with what they may have meant.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        listing::Listing,
        post::{PostLink, is_reserved},
        redirect::{MissingPath, NewRedirect, PathRedirect, RedirectFault},
    },
    rules::nearest,
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query, after, decoded},
        layout::html,
    },
};

/// Longer addresses are not led anywhere.
const MAX_PATH: usize = 300;
const MAX_TARGET: usize = 2000;
const MAX_WORDS: usize = 200;
/// So many addresses that were asked for in vain are shown.
const MAX_MISSING: usize = 50;

#[derive(Template)]
#[template(path = "admin/redirects.html")]
struct Redirects {
    a: AdminFrame,
    path: String,
    target: String,
    question: String,
    rows: Listing<PathRedirect>,
    /// With the post that each may have meant.
    missing: Vec<(MissingPath, Option<PostLink>)>,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl Redirects {
    async fn load(app: &App, a: AdminFrame, query: &Query) -> Result<Self> {
        let question: String = query.0.line("q").chars().take(MAX_WORDS).collect();
        let rows = app.store.path_redirects(question.trim_matches('/'), query.place()).await?;
        let written = app.store.missing_paths().await?;
        let mut seen = app.missing().onto(written);
        seen.truncate(MAX_MISSING);
        let mut missing = Vec::new();
        for path in seen {
            // Of a word that is misspelt nothing is found by searching: what stands beside it is compared, too.
            let mut candidates = app.store.posts_with_words(&nearest::words(&path.path), a.l.now).await?;
            candidates.extend(app.store.posts_beside(&path.path, a.l.now).await?);
            let nearest = nearest::nearest(&path.path, candidates.iter().map(|post| post.path.as_str()));
            missing.push((path, nearest.and_then(|place| candidates.into_iter().nth(place))));
        }
        let (path, target, faults) = (String::new(), String::new(), Faults::default());
        Ok(Self { a, path, target, question, rows, missing, faults, notice: None, alarm: None })
    }

    async fn typed(app: &App, a: AdminFrame, fields: &Fields) -> Result<Self> {
        let page = Self::load(app, a, &Query::default()).await?;
        Ok(Self { path: fields.line("path"), target: fields.line("target"), ..page })
    }

    /// The list from its newest on, of what was looked for.
    fn address(&self) -> String {
        after("/admin/settings/redirects?").append_pair("q", &self.question).finish()
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// The path that somebody typed, with its slash or without, or as an address of this blog.
fn path(base: &str, typed: &str) -> Option<String> {
    let path = typed.strip_prefix(base).unwrap_or(typed);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    decoded(path).filter(|path| path.len() <= MAX_PATH && !path.contains("://") && !path.chars().any(char::is_control))
}

/// Whether the program itself answers there.
fn is_own(path: &str) -> bool {
    match path.split_once('/') {
        None => is_reserved(path),
        // What no tag and no author has is asked for among the redirects.
        Some(("tag" | "author", _)) => false,
        Some((first, _)) => is_reserved(first) && !first.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Where a typed target leads: spelled for a header, and its path if it is on this blog.
fn target(base: &str, typed: &str) -> Option<(String, Option<String>)> {
    let home = Url::parse(base).ok()?;
    let url = match typed.strip_prefix('/') {
        Some(rest) if !rest.starts_with(['/', '\\']) => home.join(typed).ok()?,
        Some(_) => return None,
        None => Url::parse(typed).ok()?,
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if !is_web || !url.username().is_empty() || url.password().is_some() || url.as_str().len() > MAX_TARGET {
        return None;
    }
    if url.origin() != home.origin() {
        return Some((url.into(), None));
    }
    let spelled = url.as_str().strip_prefix(home.as_str().trim_end_matches('/'))?;
    // Two slashes at its beginning would name another host.
    let path = format!("/{}", spelled.trim_start_matches('/'));
    Some((path, decoded(url.path())))
}

async fn check(app: &App, page: &mut Redirects) -> Result<Option<NewRedirect>> {
    let l = &page.a.l;
    let mut faults = Faults::default();
    let path = path(&l.base, &page.path);
    match path.as_deref() {
        None => faults.add("path", l.t("error-redirect-path")),
        Some(path) if is_own(path) || is_list(app, path).await? => faults.add("path", l.t("error-redirect-taken")),
        Some(_) => {}
    }
    let target = target(&l.base, &page.target);
    if target.is_none() {
        faults.add("target", l.t("error-redirect-target"));
    }
    page.faults = faults;
    let (Some(path), Some((target, leads_to)), true) = (path, target, page.faults.is_empty()) else {
        return Ok(None);
    };
    Ok(Some(NewRedirect { path, target, leads_to }))
}

/// Whether a tag, an author or a month has this address.
async fn is_list(app: &App, path: &str) -> Result<bool> {
    Ok(match path.split_once('/') {
        Some(("tag", slug)) => app.store.tag(slug).await?.is_some(),
        Some(("author", slug)) => app.store.author(slug).await?.is_some(),
        Some((year, month)) if year.len() == 4 && month.len() == 2 => {
            let months = app.store.months(year, app.clock.now()).await?;
            months.iter().any(|known| known.month == path)
        }
        _ => false,
    })
}

/// GET /admin/settings/redirects
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let mut page = Redirects::load(&app, a, &query).await?;
    page.notice = match query.0.raw("done") {
        done @ ("added" | "removed" | "forgotten") => Some(page.a.l.word("done-redirect", done)),
        _ => None,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/settings/redirects
pub async fn create(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = Redirects::typed(&app, a, &fields).await?;
    let Some(new) = check(&app, &mut page).await? else {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (field, word) = match app.store.add_path_redirect(&new, page.a.by()).await {
        Ok(Ok(())) => {
            app.missing().forget(&new.path);
            return Ok(Redirect::to("/admin/settings/redirects?done=added").into_response());
        }
        Ok(Err(RedirectFault::Taken)) => ("path", "error-redirect-taken"),
        Ok(Err(RedirectFault::Exists)) => ("path", "error-redirect-exists"),
        Ok(Err(RedirectFault::Loop)) => ("target", "error-redirect-loop"),
        Err(error) => {
            tracing::error!(%error, "a redirect could not be kept");
            page.alarm = Some(page.a.l.t("not-saved"));
            return page.show(error.status());
        }
    };
    page.faults.add(field, page.a.l.t(word));
    page.alarm = Some(page.a.l.t("not-saved-mend"));
    page.show(StatusCode::UNPROCESSABLE_ENTITY)
}

/// POST /admin/settings/redirects/{id}/remove
pub async fn remove(
    State(app): State<Arc<App>>,
    Owner(a): Owner,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Redirect> {
    app.store.remove_path_redirect(id.parse().map_err(|_| Error::NotFound)?, a.by()).await?;
    Ok(Redirect::to("/admin/settings/redirects?done=removed"))
}

/// POST /admin/settings/redirects/forget: takes an address off the list of those that were asked for in vain.
pub async fn forget(State(app): State<Arc<App>>, Owner(_): Owner, fields: Fields) -> Result<Redirect> {
    app.missing().forget(fields.raw("path"));
    app.store.forget_missing(fields.raw("path")).await?;
    Ok(Redirect::to("/admin/settings/redirects?done=forgotten#missing"))
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    let page = Redirects::typed(app, a, fields).await?;
    Redirects { notice, ..page }.show(StatusCode::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://blog.example";

    #[test]
    fn an_old_address_may_be_typed_in_any_form() {
        for (typed, expected) in [
            ("/2019/03/old", Some("2019/03/old")),
            ("old/", Some("old")),
            ("https://blog.example/caf%C3%A9?x=1#y", Some("café")),
            ("/", None),
            ("https://other.example/old", None),
            ("/%ff", None),
        ] {
            assert_eq!(path(BASE, typed).as_deref(), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_target_is_on_this_blog_or_on_the_web() {
        let own = |to: &str, path: &str| Some((to.to_owned(), Some(path.to_owned())));
        assert_eq!(target(BASE, "/2023/02/café?x#y"), own("/2023/02/caf%C3%A9?x#y", "2023/02/café"));
        assert_eq!(target(BASE, "https://blog.example/a"), own("/a", "a"));
        assert_eq!(target(BASE, "/"), Some(("/".to_owned(), None)));
        assert_eq!(target(BASE, "https://other.example"), Some(("https://other.example/".to_owned(), None)));
        assert_eq!(target(BASE, "https://blog.example//evil.example"), own("/evil.example", "evil.example"));
        for bad in [
            "",
            "a",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "ftp://x.example/",
            "https://u:p@x.example/",
        ] {
            assert_eq!(target(BASE, bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_the_program_answers_itself_is_not_led_elsewhere() {
        for own in ["admin", "admin/x", "feed.xml", "2023", "static/a", "search"] {
            assert!(is_own(own), "{own}");
        }
        for free in ["2023/02/x", "tag/x", "old", "feed", "blog/admin"] {
            assert!(!is_own(free), "{free}");
        }
    }
}
