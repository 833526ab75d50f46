//! Laman: a web blog with comments in one program and one SQLite file.

pub mod exchange;
pub mod model;
pub mod text;
