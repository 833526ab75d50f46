//! What a clean post still needs to be part of a page: ids that are its own, headings at their level, sizes of pictures, coloured code.

use std::collections::{HashMap, HashSet};

use super::{
    highlight,
    markdown::MAX_POST,
    sanitise,
    slug::{numbered, slug},
    tags::{self, Piece},
};
use crate::model::media::{self, Shown};

/// Code that one post may have coloured, in bytes; what comes after stays plain.
const MAX_HIGHLIGHTED: usize = 3 * highlight::MAX_BYTES;

/// A picture that is wanted narrower than this stays so on every screen.
const NARROW_PIXELS: u32 = 320;

/// The name of the place where the lead ends.
pub(super) const MORE: &str = "more";

/// The output would be longer than a post may be.
#[derive(Debug)]
pub(super) struct TooLong;

/// What is known of pictures, by address.
pub(super) type Pictures = HashMap<String, Shown>;

/// Adds all of that to `html`, which [`sanitise::draft_html`] wrote. Every id begins with `anchor`, then `-`.
pub(super) fn decorate(html: &str, anchor: &str, pictures: &Pictures) -> Result<String, TooLong> {
    let pieces: Vec<Piece<'_>> = tags::pieces(html).collect();
    let names = Names::of(&pieces);
    let mut page = Page {
        html: String::with_capacity(html.len() * 2),
        anchor,
        pictures,
        names,
        used: HashSet::new(),
        open_headings: Vec::new(),
        links: 0,
        pictured: false,
        coloured: 0,
    };
    let mut rest = pieces.as_slice();
    while let Some((piece, after)) = rest.split_first() {
        rest = after;
        match *piece {
            Piece::Text(text) => page.html.push_str(text),
            Piece::Open("img", list) => page.picture(list),
            Piece::Open("pre", list) => rest = page.code(list, after),
            Piece::Open(name, list) => page.start(name, list),
            Piece::Close(name) => page.end(name),
        }
        if page.html.len() > MAX_POST {
            return Err(TooLong);
        }
    }
    Ok(page.html)
}

/// The part of `html` (decorated and clean) before its `more`, with everything closed that is open there; `None` without one.
pub(super) fn lead(html: &str, anchor: &str) -> Option<String> {
    let place = format!("{anchor}-{MORE}");
    let mut lead = String::new();
    let mut open: Vec<&str> = Vec::new();
    // Footnotes stand after the cut, so that a mark before it would lead nowhere.
    let mut in_mark = 0_usize;
    for piece in tags::pieces(html) {
        match piece {
            Piece::Open("span", list) if tags::attribute(list, "id") == Some(&place) => {
                for name in open.iter().rev() {
                    lead.extend(["</", name, ">"]);
                }
                let visible = lead.contains("<img") || !tags::text_of(&lead).is_empty();
                return visible.then_some(lead);
            }
            Piece::Open(name, list) => {
                in_mark += usize::from(in_mark > 0 || tags::has_class(list, "fn"));
                if in_mark == 0 {
                    tags::write(&mut lead, piece);
                }
                if tags::is_void(name) {
                    in_mark = in_mark.saturating_sub(1);
                } else if in_mark == 0 {
                    open.push(name);
                }
            }
            Piece::Close(name) if in_mark == 0 => {
                open.pop();
                lead.extend(["</", name, ">"]);
            }
            Piece::Close(_) => in_mark -= 1,
            Piece::Text(text) if in_mark == 0 => lead.push_str(text),
            Piece::Text(_) => {}
        }
    }
    None
}

/// Addresses of the pictures and videos in `html` that are this blog's own and lie under `/media/`, each once.
pub(super) fn media(html: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let sources = tags::pieces(html).filter_map(|piece| match piece {
        Piece::Open("img" | "video", list) => tags::attribute(list, "src").map(|src| tags::unescape(src).into_owned()),
        _ => None,
    });
    sources
        .filter(|src| src.starts_with("/media/") && sanitise::is_own_picture(src) && seen.insert(src.clone()))
        .collect()
}

/// Hashes of this blog's own files that `html` shows or links to, each once.
pub(super) fn files(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in tags::pieces(html) {
        let Piece::Open(_, list) = piece else { continue };
        for (name, value) in tags::attributes(list) {
            let hash = Some(value).filter(|_| matches!(name, "src" | "href")).and_then(media::hash_in);
            if let Some(hash) = hash.filter(|hash| found.iter().all(|known| known != hash)) {
                found.push(hash.to_owned());
            }
        }
    }
    found
}

/// The names that places of the post have, found before any link to them is written.
struct Names {
    /// Names of headings, in order.
    headings: std::vec::IntoIter<String>,
    /// How far headings move, so that the shallowest is an h2: the page's title is its h1.
    shift: i8,
    /// Every name, those that the writer gave and those of headings.
    taken: HashSet<String>,
    /// The same by their letters and digits only: `whats-new` and `what-s-new` are links to one heading.
    alike: HashMap<String, String>,
}

impl Names {
    fn of(pieces: &[Piece<'_>]) -> Self {
        let mut taken: HashSet<String> = HashSet::from([MORE.to_owned()]);
        taken.extend(
            pieces
                .iter()
                .filter_map(|piece| if let Piece::Open(name, list) = piece { given_id(name, list) } else { None })
                .map(str::to_owned),
        );
        let mut given = HashSet::new();
        let mut headings = Vec::new();
        let mut alike = HashMap::new();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut top = 6;
        for (at, piece) in pieces.iter().enumerate() {
            let Piece::Open(name, list) = *piece else { continue };
            let own = given_id(name, list).filter(|own| given.insert(*own));
            if let Some(own) = own {
                alike.entry(letters(own)).or_insert_with(|| own.to_owned());
            }
            let Some(level) = level_of(name) else { continue };
            top = top.min(level);
            let heading = own.map_or_else(
                || {
                    let base = slug(&content(&pieces[at + 1..], name));
                    let base = if base.is_empty() { "section".to_owned() } else { base };
                    numbered(base, &taken, &mut counts)
                },
                str::to_owned,
            );
            taken.insert(heading.clone());
            alike.entry(letters(&heading)).or_insert_with(|| heading.clone());
            headings.push(heading);
        }
        Self { headings: headings.into_iter(), shift: 2 - top, taken, alike }
    }

    /// The name of the place that a link to `#fragment` means.
    fn place<'a>(&'a self, fragment: &'a str) -> Option<&'a str> {
        if self.taken.contains(fragment) {
            Some(fragment)
        } else {
            self.alike.get(&letters(fragment)).map(String::as_str)
        }
    }
}

/// The id, or the name that old HTML gives to an anchor.
fn given_id<'a>(name: &str, list: &'a str) -> Option<&'a str> {
    tags::attribute(list, "id").or_else(|| tags::attribute(list, "name").filter(|_| name == "a"))
}

/// The text up to the end tag of `name`.
fn content(pieces: &[Piece<'_>], name: &str) -> String {
    let inside = pieces.iter().take_while(|piece| **piece != Piece::Close(name));
    inside.filter_map(|piece| if let Piece::Text(text) = piece { Some(tags::unescape(text)) } else { None }).collect()
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The level of a heading element.
fn level_of(name: &str) -> Option<i8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some((level - b'0') as i8),
        _ => None,
    }
}

/// The post as far as it is written.
struct Page<'a> {
    html: String,
    anchor: &'a str,
    pictures: &'a Pictures,
    names: Names,
    /// Ids that are written: one that comes again is left out.
    used: HashSet<String>,
    /// Names of the headings that are open.
    open_headings: Vec<String>,
    /// How many links are open; a link inside of one would end it.
    links: usize,
    /// Whether a picture came already: the first one is what a reader waits for, the others load when they come into view.
    pictured: bool,
    /// Bytes of code that were coloured.
    coloured: usize,
}

impl Page<'_> {
    fn start(&mut self, name: &str, list: &str) {
        if let Some(level) = level_of(name) {
            let heading = self.names.headings.next().unwrap_or_default();
            self.html.extend(["<", self.shifted(level), " id=\"", self.anchor, "-", &heading, "\""]);
            self.used.insert(heading.clone());
            self.open_headings.push(heading);
        } else {
            if name == "table" {
                // A wide table scrolls inside of this, with the keyboard too.
                self.html.push_str("<div class=\"table\" tabindex=\"0\">");
            }
            self.links += usize::from(name == "a");
            self.html.extend(["<", name]);
            if let Some(id) = given_id(name, list) {
                self.id(id);
            }
        }
        self.attributes(list, &[]);
        self.html.push('>');
    }

    fn end(&mut self, name: &str) {
        match level_of(name) {
            Some(level) => {
                let heading = self.open_headings.pop().unwrap_or_default();
                if self.links == 0 {
                    // Empty, and no stop for keyboards and screen readers: the style sheet draws it for the mouse.
                    let href = ["<a class=\"anchor\" href=\"#", self.anchor, "-", &heading];
                    self.html.extend(href);
                    self.html.push_str("\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
                }
                self.html.extend(["</", self.shifted(level), ">"]);
            }
            None => {
                self.html.extend(["</", name, ">"]);
                match name {
                    "table" => self.html.push_str("</div>"),
                    "a" => self.links = self.links.saturating_sub(1),
                    _ => {}
                }
            }
        }
    }

    /// The element of a heading that the source has at `level`.
    fn shifted(&self, level: i8) -> &'static str {
        match level + self.names.shift {
            ..=2 => "h2",
            3 => "h3",
            4 => "h4",
            5 => "h5",
            6.. => "h6",
        }
    }

    fn id(&mut self, id: &str) {
        if self.used.insert(id.to_owned()) {
            self.html.extend([" id=\"", self.anchor, "-", id, "\""]);
        }
    }

    /// Copies the attributes of `list`, except ids, which are the caller's, and those `left_out`; links to places get their prefix.
    fn attributes(&mut self, list: &str, left_out: &[&str]) {
        for (attribute, value) in tags::attributes(list) {
            if matches!(attribute, "id" | "name") || left_out.contains(&attribute) {
                continue;
            }
            self.html.extend([" ", attribute, "=\""]);
            let place = value.strip_prefix('#').filter(|_| attribute == "href").and_then(|name| self.names.place(name));
            match place {
                Some(place) => self.html.extend(["#", self.anchor, "-", place]),
                None => self.html.push_str(value),
            }
            self.html.push('"');
        }
    }

    fn picture(&mut self, list: &str) {
        let source = tags::attribute(list, "src").unwrap_or_default();
        let alt = tags::attribute(list, "alt").unwrap_or_default();
        let address = tags::unescape(source);
        match sanitise::picture_host(&address) {
            Some(None) => self.own_picture(list, &address),
            Some(Some(host)) => {
                let title = tags::attribute(list, "title").unwrap_or_default();
                let file = source.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
                let name = [alt, title, file].into_iter().find(|name| !name.trim().is_empty());
                let element = if self.links == 0 { "a" } else { "span" };
                self.html.extend(["<", element, " class=\"elsewhere\""]);
                if element == "a" {
                    self.html.extend([" href=\"", source, "\" rel=\"noopener\""]);
                }
                self.html.push('>');
                if let Some(name) = name {
                    tags::escape_text(&mut self.html, &tags::unescape(name));
                    self.html.push_str(" (");
                }
                tags::escape_text(&mut self.html, &host);
                self.html.extend([if name.is_some() { ")" } else { "" }, "</", element, ">"]);
            }
            // Nothing that can be shown: what it would say is left.
            None => tags::escape_text(&mut self.html, &tags::unescape(alt)),
        }
    }

    fn own_picture(&mut self, list: &str, address: &str) {
        self.html.push_str("<img");
        if let Some(id) = tags::attribute(list, "id") {
            self.id(id);
        }
        self.attributes(list, &["alt", "class", "width", "height", "loading", "decoding"]);
        let known = self.pictures.get(address);
        self.html.push_str(" alt=\"");
        match (tags::attribute(list, "alt").unwrap_or_default(), known) {
            // What the library says stands in, unless a space says that nothing is to be said.
            ("", Some(own)) => tags::escape(&mut self.html, &own.alt),
            (alt, _) => self.html.push_str(if alt.trim().is_empty() { "" } else { alt }),
        }
        self.html.push('"');
        let classes = tags::attribute(list, "class").map(str::to_owned).into_iter();
        let classes: Vec<String> = classes.chain(known.and_then(Shown::colour_class)).collect();
        if !classes.is_empty() {
            self.html.extend([" class=\"", &classes.join(" "), "\""]);
        }
        let wanted =
            |name| tags::attribute(list, name).and_then(|value| value.parse::<u32>().ok()).filter(|size| *size > 0);
        let (width, height) = match (known, wanted("width"), wanted("height")) {
            // The writer may want it smaller; its proportions are the picture's own.
            (Some(own), Some(wanted), _) => (Some(wanted), scaled(own.height, wanted, own.width)),
            (Some(own), None, Some(wanted)) => (scaled(own.width, wanted, own.height), Some(wanted)),
            (Some(own), None, None) => (Some(own.width), Some(own.height)),
            (None, width, height) => (width, height),
        };
        for (name, size) in [("width", width), ("height", height)] {
            if let Some(size) = size {
                self.html.extend([" ", name, "=\"", &size.to_string(), "\""]);
            }
        }
        if let Some(own) = known {
            self.sources(own, address, width);
        }
        let when = if self.pictured { " loading=\"lazy\" decoding=\"async\"" } else { " fetchpriority=\"high\"" };
        self.html.push_str(when);
        self.pictured = true;
        self.html.push('>');
    }

    /// The widths that a browser may choose from, and how wide the picture will be.
    fn sources(&mut self, own: &Shown, address: &str, width: Option<u32>) {
        let mut widths = own.widths().peekable();
        // Whoever spells the address otherwise gets the picture as it is.
        if widths.peek().is_none() || !sanitise::is_source(address) {
            return;
        }
        self.html.push_str(" srcset=\"");
        for smaller in widths {
            self.html.extend([&media::variant_address(&own.hash, smaller), " ", &smaller.to_string(), "w, "]);
        }
        let end = self.html.trim_end_matches(", ").len();
        self.html.truncate(end);
        self.html.push_str("\" sizes=\"");
        match width.filter(|width| *width < NARROW_PIXELS) {
            Some(width) => self.html.extend([&width.to_string(), "px\""]),
            None => self.html.extend([sanitise::SIZES, "\""]),
        }
    }

    /// Writes a `pre`, and when it holds nothing but a `code` of a known language, that in colours; gives back what follows.
    fn code<'a, 'b>(&mut self, list: &str, after: &'b [Piece<'a>]) -> &'b [Piece<'a>] {
        self.html.push_str("<pre");
        if let Some(id) = tags::attribute(list, "id") {
            self.id(id);
        }
        self.attributes(list, &["tabindex"]);
        self.html.push_str(" tabindex=\"0\">");
        match after {
            [Piece::Open("code", code), Piece::Text(text), rest @ ..]
                if rest.first() == Some(&Piece::Close("code")) =>
            {
                let classes = tags::attribute(code, "class").unwrap_or_default();
                let language = classes.split(' ').find_map(|class| class.strip_prefix("language-")).unwrap_or_default();
                self.start("code", code);
                let text = tags::unescape(text);
                if self.coloured + text.len() > MAX_HIGHLIGHTED {
                    tags::escape_text(&mut self.html, &text);
                } else if highlight::highlight(&mut self.html, &text, language) {
                    self.coloured += text.len();
                }
                rest
            }
            _ => after,
        }
    }
}

/// `side` of a picture whose other side, `from`, is to be `to`.
fn scaled(side: u32, to: u32, from: u32) -> Option<u32> {
    u32::try_from(u64::from(side) * u64::from(to) / u64::from(from.max(1))).ok().filter(|size| *size > 0)
}
