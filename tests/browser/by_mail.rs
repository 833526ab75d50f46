//! A conversation as it is held by mail, between people who have no account: with scripts and without.

use super::{driver::Browser, mails::Mails};
use crate::program::support::{Client, EMAIL, Server, folder, until};

const SITI: &str = "siti@mail.example";

#[test]
fn a_first_comment_is_held_approved_by_mail_answered_changed_elsewhere_and_deleted_without_scripts() {
    tell(&Browser::open_without_scripts(), &Browser::open_without_scripts());
}

#[test]
fn a_first_comment_is_held_approved_by_mail_answered_changed_elsewhere_and_deleted_with_scripts() {
    tell(&Browser::open(), &Browser::open());
}

/// Siti sits at a desk; whatever comes by mail, and whatever Omar says, is seen on a telephone that knows nobody.
fn tell(desk: &Browser, telephone: &Browser) {
    let (folder, mails) = (folder(), Mails::start());
    let server = Server::start(folder.path());
    let owner = server.client();
    owner.set_up(&server.setup_path());
    mails.serve(&owner);
    owner.post("/admin/you", &[("notice", "once")]).expect(303);
    let (path, _) = owner.publish("The first durian", "It fell at three in the morning.");
    let post = server.url(&path);
    telephone.resize(390, 844);

    // Her first comment waits, and she sees that it does.
    desk.go(&post);
    desk.fill("#text", "Was anybody **hurt**?");
    desk.fill("#name", "Siti");
    desk.fill("#email", SITI);
    desk.find("#mail-replies").click();
    desk.leave(|| desk.named("Post comment").click());
    let secret = desk.address();
    assert!(secret.starts_with(&server.url("/comments/yours/")), "{secret}");
    assert!(desk.find("[role=status]").text().contains("waits"));

    // The editor's mail shows it; its link does nothing until the button is pressed.
    approve(telephone, &mails, "Was anybody **hurt**?", || {
        desk.go(&post);
        assert_eq!(desk.find_now(".thread .comment").len(), 0, "looking approves nothing");
    });
    desk.go(&secret);
    desk.leave(|| desk.find(".published a").click());
    assert_eq!(desk.find(".thread .comment-text strong").text(), "hurt");

    // What it did, it does once.
    telephone.go(&mails.link(EMAIL, "Approve"));
    assert_eq!(telephone.find("h1").text(), "This link does nothing any more");

    telephone.go(&mails.link(SITI, "Yes, mail me"));
    telephone.leave(|| telephone.named("Yes, mail me").click());
    assert!(telephone.find("[role=status]").text().starts_with("Done."));

    // Omar answers, is new as well, and she gets a mail of it.
    telephone.go(&post);
    telephone.find(".reply a").click();
    until("the form of a reply", || telephone.run("return document.querySelector('[name=parent]') !== null") == true);
    telephone.fill("#text", "Only the roof.");
    telephone.fill("#name", "Omar");
    telephone.leave(|| telephone.named("Post comment").click());
    assert!(telephone.find("[role=status]").text().contains("waits"));
    approve(telephone, &mails, "Only the roof.", || {});
    let mail = mails.to(SITI, "Read it there");
    assert!(mail.text().contains("> Only the roof."), "{}", mail.text());
    desk.go(&mail.link("Read it there"));
    assert_eq!(desk.find(".comment:target .comment-text").text(), "Only the roof.");

    end_mails(telephone, &mails, &owner, &mail.link("No more such mail"), &secret);

    // The secret address works on any device. There is an answer: the change is marked.
    telephone.go(&secret);
    telephone.fill("#text", "Was anybody hurt? Or wet?");
    telephone.leave(|| telephone.named("Save changes").click());
    assert_eq!(telephone.find("p.notice").text(), "Your changes are saved.");
    desk.go(&post);
    assert_eq!(desk.find(".thread .comment-text").text(), "Was anybody hurt? Or wet?");
    assert_eq!(desk.find_now(".thread .edited").len(), 1);

    // Deleted, it leaves a mark, so that the answers keep their place.
    telephone.named("Delete it").click();
    telephone.leave(|| telephone.named("Delete this comment").click());
    assert_eq!(telephone.find(".tombstone").text(), "This comment has been removed.");
    assert_eq!(telephone.find(".depth-1 .comment-text").text(), "Only the roof.");
    telephone.go(&secret);
    assert_eq!(telephone.find_now("form.comment-form").len(), 0);
    server.stop();
}

/// Opens the link of the mail that quotes `text`, and says yes.
fn approve(browser: &Browser, mails: &Mails, text: &str, looked: impl FnOnce()) {
    until("the editor's mail", || mails.to(EMAIL, "Approve").text().contains(text));
    browser.go(&mails.link(EMAIL, "Approve"));
    assert_eq!(browser.cookies().len(), 0);
    looked();
    browser.leave(|| browser.named("Approve this comment").click());
    assert_eq!(browser.find("[role=status]").text(), "Approved. Readers see it now.");
}

/// Looking at the link's page ends nothing, its button does.
fn end_mails(browser: &Browser, mails: &Mails, owner: &Client, link: &str, secret: &str) {
    let id = "return location.hash.slice('#comment-'.length)";
    browser.go(secret);
    browser.leave(|| browser.find(".published a").click());
    let id = browser.run(id).as_str().expect("a number").to_owned();
    let answer = |text| {
        owner.post(&format!("/admin/comments/{id}/reply"), &[("from", "approved"), ("text", text)]).expect(303);
    };
    browser.go(link);
    answer("And the hens.");
    until("a mail of the next answer", || mails.to(SITI, "Read it there").text().contains("> And the hens."));

    browser.go(link);
    browser.leave(|| browser.named("No more mail about this post").click());
    assert!(browser.find("[role=status]").text().starts_with("Done."));
    answer("And the cat.");
    // Mails go out in turn: this one comes after any that the answer would have sent.
    owner.post("/comments/yours", &[("email", SITI)]).expect(200);
    mails.to(SITI, "See what is stored");
    assert!(mails.to(SITI, "Read it there").text().contains("> And the hens."));
}
