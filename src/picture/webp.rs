//! WebP: a RIFF list of chunks. EXIF and XMP are chunks of their own, announced by flags in the first.

use super::{Clean, PictureError, Reader, check_frames, check_size};

const EXIF_AND_XMP: u8 = 0b0000_1100;

pub(super) fn clean(bytes: &[u8]) -> Result<Clean, PictureError> {
    let mut reader = Reader::new("WebP", bytes);
    reader.take(4)?;
    let length = u32::from_le_bytes(reader.array()?) as usize;
    let mut chunks = Reader::new("WebP", reader.take(length)?);
    chunks.take(4)?;

    let mut clean = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut canvas = None;
    let (mut pixels, mut frames) = (None, 0_u64);
    while !chunks.rest.is_empty() {
        let (name, content) = next_chunk(&mut chunks)?;
        match &name {
            b"VP8X" if canvas.is_none() => {
                let [flags, _, _, _, w1, w2, w3, h1, h2, h3] =
                    *content.first_chunk().ok_or(PictureError::Truncated("WebP"))?;
                canvas = Some((1 + u32::from_le_bytes([w1, w2, w3, 0]), 1 + u32::from_le_bytes([h1, h2, h3, 0])));
                chunk(&mut clean, name, &[flags & !EXIF_AND_XMP, 0, 0, 0, w1, w2, w3, h1, h2, h3]);
            }
            b"VP8 " | b"VP8L" => {
                let size = coded_size(name, content)?;
                pixels = pixels.or(Some(size));
                chunk(&mut clean, name, content);
            }
            b"ANMF" => {
                pixels = pixels.or(canvas);
                frames += 1;
                chunk(&mut clean, name, &frame(content)?);
            }
            b"ICCP" | b"ANIM" | b"ALPH" => chunk(&mut clean, name, content),
            _ => {}
        }
    }
    let Some(pixels) = pixels else { return Err(reader.damaged("it has no pixels")) };
    let (width, height) = canvas.unwrap_or(pixels);
    check_size("WebP", width, height)?;
    check_frames(frames, width, height)?;
    let length = u32::try_from(clean.len() - 8).map_err(|_| PictureError::TooHeavy)?;
    clean[4..8].copy_from_slice(&length.to_le_bytes());
    Ok(Clean { width, height, is_animated: frames > 0, bytes: clean })
}

/// A frame of an animation: sixteen bytes on place and time, then chunks.
fn frame(content: &[u8]) -> Result<Vec<u8>, PictureError> {
    let mut chunks = Reader::new("WebP", content);
    let mut clean = chunks.take(16)?.to_vec();
    while !chunks.rest.is_empty() {
        let (name, content) = next_chunk(&mut chunks)?;
        match &name {
            b"VP8 " | b"VP8L" => {
                coded_size(name, content)?;
                chunk(&mut clean, name, content);
            }
            b"ALPH" => chunk(&mut clean, name, content),
            _ => {}
        }
    }
    Ok(clean)
}

fn next_chunk<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), PictureError> {
    let name = reader.array()?;
    let length = u32::from_le_bytes(reader.array()?) as usize;
    let content = reader.take(length)?;
    // Odd lengths are followed by a byte of padding, which some writers forget at the end.
    if length % 2 == 1 && !reader.rest.is_empty() {
        reader.take(1)?;
    }
    Ok((name, content))
}

fn chunk(to: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    // A file that is taken at all is far smaller than 4 GB.
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    to.extend(name);
    to.extend(length.to_le_bytes());
    to.extend(content);
    if length % 2 == 1 {
        to.push(0);
    }
}

/// The size that the coded pixels themselves have; decoders allocate by it, whatever the canvas says.
fn coded_size(name: [u8; 4], content: &[u8]) -> Result<(u32, u32), PictureError> {
    let (width, height) = match (&name, content) {
        (b"VP8 ", &[_, _, _, 0x9d, 0x01, 0x2a, w1, w2, h1, h2, ..]) => {
            (u32::from(u16::from_le_bytes([w1, w2]) & 0x3fff), u32::from(u16::from_le_bytes([h1, h2]) & 0x3fff))
        }
        (b"VP8L", &[0x2f, b1, b2, b3, b4, ..]) => {
            let bits = u32::from_le_bytes([b1, b2, b3, b4]);
            (1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff))
        }
        _ => return Err(PictureError::Damaged("WebP", "its pixels have no size".to_owned())),
    };
    check_size("WebP", width, height)?;
    Ok((width, height))
}
