//! The `laman` program.

fn main() {}
