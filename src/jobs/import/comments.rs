//! Comments from elsewhere: their texts as this blog's, their states as they were.

use super::{Taker, normal, website};
use crate::{
    exchange,
    model::{
        incoming::{Comment, On, Shelf},
        remark::{Remark, remark},
        time::Time,
    },
    picture::short,
    rules::token,
    store::{NamedAuthor, NewOldComment},
    text::{markdown, plain},
};

/// As long as a name may be.
const MAX_NAME: usize = 80;

/// The highest number that is kept.
const MAX_NUMBER: i64 = 1_000_000_000;

impl Taker<'_> {
    pub(super) fn count(&mut self, shelf: Shelf) {
        *match shelf {
            Shelf::Approved => &mut self.report.approved,
            Shelf::Held => &mut self.report.held,
            Shelf::Spam => &mut self.report.spam,
            Shelf::Trash => &mut self.report.trash,
        } += 1;
    }
}

/// As whom of the blog's people it may have been written.
fn own(comment: &Comment) -> NamedAuthor {
    let name = plain::clean_line(&comment.name);
    NamedAuthor {
        skeleton: plain::skeleton(&name),
        email: comment.email.as_deref().map(str::to_lowercase),
        name,
        ..NamedAuthor::default()
    }
}

/// Of what is brought up to date when it changes there.
pub(super) fn told(comment: &Comment) -> String {
    token::content_hash(format!("{:?}:{:?}", comment.state, comment.text).as_bytes())
}

/// The number that WordPress shows a comment under: `wordpress:old.example:comment:12`.
fn number(origin: &str) -> Option<i64> {
    let (_, number) = origin.strip_prefix("wordpress:")?.rsplit_once(":comment:")?;
    number.parse().ok().filter(|number| (1..=MAX_NUMBER).contains(number))
}

/// Everything that can be made of a comment without the store; else which one it was, and why not. `nobody`: the name of whoever
/// gave none.
pub(super) fn draw(comment: &Comment, nobody: &str, now: Time) -> Result<NewOldComment, (String, Remark)> {
    let who = short(&plain::clean_line(&comment.name));
    let place = if who.is_empty() { comment.origin.clone() } else { format!("{who} ({})", comment.origin) };
    let refused = |why: Remark| (place.clone(), why);
    let (source, _) = exchange::markdown_of(&comment.text);
    let source = plain::clean_text(source.trim());
    // Of one that was deleted there, its replies still hang on it.
    let is_gone = source.is_empty() && comment.state == Shelf::Trash;
    if source.is_empty() && !is_gone {
        return Err(refused(remark("import-comment-empty")));
    }
    let html = markdown::comment(&source).map_err(|_| refused(remark("import-comment-undrawn")))?;
    let name: String = plain::clean_line(&comment.name).chars().take(MAX_NAME).collect();
    Ok(NewOldComment {
        origin: comment.origin.clone(),
        on: match &comment.on {
            On::Entry(origin) => On::Entry(origin.clone()),
            On::Path(path) => On::Path(normal(path)),
        },
        parent: comment.parent.clone(),
        number: number(&comment.origin),
        // It says when it came here: what is deleted by itself after a while is so from then on.
        uuid: token::uuid(now).map_err(|_| refused(remark("import-no-random")))?.to_string(),
        shelf: comment.state,
        author: (comment.is_owner && !is_gone).then(|| own(comment)),
        name: match name.is_empty() {
            _ if is_gone => String::new(),
            true => nobody.to_owned(),
            false => name,
        },
        email: comment
            .email
            .as_deref()
            .filter(|_| !is_gone)
            .map(|email| plain::clean_line(email).to_lowercase())
            .filter(|email| email.contains('@')),
        website: comment.website.as_deref().filter(|_| !is_gone).and_then(website),
        source,
        html,
        at: comment.at,
        is_pinned: comment.is_pinned,
        digest: told(comment),
    })
}
