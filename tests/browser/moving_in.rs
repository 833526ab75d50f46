//! Moving in and out at the desk, by a person with a browser.

use std::fs;

use super::{
    axe::{ALL, loaded, violations},
    blog::Blog,
    driver::Browser,
    look::Complaints,
};
use crate::program::support::until;

const XML: &str = r#"<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example</link>
<wp:wxr_version>1.2</wp:wxr_version><item><title>Kelapa</title><link>https://old.example/kelapa/</link><wp:post_id>1</wp:post_id>
<wp:post_date_gmt>2018-01-05 10:00:00</wp:post_date_gmt><wp:post_name>kelapa</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><content:encoded>Tall and patient. [form id="1"]</content:encoded></item></channel></rss>"#;

#[test]
fn a_blog_is_sent_tried_brought_in_read_and_taken_away_again() {
    let (blog, browser) = (Blog::start(), Browser::open());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("old.xml");
    fs::write(&file, XML).expect("a file");
    let mut complaints = Complaints::default();
    let mut judge = |page: &str| {
        browser.run(&loaded());
        for (width, scheme) in [(390, "dark"), (1280, "light")] {
            browser.at_width(width);
            browser.show_as("screen", scheme);
            complaints.add(&format!("{page}, {width} px, {scheme}"), browser.complaints(&violations(ALL)));
        }
    };
    blog.sign_in(&browser);
    browser.go(&blog.server.url("/admin/settings"));
    browser.named("Import").click();
    until("the page of imports is there", || browser.address().ends_with("/admin/import"));
    judge("moving in");
    let stands = |words: &str| browser.run("return document.querySelector('#stand')?.textContent ?? ''") == words;
    browser.find("#files").write(file.to_str().expect("a path"));
    browser.named("Try it").click();
    // The page is loaded anew by itself.
    until("it was tried", || stands("This is what would come"));
    judge("what would come");
    browser.named("Bring it in").click();
    until("it is here", || stands("It is here"));
    judge("what came");

    browser.go(&blog.server.url("/kelapa/"));
    assert_eq!(blog.path(&browser.address()), "/2018/01/kelapa");
    assert_eq!(browser.find(".e-content").text().trim(), "Tall and patient. [form id=\"1\"]");
    let number = blog.number_of("Kelapa");
    browser.go(&blog.server.url(&format!("/admin/posts/{number}")));
    browser.named("What the import could not keep").click();
    until("the original is there", || browser.address().ends_with("/original"));
    judge("an original");

    browser.go(&blog.server.url("/admin/export"));
    let taken = browser.run(
        "const form = document.querySelector('form[action=\"/admin/export\"]');
         return fetch(form.action, { method: 'POST', body: new URLSearchParams({ format: form.elements.format.value }) })
             .then(answer => answer.blob()).then(zip => zip.slice(0, 2).text().then(start => `${start} ${zip.size > 1000}`));",
    );
    assert_eq!(taken, "PK true");
    complaints.must_be_none();
    assert_eq!(browser.console(), [""; 0]);
}
