//! `laman config`: every setting in force and where it came from.

use std::io::Write;

use super::Failure;
use crate::config::Config;

pub(super) fn run(config: &Config) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for line in &config.effective {
        let value = if line.value.is_empty() { "(none)" } else { &line.value };
        // A closed pipe (`laman config | head`) is no fault.
        let _ = writeln!(out, "{:<16} {:<32} {}", line.name, value, line.source);
    }
    Ok(())
}
