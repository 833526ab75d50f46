//! Asking an outside service about a comment: Akismet, or one that is asked the same way; over TLS alone, within seconds.

pub mod download;

use std::{net::IpAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes, client::conn::http1::handshake, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};
use url::Url;

use crate::model::{
    outside::{Answer, Correction, DueCheck, Service},
    time::Time,
};

/// From looking its name up to the end of its answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longer answers are no answers.
const MAX_ANSWER: usize = 4096;
/// Likewise of a page.
const MAX_PAGE: u64 = 256 * 1024;
const AGENT: &str = concat!("Laman/", env!("CARGO_PKG_VERSION"));
/// Longer words are cut: they are shown and kept.
const MAX_WORDS: usize = 200;
/// An address that tells nothing: where a comment came from is forgotten when the program ends.
const NOWHERE: &str = "127.0.0.1";

/// What a service sent.
struct Reply {
    status: u16,
    body: String,
    /// What it adds to a body that is no answer.
    help: String,
    /// Whether it says that what is spam can go unseen.
    may_discard: bool,
}

impl Reply {
    /// For the owner to read.
    fn words(&self) -> String {
        format!("{} {} {}", self.status, self.body, self.help)
    }
}

/// The blog that asks.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Its address.
    pub blog: &'a str,
    /// BCP 47
    pub language: &'a str,
    /// Certificates, in PEM, of an authority that is believed beside those that everybody believes.
    pub ca: Option<&'a str>,
}

/// Asks whether a comment is spam; gives the answer, and the service's words. `sender`: where it came from, if that is known.
///
/// # Errors
/// Why there is no answer, in the service's words or the system's.
pub async fn check(
    service: &Service,
    asking: Asking<'_>,
    due: &DueCheck,
    sender: Option<IpAddr>,
) -> Result<(Answer, String), String> {
    let reply = about(service, asking, "comment-check", due, sender).await?;
    let answer = match (reply.status, reply.body.as_str()) {
        (200, "false") => Answer::Ham,
        (200, "true") if reply.may_discard => Answer::Discard,
        (200, "true") => Answer::Spam,
        _ => return Err(told(service, &reply.words())),
    };
    Ok((answer, told(service, &reply.words())))
}

/// Tells what a comment is after all; gives the service's words.
///
/// # Errors
/// As [`check`].
pub async fn correct(
    service: &Service,
    asking: Asking<'_>,
    due: &DueCheck,
    correction: Correction,
    sender: Option<IpAddr>,
) -> Result<String, String> {
    let act = match correction {
        Correction::Ham => "submit-ham",
        Correction::Spam => "submit-spam",
    };
    let reply = about(service, asking, act, due, sender).await?;
    let words = told(service, &reply.words());
    if reply.status == 200 { Ok(words) } else { Err(words) }
}

/// Says all that is known of a comment.
async fn about(
    service: &Service,
    asking: Asking<'_>,
    act: &str,
    due: &DueCheck,
    sender: Option<IpAddr>,
) -> Result<Reply, String> {
    let (sender, path) = (sender.map(|sender| sender.to_canonical().to_string()), due.post_path.as_deref());
    let permalink = path.map_or_else(String::new, |path| format!("{}/{path}", asking.blog));
    let fields = [
        ("api_key", service.key.as_str()),
        ("blog", asking.blog),
        ("blog_lang", asking.language),
        ("blog_charset", "UTF-8"),
        ("user_ip", sender.as_deref().unwrap_or(NOWHERE)),
        ("permalink", &permalink),
        ("comment_type", if due.is_reply { "reply" } else { "comment" }),
        ("comment_author", &due.name),
        ("comment_author_email", due.email.as_deref().unwrap_or_default()),
        ("comment_author_url", due.website.as_deref().unwrap_or_default()),
        ("comment_content", &due.source),
        ("comment_date_gmt", &Time::rfc3339(due.created_at)),
    ];
    post(service, asking.ca, act, &fields, PATIENCE).await
}

/// Asks whether it knows the key; gives its words.
///
/// # Errors
/// As [`check`].
pub async fn verify(service: &Service, asking: Asking<'_>) -> Result<String, String> {
    let fields = [("api_key", service.key.as_str()), ("key", &service.key), ("blog", asking.blog)];
    let reply = post(service, asking.ca, "verify-key", &fields, PATIENCE).await?;
    Ok(told(service, &reply.words()))
}

/// Where a service is: https, and nothing that does not belong into the address of one.
pub fn address(typed: &str) -> Option<String> {
    let url = Url::parse(typed).ok()?;
    let is_good = url.scheme() == "https"
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_good.then(|| url.as_str().trim_end_matches('/').to_owned())
}

async fn post(
    service: &Service,
    ca: Option<&str>,
    act: &str,
    fields: &[(&str, &str)],
    patience: Duration,
) -> Result<Reply, String> {
    match timeout(patience, talk(service, ca, act, fields)).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(error)) => Err(told(service, &error.to_string())),
        Err(_) => Err("timed out".to_owned()),
    }
}

/// What answers at an address, up to so many bytes: for whoever wants to know who is there.
///
/// # Errors
/// In words, why nothing does.
pub async fn answer_of(address: &str, ca: Option<&str>) -> Result<String, String> {
    match timeout(3 * PATIENCE, fetch(address, ca)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("timed out".to_owned()),
    }
}

async fn fetch(address: &str, ca: Option<&str>) -> Result<String, Failure> {
    let url = Url::parse(address)?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("no address of the web".into());
    };
    let (bare, authority) = names(&url, host);
    let socket = TcpStream::connect((bare.as_str(), port)).await?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request =
        format!("GET {path} HTTP/1.0\r\nhost: {authority}\r\nuser-agent: {AGENT}\r\nconnection: close\r\n\r\n");
    let mut answer = Vec::new();
    if url.scheme() == "https" {
        let mut stream = connector(ca)?.connect(ServerName::try_from(bare)?, socket).await?;
        stream.write_all(request.as_bytes()).await?;
        stream.take(MAX_PAGE).read_to_end(&mut answer).await?;
    } else {
        let mut stream = socket;
        stream.write_all(request.as_bytes()).await?;
        stream.take(MAX_PAGE).read_to_end(&mut answer).await?;
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The host to connect to, and as it is named in a request. An IPv6 address stands in brackets there, and nowhere else.
fn names(url: &Url, host: &str) -> (String, String) {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    (bare, url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One request on a connection of its own; where it is sent elsewhere it does not go.
async fn talk(service: &Service, ca: Option<&str>, act: &str, fields: &[(&str, &str)]) -> Result<Reply, Failure> {
    let url = Url::parse(&format!("{}/{act}", service.address))?;
    let (Some(host), Some(port), "https") = (url.host_str(), url.port_or_known_default(), url.scheme()) else {
        return Err("no https address".into());
    };
    let (bare, authority) = names(&url, host);
    let socket = TcpStream::connect((bare.as_str(), port)).await?;
    let stream = connector(ca)?.connect(ServerName::try_from(bare)?, socket).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    // It ends with the sender.
    tokio::spawn(connection);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(url.path())
        .header(header::HOST, authority)
        .header(header::USER_AGENT, AGENT)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(body)))?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, MAX_ANSWER).collect().await?.to_bytes();
    let said = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(Reply {
        status: head.status.as_u16(),
        body: String::from_utf8_lossy(&body).trim().to_owned(),
        help: said("x-akismet-debug-help").to_owned(),
        may_discard: said("x-akismet-pro-tip") == "discard",
    })
}

fn connector(ca: Option<&str>) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(ca.unwrap_or_default().as_bytes()) {
        roots.add(certificate?)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config).into())
}

/// One line that can be shown, without the key: a service may repeat it.
fn told(service: &Service, words: &str) -> String {
    let hidden = if service.key.is_empty() { words.to_owned() } else { words.replace(&service.key, "…") };
    let line = hidden.split(|letter: char| letter.is_whitespace() || letter.is_control());
    line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").chars().take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(address: &str) -> Service {
        Service { address: address.to_owned(), key: "hidden1word".to_owned() }
    }

    #[test]
    fn the_address_of_a_service_is_https_and_nothing_else() {
        assert_eq!(address("https://rest.akismet.com/1.1/").as_deref(), Some("https://rest.akismet.com/1.1"));
        assert_eq!(address("https://spam.example:8443").as_deref(), Some("https://spam.example:8443"));
        for bad in
            ["", "spam.example", "http://spam.example", "https://u:p@spam.example", "https://a.example/?q", "ftp://a"]
        {
            assert_eq!(address(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_key_is_neither_printed_nor_told() {
        let service = service("https://spam.example");
        assert_eq!(format!("{service:?}"), "https://spam.example");
        assert_eq!(told(&service, "no such\r\nkey: hidden1word \u{7}"), "no such key: …");
    }

    #[tokio::test]
    async fn a_service_that_says_nothing_is_given_up() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let service = service(&format!("https://{}", silent.local_addr().unwrap()));
        let reply = post(&service, None, "comment-check", &[], Duration::from_millis(1)).await;
        assert_eq!(reply.err().as_deref(), Some("timed out"));
    }

    #[tokio::test]
    async fn nothing_is_sent_without_tls() {
        let reply = post(&service("http://127.0.0.1:1"), None, "comment-check", &[], PATIENCE).await;
        assert_eq!(reply.err().as_deref(), Some("no https address"));
    }
}
