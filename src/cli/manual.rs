//! `laman completions` and `laman man`: the command line as shells and manuals know it.

use std::{fs, io::Write, path::PathBuf};

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Failure};

#[derive(clap::Args)]
pub(super) struct Completions {
    /// Which shell
    shell: Shell,
}

#[derive(clap::Args)]
pub(super) struct Man {
    /// A folder to write the page of every command into
    dir: Option<PathBuf>,
}

pub(super) fn completions(asked: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Cli::command(), "laman", &mut script);
    print(&script);
    Ok(())
}

pub(super) fn man(asked: &Man) -> Result<(), Failure> {
    let failed = |error| Failure::Said(format!("cannot write the manual: {error}"));
    match &asked.dir {
        Some(dir) => {
            fs::create_dir_all(dir).map_err(failed)?;
            clap_mangen::generate_to(Cli::command(), dir).map_err(failed)
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(failed)?;
            print(&page);
            Ok(())
        }
    }
}

/// A reader that goes away is no fault.
fn print(bytes: &[u8]) {
    let _ = std::io::stdout().lock().write_all(bytes);
}
