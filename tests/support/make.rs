//! Posts and comments to test with: posts go the way of the editor's form, comments straight into the store.

use laman::{
    model::{
        comment::{CommentState, NewComment},
        ids::{CommentId, PostId, UserId},
        post::{Intent, Meta, PostComments, PostContent, PostKind},
        revision::{Hand, RevisionKind, Saving, Typed},
        time::Time,
    },
    rules::{digest, token},
    text::{markdown, slug},
};

use super::TestBlog;

/// A post that is there.
pub struct MadePost {
    pub id: PostId,
    /// With its leading slash; empty for a draft.
    pub path: String,
}

/// A post on its way.
pub struct PostMaker<'a> {
    blog: &'a TestBlog,
    action: &'static str,
    kind: &'static str,
    title: &'a str,
    body: String,
    tags: Vec<&'a str>,
    slug: &'a str,
    excerpt: &'a str,
    at: &'a str,
    comments: &'static str,
}

impl TestBlog {
    /// A post that readers see, unless its time is in the future.
    pub fn published_post<'a>(&'a self, title: &'a str) -> PostMaker<'a> {
        PostMaker {
            blog: self,
            action: "publish",
            kind: "post",
            title,
            body: format!("The text of {title}."),
            tags: Vec::new(),
            slug: "",
            excerpt: "",
            at: "",
            comments: "open",
        }
    }

    pub fn draft<'a>(&'a self, title: &'a str) -> PostMaker<'a> {
        PostMaker { action: "save", ..self.published_post(title) }
    }

    /// A page of the navigation.
    pub fn page<'a>(&'a self, title: &'a str) -> PostMaker<'a> {
        PostMaker { kind: "page", comments: "closed", ..self.published_post(title) }
    }

    /// Posts called `Post 1`, `Post 2` …, a second apart from `at` on, without the way through the editor's form.
    pub async fn many_posts(&self, count: i64, at: Time, words: &str) {
        let zone = self.app.store.settings().await.unwrap().unwrap().zone;
        for number in 1..=count {
            let content = content(&format!("Post {number}"), words, &[], Some(at.plus(number * 1000)));
            let typed = Typed { title: content.title.clone(), text: content.source.clone(), ..Typed::default() };
            let saving = Saving {
                by: self.owner,
                hand: &Hand::default(),
                version: 0,
                typed: &typed,
                intent: Intent::Publish,
                kind: RevisionKind::Publish,
                zone: &zone,
                now: self.now(),
            };
            self.app.store.create_post(PostKind::Post, &content, &saving).await.unwrap();
        }
    }

    /// An approved comment by a stranger.
    pub fn comment<'a>(&'a self, post: &MadePost, text: &'a str) -> CommentMaker<'a> {
        CommentMaker {
            blog: self,
            post: post.id,
            text,
            name: "Siti",
            email: None,
            website: None,
            parent: None,
            state: CommentState::Approved,
            user: None,
            network: "203.0.113.0/24",
        }
    }
}

/// What the editor's form makes of a title, a line of words and tags.
pub fn content(title: &str, words: &str, tags: &[&str], published_at: Option<Time>) -> PostContent {
    PostContent {
        uuid: uuid::Uuid::new_v4().to_string(),
        title: title.to_owned(),
        slug: None,
        title_slug: slug::slug(title),
        source: words.to_owned(),
        html: format!("<p>{words}</p>"),
        lead: None,
        media: Vec::new(),
        renderer: markdown::RENDERER,
        excerpt: String::new(),
        summary: words.to_owned(),
        text: words.to_owned(),
        words: 2,
        tags: tags.iter().map(|tag| ((*tag).to_owned(), slug::tag(tag))).collect(),
        comments: PostComments::Open,
        published_at,
        authors: Vec::new(),
        meta: Meta::default(),
    }
}

impl<'a> PostMaker<'a> {
    pub fn body(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub fn tag(mut self, tag: &'a str) -> Self {
        self.tags.push(tag);
        self
    }

    pub fn slug(self, slug: &'a str) -> Self {
        Self { slug, ..self }
    }

    pub fn excerpt(self, excerpt: &'a str) -> Self {
        Self { excerpt, ..self }
    }

    /// `2023-02-11T08:30` in the blog's zone.
    pub fn at(self, at: &'a str) -> Self {
        Self { at, ..self }
    }

    pub fn closed(self) -> Self {
        Self { comments: "closed", ..self }
    }

    pub async fn create(self) -> MadePost {
        let blog = self.blog;
        let editor = blog.reader();
        let session = token::new().unwrap();
        blog.app.store.open_session(&token::hash(&session), blog.owner, "the maker's", "", blog.now()).await.unwrap();
        editor.set_cookie(if blog.app.is_https() { "__Host-laman" } else { "laman" }, &session);
        let answer = editor
            .post(
                "/admin/posts",
                &[
                    ("kind", self.kind),
                    ("version", "0"),
                    ("title", self.title),
                    ("text", &self.body),
                    ("tags", &self.tags.join(", ")),
                    ("slug", self.slug),
                    ("excerpt", self.excerpt),
                    ("publish-at", self.at),
                    ("comments", self.comments),
                    ("action", self.action),
                ],
            )
            .await;
        // What a careful editor would mend is published all the same.
        let answer = match answer.status() {
            422 => answer.form("form.editor").press("Publish all the same", &editor).await,
            _ => answer,
        };
        assert_eq!(answer.status(), 303, "{}", answer.body());
        let id = answer.location().strip_prefix("/admin/posts/").and_then(|rest| rest.split('?').next());
        let id: PostId = id.unwrap().parse().unwrap();
        let stored = blog.app.store.stored_post(id).await.unwrap().unwrap();
        MadePost { id, path: stored.path.map_or_else(String::new, |path| format!("/{path}")) }
    }
}

/// A comment on its way.
pub struct CommentMaker<'a> {
    blog: &'a TestBlog,
    post: PostId,
    text: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    website: Option<&'a str>,
    parent: Option<CommentId>,
    state: CommentState,
    user: Option<UserId>,
    network: &'a str,
}

impl<'a> CommentMaker<'a> {
    pub fn by(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    pub fn email(self, email: &'a str) -> Self {
        Self { email: Some(email), ..self }
    }

    pub fn website(self, website: &'a str) -> Self {
        Self { website: Some(website), ..self }
    }

    /// The network that it came from.
    pub fn from(self, network: &'a str) -> Self {
        Self { network, ..self }
    }

    pub fn answering(self, parent: CommentId) -> Self {
        Self { parent: Some(parent), ..self }
    }

    pub fn held(self) -> Self {
        Self { state: CommentState::Held, ..self }
    }

    pub fn spam(self) -> Self {
        Self { state: CommentState::Spam, ..self }
    }

    pub async fn create(self) -> CommentId {
        let comment = NewComment {
            uuid: token::uuid(self.blog.now()).unwrap().to_string(),
            post_id: self.post,
            parent_id: self.parent,
            state: self.state,
            user_id: self.user,
            name: self.name.to_owned(),
            email: self.email.map(str::to_owned),
            website: self.website.map(str::to_owned),
            source: self.text.to_owned(),
            digest: digest::comment(self.name, self.parent, self.text),
            html: markdown::comment(self.text).unwrap(),
            network: self.blog.app.store.networks().mark(self.network),
            reason: String::new(),
            secret_hash: None,
            wishes: Vec::new(),
        };
        self.blog
            .app
            .store
            .add_comment(&comment, self.blog.now())
            .await
            .unwrap()
            .expect("no such comment stands there yet")
            .id
    }
}
