//! A file in the making: it bears another name until it is whole, and is gone where it does not come to be.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufReader, BufWriter, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

/// What SQLite may put beside a database that it writes.
static COMPANIONS: [&str; 2] = ["", "-journal"];
/// Half of what the strongest saves, in a tenth of the time.
const STRENGTH: i32 = 3;
/// By these bytes what is packed begins.
const PACKED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const CHUNK: usize = 256 * 1024;

/// A path with this at its end.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The folder that a file is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How many bytes can still be written to the disk of this folder.
pub(super) fn room_in(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Gives a file that root made to whoever has `like`.
fn belong_like(file: &File, like: &Path) {
    if rustix::process::geteuid().is_root()
        && let Ok(owner) = fs::metadata(like)
    {
        let _ = fchown(file, Some(owner.uid()), Some(owner.gid()));
    }
}

/// Opens a file beside the database, made with this mode where there is none. What root makes belongs to whoever has the
/// folder: the server that comes after is theirs.
///
/// # Errors
/// The system's.
pub fn open_or_make(path: &Path, mode: u32) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.write(true).mode(mode);
    match how.clone().create_new(true).open(path) {
        // One that was there is nobody's to give away: a link may have led to it.
        Ok(file) => {
            belong_like(&file, folder_of(path));
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => how.create(true).truncate(false).open(path),
        Err(error) => Err(error),
    }
}

/// Sees that files can be made in this folder, by making one.
///
/// # Errors
/// The system's.
pub fn try_folder(folder: &Path) -> io::Result<()> {
    let trial = folder.join(format!(".laman-trial-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&trial)?;
    let written = file.write_all(b"laman").and_then(|()| file.sync_all());
    fs::remove_file(&trial)?;
    written
}

/// Removes what a crash left of a file in the making, with what SQLite put beside it, unless somebody is at it or was
/// within this time.
///
/// # Errors
/// The system's.
pub fn remove_partial(path: &Path, stale: Duration) -> io::Result<()> {
    // Neither made nor emptied, and what is no file of its own is not followed.
    let about = path.symlink_metadata()?;
    let is_old = about.modified()?.elapsed().is_ok_and(|age| age > stale);
    if !about.is_file() || !is_old {
        return Ok(());
    }
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    if file.try_lock().is_err() {
        return Ok(());
    }
    for companion in COMPANIONS {
        match fs::remove_file(with_ending(path, companion)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Has the names in this folder on disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// An empty file for nobody but us, locked: whoever makes the same one meanwhile is refused.
#[derive(Debug)]
pub(super) struct Partial {
    pub(super) path: PathBuf,
    /// Open as long as anybody works with the file: to close one handle would drop the locks that SQLite has by another.
    file: File,
    is_whole: bool,
}

impl Partial {
    /// Begins anew what a crash left. `None`: another process is making it.
    pub(super) fn begin(path: PathBuf) -> io::Result<Option<Self>> {
        let mut how = OpenOptions::new();
        how.create(true).truncate(false).read(true).write(true).mode(0o600);
        // It is emptied, and may be given away: never what a link leads to.
        let file = how.custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        file.set_len(0)?;
        Ok(Some(Self { path, file, is_whole: false }))
    }

    /// How much of it is written.
    pub(super) fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |file| file.len())
    }

    /// Has it on disk, and under its real name, in place of what was there.
    pub(super) fn finish(mut self, name: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, name)?;
        self.is_whole = true;
        sync_folder(folder_of(name))
    }

    /// Gives it to whoever has this file: root restores for the user that the blog runs as.
    pub(super) fn belong_like(&self, like: &Path) {
        belong_like(&self.file, like);
    }

    /// Fills it with the bytes of a file, or with what was packed into it. Tells how many of the file's bytes are read.
    pub(super) fn fill(&self, from: &Path, tell: &dyn Fn(u64) -> io::Result<()>) -> io::Result<()> {
        let source = Counted { inner: File::open(from)?, read: 0, tell };
        let mut out = BufWriter::with_capacity(CHUNK, &self.file);
        if is_packed(from)? {
            io::copy(&mut zstd::Decoder::new(source)?, &mut out)?;
        } else {
            io::copy(&mut BufReader::with_capacity(CHUNK, source), &mut out)?;
        }
        out.flush()?;
        drop(out);
        self.file.sync_all()
    }

    /// Fills it with a file, packed, and reads it back: what comes out is what went in.
    pub(super) fn pack(&self, from: &Path, tell: &dyn Fn(u64) -> io::Result<()>) -> io::Result<()> {
        let mut source = Hashed { inner: Counted { inner: File::open(from)?, read: 0, tell }, hash: Sha256::new() };
        let mut encoder = zstd::Encoder::new(BufWriter::with_capacity(CHUNK, &self.file), STRENGTH)?;
        encoder.include_checksum(true)?;
        io::copy(&mut source, &mut encoder)?;
        encoder.finish()?.flush()?;
        self.file.sync_all()?;
        let all = source.inner.read;
        let packed = Counted { inner: File::open(&self.path)?, read: 0, tell: &|_| tell(all) };
        let mut unpacked = Hashed { inner: zstd::Decoder::new(packed)?, hash: Sha256::new() };
        io::copy(&mut unpacked, &mut io::sink())?;
        if source.hash.finalize() == unpacked.hash.finalize() {
            Ok(())
        } else {
            Err(io::Error::other("what was packed does not come out as it went in"))
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_whole {
            for companion in COMPANIONS {
                let _ = fs::remove_file(with_ending(&self.path, companion));
            }
        }
    }
}

/// Whether a file is to be packed, by its name.
pub(super) fn wants_packing(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "zst")
}

/// Whether a file is packed, by its first bytes: a name may have been changed.
pub(super) fn is_packed(path: &Path) -> io::Result<bool> {
    let mut first = Vec::new();
    File::open(path)?.take(PACKED.len() as u64).read_to_end(&mut first)?;
    Ok(first == PACKED)
}

/// Held by whoever waits for what another thread does: when it is dropped, [`Waited::still`] is an error there.
#[derive(Default)]
pub(super) struct Waiting(Arc<AtomicBool>);

/// The other thread's end.
pub(super) struct Waited(Arc<AtomicBool>);

impl Waiting {
    pub(super) fn other_end(&self) -> Waited {
        Waited(self.0.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Waited {
    /// An error once nobody waits any more.
    pub(super) fn still(&self) -> io::Result<()> {
        if self.0.load(Ordering::Relaxed) { Err(io::Error::other("stopped")) } else { Ok(()) }
    }
}

/// Tells how much is read, until it is told to stop.
struct Counted<'a, R> {
    inner: R,
    read: u64,
    tell: &'a dyn Fn(u64) -> io::Result<()>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        (self.tell)(self.read)?;
        Ok(read)
    }
}

/// Hashes what is read.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
