//! What the owner decides about the blog.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;

use crate::{
    app::App,
    error::Result,
    model::{
        language::{LANGUAGES, Language},
        settings::Settings,
    },
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    a: AdminFrame,
    title: String,
    description: String,
    language: String,
    zone: String,
    trash_days: String,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
    languages: &'static [(&'static str, &'static str)],
    zones: Vec<String>,
}

/// Ten years.
const MAX_TRASH_DAYS: i64 = 3650;

/// The languages that a blog can be written in.
pub fn languages() -> &'static [(&'static str, &'static str)] {
    LANGUAGES
}

/// The names of the time zones that this program knows, `Region/City` and `UTC`.
pub fn zones() -> Vec<String> {
    let mut zones: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| {
            name == "UTC" || (name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/"))
        })
        .collect();
    zones.sort();
    zones.dedup();
    zones
}

impl SettingsPage {
    fn typed(a: AdminFrame, fields: &Fields) -> Self {
        Self {
            title: fields.line("title"),
            description: fields.line("description"),
            language: fields.line("language"),
            zone: fields.line("zone"),
            trash_days: fields.line("trash-days"),
            faults: Faults::default(),
            notice: None,
            alarm: None,
            languages: languages(),
            zones: zones(),
            a,
        }
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/settings
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let settings = a.l.settings.clone();
    let page = SettingsPage {
        title: settings.title.clone(),
        description: settings.description.clone(),
        language: settings.language.tag().to_owned(),
        zone: settings.zone_name.clone(),
        trash_days: app.store.trash_days().await?.to_string(),
        faults: Faults::default(),
        notice: (query.0.raw("done") == "saved").then(|| a.l.t("done-settings")),
        alarm: None,
        languages: languages(),
        zones: zones(),
        a,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/settings
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = SettingsPage::typed(a, &fields);
    let language = Language::from_tag(&page.language);
    let zone = TimeZone::get(&page.zone).ok();
    // What is kept for no day could not be brought back.
    let trash_days = match fields.has("trash-days") {
        true => page.trash_days.parse().ok().filter(|days| (1..=MAX_TRASH_DAYS).contains(days)),
        // A page that was open before there was this field.
        false => Some(app.store.trash_days().await?),
    };
    let l = &page.a.l;
    let mut faults = Faults::default();
    if page.title.is_empty() || page.title.chars().count() > 100 {
        faults.add("title", l.t("error-needed"));
    }
    if page.description.chars().count() > 300 {
        faults.add("description", l.tn("error-long", &300));
    }
    if language.is_none() {
        faults.add("language", l.t("error-choose"));
    }
    if zone.is_none() {
        faults.add("zone", l.t("error-choose"));
    }
    if trash_days.is_none() {
        faults.add("trash-days", l.tn("error-number", &MAX_TRASH_DAYS));
    }
    page.faults = faults;
    let (Some(language), Some(zone), Some(trash_days), true) = (language, zone, trash_days, page.faults.is_empty())
    else {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let settings = Settings {
        title: page.title.clone(),
        description: page.description.clone(),
        language,
        zone,
        zone_name: page.zone.clone(),
        ..Settings::clone(&page.a.l.settings)
    };
    let saved = match app.store.save_trash_days(trash_days).await {
        Ok(()) => app.store.change_settings(&settings, "settings", page.a.by()).await,
        unsaved => unsaved,
    };
    match saved {
        Ok(()) => Ok(Redirect::to("/admin/settings?done=saved").into_response()),
        Err(error) => {
            tracing::error!(%error, "the settings could not be kept");
            page.alarm = Some(page.a.l.t("not-saved"));
            page.show(error.status())
        }
    }
}

/// The form with what was carried through the door.
pub fn resume(a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    SettingsPage { notice, ..SettingsPage::typed(a, fields) }.show(StatusCode::OK)
}
