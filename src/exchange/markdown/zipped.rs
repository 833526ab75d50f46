//! A zip of a folder of texts: its texts and pictures are unpacked, and are there for as long as they are read.

use std::{
    env, fs,
    io::{self, Read},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use super::{MAX_BYTES, eleventy, has_other_marks, is_html, is_markdown, site, source};
use crate::{
    exchange::{has_picture_ending, input, laman::source::Source},
    model::{
        incoming::{self, Fault, Refused},
        remark::{heard, remark},
    },
    picture,
};

/// More than all of this together is no blog.
const MAX_TOTAL: u64 = 8 << 30;
/// The reader says of what is longer that it is.
const MAX_FILE: usize = if picture::MAX_BYTES > MAX_BYTES { picture::MAX_BYTES } else { MAX_BYTES };
/// What a folder that is a site of Jekyll's has in it, besides its settings.
const OF_A_SITE: [&str; 2] = ["_posts", "_drafts"];

/// The folder, which goes when this goes.
pub(super) struct Unpacked {
    folder: PathBuf,
    /// What did not come out.
    pub faults: Vec<Fault>,
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // The system clears that folder too.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Unpacked {
    /// Unpacks what is a text or a picture, and the names of what tells a site.
    pub(super) fn of(zip: &Path) -> Result<Self, Refused> {
        let mut archive = Source::open(zip)?;
        let unpacked =
            Self { folder: env::temp_dir().join(format!("laman-{}", uuid::Uuid::new_v4())), faults: Vec::new() };
        let mut unpacked = unpacked.made().map_err(|error| input::bad(zip, input::unreadable(&error)))?;
        let names: Vec<String> = archive.names().iter().filter(|name| !is_hidden(name)).cloned().collect();
        let mut left = MAX_TOTAL;
        for name in names {
            if !is_wanted(&name) {
                // It is taken out of the zip once it is wanted: here it only has its place.
                let written = unpacked.write(&name, &[]).err();
                let fault = |error| Fault { place: name.clone(), what: heard(&error), is_skipped: true };
                unpacked.faults.extend(written.map(fault));
                continue;
            }
            let fault = |what| Fault { place: name.clone(), what, is_skipped: true };
            let mut bytes = Vec::new();
            let read = archive.read(&name).map(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
            let written = match read {
                Err(Refused::Bad { what, .. }) => Err(what),
                Err(Refused::Stopped) => return Err(Refused::Stopped),
                Ok(Err(error)) => Err(heard(&error)),
                Ok(Ok(_)) => unpacked.write(&name, &bytes).map_err(|error| heard(&error)),
            };
            unpacked.faults.extend(written.err().map(fault));
            left = left.checked_sub(bytes.len() as u64).ok_or_else(|| input::bad(zip, remark("import-too-much")))?;
        }
        Ok(unpacked)
    }

    /// What others on the machine may not look into.
    fn made(self) -> io::Result<Self> {
        fs::DirBuilder::new().mode(0o700).create(&self.folder)?;
        Ok(self)
    }

    /// Where in the zip a file of the folder is: that goes before all that was told of is taken.
    pub(super) fn source(&self, zip: &Path, file: &Path) -> Option<incoming::Source> {
        let folder = fs::canonicalize(&self.folder).ok()?;
        let name = file.strip_prefix(folder).ok()?.to_str()?;
        Some(incoming::Source::Zipped { archive: zip.to_owned(), name: name.to_owned() })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        fs::write(path, bytes)
    }

    /// The folder that was packed: where all is in one folder, and that is a site, that one.
    pub(super) fn root(&self) -> PathBuf {
        let inner: Vec<PathBuf> =
            fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
        // What only has its place there tells nothing.
        let inner: Vec<PathBuf> =
            inner.into_iter().filter(|path| path.is_dir() || is_wanted(&path.to_string_lossy())).collect();
        match inner.as_slice() {
            [only] if only.ends_with(source::TEXTS) || is_site(only) => only.clone(),
            _ => self.folder.clone(),
        }
    }
}

fn is_site(folder: &Path) -> bool {
    configs().chain(OF_A_SITE).any(|name| folder.join(name).exists())
}

/// The files that tell a site.
fn configs() -> impl Iterator<Item = &'static str> {
    source::CONFIGS.into_iter().chain(site::OF_JEKYLL).chain(eleventy::CONFIGS)
}

/// Whether a file is one of Eleventy's with data for a folder or for a text; of others it is not known yet.
fn is_data(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|file| eleventy::data_for(file).is_some())
}

/// Whether a name is none of a file that the site has.
fn is_hidden(name: &str) -> bool {
    let is_told = |part: &str| part == eleventy::CONFIGS[0] || eleventy::IGNORES.contains(&part);
    let is_hidden =
        |part: &str| part.starts_with('.') && !is_told(part) || part == "__MACOSX" || part == "node_modules";
    name.ends_with('/') || name.split('/').any(is_hidden)
}

fn is_wanted(name: &str) -> bool {
    let path = Path::new(name);
    let is_of_many =
        || path.parent().is_some_and(|folder| folder.ends_with(source::MANY) || folder.ends_with(site::PRODUCTION));
    let is_ignores = || eleventy::IGNORES.iter().any(|ignores| path.ends_with(ignores));
    let is_config = || is_of_many() || is_ignores() || configs().any(|config| path.ends_with(config));
    let is_text = || is_markdown(name) || has_other_marks(name) || is_html(name);
    is_text() || has_picture_ending(name) || is_config() || is_data(name)
}
