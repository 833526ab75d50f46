//! What is wrong inside a blog and around it is found, told with what to do, and mended where it can be.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, net::UnixDatagram},
};

use crate::program::{
    backup::{blog, tell},
    support::{PATIENCE, Server, count, folder, laman, run},
};

#[test]
fn a_check_finds_what_is_wrong_says_what_to_do_and_mends_what_is_made_of_the_rest() {
    let folder = folder();
    blog(folder.path());
    assert_eq!(run(folder.path(), &["check"]).printed(), "nothing is wrong\n");
    let database = folder.path().join("laman.db");
    tell(
        &database,
        "UPDATE post SET comment_count = 7;
         UPDATE month SET posts = 9;
         DELETE FROM post_search;
         UPDATE post_text SET html = '<p><a href=\"/2001/01/nowhere\">a</a> <a href=\"/archive\">b</a> kelapa</p>';
         INSERT INTO media_use SELECT '0123456789abcdef0123456789abcdef', id FROM post;
         INSERT INTO path_redirect (path, target, leads_to, created_at) VALUES ('old', '/gone/away', 'gone/away', 0);
         PRAGMA foreign_keys = OFF; INSERT INTO post_tag VALUES (77, 88, 0, NULL)",
    );
    let found = run(folder.path(), &["check"]);
    assert_eq!(found.status.code(), Some(1), "{}", found.out);
    assert_eq!(found.err, "laman: 7 things are wrong\n", "{}", found.out);
    for line in [
        "references: 2 rows of post_tag",
        "search: Durian",
        "comments: Durian (7 / 0)",
        "archive: 1 months",
        "missing file: Durian (0123456789abcdef0123456789abcdef)",
        "redirect: /old -> /gone/away",
        "link: /2001/01/nowhere in /",
    ] {
        assert!(found.out.lines().any(|said| said.starts_with(line)), "{line}: {}", found.out);
    }
    assert_eq!(found.out.matches("  -> ").count(), 6, "each kind has its advice: {}", found.out);

    let mended = run(folder.path(), &["check", "--mend"]);
    assert_eq!(mended.err, "laman: 4 things are wrong\n", "{}", mended.out);
    assert_eq!(count(&database, "SELECT comment_count FROM post"), 0);
    assert_eq!(count(&database, "SELECT count(*) FROM post_search WHERE post_search MATCH 'kelapa'"), 1);
    assert_eq!(count(&database, "SELECT count(*) FROM month WHERE posts = 1"), 1);
}

#[test]
fn a_draft_from_elsewhere_whose_old_address_waits_for_it_is_nothing_wrong() {
    let folder = folder();
    blog(folder.path());
    let item = "<item><title>Sketch</title><link>https://old.example/?p=8</link><wp:post_id>8</wp:post_id>\
        <wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>";
    let rss = format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><wp:base_blog_url>https://old.example\
         </wp:base_blog_url>{item}</channel></rss>"
    );
    std::fs::write(folder.path().join("old.xml"), rss).unwrap();
    run(folder.path(), &["import", "old.xml"]).printed();
    assert!(count(&folder.path().join("laman.db"), "SELECT count(*) FROM redirect") > 0);
    assert_eq!(run(folder.path(), &["check"]).printed().trim(), "nothing is wrong");
}

#[test]
fn comments_that_answer_each_other_are_found_and_put_where_readers_see_them() {
    let folder = folder();
    blog(folder.path());
    let database = folder.path().join("laman.db");
    tell(
        &database,
        "PRAGMA foreign_keys = OFF;
         INSERT INTO comment (id, post_id, parent_id, state, name, source, html, network, reason, uuid, created_at)
         SELECT column1, post.id, column2, 'approved', 'Mei', 'a', 'a', '', '', column1, 0
         FROM (VALUES (1, 3), (2, 1), (3, 2), (4, 3)) CROSS JOIN post;
         UPDATE post SET comment_count = 4",
    );
    let found = run(folder.path(), &["check"]);
    assert_eq!(found.out.lines().filter(|line| line.starts_with("thread: comment ")).count(), 4, "{}", found.out);
    let mended = run(folder.path(), &["check", "--mend"]);
    assert!(mended.printed().ends_with("nothing is wrong\n"), "{}", mended.out);
    assert_eq!(count(&database, "SELECT count(*) FROM comment WHERE parent_id IS NULL"), 1);
}

#[test]
fn commands_leave_a_blog_alone_that_an_older_version_serves() {
    let folder = folder();
    blog(folder.path());
    let server = Server::start(folder.path());
    let database = folder.path().join("laman.db");
    let newest = count(&database, "SELECT max(version) FROM _sqlx_migrations");
    tell(&database, "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)");
    std::fs::write(folder.path().join("a.md"), "---\ntitle: A\n---\n").unwrap();
    for command in [&["check"] as &[&str], &["user", "list"], &["import", "markdown", "a.md"]] {
        let line = run(folder.path(), command).refusal().to_owned();
        assert!(line.contains("restart the server with this one first"), "{command:?}: {line}");
    }
    let line = run(folder.path(), &["import", "--dry-run", "markdown", "a.md"]).refusal().to_owned();
    assert!(line.contains("a trial changes nothing"), "{line}");
    let looked = run(folder.path(), &["doctor"]);
    assert!(looked.out.contains("it is of an older version"), "{}", looked.out);
    assert!(count(&database, "SELECT max(version) FROM _sqlx_migrations") < newest);
    server.stop();
}

#[test]
fn a_doctor_looks_around_the_blog() {
    let folder = folder();
    let line = run(folder.path(), &["doctor"]).refusal().to_owned();
    assert!(line.contains("there is no blog at laman.db yet"), "{line}");
    blog(folder.path());
    let server = Server::start(folder.path());
    let here = format!("http://{}", server.address);
    let said = run(folder.path(), &["doctor", "--public-url", &here]);
    for line in ["ok   file", "ok   database", "ok   time", "note mail", "note public address", "note backup"] {
        assert!(said.out.lines().any(|said| said.starts_with(line)), "{line}: {}", said.out);
    }
    assert!(said.out.contains("answered by this blog"), "{}", said.out);
    // Somebody else's blog, a closed port, a file that all may read.
    let other = crate::program::support::folder();
    blog(other.path());
    let elsewhere = Server::start(other.path());
    fs::set_permissions(folder.path().join("laman.db"), fs::Permissions::from_mode(0o644)).expect("its mode");
    let there = format!("http://{}", elsewhere.address);
    let said = run(
        folder.path(),
        &[
            "doctor",
            "--public-url",
            &there,
            "--smtp-host",
            "127.0.0.1",
            "--smtp-port",
            "1",
            "--mail-from",
            "a@b.example",
        ],
    );
    assert_eq!(said.status.code(), Some(1));
    for line in ["ILL  file", "ILL  mail", "ILL  public address"] {
        assert!(said.out.lines().any(|said| said.starts_with(line)), "{line}: {}", said.out);
    }
}

#[test]
fn systemd_is_told_when_the_blog_is_served_that_it_is_not_stuck_and_when_it_stops() {
    let folder = folder();
    let socket = UnixDatagram::bind(folder.path().join("notify")).expect("a socket");
    socket.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let said = || {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).expect("a word");
        String::from_utf8_lossy(&buffer[..length]).trim().to_owned()
    };
    let mut command = laman(folder.path(), &["--listen", "127.0.0.1:0"]);
    command.env("NOTIFY_SOCKET", folder.path().join("notify")).env("WATCHDOG_USEC", "300000");
    let server = Server::start_as(command);
    assert_eq!(said(), "READY=1");
    assert_eq!((said().as_str(), said().as_str()), ("WATCHDOG=1", "WATCHDOG=1"));
    server.stop();
    loop {
        match said().as_str() {
            "WATCHDOG=1" => {}
            other => break assert_eq!(other, "STOPPING=1"),
        }
    }
}

#[test]
fn shells_and_manuals_know_the_commands() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(folder.path(), &["completions", shell]);
        for word in ["laman", "backup", "restore", "public-url"] {
            assert!(script.printed().contains(word), "{shell}: {word}");
        }
    }
    let page = run(folder.path(), &["man"]);
    assert!(page.printed().contains(".TH laman 1"), "{}", page.out);
    assert!(page.out.contains(".SH EXAMPLES\n.nf\n") && !page.out.contains("laman-help"), "{}", page.out);
    run(folder.path(), &["man", "pages"]).printed();
    for page in ["laman.1", "laman-backup.1", "laman-user-add.1"] {
        assert!(folder.path().join("pages").join(page).exists(), "{page}");
    }
}

#[test]
fn what_is_made_of_the_texts_is_mended_and_what_only_people_can_mend_is_told() {
    let folder = folder();
    blog(folder.path());
    let database = folder.path().join("laman.db");
    tell(
        &database,
        "UPDATE post_search_content SET c1 = 'other';
         UPDATE post_text SET html = '', lead = NULL;
         UPDATE settings SET zone = 'Nowhere/Atall';
         UPDATE post SET cover = '/media/00000000000000000000000000000000/a.png';
         UPDATE appearance SET banner = '/media/11111111111111111111111111111111/b.png';
         INSERT INTO path_redirect (path, target, leads_to, created_at) VALUES ('a', '/b', 'b', 0), ('b', '/a', 'a', 0)",
    );
    let found = run(folder.path(), &["check"]);
    for line in [
        "search index: ",
        "settings: this machine knows no time zone",
        "missing file: the cover of Durian",
        "missing file: the banner of every page",
        "ring: /a -> /b",
        "ring: /b -> /a",
        "text: Durian",
    ] {
        assert!(found.out.lines().any(|said| said.starts_with(line)), "{line}: {}", found.out);
    }
    assert!(!found.out.contains("damage:"), "{}", found.out);
    assert!(run(folder.path(), &["doctor"]).out.contains("ILL  time"));
    let mended = run(folder.path(), &["check", "--mend"]);
    assert!(!mended.out.contains("search index: ") && !mended.out.contains("text: "), "{}", mended.out);
    assert_eq!(count(&database, "SELECT count(*) FROM post_text WHERE html LIKE '%Opinions%'"), 1);
}

#[test]
fn a_doctor_tells_of_settings_that_cannot_be_together_and_of_passwords_that_others_can_read() {
    let folder = folder();
    blog(folder.path());
    let plain = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = plain.local_addr().expect("it").port();
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for client in plain.incoming().flatten() {
            let mut client = client;
            let _ = client.write_all(b"220 plain.example ESMTP\r\n");
            let _ = client.read(&mut [0; 500]);
            let _ = client.write_all(b"250 plain.example\r\n");
            let _ = client.read(&mut [0; 500]);
        }
    });
    let settings = format!(
        "listen = \"127.0.0.1:9\"\nmetrics = \"127.0.0.1:9\"\nsmtp-host = \"127.0.0.1\"\nsmtp-port = {port}\n\
         smtp-security = \"starttls\"\nsmtp-user = \"a\"\nsmtp-password = \"b\"\nmail-from = \"a@b.example\"\n"
    );
    fs::write(folder.path().join("laman.toml"), settings).expect("settings");
    fs::set_permissions(folder.path().join("laman.toml"), fs::Permissions::from_mode(0o644)).expect("its mode");
    let said = run(folder.path(), &["doctor"]);
    for line in ["ILL  configuration", "note passwords", "ILL  mail"] {
        assert!(said.out.lines().any(|said| said.starts_with(line)), "{line}: {}", said.out);
    }
    assert!(said.out.contains("but not with starttls"), "{}", said.out);
}

#[test]
fn links_beside_every_page_and_to_lists_of_nothing_are_told_as_are_rows_that_cannot_be() {
    let folder = folder();
    blog(folder.path());
    tell(
        &folder.path().join("laman.db"),
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
         UPDATE post_text SET html = '<p><a href=\"/tag/none\">a</a> <a href=\"/1999/01\">b</a> <a href=\"/static/none.css\">c</a> \
         <a href=\"/author/none\">d</a> <a href=\"/Archive\">e</a> <a href=\"/feed.xml\">f</a></p>';
         UPDATE appearance SET links = 'Nope | /nope' || char(10) || 'Home | /';
         INSERT INTO path_redirect (path, target, leads_to, created_at) VALUES ('old', '/media/00/x.jpg', 'media/00/x.jpg', 0);
         INSERT INTO post (uuid, kind, state, slug, words, title, path, comments, created_at, saved_at, version, published_at)
         SELECT 'x', kind, state, '', 0, 'Lost', '../../etc', comments, created_at, saved_at, version, published_at FROM post;
         UPDATE user SET role = 'author'",
    );
    let found = run(folder.path(), &["check"]);
    for line in [
        "link: /tag/none in",
        "link: /1999/01 in",
        "link: /static/none.css in",
        "link: /author/none in",
        "link: /Archive in",
        "navigation: /nope",
        "redirect: /old -> /media/00/x.jpg",
        "row: Lost (its text is gone)",
        "row: Lost (it has no author)",
        "row: Lost (published at the address /../../etc)",
        "people: there is no owner",
    ] {
        assert!(found.out.lines().any(|said| said.starts_with(line)), "{line}: {}", found.out);
    }
    assert!(!found.out.contains("/feed.xml") && !found.out.contains("navigation: / "), "{}", found.out);
}

#[test]
fn a_table_that_is_gone_is_told_and_no_backup_without_it_is_proved() {
    let folder = folder();
    blog(folder.path());
    run(folder.path(), &["backup", "good.db.zst"]).printed();
    tell(&folder.path().join("laman.db"), "PRAGMA foreign_keys = OFF; DROP INDEX post_draft");
    let found = run(folder.path(), &["check"]);
    assert!(found.out.contains("schema: the index post_draft is gone\n  -> "), "{}", found.out);
    tell(&folder.path().join("laman.db"), "PRAGMA foreign_keys = OFF; DROP TABLE redirect");
    let found = run(folder.path(), &["check"]);
    assert_eq!(found.err, "laman: one thing is wrong\n", "{}", found.out);
    assert!(found.out.starts_with("schema: the table redirect is gone\n  -> "), "{}", found.out);
    let line = run(folder.path(), &["backup", "bad.db"]).refusal().to_owned();
    assert!(line.contains("redirect is gone") || line.contains("post_draft is gone"), "{line}");
    // A packed backup is known by what is in it.
    fs::rename(folder.path().join("good.db.zst"), folder.path().join("renamed.bin")).expect("renamed");
    run(folder.path(), &["restore", "renamed.bin"]).printed();
    assert_eq!(run(folder.path(), &["check"]).printed(), "nothing is wrong\n");
}

#[test]
fn a_doctor_tells_a_copy_from_the_blog_and_what_anybody_could_do() {
    let folder = folder();
    blog(folder.path());
    let copy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let there = format!("http://{}", copy.local_addr().expect("it"));
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for mut client in copy.incoming().flatten() {
            let mut asked = [0; 500];
            let length = client.read(&mut asked).unwrap_or_default();
            let is_feed = String::from_utf8_lossy(&asked[..length]).starts_with("GET /feed.xml");
            let answer = if is_feed { "200 OK\r\n\r\nthe-very-blog" } else { "404 Not Found\r\n\r\n" };
            let _ = client.write_all(format!("HTTP/1.1 {answer}").as_bytes());
        }
    });
    tell(
        &folder.path().join("laman.db"),
        "UPDATE settings SET uuid = 'the-very-blog';
         UPDATE backup_settings SET every = 'daily', folder = '/nowhere/at/all', since = unixepoch() * 1000",
    );
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("its mode");
    let said = run(folder.path(), &["doctor", "--public-url", &there, "--trusted-proxies", "0.0.0.0/0"]).out;
    for (line, words) in [
        ("ILL  configuration", "everybody"),
        ("ILL  folder", "chmod o-w"),
        ("ILL  public address", "by a copy of this blog"),
        ("ILL  backup", "no folder /nowhere/at/all"),
    ] {
        assert!(said.lines().any(|said| said.starts_with(line) && said.contains(words)), "{line}: {said}");
    }
}
