//! Files of the old blog that are no pictures: found in a folder or asked for, kept as an upload is, known by their old addresses.

use std::{collections::HashSet, io::SeekFrom, path::Path};

use tokio::{
    fs::{File, OpenOptions, remove_file},
    io::{self, AsyncReadExt, AsyncSeekExt},
};

use super::{
    Place, Taker,
    pictures::{Kept, name_of},
};
use crate::{
    error::Error,
    exchange,
    model::{
        incoming::{self, Source},
        media::{self, FileKind, NewMedia, Shown},
        remark::{Remark, heard, remark, words},
    },
    outside::download::Missed,
    picture::{self, file, short},
    rules::token,
};

/// More files of one text that stay are counted, not named.
const MAX_NAMED: usize = 20;
/// What is read of one at once.
const PIECE: usize = 64 * 1024;

/// A file that was looked at.
struct Found {
    file: File,
    length: u64,
    hash: String,
    kind: FileKind,
}

impl Taker<'_> {
    /// Keeps the file at `reference`, if it can be found.
    pub(super) async fn file(&mut self, reference: &str) -> Result<Kept, Error> {
        let Some(key) = self.picture_key(reference) else { return Ok(Kept::Missing(None)) };
        // A path alone may have been that of another blog's: what the source brings comes before what is remembered.
        let brought = self.files.get(reference).cloned();
        if brought.is_none()
            && let Some(kept) = self.kept_before(Some(&key)).await?
        {
            return Ok(kept);
        }
        let found = match brought {
            Some(source) => Some(source),
            None => self.in_uploads(Some(&key)).await?,
        };
        let found = match found {
            Some(Source::Path(path)) => look_at(&path, self.wanted.max_file).await,
            Some(source) => self.unpacked(source).await?,
            None => {
                let url = match self.may_fetch(reference, Some(&key)) {
                    Ok(url) => url,
                    Err(why) => return Ok(Kept::Missing(why)),
                };
                if self.wanted.is_trial {
                    self.report.files += u64::from(self.tried.is_first(url.as_str()));
                    return Ok(Kept::Would);
                }
                self.ask(&url).await?
            }
        };
        match found {
            Ok(found) if self.wanted.is_trial => {
                let is_new = self.would_be_new(found.hash).await?;
                self.report.files += u64::from(is_new);
                Ok(Kept::Would)
            }
            Ok(found) => self.keep_file(key, &name_of(reference), found).await,
            Err(why) => Ok(self.fetching.as_mut().map_or(Kept::Missing(Some(why.clone())), |all| all.miss(key, why))),
        }
    }

    /// Whether the source brings what is at `reference`.
    pub(super) fn is_brought(&self, reference: &str) -> bool {
        self.files.contains_key(reference)
    }

    /// Has the old blog send it.
    async fn ask(&mut self, url: &url::Url) -> Result<Result<Found, Remark>, Error> {
        let mut file = self.unnamed().await?;
        let most = self.wanted.max_file;
        let saved = match &mut self.fetching {
            Some(fetching) => fetching.save(url, most, &mut file).await,
            None => Err(Missed::GivenUp),
        };
        Ok(match saved {
            Ok(()) => look(file).await,
            Err(missed) => Err(missed.remark()),
        })
    }

    /// Takes it out of a zip.
    async fn unpacked(&self, source: Source) -> Result<Result<Found, Remark>, Error> {
        let (into, most) = (self.unnamed().await?.into_std().await, self.wanted.max_file);
        let unpacked = tokio::task::spawn_blocking(move || {
            let mut file = into;
            exchange::copy(&source, most, &mut file).map(|is_whole| is_whole.then_some(file))
        });
        Ok(match unpacked.await? {
            Ok(Some(file)) => look(File::from_std(file)).await,
            Ok(None) => Err(Missed::TooLarge.remark()),
            Err(error) => Err(heard(&error)),
        })
    }

    /// A file beside the database that bears no name.
    async fn unnamed(&self) -> Result<File, Error> {
        let name = token::new().map_err(|error| Error::Internal(error.to_string()))?;
        let path = self.store.beside(&format!(".fetch-{}", name.get(..16).unwrap_or(&name)));
        let open = async {
            let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path).await?;
            remove_file(&path).await?;
            io::Result::Ok(file)
        };
        Ok(open.await.map_err(sqlx::Error::Io)?)
    }

    async fn keep_file(&mut self, key: String, name: &str, mut found: Found) -> Result<Kept, Error> {
        let (_, ending) = found.kind.names();
        let new = NewMedia::file(found.hash, picture::name(name, ending), found.kind, found.length);
        let kept = match self.store.add_media_parts_of(&new.hash, &mut found.file).await {
            Ok(()) => self.store.add_media_row(&new, None, self.now).await,
            Err(error) => Err(error),
        };
        if kept.is_err()
            && let Err(error) = self.store.drop_media_parts(&new.hash).await
        {
            tracing::warn!(%error, "parts of a file stay until the next start");
        }
        let kept = kept?;
        self.report.files += u64::from(kept.is_new);
        let address = media::address(&new.hash, &kept.kept_as);
        self.lead_from(&key, &new.hash, &address).await?;
        Ok(Kept::Here(address, Shown::default()))
    }

    /// Names the files that a text leads to and that stay: those that were looked for in vain, and of those that its source
    /// tells of the ones that were not looked for. `came`: the addresses of those that do not.
    pub(super) fn name_those_that_stay(
        &mut self,
        place: &Place,
        told: Vec<incoming::File>,
        came: &[String],
        mut stay: Vec<(String, Option<Remark>)>,
    ) {
        let told_of: HashSet<_> =
            told.iter().flat_map(|file| &file.references).map(|address| self.picture_key(address)).collect();
        // What another's blog has was never this one's.
        stay.retain(|(address, _)| {
            let key = self.picture_key(address);
            key.as_deref().is_some_and(|key| self.is_own(key)) || told_of.contains(&key)
        });
        let looked_for = came.iter().chain(stay.iter().map(|(address, _)| address));
        let mut keys: HashSet<_> = looked_for.map(|address| self.picture_key(address)).collect();
        for address in told.into_iter().filter_map(|file| file.references.into_iter().next()) {
            if keys.insert(self.picture_key(&address)) {
                stay.push((address, None));
            }
        }
        let more = stay.len().saturating_sub(MAX_NAMED);
        for (address, why) in stay.into_iter().take(MAX_NAMED) {
            self.note_missed(&address);
            let file = short(&address);
            let what = match why {
                Some(why) => remark("import-file-not-come").put("file", file).because([why]),
                None => remark("import-file-stays").put("file", file),
            };
            self.line(place.clone(), what, false);
        }
        if more > 0 {
            self.line(place.clone(), remark("import-more-files-stay"), false);
        }
    }
}

/// A file of the folder of uploads.
async fn look_at(path: &Path, most: u64) -> Result<Found, Remark> {
    let file = File::open(path).await.map_err(words)?;
    let length = file.metadata().await.map_err(words)?.len();
    if length > most {
        return Err(Missed::TooLarge.remark());
    }
    look(file).await
}

/// Reads it once, to tell what it is.
async fn look(mut file: File) -> Result<Found, Remark> {
    let (mut length, mut head, mut hash) = (0_u64, Vec::with_capacity(file::HEAD), token::ContentHash::default());
    let mut piece = vec![0; PIECE];
    file.seek(SeekFrom::Start(0)).await.map_err(words)?;
    loop {
        let read = file.read(&mut piece).await.map_err(words)?;
        let bytes = piece.get(..read).filter(|bytes| !bytes.is_empty());
        let Some(bytes) = bytes else { break };
        let wanted = file::HEAD.saturating_sub(head.len()).min(bytes.len());
        head.extend_from_slice(bytes.get(..wanted).unwrap_or_default());
        hash.add(bytes);
        length += bytes.len() as u64;
    }
    file.seek(SeekFrom::Start(0)).await.map_err(words)?;
    let kind = file::kind(&head).ok_or_else(|| remark("import-file-none"))?;
    Ok(Found { file, length, hash: hash.finish(), kind })
}
