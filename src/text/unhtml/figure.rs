//! Pictures with captions, alone and in galleries.

use std::collections::{HashMap, HashSet};

use super::{
    Block, Writer, escape,
    inline::{Place, Wrap},
    short,
};
use crate::{model::remark::remark, text::video};

impl Writer<'_> {
    /// Whether a list is how WordPress had the pictures of a gallery.
    pub(super) fn is_gallery(&self, id: usize) -> bool {
        matches!(self.dom.name(id), "ul" | "ol")
            && ["wp-block-gallery", "blocks-gallery-grid"].iter().any(|class| self.dom.has_class(id, class))
    }

    pub(super) fn figure(&mut self, id: usize, wrap: &Wrap, depth: usize) -> Vec<Block> {
        let dom = self.dom;
        let inside = dom.inside(id);
        let mut pictures: Vec<usize> = inside.iter().copied().filter(|id| dom.name(*id) == "img").collect();
        // One that a script was to show comes twice.
        let is_twice = |id: &usize| dom.name(dom.parent(*id)) == "noscript";
        if !pictures.iter().all(is_twice) {
            pictures.retain(|id| !is_twice(id));
        }
        // Each caption belongs to the nearest figure.
        let mut captions: HashMap<usize, usize> = HashMap::new();
        for caption in inside.iter().copied().filter(|id| dom.name(*id) == "figcaption") {
            let mut at = dom.parent(caption);
            while at != id && matches!(dom.name(at), "div" | "span" | "center" | "a") {
                at = dom.parent(at);
            }
            if at == id || dom.name(at) == "figure" {
                captions.entry(at).or_insert(caption);
            }
        }
        let own = captions.get(&id).copied();
        let of_own: HashSet<usize> = own.map(|own| dom.inside(own).into_iter().collect()).unwrap_or_default();
        let is_other = |node: &usize| {
            matches!(
                dom.name(*node),
                "table" | "pre" | "blockquote" | "iframe" | "video" | "audio" | "embed" | "object" | "p" | "ul" | "ol"
            ) && !of_own.contains(node)
                && !self.is_gallery(*node)
        };
        if pictures.is_empty() || inside.iter().any(is_other) {
            // A caption is that of a table where it stays within its figure.
            let tables = inside.iter().filter(|id| dom.name(**id) == "table").count();
            if own.is_some()
                && pictures.is_empty()
                && tables == 1
                && dom.children(id).len() <= 5
                && self.is_free(&inside)
            {
                return vec![self.raw(id)];
            }
            self.told.extend(own);
            let mut blocks = self.blocks(id, wrap, depth);
            let words =
                own.and_then(|own| self.plain_caption(own)).filter(|words| !words.is_empty() && !words.contains('|'));
            if let ([block], Some(words)) = (blocks.as_mut_slice(), words)
                && let Some(link) = self.played(id, own, &block.text, &words)
            {
                block.text = link;
                return blocks;
            }
            blocks.extend(self.caption(own, wrap));
            return blocks;
        }
        if let [picture] = pictures.as_slice() {
            // A gallery of one is that picture.
            let around = self.figure_of(*picture, id);
            if around != id && captions.contains_key(&around) {
                let mut blocks = self.figure(around, wrap, depth);
                blocks.extend(self.caption(own, wrap));
                return blocks;
            }
            return match own.map(|own| self.plain_caption(own)) {
                Some(None) => vec![self.raw(id)],
                Some(Some(caption)) => self.line(*picture, id, &caption).map(Block::text).into_iter().collect(),
                None => self.line(*picture, id, "").map(Block::text).into_iter().collect(),
            };
        }
        let mut lines = Vec::new();
        for picture in pictures {
            let around = self.figure_of(picture, id);
            let caption = captions.get(&around).copied().filter(|_| around != id);
            for link in caption.map(|caption| dom.named(caption, "a")).unwrap_or_default() {
                let to = dom.attribute(link, "href").unwrap_or_default();
                if !to.is_empty() {
                    self.lose(remark("lost-link").put("address", short(to)));
                }
            }
            let words = caption.map(|caption| dom.text(caption).split_whitespace().collect::<Vec<_>>().join(" "));
            lines.extend(self.line(picture, id, &words.unwrap_or_default()));
        }
        let mut blocks = vec![Block::text(lines.join("\n"))];
        blocks.extend(self.caption(own, wrap));
        blocks
    }

    /// Whether nothing in these nodes leads to another place of the text, or is led to from there.
    fn is_free(&self, nodes: &[usize]) -> bool {
        nodes.iter().all(|id| self.notes.mark(*id).is_none() && !self.notes.is_text(*id) && !self.notes.is_back(*id))
    }

    /// What is played in a figure, as a link that has the caption as its words: they stand below it. `made`: it without them.
    fn played(&self, id: usize, caption: Option<usize>, made: &str, words: &str) -> Option<String> {
        let dom = self.dom;
        let words = escape::all(words);
        let is_player = |id: &usize| matches!(dom.name(*id), "video" | "audio" | "iframe");
        if dom.inside(id).iter().any(is_player) {
            if let Some(address) = made.strip_prefix('<').and_then(|made| made.strip_suffix('>')) {
                return Some(format!("[{words}]({})", escape::address(address)));
            }
            let (_, address) = made.strip_prefix('[').filter(|made| !made.contains('\n'))?.split_once("](")?;
            return Some(format!("[{words}]({address}"));
        }
        let caption = caption.map(|caption| dom.text(caption)).unwrap_or_default();
        let whole = dom.text(id);
        let address = whole.trim().strip_suffix(caption.trim())?.trim();
        let is_watched = !address.contains(char::is_whitespace) && video::player(address).is_some();
        is_watched.then(|| format!("[{words}]({})", escape::address(address)))
    }

    /// The nearest figure around a node, `until` at the furthest.
    fn figure_of(&self, node: usize, until: usize) -> usize {
        let mut at = self.dom.parent(node);
        while at != until && at != 0 && self.dom.name(at) != "figure" {
            at = self.dom.parent(at);
        }
        at
    }

    /// A caption as a paragraph.
    fn caption(&mut self, caption: Option<usize>, wrap: &Wrap) -> Vec<Block> {
        let Some(caption) = caption else { return Vec::new() };
        let nodes = self.dom.children(caption).to_vec();
        self.inline(&nodes, wrap, Place::Paragraph).into_iter().map(Block::text).collect()
    }

    /// A caption as a picture's title says it, with the credit behind a `|`; `None` when it is more than words.
    fn plain_caption(&self, caption: usize) -> Option<String> {
        let dom = self.dom;
        let line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut small = None;
        for id in dom.inside(caption) {
            match dom.name(id) {
                "" | "br" | "span" | "p" | "font" | "div" => {}
                "small" if small.is_none() => small = Some(id),
                _ => return None,
            }
        }
        let whole = line(dom.text(caption));
        if whole.contains('|') {
            return None;
        }
        let Some(small) = small else { return Some(whole) };
        let credit = line(dom.text(small));
        let words = whole.strip_suffix(&credit)?.trim_end().to_owned();
        Some(if credit.is_empty() { words } else { format!("{words} | {credit}") })
    }

    /// A picture on a line of its own, in the link that it has within `until`.
    fn line(&mut self, picture: usize, until: usize, caption: &str) -> Option<String> {
        let (mut source, alt) = self.shown(picture)?;
        let mut link = None;
        let mut at = self.dom.parent(picture);
        while at != until && at != 0 {
            if self.dom.name(at) == "a" {
                link = self.dom.attribute(at, "href").map(str::trim).map(super::absolute);
            }
            at = self.dom.parent(at);
        }
        let link = link.filter(|link| !link.is_empty() && escape::is_followed(link));
        // A link to the same picture in full size is that picture.
        let link = link.filter(|link| {
            let is_same = is_same_picture(link, &source);
            if is_same {
                source.clone_from(link);
            }
            !is_same
        });
        let title = if caption.is_empty() { String::new() } else { format!(" \"{}\"", escape::title(caption)) };
        let shown = format!("![{}]({}{title})", escape::all(&alt), escape::address(&source));
        Some(match link {
            Some(link) => format!("[{shown}]({})", escape::address(&link)),
            None => shown,
        })
    }
}

/// Whether `link` is the picture that is shown, in another size.
pub(super) fn is_same_picture(link: &str, shown: &str) -> bool {
    let name = |address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let (stem, ending) = file.rsplit_once('.').map(|(stem, ending)| (stem.to_owned(), ending.to_owned()))?;
        let is_picture = ["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp"].contains(&ending.as_str());
        let size = stem.rsplit_once('-').filter(|(_, size)| {
            size.split_once('x').is_some_and(|(width, height)| {
                [width, height].iter().all(|side| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit()))
            })
        });
        is_picture
            .then(|| size.map_or(stem.clone(), |(stem, _)| stem.to_owned()).trim_end_matches("-scaled").to_owned())
    };
    name(link).is_some_and(|link| !link.is_empty() && Some(link) == name(shown))
}
