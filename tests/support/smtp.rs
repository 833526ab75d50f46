//! A mail server on a socket of this machine: it speaks SMTP, keeps what it takes, and refuses when it is told to.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::Notify,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// When a server begins to encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    FirstByte,
    WhenAsked,
}

/// An authority of somebody's own, made for one test.
pub struct Authority {
    /// Its certificate.
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "An authority of our own");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// What a server of this name answers with.
    pub(super) fn acceptor(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config).into()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A mail that the server took.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// Head and body as they came.
    pub raw: String,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    /// Answers to the next commands that begin with the word, instead of the usual one.
    refusals: Vec<(&'static str, String)>,
    wants: Option<(String, String)>,
    sign_ins: usize,
    /// Commands that came unencrypted.
    in_clear: Vec<String>,
}

/// Listens until it is dropped.
#[derive(Clone)]
pub struct MailServer {
    pub port: u16,
    state: Arc<Mutex<State>>,
    has_taken: Arc<Notify>,
}

impl MailServer {
    pub async fn start() -> Self {
        Self::listen(None, None).await
    }

    /// One that encrypts, with a certificate for `name` by this authority.
    pub async fn with_tls(tls: Tls, authority: &Authority, name: &str) -> Self {
        Self::listen(None, Some((tls, authority.acceptor(name)))).await
    }

    /// One that takes mail only from whoever signs in.
    pub async fn with_sign_in(user: &str, password: &str) -> Self {
        Self::listen(Some((user.to_owned(), password.to_owned())), None).await
    }

    async fn listen(wants: Option<(String, String)>, tls: Option<(Tls, TlsAcceptor)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { wants, ..State::default() }));
        let has_taken = Arc::new(Notify::new());
        let (of_all, taken) = (state.clone(), has_taken.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (state, taken, tls) = (of_all.clone(), taken.clone(), tls.clone());
                // Whoever hangs up in the middle of it ends the conversation, and nothing else.
                tokio::spawn(async move { drop(converse(Box::new(socket), tls, &state, &taken).await) });
            }
        });
        Self { port, state, has_taken }
    }

    /// Answers so to the next command that begins with `command`.
    pub fn refuse(&self, command: &'static str, answer: &str) {
        self.state.lock().unwrap().refusals.push((command, answer.to_owned()));
    }

    /// What it has taken so far, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    /// The one mail that it has taken.
    pub fn only(&self) -> Taken {
        let mut taken = self.taken();
        assert_eq!(taken.len(), 1, "{taken:#?}");
        taken.remove(0)
    }

    /// Waits until it has taken one more.
    pub async fn next(&self) {
        self.has_taken.notified().await;
    }

    /// Forgets what it has taken.
    pub fn empty(&self) -> Vec<Taken> {
        std::mem::take(&mut self.state.lock().unwrap().taken)
    }

    /// Commands that came before anything was encrypted.
    pub fn in_clear(&self) -> Vec<String> {
        self.state.lock().unwrap().in_clear.clone()
    }

    pub fn sign_ins(&self) -> usize {
        self.state.lock().unwrap().sign_ins
    }
}

async fn converse(
    mut stream: Box<dyn Stream>,
    tls: Option<(Tls, TlsAcceptor)>,
    state: &Mutex<State>,
    has_taken: &Notify,
) -> std::io::Result<()> {
    let mut offered = None;
    let mut is_encrypted = false;
    match tls {
        Some((Tls::FirstByte, acceptor)) => {
            stream = Box::new(acceptor.accept(stream).await?);
            is_encrypted = true;
        }
        Some((Tls::WhenAsked, acceptor)) => offered = Some(acceptor),
        None => {}
    }
    let mut socket = BufReader::new(stream);
    socket.write_all(b"220 mail.example ready\r\n").await?;
    let (mut from, mut to, mut is_known) = (String::new(), String::new(), false);
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        if !is_encrypted {
            state.lock().unwrap().in_clear.push(command.clone());
        }
        let refusal = {
            let mut state = state.lock().unwrap();
            let at = state.refusals.iter().position(|(word, _)| command.starts_with(word));
            at.map(|at| state.refusals.remove(at).1)
        };
        let wants = state.lock().unwrap().wants.clone();
        let may_send = wants.is_none() || is_known;
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            _ if refusal.is_some() => refusal.unwrap_or_default(),
            "EHLO" if offered.is_some() => "250-mail.example\r\n250 STARTTLS".to_owned(),
            "STARTTLS" if let Some(acceptor) = offered.take() => {
                socket.write_all(b"220 go on\r\n").await?;
                socket = BufReader::new(Box::new(acceptor.accept(socket.into_inner()).await?));
                is_encrypted = true;
                continue;
            }
            "STARTTLS" => "502 not here".to_owned(),
            "EHLO" if wants.is_some() => "250-mail.example\r\n250 AUTH PLAIN".to_owned(),
            "EHLO" => "250 mail.example".to_owned(),
            "AUTH" => {
                let told = wants.map(|(user, password)| format!("AUTH PLAIN {}", plain(&user, &password)));
                is_known = told.as_deref() == Some(command.as_str());
                state.lock().unwrap().sign_ins += 1;
                if is_known { "235 welcome".to_owned() } else { "535 5.7.8 wrong user name or password".to_owned() }
            }
            "MAIL" if !may_send => "530 5.7.0 sign in first".to_owned(),
            "MAIL" => {
                from = address(&command);
                "250 ok".to_owned()
            }
            "RCPT" => {
                to = address(&command);
                "250 ok".to_owned()
            }
            "DATA" => {
                socket.write_all(b"354 go on\r\n").await?;
                let mut raw = String::new();
                loop {
                    let mut line = String::new();
                    if socket.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                let number = {
                    let mut state = state.lock().unwrap();
                    state.taken.push(Taken { from: from.clone(), to: to.clone(), raw });
                    state.taken.len()
                };
                has_taken.notify_one();
                format!("250 2.0.0 taken as number {number}")
            }
            "QUIT" => {
                socket.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok".to_owned(),
        };
        socket.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// What stands between `<` and `>`.
fn address(command: &str) -> String {
    command.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

/// RFC 4616, in base64.
fn plain(user: &str, password: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = format!("\0{user}\0{password}").into_bytes();
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, at| number << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let digit = char::from(DIGITS[(number >> (18 - 6 * place) & 63) as usize]);
            text.push(if place <= three.len() { digit } else { '=' });
        }
    }
    text
}

impl Taken {
    /// A header's value, its folded lines joined.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }

    /// The plain text, decoded.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The HTML, decoded.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    fn part(&self, kind: &str) -> String {
        let part = self.raw.split("\r\n--").find(|part| part.contains(&format!("Content-Type: {kind}"))).unwrap();
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        if head.contains("quoted-printable") { unquoted(body) } else { body.replace("\r\n", "\n") }
    }

    /// The path of the link under these words.
    pub fn link(&self, words: &str) -> String {
        let text = self.text();
        let at = text.find(&format!("{words}:\n")).unwrap_or_else(|| panic!("no {words:?} in {text}"));
        let url = text[at..].lines().nth(1).unwrap();
        url.strip_prefix("http://blog.example").unwrap_or(url).to_owned()
    }
}

/// Quoted-printable, RFC 2045.
fn unquoted(body: &str) -> String {
    let body = body.replace("=\r\n", "").replace("\r\n", "\n");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'=' && after.len() >= 2 {
            let digits = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}
