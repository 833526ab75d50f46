//! HTTP/2 with prior knowledge, as proxies speak it: the same pages, the same rules, the same patience.

use std::time::Duration;

use axum::{
    body::Bytes,
    http::{HeaderMap, Request, Response, Version},
};
use h2::{
    Ping, PingPong, RecvStream, SendStream,
    client::{Builder, SendRequest},
};
use laman::cli::serve::{Pace, Patience};
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};

use crate::program::{
    patience::{style_sheet, with},
    support::{PATIENCE, Server, Wire, block_on, folder, until},
};

/// A client on one connection.
struct Http2 {
    requests: SendRequest<Bytes>,
    pings: PingPong,
    connection: JoinHandle<Result<(), h2::Error>>,
}

impl Http2 {
    async fn connect(address: &str) -> Self {
        Self::with_window(address, 65_535).await
    }

    /// `window`: how much of an answer it takes without being asked again.
    async fn with_window(address: &str, window: u32) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        let built = Builder::new().initial_window_size(window).handshake(stream).await;
        let (requests, mut connection) = built.expect("HTTP/2");
        let pings = connection.ping_pong().expect("pings");
        Self { requests, pings, connection: tokio::spawn(connection) }
    }

    /// Sends a request, and its body if there is one; gives the answer's head and body.
    async fn send(&mut self, request: Request<()>, body: Option<&str>) -> Result<(Response<()>, String), h2::Error> {
        let (answer, mut sent) = self.requests.clone().ready().await?.send_request(request, body.is_none())?;
        if let Some(body) = body {
            sent.send_data(Bytes::copy_from_slice(body.as_bytes()), true)?;
        }
        read(answer.await?).await
    }

    async fn get(&mut self, url: &str) -> (Response<()>, String) {
        let request = Request::get(url).version(Version::HTTP_2).body(()).expect("a request");
        timeout(PATIENCE, self.send(request, None)).await.expect("in time").expect("an answer")
    }

    /// Begins to send a form and stops half way.
    async fn begin_form(&mut self, url: &str) -> (h2::client::ResponseFuture, SendStream<Bytes>) {
        let request = form(url).header("content-length", FORM.len()).body(()).expect("a request");
        let mut requests = self.requests.clone().ready().await.expect("room for a request");
        let (answer, mut sent) = requests.send_request(request, false).expect("a stream");
        sent.send_data(FORM[..10].into(), false).expect("half a form");
        (answer, sent)
    }

    /// Says that it is there until the server ends the connection; gives how.
    async fn ping_until_the_end(mut self) -> Result<(), h2::Error> {
        let pinging = async { while self.pings.ping(Ping::opaque()).await.is_ok() {} };
        timeout(PATIENCE, async { tokio::join!(pinging, self.connection).1 })
            .await
            .expect("the server ends it")
            .expect("the connection's task")
    }
}

const FORM: &str = "post=999999&name=Omar&text=slow";

fn form(url: &str) -> axum::http::request::Builder {
    Request::post(url).version(Version::HTTP_2).header("content-type", "application/x-www-form-urlencoded")
}

async fn read(answer: Response<RecvStream>) -> Result<(Response<()>, String), h2::Error> {
    let (head, mut body) = answer.into_parts();
    let mut text = Vec::new();
    while let Some(data) = body.data().await {
        let data = data?;
        body.flow_control().release_capacity(data.len())?;
        text.extend_from_slice(&data);
    }
    Ok((Response::from_parts(head, ()), String::from_utf8(text).expect("a text")))
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("a text"))
}

#[test]
fn pages_and_comments_go_over_http2_on_the_same_port() {
    let folder = folder();
    let server = Server::start(folder.path());
    let owner = server.client();
    owner.set_up(&server.setup_path());
    let (path, post) = owner.publish("Durian", &"Opinions, please. ".repeat(4000));
    block_on(async {
        let mut client = Http2::connect(&server.address).await;
        let (head, page) = client.get(&server.url(&path)).await;
        assert_eq!((head.status().as_u16(), head.version()), (200, Version::HTTP_2));
        // Longer than the client's window and than what is taken of it at once.
        assert!(page == owner.get(&path).text && page.len() > 65_535);

        let body = format!("post={post}&name=Omar&text=Over+two");
        let comment =
            |origin: String| form(&server.url("/comments")).header("origin", origin).body(()).expect("a form");
        let sent = client.send(comment(server.url("")), Some(&body)).await.expect("an answer").0;
        assert_eq!(sent.status(), 303);
        // There is no Host header, and the site is known all the same.
        let forged = client.send(comment("http://evil.example".to_owned()), Some(&body)).await.expect("an answer").0;
        assert_eq!(forged.status(), 403);
        let (_, own_page) = client.get(&server.url(value(sent.headers(), "location"))).await;
        assert!(own_page.contains("Over two"), "{own_page}");
    });
    server.stop();
}

#[test]
fn a_request_over_http2_names_one_host() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (url, host) = (server.url("/healthz"), server.address.as_str());
    block_on(async {
        let mut client = Http2::connect(host).await;
        for (url, hosts, status) in [
            (url.as_str(), &[][..], 200),
            (&url, &[host], 200),
            ("/healthz", &[host], 200),
            ("/healthz", &[], 400),
            (&url, &["other.example"], 400),
            (&url, &[host, host], 400),
            (&url, &["no host"], 400),
        ] {
            // The client library lets a request without authority pass when it is of an older version.
            let version = if url.starts_with('/') { Version::HTTP_11 } else { Version::HTTP_2 };
            let mut request = Request::get(url);
            for host in hosts {
                request = request.header("host", *host);
            }
            let request = request.version(version).body(()).expect("a request");
            let (head, _) = timeout(PATIENCE, client.send(request, None)).await.expect("in time").expect("an answer");
            assert_eq!(head.status(), status, "{url} {hosts:?}");
        }
    });
}

#[test]
fn a_preface_that_comes_byte_by_byte_is_not_waited_for() {
    for said in ["P", "PRI", "PRI ", "PRI * HTTP/2.0\r\n\r\nSM\r\n"] {
        with(Patience { head: Duration::from_millis(200), ..Patience::default() }, move |address| {
            let mut slow = Wire::connect(address);
            for byte in said.split_inclusive(|_: char| true) {
                slow.send(byte);
            }
            assert!(slow.is_closed_by_server(), "{said:?}");
        });
    }
}

#[test]
fn a_method_that_begins_like_the_preface_is_a_method() {
    let folder = folder();
    let server = Server::start(folder.path());
    let mut wire = server.connect();
    for part in ["P", "R", "OPFIND /healthz HTTP/1.1\r\nHost: a\r\n\r\n"] {
        wire.send(part);
    }
    assert_eq!(wire.answer(), 405);
}

#[test]
fn a_head_that_is_too_large_is_refused_over_http2_too() {
    let folder = folder();
    let server = Server::start(folder.path());
    block_on(async {
        let mut client = Http2::connect(&server.address).await;
        let large = Request::get(server.url("/healthz")).version(Version::HTTP_2).header("x-large", "x".repeat(20_000));
        let (head, _) = client.send(large.body(()).expect("a request"), None).await.expect("an answer");
        assert_eq!(head.status(), 431);
        // The connection is as good as before.
        assert_eq!(client.get(&server.url("/static/none")).await.0.status(), 404);
    });
}

#[test]
fn a_client_that_only_says_that_it_is_there_is_told_to_go() {
    let short = Duration::from_millis(200);
    with(Patience { idle: short, ..Patience::default() }, move |address| {
        block_on(async {
            let mut client = Http2::connect(address).await;
            assert_eq!(client.get(&format!("http://{address}/healthz")).await.0.status(), 200);
            // It is told (GOAWAY), not cut off.
            assert!(client.ping_until_the_end().await.is_ok());
        });
    });
    // The same before the first request.
    with(Patience { head: short, ..Patience::default() }, move |address| {
        block_on(async { assert!(Http2::connect(address).await.ping_until_the_end().await.is_ok()) });
    });
}

#[test]
fn a_client_that_makes_no_room_for_its_answer_is_cut_off_however_often_it_says_that_it_is_there() {
    let taking = Pace { bytes: 1, time: Duration::from_millis(200) };
    let patience = Patience { taking, head: Duration::from_millis(500), idle: PATIENCE * 2, ..Patience::default() };
    with(patience, |address| {
        let url = format!("http://{address}{}", style_sheet(address));
        block_on(async {
            let mut client = Http2::with_window(address, 0).await;
            let request = Request::get(&url).version(Version::HTTP_2).body(()).expect("a request");
            let (answer, _) = client.requests.send_request(request, true).expect("a stream");
            // Kept: dropping it would tell the server that it is not wanted.
            let answer = timeout(PATIENCE, answer).await.expect("in time").expect("a head");
            assert_eq!(answer.status(), 200);
            let _ = client.ping_until_the_end().await;
        });
    });
}

#[test]
fn more_requests_than_can_be_answered_are_refused_at_once_and_only_then() {
    const CONNECTIONS: usize = 11;
    const STREAMS: usize = 100;
    // Those who fill the house take their time.
    let sending = Pace { bytes: 1, time: PATIENCE * 2 };
    with(Patience { sending, ..Patience::default() }, |address| {
        let (form, page) = (format!("http://{address}/comments"), format!("http://{address}/search"));
        block_on(async {
            let mut visitor = Http2::connect(address).await;
            assert_eq!(visitor.get(&format!("http://{address}/")).await.0.status(), 200);
            let mut crowd = Vec::new();
            for _ in 0..CONNECTIONS {
                let mut client = Http2::connect(address).await;
                let mut streams = Vec::new();
                for _ in 0..STREAMS {
                    streams.push(client.begin_form(&form).await);
                }
                crowd.push((client, streams));
            }
            let full = async {
                loop {
                    let (head, text) = visitor.get(&page).await;
                    if head.status() != 200 {
                        break (head, text);
                    }
                }
            };
            let (head, text) = timeout(PATIENCE, full).await.expect("a full house");
            // What is kept goes out all the same.
            assert_eq!(visitor.get(&format!("http://{address}/")).await.0.status(), 200);
            assert_eq!((head.status().as_u16(), value(head.headers(), "retry-after")), (503, "10"));
            // A page in the blog's own frame, for people.
            assert!(text.contains("<h1"), "{text}");
            drop(crowd);
            timeout(PATIENCE, async { while visitor.get(&page).await.0.status() != 200 {} }).await.expect("room again");
        });
    });
}

#[test]
fn a_stop_finishes_what_is_under_way_over_http2() {
    let folder = folder();
    let mut server = Server::start(folder.path());
    server.client().set_up(&server.setup_path());
    block_on(async {
        let mut client = Http2::connect(&server.address).await;
        let (answer, mut sent) = client.begin_form(&server.url("/comments")).await;
        // An answer to a later request: the form has reached the server.
        assert_eq!(client.get(&server.url("/healthz")).await.0.status(), 200);
        server.signal("TERM");
        until("the listener closes", || server.is_closed());
        sent.send_data(FORM[10..].into(), true).expect("the rest");
        // There is no such post: the handler has run to its end.
        let answer = timeout(PATIENCE, answer).await.expect("in time").expect("an answer");
        assert_eq!(read(answer).await.expect("a page").0.status(), 404);
        let end = timeout(PATIENCE, client.connection).await.expect("the connection ends").expect("its task");
        assert!(end.is_ok(), "{end:?}");
    });
    assert_eq!(server.wait().code(), Some(0), "{}", server.log());
}
