//! Comments from elsewhere: their texts as this blog's, their states as they were.

use std::collections::HashMap;

use super::{Taker, normal};
use crate::{
    error::Error,
    exchange,
    model::{
        ids::{PostId, UserId},
        incoming::{Comment, On, Shelf},
    },
    rules::token,
    store::{NamedAuthor, NewOldComment},
    text::{markdown, plain},
};

/// As long as a name may be.
const MAX_NAME: usize = 80;

impl Taker<'_> {
    /// Writes the comments that wait.
    pub(super) async fn write_comments(&mut self) -> Result<(), Error> {
        let mut waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let origins: Vec<&str> = waiting.iter().map(|comment| comment.origin.as_str()).collect();
        let known = self.store.known_comments(&origins).await?;
        self.report.known_comments += known.len() as u64;
        waiting.retain(|comment| !known.contains(&comment.origin));
        if self.wanted.is_trial {
            waiting.iter().for_each(|comment| self.count(comment.state));
            return Ok(());
        }
        let mut posts: HashMap<On, Option<PostId>> = HashMap::new();
        let mut placed = Vec::new();
        for comment in waiting {
            let post = match posts.get(&comment.on) {
                Some(post) => *post,
                None => {
                    let post = self.post_of(&comment.on).await?;
                    if let (None, On::Path(path)) = (post, &comment.on) {
                        self.line(format!("/{path}"), "has comments, and no post is there".to_owned(), true);
                    }
                    posts.insert(comment.on.clone(), post);
                    post
                }
            };
            let Some(post) = post else { continue };
            let user = if comment.is_owner { self.own(&comment).await? } else { None };
            placed.push((comment, post, user));
        }
        let drawn = tokio::task::spawn_blocking(move || {
            placed.into_iter().map(|(comment, post, user)| draw(&comment, post, user)).collect::<Vec<_>>()
        })
        .await?;
        let mut comments = Vec::new();
        for drawn in drawn {
            match drawn {
                Ok(comment) => comments.push(comment),
                Err((origin, why)) => self.line(origin, why, true),
            }
        }
        for shelf in self.store.import_comments(&comments, self.now).await? {
            self.count(shelf);
        }
        Ok(())
    }

    fn count(&mut self, shelf: Shelf) {
        *match shelf {
            Shelf::Approved => &mut self.report.approved,
            Shelf::Held => &mut self.report.held,
            Shelf::Spam => &mut self.report.spam,
            Shelf::Trash => &mut self.report.trash,
        } += 1;
    }

    async fn post_of(&self, on: &On) -> Result<Option<PostId>, Error> {
        match on {
            On::Entry(origin) => Ok(self.store.known_entry(origin).await?.and_then(|known| known.post_id)),
            On::Path(path) => self.store.post_once_at(&normal(path)).await,
        }
    }

    /// Which of the blog's people wrote it.
    async fn own(&self, comment: &Comment) -> Result<Option<UserId>, Error> {
        let name = plain::clean_line(&comment.name);
        let author = NamedAuthor {
            skeleton: plain::skeleton(&name),
            email: comment.email.as_deref().map(str::to_lowercase),
            name,
            slug: String::new(),
        };
        Ok(self.store.known_author(&author).await?.map(|(id, _)| id))
    }
}

fn draw(comment: &Comment, post_id: PostId, user_id: Option<UserId>) -> Result<NewOldComment, (String, String)> {
    let refused = |why: &str| (comment.origin.clone(), why.to_owned());
    let (source, _) = exchange::markdown_of(&comment.text);
    let source = plain::clean_text(source.trim());
    if source.is_empty() {
        return Err(refused("the comment says nothing"));
    }
    let html =
        markdown::comment(&source).map_err(|_| refused("the comment is nested too deeply or too long to be drawn"))?;
    let name: String = plain::clean_line(&comment.name).chars().take(MAX_NAME).collect();
    let website = comment.website.as_deref().filter(|url| url.len() <= 500).and_then(|url| url::Url::parse(url).ok());
    Ok(NewOldComment {
        origin: comment.origin.clone(),
        post_id,
        parent: comment.parent.clone(),
        uuid: token::uuid(comment.at).map_err(|_| refused("the system gives no random numbers"))?.to_string(),
        shelf: comment.state,
        user_id,
        name: if name.is_empty() { "?".to_owned() } else { name },
        email: comment
            .email
            .as_deref()
            .map(|email| plain::clean_line(email).to_lowercase())
            .filter(|email| email.contains('@')),
        website: website.filter(|url| matches!(url.scheme(), "http" | "https")).map(String::from),
        source,
        html,
        at: comment.at,
    })
}
