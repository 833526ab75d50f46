//! Texts in several languages.

use super::{
    tests::{Site, zone},
    *,
};

#[test]
fn hugos_languages_are_in_the_names_of_its_files() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\n";
    let of = |config: &str, path: &str, other: &str| {
        let path = format!("content/{path}");
        let site = Site::of(&[("hugo.toml", config), (path.as_str(), text), (&format!("content/{other}"), text)]);
        let found = scan(site.0.path()).expect("a readable folder");
        let found = found.iter().find(|found| path.ends_with(found.path())).expect("found");
        let entry = read(found, &zone()).expect("read").entry;
        (entry.slug, entry.language, entry.old_paths)
    };
    let own = |slug: &str, language: Option<&str>, path: &str| {
        (slug.to_owned(), language.map(str::to_owned), vec![path.to_owned()])
    };
    assert_eq!(of("", "posts/post.ms.md", "posts/post.md"), own("post", Some("ms"), "ms/posts/post"));
    assert_eq!(of("", "posts/post.md", "posts/post.ms.md"), own("post", None, "posts/post"));
    assert_eq!(of("", "posts/post/index.ms.md", "posts/post/index.md"), own("post", Some("ms"), "ms/posts/post"));
    assert_eq!(of("", "posts/post.ms.md", "x.md"), ("post.ms".to_owned(), None, vec!["posts/post.ms".to_owned()]));
    assert_eq!(of("", "posts/post.js.md", "posts/post.md").1, None, "no language");
    let told = "defaultContentLanguage = 'ms'\n[languages.ms]\n[languages.en]\n";
    assert_eq!(of(told, "posts/post.ms.md", "x.md"), own("post", Some("ms"), "posts/post"));
    assert_eq!(of(told, "posts/post.en.md", "x.md"), own("post", Some("en"), "en/posts/post"));
    let in_addresses = format!("defaultContentLanguageInSubdir = true\n{told}");
    assert_eq!(of(&in_addresses, "posts/post.md", "x.md"), own("post", None, "ms/posts/post"));
    let patterns = format!("{told}[permalinks]\nposts = '/:year/:slug/'\n");
    assert_eq!(of(&patterns, "posts/post.en.md", "x.md").2, ["en/2020/x"]);
}

/// The slug, language, first old address and body of each text of a site.
fn all(files: &[(&str, &str)]) -> Vec<(String, Option<String>, String, String)> {
    let site = Site::of(files);
    let found = scan(site.0.path()).expect("a readable folder");
    let read = found.iter().map(|found| read(found, &zone()).expect("read").entry);
    read.map(|entry| (entry.origin.replace("markdown:", ""), entry.language, entry.old_paths[0].clone(), entry.body))
        .collect()
}

fn brief(files: &[(&str, &str)]) -> Vec<(String, String, String)> {
    all(files).into_iter().map(|(origin, language, path, _)| (origin, language.unwrap_or_default(), path)).collect()
}

#[test]
fn hugos_languages_may_have_folders_of_their_own() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\n";
    let one = |origin: &str, language: &str, path: &str| (origin.to_owned(), language.to_owned(), path.to_owned());
    let settings = "defaultContentLanguage = 'en'\n[languages.en]\ncontentDir = 'content/en'\n[languages.ms]\ncontentDir = 'content/ms'\n";
    let texts = [("content/en/posts/a.md", text), ("content/ms/posts/a.md", text)];
    let expected = [one("content/en/posts/a.md", "en", "posts/a"), one("content/ms/posts/a.md", "ms", "ms/posts/a")];
    assert_eq!(brief(&[("hugo.toml", settings), texts[0], texts[1]]), expected);
    let parted = "en: {contentDir: content/en}\nms: {contentDir: ./content/ms/}\n";
    assert_eq!(
        brief(&[("config/_default/hugo.yaml", ""), ("config/_default/languages.yaml", parted), texts[0], texts[1]]),
        expected
    );
    let beside = "[languages.ms]\ncontentDir = 'content-ms'\n[languages.fr]\ncontentDir = '../out'\n";
    assert_eq!(
        brief(&[("hugo.toml", beside), ("content/posts/a.md", text), ("content-ms/posts/a.md", text)]),
        [one("content/posts/a.md", "", "posts/a"), one("content-ms/posts/a.md", "ms", "ms/posts/a")]
    );
    let apart = "[languages.en]\ncontentDir = 'english'\n[languages.ms]\ncontentDir = 'melayu'\n";
    assert_eq!(
        brief(&[("hugo.toml", apart), ("english/a.md", text), ("melayu/a.md", text), ("themes/x/b.md", text)]),
        [one("english/a.md", "en", "a"), one("melayu/a.md", "ms", "ms/a")]
    );
    let elsewhere = [("hugo.toml", "contentDir = 'texts'"), ("texts/posts/a.md", text), ("README.md", text)];
    assert_eq!(brief(&elsewhere), [one("texts/posts/a.md", "", "posts/a")]);
}

#[test]
fn a_reference_leads_to_the_text_in_the_same_language_first() {
    let text = "---\ntitle: x\ndate: 2020-01-01\n---\n[b]({{< ref \"b\" >}}) [c]({{< relref \"/posts/c.md#x\" >}})";
    let plain = "---\ntitle: x\ndate: 2020-01-01\n---\n";
    let bodies = |files: &[(&str, &str)]| -> Vec<String> {
        all(files).into_iter().map(|(.., body)| body).filter(|body| !body.is_empty()).collect()
    };
    let by_name = [
        ("hugo.toml", "[languages.en]\n[languages.ms]\n"),
        ("content/posts/a.md", text),
        ("content/posts/a.ms.md", text),
        ("content/posts/b.md", plain),
        ("content/posts/b.ms.md", plain),
        ("content/posts/c/index.md", plain),
        ("content/posts/c/index.ms.md", plain),
    ];
    let expected = ["[b](/posts/b) [c](/posts/c#x)", "[b](/ms/posts/b) [c](/ms/posts/c#x)"];
    assert_eq!(bodies(&by_name), expected);
    let by_folder = [
        ("hugo.toml", "[languages.en]\ncontentDir = 'content/en'\n[languages.ms]\ncontentDir = 'content/ms'\n"),
        ("content/en/posts/a.md", text),
        ("content/ms/posts/a.md", text),
        ("content/en/posts/b.md", plain),
        ("content/ms/posts/b.md", plain),
        ("content/en/posts/c.md", plain),
        ("content/ms/posts/c.md", plain),
    ];
    assert_eq!(bodies(&by_folder), expected);
    let only = [
        ("hugo.toml", "[languages.en]\n[languages.ms]\n"),
        (
            "content/a.md",
            "---\ntitle: x\ndate: 2020-01-01\n---\n[b]({{< ref \"b.md\" >}}) [c]({{< ref path=\"c\" lang=\"ms\" >}})",
        ),
        ("content/b.ms.md", plain),
        ("content/c.md", plain),
        ("content/c.ms.md", plain),
    ];
    assert_eq!(bodies(&only), ["[b](/ms/b) [c](/ms/c)"]);
}
