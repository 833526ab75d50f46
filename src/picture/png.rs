//! PNG: a list of chunks, each with a name and a checksum.

use std::io::{self, Write};

use flate2::write::ZlibDecoder;
use img_parts::{Bytes, png::Png};

use super::{Clean, PictureError, check_frames, check_size};

/// Bytes that are unpacked before it is asked whether they are too many: sixteen megabytes at most.
const PIECE: usize = 16 * 1024;

/// What makes pixels, colours, density and animation. The rest (text, time, EXIF, private chunks) says who and where.
const KEPT: [[u8; 4]; 16] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"iCCP", *b"sRGB", *b"gAMA", *b"cHRM", *b"cICP", *b"pHYs",
    *b"bKGD", *b"sBIT", *b"acTL", *b"fcTL", *b"fdAT",
];

/// img-parts checks the sums and drops what follows the last chunk.
pub(super) fn clean(bytes: Vec<u8>) -> Result<Clean, PictureError> {
    let damaged = |why: &str| PictureError::Damaged("PNG", why.to_owned());
    let mut png = Png::from_bytes(Bytes::from(bytes)).map_err(|error| match error {
        img_parts::Error::Truncated => PictureError::Truncated("PNG"),
        img_parts::Error::BadCRC => damaged("a checksum is wrong"),
        img_parts::Error::WrongSignature => PictureError::NotAPicture,
    })?;
    let chunks = png.chunks_mut();
    if chunks.last().is_none_or(|last| last.kind() != *b"IEND") {
        return Err(PictureError::Truncated("PNG"));
    }
    if chunks[0].kind() != *b"IHDR" || chunks[0].contents().len() != 13 {
        return Err(damaged("it does not start with its size"));
    }
    if !chunks.iter().any(|chunk| chunk.kind() == *b"IDAT") {
        return Err(damaged("it has no pixels"));
    }
    // A capital first letter says that the picture cannot be shown without this chunk.
    if let Some(unknown) =
        chunks.iter().find(|chunk| chunk.kind()[0].is_ascii_uppercase() && !KEPT.contains(&chunk.kind()))
    {
        return Err(damaged(&format!("its part “{}” is unknown", unknown.kind().escape_ascii())));
    }
    chunks.retain(|chunk| KEPT.contains(&chunk.kind()));
    let (width, height) = png.dimensions().unwrap_or_default();
    check_size("PNG", width, height)?;
    let frames = png.chunks().iter().filter(|chunk| chunk.kind() == *b"fcTL").count();
    check_frames(frames as u64, width, height)?;
    let is_animated = png.chunks().iter().any(|chunk| chunk.kind() == *b"acTL");
    Ok(Clean { width, height, is_animated, bytes: png.encoder().bytes().to_vec() })
}

/// Counts what it is given.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Refuses one whose parts unpack to far more than its pixels: whoever unpacks all of them would need that much.
pub(super) fn check_length(bytes: &[u8]) -> Result<(), PictureError> {
    let damaged = |why: &str| PictureError::Damaged("PNG", why.to_owned());
    let png = Png::from_bytes(Bytes::copy_from_slice(bytes)).map_err(|_| PictureError::Truncated("PNG"))?;
    let head = png.chunks().first().map(|head| head.contents().clone()).unwrap_or_default();
    let (width, height) = png.dimensions().unwrap_or_default();
    let channels = match head.get(9) {
        Some(2) => 3,
        Some(4) => 2,
        Some(6) => 4,
        _ => 1,
    };
    let bits = u64::from(width) * channels * head.get(8).map_or(8, |depth| u64::from(*depth));
    // A byte before each row; in seven passes there are nearly three times as many, each with less than a byte to spare.
    let most = u64::from(height) * (bits.div_ceil(8) + 4) + 64;
    let mut unpacker = ZlibDecoder::new(Counter::default());
    for part in png.chunks().iter().filter(|chunk| chunk.kind() == *b"IDAT") {
        for piece in part.contents().chunks(PIECE) {
            // What is damaged is told when it is decoded.
            if unpacker.write_all(piece).is_err() {
                return Ok(());
            }
            if unpacker.get_ref().0 > most {
                return Err(damaged("it holds more than its pixels"));
            }
        }
    }
    let _ = unpacker.flush();
    if unpacker.get_ref().0 > most {
        return Err(damaged("it holds more than its pixels"));
    }
    Ok(())
}
