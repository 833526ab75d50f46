//! What a site does not show is a draft, wherever the site says it.

use super::{
    tests::{Site, outcome, told_of_zip, zone},
    *,
};
use crate::{
    exchange::tests::{all_said, said},
    model::incoming::{self, Item},
};

const TEXT: &str = "---\ntitle: x\ndate: 2020-01-01\n---\nBody";

/// The drafts of a site, as its paths, and the files that could not be read.
fn drafts(files: &[(&str, &str)], below: &str) -> (Vec<String>, Vec<String>) {
    let site = Site::of(files);
    let (mut drafts, mut faults) = (Vec::new(), Vec::new());
    tell(&site.0.path().join(below), None, &zone(), &mut |item| {
        match item {
            Item::Entry(entry) if entry.state == incoming::State::Draft => {
                drafts.push(entry.origin.trim_start_matches("markdown:").to_owned());
            }
            Item::Fault(fault) if !fault.is_skipped => faults.push(format!("{} {}", fault.place, said(&fault.what))),
            _ => {}
        }
        Ok(())
    })
    .expect("a folder that can be read");
    (drafts, faults)
}

fn without_faults(files: &[(&str, &str)], below: &str) -> String {
    let (drafts, faults) = drafts(files, below);
    assert_eq!(faults, Vec::<String>::new());
    drafts.join(" ")
}

#[test]
fn jekylls_defaults_hide_what_they_are_for() {
    let post = "---\ntitle: x\n---\n";
    let with = |defaults: &str| {
        let files = [
            ("_config.yml", &*format!("collections:\n  notes: {{output: true}}\ndefaults:\n{defaults}")),
            ("_posts/2020-01-01-a.md", post),
            ("_posts/2021/2021-01-01-b.md", post),
            ("_notes/c.md", TEXT),
            ("about.md", TEXT),
        ];
        without_faults(&files, "")
    };
    assert_eq!(with("  - {scope: {path: '', type: posts}, values: {layout: post}}"), "");
    let all = "_notes/c.md _posts/2020-01-01-a.md _posts/2021/2021-01-01-b.md about.md";
    assert_eq!(with("  - {scope: {path: ''}, values: {published: false}}"), all);
    let posts = "_posts/2020-01-01-a.md _posts/2021/2021-01-01-b.md";
    assert_eq!(with("  - {scope: {path: '', type: posts}, values: {published: false}}"), posts);
    assert_eq!(with("  - {scope: {path: _posts/2021}, values: {published: false}}"), "_posts/2021/2021-01-01-b.md");
    assert_eq!(with("  - {scope: {path: '_posts/*/'}, values: {draft: true}}"), "_posts/2021/2021-01-01-b.md");
    assert_eq!(with("  - {scope: {type: notes}, values: {published: false}}"), "_notes/c.md");
    let nearer =
        "  - {scope: {path: _posts}, values: {published: true}}\n  - {scope: {path: ''}, values: {published: false}}";
    assert_eq!(with(nearer), "_notes/c.md about.md", "the longer path counts");
}

#[test]
fn jekylls_defaults_give_what_a_text_does_not_say() {
    let config = "defaults:\n  - scope: {path: '', type: posts}\n    values:\n      permalink: /blog/:categories/:title/\n      author: Ann\n      categories: [News]\n      tags: [a]\n  - scope: {path: about.md}\n    values: {layout: page}\n";
    let site = Site::of(&[
        ("_config.yml", config),
        ("_posts/2020-01-01-tea.md", "---\ntitle: x\ncategories: [Tea]\ntags: [b]\n---\n"),
        ("_posts/2020-01-02-more.md", "---\ntitle: x\nauthor: Ben\n---\n[a]({% post_url 2020-01-01-tea %})"),
        ("about.md", "---\ntitle: x\n---\n"),
    ]);
    let found = scan(site.0.path()).expect("a readable folder");
    let entry = |at: usize| read(&found[at], &zone()).expect("read");
    assert_eq!(entry(0).entry.old_paths, ["blog/news/tea/tea"]);
    assert_eq!(
        (entry(0).entry.tags, entry(0).entry.authors),
        (vec!["b".into(), "News".into(), "Tea".into()], vec!["Ann".into()])
    );
    assert_eq!((entry(1).entry.tags, entry(1).entry.authors), (vec!["a".into(), "News".into()], vec!["Ben".into()]));
    assert_eq!(entry(1).entry.body, "[a](/blog/news/tea/tea)", "links know it too");
    assert_eq!((entry(2).entry.is_page, entry(2).warnings), (true, vec![]));
}

#[test]
fn what_jekyll_passes_over_is_a_draft() {
    let post = "---\ntitle: x\n---\n";
    let files = [
        (
            "_config.yml",
            "collections: {recipes: {output: true}, team: {}}\ninclude: [_pages]\nexclude: [private/, '*.secret.md']\n",
        ),
        ("_posts/2020-1-2-short.md", post),
        ("_posts/idea.md", TEXT),
        ("_recipes/cake.md", TEXT),
        ("_team/ann.md", TEXT),
        ("_notes/a.md", TEXT),
        ("_pages/about.md", TEXT),
        ("blog/_posts/2020-01-02-b.md", post),
        ("blog/_drafts/c.md", post),
        ("private/d.md", TEXT),
        ("e.secret.md", TEXT),
        ("vendor/bundle/gems/x/_posts/2020-01-01-of-a-theme.md", post),
    ];
    let hidden = "_notes/a.md _posts/idea.md _team/ann.md blog/_drafts/c.md e.secret.md private/d.md";
    assert_eq!(without_faults(&files, ""), hidden);
    assert_eq!(without_faults(&files, "_team"), "ann.md", "the folder alone");
    assert_eq!(without_faults(&files, "_recipes"), "");
    assert_eq!(without_faults(&files, "blog/_drafts"), "c.md");
    assert_eq!(without_faults(&files[1..], ""), "blog/_drafts/c.md", "without settings it may be of another system");
    let site = Site::of(&files);
    let cake = scan(site.0.path()).expect("a folder").into_iter().find(|found| found.path() == "_recipes/cake.md");
    assert_eq!(read(&cake.expect("found"), &zone()).expect("read").entry.old_paths, ["recipes/cake.html"]);
}

#[test]
fn settings_that_cannot_be_read_and_may_hide_texts_make_drafts() {
    let of = |config: &str| drafts(&[("_config.yml", config), ("_posts/2020-01-01-a.md", TEXT)], "");
    assert_eq!(of("title: [").0, Vec::<String>::new());
    let (hidden, faults) = of("defaults: [{values: {published: false}}\n");
    assert_eq!((hidden.len(), faults.len()), (1, 1));
    assert!(faults[0].ends_with("and may hide texts: those that it is for come as drafts"), "{faults:?}");
    let many =
        [("config/_default/hugo.toml", ""), ("config/_default/languages.toml", "[[draft"), ("content/a.md", TEXT)];
    assert_eq!(drafts(&many, "").0, ["content/a.md"]);
    let section = [
        ("hugo.toml", ""),
        ("content/p/_index.md", "---\ncascade: [\n---\n"),
        ("content/p/a.md", TEXT),
        ("content/b.md", TEXT),
    ];
    assert_eq!(drafts(&section, "").0, ["content/p/a.md"]);
}

#[test]
fn eleventys_data_hide_what_is_in_their_folder() {
    let with = |name: &str, data: &str| {
        let files = [
            ("eleventy.config.js", "export default () => ({ dir: { input: 'src' } })"),
            (name, data),
            ("src/posts/a.md", TEXT),
            ("src/posts/more/b.md", TEXT),
            (
                "src/posts/own.md",
                "---\ntitle: x\ndate: 2020-01-01\ndraft: false\npermalink: /own/\npublished: true\n---\n",
            ),
            ("src/c.md", TEXT),
        ];
        drafts(&files, "")
    };
    let below = "src/posts/a.md src/posts/more/b.md";
    for (name, data, hidden) in [
        ("src/posts/posts.json", "{\"layout\": \"post.njk\", \"tags\": [\"posts\"]}", ""),
        ("src/posts/posts.json", "{\"draft\": true}", below),
        ("src/posts/posts.json", "{\"published\": false}", below),
        ("src/posts/posts.11tydata.json", "{\"permalink\": false}", below),
        ("src/posts/posts.yaml", "draft: true\n", below),
        ("src/posts/posts.11tydata.js", "module.exports = { draft: true }", below),
        ("src/posts/posts.11tydata.cjs", "module.exports = { permalink: '/b/{{ page.fileSlug }}/' }", ""),
        ("src/posts/a.11tydata.json", "{\"draft\": true}", "src/posts/a.md"),
        ("src/posts/a.json", "{\"permalink\": false}", "src/posts/a.md"),
        ("src/posts/other.json", "{\"draft\": true}", ""),
        ("src/posts/posts.json", "[{\"draft\": true}]", ""),
        ("src/src.json", "{\"draft\": true}", "src/c.md src/posts/a.md src/posts/more/b.md"),
    ] {
        assert_eq!(with(name, data), (hidden.split_whitespace().map(str::to_owned).collect(), vec![]), "{name} {data}");
    }
    let everywhere = "{\"eleventyExcludeFromCollections\": true}";
    assert_eq!(
        with("src/posts/posts.json", everywhere).0,
        ["src/posts/a.md", "src/posts/more/b.md", "src/posts/own.md"]
    );
    let alone = [("posts/posts.json", "{\"draft\": true}"), ("posts/a.md", TEXT)];
    assert_eq!(without_faults(&alone, "posts"), "a.md", "the folder alone");
}

#[test]
fn a_program_that_may_hide_texts_makes_drafts_of_them_and_is_named() {
    let program = "export default { permalink: data => data.status === 'private' ? false : '/x/' }";
    let says = "is a program, which is not run, and may hide texts: those that it is for come as drafts";
    for ending in ["js", "cjs", "mjs"] {
        let name = format!("posts/posts.11tydata.{ending}");
        let files = [
            (name.as_str(), program),
            ("posts/a.md", TEXT),
            ("posts/b.md", "---\ntitle: y\ndraft: false\ndate: 2020-01-01\n---\n"),
            ("c.md", TEXT),
        ];
        let expected = (vec!["posts/a.md".to_owned(), "posts/b.md".to_owned()], vec![format!("{name} {says}")]);
        assert_eq!(drafts(&files, ""), expected);
    }
    let broken = drafts(&[("posts/posts.json", "{"), ("posts/a.md", TEXT)], "");
    assert_eq!((broken.0.len(), broken.1.len()), (1, 1));
    let settings = "export default c => { c.addPreprocessor('p', '*', data => { if (data.secret) return false; }) }";
    assert_eq!(
        drafts(&[("eleventy.config.js", settings), ("a.md", TEXT)], ""),
        (vec!["a.md".into()], vec![format!("eleventy.config.js {says}")])
    );
}

#[test]
fn what_the_settings_leave_out_is_a_draft() {
    let eleventy = [
        (".eleventy.js", "c.ignores.add(\"src/notes/**\"); return { dir: { input: 'src' } }"),
        (".eleventyignore", "# those\nsrc/old\n"),
        (".gitignore", "*.private.md\n!b.private.md\n"),
        ("src/a.md", TEXT),
        ("src/b.private.md", TEXT),
        ("src/notes/c.md", TEXT),
        ("src/old/d.md", TEXT),
    ];
    assert_eq!(without_faults(&eleventy, ""), "src/b.private.md src/notes/c.md src/old/d.md");
    let hugo = [
        ("hugo.toml", "ignoreFiles = ['\\.Rmd$', '\\.draft\\.md$', 'content/private/']"),
        ("content/a.md", TEXT),
        ("content/b.draft.md", TEXT),
        ("content/private/c.md", TEXT),
        ("content/bundle/index.md", TEXT),
        ("content/bundle/index.ms.md", TEXT),
        ("content/bundle/notes.md", TEXT),
        ("content/bundle/more/notes.md", TEXT),
    ];
    let left = "content/b.draft.md content/bundle/more/notes.md content/bundle/notes.md content/private/c.md";
    assert_eq!(without_faults(&hugo, ""), left);
    let left = left.replace("content/", "");
    assert_eq!(without_faults(&hugo, "content"), left, "the folder of texts alone");
    let zola = [
        ("zola.toml", "base_url = 'https://z.example'\nignored_content = ['*.{org,txt}', 'private/*']"),
        ("content/a.md", TEXT),
        ("content/private/c.md", TEXT),
    ];
    assert_eq!(without_faults(&zola, ""), "content/private/c.md");
}

#[test]
fn a_zip_brings_what_hides_texts() {
    for (name, data) in [
        ("src/posts/posts.json", "{\"draft\": true}"),
        ("src/posts/posts.11tydata.js", "export default { draft: true }"),
        (".eleventyignore", "src/posts"),
    ] {
        let (items, done) = told_of_zip(&[(".eleventy.js", "x"), (name, data), ("src/posts/a.md", TEXT)]);
        let found = crate::exchange::tests::entries(&items);
        assert_eq!((done, found.len(), found[0].state), (Ok(()), 1, incoming::State::Draft), "{name}");
    }
    let jekyll = [("_config.yaml", "defaults: [{values: {published: false}}]"), ("_posts/2020-01-01-a.md", TEXT)];
    assert_eq!(crate::exchange::tests::entries(&told_of_zip(&jekyll).0)[0].state, incoming::State::Draft);
}

#[test]
fn a_part_of_a_site_is_as_hidden_as_in_the_whole() {
    let post = "---\ntitle: x\n---\n";
    let jekyll = [
        ("_config.yml", "defaults: [{scope: {path: blog/_posts/old}, values: {published: false}}]\n"),
        ("blog/_posts/2020-01-01-a.md", post),
        ("blog/_posts/old/2019-01-01-b.md", post),
    ];
    assert_eq!(without_faults(&jekyll, "blog/_posts"), "old/2019-01-01-b.md");
    assert_eq!(without_faults(&jekyll, "blog/_posts/old"), "2019-01-01-b.md");
    let hugo = [
        ("hugo.toml", "ignoreFiles = ['posts/c']\n"),
        ("content/_index.md", "---\ncascade: {draft: true, target: {path: /posts/2019/**}}\n---\n"),
        ("content/posts/2019/a.md", TEXT),
    ];
    assert_eq!(without_faults(&hugo, "content/posts"), "2019/a.md");
    let eleventy = [
        (
            "eleventy.config.js",
            "export default c => { c.ignores.add('src/posts/b.md'); return { dir: { input: 'src' } } }",
        ),
        ("src/src.11tydata.json", "{\"draft\": true}"),
        ("src/posts/posts.json", "{\"draft\": false}"),
        ("src/posts/a.md", TEXT),
        ("src/posts/b.md", TEXT),
        ("src/notes/c.md", TEXT),
    ];
    assert_eq!(without_faults(&eleventy, "src/posts"), "b.md");
    assert_eq!(without_faults(&eleventy, "src/notes"), "c.md");
    let site = Site::of(&[("hugo.toml", "baseURL = 'https://old.example'"), ("content/posts/a.md", TEXT)]);
    let found = scan(&site.0.path().join("content/posts")).expect("a readable folder");
    let entry = read(&found[0], &zone()).expect("read").entry;
    assert_eq!(
        (entry.origin.as_str(), entry.old_paths),
        ("markdown:a.md", vec!["posts/a".to_owned()]),
        "its address is the same"
    );
}

#[test]
fn what_was_for_some_readers_alone_is_a_draft() {
    for (keys, why) in [
        ("private: true", "was private: it becomes a draft"),
        ("hidden: true", "was private: it becomes a draft"),
        ("status: Draft", "was private: it becomes a draft"),
        ("visibility: private", "was private: it becomes a draft"),
        ("password: 1234", "had a password: it becomes a draft"),
    ] {
        let text = format!("---\ntitle: x\ndate: 2020-01-01\n{keys}\n---\n");
        let Outcome { entry, warnings, .. } = outcome("a.md", &text);
        assert_eq!((entry.is_draft, all_said(&warnings)), (true, vec![why.to_owned()]), "{keys}");
        let section = format!("---\ncascade:\n  {keys}\n---\n");
        let files = [("hugo.toml", ""), ("content/p/_index.md", section.as_str()), ("content/p/a.md", TEXT)];
        assert_eq!(without_faults(&files, ""), "content/p/a.md", "{keys}");
    }
    let seen = "---\ntitle: x\ndate: 2020-01-01\nprivate: false\nstatus: published\nhidden: []\npassword: ''\n---\n";
    assert!(!outcome("a.md", seen).entry.is_draft);
    let many = [
        ("config/_default/hugo.toml", ""),
        ("config/_default/cascade.toml", "[[cascade]]\ndraft = true\n"),
        ("content/a.md", TEXT),
    ];
    assert_eq!(without_faults(&many, ""), "content/a.md");
}
