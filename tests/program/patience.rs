//! Clients that are slow, or only there, are borne so long and no longer; and nobody else waits for them.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use laman::{
    app::App,
    cli::serve::{Pace, Patience, serve},
    clock::Clock,
    model::{language::Language, mail::MailConfig, settings::Settings},
    store::Store,
    web::{self, Keeping},
};
use tokio::net::TcpSocket;

use crate::program::support::{PATIENCE, Wire, block_on, folder, until};

/// Runs `visit` against the program's own accept loop, with other limits than the program's.
pub fn with(patience: Patience, visit: impl FnOnce(&str) + Send + 'static) {
    let folder = folder();
    block_on(async {
        let store = Store::open(&folder.path().join("laman.db")).await.expect("a database");
        store.save_settings(&Settings::initial(Language::ENGLISH)).await.expect("a blog");
        let socket = TcpSocket::new_v4().expect("a socket");
        // What the system keeps of an answer is inherited by each connection; little, so that tests soon fill it.
        socket.set_send_buffer_size(4096).expect("a small buffer");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
        let listener = socket.listen(1024).expect("a listener");
        let address = listener.local_addr().expect("its address").to_string();
        let base = url::Url::parse(&format!("http://{address}")).expect("an address");
        let app = App::new(store.clone(), Clock::System, &base, Vec::new(), None, MailConfig::default());
        let front = web::front(app, Keeping::default());
        let visiting = tokio::task::spawn_blocking(move || visit(&address));
        tokio::select! {
            () = serve(listener, front, patience, async || std::future::pending().await) => {}
            visited = visiting => visited.expect("the visit"),
        }
        store.close().await;
    });
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

fn visit(address: &str, path: &str) -> u16 {
    let mut wire = Wire::connect(address);
    wire.send(&get(path, address));
    wire.answer()
}

/// The address of the largest file that the program has in itself.
pub fn style_sheet(address: &str) -> String {
    let mut page = ureq::get(format!("http://{address}/admin/sign-in"))
        .config()
        .http_status_as_error(false)
        .build()
        .call()
        .expect("a page");
    let page = page.body_mut().read_to_string().expect("its text");
    let link = page.split("rel=\"stylesheet\" href=\"").nth(1).expect("a style sheet");
    link.split('"').next().expect("its address").to_owned()
}

#[test]
fn a_client_that_sends_its_head_byte_by_byte_is_cut_off() {
    let head = Duration::from_millis(300);
    with(Patience { head, ..Patience::default() }, move |address| {
        let mut slow = Wire::connect(address);
        slow.send("GET /healthz HTTP/1.1\r\nHost: blog.example\r\nX-Slow: ");
        let began = Instant::now();
        // Every byte comes in time, the head as a whole does not.
        while !slow.is_closed_within(Duration::from_millis(20)) {
            let _ = slow.try_send("x");
            assert!(began.elapsed() < PATIENCE, "it is still listened to");
        }
        assert!(began.elapsed() >= head);
        assert_eq!(visit(address, "/healthz"), 200);
    });
}

#[test]
fn a_connection_on_which_nothing_is_said_is_closed_before_the_first_request_and_after_one() {
    let (head, idle) = (Duration::from_millis(200), Duration::from_millis(200));
    with(Patience { head, idle, ..Patience::default() }, |address| {
        let mut unused = Wire::connect(address);
        let mut used = Wire::connect(address);
        used.send(&get("/healthz", address));
        assert_eq!(used.answer(), 200);
        assert!(unused.is_closed_by_server());
        assert!(used.is_closed_by_server());
    });
}

#[test]
fn a_client_that_takes_nothing_of_its_answers_is_cut_off() {
    const ASKED: usize = 5000;
    let taking = Pace { bytes: 1, time: Duration::from_millis(300) };
    with(Patience { taking, ..Patience::default() }, |address| {
        let style = style_sheet(address);
        let mut deaf = Wire::connect(address);
        // More answers than the system keeps for both sides.
        let _ = deaf.try_send(&get(&style, address).repeat(ASKED));
        until("the server gives up", || deaf.try_send("\r\n").is_err());
        assert_eq!(visit(address, "/healthz"), 200);
    });
}

#[test]
fn more_connections_than_there_are_places_wait_for_one_and_are_served() {
    with(Patience { connections: 2, idle_when_short: PATIENCE, ..Patience::default() }, |address| {
        let (first, _second) = (Wire::connect(address), Wire::connect(address));
        let mut third = Wire::connect(address);
        third.send(&get("/healthz", address));
        assert!(!third.says_something_within(Duration::from_millis(300)));
        drop(first);
        assert_eq!(third.answer(), 200);
    });
}

#[test]
fn a_head_that_stops_half_way_is_not_waited_for_as_long_as_the_next_request() {
    let head = Duration::from_millis(200);
    with(Patience { head, idle: PATIENCE * 2, ..Patience::default() }, |address| {
        let mut wire = Wire::connect(address);
        wire.send(&get("/healthz", address));
        assert_eq!(wire.answer(), 200);
        wire.send("GET /healthz HTTP/1.1\r\n");
        assert!(wire.is_closed_by_server());
    });
}

#[test]
fn a_client_that_takes_a_little_of_its_answers_now_and_then_is_cut_off() {
    const ASKED: usize = 2000;
    // It takes something in each stretch of time, but never so much, however fast it is.
    let taking = Pace { bytes: u64::MAX, time: Duration::from_millis(300) };
    with(Patience { taking, ..Patience::default() }, |address| {
        let request = get(&style_sheet(address), address).repeat(ASKED);
        let stream = block_on(async {
            let socket = TcpSocket::new_v4().expect("a socket");
            socket.set_recv_buffer_size(4096).expect("a small buffer");
            socket.connect(address.parse().expect("an address")).await.expect("a connection").into_std()
        });
        let mut slow = stream.expect("a stream");
        slow.set_nonblocking(false).expect("one that waits");
        slow.set_read_timeout(Some(PATIENCE)).expect("a limit");
        let mut asking = slow.try_clone().expect("the same stream");
        // The server stops reading while its answers are not taken.
        let asking = std::thread::spawn(move || asking.write_all(request.as_bytes()));
        let mut taken = 0;
        until("the server gives up", || match slow.read(&mut [0; 512]) {
            Ok(0) => true,
            Ok(bytes) => {
                taken += bytes;
                std::thread::sleep(Duration::from_millis(1));
                false
            }
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
                true
            }
        });
        let _ = asking.join().expect("a thread");
        // Far from all.
        assert!(taken < ASKED * 4096, "{taken}");
        assert_eq!(visit(address, "/healthz"), 200);
    });
}

#[test]
fn a_client_that_sends_its_body_byte_by_byte_is_told_that_it_did_not_arrive() {
    let sending = Pace { bytes: 1000, time: Duration::from_millis(300) };
    with(Patience { sending, ..Patience::default() }, move |address| {
        let mut slow = Wire::connect(address);
        slow.send(&format!(
            "POST /comments HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100000\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\npost=1&text="
        ));
        let began = Instant::now();
        while !slow.says_something_within(Duration::from_millis(20)) {
            let _ = slow.try_send("x");
            assert!(began.elapsed() < PATIENCE, "it is still listened to");
        }
        assert_eq!(slow.answer(), 400);
        assert!(slow.is_closed_by_server());
        assert!(began.elapsed() >= sending.time);
    });
}

#[test]
fn while_places_are_short_those_who_ask_nothing_make_room() {
    let (head, idle) = (PATIENCE * 2, PATIENCE * 2);
    let idle_when_short = Duration::from_millis(100);
    with(Patience { connections: 2, head, idle, idle_when_short, ..Patience::default() }, |address| {
        let (mut used, mut unused) = (Wire::connect(address), Wire::connect(address));
        used.send(&get("/healthz", address));
        assert_eq!(used.answer(), 200);
        assert_eq!(visit(address, "/healthz"), 200);
        assert!(used.is_closed_by_server() && unused.is_closed_by_server());
    });
}
