//! Every statement is prepared against a fresh database, and none walks through a whole table that grows.

use std::{collections::BTreeSet, fs, path::Path};

use sqlx::{AssertSqlSafe, Row};

use super::{
    Store, account, admin_post, appearance, audit, backup, check, comment, conversation, deed, draft, dump, gone, hand,
    health, import, import_comment, import_job, intake, judge, library, link, mail, media, moderate, network, open,
    order, own_comment, people, person, profile, proof, publish, queue, reader_post, reading, redirect, redraw,
    restore, revision, rows, schedule, search, settings, sweep, wish, working,
};

/// A constant that holds one statement, or a few.
pub(super) trait Texts {
    /// They.
    fn texts(&self) -> Vec<&'static str>;
}

impl Texts for &'static str {
    fn texts(&self) -> Vec<&'static str> {
        vec![*self]
    }
}

impl<const N: usize> Texts for [&'static str; N] {
    fn texts(&self) -> Vec<&'static str> {
        self.to_vec()
    }
}

impl<const N: usize> Texts for [[&'static str; 2]; N] {
    fn texts(&self) -> Vec<&'static str> {
        self.concat()
    }
}

/// File, name and text of each.
fn all() -> Vec<(&'static str, &'static str, &'static str)> {
    [
        ("account", account::statements()),
        ("admin_post", admin_post::statements()),
        ("appearance", appearance::statements()),
        ("audit", audit::statements()),
        ("backup", backup::statements()),
        ("check", check::statements()),
        ("comment", comment::statements()),
        ("conversation", conversation::statements()),
        ("deed", deed::statements()),
        ("draft", draft::statements()),
        ("dump", dump::statements()),
        ("gone", gone::statements()),
        ("hand", hand::statements()),
        ("health", health::statements()),
        ("import", import::statements()),
        ("import_comment", import_comment::statements()),
        ("import_job", import_job::statements()),
        ("intake", intake::statements()),
        ("judge", judge::statements()),
        ("library", library::statements()),
        ("link", link::statements()),
        ("mail", mail::statements()),
        ("media", media::statements()),
        ("moderate", moderate::statements()),
        ("network", network::statements()),
        ("open", open::statements()),
        ("order", order::statements()),
        ("own_comment", own_comment::statements()),
        ("people", people::statements()),
        ("person", person::statements()),
        ("profile", profile::statements()),
        ("proof", proof::statements()),
        ("publish", publish::statements()),
        ("queue", queue::statements()),
        ("reader_post", reader_post::statements()),
        ("reading", reading::statements()),
        ("redirect", redirect::statements()),
        ("redraw", redraw::statements()),
        ("restore", restore::statements()),
        ("rows", rows::statements()),
        ("revision", revision::statements()),
        ("schedule", schedule::statements()),
        ("search", search::statements()),
        ("settings", settings::statements()),
        ("sweep", sweep::statements()),
        ("wish", wish::statements()),
        ("working", working::statements()),
    ]
    .into_iter()
    .flat_map(|(file, statements)| statements.into_iter().map(move |(name, text)| (file, name, text)))
    .collect()
}

/// What may walk through a whole table without an index, and why.
const WALKS: &[(&str, &str, &str)] = &[
    (
        "account",
        "ADD",
        "SQLite looks for children of the new row only while a foreign key is broken, which it never is here",
    ),
    ("account", "COUNT_SIGN_INS", "a blog has few people"),
    ("account", "USERS", "a blog has few people"),
    ("account", "DROP_OLD_SESSIONS", "once for each sign-in, over the sessions of few people"),
    ("admin_post", "ROWS_FOUND", "over what it found"),
    ("admin_post", "ROWS_OWN", "over what it found"),
    ("admin_post", "ROWS_TAGGED", "over what it found"),
    ("admin_post", "KNOWN_TAGS", "over the tags that it found"),
    ("audit", "NOTE_STRANGER", "over no table: one row of its own"),
    ("backup", "LOOK", "over the names of tables"),
    ("health", "FILES", "a check of everything, by command"),
    ("health", "INCOMPLETE", "likewise"),
    ("health", "INCOMPLETE_VARIANTS", "likewise"),
    ("health", "LEADS", "likewise"),
    ("health", "MISCOUNTED", "likewise"),
    ("health", "MISDATED", "likewise"),
    ("health", "RECOUNT", "likewise"),
    ("health", "STRAY_WORDS", "likewise"),
    ("health", "TO_THE_TOP", "likewise"),
    ("health", "UNSEARCHABLE", "likewise"),
    ("health", "UNTHREADED", "likewise"),
    ("health", "IS_USED", "over no table: one row of its own"),
    ("health", "MISSING_BANNER", "one row"),
    ("health", "MISSING_COVERS", "a check of everything, by command"),
    ("health", "UNDRAWN", "a check of everything, by command"),
    ("health", "WORKING", "likewise"),
    ("proof", "HAS_PROGRAM", "over the names of tables"),
    ("proof", "PROGRAM", "over one row"),
    ("proof", "SCHEMA", "over the names of tables"),
    ("rows", "NO_ADDRESS", "a check of everything, by command"),
    ("rows", "NO_AUTHOR", "likewise"),
    ("rows", "NO_STATE", "likewise"),
    ("rows", "NO_TEXT", "likewise"),
    ("rows", "OWNERS", "a blog has few people"),
    ("rows", "SCALED", "a check of everything, by command"),
    ("schedule", "ANSWERED", "over one row"),
    ("schedule", "FORGET", "over a few hundred rows"),
    ("schedule", "QUEUE_ALARM", "a blog has few people"),
    ("conversation", "MOVE", "over the one thread"),
    ("draft", "ADD_LINK", "over no table: one row of its own"),
    ("draft", "TEMPLATES", "a blog has few templates"),
    ("dump", "APPEARANCE", "one row"),
    ("dump", "PEOPLE", "a blog has few people"),
    ("dump", "COUNTS", "once for each export"),
    ("import_comment", "ABOVE", "over the comments that it came by, a thousand at most"),
    ("import", "HAS_ORIGINAL", "over no table: one row of its own"),
    ("import", "LACKS_WORDS", "over no table: one row of its own"),
    ("intake", "ADD_TEMPLATE", "over no table: one row of its own"),
    ("intake", "SET_MAIL", "likewise"),
    ("intake", "ANSWERS_ITSELF", "over the comments above one"),
    ("intake", "HAS_ANYTHING", "it stops at the first row"),
    ("judge", "LEARNED", "over one row of two counts"),
    ("wish", "QUEUE_NOTICE", "a blog has few people"),
    ("wish", "QUEUE_DIGEST", "a blog has few people"),
    ("wish", "QUEUE_STORM", "a blog has few people"),
    ("network", "KNOWN", "a blog has few people"),
    ("people", "PEOPLE", "a blog has few people"),
    ("people", "INVITATIONS", "a blog has few people"),
    ("people", "FORGET_INVITATIONS", "a blog has few people"),
    ("people", "OTHER_OWNERS", "a blog has few people"),
    ("person", "QUEUE_LINK", "over no table: one row of its own"),
    ("media", "DROP_STRAYS", "once for each start, over short rows"),
    ("queue", "OF_EMAIL", "over what it found"),
    ("queue", "OF_NETWORK", "over what it found"),
    ("queue", "OF_POST", "over what it found"),
    ("queue", "SHELF", "over what it found"),
    ("queue", "TRASH", "over what it found"),
    ("reader_post", "SITEMAP_PARTS", "over the parts that it found"),
    ("reading", "PAGES", "over the few that it found"),
    ("redirect", "IS_TAKEN", "over no table: one row of its own"),
    ("redirect", "LEADS_BACK", "over the addresses that it came by"),
    ("search", "BEST", "over the one page of results that it found"),
    ("search", "COMPLETIONS", "over the words that it found"),
    ("search", "NEWEST", "over what it found"),
];

/// What readers wait for most, and the index that must find it: any other would look at rows of other posts.
const INDEXES: &[(&str, &str, &str)] = &[
    ("account", "SESSION_USER", "session USING PRIMARY KEY (token_hash=?)"),
    ("admin_post", "ROWS_KEPT", "post USING INDEX post_kept (kind=? AND <expr><?)"),
    ("admin_post", "ROWS_TRASH", "post USING INDEX post_trash (kind=? AND <expr><?)"),
    ("admin_post", "ROWS_DRAFT", "post USING INDEX post_draft (kind=? AND <expr><?)"),
    ("admin_post", "ROWS_SCHEDULED", "post USING INDEX post_live (kind=? AND published_at>? AND published_at<?)"),
    ("admin_post", "ROWS_PUBLISHED", "post USING INDEX post_live (kind=? AND published_at<?)"),
    (
        "admin_post",
        "ROWS_OWN",
        "listed USING COVERING INDEX post_author_user (user_id=? AND (listed_at,post_id)<(?,?))",
    ),
    ("admin_post", "ROWS_OWN", "listed USING COVERING INDEX post_author_user (user_id=? AND listed_at=?)"),
    ("admin_post", "ROWS_TAGGED", "listed USING COVERING INDEX post_tag_tag (tag_id=? AND (listed_at,post_id)<(?,?))"),
    ("admin_post", "KNOWN_TAGS", "post_tag USING PRIMARY KEY (post_id>?)"),
    ("check", "CLAIM", "check_outside USING COVERING INDEX check_outside_due (next_at<?)"),
    ("comment", "THREAD", "comment USING INDEX comment_thread (post_id=?)"),
    ("comment", "NODES", "comment USING COVERING INDEX comment_thread (post_id=?)"),
    ("comment", "SOME", "comment USING INTEGER PRIMARY KEY (rowid=?)"),
    ("order", "NEWER", "comment USING INDEX comment_of_post (post_id=? AND id>?)"),
    ("comment", "THREAD", "reply USING COVERING INDEX comment_thread (post_id=? AND created_at>?)"),
    ("comment", "FEED_POST", "comment USING INDEX comment_thread (post_id=?)"),
    ("comment", "FEED_ALL", "comment USING INDEX comment_state (state=?)"),
    ("comment", "APPROVED_BEFORE", "comment USING COVERING INDEX comment_author (email=? AND name=?)"),
    ("judge", "TOKENS", "token USING INTEGER PRIMARY KEY (rowid=?)"),
    ("judge", "LESSONS", "comment USING INDEX comment_trained (trained=?)"),
    ("judge", "PAST", "comment USING INTEGER PRIMARY KEY (rowid<?)"),
    ("link", "LINK", "link USING PRIMARY KEY (token_hash=?)"),
    ("mail", "CLAIM", "mail USING INDEX mail_due (next_at<?)"),
    ("mail", "LOG", "mail USING INDEX mail_log (created_at<?)"),
    ("own_comment", "OWN", "comment USING INTEGER PRIMARY KEY (rowid=?)"),
    ("own_comment", "OWN", "given USING COVERING INDEX sqlite_autoindex_comment_2 (secret_hash=?)"),
    ("own_comment", "OWN", "link USING PRIMARY KEY (token_hash=?)"),
    ("own_comment", "EDIT", "comment USING INTEGER PRIMARY KEY (rowid=?)"),
    ("media", "MEDIA", "media USING INDEX sqlite_autoindex_media_1 (hash=?)"),
    ("media", "READ_PART", "media_part USING INDEX sqlite_autoindex_media_part_1 (file=? AND position=?)"),
    ("media", "VARIANT", "media_variant USING PRIMARY KEY (hash=? AND width=?)"),
    ("library", "ROWS", "media USING INTEGER PRIMARY KEY (rowid<?)"),
    ("redraw", "OLD", "post_text USING INDEX post_text_renderer (renderer<?)"),
    ("person", "COMMENTS", "comment USING INDEX comment_email (email=?)"),
    ("sweep", "SPAM_BEFORE", "comment USING INDEX comment_state (state=? AND created_at<?)"),
    ("sweep", "TRASH_BEFORE", "comment USING COVERING INDEX comment_trashed (trashed_at>? AND trashed_at<?)"),
    ("sweep", "BLANK_NETWORKS", "comment USING INDEX comment_networked (created_at<?)"),
    ("queue", "SHELF", "comment USING COVERING INDEX comment_state (state=? AND created_at<?)"),
    ("queue", "TRASH", "comment USING INDEX comment_trash (created_at<?)"),
    ("queue", "OF_POST", "comment USING INDEX comment_post (post_id=? AND <expr>=? AND created_at<?)"),
    ("queue", "OF_EMAIL", "comment USING COVERING INDEX comment_email (email=? AND <expr>=? AND created_at<?)"),
    ("queue", "OF_NETWORK", "comment USING COVERING INDEX comment_network (network=? AND <expr>=? AND created_at<?)"),
    ("queue", "SHELF", "other USING COVERING INDEX comment_email (email=? AND <expr>=?)"),
    ("queue", "SHELF", "other USING COVERING INDEX comment_network (network=? AND <expr>=?)"),
    ("reader_post", "LEADS", "post USING INDEX post_live (kind=? AND published_at<?)"),
    ("reader_post", "LEADS", "post_tag USING COVERING INDEX post_tag_tag (tag_id=? AND (listed_at,post_id)<(?,?))"),
    (
        "reader_post",
        "LEADS",
        "post_author USING COVERING INDEX post_author_user (user_id=? AND (listed_at,post_id)<(?,?))",
    ),
    ("reader_post", "NEIGHBOURS", "post USING INDEX post_live (kind=? AND published_at<?)"),
    ("reader_post", "NEIGHBOURS", "post USING INDEX post_live (kind=? AND published_at>? AND published_at<?)"),
    ("reader_post", "YEAR_LINKS", "post USING INDEX post_month (month>? AND month<?)"),
    ("reader_post", "MONTH_LINKS", "post USING INDEX post_month (month=? AND published_at<?)"),
    ("reader_post", "MONTHS", "post USING COVERING INDEX post_month (month=? AND published_at>?)"),
    ("reader_post", "SITEMAP_PART", "post USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
    ("reader_post", "SITEMAP_PARTS", "post USING INTEGER PRIMARY KEY (rowid>?)"),
    ("reader_post", "PUBLISHED_POST", "post USING INDEX sqlite_autoindex_post_2 (path=?)"),
    ("reader_post", "REDIRECT", "redirect USING PRIMARY KEY (path=?)"),
    ("reading", "DAYS", "reading USING INTEGER PRIMARY KEY (rowid>?)"),
    ("reading", "PAGES", "reading_page USING COVERING INDEX reading_page_day (day>?)"),
    ("reading", "HOSTS", "reading_host USING PRIMARY KEY (day>?)"),
    ("reading", "VIEWS", "reading_page USING PRIMARY KEY (page=?)"),
    ("redirect", "TARGET", "path_redirect USING INDEX sqlite_autoindex_path_redirect_1 (path=?)"),
    ("redirect", "LISTED", "path_redirect USING INDEX path_redirect_listed (created_at<?)"),
];

/// What may sort in a table of its own making, and why: there are never many rows in it.
const SORTS: &[(&str, &str, &str)] = &[
    ("admin_post", "ROWS_FOUND", "at most a thousand matches"),
    ("admin_post", "KNOWN_TAGS", "the tags of two thousand posts"),
    ("admin_post", "ROWS_OWN", "a page of what is listed, and what one person wrote that is not"),
    ("admin_post", "ROWS_TAGGED", "a page of what is listed, and what has one tag and is not"),
    ("comment", "THREAD", "the blanks of one thread"),
    ("comment", "NODES", "likewise"),
    ("people", "PEOPLE", "a blog has few people"),
    ("draft", "AUTHORS", "the names under one post"),
    ("draft", "TEMPLATES", "a blog has few templates"),
    ("person", "COMMENTS", "what one person wrote"),
    ("person", "THEIRS", "likewise"),
    ("health", "MISDATED", "the months of a blog"),
    ("proof", "BROKEN_REFERENCES", "what should not be there at all"),
    ("profile", "DEVICES", "where one person is signed in"),
    ("profile", "PASSKEYS", "those of one person"),
    ("queue", "OF_EMAIL", "at most ten thousand that are looked at for words, else one page"),
    ("queue", "OF_NETWORK", "at most ten thousand that are looked at for words, else one page"),
    ("queue", "OF_POST", "at most ten thousand that are looked at for words, else one page"),
    ("queue", "SHELF", "at most ten thousand that are looked at for words, else one page"),
    ("queue", "TRASH", "at most ten thousand that are looked at for words, else one page"),
    ("reading", "PAGES", "at most what was read in a year, by page"),
    ("reading", "HOSTS", "at most two hundred hosts a day"),
    ("search", "BEST", "what matches words of which none is in a thousand posts; the page that is shown"),
    ("search", "NEWEST", "at most two thousand matches; the page that is shown"),
];

/// A blog of some size with the skew of real ones: one author writes nearly all, one tag is on half of the posts, one
/// post draws a crowd of spam, few posts are anything but published.
const GROWN: &str = "
    INSERT INTO user (id, name, slug, skeleton, role, created_at) VALUES
        (1, 'A', 'a', 'a', 'owner', 0), (2, 'B', 'b', 'b', 'author', 0);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    INSERT INTO post (id, uuid, kind, state, trashed_at, slug, path, title, words, comments, published_at,
        first_live_at, created_at, saved_at, version, month)
        SELECT i, 'u' || i, iif(i % 500 = 3, 'page', 'post'), iif(i % 100 = 1, 'draft', 'published'),
        iif(i % 100 = 2, i, NULL), 's' || i,
        iif(i % 500 = 3, 's' || i, printf('%04d/%02d/s%d', 2000 + i / 200, 1 + i % 12, i)), 'Title', 100, 'open',
        i * 1000, i * 1000, i * 1000, i * 1000, 1,
        iif(i % 500 = 3 OR i % 100 IN (1, 2), NULL, printf('%04d/%02d', 2000 + i / 200, 1 + i % 12)) FROM n;
    INSERT INTO post_text SELECT id, 1, '', '', NULL, '<p>text</p>', 'text' FROM post;
    INSERT INTO post_search (rowid, title, body, tags) SELECT id, title, 'text', 'tag' FROM post;
    INSERT INTO post_heading (rowid, title, tags) SELECT id, title, 'tag' FROM post;
    INSERT INTO month (month, posts) SELECT month, count(*) FROM post WHERE month IS NOT NULL GROUP BY month;
    INSERT INTO tag (id, name, slug) SELECT id, 't' || id, 't' || id FROM post WHERE id <= 40;
    INSERT INTO post_author SELECT id, iif(id % 20 = 0, 2, 1), 0, iif(month IS NULL, NULL, published_at) FROM post;
    INSERT INTO post_tag SELECT id, iif(id % 2 = 0, 1, 1 + id % 40), 0, iif(month IS NULL, NULL, published_at) FROM post;
    INSERT INTO path_redirect SELECT id, 'gone/' || id, '/archive', 'archive', id FROM post;
    INSERT INTO missing SELECT 'lost/' || id, id, '', id, id FROM post WHERE id <= 1000;
    INSERT INTO reading SELECT 20230000 + id, id, id FROM post;
    INSERT INTO reading_page SELECT id % 300, 20230000 + id, 1, 1 FROM post;
    INSERT INTO reading_host SELECT 20230000 + id, 'h' || id % 30, 1 FROM post;
    INSERT INTO redirect SELECT 'old/' || id, id FROM post WHERE id % 3 = 0;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO comment (id, uuid, post_id, parent_id, state, name, email, source, html, network, reason, created_at,
        digest)
        SELECT i, 'c' || i, iif(i > 15000, 2000, 1 + i % 4000), iif(i % 4 = 0 AND i < 15000, i - 3, NULL),
        CASE WHEN i > 15000 THEN 'spam' WHEN i % 100 = 5 THEN 'held' ELSE 'approved' END, 'N' || i % 900,
        iif(i % 2 = 0, 'm' || i % 900, NULL), 'words', '<p>words</p>', '', '', i * 500, i FROM n;
    INSERT INTO media (id, hash, name, kind, media_type, width, height, length, is_scaled, origin_hash, created_at)
        SELECT id, 'm' || id, 'm.png', 'picture', 'image/png', 1, 1, 1, id > 5, 'm' || id, 0 FROM post WHERE id <= 900;
    INSERT INTO media_part SELECT hash, 0, x'00' FROM media;
    INSERT INTO media_variant SELECT hash, 480, 1 FROM media;
    INSERT INTO media_use SELECT hash, id FROM media WHERE id % 2 = 0;
    INSERT INTO media_moved SELECT 'o' || id, hash FROM media WHERE id % 50 = 0;
    ANALYZE";

async fn fresh() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("laman.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn every_statement_is_understood_and_finds_its_rows_by_an_index() {
    let (_folder, store) = fresh().await;
    finds_rows_by_an_index(&store).await;
}

#[tokio::test]
async fn a_blog_that_has_grown_and_been_analysed_is_read_by_the_same_indexes() {
    let (_folder, store) = fresh().await;
    store.writer.with(async |connection| sqlx::raw_sql(GROWN).execute(connection).await.unwrap()).await;
    finds_rows_by_an_index(&store).await;
}

async fn finds_rows_by_an_index(store: &Store) {
    let (mut walks, mut sorts) = (BTreeSet::new(), BTreeSet::new());
    let mut plans = String::new();
    for (file, name, text) in all() {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(&store.readers).await;
        let plan = plan.unwrap_or_else(|error| panic!("{file}::{name}: {error}\n{text}"));
        let mut within_a_row = BTreeSet::new();
        for step in plan {
            let (id, parent): (i64, i64) = (step.get("id"), step.get("parent"));
            let step: String = step.get("detail");
            plans.push_str(&format!("{file}::{name}: {step}\n"));
            // By an index is fine, and so is what the statement itself made, or what full text search looks up.
            let is_walk = step.starts_with("SCAN ")
                && !step.contains(" USING ")
                && !step.contains(" VIRTUAL TABLE INDEX ")
                && !step.starts_with("SCAN (");
            if is_walk {
                walks.insert((file, name));
            }
            // What one row carries with it, its tags and its authors, may be sorted: there are never many.
            if step.starts_with("CORRELATED ") || within_a_row.contains(&parent) {
                within_a_row.insert(id);
            }
            if step.starts_with("USE TEMP B-TREE") && !within_a_row.contains(&id) {
                sorts.insert((file, name));
            }
        }
    }
    is_exactly("walk through a whole table", WALKS, &walks, &plans);
    is_exactly("sort what they find", SORTS, &sorts, &plans);
    for (file, name, index) in INDEXES {
        assert!(
            plans.contains(&format!("{file}::{name}: SEARCH {index}\n")),
            "{file}::{name} is not found by {index}\n{plans}"
        );
    }
}

fn is_exactly(what: &str, allowed: &[(&str, &str, &str)], found: &BTreeSet<(&str, &str)>, plans: &str) {
    let allowed: BTreeSet<_> = allowed.iter().map(|(file, name, _)| (*file, *name)).collect();
    let new: Vec<_> = found.difference(&allowed).collect();
    assert!(new.is_empty(), "these {what}: {new:?}\n{plans}");
    let past: Vec<_> = allowed.difference(found).collect();
    assert!(past.is_empty(), "these need no leave to {what} any more: {past:?}\n{plans}");
}

#[test]
fn no_statement_is_left_out() {
    let listed: BTreeSet<(String, String)> =
        all().into_iter().map(|(file, name, _)| (file.to_owned(), name.to_owned())).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut spoken = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if file == "statements" || file == "write" {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for line in source.lines() {
            let line = line.trim_start().trim_start_matches("pub(super) ").trim_start_matches("pub ");
            if let Some((name, kind)) = line.strip_prefix("const ").and_then(|rest| rest.split_once(": ")) {
                let is_statement = kind.starts_with("&str")
                    || kind.starts_with("&'static str")
                    || kind.starts_with("[&str")
                    || kind.starts_with("[[&str");
                assert!(
                    !is_statement || listed.contains(&(file.clone(), name.to_owned())),
                    "{file}::{name} is not listed"
                );
            }
        }
        for call in ["query(\"", "query_as(\"", "query_scalar(\""] {
            spoken.extend(source.match_indices(call).map(|(at, _)| {
                let text = &source[at + call.len()..];
                text[..text.find('"').unwrap()].to_owned()
            }));
        }
    }
    // Said on the spot, where no rows are looked for: what opens, tends and closes the file.
    spoken.sort();
    assert_eq!(spoken, ["PRAGMA page_count", "SELECT sqlite_version()"]);
}
