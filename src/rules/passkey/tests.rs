//! A key made here signs as an authenticator does; then each thing is changed that must not be.

use minicbor::Encoder;
use proptest::prelude::*;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};

use super::*;

const CHALLENGE: &str = "AAECAwQFBgcICQoLDA0ODw";
const ORIGIN: &str = "https://blog.example";
const HOST: &str = "blog.example";
const ASKED: Asked<'static> = Asked { challenge: CHALLENGE, origin: ORIGIN, host: HOST };

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Pair {
    fn p256() -> Self {
        let (random, how) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let made = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        Self::P256(EcdsaKeyPair::from_pkcs8(how, made.as_ref(), &random).unwrap())
    }

    fn ed25519() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap())
    }

    fn cose(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::new());
        match self {
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                out.map(5).unwrap().u8(1).unwrap().u8(2).unwrap().u8(3).unwrap().i8(-7).unwrap();
                out.i8(-1).unwrap().u8(1).unwrap().i8(-2).unwrap().bytes(&point[1..33]).unwrap();
                out.i8(-3).unwrap().bytes(&point[33..]).unwrap();
            }
            Self::Ed25519(pair) => {
                out.map(4).unwrap().u8(1).unwrap().u8(1).unwrap().u8(3).unwrap().i8(-8).unwrap();
                out.i8(-1).unwrap().u8(6).unwrap().i8(-2).unwrap().bytes(pair.public_key().as_ref()).unwrap();
            }
        }
        out.into_writer()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

fn client(act: &str, challenge: &str, origin: &str, more: &str) -> Vec<u8> {
    format!(r#"{{"type":"{act}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

fn data(host: &str, flags: u8, counter: u32, key: Option<&[u8]>) -> Vec<u8> {
    let mut data = Sha256::digest(host.as_bytes()).to_vec();
    data.push(flags);
    data.extend(counter.to_be_bytes());
    if let Some(key) = key {
        data.extend([7; 16]);
        data.extend([0, 3, 1, 2, 3]);
        data.extend(key);
    }
    data
}

fn attestation(format: &str, data: &[u8]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    out.map(3).unwrap().str("fmt").unwrap().str(format).unwrap().str("attStmt").unwrap().map(0).unwrap();
    out.str("authData").unwrap().bytes(data).unwrap();
    out.into_writer()
}

fn made(client: &[u8], object: &[u8]) -> Registration {
    Registration { client_data: URL_SAFE_NO_PAD.encode(client), attestation_object: URL_SAFE_NO_PAD.encode(object) }
}

fn signed(pair: &Pair, client: &[u8], data: &[u8]) -> Assertion {
    let message = [data, Sha256::digest(client).as_slice()].concat();
    Assertion {
        id: "AQID".to_owned(),
        user_handle: "MQ".to_owned(),
        client_data: URL_SAFE_NO_PAD.encode(client),
        authenticator_data: URL_SAFE_NO_PAD.encode(data),
        signature: URL_SAFE_NO_PAD.encode(pair.sign(&message)),
    }
}

#[test]
fn a_key_is_taken_and_signs_from_then_on() {
    for pair in [Pair::p256(), Pair::ed25519()] {
        let cose = pair.cose();
        let object = attestation("none", &data(HOST, 0x45, 3, Some(&cose)));
        let key = register(&made(&client("webauthn.create", CHALLENGE, ORIGIN, ""), &object), ASKED).unwrap();
        assert_eq!(key, NewKey { credential: "AQID".to_owned(), public_key: cose, counter: 3 });
        let answer = signed(&pair, &client("webauthn.get", CHALLENGE, ORIGIN, ""), &data(HOST, 0x05, 4, None));
        assert_eq!(assert(&answer, &key.public_key, ASKED), Ok(4));
        assert_eq!(assert(&answer, &Pair::p256().cose(), ASKED), Err(Fault::Signature), "by another key");
    }
}

#[test]
fn what_was_made_for_something_else_is_not_taken() {
    let pair = Pair::p256();
    let cose = pair.cose();
    let good = data(HOST, 0x05, 4, None);
    for (act, challenge, origin, more) in [
        ("webauthn.create", CHALLENGE, ORIGIN, ""),
        ("webauthn.get", "AAECAwQFBgcICQoLDA0ODx", ORIGIN, ""),
        ("webauthn.get", "", ORIGIN, ""),
        ("webauthn.get", CHALLENGE, "https://blog.example.evil.example", ""),
        ("webauthn.get", CHALLENGE, "http://blog.example", ""),
        ("webauthn.get", CHALLENGE, "https://blog.example:8443", ""),
        ("webauthn.get", CHALLENGE, ORIGIN, r#","crossOrigin":true"#),
        ("webauthn.get", CHALLENGE, ORIGIN, r#","topOrigin":"https://evil.example""#),
    ] {
        let answer = signed(&pair, &client(act, challenge, origin, more), &good);
        assert_eq!(assert(&answer, &cose, ASKED), Err(Fault::Elsewhere), "{act} {challenge} {origin} {more}");
    }
    let client = client("webauthn.get", CHALLENGE, ORIGIN, r#","crossOrigin":false,"other_keys":1"#);
    for (data, fault) in [
        (data("evil.example", 0x05, 4, None), Fault::Elsewhere),
        (data(HOST, 0x04, 4, None), Fault::Unverified),
        (data(HOST, 0x01, 4, None), Fault::Unverified),
        (data(HOST, 0x15, 4, None), Fault::Malformed),
        (data(HOST, 0x45, 4, None), Fault::Malformed),
        ([good.as_slice(), &[0]].concat(), Fault::Malformed),
        (good[..36].to_vec(), Fault::Malformed),
        (Vec::new(), Fault::Malformed),
    ] {
        assert_eq!(assert(&signed(&pair, &client, &data), &cose, ASKED), Err(fault), "{data:?}");
    }
    // Signed, and then changed.
    let mut answer = signed(&pair, &client, &good);
    answer.authenticator_data = URL_SAFE_NO_PAD.encode(data(HOST, 0x05, 5, None));
    assert_eq!(assert(&answer, &cose, ASKED), Err(Fault::Signature));
    let mut answer = signed(&pair, &client, &good);
    answer.signature = String::new();
    assert_eq!(assert(&answer, &cose, ASKED), Err(Fault::Signature));
}

#[test]
fn a_key_that_is_not_as_asked_is_not_kept() {
    let cose = Pair::p256().cose();
    let create = client("webauthn.create", CHALLENGE, ORIGIN, "");
    let good = data(HOST, 0x45, 0, Some(&cose));
    for (object, fault) in [
        (attestation("packed", &good), Fault::Unknown),
        (attestation("none", &data(HOST, 0x41, 0, Some(&cose))), Fault::Unverified),
        (attestation("none", &data("evil.example", 0x45, 0, Some(&cose))), Fault::Elsewhere),
        (attestation("none", &data(HOST, 0x05, 0, None)), Fault::Malformed),
        (attestation("none", &data(HOST, 0x45, 0, Some(&cose[..40]))), Fault::Malformed),
        (attestation("none", &data(HOST, 0x45, 0, Some(&[0xa0]))), Fault::Unknown),
        ([attestation("none", &good).as_slice(), &[0]].concat(), Fault::Malformed),
        (vec![0xbf, 0xff], Fault::Malformed),
        (Vec::new(), Fault::Malformed),
    ] {
        assert_eq!(register(&made(&create, &object), ASKED), Err(fault), "{object:?}");
    }
    let get = client("webauthn.get", CHALLENGE, ORIGIN, "");
    assert_eq!(register(&made(&get, &attestation("none", &good)), ASKED), Err(Fault::Elsewhere));
    assert_eq!(register(&made(b"[]", &attestation("none", &good)), ASKED), Err(Fault::Malformed));
}

#[test]
fn a_counter_goes_up_or_is_not_kept_at_all() {
    for (brought, kept, may) in [(0, 0, true), (1, 0, true), (5, 4, true), (4, 4, false), (3, 4, false), (0, 4, false)]
    {
        assert_eq!(may_follow(brought, kept), may, "{brought} after {kept}");
    }
}

proptest! {
    #[test]
    fn no_bytes_break_anything(
        one in proptest::collection::vec(any::<u8>(), 0..200),
        other in proptest::collection::vec(any::<u8>(), 0..200),
        flags: u8,
    ) {
        let get = client("webauthn.get", CHALLENGE, ORIGIN, "");
        let create = client("webauthn.create", CHALLENGE, ORIGIN, "");
        let pair = Pair::ed25519();
        let _ = register(&made(&create, &one), ASKED);
        let _ = register(&made(&create, &attestation("none", &one)), ASKED);
        let _ = register(&made(&create, &attestation("none", &data(HOST, flags, 0, Some(&one)))), ASKED);
        let _ = register(&made(&one, &other), ASKED);
        let _ = assert(&signed(&pair, &get, &one), &other, ASKED);
        let _ = assert(&signed(&pair, &get, &data(HOST, flags, 0, Some(&one))), &pair.cose(), ASKED);
        prop_assert!(PublicKey::read(&other).is_err() || other.len() > 30);
    }
}
