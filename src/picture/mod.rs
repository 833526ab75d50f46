//! Takes a picture in: finds out what it is, removes what it tells about its maker, and refuses what is no picture.

pub mod file;
mod gif;
mod jpeg;
pub mod pixels;
mod png;
mod svg;
mod webp;

use crate::{
    model::{
        entry::{Picture, PictureKind},
        remark::{Remark, remark, words},
    },
    text::slug,
};

/// The most that a picture may weigh.
pub const MAX_BYTES: usize = 40 * 1024 * 1024;
/// The longest side that a picture may have, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The largest area that a picture may have, in pixels: what a reader's browser must hold four bytes each of.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The most pixels that all frames of an animation may have together: a browser may hold all of them.
pub const MAX_MOVING: u64 = 500_000_000;
/// So wide is what a picture's colour is told from.
const GLANCE: u32 = 480;

/// Why a file is not taken, for the person who wants to show it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("it is larger than {} MB", MAX_BYTES / 1024 / 1024)]
    TooHeavy,
    /// Beyond [`MAX_SIDE`] or [`MAX_PIXELS`].
    #[error("it has {width} × {height} pixels, more than {MAX_SIDE} on a side or {} million in all", MAX_PIXELS / 1_000_000)]
    TooLarge {
        /// As the file says.
        width: u32,
        /// As the file says.
        height: u32,
    },
    /// An animation beyond [`MAX_MOVING`].
    #[error("its {frames} frames have more than {} million pixels together", MAX_MOVING / 1_000_000)]
    TooLong {
        /// As counted.
        frames: u64,
    },
    /// A known format that the blog does not keep.
    #[error("it is {0}; convert it to JPEG, PNG or WebP")]
    OtherFormat(&'static str),
    /// None of the formats that the blog keeps.
    #[error("it is not a PNG, JPEG, GIF, WebP or SVG picture")]
    NotAPicture,
    /// The end is missing.
    #[error("the {0} file is cut off")]
    Truncated(&'static str),
    /// It breaks the rules of its format.
    #[error("the {0} file is damaged: {1}")]
    Damaged(&'static str, String),
    /// An SVG that could do more than be looked at.
    #[error("the SVG file is not safe ({0})")]
    Unsafe(Remark),
}

impl PictureError {
    /// The same, to be said in somebody's language; of a format's rules in the words of whoever knows them.
    pub fn remark(&self) -> Remark {
        match self {
            Self::Empty => remark("picture-empty"),
            Self::TooHeavy => remark("picture-heavy").put("n", MAX_BYTES / 1024 / 1024),
            Self::TooLarge { width, height } => remark("picture-large")
                .put("width", width)
                .put("height", height)
                .put("side", MAX_SIDE)
                .put("millions", MAX_PIXELS / 1_000_000),
            Self::TooLong { frames } => {
                remark("picture-long").put("frames", frames).put("millions", MAX_MOVING / 1_000_000)
            }
            Self::OtherFormat(format) => remark("picture-other").because([other(format)]),
            Self::NotAPicture => remark("picture-none"),
            Self::Truncated(format) => remark("picture-cut-off").put("format", format),
            Self::Damaged(format, why) => remark("picture-damaged").put("format", format).because([words(why)]),
            Self::Unsafe(why) => remark("picture-unsafe").because([why.clone()]),
        }
    }
}

/// A format that the blog does not keep, as [`kind_of`] names it.
fn other(format: &str) -> Remark {
    match format {
        "an AVIF picture" => remark("picture-is-avif"),
        "a HEIC picture" => remark("picture-is-heic"),
        "a JPEG XL picture" => remark("picture-is-jxl"),
        "a TIFF picture" => remark("picture-is-tiff"),
        "a BMP picture" => remark("picture-is-bmp"),
        "a Windows icon" => remark("picture-is-icon"),
        "a PDF document" => remark("picture-is-pdf"),
        "a video" => remark("picture-is-video"),
        "compressed (gzip, as .svgz is)" => remark("picture-is-gzip"),
        _ if format.starts_with("a Git LFS pointer") => remark("picture-is-lfs"),
        _ => words(format),
    }
}

/// A picture without metadata.
struct Clean {
    width: u32,
    height: u32,
    is_animated: bool,
    bytes: Vec<u8>,
}

/// Makes a [`Picture`] of a file. Its type is what its bytes are; `file_name` only lends words to the new name.
/// EXIF, GPS, XMP, IPTC, comments and whatever follows the picture's end are gone from the result; pixels, colour
/// profile and orientation are as they were. Nothing is decoded or encoded anew.
pub fn picture(reference: &str, file_name: &str, bytes: Vec<u8>) -> Result<Picture, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(PictureError::TooHeavy);
    }
    let kind = kind_of(&bytes)?;
    let Clean { width, height, is_animated, bytes } = match kind {
        PictureKind::Jpeg => jpeg::clean(&bytes)?,
        PictureKind::Png => png::clean(bytes)?,
        PictureKind::Gif => gif::clean(&bytes)?,
        PictureKind::Webp => webp::clean(&bytes)?,
        PictureKind::Svg => svg::check(bytes)?,
    };
    let references = vec![reference.to_owned()];
    let name = name(file_name, kind.extension());
    Ok(Picture { references, old_paths: Vec::new(), name, kind, width, height, is_animated, bytes })
}

/// A picture that was looked at whole.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Clean, upright, ready to be kept.
    pub picture: Picture,
    /// As [`pixels::Pixels::colour`] tells.
    pub colour: Option<String>,
}

/// Makes a [`Picture`] of a file as [`picture`] does, and then decodes it: what a browser could not show is refused, and
/// what a camera was held askew for is turned upright.
pub fn look(file_name: &str, bytes: Vec<u8>) -> Result<Looked, PictureError> {
    let noted = kind_of(&bytes).map_or(1, |kind| pixels::orientation(kind, &bytes));
    let mut picture = picture("", file_name, bytes)?;
    if picture.kind == PictureKind::Svg {
        return Ok(Looked { picture, colour: None });
    }
    if picture.kind == PictureKind::Png {
        png::check_length(&picture.bytes)?;
    }
    let mut pixels = pixels::Pixels::decode(picture.kind, &picture.bytes)?;
    if noted != 1 && picture.kind != PictureKind::Gif && !picture.is_animated {
        picture.bytes = Vec::new();
        pixels = pixels.upright(noted);
        picture.bytes = pixels.write(picture.kind)?;
        (picture.width, picture.height) = pixels.size();
    }
    let colour = pixels.reduced(PictureKind::Jpeg, GLANCE, 1).colour();
    Ok(Looked { colour: colour.filter(|_| !picture.is_animated), picture })
}

/// What the first bytes say.
fn kind_of(bytes: &[u8]) -> Result<PictureKind, PictureError> {
    let other = |name| Err(PictureError::OtherFormat(name));
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(PictureKind::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(PictureKind::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(PictureKind::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(PictureKind::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4) {
            Some(b"avif" | b"avis") => other("an AVIF picture"),
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                other("a HEIC picture")
            }
            _ => other("a video"),
        },
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => other("a JPEG XL picture"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => other("a TIFF picture"),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => other("a BMP picture"),
        [0, 0, 1, 0, ..] => other("a Windows icon"),
        [b'%', b'P', b'D', b'F', ..] => other("a PDF document"),
        [0x1f, 0x8b, ..] => other("compressed (gzip, as .svgz is)"),
        _ if bytes.starts_with(b"version https://git-lfs") => {
            other("a Git LFS pointer; fetch the real file, or if need be")
        }
        _ if svg::looks_like_one(bytes) => Ok(PictureKind::Svg),
        _ => Err(PictureError::NotAPicture),
    }
}

/// Holds a picture of this size to the limits.
fn check_size(format: &'static str, width: u32, height: u32) -> Result<(), PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::Damaged(format, "it has no width or no height".to_owned()));
    }
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(())
}

/// Holds an animation of so many frames to the limit; each is drawn on all of it.
fn check_frames(frames: u64, width: u32, height: u32) -> Result<(), PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if frames > 1 && pixels.saturating_mul(frames) > MAX_MOVING {
        return Err(PictureError::TooLong { frames });
    }
    Ok(())
}

/// `GATs reactions.PNG` -> `gats-reactions.png`: safe in any address and on any disk.
pub fn name(file_name: &str, extension: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let mut name = String::new();
    for letter in slug::slug(stem).chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(80);
    let name = name.trim_end_matches('-');
    format!("{}.{extension}", if name.is_empty() { "picture" } else { name })
}

/// The first words of `text`, for messages.
pub fn short(text: &str) -> String {
    let mut short: String = text.chars().take(80).filter(|letter| !letter.is_control()).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Reads a file from front to back, and says that it is cut off where it ends too soon.
struct Reader<'a> {
    format: &'static str,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn new(format: &'static str, bytes: &'a [u8]) -> Self {
        Self { format, rest: bytes }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], PictureError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(PictureError::Truncated(self.format))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PictureError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(PictureError::Truncated(self.format))?;
        self.rest = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, PictureError> {
        self.array().map(|[byte]| byte)
    }

    fn damaged(&self, why: &str) -> PictureError {
        PictureError::Damaged(self.format, why.to_owned())
    }
}

#[cfg(test)]
mod pixel_tests;
#[cfg(test)]
mod tests;
