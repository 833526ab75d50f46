//! A mail as it leaves: put together by a builder that lets nothing into a header, and told to the server step by step.

use std::time::{Duration, UNIX_EPOCH};

use askama::Template;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MessageBuilder, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
        response::Response,
    },
};
use tokio::{net::TcpStream, time::timeout};

use crate::model::{
    mail::{Security, Smtp},
    time::Time,
};

/// The server has so long for each connection, and for the whole conversation: less than a try may take.
const CONNECTING: Duration = Duration::from_secs(15);
const TALKING: Duration = Duration::from_secs(90);
/// Longer words of a server are cut: they are shown and kept.
const MAX_REPLY: usize = 400;

/// A piece of a mail's text.
#[derive(Clone, Debug)]
pub enum Part {
    /// Our words.
    Say(String),
    /// Somebody else's: plain text, in which nothing becomes a link or a picture.
    Quote(String),
    /// An address of this blog.
    Link {
        /// What it does.
        words: String,
        /// Where it leads.
        url: String,
    },
}

/// A mail to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The blog's name.
    pub from_name: String,
    /// To whom.
    pub to: String,
    /// One line.
    pub subject: String,
    /// BCP 47
    pub language: &'static str,
    /// From top to bottom.
    pub parts: Vec<Part>,
    /// The same however often it is sent, without its host and brackets.
    pub id: String,
    /// Mails about the same thread share it.
    pub thread: Option<String>,
    /// What ends such mails by one request.
    pub unsubscribe: Option<String>,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Page<'a> {
    letter: &'a Letter,
    subject: String,
}

impl Letter {
    /// The same words without any markup.
    fn text(&self) -> String {
        let part = |part: &Part| match part {
            Part::Say(text) => text.clone(),
            Part::Quote(text) => text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
            Part::Link { words, url } => format!("{words}:\n{url}"),
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join("\n\n") + "\n"
    }

    /// The mail as it goes over the wire.
    ///
    /// # Errors
    /// What is wrong with it, in words for the log.
    pub fn message(&self, smtp: &Smtp, host: &str, now: Time) -> Result<Message, String> {
        let sender: Address = smtp.sender.parse().map_err(|error| format!("{}: {error}", smtp.sender))?;
        let recipient: Address = self.to.parse().map_err(|error| format!("{}: {error}", self.to))?;
        let sent_at = UNIX_EPOCH + Duration::from_millis(now.0.try_into().unwrap_or(0));
        let subject = one_line(&self.subject);
        let id = |local: &str| format!("<{local}@{host}>");
        let mut builder = Message::builder()
            .from(Mailbox::new(Some(one_line(&self.from_name)), sender))
            .to(Mailbox::new(None, recipient))
            .subject(subject.clone())
            .date(sent_at)
            .message_id(Some(id(&self.id)));
        builder = raw(builder, HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated");
        if let Some(thread) = &self.thread {
            builder = builder.in_reply_to(id(thread)).references(id(thread));
        }
        if let Some(url) = &self.unsubscribe {
            builder = raw(builder, HeaderName::new_from_ascii_str("List-Unsubscribe"), &format!("<{}>", one_line(url)));
            builder =
                raw(builder, HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        }
        let html = Page { letter: self, subject }.render().map_err(|error| error.to_string())?;
        builder.multipart(MultiPart::alternative_plain_html(self.text(), html)).map_err(|error| error.to_string())
    }
}

fn raw(builder: MessageBuilder, name: HeaderName, value: &str) -> MessageBuilder {
    builder.raw_header(HeaderValue::new(name, value.to_owned()))
}

/// A line's end or a NUL in a header would begin another one.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// A step of the conversation with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It answers.
    Connect,
    /// The connection is encrypted, and the server is who it says.
    Tls,
    /// It knows us.
    SignIn,
    /// It took the mail.
    Accept,
}

impl Step {
    /// As in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::SignIn => "sign-in",
            Self::Accept => "accept",
        }
    }
}

/// Why a mail was not taken.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Where it ended.
    pub step: Step,
    /// The server's words, or the system's.
    pub words: String,
    /// Whether trying again is in vain.
    pub is_final: bool,
}

impl Refusal {
    /// Whether the server's certificate is from nobody whom we believe, or past its time: another name is another matter.
    pub fn is_unknown_certificate(&self) -> bool {
        self.step == Step::Tls
            && self.words.contains("invalid peer certificate")
            && !self.words.contains("not valid for name")
    }
}

/// How a conversation went.
#[derive(Clone, Debug)]
pub struct Report {
    /// Each step that was taken, with the server's words.
    pub steps: Vec<(Step, String)>,
    /// Why it ended early.
    pub refusal: Option<Refusal>,
}

/// Tells one mail to the server. It never fails silently: the report says how far it came. `ca`: certificates, in PEM, of an
/// authority that is believed beside those that everybody believes.
pub async fn send(smtp: &Smtp, ca: Option<&str>, message: &Message) -> Report {
    let mut steps = Vec::new();
    let talked = timeout(TALKING, talk(smtp, ca, message, &mut steps)).await;
    let refusal = match talked {
        Ok(Ok(())) => None,
        Ok(Err(refusal)) => Some(refusal),
        Err(_) => Some(Refusal {
            step: steps.last().map_or(Step::Connect, |(step, _)| *step),
            words: "timed out".to_owned(),
            is_final: false,
        }),
    };
    Report { steps, refusal }
}

fn tls_parameters(host: &str, ca: Option<&str>) -> Result<TlsParameters, SmtpError> {
    let builder = TlsParameters::builder(host.to_owned());
    match ca {
        Some(pem) => builder.add_root_certificate(Certificate::from_pem(pem.as_bytes())?).build(),
        None => builder.build(),
    }
}

/// Comes as far as a protected connection, and goes again: whether mails could leave, but for the sign-in.
pub async fn probe(smtp: &Smtp, ca: Option<&str>) -> Result<(), Refusal> {
    let mut connection = connect(smtp, ca, &mut Vec::new()).await?;
    connection.abort().await;
    Ok(())
}

/// The first steps of every conversation.
async fn connect(
    smtp: &Smtp,
    ca: Option<&str>,
    steps: &mut Vec<(Step, String)>,
) -> Result<AsyncSmtpConnection, Refusal> {
    let name = ClientId::default();
    let tls = || tls_parameters(&smtp.host, ca).map_err(|error| refused(Step::Tls, &error));
    let wrapped = if smtp.security == Security::Tls { Some(tls()?) } else { None };
    let is_wrapped = wrapped.is_some();
    let server = (smtp.host.as_str(), smtp.port);
    let connected = AsyncSmtpConnection::connect_tokio1(server, Some(CONNECTING), &name, wrapped, None).await;
    let mut connection = match connected {
        Ok(connection) => connection,
        // Which of the two failed is told by whether anybody listens there at all.
        Err(error)
            if is_wrapped && timeout(CONNECTING, TcpStream::connect(server)).await.is_ok_and(|it| it.is_ok()) =>
        {
            return Err(refused(Step::Tls, &error));
        }
        Err(error) => return Err(refused(Step::Connect, &error)),
    };
    steps.push((Step::Connect, connection.server_info().name().to_owned()));
    if smtp.security == Security::StartTls {
        connection.starttls(tls()?, &name).await.map_err(|error| refused(Step::Tls, &error))?;
    }
    if smtp.security != Security::None {
        steps.push((Step::Tls, String::new()));
    }
    Ok(connection)
}

async fn talk(
    smtp: &Smtp,
    ca: Option<&str>,
    message: &Message,
    steps: &mut Vec<(Step, String)>,
) -> Result<(), Refusal> {
    let mut connection = connect(smtp, ca, steps).await?;
    if !smtp.user.is_empty() {
        let credentials = Credentials::new(smtp.user.clone(), smtp.password.clone());
        let told = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
        steps.push((Step::SignIn, words(&told.map_err(|error| refused(Step::SignIn, &error))?)));
    }
    let told = connection.send(message.envelope(), &message.formatted()).await;
    steps.push((Step::Accept, words(&told.map_err(|error| refused(Step::Accept, &error))?)));
    // It has the mail, whatever it says to our leaving.
    connection.abort().await;
    Ok(())
}

/// A server that does not let us in may do so when its owner or ours has mended it: only what it says of a mail is final.
fn refused(step: Step, error: &SmtpError) -> Refusal {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    let wants_sign_in = error.status().is_some_and(|code| ["530", "534", "535", "538"].contains(&&*code.to_string()));
    Refusal { step, words: shortened(&words), is_final: step == Step::Accept && error.is_permanent() && !wants_sign_in }
}

fn words(response: &Response) -> String {
    shortened(&format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" ")))
}

fn shortened(text: &str) -> String {
    one_line(text).chars().take(MAX_REPLY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp() -> Smtp {
        Smtp {
            host: "mail.example".to_owned(),
            port: 25,
            security: Security::None,
            user: "u".to_owned(),
            password: "hidden word".to_owned(),
            sender: "blog@blog.example".to_owned(),
        }
    }

    fn letter() -> Letter {
        Letter {
            from_name: "Laman".to_owned(),
            to: "siti@mail.example".to_owned(),
            subject: "Hello".to_owned(),
            language: "en",
            parts: vec![
                Part::Say("Words".to_owned()),
                Part::Quote("<img src=x>\nhttps://evil.example/ & more".to_owned()),
                Part::Link { words: "Read".to_owned(), url: "http://blog.example/x".to_owned() },
            ],
            id: "mail-1".to_owned(),
            thread: Some("post-2".to_owned()),
            unsubscribe: Some("http://blog.example/u".to_owned()),
        }
    }

    fn sent(letter: &Letter) -> String {
        String::from_utf8(letter.message(&smtp(), "blog.example", Time(0)).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_mail_has_the_headers_that_mail_programs_look_for() {
        let mail = sent(&letter());
        for line in [
            "From: Laman <blog@blog.example>\r\n",
            "To: siti@mail.example\r\n",
            "Subject: Hello\r\n",
            "Message-ID: <mail-1@blog.example>\r\n",
            "In-Reply-To: <post-2@blog.example>\r\n",
            "References: <post-2@blog.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "List-Unsubscribe: <http://blog.example/u>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n",
        ] {
            assert!(mail.contains(line), "{line}\n{mail}");
        }
    }

    /// The names of its headers, in order.
    fn names(mail: &str) -> Vec<String> {
        let head = mail.split("\r\n\r\n").next().unwrap();
        let lines = head.lines().filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split(':').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn nothing_that_is_put_into_a_header_begins_another() {
        let names_of_plain = names(&sent(&letter()));
        for evil in
            ["x\r\nBcc: evil@evil.example", "x\nBcc: evil@evil.example", "x\rBcc: a@b.c", "x\0y", "x\r\n\r\nbody"]
        {
            let mail = sent(&Letter { subject: evil.to_owned(), from_name: evil.to_owned(), ..letter() });
            let names = names(&mail);
            assert_eq!(names, names_of_plain, "{evil:?}");
            assert!(!mail.contains('\0'));
            assert!(Letter { to: format!("a@b.example{evil}"), ..letter() }.message(&smtp(), "h", Time(0)).is_err());
        }
    }

    #[test]
    fn what_others_wrote_is_neither_link_nor_picture() {
        let html = Page { letter: &letter(), subject: String::new() }.render().unwrap();
        assert_eq!((html.matches("<a ").count(), html.matches("<img").count()), (1, 0), "{html}");
        assert!(html.contains("href=\"http://blog.example/x\"") && !html.contains("href=\"https://evil"), "{html}");
        assert!(letter().text().contains("> <img src=x>\n> https://evil.example/ & more"));
    }

    #[test]
    fn a_password_is_not_printed() {
        assert!(!format!("{:?}", smtp()).contains("hidden"));
    }
}
