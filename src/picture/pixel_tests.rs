//! What becomes of pixels: upright, in smaller widths, their colour told; and what a browser could not show is refused.

use std::io::Cursor;

use image::{
    DynamicImage, GrayImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage, codecs::jpeg::JpegEncoder,
};
use img_parts::{
    Bytes, ImageEXIF, ImageICC,
    jpeg::Jpeg,
    png::{Png, PngChunk},
    webp::WebP,
};
use proptest::prelude::*;

use super::{
    pixels::{Pixels, orientation},
    *,
};

/// An EXIF block that says how the camera was held, and where.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend(b"\0\0\0\0\0\0SECRET GPS");
    block
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).expect("a picture");
    file.into_inner()
}

/// Six grey pixels, `a b c` over `d e f`.
fn letters() -> DynamicImage {
    DynamicImage::ImageLuma8(GrayImage::from_raw(3, 2, vec![10, 20, 30, 40, 50, 60]).expect("six pixels"))
}

/// The pixels as letters, a line for each row.
fn read(kind: PictureKind, bytes: &[u8]) -> String {
    let image = image::load_from_memory(bytes).expect("a picture").to_luma8();
    let near = |level: u8| char::from(b'a' + ((f64::from(level) / 10.0).round() as u8).saturating_sub(1).min(25));
    let rows: Vec<String> = image.rows().map(|row| row.map(|pixel| near(pixel.0[0])).collect()).collect();
    assert_eq!(orientation(kind, bytes), 1, "it needs no turning any more");
    rows.join("/")
}

const UPRIGHT: [(u8, &str); 8] = [
    (1, "abc/def"),
    (2, "cba/fed"),
    (3, "fed/cba"),
    (4, "def/abc"),
    (5, "ad/be/cf"),
    (6, "da/eb/fc"),
    (7, "fc/eb/da"),
    (8, "cf/be/ad"),
];

#[test]
fn whatever_way_a_camera_was_held_the_picture_is_upright() {
    let png = written(&letters(), ImageFormat::Png);
    for (held, expected) in UPRIGHT {
        let mut file = Png::from_bytes(Bytes::from(png.clone())).expect("a PNG file");
        file.chunks_mut().insert(1, PngChunk::new(*b"eXIf", Bytes::from(exif(held))));
        let looked = look("a.png", file.encoder().bytes().to_vec()).expect("a picture").picture;
        assert_eq!(read(PictureKind::Png, &looked.bytes), expected, "{held}");
        assert_eq!((looked.width, looked.height), if held < 5 { (3, 2) } else { (2, 3) }, "{held}");
        assert!(!looked.bytes.windows(6).any(|window| window == b"SECRET"));
    }
}

#[test]
fn a_photo_is_turned_and_keeps_its_colour_profile_and_nothing_else() {
    // Blocks of eight pixels, so that what JPEG leaves out does not show.
    let large = letters().resize_exact(96, 64, image::imageops::FilterType::Nearest).to_rgb8();
    let mut plain = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut plain, 95);
    let profile = [&[0; 16][..], b"RGB ", &[7; 100]].concat();
    encoder.set_icc_profile(profile.clone()).expect("it takes a profile");
    large.write_with_encoder(encoder).expect("a photo");
    for (held, expected) in UPRIGHT {
        let mut file = Jpeg::from_bytes(Bytes::from(plain.clone())).expect("a JPEG file");
        file.set_exif(Some(Bytes::from(exif(held))));
        let looked = look("a.jpg", file.encoder().bytes().to_vec()).expect("a picture").picture;
        let small = image::load_from_memory(&looked.bytes).expect("a picture");
        let (width, height) = if held < 5 { (3, 2) } else { (2, 3) };
        assert_eq!((looked.width, looked.height), (width * 32, height * 32), "{held}");
        let small = small.resize_exact(width, height, image::imageops::FilterType::Nearest);
        assert_eq!(read(PictureKind::Png, &written(&small, ImageFormat::Png)), expected, "{held}");
        assert_eq!(orientation(PictureKind::Jpeg, &looked.bytes), 1);
        let kept = Jpeg::from_bytes(Bytes::from(looked.bytes.clone())).expect("a JPEG file");
        assert_eq!(kept.icc_profile().as_deref(), Some(&profile[..]), "{held}");
        assert!(kept.exif().is_none());
    }
}

#[test]
fn a_picture_is_made_smaller_with_its_profile() {
    let photo = RgbImage::from_fn(1000, 500, |x, y| Rgb([(x / 4) as u8, (y / 2) as u8, 90]));
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 90);
    let profile = [&[0; 16][..], b"RGB ", &[7; 100]].concat();
    encoder.set_icc_profile(profile.clone()).expect("it takes a profile");
    photo.write_with_encoder(encoder).expect("a photo");
    let pixels = Pixels::decode(PictureKind::Jpeg, &file).expect("a picture");
    let scaled = pixels.scaled(PictureKind::Jpeg, 480).expect("a smaller one");
    let made = image::load_from_memory(&scaled).expect("a picture");
    assert_eq!((made.width(), made.height()), (480, 240));
    let kept = WebP::from_bytes(Bytes::from(scaled)).expect("a WebP file");
    assert_eq!(kept.icc_profile().as_deref(), Some(&profile[..]));
}

#[test]
fn a_drawing_of_few_colours_stays_sharp_and_transparent() {
    let drawing = RgbaImage::from_fn(800, 400, |x, y| match (x / 100 + y / 100) % 3 {
        0 => Rgba([200, 30, 30, 255]),
        1 => Rgba([255, 255, 255, 255]),
        _ => Rgba([0, 0, 0, 0]),
    });
    let file = written(&DynamicImage::ImageRgba8(drawing), ImageFormat::Png);
    let pixels = Pixels::decode(PictureKind::Png, &file).expect("a picture");
    assert_eq!(pixels.colour(), None, "it lets the page through");
    let made =
        image::load_from_memory(&pixels.scaled(PictureKind::Png, 480).expect("a smaller one")).expect("a picture");
    let made = made.to_rgba8();
    assert_eq!(made.get_pixel(30, 30).0, [200, 30, 30, 255]);
    assert_eq!(made.get_pixel(150, 30).0[3], 0);
}

#[test]
fn the_colour_is_that_of_most_of_it() {
    let sea = RgbImage::from_fn(90, 30, |x, _| if x < 60 { Rgb([20, 90, 200]) } else { Rgb([240, 240, 240]) });
    let file = written(&DynamicImage::ImageRgb8(sea), ImageFormat::Png);
    assert_eq!(look("sea.png", file).expect("a picture").colour.as_deref(), Some("#145ac8"));
}

#[test]
fn what_is_cut_off_or_broken_inside_is_refused() {
    let photo = DynamicImage::ImageRgb8(RgbImage::from_fn(200, 200, |x, y| Rgb([(x * y) as u8, x as u8, y as u8])));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = written(&photo, format);
        assert!(look("a", whole.clone()).is_ok(), "{format:?}");
        assert!(look("a", whole[..whole.len() / 2].to_vec()).is_err(), "{format:?}");
    }
    // The chunks are whole, and their sums right, but there are fewer rows in them than the size says.
    let mut file = Png::from_bytes(Bytes::from(written(&photo, ImageFormat::Png))).expect("a PNG file");
    let head = file.chunks()[0].contents().clone();
    let taller = [&head[..4], &400_u32.to_be_bytes(), &head[8..]].concat();
    file.chunks_mut()[0] = PngChunk::new(*b"IHDR", Bytes::from(taller));
    assert!(matches!(look("a", file.encoder().bytes().to_vec()), Err(PictureError::Damaged(..))));
}

#[test]
fn what_holds_far_more_than_its_pixels_is_refused() {
    use std::io::Write;
    let image = DynamicImage::ImageLuma8(GrayImage::new(40, 40));
    let mut file = Png::from_bytes(Bytes::from(written(&image, ImageFormat::Png))).expect("a PNG file");
    let packed = |length: usize| {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(&vec![0; length]).expect("it packs");
        PngChunk::new(*b"IDAT", Bytes::from(packer.finish().expect("it packs")))
    };
    let at = file.chunks().iter().position(|chunk| chunk.kind() == *b"IDAT").expect("pixels");
    file.chunks_mut()[at] = packed(40 * 41);
    assert!(look("a", file.clone().encoder().bytes().to_vec()).is_ok());
    file.chunks_mut()[at] = packed(50_000_000);
    assert!(
        matches!(look("a", file.encoder().bytes().to_vec()), Err(PictureError::Damaged("PNG", why)) if why.contains("more"))
    );
}

#[test]
fn an_animation_of_too_many_large_frames_is_refused() {
    let still = written(&DynamicImage::ImageRgb8(RgbImage::new(2, 2)), ImageFormat::Gif);
    let canvas = |width: u16, height: u16, frames: usize| {
        let at = still.iter().position(|byte| *byte == 0x2c).expect("a frame");
        let frame = &still[at..still.len() - 1];
        let mut file = [&still[..at], &frame.repeat(frames), b";"].concat();
        file[6..8].copy_from_slice(&width.to_le_bytes());
        file[8..10].copy_from_slice(&height.to_le_bytes());
        file
    };
    assert!(look("a.gif", canvas(400, 400, 40)).is_ok());
    assert_eq!(look("a.gif", canvas(4000, 4000, 40)).err(), Some(PictureError::TooLong { frames: 40 }));
}

#[test]
fn a_large_picture_is_reduced_and_turned_at_once() {
    for image in [
        DynamicImage::ImageRgba8(RgbaImage::from_pixel(900, 300, Rgba([200, 30, 30, 128]))),
        letters().resize_exact(900, 300, image::imageops::FilterType::Nearest),
    ] {
        let file = written(&image, ImageFormat::Png);
        let pixels = Pixels::decode(PictureKind::Png, &file).expect("a picture").reduced(PictureKind::Png, 150, 6);
        assert_eq!(pixels.size(), (150, 450));
        let made = pixels.scaled(PictureKind::Png, 100).expect("a smaller one");
        let made = image::load_from_memory(&made).expect("a picture");
        assert_eq!((made.width(), made.height()), (100, 300));
        if image.color().has_alpha() {
            let [red, .., alpha] = made.to_rgba8().get_pixel(50, 50).0;
            assert!(red.abs_diff(200) < 6 && alpha.abs_diff(128) < 3, "{red} {alpha}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_damage_makes_it_panic(
        format in prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP]),
        changes in prop::collection::vec((any::<usize>(), any::<u8>()), 0..6),
        cut in any::<usize>(),
    ) {
        let mut file = written(&DynamicImage::ImageRgb8(letters().to_rgb8()), format);
        let length = file.len();
        for (at, byte) in changes {
            file[at % length] = byte;
        }
        let _ = look("a", file.clone());
        file.truncate(cut % length);
        let _ = look("a", file);
    }

    #[test]
    fn no_bytes_make_it_panic(
        magic in prop::sample::select(vec![&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"RIFF\x40\0\0\0WEBPVP8L", b"<svg"]),
        noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = look("a", [magic, &noise].concat());
    }
}
