//! Passkeys: what a browser brings back is checked as WebAuthn (Level 3, 7.1 and 7.2) says. No attestation; keys on P-256,
//! Ed25519 and RSA; the person must have been verified, so that a passkey alone is two factors.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use minicbor::{Decoder, data::Type};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Longer names of keys do not exist (Level 3, 7.1, step 25).
const MAX_CREDENTIAL: usize = 1023;
/// Nothing that a browser brings back is longer.
const MAX_BYTES: usize = 16 * 1024;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_BACKED_UP: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HAS_KEY: u8 = 0x40;
const HAS_MORE: u8 = 0x80;

/// Why a passkey was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It has not the form that it should have.
    #[error("malformed")]
    Malformed,
    /// It was made for something else: another act, another question, another site.
    #[error("made for something else")]
    Elsewhere,
    /// Nobody touched the key, or did not show who they are.
    #[error("nobody was verified")]
    Unverified,
    /// A kind of key or attestation that we do not know.
    #[error("unknown kind of key")]
    Unknown,
    /// The signature is not that of the key.
    #[error("wrong signature")]
    Signature,
}

/// What was asked, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// base64url, as it went to the browser.
    pub challenge: &'a str,
    /// `https://blog.example`
    pub origin: &'a str,
    /// `blog.example`
    pub host: &'a str,
}

/// What a browser brings back of a new key, each part in base64url.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

/// What a browser brings back of a key that is known, each part in base64url.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assertion {
    /// The key's name.
    pub id: String,
    /// What it was told of its owner.
    pub user_handle: String,
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
}

/// A key to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Its name, base64url.
    pub credential: String,
    /// COSE.
    pub public_key: Vec<u8>,
    /// How often it has signed; 0 where it does not count.
    pub counter: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    act: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

/// Checks a new key.
///
/// # Errors
/// See [`Fault`].
pub fn register(brought: &Registration, asked: Asked<'_>) -> Result<NewKey, Fault> {
    check_client(&decoded(&brought.client_data)?, "webauthn.create", asked)?;
    let object = decoded(&brought.attestation_object)?;
    let data = attested(&object)?;
    let told = Told::read(data)?;
    told.check(asked)?;
    let (credential, public_key) = told.key.ok_or(Fault::Malformed)?;
    PublicKey::read(public_key)?;
    Ok(NewKey {
        credential: URL_SAFE_NO_PAD.encode(credential),
        public_key: public_key.to_vec(),
        counter: told.counter,
    })
}

/// Checks a signature by a key that is kept; gives its counter.
///
/// # Errors
/// See [`Fault`].
pub fn assert(brought: &Assertion, public_key: &[u8], asked: Asked<'_>) -> Result<u32, Fault> {
    let client_data = decoded(&brought.client_data)?;
    check_client(&client_data, "webauthn.get", asked)?;
    let data = decoded(&brought.authenticator_data)?;
    let told = Told::read(&data)?;
    told.check(asked)?;
    let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
    PublicKey::read(public_key)?.verify(&signed, &decoded(&brought.signature)?)?;
    Ok(told.counter)
}

/// Whether a counter that a key brought may follow the one that is kept: one that stands still or goes back is that of a copy.
pub fn may_follow(brought: u32, kept: u32) -> bool {
    (brought == 0 && kept == 0) || brought > kept
}

fn decoded(text: &str) -> Result<Vec<u8>, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault::Malformed);
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Fault::Malformed)
}

fn check_client(json: &[u8], act: &str, asked: Asked<'_>) -> Result<(), Fault> {
    let client: ClientData = serde_json::from_slice(json).map_err(|_| Fault::Malformed)?;
    let is_ours = client.act == act
        && client.challenge == asked.challenge
        && client.origin == asked.origin
        && !client.cross_origin
        && client.top_origin.is_none();
    if is_ours { Ok(()) } else { Err(Fault::Elsewhere) }
}

/// The authenticator data in an attestation object of the format "none".
fn attested(object: &[u8]) -> Result<&[u8], Fault> {
    let mut decoder = Decoder::new(object);
    let (mut format, mut is_empty, mut data) = (None, false, None);
    for _ in 0..entries(&mut decoder)? {
        match text(&mut decoder)? {
            "fmt" if format.is_none() => format = Some(text(&mut decoder)?),
            "attStmt" => is_empty = entries(&mut decoder)? == 0,
            "authData" if data.is_none() => data = Some(bytes(&mut decoder)?),
            _ => return Err(Fault::Malformed),
        }
        // What attests anything has statements, which are not read.
        if !is_empty && format.is_some_and(|format| format != "none") {
            return Err(Fault::Unknown);
        }
    }
    if decoder.position() != object.len() || format != Some("none") || !is_empty {
        return Err(Fault::Malformed);
    }
    data.ok_or(Fault::Malformed)
}

fn entries(decoder: &mut Decoder<'_>) -> Result<u64, Fault> {
    // Of a length that is not told, none is canonical CBOR.
    decoder.map().ok().flatten().ok_or(Fault::Malformed)
}

fn text<'a>(decoder: &mut Decoder<'a>) -> Result<&'a str, Fault> {
    decoder.str().map_err(|_| Fault::Malformed)
}

fn bytes<'a>(decoder: &mut Decoder<'a>) -> Result<&'a [u8], Fault> {
    decoder.bytes().map_err(|_| Fault::Malformed)
}

/// What an authenticator tells of itself (Level 3, 6.1).
struct Told<'a> {
    host_hash: &'a [u8],
    flags: u8,
    counter: u32,
    /// Name and COSE key, where one was made.
    key: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> Told<'a> {
    fn read(data: &'a [u8]) -> Result<Self, Fault> {
        let (host_hash, rest) = cut(data, 32)?;
        let (flags, rest) = cut(rest, 1)?;
        let flags = flags.first().copied().ok_or(Fault::Malformed)?;
        let (counter, mut rest) = cut(rest, 4)?;
        let counter = counter.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        let mut key = None;
        if flags & HAS_KEY != 0 {
            let (_model, after) = cut(rest, 16)?;
            let (length, after) = cut(after, 2)?;
            let length = length.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
            if length == 0 || length > MAX_CREDENTIAL {
                return Err(Fault::Malformed);
            }
            let (credential, after) = cut(after, length)?;
            let (public_key, after) = cut(after, length_of_map(after)?)?;
            key = Some((credential, public_key));
            rest = after;
        }
        if flags & HAS_MORE != 0 {
            rest = cut(rest, length_of_map(rest)?)?.1;
        }
        if rest.is_empty() { Ok(Self { host_hash, flags, counter, key }) } else { Err(Fault::Malformed) }
    }

    fn check(&self, asked: Asked<'_>) -> Result<(), Fault> {
        if self.host_hash != Sha256::digest(asked.host.as_bytes()).as_slice() {
            return Err(Fault::Elsewhere);
        }
        if self.flags & PRESENT == 0 || self.flags & VERIFIED == 0 {
            return Err(Fault::Unverified);
        }
        if self.flags & BACKED_UP != 0 && self.flags & MAY_BE_BACKED_UP == 0 {
            return Err(Fault::Malformed);
        }
        Ok(())
    }
}

fn cut(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), Fault> {
    bytes.split_at_checked(at).ok_or(Fault::Malformed)
}

/// How many bytes the CBOR map takes with which these begin: of numbers, texts, bytes and truths, one level deep.
fn length_of_map(bytes: &[u8]) -> Result<usize, Fault> {
    let mut decoder = Decoder::new(bytes);
    let values = entries(&mut decoder)?.checked_mul(2).filter(|count| *count <= 64).ok_or(Fault::Malformed)?;
    for _ in 0..values {
        let read = match decoder.datatype() {
            Ok(Type::Bytes) => decoder.bytes().map(drop),
            Ok(Type::String) => decoder.str().map(drop),
            Ok(Type::Bool) => decoder.bool().map(drop),
            Ok(Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64) => {
                decoder.i64().map(drop)
            }
            _ => return Err(Fault::Malformed),
        };
        read.map_err(|_| Fault::Malformed)?;
    }
    Ok(decoder.position())
}

/// A COSE key (RFC 9053) of one of the kinds that we ask for.
enum PublicKey<'a> {
    P256 { x: &'a [u8], y: &'a [u8] },
    Ed25519 { x: &'a [u8] },
    Rsa { n: &'a [u8], e: &'a [u8] },
}

impl<'a> PublicKey<'a> {
    fn read(cose: &'a [u8]) -> Result<Self, Fault> {
        let mut decoder = Decoder::new(cose);
        let (mut kind, mut algorithm, mut curve, mut parts) = (None, None, None, [None; 3]);
        for _ in 0..entries(&mut decoder)? {
            let label = decoder.i64().map_err(|_| Fault::Malformed)?;
            let is_number = matches!(decoder.datatype(), Ok(kind) if kind != Type::Bytes);
            let number = |decoder: &mut Decoder<'a>| decoder.i64().map(Some).map_err(|_| Fault::Malformed);
            match label {
                1 => kind = number(&mut decoder)?,
                3 => algorithm = number(&mut decoder)?,
                -1 if is_number => curve = number(&mut decoder)?,
                -1 => parts[0] = Some(bytes(&mut decoder)?),
                -2 => parts[1] = Some(bytes(&mut decoder)?),
                -3 => parts[2] = Some(bytes(&mut decoder)?),
                _ => return Err(Fault::Unknown),
            }
        }
        if decoder.position() != cose.len() {
            return Err(Fault::Malformed);
        }
        let is_long = |part: &&[u8]| part.len() == 32;
        match (kind, algorithm, curve, parts) {
            (Some(2), Some(-7), Some(1), [None, Some(x), Some(y)]) if is_long(&x) && is_long(&y) => {
                Ok(Self::P256 { x, y })
            }
            (Some(1), Some(-8), Some(6), [None, Some(x), None]) if is_long(&x) => Ok(Self::Ed25519 { x }),
            (Some(3), Some(-257), None, [Some(n), Some(e), None]) if n.len() >= 256 => Ok(Self::Rsa { n, e }),
            _ => Err(Fault::Unknown),
        }
    }

    fn verify(&self, message: &[u8], mark: &[u8]) -> Result<(), Fault> {
        let verified = match self {
            Self::P256 { x, y } => {
                let point = [&[4], *x, *y].concat();
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point).verify(message, mark)
            }
            Self::Ed25519 { x } => UnparsedPublicKey::new(&signature::ED25519, *x).verify(message, mark),
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n: *n, e: *e }.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, mark)
            }
        };
        verified.map_err(|_| Fault::Signature)
    }
}

#[cfg(test)]
mod tests;
