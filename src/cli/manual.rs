//! `laman completions` and `laman man`: the command line as shells and manuals know it.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Failure};

const AROUND: &str = ".SH ENVIRONMENT\nEach option is also a variable: \\-\\-public\\-url is LAMAN_PUBLIC_URL. A secret may stand in a file that \
    LAMAN_SMTP_PASSWORD_FILE or LAMAN_SETUP_CODE_FILE names.\n\
    .SH FILES\n.TP\nlaman.db\nthe blog; \\-wal and \\-shm beside it belong to it while it is open\n\
    .TP\nlaman.toml\nsettings, where there are any\n\
    .SH EXIT STATUS\n0 when it is done, 1 when it is not or something is wrong, 2 when the command line cannot be read\n";

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
    let source = format!("laman {}", env!("CARGO_PKG_VERSION"));
    let (man, mut page) = (clap_mangen::Man::new(command.clone()).source(source), Vec::new());
    man.render(&mut page)?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let text = match page.split_once(".SH EXTRA\n") {
        Some((before, rest)) => {
            let rest = rest.replacen("\n.SH ", "\n.fi\n.SH ", 1);
            format!("{before}.SH EXAMPLES\n.nf\n{}", rest.strip_prefix("Examples:\n").unwrap_or(&rest))
        }
        None => page,
    };
    // Of the program as a whole.
    let text = if command.get_name() == "laman" {
        text.replacen(".SH VERSION\n", &format!("{AROUND}.SH VERSION\n"), 1)
    } else {
        text
    };
    Ok((man.get_filename(), text))
}

/// A reader that goes away is no fault.
fn print(bytes: &[u8]) {
    let _ = std::io::stdout().lock().write_all(bytes);
}
