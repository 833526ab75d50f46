//! What comes in from another system: what a reader of its format tells, before the store gives it ids.

use std::path::PathBuf;

pub use super::queue::Shelf;
use super::{entry::Picture, remark::Remark, time::Time};

/// One thing that a reader found. An entry's people and terms may come before or after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The blog as a whole.
    About(About),
    /// Somebody who writes there.
    Person(Person),
    /// A tag or a category.
    Term(Term),
    /// A post or a page.
    Entry(Box<Entry>),
    /// A comment.
    Comment(Box<Comment>),
    /// A picture, or the address of one.
    File(File),
    /// What was uploaded there, whether or not a text shows it. It comes after the entries.
    Attached(Attached),
    /// An address that leads to another one of the old blog, or here.
    Moved {
        /// As in [`Entry::old_paths`].
        from: String,
        /// A path without the leading slash, or a whole address; with the slash, of this blog.
        to: String,
    },
    /// What is in the trash there.
    Trashed {
        /// As in [`Entry::origin`].
        origin: String,
        /// As in [`Entry::title`].
        title: String,
        /// What is said of it where readers do not see it here.
        otherwise: Option<Fault>,
    },
    /// What could not be read.
    Fault(Fault),
}

/// The blog as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub title: String,
    /// What it says below the name.
    pub description: String,
    /// BCP 47.
    pub language: Option<String>,
    /// `https://old.example/blog`: the paths of the old addresses count from its host.
    pub address: Option<String>,
    /// Other hosts by which it was known.
    pub hosts: Vec<String>,
    /// The name of its time zone.
    pub zone: Option<String>,
}

/// Somebody who writes there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// What its entries call this person.
    pub key: String,
    /// As readers see it.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// About the person, plain text.
    pub bio: String,
    /// Home page.
    pub website: Option<String>,
    /// Of the person; as in [`File::references`].
    pub picture: Option<String>,
    /// Addresses of the list of what this person wrote, as in [`Entry::old_paths`].
    pub old_paths: Vec<String>,
}

/// A tag or a category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// What its source calls it.
    pub key: String,
    /// As readers see it, and as [`Entry::tags`] name it.
    pub name: String,
    /// Addresses of the list of its posts, as in [`Entry::old_paths`].
    pub old_paths: Vec<String>,
}

/// A post or a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// What names this entry in its source, the same in every run: `wordpress:https://old.example:123`.
    pub origin: String,
    /// When it was last changed there.
    pub changed: Option<Time>,
    /// Whether it becomes a page (`/slug`) instead of a post (`/YYYY/MM/slug`).
    pub is_page: bool,
    /// Title, plain text.
    pub title: String,
    /// Last part of the new address, if it had one.
    pub slug: Option<String>,
    /// The text. Its pictures are named as in `pictures[..].references` and `files[..].references`.
    pub body: Body,
    /// The excerpt that the source gives, plain text.
    pub excerpt: Option<String>,
    /// What search engines were told, plain text.
    pub description: String,
    /// The address of the same text elsewhere, where that is the one to be known; as written.
    pub canonical: String,
    /// The text as its source has it, where [`Self::body`] is that with more put into it.
    pub original: Option<String>,
    /// Tags and categories, as written.
    pub tags: Vec<String>,
    /// Keys of the authors, or their names where the source has no list of people; in order.
    pub people: Vec<String>,
    /// When it was, or is to be, published.
    pub published_at: Option<Time>,
    /// Whether readers saw it.
    pub state: State,
    /// Whether it still takes comments.
    pub comments_open: bool,
    /// The picture above it.
    pub cover: Option<Cover>,
    /// Addresses that it had, without the leading slash; with the query where that is the address: `?p=12`.
    pub old_paths: Vec<String>,
    /// Pictures that the export itself brings.
    pub pictures: Vec<Picture>,
    /// Files that the export brings, not looked at yet.
    pub files: Vec<File>,
    /// Whether it stood before the others.
    pub is_featured: bool,
    /// BCP 47, where it is not the blog's.
    pub language: Option<String>,
    /// What did not come along.
    pub warnings: Vec<Remark>,
}

/// A text, as its source has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Markdown.
    Markdown(String),
    /// HTML.
    Html {
        /// It.
        html: String,
        /// What its system puts into it beside HTML.
        dialect: Dialect,
    },
}

impl Default for Body {
    fn default() -> Self {
        Self::Markdown(String::new())
    }
}

impl Body {
    /// HTML that is nothing but that.
    pub fn html(html: String) -> Self {
        Self::Html { html, dialect: Dialect::Plain }
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Markdown(text) | Self::Html { html: text, .. } => text,
        }
    }
}

impl From<Body> for String {
    fn from(body: Body) -> Self {
        match body {
            Body::Markdown(text) | Body::Html { html: text, .. } => text,
        }
    }
}

/// What a system puts into its HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing.
    Plain,
    /// Paragraphs that are blank lines, shortcodes, blocks in comments.
    WordPress,
    /// Separators, tables of captions, sizes in the addresses of pictures.
    Blogger,
    /// Cards.
    Ghost,
}

/// Whether readers saw an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// No; nor what was private, or waited to be reviewed.
    #[default]
    Draft,
    /// Yes, from its date on.
    Published,
    /// Not yet: it waited for its date.
    Scheduled,
    /// Yes, but only up to a moment.
    PublishedUntil(Time),
}

/// The picture above an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// As in [`File::references`].
    pub address: String,
    /// What it shows.
    pub alt: String,
    /// The line below it.
    pub caption: String,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What names it in its source, the same in every run.
    pub origin: String,
    /// What it is about.
    pub on: On,
    /// The origin of the comment that it answers.
    pub parent: Option<String>,
    /// Its author's name; empty where there is none.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Home page.
    pub website: Option<String>,
    /// The address of the network that it came from, as the source has it.
    pub network: Option<String>,
    /// What it says.
    pub text: Body,
    /// When it was written.
    pub at: Time,
    /// Where it lies.
    pub state: Shelf,
    /// Whether somebody of the blog wrote it.
    pub is_owner: bool,
    /// Whether it stood above the others.
    pub is_pinned: bool,
}

/// What a comment is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// The entry of this origin.
    Entry(String),
    /// Whatever has, or had, this address: without the leading slash, as in [`Entry::old_paths`].
    Path(String),
}

/// A file and the addresses that texts use for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Each spelling once.
    pub references: Vec<String>,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub source: Source,
}

/// A picture or a file of the old blog's own library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// Where it is there.
    pub address: String,
    /// What it shows, plain text.
    pub alt: String,
    /// The line below it, plain text.
    pub caption: String,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Here.
    Bytes(Vec<u8>),
    /// On the disk.
    Path(PathBuf),
    /// In a zip archive, under this name.
    Zipped {
        /// The archive.
        archive: PathBuf,
        /// As the archive has it.
        name: String,
    },
    /// At the old blog alone: the first of the references is where.
    Elsewhere,
}

/// What could not be read, or not as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// File, line or byte, or the id of an item.
    pub place: String,
    /// What is wrong there.
    pub what: Remark,
    /// Whether the whole thing there stays behind.
    pub is_skipped: bool,
}

/// Whoever takes the items wants no more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// Why a reader went no further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It was told to.
    #[error("stopped")]
    Stopped,
    /// The source is not what it should be, from a place on.
    #[error("{place}: {what}")]
    Bad {
        /// As in [`Fault::place`].
        place: String,
        /// Why, and what to do.
        what: Remark,
    },
}

impl From<Stop> for Refused {
    fn from(Stop: Stop) -> Self {
        Self::Stopped
    }
}

/// Takes what a reader tells.
pub type Tell<'a> = dyn FnMut(Item) -> Result<(), Stop> + 'a;
