//! Formulas: TeX to MathML, which goes into HTML that is clean already, since no sanitiser may let MathML through.

use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::tags::{self, Piece};

/// What the writer marks formulas with, in the classes of a `code`.
pub(super) const INLINE: &str = "math";
pub(super) const DISPLAY: &str = "math display";

/// The longest formula that is drawn, in bytes: what follows in this file and in browsers goes down once for each level of it.
const MAX_BYTES: usize = 2_000;
/// How deep it may go, and how deep its elements may be nested.
const MAX_DEPTH: usize = 64;

/// Elements of MathML Core that formulas are made of.
const ELEMENTS: &[&str] = &[
    "math",
    "menclose",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
];

/// Their attributes; all have short words or lengths as values.
const ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnspan",
    "depth",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

static CONVERTER: LazyLock<LatexToMathML> =
    LazyLock::new(|| LatexToMathML::new(MathCoreConfig::default()).unwrap_or_default());

/// `html` (clean) with every formula that is marked drawn; one that cannot be drawn stays the code that it is.
pub(super) fn drawn(html: String) -> String {
    if !html.contains("<code class=\"math") {
        return html;
    }
    let mut out = String::with_capacity(html.len() * 2);
    let mut rest = tags::pieces(&html).peekable();
    while let Some(piece) = rest.next() {
        if let Piece::Open("code", list) = piece
            && tags::has_class(list, INLINE)
            && let Some(&Piece::Text(tex)) = rest.peek()
        {
            let text = rest.next();
            let is_whole = rest.peek() == Some(&Piece::Close("code"));
            let formula = if is_whole { formula(&tags::unescape(tex), tags::has_class(list, "display")) } else { None };
            if let Some(formula) = formula {
                rest.next();
                out.push_str(&formula);
            } else {
                [Some(piece), text].into_iter().flatten().for_each(|piece| tags::write(&mut out, piece));
            }
        } else {
            tags::write(&mut out, piece);
        }
    }
    out
}

/// The MathML of a formula; `None` for what is no TeX, or more than can be drawn.
fn formula(tex: &str, is_display: bool) -> Option<String> {
    let display = if is_display { MathDisplay::Block } else { MathDisplay::Inline };
    if tex.len() > MAX_BYTES || depth(tex) > MAX_DEPTH {
        return None;
    }
    let made = CONVERTER.convert_with_local_state(tex, display).ok()?;
    allowed(&made.mathml)
}

/// How deep a formula may go at most: groups that are open, and commands one after the other, each of which may take the next.
fn depth(tex: &str) -> usize {
    let (mut deepest, mut open, mut run) = (0, Vec::new(), 0);
    let mut total = 0;
    for (at, sign) in tex.char_indices() {
        let is_word = |word: &str| tex[at..].starts_with(word);
        if sign == '{' || is_word("\\left") || is_word("\\begin") {
            open.push(run + 1);
            total += run + 1;
            run = 0;
        } else if sign == '}' || is_word("\\right") || is_word("\\end") {
            total -= open.pop().unwrap_or_default();
            run = 0;
        } else if matches!(sign, '\\' | '^' | '_') {
            run += 1;
        } else if !sign.is_ascii_alphabetic() && !sign.is_whitespace() {
            run = 0;
        }
        deepest = deepest.max(total + run);
    }
    deepest
}

/// The elements and attributes in `mathml` that are allowed, well-formed; `None` where they are nested too deep or do not fit.
fn allowed(mathml: &str) -> Option<String> {
    let mut out = String::with_capacity(mathml.len());
    let mut open = Vec::new();
    for piece in tags::pieces(mathml) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Open(name, list) => {
                let (name, list) = (name.trim_end_matches('/'), list.trim_end());
                let is_empty = list.ends_with('/') || piece == Piece::Open(&format!("{name}/"), "");
                let is_shown = ELEMENTS.contains(&name);
                if is_shown {
                    write_start(&mut out, name, list);
                }
                if !is_empty {
                    open.push((name, is_shown));
                } else if is_shown {
                    out.extend(["</", name, ">"]);
                }
                if open.len() > MAX_DEPTH {
                    return None;
                }
            }
            Piece::Close(name) => {
                let (last, is_shown) = open.pop()?;
                if last != name {
                    return None;
                }
                if is_shown {
                    out.extend(["</", name, ">"]);
                }
            }
        }
    }
    open.is_empty().then_some(out)
}

fn write_start(out: &mut String, name: &str, list: &str) {
    out.extend(["<", name]);
    for (attribute, value) in tags::attributes(list) {
        let is_short =
            value.len() <= 24 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.% ".contains(&byte));
        if ATTRIBUTES.contains(&attribute) && is_short {
            out.extend([" ", attribute, "=\"", value, "\""]);
        } else if attribute == "style" {
            // A page has no inline styles; columns stand as the style sheet has it.
            let side = ["left", "right"].into_iter().find(|side| value.contains(&format!("text-align: {side}")));
            if let Some(side) = side {
                out.extend([" class=\"", side, "\""]);
            }
        }
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn html(tex: &str) -> Option<String> {
        formula(tex, false)
    }

    #[test]
    fn formulas_become_mathml() {
        assert_eq!(html("x^2").as_deref(), Some("<math><msup><mi>x</mi><mn>2</mn></msup></math>"));
        assert_eq!(html("a<b").as_deref(), Some("<math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>"));
        assert!(formula("\\frac{1}{2}", true).unwrap().starts_with("<math display=\"block\"><mfrac>"));
        for good in [
            "\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}",
            "\\sum_{n=1}^{\\infty} \\frac{1}{n^2}",
            "\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}",
            "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
            "\\left( \\frac{a}{b} \\right)",
            "\\mathbb{R} \\to \\mathcal{F}",
            "\\text{if } x > 0",
        ] {
            let made = html(good).unwrap_or_else(|| panic!("{good}"));
            assert!(!made.contains(" style=") && !made.contains("/>"), "{made}");
        }
    }

    #[test]
    fn what_is_no_formula_or_too_much_of_one_stays_code() {
        for bad in ["\\frac{", "\\nosuchcommand", "}"] {
            assert_eq!(html(bad), None, "{bad}");
        }
        assert_eq!(html(&"x".repeat(MAX_BYTES + 1)), None);
        assert_eq!(html(&format!("{}x{}", "\\sqrt{".repeat(200), "}".repeat(200))), None);
        assert_eq!(drawn("<code class=\"math\">}</code>".to_owned()), "<code class=\"math\">}</code>");
        assert_eq!(drawn("<code class=\"math\"><b>x</b></code>".to_owned()), "<code class=\"math\"><b>x</b></code>");
    }

    #[test]
    fn formulas_lead_nowhere_and_set_no_style() {
        for tex in
            ["\\href{javascript:alert(1)}{x}", "\\text{<script>alert(1)</script>}", "\\color{red} x", "\\url{//x}"]
        {
            if let Some(made) = html(tex) {
                for not in [" href", "<script", " style", "<a"] {
                    assert!(!made.contains(not), "{tex}: {made}");
                }
            }
        }
    }

    #[test]
    fn no_formula_overflows_the_stack() {
        let work = || {
            for part in [
                "{",
                "\\sqrt",
                "\\left(",
                "x^",
                "x_{",
                "\\frac",
                "\\text{",
                "\\begin{matrix}",
                "\\hat",
                "\\overline{",
                "^",
                "\\mathrm",
            ] {
                let _ = html(&part.repeat(MAX_BYTES / part.len()));
                let _ = html(&format!("{}x{}", part.repeat(60), "}".repeat(60)));
            }
        };
        std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
    }

    proptest! {
        #[test]
        fn every_formula_is_well_formed(tex in "([a-z0-9{}^_&<>\"'$ +]|\\\\(frac|sqrt|left|right|text|begin|end|\\\\|alpha|href|color|mathrm|over|hat|[,;!]|[()])){0,24}") {
            if let Some(made) = html(&tex) {
                prop_assert_eq!(allowed(&made), Some(made.clone()));
                prop_assert!([" style=", " href=", "<script", "<a"].iter().all(|not| !made.contains(not)), "{}", made);
            }
        }
    }
}
