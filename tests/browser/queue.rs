//! The queue by keyboard.

use super::{
    blog::Blog,
    driver::{Browser, ESCAPE},
};
use crate::program::support::until;

/// The words of the comment that has the keyboard; empty where none has.
fn here(browser: &Browser) -> String {
    let words = "return document.activeElement.closest('.moderated')?.querySelector('.comment-text').innerText ?? ''";
    browser.run(words).as_str().unwrap_or_default().trim().to_owned()
}

/// Whether the comment that has the keyboard is on the screen, with a ring around it.
fn is_seen(browser: &Browser) -> bool {
    let ring = "const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
        return one.matches('.moderated') && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3
            && box.bottom > 0 && box.top < innerHeight";
    browser.run(ring) == true
}

#[test]
fn comments_are_decided_by_single_keys_without_losing_ones_place() {
    let blog = Blog::start();
    let browser = Browser::open();
    for text in ["The second", "The third"] {
        blog.comment_on("/2023/02/everything", "", "Siti", text);
    }
    blog.sign_in(&browser);
    browser.go(&blog.server.url("/admin/comments"));
    until("the page has the keyboard", || browser.run("return document.hasFocus()") == true);
    browser.press("j");
    assert_eq!(here(&browser), "The third");
    browser.press("jj");
    assert_eq!(here(&browser), "May I have a cutting?");
    browser.press("k");
    assert_eq!(here(&browser), "The second");

    // A decision takes it away; one goes on at the next.
    browser.leave(|| browser.press("s"));
    assert_eq!(browser.find(".notice").text(), "Marked as spam.");
    until("the next comment has the focus", || here(&browser) == "May I have a cutting?");
    browser.leave(|| browser.press("z"));
    assert_eq!(browser.find(".notice").text(), "Undone.");

    // Who types a reply decides nothing with it.
    browser.press("j");
    let before = here(&browser);
    browser.press("r");
    until("the field has the focus", || browser.focused().attribute("name") == "text");
    browser.press("as a draft, just ask?");
    assert_eq!(browser.run("return document.activeElement.value"), "as a draft, just ask?");
    assert_eq!(browser.run("return document.querySelector('dialog').open"), false);
    assert_eq!(here(&browser), before);

    browser.run("document.activeElement.blur()");
    browser.press("jx");
    assert_eq!(browser.run("return document.querySelectorAll('[name=id]:checked').length"), 1);
    browser.press("?");
    assert_eq!(browser.run("return document.querySelector('dialog').open"), true);
    browser.press(ESCAPE);

    // Approved, or in the trash: each by one key, and one sees where one is all the while.
    let on = here(&browser);
    assert!(is_seen(&browser) && !on.is_empty());
    browser.leave(|| browser.press("a"));
    assert_eq!(browser.find(".notice").text(), "Approved.");
    until("the next comment has the focus", || !here(&browser).is_empty() && here(&browser) != on);
    assert!(is_seen(&browser));
    browser.leave(|| browser.press("d"));
    assert_eq!(browser.find(".notice").text(), "Moved to the trash.");
    until("the last comment has the focus", || !here(&browser).is_empty());
    assert!(is_seen(&browser));
    assert_eq!(browser.console(), [""; 0]);
}
