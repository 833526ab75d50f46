//! Taking in a folder of Markdown, beside a running server and in two goes.

use std::{fs, os::unix::process::ExitStatusExt, path::Path, process::Stdio};

use crate::program::support::{Running, Server, ask, count, finish, folder, laman, run, until};

const POSTS: &str = "SELECT count(*) FROM post";

/// A blog with an owner.
pub(super) fn blog(folder: &Path) {
    let server = Server::start(folder);
    server.client().set_up(&server.setup_path());
    server.stop();
}

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join("content").join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
    fs::write(file, text).expect("a file");
}

#[test]
fn a_running_server_shows_what_is_imported_within_a_second() {
    let folder = folder();
    let server = Server::start(folder.path());
    let client = server.client();
    client.set_up(&server.setup_path());
    assert!(!client.get("/").expect(200).text.contains("Kelapa"));

    write(
        folder.path(),
        "kelapa.md",
        "+++\ntitle = \"Kelapa\"\ndate = 2023-02-11\naliases = [\"/old/kelapa.html\"]\n[taxonomies]\ntags = [\"pokok\"]\n+++\n\nTall, and *patient*.\n",
    );
    write(folder.path(), "rambutan.md", "---\ntitle: Rambutan\ndate: 2022-07-01\n---\nHairy.\n");
    write(folder.path(), "tentang.md", "+++\ntitle = \"Tentang\"\n+++\nA page.\n");
    write(folder.path(), "nota.md", "No front matter at all.\n");
    let ended = run(folder.path(), &["import", "markdown", "content"]);
    let line = ended.printed();
    assert!(line.starts_with("imported 2 posts, 1 pages and 0 drafts") && line.contains("1 skipped"), "{line}");
    assert!(ended.err.contains("skipped: nota.md"), "{}", ended.err);

    // Another process wrote: the server sees it within a second.
    until("the import is seen", || client.get("/").expect(200).text.contains("Kelapa"));
    let home = client.get("/").expect(200).text;
    assert!(home.contains("<em>patient</em>"), "{home}");
    client.get("/2023/02/kelapa").expect(200);
    client.get("/tag/pokok").expect(200);
    assert_eq!(client.get("/old/kelapa.html").expect(301).location, "/2023/02/kelapa");
    assert!(client.get("/search?q=hairy").expect(200).text.contains("Rambutan"));

    // Once more changes nothing.
    let again = run(folder.path(), &["import", "markdown", "content"]);
    assert!(again.printed().contains("imported 0 posts, 0 pages and 0 drafts"), "{}", again.out);
    assert!(again.out.contains("3 known already"), "{}", again.out);
    assert_eq!(client.get("/").expect(200).text, home);
}

#[test]
fn an_import_without_an_owner_or_a_folder_is_refused() {
    let folder = folder();
    let line = run(folder.path(), &["import", "markdown", "missing"]).refusal().to_owned();
    assert!(line.contains("missing"), "{line}");
    assert!(!folder.path().join("laman.db").exists());
    write(folder.path(), "a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\nA.\n");
    let line = run(folder.path(), &["import", "content", "--site", "ftp://old.example"]).refusal().to_owned();
    assert!(line.contains("write it as https://old.example"), "{line}");
    let line = run(folder.path(), &["import", "content", "--site", "old.example/blog"]).refusal().to_owned();
    assert!(line.contains("there is no blog at"), "an address without its scheme is one: {line}");
    let line = run(folder.path(), &["import", "markdown", "content"]).refusal().to_owned();
    assert!(line.contains("there is no blog at laman.db yet"), "{line}");
    assert!(!folder.path().join("laman.db").exists());
    // A blog that was begun, and never set up.
    drop(Server::start(folder.path()));
    let line = run(folder.path(), &["import", "markdown", "content"]).refusal().to_owned();
    assert!(line.contains("nobody owns this blog yet"), "{line}");
}

#[test]
fn an_import_that_is_stopped_half_way_goes_on_where_it_was_when_it_is_run_again() {
    const FILES: i64 = 500;
    let folder = folder();
    blog(folder.path());
    // Each file is worth a warning of 300 bytes. Nobody reads them, so that the import cannot get to its end: the
    // system keeps 64 KiB of them, and then the program waits.
    let missing = "x".repeat(250);
    for number in 0..FILES {
        let text = format!("+++\ntitle = \"Post {number}\"\ndate = 2020-01-01\n+++\n\n![]({missing}.png)\n");
        write(folder.path(), &format!("post-{number}.md"), &text);
    }
    let mut command = laman(folder.path(), &["import", "markdown", "content"]);
    let mut stopped =
        Running(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts"));
    let database = folder.path().join("laman.db");
    until("a part is imported", || ask(&database, POSTS).is_ok_and(|posts| posts >= 20));
    // Not INT, though a person's Ctrl-C does the same: a shell that runs tests in the background has it ignored.
    stopped.signal("TERM");
    let status = stopped.wait();
    assert_eq!(status.signal(), Some(15), "{status}");
    let part = count(&database, POSTS);
    assert!((20..FILES).contains(&part), "{part}");

    let ended = finish(laman(folder.path(), &["import", "markdown", "content"]), "");
    let line = ended.printed();
    assert!(line.contains(&format!("imported {} posts", FILES - part)), "{line}");
    assert!(line.contains(&format!("{part} known already")), "{line}");
    assert_eq!(count(&database, POSTS), FILES);
    assert_eq!(count(&database, "SELECT count(DISTINCT title) FROM post WHERE path IS NOT NULL"), FILES);
    assert_eq!(count(&database, "SELECT count(*) FROM post_search"), FILES);
}
