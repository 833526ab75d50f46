//! What takes the place of a tag and is a paragraph of its own.

use std::ops::Range;

use super::{Kind, Walker, arguments::escaped};

impl Walker<'_> {
    /// Puts code between fences that are longer than any row of backticks in it.
    pub(super) fn put_code(&mut self, language: &str, code: Range<usize>, end: usize) -> Option<()> {
        let is_name = |letter: char| letter.is_alphanumeric() || "+-#_.".contains(letter);
        let language = if language.chars().all(is_name) { language } else { "" };
        let code = self.body[code].trim_start_matches([' ', '\t', '\r']);
        let code = code.strip_prefix('\n').unwrap_or(code).trim_end();
        if self.kind == Kind::Html {
            let class = if language.is_empty() { String::new() } else { format!(" class=\"language-{language}\"") };
            return self.put(&format!("<pre><code{class}>{}</code></pre>", escaped(code)), end);
        }
        let (_, margin) = self.margin();
        let quote = margin.trim();
        let code = code.strip_suffix(quote).map_or(code, str::trim_end);
        let is_within =
            |line: &str| line.trim().is_empty() || line.starts_with(&margin) || line.trim_end() == margin.trim_end();
        let is_within = code.lines().all(is_within);
        let line = |line| if is_within { str::strip_prefix(line, margin.as_str()).unwrap_or_default() } else { line };
        let lines: Vec<&str> = code.lines().map(line).collect();
        let code = lines.join("\n");
        let ticks = code.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(ticks.max(2) + 1);
        self.put_block(&format!("{fence}{language}\n{code}\n{fence}"), end)
    }

    /// What stands before a tag in its line, if that is nothing but the margin of a quotation or a list; and what stands there in
    /// the next lines.
    fn margin(&mut self) -> (bool, String) {
        let Some(start) = self.line_start() else { return (false, String::new()) };
        let before = &self.body[start..self.at];
        let inner = before.trim_start_matches([' ', '\t', '>']);
        let margin = &before[..before.len() - inner.len()];
        if !without_mark(inner).is_empty() {
            return (false, String::new());
        }
        (true, format!("{margin}{}", " ".repeat(inner.len())))
    }

    /// Puts a paragraph of its own.
    pub(super) fn put_block(&mut self, block: &str, end: usize) -> Option<()> {
        if self.kind == Kind::Html {
            return self.put(block, end);
        }
        let (is_first, margin) = self.margin();
        let Some(start) = self.line_start() else { return self.put(&format!("\n\n{block}\n\n"), end) };
        if self.body[start..self.at].trim_start().starts_with('|') {
            // In a table there is no other line.
            return self.put(&block.replace('\n', " "), end);
        }
        let is_blank = |line: &str| line.trim_matches([' ', '\t', '>', '\r', '\n']).is_empty();
        let before = &self.body[start..self.at];
        let above = self.body[..start].lines().next_back().unwrap_or_default();
        let mut text = String::new();
        if !is_first {
            text.push_str("\n\n");
        } else if is_blank(before) && !is_blank(above) {
            text.push_str(&format!("\n{margin}"));
        }
        text.push_str(&block.replace('\n', &format!("\n{margin}")));
        let rest = self.body[end..].split('\n').next().unwrap_or_default();
        let below = self.body.get(end + rest.len() + 1..).unwrap_or_default();
        let mut end = end;
        if !rest.trim().is_empty() {
            text.push_str(&format!("\n{}\n{margin}", margin.trim_end()));
            end += rest.len() - rest.trim_start().len();
        } else if !is_blank_at(below) {
            text.push_str(&format!("\n{}", margin.trim_end()));
        }
        self.put(&text, end)
    }
}

/// A line without the mark of a list's item.
pub(super) fn without_mark(line: &str) -> &str {
    let after = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let rest =
        if after.len() < line.len() { after.strip_prefix(['.', ')']) } else { line.strip_prefix(['-', '*', '+']) };
    rest.and_then(|rest| rest.strip_prefix(' ')).map_or(line, str::trim_start)
}

/// Whether a text begins with a blank line.
pub(super) fn is_blank_at(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t', '>', '\r']);
    rest.is_empty() || rest.starts_with('\n')
}
