//! Formulas: kramdown's `$$` within a sentence, and those that Hugo's texts have between `\\(` and `\\)`.

use super::{Kind, Walker};

/// A formula that is longer is none.
const MAX_FORMULA: usize = 2000;

impl Walker<'_> {
    /// A formula that begins here, with the signs that the blog knows.
    pub(super) fn formula(&mut self) -> Option<()> {
        let rest = &self.body[self.at..];
        let (opening, closing, sign) = match self.kind {
            Kind::Jekyll if rest.starts_with("$$") => ("$$", "$$", "$"),
            Kind::Markdown if rest.starts_with("\\\\(") => ("\\\\(", "\\\\)", "$"),
            Kind::Markdown if rest.starts_with("\\\\[") => ("\\\\[", "\\\\]", "$$"),
            _ => return None,
        };
        if self.body[..self.at].ends_with(['\\', '$']) {
            return None;
        }
        let most = (0..=rest.len().min(MAX_FORMULA)).rev().find(|at| rest.is_char_boundary(*at))?;
        let (inner, _) = rest.get(opening.len()..most)?.split_once(closing)?;
        let end = self.at + opening.len() + inner.len() + closing.len();
        let is_one = !inner.trim().is_empty() && !inner.contains("\n\n") && !inner.contains(['$', '`']);
        if !is_one {
            return None;
        }
        if opening == "$$" {
            let start = self.line_start()?;
            let before = self.body[start..self.at].trim_matches([' ', '\t', '>']);
            let after = self.body[end..].split('\n').next().unwrap_or_default().trim();
            if before.is_empty() && after.is_empty() {
                self.at = end;
                return Some(());
            }
        }
        let inner = inner.split_whitespace().collect::<Vec<_>>().join(" ");
        self.put(&format!("{sign}{inner}{sign}"), end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, turned};

    #[test]
    fn formulas_have_the_signs_of_the_blog() {
        let made = |kind, body: &str| turned(body, kind, &|_| None).body;
        for (body, expected) in [
            ("so $$x^2$$ is", "so $x^2$ is"),
            ("$$x$$ is", "$x$ is"),
            ("$$\nx\n$$\n", "$$\nx\n$$\n"),
            ("a\n\n$$x$$\n\nb", "a\n\n$$x$$\n\nb"),
            ("`$$x$$` $$", "`$$x$$` $$"),
        ] {
            assert_eq!(made(Kind::Jekyll, body), expected);
        }
        assert_eq!(made(Kind::Markdown, "so \\\\( x^2 \\\\) and \\\\[y\\\\]"), "so $x^2$ and $$y$$");
        assert_eq!(made(Kind::Markdown, "a \\\\( b, `\\\\(x\\\\)`"), "a \\\\( b, `\\\\(x\\\\)`");
    }
}
