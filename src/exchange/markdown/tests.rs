//! What becomes of a folder: addresses, pictures, links, and what is skipped.

use std::collections::BTreeMap;

use jiff::tz;
use proptest::prelude::*;
use url::Url;

use super::{links::Destination, site::Permalinks, *};
use crate::{
    exchange::tests::{all_said, said},
    model::{
        entry::PictureKind,
        incoming::{self, Body, Item},
    },
};

pub(super) const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='2'/>";

pub(super) fn zone() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}

/// A site on the disk: paths with what is in them. What is scanned is its folder `content`.
pub(super) struct Site(pub(super) tempfile::TempDir);

impl Site {
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        }
        Self(dir)
    }

    fn read(&self) -> BTreeMap<String, Result<Outcome, Skipped>> {
        let found = scan(&self.0.path().join("content")).expect("a readable folder");
        found.iter().map(|found| (found.path().to_owned(), read(found, &zone()))).collect()
    }

    pub(super) fn outcome(&self, path: &str) -> Outcome {
        self.read().remove(path).expect("the file is found").expect("the file is read")
    }
}

/// What becomes of one file.
pub(super) fn outcome(path: &str, text: &str) -> Outcome {
    Site::of(&[(&format!("content/{path}"), text)]).outcome(path)
}

fn day(outcome: &Outcome) -> String {
    outcome.entry.published_at.expect("a date").in_zone(&zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[test]
fn a_zola_post_comes_in_whole() {
    let Outcome { entry, warnings, .. } = outcome(
        "Rust-1.29.md",
        "+++\npath = \"2018/09/13/Rust-1.29\"\ntitle = \"Rust\n1.29\"\nauthors = [\"Ann\"]\naliases = [\"2018/09/13/Rust-1.29.html\"]\n+++\r\nHi\r\n"
            .replace("\"Rust\n1.29\"", "\"\"\"Rust\n1.29\"\"\"")
            .as_str(),
    );
    assert_eq!(warnings, []);
    assert_eq!(entry.origin, "markdown:Rust-1.29.md");
    assert_eq!((entry.title.as_str(), entry.slug.as_str(), entry.body.as_str()), ("Rust 1.29", "Rust-1.29", "Hi\n"));
    assert_eq!(entry.old_paths, ["2018/09/13/Rust-1.29", "2018/09/13/Rust-1.29.html"]);
    assert_eq!(entry.authors, ["Ann"]);
    assert_eq!(entry.published_at.expect("a date").rfc3339(), "2018-09-13T04:00:00Z");
    assert!(!entry.is_page && !entry.is_draft && entry.pictures.is_empty());
}

#[test]
fn a_jekyll_file_name_gives_date_slug_and_both_addresses() {
    let found = outcome("_posts/2018-09-13-Hello.World.markdown", "---\ntitle: x\ncategories: Rust web\n---\nBody");
    assert_eq!(day(&found), "2018-09-13 12:00");
    assert_eq!(found.entry.slug, "Hello.World");
    assert_eq!(found.entry.old_paths, ["rust/web/2018/09/13/Hello.World.html", "rust/web/2018/09/13/Hello.World"]);
    assert_eq!(found.entry.tags, ["Rust", "web"]);
}

#[test]
fn a_jekyll_permalink_is_filled_in() {
    let permalink = |permalink: &str| {
        let text = format!("---\ntitle: x\npermalink: {permalink}\nredirect_from: /?p=12\ncategories: [A]\n---\n");
        outcome("_posts/2018-09-03-hello.md", &text).entry.old_paths
    };
    assert_eq!(permalink("/:categories/:year/:i_month/:title:output_ext"), ["a/2018/9/hello.html"]);
    assert_eq!(permalink("https://x.org:80/blog/:short_year-:month-:day/:slug/"), ["blog/18-09-03/hello"]);
    assert_eq!(permalink("pretty"), ["a/2018/09/03/hello"]);
    assert_eq!(permalink("ordinal"), ["a/2018/246/hello.html"]);
    assert_eq!(permalink("/:unknown/x"), ["a/2018/09/03/hello.html", "a/2018/09/03/hello"]);
}

/// What is told of the folder `below` a site: its address, the old addresses of its first text, and what is wrong.
fn told(files: &[(&str, &str)], below: &str) -> (Option<String>, Vec<String>, Vec<Remark>) {
    let site = Site::of(files);
    let (mut address, mut paths, mut faults) = (None, Vec::new(), Vec::new());
    tell(&site.0.path().join(below), None, &zone(), &mut |item| {
        match item {
            Item::About(about) => address = about.address,
            Item::Entry(entry) if paths.is_empty() => paths = entry.old_paths,
            Item::Fault(fault) => faults.push(fault.what),
            _ => {}
        }
        Ok(())
    })
    .expect("a folder that can be read");
    (address, paths, faults)
}

#[test]
fn jekylls_settings_say_where_a_site_was_and_how_its_addresses_are_made() {
    let post = ("_posts/2018-09-03-hello.md", "---\ntitle: x\ncategories: [A]\n---\n");
    let with = |config: &str, below: &str| {
        let (address, paths, faults) = told(&[post, ("_config.yml", config)], below);
        assert_eq!(faults, []);
        (address, paths)
    };
    let at = |address: &str| Some(address.to_owned());
    let config = "url: https://old.example\nbaseurl: /blog\npermalink: /:year/:title/\n";
    assert_eq!(with(config, ""), (at("https://old.example/blog"), vec!["blog/2018/hello".into(), "2018/hello".into()]));
    assert_eq!(with(config, "_posts"), with(config, ""), "the folder of posts alone");
    assert_eq!(with("permalink: none", ""), (None, vec!["a/hello.html".into()]));
    let usual = vec!["a/2018/09/03/hello.html".to_owned(), "a/2018/09/03/hello".to_owned()];
    assert_eq!(with("permalink: [1]\nurl: https://example.com", ""), (None, usual.clone()));
    let (_, paths, faults) = told(&[post, ("_config.yml", "a: [")], "");
    assert_eq!((paths, faults.len()), (usual, 1), "settings that cannot be read are said, and the texts come over");
}

#[test]
fn hugos_settings_say_where_a_site_was_and_how_its_addresses_are_made() {
    let post = ("content/posts/2018/My file.md", "---\ntitle: \"C# & Ümlaut, twice\"\ndate: 2018-09-03\n---\n");
    let with = |config: (&str, &str), below: &str| {
        let (address, paths, faults) = told(&[post, config], below);
        assert_eq!(faults, []);
        (address, paths)
    };
    let title = vec!["2018/09/c#-ümlaut-twice".to_owned(), "2018/09/c-umlaut-twice".to_owned()];
    let toml = "baseURL = 'https://old.example/'\n[permalinks]\nposts = '/:year/:month/:title/'\n";
    let yaml = "baseURL: https://old.example\npermalinks:\n  page:\n    Posts: /:year/:month/:slug/\n";
    for config in [("hugo.toml", toml), ("config/_default/config.toml", toml), ("config.yaml", yaml)] {
        assert_eq!(with(config, ""), (Some("https://old.example".into()), title.clone()), "{config:?}");
        assert_eq!(with(config, "content"), with(config, ""), "the folder of texts alone");
    }
    let paths = |pattern: &str| with(("hugo.toml", &format!("[permalinks]\nposts = '{pattern}'\n")), "").1;
    assert_eq!(paths("/:sections/:yearday/:filename"), ["posts/2018/246/my-file", "posts/246/my-file"]);
    assert_eq!(paths("/:section/:slugorfilename/"), ["posts/my-file"]);
    let (_, unknown, faults) = told(&[post, ("hugo.toml", "[permalinks]\nposts = '/:nosuch/'\n")], "");
    assert_eq!((unknown[0].as_str(), faults.len()), ("posts/2018/my-file", 1));
    let zola = with(("zola.toml", "base_url = 'https://old.example/z'\n"), "");
    assert_eq!(zola.0.as_deref(), Some("https://old.example/z"));
    assert_eq!(zola.1[0], "z/posts/2018/my-file");
}

#[test]
fn eleventys_settings_name_the_folder_that_addresses_count_from() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\n![](/img/a.svg)";
    for (name, program) in [
        (
            ".eleventy.js",
            "module.exports = function(c) {\n  return { dir: { input: \"src\", output: \"_site\" } };\n};",
        ),
        ("eleventy.config.mjs", "// input: 'old'\nexport const config = {\n  dir: {\n    'input': './src/',\n  },\n};"),
        ("eleventy.config.js", "eleventyConfig.setInputDirectory('src');"),
    ] {
        let site = Site::of(&[
            (name, program),
            ("src/posts/2019-01-02-a.md", text),
            ("src/img/a.svg", SVG),
            ("README.md", text),
            ("old/b.md", text),
        ]);
        let found = scan(site.0.path()).expect("a readable folder");
        assert_eq!(found.len(), 1, "{name}");
        let Outcome { entry, warnings, .. } = read(&found[0], &zone()).expect("read");
        assert_eq!((entry.origin.as_str(), warnings), ("markdown:src/posts/2019-01-02-a.md", vec![]));
        assert_eq!(entry.old_paths[0], "posts/a");
        assert_eq!(entry.pictures[0].old_paths, ["img/a.svg"]);
    }
    for program in ["", "input: '../src'", "input: '/etc'", "input: 'gone'", "input: dir", "myinput: 'old'"] {
        let site =
            Site::of(&[("a/.eleventy.js", program), ("src/a.md", text), ("a/src/a.md", text), ("a/old/b.md", text)]);
        let found = scan(&site.0.path().join("a")).expect("a readable folder");
        assert_eq!(found.iter().map(Found::path).collect::<Vec<_>>(), ["old/b.md", "src/a.md"], "{program}");
    }
}

#[test]
fn eleventys_templates_for_addresses_are_filled_in_or_left() {
    let at = |permalink: &str| {
        let text = format!("---\ntitle: A Cup & more\ndate: 2020-01-01\npermalink: \"{permalink}\"\n---\n");
        let Outcome { entry, warnings, .. } = outcome("posts/2020-01-01-tea.md", &text);
        (entry.old_paths[0].clone(), all_said(&warnings))
    };
    for (permalink, path) in [
        ("/blog/{{ page.fileSlug }}/", "blog/tea"),
        ("{{page.filePathStem}}.html", "posts/tea.html"),
        ("/{{ title | slugify }}/index.html", "a-cup-more"),
        ("/b/{{- title | slug -}}/{{ page.fileSlug | slug }}/", "b/a-cup-more/tea"),
    ] {
        assert_eq!(at(permalink), (path.to_owned(), vec![]), "{permalink}");
    }
    for permalink in
        ["/{{ page.date | year }}/x/", "/{% if a %}x{% endif %}/", "/${this.slug(1)}/", "/{{ page.fileSlug }"]
    {
        let said = format!(
            "its address {permalink} is made by a template, which is not read here: it is taken from the name of its file"
        );
        assert_eq!(at(permalink), ("posts/tea".to_owned(), vec![said]), "{permalink}");
    }
    for date in ["Last Modified", "git Created"] {
        let found = outcome("a.md", &format!("---\ntitle: x\ndate: {date}\n---\n"));
        assert!(
            !found.entry.is_page && found.entry.published_at > Some(Time(0)) && found.warnings.is_empty(),
            "{date}"
        );
    }
}

#[test]
fn hugos_aliases_count_from_where_their_text_is() {
    let text = "---\ntitle: x\ndate: 2020-01-01\naliases: [old, ../older/, /oldest]\n---\n";
    let paths = |config: &str| {
        let site = Site::of(&[(config, "base_url = 'https://z.example'"), ("content/posts/a.md", text)]);
        site.outcome("posts/a.md").entry.old_paths
    };
    assert_eq!(paths("none"), ["posts/a", "old", "oldest"]);
    assert_eq!(paths("zola.toml"), ["posts/a", "old", "oldest"]);
    let site = Site::of(&[("hugo.toml", ""), ("content/posts/a.md", text)]);
    assert_eq!(site.outcome("posts/a.md").entry.old_paths, ["posts/a", "posts/old", "older", "oldest"]);
}

#[test]
fn texts_in_other_marks_are_named() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\n";
    let site = Site::of(&[
        ("hugo.toml", ""),
        ("content/posts/a.org", "#+title: A"),
        ("content/posts/b.adoc", "= B"),
        ("content/posts/part.html", "<p>"),
        ("content/posts/d.md", text),
        ("content/_posts/2020-01-01-e.textile", text),
    ]);
    let skipped = |site: &Site| -> Vec<String> {
        let read = site.read().into_values();
        read.filter_map(Result::err).map(|Skipped { path, why }| format!("{path} {}", said(&why))).collect()
    };
    assert_eq!(
        skipped(&site),
        ["_posts/2020-01-01-e.textile", "posts/a.org", "posts/b.adoc"]
            .map(|path| format!("{path} is not Markdown, and stays behind"))
    );
    let jekyll = Site::of(&[("_posts/a.rst", "A"), ("notes/b.rst", "B"), ("_posts/c.md", text)]);
    let found = scan(jekyll.0.path()).expect("a readable folder");
    assert_eq!(found.iter().map(Found::path).collect::<Vec<_>>(), ["_posts/a.rst", "_posts/c.md"]);
}

#[test]
fn a_file_without_a_chosen_address_has_the_one_of_its_path() {
    let dated = outcome("posts/2018-10-08_My post.md", "+++\ntitle = \"x\"\n+++\n");
    assert_eq!(dated.entry.old_paths, ["posts/my-post", "posts/My post", "posts/2018-10-08_My post"]);
    assert_eq!((dated.entry.slug.as_str(), day(&dated).as_str()), ("my-post", "2018-10-08 12:00"));
    let bundle = outcome("posts/hello/index.md", "+++\ntitle = \"x\"\ndate = 2020-01-01\n+++\n");
    assert_eq!(bundle.entry.old_paths, ["posts/hello"]);
    let slugged = outcome("posts/hello.md", "+++\ntitle = \"x\"\nslug = \"good-bye\"\ndate = 2020-01-01\n+++\n");
    assert_eq!(
        (slugged.entry.old_paths, slugged.entry.slug),
        (vec!["posts/good-bye".to_owned()], "good-bye".to_owned())
    );
}

#[test]
fn slugs_are_taken_from_the_address_and_cleaned() {
    let slug = |key: &str, file: &str| {
        outcome(file, &format!("---\ntitle: A title\ndate: 2020-01-01\n{key}\n---\n")).entry.slug
    };
    assert_eq!(slug("url: /2018/Rust-1.29.html", "a.md"), "Rust-1.29");
    assert_eq!(slug("path: x/y/index.html\nslug: other", "a.md"), "y");
    assert_eq!(slug("slug: Mein Föhn", "a.md"), "mein-fohn");
    assert_eq!(slug("", "conf-lineup@0.md"), "conf-lineup-0");
    assert_eq!(slug("", "@.md"), "a-title");
}

#[test]
fn the_given_date_comes_before_the_address_and_the_address_before_the_file_name() {
    let front = |keys: &str| format!("---\ntitle: x\n{keys}\n---\n");
    assert_eq!(
        day(&outcome("2001-01-01-a.md", &front("date: 2003-03-03 03:03\nurl: /2002/02/02/a"))),
        "2003-03-03 03:03"
    );
    assert_eq!(day(&outcome("2001-01-01-a.md", &front("url: /inside/2002/2/02/a"))), "2002-02-02 12:00");
    assert_eq!(day(&outcome("2004/04/04/2001-01-01-a.md", &front(""))), "2001-01-01 12:00");
    assert_eq!(day(&outcome("2004/04/04/a.md", &front(""))), "2004-04-04 12:00");
}

#[test]
fn without_a_date_it_is_a_page_unless_it_is_a_draft() {
    let page = outcome("about.md", "+++\ntitle = \"About\"\n+++\n");
    assert!(page.entry.is_page && page.entry.published_at.is_some());
    assert_eq!(all_said(&page.warnings), ["has no date: it becomes a page"]);
    let said = outcome("about.md", "---\ntitle: About\nlayout: page\n---\n");
    assert!(said.entry.is_page && said.warnings.is_empty());
    for (path, key) in [("a.md", "draft: true"), ("a.md", "published: false"), ("_drafts/a.md", "")] {
        let draft = outcome(path, &format!("---\ntitle: x\n{key}\n---\n"));
        assert!(draft.entry.is_draft && !draft.entry.is_page && draft.entry.published_at.is_none(), "{path} {key}");
    }
}

#[test]
fn what_was_to_appear_later_is_not_there_before() {
    let at = |keys: &str| {
        let found = outcome("posts/a.md", &format!("---\ntitle: x\n{keys}\n---\n"));
        (day(&found), found.entry.old_paths[0].clone())
    };
    assert_eq!(at("date: 2020-01-01\npublishDate: 2999-05-06").0, "2999-05-06 12:00");
    assert_eq!(at("date: 2020-01-01\npublishDate: 2019-05-06").0, "2020-01-01 12:00");
}

#[test]
fn what_was_not_shown_there_is_a_draft() {
    let said_of = |path: &str, text: &str| {
        let Outcome { entry, warnings, .. } = outcome(path, text);
        (entry.is_draft, all_said(&warnings))
    };
    let unseen = "was not shown there (it was not to be rendered): it becomes a draft".to_owned();
    for keys in [
        "build: {render: never, list: never}",
        "_build: {render: false}",
        "build:\n  render: link",
        "render: false",
        "permalink: false",
        "headless: true",
    ] {
        let text = format!("---\ntitle: x\ndate: 2020-01-01\n{keys}\n---\n");
        assert_eq!(said_of("a.md", &text), (true, vec![unseen.clone()]), "{keys}");
    }
    let seen = "---\ntitle: x\ndate: 2020-01-01\nbuild: {list: never, render: always}\n---\n";
    let unlisted =
        "was in no list there, and was shown to those alone who had its address: it comes into the lists here";
    assert_eq!(said_of("a.md", seen), (false, vec![unlisted.to_owned()]));
    let zola = "+++\ntitle = 'x'\ndate = 2020-01-01\nrender = false\n+++\n";
    assert_eq!(said_of("a.md", zola), (true, vec![unseen]));
}

#[test]
fn what_a_section_says_for_all_below_it_is_heard() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\n";
    let is_draft = |index: (&str, &str), config: (&str, &str), text: &str| {
        let site = Site::of(&[index, config, ("content/a/b/c.md", text), ("content/d.md", text)]);
        let found = scan(site.0.path()).expect("a readable folder");
        let drafts = found.iter().filter_map(|found| Some((&*found.path, read(found, &zone()).ok()?.entry)));
        drafts.filter(|(_, entry)| entry.is_draft).map(|(path, _)| path.to_owned()).collect::<Vec<_>>().join(" ")
    };
    let hugo = ("hugo.toml", "");
    for cascade in [
        "---\ncascade:\n  draft: true\n---\n",
        "---\ncascade:\n  - draft: false\n  - draft: true\n    target: {path: /a/**}\n---\n",
        "+++\n[cascade]\ndraft = true\n[cascade._target]\nkind = 'page'\n+++\n",
        "+++\n[[cascade]]\n[cascade.build]\nrender = 'never'\n+++\n",
    ] {
        assert_eq!(is_draft(("content/a/_index.md", cascade), hugo, text), "a/b/c.md", "{cascade}");
        let all = if cascade.contains("/a/**") { "a/b/c.md" } else { "a/b/c.md d.md" };
        assert_eq!(is_draft(("content/_index.md", cascade), hugo, text), all, "{cascade}");
    }
    let draft = "---\ncascade: {draft: true}\n---\n";
    let own = "---\ntitle: x\ndate: 2020-01-01\ndraft: false\n---\n";
    assert_eq!(is_draft(("content/a/_index.md", draft), hugo, own), "", "its own word comes first");
    let lists = "---\ncascade: {build: {render: never}, target: {kind: section}}\n---\n";
    assert_eq!(is_draft(("content/a/_index.md", lists), hugo, text), "", "lists are no texts");
    let settings = ("hugo.toml", "[cascade]\ndraft = true\n");
    assert_eq!(is_draft(("x", ""), settings, text), "a/b/c.md d.md");
    let section = ("content/a/_index.md", "+++\ndraft = true\n+++\n");
    assert_eq!(is_draft(section, hugo, text), "", "Hugo's own draft of a list");
    assert_eq!(is_draft(section, ("zola.toml", "base_url = 'https://z.example'"), text), "a/b/c.md");
    let expired = "---\ncascade: {expiryDate: 2001-01-01, publishDate: 2999-01-01}\n---\n";
    let site = Site::of(&[("content/a/_index.md", expired), ("content/a/c.md", text)]);
    let entry = site.outcome("a/c.md").entry;
    assert_eq!(
        told::incoming(entry.clone(), Vec::new()).state,
        incoming::State::PublishedUntil(entry.expires.expect("an end"))
    );
    assert!(entry.published_at > entry.expires);
}

#[test]
fn the_day_of_the_last_change_comes_along() {
    for (path, keys) in [
        ("a.md", "lastmod: 2021-02-03"),
        ("a.md", "updated: 2021-02-03T12:00:00+08:00"),
        ("_posts/2020-01-01-a.md", "last_modified_at: 2021-02-03"),
        ("a.md", "modified: 2021-02-03 12:00\nupdated: soon"),
    ] {
        let found = outcome(path, &format!("---\ntitle: x\ndate: 2020-01-01\n{keys}\n---\n"));
        let entry = told::incoming(found.entry, found.warnings);
        assert_eq!(entry.changed.expect("a day").rfc3339(), "2021-02-03T04:00:00Z", "{keys}");
        assert_eq!(entry.published_at.expect("a day").rfc3339(), "2020-01-01T04:00:00Z", "{keys}");
    }
    let zola = outcome("a.md", "+++\ntitle = 'x'\ndate = 2020-01-01\nupdated = 2021-02-03\n+++\n");
    assert_eq!(zola.entry.changed.map(Time::rfc3339).as_deref(), Some("2021-02-03T04:00:00Z"));
    let odd = outcome("a.md", "---\ntitle: x\ndate: 2020-01-01\nupdated: true\nmodified: [1]\n---\n");
    assert_eq!((odd.entry.changed, odd.warnings), (None, vec![]));
}

#[test]
fn links_to_named_headings_and_places_go_on_leading_there() {
    let body = "## Set up {#install}\n\n[a](#install) [b](@/posts/a.md#install) [c]({{< ref \"a.md#install\" >}})\n\n\
                Words\n{: #words .lead}\n\n[d](#words)\n\nTitle\n---\n{: #other}\n\n[e](#other)\n\nx\n{.note}\n";
    let Outcome { entry, warnings, .. } =
        outcome("posts/a.md", &format!("---\ntitle: x\ndate: 2020-01-01\n---\n{body}"));
    assert_eq!(warnings, []);
    assert_eq!(
        entry.body,
        "## Set up\n\n[a](#set-up) [b](#set-up) [c](#set-up)\n\n<a id=\"words\"></a>\n\n\
         Words\n\n[d](#words)\n\nTitle\n---\n\n[e](#title)\n\nx\n"
    );
}

#[test]
fn an_address_without_categories_keeps_its_year() {
    let post = ("_posts/2018-09-03-hello.md", "---\ntitle: x\n---\n");
    for (config, path) in [
        ("permalink: /:categories/:year/:month/:day/:title.html", "2018/09/03/hello.html"),
        ("permalink: pretty", "2018/09/03/hello"),
    ] {
        assert_eq!(told(&[post, ("_config.yml", config)], "").1, [path]);
    }
    let about = ("about/me.md", "---\ntitle: x\n---\n");
    assert_eq!(told(&[about, ("_config.yml", "title: x")], "").1, ["about/me.html"]);
    assert_eq!(told(&[about, ("_config.yml", "permalink: pretty")], "").1, ["about/me"]);
}

#[test]
fn pictures_are_found_below_the_folder_of_their_site_and_from_its_root() {
    let text = "---\ntitle: x\n---\n![](/blog/img/a.svg) ![](img/a.svg)";
    let site = Site::of(&[
        ("_config.yml", "url: https://old.example\nbaseurl: /blog"),
        ("_posts/2018-09-03-hello.md", text),
        ("img/a.svg", SVG),
    ]);
    let found = scan(site.0.path()).expect("a readable folder");
    let Outcome { entry, warnings, .. } = read(&found[0], &zone()).expect("read");
    assert_eq!((entry.pictures.len(), entry.elsewhere.len(), warnings), (1, 0, vec![]));
    assert_eq!(entry.pictures[0].references, ["/blog/img/a.svg", "img/a.svg"]);
}

#[test]
fn a_first_heading_is_the_title_where_there_is_no_other() {
    let found = outcome("a.md", "---\ndate: 2020-01-01\n---\n\n# Hello *you* {#top}\n\nBody\n");
    assert_eq!((found.entry.title.as_str(), found.entry.body.as_str()), ("Hello you", "Body\n"));
    assert_eq!(found.warnings, []);
    let titled = outcome("a.md", "---\ntitle: t\ndate: 2020-01-01\n---\n# Hello\n");
    assert_eq!(titled.entry.body, "# Hello\n");
}

#[test]
fn pages_that_only_a_template_fills_are_drafts() {
    let why = |path: &str, text: &str| {
        let found = outcome(path, text);
        (found.entry.is_draft, all_said(&found.warnings).pop().unwrap_or_default())
    };
    let (no_text, error) = (
        "has no text, its page was made by its template: it becomes a draft",
        "is the page for what is not found: it becomes a draft",
    );
    assert_eq!(why("search.md", "---\ntitle: Search\nlayout: search\n---\n"), (true, no_text.to_owned()));
    assert_eq!(why("404.md", "---\ntitle: Gone\n---\nNot here"), (true, error.to_owned()));
    assert!(!why("about.md", "---\ntitle: About\nlayout: about\n---\nI am").0);
}

#[test]
fn what_stands_beside_hugos_sections_is_a_page() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\nx";
    let pages = |files: &[(&str, &str)]| {
        let site = Site::of(files);
        let found = scan(site.0.path()).expect("a readable folder");
        let read = found.iter().map(|found| read(found, &zone()).expect("read").entry);
        read.filter(|entry| entry.is_page).map(|entry| entry.origin).collect::<Vec<_>>()
    };
    let posts = [("content/posts/a.md", text), ("content/posts/b/index.md", text)];
    assert_eq!(
        pages(&[("hugo.toml", ""), ("content/about.md", text), posts[0], posts[1]]),
        ["markdown:content/about.md"]
    );
    assert_eq!(
        pages(&[("hugo.toml", ""), ("content/a.md", text), ("content/b.md", text), posts[0]]),
        Vec::<String>::new()
    );
    assert_eq!(
        pages(&[("zola.toml", "base_url = ''"), ("content/about.md", text), posts[0], posts[1]]),
        Vec::<String>::new()
    );
}

#[test]
fn zolas_links_to_sections_and_eleventys_lists_are_known() {
    let site = Site::of(&[
        ("zola.toml", "base_url = 'https://z.example'"),
        ("content/blog/_index.md", "+++\n+++\n"),
        (
            "content/blog/2020-01-02-a.md",
            "+++\ntitle = 'x'\n[taxonomies]\ncategories = ['c']\n+++\n[b](@/blog/_index.md)",
        ),
    ]);
    let entry = site.outcome("blog/2020-01-02-a.md").entry;
    assert_eq!((entry.body.as_str(), entry.old_paths[0].as_str()), ("[b](/blog/)", "blog/a"));
    let site =
        Site::of(&[(".eleventy.js", ""), ("a.md", "---\ntitle: x\ndate: 2020-01-01\ntags: [posts, Tea]\n---\n")]);
    let found = scan(site.0.path()).expect("a readable folder");
    assert_eq!(read(&found[0], &zone()).expect("read").entry.tags, ["Tea"]);
}

#[test]
fn an_entry_without_a_title_is_named_after_its_file() {
    let found = outcome("2020-01-01-hello_big-world.md", "---\n---\n");
    assert_eq!(found.entry.title, "Hello big world");
    assert_eq!(all_said(&found.warnings), ["has no title: it is named after its file"]);
}

#[test]
fn what_is_no_entry_is_skipped_with_a_reason() {
    let site = Site::of(&[
        ("content/_index.md", "+++\n+++\n"),
        ("content/posts/_index.de.md", "+++\n+++\n"),
        ("content/README.md", "# Read me"),
        ("content/bad.md", "---\ntitle: [x]\n---\n"),
        ("content/.git/x.md", "---\n---\n"),
        ("content/_site/x.md", "---\n---\n"),
        ("content/notes.txt", "---\n---\n"),
    ]);
    fs::write(site.0.path().join("content/latin.md"), b"---\ntitle: \xe9\n---\n").expect("a file");
    let reason = |Skipped { path, why }: Skipped| format!("{path} {}", said(&why));
    let reasons: Vec<String> = site.read().into_values().map(|read| reason(read.expect_err("skipped"))).collect();
    assert_eq!(
        reasons,
        [
            "README.md has no front matter (a first line of +++ or ---)",
            "_index.md is the front page of a section",
            "bad.md title in its front matter is a list, not text",
            "latin.md is not in UTF-8; save it in that encoding first",
            "posts/_index.de.md is the front page of a section",
        ]
    );
}

#[test]
fn addresses_are_brought_to_one_form() {
    for (written, normal) in [
        ("/2018/09/x/", Some("2018/09/x")),
        ("https://example.org/a//b.html?x#y", Some("a/b.html")),
        ("//example.org/a", Some("a")),
        ("/caf%C3%A9%2520", Some("café%20")),
        ("/", None),
        ("https://example.org", None),
        ("/a/../b", None),
        ("/a/%2e%2E/b", None),
        ("/a\\b", None),
        ("/a%0ab", None),
        ("/%ff", None),
    ] {
        assert_eq!(address::normal(written).as_deref(), normal, "{written}");
    }
}

#[test]
fn pictures_of_a_bundle_are_taken_once_with_every_spelling() {
    let body = "![a](x%20y.svg) ![b](<./x y.svg> 'title') ![c][ref] <img alt=z src=\"z.svg\"> [big](z.svg?raw)\n\n[ref]: sub/../x%20y.svg\n";
    let site = Site::of(&[
        ("content/p/index.md", &format!("+++\ntitle = \"t\"\ndate = 2020-01-01\n+++\n{body}")),
        ("content/p/x y.svg", SVG),
        ("content/p/z.svg", SVG),
        ("content/p/sub/z.svg", SVG),
    ]);
    let Outcome { entry, warnings, .. } = site.outcome("p/index.md");
    assert_eq!(warnings, []);
    assert_eq!(entry.body, body);
    let names: Vec<_> =
        entry.pictures.iter().map(|picture| (picture.name.as_str(), picture.references.clone())).collect();
    let spelled = |spellings: &[&str]| spellings.iter().map(|spelling| (*spelling).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            ("x-y.svg", spelled(&["x%20y.svg", "./x y.svg", "sub/../x%20y.svg"])),
            ("z.svg", spelled(&["z.svg", "z.svg?raw"])),
        ]
    );
    assert_eq!(entry.pictures[0].kind, PictureKind::Svg);
}

#[test]
fn pictures_of_one_name_are_numbered() {
    let site = Site::of(&[
        ("content/a.md", "---\ndate: 2020-01-01\ntitle: t\n---\n![](1/x.svg)![](2/x.svg)![](3/x.svg)"),
        ("content/1/x.svg", SVG),
        ("content/2/x.svg", SVG),
        ("content/3/x.svg", SVG),
    ]);
    let names: Vec<String> = site.outcome("a.md").entry.pictures.into_iter().map(|picture| picture.name).collect();
    assert_eq!(names, ["x.svg", "x-2.svg", "x-3.svg"]);
}

#[test]
fn pictures_of_the_site_are_found_in_its_folders() {
    for place in [
        "content/images/a.svg",
        "content/static/images/a.svg",
        "static/images/a.svg",
        "images/a.svg",
        "public/images/a.svg",
    ] {
        let site =
            Site::of(&[("content/p/a.md", "---\ndate: 2020-01-01\ntitle: t\n---\n![](/images/a.svg)"), (place, SVG)]);
        let Outcome { entry, warnings, .. } = site.outcome("p/a.md");
        assert_eq!((entry.pictures.len(), warnings.len()), (1, 0), "{place}");
    }
    let climbing = Site::of(&[
        ("content/a.md", "---\ndate: 2020-01-01\ntitle: t\n---\n![](../static/a.svg)"),
        ("static/a.svg", SVG),
    ]);
    assert_eq!(climbing.outcome("a.md").entry.pictures.len(), 1);
}

/// The files of a site of Hugo's, given as a whole.
fn whole_site(config: &str) -> Site {
    Site::of(&[
        (config, ""),
        ("README.md", "---\ntitle: Read me\n---\n"),
        ("themes/x/exampleSite/content/a.md", "---\ntitle: Of a theme\n---\n"),
        ("content/posts/a.md", "---\ntitle: A\ndate: 2020-01-01\n---\n![](/img/h.svg) [b](/posts/bundle/)"),
        (
            "content/posts/bundle/index.md",
            "---\ntitle: B\ndate: 2020-01-02\ncover: {image: img/h.svg, alt: H}\n---\n![](dot.svg)",
        ),
        ("content/posts/bundle/dot.svg", SVG),
        ("static/img/h.svg", SVG),
    ])
}

#[test]
fn the_whole_of_a_site_has_its_addresses_counted_from_its_content() {
    for config in ["hugo.toml", "config.toml", "config.yaml", "zola.toml", "config/_default/hugo.toml"] {
        let site = whole_site(config);
        let found = scan(site.0.path()).expect("a readable folder");
        let brief: Vec<_> = found
            .iter()
            .map(|found| {
                let Outcome { entry, warnings, .. } = read(found, &zone()).expect("read");
                assert_eq!(warnings, []);
                (
                    entry.origin,
                    entry.old_paths,
                    entry.pictures.iter().map(|it| it.old_paths.clone()).collect::<Vec<_>>(),
                )
            })
            .collect();
        let known = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            brief,
            [
                ("markdown:content/posts/a.md".to_owned(), known(&["posts/a"]), vec![known(&["img/h.svg"])]),
                (
                    "markdown:content/posts/bundle/index.md".to_owned(),
                    known(&["posts/bundle"]),
                    vec![known(&["posts/bundle/dot.svg"]), known(&["img/h.svg"])]
                ),
            ],
            "{config}"
        );
    }
    let plain = Site::of(&[("content/a.md", "---\ntitle: x\n---\n"), ("_config.yml", "")]);
    assert_eq!(scan(plain.0.path()).expect("a readable folder")[0].path(), "content/a.md");
}

#[test]
fn the_pictures_of_a_bundle_were_below_its_own_address() {
    let text = |at: &str| format!("---\ntitle: t\ndate: 2020-01-01\npath: {at}\n---\n![](x.svg) ![](/img/h.svg)");
    let site = Site::of(&[
        ("content/p/index.md", &text("2020/tea")),
        ("content/q/tea.md", &text("2020/more.html")),
        ("content/p/x.svg", SVG),
        ("content/q/x.svg", SVG),
        ("static/img/h.svg", SVG),
    ]);
    let paths = |file: &str| -> Vec<String> {
        site.outcome(file).entry.pictures.into_iter().flat_map(|picture| picture.old_paths).collect()
    };
    assert_eq!(paths("p/index.md"), ["2020/tea/x.svg", "img/h.svg"]);
    assert_eq!(paths("q/tea.md"), ["2020/x.svg", "q/x.svg", "img/h.svg"]);
}

#[test]
fn a_cover_is_found_beside_its_text_or_from_the_root_of_the_site() {
    let front = |cover: &str| format!("---\ntitle: t\ndate: 2020-01-01\n{cover}\n---\n");
    for (keys, address, elsewhere) in [
        ("cover: {image: near.svg, alt: N}", "near.svg", None),
        ("image: img/h.svg", "/img/h.svg", None),
        ("image: /img/h.svg", "/img/h.svg", None),
        ("image: gone.svg", "/gone.svg", Some("/gone.svg")),
        ("image: https://x.example/a.svg", "https://x.example/a.svg", Some("https://x.example/a.svg")),
    ] {
        let site =
            Site::of(&[("content/p/index.md", &front(keys)), ("content/p/near.svg", SVG), ("static/img/h.svg", SVG)]);
        let Outcome { entry, warnings, .. } = site.outcome("p/index.md");
        assert_eq!((entry.cover.expect("a cover").address.as_str(), warnings), (address, Vec::new()));
        assert_eq!(entry.pictures.len(), usize::from(elsewhere.is_none()), "{keys}");
        assert_eq!(entry.elsewhere.first().map(String::as_str), elsewhere, "{keys}");
    }
    let told = outcome("a.md", &front("cover: {image: https://x.example/a.png, caption: By S}"));
    assert_eq!((told.entry.cover.expect("a cover").caption.as_str(), told.warnings), ("By S", Vec::new()));
}

#[test]
fn files_that_are_no_pictures_come_along_and_what_lies_beside_a_text_too() {
    let body = "[pdf](/files/menu.pdf) [doc](b.pdf) <audio controls src=\"/a.mp3\"></audio> [gone](/gone.zip) \
                ![own](https://x.example/img/abs.svg) [other](/c.doc)";
    let text = format!("---\ntitle: t\ndate: 2020-01-01\n---\n{body}");
    let files = [
        ("hugo.toml", "baseURL = 'https://x.example/'"),
        ("content/posts/a/index.md", text.as_str()),
        ("content/posts/a/b.pdf", "pdf"),
        ("content/posts/a/unused.svg", SVG),
        ("static/files/menu.pdf", "pdf"),
        ("static/a.mp3", "mp3"),
        ("static/c.doc", "doc"),
        ("static/img/abs.svg", SVG),
    ];
    let site = Site::of(&files);
    let mut items = Vec::new();
    tell(site.0.path(), None, &zone(), &mut |item| {
        items.push(item);
        Ok(())
    })
    .expect("read");
    let (zipped, _) = told_of_zip(&files);
    for (items, is_zip) in [(items, false), (zipped, true)] {
        let entry = items.iter().find_map(|item| if let Item::Entry(entry) = item { Some(entry) } else { None });
        let entry = entry.expect("an entry");
        let names = |is_there: bool| -> Vec<&str> {
            let files = entry.files.iter().filter(|file| (file.source != incoming::Source::Elsewhere) == is_there);
            files.flat_map(|file| &file.references).map(String::as_str).collect()
        };
        assert_eq!(names(true), ["/files/menu.pdf", "/posts/a/b.pdf", "/a.mp3"]);
        assert_eq!(names(false), ["/gone.zip"]);
        assert!(entry.files.iter().all(|file| !is_zip || !matches!(file.source, incoming::Source::Path(_))));
        let Body::Markdown(body) = &entry.body else { panic!("Markdown") };
        assert!(body.contains("[doc](/posts/a/b.pdf) [a.mp3](/a.mp3)"), "{body}");
        assert_eq!(entry.pictures[0].references, ["https://x.example/img/abs.svg"]);
        assert_eq!(entry.pictures[0].old_paths, ["img/abs.svg"]);
        assert_eq!(all_said(&entry.warnings), ["file /c.doc is no picture and stays behind"]);
        let attached =
            items.iter().filter_map(|item| if let Item::Attached(it) = item { Some(&*it.address) } else { None });
        assert_eq!(attached.collect::<Vec<_>>(), ["/posts/a/unused.svg"]);
    }
}

#[test]
fn texts_in_html_are_taken_in_and_templates_are_named() {
    let text = "---\ntitle: t\ndate: 2020-01-01\n---\n<p>Hi</p>";
    let list = "---\ntitle: t\n---\n{% for p in collections.posts %}x{% endfor %}";
    for (settings, name) in
        [("eleventy.config.js", "a.njk"), ("eleventy.config.js", "a.liquid"), ("_config.yml", "a.html")]
    {
        let site =
            Site::of(&[(settings, ""), (name, text), ("index.html", list), ("x.html", "<p>"), ("m.mdown", text)]);
        let found = scan(site.0.path()).expect("a readable folder");
        let read = found.iter().map(|found| match read(found, &zone()) {
            Ok(Outcome { entry, .. }) => format!("{} {}", found.path(), entry.is_html),
            Err(Skipped { path, why }) => format!("{path} {}", said(&why)),
        });
        let expected =
            [format!("{name} true"), "index.html is a template, and stays behind".into(), "m.mdown false".into()];
        assert_eq!(read.collect::<Vec<_>>(), expected);
    }
    let json = outcome("a.md", "---json\n{ \"title\": \"J\", \"date\": \"2021-03-04\" }\n---\nx\n").entry;
    assert_eq!((json.title.as_str(), json.body.as_str()), ("J", "x\n"));
    let twice = outcome("a.md", "---\ntitle: a\ntitle: b\ndate: 2021-03-04\ntags: [1.10, 2020]\n---\nx\n");
    assert_eq!((twice.entry.title.as_str(), twice.entry.tags), ("b", vec!["1.10".to_owned(), "2020".to_owned()]));
    assert_eq!(all_said(&twice.warnings), ["has a key twice: the last of them counts"]);
}

#[test]
fn jekylls_posts_in_html_are_texts_and_its_templates_are_not() {
    let text = "---\ntitle: t\n---\n<p>Hi <img src=\"/assets/a.svg\"></p>";
    let site = Site::of(&[
        ("content/_posts/2020-01-02-tea.html", text),
        ("content/_posts/2020-01-03-more.htm", text),
        ("content/index.html", text),
        ("content/assets/a.svg", SVG),
    ]);
    let found = site.read();
    assert_eq!(found.keys().collect::<Vec<_>>(), ["_posts/2020-01-02-tea.html", "_posts/2020-01-03-more.htm"]);
    let entry = site.outcome("_posts/2020-01-02-tea.html").entry;
    assert_eq!((entry.is_html, entry.slug.as_str(), entry.pictures.len()), (true, "tea", 1));
    assert_eq!(entry.old_paths, ["2020/01/02/tea.html", "2020/01/02/tea"]);
    let told = told::incoming(entry, Vec::new());
    assert_eq!(told.body, Body::html("<p>Hi <img src=\"/assets/a.svg\"></p>".to_owned()));
}

#[test]
fn lists_and_feeds_lead_here() {
    let site = whole_site("hugo.toml");
    let text = "---\ntitle: t\ndate: 2020-01-01\ntags: [Web Design, \"C++\"]\ncategories: [Größe]\n---\n";
    fs::write(site.0.path().join("content/posts/a.md"), text).expect("written");
    let told = |at: Option<&str>| {
        let mut items = Vec::new();
        let at = at.map(|at| Url::parse(at).expect("an address"));
        let mut note = |item| {
            items.push(item);
            Ok(())
        };
        tell(site.0.path(), at.as_ref(), &zone(), &mut note).expect("read");
        items
    };
    let terms = |items: &[Item]| -> Vec<(String, Vec<String>)> {
        let term = |item: &Item| if let Item::Term(term) = item { Some(term.clone()) } else { None };
        items.iter().filter_map(term).map(|term| (term.name, term.old_paths)).collect()
    };
    let items = told(None);
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        terms(&items),
        [
            ("C++".to_owned(), paths(&["tags/c++", "tags/c"])),
            ("Größe".to_owned(), paths(&["tags/größe", "tags/grosse", "categories/größe", "categories/grosse"])),
            ("Web Design".to_owned(), paths(&["tags/web-design"])),
        ]
    );
    assert!(items.contains(&Item::Moved { from: "index.xml".into(), to: "/feed.rss".into() }));
    let items = told(Some("https://old.example/blog/"));
    assert_eq!(terms(&items)[2].1, ["blog/tags/web-design", "tags/web-design"]);
    assert!(items.contains(&Item::Moved { from: "blog/atom.xml".into(), to: "/feed.xml".into() }));
    assert!(matches!(&items[0], Item::About(about) if about.address.as_deref() == Some("https://old.example/blog")));
}

/// A zip with these files, and what is told of it.
pub(super) fn told_of_zip(files: &[(&str, &str)]) -> (Vec<Item>, Result<(), incoming::Refused>) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("site.zip");
    let mut packer = zip::ZipWriter::new(fs::File::create(&file).expect("a file"));
    for (name, text) in files {
        packer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        std::io::Write::write_all(&mut packer, text.as_bytes()).expect("written");
    }
    packer.finish().expect("a zip");
    assert_eq!(crate::exchange::sniff::format(&file), Some(crate::model::import::Format::Markdown));
    crate::exchange::tests::told_of(crate::model::import::Format::Markdown, &file)
}

#[test]
fn a_zip_of_a_folder_is_read_like_the_folder() {
    let text = "---\ntitle: t\ndate: 2020-01-01\n---\n![](a.svg) ![](/img/h.svg)";
    for (top, config, expected) in [
        ("", "hugo.toml", ("markdown:content/p/index.md", "p")),
        ("site-main/", "hugo.toml", ("markdown:content/p/index.md", "p")),
        ("", "read.me", ("markdown:p/index.md", "p")),
    ] {
        let names = ["content/p/index.md", "content/p/a.svg", "static/img/h.svg", "content/.x/b.md", "__MACOSX/c.md"];
        let mut names: Vec<String> = names.iter().map(|name| format!("{top}{name}")).collect();
        if config == "read.me" {
            // The folder of texts alone.
            names.remove(2);
        }
        let texts = |name: &str| if name.ends_with(".svg") { SVG } else { text };
        let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), texts(name))).collect();
        let config = format!("{top}{config}");
        files.push((&config, ""));
        let (items, done) = told_of_zip(&files);
        let found = crate::exchange::tests::entries(&items);
        assert_eq!((done, found.len()), (Ok(()), 1), "{config}");
        assert_eq!((found[0].origin.as_str(), found[0].old_paths[0].as_str()), expected, "{config}");
        assert_eq!(found[0].pictures.len() + found[0].files.len(), 2, "{config}");
    }
}

#[test]
fn a_zip_cannot_lead_out_of_its_folder_and_what_is_too_long_in_it_is_said() {
    let text = "---\ntitle: t\ndate: 2020-01-01\n---\n";
    for name in ["../a.md", "/tmp/a.md", "x\\a.md"] {
        assert!(told_of_zip(&[("b.md", text), (name, text)]).1.is_err(), "{name}");
    }
    let long = " ".repeat(MAX_BYTES);
    let (items, done) = told_of_zip(&[("a.md", &format!("{text}{long}")), ("b.md", text)]);
    assert_eq!(done, Ok(()));
    assert_eq!(crate::exchange::tests::entries(&items).len(), 1);
    assert_eq!(crate::exchange::tests::faults(&items), ["a.md: is larger than 8 MB"]);
}

#[test]
fn nothing_outside_of_the_folders_is_opened() {
    let site = Site::of(&[
        (
            "content/a.md",
            "---\ndate: 2020-01-01\ntitle: t\n---\n![](../secret.svg) ![](../private/secret.svg) ![](/../secret.svg) ![](%2e%2e/secret.svg) \
             ![](../../../../../../../etc/passwd) ![](/etc/passwd) ![](..%5csecret.svg) ![](../static/../secret.svg) ![](/secret.svg)",
        ),
        ("secret.svg", SVG),
        ("private/secret.svg", SVG),
    ]);
    let Outcome { entry, warnings, .. } = site.outcome("a.md");
    assert!(entry.pictures.is_empty());
    assert_eq!(warnings.len(), 8);
    assert_eq!(entry.elsewhere, ["/secret.svg"], "whoever looks for it has another folder, or the old site");
    assert!(
        all_said(&warnings).iter().all(|warning| warning.contains("refused") || warning.contains("missing")),
        "{warnings:?}"
    );
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    let text = "---\ndate: 2020-01-01\ntitle: t\n---\n![](x.svg) ![](folder/secret.svg)";
    let site = Site::of(&[("content/a.md", text), ("outside/secret.svg", SVG), ("outside/b.md", text)]);
    let root = site.0.path();
    for (from, to) in
        [("outside/secret.svg", "content/x.svg"), ("outside", "content/folder"), ("outside/b.md", "content/b.md")]
    {
        std::os::unix::fs::symlink(root.join(from), root.join(to)).expect("a link");
    }
    assert_eq!(site.read().len(), 1);
    let Outcome { entry, warnings, .. } = site.outcome("a.md");
    assert!(entry.pictures.is_empty());
    assert_eq!(
        said(&warnings[0]),
        "picture x.svg is refused: it lies outside of the folder, or behind a symbolic link"
    );
    assert_eq!(warnings.len(), 2);
}

#[test]
fn what_does_not_come_along_is_told_once() {
    let site = Site::of(&[
        (
            "content/a.md",
            "---\ndate: 2020-01-01\ntitle: t\n---\n![](no.png) ![](no.png) ![](bad.png) [again](bad.png) [doc](a.doc) [gone](gone.md)\n\
             {% gist %} ![](https://example.org/x.png) ![](data:image/png;base64,AA) `![](code.png)`",
        ),
        ("content/bad.png", "hello"),
        ("content/a.doc", "hello"),
    ]);
    assert_eq!(
        all_said(&site.outcome("a.md").warnings),
        [
            "has template tags that stay as they are: {% gist %}",
            "picture no.png is missing",
            "picture bad.png is refused: it is not a PNG, JPEG, GIF, WebP or SVG picture",
            "file a.doc is no picture and stays behind",
            "link gone.md leads to no file",
        ]
    );
}

#[test]
fn links_between_files_become_their_old_addresses() {
    let body = "[a](@/posts/b.md#top) [b](b.md) [c](../c/index.md?x) [d](../other/) [e](/2021/05/10/x/) [f](#here) [g](mailto:a@b) \
                <a href='b.md'>h</a> [i]\n\n[i]: ./b.md\n\n    [code](b.md)\n";
    let site = Site::of(&[
        ("content/posts/a.md", &format!("+++\ntitle = \"t\"\ndate = 2020-01-01\n+++\n{body}")),
        ("content/posts/b.md", "+++\npath = \"old/b & c\"\n+++\n"),
        ("content/c/index.md", "+++\ntitle = \"t\"\n+++\n"),
    ]);
    let Outcome { entry, warnings, .. } = site.outcome("posts/a.md");
    assert_eq!(warnings, []);
    assert_eq!(
        entry.body,
        "[a](/old/b%20&amp;%20c#top) [b](/old/b%20&amp;%20c) [c](/c?x) [d](/posts/other/) [e](/2021/05/10/x/) [f](#here) [g](mailto:a@b) \
         <a href='/old/b%20&amp;%20c'>h</a> [i]\n\n[i]: /old/b%20&amp;%20c\n\n    [code](b.md)\n"
    );
}

fn relinked(body: &str) -> String {
    relink(body, &|url| (url == "x.png" || url == "a (1)&.png").then(|| "/media/n w.png".to_owned()))
}

#[test]
fn relink_changes_destinations_and_nothing_else() {
    for (before, after) in [
        ("![x.png](x.png)", "![x.png](/media/n%20w.png)"),
        ("![x.png]( <x.png>  'x.png' )", "![x.png]( </media/n%20w.png>  'x.png' )"),
        ("[![a](x.png)](x.png \"](x.png)\")", "[![a](/media/n%20w.png)](/media/n%20w.png \"](x.png)\")"),
        ("![a \\](x.png](x.png)", "![a \\](x.png](/media/n%20w.png)"),
        ("![`](x.png)`](x.png)", "![`](x.png)`](/media/n%20w.png)"),
        ("![a](a\\ (1)&amp;.png)", "![a](a\\ (1)&amp;.png)"),
        ("![a](<a (1)&amp;.png>)", "![a](</media/n%20w.png>)"),
        ("![a](\nx.png\n)", "![a](\n/media/n%20w.png\n)"),
        ("> ![a](\n> x.png)", "> ![a](\n> /media/n%20w.png)"),
        ("![a][x.png]\n\n[x.png]: x.png 'x.png'", "![a][x.png]\n\n[x.png]: /media/n%20w.png 'x.png'"),
        ("> [r]:\n> <x.png>\n\n![r]", "> [r]:\n> </media/n%20w.png>\n\n![r]"),
        ("`![a](x.png)`", "`![a](x.png)`"),
        ("```\n![a](x.png)\n[r]: x.png\n```\n", "```\n![a](x.png)\n[r]: x.png\n```\n"),
        ("\\![a]\\(x.png)", "\\![a]\\(x.png)"),
        ("x.png [x.png] (x.png)", "x.png [x.png] (x.png)"),
        ("| a |\n|---|\n| ![a](x.png) |\n", "| a |\n|---|\n| ![a](/media/n%20w.png) |\n"),
        ("<IMG alt=\"src='x.png'\" SRC = x.png>", "<IMG alt=\"src='x.png'\" SRC = /media/n%20w.png>"),
        (
            "<div>\n<a\n href=' x.png '><img src='x.png'/></a>\n</div>",
            "<div>\n<a\n href=' /media/n%20w.png '><img src='/media/n%20w.png'/></a>\n</div>",
        ),
        ("<!-- <img src='x.png'> -->", "<!-- <img src='x.png'> -->"),
        ("<script>\n'<img src=\"x.png\">'\n</script>\n", "<script>\n'<img src=\"x.png\">'\n</script>\n"),
        ("<pre>\n<img src=\"x.png\">\n</pre>", "<pre>\n<img src=\"/media/n%20w.png\">\n</pre>"),
        ("a <img src=\"x.png\" src=\"x.png\"> b", "a <img src=\"/media/n%20w.png\" src=\"x.png\"> b"),
        ("<img data-src=\"x.png\"> <a href>x.png</a>", "<img data-src=\"x.png\"> <a href>x.png</a>"),
        (
            "\u{feff}é ![ü](x.png) é\r\n![ü](x.png)\r\n",
            "\u{feff}é ![ü](/media/n%20w.png) é\r\n![ü](/media/n%20w.png)\r\n",
        ),
    ] {
        assert_eq!(relinked(before), after);
    }
}

#[test]
fn a_new_address_cannot_break_out_of_its_place() {
    for body in ["![a](x)", "![a](<x>)", "<img src=\"x\">", "<img src='x'>", "<img src=x>", "![r]\n\n[r]: x"] {
        let new = "/a\"'> )\\<b>(`|\n&amp;";
        let there: Vec<String> =
            links::destinations(&relink(body, &|_| Some(new.to_owned()))).into_iter().map(|at| at.url).collect();
        assert!(!there.is_empty(), "{body}");
        assert!(there.iter().all(|url| url == "/a%22%27%3E%20%29%5C%3Cb%3E%28%60%7C%0A&amp;"), "{body}: {there:?}");
    }
}

#[test]
fn deeply_nested_text_is_read_in_little_time() {
    let start = std::time::Instant::now();
    for body in [
        "![".repeat(20_000) + &"](x.png)".repeat(20_000),
        "[a](x.png ".repeat(20_000),
        "<a href=\"".repeat(20_000),
        "<!-- <img ".repeat(20_000),
    ] {
        relinked(&body);
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn relink_to_the_same_address_changes_nothing(text in "(?s).{0,200}", body in "[]\\[!()<>:=\"'`a-c.\\\\&#;| \n-]{0,200}", html in "<(img|a|!--|script|x)[ \n/='\"a-c>srhef<]{0,80}") {
        for body in [text, body, html] {
            prop_assert_eq!(relink(&body, &|url| Some(url.to_owned())), body);
        }
    }

    #[test]
    fn every_image_that_markdown_sees_is_found_in_the_source(
        body in "(!\\[[a-c]{0,2}\\]\\(<?[a-c.\\\\&;]{0,4}>?\\)|[]\\[!()<> \n`>a-c]{0,9}){0,6}",
    ) {
        for Destination { url, at, .. } in links::destinations(&body) {
            // What is left without a place is borrowed from a definition, or empty.
            if at.is_none() && !url.is_empty() {
                prop_assert!(body.contains("]:"), "{:?} in {:?}", url, body);
            }
        }
    }

    #[test]
    fn no_address_panics(address in ".{0,60}", path in "[a-c0-9/_.%-]{0,40}") {
        address::normal(&address);
        address::decode(&path);
        let file = FileName::of(&path);
        address::own(&FrontMatter { permalink: Some(address), ..FrontMatter::default() }, &file, Some(Time(0)), &zone(), &Permalinks::Usual, &super::site::Site::default());
        address::own(&FrontMatter::default(), &file, None, &zone(), &Permalinks::Usual, &super::site::Site::default());
        address::day_in(path.split('/'));
    }
}
