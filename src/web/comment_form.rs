//! The form that a comment is written in: as typed, and checked.

use url::Url;

use super::{
    form::{Faults, Fields},
    layout::Layout,
};
use crate::{
    model::{
        ids::{CommentId, PostId},
        time::Time,
        user,
        wish::Wish,
    },
    rules::judge::work,
    text::markdown,
};

/// Longest name, in characters.
pub const MAX_NAME: usize = 80;
/// Longest comment, in characters.
pub const MAX_TEXT: usize = 5_000;
const MAX_WEBSITE: usize = 300;

/// The form under a post, with whatever was typed into it.
#[derive(Clone, Debug)]
pub struct CommentForm {
    /// Where it goes.
    pub post_id: PostId,
    /// What it replies to: id and name.
    pub parent: Option<(CommentId, String)>,
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
    /// As typed.
    pub website: String,
    /// As typed.
    pub text: String,
    /// When it was first drawn for this person alone.
    pub drawn: Option<Time>,
    /// What its author asks to be mailed.
    pub wishes: Vec<Wish>,
    /// What is wrong with it.
    pub faults: Faults,
}

impl CommentForm {
    /// For a new comment on a post.
    pub fn empty(post_id: PostId) -> Self {
        Self {
            post_id,
            parent: None,
            name: String::new(),
            email: String::new(),
            website: String::new(),
            text: String::new(),
            drawn: None,
            wishes: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// What was sent.
    pub fn typed(post_id: PostId, parent: Option<(CommentId, String)>, fields: &Fields) -> Self {
        Self {
            post_id,
            parent,
            name: fields.line("name"),
            email: fields.line("email"),
            website: fields.line("website"),
            text: fields.text("text"),
            drawn: None,
            wishes: Wish::ALL.into_iter().filter(|wish| fields.has(&format!("mail-{}", wish.as_str()))).collect(),
            faults: Faults::default(),
        }
    }

    /// What can be asked.
    pub fn all_wishes(&self) -> [Wish; 3] {
        Wish::ALL
    }

    /// Whether its author asks for this.
    pub fn asks(&self, wish: &Wish) -> bool {
        self.wishes.contains(wish)
    }

    /// Longest name.
    pub fn max_name(&self) -> usize {
        MAX_NAME
    }

    /// Longest text.
    pub fn max_text(&self) -> &'static i64 {
        &(MAX_TEXT as i64)
    }

    /// How much work is asked of browsers.
    pub fn work_bits(&self) -> u32 {
        work::BITS
    }

    /// Checks every field; what is wrong lands in `faults`. Gives the address of the website, made whole.
    pub fn check(&mut self, l: &Layout, is_own: bool) -> Option<String> {
        let mut fault = |field, text| self.faults.add(field, text);
        if !is_own && (self.name.is_empty() || self.name.chars().count() > MAX_NAME) {
            fault("name", l.t("error-name"));
        }
        if !self.email.is_empty() && !user::is_email(&self.email) {
            fault("email", l.t("error-email"));
        }
        if self.email.is_empty() && l.mail_works && !self.wishes.is_empty() {
            fault("email", l.t("error-email-for-mail"));
        }
        let website = match self.website.as_str() {
            "" => None,
            typed => {
                let whole = website(typed);
                if whole.is_none() {
                    fault("website", l.t("error-website"));
                }
                whole
            }
        };
        if let Some(text) = text_fault(l, &self.text) {
            fault("text", text);
        }
        website
    }
}

/// What is wrong with a comment's text, whoever writes or changes it.
pub fn text_fault(l: &Layout, text: &str) -> Option<String> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        return Some(l.t("error-comment-empty"));
    }
    (length > MAX_TEXT).then(|| l.words.tn("error-comment-long", (length - MAX_TEXT) as i64))
}

/// An http(s) address of a public-looking host, with the scheme put before it where it is missing.
pub fn website(typed: &str) -> Option<String> {
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let url = Url::parse(&whole).ok().filter(|_| whole.len() <= MAX_WEBSITE)?;
    let is_good = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| host.contains('.'))
        && url.username().is_empty()
        && url.password().is_none();
    is_good.then(|| url.to_string())
}

/// The word that says why a text could not be rendered.
pub fn render_fault(error: &markdown::RenderError) -> &'static str {
    match error {
        markdown::RenderError::TooDeep => "error-too-deep",
        markdown::RenderError::TooLong => "error-too-long",
    }
}

#[cfg(test)]
mod tests {
    use super::website;

    #[test]
    fn a_website_is_http_on_a_host_with_a_dot() {
        assert_eq!(website("example.com").as_deref(), Some("https://example.com/"));
        assert_eq!(website("http://example.com/a?b=c").as_deref(), Some("http://example.com/a?b=c"));
        // Look-alike hosts are kept in the form that shows what they are.
        assert_eq!(website("https://exаmple.com").as_deref(), Some("https://xn--exmple-4nf.com/"));
        for bad in [
            "javascript:alert(1)",
            "javascript://a.b/%0aalert(1)",
            "localhost",
            "ftp://a.b",
            "https://u:p@a.b",
            "https://",
            "data:text/html,x",
            "a b.c",
        ] {
            assert_eq!(website(bad), None, "{bad:?}");
        }
        let quoted = website("https://a.b/' onmouseover='alert(1)\"<>").unwrap_or_default();
        assert!(!quoted.contains(['"', '<', '>', ' ']), "{quoted}");
    }
}
