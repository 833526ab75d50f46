//! What somebody would like to run in a reader's or an editor's browser, through every field that is shown anywhere.
//!
//! Every answer of every test is looked over for scripts, handlers, styles and addresses that run (`support::audit`);
//! here the fields are filled, and every page that shows them is asked for.

use crate::support::*;

const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)' x='",
    "\" onmouseover=\"alert(1)\" x=\"",
    "` onmouseover=`alert(1)` x=`",
    "\" autofocus onfocus=alert(1) x=\"",
    "<svg onload=alert(1)>",
    "<svg><animate href=#x attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"jav&#x0A;ascript:alert(1)\">x</a>",
    "<a href=\"&#1;javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt&colon;alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT&#58;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{{7*7}}{% raw %}${7*7}#{7*7}",
    "%3Cscript%3Ealert(1)%3C/script%3E &lt;script&gt;alert(1)&lt;/script&gt;",
    "\u{2028}</script>\u{2029}<script>alert(1)</script>",
    "<p id=\"main\"><label for=nowhere>x</label><h1>Second</h1></p>",
];

/// The inner document of a feed's text must be as clean as a page.
fn no_hazard(html: &str, from: &str) {
    let hazards = hazards(html);
    assert!(hazards.is_empty(), "{from}: {hazards:?} in {html}");
}

/// Asks for every page that shows posts and comments.
async fn look_everywhere(blog: &TestBlog, owner: &Visitor, posts: &[MadePost]) {
    let reader = blog.reader();
    for path in ["/", "/archive", "/2023", "/2023/02", "/author/aminah-rahman", "/sitemap.xml", "/nothing"] {
        reader.get(path).await;
    }
    for post in posts {
        let page = reader.get(&post.path).await;
        for tag in page.attributes(".p-category", "href") {
            assert_eq!(reader.get(&tag).await.status(), 200);
        }
        // Its JSON-LD was not left by anything in it.
        let data = page.inner("script[type='application/ld+json']");
        serde_json::from_str::<serde_json::Value>(&data).unwrap_or_else(|error| panic!("{error}: {data}"));
        owner.get(&format!("/admin/posts/{}", post.id)).await;
    }
    for path in [
        "/admin/posts",
        "/admin/posts?kind=page",
        "/admin/comments",
        "/admin/comments?state=approved",
        "/admin/settings",
        "/admin/sign-in",
    ] {
        owner.get(path).await;
    }
    for feed in ["/feed", "/comments/feed"] {
        for ending in ["xml", "rss"] {
            let page = reader.get(&format!("{feed}.{ending}")).await;
            let document = roxmltree::Document::parse(page.body()).unwrap();
            for node in document.descendants().filter(|node| matches!(node.tag_name().name(), "content" | "encoded")) {
                no_hazard(node.text().unwrap_or_default(), page.asked());
            }
        }
        let page = reader.get(&format!("{feed}.json")).await;
        let json: serde_json::Value = serde_json::from_str(page.body()).unwrap();
        for item in json["items"].as_array().unwrap() {
            no_hazard(item["content_html"].as_str().unwrap(), page.asked());
        }
    }
}

#[tokio::test]
async fn no_field_of_a_post_runs_anything() {
    let blog = TestBlog::wish().posts_per_page(50).start().await;
    let owner = blog.owner().await;
    let mut posts = Vec::new();
    for payload in PAYLOADS {
        let body = format!(
            "{payload}\n\n> {payload}\n\n- {payload}\n\n| {payload} |\n|---|\n| {payload} |\n\n`{payload}`\n\n## {payload}\n\n[a]({payload} \"{payload}\") ![{payload}](x.png \"{payload}\")[^1]\n\n<!--more-->\n\n```{payload}\n{payload}\n```\n\n[^1]: {payload}\n"
        );
        // A comma parts tags.
        let tag: String = payload.replace(',', " ").chars().take(60).collect();
        let post = blog.published_post(payload).body(body).tag(&tag).excerpt(payload).create().await;
        posts.push(post);
        let form = owner.get("/admin/posts/new").await.form("form.editor").set("title", payload).set("text", payload);
        assert_eq!(form.set("slug", payload).press("Publish", &owner).await.status(), 422, "no slug: {payload}");
        let form = owner.get("/admin/posts/new").await.form("form.editor").set("title", payload).set("text", payload);
        assert_eq!(form.press("Preview", &owner).await.status(), 200, "{payload}");
    }
    look_everywhere(&blog, &owner, &posts).await;
}

#[tokio::test]
async fn no_field_of_a_comment_runs_anything() {
    let blog = TestBlog::wish().hold(laman::model::settings::CommentHold::None).start().await;
    let post = blog.published_post("Post").create().await;
    let owner = blog.owner().await;
    for (number, payload) in PAYLOADS.iter().enumerate() {
        blog.clock.advance(MINUTE);
        let reader = blog.reader();
        let body =
            format!("{payload}\n\n> {payload}\n\n- {payload}\n\n`{payload}` [a]({payload}) **{payload}**\n\n{number}");
        let name: String = payload.chars().take(80).collect();
        let form = reader.get(&post.path).await.form("#comment-form").set("name", &name).set("text", &body);
        let preview = form.press("Preview", &reader).await;
        assert_eq!(preview.status(), 200, "{payload}");
        let sent = preview.form("#comment-form").press("Post comment", &reader).await;
        assert_eq!(sent.status(), 303, "{payload}");
        // Links make some of them wait: those are looked at on their author's page.
        reader.follow(&sent).await;
        for site in [format!("https://x.example/{payload}"), (*payload).to_owned()] {
            let form = reader
                .get(&post.path)
                .await
                .form("#comment-form")
                .set("name", &name)
                .set("text", &format!("{number} {site}"));
            let sent = form.set("website", &site).press("Post comment", &reader).await;
            assert!(matches!(sent.status(), 303 | 422), "{payload}");
            for link in reader.get(&post.path).await.attributes(".comment-meta a.p-name", "href") {
                assert!(link.starts_with("https://"), "{link}");
            }
        }
    }
    look_everywhere(&blog, &owner, &[post]).await;
}

#[tokio::test]
async fn no_name_of_the_blog_runs_anything() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let owner = blog.owner().await;
    for payload in PAYLOADS {
        let form = owner.get("/admin/settings").await.form("form.settings");
        let title: String = payload.chars().take(100).collect();
        let saved = form.set("title", &title).set("description", payload).press("Save", &owner).await;
        assert_eq!(saved.status(), 303, "{payload}");
        for path in ["/", &post.path, "/nothing", "/archive", "/search"] {
            blog.reader().get(path).await;
        }
        for path in ["/admin/posts", "/admin/settings"] {
            owner.get(path).await;
        }
        blog.reader().get("/admin/sign-in").await;
        for feed in ["/feed.xml", "/feed.rss", "/comments/feed.xml"] {
            roxmltree::Document::parse(blog.reader().get(feed).await.body()).unwrap();
        }
    }
}

#[tokio::test]
async fn no_parameter_runs_anything() {
    let blog = TestBlog::new().await;
    blog.published_post("Post").create().await;
    let owner = blog.owner().await;
    for payload in PAYLOADS {
        blog.clock.advance(10_000);
        let given = |name: &str| form_urlencoded::Serializer::new(String::new()).append_pair(name, payload).finish();
        for (path, name) in
            [("/search", "q"), ("/", "older"), ("/", "newer"), ("/search", "page"), ("/admin/sign-in", "next")]
        {
            let page = blog.reader().get(&format!("{path}?{}", given(name))).await;
            assert_eq!(page.status(), 200, "{path} {payload}");
        }
        for (path, name) in [
            ("/admin/posts", "q"),
            ("/admin/posts", "state"),
            ("/admin/posts", "kind"),
            ("/admin/posts", "done"),
            ("/admin/posts", "page"),
            ("/admin/comments", "state"),
            ("/admin/comments", "done"),
            ("/admin/posts/new", "kind"),
            ("/admin/posts/1", "done"),
        ] {
            assert_eq!(owner.get(&format!("{path}?{}", given(name))).await.status(), 200, "{path} {payload}");
        }
        let path: String = form_urlencoded::byte_serialize(payload.as_bytes()).collect::<String>().replace('+', "%20");
        for folder in ["/", "/tag/", "/author/", "/2023/", "/2023/02/", "/setup/", "/static/"] {
            let page = blog.reader_from("192.0.2.1").get(&format!("{folder}{path}")).await;
            assert!(matches!(page.status(), 404 | 429), "{folder}{path}: {}", page.status());
        }
        let failed =
            blog.reader().post("/admin/sign-in", &[("email", payload), ("password", "x"), ("next", payload)]).await;
        assert!(matches!(failed.status(), 422 | 429), "{payload}");
    }
}
