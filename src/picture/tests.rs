//! Which pictures are taken in, what is left of them, and which are refused.

use img_parts::{Bytes, png::PngChunk};
use proptest::prelude::*;

use super::*;
use crate::{model::language::Language, text::words::words};

fn take(bytes: impl Into<Vec<u8>>) -> Result<Picture, PictureError> {
    picture("a.png", "a.png", bytes.into())
}

fn refusal(bytes: impl Into<Vec<u8>>) -> String {
    words(Language::ENGLISH).remark(&take(bytes).expect_err("a refusal").remark())
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

// Files of each format, as small as they get, with a secret in every place that can hold one.

fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in chunks {
        file.extend(PngChunk::new(**kind, Bytes::copy_from_slice(content)).encoder().bytes());
    }
    file
}

fn ihdr(width: u32, height: u32) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat()
}

const IDAT: &[u8] = &[0x78, 0x9c, 0x63, 0, 0, 0, 2, 0, 1];

fn small_png() -> Vec<u8> {
    png(&[(b"IHDR", &ihdr(1, 1)), (b"IDAT", IDAT), (b"IEND", b"")])
}

fn jpeg_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a short segment");
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

/// Width 3, height 2.
fn jpeg(before_frame: &[Vec<u8>]) -> Vec<u8> {
    [
        &[0xff, 0xd8][..],
        &before_frame.concat(),
        &jpeg_segment(0xdb, &[0; 65]),
        &jpeg_segment(0xc0, &[8, 0, 2, 0, 3, 1, 1, 0x11, 0]),
        &jpeg_segment(0xc4, &[0; 20]),
        &jpeg_segment(0xda, &[1, 1, 0, 0, 63, 0]),
        &[1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9],
    ]
    .concat()
}

fn exif(orientation: u8, is_little: bool) -> Vec<u8> {
    let short = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
    let long = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
    let mut block = b"Exif\0\0".to_vec();
    block.extend(if is_little { b"II*\0" } else { b"MM\0*" });
    block.extend(long(8));
    block.extend(short(2));
    for (tag, value) in [(0x0100, 7), (0x0112, u16::from(orientation))] {
        block.extend(short(tag));
        block.extend(short(3));
        block.extend(long(1));
        block.extend(short(value));
        block.extend([0, 0]);
    }
    block.extend(long(0));
    block.extend(b"SECRET GPS");
    jpeg_segment(0xe1, &block)
}

fn gif(extensions: &[u8]) -> Vec<u8> {
    [b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff", extensions, b"\x2c\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x01\0\x3b"]
        .concat()
}

fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut list = b"WEBP".to_vec();
    for (name, content) in chunks {
        list.extend(*name);
        list.extend(u32::try_from(content.len()).expect("a short chunk").to_le_bytes());
        list.extend(*content);
        list.extend(&[0][..content.len() % 2]);
    }
    [b"RIFF", &u32::try_from(list.len()).expect("short").to_le_bytes()[..], &list].concat()
}

/// A lossless image of 2 × 1.
const VP8L: &[u8] = &[0x2f, 1, 0, 0, 0, 7, 7];

fn svg(inside: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='10' height='20px'>{inside}</svg>"
    )
}

#[test]
fn the_type_is_what_the_bytes_are_and_the_name_follows_it() {
    let taken = picture("img/Photo.PNG", "GATs reactions.PNG", jpeg(&[])).expect("a picture");
    assert_eq!((taken.kind, taken.width, taken.height), (PictureKind::Jpeg, 3, 2));
    assert_eq!((taken.references[0].as_str(), taken.name.as_str()), ("img/Photo.PNG", "gats-reactions.jpg"));
}

#[test]
fn names_are_safe_and_never_empty() {
    for (given, made) in [
        ("GATs reactions.PNG", "gats-reactions.png"),
        ("../../etc/passwd", "passwd.png"),
        ("a\\b\\c.svg", "c.png"),
        (".png", "picture.png"),
        ("", "picture.png"),
        ("…", "picture.png"),
        ("Übersicht_2.0.final.png", "ubersicht-2-0-final.png"),
        ("x\0\"><script>.png", "x-script.png"),
    ] {
        assert_eq!(name(given, "png"), made, "{given}");
    }
    assert!(name(&"long ".repeat(100), "png").len() <= 84);
}

#[test]
fn other_formats_are_refused_with_what_to_do() {
    assert_eq!(refusal(*b"\0\0\0\x20ftypheic\0\0\0\0"), "it is a HEIC picture; convert it to JPEG, PNG or WebP");
    assert_eq!(refusal(*b"\0\0\0\x20ftypavif\0\0\0\0"), "it is an AVIF picture; convert it to JPEG, PNG or WebP");
    assert_eq!(refusal(*b"%PDF-1.7"), "it is a PDF document; convert it to JPEG, PNG or WebP");
    assert_eq!(refusal(*b"<!DOCTYPE html><p>hello"), "it is not a PNG, JPEG, GIF, WebP or SVG picture");
    assert_eq!(
        refusal(*b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>"),
        "it is not a PNG, JPEG, GIF, WebP or SVG picture"
    );
    assert_eq!(refusal(*b""), "the file is empty");
    assert_eq!(refusal(vec![0; MAX_BYTES + 1]), "it is larger than 40 MB");
}

#[test]
fn every_cut_through_a_file_is_noticed() {
    let files = [
        ("PNG", small_png()),
        ("JPEG", jpeg(&[exif(6, true)])),
        ("GIF", gif(b"\x21\xfe\x02hi\0")),
        ("WebP", webp(&[(b"VP8L", VP8L)])),
        ("SVG", svg("<rect/>").into_bytes()),
    ];
    for (format, file) in files {
        assert!(take(file.clone()).is_ok(), "{format}");
        for length in 0..file.len() {
            assert!(take(&file[..length]).is_err(), "{format} cut at {length}");
        }
    }
    let file = jpeg(&[]);
    assert_eq!(refusal(&file[..file.len() - 2]), "the JPEG file is cut off");
    let file = small_png();
    assert_eq!(refusal(&file[..file.len() - 12]), "the PNG file is cut off");
}

#[test]
fn what_follows_the_end_of_a_picture_is_dropped() {
    for mut file in [small_png(), jpeg(&[]), gif(b""), webp(&[(b"VP8L", VP8L)])] {
        let whole = file.clone();
        file.extend(b"<script>alert(1)</script>PK\x03\x04");
        assert_eq!(take(file).expect("a picture").bytes, whole);
    }
}

#[test]
fn sizes_beyond_the_limits_are_refused_before_anything_is_decoded() {
    let sized = |width, height| png(&[(b"IHDR", &ihdr(width, height)), (b"IDAT", IDAT), (b"IEND", b"")]);
    assert!(take(sized(10_000, 5000)).is_ok());
    assert!(refusal(sized(10_000, 5001)).contains("10000 × 5001"));
    assert!(refusal(sized(16_385, 1)).contains("16384 on a side"));
    assert!(refusal(sized(u32::MAX, u32::MAX)).contains("50 million"));
    assert!(refusal(sized(0, 5)).contains("no width or no height"));
    assert!(refusal("<svg xmlns='http://www.w3.org/2000/svg' width='99999' height='1'/>").contains("99999 × 1"));
    // The canvas is small, but the coded picture in it is not.
    let canvas = [0; 10];
    assert!(
        refusal(webp(&[(b"VP8X", &canvas), (b"VP8L", &[0x2f, 0xff, 0xff, 0xff, 0x0f, 7])])).contains("16384 × 16384")
    );
}

#[test]
fn png_keeps_pixels_and_colours_and_nothing_else() {
    let kept: [(&[u8; 4], &[u8]); 7] = [
        (b"IHDR", &ihdr(4, 5)),
        (b"gAMA", b"\0\0\xb1\x8f"),
        (b"iCCP", b"p\0\0x"),
        (b"acTL", b"\0\0\0\x01\0\0\0\0"),
        (b"tRNS", b"\0\0"),
        (b"IDAT", IDAT),
        (b"IEND", b""),
    ];
    let mut with_secrets = kept.to_vec();
    for chunk in [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX", b"prVt"] {
        with_secrets.insert(3, (chunk, b"SECRET"));
    }
    let taken = take(png(&with_secrets)).expect("a picture");
    assert_eq!(taken.bytes, png(&kept));
    assert_eq!((taken.kind, taken.width, taken.height), (PictureKind::Png, 4, 5));
}

#[test]
fn damaged_png_files_are_refused() {
    let mut file = small_png();
    file[20] ^= 1;
    assert_eq!(refusal(file), "the PNG file is damaged: a checksum is wrong");
    assert!(refusal(png(&[(b"IHDR", &ihdr(1, 1)), (b"IEND", b"")])).contains("no pixels"));
    assert!(refusal(png(&[(b"IDAT", IDAT), (b"IHDR", &ihdr(1, 1)), (b"IEND", b"")])).contains("start with its size"));
    let apple = png(&[(b"CgBI", b"\0\0\0\0"), (b"IHDR", &ihdr(1, 1)), (b"IDAT", IDAT), (b"IEND", b"")]);
    assert!(refusal(apple).contains("damaged"));
}

#[test]
fn jpeg_keeps_pixels_and_colours_and_nothing_else() {
    let jfif = jpeg_segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0");
    let icc = jpeg_segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
    let adobe = jpeg_segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
    let secrets = [
        jpeg_segment(0xe0, b"JFXX\0SECRET"),
        jpeg_segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0SECRET"),
        exif(1, false),
        jpeg_segment(0xe2, b"MPF\0SECRET"),
        jpeg_segment(0xed, b"Photoshop 3.0\x008BIMSECRET"),
        jpeg_segment(0xfe, b"SECRET"),
        jpeg_segment(0xeb, b"SECRET"),
    ]
    .concat();
    let thumbnail = jpeg_segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01SECRET");
    let taken = take(jpeg(&[thumbnail, secrets, icc.clone(), adobe.clone()])).expect("a picture");
    assert_eq!(taken.bytes, jpeg(&[jfif, icc, adobe]));
}

#[test]
fn jpeg_metadata_between_scans_goes_too() {
    let scan = jpeg_segment(0xda, &[1, 1, 0, 1, 5, 0]);
    let mut file = jpeg(&[]);
    file.truncate(file.len() - 2);
    let clean = [&file[..], &scan, &[9, 9, 0xff, 0xd9]].concat();
    let dirty = [&file[..], &jpeg_segment(0xfe, b"SECRET"), &scan, &[9, 9, 0xff, 0xd9]].concat();
    assert_eq!(take(dirty).expect("a picture").bytes, clean);
}

#[test]
fn jpeg_orientation_survives_alone_and_turns_the_size() {
    for (orientation, is_little) in [(6, true), (8, false)] {
        let taken = take(jpeg(&[exif(orientation, is_little)])).expect("a picture");
        assert_eq!((taken.width, taken.height), (2, 3));
        assert!(!holds(&taken.bytes, b"SECRET") && holds(&taken.bytes, b"Exif\0\0"));
        let again = take(taken.bytes.clone()).expect("a picture");
        assert_eq!(again, taken);
    }
    let upside_down = take(jpeg(&[exif(3, true)])).expect("a picture");
    assert_eq!((upside_down.width, upside_down.height), (3, 2));
    for upright in [exif(1, true), exif(9, true), jpeg_segment(0xe1, b"Exif\0\0II*\0\xff\xff\xff\xffSECRET")] {
        assert_eq!(take(jpeg(&[upright])).expect("a picture").bytes, jpeg(&[]));
    }
}

#[test]
fn damaged_and_unusual_jpeg_files_are_refused() {
    assert!(refusal(*b"\xff\xd8\xff\xd9").contains("no pixels"));
    assert!(refusal([&[0xff, 0xd8][..], &jpeg_segment(0xda, &[0; 6])].concat()).contains("before their size"));
    assert!(refusal(jpeg(&[jpeg_segment(0xc0, &[8, 0, 1, 0, 1, 1])])).contains("two frames"));
    assert!(refusal(jpeg(&[jpeg_segment(0xc3, &[8, 0, 1, 0, 1, 1])])).contains("browsers do not show"));
    assert!(refusal([&[0xff, 0xd8, 0xff, 0xe1, 0, 1][..], &[0; 9]].concat()).contains("no length"));
}

#[test]
fn gif_keeps_frames_and_loops_and_nothing_else() {
    let kept = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0\x21\xf9\x04\0\x0a\0\0\0";
    let secrets = b"\x21\xfe\x06SECRET\0\x21\xff\x0bXMP DataXMP\x06SECRET\0\x21\x01\x06SECRET\0";
    let taken = take(gif(&[&secrets[..], kept].concat())).expect("a picture");
    assert_eq!(taken.bytes, gif(kept));
    assert_eq!((taken.kind, taken.width, taken.height), (PictureKind::Gif, 2, 1));
    assert!(refusal(*b"GIF89a\x02\0\x01\0\0\0\0\x3b").contains("no pixels"));
    assert!(refusal(gif(b"\x99")).contains("unknown block"));
}

#[test]
fn webp_loses_exif_and_xmp_and_the_flags_that_announce_them() {
    let vp8x = |flags| [flags, 0, 0, 0, 1, 0, 0, 0, 0, 0];
    let dirty = webp(&[
        (b"VP8X", &vp8x(0b0011_1100)),
        (b"ICCP", b"odd"),
        (b"VP8L", VP8L),
        (b"EXIF", b"SECRET"),
        (b"XMP ", b"SECRET"),
        (b"note", b"SECRET"),
    ]);
    let clean = webp(&[(b"VP8X", &vp8x(0b0011_0000)), (b"ICCP", b"odd"), (b"VP8L", VP8L)]);
    let taken = take(dirty).expect("a picture");
    assert_eq!(taken.bytes, clean);
    assert_eq!((taken.kind, taken.width, taken.height), (PictureKind::Webp, 2, 1));
}

#[test]
fn webp_of_each_kind_has_its_size() {
    let lossy = take(webp(&[(b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 5, 0, 6, 0x40])])).expect("a picture");
    assert_eq!((lossy.width, lossy.height), (5, 6));
    let frame = [&[0; 16][..], b"VP8L\x07\0\0\0", VP8L, &[0], b"note\x06\0\0\0SECRET"].concat();
    let moving = take(webp(&[(b"VP8X", &[2, 0, 0, 0, 8, 0, 0, 9, 0, 0]), (b"ANIM", &[0; 6]), (b"ANMF", &frame)]));
    let moving = moving.expect("a picture");
    assert_eq!((moving.width, moving.height), (9, 10));
    assert!(!holds(&moving.bytes, b"SECRET"));
    assert!(refusal(webp(&[(b"EXIF", b"")])).contains("no pixels"));
}

#[test]
fn svg_sizes_come_from_attributes_or_the_view_box() {
    let sized = |attributes: &str| {
        take(format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>")).map(|taken| (taken.width, taken.height))
    };
    assert_eq!(sized("width='10' height='20.6px'"), Ok((10, 21)));
    assert_eq!(sized("viewBox='0 0 784.0 545.5'"), Ok((784, 546)));
    assert_eq!(sized("viewBox='-5,-5,30,40' width='100%' height='3cm'"), Ok((30, 40)));
    assert_eq!(sized("viewBox='0 0 10 20' width='50'"), Ok((50, 100)));
    assert_eq!(sized("viewBox='0 0 10 20' height='.5'"), Ok((1, 1)));
    assert_eq!(sized("viewBox='a b c'"), Ok((300, 150)));
    assert!(sized("width='0' height='5'").is_err());
    assert!(sized("width='-5' height='5'").is_err());
    assert_eq!(sized("width='NaN' height='inf'"), Ok((300, 150)));
}

#[test]
fn harmless_svg_is_kept_byte_for_byte() {
    let drawing = svg(
        "<style>.a{fill:url(#g)}</style><use xlink:href='#a'/><image href='data:image/png;base64,AA=='/><a href='#x'/>",
    );
    assert_eq!(take(drawing.clone()).expect("a picture").bytes, drawing.as_bytes());
}

#[test]
fn a_plain_document_type_is_cut_out_of_an_svg() {
    let head = "<?xml version='1.0'?><!-- Generator: Illustrator --><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://x/svg11.dtd'>";
    let taken = take(format!("\u{feff}{head}{}", svg(""))).expect("a picture");
    let expected = format!("<?xml version='1.0'?><!-- Generator: Illustrator -->{}", svg(""));
    assert_eq!(String::from_utf8(taken.bytes).expect("text"), expected);
    assert_eq!(refusal(format!("<!DOCTYPE svg [<!ENTITY a 'b'>]>{}", svg("&a;"))), "the SVG file declares entities");
}

#[test]
fn svg_that_could_act_is_refused() {
    for inside in [
        "<script>alert(1)</script>",
        "<SCRIPT/>",
        "<g><x:script xmlns:x='urn:x'/></g>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        "<h:iframe xmlns:h='http://www.w3.org/1999/xhtml' src='#'/>",
        "<h:p xmlns:h='http://www.w3.org/1999/xhtml'/>",
        "<rect onclick='x()'/>",
        "<rect ONLOAD='x()'/>",
        "<a href='javascript:x()'/>",
        "<a xlink:href=' java&#x73;cript:x()'/>",
        "<a xlink:href='https://example.org/'/>",
        "<image href='http://example.org/x.png'/>",
        "<image href='//example.org/x.png'/>",
        "<image href='x.png'/>",
        "<use href='data:image/svg+xml;base64,AA'/>",
        "<image href='data:text/html,x'/>",
        "<rect fill='url(http://example.org/#a)'/>",
        "<rect style='fill:URL( \"x.svg#a\" )'/>",
        "<rect style='fill:u\\72l(x)'/>",
        "<style>@import 'x.css';</style>",
        "<style><![CDATA[@IMPORT 'x.css';]]></style>",
        "<style>a{background:image-set('x.png' 1x)}</style>",
        "<set attributeName='href' to='javascript:x()'/>",
        "<animate attributeName='xlink:href' values='javascript:x()'/>",
        "<set attributeName='onclick' to='x()'/>",
        "<?xml-stylesheet href='x.css'?>",
    ] {
        let reason = refusal(svg(inside));
        assert!(reason.starts_with("the SVG file") && !reason.contains("damaged"), "{inside}: {reason}");
    }
}

#[test]
fn svg_built_to_exhaust_its_reader_is_refused_quickly() {
    let start = std::time::Instant::now();
    let attributes: String = (0..300_000).map(|number| format!("a{number}='>' ")).collect();
    assert!(refusal(svg(&format!("<g {attributes}/>"))).contains("more than 500 attributes"));
    assert!(refusal(svg(&"<g xmlns='urn:x'/>".repeat(6_000))).contains("namespaces"));
    assert!(refusal(svg(&"<g/>".repeat(300_000))).contains("nodes limit"));
    let deep = 50_000;
    assert!(refusal(svg(&("<g>".repeat(deep) + &"</g>".repeat(deep)))).contains("nested too deeply"));
    assert!(refusal(svg(&" ".repeat(6 << 20))).contains("5 MB"));
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_bytes_panic(
        magic in proptest::sample::select(vec![
            &b""[..], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x40\0\0\0WEBP", b"<svg xmlns='http://www.w3.org/2000/svg' ",
        ]),
        noise in proptest::collection::vec(any::<u8>(), 0..200),
        text in "[ -~]{0,100}",
    ) {
        let _ = take([magic, &noise].concat());
        let _ = take([magic, text.as_bytes()].concat());
        let _ = take(svg(&text));
    }

    #[test]
    fn no_damage_panics(file in 0..5_usize, changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..8)) {
        let canvas = [0xff; 10];
        let mut file = [
            small_png(),
            jpeg(&[exif(6, true)]),
            gif(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"),
            webp(&[(b"VP8X", &canvas), (b"ANMF", &[0; 30]), (b"VP8L", VP8L)]),
            svg("<g style='fill:url(#a)'/>").into_bytes(),
        ][file].clone();
        for (at, byte) in changes {
            let at = at % file.len();
            file[at] = byte;
        }
        if let Ok(taken) = take(file) {
            prop_assert_eq!(take(taken.bytes.clone()).expect("what was taken is taken again").bytes, taken.bytes);
        }
    }
}
