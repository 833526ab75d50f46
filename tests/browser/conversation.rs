//! What JavaScript adds to the comments: answers in place, a count, and who writes.

use super::{
    blog::{Blog, EVERYTHING_PAGE},
    driver::Browser,
};
use crate::program::support::until;

#[test]
fn an_answer_is_written_under_what_it_answers_and_the_form_goes_back_where_it_was() {
    let blog = Blog::start();
    let browser = Browser::open();
    browser.go(&blog.server.url(EVERYTHING_PAGE));
    let form_is_in = "return document.querySelector('#comment-form').closest('article')?.id ?? 'the page'";
    assert_eq!(browser.run(form_is_in), "the page");
    browser.find(&format!("#comment-{} .reply a", blog.comment)).click();
    until("the form to come", || browser.run(form_is_in) == format!("comment-{}", blog.comment));
    assert_eq!(browser.focused().attribute("id"), "text");
    assert_eq!(browser.find("#post-a-comment").text(), "Reply to Reader 4");
    browser.named("Do not reply").click();
    until("the form to go back", || browser.run(form_is_in) == "the page");
    assert_eq!(browser.find("#post-a-comment").text(), "Post a comment");
    assert_eq!(browser.focused().text(), "Reply");

    browser.find(&format!("#comment-{} .reply a", blog.comment)).click();
    browser.fill("#text", "In place.");
    browser.fill("#name", "Siti");
    browser.find("#remember").click();
    browser.leave(|| browser.named("Post comment").click());
    assert_eq!(browser.find(".comment-text").text(), "In place.");

    // Whoever asked for it is remembered, by this browser alone.
    browser.go(&blog.server.url(EVERYTHING_PAGE));
    assert_eq!(browser.run("return document.querySelector('#name').value"), "Siti");
    assert!(browser.cookies().iter().all(|cookie| !cookie.to_string().contains("Siti")));
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn how_much_room_is_left_is_shown_when_it_gets_short_and_counted_as_the_blog_counts() {
    let blog = Blog::start();
    let browser = Browser::open();
    browser.go(&blog.server.url(EVERYTHING_PAGE));
    let type_in = |text: &str| {
        browser.run(&format!(
            "const text = document.querySelector('#text'); text.value = {text}; text.dispatchEvent(new Event('input'))"
        ));
        let shown =
            browser.run("const shown = document.querySelector('output'); return shown.hidden ? '' : shown.textContent");
        shown.as_str().expect("a text").to_owned()
    };
    assert_eq!(type_in("'x'.repeat(3999)"), "");
    assert_eq!(type_in("'x'.repeat(4000)"), "4,000 / 5,000");
    assert_eq!(type_in("'🌺'.repeat(4500)"), "4,500 / 5,000");
}

#[test]
fn a_browser_works_for_what_is_written_and_who_has_no_scripts_or_no_patience_is_asked_for_nothing() {
    let blog = Blog::start();
    blog.set_up_comments(&[("hold", "none"), ("wants-work", "yes")]);
    let write = |browser: &Browser, name: &str| {
        browser.go(&blog.server.url(EVERYTHING_PAGE));
        browser.fill("#name", name);
        browser.fill("#text", &format!("Terima kasih daripada {name}."));
    };
    let (browser, plain) = (Browser::open(), Browser::open_without_scripts());
    write(&browser, "Siti");
    until("the work to be done", || browser.run("return document.querySelector('[name=work]').value !== ''") == true);
    browser.leave(|| browser.named("Post comment").click());
    write(&browser, "Mei");
    browser.leave(|| browser.named("Post comment").click());
    assert_eq!(browser.console(), Vec::<String>::new());
    write(&plain, "Omar");
    plain.leave(|| plain.named("Post comment").click());

    blog.sign_in(&browser);
    browser.go(&blog.server.url("/admin/comments?state=approved"));
    let shown: Vec<String> = browser.find_now(".moderated").iter().map(|one| one.text()).collect();
    let of = |name: &str| shown.iter().find(|text| text.contains(&format!("daripada {name}"))).expect("the comment");
    assert!(of("Siti").contains("the browser worked for it"), "{shown:#?}");
    assert!(!of("Omar").contains("worked") && of("Mei").contains("Mei"), "{shown:#?}");
}
