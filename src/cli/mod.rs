//! The command line: what may be said to the program, and how it answers.

mod backup;
mod check;
mod config;
mod doctor;
mod export;
mod import;
mod manual;
mod old_addresses;
mod restore;
pub mod serve;
mod still;
mod unpack;
mod user;

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    clock::Clock,
    config::{Config, Flags, LogFormat},
    error::Error,
    model::{language::Language, settings::Settings},
    store::{OpenError, Store},
};

/// How long a command may take to put away what it had begun.
const TIDYING: Duration = Duration::from_secs(5);

/// A web blog with comments: one program, one SQLite file.
#[derive(Parser)]
#[command(name = "laman", version, about, after_help = EXAMPLES, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: Flags,
    /// Read settings from this file instead of laman.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  laman                                          serve ./laman.db on http://127.0.0.1:8080
  laman --listen 127.0.0.1:9000 --public-url https://blog.example
  laman user add --name 'Aminah' --email a@blog.example --role owner --password-file -
  laman import markdown ../old-blog/content      take in a folder of Markdown (Zola, Hugo, Jekyll)
  laman export blog.zip                          take the whole blog away
  laman import laman blog.zip                    bring it into a new database
  laman import wordpress old.xml --media uploads take in a WordPress export, with a copy of its uploads
  laman backup /backup/blog.db.zst                copy the blog while it is served, and prove the copy
  laman restore /backup/blog.db.zst               put a backup in its place; what was there is kept
  laman check                                    what is wrong inside the blog, and what to do about it
  laman doctor                                   what is wrong around it
  laman config                                   show every setting and where it came from

Each setting can be given as a flag (--public-url), in the environment (LAMAN_PUBLIC_URL) or in
laman.toml (public-url = \"…\"); the first of these that says something counts.
LAMAN_SETUP_CODE, or the file that LAMAN_SETUP_CODE_FILE names, chooses the code of the set-up link.";

#[derive(Subcommand)]
enum Command {
    /// Serve the blog (what `laman` alone does)
    Serve,
    /// Add or list people, change a password, switch an authenticator off
    #[command(subcommand)]
    User(user::Command),
    /// Take in a blog from elsewhere: WordPress, Blogger, Ghost, a folder of Markdown, or comments of Disqus, Commento, Remark42, Isso
    Import(import::Command),
    /// Take the whole blog away: posts, comments, pictures, people, settings
    Export(export::Command),
    /// Copy the blog to a file while it is served, and prove the copy
    Backup(backup::Args),
    /// Put a backup in the place of the blog; what was there is kept beside it
    Restore(restore::Args),
    /// Find what is wrong inside the blog, and what to do about it
    Check(check::Args),
    /// Look at everything around the blog: files, mail server, public address, disk, backups
    Doctor,
    /// Print what makes a shell complete this command line
    Completions(manual::Completions),
    /// Print the manual page, or write those of all commands into a folder
    Man(manual::Man),
    /// Show every setting and where it came from
    Config,
}

/// Why a command was not done: one line for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Blog(#[from] Error),
    #[error(transparent)]
    Backup(#[from] crate::store::BackupError),
    #[error(transparent)]
    Restore(#[from] crate::store::RestoreError),
    #[error("{0}")]
    Said(String),
}

/// Runs what the command line asks for.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say_aside(&format!("laman: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let config = Config::load(cli.flags, cli.config.as_deref(), &|name| std::env::var(name).ok())?;
    start_log(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Said(format!("cannot start: {error}")))?;
    let command = cli.command.unwrap_or(Command::Serve);
    let is_serving = matches!(command, Command::Serve);
    let done = runtime.block_on(async {
        match command {
            Command::Serve => serve::run(config).await,
            Command::User(command) => user::run(&config, command).await,
            Command::Import(command) => import::run(&config, command).await,
            Command::Export(command) => export::run(&config, command).await,
            Command::Backup(args) => backup::run(&config, args).await,
            Command::Restore(args) => restore::run(&config, args).await,
            Command::Check(args) => check::run(&config, args).await,
            Command::Doctor => doctor::run(&config).await,
            Command::Completions(shell) => manual::completions(&shell),
            Command::Man(args) => manual::man(&args),
            Command::Config => config::run(&config),
        }
    });
    // Whatever still runs on a blocking thread after the time that serve gave it is not waited for; a command that was
    // stopped takes away what it had begun.
    match is_serving {
        true => runtime.shutdown_background(),
        false => runtime.shutdown_timeout(TIDYING),
    }
    done
}

/// A line on standard output; a reader that went away (`laman … | head`) is no fault.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{}", harmless(line));
}

/// A line on standard error, likewise.
fn say_aside(line: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(line));
}

/// Names of files and titles come from outside: what would tell a terminal to do something is shown instead.
fn harmless(line: &str) -> Cow<'_, str> {
    let is_told = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    if !line.contains(is_told) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(line.chars().map(|character| if is_told(character) { '\u{fffd}' } else { character }).collect())
}

/// A progress bar on a terminal, nothing elsewhere.
fn bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if !io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// The log goes to standard error: standard output is for what was asked.
fn start_log(config: &Config) {
    // A log that cannot be written (a full disk, a closed pipe) must not end the program: its own complaints about that
    // would go the same way and panic.
    let log = tracing_subscriber::fmt()
        .with_max_level(config.log_level)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .with_target(false);
    // A second start in one process (tests) keeps the first log.
    let _ = match config.log_format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

/// Opens the blog of a command; one that nobody has set up yet gets its first settings.
async fn open_blog(config: &Config) -> Result<(Store, Settings), Failure> {
    must_exist(config)?;
    open_or_begin_blog(config).await
}

/// Likewise, and begins a blog where there is none.
async fn open_or_begin_blog(config: &Config) -> Result<(Store, Settings), Failure> {
    let store = open_or_begin(config).await?;
    let settings = match store.settings().await? {
        Some(settings) => settings,
        None => {
            let settings = Settings::initial(Language::ENGLISH);
            store.save_settings(&settings).await?;
            settings
        }
    };
    Ok((store, settings))
}

/// Opens the database, whatever the settings in it are.
async fn open_or_begin(config: &Config) -> Result<Store, Failure> {
    // Under a server that is older it is not changed: that would go on writing what it knows, and not start again.
    let _lock = if Store::check(&config.database).await? {
        Some(serve::lock(&config.database).map_err(|_| {
            Failure::Said(format!(
                "{} is of an older version, and being served: restart the server with this one first",
                config.database.display()
            ))
        })?)
    } else {
        None
    };
    Ok(Store::open(&config.database).await?)
}

/// Waits for SIGTERM, or Ctrl-C.
async fn stopped() {
    match serve::Stop::new() {
        Ok(mut stop) => stop.asked().await,
        Err(_) => std::future::pending().await,
    }
}

/// Refuses what other programs take for standard output.
fn must_be_file(name: &Path) -> Result<(), Failure> {
    if name.as_os_str() != "-" {
        return Ok(());
    }
    Err(Failure::Said(
        "- is no file; name one: it is written beside its place, and put there when it is whole".to_owned(),
    ))
}

/// Says that there is no blog, unless there is one.
fn must_exist(config: &Config) -> Result<(), Failure> {
    if config.database.exists() {
        return Ok(());
    }
    let path = config.database.display();
    Err(Failure::Said(format!(
        "there is no blog at {path} yet; run laman and open the set-up link, or see laman user add --help"
    )))
}

/// The clock of commands.
fn clock() -> Clock {
    Clock::System
}
