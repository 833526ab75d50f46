//! Text and addresses spelled so that Markdown reads them as they are.

/// Text with every sign that could ever mean something spelled out. A `|` stays: tables see to theirs.
pub(super) fn all(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\n' => out.push(' '),
            '|' => out.push('|'),
            _ => {
                if letter.is_ascii_punctuation()
                    && !matches!(letter, ',' | '.' | '"' | '\'' | '?' | ';' | '/' | '%' | '@')
                {
                    out.push('\\');
                }
                out.push(letter);
            }
        }
    }
    out
}

/// Text with those signs spelled out that mean something where they stand; `before` and `after` are what surrounds it.
pub(super) fn some(text: &str, before: Option<char>, after: Option<char>) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, &letter) in letters.iter().enumerate() {
        let previous = if at == 0 { before } else { letters.get(at - 1).copied() };
        let next = letters.get(at + 1).copied().or(after);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_gap = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let means = match letter {
            '\\' => next.is_none_or(|c| c.is_ascii_punctuation()),
            '`' | '[' | ']' => true,
            '*' => !(is_gap(previous) && is_gap(next)),
            '_' => !(is_word(previous) && is_word(next) || is_gap(previous) && is_gap(next)),
            '~' => previous == Some('~') || next == Some('~') || !is_gap(next),
            '<' => next.is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => next.is_none_or(|c| c == '#' || c.is_ascii_alphanumeric()),
            '!' => next.is_none() || next == Some('['),
            // Only behind something does it end a formula; without an end none begins.
            '$' => previous.is_some_and(|c| !c.is_ascii_whitespace()),
            _ => false,
        };
        if means {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A line of a paragraph, its beginning spelled so that it begins no block.
pub(super) fn line(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.get(digits..).unwrap_or_default();
    if (1..=9).contains(&digits) && after.starts_with(['.', ')']) {
        return format!("{}\\{after}", text.get(..digits).unwrap_or_default());
    }
    if text.starts_with(['#', '>', '+', '-', '=', '|', '~']) || text.starts_with(":-") {
        format!("\\{text}")
    } else {
        text.to_owned()
    }
}

/// An address as it stands in a link.
pub(super) fn address(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for letter in address.trim().chars() {
        match letter {
            '\n' | '\t' | '\r' => {}
            '\0'..=' ' | '"' | '(' | ')' | '<' | '>' | '\\' | '`' | '|' | '\x7f' => {
                out.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            '&' => out.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '$' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out
}

/// A link's title, or a picture's caption, as it stands in quotes.
pub(super) fn title(title: &str) -> String {
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    all(&line).replace('"', "\\\"")
}

/// Whether a link may lead there.
pub(super) fn is_followed(address: &str) -> bool {
    let address: String = address.chars().filter(|c| !c.is_ascii_control() && *c != ' ').collect();
    match address.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        _ => true,
    }
}

/// Whether an address can stand between `<` and `>`.
pub(super) fn is_plain(address: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?=%:+,;@#!".contains(&byte);
    (address.starts_with("https://") || address.starts_with("http://")) && address.bytes().all(is_sign)
}

/// The longest run of `sign` in `text`.
pub(super) fn longest_run(text: &str, sign: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for letter in text.chars() {
        run = if letter == sign { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
