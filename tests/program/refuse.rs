//! Starts that must not happen: one line that says what to do, exit status 1, and nothing is touched.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    os::unix::fs::{FileTypeExt, PermissionsExt},
    path::Path,
    process::Command,
};

use crate::program::support::{Server, block_on, folder, run};

const SERVE: &[&str] = &["--listen", "127.0.0.1:0"];

/// Every name in a folder, with its bytes where it is a file.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).expect("the folder").map(|item| item.expect("a file"));
    files
        .map(|item| {
            let kind = item.file_type().expect("its kind");
            let bytes = if kind.is_file() { fs::read(item.path()).expect("its bytes") } else { Vec::new() };
            (item.file_name().into_string().expect("a name"), bytes)
        })
        .collect()
}

/// Starts in a folder that must stay as it is; gives the one line said.
#[track_caller]
fn refused(folder: &Path, args: &[&str]) -> String {
    let before = contents(folder);
    let line = run(folder, args).refusal().to_owned();
    let after = contents(folder);
    let names = |contents: &BTreeMap<String, Vec<u8>>| contents.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&after), names(&before), "{line}");
    assert!(after == before, "bytes have changed: {line}");
    line
}

#[test]
fn a_busy_port_is_refused_before_a_database_is_made() {
    let (folder, taken) = (folder(), TcpListener::bind("127.0.0.1:0").expect("a port"));
    let address = taken.local_addr().expect("its address").to_string();
    let line = refused(folder.path(), &["--listen", &address]);
    assert!(line.contains(&address) && line.contains("in use") && line.contains("--listen"), "{line}");
}

#[test]
fn an_address_that_is_not_this_machines_is_refused() {
    // TEST-NET-1: no machine has it.
    let line = refused(folder().path(), &["--listen", "192.0.2.1:8080"]);
    assert!(line.contains("192.0.2.1:8080"), "{line}");
}

#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("file"), "not a folder").expect("a file");
    // Even root can make nothing below a file, in a folder that is not there, or in the kernel's own.
    for database in ["file/laman.db", "missing/laman.db", "/proc/self/laman.db"] {
        let line = refused(folder.path(), &[SERVE, &["--database", database]].concat());
        assert!(line.contains(database), "{line}");
    }
    // Permissions bind everybody else.
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("its mode");
    if fs::write(closed.join("probe"), "").is_err() {
        let line = refused(folder.path(), &[SERVE, &["--database", "closed/laman.db"]].concat());
        assert!(line.contains("closed/laman.db"), "{line}");
    }
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_alone() {
    let mut other_app = b"SQLite format 3\0\x10\x00\x02\x02\x00\x40\x20\x20".to_vec();
    other_app.resize(4096, 0);
    for (what, bytes) in [
        ("a text", b"my diary, volume one\n".to_vec()),
        ("another program's database", other_app.clone()),
        ("the first bytes of one", other_app[..20].to_vec()),
        ("one byte", b"S".to_vec()),
    ] {
        let folder = folder();
        fs::write(folder.path().join("laman.db"), &bytes).expect("the file");
        for command in [SERVE, &["user", "list"], &["import", "markdown", "."]] {
            let line = refused(folder.path(), command);
            assert!(line.contains("laman.db is not a Laman database"), "{what}: {line}");
        }
    }
}

#[test]
fn an_empty_file_is_refused_for_it_may_be_what_is_left_of_a_blog() {
    let folder = folder();
    fs::write(folder.path().join("laman.db"), "").expect("the file");
    let line = refused(folder.path(), SERVE);
    assert!(line.contains("laman.db is empty") && line.contains("backup"), "{line}");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = folder();
    fs::create_dir(folder.path().join("laman.db")).expect("a folder");
    let pipe = folder.path().join("pipe.db");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for database in ["laman.db", "pipe.db"] {
        // Opening a pipe would wait for its other end for ever.
        let line = refused(folder.path(), &[SERVE, &["--database", database]].concat());
        assert!(line.contains(database), "{line}");
    }
    assert!(fs::metadata(pipe).expect("still there").file_type().is_fifo());
}

#[test]
fn a_link_that_leads_nowhere_is_refused() {
    let folder = folder();
    std::os::unix::fs::symlink("gone.db", folder.path().join("laman.db")).expect("a link");
    let line = refused(folder.path(), SERVE);
    assert!(line.contains("laman.db"), "{line}");
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let folder = folder();
    Server::start(folder.path()).stop();
    let database = folder.path().join("laman.db");
    execute(
        &database,
        "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
         VALUES (999999, 'from the future', '2099-01-01', TRUE, x'00', 0)",
    );
    for command in [SERVE, &["user", "list"]] {
        let line = refused(folder.path(), command);
        assert!(line.contains("laman.db was written by a newer version"), "{line}");
    }
}

#[test]
fn a_database_that_was_cut_off_is_refused_and_never_overwritten() {
    let folder = folder();
    Server::start(folder.path()).stop();
    let database = folder.path().join("laman.db");
    let whole = fs::read(&database).expect("the database");
    for length in [100, 4096, whole.len() / 2] {
        fs::write(&database, &whole[..length]).expect("the stump");
        let line = refused(folder.path(), SERVE);
        assert!(line.contains("laman.db"), "{length} bytes: {line}");
    }
}

#[test]
fn a_second_server_on_one_database_is_refused_until_the_first_is_gone() {
    let folder = folder();
    let first = Server::start(folder.path());
    let line = run(folder.path(), SERVE).refusal().to_owned();
    assert!(line.contains("laman.db is being served by another laman already"), "{line}");
    first.client().get("/healthz").expect(200);
    // A crash frees it too.
    first.kill();
    let second = Server::start(folder.path());
    second.client().get("/healthz").expect(200);
}

fn execute(database: &Path, statement: &'static str) {
    use sqlx::ConnectOptions;
    block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let mut database = options.connect().await.expect("the database");
        sqlx::query(statement).execute(&mut database).await.expect(statement);
        sqlx::Connection::close(database).await.expect("closed");
    });
}
