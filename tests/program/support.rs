//! The real program in a folder of its own: starts it, talks to it, signals it. Nothing here waits by the clock alone;
//! whatever is waited for is asked for again until it is there, or [`PATIENCE`] ends and the test fails.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

/// The longest that anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const EMAIL: &str = "aminah@blog.example";
pub const PASSWORD: &str = "tujuh burung di atas pagar";

/// Asks until the answer is yes.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

/// The program, about to start in `folder` and in an empty environment.
pub fn laman(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_laman"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// What a command said, and how it ended.
pub struct Ended {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// One line on standard error, none on standard output, exit status 1: gives the line.
    #[track_caller]
    pub fn refusal(&self) -> &str {
        assert_eq!((self.status.code(), self.out.as_str()), (Some(1), ""), "{}", self.err);
        let line = self.err.strip_suffix('\n').expect("a whole line");
        assert!(!line.contains('\n') && line.starts_with("laman: "), "{line}");
        line
    }

    /// What it printed, having ended well.
    #[track_caller]
    pub fn printed(&self) -> &str {
        assert!(self.status.success(), "{}: {}{}", self.status, self.out, self.err);
        &self.out
    }
}

/// Runs a command to its end.
pub fn run(folder: &Path, args: &[&str]) -> Ended {
    finish(laman(folder, args), "")
}

/// Runs a command to its end with `input` on standard input.
pub fn finish(mut command: Command, input: &str) -> Ended {
    let mut child = Running(
        command
            .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts"),
    );
    let (out, err) = (gather(child.0.stdout.take()), gather(child.0.stderr.take()));
    if let Some(mut stdin) = child.0.stdin.take() {
        // A command that refuses its flags does not read.
        let _ = stdin.write_all(input.as_bytes());
    }
    let status = child.wait();
    Ended { status, out: out.join().expect("its output"), err: err.join().expect("its errors") }
}

/// Reads a pipe to its end on a thread of its own, so that neither pipe can fill up.
fn gather(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        let _ = pipe.expect("a pipe").read_to_string(&mut text);
        text
    })
}

/// A process that does not outlive its test.
pub struct Running(pub Child);

impl Running {
    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        until("the program ends", || {
            status = self.0.try_wait().expect("the state of the process");
            status.is_some()
        });
        status.expect("a status")
    }

    pub fn signal(&self, name: &str) {
        signal(name, self.0.id());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends a signal, by the shell's own `kill`.
pub fn signal(name: &str, process: u32) {
    let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {process}")).status().expect("a shell");
    assert!(sent.success(), "no process {process}");
}

/// A server that listens.
pub struct Server {
    running: Running,
    /// `127.0.0.1:PORT`
    pub address: String,
    lines: Receiver<String>,
    log: Arc<Mutex<String>>,
}

impl Server {
    pub fn start(folder: &Path) -> Self {
        Self::start_as(laman(folder, &["--listen", "127.0.0.1:0"]))
    }

    #[track_caller]
    pub fn start_as(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (kept, stderr) = (log.clone(), child.stderr.take().expect("a pipe"));
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut log = kept.lock().expect("the log");
                log.push_str(&line);
                log.push('\n');
            }
        });
        let (said, lines) = channel();
        let stdout = child.stdout.take().expect("a pipe");
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        let mut server = Self { running: Running(child), address: String::new(), lines, log };
        let first = server.line();
        let address = first.strip_prefix("listening on http://").unwrap_or_else(|| panic!("first line: {first}"));
        server.address = address.to_owned();
        server
    }

    /// The next line of its output.
    #[track_caller]
    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no further line; it says {:?}", self.log()))
    }

    /// The path of the set-up link, which is the second line of its output.
    #[track_caller]
    pub fn setup_path(&self) -> String {
        let line = self.line();
        let link = line.strip_prefix("set up your blog: ").unwrap_or_else(|| panic!("second line: {line}"));
        link.strip_prefix(&format!("http://{}", self.address)).expect("a link to this server").to_owned()
    }

    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn client(&self) -> Client {
        Client::of(&format!("http://{}", self.address))
    }

    pub fn connect(&self) -> Wire {
        Wire::connect(&self.address)
    }

    /// Whether new connections are refused.
    pub fn is_closed(&self) -> bool {
        TcpStream::connect(&self.address).is_err()
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.running.0.id()
    }

    pub fn signal(&self, name: &str) {
        self.running.signal(name);
    }

    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        self.running.wait()
    }

    /// Asks it to end and sees that it ends well.
    #[track_caller]
    pub fn stop(mut self) {
        self.signal("TERM");
        let status = self.wait();
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }

    /// Pulls the plug.
    pub fn kill(mut self) {
        let _ = self.running.0.kill();
        self.wait();
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}{}", self.location, self.text);
        self
    }

    /// The value of a hidden field.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> &str {
        let start = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let at = self.text.find(&start).unwrap_or_else(|| panic!("no field {name} in {}", self.text)) + start.len();
        self.text[at..].split('"').next().expect("a value")
    }
}

/// A browser of sorts: keeps its cookie, follows nothing.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    cookie: RefCell<Option<String>>,
    forwarded_for: RefCell<Option<String>>,
}

impl Client {
    fn of(base: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        Self { agent, base: base.to_owned(), cookie: RefCell::new(None), forwarded_for: RefCell::default() }
    }

    /// From now on it says, as a proxy would, that it speaks for `address`.
    pub fn speak_for(&self, address: String) {
        *self.forwarded_for.borrow_mut() = Some(address);
    }

    /// The same client, cookie and all, at a server's new address.
    pub fn at(mut self, server: &Server) -> Self {
        self.base = format!("http://{}", server.address);
        self
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.try_get(path).unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    pub fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(cookie) = &*self.cookie.borrow() {
            request = request.header("cookie", cookie);
        }
        self.read(request.call()?)
    }

    /// To where an answer leads, however often.
    pub fn try_follow(&self, mut answer: Answer) -> Result<Answer, ureq::Error> {
        while answer.status == 303 {
            answer = self.try_get(answer.location.split('#').next().unwrap_or_default())?;
        }
        Ok(answer)
    }

    #[track_caller]
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.try_post(path, form).unwrap_or_else(|error| panic!("POST {path}: {error}"))
    }

    pub fn try_post(&self, path: &str, form: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(cookie) = &*self.cookie.borrow() {
            request = request.header("cookie", cookie);
        }
        if let Some(address) = &*self.forwarded_for.borrow() {
            request = request.header("x-forwarded-for", address);
        }
        self.read(request.send_form(form.iter().copied())?)
    }

    /// Sends a file of so many bytes as a script does.
    #[track_caller]
    pub fn upload(&self, name: &str, file: impl Read, length: u64) -> Answer {
        let head = format!("--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let tail = "\r\n--part--\r\n";
        let length = length + (head.len() + tail.len()) as u64;
        let mut body = head.as_bytes().chain(file).chain(tail.as_bytes());
        let mut request =
            self.agent.post(format!("{}/admin/media", self.base)).config().timeout_global(Some(10 * PATIENCE)).build();
        if let Some(cookie) = &*self.cookie.borrow() {
            request = request.header("cookie", cookie);
        }
        let request = request
            .header("content-type", "multipart/form-data; boundary=part")
            .header("content-length", length.to_string())
            .header("accept", "application/json");
        let response = request.send(ureq::SendBody::from_reader(&mut body)).expect("the upload");
        self.read(response).expect("an answer")
    }

    /// A file, as it comes.
    #[track_caller]
    pub fn download(&self, path: &str) -> impl Read + use<> {
        let response = self
            .agent
            .get(format!("{}{path}", self.base))
            .config()
            .timeout_global(Some(10 * PATIENCE))
            .build()
            .call()
            .expect("the file");
        assert_eq!(response.status().as_u16(), 200);
        response.into_body().into_reader()
    }

    fn read(&self, mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap_or_default().to_owned());
        if let Some(cookie) = header("set-cookie") {
            *self.cookie.borrow_mut() = cookie.split(';').next().map(str::to_owned);
        }
        let (status, location) = (response.status().as_u16(), header("location").unwrap_or_default());
        Ok(Answer { status, location, text: response.body_mut().read_to_string()? })
    }

    /// Sets the blog up and is signed in as its owner afterwards.
    #[track_caller]
    pub fn set_up(&self, setup_path: &str) {
        let form = [
            ("title", "Aminah’s garden"),
            ("language", "en"),
            ("zone", "Asia/Kuala_Lumpur"),
            ("name", "Aminah"),
            ("email", EMAIL),
            ("password", PASSWORD),
        ];
        self.post(setup_path, &form).expect(303);
    }

    #[track_caller]
    pub fn sign_in(&self, password: &str) -> Answer {
        self.post("/admin/sign-in", &[("email", EMAIL), ("password", password)])
    }

    pub fn is_signed_in(&self) -> bool {
        self.get("/admin/posts").status == 200
    }

    /// Publishes a post; gives its path and the id that comments name it by.
    #[track_caller]
    pub fn publish(&self, title: &str, text: &str) -> (String, String) {
        let form = [
            ("kind", "post"),
            ("version", "0"),
            ("title", title),
            ("text", text),
            ("comments", "open"),
            ("action", "publish"),
        ];
        self.post("/admin/posts", &form).expect(303);
        let home = self.get("/").expect(200).text;
        let link = home.split("class=\"u-url\" href=\"").nth(1).expect("a post on the home page");
        let path = link.split('"').next().expect("its path").to_owned();
        let id = self.get(&path).expect(200).hidden("post").to_owned();
        (path, id)
    }
}

/// A connection on which a test says exactly what it likes.
pub struct Wire {
    stream: BufReader<TcpStream>,
}

impl Wire {
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
        Self { stream: BufReader::new(stream) }
    }

    #[track_caller]
    pub fn send(&mut self, text: &str) {
        self.try_send(text).expect("the server takes it");
    }

    pub fn try_send(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.get_mut().write_all(text.as_bytes())
    }

    /// The status of the next answer, whose head and body are read whole; 0 when the connection was closed instead.
    #[track_caller]
    pub fn answer(&mut self) -> u16 {
        let head = self.head();
        let length: usize =
            head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or_default();
        self.stream.read_exact(&mut vec![0; length]).expect("a whole body");
        status(&head)
    }

    /// The status of an interim answer, which has no body.
    #[track_caller]
    pub fn interim(&mut self) -> u16 {
        status(&self.head())
    }

    fn head(&mut self) -> Vec<String> {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            // A connection that is reset has been closed too.
            match self.stream.read_line(&mut line) {
                Ok(0) => return head,
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return Vec::new(),
                Ok(_) if line == "\r\n" => return head,
                Ok(_) => head.push(line.trim_end().to_ascii_lowercase()),
                Err(error) => panic!("no answer: {error}"),
            }
        }
    }

    /// Whether the server closes the connection, rather than wait for more.
    pub fn is_closed_by_server(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.stream.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// Whether the server closes the connection within this time, having said nothing.
    pub fn is_closed_within(&mut self, time: Duration) -> bool {
        match self.glance(time) {
            Ok(said) => said == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// Whether the server says anything within this time.
    pub fn says_something_within(&mut self, time: Duration) -> bool {
        self.glance(time).is_ok_and(|said| said > 0)
    }

    /// How many bytes there are to read within this time; 0 at the end.
    fn glance(&mut self, time: Duration) -> std::io::Result<usize> {
        self.stream.get_ref().set_read_timeout(Some(time))?;
        let said = self.stream.fill_buf().map(<[u8]>::len);
        self.stream.get_ref().set_read_timeout(Some(PATIENCE))?;
        said
    }
}

fn status(head: &[String]) -> u16 {
    head.first().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default()
}

/// Asks the database a question that has one number for an answer.
#[track_caller]
pub fn count(database: &Path, question: &'static str) -> i64 {
    ask(database, question).unwrap_or_else(|error| panic!("{question}: {error}"))
}

/// The same, of a database that may not be there yet.
pub fn ask(database: &Path, question: &'static str) -> Result<i64, sqlx::Error> {
    use sqlx::ConnectOptions;
    block_on(async {
        let mut database = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(database)
            .busy_timeout(Duration::from_secs(5))
            .connect()
            .await?;
        sqlx::query_scalar(question).fetch_one(&mut database).await
    })
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
