//! Paths that the settings of a site leave out, by patterns. Where one is not read exactly here, it matches more: what may have been
//! left out is not shown.

/// A pattern that is longer is taken to match nothing.
const MAX_PATTERN: usize = 300;
/// So many forms a pattern with `{a,b}` may have.
const MAX_FORMS: usize = 64;
/// So many patterns are heard.
pub(super) const MAX_PATTERNS: usize = 300;

/// Whether a path, or a folder above it, is matched by a pattern with `*`, `?`, `[a-z]`, `{a,b}`. One without a slash is looked for
/// in every folder.
pub(super) fn is_left_out(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim().trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if pattern.is_empty() {
        return false;
    }
    let is_name = !pattern.contains('/');
    let forms = forms(pattern);
    let ends = path.match_indices('/').map(|(slash, _)| slash).chain([path.len()]);
    ends.map(|end| &path[..end]).any(|above| {
        let name = above.rsplit('/').next().unwrap_or(above);
        forms.iter().any(|form| {
            let anywhere = form.strip_prefix("**/");
            is_match(anywhere.unwrap_or(form), above)
                || anywhere.is_some_and(|form| is_match(&format!("*/{form}"), above))
                || is_name && is_match(form, name)
        })
    })
}

/// Whether a regular expression of Hugo's `ignoreFiles` finds something in a path.
pub(super) fn is_found(expression: &str, path: &str) -> bool {
    forms(&as_pattern(expression, false)).iter().any(|form| is_match(form, path))
}

/// A regular expression as a pattern: groups are `{a,b}`, and what repeats, or is one of many, is anything.
fn as_pattern(expression: &str, is_grouped: bool) -> String {
    let mut letters = expression.chars().peekable();
    // The atom that a repetition is about begins where the last one does.
    let (mut made, mut last, mut groups) = (String::new(), 0, Vec::new());
    let is_from_start = expression.starts_with('^');
    let mut is_to_end = false;
    while let Some(letter) = letters.next() {
        is_to_end = false;
        match letter {
            '^' => {}
            '$' => is_to_end = true,
            '\\' => {
                last = made.len();
                match letters.next() {
                    Some('b' | 'A' | 'z') | None => {}
                    Some(class) if class.is_ascii_alphanumeric() => made.push('?'),
                    Some(letter) => literal(&mut made, letter),
                }
            }
            '[' => {
                last = made.len();
                // A bracket in first place is one of the letters.
                let mut is_first = true;
                while let Some(inner) = letters.next() {
                    match inner {
                        '\\' => {
                            letters.next();
                        }
                        '^' if is_first => continue,
                        ']' if !is_first => break,
                        _ => {}
                    }
                    is_first = false;
                }
                made.push('?');
            }
            '(' => {
                groups.push(made.len());
                if letters.next_if_eq(&'?').is_some() {
                    while letters.next().is_some_and(|flag| !matches!(flag, ':' | '>')) {}
                }
                made.push('{');
            }
            ')' if !groups.is_empty() => {
                last = groups.pop().unwrap_or_default();
                made.push('}');
            }
            '|' if groups.is_empty() && is_grouped => return "*".to_owned(),
            '|' if groups.is_empty() => return as_pattern(&format!("({expression})"), true),
            '|' => made.push(','),
            '*' | '+' | '?' => {
                made.truncate(last);
                made.push('*');
            }
            '{' => {
                while letters.next().is_some_and(|letter| letter != '}') {}
                made.truncate(last);
                made.push('*');
            }
            '.' => {
                last = made.len();
                made.push('?');
            }
            letter => {
                last = made.len();
                literal(&mut made, letter);
            }
        }
    }
    format!("{}{made}{}", if is_from_start { "" } else { "*" }, if is_to_end { "" } else { "*" })
}

/// A letter that means itself, or anything where it would mean something.
fn literal(made: &mut String, letter: char) {
    made.push(if matches!(letter, '*' | '?' | '[' | ']' | '{' | '}' | ',') { '?' } else { letter });
}

/// A pattern without its alternatives: `a.{b,c}` is `a.b` and `a.c`.
fn forms(pattern: &str) -> Vec<String> {
    if pattern.len() > MAX_PATTERN {
        return Vec::new();
    }
    let mut forms = vec![pattern.to_owned()];
    // The innermost first, so that those within others come out too.
    while let Some(at) = forms.iter().position(|form| form.contains('{') && form.contains('}')) {
        let form = forms.swap_remove(at);
        let Some((start, end)) = innermost(&form) else {
            forms.push(form.replace(['{', '}'], "?"));
            continue;
        };
        let alternatives = form[start + 1..end].split(',');
        forms.extend(alternatives.map(|one| format!("{}{one}{}", &form[..start], &form[end + 1..])));
        if forms.len() > MAX_FORMS {
            return vec!["*".to_owned()];
        }
    }
    forms
}

fn innermost(form: &str) -> Option<(usize, usize)> {
    let end = form.match_indices('}').map(|(at, _)| at).find(|at| form[..*at].contains('{'))?;
    Some((form[..end].rfind('{')?, end))
}

/// Whether all of `text` is as `form` says: `*` is any letters, slashes too, `?` and `[a-z]` any one.
fn is_match(form: &str, text: &str) -> bool {
    let form: Vec<char> = without_classes(form);
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut read) = (0, 0);
    // Where the last `*` is, and how much it stands for so far.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match form.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                at = place + 1;
                read = taken + 1;
            }
        }
    }
    form[at..].iter().all(|letter| *letter == '*')
}

fn without_classes(form: &str) -> Vec<char> {
    let mut letters = Vec::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('[') {
        letters.extend(before.chars());
        letters.push('?');
        rest = after.split_once(']').map_or("", |(_, rest)| rest);
    }
    letters.extend(rest.chars());
    letters
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_leave_out_what_they_name_and_all_below_it() {
        for (pattern, path, expected) in [
            ("drafts", "drafts/a.md", true),
            ("drafts/", "src/drafts/a.md", true),
            ("/src/drafts/**", "src/drafts/x/a.md", true),
            ("src/drafts", "src/drafts.md", false),
            ("**/private/*", "a/b/private/c.md", true),
            ("*.{graphml,xlsx}", "a/b.md", false),
            ("temp.*", "a/temp.md", true),
            ("notes-[0-9].md", "a/notes-1.md", true),
            ("{a,{b,c}}.md", "c.md", true),
            ("README.md", "posts/readme.md", false),
            ("", "a.md", false),
        ] {
            assert_eq!(is_left_out(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn regular_expressions_leave_out_at_least_what_they_match() {
        for (expression, path, expected) in [
            ("\\.draft\\.md$", "posts/a.draft.md", true),
            ("\\.draft\\.md$", "posts/a.md", false),
            ("\\.(Rmd|ipynb)$", "posts/a.md", false),
            ("_cache$", "posts/a.md", false),
            ("^private/", "private/a.md", true),
            ("^private/", "posts/private/a.md", false),
            ("posts/20(19|20)-.*", "posts/2020-a.md", true),
            ("posts/20(19|20)-.*", "posts/2021-a.md", false),
            ("post[^/]+secret", "posts/a-secret.md", true),
            ("(?i:notes?)/\\d{4}", "note/2020.md", true),
            ("\\.Rmd$|_draft", "posts/x.md", false),
            ("\\.Rmd$|_draft", "posts/x_draft.md", true),
        ] {
            assert_eq!(is_found(expression, path), expected, "{expression} {path}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_panics_or_takes_long(pattern in "[]\\[{}()*?+|,.^$\\\\a/é-]{0,80}", path in "[a-c/.é]{0,60}") {
            is_left_out(&pattern, &path);
            is_found(&pattern, &path);
        }
    }
}
