//! What axe-core says of every kind of page: by day and by night, on a telephone and on a desk.

use std::fs;

use super::{blog::Blog, driver::Browser, look::Complaints};
use crate::program::support::{Server, folder};

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/axe/axe.min.js");

/// Every rule that is on by itself, and that targets are large enough, which is not.
pub const ALL: &str = "rules: { 'target-size': { enabled: true } }";
/// What may differ by night: only colours do.
const COLOURS: &str = "runOnly: ['color-contrast', 'link-in-text-block']";

pub fn violations(which: &str) -> String {
    format!(
        "return axe.run(document, {{ resultTypes: ['violations'], preload: false, {which} }})
            .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
                `${{rule.id}}: ${{node.html.slice(0, 200)}} ${{node.failureSummary.replaceAll(/\\s+/g, ' ')}}`)));"
    )
}

/// It.
pub fn loaded() -> String {
    fs::read_to_string(AXE).unwrap_or_else(|error| panic!("{error}: run `make test`, which fetches axe-core"))
}

#[test]
fn axe_finds_nothing_to_say_of_any_page() {
    let axe = loaded();
    let (blog, browser) = (Blog::start(), Browser::open());
    let mut complaints = Complaints::default();
    let mut judge = |page: &str| {
        browser.run(&axe);
        for (width, scheme, rules) in
            [(390, "light", ALL), (390, "dark", COLOURS), (1280, "dark", COLOURS), (1280, "light", ALL)]
        {
            browser.at_width(width);
            browser.show_as("screen", scheme);
            complaints.add(&format!("{page}, {width} px, {scheme}"), browser.complaints(&violations(rules)));
        }
    };
    blog.visit_all(&browser, &mut judge);
    let folder = folder();
    let fresh = Server::start(folder.path());
    browser.go(&fresh.url(&fresh.setup_path()));
    judge("set-up");
    complaints.must_be_none();
}
