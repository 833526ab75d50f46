//! Every statement is prepared against a fresh database, and none walks through a whole table that grows.

use std::{collections::BTreeSet, fs, path::Path};

use sqlx::{AssertSqlSafe, Row};

use super::{Store, account, admin_post, comment, import, media, publish, reader_post, search, settings};

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

impl Texts for [[&'static str; 3]; 3] {
    fn texts(&self) -> Vec<&'static str> {
        self.concat()
    }
}

/// File, name and text of each.
fn all() -> Vec<(&'static str, &'static str, &'static str)> {
    [
        ("account", account::statements()),
        ("admin_post", admin_post::statements()),
        ("comment", comment::statements()),
        ("import", import::statements()),
        ("media", media::statements()),
        ("publish", publish::statements()),
        ("reader_post", reader_post::statements()),
        ("search", search::statements()),
        ("settings", settings::statements()),
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
    ("admin_post", "ROWS_ALL", "the editors' list, in an order that no index has yet"),
    ("import", "ADD_AUTHOR", "as account::ADD"),
    ("search", "SEARCH", "over the one page of results that the statement itself made"),
];

/// What readers wait for most, and the index that must find it: any other would look at rows of other posts.
const INDEXES: &[(&str, &str, &str)] = &[
    ("account", "SESSION_USER", "session USING PRIMARY KEY (token_hash=?)"),
    ("comment", "THREAD", "comment USING INDEX comment_thread (post_id=?)"),
    ("comment", "FEED_POST", "comment USING INDEX comment_thread (post_id=?)"),
    ("comment", "FEED_ALL", "comment USING INDEX comment_state (state=?)"),
    ("comment", "IS_DUPLICATE", "comment USING INDEX comment_thread (post_id=?)"),
    ("comment", "IS_KNOWN", "comment USING INDEX comment_author (email=? AND state=?)"),
    ("comment", "BY_SECRET", "comment USING INDEX sqlite_autoindex_comment_2 (secret_hash=?)"),
    ("media", "MEDIA", "media USING INDEX sqlite_autoindex_media_1 (hash=?)"),
    ("reader_post", "LEADS", "post USING INDEX post_live (kind=? AND published_at<?)"),
    ("reader_post", "LINKS_UNDER", "post USING INDEX sqlite_autoindex_post_2 (path>? AND path<?)"),
    ("reader_post", "NEWER_LINK", "post USING INDEX post_live (kind=? AND published_at>? AND published_at<?)"),
    ("reader_post", "OLDER_LINK", "post USING INDEX post_live (kind=? AND published_at<?)"),
    ("reader_post", "PUBLISHED_POST", "post USING INDEX sqlite_autoindex_post_2 (path=?)"),
    ("reader_post", "REDIRECT", "redirect USING PRIMARY KEY (path=?)"),
];

#[tokio::test]
async fn every_statement_is_understood_and_finds_its_rows_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("laman.db")).await.unwrap();
    let mut walks = BTreeSet::new();
    let mut plans = String::new();
    for (file, name, text) in all() {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(&store.readers).await;
        let plan = plan.unwrap_or_else(|error| panic!("{file}::{name}: {error}\n{text}"));
        for step in plan {
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
        }
    }
    let allowed: BTreeSet<_> = WALKS.iter().map(|(file, name, _)| (*file, *name)).collect();
    let new: Vec<_> = walks.difference(&allowed).collect();
    assert!(new.is_empty(), "these walk through a whole table: {new:?}\n{plans}");
    for (file, name, index) in INDEXES {
        assert!(
            plans.contains(&format!("{file}::{name}: SEARCH {index}\n")),
            "{file}::{name} is not found by {index}\n{plans}"
        );
    }
    let past: Vec<_> = allowed.difference(&walks).collect();
    assert!(past.is_empty(), "these need no leave any more: {past:?}");
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
                let is_statement =
                    kind.starts_with("&str") || kind.starts_with("&'static str") || kind.starts_with("[[&str");
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
    assert_eq!(
        spoken,
        ["PRAGMA page_count", "SELECT coalesce(max(version), 0) FROM _sqlx_migrations", "SELECT sqlite_version()",]
    );
}
