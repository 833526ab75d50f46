//! What lies at each address of the blog, which file that becomes, and where a link leads then.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

use percent_encoding::percent_decode_str;
use url::{Position, Url};

/// Who is led on more often goes in a circle.
const MAX_HOPS: usize = 5;

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// It has not been asked for yet.
    Unknown,
    /// A page: a folder with an `index.html`, which every server shows.
    Page,
    /// A feed, a list for crawlers, a style sheet or a script: a file of its name.
    Text,
    /// A picture or a file, likewise.
    File,
    /// It leads to another address.
    Moved(String),
    /// Nothing.
    Nowhere,
}

/// Every address that was come by: path and query.
pub(super) struct Places {
    base: Url,
    lies: HashMap<String, Lies>,
    /// The page of a list that stands before one.
    before: HashMap<String, String>,
}

impl Places {
    pub(super) fn new(base: &Url) -> Self {
        Self { base: base.clone(), lies: HashMap::new(), before: HashMap::new() }
    }

    /// The blog's address, without a slash at its end.
    pub(super) fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Takes an address in. `true`: it was not known.
    pub(super) fn add(&mut self, address: &str) -> bool {
        let is_new = !self.lies.contains_key(address);
        if is_new {
            self.lies.insert(address.to_owned(), Lies::Unknown);
        }
        is_new
    }

    /// Takes in where a link on the page `on` leads: the address, if it is one of the blog and not known yet.
    pub(super) fn add_link(&mut self, on: &str, link: &str) -> Option<String> {
        let (address, _) = self.own(on, link)?;
        if is_newer(&address) {
            // The same posts as on the page before it, under another address.
            return None;
        }
        if address.contains("?older=") && address != on {
            self.before.entry(address.clone()).or_insert_with(|| on.to_owned());
        }
        self.add(&address).then_some(address)
    }

    /// Notes what an address answered.
    pub(super) fn note(&mut self, address: &str, lies: Lies) {
        self.lies.insert(address.to_owned(), lies);
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.lies.len() as u64
    }

    /// Those at which something like this lies.
    pub(super) fn of(&self, lies: &Lies) -> Vec<String> {
        self.lies.iter().filter(|(_, found)| *found == lies).map(|(address, _)| address.clone()).collect()
    }

    /// What leads elsewhere, and where to.
    pub(super) fn moved(&self) -> BTreeMap<&str, String> {
        let moved = self.lies.iter().filter(|(_, lies)| matches!(lies, Lies::Moved(_)));
        let led = moved.filter_map(|(address, _)| Some((address.as_str(), self.link("/", address)?)));
        led.filter(|(from, to)| from.trim_end_matches('/') != to.trim_end_matches('/')).collect()
    }

    /// Address and fragment of a link, if it leads to the blog.
    fn own(&self, on: &str, link: &str) -> Option<(String, String)> {
        let mut url = self.base.join(on).ok()?.join(link).ok()?;
        if url.origin() != self.base.origin() {
            return None;
        }
        // Nothing of a reader's page hangs on any other parameter.
        let is_kept = |query: &str| {
            let name = query.split('=').next().unwrap_or_default();
            matches!(name, "older" | "newer" | "thread") || url.path() == "/"
        };
        if !url.query().is_some_and(is_kept) {
            url.set_query(None);
        }
        let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
        Some((url[Position::BeforePath..Position::AfterQuery].to_owned(), fragment))
    }

    /// Where a link on the page `on` leads among the files. `None`: it stays as it is.
    pub(super) fn link(&self, on: &str, link: &str) -> Option<String> {
        if link.starts_with('#') {
            return None;
        }
        let (mut address, mut fragment) = self.own(on, link)?;
        if is_newer(&address) {
            let list = address.split('?').next().unwrap_or_default().to_owned();
            address = self.before.get(on).cloned().unwrap_or(list);
        }
        for _ in 0..MAX_HOPS {
            match self.lies.get(&address)? {
                Lies::Page => return Some(format!("{}{fragment}", folder(&address))),
                Lies::Text | Lies::File => return Some(format!("{address}{fragment}")),
                Lies::Unknown | Lies::Nowhere => return None,
                Lies::Moved(to) => match self.own(&address, to) {
                    Some((next, place)) => {
                        address = next;
                        fragment = if place.is_empty() { fragment } else { place };
                    }
                    None => return Some(to.clone()),
                },
            }
        }
        None
    }
}

fn is_newer(address: &str) -> bool {
    address.contains("?newer=")
}

/// The address of the folder in which a page is: a place in a list is one below it. No slug has a `=`.
fn folder(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let place = Some(query).filter(|query| ["older=", "thread="].iter().any(|name| query.starts_with(name)));
    let path = path.trim_end_matches('/');
    place.map_or_else(|| format!("{path}/"), |place| format!("{path}/{place}/"))
}

/// Where the file of an address stands, below the folder of all. `None`: no file could have that name.
pub(super) fn file(address: &str, is_page: bool) -> Option<PathBuf> {
    let address = if is_page { format!("{}index.html", folder(address)) } else { address.to_owned() };
    let path = percent_decode_str(address.strip_prefix('/')?).decode_utf8().ok()?;
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.len() < 256 && !name.contains(['\0', '\\']);
    path.split('/').all(is_name).then(|| PathBuf::from(path.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(found: &[(&str, Lies)]) -> Places {
        let mut places = Places::new(&Url::parse("http://blog.example").unwrap());
        found.iter().for_each(|(address, lies)| places.note(address, lies.clone()));
        places
    }

    #[test]
    fn links_lead_to_what_is_there() {
        let moved = |to: &str| Lies::Moved(to.to_owned());
        let places = places(&[
            ("/", Lies::Page),
            ("/a/b", Lies::Page),
            ("/a/b?thread=2", Lies::Page),
            ("/feed.xml", Lies::Text),
            ("/old", moved("/older")),
            ("/older", moved("/a/b#c")),
            ("/comments/7", moved("/a/b?thread=2#comment-7")),
            ("/away", moved("https://other.example/")),
            ("/ring", moved("/ring")),
            ("/gone", Lies::Nowhere),
        ]);
        for (link, leads) in [
            ("/", Some("/")),
            ("/a/b", Some("/a/b/")),
            ("../a/b?utm_source=x#d", Some("/a/b/#d")),
            ("http://blog.example/a/b", Some("/a/b/")),
            ("?thread=2#comments", Some("/a/b/thread=2/#comments")),
            ("/feed.xml", Some("/feed.xml")),
            ("/old#d", Some("/a/b/#c")),
            ("/comments/7", Some("/a/b/thread=2/#comment-7")),
            ("/away", Some("https://other.example/")),
            ("/ring", None),
            ("/gone", None),
            ("/unheard-of", None),
            ("#c", None),
            ("mailto:a@b.example", None),
            ("https://blog.example/a/b", None),
            ("//other.example/a/b", None),
        ] {
            assert_eq!(places.link("/a/b", link).as_deref(), leads, "{link}");
        }
        let moved = places.moved();
        assert_eq!(moved.keys().copied().collect::<Vec<_>>(), ["/away", "/comments/7", "/old", "/older"]);
    }

    #[test]
    fn a_list_goes_on_from_page_to_page_and_back() {
        let mut places = places(&[("/", Lies::Page)]);
        assert_eq!(places.add_link("/", "?older=2_2").as_deref(), Some("/?older=2_2"));
        assert_eq!(places.add_link("/?older=2_2", "/?older=1_1").as_deref(), Some("/?older=1_1"));
        assert_eq!(places.add_link("/?older=1_1", "/?newer=2_2"), None);
        places.note("/?older=2_2", Lies::Page);
        assert_eq!(places.link("/?older=1_1", "/?newer=2_2").as_deref(), Some("/older=2_2/"));
        assert_eq!(places.link("/?older=2_2", "/?newer=3_3").as_deref(), Some("/"));
    }

    #[test]
    fn files_are_named_after_their_addresses_and_stay_in_their_folder() {
        for (address, is_page, name) in [
            ("/", true, Some("index.html")),
            ("/2023/02/hello", true, Some("2023/02/hello/index.html")),
            ("/2023/02/hello?thread=2", true, Some("2023/02/hello/thread=2/index.html")),
            ("/tag/c%C3%A9", true, Some("tag/cé/index.html")),
            ("/feed.xml", false, Some("feed.xml")),
            ("/a/%2e%2e/%2e%2e/b", true, None),
            ("/a//b", true, None),
            ("/a%2f..%2fb", false, None),
            ("/a%00", false, None),
            ("/a%ff", false, None),
        ] {
            assert_eq!(file(address, is_page), name.map(PathBuf::from), "{address}");
        }
    }
}
