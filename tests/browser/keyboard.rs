//! Everything can be reached and done with the keyboard, and one sees where one is.

use super::{
    blog::Blog,
    driver::{Browser, ENTER, TAB},
};
use crate::program::support::{EMAIL, PASSWORD, until};

#[test]
fn the_first_tab_offers_to_skip_to_the_content_and_enter_goes_there() {
    let blog = Blog::start();
    let browser = Browser::open();
    for page in ["/", "/2023/02/everything", "/archive"] {
        browser.go(&blog.server.url(page));
        until("the page has the keyboard", || browser.run("return document.hasFocus()") == true);
        browser.press(TAB);
        until("something has the focus", || browser.run("return document.activeElement !== document.body") == true);
        assert_eq!(browser.focused().text(), "Skip to content", "{page}");
        let is_seen = "const box = document.activeElement.getBoundingClientRect(); return box.left >= 0 && box.top >= 0 && box.height > 20";
        assert_eq!(browser.run(is_seen), true, "{page}");
        browser.press(ENTER);
        until("the content has the focus", || browser.focused().attribute("id") == "main");
        // And on from there, past the navigation.
        browser.press(TAB);
        assert_eq!(
            browser.run("return document.querySelector('main').contains(document.activeElement)"),
            true,
            "{page}"
        );
    }
}

#[test]
fn tab_visits_everything_in_the_order_of_the_page_with_a_ring_around_it() {
    let blog = Blog::start();
    let browser = Browser::open();
    let reply = format!("/comments/{}/reply", blog.comment);
    for page in ["/", "/2023/02/everything", "/search", &reply] {
        browser.go(&blog.server.url(page));
        browser.run(
            "window.all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]\
                     .filter(one => one.tabIndex >= 0 && one.type !== 'hidden' && one.checkVisibility())",
        );
        let all = browser.run("return all.length").as_u64().expect("a number");
        assert!(all >= 3, "{page}");
        for number in 0..all {
            browser.press(TAB);
            // A scroller without anything in it to focus is a stop of its own, which is how it is scrolled by keyboard.
            while browser
                .run("return !all.includes(document.activeElement) && document.activeElement !== document.body")
                == true
            {
                browser.press(TAB);
            }
            let here = browser.run("return all.indexOf(document.activeElement)");
            assert_eq!(here, number, "{page}: {}", browser.run("return document.activeElement.outerHTML"));
            let ring = browser.run(
                "const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
                 return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                     && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth",
            );
            assert_eq!(ring, true, "{page}: {}", browser.run("return document.activeElement.outerHTML"));
        }
    }
}

#[test]
fn signing_in_and_publishing_need_no_mouse() {
    let blog = Blog::start();
    let browser = Browser::open();
    browser.go(&blog.server.url("/admin/sign-in"));
    assert_eq!(browser.focused().attribute("name"), "email");
    browser.press(EMAIL);
    browser.press(TAB);
    browser.press(PASSWORD);
    browser.leave(|| browser.press(ENTER));
    assert!(browser.address().contains("/admin"), "{}", browser.address());

    go_to(&browser, "New post");
    browser.leave(|| browser.press(ENTER));
    assert_eq!(browser.focused().attribute("name"), "title");
    browser.press("By hand");
    browser.press(TAB);
    browser.press("Written without a mouse.");
    go_to(&browser, "Publish");
    browser.leave(|| browser.press(ENTER));
    assert_eq!(browser.find("[role=status]").text(), "Published.");
}

/// Presses Tab until the focus is on what is named so.
#[track_caller]
fn go_to(browser: &Browser, text: &str) {
    for _ in 0..60 {
        browser.press(TAB);
        if browser.run("return document.activeElement.textContent.trim()") == text {
            return;
        }
    }
    panic!("Tab does not come to “{text}”");
}
