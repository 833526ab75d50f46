//! An answer, read as a browser reads it.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use scraper::{ElementRef, Html, Selector};

use super::Visitor;

/// An answer.
pub struct Page {
    asked: String,
    status: StatusCode,
    pub headers: HeaderMap,
    bytes: Bytes,
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css:?}: {error}"))
}

/// The text of an element with its white space as a reader sees it.
fn seen(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    pub(super) fn new(asked: String, status: StatusCode, headers: HeaderMap, bytes: Bytes) -> Self {
        Self { asked, status, headers, bytes }
    }

    /// Method and address.
    pub fn asked(&self) -> &str {
        &self.asked
    }

    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn body(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub fn is_html(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .unwrap_or_else(|| panic!("{}: {} leads nowhere\n{}", self.asked, self.status, self.body()))
            .to_str()
            .unwrap()
    }

    pub fn html(&self) -> Html {
        Html::parse_document(self.body())
    }

    /// Texts of all elements that match.
    pub fn all(&self, css: &str) -> Vec<String> {
        self.html().select(&selector(css)).map(seen).collect()
    }

    /// Text of the one element that matches.
    pub fn text(&self, css: &str) -> String {
        let mut all = self.all(css);
        assert_eq!(all.len(), 1, "{}: {css} is there {} times\n{}", self.asked, all.len(), self.body());
        all.remove(0)
    }

    pub fn has(&self, css: &str) -> bool {
        self.html().select(&selector(css)).next().is_some()
    }

    /// An attribute of every element that matches and has it.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.html().select(&selector(css)).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// An attribute of the one element that matches.
    pub fn attribute(&self, css: &str, name: &str) -> String {
        let mut all = self.attributes(css, name);
        assert_eq!(all.len(), 1, "{}: {css}[{name}] is there {} times\n{}", self.asked, all.len(), self.body());
        all.remove(0)
    }

    /// The inner HTML of the one element that matches, as parsed and written again.
    pub fn inner(&self, css: &str) -> String {
        let html = self.html();
        let found: Vec<_> = html.select(&selector(css)).collect();
        assert_eq!(found.len(), 1, "{}: {css} is there {} times\n{}", self.asked, found.len(), self.body());
        found[0].inner_html()
    }

    /// A form as it stands on the page.
    pub fn form(&self, css: &str) -> Form {
        let html = self.html();
        let found: Vec<_> = html.select(&selector(css)).collect();
        assert_eq!(found.len(), 1, "{}: {css} is there {} times\n{}", self.asked, found.len(), self.body());
        let here = self.asked.split(' ').nth(1).unwrap();
        Form::read(&html, found[0], here)
    }
}

#[derive(Clone)]
struct Button {
    label: String,
    field: Option<(String, String)>,
    to: Option<String>,
}

/// A form and what is in it; only what a person can do to it can be done to it.
#[derive(Clone)]
pub struct Form {
    to: String,
    is_post: bool,
    fields: Vec<(String, String)>,
    /// Fields that a browser sends only when they are chosen.
    unchosen: Vec<(String, String)>,
    buttons: Vec<Button>,
}

impl Form {
    fn read(html: &Html, form: ElementRef<'_>, here: &str) -> Self {
        let owned = |element: ElementRef<'_>, name: &str| element.attr(name).map(str::to_owned);
        let (mut fields, mut unchosen, mut buttons) = (Vec::new(), Vec::new(), Vec::new());
        let inside = selector("input, textarea, select, button");
        // What stands elsewhere and says that it belongs to this form.
        let outside = selector(&format!("[form='{}']", form.attr("id").unwrap_or("none")));
        for element in form.select(&inside).chain(html.select(&outside)) {
            let value = || owned(element, "value").unwrap_or_default();
            match (element.value().name(), element.attr("name")) {
                // A script's own.
                ("button", _) if element.attr("type") == Some("button") => {}
                ("button", name) => buttons.push(Button {
                    label: seen(element),
                    field: name.map(|name| (name.to_owned(), value())),
                    to: owned(element, "formaction"),
                }),
                (_, None) => {}
                ("textarea", Some(name)) => fields.push((name.to_owned(), element.text().collect())),
                ("select", Some(name)) => {
                    let options: Vec<_> = element.select(&selector("option")).collect();
                    let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
                    let value = chosen.map(|option| owned(*option, "value").unwrap_or_else(|| seen(*option)));
                    fields.push((name.to_owned(), value.unwrap_or_default()));
                }
                (_, Some(name)) if matches!(element.attr("type"), Some("checkbox" | "radio")) => {
                    let list = if element.attr("checked").is_some() { &mut fields } else { &mut unchosen };
                    list.push((name.to_owned(), value()));
                }
                (_, Some(name)) => fields.push((name.to_owned(), value())),
            }
        }
        let to = form.attr("action").unwrap_or(here).to_owned();
        Self { to, is_post: form.attr("method") == Some("post"), fields, unchosen, buttons }
    }

    /// What a field holds.
    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("no field {name:?} in the form to {}", self.to), |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    /// Types into a field, or chooses in a list.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        let found = self.fields.iter_mut().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no field {name:?} in the form")).1 = value.to_owned();
        self
    }

    /// Chooses a radio button or ticks a box.
    #[must_use]
    pub fn choose(mut self, name: &str, value: &str) -> Self {
        let at = self.unchosen.iter().position(|(known, has)| known == name && has == value);
        if let Some(at) = at {
            self.fields.retain(|(known, _)| known != name);
            let chosen = self.unchosen.remove(at);
            self.fields.push(chosen);
        }
        assert_eq!(self.value(name), value);
        self
    }

    /// Ticks one of several boxes of a name, beside those that are ticked.
    #[must_use]
    pub fn tick(mut self, name: &str, value: &str) -> Self {
        let at = self.unchosen.iter().position(|(known, has)| known == name && has == value);
        let ticked = self.unchosen.remove(at.unwrap_or_else(|| panic!("no empty box {name}={value}")));
        self.fields.push(ticked);
        self
    }

    /// Takes a tick away.
    #[must_use]
    pub fn untick(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// Where it goes.
    pub fn action(&self) -> &str {
        &self.to
    }

    /// The labels of its buttons.
    pub fn buttons(&self) -> Vec<&str> {
        self.buttons.iter().map(|button| button.label.as_str()).collect()
    }

    /// Presses the button with this label.
    pub async fn press(self, label: &str, visitor: &Visitor) -> Page {
        let at = self.buttons.iter().position(|button| button.label == label);
        let at = at.unwrap_or_else(|| panic!("no button {label:?} among {:?}", self.buttons()));
        self.send(at, visitor).await
    }

    /// Presses Enter: the first button is the form's own.
    pub async fn submit(self, visitor: &Visitor) -> Page {
        self.send(0, visitor).await
    }

    /// Sends it as a script does, to its own address with this behind it.
    pub async fn send_to(self, behind: &str, visitor: &Visitor) -> Page {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        visitor.post(&format!("{}{behind}", self.to), &fields).await
    }

    async fn send(mut self, button: usize, visitor: &Visitor) -> Page {
        let Button { field, to, .. } = self.buttons.swap_remove(button);
        self.fields.extend(field);
        let to = to.unwrap_or(self.to);
        // Browsers send every line's end as CR LF.
        let fields: Vec<(&str, String)> = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.replace("\r\n", "\n").replace('\n', "\r\n")))
            .collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if self.is_post {
            visitor.post(&to, &fields).await
        } else {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            visitor.get(&format!("{to}?{query}")).await
        }
    }
}
