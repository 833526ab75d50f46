//! The style sheets that follow from the owner's choices, and the links of the navigation.

use std::collections::VecDeque;

use url::Url;

use super::{
    colour::{Accent, Rgb},
    token,
};
use crate::model::{
    appearance::{Appearance, NavLink, Scheme, Typeface},
    media::Shown,
};

/// Previews whose sheets are remembered.
const TRIED: usize = 4;
/// More links are no navigation.
pub const MAX_LINKS: usize = 20;
const MAX_LABEL: usize = 60;
const MAX_ADDRESS: usize = 500;

/// What pages need of an appearance.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// As it is kept.
    pub appearance: Appearance,
    /// The header picture, if there is one.
    pub banner: Option<Banner>,
    /// Own links of the navigation.
    pub links: Vec<NavLink>,
    /// For readers' pages; `None`: style.css is enough.
    pub reader: Option<Sheet>,
    /// For the door and the desk, without the owner's own rules: whatever those hide, the way back stays open.
    pub desk: Option<Sheet>,
}

/// The header picture, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// Pixels: pages keep the room for it free.
    pub width: u32,
    /// Likewise.
    pub height: u32,
    /// The widths that a browser may choose from, as `srcset`; empty: it has but one.
    pub sources: String,
}

impl Banner {
    fn of(shown: &Shown) -> Self {
        Self { width: shown.width, height: shown.height, sources: shown.sources() }
    }
}

/// A style sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Names its content.
    pub name: String,
    /// It.
    pub text: String,
}

impl Sheet {
    fn of(text: String) -> Option<Self> {
        let name = format!("{}.css", token::content_hash(text.as_bytes()));
        (!text.is_empty()).then_some(Self { name, text })
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("/static/look/{}", self.name)
    }
}

impl Look {
    /// Of what the owner chose; `banner`: the picture at the address of theirs, if it is there.
    pub fn of(appearance: Appearance, banner: Option<&Shown>) -> Self {
        let common = common(&appearance);
        let mut readers = common.clone();
        let banner = banner.map(Banner::of);
        if banner.is_some() {
            readers.push_str(".banner{flex:none;inline-size:100%;margin-block-end:1.25rem}\n");
        }
        // Links among words look like links, and stand in their line.
        if !appearance.footer_html.is_empty() {
            readers.push_str(".own-foot a{display:inline;padding:0;text-decoration:underline}\n");
        }
        readers.push_str(&appearance.css);
        // What was checked when it was saved is read again: a line that is no link is left out.
        let links = appearance.links.lines().filter_map(link).take(MAX_LINKS).collect();
        Self { banner, links, reader: Sheet::of(readers), desk: Sheet::of(common), appearance }
    }
}

/// The sheets of looks that were tried and not kept: in memory alone, the last few.
#[derive(Debug, Default)]
pub struct Tried(VecDeque<Sheet>);

impl Tried {
    /// Remembers one; the oldest is forgotten for it.
    pub fn add(&mut self, sheet: Sheet) {
        self.0.retain(|known| known.name != sheet.name);
        self.0.truncate(TRIED - 1);
        self.0.push_front(sheet);
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<&Sheet> {
        self.0.iter().find(|sheet| sheet.name == name)
    }
}

fn common(appearance: &Appearance) -> String {
    let mut text = String::new();
    if let Some(chosen) = Rgb::parse(&appearance.accent) {
        let Accent { light, dark } = Accent::of(chosen);
        text.push_str(&format!(":root{{--accent:light-dark({},{})}}\n", light.hex(), dark.hex()));
    }
    if appearance.typeface == Typeface::Sans {
        text.push_str(":root{--serif:var(--sans)}\n");
    }
    // Paper is always light. style.css dims pictures where the device is dark, which is not asked here.
    text.push_str(match appearance.scheme {
        Scheme::Auto => "",
        Scheme::Light => "@media screen{:root{color-scheme:light}.prose img{filter:none;background:none}}\n",
        Scheme::Dark => {
            "@media screen{:root{color-scheme:dark}.prose img{filter:brightness(0.88);background:oklch(0.96 0.006 85)}}\n"
        }
    });
    text
}

/// The number of the first line that is no link, counted from 1, and of the first that is one too many.
pub fn wrong_link(text: &str) -> Option<usize> {
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let bad = lines().find(|(_, line)| link(line).is_none());
    bad.or_else(|| lines().nth(MAX_LINKS)).map(|(at, _)| at + 1)
}

/// Reads `label | address`.
fn link(line: &str) -> Option<NavLink> {
    let (label, address) = line.rsplit_once('|')?;
    let (label, address) = (label.trim(), address.trim());
    let is_safe = address.len() <= MAX_ADDRESS
        && !address.contains(|letter: char| letter == '\\' || letter.is_whitespace() || letter.is_control())
        && match address.strip_prefix('/') {
            Some(rest) => !rest.starts_with('/'),
            None => Url::parse(address).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
            }),
        };
    let is_label = !label.is_empty() && label.chars().count() <= MAX_LABEL;
    (is_safe && is_label).then(|| NavLink { label: label.to_owned(), address: address.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_choice_there_is_no_sheet() {
        let look = Look::of(Appearance::default(), None);
        assert!(look.reader.is_none() && look.desk.is_none() && look.links.is_empty());
    }

    #[test]
    fn a_header_picture_comes_in_the_widths_that_it_has() {
        let look = |media_type: &str| {
            let shown = Shown { hash: "ab".into(), media_type: media_type.into(), ..Shown::sized(1000, 250) };
            let banner = "/media/ab/hill".to_owned();
            Look::of(Appearance { banner, ..Appearance::default() }, Some(&shown)).banner.unwrap()
        };
        let sources = "/media/ab/480.webp 480w, /media/ab/800.webp 800w, /media/ab/1000.webp 1000w".to_owned();
        assert_eq!(look("image/jpeg"), Banner { width: 1000, height: 250, sources });
        assert_eq!(look("image/svg+xml").sources, "");
    }

    #[test]
    fn the_desk_takes_the_accent_and_leaves_the_owners_own_rules() {
        let css = "main { display: none }".to_owned();
        let look = Look::of(Appearance { accent: "#ffee00".into(), css, ..Appearance::default() }, None);
        let (reader, desk) = (look.reader.unwrap(), look.desk.unwrap());
        assert!(reader.text.starts_with(&desk.text) && reader.text.ends_with("main { display: none }"));
        assert!(desk.text.contains(",#ffee00)") && !desk.text.contains("(#ffee00"), "{}", desk.text);
        assert_ne!(reader.name, desk.name);
    }

    #[test]
    fn of_looks_that_were_tried_the_last_few_are_remembered() {
        let sheet = |number: usize| Sheet::of(format!("a{{order:{number}}}")).unwrap();
        let mut tried = Tried::default();
        (0..=TRIED).for_each(|number| tried.add(sheet(number)));
        tried.add(sheet(1));
        assert!(tried.named(&sheet(0).name).is_none());
        assert!((1..=TRIED).all(|number| tried.named(&sheet(number).name).is_some()));
    }

    #[test]
    fn links_lead_to_paths_of_the_blog_and_to_the_web_and_nowhere_else() {
        let text = "About | /about\n\nA | B | https://example.org/a?b=c#d\n";
        assert_eq!(wrong_link(text), None);
        let links = Look::of(Appearance { links: text.into(), ..Appearance::default() }, None).links;
        let read: Vec<_> = links.iter().map(|link| (&*link.label, &*link.address, link.is_elsewhere())).collect();
        assert_eq!(read, [("About", "/about", false), ("A | B", "https://example.org/a?b=c#d", true)]);
        for bad in [
            "About",
            "| /a",
            "a |",
            "a | b",
            "a | //evil.example",
            "a | /\\evil.example",
            "a | javascript:alert(1)",
            "a | https://u:p@x.example/",
            "a | /a b",
            "a | data:text/html,x",
            "a | mailto:a@b.example",
        ] {
            assert_eq!(wrong_link(&format!("Home | /\n\n{bad}")), Some(3), "{bad}");
        }
        assert_eq!(wrong_link(&"a | /\n".repeat(MAX_LINKS)), None);
        assert_eq!(wrong_link(&"a | /\n".repeat(MAX_LINKS + 1)), Some(MAX_LINKS + 1));
    }
}
