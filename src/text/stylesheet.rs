//! Whether the owner's own style rules stay within the blog: nothing is loaded from elsewhere, nothing runs.

/// The most that is kept, in bytes.
pub const MAX_CSS: usize = 20_000;

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub line: usize,
    /// What.
    pub what: What,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// More than [`MAX_CSS`].
    Long,
    /// `@import`, or another rule that loads a sheet.
    Import,
    /// An address that is no path of this blog.
    Address,
    /// What old browsers ran as a program.
    Program,
    /// `</style`
    Tag,
    /// A backslash outside a string, which could hide any of these.
    Backslash,
    /// A bracket, comment or string that does not end, or ends nothing.
    Open,
}

impl What {
    /// As in the words about it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Import => "import",
            Self::Address => "address",
            Self::Program => "program",
            Self::Tag => "tag",
            Self::Backslash => "backslash",
            Self::Open => "open",
        }
    }
}

/// Functions that take addresses as strings.
const LOADING: [&str; 5] = ["src", "image", "image-set", "-webkit-image-set", "cross-fade"];

/// Reads all of it; the first fault ends the reading.
pub fn check(css: &str) -> Result<(), Fault> {
    if css.len() > MAX_CSS {
        return Err(Fault { line: line_at(css, MAX_CSS), what: What::Long });
    }
    let mut reader = Reader { rest: css, open: Vec::new() };
    reader.read().map_err(|what| Fault { line: line_at(css, css.len() - reader.rest.len()), what })
}

/// The number of the line with this byte.
fn line_at(css: &str, byte: usize) -> usize {
    1 + css.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

struct Reader<'a> {
    rest: &'a str,
    /// What each open bracket is closed by, and where it stands, as what was left to read then.
    open: Vec<(char, &'a str)>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), What> {
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                '/' if self.rest.starts_with("/*") => self.comment()?,
                '"' | '\'' => {
                    self.string(letter)?;
                }
                '\\' => return Err(What::Backslash),
                // What once hid sheets from old browsers is passed over by new ones: it would part names that we read as one.
                '<' if starts(self.rest, "</style") || self.rest.starts_with("<!--") => return Err(What::Tag),
                '{' => self.opened('}'),
                '(' => self.opened(')'),
                '[' => self.opened(']'),
                '}' | ')' | ']' => {
                    if self.open.pop().is_none_or(|(closing, _)| closing != letter) {
                        return Err(What::Open);
                    }
                    self.skip(1);
                }
                letter if is_name(letter) || letter == '@' => self.name()?,
                letter => self.skip(letter.len_utf8()),
            }
        }
        match self.open.pop() {
            Some((_, at)) => {
                self.rest = at;
                Err(What::Open)
            }
            None => Ok(()),
        }
    }

    fn opened(&mut self, closing: char) {
        self.open.push((closing, self.rest));
        self.skip(1);
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn comment(&mut self) -> Result<(), What> {
        let end = self.rest.get(2..).and_then(|rest| rest.find("*/")).ok_or(What::Open)?;
        let comment = self.rest.get(..end + 2).unwrap_or_default();
        if comment.to_ascii_lowercase().contains("</style") {
            return Err(What::Tag);
        }
        self.skip(end + 4);
        Ok(())
    }

    /// Reads a string, and hands over what stands in it.
    fn string(&mut self, quote: char) -> Result<&'a str, What> {
        let start = self.rest.get(1..).unwrap_or_default();
        let mut is_escaped = false;
        for (at, letter) in start.char_indices() {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '\n' | '\r' | '\u{c}' => break,
                '<' if start.get(at..).is_some_and(|rest| starts(rest, "</style")) => return Err(What::Tag),
                letter if letter == quote => {
                    self.skip(at + 2);
                    return Ok(start.get(..at).unwrap_or_default());
                }
                _ => {}
            }
        }
        Err(What::Open)
    }

    /// A name with what follows from it: a rule, a function, a property.
    fn name(&mut self) -> Result<(), What> {
        let is_end = |(at, letter): &(usize, char)| !is_name(*letter) && (*at > 0 || *letter != '@');
        let end = self.rest.char_indices().find(is_end).map_or(self.rest.len(), |(at, _)| at);
        let (name, after) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let name = name.to_ascii_lowercase();
        let is_property = after.trim_start().starts_with(':');
        match name.as_str() {
            "@import" | "@namespace" | "@charset" => return Err(What::Import),
            "expression" if after.starts_with('(') => return Err(What::Program),
            "behavior" | "behaviour" | "-ms-behavior" | "-moz-binding" if is_property => return Err(What::Program),
            "url" | "url-prefix" if after.starts_with('(') => {
                self.skip(end + 1);
                return self.address();
            }
            name if after.starts_with('(') && LOADING.contains(&name) => return Err(What::Address),
            _ => self.skip(end),
        }
        Ok(())
    }

    /// What stands between the brackets of `url(…)`.
    fn address(&mut self) -> Result<(), What> {
        let space = self.rest.len() - self.rest.trim_start().len();
        self.skip(space);
        let here = self.rest;
        let address = match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let address = self.string(quote)?;
                if self.rest.trim_start().starts_with(')') { address } else { "" }
            }
            _ => self.rest.split(')').next().unwrap_or_default().trim_end(),
        };
        let is_path = address.starts_with('/') && !address.starts_with("//");
        let is_odd = address.contains(|letter: char| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '\\' | '"' | '\'' | '(' | '<')
        });
        if !(is_path || address.starts_with('#')) || is_odd {
            self.rest = here;
            return Err(What::Address);
        }
        let end = self.rest.find(')').ok_or(What::Open)?;
        self.skip(end + 1);
        Ok(())
    }
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_') || !letter.is_ascii()
}

fn starts(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rules_that_stay_within_the_blog_are_taken() {
        for good in [
            "",
            "a { color: red }",
            "/* a note: @import is not done here */ a > b::before { content: \"url(https://x.example)\" }",
            "body { background: url(/media/abc/paper.png) repeat; }",
            "body { background: URL( '/media/abc/paper.png' ) }",
            "a { clip-path: url(#shape) }",
            "@media (min-width: 40rem) { :root { --accent: oklch(0.5 0.1 20); } }",
            "[dir=\"rtl\"] p { scroll-behavior: smooth; transition-behavior: allow-discrete }",
            "a::after { content: \"\\201C\" }",
            ".important { color: var(--ink) !important }",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_loads_or_runs_something_is_refused_with_its_line() {
        for (bad, what) in [
            ("@import \"x.css\";", What::Import),
            ("@IMPORT/**/url(/x.css);", What::Import),
            ("a { background: url(https://x.example/a.png) }", What::Address),
            ("a { background: url(//x.example/a.png) }", What::Address),
            ("a { background: url( \"HTTP://x.example\" ) }", What::Address),
            ("a { background: url(/\\x.example/a.png) }", What::Address),
            ("a { background: url(\"/a\\\n/b\") }", What::Address),
            ("a { background: url(data:image/png;base64,AA) }", What::Address),
            ("a { background: url(a.png) }", What::Address),
            ("a { background: url() }", What::Address),
            ("a { background: url(\"/a\" x) }", What::Address),
            ("a { background: image-set(\"https://x.example/a.png\" 1x) }", What::Address),
            ("a { background: -webkit-image-set('a' 1x) }", What::Address),
            ("a { background: u\\72l(https://x.example) }", What::Backslash),
            ("@im\\port 'x';", What::Backslash),
            ("a { width: expression(alert(1)) }", What::Program),
            ("a { BEHAVIOR : url(/x.htc) }", What::Program),
            ("a { -moz-binding: url(/x.xml) }", What::Program),
            ("</STYLE><script>", What::Tag),
            ("<!--@import 'https://x.example/a.css';", What::Tag),
            ("a@import 'https://x.example/a.css';", What::Import),
            ("/* </style> */", What::Tag),
            ("a { content: '</style>' }", What::Tag),
            ("a { color: red", What::Open),
            ("} a { color: red }", What::Open),
            ("a { color: red ) }", What::Open),
            ("/* never ends", What::Open),
            ("a { content: 'never ends\n }", What::Open),
            ("a { background: url(/never-ends", What::Open),
        ] {
            assert_eq!(check(&format!("p {{}}\n\n{bad}")), Err(Fault { line: 3, what }), "{bad}");
        }
        assert_eq!(check("a {\n b: c;\n").unwrap_err(), Fault { line: 1, what: What::Open });
        assert_eq!(check(&"a{}\n".repeat(5001)).unwrap_err(), Fault { line: 5001, what: What::Long });
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_checker(css in "[-@a-z(){}\\[\\]\"'/*\\\\<: \n#é]{0,200}") {
            let _ = check(&css);
        }

        #[test]
        fn no_address_of_another_host_gets_through(
            before in "[a-z{}:; \n/*\"'(]{0,12}", function in "(url|URL|image-set)", quote in "[\"']?", after in "[ \n]{0,3}",
        ) {
            let css = format!("{before} b {{ c: {function}({after}{quote}https://x.example/{quote}) }}");
            // Where it gets through, it is inside a comment or a string.
            if check(&css).is_ok() {
                prop_assert!(before.contains("/*") || before.contains('"') || before.contains('\''), "{css}");
            }
        }
    }
}
