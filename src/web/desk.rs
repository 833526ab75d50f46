//! What is sent from a form at the desk: who is signed in, and what was typed.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    auth::{AdminFrame, Desk},
    form::Fields,
    session,
};
use crate::{app::App, error::Error};

/// A form of anybody at the desk. Where the session has ended, the answer is the door, and what was typed goes through it.
pub struct DeskForm(pub AdminFrame, pub Fields);

impl FromRequest<Arc<App>> for DeskForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?.0;
        let to = parts.uri.path().to_owned();
        let form = Fields::from_request(Request::from_parts(parts, body), app).await;
        let fields = form.map_err(IntoResponse::into_response)?;
        match desk {
            Ok(a) => Ok(Self(a, fields)),
            Err(l) => Err(session::carrying(app, *l, &to, &fields).into_response()),
        }
    }
}

/// A [`DeskForm`] of an owner or editor.
pub struct EditorForm(pub AdminFrame, pub Fields);

impl FromRequest<Arc<App>> for EditorForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let DeskForm(a, fields) = DeskForm::from_request(request, app).await?;
        if a.is_editor() { Ok(Self(a, fields)) } else { Err(Error::Forbidden.into_response()) }
    }
}

/// A [`DeskForm`] of an owner.
pub struct OwnerForm(pub AdminFrame, pub Fields);

impl FromRequest<Arc<App>> for OwnerForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let DeskForm(a, fields) = DeskForm::from_request(request, app).await?;
        if a.is_owner() { Ok(Self(a, fields)) } else { Err(Error::Forbidden.into_response()) }
    }
}

/// An answer to a script of ours.
pub fn json(status: StatusCode, value: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}
