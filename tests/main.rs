//! The one test binary: the whole program behind its router, on a real database file, with a clock that stands still
//! until a test moves it. A file per theme; the names of the tests are what the program promises.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod support;

mod commenting;
mod feeds;
mod house;
mod importing;
mod reader;
mod search;
mod security;
mod sessions;
mod writing;
