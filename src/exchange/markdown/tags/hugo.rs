//! Shortcodes of Hugo.

use super::{
    Kind, Walker, Wanted,
    arguments::{arguments, shown, value},
};
use crate::exchange::short;

/// What only draws a frame round a text, or lets its HTML through: the text stays.
const WRAPPERS: [&str; 14] = [
    "admonition",
    "alert",
    "callout",
    "caution",
    "danger",
    "hint",
    "important",
    "info",
    "note",
    "notice",
    "raw",
    "rawhtml",
    "tip",
    "warning",
];

impl Walker<'_> {
    /// `{{< name … >}}`, `{{% name … %}}`
    pub(super) fn shortcode(&mut self, closing: &'static str) -> Option<()> {
        let (close, end) = self.inside(self.at + 3, closing)?;
        let opening = &self.body[self.at..self.at + 3];
        let inner = self.body[self.at + 3..close].trim();
        if inner.contains("{{") {
            return None;
        }
        if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
            // What Hugo shows as it stands.
            return self.put(&format!("{opening}{shown}{closing}"), end);
        }
        if let Some(closed) = inner.strip_prefix('/').map(str::trim) {
            if WRAPPERS.contains(&closed) {
                return self.put("", end);
            }
            // The one that it closes was named.
            self.at = end;
            return Some(());
        }
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let length = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (name, rest) = inner.split_at(length);
        if name.is_empty() {
            return None;
        }
        let arguments = arguments(rest);
        let of = |key: &str, place: usize| value(&arguments, key, place);
        let left = format!("{opening} {} {closing}", short(name));
        match name {
            "figure" | "youtube" | "vimeo" | "gist" | "tweet" | "x" | "instagram" | "img" | "image"
                if self.kind != Kind::Html =>
            {
                match shown(name, &arguments) {
                    Some(shown) => self.put_block(&shown, end),
                    None => self.leave(left, end),
                }
            }
            "ref" | "relref" => self.put_address(Wanted::Text(of("path", 0)?, of("lang", 1)), &left, end),
            "highlight" => {
                let (code, after) = self.block(end, opening, "/highlight", closing)?;
                self.put_code(of("lang", 0).or(of("type", 0)).unwrap_or_default(), code, after)
            }
            "comment" => {
                let (_, after) = self.block(end, opening, "/comment", closing)?;
                self.put("", after)
            }
            _ if WRAPPERS.contains(&name) && self.is_closed(end, opening, name, closing) => self.put("", end),
            _ => self.leave(left, end),
        }
    }
}
