//! Where an archive is written to: a folder, or a file or zip as it goes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

/// What is to be written next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A file of this name begins.
    File(String),
    /// More of it.
    Bytes(Vec<u8>),
    /// All is there.
    End,
}

/// A folder, a file or a zip that is being written.
pub enum Sink<W: Write> {
    /// Files in a folder.
    Folder(PathBuf, Option<BufWriter<File>>),
    /// One file, whatever the names.
    Plain(W),
    /// A zip; nothing is looked at twice, so it can go out while it is made.
    Zip(Box<ZipWriter<StreamWriter<Tired<W>>>>),
}

/// Says once that it cannot be written, and takes no more: a zip that is given up wants to end itself well, and complains on
/// standard error where it cannot.
pub struct Tired<W> {
    inner: W,
    is_over: bool,
}

impl<W: Write> Tired<W> {
    fn unless_over<T>(&mut self, after: T, act: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_over {
            return Ok(after);
        }
        let done = act(&mut self.inner);
        self.is_over = done.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        done
    }
}

impl<W: Write> Write for Tired<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_over(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_over((), Write::flush)
    }
}

impl Sink<File> {
    /// Makes a folder, which nobody else may read: there are addresses of people in it.
    ///
    /// # Errors
    /// When it is there already, or cannot be made.
    pub fn folder(path: &Path) -> io::Result<Self> {
        fs::DirBuilder::new().mode(0o700).create(path)?;
        Ok(Self::Folder(path.to_owned(), None))
    }
}

impl<W: Write> Sink<W> {
    /// Begins a zip.
    pub fn zip(to: W) -> Self {
        Self::Zip(Box::new(ZipWriter::new_stream(Tired { inner: to, is_over: false })))
    }

    /// Writes a piece.
    ///
    /// # Errors
    /// When the disk, or whoever takes the bytes, does not.
    pub fn put(&mut self, piece: &Piece) -> io::Result<()> {
        match (self, piece) {
            (Self::Folder(folder, open), Piece::File(name)) => {
                if let Some(file) = open.take() {
                    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
                }
                let path = folder.join(name);
                if let Some(parent) = path.parent() {
                    fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
                }
                *open = Some(BufWriter::new(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?));
                Ok(())
            }
            (Self::Folder(_, open), Piece::Bytes(bytes)) => open.as_mut().map_or(Ok(()), |file| file.write_all(bytes)),
            (Self::Folder(_, open), Piece::End) => open.take().map_or(Ok(()), |mut file| file.flush()),
            (Self::Plain(to), Piece::Bytes(bytes)) => to.write_all(bytes),
            (Self::Plain(_), Piece::File(_) | Piece::End) => Ok(()),
            (Self::Zip(zip), Piece::File(name)) => {
                // Pictures, sound and film are small already.
                let is_text = !name.starts_with("media/");
                let method = if is_text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                let options = SimpleFileOptions::default().compression_method(method).large_file(is_text);
                zip.start_file(name.as_str(), options).map_err(io::Error::other)
            }
            (Self::Zip(zip), Piece::Bytes(bytes)) => zip.write_all(bytes),
            (Self::Zip(_), Piece::End) => Ok(()),
        }
    }

    /// Ends it, and gives back what a file or a zip was written to.
    ///
    /// # Errors
    /// As above.
    pub fn finish(self) -> io::Result<Option<W>> {
        match self {
            Self::Folder(..) => Ok(None),
            Self::Plain(mut to) => to.flush().map(|()| Some(to)),
            Self::Zip(zip) => Ok(Some(zip.finish().map_err(io::Error::other)?.into_inner().inner)),
        }
    }
}
