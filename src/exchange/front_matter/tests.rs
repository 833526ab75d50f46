//! What front matter means, and what hostile front matter does not do.

use jiff::tz::{self, TimeZone};
use proptest::prelude::*;

use super::*;
use crate::{model::language::Language, text::words::words};

fn singapore() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}

fn parse(file: &str) -> FrontMatter {
    read(file, &singapore()).expect("readable front matter").0
}

fn refusal(file: &str) -> String {
    words(Language::ENGLISH).remark(&read(file, &singapore()).expect_err("a refusal"))
}

fn utc(front_matter: &FrontMatter) -> String {
    front_matter.date.expect("a date").rfc3339()
}

#[test]
fn zola_keys_are_read() {
    let file = "+++\npath = \"2018/09/13/Rust-1.29\"\ntitle = \"Announcing Rust 1.29\"\nauthors = [\"The Release Team\"]\n\
                aliases = [\"2018/09/13/Rust-1.29.html\"]\ndescription = \"News\"\ndraft = true\n\
                [taxonomies]\ntags = [\"rust\", \"Rust\", \"release\"]\ncategories = [\"news\"]\n[extra]\nrelease = true\n+++\n\nBody\n";
    let (front_matter, body) = read(file, &singapore()).expect("readable");
    assert_eq!(body, "Body\n");
    let expected = FrontMatter {
        title: Some("Announcing Rust 1.29".into()),
        permalink: Some("2018/09/13/Rust-1.29".into()),
        aliases: vec!["2018/09/13/Rust-1.29.html".into()],
        authors: vec!["The Release Team".into()],
        tags: vec!["rust".into(), "release".into(), "news".into()],
        categories: vec!["news".into()],
        is_draft: true,
        excerpt: Some("News".into()),
        ..FrontMatter::default()
    };
    assert_eq!(front_matter, expected);
}

#[test]
fn hugo_keys_are_read_whatever_their_case() {
    let front_matter = parse(
        "---\nTitle: Hi\nurl: /old/hi/\naliases: /older\nauthor:\n  name: Ann\ntype: page\nsummary: Short\n\
         publishDate: 2023-02-11T08:30:00+08:00\n---\n",
    );
    assert_eq!(front_matter.title.as_deref(), Some("Hi"));
    assert_eq!(front_matter.permalink.as_deref(), Some("/old/hi/"));
    assert_eq!(front_matter.aliases, ["/older"]);
    assert_eq!(front_matter.authors, ["Ann"]);
    assert_eq!(front_matter.excerpt.as_deref(), Some("Short"));
    assert!(front_matter.is_page);
    assert_eq!(utc(&front_matter), "2023-02-11T00:30:00Z");
}

#[test]
fn jekyll_keys_are_read() {
    let front_matter = parse(
        "---\r\nlayout: post\r\ntitle: \"A: b\"\r\ndate: 2023-02-11 08:30:00 +0800\r\ntags: rust web\r\ncategory: big news\r\n\
         permalink: /:year/x.html\r\nredirect_from:\r\n  - /a\r\n  - /b\r\nauthor: Ann\r\npublished: false\r\n---\r\nBody",
    );
    assert_eq!(front_matter.title.as_deref(), Some("A: b"));
    assert_eq!(front_matter.tags, ["rust", "web", "big news"]);
    assert_eq!(front_matter.categories, ["big news"]);
    assert_eq!(front_matter.aliases, ["/a", "/b"]);
    assert_eq!(front_matter.authors, ["Ann"]);
    assert!(front_matter.is_draft && !front_matter.is_page);
    assert_eq!(utc(&front_matter), "2023-02-11T00:30:00Z");
}

#[test]
fn covers_are_read_as_hugo_jekyll_and_zola_write_them() {
    let cover = |keys: &str| parse(&format!("---\n{keys}\n---\n")).cover.map(|it| [it.address, it.alt, it.caption]);
    for (keys, expected) in [
        ("cover:\n  image: img/a.png\n  alt: A\n  caption: By S", Some(["img/a.png", "A", "By S"])),
        ("featured_image: /img/a.png", Some(["/img/a.png", "", ""])),
        ("images: [a.png, b.png]", Some(["a.png", "", ""])),
        ("image: https://x.example/a", Some(["https://x.example/a", "", ""])),
        ("image:\n  path: /a.png\n  alt: 7", Some(["/a.png", "7", ""])),
        ("extra:\n  cover: a.png", Some(["a.png", "", ""])),
        ("extra:\n  image: a.png\ncover: true", Some(["a.png", "", ""])),
        ("header: Big words\nimage: []\nextra: 1", None),
        ("cover:\n  hidden: true", None),
    ] {
        assert_eq!(cover(keys), expected.map(|texts| texts.map(str::to_owned)), "{keys}");
    }
}

#[test]
fn hugos_json_is_read_up_to_its_last_brace() {
    let file = "{\n\t\"title\": \"A } \\\" { b\",\n\t\"date\": \"2023-02-11\",\n\t\"tags\": [\"x\"], \"extra\": {\"a\": 1.5}\n}\n\nBody {x}\n";
    let (front_matter, body) = read(file, &singapore()).expect("readable");
    assert_eq!((front_matter.title.as_deref(), body), (Some("A } \" { b"), "Body {x}\n"));
    assert_eq!((front_matter.tags, utc(&parse(file)).as_str()), (vec!["x".to_owned()], "2023-02-11T04:00:00Z"));
    assert_eq!(refusal("{% raw %}\nx"), "has no front matter (a first line of +++ or ---)");
    assert_eq!(refusal("{\"title\": \"}"), "its front matter has no closing } line");
    assert!(refusal("{\"title\": x}").contains("not valid JSON"));
    assert!(refusal(&format!("{{\"a\": {}", "{\"a\": ".repeat(200) + &"}".repeat(201))).contains("not valid JSON"));
    assert!(refusal(&format!("{{\"a\": \"{}", "x".repeat(70_000))).contains("larger than 64 KB"));
}

#[test]
fn tags_with_commas_keep_their_blanks() {
    assert_eq!(parse("---\ntags: web design, rust ,\n---\n").tags, ["web design", "rust"]);
}

#[test]
fn authors_may_be_tables_with_a_name() {
    assert_eq!(parse("---\nauthors: [{name: Ann, url: x}, Ben]\n---\n").authors, ["Ann", "Ben"]);
}

#[test]
fn every_form_of_date_is_read() {
    for (written, meant) in [
        ("date = 2023-02-11T08:30:00Z", "2023-02-11T08:30:00Z"),
        ("date = 2023-02-11 08:30:00.5+08:00", "2023-02-11T00:30:00Z"),
        ("date = 2023-02-11T08:30:00", "2023-02-11T00:30:00Z"),
        ("date = 2023-02-11", "2023-02-11T04:00:00Z"),
        ("date = \"2023-02-11 08:30\"", "2023-02-11T00:30:00Z"),
        ("date = \"2023-02-11 08:30 -0230\"", "2023-02-11T11:00:00Z"),
        ("date = \"2023-02-11 08:30:00 UTC\"", "2023-02-11T08:30:00Z"),
    ] {
        assert_eq!(utc(&parse(&format!("+++\n{written}\n+++\n"))), meant, "{written}");
    }
    assert_eq!(utc(&parse("---\ndate: 2023-02-11\n---\n")), "2023-02-11T04:00:00Z");
}

#[test]
fn a_local_time_that_the_clock_skips_is_still_a_moment() {
    let zone = TimeZone::get("Europe/Berlin").expect("bundled");
    let (front_matter, _) = read("+++\ndate = 2023-03-26T02:30:00\n+++\n", &zone).expect("readable");
    assert_eq!(utc(&front_matter), "2023-03-26T01:30:00Z");
}

#[test]
fn a_byte_order_mark_and_blanks_after_the_fence_are_tolerated() {
    assert_eq!(parse("\u{feff}--- \ntitle: x\n---\t\n").title.as_deref(), Some("x"));
}

#[test]
fn an_empty_front_matter_is_one() {
    assert_eq!(parse("---\n---\nBody"), FrontMatter::default());
    assert_eq!(parse("---\ntitle:\ndraft:\ntags:\n---\nBody"), FrontMatter::default());
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(refusal("# Hello\n"), "has no front matter (a first line of +++ or ---)");
    assert_eq!(refusal(""), "has no front matter (a first line of +++ or ---)");
    assert_eq!(refusal("+++\ntitle = \"x\"\n"), "its front matter has no closing +++ line");
    assert!(refusal(&format!("---\n{}\n---\n", "# x\n".repeat(20_000))).contains("larger than 64 KB"));
}

#[test]
fn wrong_types_name_the_key() {
    assert_eq!(refusal("---\ntitle: [a]\n---\n"), "title in its front matter is a list, not text");
    assert_eq!(refusal("---\ndraft: perhaps\n---\n"), "draft in its front matter is “perhaps”, not true or false");
    assert_eq!(refusal("+++\ndraft = 1\n+++\n"), "draft in its front matter is a number, not true or false");
    assert_eq!(refusal("+++\ntaxonomies = 1\n+++\n"), "taxonomies in its front matter is a number, not a table");
    assert!(
        refusal("---\ndate: yesterday\n---\n").starts_with("date in its front matter is “yesterday”, which is no date")
    );
    assert!(refusal("+++\ndate = 07:32:00\n+++\n").starts_with("date in its front matter"));
    assert!(refusal("---\ndate: 2023-02-30\n---\n").starts_with("date in its front matter"));
    assert!(refusal("---\njust text\n---\n").contains("it is text, not keys with values"));
}

#[test]
fn numbers_serve_where_text_is_meant() {
    let front_matter = parse("---\ntitle: 1984\ntags: [2023, rust, 1.10]\n---\n");
    assert_eq!(front_matter.title.as_deref(), Some("1984"));
    assert_eq!(front_matter.tags, ["2023", "rust", "1.10"]);
    assert_eq!(parse("---\ntitle: 1.10\n---\n").title.as_deref(), Some("1.10"));
}

#[test]
fn keys_of_no_interest_may_hold_anything() {
    parse("---\nextra: {a: [1, {b: 2.5}]}\n1: x\nlayout: [x]\n---\n");
}

#[test]
fn of_keys_that_stand_twice_the_last_counts_in_yaml() {
    let front_matter = parse("---\ntitle: a\ntitle: b\n---\n");
    assert_eq!((front_matter.title.as_deref(), front_matter.is_double), (Some("b"), true));
    assert!(refusal("+++\ntitle = \"a\"\ntitle = \"b\"\n+++\n").contains("TOML"));
}

#[test]
fn billion_laughs_are_refused() {
    let mut bomb = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    assert!(refusal(&format!("{bomb}---\n")).contains("not valid YAML"));
}

#[test]
fn anchors_that_each_copy_everything_are_refused() {
    let nest: String = (0..200).map(|level| format!("[&a{level} ")).collect();
    assert!(refusal(&format!("---\na: {nest}\n---\n")).contains("more than 16 anchors"));
    assert_eq!(parse("---\na: &a Ann\nauthor: *a\ntitle: R&D & more\n---\n").authors, ["Ann"]);
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow_the_stack() {
    for nest in [
        "- ".repeat(30_000),
        "? ".repeat(30_000),
        "-\t".repeat(30_000),
        "a: ".to_owned() + &"[".repeat(60_000),
        "a: ".to_owned() + &"{a: ".repeat(15_000),
        (0..350).map(|level| format!("{}a:\n", " ".repeat(level))).collect(),
    ] {
        assert!(refusal(&format!("---\n{nest}\n---\n")).contains("not valid YAML"), "{}", &nest[..20]);
    }
    assert!(refusal(&format!("+++\na = {}\n+++\n", "[".repeat(60_000))).contains("not valid TOML"));
    assert!(refusal(&format!("+++\n{}a = 1\n+++\n", "a.".repeat(30_000))).contains("not valid TOML"));
}

proptest! {
    #[test]
    fn no_file_panics(file in ".*", yaml in "(?s)[-a-d:?&*!|>{}\\[\\],\"'# \n\t]{0,120}", toml in "(?s)[a-c=.\\[\\]{}\"'0-9:TZ \n-]{0,120}") {
        let _ = read(&file, &singapore());
        let _ = read(&format!("---\n{yaml}\n---\n"), &singapore());
        let _ = read(&format!("---\ndate: {yaml}\n---\n"), &singapore());
        let _ = read(&format!("+++\n{toml}\n+++\n"), &singapore());
        let _ = read(&format!("{{\"{yaml}"), &singapore());
        let _ = read(&format!("+++\ndate = {toml}\n+++\n"), &singapore());
    }
}
