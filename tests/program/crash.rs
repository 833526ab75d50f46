//! The plug is pulled.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use crate::program::support::{Server, count, folder, laman, until};

/// Behind a proxy that says for whom it speaks, each commenter is a network of their own and none is slowed down.
pub fn behind_a_proxy(folder: &Path) -> Server {
    Server::start_as(laman(folder, &["--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1"]))
}

#[test]
fn every_comment_that_was_acknowledged_is_on_its_page_at_once_and_survives_a_crash() {
    const ROUNDS: usize = 4;
    const WRITERS: usize = 3;
    const ENOUGH: usize = 25;
    let folder = folder();
    let server = behind_a_proxy(folder.path());
    let owner = server.client();
    owner.set_up(&server.setup_path());
    let (_, post) = owner.publish("Durian", "Opinions, please.");
    server.stop();
    open_to_all(&folder.path().join("laman.db"));

    let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
    let count_of = |list: &Mutex<Vec<String>>| list.lock().expect("the list").len();
    for round in 0..ROUNDS {
        let server = behind_a_proxy(folder.path());
        let enough = count_of(&acknowledged) + ENOUGH;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (acknowledged, post, client) = (acknowledged.clone(), post.clone(), server.client());
                thread::spawn(move || {
                    // They write until there is nobody to write to.
                    for number in 0.. {
                        let text = format!("comment {round}-{writer}-{number}");
                        client.speak_for(format!("10.{writer}.{}.1", number % 256));
                        match client.try_post("/comments", &[("post", &post), ("name", "Omar"), ("text", &text)]) {
                            Ok(answer) if answer.status == 303 => {
                                acknowledged.lock().expect("the list").push(text.clone());
                                let to = answer.location.clone();
                                let Ok(page) = client.try_follow(answer) else { return };
                                let (status, bytes) = (page.status, page.text.len());
                                assert!(page.text.contains(&text), "{text} is not at {to}: {status}, {bytes} bytes");
                            }
                            Ok(answer) => panic!("{}: {}", answer.status, answer.text),
                            Err(_) => return,
                        }
                    }
                })
            })
            .collect();
        until("enough comments are acknowledged", || count_of(&acknowledged) >= enough);
        server.kill();
        writers.into_iter().for_each(|writer| writer.join().expect("a writer"));
    }

    Server::start(folder.path()).stop();
    let database = folder.path().join("laman.db");
    let acknowledged = acknowledged.lock().expect("the list");
    assert!(acknowledged.len() >= ROUNDS * ENOUGH);
    let kept = texts(&database);
    let lost: Vec<_> = acknowledged.iter().filter(|text| !kept.contains(text)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), acknowledged.len());
    assert_eq!(count(&database, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
    assert_eq!(count(&database, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/// Publishes whatever comes, and shows all of it at once: where a page ends may change while a writer is led to it.
pub fn open_to_all(database: &Path) {
    use sqlx::{ConnectOptions, Connection};
    crate::program::support::block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let mut database = options.connect().await.expect("the database");
        sqlx::query(
            "UPDATE settings SET comment_hold = 'none', storm_at = 0, hold_at = 1000, spam_at = 1000, \
             comments_per_page = 1000",
        )
        .execute(&mut database)
        .await
        .expect("the settings");
        database.close().await.expect("the database");
    });
}

fn texts(database: &Path) -> Vec<String> {
    use sqlx::ConnectOptions;
    crate::program::support::block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let mut database = options.connect().await.expect("the database");
        sqlx::query_scalar("SELECT source FROM comment").fetch_all(&mut database).await.expect("the comments")
    })
}

#[test]
fn a_crash_while_the_database_was_being_made_leaves_nothing_in_the_way() {
    let folder = folder();
    for name in ["laman.db.creating", "laman.db.creating-journal"] {
        fs::write(folder.path().join(name), "half of a database").expect("the rest of a crash");
    }
    let server = Server::start(folder.path());
    server.client().set_up(&server.setup_path());
    assert!(!folder.path().join("laman.db.creating").exists());
    server.stop();
    assert_eq!(count(&folder.path().join("laman.db"), "SELECT count(*) FROM user"), 1);
}

#[test]
fn a_session_outlives_a_crash() {
    let folder = folder();
    let server = Server::start(folder.path());
    let owner = server.client();
    owner.set_up(&server.setup_path());
    server.kill();
    let again = Server::start(folder.path());
    assert!(owner.at(&again).is_signed_in());
}
