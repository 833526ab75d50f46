//! The system's limit of open files: what happens below it, and at it.

use std::process::{Command, Stdio};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use crate::program::{
    stop::half_sent,
    support::{Server, Wire, folder, laman, until},
};

fn healthz(server: &Server) -> String {
    format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address)
}

#[test]
fn idle_clients_that_use_up_a_small_limit_of_open_files_do_not_keep_others_out() {
    const FILES: usize = 80;
    let folder = folder();
    let program = laman(folder.path(), &[]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -n {FILES} && exec \"$0\" --listen 127.0.0.1:0")])
        .arg(program.get_program())
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null());
    let server = Server::start_as(limited);
    server.client().set_up(&server.setup_path());
    let idle: Vec<Wire> = (0..FILES).map(|_| server.connect()).collect();
    let mut late = server.connect();
    late.send(&healthz(&server));
    assert_eq!(late.answer(), 200);
    assert!(!server.log().contains("no further connections"), "{}", server.log());
    drop(idle);
}

#[test]
fn without_a_file_for_a_new_connection_it_waits_what_is_under_way_is_served_and_idle_ones_go() {
    let folder = folder();
    let server = Server::start(folder.path());
    server.client().set_up(&server.setup_path());
    let mut idle = server.connect();
    idle.send(&healthz(&server));
    assert_eq!(idle.answer(), 200);
    let (mut under_way, rest) = half_sent(&server);
    let process = Pid::from_raw(server.id().try_into().expect("a process id")).expect("a process");
    let all = getrlimit(Resource::Nofile);
    let limit = |current| {
        prlimit(Some(process), Resource::Nofile, Rlimit { current, maximum: all.maximum }).expect("a limit");
    };
    limit(Some(3));
    let mut late = server.connect();
    late.send(&healthz(&server));
    let refusals = || server.log().matches("no further connections can be taken").count();
    until("it says what is wrong", || refusals() == 1);
    under_way.send(rest);
    assert_eq!(under_way.answer(), 404);
    // It tries many times more until those who ask nothing have gone, and does not say so each time.
    assert!(idle.is_closed_by_server());
    assert_eq!(refusals(), 1);
    limit(all.maximum);
    assert_eq!(late.answer(), 200);
    until("it says that all is well", || server.log().contains("connections are taken again"));
    server.stop();
}
