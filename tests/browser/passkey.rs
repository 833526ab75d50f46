//! A passkey is made and signs in, with an authenticator that Chromium plays.

use std::net::TcpListener;

use serde_json::json;

use super::driver::{Browser, ENTER};
use crate::program::support::{EMAIL, PASSWORD, Server, folder, laman};

#[test]
fn a_passkey_is_added_at_the_desk_and_opens_the_door() {
    // Browsers make passkeys for names alone, and the name has to be known before the program starts.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let (folder, base) = (folder(), format!("http://localhost:{port}"));
    let listen = format!("127.0.0.1:{port}");
    let server = Server::start_as(laman(folder.path(), &["--listen", &listen, "--public-url", &base]));
    let line = server.line();
    let path = line.strip_prefix(&format!("set up your blog: {base}")).expect("the set-up link");
    let browser = Browser::open();
    let authenticator = json!({ "options": { "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true } });
    browser.go(&format!("{base}{path}"));
    browser.devtools("WebAuthn.enable", &json!({}));
    browser.devtools("WebAuthn.addVirtualAuthenticator", &authenticator);
    browser.fill("#title", "Aminah");
    browser.fill("#name", "Aminah");
    browser.fill("#email", EMAIL);
    browser.fill("#password", PASSWORD);
    browser.leave(|| browser.find("main form button").click());

    browser.go(&format!("{base}/admin/you/security"));
    browser.fill("#passkey-name", "Laptop");
    browser.fill("#passkey-password", PASSWORD);
    browser.leave(|| browser.press(ENTER));
    assert_eq!(browser.find("[role=status]").text(), "The passkey is kept.");
    assert!(browser.find("#passkeys .plain-list li").text().contains("Laptop"));
    browser.leave(|| browser.find("header form button").click());

    browser.go(&format!("{base}/admin/sign-in?next=/admin/people"));
    browser.leave(|| browser.named("Sign in with a passkey").click());
    assert_eq!(browser.address(), format!("{base}/admin/people"));
}
