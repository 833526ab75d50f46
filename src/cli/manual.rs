//! `laman completions` and `laman man`: the command line as shells and manuals know it.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Command, CommandFactory};
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
            write_pages(&command(), dir).map_err(failed)
        }
        None => {
            print(page(&command()).map_err(failed)?.1.as_bytes());
            Ok(())
        }
    }
}

/// The command line without `help`, which has no page.
fn command() -> Command {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    command
}

fn write_pages(command: &Command, dir: &Path) -> io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        write_pages(sub, dir)?;
    }
    let (name, text) = page(command)?;
    fs::write(dir.join(name), text)
}

/// The name and the text of a page. Its examples stay lines: filled, they would be one muddle.
fn page(command: &Command) -> io::Result<(String, String)> {
    let (man, mut page) = (clap_mangen::Man::new(command.clone()), Vec::new());
    man.render(&mut page)?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let text = match page.split_once(".SH EXTRA\n") {
        Some((before, rest)) => {
            let rest = rest.replacen("\n.SH ", "\n.fi\n.SH ", 1);
            format!("{before}.SH EXAMPLES\n.nf\n{}", rest.strip_prefix("Examples:\n").unwrap_or(&rest))
        }
        None => page,
    };
    Ok((man.get_filename(), text))
}

/// A reader that goes away is no fault.
fn print(bytes: &[u8]) {
    let _ = std::io::stdout().lock().write_all(bytes);
}
