//! What pages look like, on any screen: nothing sticks out, everything can be read, hit and understood.

use std::collections::BTreeMap;

use super::{
    blog::{Blog, EVERYTHING_PAGE, READERS_PAGES},
    driver::Browser,
};
use crate::program::support::{Server, folder, until};

/// A telephone of 2012 and one of today, a desktop at 200 %, and a desktop.
const WIDTHS: [u32; 4] = [320, 390, 640, 1280];

/// What is wrong, each thing once however many pages have it, with the first of them.
#[derive(Default)]
pub struct Complaints(BTreeMap<String, String>);

impl Complaints {
    pub fn add(&mut self, page: &str, found: Vec<String>) {
        for one in found {
            self.0.entry(one).or_insert_with(|| page.to_owned());
        }
    }

    #[track_caller]
    pub fn must_be_none(&self) {
        let all: Vec<_> = self.0.iter().map(|(what, page)| format!("{page}: {what}")).collect();
        assert!(all.is_empty(), "\n{}", all.join("\n"));
    }
}

pub const STICKING_OUT: &str = "
    const wide = document.documentElement.scrollWidth, screen = innerWidth;
    if (wide <= screen) return [];
    const out = [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > screen + 1)
        .slice(-3).map(one => one.outerHTML.slice(0, 120));
    return [`${wide} px on ${screen}: ${out.join(' | ')}`];";

#[test]
fn no_page_is_wider_than_its_screen() {
    let blog = Blog::start();
    let browser = Browser::open();
    let mut complaints = Complaints::default();
    blog.visit_all(&browser, |page| {
        for width in WIDTHS {
            browser.at_width(width);
            complaints.add(page, browser.complaints(STICKING_OUT));
        }
    });
    complaints.must_be_none();
}

/// Every visible text against what it stands on, as WCAG measures it. Colours of any notation become bytes by being
/// painted. What is read at length asks for more than what is glanced at.
const PALE: &str = "
    const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
    const paint = canvas.getContext('2d', { willReadFrequently: true });
    const pixel = () => [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
    const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const known = new Map(), found = new Map();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const one = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (one.closest('.unseen, .trap, .skip, option, script')) continue;
        const layers = ['white'];
        for (let at = one; at; at = at.parentElement) layers.splice(1, 0, getComputedStyle(at).backgroundColor);
        layers.push(getComputedStyle(one).color);
        const key = layers.join();
        if (!known.has(key)) {
            let back;
            layers.forEach((colour, number) => {
                if (number === layers.length - 1) back = pixel();
                paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
            });
            const [dim, bright] = [light(back), light(pixel())].sort((a, b) => a - b);
            known.set(key, (bright + 0.05) / (dim + 0.05));
        }
        const isRead = one.closest('.prose, .comment-text') && one.matches('p, li, td, strong, em');
        const wanted = isRead && !one.closest('blockquote') ? 7 : 4.5;
        if (known.get(key) < wanted) found.set(one.className + one.tagName, `${known.get(key).toFixed(2)} < ${wanted}: ${one.outerHTML.slice(0, 120)}`);
    }
    return known.size ? [...found.values()] : ['no text at all'];";

#[test]
fn every_text_stands_out_from_its_ground_by_day_and_by_night_and_on_paper() {
    let blog = Blog::start();
    let browser = Browser::open();
    let mut complaints = Complaints::default();
    blog.visit_all(&browser, |page| {
        for (media, scheme) in [("screen", "light"), ("screen", "dark"), ("print", "light")] {
            browser.show_as(media, scheme);
            complaints.add(&format!("{page}, {media} {scheme}"), browser.complaints(PALE));
        }
        // Forms are not printed, and the next page may be reached by one.
        browser.show_as("screen", "light");
    });
    complaints.must_be_none();
}

#[test]
fn day_and_night_differ() {
    let blog = Blog::start();
    let browser = Browser::open();
    browser.go(&blog.server.url("/"));
    let ground = |scheme| {
        browser.show_as("screen", scheme);
        browser.find("html").style("background-color")
    };
    assert_ne!(ground("light"), ground("dark"));
}

#[test]
fn paper_shows_the_text_and_the_thread_and_no_machinery() {
    let blog = Blog::start();
    let browser = Browser::open();
    browser.go(&blog.server.url(EVERYTHING_PAGE));
    browser.show_as("print", "light");
    let shown = |selector: &str| {
        browser.run(&format!("return [...document.querySelectorAll('{selector}')].some(one => one.checkVisibility())"))
    };
    for kept in ["h1", ".prose", "figure img", ".thread .comment-text", ".blog-name"] {
        assert_eq!(shown(kept), true, "{kept}");
    }
    for left_out in ["nav", "form", "button", ".reply", ".skip"] {
        assert_eq!(shown(left_out), false, "{left_out}");
    }
    // A4 with margins of 2 cm.
    browser.at_width(643);
    assert_eq!(browser.complaints(STICKING_OUT), [""; 0]);
}

/// Fields, buttons and what one navigates by are as large as a fingertip; other links that stand by themselves half so.
const SMALL: &str = "
    const complaints = [];
    const check = (one, least) => {
        const box = one.getBoundingClientRect();
        if (!one.checkVisibility() || one.closest('.trap') || (one.matches('.skip') && one !== document.activeElement)) return;
        // A short word may be narrow: there is room beside it.
        if (box.height < least - 0.5 || (one.matches('button') && box.width < 24))
            complaints.push(`${box.width.toFixed(0)} × ${box.height.toFixed(1)}, not ${least}: ${one.outerHTML.slice(0, 120)}`);
    };
    for (const one of document.querySelectorAll('button, .button, select, textarea, summary, nav a, .reply a, .comment-link a, .more a, .tags a, .colophon a'))
        check(one, 44);
    for (const one of document.querySelectorAll('input:not([type=hidden])'))
        check(one.matches('[type=checkbox], [type=radio]') ? one.closest('.choice') ?? one : one, 44);
    for (const one of document.querySelectorAll('.months a, .links a, .actions a, .blog-name a, h2 a:not(.anchor), h3 a:not(.anchor)')) check(one, 24);
    return complaints;";

#[test]
fn what_is_to_be_hit_with_a_finger_is_as_large_as_one() {
    let blog = Blog::start();
    let browser = Browser::open();
    browser.resize(390, 844);
    let mut complaints = Complaints::default();
    blog.visit_all(&browser, |page| {
        complaints.add(page, browser.complaints(SMALL));
    });
    complaints.must_be_none();
}

/// What a checker of accessibility finds without judgement.
const HARD_TO_UNDERSTAND: &str = "
    const complaints = [], say = (what, one) => complaints.push(what + (one ? ': ' + one.outerHTML.slice(0, 120) : ''));
    const all = selector => [...document.querySelectorAll(selector)];
    if (!document.documentElement.lang) say('no language');
    if (!document.title.trim()) say('no title');
    if (!document.querySelector('meta[name=viewport]') || /maximum-scale|user-scalable/.test(document.querySelector('meta[name=viewport]').content)) say('cannot be enlarged');
    if (all('h1').length !== 1) say(`${all('h1').length} h1`);
    if (all('main').length !== 1) say(`${all('main').length} main`);
    all('nav').forEach(one => one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || say('a nav without a name', one));
    let level = 0;
    all('h1, h2, h3, h4, h5, h6').forEach(one => {
        const own = Number(one.tagName[1]);
        if (level && own > level + 1) say(`h${own} after h${level}`, one);
        level = own;
    });
    all('input:not([type=hidden]), select, textarea').forEach(one =>
        one.labels.length || one.ariaLabel || one.getAttribute('aria-labelledby') || say('no label', one));
    all('a[href]:not([aria-hidden]), button, summary').forEach(one =>
        one.textContent.trim() || one.ariaLabel || one.querySelector('img[alt]:not([alt=\"\"])') || say('no name', one));
    all('img').forEach(one => one.hasAttribute('alt') || say('no alt', one));
    all('img').forEach(one => (one.getAttribute('width') && one.getAttribute('height')) || say('no size', one));
    const ids = all('[id]').map(one => one.id);
    new Set(ids.filter((id, at) => ids.indexOf(id) !== at)).forEach(id => say('twice the id ' + id));
    for (const name of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for'])
        all(`[${name}]`).forEach(one => one.getAttribute(name).split(/\\s+/).forEach(id => document.getElementById(id) || say(`${name} leads nowhere`, one)));
    all('ul > :not(li), ol > :not(li)').forEach(one => say('no item of a list', one));
    all('[hidden]').forEach(one => one.checkVisibility() && say('hidden and yet seen', one));
    all('[tabindex]').forEach(one => one.tabIndex > 0 && say('an order of its own', one));
    all('table').forEach(one => one.querySelector('th') || say('a table without heads', one));
    all('time').forEach(one => one.dateTime || say('a time that machines cannot read', one));
    all('[style], [onclick], script:not([type=\"application/ld+json\"], [src])').forEach(one => say('inline', one));
    return complaints;";

#[test]
fn every_page_can_be_understood_by_those_who_do_not_see_it() {
    let blog = Blog::start();
    let browser = Browser::open();
    let mut complaints = Complaints::default();
    blog.visit_all(&browser, |page| {
        complaints.add(page, browser.complaints(HARD_TO_UNDERSTAND));
    });
    for page in READERS_PAGES {
        browser.go(&blog.server.url(page));
        for landmark in
            ["body > header", "body > header nav", "body > main", "body > footer", "body > a.skip:first-child"]
        {
            if browser.find_now(landmark).is_empty() {
                complaints.add(page, vec![format!("no {landmark}")]);
            }
        }
    }
    complaints.must_be_none();
}

#[test]
fn the_set_up_page_is_held_to_the_same() {
    let folder = folder();
    let server = Server::start(folder.path());
    let browser = Browser::open();
    browser.go(&server.url(&server.setup_path()));
    let mut complaints = Complaints::default();
    complaints.add("set-up", browser.complaints(HARD_TO_UNDERSTAND));
    for scheme in ["light", "dark"] {
        browser.show_as("screen", scheme);
        complaints.add(scheme, browser.complaints(PALE));
    }
    for width in WIDTHS {
        browser.at_width(width);
        complaints.add("set-up", browser.complaints(STICKING_OUT));
        complaints.add("set-up", browser.complaints(SMALL));
    }
    complaints.must_be_none();
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn a_visit_asks_nobody_else_keeps_no_cookie_and_breaks_no_rule() {
    let blog = Blog::start();
    let browser = Browser::open();
    let own = blog.server.url("/");
    // The driver's own first page.
    browser.requests();
    for page in blog.readers_pages() {
        browser.go(&blog.server.url(&page));
        // A page that is not there says so on the console too.
        let said: Vec<_> = browser.console().into_iter().filter(|line| !line.contains("404 (Not Found)")).collect();
        assert!(said.is_empty(), "{page}: {said:?}");
        let elsewhere: Vec<_> = browser.requests().into_iter().filter(|asked| !asked.starts_with(&own)).collect();
        assert!(elsewhere.is_empty(), "{page}: {elsewhere:?}");
        assert!(browser.cookies().is_empty(), "{page}: {:?}", browser.cookies());
    }
    // The desk has one cookie, which scripts cannot read, and breaks no rule either.
    blog.sign_in(&browser);
    let cookies = browser.cookies();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    assert_eq!((&cookies[0]["httpOnly"], &cookies[0]["sameSite"]), (&true.into(), &"Lax".into()));
    browser.go(&blog.server.url("/admin/posts/1"));
    assert_eq!(browser.console(), [""; 0]);
}

/// What moved once the page itself had come: before, a browser may draw a part of a line.
const SHIFTS: &str =
    "shifts.filter(one => one.startTime > performance.getEntriesByType('navigation')[0].domInteractive)";

#[test]
fn nothing_moves_while_a_post_with_pictures_loads() {
    let blog = Blog::start();
    let browser = Browser::open();
    for width in [390, 1280] {
        browser.at_width(width);
        browser.go(&blog.server.url(EVERYTHING_PAGE));
        // Pictures further down may come when they are scrolled to.
        browser.run("window.shifts = []; new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true }); \
                     scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })");
        until("every picture", || {
            browser.run("return [...document.images].every(one => one.complete && one.naturalWidth > 0)") == true
        });
        // Shifts are told after the frame in which they happen.
        browser.run(
            "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))",
        );
        assert_eq!(browser.run("return document.images.length"), 2);
        assert_eq!(
            browser.run(&format!("return ({SHIFTS}).length")),
            0,
            "{width}: {}",
            browser.run(&format!("return {SHIFTS}"))
        );
    }
}
