//! Pixels: a cleaned picture decoded whole, turned upright, its colour told, and made smaller.

use std::{collections::HashSet, io::Cursor};

use fast_image_resize::{
    MulDiv, PixelType, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use image::{
    DynamicImage, ExtendedColorType, ImageBuffer, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};
use img_parts::{Bytes, ImageICC, webp::WebP};

use super::{MAX_SIDE, PictureError};
use crate::model::entry::PictureKind;

/// What a decoder may allocate: the pixels of the largest picture in four bytes, and its own tables.
const MAX_ALLOCATED: u64 = 256 << 20;
/// As good as the eye asks for on a page.
const QUALITY: f32 = 80.0;
/// For what takes the place of the picture itself.
const FINE_QUALITY: f32 = 92.0;
/// A drawing has few colours, and comes out smaller and sharper when nothing of it is left out.
const FEW_COLOURS: usize = 256;

/// A decoded picture.
pub struct Pixels {
    image: DynamicImage,
    /// The colour profile, where it fits what is written from these pixels.
    profile: Option<Vec<u8>>,
    /// Whether it is a drawing, where that was found out before it was made smaller.
    is_drawing: Option<bool>,
}

impl Pixels {
    /// Decodes the whole of it; of an animation, the first frame.
    ///
    /// # Errors
    /// When it is cut off or damaged where the walk through its parts does not see it.
    pub fn decode(kind: PictureKind, bytes: &[u8]) -> Result<Self, PictureError> {
        let damaged = |error: image::ImageError| PictureError::Damaged(word(kind), error.to_string());
        let mut decoder = decoder(kind, bytes)?;
        let profile = decoder.icc_profile().ok().flatten();
        let image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        // Grey pixels with a grey profile, coloured ones with one of red, green and blue: a decoder makes that of the rest.
        let space: &[u8] = if is_grey(&image) { b"GRAY" } else { b"RGB " };
        let profile = profile.filter(|profile| profile.get(16..20) == Some(space));
        Ok(Self { profile, image, is_drawing: None })
    }

    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        (self.image.width(), self.image.height())
    }

    /// Turned and mirrored as a camera noted, 1 to 8.
    #[must_use]
    pub fn upright(mut self, orientation: u8) -> Self {
        if let Some(orientation) = Orientation::from_exif(orientation) {
            self.image.apply_orientation(orientation);
        }
        self
    }

    /// Written anew, in the format that it had.
    ///
    /// # Errors
    /// When the encoder gives up.
    pub fn write(&self, kind: PictureKind) -> Result<Vec<u8>, PictureError> {
        let failed = |error: image::ImageError| PictureError::Damaged(word(kind), error.to_string());
        let profile = self.profile.clone().unwrap_or_default();
        let mut out = Vec::new();
        match kind {
            PictureKind::Jpeg => {
                let mut encoder = JpegEncoder::new_with_quality(&mut out, FINE_QUALITY as u8);
                if !profile.is_empty() && encoder.set_icc_profile(profile).is_err() {
                    return Err(PictureError::Damaged("JPEG", "its colour profile cannot be kept".to_owned()));
                }
                // It knows 8 bits to a channel, and no transparency; that is what its decoder makes, and no copy is needed.
                match &self.image {
                    DynamicImage::ImageLuma8(image) => image.write_with_encoder(encoder),
                    DynamicImage::ImageRgb8(image) => image.write_with_encoder(encoder),
                    other => other.to_rgb8().write_with_encoder(encoder),
                }
                .map_err(failed)?;
            }
            PictureKind::Png => {
                let mut encoder = PngEncoder::new(&mut out);
                if !profile.is_empty() && encoder.set_icc_profile(profile).is_err() {
                    return Err(PictureError::Damaged("PNG", "its colour profile cannot be kept".to_owned()));
                }
                self.image.write_with_encoder(encoder).map_err(failed)?;
            }
            PictureKind::Webp => {
                let (width, height) = self.size();
                out = self.webp(flat(&self.image), width, height, false, FINE_QUALITY)?;
            }
            PictureKind::Gif | PictureKind::Svg => {
                return Err(PictureError::Damaged(word(kind), "it is never written anew".to_owned()));
            }
        }
        Ok(out)
    }

    /// The same no wider than `width` once it is turned as a camera noted: what smaller ones are made of. The large one is
    /// gone, and there was no second one of its size.
    #[must_use]
    pub fn reduced(mut self, kind: PictureKind, width: u32, orientation: u8) -> Self {
        let is_drawing = kind == PictureKind::Png && self.has_few_colours();
        let (from_width, from_height) = self.size();
        let across = if orientation < 5 { from_width } else { from_height };
        let part = |side: u32| (u64::from(side) * u64::from(width) + u64::from(across) / 2) / u64::from(across.max(1));
        let part = |side: u32| u32::try_from(part(side)).unwrap_or(MAX_SIDE).max(1);
        if across > width
            && let Some(image) = shrunk(&mut self.image, part(from_width), part(from_height))
        {
            self.image = image;
        }
        Self { is_drawing: Some(is_drawing), ..self }.upright(orientation)
    }

    /// The same as WebP, `width` pixels wide.
    ///
    /// # Errors
    /// When the encoder gives up.
    pub fn scaled(&self, kind: PictureKind, width: u32) -> Result<Vec<u8>, PictureError> {
        let (from_width, from_height) = self.size();
        let height =
            (u64::from(from_height) * u64::from(width) + u64::from(from_width) / 2) / u64::from(from_width.max(1));
        let height = u32::try_from(height).unwrap_or(MAX_SIDE).max(1);
        let few = self.is_drawing.unwrap_or_else(|| kind == PictureKind::Png && self.has_few_colours());
        let flat = self.resized(width, height)?;
        if few {
            let lossless = self.webp(flat.clone(), width, height, true, QUALITY)?;
            let lossy = self.webp(flat, width, height, false, QUALITY)?;
            return Ok(if lossless.len() <= lossy.len() { lossless } else { lossy });
        }
        self.webp(flat, width, height, false, QUALITY)
    }

    /// `#rrggbb`: the mean of the kind of colour that most of it has; `None` where it lets the page through.
    pub fn colour(&self) -> Option<String> {
        const SIDE: u32 = 24;
        let flat = self.resized(SIDE, SIDE).ok()?;
        let mut buckets = [(0_u32, [0_u32; 3]); 27];
        for pixel in flat.bytes.chunks_exact(if flat.has_alpha { 4 } else { 3 }) {
            let &[red, green, blue, ..] = pixel else { continue };
            if pixel.get(3).is_some_and(|alpha| *alpha < 250) {
                return None;
            }
            let third = |channel: u8| usize::from(channel) * 3 / 256;
            let bucket = buckets.get_mut(third(red) * 9 + third(green) * 3 + third(blue))?;
            bucket.0 += 1;
            for (sum, channel) in bucket.1.iter_mut().zip([red, green, blue]) {
                *sum += u32::from(channel);
            }
        }
        let (count, [red, green, blue]) = buckets.into_iter().max_by_key(|(count, _)| *count)?;
        let mean = |sum: u32| sum / count.max(1);
        Some(format!("#{:02x}{:02x}{:02x}", mean(red), mean(green), mean(blue)))
    }

    fn has_few_colours(&self) -> bool {
        let mut seen = HashSet::new();
        self.image.as_bytes().chunks_exact(self.image.color().bytes_per_pixel().into()).all(|pixel| {
            seen.insert(pixel);
            seen.len() <= FEW_COLOURS
        })
    }

    fn resized(&self, width: u32, height: u32) -> Result<Flat, PictureError> {
        if self.size() == (width, height) {
            return Ok(flat(&self.image));
        }
        let mut to = layout(&self.image).map(|pixel| Image::new(width, height, pixel));
        let made = to.as_mut().and_then(|to| {
            resize(&self.image, to, &ResizeOptions::new())?;
            like(&self.image, width, height, to.buffer())
        });
        let made = made.ok_or_else(|| PictureError::Damaged("picture", "it cannot be made smaller".to_owned()))?;
        Ok(flat(&made))
    }

    fn webp(&self, flat: Flat, width: u32, height: u32, lossless: bool, quality: f32) -> Result<Vec<u8>, PictureError> {
        let failed = || PictureError::Damaged("WebP", "it could not be written".to_owned());
        let encoder = if flat.has_alpha {
            webp::Encoder::from_rgba(&flat.bytes, width, height)
        } else {
            webp::Encoder::from_rgb(&flat.bytes, width, height)
        };
        let made = encoder.encode_simple(lossless, quality).map_err(|_| failed())?;
        // What is written here is red, green and blue; the usual profile is what browsers take for granted.
        let is_usual = |profile: &&Vec<u8>| profile.windows(4).any(|window| window == b"sRGB");
        match self.profile.as_ref().filter(|profile| !is_usual(profile) && profile.get(16..20) == Some(b"RGB ")) {
            None => Ok(made.to_vec()),
            Some(profile) => {
                let mut file = WebP::from_bytes(Bytes::copy_from_slice(&made)).map_err(|_| failed())?;
                file.set_icc_profile(Some(Bytes::copy_from_slice(profile)));
                Ok(file.encoder().bytes().to_vec())
            }
        }
    }
}

#[derive(Clone)]
struct Flat {
    bytes: Vec<u8>,
    has_alpha: bool,
}

/// As bytes: three or four to a pixel.
fn flat(image: &DynamicImage) -> Flat {
    let has_alpha = image.color().has_alpha();
    let bytes = if has_alpha { image.to_rgba8().into_raw() } else { image.to_rgb8().into_raw() };
    Flat { bytes, has_alpha }
}

/// How its pixels lie in memory.
fn layout(image: &DynamicImage) -> Option<PixelType> {
    Some(match image {
        DynamicImage::ImageLuma8(_) => PixelType::U8,
        DynamicImage::ImageLumaA8(_) => PixelType::U8x2,
        DynamicImage::ImageRgb8(_) => PixelType::U8x3,
        DynamicImage::ImageRgba8(_) => PixelType::U8x4,
        DynamicImage::ImageLuma16(_) => PixelType::U16,
        DynamicImage::ImageLumaA16(_) => PixelType::U16x2,
        DynamicImage::ImageRgb16(_) => PixelType::U16x3,
        DynamicImage::ImageRgba16(_) => PixelType::U16x4,
        _ => return None,
    })
}

/// Scaled from where it lies: no copy of it is made, unless it lets light through.
fn resize(image: &DynamicImage, to: &mut Image<'_>, how: &ResizeOptions) -> Option<()> {
    let from = ImageRef::new(image.width(), image.height(), image.as_bytes(), layout(image)?).ok()?;
    Resizer::new().resize(&from, to, how).ok()
}

/// Made smaller with no copy at all: of what lets light through, the colours are weighed where they lie.
fn shrunk(image: &mut DynamicImage, width: u32, height: u32) -> Option<DynamicImage> {
    let mut to = Image::new(width, height, layout(image)?);
    let weigh = MulDiv::new();
    let is_weighed = matches!(image, DynamicImage::ImageRgba8(_));
    if let DynamicImage::ImageRgba8(pixels) = &mut *image {
        let (width, height) = pixels.dimensions();
        let mut all = Image::from_slice_u8(width, height, pixels, PixelType::U8x4).ok()?;
        weigh.multiply_alpha_inplace(&mut all).ok()?;
    }
    resize(image, &mut to, &ResizeOptions::new().use_alpha(!is_weighed))?;
    if is_weighed {
        weigh.divide_alpha_inplace(&mut to).ok()?;
    }
    like(image, width, height, to.buffer())
}

/// Pixels that lie in memory as those of `image`.
fn like(image: &DynamicImage, width: u32, height: u32, bytes: &[u8]) -> Option<DynamicImage> {
    let narrow = || bytes.to_vec();
    let wide = || bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect::<Vec<_>>();
    match image {
        DynamicImage::ImageLuma8(_) => ImageBuffer::from_raw(width, height, narrow()).map(DynamicImage::ImageLuma8),
        DynamicImage::ImageLumaA8(_) => ImageBuffer::from_raw(width, height, narrow()).map(DynamicImage::ImageLumaA8),
        DynamicImage::ImageRgb8(_) => ImageBuffer::from_raw(width, height, narrow()).map(DynamicImage::ImageRgb8),
        DynamicImage::ImageRgba8(_) => ImageBuffer::from_raw(width, height, narrow()).map(DynamicImage::ImageRgba8),
        DynamicImage::ImageLuma16(_) => ImageBuffer::from_raw(width, height, wide()).map(DynamicImage::ImageLuma16),
        DynamicImage::ImageLumaA16(_) => ImageBuffer::from_raw(width, height, wide()).map(DynamicImage::ImageLumaA16),
        DynamicImage::ImageRgb16(_) => ImageBuffer::from_raw(width, height, wide()).map(DynamicImage::ImageRgb16),
        DynamicImage::ImageRgba16(_) => ImageBuffer::from_raw(width, height, wide()).map(DynamicImage::ImageRgba16),
        _ => None,
    }
}

/// How a camera was held, 1 to 8, as the file notes it; 1 where it does not say.
pub fn orientation(kind: PictureKind, bytes: &[u8]) -> u8 {
    decoder(kind, bytes)
        .and_then(|mut decoder| decoder.orientation().map_err(|_| PictureError::NotAPicture))
        .map_or(1, Orientation::to_exif)
}

fn decoder(kind: PictureKind, bytes: &[u8]) -> Result<impl ImageDecoder + '_, PictureError> {
    let format = match kind {
        PictureKind::Jpeg => ImageFormat::Jpeg,
        PictureKind::Png => ImageFormat::Png,
        PictureKind::Gif => ImageFormat::Gif,
        PictureKind::Webp => ImageFormat::WebP,
        PictureKind::Svg => return Err(PictureError::NotAPicture),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATED);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder().map_err(|error| PictureError::Damaged(word(kind), error.to_string()))
}

fn is_grey(image: &DynamicImage) -> bool {
    !image.color().has_color() && ExtendedColorType::from(image.color()).channel_count() == 1
}

fn word(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Jpeg => "JPEG",
        PictureKind::Png => "PNG",
        PictureKind::Gif => "GIF",
        PictureKind::Webp => "WebP",
        PictureKind::Svg => "SVG",
    }
}
