//! Two hundred people comment under one post, others read it, and the server is killed in the midst of it.

use std::{
    cell::RefCell,
    ffi::OsString,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    rc::Rc,
    time::Duration,
};

use sqlx::Connection;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::LocalSet,
    time::{Instant, sleep, sleep_until},
};

use super::{Result, comments::connect};

/// Everybody has an address of their own …
const PEOPLE: u32 = 200;
/// … and comments once in so long.
const EACH: Duration = Duration::from_secs(1);
/// Of so many comments one is looked for where its own address leads.
const LOOKED_AT: u32 = 10;
/// A reader asks again so long after the last answer.
const READING: Duration = Duration::from_millis(10);
/// Whoever is led further than this is led astray.
const REDIRECTS: usize = 4;
/// So often a comment may be pushed on while it is looked for.
const PUSHES: usize = 3;

/// What became of it.
#[derive(Default)]
struct Seen {
    /// Id and text of what was acknowledged.
    acknowledged: Vec<(i64, String)>,
    /// How many of them their authors saw on the page at once.
    shown: u64,
    /// Microseconds of each.
    comments: Vec<u128>,
    reads: Vec<u128>,
    is_over: bool,
}

/// Starts `server` on `database` and has everybody comment and read for `time`; prints what became of it, as assignments for
/// a shell.
pub fn run(database: &Path, time: Duration, server: &[OsString]) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let path = runtime.block_on(open_to_all(database))?;
    let (mut child, address) = start(server, database)?;
    let seen = Rc::new(RefCell::new(Seen::default()));
    let came = LocalSet::new().block_on(&runtime, come(address, &path, time, &seen, &mut child));
    child.kill()?;
    child.wait()?;
    came?;
    let mut seen = seen.take();
    runtime.block_on(all_are_there(database, &seen.acknowledged))?;
    println!(
        "kept={} rate={:.0} shown={} read={} read_p50={} read_p99={} comment_p99={}",
        seen.acknowledged.len(),
        seen.acknowledged.len() as f64 / time.as_secs_f64(),
        seen.shown,
        seen.reads.len(),
        percentile(&mut seen.reads, 50),
        percentile(&mut seen.reads, 99),
        percentile(&mut seen.comments, 99),
    );
    Ok(())
}

/// Publishes whatever comes; gives the path of the newest post.
async fn open_to_all(database: &Path) -> Result<String> {
    let mut connection = connect(database).await?;
    sqlx::query("UPDATE settings SET comment_hold = 'none', storm_at = 0, hold_at = 1000, spam_at = 1000")
        .execute(&mut connection)
        .await?;
    let path =
        sqlx::query_scalar("SELECT id || ' ' || path FROM post WHERE month IS NOT NULL ORDER BY id DESC LIMIT 1")
            .fetch_one(&mut connection)
            .await?;
    connection.close().await?;
    Ok(path)
}

/// Limits count by network: each of the people speaks for another one with every comment, as a proxy would.
fn start(server: &[OsString], database: &Path) -> Result<(Child, SocketAddr)> {
    let [program, args @ ..] = server else { return Err("no server is named".into()) };
    let mut child = Command::new(program)
        .args(args)
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-level",
            "warn",
            "--trusted-proxies",
            "127.0.0.0/8",
            "--database",
        ])
        .arg(database)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let said = child.stdout.take().ok_or("the server has no standard output")?;
    BufReader::new(said).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
    match address {
        Some(address) => Ok((child, address)),
        None => {
            child.kill()?;
            Err("the server did not say where it listens".into())
        }
    }
}

/// Kills the server while everybody is at it.
async fn come(
    address: SocketAddr,
    post: &str,
    time: Duration,
    seen: &Rc<RefCell<Seen>>,
    child: &mut Child,
) -> Result<()> {
    let (id, path) = post.split_once(' ').ok_or("no post")?;
    let begin = Instant::now() + Duration::from_millis(300);
    let mut tasks = Vec::new();
    for person in 0..PEOPLE {
        let (seen, id) = (seen.clone(), id.to_owned());
        tasks.push(tokio::task::spawn_local(comment(address, person, id, begin, seen)));
    }
    let (reader, path) = (seen.clone(), format!("/{path}"));
    tasks.push(tokio::task::spawn_local(async move {
        let mut connection = Wire::open(address, [127, 0, 2, 1]).await?;
        while !reader.borrow().is_over {
            let asked = Instant::now();
            let Ok(answer) = connection.get(&path).await else { break };
            answer.expect(200)?;
            reader.borrow_mut().reads.push(asked.elapsed().as_micros());
            sleep(READING).await;
        }
        Ok(())
    }));
    sleep_until(begin + time).await;
    child.kill()?;
    seen.borrow_mut().is_over = true;
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// One person, until there is nobody to write to.
async fn comment(
    address: SocketAddr,
    person: u32,
    post: String,
    begin: Instant,
    seen: Rc<RefCell<Seen>>,
) -> Result<()> {
    let mut connection = Wire::open(address, [127, 0, 1, u8::try_from(person + 1)?]).await?;
    for round in 0.. {
        sleep_until(begin + EACH * round + EACH * person / PEOPLE).await;
        if seen.borrow().is_over {
            break;
        }
        let text = format!("What {person} has to say for the time number {round}");
        let body = format!("post={post}&name=Person+{person}&text={}", text.replace(' ', "+"));
        let network = format!("10.{person}.{}.1", round % 256);
        let asked = Instant::now();
        let Ok(answer) = connection.post("/comments", &network, &body).await else { break };
        answer.expect(303)?;
        let id = answer.location.rsplit('-').next().and_then(|id| id.parse().ok()).ok_or("no comment is named")?;
        {
            let mut seen = seen.borrow_mut();
            seen.comments.push(asked.elapsed().as_micros());
            seen.acknowledged.push((id, text.clone()));
        }
        if (round * PEOPLE + person).is_multiple_of(LOOKED_AT) {
            match is_shown(&mut connection, id, &text).await {
                Ok(true) => seen.borrow_mut().shown += 1,
                Ok(false) => return Err(format!("comment {id} is not where its own address leads").into()),
                Err(_) => break,
            }
        }
    }
    Ok(())
}

/// Whether a comment stands where its address leads. One that was sent a moment earlier and kept a moment later goes before
/// it, and may push it into the next part of the thread after its address was told: then it is asked for again.
async fn is_shown(connection: &mut Wire, id: i64, text: &str) -> Result<bool> {
    for _ in 0..PUSHES {
        let page = connection.follow(&format!("/comments/{id}?place")).await?;
        if page.body.contains(&format!("id=\"comment-{id}\"")) && page.body.contains(text) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks for every one in the database.
async fn all_are_there(database: &Path, acknowledged: &[(i64, String)]) -> Result<()> {
    let mut connection = connect(database).await?;
    for (id, text) in acknowledged {
        let kept: Option<String> =
            sqlx::query_scalar("SELECT source FROM comment WHERE id = $1 AND state = 'approved'")
                .bind(id)
                .fetch_optional(&mut connection)
                .await?;
        if kept.as_ref() != Some(text) {
            return Err(format!("comment {id} was acknowledged and is not in the database").into());
        }
    }
    connection.close().await?;
    Ok(())
}

fn percentile(times: &mut [u128], percent: usize) -> u128 {
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// An answer, as far as it is looked at.
struct Answer {
    status: u16,
    location: String,
    body: String,
}

impl Answer {
    fn expect(&self, status: u16) -> Result<()> {
        if self.status == status { Ok(()) } else { Err(format!("an answer of {}: {}", self.status, self.body).into()) }
    }
}

/// One connection over HTTP/1.1 from an address of this machine's own, kept open.
struct Wire(TcpStream);

impl Wire {
    async fn open(to: SocketAddr, from: [u8; 4]) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        socket.set_nodelay(true)?;
        Ok(Self(socket.connect(to).await?))
    }

    async fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: blog\r\n\r\n")).await
    }

    async fn post(&mut self, path: &str, network: &str, body: &str) -> Result<Answer> {
        let length = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: blog\r\nX-Forwarded-For: {network}\r\nContent-Length: {length}");
        self.ask(&format!("{head}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{body}")).await
    }

    /// Where a path leads in the end.
    async fn follow(&mut self, path: &str) -> Result<Answer> {
        let mut answer = self.get(path).await?;
        for _ in 0..REDIRECTS {
            if answer.status == 200 {
                return Ok(answer);
            }
            answer.expect(303)?;
            let to = answer.location.split('#').next().unwrap_or_default().to_owned();
            answer = self.get(&to).await?;
        }
        Err("too many redirects".into())
    }

    async fn ask(&mut self, request: &str) -> Result<Answer> {
        self.0.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.read(&mut bytes).await?;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(has, _)| has.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
        let length: usize = header("content-length").map_or(Ok(0), |length| length.parse())?;
        while bytes.len() < end + length {
            self.read(&mut bytes).await?;
        }
        let body = String::from_utf8_lossy(&bytes[end..]).into_owned();
        Ok(Answer { status, location: header("location").unwrap_or_default(), body })
    }

    async fn read(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        match self.0.read_buf(bytes).await? {
            0 => Err("the connection ended".into()),
            _ => Ok(()),
        }
    }
}
