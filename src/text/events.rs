//! Reading what the Markdown parser says: within bounds, footnotes apart, pictures and links that stand alone.

use std::collections::HashMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::{markdown::RenderError, sanitise};

/// The events of `source`, when it is neither too long nor too deep. Both are counted before anything is built from them.
pub(super) fn parse(
    source: &str,
    options: Options,
    max_depth: usize,
    max_bytes: usize,
) -> Result<Vec<Event<'_>>, RenderError> {
    // The shortest element makes about so much HTML; a wide table has a cell for each column in each row, written or not.
    const BYTES_PER_EVENT: usize = 8;
    if source.len() > max_bytes {
        return Err(RenderError::TooLong);
    }
    let mut events = Vec::new();
    let mut depth = 0_usize;
    for event in TextMergeStream::new(Parser::new_ext(source, options)) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth > max_depth {
            return Err(RenderError::TooDeep);
        }
        if events.len() >= max_bytes / BYTES_PER_EVENT {
            return Err(RenderError::TooLong);
        }
        events.push(event);
    }
    Ok(events)
}

/// `events` (of `source`) with an empty `<span id="line-{number}">` before each block that stands in no other.
pub(super) fn numbered<'a>(source: &'a str, options: Options, events: Vec<Event<'a>>) -> Vec<Event<'a>> {
    let mut depth = 0_usize;
    let mut starts = Parser::new_ext(source, options).into_offset_iter().filter_map(move |(event, place)| {
        let is_outer = depth == 0;
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        (is_outer && matches!(event, Event::Start(_) | Event::Rule)).then_some(place.start)
    });
    let (mut line, mut counted, mut depth) = (1, 0, 0_usize);
    let mut out = Vec::with_capacity(events.len() + events.len() / 4);
    for event in events {
        if depth == 0
            && matches!(event, Event::Start(_) | Event::Rule)
            && let Some(start) = starts.next()
        {
            line += source.get(counted..start).unwrap_or_default().matches('\n').count();
            counted = start;
            out.push(Event::InlineHtml(format!("<span id=\"line-{line}\"></span>").into()));
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        out.push(event);
    }
    out
}

/// Parts the text from the footnotes, which may stand anywhere in it; of two with one label the first counts.
pub(super) fn without_footnotes<'a>(events: Vec<Event<'a>>) -> (Vec<Event<'a>>, HashMap<String, Vec<Event<'a>>>) {
    let mut notes: HashMap<String, Vec<Event<'a>>> = HashMap::new();
    // The body, and on it the footnotes that are being read.
    let mut open: Vec<(String, Vec<Event<'a>>)> = vec![(String::new(), Vec::with_capacity(events.len()))];
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open.push((label.into_string(), Vec::new())),
            Event::End(TagEnd::FootnoteDefinition) if open.len() > 1 => {
                if let Some((label, text)) = open.pop() {
                    notes.entry(label).or_insert(text);
                }
            }
            event => {
                if let Some((_, text)) = open.last_mut() {
                    text.push(event);
                }
            }
        }
    }
    (open.swap_remove(0).1, notes)
}

/// What stands between the first of `events`, a start, and its `end`. Only for elements that do not hold their own kind, or pictures.
pub(super) fn up_to_end<'a, 'b>(events: &'b [Event<'a>], end: &TagEnd) -> &'b [Event<'a>] {
    let mut depth = 0_usize;
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(tag) if tag.to_end() == *end => depth += 1,
            Event::End(found) if found == end => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return events.get(1..index).unwrap_or_default();
        }
    }
    events.get(1..).unwrap_or_default()
}

/// What a picture shows, in words: the text between its brackets without any markup.
pub(super) fn alt_of(events: &[Event<'_>]) -> String {
    let mut alt = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => alt.push_str(text),
            Event::SoftBreak | Event::HardBreak => alt.push(' '),
            _ => {}
        }
    }
    alt
}

/// The pictures in the paragraph at the beginning of `events`, each in its link if it has one, when it holds nothing but those of
/// the blog's own; and how many events the paragraph has.
pub(super) fn pictures<'a, 'b>(events: &'b [Event<'a>]) -> Option<(Vec<&'b [Event<'a>]>, usize)> {
    let mut found = Vec::new();
    let mut at = 1;
    loop {
        let rest = events.get(at..)?;
        at += match rest.first()? {
            Event::End(TagEnd::Paragraph) => return (!found.is_empty()).then_some((found, at + 1)),
            Event::SoftBreak | Event::HardBreak => 1,
            Event::Text(text) if text.trim().is_empty() => 1,
            _ => {
                let length = picture(rest)?;
                found.push(rest.get(..length)?);
                length
            }
        };
    }
}

/// How many events the picture has that `events` begin with: the blog's own, or one of elsewhere that becomes a link above its
/// caption.
fn picture(events: &[Event<'_>]) -> Option<usize> {
    let is_linked = matches!(events.first()?, Event::Start(Tag::Link { .. }));
    let rest = events.get(usize::from(is_linked)..)?;
    let Event::Start(Tag::Image { dest_url, .. }) = rest.first()? else { return None };
    sanitise::picture_host(dest_url)?;
    let length = up_to_end(rest, &TagEnd::Image).len() + 2;
    if !is_linked {
        return Some(length);
    }
    matches!(rest.get(length)?, Event::End(TagEnd::Link)).then_some(length + 2)
}

/// Address and words of the link, or of the bare address, that is all there is in the paragraph at the beginning of `events`; and how
/// many events the paragraph has.
pub(super) fn lone_link(events: &[Event<'_>]) -> Option<(String, String, usize)> {
    let (address, inner, length) = match events {
        [_, Event::Text(text), Event::End(TagEnd::Paragraph), ..] => (text, &events[1..2], 3),
        [_, Event::Start(Tag::Link { dest_url, .. }), rest @ ..] => {
            let inner = rest.get(..rest.iter().position(|event| *event == Event::End(TagEnd::Link))?)?;
            matches!(rest.get(inner.len() + 1)?, Event::End(TagEnd::Paragraph)).then_some(())?;
            (dest_url, inner, inner.len() + 4)
        }
        _ => return None,
    };
    Some((address.trim().to_owned(), alt_of(inner), length))
}

/// Formulas that are none: `$5-$10` is two prices. As pandoc has it, no digit follows the sign that ends a formula.
pub(super) fn prices(events: &mut [Event<'_>]) {
    for at in 0..events.len() {
        let is_price = match events.get(at..) {
            Some([Event::InlineMath(_), Event::Text(next), ..]) => next.starts_with(|sign: char| sign.is_ascii_digit()),
            _ => false,
        };
        if let Some(event) = events.get_mut(at)
            && let Event::InlineMath(text) = event
            && is_price
        {
            *event = Event::Text(format!("${text}$").into());
        }
    }
}
