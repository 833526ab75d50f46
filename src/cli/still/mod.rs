//! `laman export --format static`: the whole blog as plain files. The program asks itself for every address that its pages
//! name, writes down what it answers, and then leads every link to the file that is there.

mod leads;
mod places;

use std::{
    collections::{HashSet, VecDeque},
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use self::places::{Lies, Places};
use super::{Failure, clock, export::progress, say};
use crate::{
    app::App,
    exchange::laman::Row,
    model::{media, time::Time},
    store::{Part, Store},
    text::addresses,
    web::{self, Found, Front, Keeping},
};

/// By this file a folder is known as one that may be replaced.
const MARK: &str = "laman-static.txt";
const ABOUT: &str = "Written by laman export --format static; the next export replaces this folder as a whole, unless there is something\n\
    in it that is not in the list below.\n\
    Any web server serves it. Comment forms and search are not in it, since they need the program.\n\
    Old addresses are in _redirects, redirects.nginx.conf and redirects.caddy; 404.html is for what is not there.\n";
/// No page has this address, whatever its slug.
const NOWHERE: &str = "/media/nowhere";
/// So many at least stood on each page of a list elsewhere.
const POSTS_OF_A_PAGE: usize = 5;
/// No more pages of a list are thought of.
const MAX_PAGES: usize = 1000;
/// What stands in a path as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What stands in a query as it is.
const NUMBER: &AsciiSet = &PATH.remove(b'?').remove(b'=').remove(b'&');

/// What keeps an export from the place of an earlier one: that it was none, or a file that it did not make.
pub(super) fn may_replace(to: &Path) -> Result<(), Failure> {
    let is_there = || Failure::Said(format!("{} is there already; nothing is written over it", to.display()));
    let mark = to.join(MARK);
    if to.is_symlink() || !mark.is_file() {
        return Err(is_there());
    }
    let list = fs::read_to_string(&mark).map_err(|error| unwritten(&mark, &error))?;
    let made: HashSet<&str> = list.split_once("\n\n").map_or(MARK, |(_, names)| names).lines().collect();
    match stranger(to, Path::new(""), &made).map_err(|error| unwritten(to, &error))? {
        None => Ok(()),
        Some(name) => Err(Failure::Said(format!(
            "{} is not of the last export, and would be gone: move it away, or export to another folder and copy that over this one",
            to.join(name).display()
        ))),
    }
}

/// Something below a folder that was not made there.
fn stranger(root: &Path, below: &Path, made: &HashSet<&str>) -> std::io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        let is_dir = entry.file_type()?.is_dir();
        let found = if is_dir && name != Path::new(".git") {
            // One without files is nobody's loss.
            stranger(root, &name, made)?
        } else {
            let is_made = !is_dir && name.to_str().is_some_and(|name| made.contains(name));
            Some(name).filter(|_| !is_made)
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Writes the blog into `folder`, which is new and empty. `base`: where it will be served.
pub(super) async fn write(store: &Store, base: &Url, folder: &Path) -> Result<(), Failure> {
    let front = web::front(App::still(store.clone(), clock(), base), Keeping { cache_bytes: 0, ..Keeping::default() });
    let bar = progress("addresses");
    let mut walk = Walk {
        front,
        places: Places::new(base),
        waiting: VecDeque::new(),
        numbered: HashSet::new(),
        folder: folder.to_owned(),
        made: vec![MARK.to_owned()],
    };
    walk.begin(store).await?;
    let mut asked = 0;
    while let Some(address) = walk.waiting.pop_front() {
        walk.ask(&address).await?;
        asked += 1;
        bar.set_length(walk.places.len());
        bar.set_position(asked);
    }
    for (lies, is_page) in [(Lies::Page, true), (Lies::Text, false)] {
        for address in walk.places.of(&lies) {
            walk.lead(&address, is_page)?;
        }
    }
    let nothing = match web::ask(&walk.front, NOWHERE).await? {
        Found::Nothing(page) => walk.led("/", &page),
        _ => String::new(),
    };
    walk.put(Path::new("404.html"), nothing.as_bytes())?;
    for (name, text) in leads::files(&walk.places.moved()) {
        walk.put(Path::new(name), text.as_bytes())?;
    }
    walk.made.sort_unstable();
    let list = format!("{ABOUT}\n{}\n", walk.made.join("\n"));
    walk.put(Path::new(MARK), list.as_bytes())?;
    bar.finish_and_clear();
    say(&format!(
        "{} pages, {} pictures and files; comment forms and search are left out, since they need the program",
        walk.places.of(&Lies::Page).len(),
        walk.places.of(&Lies::File).len()
    ));
    Ok(())
}

struct Walk {
    front: Front,
    places: Places,
    waiting: VecDeque<String>,
    /// Addresses that are a number in the query of a page.
    numbered: HashSet<String>,
    folder: PathBuf,
    /// Files in it.
    made: Vec<String>,
}

impl Walk {
    /// Home, what no page names, and every address that the blog has or had. What readers do not see answers nothing.
    async fn begin(&mut self, store: &Store) -> Result<(), Failure> {
        for address in ["/", "/sitemap.xml", "/robots.txt", "/favicon.ico"] {
            self.wait(address);
        }
        self.feeds("/comments/feed");
        let zone = store.settings().await?.map_or(TimeZone::UTC, |settings| settings.zone);
        let mut posts = 0;
        let mut snapshot = store.snapshot().await?;
        for part in [Part::Media, Part::Posts, Part::Redirects] {
            let mut after = String::new();
            loop {
                let rows = snapshot.rows(part, &after).await?;
                let Some((last, _)) = rows.last() else { break };
                after.clone_from(last);
                for (_, row) in &rows {
                    let row = serde_json::from_str(row).unwrap_or_default();
                    self.row(part, &row);
                    if part == Part::Posts {
                        posts += 1;
                        self.day(&row, &zone);
                    }
                }
            }
        }
        // Elsewhere a list was cut into pages, of which the program knows none: it leads to the list.
        for page in 2..=(posts / POSTS_OF_A_PAGE + 1).min(MAX_PAGES) {
            self.wait(&format!("/page/{page}"));
        }
        Ok(())
    }

    /// What was the archive of a day elsewhere: the program leads it to its month.
    fn day(&mut self, row: &Row, zone: &TimeZone) {
        let month = row.get("path").and_then(Value::as_str).and_then(|path| path.rsplit_once('/'));
        let at = row
            .get("published_at")
            .and_then(Value::as_i64)
            .filter(|_| row.get("state").is_some_and(|it| it == "published"));
        if let (Some((month, _)), Some(at)) = (month, at) {
            self.wait(&format!("/{month}/{:02}", Time(at).in_zone(zone).day()));
        }
    }

    fn row(&mut self, part: Part, row: &Row) {
        let word = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
        if part == Part::Media {
            let before =
                row.get("instead_of").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            for hash in before.chain([word("hash")]) {
                self.wait(&media::address(hash, word("name")));
            }
            return;
        }
        let old = row.get("old_paths").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for path in old.chain([word("path")]).filter(|path| !path.is_empty()) {
            // Some had their number for an address.
            let (path, number) = path.find('?').map_or((path, ""), |at| path.split_at(at));
            let address = format!("/{}{}", utf8_percent_encode(path, PATH), utf8_percent_encode(number, NUMBER));
            if !number.is_empty() {
                self.numbered.insert(address.clone());
            }
            self.wait(&address);
            // Of the comments on it.
            if number.is_empty() && word("origin").starts_with("wordpress:") {
                self.wait(&format!("{address}/feed"));
            }
        }
        if part == Part::Posts
            && let Some(id) = row.get("id")
        {
            self.feeds(&format!("/comments/on/{id}/feed"));
        }
    }

    fn feeds(&mut self, address: &str) {
        for ending in ["xml", "rss", "json"] {
            self.wait(&format!("{address}.{ending}"));
        }
    }

    fn wait(&mut self, address: &str) {
        if self.places.add(address) {
            self.waiting.push_back(address.to_owned());
        }
    }

    /// Asks for an address, writes down what it answers, and takes in what that names.
    async fn ask(&mut self, address: &str) -> Result<(), Failure> {
        let path = address.split('?').next().unwrap_or_default();
        let lies = match web::ask(&self.front, address).await? {
            // Home shows itself under a number of what readers do not see.
            Found::Page(_) if self.numbered.contains(address) => Lies::Nowhere,
            Found::Moved(to) if to == "/" && self.numbered.contains(address) => Lies::Nowhere,
            // Any other parameter shows the same page.
            Found::Page(_) if path != address && places::file(path, true) == places::file(address, true) => {
                self.wait(path);
                Lies::Moved(path.to_owned())
            }
            Found::Page(text) => self.keep(address, &text, true)?,
            Found::Text(text) => self.keep(address, &text, false)?,
            Found::File(mut pieces) => match places::file(address, false) {
                Some(name) => {
                    let mut file = self.begin_file(&name)?;
                    while let Some(bytes) = pieces.next().await? {
                        file.write_all(&bytes).map_err(|error| unwritten(&name, &error))?;
                    }
                    Lies::File
                }
                None => Lies::Nowhere,
            },
            Found::Moved(to) => {
                self.take_in(address, &to);
                Lies::Moved(to)
            }
            Found::Nothing(_) => Lies::Nowhere,
        };
        self.places.note(address, lies);
        Ok(())
    }

    fn keep(&mut self, address: &str, text: &str, is_page: bool) -> Result<Lies, Failure> {
        let Some(name) = places::file(address, is_page) else { return Ok(Lies::Nowhere) };
        self.begin_file(&name)?.write_all(text.as_bytes()).map_err(|error| unwritten(&name, &error))?;
        if is_page {
            addresses::changed(text, &mut |link| self.take_in(address, link));
        }
        let base = self.places.base().to_owned();
        addresses::changed_below(text, &base, &mut |link| self.take_in(address, &format!("{base}{link}")));
        Ok(if is_page { Lies::Page } else { Lies::Text })
    }

    fn take_in(&mut self, on: &str, link: &str) -> Option<String> {
        self.waiting.extend(self.places.add_link(on, link));
        None
    }

    /// Leads the links of what was written down to what is there.
    fn lead(&self, address: &str, is_page: bool) -> Result<(), Failure> {
        let Some(name) = places::file(address, is_page) else { return Ok(()) };
        let path = self.folder.join(&name);
        let text = fs::read_to_string(&path).map_err(|error| unwritten(&path, &error))?;
        let led = if is_page { self.led(address, &text) } else { self.led_below(address, &text) };
        if led == text {
            return Ok(());
        }
        fs::write(&path, led).map_err(|error| unwritten(&path, &error))
    }

    fn led(&self, address: &str, page: &str) -> String {
        let page = addresses::changed(page, &mut |link| match link.starts_with(self.places.base()) {
            true => None,
            false => self.places.link(address, link),
        });
        self.led_below(address, &page)
    }

    fn led_below(&self, address: &str, text: &str) -> String {
        let base = self.places.base();
        addresses::changed_below(text, base, &mut |link| {
            let to = self.places.link(address, &format!("{base}{link}"))?;
            to.starts_with('/').then_some(to)
        })
    }

    fn begin_file(&mut self, name: &Path) -> Result<fs::File, Failure> {
        let path = self.folder.join(name);
        self.made.extend(name.to_str().map(str::to_owned));
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let file = made.and_then(|()| OpenOptions::new().write(true).create_new(true).open(&path));
        file.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => Failure::Said(format!(
                "two addresses want the file {}; give one of their pages another slug",
                name.display()
            )),
            _ => unwritten(name, &error),
        })
    }

    fn put(&mut self, name: &Path, bytes: &[u8]) -> Result<(), Failure> {
        self.begin_file(name)?.write_all(bytes).map_err(|error| unwritten(name, &error))
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Said(format!("{}: {error}", path.display()))
}
