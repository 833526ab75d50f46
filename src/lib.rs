//! Laman: a web blog with comments in one program and one SQLite file.
//!
//! [`model`] names things; [`text`] and [`rules`] are pure; [`store`] is the only room that knows SQL, [`web`] the only one
//! that knows HTTP; [`exchange`] reads other systems' formats; [`app`] is the tray on which a handler gets its tools;
//! [`cli`] starts everything. `ARCHITECTURE.md` has the map and three walks through it.

pub mod app;
pub mod archive;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod exchange;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod model;
pub mod outside;
pub mod picture;
pub mod rules;
pub mod store;
pub mod text;
pub mod web;
