//! What the program does by itself, apart from any request: it sends the mails whose time has come, asks the outside
//! service about comments, makes backups, and brings in what the owner wants.

pub mod backup;
pub mod import;
mod letter;
mod outside;
pub mod pictures;

use std::{sync::Arc, time::Duration};

use crate::{
    app::App,
    error::Result,
    mail::{self, Refusal, Step},
    model::{mail::Smtp, time::Time},
    store::Tried,
};

pub use self::outside::step as check;

/// After so many milliseconds a mail is tried again; after the last of them it is given up.
const BACK_OFF: [i64; 5] = [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000];
/// A server that cannot be reached is left alone so long, whatever else waits for it.
const PAUSE: Duration = Duration::from_secs(60);
/// A queue is looked at so often even when nobody says that something came.
const LOOK: Duration = Duration::from_secs(1800);
/// What is old is forgotten so often.
const TIDY_MILLIS: i64 = 3 * 3_600_000;
/// An error of the database is not asked for again and again.
const SHORTLY: Duration = Duration::from_secs(10);

/// What came of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// Nothing was due, or there is no server.
    Idle,
    /// One mail or comment was dealt with.
    Done,
    /// The server could not be reached, or did not let us in.
    Unreachable,
}

/// Goes on until it is dropped.
pub async fn run(app: Arc<App>) {
    tokio::join!(mails(&app), outside::run(&app), backup::run(&app), import::desk::run(&app));
}

async fn mails(app: &App) {
    let mut tidied = None;
    loop {
        let wait = match round(app, &mut tidied).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "the queue of mails could not be looked at");
                SHORTLY
            }
        };
        tokio::select! {
            () = app.store.mail_queued() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Sends everything that is due; gives the time until there is more to do. `tidied`: when what is old was last forgotten.
async fn round(app: &App, tidied: &mut Option<Time>) -> Result<Duration> {
    let now = app.clock.now();
    if tidied.is_none_or(|at| now.0 - at.0 >= TIDY_MILLIS) {
        app.store.tidy_mail(now).await?;
        app.store.tidy_door(now).await?;
        app.store.tidy_log(now).await?;
        *tidied = Some(now);
    }
    loop {
        match step(app).await? {
            Stepped::Done => {}
            Stepped::Unreachable => return Ok(PAUSE),
            Stepped::Idle => break,
        }
    }
    let next = if smtp(app).await?.is_some() { app.store.next_mail().await? } else { None };
    let wait = next.map_or(LOOK, |next| millis(next.0 - app.clock.now().0));
    Ok(wait.clamp(Duration::from_secs(1), LOOK))
}

fn millis(count: i64) -> Duration {
    Duration::from_millis(count.try_into().unwrap_or(0))
}

async fn smtp(app: &App) -> Result<Option<Arc<Smtp>>> {
    Ok(app.frame().await?.and_then(|frame| frame.smtp))
}

/// Sends one mail whose time has come.
pub async fn step(app: &App) -> Result<Stepped> {
    let Some(smtp) = smtp(app).await? else { return Ok(Stepped::Idle) };
    let Some(due) = app.store.claim_mail(app.clock.now()).await? else { return Ok(Stepped::Idle) };
    let drawn = letter::draw(app, &due).await?;
    let Some((letter, links)) = drawn else {
        app.store.mail_tried(due.id, &Tried::Withdrawn, "", app.clock.now()).await?;
        return Ok(Stepped::Done);
    };
    let message = match letter.message(&smtp, app.host(), app.clock.now()) {
        Ok(message) => message,
        Err(words) => {
            app.store.mail_tried(due.id, &Tried::Failed, &words, app.clock.now()).await?;
            return Ok(Stepped::Done);
        }
    };
    app.store.add_links(&links).await?;
    let report = mail::send(&smtp, app.mail.ca.as_deref(), &message).await;
    let now = app.clock.now();
    match report.refusal {
        None => {
            let words = report.steps.last().map_or("", |(_, words)| words);
            app.store.mail_tried(due.id, &Tried::Sent, words, now).await?;
            Ok(Stepped::Done)
        }
        Some(refusal) => {
            let tried = after(&refusal, due.tries, now);
            tracing::warn!(
                mail = due.id.0,
                step = refusal.step.as_str(),
                words = refusal.words,
                "a mail was not taken"
            );
            app.store.mail_tried(due.id, &tried, &refusal.words, now).await?;
            Ok(if refusal.step == Step::Accept { Stepped::Done } else { Stepped::Unreachable })
        }
    }
}

fn after(refusal: &Refusal, tries: u32, now: Time) -> Tried {
    let wait = usize::try_from(tries).ok().and_then(|tries| BACK_OFF.get(tries.checked_sub(1)?));
    match wait {
        Some(wait) if !refusal.is_final => Tried::Again(now.plus(*wait)),
        _ => Tried::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_again_ever_later_and_then_given_up() {
        let refusal = |is_final| Refusal { step: Step::Accept, words: String::new(), is_final };
        let waits: Vec<i64> = (1..)
            .map_while(|tries| match after(&refusal(false), tries, Time(0)) {
                Tried::Again(at) => Some(at.0 / 60_000),
                _ => None,
            })
            .collect();
        assert_eq!(waits, [1, 5, 30, 120, 360]);
        assert!(matches!(after(&refusal(true), 1, Time(0)), Tried::Failed));
    }
}
