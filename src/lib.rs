//! Laman: a web blog with comments in one program and one SQLite file.

pub mod clock;
pub mod error;
pub mod exchange;
pub mod model;
pub mod store;
pub mod text;
