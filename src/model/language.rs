//! Languages a blog can be written in, by BCP 47 tag, each with its own name for itself.

/// Tag and autonym; which of them have words of ours in `locales/` is the business of [`crate::text::words`].
pub const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("bn", "বাংলা"),
    ("ca", "català"),
    ("cs", "čeština"),
    ("da", "dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "español"),
    ("et", "eesti"),
    ("eu", "euskara"),
    ("fa", "فارسی"),
    ("fi", "suomi"),
    ("fr", "français"),
    ("ga", "Gaeilge"),
    ("gl", "galego"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "hrvatski"),
    ("hu", "magyar"),
    ("id", "Bahasa Indonesia"),
    ("is", "íslenska"),
    ("it", "italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "lietuvių"),
    ("lv", "latviešu"),
    ("ms", "Bahasa Melayu"),
    ("nb", "norsk bokmål"),
    ("nl", "Nederlands"),
    ("pl", "polski"),
    ("pt", "português"),
    ("pt-BR", "português (Brasil)"),
    ("ro", "română"),
    ("ru", "русский"),
    ("sk", "slovenčina"),
    ("sl", "slovenščina"),
    ("sr", "српски"),
    ("sv", "svenska"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
];

/// A tag from [`LANGUAGES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language(&'static str);

impl Language {
    /// English: what everything falls back to.
    pub const ENGLISH: Self = Self("en");

    /// The language with this tag, if it is one that the blog knows.
    pub fn from_tag(tag: &str) -> Option<Self> {
        LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(|(known, _)| Self(known))
    }

    /// The BCP 47 tag, for `lang` attributes.
    pub fn tag(self) -> &'static str {
        self.0
    }

    /// `rtl` or `ltr`, for `dir` attributes.
    pub fn dir(self) -> &'static str {
        if matches!(self.0, "ar" | "fa" | "he" | "ur") { "rtl" } else { "ltr" }
    }

    /// The first language of an `Accept-Language` header that is among `offered`, else English.
    pub fn preferred(header: &str, offered: &[&str]) -> Self {
        header
            .split(',')
            .filter_map(|range| range.split([';', '-']).next())
            .find(|primary| offered.iter().any(|tag| tag.eq_ignore_ascii_case(primary.trim())))
            .and_then(|primary| Self::from_tag(primary.trim()))
            .unwrap_or(Self::ENGLISH)
    }
}
