//! Which addresses texts had, by the clock and the spelling of their system; each as a run of that system made it.

use super::{
    tests::{Site, zone},
    *,
};
use crate::exchange::tests::said;

/// The old addresses of the first text of a site.
fn paths(files: &[(&str, &str)]) -> Vec<String> {
    let site = Site::of(files);
    let found = scan(site.0.path()).expect("a readable folder");
    read(found.first().expect("a text"), &zone()).expect("read").entry.old_paths
}

fn text(keys: &str) -> String {
    format!("---\ntitle: x\n{keys}\n---\nbody\n")
}

#[test]
fn hugos_addresses_go_by_the_clock_of_the_author() {
    let settings = ("hugo.toml", "[permalinks]\nposts = '/:year/:month/:day/:slug/'\n");
    for (date, path) in [
        ("2021-06-08T02:00:00Z", "2021/06/08/x"),
        ("2021-06-07T23:30:00-07:00", "2021/06/07/x"),
        ("2021-06-30T23:59:00+00:00", "2021/06/30/x"),
        ("2021-06-07T00:30:00", "2021/06/07/x"),
        ("2021-06-07", "2021/06/07/x"),
    ] {
        let text = text(&format!("date: {date}"));
        assert_eq!(paths(&[settings, ("content/posts/a.md", &text)]), [path], "{date}");
    }
}

#[test]
fn jekylls_addresses_go_by_the_clock_of_the_site() {
    let settings = "permalink: /:year/:month/:day/:hour/:title/\n";
    let of = |date: &str, settings: &str| {
        paths(&[("_config.yml", settings), ("_posts/2021-06-10-a.md", &text(&format!("date: {date}")))])
    };
    let in_new_york = format!("timezone: America/New_York\n{settings}");
    assert_eq!(of("2021-06-10 02:00:00 +0200", settings)[0], "2021/06/10/00/a");
    assert_eq!(of("2021-06-10 02:00:00 +0200", &in_new_york)[0], "2021/06/09/20/a");
    assert_eq!(of("2021-06-10T23:59:00Z", &in_new_york)[0], "2021/06/10/19/a");
    assert_eq!(of("2021-06-10", &in_new_york), ["2021/06/10/00/a"]);
    let undated = [("_config.yml", settings), ("_posts/2021-06-11-a.md", "---\ntitle: x\n---\n")];
    assert_eq!(paths(&undated), ["2021/06/11/00/a"]);
}

#[test]
fn hugo_and_zola_spell_paths_their_own_way() {
    let dated = text("date: 2021-01-02");
    let hugo = |path: &str, settings: &str| paths(&[("hugo.toml", settings), (path, &dated)])[0].clone();
    for (file, path) in [
        ("UPPER.md", "post/upper"),
        ("my_file Name.md", "post/my_file-name"),
        ("C++ tips.md", "post/c++-tips"),
        ("x,y;z.md", "post/xyz"),
        ("2020-05-05-dated.md", "post/2020-05-05-dated"),
        ("naïve.md", "post/naïve"),
    ] {
        assert_eq!(hugo(&format!("content/post/{file}"), ""), path);
    }
    assert_eq!(hugo("content/Mixed/Case.md", ""), "mixed/case");
    assert_eq!(hugo("content/post/Été à.md", "disablePathToLower = true\nremovePathAccents = true"), "post/Ete-a");
    for (slug, end) in
        [("My Slug", "my-slug"), ("UP", "up"), ("a b  c", "a-b-c"), ("trail-", "trail"), ("50%", "50"), ("ünï", "ünï")]
    {
        let text = text(&format!("date: 2021-01-02\nslug: \"{slug}\""));
        for (settings, folder) in [("", "post"), ("[permalinks]\npost = '/:year/:slug/'\n", "2021")] {
            let path = &paths(&[("hugo.toml", settings), ("content/post/a.md", &text)])[0];
            assert_eq!(*path, format!("{folder}/{end}"));
        }
    }
    let zola = [("zola.toml", "base_url = 'https://z.example'"), ("content/Blog Two/Été_x.md", "+++\n+++\n")];
    assert_eq!(paths(&zola)[0], "blog-two/ete-x");
}

#[test]
fn every_part_of_a_pattern_is_filled_in() {
    let dated = "---\ntitle: \"Hello: World & Co. (2)!\"\ndate: 2021-06-07\n---\n";
    let hugo = |pattern: &str| {
        let settings = format!("[permalinks]\npost = '{pattern}'\n");
        paths(&[("hugo.toml", &settings), ("content/post/Sub/my File.md", dated)])[0].clone()
    };
    assert_eq!(hugo("/:sections/:slug"), "post/sub/hello-world-co.-2");
    assert_eq!(hugo("/:sections[1:]/:filename"), "sub/my-file");
    assert_eq!(hugo("/:sections[last]/x"), "sub/x");
    assert_eq!(hugo("/:year/:yearday/:weekday/:weekdayname/:slugorfilename"), "2021/158/1/monday/my-file");
    assert_eq!(hugo("/:month/:monthname/:section/:title.html"), "06/june/post/hello-world-co.-2.html");
    let jekyll = |pattern: &str| {
        let text = "---\ntitle: x\ncategories: [News, Big Deal]\n---\n";
        let settings = format!("permalink: {pattern}");
        paths(&[("_config.yml", &settings), ("_posts/2020-03-01-Mixed_Name here.md", text)])[0].clone()
    };
    assert_eq!(jekyll("date"), "news/big deal/2020/03/01/Mixed_Name-here.html");
    assert_eq!(jekyll("/:year/:short_month/:i_day/:slug.html"), "2020/Mar/1/mixed-name-here.html");
    assert_eq!(jekyll("/:slugified_categories/:title/"), "news/big-deal/Mixed_Name-here");
    assert_eq!(
        jekyll("/:collection/:hour/:minute/:second/:long_month/:title/"),
        "posts/00/00/00/March/Mixed_Name-here"
    );
}

#[test]
fn patterns_in_further_files_count_and_what_is_not_known_in_one_is_said() {
    let dated = text("date: 2021-06-07");
    let post = ("content/post/a.md", dated.as_str());
    let production = [
        ("config/_default/hugo.toml", "[permalinks]\npost = '/no/:slug/'"),
        ("config/production/hugo.toml", "[permalinks]\npost = '/:year/:slug/'"),
        post,
    ];
    assert_eq!(paths(&production), ["2021/x"]);
    let by_name = "[frontmatter]\ndate = ['date', ':filename']\n[permalinks]\npost = '/:year/:slug/'\n";
    assert_eq!(paths(&[("hugo.toml", by_name), ("content/post/2021-02-03-from-it.md", &text(""))])[0], "2021/from-it");
    let faults = |files: &[(&str, &str)]| {
        let site = Site::of(files);
        let mut faults = Vec::new();
        tell(site.0.path(), None, &zone(), &mut |item| {
            if let crate::model::incoming::Item::Fault(fault) = item {
                faults.push(format!("{} {}", fault.place, said(&fault.what)));
            }
            Ok(())
        })
        .expect("read");
        faults
    };
    let unknown = "in its addresses /:nosuch/:slug, :nosuch is not known here: they are taken from the names of the files, and old links to them may lead nowhere";
    assert_eq!(
        faults(&[("hugo.toml", "[permalinks]\npost = '/:nosuch/:slug'"), post]),
        [format!("hugo.toml {unknown}")]
    );
    let jekyll = [("_config.yml", "permalink: /:nosuch/:slug\ntitle: a\ntitle: b"), ("_posts/2020-01-01-a.md", &dated)];
    let twice = "_config.yml has a key twice: the last of them counts".to_owned();
    assert_eq!(faults(&jekyll), [twice, format!("_config.yml {unknown}")]);
}

#[test]
fn an_address_that_names_the_file_is_that_of_its_folder_too() {
    let of = |keys: &str| paths(&[("content/a.md", &text(&format!("date: 2020-01-01\n{keys}")))]);
    assert_eq!(of("permalink: /writing/a/index.html"), ["writing/a", "writing/a/index.html"]);
    assert_eq!(of("url: /m/\naliases: [/old/index.html]"), ["m", "old", "old/index.html"]);
}

#[test]
fn lists_of_languages_own_labels_and_people_lead_here() {
    let front =
        "---\ntitle: x\ndate: 2020-01-01\nmots: [Mer sel]\nseries: Sea\nauthors: [Hana]\n---\n![](/img/a.svg)\n";
    let site = Site::of(&[
        (
            "hugo.toml",
            "baseURL = 'https://x.example/blog/'\n[taxonomies]\ntag = 'mots'\nseries = 'series'\n[languages.de]\n[languages.en]\n",
        ),
        ("content/post/a.de.md", front),
        ("static/img/a.svg", super::tests::SVG),
    ]);
    let (mut moved, mut terms, mut people, mut entries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    tell(site.0.path(), None, &zone(), &mut |item| {
        use crate::model::incoming::Item;
        match item {
            Item::Moved { from, to } => moved.push(format!("{from} {to}")),
            Item::Term(term) => terms.push((term.name, term.old_paths)),
            Item::Person(person) => people.push((person.name, person.old_paths)),
            Item::Entry(entry) => entries.push(entry),
            _ => {}
        }
        Ok(())
    })
    .expect("read");
    for lead in [
        "blog/de /",
        "blog/de/index.xml /feed.rss",
        "blog/de/mots /archive",
        "blog/de/series /archive",
        "blog/de/categories /archive",
        "blog/de/post /",
        "blog /",
    ] {
        assert!(moved.iter().any(|moved| moved == lead), "{lead} {moved:?}");
    }
    let has = |list: &[(String, Vec<String>)], name: &str, path: &str| {
        list.iter().any(|(known, paths)| known == name && paths.iter().any(|known| known == path))
    };
    assert!(has(&terms, "Mer sel", "blog/de/mots/mer-sel") && has(&terms, "Sea", "blog/de/series/sea"), "{terms:?}");
    assert!(has(&people, "Hana", "blog/de/authors/hana"), "{people:?}");
    assert_eq!(entries[0].tags, ["Sea", "Mer sel"]);
    assert!(entries[0].pictures[0].old_paths.contains(&"blog/img/a.svg".to_owned()));
}

#[test]
fn jekylls_folders_languages_and_excerpts_come_along() {
    let text = "---\ntitle: x\nlang: de\ncategories: [Food]\n---\nfirst\n\n<!--end-->\n\nrest\n";
    let site = Site::of(&[("_config.yml", "excerpt_separator: <!--end-->"), ("cooking/_posts/2020-01-02-a.md", text)]);
    let found = scan(site.0.path()).expect("a readable folder");
    let entry = read(&found[0], &zone()).expect("read").entry;
    assert_eq!((entry.language.as_deref(), entry.body.as_str()), (Some("de"), "first\n\n<!--more-->\n\nrest\n"));
    assert_eq!(entry.tags, ["Food", "cooking"]);
    assert_eq!(entry.old_paths[0], "cooking/food/2020/01/02/a.html");
}
