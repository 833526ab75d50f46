//! Tests of the program from outside.

mod browser;
mod program;
