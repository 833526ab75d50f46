//! A blog with one of everything, for tests that look at pages.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{driver::Browser, mails::Mails};
use crate::program::support::{Client, EMAIL, PASSWORD, Server, folder, laman, run};

const PICTURE: &[u8] = include_bytes!("picture.png");

/// Something of every kind that Markdown can make, and words that no line can hold.
const EVERYTHING: &str = "\
+++
title = \"Everything under one roof: a title that is long enough to need a second line on any telephone\"
date = 2023-02-11T08:30:00+08:00
slug = \"everything\"
authors = [\"Aminah\"]
[taxonomies]
tags = [\"garden\", \"house\"]
+++

A first paragraph with *emphasis*, **strength**, `code`, [a link](https://example.org/) and a footnote[^1].

<!--more-->

## A heading

![Stripes of colour](picture.png \"A picture with its caption\")

> A quotation, and in it `code`.

### A lower heading

- One
- Two
  - Two and a half

1. First
2. Second

- [x] Done
- [ ] Not done

| Plant | Height | Planted | Remark |
|---|---:|---|---|
| Kelapa | 24 m | 1987 | PneumonoultramicroscopicsilicovolcanoconiosisPneumonoultramicroscopicsilicovolcanoconiosis |
| Cili | 0.6 m | 2023 | Hot |

```rust
/// A line that is wider than a telephone, and wider than the column that it stands in, which must scroll by itself.
fn main() { let greeting = \"salam\"; println!(\"{greeting} {}\", 6 * 7); }
```

```
no language at all
```

https://example.org/a/very/long/address/that/goes/on/and/on/and/on/and/on/and/on/and/on/and/on/and/on/and/on

Supercalifragilisticexpialidocious_and_then_some_more_without_any_place_to_break_the_line_whatsoever_at_all_ever.

---

![A second picture in a line](picture.png) of text.

[^1]: The footnote.
";

/// A running blog and its owner.
pub struct Blog {
    pub server: Server,
    pub mails: Mails,
    pub owner: Client,
    /// The waiting page of the comment that is held.
    pub waiting: String,
    /// An approved comment's number.
    pub comment: String,
    folder: TempDir,
}

/// The pages of a blog by how they are reached, one of each class.
pub const READERS_PAGES: &[&str] = &[
    "/",
    "/2023/02/everything",
    "/2020/01/post-1",
    "/2020/01/post-1?thread=2",
    "/about",
    "/archive",
    "/2023",
    "/2023/02",
    "/tag/garden",
    "/author/aminah",
    "/search",
    "/search?q=garden",
    "/search?q=nothingofthekind",
    "/comments/yours",
];

pub const EDITORS_PAGES: &[&str] = &[
    "/admin",
    "/admin/readers?days=365",
    "/admin/posts",
    "/admin/posts?tag=garden&order=oldest",
    "/admin/posts?kind=page",
    "/admin/posts?state=draft&q=nothing",
    "/admin/posts/new",
    "/admin/posts/1",
    "/admin/posts/1/revisions",
    "/admin/import",
    "/admin/posts/1/changes?from=live&to=now",
    "/admin/posts/1/changes?to=1",
    "/admin/comments",
    "/admin/comments?state=approved",
    "/admin/comments?state=spam",
    "/admin/comments?state=trash",
    "/admin/comments?state=approved&q=nothing",
    "/admin/comments/1",
    "/admin/settings",
    "/admin/settings/appearance",
    "/admin/settings/reading",
    "/admin/settings/comments",
    "/admin/settings/comments?prove=yes",
    "/admin/settings/outside",
    "/admin/settings/mail",
    "/admin/mail",
    "/admin/media",
    "/admin/media?show=no-alt&q=nothing",
    "/admin/media/1",
    "/admin/you",
    "/admin/you/security",
    "/admin/you/authenticator",
    "/admin/people",
    "/admin/log",
    "/admin/export",
];

pub const EVERYTHING_PAGE: &str = "/2023/02/everything";

impl Blog {
    pub fn start() -> Self {
        let folder = folder();
        let args = ["--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1"];
        let server = Server::start_as(laman(folder.path(), &args));
        let owner = server.client();
        owner.set_up(&server.setup_path());
        write_content(folder.path());
        run(folder.path(), &["import", "markdown", "content"]).printed();

        let mails = Mails::start();
        mails.serve(&owner);
        let mut blog = Self { server, mails, owner, waiting: String::new(), comment: String::new(), folder };
        blog.set_up();
        blog.set_up_comments(&[("hold", "none")]);
        blog.write_thread();
        blog.fill_shelves();
        blog.set_up_comments(&[]);
        let waiting = blog.comment_on(EVERYTHING_PAGE, "", "Siti", "May I have a cutting?");
        blog.waiting = waiting[waiting.find("/comments/yours/").expect("a waiting page")..].to_owned();
        blog
    }

    /// Every page that someone who is not signed in can come to.
    pub fn readers_pages(&self) -> Vec<String> {
        let mut pages: Vec<String> = READERS_PAGES.iter().map(|page| (*page).to_owned()).collect();
        pages.extend([
            "/nothing/is/here".to_owned(),
            "/admin/sign-in".to_owned(),
            "/admin/forgotten".to_owned(),
            format!("/comments/{}/reply", self.comment),
            self.waiting.clone(),
        ]);
        pages
    }

    /// Shows every class of page, one after the other, to someone who is signed in at the end.
    pub fn visit_all(&self, browser: &Browser, mut look: impl FnMut(&str)) {
        for page in self.readers_pages() {
            browser.go(&self.server.url(&page));
            look(&page);
        }
        let links = self.mailed_links();
        for (page, link) in &links {
            browser.go(link);
            look(page);
        }
        browser.leave(|| browser.find("main form button").click());
        look("what a link did");
        browser.go(&self.server.url(&format!("/comments/act/{}", "x".repeat(43))));
        look("a link that does nothing any more");
        // The pages that answer a form: `submit` skips the browser's own checks.
        for (page, what) in [("a comment with a fault", "f.submit()"), ("a preview", "f.requestSubmit(f.preview)")] {
            browser.go(&self.server.url(EVERYTHING_PAGE));
            let text = if page == "a preview" { "A *preview*." } else { " " };
            browser.leave(|| {
                browser.run(&format!(
                    "const f = document.forms['comment-form']; f.text.value = '{text}'; f.elements.name.value = 'Omar'; {what}"
                ));
            });
            look(page);
        }
        self.sign_in(browser);
        // Something to compare.
        let text = self.owner.get("/admin/posts/1").text;
        let version = text.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let typed = [("version", version.expect("a form").0), ("title", "Another title"), ("text", "Other words.")];
        self.owner.post("/admin/posts/1/autosave", &typed).expect(200);
        for page in EDITORS_PAGES {
            browser.go(&self.server.url(page));
            browser.run("document.querySelectorAll('details').forEach(one => one.open = true)");
            look(page);
        }
        let form = [("email", "omar@blog.example"), ("role", "author")];
        let invited = self.owner.post("/admin/people", &form).expect(200);
        let link =
            invited.text.split_once("value=\"http").and_then(|(_, rest)| rest.split_once('"')).expect("a link").0;
        browser.go(&format!("http{link}"));
        look("an invitation");
        // Somebody else saved in the meantime.
        browser.go(&self.server.url("/admin/posts/1"));
        browser.leave(|| {
            browser.run("const f = document.querySelector('form.editor'); f.version.value = '0'; f.querySelector('[value=publish]').click()");
        });
        look("a conflict");
    }

    /// What the links in mails lead to, by what they are for.
    fn mailed_links(&self) -> Vec<(&'static str, String)> {
        const SITI: &str = "siti@mail.example";
        let post = "/2020/01/post-2";
        self.set_up_comments(&[("hold", "none")]);
        let asked = self.comment_by(post, "", "Siti", "Who prunes it?", SITI, "replies");
        let confirm = self.mails.link(SITI, "Yes, mail me");
        self.server.client().post(self.path(&confirm), &[]).expect(200);
        let question = asked.rsplit_once("#comment-").expect("the comment").1;
        self.comment_on(post, question, "Omar", "Nobody does.");
        self.server.client().post("/comments/yours", &[("email", SITI)]).expect(200);
        self.owner.post("/admin/you", &[("notice", "once")]).expect(303);
        self.set_up_comments(&[]);
        self.comment_by(post, "", "שרה כהן", "יפה מאוד, ותודה (גם על Durian 2023).", "sara@mail.example", "");
        vec![
            ("confirm", confirm),
            ("approve", self.mails.link(EMAIL, "Approve")),
            ("spam", self.mails.link(EMAIL, "Spam")),
            ("delete", self.mails.link(EMAIL, "Delete")),
            ("data", self.mails.link(SITI, "See what is stored")),
            ("unsubscribe", self.mails.link(SITI, "No more such mail")),
        ]
    }

    /// The number of the post of this title.
    pub fn number_of(&self, title: &str) -> i64 {
        let list = self.owner.get("/admin/posts").expect(200).text;
        let before = list.split(&format!(">{title}<")).next().expect("the list");
        let address = before.rsplit("/admin/posts/").next().expect("a link");
        address.split(['"', '?']).next().and_then(|number| number.parse().ok()).expect("a number")
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("laman.db")
    }

    /// The path of an address of this blog.
    pub fn path<'a>(&self, url: &'a str) -> &'a str {
        url.strip_prefix(&self.server.url("")).expect("an address of this blog")
    }

    pub fn sign_in(&self, browser: &Browser) {
        browser.go(&self.server.url("/admin/sign-in"));
        browser.fill("#email", EMAIL);
        browser.fill("#password", PASSWORD);
        browser.leave(|| browser.named("Sign in").click());
        assert!(browser.address().contains("/admin"), "{}", browser.address());
    }

    fn set_up(&self) {
        let form = [
            ("title", "Aminah’s garden"),
            ("description", "What grows, and what does not"),
            ("language", "en"),
            ("zone", "Asia/Kuala_Lumpur"),
            ("trash-days", "30"),
        ];
        self.owner.post("/admin/settings", &form).expect(303);
        let form = [("posts-per-page", "3"), ("feed-posts", "20"), ("feeds", "full")];
        self.owner.post("/admin/settings/reading", &form).expect(303);
    }

    /// The settings of comments, with some of them otherwise.
    pub fn set_up_comments(&self, some: &[(&str, &str)]) {
        let form = [
            ("comments-open", "yes"),
            ("hold", "all"),
            ("hold-after-days", "0"),
            ("close-after-days", "0"),
            ("storm-at", "0"),
            ("hold-at", "2.0"),
            ("spam-at", "5.0"),
            ("discard-days", "30"),
            ("network-days", "90"),
            ("comments-per-page", "2"),
            ("edit-minutes", "15"),
        ];
        self.owner.post("/admin/settings/comments", &[some, &form].concat()).expect(303);
    }

    /// A thread deeper than it is drawn, with words that do not fit and a reply of the owner's.
    fn write_thread(&mut self) {
        let long = "Sungguhbagussekalitamaninidansayainginmelihatnyasetiaphariwalaupunhujanturun".repeat(2);
        let mut parent = String::new();
        for (number, text) in
            ["Lovely.", "> Lovely.\n\nIndeed.", long.as_str(), "`code` and *so on*", "Fifth."].iter().enumerate()
        {
            let location = self.comment_on(EVERYTHING_PAGE, &parent, &format!("Reader {number}"), text);
            parent = location.rsplit_once("#comment-").expect("the comment").1.to_owned();
        }
        let reply = [("from", "approved"), ("text", "Thank you, all.")];
        self.owner.post(&format!("/admin/comments/{parent}/reply"), &reply).expect(303);
        self.comment = parent;
    }

    /// A thread of two parts, and something on each of the moderators' shelves.
    fn fill_shelves(&self) {
        for (text, decision) in
            [("First", ""), ("Buy now", "spam"), ("Second", ""), ("Second, again", "trash"), ("Third", "")]
        {
            let place = self.comment_on("/2020/01/post-1", "", "Mei", text);
            if !decision.is_empty() {
                let id = place.rsplit_once("#comment-").expect("the comment").1;
                self.owner.post(&format!("/admin/comments/{id}"), &[("action", decision)]).expect(303);
            }
        }
    }

    /// Where the sender of a comment is led.
    pub fn comment_on(&self, page: &str, parent: &str, name: &str, text: &str) -> String {
        self.comment_by(page, parent, name, text, "", "")
    }

    /// The same, of someone who leaves an address and may wish for mail.
    fn comment_by(&self, page: &str, parent: &str, name: &str, text: &str, email: &str, wish: &str) -> String {
        let reader = self.server.client();
        // Each from a network of its own: nobody is told to slow down.
        let number = text.bytes().fold(text.len(), |sum, byte| (sum * 31 + usize::from(byte)) % 65_536);
        reader.speak_for(format!("10.{}.{}.1", number / 256, number % 256));
        let post = reader.get(page).expect(200).hidden("post").to_owned();
        let wish = format!("mail-{wish}");
        let form = [
            ("post", post.as_str()),
            ("parent", parent),
            ("name", name),
            ("email", email),
            ("text", text),
            (wish.as_str(), "yes"),
        ];
        reader.post("/comments", &form).expect(303).location
    }
}

fn write_content(folder: &Path) {
    let content = folder.join("content");
    fs::create_dir_all(content.join("everything")).expect("folders");
    let write = |name: &str, bytes: &[u8]| fs::write(content.join(name), bytes).expect(name);
    write("everything/index.md", EVERYTHING.as_bytes());
    write("everything/picture.png", PICTURE);
    write("about.md", b"+++\ntitle = \"About\"\n[extra]\n+++\n\n## Who\n\nSomebody.\n");
    // Enough for older and newer pages.
    for number in 0..6 {
        let text = format!("+++\ntitle = \"Post {number}\"\ndate = 2020-01-0{}\n+++\n\nShort.\n", number + 1);
        write(&format!("post-{number}.md"), text.as_bytes());
    }
}
