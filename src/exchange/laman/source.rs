//! What an archive is read from: a folder, or a zip. Nothing is unpacked onto the disk.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::{Component, Path, PathBuf},
};

use zip::ZipArchive;

use super::{MANIFEST, refused};
use crate::model::incoming::Refused;

/// Text that comes out of a zip is at most so many times as long as in it, but for the first hundred megabytes: text
/// that people wrote is not smaller by far.
const MOST_TIMES: u64 = 200;
const ALWAYS: u64 = 100 * 1024 * 1024;

/// A folder or a zip, and the names of the files in it.
pub struct Source {
    place: Place,
    names: Vec<String>,
}

enum Place {
    Folder(PathBuf),
    Zip(Box<ZipArchive<BufReader<File>>>),
}

/// Whether `path` is an archive of ours.
pub fn is_archive(path: &Path) -> bool {
    Source::open(path).is_ok_and(|source| source.names.iter().any(|name| name == MANIFEST))
}

impl Source {
    /// Opens it, and refuses names that lead out of it.
    ///
    /// # Errors
    /// When it is neither, or cannot be read, or is cut off.
    pub fn open(path: &Path) -> Result<Self, Refused> {
        let shown = path.display().to_string();
        let fault = |error: &dyn std::fmt::Display| refused(&shown, error);
        if fs::metadata(path).map_err(|error| fault(&error))?.is_dir() {
            let mut names = Vec::new();
            list(path, "", &mut names).map_err(|error| fault(&error))?;
            names.sort();
            return Ok(Self { place: Place::Folder(path.to_owned()), names });
        }
        let file = File::open(path).map_err(|error| fault(&error))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|error| fault(&format!("no whole zip: {error}")))?;
        let mut names: Vec<String> = zip.file_names().map(str::to_owned).collect();
        names.sort();
        if let Some(name) = names.iter().find(|name| !stays_inside(name)) {
            return Err(refused(&shown, format!("the name {name:?} leads out of the archive")));
        }
        Ok(Self { place: Place::Zip(Box::new(zip)), names })
    }

    /// Names of its files.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Opens a file of this name.
    ///
    /// # Errors
    /// When it is not there, or is more than it seems.
    pub fn read(&mut self, name: &str) -> Result<Box<dyn Read + '_>, Refused> {
        let is_there = self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok();
        match &mut self.place {
            _ if !is_there => Err(refused(name, "the archive has no such file: is it whole?")),
            Place::Folder(folder) => {
                let file = File::open(folder.join(name)).map_err(|error| refused(name, error))?;
                Ok(Box::new(BufReader::new(file)))
            }
            Place::Zip(zip) => {
                let file = zip.by_name(name).map_err(|error| refused(name, error))?;
                if file.is_symlink() || file.encrypted() {
                    return Err(refused(name, "it is no plain file"));
                }
                let most = file.compressed_size().saturating_mul(MOST_TIMES).max(ALWAYS);
                if file.size() > most {
                    return Err(refused(name, "it swells to far more than text does"));
                }
                // What it says of its length need not be true.
                Ok(Box::new(file.take(most)))
            }
        }
    }

    /// All of a file that is no longer than `most`.
    ///
    /// # Errors
    /// As above, and when it is longer.
    pub fn read_whole(&mut self, name: &str, most: u64) -> Result<Vec<u8>, Refused> {
        let mut bytes = Vec::new();
        let read = self.read(name)?.take(most + 1).read_to_end(&mut bytes).map_err(|error| refused(name, error))?;
        if read as u64 > most { Err(refused(name, "it is too long")) } else { Ok(bytes) }
    }
}

/// Whether a name leads to a file below the folder that it counts from.
pub(in crate::exchange) fn stays_inside(name: &str) -> bool {
    !name.contains(['\\', '\0'])
        && Path::new(name).components().all(|component| matches!(component, Component::Normal(_)))
}

/// Names of plain files, below `before`: what a link leads to is not of the archive.
pub(in crate::exchange) fn list(folder: &Path, before: &str, names: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(|name| format!("{before}{name}")) else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() && name.split('/').count() < 8 {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else if kind.is_file() {
            names.push(name);
        }
    }
    Ok(())
}
