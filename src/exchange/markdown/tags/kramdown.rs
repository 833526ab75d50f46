//! Lists of attributes, as kramdown and Hugo have them.

use std::collections::HashSet;

use super::{
    Walker,
    arguments::arguments,
    blocks::{is_blank_at, without_mark},
};

/// More places of one text are not marked.
const MAX_MARKED: usize = 300;

impl Walker<'_> {
    /// kramdown's `{: .class #id key="value"}`, at a line of its own or behind what it is about; and Hugo's `{.class #id}` below a
    /// block. That of a heading becomes `{#id}` behind it.
    pub(super) fn attributes(&mut self) -> Option<()> {
        let length =
            self.body[self.at..].bytes().take(200).take_while(|byte| *byte != b'\n').position(|it| it == b'}')?;
        let start = self.line_start()?;
        let is_hugos = !self.body[self.at + 1..].starts_with(':');
        let inner = &self.body[self.at + if is_hugos { 1 } else { 2 }..self.at + length];
        let end = self.at + length + 1;
        let before = &self.body[start..self.at];
        let is_last = self.body[end..self.line.1].trim().is_empty();
        let is_alone = before.trim_matches([' ', '\t', '>']).is_empty() && is_last;
        let is_behind = !is_hugos && before.ends_with(|letter: char| !letter.is_whitespace());
        let is_headings = !is_hugos && is_last && is_heading(before);
        let has_block = !is_blank_at(self.body[..start].lines().next_back().unwrap_or_default());
        let arguments = arguments(inner);
        if arguments.is_empty()
            || !arguments.iter().all(|(key, value)| is_one(*key, value) || is_alone && value == "toc")
            || !(is_alone && (!is_hugos || has_block) || is_behind || is_headings)
        {
            return None;
        }
        let id = arguments.iter().find_map(|(key, value)| match key {
            Some(key) => (*key == "id").then_some(value.as_str()),
            None => value.strip_prefix('#'),
        });
        let id = id.filter(|id| is_id(id)).map(str::to_owned);
        if is_headings {
            return self.put(&id.map_or_else(String::new, |id| format!("{{#{id}}}")), end);
        }
        if !is_alone {
            let place = id.filter(|id| self.is_linked(id)).map(|id| place(&id));
            return self.put(&place.unwrap_or_default(), end);
        }
        let is_toc = arguments.iter().any(|(_, value)| value == "toc");
        self.at = start.max(self.done);
        self.put("", end)?;
        if let Some(id) = id {
            self.name_block(&id);
        }
        if is_toc && !self.has_contents {
            self.has_contents = true;
            let before = self.out.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
            let item = self.out[before..].trim();
            if without_mark(item).len() < item.len() {
                // The list of the headings takes its place.
                self.out.truncate(before);
            }
        }
        // Between two lines, it parts them.
        if is_blank_at(&self.body[self.line.1..]) || self.out.is_empty() || self.out.ends_with("\n\n") {
            self.at = self.line.1;
            self.done = self.at;
        }
        Some(())
    }

    /// kramdown's `{::comment}…{:/comment}`, `{::nomarkdown}…{:/}` and `{::options … /}`.
    pub(super) fn extension(&mut self) -> Option<()> {
        let length = self.body[self.at..].bytes().take(200).position(|byte| byte == b'}')?;
        let inner = &self.body[self.at + 2..self.at + length];
        let end = self.at + length + 1;
        let name = inner.trim_start_matches([':', '/']).trim_end_matches('/').split_whitespace().next();
        match name.unwrap_or_default() {
            "comment" if inner.starts_with(':') => {
                let closed = self.block(end, "{:", "/comment", "}").or_else(|| self.block(end, "{:", "/", "}"));
                self.put("", closed?.1)
            }
            "" | "comment" | "nomarkdown" | "options" => self.put("", end),
            _ => None,
        }
    }

    /// Names the block that was written last: a heading by what stands behind it, another one, where the text links to it, by an
    /// empty element before it.
    fn name_block(&mut self, id: &str) {
        let end = self.out.trim_end_matches('\n').len();
        let line = self.out[..end].rfind('\n').map_or(0, |at| at + 1);
        let last = &self.out[line..end];
        let is_underline = |mark: char| !last.is_empty() && last.trim_end().chars().all(|letter| letter == mark);
        let above = line.saturating_sub(1);
        let has_text = self.out[..above].lines().next_back().is_some_and(|text| !text.trim().is_empty());
        if is_heading(last) {
            self.out.insert_str(end, &format!(" {{#{id}}}"));
        } else if has_text && (is_underline('=') || is_underline('-')) {
            self.out.insert_str(above, &format!(" {{#{id}}}"));
        } else if end > 0
            && !last.trim_start().starts_with(['`', '~', '>'])
            && self.marked < MAX_MARKED
            && self.is_linked(id)
        {
            self.marked += 1;
            let block = self.out[..end].rfind("\n\n").map_or(0, |at| at + 2);
            self.out.insert_str(block, &format!("{}\n\n", place(id)));
        }
    }

    /// Whether a link of the text leads to a place.
    fn is_linked(&mut self, id: &str) -> bool {
        let body = self.body;
        self.linked.get_or_insert_with(|| linked(body)).contains(id)
    }
}

/// The names behind what links to a place begin with: `](#x)`, `href="#x"`, `]: #x`.
fn linked(body: &str) -> HashSet<String> {
    let places = body.match_indices('#').filter(|(at, _)| body[..*at].ends_with(['(', '"', '\'', ' ', '<']));
    let names = places.map(|(at, _)| {
        let rest = &body[at + 1..];
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':');
        &rest[..rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())]
    });
    names.filter(|name| is_id(name)).map(str::to_owned).collect()
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with([' ', '\t'])
}

/// Whether a part of a list of attributes is one.
pub(in crate::exchange::markdown) fn is_one(key: Option<&str>, value: &str) -> bool {
    let is_name = |name: &str| name.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '-'));
    key.is_some() || value.strip_prefix(['.', '#']).is_some_and(is_name)
}

/// Whether an element may have that name.
fn is_id(id: &str) -> bool {
    id.len() <= 160
        && id.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

fn place(id: &str) -> String {
    format!("<a id=\"{id}\"></a>")
}
