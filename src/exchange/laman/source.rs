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
    /// The one folder that all is in, with a slash at its end: whoever zips a folder anew has that in the zip.
    top: String,
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
            let top = top_of(&mut names);
            return Ok(Self { place: Place::Folder(path.to_owned()), names, top });
        }
        let file = File::open(path).map_err(|error| fault(&error))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|error| fault(&format!("no whole zip: {error}")))?;
        let mut names: Vec<String> = zip.file_names().map(str::to_owned).collect();
        if let Some(name) = names.iter().find(|name| !stays_inside(name)) {
            return Err(refused(&shown, format!("the name {name:?} leads out of the archive")));
        }
        let top = top_of(&mut names);
        Ok(Self { place: Place::Zip(Box::new(zip)), names, top })
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
        let within = format!("{}{name}", self.top);
        match &mut self.place {
            _ if !is_there => Err(refused(name, "the archive has no such file: is it whole?")),
            Place::Folder(folder) => {
                let file = File::open(folder.join(&within)).map_err(|error| refused(name, error))?;
                Ok(Box::new(BufReader::new(file)))
            }
            Place::Zip(zip) => {
                let file = zip.by_name(&within).map_err(|error| refused(name, error))?;
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

/// The folder that the archive is in, where it is not at the top; the names are then those below it, in order.
fn top_of(names: &mut Vec<String>) -> String {
    let tops = |name: &String| {
        Some(name.strip_suffix(MANIFEST)?.to_owned()).filter(|top| top.ends_with('/') && top.split('/').count() == 2)
    };
    let mut found = names.iter().filter_map(tops);
    let top = found.next().filter(|_| found.next().is_none() && !names.iter().any(|name| name == MANIFEST));
    let top = top.unwrap_or_default();
    // What systems put into a zip beside it is not of the archive.
    names.retain(|name| name.starts_with(&top));
    names.iter_mut().for_each(|name| drop(name.drain(..top.len())));
    names.sort();
    top
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn an_archive_that_was_zipped_anew_with_its_folder_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let zip = |name: &str, names: &[&str]| {
            let path = folder.path().join(name);
            let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
            for name in names {
                zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
                zip.write_all(name.as_bytes()).unwrap();
            }
            zip.finish().unwrap();
            path
        };
        let within =
            zip("a.zip", &["my blog/posts/2020/01/a.md", "my blog/laman.json", "__MACOSX/my blog/._laman.json"]);
        let mut source = Source::open(&within).unwrap();
        assert_eq!(source.names(), ["laman.json", "posts/2020/01/a.md"]);
        assert_eq!(source.read_whole("laman.json", 100).unwrap(), b"my blog/laman.json");
        assert!(is_archive(&within));
        // Of two it is not known which is meant.
        assert!(!is_archive(&zip("b.zip", &["a/laman.json", "b/laman.json"])));
        assert!(!is_archive(&zip("c.zip", &["a/b/laman.json"])));
        fs::create_dir_all(folder.path().join("down/blog")).unwrap();
        fs::write(folder.path().join("down/blog/laman.json"), "{}").unwrap();
        assert_eq!(Source::open(&folder.path().join("down")).unwrap().read_whole("laman.json", 9).unwrap(), b"{}");
    }
}
