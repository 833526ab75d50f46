//! The door: who gets in, for how long, and how little those outside learn from it.

use axum::{body::Body, http::Method};
use laman::{limits::Act, model::language::Language, rules::token};

use crate::support::*;

/// Whether someone with this token is let in.
async fn opens(blog: &TestBlog, token: &str) -> bool {
    let visitor = blog.reader();
    visitor.set_cookie(if blog.app.is_https() { "__Host-laman" } else { "laman" }, token);
    visitor.get("/admin/posts").await.status() == 200
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let blog = TestBlog::new().await;
    let visitor = blog.reader();
    let wrong = sign_in(&visitor, OWNER_EMAIL, "a wrong password").await;
    let unknown = sign_in(&visitor, "nobody@blog.example", "a wrong password").await;
    assert_eq!((wrong.status(), unknown.status()), (422, 422));
    assert_eq!(wrong.headers, unknown.headers);
    // The question to a passkey is another each time.
    let body = |page: &Page| {
        let challenge = page.form("main form").value("challenge").to_owned();
        page.body().replace(&challenge, "")
    };
    assert_eq!(body(&wrong), body(&unknown).replace("nobody@blog.example", OWNER_EMAIL));
    assert!(wrong.text("[role=alert]").contains("do not belong together"));
    assert_eq!(wrong.form("main form").value("password"), "", "a password is never sent back");
    assert!(!wrong.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn a_password_is_taken_to_the_letter_and_an_address_is_not() {
    let blog = TestBlog::new().await;
    for wrong in [
        PASSWORD.to_uppercase(),
        format!("{PASSWORD} "),
        format!(" {PASSWORD}"),
        PASSWORD[..20].to_owned(),
        String::new(),
    ] {
        assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, &wrong).await.status(), 422, "{wrong:?}");
    }
    assert_eq!(sign_in(&blog.reader(), " Aminah@Blog.Example ", PASSWORD).await.status(), 303);
    let huge = "x".repeat(1_000_000);
    assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, &huge).await.status(), 422);
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_not_for_scripts() {
    for (base, name, secure) in
        [("http://blog.example", "laman=", false), ("https://blog.example", "__Host-laman=", true)]
    {
        let blog = TestBlog::wish().base(base).start().await;
        let answer = sign_in(&blog.reader(), OWNER_EMAIL, PASSWORD).await;
        let cookie = answer.header("set-cookie").unwrap();
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(parts[0].starts_with(name), "{cookie}");
        for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
            assert!(parts.contains(&part), "{part} is not in {cookie}");
        }
        assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"));
        assert!(token::is_well_formed(parts[0].strip_prefix(name).unwrap()));
    }
}

#[tokio::test]
async fn the_database_holds_no_token() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let token = owner.cookie("laman").unwrap();
    let mut database = blog.database().await;
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT token_hash FROM session").fetch_all(&mut database).await.unwrap();
    assert_eq!(kept, [token::hash(&token)]);
    assert!(opens(&blog, &token).await);
    assert!(!opens(&blog, &kept[0]).await, "what is kept opens nothing");
}

#[tokio::test]
async fn signing_in_gives_a_new_token_and_ends_the_old_one() {
    let blog = TestBlog::new().await;
    let visitor = blog.reader();
    let planted = "a".repeat(64);
    visitor.set_cookie("laman", &planted);
    assert_eq!(sign_in(&visitor, OWNER_EMAIL, PASSWORD).await.status(), 303);
    let first = visitor.cookie("laman").unwrap();
    assert_ne!(first, planted);
    assert!(!opens(&blog, &planted).await);

    let again = visitor.post("/admin/sign-in", &[("email", OWNER_EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(again.status(), 303);
    let second = visitor.cookie("laman").unwrap();
    assert_ne!(first, second);
    assert!(!opens(&blog, &first).await && opens(&blog, &second).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let token = owner.cookie("laman").unwrap();
    let elsewhere = blog.owner().await.cookie("laman").unwrap();
    let out = owner.get("/admin/posts").await.form("header form").press("Sign out", &owner).await;
    assert_eq!((out.status(), out.location(), out.header("clear-site-data")), (303, "/", Some("\"cache\"")));
    assert_eq!(owner.cookie("laman"), None);
    assert!(!opens(&blog, &token).await);
    assert!(opens(&blog, &elsewhere).await, "another session of theirs goes on");
}

#[tokio::test]
async fn a_new_password_ends_every_session_of_the_old_one() {
    let blog = TestBlog::new().await;
    let (owner, editor) = (blog.owner().await, blog.editor().await);
    let changed = person(OWNER_NAME, OWNER_EMAIL, laman::model::user::Role::Owner);
    assert!(blog.app.store.set_password(OWNER_EMAIL, &changed.password_hash, blog.now()).await.unwrap());
    assert_eq!(owner.get("/admin/posts").await.status(), 303);
    assert_eq!(editor.get("/admin/posts").await.status(), 200);
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_after_thirty_days() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    blog.clock.advance(30 * DAY - 1);
    assert_eq!(owner.get("/admin/posts").await.status(), 200);
    blog.clock.advance(30 * DAY - 1);
    assert_eq!(owner.get("/admin/posts").await.status(), 200, "use keeps it alive");
    blog.clock.advance(30 * DAY);
    assert_eq!(owner.get("/admin/posts").await.status(), 303);
    blog.clock.advance(-DAY);
    assert_eq!(owner.get("/admin/posts").await.status(), 200, "only the time was over: nothing was deleted yet");
}

#[tokio::test]
async fn no_session_lives_longer_than_half_a_year() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for _ in 0..8 {
        blog.clock.advance(20 * DAY);
        assert_eq!(owner.get("/admin/posts").await.status(), 200);
    }
    blog.clock.advance(20 * DAY - 1);
    assert_eq!(owner.get("/admin/posts").await.status(), 200);
    blog.clock.advance(1);
    assert_eq!(owner.get("/admin/posts").await.status(), 303);
}

#[tokio::test]
async fn guessing_at_one_account_from_one_network_is_slowed() {
    let blog = TestBlog::new().await;
    let guesser = blog.reader_from("203.0.113.5");
    for _ in 0..6 {
        assert_eq!(sign_in(&guesser, OWNER_EMAIL, "a guess").await.status(), 422);
    }
    let refused = sign_in(&guesser, OWNER_EMAIL, PASSWORD).await;
    assert_eq!((refused.status(), refused.header("retry-after")), (429, Some("180")));
    assert!(refused.text("[role=alert]").contains("Too many tries"));
    assert_eq!(
        sign_in(&blog.reader_from("203.0.113.77"), OWNER_EMAIL, PASSWORD).await.status(),
        429,
        "a network is one"
    );
    let neighbour = blog.reader_from("203.0.113.77");
    assert_eq!(sign_in(&neighbour, EDITOR_EMAIL, PASSWORD).await.status(), 303, "another account is not concerned");
    assert_eq!(sign_in(&blog.reader_from("192.0.2.5"), OWNER_EMAIL, PASSWORD).await.status(), 303);
    blog.clock.advance(3 * MINUTE - 1);
    assert_eq!(sign_in(&guesser, OWNER_EMAIL, PASSWORD).await.status(), 429);
    blog.clock.advance(1);
    assert_eq!(sign_in(&guesser, OWNER_EMAIL, PASSWORD).await.status(), 303);
}

#[tokio::test]
async fn guessing_at_many_accounts_from_one_network_is_slowed() {
    let blog = TestBlog::new().await;
    for _ in 0..19 {
        blog.app.limits.take(Act::SignInNetwork, "203.0.113.0/24", blog.clock.monotonic()).unwrap();
    }
    let guesser = blog.reader_from("203.0.113.5");
    assert_eq!(sign_in(&guesser, "someone@blog.example", "a guess").await.status(), 422);
    assert_eq!(sign_in(&guesser, "other@blog.example", "a guess").await.status(), 429);
    assert_eq!(sign_in(&blog.reader(), OWNER_EMAIL, PASSWORD).await.status(), 303);
}

#[tokio::test]
async fn guessing_from_everywhere_does_not_lock_out_whoever_was_here_before() {
    let blog = TestBlog::new().await;
    assert_eq!(sign_in(&blog.reader_from("192.0.2.5"), OWNER_EMAIL, PASSWORD).await.status(), 303);
    // What a net of machines, each within its own limit, would have used up.
    for _ in 0..50 {
        blog.app.limits.take(Act::SignInAccount, OWNER_EMAIL, blog.clock.monotonic()).unwrap();
    }
    assert_eq!(sign_in(&blog.reader_from("203.0.113.5"), OWNER_EMAIL, PASSWORD).await.status(), 429);
    assert_eq!(sign_in(&blog.reader_from("192.0.2.99"), OWNER_EMAIL, PASSWORD).await.status(), 303);
    assert_eq!(sign_in(&blog.reader_from("203.0.113.5"), EDITOR_EMAIL, PASSWORD).await.status(), 303);
}

#[tokio::test]
async fn a_forwarded_address_counts_only_from_a_proxy_of_ours() {
    let guess = async |blog: &TestBlog, peer: &str, forwarded: &str| {
        let guesser = blog.reader_from(peer);
        let request = guesser
            .request(Method::POST, "/admin/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", forwarded)
            .header("x-real-ip", forwarded)
            .header("forwarded", format!("for={forwarded}"));
        let body = format!("email={OWNER_EMAIL}&password=a+guess");
        guesser.send(request.body(Body::from(body)).unwrap()).await.status()
    };
    let bare = TestBlog::new().await;
    for number in 0..6 {
        assert_eq!(guess(&bare, "203.0.113.5", &format!("10.0.{number}.1")).await, 422);
    }
    assert_eq!(guess(&bare, "203.0.113.5", "10.0.99.1").await, 429, "a header that anybody can write lifts nothing");

    let behind = TestBlog::wish().trusted_proxies(&["10.0.0.0/8"]).start().await;
    for _ in 0..6 {
        assert_eq!(guess(&behind, "10.0.0.1", "203.0.113.5").await, 422);
    }
    assert_eq!(guess(&behind, "10.0.0.1", "203.0.113.5").await, 429);
    assert_eq!(guess(&behind, "10.0.0.1", "192.0.2.5").await, 422, "who comes through the proxy is told apart");
    assert_eq!(guess(&behind, "10.0.0.1", "192.0.2.5, 203.0.113.5").await, 429, "what stands left is anybody's word");
    assert_eq!(guess(&behind, "203.0.113.5", "192.0.2.5").await, 429, "and past the proxy nobody is believed");
}

#[tokio::test]
async fn the_way_on_from_the_door_stays_in_the_house() {
    let blog = TestBlog::new().await;
    let wanted = blog.reader().get("/admin/posts?state=draft&q=a+b").await;
    let visitor = blog.reader();
    let door = visitor.follow(&wanted).await;
    let form = door.form("main form").set("email", OWNER_EMAIL).set("password", PASSWORD);
    assert_eq!(form.submit(&visitor).await.location(), "/admin/posts?state=draft&q=a+b");

    let signed_in = blog.owner().await;
    for away in [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "evil.example",
        "http:evil.example",
        "/admin\r\nSet-Cookie: a=b",
        "\u{0}//evil.example",
        "/é",
        "",
        "https:/evil.example",
        "//evil.example/admin",
        "/\\/evil.example",
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", away).finish();
        let fields = [("email", OWNER_EMAIL), ("password", PASSWORD), ("next", away)];
        let answer = blog.reader().post("/admin/sign-in", &fields).await;
        assert_eq!((answer.status(), answer.location()), (303, "/admin"), "{away:?}");
        assert_eq!(signed_in.get(&format!("/admin/sign-in?{query}")).await.location(), "/admin", "{away:?}");
        let door = blog.reader().get(&format!("/admin/sign-in?{query}")).await;
        assert_eq!(door.form("main form").value("next"), "/admin", "{away:?}");
    }
}

const CODE: &str = "the-code-that-the-program-printed";

/// The set-up form, filled in.
fn filled(page: &Page) -> Form {
    page.form("main form")
        .set("title", "Kebun Siti")
        .set("language", "ms")
        .set("zone", "Asia/Kuala_Lumpur")
        .set("name", "Siti")
        .set("email", "Siti@Blog.Example")
        .set("password", "empat perkataan yang aneh")
}

#[tokio::test]
async fn the_set_up_link_works_once_for_whoever_holds_it() {
    let blog = TestBlog::wish().start_bare(Some(CODE)).await;
    let (stranger, holder) = (blog.reader_from("203.0.113.5"), blog.reader());
    for wrong in ["/setup/wrong", "/setup/", "/setup", "/setup/the-code-that-the-program-printe", "/setup/%00"] {
        assert_ne!(stranger.get(wrong).await.status(), 200, "{wrong}");
        assert!(!stranger.get(wrong).await.has("form[method=post]"), "{wrong}");
    }
    let link = format!("/setup/{CODE}");
    let page = holder.get(&link).await;
    assert_eq!((page.status(), page.header("cache-control")), (200, Some("no-store")));
    assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow"));
    let forged = stranger.post("/setup/wrong", &[("title", "Mine")]).await;
    assert_eq!(forged.status(), 404);

    let done = filled(&page).submit(&holder).await;
    assert_eq!((done.status(), done.location()), (303, "/admin"));
    assert_eq!(holder.get("/admin/settings").await.status(), 200, "whoever set it up is signed in, as the owner");
    let home = stranger.get("/").await;
    assert_eq!((home.text("h1"), home.attribute("html", "lang")), ("Kebun Siti".into(), "ms".into()));

    assert_eq!(holder.get(&link).await.status(), 404);
    assert_eq!(filled(&page).submit(&stranger).await.status(), 404, "a second one comes too late");
    let settings = blog.app.store.settings().await.unwrap().unwrap();
    assert_eq!((settings.title.as_str(), settings.zone_name.as_str()), ("Kebun Siti", "Asia/Kuala_Lumpur"));
    assert_eq!(settings.language, Language::from_tag("ms").unwrap());
    let visitor = blog.reader();
    let door = visitor.get("/admin/sign-in").await.form("main form").set("email", "siti@blog.example");
    assert_eq!(door.set("password", "empat perkataan yang aneh").submit(&visitor).await.status(), 303);
}

#[tokio::test]
async fn a_blog_with_an_owner_has_no_set_up_link_even_for_the_right_code() {
    let blog = TestBlog::wish().start_bare(Some(CODE)).await;
    let holder = blog.reader();
    let page = holder.get(&format!("/setup/{CODE}")).await;
    // In the meantime `laman user add` made an owner.
    let owner = person(OWNER_NAME, OWNER_EMAIL, laman::model::user::Role::Owner);
    blog.app.store.add_user(&owner, blog.now()).await.unwrap();
    assert_eq!(filled(&page).submit(&holder).await.status(), 404);
    assert_eq!(blog.app.store.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_at_set_up_is_said_and_everything_but_the_password_kept() {
    let blog = TestBlog::wish().start_bare(Some(CODE)).await;
    let holder = blog.reader();
    let page = holder.get(&format!("/setup/{CODE}")).await;
    for (field, wrong) in [
        ("title", ""),
        ("name", ""),
        ("email", "nonsense"),
        ("password", "short"),
        ("password", "Kebun Siti Kebun Siti"),
        ("password", "siti@blog.example!"),
        ("password", "aaaaaaaaaaaaaaaaaaaa"),
        ("zone", "Mars/Base"),
        ("language", "xx"),
    ] {
        let refused = filled(&page).set(field, wrong).submit(&holder).await;
        assert_eq!(refused.status(), 422, "{field} {wrong:?}");
        let form = refused.form("main form");
        assert_eq!(form.value("password"), "");
        if !matches!(field, "zone" | "language" | "password") {
            assert_eq!(form.value(field), wrong);
        }
        assert_eq!(form.value("name"), if field == "name" { "" } else { "Siti" });
    }
    assert_eq!(holder.get("/").await.status(), 503, "nothing was set up");
}

#[tokio::test]
async fn guessing_at_the_set_up_code_is_slowed() {
    let blog = TestBlog::wish().start_bare(Some(CODE)).await;
    let guesser = blog.reader();
    for _ in 0..10 {
        assert_eq!(guesser.get("/setup/guess").await.status(), 404);
    }
    assert_eq!(guesser.get("/setup/guess").await.status(), 429);
    assert_eq!(guesser.get(&format!("/setup/{CODE}")).await.status(), 200, "who has the code needs no guess");
}

#[tokio::test]
async fn the_set_up_page_speaks_the_browsers_language() {
    let blog = TestBlog::wish().start_bare(Some(CODE)).await;
    let visitor = blog.reader();
    for (accepted, lang) in
        [("ms-MY,ms;q=0.9,en;q=0.8", "ms"), ("en-GB,en", "en"), ("xx", "en"), ("\u{1}", "en"), ("", "en")]
    {
        let request = visitor.request(Method::GET, &format!("/setup/{CODE}"));
        let Ok(request) = request.header("accept-language", accepted).body(Body::empty()) else { continue };
        assert_eq!(visitor.send(request).await.attribute("html", "lang"), lang, "{accepted:?}");
    }
}
