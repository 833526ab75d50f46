//! What `make bench` measures Laman with and against: a blog of any size, a bare server, a plain loop of inserts.

mod bare;
mod blog;
mod comments;
mod crowd;
mod generate;
mod judge;
mod start;
mod wxr;

use std::{error::Error, ffi::OsString, path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;

/// Whatever went wrong: a run is for one person at a terminal, who needs the words and no more.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What `make bench` measures Laman with and against
#[derive(Parser)]
enum Yardstick {
    /// Make a blog; its owner signs in as owner@blog.example with "tujuh burung di atas pagar"
    Generate {
        /// The file to make
        database: PathBuf,
        #[arg(long)]
        posts: u64,
        #[arg(long)]
        comments: u64,
        /// A folder of Markdown posts to take the texts from [default: texts made of a few sentences]
        #[arg(long, value_name = "DIR")]
        texts: Option<PathBuf>,
    },
    /// Print what to ask a made blog for, as assignments for a shell
    Addresses {
        database: PathBuf,
        /// As it was made
        #[arg(long)]
        posts: u64,
    },
    /// Fetch a page, then serve the same bytes and headers from a bare axum handler
    Bare {
        #[arg(long, value_name = "URL")]
        from: String,
    },
    /// Insert comments into a made blog one after the other, each in a durable transaction; print how many a second
    Loop {
        database: PathBuf,
        #[arg(long)]
        seconds: u64,
    },
    /// Check that every comment whose id is in a file is in the database; print how many there are
    Acknowledged { database: PathBuf, ids: PathBuf },
    /// Start a server of a made blog, have 200 people comment under one post while others read it, kill it in the midst of
    /// that, and check that every comment that was acknowledged is in the database; print how it went
    Crowd {
        database: PathBuf,
        #[arg(long)]
        seconds: u64,
        /// What to start, up to `serve`
        #[arg(last = true, required = true)]
        server: Vec<OsString>,
    },
    /// Judge a corpus of comments by what at most so many decisions teach; print how many of each kind fared how
    Judge {
        corpus: PathBuf,
        #[arg(long)]
        lessons: usize,
    },
    /// Write a WordPress export of about this size to standard output
    Wxr {
        #[arg(long, default_value_t = 1.0)]
        gigabytes: f64,
    },
    /// Start a server of the database, print the milliseconds until its home page is there, stop it
    Start { laman: PathBuf, database: PathBuf },
}

fn main() -> ExitCode {
    match run(Yardstick::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yardstick: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: Yardstick) -> Result<()> {
    // One thread: writes are then issued in the same order in every run, and SQLite has its own.
    let one = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    match asked {
        Yardstick::Generate { database, posts, comments, texts } => {
            one()?.block_on(generate::run(&database, posts, comments, texts.as_deref()))
        }
        Yardstick::Wxr { gigabytes } => wxr::run(gigabytes),
        Yardstick::Addresses { database, posts } => one()?.block_on(generate::addresses(&database, posts)),
        Yardstick::Bare { from } => bare::run(&from),
        Yardstick::Loop { database, seconds } => {
            one()?.block_on(comments::insert(&database, Duration::from_secs(seconds)))
        }
        Yardstick::Acknowledged { database, ids } => one()?.block_on(comments::acknowledged(&database, &ids)),
        Yardstick::Crowd { database, seconds, server } => crowd::run(&database, Duration::from_secs(seconds), &server),
        Yardstick::Judge { corpus, lessons } => judge::prove(&corpus, lessons),
        Yardstick::Start { laman, database } => start::run(&laman, &database),
    }
}
