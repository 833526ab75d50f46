//! The blog's people, for the owner: who they are, who is asked to join, and who may do what.

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
    model::{
        ids::UserId,
        user::{self, Invitation, KeyAct, Person, Role},
    },
    rules::token,
    store::Ruled,
    web::{
        auth::{AdminFrame, Owner},
        desk::OwnerForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

#[derive(Template)]
#[template(path = "admin/people.html")]
struct People {
    a: AdminFrame,
    people: Vec<Person>,
    invitations: Vec<Invitation>,
    /// As typed.
    email: String,
    role: Role,
    /// The name under posts that becomes theirs.
    claims: Option<UserId>,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
    /// The link of an invitation, shown once.
    link: Option<String>,
}

impl People {
    async fn load(app: &App, a: AdminFrame, fields: &Fields) -> Result<Self> {
        let now = a.l.now;
        let mut invitations = app.store.invitations().await?;
        invitations.retain(|invitation| invitation.expires_at > now);
        Ok(Self {
            people: app.store.people().await?,
            invitations,
            email: fields.line("email").to_lowercase(),
            role: Role::named(fields.raw("role")).unwrap_or(Role::Author),
            claims: fields.raw("name").parse().ok(),
            faults: Faults::default(),
            notice: None,
            alarm: None,
            link: None,
            a,
        })
    }

    fn names(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.is_name())
    }

    fn is_role(&self, role: &Role) -> bool {
        self.role == *role
    }

    fn is_claimed(&self, person: &Person) -> bool {
        self.claims == Some(person.user.id)
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/people
pub async fn index(State(app): State<Arc<App>>, Owner(a): Owner, query: Query) -> Result<Response> {
    let mut page = People::load(&app, a, &Fields::default()).await?;
    match query.0.raw("done") {
        done @ ("role" | "disable" | "enable" | "second" | "revoke") => {
            page.notice = Some(page.a.l.word("done-person", done));
        }
        "last" => page.alarm = Some(page.a.l.t("last-owner")),
        _ => {}
    }
    page.show(StatusCode::OK)
}

/// POST /admin/people: asks somebody to join.
pub async fn invite(State(app): State<Arc<App>>, OwnerForm(a, fields): OwnerForm) -> Result<Response> {
    let mut page = People::load(&app, a, &fields).await?;
    let l = page.a.l.clone();
    if !user::is_email(&page.email) {
        page.faults.add("email", l.t("error-email"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let invitation = Invitation {
        email: page.email.clone(),
        role: page.role,
        user_id: page.claims,
        created_at: l.now,
        expires_at: l.now.plus(KeyAct::Join.life()),
    };
    let secret = token::new().map_err(|error| Error::Internal(error.to_string()))?;
    if !app.store.invite(&invitation, &token::hash(&secret), l.mail_works, page.a.user.id).await? {
        page.faults.add("email", l.t("error-person-known"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut page = People::load(&app, page.a, &Fields::default()).await?;
    page.notice = Some(l.tx(if l.mail_works { "invited-by-mail" } else { "invited" }, &invitation.email));
    page.link = Some(l.url(&format!("admin/join/{secret}")));
    page.show(StatusCode::OK)
}

/// POST /admin/people/revoke
pub async fn revoke(State(app): State<Arc<App>>, Owner(a): Owner, fields: Fields) -> Result<Redirect> {
    app.store.revoke_invitation(&fields.line("email").to_lowercase(), a.user.id, a.l.now).await?;
    Ok(Redirect::to("/admin/people?done=revoke"))
}

/// POST /admin/people/{id}
pub async fn update(
    State(app): State<Arc<App>>,
    Owner(a): Owner,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let person = app.store.user(id).await?.ok_or(Error::NotFound)?;
    let (by, now) = (a.user.id, a.l.now);
    let action = fields.raw("action");
    let ruled = match action {
        "role" => {
            let role = Role::named(fields.raw("role")).ok_or(Error::BadRequest("no such role"))?;
            if role == person.role { Ruled::Done } else { app.store.set_role(id, role, by, now).await? }
        }
        "disable" | "enable" => app.store.set_disabled(id, action == "disable", by, now).await?,
        "second" => {
            let whose = person.email.unwrap_or_default();
            app.store.drop_authenticator(id, Some(by), &whose, now).await?;
            Ruled::Done
        }
        _ => return Err(Error::BadRequest("no such act")),
    };
    let done = if ruled == Ruled::Done { action } else { "last" };
    Ok(Redirect::to(&format!("/admin/people?done={done}")))
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, fields: &Fields) -> Result<Response> {
    let notice = Some(a.l.t("session-resumed"));
    People { notice, ..People::load(app, a, fields).await? }.show(StatusCode::OK)
}
