//! GIF: blocks of frames and extensions. Comments and application data (XMP) go; the count of loops stays.

use super::{Clean, PictureError, Reader, check_frames, check_size};

/// Few animations have hundreds of frames; a browser may hold all of them as pixels.
const MAX_FRAMES: usize = 2_000;

pub(super) fn clean(bytes: &[u8]) -> Result<Clean, PictureError> {
    let mut reader = Reader::new("GIF", bytes);
    let mut clean = reader.take(6)?.to_vec();
    let screen: [u8; 7] = reader.array()?;
    let (width, height) = size(screen[0], screen[1], screen[2], screen[3]);
    check_size("GIF", width, height)?;
    clean.extend(screen);
    clean.extend(reader.take(colour_table(screen[4]))?);

    let mut frames = 0;
    loop {
        match reader.byte()? {
            0x21 => {
                let label = reader.byte()?;
                let blocks = sub_blocks(&mut reader)?;
                let is_loop_count = label == 0xff && matches!(blocks.get(1..12), Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0"));
                // 0xf9: delay, transparency and disposal of the next frame.
                if label == 0xf9 || is_loop_count {
                    clean.extend([0x21, label]);
                    clean.extend(blocks);
                }
            }
            0x2c => {
                frames += 1;
                if frames > MAX_FRAMES {
                    return Err(reader.damaged("it has too many frames"));
                }
                let frame: [u8; 9] = reader.array()?;
                // Some decoders make the canvas as large as its largest frame.
                let (width, height) = size(frame[4], frame[5], frame[6], frame[7]);
                check_size("GIF", width, height)?;
                clean.push(0x2c);
                clean.extend(frame);
                clean.extend(reader.take(colour_table(frame[8]))?);
                clean.push(reader.byte()?);
                clean.extend(sub_blocks(&mut reader)?);
            }
            0x3b => break,
            _ => return Err(reader.damaged("it has an unknown block")),
        }
    }
    if frames == 0 {
        return Err(reader.damaged("it has no pixels"));
    }
    check_frames(frames as u64, width, height)?;
    clean.push(0x3b);
    Ok(Clean { width, height, is_animated: frames > 1, bytes: clean })
}

fn size(w1: u8, w2: u8, h1: u8, h2: u8) -> (u32, u32) {
    (u16::from_le_bytes([w1, w2]).into(), u16::from_le_bytes([h1, h2]).into())
}

/// The length of the colour table that `flags` announces.
fn colour_table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Data in pieces of up to 255 bytes, each after its length, up to a piece of none.
fn sub_blocks<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], PictureError> {
    let start = reader.rest;
    loop {
        match reader.byte()? {
            0 => return Ok(&start[..start.len() - reader.rest.len()]),
            length => reader.take(length.into())?,
        };
    }
}
