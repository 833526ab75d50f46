//! What must be known before the database opens: flags, over the environment, over `laman.toml`, over defaults.

use std::{
    fmt, fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::builder::PossibleValuesParser;
use ipnet::IpNet;
use tracing::level_filters::LevelFilter;
use url::Url;

use crate::model::{
    mail::{MailConfig, Security, Smtp},
    user::is_email,
};

/// The file that is read from the current folder when no other is named.
pub const FILE: &str = "laman.toml";

/// How much may be logged.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// The settings that a flag `--name`, a variable `LAMAN_NAME` and a line `name = …` can give.
#[derive(Clone, Debug, Default, clap::Args)]
#[allow(rustdoc::bare_urls, reason = "these comments are the words of --help")]
pub struct Flags {
    /// Address and port to serve on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The database file [default: laman.db]
    #[arg(long, global = true, value_name = "FILE")]
    pub database: Option<String>,
    /// The address that readers use, such as https://blog.example [default: the listen address]
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// Networks of the proxies whose forwarded headers are believed, apart by commas [default: none]
    #[arg(long, global = true, value_name = "CIDR,…")]
    pub trusted_proxies: Option<String>,
    /// Memory for kept pages, in MiB; 0 keeps none [default: 64]
    #[arg(long, global = true, value_name = "MIB")]
    pub cache_size: Option<String>,
    /// The largest file that editors may upload, in MB [default: 100]
    #[arg(long, global = true, value_name = "MB")]
    pub max_upload: Option<String>,
    /// How long a CDN may keep a page without asking; 0: it asks each time [default: 0]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub cdn_max_age: Option<String>,
    /// How much longer a CDN may send a page while it asks for a new one [default: 0]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub cdn_stale: Option<String>,
    /// Tell a CDN what each page shows, in this header (Surrogate-Key, Cache-Tag) [default: none]
    #[arg(long, global = true, value_name = "HEADER")]
    pub cdn_tags: Option<String>,
    /// Address and port for Prometheus to ask at /metrics [default: none]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub metrics: Option<String>,
    /// The server that takes mail [default: the one under Settings]
    #[arg(long, global = true, value_name = "HOST")]
    pub smtp_host: Option<String>,
    /// Its port [default: 465 for tls, 587 for starttls, 25 for none]
    #[arg(long, global = true, value_name = "PORT")]
    pub smtp_port: Option<String>,
    /// How the connection to it is protected [default: tls]
    #[arg(long, global = true, value_name = "HOW", value_parser = PossibleValuesParser::new(["tls", "starttls", "none"]))]
    pub smtp_security: Option<String>,
    /// The name to sign in there with [default: none]
    #[arg(long, global = true, value_name = "NAME")]
    pub smtp_user: Option<String>,
    /// A file with the certificates, in PEM, of an authority of your own that signed that of the server [default: none]
    #[arg(long, global = true, value_name = "FILE")]
    pub smtp_ca_file: Option<String>,
    /// The address that mails come from
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// How the log is written [default: text]
    #[arg(long, global = true, value_name = "FORMAT", value_parser = PossibleValuesParser::new(["text", "json"]))]
    pub log_format: Option<String>,
    /// How much is logged [default: info]
    #[arg(long, global = true, value_name = "LEVEL", ignore_case = true, value_parser = PossibleValuesParser::new(LEVELS))]
    pub log_level: Option<String>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag on the command line.
    Flag,
    /// A variable of the environment, by name.
    Environment(String),
    /// A configuration file.
    File(PathBuf),
    /// Nobody gave one.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(name) => write!(f, "environment, {name}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A line of `laman config`.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The name in all three places.
    pub name: &'static str,
    /// The value in force; `(hidden)` for a secret.
    pub value: String,
    /// Who said so.
    pub source: Source,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// An object a line.
    Json,
}

/// Everything that is decided outside the database.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to serve; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The one file.
    pub database: PathBuf,
    /// Scheme, host and port that readers use, without a trailing slash; `None`: the address served on.
    pub public_url: Option<Url>,
    /// Peers in these networks may say for whom they speak.
    pub trusted_proxies: Vec<IpNet>,
    /// Memory for kept pages, in MiB.
    pub cache_size: usize,
    /// The largest file that editors may upload, in MB.
    pub max_upload: u32,
    /// Seconds that a CDN may keep a page without asking.
    pub cdn_max_age: u32,
    /// Seconds more that it may send a page while it asks.
    pub cdn_stale: u32,
    /// The header that tells a CDN what a page shows.
    pub cdn_tags: Option<String>,
    /// Where the numbers for whoever watches are served.
    pub metrics: Option<SocketAddr>,
    /// How mail leaves.
    pub mail: MailConfig,
    /// Text or JSON.
    pub log_format: LogFormat,
    /// The least that is logged.
    pub log_level: LevelFilter,
    /// A set-up code chosen by whoever installs, for machines whose output nobody reads.
    pub setup_code: Option<String>,
    /// All of the above, with their sources.
    pub effective: Vec<Effective>,
}

/// A value that cannot be used, and what would do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read {0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// A file is not as it should be.
    #[error("{0}: {1}")]
    Toml(PathBuf, String),
    /// A value is not as it should be.
    #[error("{name} = {value:?} ({source_name}): {wanted}")]
    Value {
        /// Which setting.
        name: &'static str,
        /// What was given.
        value: String,
        /// By whom.
        source_name: Source,
        /// What would do.
        wanted: &'static str,
    },
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    listen: Option<String>,
    database: Option<String>,
    public_url: Option<String>,
    trusted_proxies: Option<TextOrList>,
    cache_size: Option<TextOrNumber>,
    max_upload: Option<TextOrNumber>,
    cdn_max_age: Option<TextOrNumber>,
    cdn_stale: Option<TextOrNumber>,
    cdn_tags: Option<String>,
    metrics: Option<String>,
    smtp_host: Option<String>,
    smtp_port: Option<TextOrNumber>,
    smtp_security: Option<String>,
    smtp_user: Option<String>,
    smtp_password: Option<String>,
    smtp_ca_file: Option<String>,
    mail_from: Option<String>,
    log_format: Option<String>,
    log_level: Option<String>,
    setup_code: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum TextOrList {
    Text(String),
    List(Vec<String>),
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(i64),
}

impl TextOrNumber {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The three places, asked one after the other.
struct Places<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
    path: PathBuf,
    effective: Vec<Effective>,
}

impl Places<'_> {
    fn value<T>(
        &mut self,
        name: &'static str,
        flag: Option<String>,
        file: Option<String>,
        default: &str,
        wanted: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let variable = format!("LAMAN_{}", name.replace('-', "_").to_uppercase());
        let (value, source) = match (flag, (self.environment)(&variable), file) {
            (Some(value), ..) => (value, Source::Flag),
            (None, Some(value), _) => (value, Source::Environment(variable)),
            (None, None, Some(value)) => (value, Source::File(self.path.clone())),
            (None, None, None) => (default.to_owned(), Source::Default),
        };
        let parsed = parse(&value);
        self.effective.push(Effective { name, value: value.clone(), source: source.clone() });
        parsed.ok_or(ConfigError::Value { name, value, source_name: source, wanted })
    }

    /// A secret has no flag (every user of the machine can read those), and may lie in a file of its own.
    fn secret(&mut self, name: &'static str, file: Option<String>) -> Result<Option<String>, ConfigError> {
        let variable = format!("LAMAN_{}", name.replace('-', "_").to_uppercase());
        let file_variable = format!("{variable}_FILE");
        let (value, source) = if let Some(value) = (self.environment)(&variable) {
            (Some(value), Source::Environment(variable))
        } else if let Some(path) = (self.environment)(&file_variable).map(PathBuf::from) {
            let text = fs::read_to_string(&path).map_err(|error| ConfigError::File(path, error))?;
            (Some(text.trim_end().to_owned()), Source::Environment(file_variable))
        } else if file.is_some() {
            (file, Source::File(self.path.clone()))
        } else {
            (None, Source::Default)
        };
        let shown = if value.is_some() { "(hidden)" } else { "" };
        self.effective.push(Effective { name, value: shown.to_owned(), source });
        Ok(value)
    }
}

impl Config {
    /// Reads all places. `file`: the one named with `--config`, which must then exist; else `laman.toml` if there is one.
    ///
    /// # Errors
    /// The first value or file that cannot be used, in words for whoever starts the program.
    pub fn load(
        flags: Flags,
        file: Option<&Path>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new(FILE)).to_owned();
        let from_file: File = match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| ConfigError::Toml(path.clone(), error.to_string().trim().replace('\n', " ")))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && file.is_none() => File::default(),
            Err(error) => return Err(ConfigError::File(path, error)),
        };
        let proxies = from_file.trusted_proxies.map(|networks| match networks {
            TextOrList::Text(text) => text,
            TextOrList::List(list) => list.join(","),
        });
        let mut places = Places { environment, path, effective: Vec::new() };
        let listen = places.value(
            "listen",
            flags.listen,
            from_file.listen,
            "127.0.0.1:8080",
            "give an address and a port, such as 127.0.0.1:8080 or [::]:8080",
            |text| text.parse().ok(),
        )?;
        let database = places.value(
            "database",
            flags.database,
            from_file.database,
            "laman.db",
            "give the path of a file",
            |text| (!text.is_empty()).then(|| PathBuf::from(text)),
        )?;
        let public_url = places.value(
            "public-url",
            flags.public_url,
            from_file.public_url,
            "",
            "give scheme and host, such as https://blog.example, without a path",
            |text| if text.is_empty() { Some(None) } else { origin(text).map(Some) },
        )?;
        let trusted_proxies = places.value(
            "trusted-proxies",
            flags.trusted_proxies,
            proxies,
            "",
            "give networks apart by commas, such as 127.0.0.1/32,10.0.0.0/8",
            networks,
        )?;
        let cache_size = places.value(
            "cache-size",
            flags.cache_size,
            from_file.cache_size.map(TextOrNumber::text),
            "64",
            "give a number of MiB up to 65536, such as 64; 0 keeps no pages",
            |text| text.parse().ok().filter(|size| *size <= 65_536),
        )?;
        let max_upload = places.value(
            "max-upload",
            flags.max_upload,
            from_file.max_upload.map(TextOrNumber::text),
            "100",
            "give a number of MB from 1 to 2000, such as 100",
            |text| text.parse().ok().filter(|size| (1..=2_000).contains(size)),
        )?;
        let seconds = "give a number of seconds, such as 60";
        let cdn_max_age = places.value(
            "cdn-max-age",
            flags.cdn_max_age,
            from_file.cdn_max_age.map(TextOrNumber::text),
            "0",
            seconds,
            |text| text.parse().ok(),
        )?;
        let cdn_stale = places.value(
            "cdn-stale",
            flags.cdn_stale,
            from_file.cdn_stale.map(TextOrNumber::text),
            "0",
            seconds,
            |text| text.parse().ok(),
        )?;
        let cdn_tags = places.value(
            "cdn-tags",
            flags.cdn_tags,
            from_file.cdn_tags,
            "",
            "give the name of a header, such as Surrogate-Key or Cache-Tag",
            |text| match text {
                "" => Some(None),
                _ => is_header_name(text).then(|| Some(text.to_lowercase())),
            },
        )?;
        let metrics = places.value(
            "metrics",
            flags.metrics,
            from_file.metrics,
            "",
            "give an address and a port that only you can reach, such as 127.0.0.1:9100",
            |text| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) },
        )?;
        let smtp_host = places.value(
            "smtp-host",
            flags.smtp_host,
            from_file.smtp_host,
            "",
            "give the name of a mail server, such as mail.example",
            |text| (!text.contains(char::is_whitespace)).then(|| text.to_owned()),
        )?;
        let security = places.value(
            "smtp-security",
            flags.smtp_security,
            from_file.smtp_security,
            Security::Tls.as_str(),
            "say tls, starttls or none",
            Security::named,
        )?;
        let port = places.value(
            "smtp-port",
            flags.smtp_port,
            from_file.smtp_port.map(TextOrNumber::text),
            &security.port().to_string(),
            "give a port, such as 587",
            |text| text.parse().ok().filter(|port| *port != 0),
        )?;
        let user = places.value(
            "smtp-user",
            flags.smtp_user,
            from_file.smtp_user,
            "",
            "give the name to sign in with",
            |text| Some(text.to_owned()),
        )?;
        let password = places.secret("smtp-password", from_file.smtp_password)?.unwrap_or_default();
        let ca = places.value(
            "smtp-ca-file",
            flags.smtp_ca_file,
            from_file.smtp_ca_file,
            "",
            "give a file that can be read, with certificates in PEM",
            |path| match path {
                "" => Some(None),
                _ => fs::read_to_string(path).ok().filter(|pem| pem.contains("BEGIN CERTIFICATE")).map(Some),
            },
        )?;
        let needs_sender = !smtp_host.is_empty();
        let sender = places.value(
            "mail-from",
            flags.mail_from,
            from_file.mail_from,
            "",
            "give the address that mails come from, such as blog@blog.example; smtp-host needs it",
            |text| (is_email(text) || text.is_empty() && !needs_sender).then(|| text.to_owned()),
        )?;
        let smtp = needs_sender.then_some(Smtp { host: smtp_host, port, security, user, password, sender });
        let log_format =
            places.value("log-format", flags.log_format, from_file.log_format, "text", "say text or json", |text| {
                match text {
                    "text" => Some(LogFormat::Text),
                    "json" => Some(LogFormat::Json),
                    _ => None,
                }
            })?;
        let log_level = places.value(
            "log-level",
            flags.log_level,
            from_file.log_level,
            "info",
            "say error, warn, info, debug or trace",
            |text| LevelFilter::from_str(text).ok(),
        )?;
        let setup_code = places.secret("setup-code", from_file.setup_code)?;
        if setup_code.as_ref().is_some_and(|code| code.len() < 16 || !code.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return Err(ConfigError::Value {
                name: "setup-code",
                value: "(hidden)".to_owned(),
                source_name: places.effective.pop().map_or(Source::Default, |last| last.source),
                wanted: "give at least 16 letters and digits",
            });
        }
        Ok(Self {
            listen,
            database,
            public_url,
            trusted_proxies,
            cache_size,
            max_upload,
            cdn_max_age,
            cdn_stale,
            cdn_tags,
            metrics,
            mail: MailConfig { smtp, ca },
            log_format,
            log_level,
            setup_code,
            effective: places.effective,
        })
    }
}

/// An http(s) address with nothing after the host.
fn origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_bare = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_bare.then_some(url)
}

/// A token of RFC 9110, as far as anybody names headers.
fn is_header_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A single address counts as a network of one.
fn networks(text: &str) -> Option<Vec<IpNet>> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<IpNet>().ok().or_else(|| part.parse::<std::net::IpAddr>().ok().map(IpNet::from)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    fn source_of(config: &Config, name: &str) -> Source {
        config.effective.iter().find(|line| line.name == name).expect("a line").source.clone()
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.toml");
        fs::write(&file, "listen = '127.0.0.1:1'\ndatabase = 'file.db'\nlog-level = 'warn'\n").unwrap();
        let environment = |name: &str| match name {
            "LAMAN_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "LAMAN_DATABASE" => Some("environment.db".to_owned()),
            _ => None,
        };
        let flags = Flags { listen: Some("127.0.0.1:3".to_owned()), ..Flags::default() };
        let config = Config::load(flags, Some(&file), &environment).unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.database, Path::new("environment.db"));
        assert_eq!(config.log_level, LevelFilter::WARN);
        assert_eq!(config.log_format, LogFormat::Text);
        assert_eq!(source_of(&config, "listen"), Source::Flag);
        assert_eq!(source_of(&config, "database"), Source::Environment("LAMAN_DATABASE".to_owned()));
        assert_eq!(source_of(&config, "log-level"), Source::File(file));
        assert_eq!(source_of(&config, "log-format"), Source::Default);
    }

    #[test]
    fn a_secret_can_lie_in_a_file_and_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("code");
        fs::write(&secret, "abcdefgh12345678\n").unwrap();
        let environment = |name: &str| (name == "LAMAN_SETUP_CODE_FILE").then(|| secret.display().to_string());
        let file = folder.path().join("none.toml");
        fs::write(&file, "").unwrap();
        let config = Config::load(Flags::default(), Some(&file), &environment).unwrap();
        assert_eq!(config.setup_code.as_deref(), Some("abcdefgh12345678"));
        assert!(config.effective.iter().all(|line| !line.value.contains("abcdefgh")));
    }

    #[test]
    fn a_mail_server_has_the_usual_port_and_a_password_that_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.toml");
        let lines = "smtp-host = 'mail.example'\nmail-from = 'blog@blog.example'\nsmtp-security = 'starttls'\n\
                     smtp-user = 'blog'\nsmtp-password = 'hidden word'\n";
        fs::write(&file, lines).unwrap();
        let config = Config::load(Flags::default(), Some(&file), &nothing).unwrap();
        assert!(config.effective.iter().all(|line| !line.value.contains("hidden word")));
        assert!(!format!("{config:?}").contains("hidden word"));
        let smtp = config.mail.smtp.unwrap();
        assert_eq!((smtp.port, smtp.password.as_str()), (587, "hidden word"));
        fs::write(&file, "smtp-host = 'mail.example'").unwrap();
        let refused = Config::load(Flags::default(), Some(&file), &nothing).unwrap_err().to_string();
        assert!(refused.contains("mail-from"), "{refused}");
        fs::write(&file, "").unwrap();
        assert!(Config::load(Flags::default(), Some(&file), &nothing).unwrap().mail.smtp.is_none());
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place_and_what_would_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.toml");
        for (line, name) in [
            ("listen = 'here'", "listen"),
            ("public-url = 'blog.example'", "public-url"),
            ("public-url = 'https://blog.example/path'", "public-url"),
            ("trusted-proxies = ['all']", "trusted-proxies"),
            ("cache-size = -1", "cache-size"),
            ("cache-size = 'much'", "cache-size"),
            ("max-upload = 0", "max-upload"),
            ("cdn-max-age = 1.5", "cdn-max-age"),
            ("cdn-tags = 'two words'", "cdn-tags"),
            ("metrics = '9100'", "metrics"),
            ("smtp-host = 'mail.example'\nmail-from = 'nobody'", "mail-from"),
            ("smtp-port = 70000", "smtp-port"),
            ("smtp-security = 'ssl'", "smtp-security"),
            ("smtp-ca-file = 'nowhere.pem'", "smtp-ca-file"),
            ("log-level = 'loud'", "log-level"),
            ("log-format = 'xml'", "log-format"),
            ("lisen = '127.0.0.1:80'", "lisen"),
        ] {
            fs::write(&file, line).unwrap();
            let error = Config::load(Flags::default(), Some(&file), &nothing).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("laman.toml"), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_list_of_proxies_takes_networks_and_single_addresses() {
        assert_eq!(networks("10.0.0.0/8, 127.0.0.1").unwrap().len(), 2);
        assert_eq!(networks("").unwrap().len(), 0);
        assert!(networks("10.0.0.0/33").is_none());
    }
}
