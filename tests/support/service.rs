//! A service on a socket of this machine that is asked about comments: it speaks HTTP over TLS, keeps what it is asked, and
//! answers as it is told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use laman::model::outside::Service;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::Authority;

/// What it was asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub path: String,
    pub fields: BTreeMap<String, String>,
}

#[derive(Default)]
struct State {
    questions: Vec<Question>,
    answer: String,
}

/// Listens until the test is over.
pub struct AskedService {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl AskedService {
    pub const KEY: &str = "hidden1word";

    /// With a certificate by this authority; it calls everything ham.
    pub async fn start(authority: &Authority) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let service = Self { port, state: Arc::default() };
        service.answer("false");
        let (state, acceptor) = (service.state.clone(), authority.acceptor("127.0.0.1"));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (state, acceptor) = (state.clone(), acceptor.clone());
                tokio::spawn(async move { drop(converse(socket, acceptor, &state).await) });
            }
        });
        service
    }

    pub fn service(&self) -> Service {
        Service { address: format!("https://127.0.0.1:{}/1.1", self.port), key: Self::KEY.to_owned() }
    }

    /// What it says from now on.
    pub fn answer(&self, body: &str) {
        self.answer_whole(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    }

    /// The same, head and all; nothing at all: it hangs up.
    pub fn answer_whole(&self, answer: &str) {
        self.state.lock().unwrap().answer = answer.to_owned();
    }

    /// What it was asked since this was called last.
    pub fn asked(&self) -> Vec<Question> {
        std::mem::take(&mut self.state.lock().unwrap().questions)
    }
}

async fn converse(socket: tokio::net::TcpStream, acceptor: TlsAcceptor, state: &Mutex<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(acceptor.accept(socket).await?);
    let (mut line, mut length) = (String::new(), 0);
    stream.read_line(&mut line).await?;
    let path = line.split(' ').nth(1).unwrap().to_owned();
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).await?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let fields = form_urlencoded::parse(&body).into_owned().collect();
    let answer = {
        let mut state = state.lock().unwrap();
        state.questions.push(Question { path, fields });
        state.answer.clone()
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
