//! Asks the outside service about the comments that wait for it, and gives each what the answer makes of it; tells it where
//! moderators decided otherwise.

use std::time::Duration;

use super::{LOOK, SHORTLY, Stepped, millis};
use crate::{
    app::App,
    error::Result,
    model::{
        outside::{Answer, DueCheck},
        time::Time,
    },
    outside::{Asking, check, correct},
    rules::judge::outside::settle,
};

/// After so many milliseconds it is asked again; after the last of them it is asked no more.
const BACK_OFF: [i64; 3] = [60_000, 10 * 60_000, 60 * 60_000];
/// A service that gave no answer is left alone so long, whatever else waits for it.
const PAUSE: Duration = Duration::from_secs(20);

/// Goes on until it is dropped.
pub(super) async fn run(app: &App) {
    loop {
        let wait = match round(app).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "what waits for the outside service could not be looked at");
                SHORTLY
            }
        };
        tokio::select! {
            () = app.store.check_queued() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn round(app: &App) -> Result<Duration> {
    loop {
        match step(app).await? {
            Stepped::Done => {}
            Stepped::Unreachable => return Ok(PAUSE),
            Stepped::Idle => break,
        }
    }
    let wait = app.store.next_check().await?.map_or(LOOK, |next| millis(next.0 - app.clock.now().0));
    Ok(wait.clamp(Duration::from_secs(1), LOOK))
}

/// Asks about one comment whose time has come.
pub async fn step(app: &App) -> Result<Stepped> {
    let Some(frame) = app.frame().await? else { return Ok(Stepped::Idle) };
    let Some(due) = app.store.claim_check(app.clock.now()).await? else { return Ok(Stepped::Idle) };
    let Some(service) = &frame.service else {
        end(app, &due, Answer::Unasked, None).await?;
        return Ok(Stepped::Done);
    };
    let language = frame.settings.language.tag();
    let asking = Asking { blog: &app.base, language, ca: app.mail.ca.as_deref() };
    if let Some(correction) = due.correction {
        let told = correct(service, asking, &due, correction, app.sender_of(&due.uuid)).await;
        return note(app, &due, told).await;
    }
    let words = match check(service, asking, &due, app.sender_of(&due.uuid)).await {
        Ok((answer, words)) => {
            end(app, &due, answer, Some(&words)).await?;
            return Ok(Stepped::Done);
        }
        Err(words) => words,
    };
    let now = app.clock.now();
    tracing::warn!(comment = due.comment_id.0, words, "the outside service gave no answer");
    match again(&due, now) {
        Some(at) => app.store.check_again(&due, at, &words, now).await?,
        None => end(app, &due, Answer::Silence, Some(&words)).await?,
    }
    Ok(Stepped::Unreachable)
}

/// When it is asked or told again.
fn again(due: &DueCheck, now: Time) -> Option<Time> {
    let wait = usize::try_from(due.tries).ok().and_then(|tries| BACK_OFF.get(tries.checked_sub(1)?));
    wait.map(|wait| now.plus(*wait))
}

/// What became of a correction; it is no loss where the service never takes it.
async fn note(app: &App, due: &DueCheck, told: std::result::Result<String, String>) -> Result<Stepped> {
    let now = app.clock.now();
    match told {
        Ok(words) => app.store.told(due, None, &words, now).await.map(|()| Stepped::Done),
        Err(words) => app.store.told(due, again(due, now), &words, now).await.map(|()| Stepped::Unreachable),
    }
}

async fn end(app: &App, due: &DueCheck, answer: Answer, words: Option<&str>) -> Result<()> {
    let Some(frame) = app.frame().await? else { return Ok(()) };
    let verdict = settle(&due.reason, answer, &frame.settings.policy);
    let reason = verdict.kept_reasons();
    app.store.settle_check(due, (verdict.outcome.state(), &reason), words, app.clock.now()).await?;
    app.forget_sender(&due.uuid);
    Ok(())
}
