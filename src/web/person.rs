//! What is stored about a commenter: a link to it is mailed to the address alone.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    client::Client,
    form::{Faults, Fields},
    layout::{Layout, html},
    mail_link::good_link,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{link::LinkAct, person::Kept, user},
};

#[derive(Template)]
#[template(path = "comments/person.html")]
struct Ask {
    l: Layout,
    title: String,
    email: String,
    faults: Faults,
    notice: Option<String>,
}

impl Ask {
    fn new(l: Layout, email: String) -> Result<Self> {
        if !l.mail_works {
            return Err(Error::NotFound);
        }
        let title = format!("{} · {}", l.t("person"), l.settings.title);
        Ok(Self { l, title, email, faults: Faults::default(), notice: None })
    }
}

/// GET /comments/yours
pub async fn show(l: Layout) -> Result<Response> {
    Ok(html(&Ask::new(l, String::new())?)?.into_response())
}

/// POST /comments/yours: the answer does not tell whether anything is stored.
pub async fn ask(State(app): State<Arc<App>>, client: Client, l: Layout, fields: Fields) -> Result<Response> {
    let mut page = Ask::new(l, fields.line("email").to_lowercase())?;
    if !user::is_email(&page.email) {
        let text = page.l.t("error-email");
        page.faults.add("email", text);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    client.take(&app, Act::Comment)?;
    app.store.ask_for_data(&page.email, &client.mark, page.l.now).await?;
    page.notice = Some(page.l.tx("person-asked", &page.email));
    Ok(html(&page)?.into_response())
}

/// GET /comments/act/{token}/data.json
pub async fn export(State(app): State<Arc<App>>, l: Layout, Path(secret): Path<String>) -> Result<Response> {
    let link = good_link(&app, &l, &secret).await?.filter(|link| link.act == LinkAct::Data).ok_or(Error::NotFound)?;
    let kept = app.store.kept_under(&link.email).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"data.json\""),
    ];
    Ok((headers, as_json(&l, &kept).to_string()).into_response())
}

fn as_json(l: &Layout, kept: &Kept) -> serde_json::Value {
    let comments = kept.comments.iter().map(|comment| {
        json!({
            "post": comment.post_title, "written": comment.created_at.rfc3339(), "state": comment.state.as_str(),
            "name": comment.name, "website": comment.website, "text": comment.source, "earlier": comment.earlier, "network": comment.network,
        })
    });
    let wishes = kept
        .wishes
        .iter()
        .map(|wish| json!({ "what": wish.wish.as_str(), "post": wish.post_title, "asked": wish.created_at.rfc3339() }));
    let mails = kept.mails.iter().map(
        |mail| json!({ "what": mail.kind.as_str(), "state": mail.state.as_str(), "queued": mail.created_at.rfc3339() }),
    );
    json!({
        "blog": l.settings.title, "address": kept.email, "confirmed": kept.confirmed_at.map(|at| at.rfc3339()),
        "comments": comments.collect::<Vec<_>>(), "wishes": wishes.collect::<Vec<_>>(), "mails": mails.collect::<Vec<_>>(),
    })
}
