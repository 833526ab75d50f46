//! `laman user`: people who can sign in, from the machine itself.

use std::{
    fs,
    io::{Read, Write},
    path::PathBuf,
};

use clap::{Args, Subcommand};

use super::{Failure, clock, open_blog, open_or_begin_blog, say};
use crate::{
    config::Config,
    model::user::{Person, Role, is_email},
    rules::password,
    store::{NewUser, Store},
    text::{plain, slug, words::words},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add someone who can sign in
    Add(Add),
    /// List everybody
    List,
    /// Change a password; every session that the old one opened ends
    Password(Password),
    /// Ask for no authenticator any more, where it is lost with its recovery codes
    NoAuthenticator(NoAuthenticator),
}

#[derive(Args)]
pub(super) struct Add {
    /// As readers see it
    #[arg(long)]
    name: String,
    /// To sign in with; readers never see it
    #[arg(long)]
    email: String,
    /// What they may do
    #[arg(long, value_enum, default_value = "editor")]
    role: Role,
    /// A file whose first line is the password; - reads standard input
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
}

#[derive(Args)]
pub(super) struct Password {
    /// Whose password
    #[arg(long)]
    email: String,
    /// A file whose first line is the password; - reads standard input
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
}

#[derive(Args)]
pub(super) struct NoAuthenticator {
    /// Whose
    #[arg(long)]
    email: String,
}

pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    // What can be refused is refused before a database is made.
    match command {
        Command::Add(add) => {
            let (name, email) = (plain::clean_line(&add.name), add.email.trim().to_lowercase());
            if name.is_empty() || name.chars().count() > 80 {
                return Err(Failure::Said("--name: give a name of at most 80 characters".to_owned()));
            }
            if !is_email(&email) {
                return Err(Failure::Said(format!("--email: {email:?} is not an e-mail address")));
            }
            let password_hash = hashed(&add.password_file, &[&name, &email])?;
            let (store, _) = open_or_begin_blog(config).await?;
            let user = NewUser {
                slug: slug::slug(&name),
                skeleton: plain::skeleton(&name),
                name,
                email,
                role: add.role,
                password_hash,
            };
            let added = store.add_user(&user, clock().now()).await;
            store.close().await;
            added.map_err(|error| match error {
                crate::error::Error::BadRequest(why) => Failure::Said(format!("--email: {why}")),
                other => other.into(),
            })?;
            say(&format!("added {} ({})", user.email, user.role.as_str()));
        }
        Command::List => {
            let (store, _) = open_blog(config).await?;
            let people = store.people().await;
            store.close().await;
            let mut out = std::io::stdout().lock();
            for Person { user, disabled_at, .. } in people? {
                let email = user.email.as_deref().unwrap_or("(cannot sign in)");
                let off = if disabled_at.is_some() { " (disabled)" } else { "" };
                let _ = writeln!(out, "{:<11} {:<32} {}{off}", user.role.as_str(), email, user.name);
            }
        }
        Command::Password(change) => {
            let email = change.email.trim().to_lowercase();
            let password_hash = hashed(&change.password_file, &[&email])?;
            let (store, _) = open_blog(config).await?;
            let changed = store.set_password(&email, &password_hash, clock().now()).await;
            store.close().await;
            if !changed? {
                return Err(Failure::Said(format!("nobody signs in with {email}; see laman user list")));
            }
            say(&format!("changed; every session of {email} has ended"));
        }
        Command::NoAuthenticator(NoAuthenticator { email }) => {
            let email = email.trim().to_lowercase();
            let (store, _) = open_blog(config).await?;
            let dropped = drop_authenticator(&store, &email).await;
            store.close().await;
            if !dropped? {
                return Err(Failure::Said(format!("nobody signs in with {email}; see laman user list")));
            }
            say(&format!("{email} signs in by password alone"));
        }
    }
    Ok(())
}

/// `false`: nobody has this address.
async fn drop_authenticator(store: &Store, email: &str) -> Result<bool, crate::error::Error> {
    let Some(user) = store.users().await?.into_iter().find(|user| user.email.as_deref() == Some(email)) else {
        return Ok(false);
    };
    store.drop_authenticator(user.id, None, email, clock().now()).await?;
    Ok(true)
}

/// Reads a password and hashes it. It comes from a file, since every user of the machine can read a command line.
fn hashed(file: &PathBuf, known: &[&str]) -> Result<String, Failure> {
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text.map_err(|error| Failure::Said(format!("--password-file {}: {error}", file.display())))?;
    let typed = text.lines().next().unwrap_or_default();
    password::check(typed, known)
        .map_err(|fault| Failure::Said(words(crate::model::language::Language::ENGLISH).t(&fault.to_string())))?;
    password::hash(typed).map_err(|error| Failure::Said(format!("cannot hash the password: {error}")))
}
