//! How long a reader waits after the program was started.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use super::Result;

/// Starts `laman` on `database`, prints the milliseconds until its home page has come, and stops it.
pub fn run(laman: &Path, database: &Path) -> Result<()> {
    let started = Instant::now();
    let mut server = Command::new(laman)
        .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--database"])
        .arg(database)
        .stdout(Stdio::piped())
        .spawn()?;
    let page = wait_for_page(&mut server);
    let taken = started.elapsed();
    // Gently, so that the next start finds the database closed.
    let stopped = Command::new("kill").arg(server.id().to_string()).status()?;
    if !stopped.success() {
        server.kill()?;
    }
    server.wait()?;
    page?;
    println!("{:.1}", taken.as_secs_f64() * 1_000.0);
    Ok(())
}

fn wait_for_page(server: &mut std::process::Child) -> Result<()> {
    let said = server.stdout.as_mut().ok_or("the server has no standard output")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on ").ok_or("the server did not say where it listens")?;
    ureq::get(address).call()?.body_mut().read_to_vec()?;
    Ok(())
}
