//! What only another site has: asked of the hosts that were named alone, at public addresses, within a time and up to a size.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1::handshake,
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{
    fs::File,
    io::AsyncWriteExt,
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

use super::{Failure, connector, names};
use crate::model::remark::{Remark, remark, words};

/// From looking a name up until its host has said yes.
const CONNECTING: Duration = Duration::from_secs(10);
/// For one file, wherever it is led.
const PATIENCE: Duration = Duration::from_secs(60);
/// For one that is written as it comes, as long as something comes.
const LONG_PATIENCE: Duration = Duration::from_secs(1800);
/// Between one file and the next: the other site has readers too.
const PAUSE: Duration = Duration::from_millis(100);
/// Who is led on more often goes in a circle.
const MAX_HOPS: usize = 5;
const AGENT: &str = concat!("Laman/", env!("CARGO_PKG_VERSION"), " (moves a blog with its pictures)");

/// Who may be asked, and how.
#[derive(Clone, Debug)]
pub struct Downloads {
    hosts: Vec<String>,
    pause: Duration,
    is_anywhere: bool,
}

/// Why something did not come.
#[derive(Debug)]
pub enum Missed {
    /// It is where nobody may be asked.
    OtherHost(String),
    /// It would be within somebody's own network.
    Private(String),
    /// The host says no.
    Status(u16),
    /// More than was to be taken.
    TooLarge,
    /// From here to there and on.
    Circle,
    /// Nobody answers, or not in words that are understood.
    Silent(String),
    /// It was silent too often.
    GivenUp,
    /// It came, and the disk does not take it.
    Unwritten(io::Error),
}

impl Missed {
    /// The same, to be said in somebody's language.
    pub fn remark(&self) -> Remark {
        match self {
            Self::OtherHost(host) => remark("missed-host").put("host", host),
            Self::Private(host) => remark("missed-private").put("host", host),
            Self::Status(status) => remark("missed-status").put("status", status),
            Self::TooLarge => remark("missed-large"),
            Self::Circle => remark("missed-circle"),
            Self::Silent(why) => remark("missed-silent").because([words(why)]),
            Self::GivenUp => remark("missed-silent").because([remark("missed-not-asked")]),
            Self::Unwritten(error) => words(error),
        }
    }
}

impl Downloads {
    /// From these hosts: `old.example`, `old.example:8080`, and all below one as `.cdn.example`.
    pub fn from_hosts(hosts: &[String]) -> Self {
        let hosts = hosts.iter().map(|host| host.trim().to_ascii_lowercase()).filter(|host| !host.is_empty()).collect();
        Self { hosts, pause: PAUSE, is_anywhere: false }
    }

    /// The same without regard for whose network a host is in, and without a pause: for tests, which have no other.
    #[must_use]
    pub fn in_our_own_network(self) -> Self {
        Self { is_anywhere: true, pause: Duration::ZERO, ..self }
    }

    /// Lets more hosts be asked, named as in [`Downloads::from_hosts`].
    pub fn also_hosts(&mut self, hosts: &[&str]) {
        self.hosts.extend(hosts.iter().map(|host| (*host).to_owned()));
    }

    /// Lets one more host be asked, and the same with and without `www.`.
    pub fn also(&mut self, address: &Url) {
        if let Some(host) = address.host_str() {
            let bare = host.strip_prefix("www.").unwrap_or(host);
            let port = address.port().map(|port| format!(":{port}")).unwrap_or_default();
            self.hosts.extend([format!("{bare}{port}"), format!("www.{bare}{port}")]);
        }
    }

    /// Whether that may be asked for.
    ///
    /// # Errors
    /// When it may not.
    pub fn allow(&self, url: &Url) -> Result<(), Missed> {
        let host = url.host_str().unwrap_or_default();
        let named = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let is_web = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        let is_allowed = |known: &String| *known == named || known.starts_with('.') && named.ends_with(known.as_str());
        if is_web && self.hosts.iter().any(is_allowed) { Ok(()) } else { Err(Missed::OtherHost(named)) }
    }

    /// Asks for it; gives at most so many bytes.
    ///
    /// # Errors
    /// Why it did not come.
    pub async fn get(&self, url: &Url, most: usize) -> Result<Vec<u8>, Missed> {
        self.allow(url)?;
        tokio::time::sleep(self.pause).await;
        let got = async {
            let body = Limited::new(self.follow(url.clone()).await?, most).collect().await.map_err(|error| {
                if error.is::<http_body_util::LengthLimitError>() { Missed::TooLarge } else { silent(error) }
            })?;
            Ok(body.to_bytes().into())
        };
        timeout(PATIENCE, got).await.unwrap_or_else(|_| Err(silent("timed out")))
    }

    /// Asks for it, and writes it to a file as it comes: at most so many bytes.
    ///
    /// # Errors
    /// Why it did not come, or cannot be written.
    pub async fn save(&self, url: &Url, most: u64, into: &mut File) -> Result<(), Missed> {
        self.allow(url)?;
        tokio::time::sleep(self.pause).await;
        let saved = async {
            let mut body = self.follow(url.clone()).await?;
            let mut left = most;
            while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(silent)? {
                let Ok(bytes) = frame.map_err(silent)?.into_data() else { continue };
                left = left.checked_sub(bytes.len() as u64).ok_or(Missed::TooLarge)?;
                into.write_all(&bytes).await.map_err(Missed::Unwritten)?;
            }
            into.flush().await.map_err(Missed::Unwritten)
        };
        timeout(LONG_PATIENCE, saved).await.unwrap_or_else(|_| Err(silent("timed out")))
    }

    /// The body of what is there, wherever it is led.
    async fn follow(&self, mut url: Url) -> Result<Incoming, Missed> {
        for _ in 0..=MAX_HOPS {
            // Wherever it is led, the same rules hold.
            self.allow(&url)?;
            let peer = timeout(CONNECTING, self.resolve(&url)).await.unwrap_or_else(|_| Err(silent("timed out")))?;
            let (head, body) = ask(&url, &peer).await.map_err(silent)?.into_parts();
            match head.status.as_u16() {
                200 => return Ok(body),
                301 | 302 | 303 | 307 | 308 => {
                    let to = head.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
                    url = to.and_then(|to| url.join(to).ok()).ok_or_else(|| silent("it is led to no address"))?;
                }
                status => return Err(Missed::Status(status)),
            }
        }
        Err(Missed::Circle)
    }

    /// The addresses of a host, looked up once: what was looked at is what is connected to. One in a private network among
    /// them, and none is asked.
    async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, Missed> {
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let (bare, _) = names(url, host);
        let peers: Vec<SocketAddr> = lookup_host((bare, port)).await.map_err(silent)?.collect();
        if !self.is_anywhere && peers.iter().any(|peer| !is_public(peer.ip())) {
            return Err(Missed::Private(host.to_owned()));
        }
        Ok(peers)
    }
}

fn silent(error: impl ToString) -> Missed {
    Missed::Silent(error.to_string())
}

async fn ask(url: &Url, peers: &[SocketAddr]) -> Result<Response<Incoming>, Failure> {
    let (bare, authority) = names(url, url.host_str().unwrap_or_default());
    let socket = timeout(CONNECTING, TcpStream::connect(peers)).await??;
    let request = Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(header::HOST, authority)
        .header(header::USER_AGENT, AGENT)
        .header(header::ACCEPT, "*/*")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())?;
    // Each connection ends with its sender.
    let mut sender = if url.scheme() == "https" {
        let stream = connector(None)?.connect(ServerName::try_from(bare)?, socket).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        sender
    } else {
        let (sender, connection) = handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        sender
    };
    Ok(sender.send_request(request).await?)
}

/// Whether an address is one of the public internet: nobody's own machine or network, and none that has a meaning of its own.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 224..=255, ..) | (100, 64..=127, _) | (198, 18 | 19, _) | (192, 0, 0) | (192, 88, 99)
        ))
}

/// What is handed out at all, without what carries an address of another kind within it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    match (a, b) {
        // Reached by way of a translator: it is the address within that counts.
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => {
            let ([one, two], [three, four]) = (g.to_be_bytes(), h.to_be_bytes());
            is_public_v4(Ipv4Addr::new(one, two, three, four))
        }
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002 | 0x3fff, _) => false,
        _ => (0x2000..=0x3fff).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_asked() {
        for public in
            ["93.184.216.34", "8.8.8.8", "192.0.1.1", "100.128.0.1", "2606:4700::1", "2a00:1450::1", "64:ff9b::808:808"]
        {
            assert!(is_public(public.parse().expect(public)), "{public}");
        }
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.88.99.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001::1",
            "3fff::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(!is_public(private.parse().expect(private)), "{private}");
        }
    }

    #[test]
    fn only_hosts_that_were_named_are_asked() {
        let mut downloads = Downloads::from_hosts(&["Cdn.example".to_owned(), ".pictures.example".to_owned()]);
        downloads.also(&Url::parse("https://www.old.example:8443/blog").expect("an address"));
        for (address, may) in [
            ("https://cdn.example/a.jpg", true),
            ("http://cdn.example/a.jpg", true),
            ("http://cdn.example:8080/a.jpg", false),
            ("https://1.pictures.example/a.jpg", true),
            ("https://pictures.example/a.jpg", false),
            ("https://evilpictures.example/a.jpg", false),
            ("https://old.example:8443/a.jpg", true),
            ("https://old.example/a.jpg", false),
            ("https://old.example.evil.example:8443/a.jpg", false),
            ("https://me@cdn.example/a.jpg", false),
            ("ftp://cdn.example/a.jpg", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(downloads.allow(&Url::parse(address).expect(address)).is_ok(), may, "{address}");
        }
    }

    #[tokio::test]
    async fn nobody_in_our_own_network_is_asked() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("set");
        let port = listener.local_addr().expect("an address").port();
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"] {
            let url = Url::parse(&format!("http://{host}:{port}/a.png")).expect(host);
            let mut downloads = Downloads::from_hosts(&[]);
            downloads.also(&url);
            assert!(matches!(downloads.get(&url, 9).await, Err(Missed::Private(_))), "{host}");
        }
        assert!(listener.accept().is_err(), "nobody came");
    }
}
