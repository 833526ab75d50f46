//! Copies of what was uploaded to the old blog: a folder, or a zip; named by the owner, or what the exports came in.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;

use super::Wanted;
use crate::{
    exchange::sniff,
    model::{import::Format, incoming::Source},
    rules::old_address,
};

/// One of them.
pub(super) enum Uploads {
    /// Where all is in one folder, that.
    Folder(PathBuf),
    Zip {
        archive: PathBuf,
        names: HashSet<String>,
        /// The folder that all of them are in, if there is one, with a slash at its end.
        root: String,
    },
}

/// All that may have something of the old blog's. To be called where blocking is allowed.
pub(super) fn all(wanted: &Wanted) -> Vec<Uploads> {
    // The others' readers look for themselves, or bring comments alone.
    let has_files = matches!(wanted.format, Format::Wordpress | Format::Ghost);
    wanted
        .media
        .iter()
        .chain(wanted.sources.iter().filter(|_| has_files))
        .filter_map(|path| Uploads::at(path))
        .collect()
}

impl Uploads {
    fn at(path: &Path) -> Option<Self> {
        if path.is_dir() {
            let root = path.canonicalize().ok()?;
            let inner: Vec<PathBuf> = root.read_dir().ok()?.flatten().take(2).map(|inner| inner.path()).collect();
            return Some(Self::Folder(match inner.as_slice() {
                [only] if only.is_dir() && !only.is_symlink() => only.clone(),
                _ => root,
            }));
        }
        let names = sniff::names(path).ok()?;
        let root = names.first().and_then(|name| Some(format!("{}/", name.split_once('/')?.0))).unwrap_or_default();
        let root = if names.iter().all(|name| name.starts_with(&root)) { root } else { String::new() };
        Some(Self::Zip { archive: path.to_owned(), names: names.into_iter().collect(), root })
    }

    /// The file of an address, from whichever folder of the blog the copy was made; the picture as it was uploaded before one that was
    /// made smaller of it.
    pub(super) fn find(&self, key: &str) -> Option<Source> {
        let decoded = percent_decode_str(key).decode_utf8().ok()?.into_owned();
        let original = old_address::full_size(&decoded);
        // Beside what was too large, other sizes are of the one that WordPress showed whole.
        let shown = original.as_deref().and_then(old_address::scaled);
        shown.iter().chain(&original).chain([&decoded]).find_map(|key| self.at_a_path(key))
    }

    fn at_a_path(&self, key: &str) -> Option<Source> {
        let parts: Vec<&str> = key.split('/').skip(1).collect();
        let is_odd = |part: &&str| part.is_empty() || part.starts_with('.') || part.contains(['\\', '\0', ':']);
        if parts.iter().any(is_odd) {
            return None;
        }
        (0..parts.len()).find_map(|from| self.file(&parts.get(from..).unwrap_or_default().join("/")))
    }

    fn file(&self, name: &str) -> Option<Source> {
        match self {
            Self::Folder(root) => {
                let path = root.join(name).canonicalize().ok()?;
                // A link must not lead out of it.
                (path.starts_with(root) && path.is_file()).then_some(Source::Path(path))
            }
            Self::Zip { archive, names, root } => {
                let name = names.get(name).or_else(|| names.get(&format!("{root}{name}")))?;
                Some(Source::Zipped { archive: archive.clone(), name: name.clone() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use super::*;

    /// What is found at an address, from the start of the copy.
    fn found(copy: &Path, key: &str) -> Option<Vec<u8>> {
        let source = Uploads::at(copy)?.find(key)?;
        crate::exchange::bytes(&source).expect("read")
    }

    #[test]
    fn pictures_are_found_below_the_folder_or_in_the_zip_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let up = folder.path().join("up");
        fs::create_dir_all(up.join("2020")).expect("made");
        fs::write(up.join("2020/a b.jpg"), "x").expect("written");
        fs::write(folder.path().join("secret.png"), "x").expect("written");
        let zips = [("2020/a b.jpg", "plain.zip"), ("site backup/2020/a b.jpg", "within.zip")];
        let zips = zips.map(|(name, file)| {
            let path = folder.path().join(file);
            let mut zip = zip::ZipWriter::new(fs::File::create(&path).expect("made"));
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
            zip.write_all(b"x").expect("written");
            zip.finish().expect("whole");
            path
        });
        for copy in zips.iter().chain([&up]) {
            for address in [
                "old.example/wp-content/uploads/2020/a%20b-300x200.jpg",
                "old.example/2020/a%20b.jpg",
                "/content/images/size/w600/2020/a%20b.jpg",
            ] {
                assert_eq!(found(copy, address).as_deref(), Some(b"x".as_slice()), "{address}");
            }
            for none in [
                "old.example/../secret.png",
                "old.example/%2e%2e/secret.png",
                "old.example/..%2fsecret.png",
                "old.example/b.jpg",
            ] {
                assert_eq!(found(copy, none), None, "{none}");
            }
        }
    }
}
