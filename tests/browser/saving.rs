//! Whatever happens while somebody types: the text comes back.

use std::path::Path;

use serde_json::json;

use super::driver::Browser;
use crate::program::support::{Client, EMAIL, PASSWORD, Server, count, folder, laman, until};

/// A blog whose owner sits at a new post.
struct Desk {
    folder: tempfile::TempDir,
    server: Server,
    owner: Client,
    browser: Browser,
}

impl Desk {
    fn new() -> Self {
        let folder = folder();
        let server = Server::start(folder.path());
        let owner = server.client();
        owner.set_up(&server.setup_path());
        let browser = Browser::open();
        browser.go(&server.url("/admin/sign-in"));
        browser.fill("#email", EMAIL);
        browser.fill("#password", PASSWORD);
        browser.leave(|| browser.named("Sign in").click());
        browser.go(&server.url("/admin/posts/new"));
        Self { folder, server, owner, browser }
    }

    fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("laman.db")
    }

    fn network(&self, is_there: bool) {
        self.browser.devtools("Network.enable", &json!({}));
        let how = json!({ "offline": !is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.browser.devtools("Network.emulateNetworkConditions", &how);
    }

    /// Whether the server hears of what is typed. Decided in the page itself, so that nothing is on its way when it ends.
    fn hears(&self, is_so: bool) {
        let blocked: &[&str] = if is_so { &[] } else { &["*autosave*"] };
        self.browser.devtools("Network.enable", &json!({}));
        self.browser.devtools("Network.setBlockedURLs", &json!({ "urls": blocked }));
    }

    fn says(&self, words: &str) {
        until(words, || self.browser.find("[data-state]").text().contains(words));
    }

    fn text(&self) -> String {
        self.browser.run("return document.querySelector('#text').value").as_str().unwrap_or_default().to_owned()
    }
}

fn start_again(folder: &Path, url: &str) -> Server {
    Server::start_as(laman(folder, &["--listen", url.trim_start_matches("http://")]))
}

#[test]
fn a_server_that_dies_while_somebody_types_has_the_text_when_it_is_back() {
    let Desk { folder, server, browser, owner } = Desk::new();
    let url = server.url("");
    browser.fill("#title", "Durian");
    browser.fill("#text", "Before the crash.");
    until("it is saved", || browser.find("[data-state]").text().starts_with("Saved"));
    assert!(browser.address().ends_with("/admin/posts/1"), "a reload opens the draft: {}", browser.address());
    server.kill();
    browser.find("#text").write(" During it.");
    until("it is kept here", || browser.find("[data-state]").text() == "Offline, kept in this browser");

    // The tab is closed, too.
    browser.go("about:blank");
    let server = start_again(folder.path(), &url);
    browser.go(&server.url("/admin/posts/1"));
    let desk = Desk { folder, server, browser, owner };
    assert_eq!(desk.text(), "Before the crash.", "nothing is put into the field by itself");
    assert!(desk.browser.find("[data-kept] ins").text().contains("During it."));
    desk.browser.named("Use this").click();
    assert_eq!(desk.text(), "Before the crash. During it.");
    desk.says("Saved");
    let kept = "SELECT count(*) FROM post_text WHERE source = 'Before the crash. During it.'";
    assert_eq!(count(&desk.database(), kept), 1);
    // What the server has is not kept, nor offered, any longer.
    assert_eq!(desk.browser.run("return Object.keys(localStorage).length"), 0);
    desk.browser.go(&desk.server.url("/admin/posts/1"));
    assert_eq!(desk.browser.run("return document.querySelector('[data-kept]').hidden"), true);
    desk.server.stop();
}

#[test]
fn a_new_post_that_never_reached_the_server_is_offered_where_the_next_one_is_begun() {
    let desk = Desk::new();
    let (browser, server) = (&desk.browser, &desk.server);
    let is_offered = |browser: &Browser| browser.run("return !document.querySelector('[data-kept]').hidden") == true;
    desk.hears(false);
    browser.fill("#title", "Durian");
    browser.fill("#text", "Never sent.");
    until("it is kept here", || browser.find("[data-state]").text() == "Offline, kept in this browser");
    browser.go("about:blank");
    desk.hears(true);
    browser.go(&server.url("/admin/posts/new?kind=page"));
    assert!(!is_offered(browser), "it was to be a post");
    browser.go(&server.url("/admin/posts/new"));
    until("it is offered", || is_offered(browser));
    assert!(browser.find("#kept-heading").text().starts_with("This browser has a text that was never saved"));
    // Nobody has decided yet: something else is written first.
    browser.fill("#title", "Another");
    until("that is saved", || browser.find("[data-state]").text().starts_with("Saved"));
    browser.go(&server.url("/admin/posts/new"));
    until("it is offered again", || is_offered(browser));
    browser.named("Use this").click();
    assert_eq!(desk.text(), "Never sent.");
    desk.says("Saved");
    let kept =
        "SELECT count(*) FROM post JOIN post_text ON post_id = id WHERE title = 'Durian' AND source = 'Never sent.'";
    assert_eq!(count(&desk.database(), kept), 1);
    assert_eq!(desk.browser.run("return Object.keys(localStorage).length"), 0);
    desk.server.stop();
}

#[test]
fn text_that_is_offered_stays_until_somebody_has_decided_about_it() {
    let desk = Desk::new();
    let (browser, server) = (&desk.browser, &desk.server);
    browser.fill("#title", "Durian");
    browser.fill("#text", "Saved.");
    until("it is saved", || browser.find("[data-state]").text().starts_with("Saved"));
    desk.hears(false);
    browser.find("#text").write(" Precious.");
    until("it is kept here", || browser.find("[data-state]").text() == "Offline, kept in this browser");
    browser.go("about:blank");
    desk.hears(true);
    let is_offered = || browser.run("return !document.querySelector('[data-kept]').hidden") == true;
    for title in ["Durian 2", "Durian 3"] {
        browser.go(&server.url("/admin/posts/1"));
        until("it is offered", is_offered);
        assert!(browser.find("[data-kept] ins").text().contains("Precious."));
        browser.fill("#title", title);
        until("that is saved", || browser.find("[data-state]").text().starts_with("Saved"));
    }
    browser.go(&server.url("/admin/posts/1"));
    until("it is offered", is_offered);
    // However much it is, the buttons are above it; and a wrong click is taken back.
    let is_bounded = "const text = document.querySelector('[data-kept] [data-text]'), use = document.querySelector('[data-use]');
        return text.clientHeight <= innerHeight / 2 && text.tabIndex === 0 && use.getBoundingClientRect().top < text.getBoundingClientRect().top";
    assert_eq!(browser.run(is_bounded), true);
    let when = browser.find("[data-when]").text();
    assert!(when.contains(" 20") && !when.contains('/') && !when.contains('M'), "{when}");
    browser.named("Discard").click();
    assert!(!is_offered());
    browser.named("Undo").click();
    until("it is offered again", is_offered);
    assert!(browser.find("[data-kept] ins").text().contains("Precious."));
    browser.named("Discard").click();
    assert_eq!(browser.run("return Object.keys(localStorage).length"), 0);
    browser.go(&server.url("/admin/posts/1"));
    assert!(!is_offered());
    desk.server.stop();
}

#[test]
fn who_is_offline_or_signed_out_writes_on_and_is_saved_afterwards() {
    let desk = Desk::new();
    let browser = &desk.browser;
    desk.network(false);
    browser.fill("#title", "Rambutan");
    browser.fill("#text", "Written on a train.");
    desk.says("Offline, kept in this browser");
    // A button leads to no page of the browser's own.
    browser.named("Save draft").click();
    desk.says("Offline, kept in this browser");
    assert_eq!(desk.text(), "Written on a train.");
    desk.network(true);
    desk.says("Saved");

    browser.devtools("Network.clearBrowserCookies", &json!({}));
    browser.find("#text").write(" And on a bus.");
    desk.says("Your session has ended");
    assert_eq!(browser.find("[data-state] a").attribute("target"), "_blank");
    // In another tab.
    browser.run(&format!(
        "fetch('/admin/sign-in', {{ method: 'POST', body: new URLSearchParams({{ email: '{EMAIL}', password: '{PASSWORD}' }}) }})"
    ));
    desk.says("Saved");
    let kept = "SELECT count(*) FROM post_text WHERE source = 'Written on a train. And on a bus.'";
    assert_eq!(count(&desk.database(), kept), 1);
    assert_eq!(count(&desk.database(), "SELECT count(*) FROM post"), 1, "however often it was sent");

    // Keeping goes on through the button, and is no conflict with itself.
    browser.find("#text").write(" Done.");
    browser.named("Save draft").click();
    desk.says("Draft saved.");
    assert_eq!(count(&desk.database(), "SELECT count(*) FROM post_text WHERE source LIKE '%Done.'"), 1);
    desk.server.stop();
}

#[test]
fn two_who_write_at_once_see_both_texts_and_lose_none() {
    let desk = Desk::new();
    let browser = &desk.browser;
    browser.fill("#title", "Mangosteen");
    browser.fill("#text", "First line.\n\nLast line.");
    desk.says("Saved");
    let theirs = desk.owner.get("/admin/posts/1").expect(200);
    let version = theirs.hidden("version").to_owned();
    let form = [
        ("version", version.as_str()),
        ("title", "Mangosteen"),
        ("text", "First line, mended.\n\nLast line."),
        ("comments", "open"),
        ("action", "save"),
    ];
    desk.owner.post("/admin/posts/1", &form).expect(303);
    browser.find("#text").write(" And one more.");
    desk.says("you saved this in another window");
    browser.leave(|| browser.named("See both").click());
    assert_eq!(desk.text(), "First line, mended.\n\nLast line. And one more.", "both together");
    assert!(browser.find("#theirs-text").attribute("readonly") == "true");
    browser.leave(|| browser.named("Save draft").click());
    let kept = "SELECT count(*) FROM post_text WHERE source LIKE '%mended%And one more.'";
    assert_eq!(count(&desk.database(), kept), 1);
    desk.server.stop();
}
