//! Moving in from Ghost, and from the folder of a site: its pictures, and its old addresses as readers follow them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use laman::{
    jobs::{
        Stepped,
        import::{self, Wanted, desk},
    },
    model::import::{Format, Line, Report},
    text::words::words,
};
use serde_json::json;
use url::Url;

use crate::support::*;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='2'/>";

/// A folder of files: paths with what is in them.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

async fn import(
    blog: &TestBlog,
    format: Format,
    source: PathBuf,
    site: Option<&str>,
    media: Option<PathBuf>,
) -> Report {
    let site = site.map(|site| Url::parse(site).unwrap());
    let wanted = Wanted { format, sources: vec![source], site, media, fetch: None, max_file: 1 << 20, is_trial: false };
    let settings = blog.app.store.settings().await.unwrap().unwrap();
    let (store, progress, mut note) = (&blog.app.store, Arc::default(), |_: &Line| {});
    let done = import::run(store, &settings, blog.owner, &wanted, &progress, &mut note, blog.now()).await.unwrap();
    done.read.unwrap();
    done.report
}

fn said(report: &Report) -> Vec<String> {
    let english = words(laman::model::language::Language::ENGLISH);
    report.lines.iter().map(|line| format!("{}: {}", line.place, english.remark(&line.what))).collect()
}

/// Follows an old address as a browser does, to what is there at last.
async fn follow(blog: &TestBlog, address: &str) -> (String, u16) {
    let reader = blog.reader();
    let mut at = address.to_owned();
    for _ in 0..4 {
        let page = reader.get(&at).await;
        if page.status() != 301 {
            return (at, page.status());
        }
        at = page.location().to_owned();
    }
    panic!("{address} leads nowhere")
}

/// An export of Ghost with a post that shows a picture in two sizes.
fn ghost() -> String {
    let html = "<p>Tall <img src=\"__GHOST_URL__/content/images/2020/x.svg\" alt=\"X\" \
                srcset=\"__GHOST_URL__/content/images/size/w600/2020/x.svg 600w\"></p>\
                <p><img src=\"__GHOST_URL__/content/images/size/w300/2020/y.svg\" alt=\"Y\"></p>";
    json!({"db": [{"meta": {"version": "5.1"}, "data": {
        "posts": [{"id": "1", "title": "Kelapa", "slug": "kelapa", "html": html, "type": "post", "status": "published",
                   "visibility": "public", "published_at": "2020-01-05T10:00:00.000Z",
                   "canonical_url": "https://first.example/kelapa", "feature_image": "__GHOST_URL__/content/images/c.svg"}],
        "posts_authors": [{"post_id": "1", "author_id": "u", "sort_order": 0}],
        "users": [{"id": "u", "name": "Siti", "slug": "siti", "bio": "Climbs."}]}}]})
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn ghosts_pictures_are_found_in_a_copy_whichever_folder_was_copied_and_answer_at_their_old_addresses() {
    for media in ["images", "content", "."] {
        for site in [None, Some("https://old.example")] {
            let blog = TestBlog::new().await;
            let old = folder(&[
                ("ghost.json", &ghost()),
                ("content/images/2020/x.svg", SVG),
                ("content/images/2020/y.svg", &SVG.replace("='2'", "='3'")),
                ("content/images/size/w300/2020/y.svg", "a smaller one"),
                ("content/images/c.svg", &SVG.replace("='2'", "='4'")),
            ]);
            let media = if media == "images" { "content/images" } else { media };
            let copy = old.path().join(media);
            let report = import(&blog, Format::Ghost, old.path().join("ghost.json"), site, Some(copy)).await;
            assert_eq!((report.posts, report.pictures, report.missing_pictures), (1, 3, 0), "{:?}", said(&report));
            for old in [
                "/content/images/2020/x.svg",
                "/content/images/size/w600/2020/x.svg",
                "/content/images/size/w300/2020/y.svg",
                "/content/images/c.svg",
            ] {
                let (at, status) = follow(&blog, old).await;
                assert!(at.starts_with("/media/") && status == 200, "{media} {site:?}: {old} {at} {status}");
            }
            assert_eq!(follow(&blog, "/kelapa/").await, ("/2020/01/kelapa".to_owned(), 200));
            let page = blog.reader().get("/2020/01/kelapa").await;
            assert!(!page.body().contains("content/images"), "{}", page.body());
            assert_eq!(page.attribute("link[rel=canonical]", "href"), "https://first.example/kelapa");
            assert!(blog.reader().get("/author/siti").await.body().contains("Climbs."));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_told_where_a_ghost_was() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let old = folder(&[("ghost.json", &ghost()), ("images/2020/x.svg", SVG)]);
    let [path, media] = ["ghost.json", "images"].map(|name| old.path().join(name).to_str().unwrap().to_owned());
    let fields = [("path", path.as_str()), ("media", &media), ("site", "old.example/blog")];
    assert_eq!(owner.upload_fields("/admin/import", &fields).await.status(), 303);
    let work = async || while desk::step(&blog.app).await.unwrap() == Stepped::Done {};
    work().await;
    owner.post("/admin/import/act", &[("action", "run")]).await;
    work().await;
    assert_eq!(follow(&blog, "/blog/kelapa/").await, ("/2020/01/kelapa".to_owned(), 200));
    let (at, status) = follow(&blog, "/blog/content/images/2020/x.svg").await;
    assert!(at.starts_with("/media/") && status == 200, "{at}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ghost_without_its_pictures_says_which_are_missing() {
    let blog = TestBlog::new().await;
    let old = folder(&[("ghost.json", &ghost())]);
    let report = import(&blog, Format::Ghost, old.path().join("ghost.json"), None, None).await;
    assert_eq!((report.posts, report.missing_pictures), (1, 3), "{:?}", said(&report));
    assert_eq!(follow(&blog, "/content/images/size/w600/2020/x.svg").await.1, 404);
    // Found later, they come, and stay when their folder has gone.
    fs::create_dir_all(old.path().join("2020")).unwrap();
    for name in ["2020/x.svg", "2020/y.svg", "c.svg"] {
        fs::write(old.path().join(name), SVG).unwrap();
    }
    let again = |media: Option<&Path>| {
        import(&blog, Format::Ghost, old.path().join("ghost.json"), None, media.map(Path::to_owned))
    };
    assert_eq!(again(Some(old.path())).await.updated, 1);
    assert_eq!(again(None).await.known, 1);
    assert_eq!(follow(&blog, "/content/images/c.svg").await.1, 200);
}

/// A folder of Hugo's, with a bundle, a cover of its own, and a picture of the whole site.
fn hugo() -> tempfile::TempDir {
    folder(&[
        ("hugo.toml", "[permalinks]\nnotes = '/n/:year/:slug'\n"),
        ("content/notes/A Note.md", "---\ntitle: Noted, twice\ndate: 2020-03-05\n---\nSee [tea](../posts/tea.md).\n"),
        (
            "content/posts/tea.md",
            "---\ntitle: Tea\ndate: 2020-01-05\ntags: [Web Design]\ncategories: [Drinks]\n---\n\
             ![H](/img/h.svg) ![Later](/img/later.svg) [the bundle](/posts/bundle/)\n",
        ),
        (
            "content/posts/bundle/index.md",
            "+++\ntitle = \"Bundle\"\ndate = 2020-02-05\n[cover]\nimage = \"cover.svg\"\nalt = \"A hill\"\ncaption = \"By S\"\n+++\nText.\n",
        ),
        ("content/posts/bundle/cover.svg", &SVG.replace("='2'", "='3'")),
        ("static/img/h.svg", SVG),
        ("uploads/img/later.svg", &SVG.replace("='2'", "='4'")),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_hugo_given_as_a_whole_keeps_its_addresses() {
    for site in [None, Some("https://old.example")] {
        let blog = TestBlog::new().await;
        let old = hugo();
        let media = old.path().join("uploads");
        let report = import(&blog, Format::Markdown, old.path().to_owned(), site, Some(media)).await;
        assert_eq!(said(&report), Vec::<String>::new());
        assert_eq!((report.posts, report.pictures, report.missing_pictures), (3, 3, 0));
        for (old, new) in [
            ("/posts/tea/", "/2020/01/tea"),
            ("/posts/bundle/", "/2020/02/bundle"),
            ("/n/2020/noted-twice/", "/2020/03/noted-twice"),
            ("/tags/web-design/", "/tag/web-design"),
            ("/categories/drinks/", "/tag/drinks"),
            ("/tags/web-design/index.xml", "/tag/web-design/feed.xml"),
            ("/tags/", "/archive"),
            ("/posts/", "/"),
            ("/posts/page/2/", "/"),
            ("/posts/index.xml", "/feed.xml"),
            ("/index.xml", "/feed.rss"),
        ] {
            assert_eq!(follow(&blog, old).await, (new.to_owned(), 200), "{old}");
        }
        for old in ["/img/h.svg", "/img/later.svg", "/posts/bundle/cover.svg"] {
            let (at, status) = follow(&blog, old).await;
            assert!(at.starts_with("/media/") && status == 200, "{site:?}: {old} {at} {status}");
        }
        let page = blog.reader().get("/2020/02/bundle").await;
        assert!(page.body().contains("alt=\"A hill\""), "{}", page.body());
        assert!(page.body().contains("<figcaption>By S</figcaption>"), "{}", page.body());
        let again = import(&blog, Format::Markdown, old.path().to_owned(), site, None).await;
        assert_eq!((again.known, again.updated, again.missing_pictures), (3, 0, 0), "{:?}", said(&again));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hugo_did_not_show_yet_or_any_more_is_shown_to_nobody() {
    let blog = TestBlog::new().await;
    let with = |keys: &str| format!("---\ntitle: T\ndate: 2020-01-05\n{keys}\n---\nText.\n");
    let old = folder(&[
        ("hugo.toml", ""),
        ("content/posts/later.md", &with("publishDate: 2999-01-05")),
        ("content/posts/over.md", &with("expiryDate: 2021-01-05")),
        ("content/posts/ending.md", &with("expiryDate: 2999-01-05")),
        ("content/posts/hidden.md", &with("build: {render: never}")),
        ("content/secret/_index.md", "---\ncascade: {draft: true}\n---\n"),
        ("content/secret/a.md", &with("")),
    ]);
    let report = import(&blog, Format::Markdown, old.path().to_owned(), None, None).await;
    assert_eq!((report.posts, report.scheduled, report.drafts), (2, 1, 3));
    assert_eq!(
        said(&report),
        [
            "markdown:content/posts/ending.md: was to be taken away on 2999-01-05, which does not happen here: it stays",
            "markdown:content/posts/hidden.md: was not shown there (it was not to be rendered): it becomes a draft",
            "markdown:content/posts/over.md: was over on 2021-01-05: it becomes a draft",
            "secret/_index.md: is the front page of a section",
        ]
    );
    for (path, status) in [("ending", 200), ("later", 404), ("over", 404), ("hidden", 404)] {
        assert_eq!(blog.reader().get(&format!("/2020/01/{path}")).await.status(), status, "{path}");
    }
    assert_eq!(blog.reader().get("/2999/01/later").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_hugo_in_two_languages_comes_twice() {
    let blog = TestBlog::new().await;
    let with = |title: &str| format!("---\ntitle: {title}\ndate: 2020-01-05\naliases: [{title}]\n---\nText.\n");
    let old = folder(&[
        ("hugo.toml", ""),
        ("content/posts/tea.md", &with("Tea")),
        ("content/posts/tea.ms.md", &with("Teh")),
        ("content/posts/old.org", "#+title: Old"),
    ]);
    let report = import(&blog, Format::Markdown, old.path().to_owned(), None, None).await;
    assert_eq!((report.posts, report.skipped), (2, 1));
    assert_eq!(said(&report), ["posts/old.org: is not Markdown, and stays behind"]);
    let (english, malay) = (follow(&blog, "/posts/tea/").await, follow(&blog, "/ms/posts/tea/").await);
    assert_eq!((english.1, malay.1), (200, 200));
    assert_eq!(follow(&blog, "/posts/Tea").await, english);
    assert_eq!(follow(&blog, "/ms/posts/Teh").await, malay);
    assert!(blog.reader().get(&malay.0).await.body().contains("lang=\"ms\""));
    assert_ne!(english, malay);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_of_jekyll_in_html_is_taken_in_with_its_pictures() {
    let blog = TestBlog::new().await;
    let old = folder(&[
        (
            "_posts/2020-01-05-tea.html",
            "---\ntitle: Tea\n---\n<p>Hot <em>tea</em> <img src=\"/assets/a.svg\" alt=\"A\"></p>\n",
        ),
        ("assets/a.svg", SVG),
        ("about.md", "---\ntitle: About\nlayout: page\ndate: 2020-01-01\n---\nUs.\n"),
    ]);
    let report = import(&blog, Format::Markdown, old.path().to_owned(), None, None).await;
    assert_eq!((report.posts, report.pages, report.pictures, said(&report)), (1, 1, 1, Vec::new()));
    for about in ["/about.html", "/about/"] {
        assert_eq!(follow(&blog, about).await, ("/about".to_owned(), 200), "{about}");
    }
    let page = blog.reader().get("/2020/01/tea").await;
    assert!(page.body().contains("Hot <em>tea</em> <img src=\"/media/"), "{}", page.body());
    assert_eq!(follow(&blog, "/2020/01/05/tea.html").await, ("/2020/01/tea".to_owned(), 200));
    assert!(follow(&blog, "/assets/a.svg").await.0.starts_with("/media/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tags_of_jekyll_and_hugo_are_not_shown_to_readers() {
    let blog = TestBlog::new().await;
    let old = folder(&[
        ("_config.yml", "permalink: /:title/\n"),
        (
            "_posts/2020-01-05-tea.md",
            "---\ntitle: Tea\n---\n{% highlight c %}\nx;\n{% endhighlight %}\n\n![A]({{ site.baseurl }}/assets/a.svg){: .big}\n\n\
             [more]({% post_url 2020-01-06-more %})\n{% gist 1 %}\n",
        ),
        ("_posts/2020-01-06-more.md", "---\ntitle: More\n---\n{{< youtube w7Ft2ymGmfc >}}\n"),
        ("assets/a.svg", SVG),
    ]);
    let report = import(&blog, Format::Markdown, old.path().to_owned(), None, None).await;
    assert_eq!((report.posts, report.pictures), (2, 1));
    assert_eq!(
        said(&report),
        ["markdown:_posts/2020-01-05-tea.md: has template tags that stay as they are: {% gist %}"]
    );
    let page = blog.reader().get("/2020/01/tea").await;
    for shown in ["<code class=\"language-c\">", "<figure><img src=\"/media/", "href=\"/more\""] {
        assert!(page.body().contains(shown), "{shown}: {}", page.body());
    }
    assert_eq!(follow(&blog, "/more").await, ("/2020/01/more".to_owned(), 200));
    assert!(blog.reader().get("/2020/01/more").await.body().contains("<figure class=\"video\">"));

    let blog = TestBlog::new().await;
    let old = folder(&[
        ("hugo.toml", ""),
        (
            "content/posts/tea/index.md",
            "---\ntitle: Tea\ndate: 2020-01-05\n---\n{{< figure src=\"a.svg\" alt=\"A\" caption=\"A cup\" attr=\"Siti\" >}}\n\
             [more]({{< ref \"more.md#end\" >}}) [all]({{< relref \"/posts\" >}}) `{{< ref >}}`\n",
        ),
        ("content/posts/tea/a.svg", SVG),
        ("content/posts/_index.md", "---\ntitle: Posts\n---\n"),
        ("content/posts/more.md", "---\ntitle: More\ndate: 2020-01-06\nslug: better\n---\nText.\n"),
    ]);
    let report = import(&blog, Format::Markdown, old.path().to_owned(), None, None).await;
    assert_eq!((report.posts, report.pictures, said(&report).len()), (2, 1, 1), "{:?}", said(&report));
    let page = blog.reader().get("/2020/01/tea").await;
    for shown in
        ["<figcaption>A cup <small>Siti</small>", "href=\"/posts/better#end\"", "href=\"/posts/\"", "<code>{{&lt; ref"]
    {
        assert!(page.body().contains(shown), "{shown}: {}", page.body());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_folder_that_is_nowhere_is_said_once() {
    let blog = TestBlog::new().await;
    let old = folder(&[(
        "a.md",
        "---\ntitle: A\ndate: 2020-01-05\n---\n![](/img/gone.png) ![](/img/gone.png) ![](near.png)\n",
    )]);
    let report = import(&blog, Format::Markdown, old.path().to_owned(), None, None).await;
    assert_eq!(
        said(&report),
        ["markdown:a.md: picture /img/gone.png was not found", "markdown:a.md: picture near.png is missing"]
    );
}
