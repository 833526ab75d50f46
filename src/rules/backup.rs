//! When the next backup is due, what it is called, and which of those that are there go.

use jiff::{ToSpan, civil::Weekday, tz::TimeZone};

use crate::model::{
    backup::{Every, Schedule, Standing, Tried, Trouble},
    time::{DAY_MILLIS, Time},
};

const BEGINS: &str = "laman-";
const ENDS: &str = ".db.zst";

/// The first hour of the schedule after the last backup, or after it was decided if there is none since; `None`: no
/// backup is made by itself.
pub fn next(schedule: &Schedule, last: Option<Time>, zone: &TimeZone) -> Option<Time> {
    if schedule.every == Every::Never {
        return None;
    }
    let after = last.max(schedule.since)?;
    let hour = i8::try_from(schedule.hour).ok()?;
    let mut date = after.in_zone(zone).date();
    // The night itself may be over for today, and in a week there is one to every day.
    for _ in 0..9 {
        let at = date.at(hour, 0, 0, 0).to_zoned_datetime(zone.clone()).ok()?;
        let at = Time::from(at.timestamp());
        if at > after && (schedule.every == Every::Daily || date.weekday() == Weekday::Monday) {
            return Some(at);
        }
        date = date.checked_add(1.day()).ok()?;
    }
    None
}

/// What the owner has to know: that the last backup failed, or that none came for two of its periods.
pub fn trouble(standing: &Standing, zone: &TimeZone, now: Time) -> Option<Trouble> {
    let period = if standing.schedule.every == Every::Weekly { 7 } else { 1 } * DAY_MILLIS;
    if standing.tried.as_ref().is_some_and(|tried: &Tried| !tried.is_good()) {
        return Some(Trouble::Failed);
    }
    let due = next(&standing.schedule, standing.made_at, zone)?;
    (due.plus(period) <= now).then_some(Trouble::Overdue)
}

/// The name of a backup that is made now; they sort by time.
pub fn name(now: Time) -> String {
    format!("{BEGINS}{}{ENDS}", now.timestamp().strftime("%Y%m%d-%H%M%S"))
}

/// Of the files in the folder, the backups that are one too many: the oldest of `ours`. Another blog may keep its own there,
/// and people what they put there by hand.
pub fn superfluous(mut files: Vec<String>, ours: &[String], keep: u32) -> Vec<String> {
    files.retain(|file| is_name(file) && ours.contains(file));
    files.sort_unstable_by(|a, b| b.cmp(a));
    files.split_off(files.len().min(keep as usize))
}

/// Whether a file is one that was not finished.
pub fn is_unfinished(file: &str) -> bool {
    [".partial", ".packing"].iter().any(|ending| file.strip_suffix(ending).is_some_and(is_name))
}

fn is_name(file: &str) -> bool {
    let time = file.strip_prefix(BEGINS).and_then(|rest| rest.strip_suffix(ENDS));
    time.and_then(|time| time.split_once('-')).is_some_and(|(day, time)| {
        let are_digits = |part: &str, many: usize| part.len() == many && part.bytes().all(|byte| byte.is_ascii_digit());
        are_digits(day, 8) && are_digits(time, 6)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    fn schedule(every: Every, hour: u32) -> Schedule {
        let since = Some(at("2023-02-01T00:00:00Z"));
        Schedule { every, hour, folder: String::new(), keep: 2, since, asked_at: None }
    }

    #[test]
    fn a_backup_is_due_at_the_next_hour_of_the_blogs_own_day() {
        let (kl, berlin) = (TimeZone::get("Asia/Kuala_Lumpur").unwrap(), TimeZone::get("Europe/Berlin").unwrap());
        for (every, hour, last, zone, due) in [
            (Every::Daily, 3, "2023-02-11T08:30:00Z", &TimeZone::UTC, "2023-02-12T03:00:00Z"),
            (Every::Daily, 9, "2023-02-11T08:30:00Z", &TimeZone::UTC, "2023-02-11T09:00:00Z"),
            (Every::Daily, 3, "2023-02-11T03:00:00Z", &TimeZone::UTC, "2023-02-12T03:00:00Z"),
            (Every::Daily, 3, "2023-02-11T08:30:00Z", &kl, "2023-02-11T19:00:00Z"),
            // 2023-02-11 is a Saturday.
            (Every::Weekly, 3, "2023-02-11T08:30:00Z", &TimeZone::UTC, "2023-02-13T03:00:00Z"),
            (Every::Weekly, 3, "2023-02-13T03:00:05Z", &TimeZone::UTC, "2023-02-20T03:00:00Z"),
            // An hour that the clock leaves out, and one that it shows twice.
            (Every::Daily, 2, "2023-03-25T12:00:00Z", &berlin, "2023-03-26T01:00:00Z"),
            (Every::Daily, 2, "2023-10-28T12:00:00Z", &berlin, "2023-10-29T00:00:00Z"),
            // Before it was decided nothing was due.
            (Every::Daily, 3, "2020-01-01T00:00:00Z", &TimeZone::UTC, "2023-02-01T03:00:00Z"),
        ] {
            assert_eq!(next(&schedule(every, hour), Some(at(last)), zone), Some(at(due)), "{every:?} {hour} {last}");
        }
        assert_eq!(next(&schedule(Every::Never, 3), None, &TimeZone::UTC), None);
    }

    #[test]
    fn the_oldest_go_and_what_is_called_otherwise_stays() {
        let files = [
            "laman-20230211-083000.db.zst",
            "laman-20230213-030000.db.zst",
            "laman-20230212-030000.db.zst",
            "laman-20230101-030000.db",
            "laman-2023.db.zst",
            "laman.db",
            "laman-20230101-03000x.db.zst",
        ];
        let files = files.map(str::to_owned).to_vec();
        assert_eq!(superfluous(files.clone(), &files, 2), ["laman-20230211-083000.db.zst"]);
        assert!(superfluous(files.clone(), &files, 3).is_empty());
        assert_eq!(superfluous(files.clone(), &files[1..], 1), ["laman-20230212-030000.db.zst"]);
        assert!(superfluous(files, &[], 1).is_empty());
        assert!(is_name(&name(Time(0))) && is_unfinished("laman-20230211-083000.db.zst.partial"));
        assert!(!is_unfinished("laman-20230211-083000.db.zst") && !is_unfinished("mine.partial"));
    }

    #[test]
    fn there_is_trouble_while_the_last_one_failed_and_when_two_nights_or_weeks_went_by_without_one() {
        let tried = |failure: &str| Tried {
            at: Time(0),
            file: String::new(),
            bytes: 0,
            entries: 0,
            failure: failure.to_owned(),
            detail: String::new(),
        };
        let seen = |every, failure, now: &str| {
            let made_at = Some(at("2023-02-13T03:00:05Z"));
            let standing = Standing { schedule: schedule(every, 3), tried: Some(tried(failure)), made_at };
            trouble(&standing, &TimeZone::UTC, at(now))
        };
        assert_eq!(seen(Every::Daily, "", "2023-02-15T02:59:00Z"), None);
        assert_eq!(seen(Every::Daily, "", "2023-02-15T03:00:00Z"), Some(Trouble::Overdue));
        assert_eq!(seen(Every::Weekly, "", "2023-02-26T03:00:00Z"), None);
        assert_eq!(seen(Every::Weekly, "", "2023-02-27T03:00:00Z"), Some(Trouble::Overdue));
        assert_eq!(seen(Every::Never, "", "2024-01-01T00:00:00Z"), None);
        assert_eq!(seen(Every::Never, "io", "2023-02-13T03:00:00Z"), Some(Trouble::Failed));
    }

    proptest! {
        #[test]
        fn the_next_one_comes_after_the_last_and_within_what_was_chosen(
            last in 0_i64..4_000_000_000_000, hour in 0_u32..24, weekly: bool
        ) {
            let every = if weekly { Every::Weekly } else { Every::Daily };
            let zone = TimeZone::get("Europe/Berlin").unwrap();
            let schedule = Schedule { since: None, ..schedule(every, hour) };
            let next = next(&schedule, Some(Time(last)), &zone).unwrap();
            let days = if weekly { 7 } else { 1 };
            prop_assert!(next > Time(last) && next.0 - last <= (days * 24 + 1) * 3_600_000);
        }
    }
}
