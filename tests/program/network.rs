//! Clients that send too much, or say what no browser would.

use crate::program::support::{Server, folder};

fn started(folder: &std::path::Path) -> Server {
    let server = Server::start(folder);
    server.client().set_up(&server.setup_path());
    server
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

#[test]
fn a_client_that_pauses_in_its_body_is_cut_off_and_nobody_else_waits() {
    let folder = folder();
    let server = started(folder.path());
    let mut slow = server.connect();
    slow.send(&form_head(&server, "Content-Length: 100"));
    slow.send("post=1&");
    server.client().get("/").expect(200);
    let status = slow.answer();
    assert!(matches!(status, 0 | 400 | 408 | 503), "{status}");
    assert!(slow.is_closed_by_server());
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let folder = folder();
    let server = started(folder.path());
    let large = "x".repeat(20 * 1024);
    for head in [
        format!("GET / HTTP/1.1\r\nHost: {}\r\nX-Large: {large}\r\n\r\n", server.address),
        format!("GET /?{large} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address),
        format!("GET / HTTP/1.1\r\nHost: {}\r\n{}\r\n", server.address, "X-Many: 1\r\n".repeat(2000)),
    ] {
        let mut wire = server.connect();
        let _ = wire.try_send(&head);
        let status = wire.answer();
        assert!(matches!(status, 414 | 431), "{status} for {:?}…", &head[..40]);
        assert!(wire.is_closed_by_server());
    }
    // What a browser with a few cookies sends is well below.
    let mut wire = server.connect();
    wire.send(&format!("GET / HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n", server.address, "x".repeat(8 * 1024)));
    assert_eq!(wire.answer(), 200);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_has_come_whole() {
    let folder = folder();
    let server = started(folder.path());
    let mut wire = server.connect();
    wire.send(&form_head(&server, "Content-Length: 10000000"));
    let _ = wire.try_send(&"x".repeat(128 * 1024));
    assert_eq!(wire.answer(), 413);
    // The rest of it will not be waited for.
    assert!(wire.is_closed_by_server());
}

#[test]
fn a_body_that_grows_too_large_is_refused_while_it_comes() {
    let folder = folder();
    let server = started(folder.path());
    let mut wire = server.connect();
    wire.send(&form_head(&server, "Transfer-Encoding: chunked"));
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for _ in 0..1000 {
        // The server may have hung up already.
        if wire.try_send(&chunk).is_err() {
            break;
        }
    }
    assert_eq!(wire.answer(), 413);
    assert_eq!(server.client().get("/healthz").expect(200).text, "ok\n");
}

#[test]
fn requests_sent_in_one_go_are_answered_in_order() {
    let folder = folder();
    let server = started(folder.path());
    let mut wire = server.connect();
    let requests = ["/healthz", "/nothing-here", "/archive"].map(|path| get(path, &server.address)).concat();
    wire.send(&requests);
    assert_eq!([wire.answer(), wire.answer(), wire.answer()], [200, 404, 200]);
}

#[test]
fn what_is_no_request_gets_400() {
    let folder = folder();
    let server = started(folder.path());
    for said in [
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded: line\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /comments HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /comments HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /comments HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        // RFC 9112, 3.2.
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ] {
        let mut wire = server.connect();
        wire.send(said);
        assert_eq!(wire.answer(), 400, "{said:?}");
    }
    assert_eq!(server.client().get("/healthz").expect(200).text, "ok\n");
}

#[test]
fn rare_but_right_requests_are_answered() {
    let folder = folder();
    let server = started(folder.path());
    let host = &server.address;
    for (said, status) in [
        ("GET /healthz HTTP/1.0\r\n\r\n".to_owned(), 200),
        (format!("GET http://{host}/healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"), 200),
        (format!("\r\nGET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"), 200),
        (format!("TRACE / HTTP/1.1\r\nHost: {host}\r\n\r\n"), 405),
        (format!("BREW / HTTP/1.1\r\nHost: {host}\r\n\r\n"), 405),
        (format!("GET //evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n"), 404),
        (format!("GET /%00%0d%0a HTTP/1.1\r\nHost: {host}\r\n\r\n"), 404),
        (format!("GET /%ff HTTP/1.1\r\nHost: {host}\r\n\r\n"), 400),
    ] {
        let mut wire = server.connect();
        wire.send(&said);
        assert_eq!(wire.answer(), status, "{said:?}");
    }
}

fn form_head(server: &Server, length: &str) -> String {
    format!(
        "POST /comments HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n",
        server.address
    )
}
