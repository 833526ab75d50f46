//! Tags of Liquid and its kin: Jekyll's `{% … %}`, and `{{ … }}` of Jekyll, Eleventy and Zola.

use super::{
    Kind, Walker, Wanted,
    arguments::{arguments, shown, value},
};
use crate::exchange::{markdown::links, short};

impl Walker<'_> {
    /// `{% name … %}`
    pub(super) fn liquid(&mut self) -> Option<()> {
        let (close, end) = self.inside(self.at + 2, "%}")?;
        let inner = self.body[self.at + 2..close].trim_matches('-').trim();
        if inner.contains("{%") {
            return None;
        }
        if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
            // What Zola shows as it stands.
            return self.put(&format!("{{%{shown}%}}"), end);
        }
        let length = inner.find(|letter: char| letter.is_whitespace() || letter == '(').unwrap_or(inner.len());
        let (name, rest) = inner.split_at(length);
        let rest = rest.trim();
        match name {
            "highlight" => {
                let (code, after) = self.block(end, "{%", "endhighlight", "%}")?;
                let language = rest.split_whitespace().next().unwrap_or_default();
                self.put_code(language, code, after)
            }
            "raw" | "verbatim" => {
                let (inner, after) = self.block(end, "{%", &format!("end{name}"), "%}")?;
                let inner = self.body[inner].to_owned();
                self.put(&inner, after)
            }
            "comment" => {
                let (_, after) = self.block(end, "{%", "endcomment", "%}")?;
                self.put("", after)
            }
            "post_url" => self.put_address(Wanted::Post(rest), "{% post_url %}", end),
            "link" => self.put_address(Wanted::File(rest), "{% link %}", end),
            "include" | "include_relative" => {
                let (file, given) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
                let arguments = arguments(given);
                // `video` says whose it is.
                let stem = file.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or_default();
                let named = value(&arguments, "provider", usize::MAX).unwrap_or(stem);
                if self.kind != Kind::Html
                    && let Some(shown) = shown(named, &arguments)
                {
                    return self.put_block(&shown, end);
                }
                self.leave(format!("{{% {name} {} %}}", short(file)), end)
            }
            "gist" | "youtube" | "vimeo" | "image" | "img" if self.kind != Kind::Html => {
                let mut arguments = arguments(rest);
                let keys = ["src", "alt"].iter().filter(|_| matches!(name, "image" | "img"));
                for (argument, key) in arguments.iter_mut().filter(|(key, _)| key.is_none()).zip(keys) {
                    argument.0 = Some(key);
                }
                match shown(name, &arguments) {
                    Some(shown) => self.put_block(&shown, end),
                    None => self.leave(format!("{{% {name} %}}"), end),
                }
            }
            "" | "else" | "elsif" | "when" => None,
            _ if name.starts_with("end") => None,
            _ => self.leave(format!("{{% {} %}}", short(name)), end),
        }
    }

    /// `{{ … }}` of Jekyll's, Eleventy's and Zola's.
    pub(super) fn output(&mut self) -> Option<()> {
        let (close, end) = self.inside(self.at + 2, "}}")?;
        let inner = self.body[self.at + 2..close].trim_matches('-').trim();
        if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
            return self.put(&format!("{{{{{shown}}}}}"), end);
        }
        if inner.is_empty() || inner.contains('{') {
            return None;
        }
        if matches!(inner, "site.baseurl" | "site.url" | "site.github.url") {
            let goes_on = self.body[end..].starts_with(['/', '{']);
            let site = if goes_on { None } else { Some((self.lead)(Wanted::Site).unwrap_or_else(|| "/".to_owned())) };
            return self.put(&site.unwrap_or_default(), end);
        }
        if let Some(path) = filtered(inner) {
            return self.put(&links::encode(&format!("/{}", path.trim_start_matches('/'))), end);
        }
        let called = inner.strip_suffix(')').and_then(|call| call.split_once('('));
        if self.kind != Kind::Html
            && let Some((name, inside)) = called
            && let Some(shown) = shown(name.trim(), &arguments(inside))
        {
            return self.put_block(&shown, end);
        }
        let length = inner.find(|letter: char| letter.is_whitespace() || matches!(letter, '(' | '|'));
        self.leave(format!("{{{{ {} }}}}", short(&inner[..length.unwrap_or(inner.len())])), end)
    }
}

/// The path in `"/x" | relative_url` and the like; none where something else happens to it.
fn filtered(inner: &str) -> Option<String> {
    let mut parts = inner.split('|').map(str::trim);
    let path = parts.next()?;
    let quote = path.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let path = path.strip_prefix(quote)?.strip_suffix(quote)?;
    let known = ["relative_url", "absolute_url", "url", "prepend: site.baseurl", "prepend: site.url"];
    let (mut filters, is_known) = (0, |filter: &str| known.contains(&filter));
    let are_known = parts.all(|filter| {
        filters += 1;
        is_known(filter)
    });
    (are_known && filters > 0 && !path.contains("://")).then(|| path.to_owned())
}
