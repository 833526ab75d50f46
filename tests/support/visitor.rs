//! Somebody with a browser: cookies, and the headers that a browser sends without being asked.

use std::{cell::RefCell, collections::BTreeMap, net::SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, header},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

use laman::web::Front;

use super::{Page, audit};

/// Keeps cookies, follows nothing by itself.
pub struct Visitor {
    front: Front,
    origin: String,
    /// Where the socket comes from.
    pub peer: SocketAddr,
    /// By path and name.
    cookies: RefCell<BTreeMap<(String, String), String>>,
}

impl Visitor {
    pub(super) fn new(front: Front, origin: &str) -> Self {
        Self {
            front,
            origin: origin.to_owned(),
            peer: SocketAddr::from(([198, 51, 100, 7], 40_000)),
            cookies: RefCell::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Goes where an answer sends it, once.
    pub async fn follow(&self, answer: &Page) -> Page {
        let to = answer.location();
        // The part after # stays in the browser.
        self.get(to.split('#').next().unwrap()).await
    }

    /// Sends a form as a page of this blog does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_bytes(path, body.into_bytes()).await
    }

    pub async fn post_bytes(&self, path: &str, body: Vec<u8>) -> Page {
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.origin)
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends files as a form of this blog does.
    pub async fn upload(&self, path: &str, files: &[(&str, &[u8])]) -> Page {
        self.upload_as(path, files, "text/html").await
    }

    /// Sends files as a form or a script of this blog does.
    pub async fn upload_as(&self, path: &str, files: &[(&str, &[u8])], accept: &str) -> Page {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend(b"--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"");
            body.extend(name.as_bytes());
            body.extend(b"\"\r\ncontent-type: image/png\r\n\r\n");
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--part--\r\n");
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
            .header(header::ACCEPT, accept)
            .header(header::ORIGIN, &self.origin)
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends what is typed as a form with room for files does.
    pub async fn upload_fields(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let part = |(name, value): &(&str, &str)| {
            format!("--part\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body: String = fields.iter().map(part).chain(["--part--\r\n".to_owned()]).collect();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
            .header(header::ORIGIN, &self.origin)
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A request with this visitor's cookies and host, for what `get` and `post` do not do.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let host = self.origin.split("://").nth(1).unwrap();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, host);
        let asked = path.split(['?', '#']).next().unwrap();
        // RFC 6265, 5.1.4
        let is_sent = |at: &str| {
            asked == at || asked.strip_prefix(at.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
        };
        let cookies = self.cookies.borrow();
        let cookies = cookies.iter().filter(|((at, _), _)| is_sent(at));
        let pairs: Vec<String> = cookies.map(|((_, name), value)| format!("{name}={value}")).collect();
        if !pairs.is_empty() {
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request
    }

    /// Every page that any test sees is looked over.
    pub async fn send(&self, mut request: Request<Body>) -> Page {
        let asked = format!("{} {}", request.method(), request.uri());
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.front.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let page = Page::new(asked, parts.status, parts.headers, body);
        if page.is_html() && !page.bytes().is_empty() && page.header("content-encoding").is_none() {
            let faults = audit::faults(page.body());
            assert!(faults.is_empty(), "{}: {faults:#?}\n{}", page.asked(), page.body());
        }
        page
    }

    fn keep(&self, cookie: &str) {
        let (name, rest) = cookie.split_once('=').unwrap();
        let mut rest = rest.split("; ");
        let value = rest.next().unwrap();
        let path = rest.find_map(|part| part.strip_prefix("Path=")).unwrap();
        let (mut cookies, key) = (self.cookies.borrow_mut(), (path.to_owned(), name.to_owned()));
        if cookie.contains("Max-Age=0") {
            cookies.remove(&key);
        } else {
            cookies.insert(key, value.to_owned());
        }
    }

    /// The value of a kept cookie that is sent everywhere.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(&("/".to_owned(), name.to_owned())).cloned()
    }

    /// Plants a cookie, as somebody else might have.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(("/".to_owned(), name.to_owned()), value.to_owned());
    }
}
