//! Pure functions over text: they know values of [`crate::model`] and nothing else of ours.
//!
//! A post's way: [`markdown`] writes HTML from its source, `tidy` makes that well-formed and bounded, [`sanitise`] cleans it,
//! `decorate` adds what the page needs (ids, picture sizes, [`highlight`]ed code), and [`sanitise`] has the last
//! word; only then `math` draws the formulas.

pub mod addresses;
pub mod agent;
pub mod avatar;
mod decorate;
pub mod dom;
mod events;
pub mod gate;
pub mod highlight;
mod letters;
pub mod manuscript;
pub mod markdown;
mod math;
pub mod outline;
pub mod plain;
pub mod qr;
pub mod report;
pub mod sanitise;
pub mod search;
pub mod slug;
pub mod stylesheet;
mod tags;
mod tidy;
pub mod unhtml;
pub mod video;
pub mod words;
mod writer;

#[cfg(test)]
mod hostile;
