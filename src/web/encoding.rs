//! The form in which a body is sent: as it is, or compressed as the client likes it best (RFC 9110, 12.5.3).

use std::io::{self, Write};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};
use brotli::enc::BrotliEncoderParams;
use tokio::sync::Semaphore;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

/// How much work a body is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// It is sent once.
    Once,
    /// It is kept for a while.
    Kept,
    /// It never changes.
    Forever,
}

/// Smaller ones grow.
const LEAST: usize = 200;
/// A larger one would keep an async thread from others: it is compressed elsewhere.
const LARGE: usize = 64 * 1024;
/// So many of those at once.
static TURNS: Semaphore = Semaphore::const_new(2);

impl Encoding {
    /// Every one, in the order of [`Encoding::index`].
    pub const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    /// Its place in [`Encoding::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// As in `Content-Encoding`; nothing for [`Encoding::Identity`].
    pub fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }

    /// What a strong ETag ends in, so that each form has its own.
    pub fn tag_ending(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
            Self::Zstd => "-zs",
        }
    }

    /// The one that a client likes best; of several, the one that makes the body smallest. Who accepts nothing gets it as
    /// it is.
    pub fn asked(headers: &HeaderMap) -> Self {
        // What browsers and proxies send, word for word.
        let only = headers.get(header::ACCEPT_ENCODING).map(HeaderValue::as_bytes);
        if let Some(b"gzip, deflate, br, zstd" | b"gzip, deflate, br" | b"br") = only {
            return Self::Brotli;
        }
        let (mut named, mut others) = ([None; 4], 0);
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            let Ok(value) = value.to_str() else { continue };
            for part in value.split(',') {
                let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
                match name.trim() {
                    "*" => others = quality(parameters),
                    name => {
                        if let Some(encoding) = Self::named(name) {
                            named[encoding.index()] = Some(quality(parameters));
                        }
                    }
                }
            }
        }
        let liking = |encoding: &Self| match (named[encoding.index()], encoding) {
            (Some(quality), _) => quality,
            // Acceptable, and the last choice, unless it is named.
            (None, Self::Identity) => 0,
            (None, _) => others,
        };
        let liked = Self::ALL.into_iter().filter(|encoding| *encoding == Self::Identity || liking(encoding) > 0);
        liked.max_by_key(|encoding| (liking(encoding), encoding.preference())).unwrap_or(Self::Identity)
    }

    fn named(name: &str) -> Option<Self> {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        match name {
            _ if is("br") => Some(Self::Brotli),
            _ if is("gzip") || is("x-gzip") => Some(Self::Gzip),
            _ if is("zstd") => Some(Self::Zstd),
            _ if is("identity") => Some(Self::Identity),
            _ => None,
        }
    }

    fn preference(self) -> u8 {
        match self {
            Self::Identity => 0,
            Self::Gzip => 1,
            Self::Zstd => 2,
            Self::Brotli => 3,
        }
    }

    /// The body in this form; `None` where it would not become smaller.
    pub async fn encode(self, body: &Bytes, effort: Effort) -> Option<Bytes> {
        if self == Self::Identity || body.len() < LEAST {
            return None;
        }
        // What is worth most takes longest.
        let effort = if body.len() > LARGE { effort.min(Effort::Kept) } else { effort };
        let encoded = if body.len() > LARGE || effort == Effort::Forever {
            let body = body.clone();
            // The turn goes along with the work: who hangs up leaves it to be finished, and no more than two at once.
            let turn = TURNS.acquire().await.ok()?;
            let work = tokio::task::spawn_blocking(move || {
                let encoded = self.compress(&body, effort);
                drop(turn);
                encoded
            });
            work.await.map_err(io::Error::other).flatten()
        } else {
            self.compress(body, effort)
        };
        match encoded {
            Ok(mut encoded) => {
                // Else the spare room would be kept as long as the page.
                encoded.shrink_to_fit();
                Some(encoded).filter(|encoded| encoded.len() < body.len()).map(Bytes::from)
            }
            Err(error) => {
                tracing::error!(%error, "a body could not be compressed, and is sent as it is");
                None
            }
        }
    }

    fn compress(self, body: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
        let out = Vec::with_capacity(body.len() / 3 + 64);
        match self {
            Self::Identity => Ok(body.to_vec()),
            Self::Gzip => {
                let level = if effort == Effort::Forever { 9 } else { 6 };
                let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::new(level));
                encoder.write_all(body)?;
                encoder.finish()
            }
            Self::Brotli => {
                let quality = match effort {
                    Effort::Once => 4,
                    Effort::Kept => 5,
                    Effort::Forever => 11,
                };
                // Not below 18: for smaller windows this encoder takes a hash table of 16 MiB, which costs twenty times what
                // compressing a page does. Nor above it where the body is smaller.
                let lgwin = (body.len().max(1).ilog2() + 1).clamp(18, 22) as i32;
                let parameters =
                    BrotliEncoderParams { quality, lgwin, size_hint: body.len(), ..BrotliEncoderParams::default() };
                let mut out = out;
                brotli::BrotliCompress(&mut &body[..], &mut out, &parameters)?;
                Ok(out)
            }
            Self::Zstd => {
                let level = if effort == Effort::Forever { 19 } else { 6 };
                zstd::bulk::compress(body, level)
            }
        }
    }
}

/// In thousandths; what cannot be read counts as not given.
fn quality(parameters: &str) -> u16 {
    let given = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().ok()).flatten()
    });
    given.map_or(1000, |given| (given.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    fn asked(value: &str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
        Encoding::asked(&headers)
    }

    #[test]
    fn a_client_gets_the_form_that_it_likes_best() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate, br", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("x-gzip", Encoding::Gzip),
            ("GZip;q=0.5", Encoding::Gzip),
            ("br;q=0.5, gzip;q=0.8", Encoding::Gzip),
            ("zstd", Encoding::Zstd),
            ("zstd, gzip", Encoding::Zstd),
            ("br;q=0.9,zstd;q=1", Encoding::Zstd),
            ("br;q=0, gzip;q=0", Encoding::Identity),
            ("br; q=0.001", Encoding::Brotli),
            ("*", Encoding::Brotli),
            ("br;q=0, *", Encoding::Zstd),
            ("identity, gzip;q=0.1", Encoding::Identity),
            ("*;q=0", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("deflate, compress", Encoding::Identity),
            ("", Encoding::Identity),
            (",;,=;q", Encoding::Identity),
            ("br;q=nonsense", Encoding::Brotli),
        ] {
            assert_eq!(asked(accept), expected, "{accept:?}");
        }
        assert_eq!(Encoding::asked(&HeaderMap::new()), Encoding::Identity);
    }

    fn decoded(encoding: Encoding, body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match encoding {
            Encoding::Identity => out.extend_from_slice(body),
            Encoding::Gzip => drop(flate2::read::GzDecoder::new(body).read_to_end(&mut out).unwrap()),
            Encoding::Brotli => drop(brotli::Decompressor::new(body, 4096).read_to_end(&mut out).unwrap()),
            Encoding::Zstd => out = zstd::stream::decode_all(body).unwrap(),
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_compressed_comes_out_as_it_went_in(word in "[a-z<>/\" ]{1,40}", times in 1usize..400) {
            let body = word.repeat(times);
            for encoding in Encoding::ALL {
                for effort in [Effort::Once, Effort::Kept] {
                    let compressed = encoding.compress(body.as_bytes(), effort).unwrap();
                    prop_assert_eq!(decoded(encoding, &compressed), body.as_bytes());
                }
            }
        }
    }
}
