//! Mail: the server that takes it, a try that tells each step, and the log of what was sent.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    mail::{self, Letter, Part, Refusal, Report, Step},
    model::{
        listing::Listing,
        mail::{LoggedMail, Security, Smtp},
        user,
    },
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

const MAX_FIELD: usize = 254;

#[derive(Template)]
#[template(path = "admin/mail_settings.html")]
struct MailSettings {
    a: AdminFrame,
    host: String,
    port: String,
    security: Security,
    user: String,
    sender: String,
    has_password: bool,
    /// The configuration decides, and this page cannot.
    is_configured: bool,
    failed: i64,
    report: Option<Report>,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl MailSettings {
    async fn kept(app: &App, a: AdminFrame) -> Result<Self> {
        let named = app.store.smtp().await?;
        let smtp = app.mail.smtp.as_ref().or(named.as_ref());
        Ok(Self {
            host: smtp.map(|smtp| smtp.host.clone()).unwrap_or_default(),
            port: smtp.map(|smtp| smtp.port.to_string()).unwrap_or_default(),
            security: smtp.map_or(Security::Tls, |smtp| smtp.security),
            user: smtp.map(|smtp| smtp.user.clone()).unwrap_or_default(),
            sender: smtp.map(|smtp| smtp.sender.clone()).unwrap_or_default(),
            has_password: smtp.is_some_and(|smtp| !smtp.password.is_empty()),
            is_configured: app.mail.smtp.is_some(),
            failed: app.store.failed_mails(a.l.now).await?,
            report: None,
            faults: Faults::default(),
            notice: None,
            alarm: None,
            a,
        })
    }

    fn typed(self, fields: &Fields) -> Self {
        Self {
            host: fields.line("host"),
            port: fields.line("port"),
            security: Security::named(fields.raw("security")).unwrap_or(Security::Tls),
            user: fields.line("user"),
            sender: fields.line("sender").to_lowercase(),
            ..self
        }
    }

    /// What was typed, checked; what is wrong lands in `faults`. An empty password is the one that is kept, as long as it
    /// goes to the same server under the same name; without a name there is none.
    fn check(&mut self, kept: Option<&Smtp>, password: &str) -> Option<Smtp> {
        let l = &self.a.l;
        let mut faults = Faults::default();
        if self.host.is_empty() || self.host.len() > MAX_FIELD || self.host.contains([' ', '/', '@']) {
            faults.add("host", l.t("error-smtp-host"));
        }
        let port = match self.port.as_str() {
            "" => Some(self.security.port()),
            typed => typed.parse().ok().filter(|port| *port != 0),
        };
        if port.is_none() {
            faults.add("port", l.t("error-smtp-port"));
        }
        if !user::is_email(&self.sender) || !self.sender.is_ascii() {
            faults.add("sender", l.t("error-email"));
        }
        if self.user.len() > MAX_FIELD || password.len() > MAX_FIELD {
            faults.add("user", l.tn("error-long", &(MAX_FIELD as i64)));
        }
        let same = kept.filter(|kept| kept.host == self.host && kept.user == self.user);
        let password = match (self.user.as_str(), password) {
            ("", _) => String::new(),
            (_, "") => same.map(|kept| kept.password.clone()).unwrap_or_default(),
            (_, typed) => typed.to_owned(),
        };
        if !self.user.is_empty() && password.is_empty() {
            faults.add("password", l.t("error-smtp-password"));
        }
        self.faults = faults;
        let port = port.filter(|_| self.faults.is_empty())?;
        Some(Smtp {
            host: self.host.clone(),
            port,
            security: self.security,
            user: self.user.clone(),
            password,
            sender: self.sender.clone(),
        })
    }

    fn is_secured(&self, security: &Security) -> bool {
        self.security == *security
    }

    /// What to change, after a try that was refused.
    fn advice(&self, refusal: &Refusal) -> String {
        let which = match (refusal.step, self.security) {
            _ if refusal.is_unknown_certificate() => "certificate",
            (Step::Tls, Security::StartTls) => "starttls",
            (Step::Accept, _) if self.user.is_empty() => "accept-no-user",
            (step, _) => step.as_str(),
        };
        self.a.l.word("mail-advice", which)
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/settings/mail
pub async fn show(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let mut page = MailSettings::kept(&app, a).await?;
    page.notice = match query.0.raw("done") {
        "saved" => Some(page.a.l.t("done-settings")),
        "off" => Some(page.a.l.t("done-mail-off")),
        _ => None,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/settings/mail: keeps the server, forgets it, or tries it by a mail to whoever asks.
pub async fn update(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let action = fields.raw("action");
    let page = MailSettings::kept(&app, a).await?;
    if let Some(configured) = &app.mail.smtp {
        return if action == "try" { try_it(&app, page, configured).await } else { Err(Error::Forbidden) };
    }
    if action == "off" {
        app.store.save_smtp(None, page.a.by()).await?;
        return Ok(Redirect::to("/admin/settings/mail?done=off").into_response());
    }
    let kept = app.store.smtp().await?;
    let mut page = page.typed(&fields);
    let Some(smtp) = page.check(kept.as_ref(), fields.raw("password")) else {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    if let Err(error) = app.store.save_smtp(Some(&smtp), page.a.by()).await {
        tracing::error!(%error, "the mail server could not be kept");
        page.alarm = Some(page.a.l.t("not-saved"));
        return page.show(error.status());
    }
    if action == "try" {
        page.has_password = !smtp.password.is_empty();
        return try_it(&app, page, &smtp).await;
    }
    Ok(Redirect::to("/admin/settings/mail?done=saved").into_response())
}

async fn try_it(app: &App, mut page: MailSettings, smtp: &Smtp) -> Result<Response> {
    let l = &page.a.l;
    let to = page.a.user.email.clone().unwrap_or_default();
    let letter = Letter {
        from_name: l.settings.title.clone(),
        to: to.clone(),
        subject: l.tx("mail-subject-try", &l.settings.title),
        language: l.lang(),
        parts: vec![Part::Say(l.t("mail-try-text"))],
        id: format!("try-{}", l.now.0),
        thread: None,
        unsubscribe: None,
    };
    let report = match letter.message(smtp, app.host(), l.now) {
        Ok(message) => mail::send(smtp, app.mail.ca.as_deref(), &message).await,
        Err(words) => {
            Report { steps: Vec::new(), refusal: Some(Refusal { step: Step::Accept, words, is_final: true }) }
        }
    };
    if report.refusal.is_none() {
        page.notice = Some(page.a.l.tx("mail-tried", to));
    } else {
        page.alarm = Some(page.a.l.t("mail-not-taken"));
    }
    page.report = Some(report);
    page.show(StatusCode::OK)
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    let page = MailSettings::kept(app, a).await?.typed(fields);
    MailSettings { notice, ..page }.show(StatusCode::OK)
}

#[derive(Template)]
#[template(path = "admin/mail.html")]
struct Log {
    a: AdminFrame,
    rows: Listing<LoggedMail>,
    notice: Option<String>,
}

/// GET /admin/mail
pub async fn index(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let rows = app.store.mail_log(query.place()).await?;
    let notice = (query.0.raw("done") == "again").then(|| a.l.t("done-mail-again"));
    Ok(html(&Log { a, rows, notice })?.into_response())
}

/// POST /admin/mail/{id}/retry
pub async fn retry(
    State(app): State<Arc<App>>,
    Owner(a): Owner,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Redirect> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    app.store.retry_mail(id, a.l.now).await?;
    Ok(Redirect::to("/admin/mail?done=again"))
}
