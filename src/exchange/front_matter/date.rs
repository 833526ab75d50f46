//! Dates as people write them in front matter.

use jiff::{Timestamp, civil, tz::TimeZone};

use crate::exchange::short;
use crate::model::{
    remark::{Remark, remark},
    time::Time,
};

/// Reads RFC 3339, `2023-02-11`, `2023-02-11 08:30`, `2023-02-11 08:30:00 +0800` and the like;
/// what names no offset is local in `zone`. The error completes the sentence "date …".
pub(super) fn read(text: &str, zone: &TimeZone) -> Result<Time, Remark> {
    let unknown = || remark("front-no-date").put("date", short(text));
    let compact = without_gaps(text.trim());
    if let Ok(moment) = compact.parse::<Timestamp>() {
        return Ok(moment.into());
    }
    let local = if compact.contains(':') {
        compact
            .parse::<civil::DateTime>()
            .map_err(|_| unknown())?
            .to_zoned_datetime(zone.clone())
            .ok()
            .map(|at| at.timestamp().into())
    } else {
        noon(compact.parse::<civil::Date>().map_err(|_| unknown())?, zone)
    };
    local.ok_or_else(unknown)
}

/// The moment that a bare date stands for: noon in `zone`, as far from both ends of the day as can be. So the post
/// keeps its day (and its `/YYYY/MM/` address) in the blog's zone, and still does when the blog moves some zones away.
pub(in crate::exchange) fn noon(day: civil::Date, zone: &TimeZone) -> Option<Time> {
    Some(day.at(12, 0, 0, 0).to_zoned_datetime(zone.clone()).ok()?.timestamp().into())
}

/// `2023-02-11 08:30:00 +0800` -> `2023-02-11 08:30:00+0800`, and ` UTC` -> `Z`.
fn without_gaps(text: &str) -> String {
    for utc in [" UTC", " GMT", " Z"] {
        if let Some(moment) = text.strip_suffix(utc) {
            return format!("{}Z", moment.trim_end());
        }
    }
    match text.rsplit_once(' ') {
        Some((moment, offset)) if offset.starts_with(['+', '-']) => format!("{}{offset}", moment.trim_end()),
        _ => text.to_owned(),
    }
}
