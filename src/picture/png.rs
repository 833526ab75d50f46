//! PNG: a list of chunks, each with a name and a checksum.

use img_parts::{Bytes, png::Png};

use super::{Clean, PictureError, check_size};

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
    let is_animated = png.chunks().iter().any(|chunk| chunk.kind() == *b"acTL");
    Ok(Clean { width, height, is_animated, bytes: png.encoder().bytes().to_vec() })
}
