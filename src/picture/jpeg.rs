//! JPEG: a list of segments, some followed by coded pixels. All that does not make pixels is left behind.

use super::{Clean, PictureError, Reader, check_size};

const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// The segments are walked to the end-of-image marker, since metadata may stand between the scans of a progressive
/// file, and phones append whole films and further pictures (with their own GPS) after the end.
pub(super) fn clean(bytes: &[u8]) -> Result<Clean, PictureError> {
    let mut reader = Reader::new("JPEG", bytes);
    reader.take(2)?;
    let mut jfif = None;
    let mut orientation = None;
    let mut size = None;
    let mut has_scan = false;
    let mut kept = Vec::with_capacity(bytes.len());
    loop {
        let marker = next_marker(&mut reader)?;
        match marker {
            EOI => break,
            // TEM, restart markers and a second SOI stand alone and mean nothing here.
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(reader.array()?));
        let content = reader.take(length.checked_sub(2).ok_or_else(|| reader.damaged("a segment has no length"))?)?;
        match marker {
            // Baseline, extended and progressive frames.
            0xc0..=0xc2 => {
                if size.replace(frame_size(&reader, content)?).is_some() {
                    return Err(reader.damaged("it has two frames"));
                }
                segment(&mut kept, marker, content);
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xde | 0xdf => {
                return Err(PictureError::OtherFormat("a kind of JPEG that browsers do not show"));
            }
            // Tables of Huffman codes, quantisation and restarts; a line count after the fact.
            0xc4 | 0xdb..=0xdd => segment(&mut kept, marker, content),
            SOS => {
                if size.is_none() {
                    return Err(reader.damaged("it has pixels before their size"));
                }
                has_scan = true;
                segment(&mut kept, marker, content);
                kept.extend_from_slice(coded_pixels(&mut reader)?);
            }
            APP0 if jfif.is_none() => jfif = jfif_header(content),
            APP1 if orientation.is_none() => {
                orientation = content.strip_prefix(b"Exif\0\0").map(|tiff| exif_orientation(tiff).unwrap_or(1));
            }
            APP2 if content.starts_with(b"ICC_PROFILE\0") => segment(&mut kept, marker, content),
            // Without it, the colours of CMYK and RGB files come out wrong. It has twelve bytes.
            APP14 if content.starts_with(b"Adobe") => segment(&mut kept, marker, &content[..content.len().min(12)]),
            _ => {}
        }
    }
    let Some((width, height)) = size.filter(|_| has_scan) else {
        return Err(reader.damaged("it has no pixels"));
    };
    check_size("JPEG", width, height)?;

    let mut clean = vec![0xff, 0xd8];
    if let Some(header) = jfif {
        segment(&mut clean, APP0, &header);
    }
    let orientation = orientation.unwrap_or(1);
    if orientation != 1 {
        segment(&mut clean, APP1, &orientation_alone(orientation));
    }
    clean.append(&mut kept);
    clean.extend([0xff, EOI]);
    // From 5 on, the picture lies on its side.
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    Ok(Clean { width, height, is_animated: false, bytes: clean })
}

/// The next marker's code. Bytes that belong to nothing are passed over, as decoders do.
fn next_marker(reader: &mut Reader) -> Result<u8, PictureError> {
    loop {
        if reader.byte()? == 0xff {
            let mut code = reader.byte()?;
            while code == 0xff {
                code = reader.byte()?;
            }
            if code != 0 {
                return Ok(code);
            }
        }
    }
}

/// Everything up to the next marker that is not part of the coded data: `ff 00` is a byte of it, `ff d0`-`ff d7`
/// are its restart points.
fn coded_pixels<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], PictureError> {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    let length = reader.rest.windows(2).position(ends).ok_or(PictureError::Truncated(reader.format))?;
    reader.take(length)
}

fn segment(to: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // No content here is longer than one that was read with a two-byte length.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    to.extend([0xff, marker]);
    to.extend(length.to_be_bytes());
    to.extend(content);
}

fn frame_size(reader: &Reader, frame: &[u8]) -> Result<(u32, u32), PictureError> {
    match *frame {
        [_, h1, h2, w1, w2, ..] => Ok((u16::from_be_bytes([w1, w2]).into(), u16::from_be_bytes([h1, h2]).into())),
        _ => Err(reader.damaged("its frame has no size")),
    }
}

/// The JFIF header (version and density) without the thumbnail that may follow it.
fn jfif_header(content: &[u8]) -> Option<[u8; 14]> {
    let mut header: [u8; 14] = *content.first_chunk()?;
    header[12] = 0;
    header[13] = 0;
    header.starts_with(b"JFIF\0").then_some(header)
}

/// The orientation, 1 to 8, in the first directory of an EXIF block.
fn exif_orientation(tiff: &[u8]) -> Option<u8> {
    let is_little = tiff.starts_with(b"II*\0");
    if !is_little && !tiff.starts_with(b"MM\0*") {
        return None;
    }
    let number = |at: usize| -> Option<u16> {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let (first, second) = (u32::from(number(4)?), u32::from(number(6)?));
    let start = usize::try_from(if is_little { second << 16 | first } else { first << 16 | second }).ok()?;
    let count = number(start)?;
    (0..usize::from(count))
        .map(|index| start.saturating_add(2 + index * 12))
        .find(|&entry| number(entry) == Some(0x0112))
        .and_then(|entry| number(entry + 8))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
}

/// An EXIF block that says nothing but the orientation.
fn orientation_alone(orientation: u8) -> Vec<u8> {
    let mut block = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block
}
