//! The house: who may import whom, where SQL and HTTP may be spoken, and that every word is there and used.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use laman::{model::user::ACTS, rules::judge::reason::What};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder with one of these endings: path from the root, and text.
fn files(folder: &str, endings: &[&str]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.extension().is_some_and(|has| has == *ending)) {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds nothing");
    found
}

fn sources() -> BTreeMap<String, String> {
    files("src", &["rs"])
}

/// The sources without those that are tests as a whole.
fn program_sources() -> BTreeMap<String, String> {
    let mut sources = sources();
    let mut tests = Vec::new();
    for (file, source) in &sources {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for after in source.split("#[cfg(test)]\nmod ").skip(1) {
            let name = &after[..after.find([';', ' ']).unwrap()];
            tests.push(format!("{folder}/{name}.rs"));
        }
    }
    sources.retain(|file, _| !tests.contains(file));
    sources
}

fn templates() -> BTreeMap<String, String> {
    files("templates", &["html", "xml"])
}

/// The room of a file: `src/web/form.rs` is in `web`, `src/app.rs` is `app`.
fn room(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap();
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

/// A source without its comments and its tests, which may look further than the program does.
fn program(source: &str) -> String {
    // Tests in a file of their own are named wherever that is; others stand at the end.
    let mut inside = source.to_owned();
    for after in source.split("#[cfg(test)]\nmod ").skip(1) {
        let end = after.find([';', ' ']).unwrap();
        if after[end..].starts_with(';') {
            inside = inside.replace(&format!("#[cfg(test)]\nmod {};", &after[..end]), "");
        }
    }
    let program = inside.split("#[cfg(test)]").next().unwrap();
    program.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms that a source names: `crate::web`, and each of `use crate::{app::App, error::{…}}`.
fn rooms_named(source: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for after in program(source).split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(list) => {
                // Names right inside the braces: what stands one level deeper belongs to a room, and is none.
                let (mut depth, mut name) = (1, String::new());
                for letter in list.chars() {
                    match letter {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    if depth == 1 && letter != '}' {
                        name.push(letter);
                    }
                    if depth == 0 {
                        break;
                    }
                }
                named.extend(name.split(',').map(|part| part.trim().split("::").next().unwrap().to_owned()));
            }
            None => {
                let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(after.len());
                named.insert(after[..end].to_owned());
            }
        }
    }
    named.remove("");
    named
}

/// Who may import whom: a room that is not here is a new one, and wants a line.
const RULE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &["model"]),
    ("error", &[]),
    ("limits", &[]),
    ("cache", &["model"]),
    ("config", &["model"]),
    ("mail", &["model"]),
    ("outside", &["model"]),
    ("jobs", &["app", "error", "exchange", "mail", "model", "outside", "picture", "rules", "store", "text"]),
    ("text", &["model"]),
    ("rules", &["model"]),
    ("store", &["model", "error", "rules"]),
    ("picture", &["model", "text"]),
    ("exchange", &["model", "picture", "rules", "text"]),
    ("archive", &["error", "exchange", "model", "picture", "rules", "store", "text"]),
    ("app", &["clock", "error", "limits", "model", "rules", "store"]),
    (
        "web",
        &[
            "app", "archive", "store", "text", "rules", "model", "error", "limits", "cache", "mail", "outside",
            "picture",
        ],
    ),
    (
        "cli",
        &[
            "app", "archive", "clock", "config", "error", "exchange", "jobs", "limits", "mail", "model", "outside",
            "rules", "store", "text", "web",
        ],
    ),
    ("main", &[]),
    ("lib", &[]),
];

#[test]
fn every_room_imports_only_what_it_may() {
    let mut seen = BTreeSet::new();
    for (file, source) in program_sources() {
        let room = room(&file);
        let allowed = RULE.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("{file}: the rule does not know the room {room:?}"));
        seen.insert(room.to_owned());
        for named in rooms_named(&source) {
            assert!(named == room || allowed.contains(&named.as_str()), "{file} may not import crate::{named}");
        }
    }
    for (room, _) in RULE {
        assert!(seen.contains(*room), "there is no room {room:?} any more");
    }
}

#[test]
fn imports_are_read_in_every_form() {
    let named = |source| rooms_named(source).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(named("use crate::store::Store;"), "store");
    assert_eq!(named("use crate::{app::App, model::{post::Post, store}, error};"), "app error model");
    assert_eq!(named("use crate::{\n    app::App,\n    web::{\n        form::Fields,\n    },\n};"), "app web");
    assert_eq!(named("let x = crate::web::f(); // crate::cli\nfn g() -> crate::Result"), "Result cli web");
    assert_eq!(named("/// [`crate::web`]\n#[cfg(test)]\nmod tests { use crate::cli; }"), "");
}

#[test]
fn sql_is_spoken_in_the_store_alone_and_http_in_the_web() {
    for (file, source) in program_sources() {
        let source = program(&source);
        let room = room(&file);
        // Isso keeps its comments in a database of its own, which is none of the store's.
        if room != "store" && file != "src/exchange/isso.rs" {
            for sql in ["sqlx::query", "QueryBuilder", "AssertSqlSafe", "sqlx::raw_sql"] {
                assert!(!source.contains(sql), "{file}: {sql}");
            }
        }
        // What asks another server speaks HTTP too.
        if room != "web" && room != "outside" && !file.starts_with("src/cli/serve/") {
            for http in ["axum::", "hyper::", "tower_http::", "http::"] {
                let mut mentions = source.match_indices(http);
                let is_word = |at: usize| {
                    source[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_')
                };
                assert!(mentions.all(|(at, _)| !is_word(at)), "{file}: {http}");
            }
        }
        // A statement made of text could be made of a reader's text.
        for made in ["query(&format!", "query_as(&format!", "query_scalar(&format!", "AssertSqlSafe"] {
            assert!(!source.contains(made), "{file}: {made}");
        }
    }
}

#[test]
fn every_source_says_what_it_is_for() {
    for (file, source) in sources() {
        assert!(source.starts_with("//! "), "{file} does not begin with what it is for");
    }
}

#[test]
fn the_time_is_asked_of_the_clock() {
    for (file, source) in program_sources() {
        // The log measures how long a request took, and connections how long a client takes: neither shows anybody the time.
        let may = ["src/clock.rs", "src/web/mod.rs"].contains(&file.as_str()) || file.starts_with("src/cli/serve/");
        for now in ["SystemTime::now", "Timestamp::now", "Zoned::now", "Instant::now", "Utc::now"] {
            assert!(may || !program(&source).contains(now), "{file}: {now}");
        }
    }
}

/// The literals that follow a call such as `.t("`.
fn said_by<'a>(text: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(call).map(move |(at, _)| {
        let rest = &text[at + call.len()..];
        &rest[..rest.find('"').unwrap()]
    })
}

/// The message ids of English.
fn messages() -> BTreeSet<String> {
    let source = fs::read_to_string(root().join("locales/en.ftl")).unwrap();
    source
        .lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id.to_owned()))
        .collect()
}

/// Families of messages whose ids are put together: what stands before the part that is put in.
const FAMILIES: &[&str] = &[
    "weekday-",
    "month-",
    "state-",
    "comments-",
    "no-comments-",
    "reason-",
    "hold-",
    "done-",
    "done-comment-",
    "done-person-",
    "done-security-",
    "done-redirect-",
    "done-posts-",
    "done-readers-",
    "empty-",
    "empty-sure-",
    "error-",
    "mail-step-",
    "mail-no-step-",
    "mail-advice-",
    "mail-kind-",
    "mail-state-",
    "mail-link-",
    "media-show-",
    "security-",
    "notice-",
    "wish-",
    "act-",
    "act-text-",
    "acted-",
    "role-",
    "role-text-",
    "log-",
    "thread-",
    "backup-every-",
    "typeface-",
    "feeds-",
    "scheme-",
    "backup-failure-",
    "backup-trouble-",
    "take-",
    "revision-",
    "finding-",
    "export-as-",
    "export-for-",
    "import-stand-",
    "import-next-",
    "import-why-",
    "import-kind-",
];

#[test]
fn every_word_that_is_said_is_there_and_every_word_that_is_there_is_said() {
    let known = messages();
    let mut texts = program_sources();
    texts.extend(templates());
    let mut said = BTreeSet::new();
    for (file, text) in &texts {
        let text = if file.ends_with(".rs") { program(text) } else { text.clone() };
        for call in [".t(\"", ".tn(\"", ".tx(\"", ".with(\"", ".date_with(\"", ".share(\"", "remark(\""] {
            for id in said_by(&text, call) {
                assert!(known.contains(id), "{file} says {id:?}, for which there is no word");
                said.insert(id.to_owned());
            }
        }
        for kind in said_by(&text, ".word(\"") {
            let family = format!("{kind}-");
            assert!(
                FAMILIES.contains(&family.as_str()),
                "{file} puts words of {kind:?} together: add them to FAMILIES"
            );
            assert!(known.iter().any(|id| id.starts_with(&family)), "{file}: there are no words of {kind:?}");
        }
        // An id that goes to its place by way of a variable or an error stands somewhere as a whole.
        if file.ends_with(".rs") {
            said.extend(
                text.split('"').skip(1).step_by(2).filter(|literal| known.contains(*literal)).map(str::to_owned),
            );
            for id in text.split('"').filter_map(|part| known.get(part)) {
                said.insert(id.clone());
            }
        }
    }
    for id in known {
        let is_put_together = FAMILIES.iter().any(|family| id.starts_with(family));
        assert!(said.contains(&id) || is_put_together, "nobody says {id:?}");
    }
}

/// What is put into a message that is to be said later: the names in the calls that follow `remark("…")`.
fn put_into(after: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = after.trim_start();
    loop {
        let Some(call) = ["put", "because"].into_iter().find(|call| rest.starts_with(&format!(".{call}("))) else {
            return names;
        };
        rest = &rest[call.len() + 2..];
        let name = if call == "put" { rest.split('"').nth(1).unwrap() } else { "why" };
        names.insert(name.to_owned());
        let mut depth = 1;
        let end = rest.find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth == 0
        });
        rest = rest[end.unwrap() + 1..].trim_start();
    }
}

#[test]
fn what_is_said_later_is_there_and_has_all_that_it_names() {
    let source = fs::read_to_string(root().join("locales/en.ftl")).unwrap();
    let mut found = 0;
    for (file, text) in program_sources() {
        let text = program(&text);
        for (at, call) in text.match_indices("remark(\"") {
            let (id, after) = text[at + call.len()..].split_once("\")").unwrap();
            let message = source.lines().find_map(|line| line.strip_prefix(&format!("{id} =")));
            let message = message.unwrap_or_else(|| panic!("{file} says {id:?}, for which there is no word"));
            let names = message.split("{ $").skip(1).map(|part| part.split(' ').next().unwrap().to_owned());
            assert_eq!(put_into(after), names.collect(), "{file}: {id}");
            found += 1;
        }
        // A message that is chosen by a variable is none that these tests can find.
        let is_call = |at: usize| !text[..at].ends_with('.') && !text[..at].ends_with("fn ");
        let mut calls = text.match_indices("remark(").filter(|(at, _)| is_call(*at));
        let is_found = |(at, call): (usize, &str)| text[at + call.len()..].starts_with('"');
        assert!(file == "src/model/remark.rs" || calls.all(is_found), "{file}: a remark that no test can find");
    }
    assert!(found > 100, "{found}");
}

#[test]
fn every_word_that_is_put_together_is_there() {
    let known = messages();
    let families: &[(&str, &[&str])] = &[
        ("typeface", &["serif", "sans"]),
        ("feeds", &["full", "short"]),
        ("scheme", &["auto", "light", "dark"]),
        ("error-css", &["long", "import", "address", "program", "tag", "backslash", "open"]),
        ("weekday", &["1", "2", "3", "4", "5", "6", "7"]),
        ("month", &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
        ("state", &["draft", "scheduled", "published", "trash"]),
        ("comments", &["held", "approved", "spam", "trash"]),
        ("no-comments", &["held", "approved", "spam", "trash"]),
        ("hold", &["all", "first", "none"]),
        (
            "done",
            &[
                "saved",
                "published",
                "scheduled",
                "updated",
                "unpublished",
                "restored",
                "handed-in",
                "taken-back",
                "kept",
                "discarded",
                "dismissed",
                "brought-back",
                "duplicated",
                "shared",
                "unshared",
                "template",
                "no-template",
            ],
        ),
        ("thread", &["open", "closed", "hidden"]),
        ("import-stand", &["waiting", "trying", "running", "tried", "done", "stopped", "refused", "broken"]),
        ("import-next", &["tried", "done", "stopped", "refused", "broken", "nothing"]),
        ("import-why", &["gone", "archive", "unknown", "utf16"]),
        (
            "import-kind",
            &[
                "posts",
                "scheduled",
                "pages",
                "drafts",
                "pictures",
                "files",
                "updated-comments",
                "missing",
                "approved",
                "held",
                "spam",
                "trash",
                "updated",
                "known",
                "changed",
                "originals",
                "skipped",
                "warnings",
            ],
        ),
        ("backup-every", &["never", "daily", "weekly"]),
        ("backup-failure", &["exists", "busy", "no-room", "io", "open", "unsound"]),
        ("backup-trouble", &["failed", "overdue"]),
        ("take", &["mine", "theirs", "merged"]),
        ("revision", &["save", "publish", "restore", "autosave", "conflict"]),
        (
            "finding",
            &[
                "no-alt",
                "skipped-heading",
                "empty-link",
                "bare-link",
                "broken-link",
                "no-footnote",
                "broken-formula",
                "missing-file",
                "missing-cover",
                "heavy-picture",
                "heavy-page",
                "no-cover-alt",
                "past",
                "future",
                "double-hour",
            ],
        ),
        (
            "done-comment",
            &[
                "approve", "hold", "spam", "trash", "restore", "delete", "none", "nothing", "reply", "undo", "past",
                "pin", "unpin", "open", "close", "empty", "more", "edit", "move",
            ],
        ),
        ("empty", &["spam", "trash"]),
        ("empty-sure", &["spam", "trash"]),
        ("mail-step", &["connect", "tls", "sign-in", "accept"]),
        ("mail-no-step", &["connect", "tls", "sign-in", "accept"]),
        ("mail-advice", &["connect", "tls", "starttls", "certificate", "sign-in", "accept", "accept-no-user"]),
        (
            "mail-kind",
            &[
                "reply",
                "confirm",
                "own",
                "published",
                "refused",
                "notice",
                "digest",
                "storm",
                "data",
                "join",
                "reset",
                "backup",
            ],
        ),
        ("role", &["owner", "editor", "author", "contributor"]),
        ("role-text", &["owner", "editor", "author", "contributor"]),
        ("done-person", &["role", "disable", "enable", "second", "revoke"]),
        (
            "done-posts",
            &[
                "publish",
                "unpublish",
                "tag",
                "untag",
                "trash",
                "restore",
                "trashed",
                "undone",
                "past",
                "nothing",
                "no-tag",
                "deleted",
                "more",
            ],
        ),
        ("done-readers", &["on", "off"]),
        ("done-security", &["password", "device", "devices", "second-off", "passkey", "passkey-off"]),
        ("log", ACTS),
        ("mail-state", &["waiting", "sending", "sent", "failed", "withdrawn"]),
        (
            "mail-link",
            &["read", "approve", "spam", "delete", "confirm", "own", "never", "unsubscribe", "data", "desk", "you"],
        ),
        ("security", &["tls", "starttls", "none"]),
        ("media-show", &["all", "pictures", "files", "unused", "no-alt"]),
        ("done-media", &["added", "deleted", "saved", "replaced"]),
        ("notice", &["none", "once", "hourly", "daily"]),
        ("wish", &["replies", "thread", "verdict"]),
        ("act", &["approve", "spam", "delete", "confirm", "never", "again", "unsubscribe", "data"]),
        ("act-text", &["approve", "spam", "delete", "confirm", "never", "unsubscribe", "data"]),
        ("export-as", &["archive", "wordpress", "tables"]),
        ("export-for", &["archive", "wordpress", "tables"]),
        ("acted", &["approve", "spam", "delete", "confirm", "never", "again", "unsubscribe", "data"]),
    ];
    for (kind, which) in families {
        for one in *which {
            assert!(known.contains(&format!("{kind}-{one}")), "{kind}-{one}");
        }
    }
    for what in What::ALL {
        assert!(known.contains(&format!("reason-{}", what.as_str())), "reason-{}", what.as_str());
    }
    for status in [400, 403, 404, 405, 410, 413, 429, 500, 503] {
        assert!(
            known.contains(&format!("error-{status}")) && known.contains(&format!("error-{status}-text")),
            "{status}"
        );
    }
}

/// Where HTML goes into a page unescaped, and who made it safe.
const SAFE: &[(&str, &str)] = &[
    ("templates/admin/comment.html", "earlier.html"), // text::markdown::comment
    ("templates/admin/comment.html", "shown.comment.html"), // the same
    ("templates/admin/moderated.html", "comment.html"), // the same
    ("templates/base.html", "l.look.appearance.footer_html"), // the same
    ("templates/comments/act.html", "comment.html"),  // the same
    ("templates/comments/comment.html", "comment.html"), // the same
    ("templates/comments/write.html", "parent.html"), // the same
    ("templates/comments/write.html", "preview"),     // the same
    ("templates/comments/yours.html", "comment.html"), // the same
    ("templates/comments/yours.html", "preview"),
    ("templates/reader/entry.html", "post.body"), // text::markdown::post
    ("templates/reader/post.html", "post.body"),  // the same
    ("templates/reader/post.html", "structured"), // web::reader::structured::escape
    ("templates/reader/search.html", "self.snippet(found)"), // text::search::snippet
];

#[test]
fn unescaped_html_comes_from_known_hands_alone() {
    let mut found = Vec::new();
    for (file, text) in templates() {
        for (at, _) in text.match_indices("|safe") {
            let start = text[..at].rfind("{{").unwrap() + 2;
            found.push((file.clone(), text[start..at].trim().to_owned()));
        }
        for around in ["| safe", "{% autoescape", "|escape(\"none\")", "|e(\"none\")"] {
            assert!(!text.contains(around), "{file}: {around}");
        }
    }
    found.sort();
    let mut known: Vec<_> = SAFE.iter().map(|(file, what)| ((*file).to_owned(), (*what).to_owned())).collect();
    known.sort();
    assert_eq!(found, known);
}

#[test]
fn templates_hold_no_script_no_style_and_nothing_from_elsewhere() {
    for (file, text) in templates() {
        let mut rest = text.as_str();
        while let Some(at) = rest.find("<script") {
            rest = &rest[at..];
            let is_data = rest.starts_with("<script type=\"application/ld+json\">");
            let own =
                ["{{ l.asset(\"", "{{ a.l.asset(\""].map(|asset| format!("<script type=\"module\" src=\"{asset}"));
            let is_own = own.iter().any(|own| rest.starts_with(own)) && rest.contains("\"></script>");
            assert!(is_data || is_own, "{file}");
            rest = &rest[1..];
        }
        assert!(!text.contains("<style") && !text.contains(" style="), "{file}");
        for (at, _) in text.match_indices(" on") {
            let attribute = text[at + 1..].split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap();
            assert!(!text[at + 1 + attribute.len()..].starts_with('='), "{file}: {attribute}=");
        }
        for elsewhere in ["src=\"http", "src=\"//", "href=\"http", "href=\"//", "action=\"http"] {
            assert!(!text.contains(elsewhere), "{file}: {elsewhere}");
        }
        // An attribute without quotes could be left by a space in somebody's text.
        for (at, _) in text.match_indices("={{") {
            let line = &text[text[..at].rfind('\n').unwrap_or(0)..at];
            assert!(line.matches('"').count() % 2 == 1, "{file}: a value without quotes after {line}");
        }
    }
    for (file, text) in files("static", &["css", "js", "svg"]) {
        for elsewhere in ["@import", "url(http", "url(//", "<script", "url(\"http"] {
            assert!(!text.contains(elsewhere), "{file}: {elsewhere}");
        }
    }
}

#[test]
fn every_template_is_used() {
    // A template that no source and no other template names is left over.
    let mut texts = sources();
    texts.extend(templates());
    for file in templates().keys() {
        let name = format!("\"{}\"", file.strip_prefix("templates/").unwrap());
        assert!(texts.values().any(|text| text.contains(&name)), "nobody uses {file}");
    }
}
