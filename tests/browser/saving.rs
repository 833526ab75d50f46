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
fn who_is_offline_or_signed_out_writes_on_and_is_saved_afterwards() {
    let desk = Desk::new();
    let browser = &desk.browser;
    let network = |is_offline: bool| {
        browser.devtools("Network.enable", &json!({}));
        let how = json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.devtools("Network.emulateNetworkConditions", &how);
    };
    network(true);
    browser.fill("#title", "Rambutan");
    browser.fill("#text", "Written on a train.");
    desk.says("Offline, kept in this browser");
    network(false);
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
    browser.leave(|| browser.named("Save draft").click());
    assert_eq!(browser.find("p.notice").text(), "Draft saved.");
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
    desk.says("somebody else saved this");
    browser.leave(|| browser.named("See both").click());
    assert_eq!(desk.text(), "First line, mended.\n\nLast line. And one more.", "both together");
    assert!(browser.find("#theirs-text").attribute("readonly") == "true");
    browser.leave(|| browser.named("Save draft").click());
    let kept = "SELECT count(*) FROM post_text WHERE source LIKE '%mended%And one more.'";
    assert_eq!(count(&desk.database(), kept), 1);
    desk.server.stop();
}
