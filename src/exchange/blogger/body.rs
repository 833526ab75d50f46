//! Blogger's HTML as plain HTML: separators, tables of captions, sizes in the addresses of pictures.

use url::Url;

use crate::{
    model::remark::Remark,
    text::dom::{Data, Dom},
};

/// Whose addresses of pictures hold sizes.
pub const HOSTS: [&str; 5] = [
    "blogger.googleusercontent.com",
    ".bp.blogspot.com",
    ".googleusercontent.com",
    ".ggpht.com",
    "photos1.blogger.com",
];

/// The text without what only Blogger writes, and what was lost with that.
pub fn html(kept: &str) -> (String, Vec<Remark>) {
    let mut dom = Dom::read(kept);
    for id in dom.inside(Dom::ROOT) {
        match dom.name(id) {
            "table" if dom.has_class(id, "tr-caption-container") => caption_table(&mut dom, id),
            "div" if dom.has_class(id, "separator") => separator(&mut dom, id),
            "a" if dom.attribute(id, "name") == Some("more") => {
                let more = dom.node(Data::Comment("more".to_owned()));
                let mut instead = vec![more];
                instead.extend_from_slice(dom.children(id));
                dom.replace(id, instead);
            }
            "img" => picture(&mut dom, id),
            _ => {}
        }
    }
    (dom.html(Dom::ROOT), Vec::new())
}

/// The addresses of the pictures of a text: as it has them, and as [`html`] writes them.
pub(super) fn pictures(kept: &str) -> Vec<String> {
    let dom = Dom::read(kept);
    let mut addresses: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for id in dom.inside(Dom::ROOT) {
        let attribute = match dom.name(id) {
            "img" => "src",
            "a" => "href",
            _ => continue,
        };
        if let Some(address) = dom.attribute(id, attribute) {
            for address in [address.trim().to_owned(), full_size(address).unwrap_or_default()] {
                if !address.is_empty() && known.insert(address.clone()) {
                    addresses.push(address);
                }
            }
        }
    }
    addresses
}

/// A picture and its caption in the two rows of a table become a figure.
fn caption_table(dom: &mut Dom, id: usize) {
    let picture = dom.named(id, "img").into_iter().next();
    let caption = dom.named(id, "td").into_iter().find(|cell| dom.has_class(*cell, "tr-caption"));
    let Some(picture) = picture else { return };
    let linked = dom.parent(picture);
    let shown = if dom.name(linked) == "a" { linked } else { picture };
    let mut children = vec![shown];
    if let Some(caption) = caption {
        let words = dom.children(caption).to_vec();
        children.push(dom.element("figcaption", &[], words));
    }
    let figure = dom.element("figure", &[], children);
    dom.replace(id, vec![figure]);
}

/// What keeps a picture apart from the text is a figure, when it holds nothing else.
fn separator(dom: &mut Dom, id: usize) {
    let pictures = dom.named(id, "img").len();
    if pictures == 1 && dom.text(id).trim().is_empty() {
        let children = dom.children(id).to_vec();
        let figure = dom.element("figure", &[], children);
        dom.replace(id, vec![figure]);
    }
}

/// A picture is asked for in full size, and its link to that goes.
fn picture(dom: &mut Dom, id: usize) {
    let Some(source) = dom.attribute(id, "src").map(|source| source.trim().to_owned()) else { return };
    let full = full_size(&source);
    let link = dom.parent(id);
    if dom.name(link) == "a" && dom.children(link).len() == 1 {
        let href = dom.attribute(link, "href").unwrap_or_default().trim().to_owned();
        if full.is_some() && full_size(&href) == full {
            dom.replace(link, vec![id]);
        }
    }
    if let Some(full) = full {
        dom.set(id, "src", full);
    }
    // The size was that of the smaller one.
    for side in ["width", "height"] {
        if dom.attribute(id, side).is_some_and(|value| value.trim() != "1") {
            dom.set(id, side, String::new());
        }
    }
}

/// The address of a picture of Blogger's in full size: `/s1600/` for `/s320/`, `/s320-h/`, `/w320-h214/`, and `=s1600` for `=s320`.
pub(super) fn full_size(address: &str) -> Option<String> {
    sized(address, "s1600")
}

/// The same in any size: `s0` is as it was uploaded.
pub fn sized(address: &str, wanted: &str) -> Option<String> {
    let address = address.trim();
    let whole = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let mut url = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    if !HOSTS
        .iter()
        .any(|known| host == known.trim_start_matches('.') || (known.starts_with('.') && host.ends_with(known)))
    {
        return None;
    }
    let path = url.path().to_owned();
    if let Some((before, size)) = path.rsplit_once('=') {
        if is_size(size) {
            url.set_path(&format!("{before}={wanted}"));
        }
        return Some(url.into());
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    let last = parts.len().checked_sub(2)?;
    if let Some(part) = parts.get_mut(last)
        && is_size(part)
    {
        *part = wanted;
    }
    url.set_path(&parts.join("/"));
    Some(url.into())
}

/// `s320`, `s320-h`, `w320-h214`, `w640-h480-p-k-no-nu`.
fn is_size(part: &str) -> bool {
    let mut parts = part.split('-');
    let is_side = |part: &str| {
        part.strip_prefix(['s', 'w', 'h'])
            .is_some_and(|digits| (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    parts.next().is_some_and(is_side)
        && parts.all(|part| {
            is_side(part) || (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
