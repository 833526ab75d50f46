//! The links in mails: looking changes nothing and shows what the button will do; pressing it does that, signed in or not.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, RawForm, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    form::Fields,
    layout::{Layout, html},
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        comment::ModeratedComment,
        link::{Link, LinkAct},
        mail::MailedPost,
    },
    rules::token,
};

#[derive(Template)]
#[template(path = "comments/act.html")]
struct Act {
    l: Layout,
    title: String,
    link: Link,
    /// What will be done to it.
    comment: Option<ModeratedComment>,
    post: Option<MailedPost>,
    /// How many comments are kept under the address, where that is what the link is about.
    theirs: i64,
}

impl Act {
    fn is(&self, act: &str) -> bool {
        self.link.act.as_str() == act
    }
}

#[derive(Template)]
#[template(path = "comments/acted.html")]
struct Acted {
    l: Layout,
    title: String,
    text: String,
    post: Option<MailedPost>,
}

/// GET /comments/act/{token}
pub async fn show(State(app): State<Arc<App>>, l: Layout, Path(secret): Path<String>) -> Result<Response> {
    let Some(link) = good_link(&app, &l, &secret).await? else { return past(l) };
    let comment = match link.comment_id {
        Some(id) => app.store.moderated_comment(id).await?,
        None => None,
    };
    let post = about(&app, &l, &link).await?;
    let theirs = match link.act {
        LinkAct::Data => app.store.kept_under(&link.email).await?.comments.len() as i64,
        _ => 0,
    };
    let title = l.word("act", link.act.as_str());
    Ok(html(&Act { l, title, link, comment, post, theirs })?.into_response())
}

/// POST /comments/act/{token}: also what a mail program sends by itself to end mails (RFC 8058), in whatever form.
pub async fn act(
    State(app): State<Arc<App>>,
    l: Layout,
    Path(secret): Path<String>,
    form: std::result::Result<RawForm, axum::extract::rejection::RawFormRejection>,
) -> Result<Response> {
    let Some(link) = good_link(&app, &l, &secret).await? else { return past(l) };
    let post = about(&app, &l, &link).await?;
    let fields = form.map(|RawForm(body)| Fields::parse(&body)).unwrap_or_default();
    let mut done = link.act.as_str();
    match link.act {
        // Opened, and never acted upon: see `good_link`.
        LinkAct::Own => return past(l),
        LinkAct::Approve | LinkAct::Spam | LinkAct::Delete => {
            match app.store.moderate_by_link(&link.token_hash, l.now).await {
                Err(Error::NotFound) => return past(l),
                other => drop(other?),
            }
        }
        LinkAct::Confirm => app.store.confirm_address(&link.email, l.now).await?,
        LinkAct::Unsubscribe => {
            let about = link.post_id.filter(|_| !fields.has("all"));
            app.store.unsubscribe(&link.email, about).await?;
        }
        LinkAct::Never if fields.has("again") => {
            done = "again";
            app.store.mail_again(&link.email).await?;
        }
        LinkAct::Never => app.store.never_mail(&link.email, l.now).await?,
        LinkAct::Data => app.store.erase_by_link(&link.token_hash, l.now).await?,
    }
    let (title, text) = (l.word("act", done), l.word("acted", done));
    Ok(html(&Acted { l, title, text, post })?.into_response())
}

/// The link with this secret, if it still does anything by a button.
pub async fn good_link(app: &App, l: &Layout, secret: &str) -> Result<Option<Link>> {
    if !token::is_well_formed(secret) {
        return Err(Error::NotFound);
    }
    Ok(app.store.link(&token::hash(secret), l.now).await?.filter(|link| link.act != LinkAct::Own))
}

async fn about(app: &App, l: &Layout, link: &Link) -> Result<Option<MailedPost>> {
    match link.post_id {
        Some(post) => app.store.mailed_post(post, l.now).await,
        None => Ok(None),
    }
}

/// The same for a link that was used, whose time is over, and that never was.
fn past(l: Layout) -> Result<Response> {
    let (title, text) = (l.t("link-past"), l.t("link-past-text"));
    Ok((StatusCode::NOT_FOUND, html(&Acted { l, title, text, post: None })?).into_response())
}
