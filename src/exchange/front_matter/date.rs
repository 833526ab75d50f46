//! Dates as people write them in front matter.

use jiff::{
    Timestamp, civil,
    fmt::temporal::Pieces,
    tz::{Offset, TimeZone},
};

use crate::exchange::short;
use crate::model::{
    remark::{Remark, remark},
    time::Time,
};

/// A date as its author wrote it, which is what addresses are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// By the clock of its author; of a day alone, its beginning.
    pub at: civil::DateTime,
    /// The offset that it names.
    pub offset: Option<Offset>,
    /// Whether it is more than a day.
    pub has_time: bool,
}

/// What stands in a date that [`read`] takes.
pub(super) fn written(text: &str) -> Option<Written> {
    let compact = without_gaps(text.trim());
    let pieces = Pieces::parse(&compact).ok()?;
    let time = pieces.time();
    let at = pieces.date().to_datetime(time.unwrap_or_default());
    Some(Written { at, offset: pieces.to_numeric_offset(), has_time: time.is_some() })
}

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
