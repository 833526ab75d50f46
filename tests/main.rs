//! The one test binary. A file per theme drives the whole program behind its router, on a real database file, with a clock that
//! stands still until a test moves it; `program` drives the binary, `browser` drives Chromium. The names of the tests are
//! what the program promises.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod support;

mod again;
mod appearance;
mod archive;
mod backups;
mod bringing;
mod browser;
mod commenting;
mod counts;
mod desk;
mod door;
mod editor;
mod feeds;
mod fetching;
mod files;
mod house;
mod importing;
mod judging;
mod keeping;
mod leaving;
mod mail;
mod moving_in;
mod moving_sites;
mod networks;
mod old_wordpress;
mod outside;
mod own_comments;
mod people;
mod program;
mod queue;
mod reader;
mod redirects;
mod saving;
mod search;
mod security;
mod sessions;
mod threads;
mod twice;
mod wordpress;
mod writing;
