//! What each mail says: drawn when it is sent, so that it tells of nothing that has gone meanwhile.

use crate::{
    app::{App, Frame},
    error::{Error, Result},
    mail::{Letter, Part},
    model::{
        backup::Tried,
        comment::CommentState,
        ids::CommentId,
        link::{Link, LinkAct},
        mail::{DueMail, MailKind, MailedComment, MailedPost},
        time::{DAY_MILLIS, Time},
        user::KeyAct,
    },
    rules::{judge::reason::Reason, token},
    text::words::{Words, words},
};

/// What is done to a comment, in the order of the links.
const MODERATION: [LinkAct; 3] = [LinkAct::Approve, LinkAct::Spam, LinkAct::Delete];

/// The mail and its links; `None` when it need not be sent any more.
pub async fn draw(app: &App, due: &DueMail) -> Result<Option<(Letter, Vec<Link>)>> {
    let frame = app.frame().await?.ok_or(Error::NotSetUp)?;
    let now = app.clock.now();
    let mut draft = Draft::new(app, &frame, due, now);
    let comment = match due.comment_id {
        Some(id) => app.store.mailed_comment(id).await?,
        None => None,
    };
    let post = match due.post_id {
        Some(id) => app.store.mailed_post(id, now).await?,
        None => None,
    };
    let is_drawn = match (due.kind, &post, &comment) {
        (MailKind::Reply, Some(post), Some(comment)) => draft.reply(post, comment)?,
        (MailKind::Confirm, Some(post), _) => draft.confirm(post, comment.as_ref())?,
        (MailKind::Own, Some(post), Some(comment)) => draft.own(post, comment)?,
        (MailKind::Published, Some(post), Some(comment)) => draft.published(post, comment)?,
        (MailKind::Refused, Some(post), _) => draft.refused(post)?,
        (MailKind::Notice, Some(post), Some(comment)) => draft.notice(post, comment)?,
        (MailKind::Digest, ..) => {
            let waiting = app.store.waiting_since(due.created_at).await?;
            let mut told = Vec::new();
            for comment in waiting {
                let post = match app.store.post_of(comment.id).await? {
                    Some(post) => app.store.mailed_post(post, now).await?,
                    None => None,
                };
                told.extend(post.map(|post| (post, comment)));
            }
            draft.digest(&told)?
        }
        (MailKind::Storm, ..) => draft.storm(app.store.held_comments().await?),
        (MailKind::Data, ..) => draft.data()?,
        (MailKind::Join, ..) => draft.door(app, KeyAct::Join).await?,
        (MailKind::Reset, ..) => draft.door(app, KeyAct::Reset).await?,
        (MailKind::Backup, ..) => draft.backup(app.store.backup_standing().await?.tried.as_ref()),
        // What it told of is gone.
        _ => false,
    };
    Ok(is_drawn.then_some((draft.letter, draft.links)))
}

struct Draft<'a> {
    due: &'a DueMail,
    words: &'static Words,
    base: &'a str,
    blog: &'a str,
    now: Time,
    letter: Letter,
    links: Vec<Link>,
}

impl<'a> Draft<'a> {
    fn new(app: &'a App, frame: &'a Frame, due: &'a DueMail, now: Time) -> Self {
        let letter = Letter {
            from_name: frame.settings.title.clone(),
            to: due.recipient.clone(),
            subject: String::new(),
            language: frame.settings.language.tag(),
            parts: Vec::new(),
            id: format!("mail-{}-{}", due.id, due.created_at.0),
            thread: None,
            unsubscribe: None,
        };
        let words = words(frame.settings.language);
        Self { due, words, base: &app.base, blog: &frame.settings.title, now, letter, links: Vec::new() }
    }

    fn say(&mut self, text: String) {
        self.letter.parts.push(Part::Say(text));
    }

    /// A link that does something to a comment, or for whoever gets the mail.
    fn url(&mut self, act: LinkAct, comment: Option<CommentId>) -> Result<String> {
        let secret = token::new().map_err(|error| Error::Internal(error.to_string()))?;
        self.links.push(Link {
            token_hash: token::hash(&secret),
            act,
            email: self.due.recipient.clone(),
            user_id: self.due.user_id,
            post_id: self.due.post_id,
            comment_id: comment,
            expires_at: self.now.plus(act.days() * DAY_MILLIS),
        });
        let place = if act == LinkAct::Own { "yours" } else { "act" };
        Ok(format!("{}/comments/{place}/{secret}", self.base))
    }

    fn link(&mut self, act: LinkAct, comment: Option<CommentId>) -> Result<()> {
        let (words, url) = (self.words.t(&format!("mail-link-{}", act.as_str())), self.url(act, comment)?);
        self.letter.parts.push(Part::Link { words, url });
        Ok(())
    }

    /// The end of a mail that somebody asked for.
    fn way_out(&mut self) -> Result<()> {
        let url = self.url(LinkAct::Unsubscribe, None)?;
        self.say(self.words.tx("mail-why", self.blog));
        let words = self.words.t("mail-link-unsubscribe");
        self.letter.unsubscribe = Some(url.clone());
        self.letter.parts.push(Part::Link { words, url });
        Ok(())
    }

    /// The end of a mail that nobody but whoever typed the address asked for.
    fn never(&mut self) -> Result<()> {
        let url = self.url(LinkAct::Never, None)?;
        self.letter.unsubscribe = Some(url.clone());
        self.letter.parts.push(Part::Link { words: self.words.t("mail-link-never"), url });
        Ok(())
    }

    fn about(&mut self, subject: &str, post: &MailedPost) {
        self.letter.subject = self.words.tx(subject, &post.title);
        self.letter.thread = Some(format!("post-{}", post.uuid));
    }

    fn permalink(&mut self, post: &MailedPost, comment: &MailedComment) {
        if post.path.is_some() {
            // Finds it, on whatever part of a long thread it stands by then.
            let url = format!("{}/comments/{}", self.base, comment.id);
            self.letter.parts.push(Part::Link { words: self.words.t("mail-link-read"), url });
        }
    }

    fn reply(&mut self, post: &MailedPost, comment: &MailedComment) -> Result<bool> {
        if comment.state != CommentState::Approved || post.path.is_none() {
            return Ok(false);
        }
        self.about("mail-subject-reply", post);
        self.wrote(post, comment);
        self.permalink(post, comment);
        self.way_out()?;
        Ok(true)
    }

    fn wrote(&mut self, post: &MailedPost, comment: &MailedComment) {
        let values = [("name", comment.name.clone().into()), ("title", post.title.clone().into())];
        self.say(self.words.with("mail-wrote", &values));
        self.letter.parts.push(Part::Quote(comment.source.clone()));
    }

    /// Nothing that was typed stands in it: whoever gets it may have typed nothing.
    fn confirm(&mut self, post: &MailedPost, comment: Option<&MailedComment>) -> Result<bool> {
        self.letter.subject = self.words.tx("mail-subject-confirm", self.blog);
        let values = [("blog", self.blog.to_owned().into()), ("title", post.title.clone().into())];
        self.say(self.words.with("mail-confirm-text", &values));
        self.link(LinkAct::Confirm, None)?;
        self.say(self.words.t("mail-confirm-else"));
        if let Some(comment) = comment.filter(|comment| is_kept(comment)) {
            self.say(self.words.t("mail-own-link"));
            self.link(LinkAct::Own, Some(comment.id))?;
        }
        self.never()?;
        Ok(true)
    }

    /// Likewise.
    fn own(&mut self, post: &MailedPost, comment: &MailedComment) -> Result<bool> {
        if !is_kept(comment) {
            return Ok(false);
        }
        self.about("mail-subject-own", post);
        let values = [("blog", self.blog.to_owned().into()), ("title", post.title.clone().into())];
        self.say(self.words.with("mail-own-text", &values));
        self.say(self.words.t("mail-own-link"));
        self.link(LinkAct::Own, Some(comment.id))?;
        self.never()?;
        Ok(true)
    }

    fn published(&mut self, post: &MailedPost, comment: &MailedComment) -> Result<bool> {
        if comment.state != CommentState::Approved {
            return Ok(false);
        }
        self.about("mail-subject-published", post);
        self.say(self.words.tx("mail-published-text", &post.title));
        self.permalink(post, comment);
        self.way_out()?;
        Ok(true)
    }

    fn refused(&mut self, post: &MailedPost) -> Result<bool> {
        self.about("mail-subject-refused", post);
        self.say(self.words.tx("mail-refused-text", &post.title));
        self.way_out()?;
        Ok(true)
    }

    fn notice(&mut self, post: &MailedPost, comment: &MailedComment) -> Result<bool> {
        // Another editor may have dealt with it.
        let subject = match comment.state {
            CommentState::Held => "mail-subject-waits",
            CommentState::Approved => "mail-subject-notice",
            CommentState::Spam | CommentState::Deleted => return Ok(false),
        };
        self.about(subject, post);
        self.moderated(post, comment)?;
        self.desk();
        Ok(true)
    }

    fn digest(&mut self, waiting: &[(MailedPost, MailedComment)]) -> Result<bool> {
        if waiting.is_empty() {
            return Ok(false);
        }
        self.letter.subject = self.words.tn("mail-subject-digest", waiting.len() as i64);
        for (post, comment) in waiting {
            self.moderated(post, comment)?;
        }
        self.desk();
        Ok(true)
    }

    /// A comment as editors are told of it, with what they can do about it.
    fn moderated(&mut self, post: &MailedPost, comment: &MailedComment) -> Result<()> {
        self.wrote(post, comment);
        let from = [comment.email.as_deref(), comment.website.as_deref(), Some(comment.network.as_str())];
        let from: Vec<&str> = from.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        self.letter.parts.push(Part::Quote(from.join(" · ")));
        for reason in Reason::all(&comment.reason) {
            let words = self.words.about(&format!("reason-{}", reason.what.as_str()), &reason.detail);
            self.say(format!("{} {words}", reason.points_shown()).trim_start().to_owned());
        }
        for act in MODERATION {
            if !(act == LinkAct::Approve && comment.state == CommentState::Approved) {
                self.link(act, Some(comment.id))?;
            }
        }
        Ok(())
    }

    fn desk(&mut self) {
        let url = format!("{}/admin/comments", self.base);
        self.letter.parts.push(Part::Link { words: self.words.t("mail-link-desk"), url });
        let url = format!("{}/admin/you", self.base);
        self.letter.parts.push(Part::Link { words: self.words.t("mail-link-you"), url });
    }

    /// A one-time link through the door, made now: the mail may have waited.
    async fn door(&mut self, app: &App, act: KeyAct) -> Result<bool> {
        let email = &self.due.recipient;
        let is_wanted = match act {
            KeyAct::Join => app.store.is_invited(email, self.now).await?,
            KeyAct::Reset => app.store.credentials(email).await?.is_some(),
        };
        if !is_wanted {
            return Ok(false);
        }
        let secret = token::new().map_err(|error| Error::Internal(error.to_string()))?;
        app.store.add_door_key(&token::hash(&secret), act, email, self.now).await?;
        let (which, subject, text, words) = match act {
            KeyAct::Join => ("join", "mail-subject-join", "mail-join-text", "mail-link-join"),
            KeyAct::Reset => ("reset", "mail-subject-reset", "mail-reset-text", "mail-link-reset"),
        };
        self.letter.subject = self.words.tx(subject, self.blog);
        self.say(self.words.tx(text, self.blog));
        let url = format!("{}/admin/{which}/{secret}", self.base);
        self.letter.parts.push(Part::Link { words: self.words.t(words), url });
        if act == KeyAct::Reset {
            self.say(self.words.t("mail-reset-else"));
        }
        Ok(true)
    }

    fn data(&mut self) -> Result<bool> {
        self.letter.subject = self.words.tx("mail-subject-data", self.blog);
        self.say(self.words.tx("mail-data-text", self.blog));
        self.link(LinkAct::Data, None)?;
        self.never()?;
        Ok(true)
    }

    /// Another may have been made meanwhile.
    fn backup(&mut self, tried: Option<&Tried>) -> bool {
        let Some(failed) = tried.filter(|tried| !tried.is_good()) else { return false };
        self.letter.subject = self.words.tx("mail-subject-backup", self.blog);
        self.say(self.words.t("mail-backup-text"));
        self.say(self.words.t(&format!("backup-failure-{}", failed.failure)));
        self.letter.parts.push(Part::Quote(failed.detail.clone()));
        let url = format!("{}/admin/settings/backup", self.base);
        self.letter.parts.push(Part::Link { words: self.words.t("backups"), url });
        true
    }

    fn storm(&mut self, held: i64) -> bool {
        self.letter.subject = self.words.tx("mail-subject-storm", self.blog);
        self.say(self.words.t("mail-storm-text"));
        self.say(self.words.tn("held-count", held));
        self.desk();
        held > 0
    }
}

/// Whether its author can still do something with it.
fn is_kept(comment: &MailedComment) -> bool {
    matches!(comment.state, CommentState::Approved | CommentState::Held)
}
