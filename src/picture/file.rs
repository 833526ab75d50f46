//! Files that are no pictures: sound, film, documents and archives, told by their first bytes.

use crate::model::media::FileKind;

/// So many bytes are enough to tell.
pub const HEAD: usize = 256;

/// The same of a file with a name: of an archive, whether it is the document that its name's ending says.
pub fn kind_of(head: &[u8], name: &str) -> Option<FileKind> {
    let kind = kind(head)?;
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_office = first_entry(head).is_some_and(|(first, _)| {
        OFFICE.iter().any(|known| first == *known || (known.ends_with(b"/") && first.starts_with(known)))
    });
    let is_said = |said: &[u8]| {
        first_entry(head).is_some_and(|(first, content)| first == b"mimetype" && content.starts_with(said))
    };
    Some(match (kind, ending.as_str()) {
        (FileKind::Zip, "docx") if is_office => FileKind::Docx,
        (FileKind::Zip, "xlsx") if is_office => FileKind::Xlsx,
        (FileKind::Zip, "pptx") if is_office => FileKind::Pptx,
        (FileKind::Zip, "odt") if is_said(b"application/vnd.oasis.opendocument.text") => FileKind::Odt,
        (FileKind::Zip, "epub") if is_said(b"application/epub+zip") => FileKind::Epub,
        _ => kind,
    })
}

/// What the archives of office programs begin with.
const OFFICE: [&[u8]; 6] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/"];

/// The name of the first thing in an archive, and the beginning of it as it is packed.
fn first_entry(head: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = |at: usize| Some(usize::from(u16::from_le_bytes(*head.get(at..)?.first_chunk()?)));
    let (name, extra) = (length(26)?, length(28)?);
    Some((head.get(30..30 + name)?, head.get(30 + name + extra..)?))
}

/// What a file is that begins with `head`; `None` for what the blog does not keep, and for pictures.
pub fn kind(head: &[u8]) -> Option<FileKind> {
    let found = match head {
        [b'%', b'P', b'D', b'F', b'-', ..] => FileKind::Pdf,
        // One with something in it, and an empty one.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => FileKind::Zip,
        [b'I', b'D', b'3', 2..=4, ..] => FileKind::Mp3,
        [b'O', b'g', b'g', b'S', 0, ..] => FileKind::Ogg,
        [b'f', b'L', b'a', b'C', ..] => FileKind::Flac,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => FileKind::Wav,
        [0x1a, 0x45, 0xdf, 0xa3, rest @ ..] if rest.windows(4).any(|window| window == b"webm") => FileKind::Webm,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            b"M4A " | b"M4B " => FileKind::M4a,
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"dash"
            | b"MSNV" | b"3gp4" | b"3gp5" => FileKind::Mp4,
            _ => return None,
        },
        // A frame of sound: its sync, a layer III of MPEG 1 or 2, a rate of bits and of samples that exist.
        [0xff, second, third, ..]
            if second & 0xe0 == 0xe0
                && second & 0x06 == 0x02
                && second & 0x18 != 0x08
                && !matches!(third >> 4, 0 | 15)
                && third & 0x0c != 0x0c =>
        {
            FileKind::Mp3
        }
        _ => return None,
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes() {
        let told: &[(&[u8], Option<FileKind>)] = &[
            (b"%PDF-1.7\n", Some(FileKind::Pdf)),
            (b"PK\x03\x04\x14\0", Some(FileKind::Zip)),
            (b"PK\x05\x06\0\0", Some(FileKind::Zip)),
            (b"ID3\x04\0\0", Some(FileKind::Mp3)),
            (b"\xff\xfb\x90\x44", Some(FileKind::Mp3)),
            (b"OggS\0\x02", Some(FileKind::Ogg)),
            (b"fLaC\0\0", Some(FileKind::Flac)),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(FileKind::Wav)),
            (b"\0\0\0\x20ftypM4A ", Some(FileKind::M4a)),
            (b"\0\0\0\x20ftypisom\0\0", Some(FileKind::Mp4)),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", Some(FileKind::Webm)),
            // Matroska is not WebM; QuickTime, HEIC and AVIF are not MP4; a text is none of them.
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", None),
            (b"\0\0\0\x20ftypqt  ", None),
            (b"\0\0\0\x20ftypheic", None),
            (b"\0\0\0\x20ftypavif", None),
            (b"RIFF\0\0\0\0WEBP", None),
            (b"\xff\xd8\xff\xe0", None),
            (b"<!doctype html>", None),
            (b"MZ\x90\0", None),
            (b"", None),
        ];
        for (head, expected) in told {
            assert_eq!(kind(head), *expected, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn documents_in_archives_keep_their_endings_where_their_content_agrees() {
        let zip = |name: &str, content: &str| {
            let mut head = b"PK\x03\x04".to_vec();
            head.resize(26, 0);
            head.extend([name.len() as u8, 0, 0, 0]);
            head.extend(name.bytes().chain(content.bytes()));
            head
        };
        let office = zip("[Content_Types].xml", "...");
        assert_eq!(kind_of(&office, "Letter.DOCX"), Some(FileKind::Docx));
        assert_eq!(kind_of(&office, "a.xlsx"), Some(FileKind::Xlsx));
        assert_eq!(kind_of(&office, "a.pptx"), Some(FileKind::Pptx));
        assert_eq!(kind_of(&office, "a.exe"), Some(FileKind::Zip));
        assert_eq!(kind_of(&zip("mimetype", "application/epub+zipPK"), "a.epub"), Some(FileKind::Epub));
        assert_eq!(
            kind_of(&zip("mimetype", "application/vnd.oasis.opendocument.textPK"), "a.odt"),
            Some(FileKind::Odt)
        );
        for name in ["a.docx", "a.epub", "a.odt"] {
            assert_eq!(kind_of(&zip("virus.exe", "MZ"), name), Some(FileKind::Zip), "{name}");
        }
        assert_eq!(kind_of(b"%PDF-1.7", "a.docx"), Some(FileKind::Pdf));
        assert_eq!(kind_of(b"PK\x03\x04", "a.docx"), Some(FileKind::Zip));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(head in prop::collection::vec(any::<u8>(), 0..HEAD)) {
            let _ = kind(&head);
            let _ = kind_of(&[b"PK\x03\x04", &head[..]].concat(), "a.epub");
        }
    }
}
