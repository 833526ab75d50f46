//! Ends: asked to, asked twice, with requests under way.

use std::{fs, path::Path, time::Instant};

use crate::program::support::{Server, Wire, count, folder};

/// Readers' requests get ten seconds at the end; what must not wait for them ends well before.
const AT_ONCE_SECONDS: u64 = 6;

/// A comment form whose handler waits for its body: the server has said so.
pub fn half_sent(server: &Server) -> (Wire, &'static str) {
    const BODY: &str = "post=999999&name=Omar&text=slow";
    let mut wire = server.connect();
    wire.send(&format!(
        "POST /comments HTTP/1.1\r\nHost: {}\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        server.address,
        BODY.len()
    ));
    assert_eq!(wire.interim(), 100);
    let (first, rest) = BODY.split_at(10);
    wire.send(first);
    (wire, rest)
}

fn started(folder: &Path) -> Server {
    let server = Server::start(folder);
    server.client().set_up(&server.setup_path());
    server
}

#[track_caller]
fn ends_well(mut server: Server) {
    let status = server.wait();
    assert_eq!(status.code(), Some(0), "{}", server.log());
}

#[test]
fn both_ways_to_ask_finish_what_is_under_way_and_take_nothing_new() {
    for name in ["TERM", "INT"] {
        let folder = folder();
        let server = started(folder.path());
        let (mut slow, rest) = half_sent(&server);
        server.signal(name);
        crate::program::support::until("the listener closes", || server.is_closed());
        slow.send(rest);
        // There is no such post: the handler has run to its end.
        assert_eq!(slow.answer(), 404, "SIG{name}");
        assert!(slow.is_closed_by_server());
        ends_well(server);
    }
}

#[test]
fn a_good_end_leaves_everything_in_the_one_file() {
    let folder = folder();
    let server = started(folder.path());
    server.client().get("/").expect(200);
    server.stop();
    let left = fs::metadata(folder.path().join("laman.db-wal")).map_or(0, |log| log.len());
    assert_eq!(left, 0, "the write-ahead log is not empty");
    // The file alone, copied elsewhere, is the blog.
    let elsewhere = folder.path().join("copy.db");
    fs::copy(folder.path().join("laman.db"), &elsewhere).expect("a copy");
    assert_eq!(count(&elsewhere, "SELECT count(*) FROM user"), 1);
}

#[test]
fn asked_twice_it_ends_at_once() {
    let folder = folder();
    let mut server = started(folder.path());
    let (mut slow, _) = half_sent(&server);
    server.signal("TERM");
    crate::program::support::until("the listener closes", || server.is_closed());
    let asked = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(0), "{}", server.log());
    assert!(asked.elapsed().as_secs() < AT_ONCE_SECONDS, "{:?}", asked.elapsed());
    assert!(slow.is_closed_by_server());
    // What it knew is safe all the same.
    assert_eq!(count(&folder.path().join("laman.db"), "SELECT count(*) FROM user"), 1);
}

#[test]
fn connections_on_which_nothing_is_asked_do_not_hold_the_end() {
    let folder = folder();
    let mut server = started(folder.path());
    let mut used = server.connect();
    used.send(&format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address));
    assert_eq!(used.answer(), 200);
    // Browsers open connections ahead of need.
    let unused = server.connect();
    let asked = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(0), "{}", server.log());
    assert!(asked.elapsed().as_secs() < AT_ONCE_SECONDS, "{:?}", asked.elapsed());
    drop((used, unused));
}
