//! Search: it finds what readers may read, whatever they type.

use laman::limits::Act;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

use crate::support::*;

/// The titles that a question finds, best first.
async fn found(blog: &TestBlog, question: &str) -> Vec<String> {
    results(blog, question).await.all(".results h3")
}

async fn results(blog: &TestBlog, question: &str) -> Page {
    // A second brings a new try: this is about finding, not about the limit.
    blog.clock.advance(1_000);
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", question).finish();
    let page = blog.reader().get(&format!("/search?{query}")).await;
    assert_eq!(page.status(), 200, "{question:?}");
    page
}

#[tokio::test]
async fn accents_and_case_make_no_difference() {
    let blog = TestBlog::new().await;
    blog.published_post("Café Ångström").body("Señor Größe Łódź").create().await;
    for question in ["cafe", "CAFÉ", "angstrom", "senor", "SEÑOR"] {
        assert_eq!(found(&blog, question).await, ["Café Ångström"], "{question}");
    }
}

#[tokio::test]
async fn the_last_word_may_be_unfinished_and_no_other() {
    let blog = TestBlog::new().await;
    blog.published_post("Gardening").body("with great patience").create().await;
    assert_eq!(found(&blog, "gard").await, ["Gardening"]);
    assert_eq!(found(&blog, "great pat").await, ["Gardening"]);
    assert_eq!(found(&blog, "gre patience").await, [""; 0]);
    assert_eq!(found(&blog, "pat ").await, [""; 0], "a space ends a word");
}

#[tokio::test]
async fn words_in_quotes_stand_side_by_side() {
    let blog = TestBlog::new().await;
    blog.published_post("One").body("the red house and the blue door").create().await;
    blog.published_post("Two").body("the red door and the blue house").create().await;
    assert_eq!(found(&blog, "\"red house\"").await, ["One"]);
    assert_eq!(found(&blog, "“blue house”").await, ["Two"]);
    assert_eq!(found(&blog, "red house").await.len(), 2);
}

#[tokio::test]
async fn a_hit_in_the_title_comes_before_one_in_the_text() {
    let blog = TestBlog::new().await;
    blog.published_post("A list of trees").body("oak, mango, durian").at("2023-02-03T00:00").create().await;
    blog.published_post("Durian").body("a fruit of some renown").at("2023-02-01T00:00").create().await;
    blog.published_post("Tagged").body("about something").tag("durian").at("2023-02-02T00:00").create().await;
    assert_eq!(found(&blog, "durian").await, ["Durian", "Tagged", "A list of trees"]);
}

#[tokio::test]
async fn a_snippet_marks_what_was_found_and_shows_the_rest_as_text() {
    let blog = TestBlog::new().await;
    let body = "Some `<img src=x onerror=alert(1)>` and \\<script>alert(2)\\</script> around the needle & more";
    blog.published_post("Post").body(body).create().await;
    let page = results(&blog, "needle").await;
    assert_eq!(page.all(".snippet mark"), ["needle"]);
    assert!(page.text(".snippet").contains("<img src=x onerror=alert(1)> and <script>alert(2)</script>"));
    assert!(page.text(".snippet").ends_with("needle & more"));
    assert!(!page.has(".snippet img") && !page.has(".snippet script"));
}

#[tokio::test]
async fn results_go_on_over_pages() {
    let blog = TestBlog::new().await;
    for number in 1..=23 {
        blog.published_post(&format!("Post {number}")).body("common ground").create().await;
    }
    let reader = blog.reader();
    let first = results(&blog, "common & \"ground\"").await;
    assert_eq!(first.all(".results li").len(), 20);
    assert!(!first.has("nav.pager [rel=prev]"));
    let second = reader.get(&first.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!(second.all(".results li").len(), 3);
    assert_eq!(second.attribute("main form input[name=q]", "value"), "common & \"ground\"");
    let mut all = [first.all(".results h3"), second.all(".results h3")].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 23, "each result stands on one page");
    let back = reader.get(&second.attribute("nav.pager [rel=prev]", "href")).await;
    assert_eq!(back.all(".results li"), first.all(".results li"));
    for odd in ["0", "-1", "1e3", "１", "9223372036854775807", "99999999999999999999", "x"] {
        assert_eq!(reader.get(&format!("/search?q=common&page={odd}")).await.status(), 200, "{odd}");
    }
}

#[tokio::test]
async fn what_is_in_very_many_posts_is_found_in_titles_first_and_then_the_newest() {
    let blog = TestBlog::new().await;
    blog.published_post("On common ground").body("a title of old").at("2019-01-01T00:00").create().await;
    blog.many_posts(1_001, time("2020-01-01T00:00:00Z"), "common ground").await;
    for question in ["common", "common ", "common gro", "\"common ground\""] {
        let reader = blog.reader();
        let mut page = results(&blog, question).await;
        let mut all = page.all(".results h3");
        assert_eq!(all[..3], ["On common ground", "Post 1001", "Post 1000"], "{question}");
        for _ in 1..4 {
            page = reader.get(&page.attribute("nav.pager [rel=next]", "href")).await;
            all.extend(page.all(".results h3"));
        }
        assert_eq!(all.len(), 80);
        assert_eq!(all[79], "Post 923", "each stands on one page");
        assert!(page.all(".snippet mark").concat().contains("common"), "{question}");
    }
    // A word that few have is still weighed, whatever many have.
    blog.published_post("Once").body("needle, and a long story about many other things").create().await;
    blog.published_post("Twice").body("needle and needle").at("2019-02-01T00:00").create().await;
    assert_eq!(found(&blog, "needle").await, ["Twice", "Once"]);
    let editor = blog.editor().await;
    let found = editor.get("/admin/posts?q=common").await;
    assert_eq!(found.all("table.rows tbody th a")[..2], ["Post 1001", "Post 1000"]);
    let next = editor.get(&found.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!(next.all("table.rows tbody th a")[0], "Post 951");
}

#[tokio::test]
async fn nothing_found_and_nothing_asked_have_words_of_their_own() {
    let blog = TestBlog::new().await;
    assert_eq!(
        results(&blog, "<b>zebra</b>").await.text(".empty"),
        "Nothing here matches “<b>zebra</b>”. Try fewer or other words."
    );
    assert_eq!(results(&blog, "!!!").await.all(".empty").len(), 1);
    let nothing = blog.reader().get("/search").await;
    assert!(!nothing.has(".empty") && !nothing.has(".results"));
}

#[tokio::test]
async fn pages_are_found_too() {
    let blog = TestBlog::new().await;
    blog.page("About the garden").create().await;
    let page = results(&blog, "garden").await;
    assert_eq!(page.attribute(".results a", "href"), "/about-the-garden");
}

#[tokio::test]
async fn a_changed_post_is_found_by_its_new_words_alone() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("oldword").create().await;
    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("text", "newword").press("Update", &editor).await;
    assert_eq!(found(&blog, "newword").await, ["Post"]);
    assert_eq!(found(&blog, "oldword").await, [""; 0]);
}

#[tokio::test]
async fn what_readers_may_not_see_is_not_found() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Public").body("visible").create().await;
    blog.draft("Draft").body("unicorn").create().await;
    blog.published_post("Scheduled").body("unicorn").at("2023-02-12T00:00").create().await;
    let trashed = blog.published_post("Trashed").body("unicorn").create().await;
    blog.app.store.trash_post(trashed.id, blog.now()).await.unwrap();
    blog.comment(&post, "unicorn").by("Unicorn").email("unicorn@ok.example").held().create().await;
    blog.comment(&post, "approved").email("unicorn@ok.example").create().await;
    for question in ["unicorn", "unicorn@ok.example", "@ok.example", "ok.example", OWNER_EMAIL, "203.0.113"] {
        assert_eq!(found(&blog, question).await, [""; 0], "{question}");
    }
    assert_eq!(found(&blog, "visible").await, ["Public"]);
}

#[tokio::test]
async fn what_looks_like_a_query_language_is_only_text() {
    let blog = TestBlog::new().await;
    blog.published_post("Post").body("plain text").create().await;
    for hostile in [
        "\"",
        "\"\"\"",
        "'",
        "*",
        "^",
        "a*",
        "NEAR(a b)",
        "NEAR(",
        "AND",
        "OR",
        "NOT",
        "a AND",
        "NOT a",
        "title:plain",
        "body : plain",
        "{title body} : plain",
        "- plain",
        "+plain",
        "plain + text",
        "(plain",
        "plain)",
        "a\" OR \"b",
        "'; DROP TABLE post; --",
        "x' UNION SELECT password_hash FROM user --",
        "%",
        "_",
        "\\",
        "\0",
        "a\0b",
        "\u{2}\u{3}",
        "\u{feff}",
        "\u{202e}abc",
        "🦀",
        "漢字",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "${7*7}",
        "{{7*7}}",
        "1=1",
        "plain\" NOT \"x",
        ":::",
        "col:",
        "\"plain text",
        "rank",
        "post_search",
        "*plain",
    ] {
        results(&blog, hostile).await;
    }
    assert_eq!(found(&blog, "NOT plain").await, [""; 0], "`not` is a word like any other");
    assert_eq!(found(&blog, "title:plain").await, [""; 0]);
    assert_eq!(found(&blog, &"plain ".repeat(1000)).await, ["Post"]);
    let raw = blog.reader().get("/search?q=%ff%fe%00%c0%80&q=again").await;
    assert_eq!(raw.status(), 200);
}

#[test]
fn any_text_is_answered_with_a_page() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let blog = runtime.block_on(TestBlog::new());
    runtime.block_on(blog.published_post("Café").body("alpha beta \"gamma\" <delta> & ε").create());
    // Letters alone find more than anything does: half of the texts are made of the words that are there.
    let question = prop_oneof![
        any::<String>(),
        proptest::collection::vec(
            prop_oneof!["alpha", "bet", "\"", "\\*", "AND", "NEAR", "-", "ε", "\\PC", " "],
            0..12
        )
        .prop_map(|parts| parts.concat()),
    ];
    let config = ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() };
    // The same texts each time: what passes today does not fail tomorrow.
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&question, |question| {
            runtime.block_on(results(&blog, &question));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn one_network_cannot_search_without_end() {
    let blog = TestBlog::new().await;
    let reader = blog.reader();
    // All but the last try, as a flood would have spent them.
    for _ in 0..59 {
        blog.app.limits.take(Act::Search, "198.51.100.0/24", blog.clock.monotonic()).unwrap();
    }
    assert_eq!(reader.get("/search?q=a").await.status(), 200);
    let refused = reader.get("/search?q=a").await;
    assert_eq!((refused.status(), refused.header("retry-after")), (429, Some("1")));
    assert_eq!(refused.text("h1"), "A little slower");
    assert_eq!(blog.reader_from("203.0.113.5").get("/search?q=a").await.status(), 200);
    assert_eq!(reader.get("/search").await.status(), 200, "the form alone costs nothing");
    blog.clock.advance(1_000);
    assert_eq!(reader.get("/search?q=a").await.status(), 200);
}
