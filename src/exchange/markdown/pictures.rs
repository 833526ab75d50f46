//! The pictures that a text shows or links to.

use std::path::PathBuf;

use super::{
    links::{Destination, Role},
    place::Place,
    source::{self, Target},
};
use crate::{
    exchange::{has_picture_ending, short},
    model::{
        entry::Picture,
        remark::{Remark, heard, remark},
    },
    picture,
};

/// Reads every picture once, however often and under whatever spelling it is named; warns of those that are missing
/// or refused. Gives also those that may be in another folder, or at the old site.
pub(super) fn collect(
    place: &Place,
    destinations: &[Destination],
    warnings: &mut Vec<Remark>,
) -> (Vec<Picture>, Vec<String>) {
    let (mut pictures, mut elsewhere): (Vec<Picture>, Vec<String>) = (Vec::new(), Vec::new());
    // Each file that was looked at, with the index of its picture unless it was refused.
    let mut files: Vec<(PathBuf, Option<usize>)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for Destination { url, role, .. } in destinations {
        if (*role != Role::Image && !has_picture_ending(url)) || !seen.insert(url.as_str()) {
            continue;
        }
        let shown = short(url);
        let found = match place.source.find(&place.folders, url) {
            // Zola's and some themes count from the root of the site.
            Target::Missing if *role == Role::Image && !url.starts_with('/') => {
                place.source.find(&[], &format!("/{url}"))
            }
            found => found,
        };
        let file = match found {
            Target::File(file) => file,
            Target::Forbidden => {
                warnings.push(refused(shown, remark("import-outside")));
                continue;
            }
            Target::Missing if *role == Role::Image && url.starts_with('/') && has_picture_ending(url) => {
                elsewhere.push(url.clone());
                continue;
            }
            Target::Missing if *role == Role::Image => {
                warnings.push(remark("import-picture-missing").put("picture", shown));
                continue;
            }
            Target::Missing | Target::Elsewhere => continue,
        };
        if let Some((_, index)) = files.iter().find(|(known, _)| *known == file) {
            if let Some(picture) = index.and_then(|index| pictures.get_mut(index)) {
                picture.references.push(url.clone());
                picture.old_paths.extend(place.path_of(url).filter(|path| !picture.old_paths.contains(path)));
            }
            continue;
        }
        let taken = match take(url, &file) {
            Ok(mut picture) => {
                picture.name = unused(&picture, &pictures);
                picture.old_paths.extend(place.path_of(url));
                picture.old_paths.extend(place.served(&file).filter(|path| !picture.old_paths.contains(path)));
                pictures.push(picture);
                Some(pictures.len() - 1)
            }
            Err(why) => {
                warnings.push(refused(shown, why));
                None
            }
        };
        files.push((file, taken));
    }
    (pictures, elsewhere)
}

/// That a picture is not taken.
fn refused(picture: String, why: Remark) -> Remark {
    remark("import-picture-refused").put("picture", picture).because([why])
}

fn take(url: &str, file: &std::path::Path) -> Result<Picture, Remark> {
    let bytes = source::read_at_most(file, picture::MAX_BYTES).map_err(|error| heard(&error))?;
    let bytes = bytes.ok_or_else(|| picture::PictureError::TooHeavy.remark())?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    picture::picture(url, &name, bytes).map_err(|error| error.remark())
}

/// The picture's name, numbered when another picture of the entry has it.
fn unused(picture: &Picture, others: &[Picture]) -> String {
    let is_free = |name: &str| others.iter().all(|other| other.name != name);
    let ending = format!(".{}", picture.kind.extension());
    let stem = picture.name.strip_suffix(&ending).unwrap_or(&picture.name);
    let numbered = (2..).map(|number| format!("{stem}-{number}{ending}"));
    std::iter::once(picture.name.clone()).chain(numbered).find(|name| is_free(name)).unwrap_or_default()
}
