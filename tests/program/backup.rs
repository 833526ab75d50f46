//! Backups: made while the blog is served, proved, put back; and what is refused.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use sqlx::ConnectOptions;

use crate::program::{
    crash::{behind_a_proxy, open_to_all},
    support::{EMAIL, PASSWORD, Running, Server, block_on, count, folder, laman, run, until},
};

const COMMENTS: &str = "SELECT count(*) FROM comment";
/// What stands in the texts, in their order.
const WORDS: &str = "SELECT count(*) FROM comment WHERE source LIKE 'comment %' AND html LIKE '%comment %'";

/// A blog that takes every comment; gives the id of its post.
pub fn blog(folder: &Path) -> String {
    let server = Server::start(folder);
    let owner = server.client();
    owner.set_up(&server.setup_path());
    let (_, post) = owner.publish("Durian", "Opinions, please.");
    server.stop();
    open_to_all(&folder.join("laman.db"));
    post
}

pub fn tell(database: &Path, statements: &'static str) {
    block_on(async {
        let mut database = sqlx::sqlite::SqliteConnectOptions::new().filename(database).connect().await.expect("it");
        sqlx::raw_sql(statements).execute(&mut database).await.expect("told");
    });
}

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<_> =
        files.map(|file| file.expect("a file").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}

#[test]
fn backups_under_write_load_hold_what_was_acknowledged_before_and_are_restored_as_they_were() {
    let folder = folder();
    let post = blog(folder.path());
    let database = folder.path().join("laman.db");
    let server = behind_a_proxy(folder.path());
    let (done, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writers: Vec<_> = (0..3)
        .map(|writer| {
            let (done, acknowledged) = (done.clone(), acknowledged.clone());
            let (post, client) = (post.clone(), server.client());
            thread::spawn(move || {
                for number in 0.. {
                    if done.load(Ordering::SeqCst) {
                        return;
                    }
                    client.speak_for(format!("10.{writer}.{}.1", number % 256));
                    let text = format!("comment {writer}-{number}");
                    client.post("/comments", &[("post", &post), ("name", "Omar"), ("text", &text)]).expect(303);
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let backups = ["one.db", "two.db.zst", "three.db"];
    let mut held = Vec::new();
    for backup in backups {
        let before = acknowledged.load(Ordering::SeqCst);
        until("more is written", || acknowledged.load(Ordering::SeqCst) > before + 5);
        let least = acknowledged.load(Ordering::SeqCst);
        let said = run(folder.path(), &["backup", backup]);
        assert!(said.printed().contains("proved sound") && said.out.contains(backup), "{}", said.out);
        let most = acknowledged.load(Ordering::SeqCst) + writers.len();
        let file = folder.path().join(backup);
        assert_eq!(fs::metadata(&file).expect("it").permissions().mode() & 0o777, 0o600);
        if backup.ends_with(".db") {
            let comments = count(&file, COMMENTS);
            assert!((least as i64..=most as i64).contains(&comments), "{least} {comments} {most}");
        }
        held.push((least as i64, most as i64));
    }
    assert!(acknowledged.load(Ordering::SeqCst) > 20, "writers went on");
    done.store(true, Ordering::SeqCst);
    writers.into_iter().for_each(|writer| writer.join().expect("a writer"));
    let line = run(folder.path(), &["restore", "one.db"]).refusal().to_owned();
    assert!(line.contains("served by another laman"), "{line}");
    server.stop();

    let left = count(&database, COMMENTS);
    for (backup, (least, most)) in backups.into_iter().zip(held) {
        let said = run(folder.path(), &["restore", backup]);
        assert!(said.printed().contains(".before-restore-"), "{}", said.out);
        let comments = count(&database, COMMENTS);
        assert!((least..=most).contains(&comments) && comments <= left, "{least} {comments} {most}");
        assert_eq!(count(&database, WORDS), comments);
        assert_eq!(count(&database, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
        assert_eq!(fs::metadata(&database).expect("it").permissions().mode() & 0o777, 0o600);
        // The name tells the second in which it was made.
        for kept in names(folder.path()).into_iter().filter(|name| name.contains(".before-restore-")) {
            fs::remove_file(folder.path().join(kept)).expect("removed");
        }
    }
    // It is served, and who could sign in can.
    let server = Server::start(folder.path());
    server.client().post("/admin/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).expect(303);
    assert!(server.client().get("/").expect(200).text.contains("Durian"));
}

#[test]
fn a_backup_writes_over_nothing_and_leaves_nothing_half_made() {
    let folder = folder();
    let line = run(folder.path(), &["backup", "a.db"]).refusal().to_owned();
    assert!(line.contains("there is no blog at laman.db yet"), "{line}");
    blog(folder.path());
    fs::write(folder.path().join("a.db"), "mine").expect("a file");
    let before = names(folder.path());
    let line = run(folder.path(), &["backup", "a.db"]).refusal().to_owned();
    assert!(line.contains("a.db already"), "{line}");
    let line = run(folder.path(), &["backup", "missing/a.db"]).refusal().to_owned();
    assert!(line.contains("cannot write missing/a.db"), "{line}");
    assert_eq!(fs::read(folder.path().join("a.db")).expect("it"), b"mine");
    assert_eq!(names(folder.path()), before);
}

#[test]
fn a_backup_that_is_killed_leaves_no_file_under_its_name_and_keeps_no_later_one_from_being_made() {
    let folder = folder();
    blog(folder.path());
    let database = folder.path().join("laman.db");
    tell(
        &database,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 160)
         INSERT INTO media_part SELECT 'stray', i, randomblob(262144) FROM n",
    );
    for (round, name) in (0..8).map(|round| (round, if round % 2 == 0 { "b.db" } else { "b.db.zst" })) {
        let mut command = laman(folder.path(), &["backup", name]);
        let mut running =
            Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts"));
        let (partial, packing) =
            (folder.path().join(format!("{name}.partial")), folder.path().join("b.db.zst.packing"));
        let length = |file: &Path| fs::metadata(file).map_or(0, |file| file.len());
        until("it is at it", || {
            let is_over = running.0.try_wait().expect("its state").is_some();
            length(&partial) > round * 5_000_000 || length(&packing) > 0 || is_over
        });
        let _ = running.0.kill();
        let status = running.wait();
        // Where it was done before it was killed, it is whole.
        assert_eq!(folder.path().join(name).exists(), status.success(), "round {round}");
        let _ = fs::remove_file(folder.path().join(name));
    }
    for name in ["b.db", "b.db.zst"] {
        run(folder.path(), &["backup", name]).printed();
    }
    let left: Vec<_> = names(folder.path()).into_iter().filter(|name| name.starts_with("b.db")).collect();
    assert_eq!(left, ["b.db", "b.db.zst"]);
    run(folder.path(), &["restore", "b.db.zst"]).printed();
    assert_eq!(count(&database, "SELECT count(*) FROM media_part"), 160);
}

#[test]
fn what_is_no_sound_backup_of_a_version_that_is_known_is_not_restored() {
    let folder = folder();
    blog(folder.path());
    let path = |name: &str| folder.path().join(name);
    run(folder.path(), &["backup", "good.db"]).printed();
    run(folder.path(), &["backup", "good.db.zst"]).printed();
    let good = fs::read(path("good.db")).expect("it");
    fs::write(path("text.db"), "my diary").expect("a file");
    fs::write(path("text.db.zst"), "my diary").expect("a file");
    fs::write(path("empty.db"), "").expect("a file");
    fs::write(path("half.db"), &good[..good.len() / 2]).expect("a file");
    let packed = fs::read(path("good.db.zst")).expect("it");
    fs::write(path("half.db.zst"), &packed[..packed.len() / 2]).expect("a file");
    let mut flipped = good.clone();
    for byte in &mut flipped[8192..8300] {
        *byte ^= 0x55;
    }
    fs::write(path("flipped.db"), flipped).expect("a file");
    fs::copy(path("good.db"), path("newer.db")).expect("a copy");
    tell(
        &path("newer.db"),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', 1, x'00', 0); UPDATE program SET version = '99.0.0'",
    );
    fs::copy(path("good.db"), path("orphan.db")).expect("a copy");
    tell(&path("orphan.db"), "PRAGMA foreign_keys = OFF; INSERT INTO post_tag VALUES (77, 88, 0, NULL)");
    let before = fs::read(path("laman.db")).expect("it");
    let files = names(folder.path());
    for (name, told) in [
        ("missing.db", "cannot open missing.db"),
        ("text.db", "not a Laman database"),
        ("text.db.zst", "text.db.zst is damaged"),
        ("empty.db", "empty.db is empty"),
        ("half.db", "half.db is damaged"),
        ("half.db.zst", "half.db.zst is damaged"),
        ("flipped.db", "flipped.db is damaged"),
        ("newer.db", "newer.db was written by a newer version, Laman 99.0.0"),
        ("orphan.db", "post_tag"),
    ] {
        let line = run(folder.path(), &["restore", name]).refusal().to_owned();
        assert!(line.contains(told), "{name}: {line}");
        assert!(fs::read(path("laman.db")).expect("it") == before, "{name}");
        assert_eq!(names(folder.path()), files, "{name}");
    }
}

#[test]
fn a_blog_is_restored_where_there_is_none_and_where_there_is_a_damaged_one() {
    let folder = folder();
    blog(folder.path());
    run(folder.path(), &["backup", "good.db"]).printed();
    let database = folder.path().join("laman.db");
    fs::remove_file(&database).expect("removed");
    assert!(!run(folder.path(), &["restore", "good.db"]).printed().contains("before-restore"));
    assert_eq!(count(&database, "SELECT count(*) FROM post"), 1);
    // The header is ours, and nothing else; with a log beside it.
    let mut damaged = fs::read(&database).expect("it");
    damaged[100..].fill(0x77);
    fs::write(&database, &damaged).expect("damaged");
    fs::write(folder.path().join("laman.db-wal"), "what was written last").expect("a log");
    run(folder.path(), &["restore", "good.db"]).printed();
    assert_eq!(count(&database, "SELECT count(*) FROM post"), 1);
    let kept: Vec<_> = names(folder.path()).into_iter().filter(|name| name.contains("before-restore")).collect();
    assert!(!kept.is_empty() && fs::read(folder.path().join(&kept[0])).expect("it") == damaged, "{kept:?}");
}

#[test]
fn a_blog_that_another_program_has_open_is_not_restored_over() {
    let folder = folder();
    blog(folder.path());
    run(folder.path(), &["backup", "good.db"]).printed();
    let database = folder.path().join("laman.db");
    block_on(async {
        let mut other =
            sqlx::sqlite::SqliteConnectOptions::new().filename(&database).connect().await.expect("the database");
        let posts: i64 = sqlx::query_scalar("SELECT count(*) FROM post").fetch_one(&mut other).await.expect("posts");
        let line = run(folder.path(), &["restore", "good.db"]).refusal().to_owned();
        assert!(line.contains("in use by another program"), "{line}");
        assert_eq!(posts, 1);
    });
    assert!(names(folder.path()).iter().all(|name| !name.contains("restor")), "{:?}", names(folder.path()));
}

#[test]
fn a_backup_by_command_is_known_to_the_blog_and_odd_names_are_refused_in_words() {
    let folder = folder();
    blog(folder.path());
    for (name, told) in [("a.db.gz", "is not packed as .gz"), ("-", "- is no file")] {
        let line = run(folder.path(), &["backup", name]).refusal().to_owned();
        assert!(line.contains(told), "{line}");
    }
    assert!(run(folder.path(), &["export", "-"]).refusal().contains("- is no file"));
    run(folder.path(), &["backup", "a.db"]).printed();
    assert_eq!(count(&folder.path().join("laman.db"), "SELECT count(*) FROM backup WHERE detail = 'command'"), 1);
    assert!(run(folder.path(), &["doctor"]).out.contains("a.db was proved within the last day"));
}

#[test]
fn what_root_begins_in_somebodys_folder_belongs_to_them() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = folder();
    if fs::metadata(folder.path()).expect("it").uid() != 0 {
        return;
    }
    chown(folder.path(), Some(12345), Some(12346)).expect("given");
    fs::write(folder.path().join("word"), "a long enough passphrase 77").expect("a password");
    let add = ["user", "add", "--name", "A", "--email", "a@b.example", "--role", "owner", "--password-file", "word"];
    run(folder.path(), &add).printed();
    run(folder.path(), &["backup", "good.db"]).printed();
    run(folder.path(), &["restore", "good.db"]).printed();
    for name in names(folder.path()).iter().filter(|name| name.starts_with("laman.db")) {
        let file = fs::metadata(folder.path().join(name)).expect("it");
        assert_eq!((file.uid(), file.gid()), (12345, 12346), "{name}");
    }
}
