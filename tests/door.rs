//! What opens the door besides a password, and how a password is changed: second factors, passkeys, devices, lost passwords.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use laman::{model::user::Role, rules::totp};
use minicbor::Encoder;
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use sha2::{Digest, Sha256};

use crate::support::*;

const NEW: &str = "kata laluan baharu sekali";

#[tokio::test]
async fn a_changed_password_signs_out_everywhere_else() {
    let blog = TestBlog::new().await;
    let (here, elsewhere) = (blog.owner().await, blog.owner().await);
    let before = here.cookie("laman").unwrap();
    let form =
        here.get("/admin/you/security").await.form("#password-form").set("password", "wrong").set("new-password", NEW);
    let wrong = form.submit(&here).await;
    assert_eq!((wrong.status(), wrong.text("#password-error")), (422, "This is not your password.".into()));
    assert!(!wrong.body().contains(NEW));
    let easy = here.post("/admin/you/password", &[("password", PASSWORD), ("new-password", "short")]).await;
    assert_eq!(easy.status(), 422);
    let done = here.post("/admin/you/password", &[("password", PASSWORD), ("new-password", NEW)]).await;
    assert_eq!(done.location(), "/admin/you/security?done=password");
    assert_ne!(here.cookie("laman").unwrap(), before, "the session is renewed");
    assert_eq!(here.get("/admin/posts").await.status(), 200);
    assert_eq!(elsewhere.get("/admin/posts").await.status(), 303);
    assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, PASSWORD).await.status(), 422);
    assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, NEW).await.status(), 303);
}

#[tokio::test]
async fn guessing_the_present_password_is_slowed() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for _ in 0..6 {
        let guess = owner.post("/admin/you/password", &[("password", "a guess"), ("new-password", NEW)]).await;
        assert_eq!(guess.status(), 422);
    }
    let right = owner.post("/admin/you/password", &[("password", PASSWORD), ("new-password", NEW)]).await;
    assert_eq!(right.status(), 429);
}

#[tokio::test]
async fn a_lost_password_is_replaced_by_a_mailed_link_once() {
    let blog = TestBlog::new().await;
    let server = MailServer::start().await;
    blog.mails_by(&server).await;
    let signed_in = blog.owner().await;
    let visitor = blog.reader();
    let ask = async |email: &str| {
        visitor.get("/admin/forgotten").await.form("main form").set("email", email).submit(&visitor).await
    };
    let (known, unknown) = (ask(OWNER_EMAIL).await, ask("nobody@blog.example").await);
    assert_eq!((known.status(), known.location()), (303, unknown.location()));
    assert_eq!(known.body(), unknown.body());
    blog.post_mail().await;
    let link = server.only().link("Choose a new password");
    let form = visitor.get(&link).await.form("main form");
    let done = form.set("password", NEW).submit(&visitor).await;
    assert_eq!(done.location(), "/admin/sign-in?done=reset");
    assert!(visitor.follow(&done).await.text("[role=status]").contains("changed"));
    assert_eq!(signed_in.get("/admin/posts").await.status(), 303, "all sessions end");
    assert_eq!(visitor.get(&link).await.status(), 404);
    assert_eq!(sign_in(&visitor, OWNER_EMAIL, NEW).await.status(), 303);

    blog.clock.advance(HOUR);
    ask(OWNER_EMAIL).await;
    blog.post_mail().await;
    let late = server.taken().pop().unwrap().link("Choose a new password");
    blog.clock.advance(HOUR);
    assert_eq!(visitor.get(&late).await.status(), 404, "its hour is over");
}

#[tokio::test]
async fn asking_for_links_is_bounded() {
    let blog = TestBlog::new().await;
    let server = MailServer::start().await;
    blog.mails_by(&server).await;
    for number in 0..8 {
        blog.clock.advance(11 * MINUTE);
        let visitor = blog.reader_from(&format!("203.0.{number}.5"));
        assert_eq!(visitor.post("/admin/forgotten", &[("email", OWNER_EMAIL)]).await.status(), 303);
    }
    blog.post_mail().await;
    assert_eq!(server.taken().len(), 5, "a day has five mails for one address");
    let visitor = blog.reader();
    for _ in 0..5 {
        visitor.post("/admin/forgotten", &[("email", "a@b.example")]).await;
    }
    assert_eq!(visitor.post("/admin/forgotten", &[("email", OWNER_EMAIL)]).await.status(), 429);
}

#[tokio::test]
async fn somebody_sees_where_they_are_signed_in_and_signs_out_there() {
    let blog = TestBlog::new().await;
    let here = blog.owner().await;
    let (phone, tablet) = (blog.owner().await, blog.owner().await);
    let page = here.get("/admin/you/security").await;
    assert_eq!(page.all("#devices li").len(), 3);
    assert_eq!(page.body().matches("· here").count(), 1);
    assert!(!page.body().contains(&laman::rules::token::hash(&here.cookie("laman").unwrap())));
    let handle = &laman::rules::token::hash(&phone.cookie("laman").unwrap())[..16];
    blog.editor().await.post("/admin/you/devices", &[("device", handle)]).await;
    assert_eq!(phone.get("/admin/posts").await.status(), 200, "another's device is not theirs to end");
    here.post("/admin/you/devices", &[("device", handle)]).await;
    assert_eq!((phone.get("/admin/posts").await.status(), tablet.get("/admin/posts").await.status()), (303, 200));
    here.get("/admin/you/security").await.form("#all-devices").submit(&here).await;
    assert_eq!((here.get("/admin/posts").await.status(), tablet.get("/admin/posts").await.status()), (200, 303));
}

/// The code that an authenticator shows now.
fn code(blog: &TestBlog, secret: &str) -> String {
    totp::code(&totp::from_base32(secret).unwrap(), blog.now().0 / 30_000)
}

/// Switches one on; gives its secret and the recovery codes.
async fn authenticator(blog: &TestBlog, visitor: &Visitor) -> (String, Vec<String>) {
    let form = visitor.get("/admin/you/authenticator").await.form("#confirm");
    let secret = form.value("secret").to_owned();
    let done = form.set("code", &code(blog, &secret)).submit(visitor).await;
    assert_eq!(done.status(), 200, "{}", done.body());
    (secret, done.all(".codes li"))
}

#[tokio::test]
async fn with_an_authenticator_a_password_alone_opens_nothing() {
    let blog = TestBlog::new().await;
    let (owner, elsewhere) = (blog.owner().await, blog.owner().await);
    let page = owner.get("/admin/you/authenticator").await;
    assert!(page.has("svg.qr path"));
    let wrong = page.form("#confirm").set("code", "000000").submit(&owner).await;
    assert_eq!(wrong.status(), 422);
    assert_eq!(wrong.form("#confirm").value("secret"), page.form("#confirm").value("secret"), "the same once more");
    let planted = page.form("#confirm").set("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").set("code", "287082");
    assert_eq!(planted.submit(&owner).await.status(), 422, "only a secret of ours");
    let (secret, codes) = authenticator(&blog, &owner).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(elsewhere.get("/admin/posts").await.status(), 303);
    assert_eq!(owner.get("/admin/posts").await.status(), 200);

    let visitor = blog.reader();
    let second = sign_in(&visitor, OWNER_EMAIL, PASSWORD).await;
    assert_eq!((second.status(), visitor.cookie("laman")), (200, None));
    let replayed = second.form("main form").set("code", &code(&blog, &secret)).submit(&visitor).await;
    assert_eq!(replayed.status(), 422, "the code that switched it on is used up");
    blog.clock.advance(30_000);
    let done = second.form("main form").set("code", &code(&blog, &secret)).submit(&visitor).await;
    assert_eq!((done.status(), done.location()), (303, "/admin"));
    assert_eq!(visitor.get("/admin/posts").await.status(), 200);

    let other = blog.reader();
    let second = sign_in(&other, OWNER_EMAIL, PASSWORD).await;
    let again = second.form("main form").set("code", &code(&blog, &secret)).submit(&other).await;
    assert_eq!(again.status(), 422, "none counts twice");
    let spare = second.form("main form").set("code", &codes[3].to_uppercase()).submit(&other).await;
    assert_eq!(spare.status(), 303);
    let second = sign_in(&blog.reader(), OWNER_EMAIL, PASSWORD).await;
    assert_eq!(second.form("main form").set("code", &codes[3]).submit(&blog.reader()).await.status(), 422);

    let off = owner.get("/admin/you/authenticator").await.form("#off").set("password", PASSWORD);
    off.press("Switch off", &owner).await;
    assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, PASSWORD).await.status(), 303);
}

#[tokio::test]
async fn the_second_step_is_bound_to_the_first() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let (secret, _) = authenticator(&blog, &owner).await;
    blog.clock.advance(MINUTE);
    let visitor = blog.reader();
    let second = sign_in(&visitor, OWNER_EMAIL, PASSWORD).await.form("main form");
    let code = code(&blog, &secret);
    for (field, value) in [("seal", "AAAA"), ("seal", ""), ("who", "2"), ("who", "x")] {
        let fields: Vec<(&str, &str)> = [("who", "1"), ("seal", second.value("seal")), ("code", &code)]
            .into_iter()
            .map(|(name, had)| (name, if name == field { value } else { had }))
            .collect();
        assert_eq!(visitor.post("/admin/sign-in", &fields).await.status(), 422, "{field}={value}");
    }
    blog.clock.advance(10 * MINUTE + 1);
    assert_eq!(second.set("code", &code).submit(&visitor).await.status(), 422, "its time is over");

    let second = sign_in(&visitor, OWNER_EMAIL, PASSWORD).await.form("main form");
    let seal = second.value("seal").to_owned();
    for _ in 0..6 {
        let guess = visitor.post("/admin/sign-in", &[("who", "1"), ("seal", &seal), ("code", "000000")]).await;
        assert_eq!(guess.status(), 422);
    }
    let guess = visitor.post("/admin/sign-in", &[("who", "1"), ("seal", &seal), ("code", "000000")]).await;
    assert_eq!(guess.status(), 429);
    owner.post("/admin/people/1", &[("action", "second")]).await;
    assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, PASSWORD).await.status(), 303, "the owner can switch it off");
}

#[tokio::test]
async fn what_was_typed_goes_through_both_steps() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let (secret, _) = authenticator(&blog, &owner).await;
    let writing =
        owner.get("/admin/posts/new").await.form("form.editor").set("title", "Late").set("text", "Kept words");
    owner.post("/admin/sign-out", &[]).await;
    let door = writing.press("Save draft", &owner).await;
    assert_eq!(door.status(), 401);
    let form = door.form("main form").set("email", OWNER_EMAIL).set("password", PASSWORD);
    let second = form.submit(&owner).await;
    blog.clock.advance(MINUTE);
    let wrong = second.form("main form").set("code", "000000").submit(&owner).await;
    let back = wrong.form("main form").set("code", &code(&blog, &secret)).submit(&owner).await;
    assert_eq!(back.form("form.editor").value("text").trim(), "Kept words");
}

/// An authenticator as browsers have one: Ed25519, counts, verifies its owner.
struct Key {
    pair: Ed25519KeyPair,
    id: String,
}

impl Key {
    fn new() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self { pair: Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap(), id: URL_SAFE_NO_PAD.encode([9; 16]) }
    }

    fn client(act: &str, challenge: &str) -> Vec<u8> {
        format!(r#"{{"type":"{act}","challenge":"{challenge}","origin":"http://blog.example","crossOrigin":false}}"#)
            .into()
    }

    fn data(flags: u8, counter: u32) -> Vec<u8> {
        let mut data = Sha256::digest(b"blog.example").to_vec();
        data.push(flags);
        data.extend(counter.to_be_bytes());
        data
    }

    fn registration(&self, challenge: &str) -> String {
        let mut data = Self::data(0x45, 0);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend([9; 16]);
        let mut cose = Encoder::new(Vec::new());
        cose.map(4).unwrap().u8(1).unwrap().u8(1).unwrap().u8(3).unwrap().i8(-8).unwrap();
        cose.i8(-1).unwrap().u8(6).unwrap().i8(-2).unwrap().bytes(self.pair.public_key().as_ref()).unwrap();
        data.extend(cose.into_writer());
        let mut object = Encoder::new(Vec::new());
        object.map(3).unwrap().str("fmt").unwrap().str("none").unwrap().str("attStmt").unwrap().map(0).unwrap();
        object.str("authData").unwrap().bytes(&data).unwrap();
        let (client, object) = (Self::client("webauthn.create", challenge), object.into_writer());
        format!(
            r#"{{"clientDataJSON":"{}","attestationObject":"{}"}}"#,
            URL_SAFE_NO_PAD.encode(client),
            URL_SAFE_NO_PAD.encode(object)
        )
    }

    fn assertion(&self, challenge: &str, counter: u32, user: &str) -> String {
        let (client, data) = (Self::client("webauthn.get", challenge), Self::data(0x05, counter));
        let mark = self.pair.sign(&[data.as_slice(), Sha256::digest(&client).as_slice()].concat());
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!(
            r#"{{"id":"{}","userHandle":"{}","clientDataJSON":"{}","authenticatorData":"{}","signature":"{}"}}"#,
            self.id,
            encode(user.as_bytes()),
            encode(&client),
            encode(&data),
            encode(mark.as_ref())
        )
    }
}

async fn add(visitor: &Visitor, key: &Key, password: &str) -> Page {
    let form = visitor.get("/admin/you/security").await.form("#new-passkey");
    let brought = key.registration(form.value("challenge"));
    let fields =
        [("challenge", form.value("challenge")), ("passkey", &brought), ("name", "Phone"), ("password", password)];
    visitor.post("/admin/you/passkeys", &fields).await
}

#[tokio::test]
async fn a_passkey_signs_in_without_password_and_code() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    authenticator(&blog, &owner).await;
    let key = Key::new();
    assert_eq!(add(&owner, &key, "a wrong password").await.status(), 422);
    let added = add(&owner, &key, PASSWORD).await;
    assert_eq!(added.location(), "/admin/you/security?done=passkey", "{}", added.body());
    assert_eq!(add(&owner, &key, PASSWORD).await.status(), 400, "the same again");

    let visitor = blog.reader();
    blog.clock.advance(1);
    let challenge =
        visitor.get("/admin/sign-in?next=/admin/comments").await.form("main form").value("challenge").to_owned();
    let brought = key.assertion(&challenge, 1, "1");
    let fields = [("challenge", challenge.as_str()), ("passkey", &brought), ("next", "/admin/comments")];
    assert_eq!(visitor.post("/admin/sign-in", &fields).await.location(), "/admin/comments");
    assert_eq!(visitor.get("/admin/settings").await.status(), 200);
    assert_eq!(blog.reader().post("/admin/sign-in", &fields).await.status(), 422, "an answer counts once");
    let higher = key.assertion(&challenge, 2, "1");
    let fields = [("challenge", challenge.as_str()), ("passkey", &higher)];
    assert_eq!(blog.reader().post("/admin/sign-in", &fields).await.status(), 422, "and so does a question");

    blog.clock.advance(MINUTE);
    let challenge = visitor.get("/admin/you/security").await.form("#new-passkey").value("challenge").to_owned();
    let other = blog.reader();
    let question = other.get("/admin/sign-in").await.form("main form").value("challenge").to_owned();
    for (challenge, counter, user, why) in [
        (challenge.as_str(), 3, "1", "a question that was put elsewhere"),
        ("AAAA", 3, "1", "a question of their own"),
        (&question, 1, "1", "a counter that stands still"),
        (&question, 3, "2", "another's name"),
    ] {
        let brought = key.assertion(challenge, counter, user);
        let answer = other.post("/admin/sign-in", &[("challenge", challenge), ("passkey", &brought)]).await;
        assert_eq!(answer.status(), 422, "{why}");
        assert!(answer.text("#sign-in-error").contains("passkey"));
    }
    let stranger = Key::new();
    let brought = stranger.assertion(&question, 3, "1");
    let answer = other.post("/admin/sign-in", &[("challenge", &question), ("passkey", &brought)]).await;
    assert_eq!(answer.status(), 422, "another key of the same name");

    let page = owner.get("/admin/you/security").await;
    assert!(page.text("#passkeys .plain-list li").starts_with("Phone used 11 February 2023"));
    page.form("#passkeys .plain-list form").press("Remove the passkey", &owner).await;
    let brought = key.assertion(&question, 4, "1");
    let answer = other.post("/admin/sign-in", &[("challenge", &question), ("passkey", &brought)]).await;
    assert_eq!(answer.status(), 422, "it is removed");
}

#[tokio::test]
async fn a_passkey_of_somebody_who_may_not_sign_in_opens_nothing() {
    let blog = TestBlog::new().await;
    let author = blog.signed_in_as(Role::Author).await;
    let key = Key::new();
    add(&author, &key, PASSWORD).await;
    blog.owner().await.post("/admin/people/3", &[("action", "disable")]).await;
    blog.clock.advance(1);
    let visitor = blog.reader();
    let challenge = visitor.get("/admin/sign-in").await.form("main form").value("challenge").to_owned();
    let brought = key.assertion(&challenge, 1, "3");
    let answer = visitor.post("/admin/sign-in", &[("challenge", &challenge), ("passkey", &brought)]).await;
    assert_eq!(answer.status(), 422);
}

#[tokio::test]
async fn failures_at_the_door_are_noted_and_do_not_fill_the_file() {
    let blog = TestBlog::new().await;
    for _ in 0..70 {
        blog.app.store.note_failure("sign-in-failed", "203.0.113.0/24", blog.now()).await.unwrap();
    }
    let mut database = blog.database().await;
    let count = async |database: &mut _| -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM audit WHERE act = 'sign-in-failed'").fetch_one(database).await.unwrap()
    };
    assert_eq!(count(&mut database).await, 60);
    blog.clock.advance(365 * DAY + 1);
    blog.app.store.tidy_log(blog.now()).await.unwrap();
    assert_eq!(count(&mut database).await, 0);
}
