//! A file on its way in: to the disk as it comes, told by its content, cleaned, and kept. Never all of a large one in memory.

use std::{fs::DirBuilder, io::SeekFrom, os::unix::fs::DirBuilderExt, path::PathBuf};

use axum::extract::{Multipart, multipart::Field};
use tokio::{
    fs::{File, OpenOptions, remove_file},
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

use super::{auth::AdminFrame, layout::Layout};
use crate::{
    app::App,
    error::{Error, Result},
    model::media::{MediaKind, MediaRow, NewMedia},
    picture::{self, PictureError, file},
    rules::token,
};

/// Bytes of the largest file that is taken; the operator says.
#[derive(Clone, Copy, Debug)]
pub struct Most(pub u64);

impl Most {
    /// In megabytes.
    pub fn megabytes(self) -> i64 {
        i64::try_from(self.0 / 1024 / 1024).unwrap_or(i64::MAX)
    }
}

/// Bytes of what is typed beside files.
const MAX_TEXT: usize = 4096;
/// The end of a longer name is kept.
const MAX_NAME: usize = 80;

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// More than this.
    #[error("too large")]
    TooLarge(Most),
    /// It does not do as a picture, and is no other file that is kept.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The disk, the database, or too much under way.
    #[error(transparent)]
    Machine(#[from] Error),
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::warn!(%error, "an upload could not be kept");
        Self::Machine(Error::Unavailable(error.into()))
    }
}

impl Refusal {
    /// What it says to whoever sent the file.
    pub fn words(&self, l: &Layout) -> String {
        match self {
            Self::TooLarge(most) => l.tn("refused-large", &most.megabytes()),
            Self::Machine(_) => l.t("refused-not-now"),
            Self::Picture(error) => match error {
                PictureError::Empty => l.t("refused-empty"),
                PictureError::TooHeavy => l.tn("refused-heavy", &Most(picture::MAX_BYTES as u64).megabytes()),
                PictureError::TooLarge { width, height } => l.words.with(
                    "refused-pixels",
                    &[
                        ("width", l.words.number(i64::from(*width)).into()),
                        ("height", l.words.number(i64::from(*height)).into()),
                        ("side", l.words.number(i64::from(picture::MAX_SIDE)).into()),
                        ("millions", (picture::MAX_PIXELS / 1_000_000).into()),
                    ],
                ),
                PictureError::TooLong { frames } => l.words.with(
                    "refused-frames",
                    &[
                        ("frames", l.words.number(i64::try_from(*frames).unwrap_or(i64::MAX)).into()),
                        ("millions", (picture::MAX_MOVING / 1_000_000).into()),
                    ],
                ),
                PictureError::OtherFormat(what) if what.contains("HEIC") => l.t("refused-heic"),
                PictureError::OtherFormat(what) if what.contains("AVIF") => l.t("refused-avif"),
                PictureError::OtherFormat(_) | PictureError::NotAPicture => l.t("refused-kind"),
                PictureError::Truncated(_) => l.t("refused-cut-off"),
                PictureError::Damaged(..) => l.t("refused-damaged"),
                PictureError::Unsafe(_) => l.t("refused-drawing"),
            },
        }
    }
}

/// A file on the disk, under no name.
struct Spooled {
    file: File,
    length: u64,
    hash: String,
    head: Vec<u8>,
}

/// Keeps a file that was sent. What was sent before is found.
///
/// # Errors
/// Why it is not kept; nothing of it stays.
pub async fn keep(app: &App, a: &AdminFrame, most: Most, field: &mut Field<'_>) -> Result<MediaRow, Refusal> {
    let file_name = field.file_name().unwrap_or_default().to_owned();
    let mut spooled = spool(app, most, field).await?;
    // Where the disk lost its bytes, those that come mend it.
    if let Some(known) = app.store.media_row_of_origin(&spooled.hash).await?
        && app.store.is_as_uploaded(&known.hash).await?
    {
        return Ok(known);
    }
    let new = match file::kind_of(&spooled.head, &file_name) {
        Some(kind) => {
            let kept = app.store.add_media_parts_of(&spooled.hash, &mut spooled.file).await;
            forget_on_failure(app, &spooled.hash, kept).await?;
            let (_, ending) = kind.names();
            NewMedia::file(spooled.hash, picture::name(&file_name, ending), kind, spooled.length)
        }
        None => keep_picture(app, spooled, file_name).await?,
    };
    let added = app.store.add_media_row(&new, Some(a.user.id), a.l.now).await;
    forget_on_failure(app, &new.hash, added).await?;
    app.media_came.notify_one();
    let row = app.store.media_row_of_hash(&new.hash).await?;
    row.ok_or_else(|| Error::Internal("a file went as it came".to_owned()).into())
}

/// Writes what comes to a file beside the database, which goes by itself however this ends.
async fn spool(app: &App, most: Most, field: &mut Field<'_>) -> Result<Spooled, Refusal> {
    let name = token::new().map_err(|error| Error::Internal(error.to_string()))?;
    let path = app.store.beside(&format!(".upload-{}", name.get(..16).unwrap_or(&name)));
    let mut file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path).await?;
    // Without a name nothing is left of it, not even after a crash.
    remove_file(&path).await?;
    let (mut length, mut head, mut hash) = (0_u64, Vec::with_capacity(file::HEAD), token::ContentHash::default());
    while let Some(chunk) = field.chunk().await.map_err(|_| Error::BadRequest("the file did not arrive whole"))? {
        length += chunk.len() as u64;
        if length > most.0 {
            return Err(Refusal::TooLarge(most));
        }
        let wanted = file::HEAD.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
        hash.add(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    file.seek(SeekFrom::Start(0)).await?;
    Ok(Spooled { file, length, hash: hash.finish(), head })
}

/// A form with files that are kept in a folder beside the database, which goes with this unless it is kept.
#[derive(Default)]
pub struct Sent {
    /// Its other fields.
    pub typed: Vec<(String, String)>,
    folder: Option<PathBuf>,
    files: Vec<PathBuf>,
}

impl Sent {
    /// Takes all of it.
    ///
    /// # Errors
    /// Why a file is not kept; nothing of the rest is looked at.
    pub async fn take(&mut self, app: &App, most: Most, form: &mut Multipart) -> Result<(), Refusal> {
        let cut_off = |_| Error::BadRequest("the files did not arrive whole");
        while let Some(mut field) = form.next_field().await.map_err(cut_off)? {
            let Some(name) = field.file_name().map(str::to_owned) else {
                let (name, mut text) = (field.name().unwrap_or_default().to_owned(), Vec::new());
                while let Some(chunk) = field.chunk().await.map_err(cut_off)? {
                    if text.len() + chunk.len() > MAX_TEXT {
                        return Err(Error::BadRequest("a field is too long").into());
                    }
                    text.extend_from_slice(&chunk);
                }
                self.typed.push((name, String::from_utf8_lossy(&text).into_owned()));
                continue;
            };
            // A file field that was left empty is sent without a name.
            if name.is_empty() {
                continue;
            }
            let path = self.path(app, &name)?;
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await?;
            let mut length = 0;
            while let Some(chunk) = field.chunk().await.map_err(cut_off)? {
                length += chunk.len() as u64;
                if length > most.0 {
                    return Err(Refusal::TooLarge(most));
                }
                file.write_all(&chunk).await?;
            }
            file.flush().await?;
            self.files.push(path);
        }
        Ok(())
    }

    /// A free path for a file of this name.
    fn path(&mut self, app: &App, name: &str) -> Result<PathBuf, Refusal> {
        let folder = match &self.folder {
            Some(folder) => folder,
            None => {
                let token = token::new().map_err(|error| Error::Internal(error.to_string()))?;
                let folder = app.store.beside(&format!("-import-{}", token.get(..16).unwrap_or(&token)));
                DirBuilder::new().mode(0o700).create(&folder)?;
                self.folder.insert(folder)
            }
        };
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        let name: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
        let name = name.trim_start_matches(['.', '-']);
        let name = name.get(name.len().saturating_sub(MAX_NAME)..).unwrap_or_default();
        let path = folder.join(if name.is_empty() { "file" } else { name });
        Ok(if self.files.contains(&path) { folder.join(format!("{}-{name}", self.files.len())) } else { path })
    }

    /// Where each file is.
    pub fn files(&self) -> Vec<String> {
        self.files.iter().map(|path| path.display().to_string()).collect()
    }

    /// Where all are; empty where none came.
    pub fn folder(&self) -> String {
        self.folder.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default()
    }

    /// Leaves the files where they are.
    pub fn keep(mut self) {
        self.folder = None;
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            tracing::warn!(%error, "files that were sent stay until the next start");
        }
    }
}

/// What could not be kept whole takes no room: the disk may be full.
async fn forget_on_failure<T, E>(app: &App, hash: &str, kept: Result<T, E>) -> Result<T, E> {
    if kept.is_err()
        && let Err(error) = app.store.drop_media_parts(hash).await
    {
        tracing::warn!(%error, "parts of a file stay until the next start");
    }
    kept
}

async fn keep_picture(app: &App, mut spooled: Spooled, file_name: String) -> Result<NewMedia, Refusal> {
    if spooled.length > picture::MAX_BYTES as u64 {
        return Err(PictureError::TooHeavy.into());
    }
    // Its turn before it is in memory.
    let turn = app.picture_turn().await?;
    let mut bytes = Vec::with_capacity(usize::try_from(spooled.length).unwrap_or_default());
    spooled.file.read_to_end(&mut bytes).await?;
    let looked = app.with_picture(turn, move || picture::look(&file_name, bytes)).await??;
    let picture = looked.picture;
    let hash = token::content_hash(&picture.bytes);
    let kept = app.store.add_media_parts(&hash, 0, &picture.bytes).await;
    forget_on_failure(app, &hash, kept).await?;
    Ok(NewMedia {
        hash,
        name: picture.name,
        kind: MediaKind::Picture,
        media_type: picture.kind.media_type(),
        width: picture.width,
        height: picture.height,
        length: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
        colour: looked.colour,
        is_animated: picture.is_animated,
        origin_hash: spooled.hash,
    })
}
