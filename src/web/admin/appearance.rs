//! How the blog looks: colour, typeface, picture, links, foot, and the owner's own rules.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::Result,
    model::{
        appearance::{Appearance, Scheme, Typeface},
        listing::From,
        media::{MediaRow, Shelf, hash_in},
    },
    rules::{
        colour::{Accent, Rgb},
        look::{MAX_LINKS, wrong_link},
    },
    text::{
        markdown::{self, RENDERER},
        stylesheet::{self, MAX_CSS},
    },
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
        reader::home,
    },
};

const MAX_ALT: usize = 300;
const MAX_FOOTER: usize = 2000;
/// In the order in which they are offered.
const TYPEFACES: [Typeface; 2] = Typeface::ALL;
/// Likewise.
const SCHEMES: [Scheme; 3] = Scheme::ALL;
const LINKS: i64 = MAX_LINKS as i64;

#[derive(Template)]
#[template(path = "admin/appearance.html")]
struct Page {
    a: AdminFrame,
    it: Appearance,
    /// The newest pictures of the library.
    pictures: Vec<MediaRow>,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl Page {
    fn of(a: AdminFrame, it: Appearance) -> Self {
        Self { a, it, pictures: Vec::new(), faults: Faults::default(), notice: None, alarm: None }
    }

    fn typed(a: AdminFrame, fields: &Fields) -> Self {
        let it = Appearance {
            accent: fields.line("accent"),
            typeface: Typeface::named(fields.raw("typeface")).unwrap_or_default(),
            scheme: Scheme::named(fields.raw("scheme")).unwrap_or_default(),
            banner: fields.line("banner"),
            banner_alt: fields.line("banner-alt"),
            footer: fields.text("footer"),
            links: fields.text("links"),
            css: fields.text("css"),
            ..Appearance::default()
        };
        Self::of(a, it)
    }

    /// Checks what was typed; what is wrong lands in `faults`.
    async fn check(&mut self, app: &App) -> Result<()> {
        let (l, it, faults) = (&self.a.l, &mut self.it, &mut self.faults);
        match Rgb::parse(&it.accent) {
            Some(accent) => it.accent = accent.hex(),
            None if it.accent.is_empty() => {}
            None => faults.add("accent", l.t("error-accent")),
        }
        if !it.banner.is_empty() && !is_picture(app, &it.banner).await? {
            faults.add("banner", l.t("error-banner"));
        }
        if it.banner_alt.chars().count() > MAX_ALT {
            faults.add("banner-alt", l.tn("error-long", &(MAX_ALT as i64)));
        }
        if let Some(line) = wrong_link(&it.links) {
            faults.add("links", l.tn("error-links", &(line as i64)));
        }
        match markdown::foot(&it.footer) {
            Ok(html) if it.footer.chars().count() <= MAX_FOOTER => {
                (it.footer_html, it.renderer) = (html.trim().to_owned(), RENDERER);
            }
            _ => faults.add("footer", l.tn("error-long", &(MAX_FOOTER as i64))),
        }
        if let Err(fault) = stylesheet::check(&it.css) {
            faults.add("css", l.tn(&format!("error-css-{}", fault.what.as_str()), &(fault.line as i64)));
        }
        Ok(())
    }

    /// How the accent is shown on light and on dark paper, where that is not as it was chosen.
    fn shown(&self) -> Option<String> {
        let chosen = Rgb::parse(&self.it.accent)?;
        let Accent { light, dark } = Accent::of(chosen);
        let values = [("light", light.hex().into()), ("dark", dark.hex().into())];
        (light != chosen || dark != chosen).then(|| self.a.l.words.with("accent-shown", &values))
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// Whether a picture of this blog's is at an address.
async fn is_picture(app: &App, address: &str) -> Result<bool> {
    let Some(hash) = hash_in(address) else { return Ok(false) };
    let row = app.store.media_row_of_hash(hash).await?;
    Ok(row.is_some_and(|row| row.is_picture() && row.width > 0 && row.address() == address))
}

async fn pictures(app: &App) -> Result<Vec<MediaRow>> {
    Ok(app.store.library(Shelf::Pictures, "", From::Newest).await?.items)
}

/// GET /admin/settings/appearance
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let mut page = Page::of(a, app.store.appearance().await?);
    page.pictures = pictures(&app).await?;
    page.notice = (query.0.raw("done") == "saved").then(|| page.a.l.t("done-settings"));
    page.show(StatusCode::OK)
}

/// POST /admin/settings/appearance
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = Page::typed(a, &fields);
    page.check(&app).await?;
    page.pictures = pictures(&app).await?;
    if !page.faults.is_empty() {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    if let Err(error) = app.store.save_appearance(&page.it, page.a.by()).await {
        tracing::error!(%error, "the appearance could not be kept");
        page.alarm = Some(page.a.l.t("not-saved"));
        return page.show(error.status());
    }
    Ok(Redirect::to("/admin/settings/appearance?done=saved").into_response())
}

/// POST /admin/settings/appearance/preview: the front page as what is in the form would have it, in a tab of its own.
pub async fn preview(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = Page::typed(a, &fields);
    page.check(&app).await?;
    if !page.faults.is_empty() {
        page.alarm = Some(page.a.l.t("not-shown-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let look = app.look_of(page.it).await?;
    app.try_look(&look);
    let mut l = page.a.l;
    (l.look, l.path) = (Arc::new(look), "/".to_owned());
    let notice = Some(l.t("look-preview-notice"));
    let mut front = home::front(&app, l, From::Newest).await?;
    front.notice = notice;
    Ok((front.frames(), html(&front)?).into_response())
}

/// The form with what was carried through the door.
pub fn resume(a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    Page { notice, ..Page::typed(a, fields) }.show(StatusCode::OK)
}
