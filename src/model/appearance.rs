//! How the owner wants the blog to look.

/// As it is kept; what is empty is as the program has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Appearance {
    /// `#rrggbb`, as the owner chose it: shown corrected, where it could not be read.
    pub accent: String,
    /// Of what is read.
    pub typeface: Typeface,
    /// Light, dark, or as the reader's device has it.
    pub scheme: Scheme,
    /// Address of a picture of this blog's, over every page.
    pub banner: String,
    /// What it shows, for those who do not see it.
    pub banner_alt: String,
    /// Markdown, at the foot of every page.
    pub footer: String,
    /// What was made of it: safe.
    pub footer_html: String,
    /// The renderer that made it.
    pub renderer: i64,
    /// Links of the navigation, one a line: `label | address`.
    pub links: String,
    /// The owner's own rules, checked.
    pub css: String,
}

impl Appearance {
    /// Whether it shows or links to the file of this hash.
    pub fn needs(&self, hash: &str) -> bool {
        [&self.banner, &self.footer, &self.links, &self.css].into_iter().any(|text| text.contains(hash))
    }
}

/// What letters look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Typeface {
    /// With feet.
    #[default]
    Serif,
    /// Without.
    Sans,
}

impl Typeface {
    /// In the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Serif, Self::Sans];

    /// As in the form and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Serif => "serif",
            Self::Sans => "sans",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|typeface| typeface.as_str() == name)
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Scheme {
    /// As the reader's device has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Scheme {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// As in the form and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// As style sheets and `<meta name="color-scheme">` write it.
    pub fn css(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.as_str() == name)
    }
}

/// A link of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// What it says.
    pub label: String,
    /// A path of this blog, or an http(s) address.
    pub address: String,
}

impl NavLink {
    /// Whether it leads to another host.
    pub fn is_elsewhere(&self) -> bool {
        !self.address.starts_with('/')
    }
}
