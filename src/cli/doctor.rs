//! `laman doctor`: what is around the blog, looked at one after the other, with what to do where it is not well.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use tokio::time::timeout;

use super::{Failure, clock, must_exist, say};
use crate::{
    config::{Config, Source},
    mail::{self, Refusal, Step},
    model::{
        backup::{Every, Trouble},
        language::Language,
        mail::Smtp,
        settings::Settings,
        time::DAY_MILLIS,
    },
    outside,
    rules::backup::trouble,
    store::{Store, folder_of, room_beside},
};

const PATIENCE: Duration = Duration::from_secs(5);
/// Below so many bytes a disk is soon full.
const LITTLE: u64 = 500_000_000;
/// A backup that is older is an old one.
const OLD_DAYS: u32 = 8;

/// How something is: well; well enough, and worth a word; or not well.
enum Found {
    Well(String),
    Note(String),
    Ill(String),
}

use Found::{Ill, Note, Well};

pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    must_exist(config)?;
    let mut ill = 0;
    let mut tell = |about: &str, found: Found| {
        let (mark, words) = match found {
            Well(words) => ("ok  ", words),
            Note(words) => ("note", words),
            Ill(words) => {
                ill += 1;
                ("ILL ", words)
            }
        };
        say(&format!("{mark} {about:<14} {words}"));
    };
    tell("configuration", configuration(config));
    if let Some(found) = secrets(config) {
        tell("passwords", found);
    }
    tell("file", file(config));
    tell("folder", folder(config));
    tell("disk", disk(config));
    // Nothing is migrated by whoever only looks.
    match Store::check(&config.database).await {
        Err(error) => tell("database", Ill(error.to_string())),
        Ok(true) => tell(
            "database",
            Note(
                "it is of an older version: the next start of the server brings it up to date, after a backup"
                    .to_owned(),
            ),
        ),
        Ok(false) => match Store::open(&config.database).await {
            Err(error) => tell("database", Ill(error.to_string())),
            Ok(store) => {
                let looked = inside(&store, config, &mut tell).await;
                store.close().await;
                if let Err(error) = looked {
                    tell(
                        "database",
                        Ill(format!("it cannot be read to its end ({error}); see the disk above, and laman check")),
                    );
                }
            }
        },
    }
    match ill {
        0 => Ok(()),
        1 => Err(Failure::Said("one thing is not well".to_owned())),
        many => Err(Failure::Said(format!("{many} things are not well"))),
    }
}

async fn inside(store: &Store, config: &Config, tell: &mut impl FnMut(&str, Found)) -> Result<(), Failure> {
    tell("database", Well("its schema is that of this version; laman check looks inside".to_owned()));
    let settings = match store.settings().await {
        Ok(Some(settings)) => Some(settings),
        Ok(None) => {
            tell("blog", Ill("nobody has set it up yet; run laman and open the set-up link".to_owned()));
            return Ok(());
        }
        Err(error) => {
            tell("blog", Ill(format!("{error}; laman check says what to do")));
            None
        }
    };
    if let Some(settings) = &settings {
        tell("time", time(settings));
    }
    let named = store.smtp().await?;
    tell("mail", mail(config.mail.smtp.as_ref().or(named.as_ref()), config.mail.ca.as_deref()).await);
    if let Some(settings) = &settings {
        tell("public address", address(config, settings).await);
    }
    let settings = settings.unwrap_or_else(|| Settings::initial(Language::ENGLISH));
    tell("backup", backup(store, &settings).await?);
    Ok(())
}

fn file(config: &Config) -> Found {
    let path = config.database.display();
    match fs::metadata(&config.database) {
        Err(error) => Ill(format!("{path} cannot be looked at: {error}")),
        Ok(file) => match file.permissions().mode() & 0o777 {
            mode if mode & 0o077 != 0 => Ill(format!("{path} can be read by others (mode {mode:o}); chmod 600 {path}")),
            mode if mode & 0o600 != 0o600 => Ill(format!("{path} cannot be written (mode {mode:o}); chmod 600 {path}")),
            _ => Well(format!("{path} is for its owner alone")),
        },
    }
}

/// Whoever may write there may put another file in its place.
fn folder(config: &Config) -> Found {
    let path = folder_of(&config.database);
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) => Ill(format!("{shown} cannot be looked at: {error}")),
        Ok(folder) => match folder.permissions().mode() & 0o7777 {
            mode if mode & 0o002 != 0 => {
                Ill(format!("anybody can write in {shown} (mode {mode:o}); chmod o-w {shown}"))
            }
            _ => Well(format!("not everybody can write in {shown}")),
        },
    }
}

fn disk(config: &Config) -> Found {
    let size = fs::metadata(&config.database).map_or(0, |file| file.len());
    match room_beside(&config.database) {
        Err(error) => Ill(format!("how much room there is cannot be told: {error}")),
        Ok(room) => {
            let words = format!("{} MB free, the blog takes {} MB", room / 1_000_000, size.div_ceil(1_000_000));
            // An upgrade makes a backup beside it, and may write most of it once more.
            if room < LITTLE.max(3 * size) {
                Ill(format!("{words}; make room: an upgrade takes twice as much"))
            } else {
                Well(words)
            }
        }
    }
}

fn time(settings: &Settings) -> Found {
    if jiff::tz::TimeZone::get(&settings.zone_name).is_err() {
        let zone = &settings.zone_name;
        return Ill(format!(
            "this machine knows no time zone {zone:?}: the blog goes by UTC; laman check says what to do"
        ));
    }
    let now = clock().now();
    let words = format!("it is {} in {}", now.typed_in(&settings.zone).replace('T', " "), settings.zone_name);
    // Before this program was written.
    if now.days_since(crate::model::time::Time(0)) < 20_000 {
        return Ill(format!("{words}: the machine's clock is wrong; scheduled posts and sessions go by it"));
    }
    Well(words)
}

/// What is wrong with the settings taken together.
fn configuration(config: &Config) -> Found {
    if config.metrics.is_some_and(|metrics| metrics == config.listen && metrics.port() != 0) {
        return Ill(format!("listen and metrics are both {}: only one of them can have it; change one", config.listen));
    }
    if let Some(all) = config.trusted_proxies.iter().find(|network| network.prefix_len() == 0) {
        return Ill(format!(
            "trusted-proxies has {all}, which is everybody: anyone can say to be somebody else; name the proxy's address alone"
        ));
    }
    Well("laman config shows every setting and where it came from".to_owned())
}

/// A file with a password in it that others can read.
fn secrets(config: &Config) -> Option<Found> {
    let secret = config.effective.iter().filter(|one| ["smtp-password", "setup-code"].contains(&one.name));
    let mut files = secret.filter_map(|one| match &one.source {
        Source::File(path) => Some((one.name, path)),
        _ => None,
    });
    files.find_map(|(name, path)| {
        let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
        let path = path.display();
        let words = format!("{path} holds {name}, and others can read it (mode {mode:o}); chmod 600 {path}");
        (mode & 0o044 != 0).then_some(Note(words))
    })
}

async fn mail(smtp: Option<&Smtp>, ca: Option<&str>) -> Found {
    let Some(smtp) = smtp else { return Note("no server is named: the blog sends no mail".to_owned()) };
    let at = format!("{}:{}", smtp.host, smtp.port);
    match timeout(PATIENCE, mail::probe(smtp, ca)).await {
        Ok(Ok(())) => Well(format!("{at} can be reached; Settings, Mail server sends a test")),
        Ok(Err(Refusal { step: Step::Tls, words, .. })) => Ill(format!(
            "{at} answers, but not with {} ({words}); see smtp-security and smtp-port",
            smtp.security.as_str()
        )),
        Ok(Err(Refusal { words, .. })) => {
            Ill(format!("{at} cannot be reached ({words}); see smtp-host and smtp-port, and the firewall"))
        }
        Err(_) => Ill(format!("{at} does not answer; see smtp-host, smtp-port and smtp-security, and the firewall")),
    }
}

/// Feeds name the blog by what no other has.
async fn address(config: &Config, settings: &Settings) -> Found {
    let Some(base) = config.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/')) else {
        return Note("none is given: links in feeds and mails name the address served on; see --public-url".to_owned());
    };
    match outside::answer_of(&format!("{base}/feed.xml"), config.mail.ca.as_deref()).await {
        // Plain files have the feed, too.
        Ok(answer) if answer.contains(&settings.uuid) && !is_served(base, config).await => Ill(format!(
            "{base} is answered by a copy of this blog, or by plain files of it, not by laman; see the proxy before it, and --public-url"
        )),
        Ok(answer) if answer.contains(&settings.uuid) => match base.starts_with("https://") {
            true => Well(format!("{base} is answered by this blog")),
            false => Note(format!("{base} is answered by this blog, without TLS: passwords can be read on the way")),
        },
        Ok(answer) => {
            let first = answer.lines().next().unwrap_or("nothing").to_owned();
            Ill(format!("{base} is answered by something else ({first}); see the proxy before it, and --public-url"))
        }
        Err(why) => Ill(format!("{base} is not answered ({why}); is laman running, and the proxy before it?")),
    }
}

/// Whether a program answers there, which says that the database can be read.
async fn is_served(base: &str, config: &Config) -> bool {
    let answer = outside::answer_of(&format!("{base}/healthz"), config.mail.ca.as_deref()).await;
    answer.is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}

async fn backup(store: &Store, settings: &Settings) -> Result<Found, Failure> {
    let (standing, last) = (store.backup_standing().await?, store.last_backup().await?);
    let now = clock().now();
    let trouble = trouble(&standing, &settings.zone, now);
    let schedule = standing.schedule;
    match (trouble, standing.tried) {
        (Some(Trouble::Failed), Some(tried)) => {
            let at = tried.at.typed_in(&settings.zone).replace('T', " ");
            return Ok(Ill(format!("the last could not be made ({at}): {}. See Settings, Backups", tried.detail)));
        }
        (Some(_), _) => {
            return Ok(Ill("it is overdue: none came when it was due, for two of its periods. Is laman running? See \
                           Settings, Backups"
                .to_owned()));
        }
        (None, _) => {}
    }
    if schedule.every != Every::Never && !schedule.folder.is_empty() && !Path::new(&schedule.folder).is_dir() {
        return Ok(Ill(format!("there is no folder {}, where they are to go; see Settings, Backups", schedule.folder)));
    }
    let advice = "Settings, Backups makes them by itself; or run laman backup FILE each night";
    Ok(match (last, schedule.every) {
        (None, Every::Never) => Note(format!("none is made by itself. {advice}")),
        (None, _) => Note("none is made yet".to_owned()),
        (Some(last), every) => {
            let (days, file) = ((now.0 - last.at.0) / DAY_MILLIS, &last.file);
            match now.days_since(last.at) >= OLD_DAYS && every != Every::Never {
                true => Ill(format!("the last that was proved is {days} days old: {file}. See Settings, Backups")),
                false if days >= i64::from(OLD_DAYS) => Note(format!("{file} was proved {days} days ago. {advice}")),
                false => Well(match days {
                    0 => format!("{file} was proved within the last day"),
                    1 => format!("{file} was proved a day ago"),
                    days => format!("{file} was proved {days} days ago"),
                }),
            }
        }
    })
}
