//! The outside service that is asked about comments: where it is, its key, and what it said last.

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
    model::outside::{AKISMET, Said, Service},
    outside::{self, Asking},
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

const MAX_FIELD: usize = 254;

#[derive(Template)]
#[template(path = "admin/outside.html")]
struct Page {
    a: AdminFrame,
    address: String,
    has_key: bool,
    said: Option<Said>,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl Page {
    async fn kept(app: &App, a: AdminFrame) -> Result<Self> {
        let service = app.store.outside_service().await?;
        Ok(Self {
            has_key: service.is_some(),
            address: service.map_or_else(|| AKISMET.to_owned(), |service| service.address),
            said: app.store.outside_said().await?,
            faults: Faults::default(),
            notice: None,
            alarm: None,
            a,
        })
    }

    /// What was typed, checked; what is wrong lands in `faults`. An empty key is the one that is kept, as long as it goes to
    /// the same service.
    fn check(&mut self, kept: Option<Service>, key: &str) -> Option<Service> {
        let address = outside::address(&self.address).filter(|address| address.len() <= MAX_FIELD);
        if address.is_none() {
            self.faults.add("address", self.a.l.t("error-outside-address"));
        }
        let key = match (key, kept) {
            ("", Some(kept)) if Some(&kept.address) == address.as_ref() => kept.key,
            (typed, _) => typed.to_owned(),
        };
        if key.is_empty() || key.len() > MAX_FIELD || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.faults.add("key", self.a.l.t("error-outside-key"));
        }
        let address = address.filter(|_| self.faults.is_empty())?;
        Some(Service { address, key })
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/settings/outside
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let mut page = Page::kept(&app, a).await?;
    page.notice = match query.0.raw("done") {
        "saved" => Some(page.a.l.t("done-settings")),
        "off" => Some(page.a.l.t("done-outside-off")),
        _ => None,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/settings/outside: keeps the service and asks it whether it knows the key, or forgets it.
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    if fields.raw("action") == "off" {
        app.store.save_outside_service(None, a.by()).await?;
        return Ok(Redirect::to("/admin/settings/outside?done=off").into_response());
    }
    let kept = app.store.outside_service().await?;
    let mut page = Page { address: fields.line("address"), ..Page::kept(&app, a).await? };
    let Some(service) = page.check(kept, fields.raw("key").trim()) else {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    if let Err(error) = app.store.save_outside_service(Some(&service), page.a.by()).await {
        tracing::error!(%error, "the outside service could not be kept");
        page.alarm = Some(page.a.l.t("not-saved"));
        return page.show(error.status());
    }
    let asking = Asking { blog: &app.base, language: page.a.l.lang(), ca: app.mail.ca.as_deref() };
    let (Ok(words) | Err(words)) = outside::verify(&service, asking).await;
    app.store.note_outside(&words, page.a.l.now).await?;
    Ok(Redirect::to("/admin/settings/outside?done=saved").into_response())
}

/// The form with what was carried through the door; a key is not carried.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    Page { notice, address: fields.line("address"), ..Page::kept(app, a).await? }.show(StatusCode::OK)
}
