//! A small WebDriver client: just enough of the protocol to drive Chromium as a person would.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::mpsc::channel,
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::support::{PATIENCE, until};

const MISSING: &str = "browser tests need Chromium and its driver: `make test` installs them \
                       (Debian packages chromium and chromium-driver)";

/// How WebDriver names the reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";
pub const SHIFT: &str = "\u{E008}";
pub const CONTROL: &str = "\u{E009}";
pub const ESCAPE: &str = "\u{E00C}";
pub const RIGHT: &str = "\u{E014}";
pub const DOWN: &str = "\u{E015}";

/// A Chromium of its own, with an empty profile.
pub struct Browser {
    driver: Driver,
    /// `http://127.0.0.1:PORT/session/ID`
    session: String,
    agent: ureq::Agent,
    _profile: TempDir,
}

/// The chromedriver process: leader of a group in which its Chromium runs too.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // The whole group, so that no Chromium is left behind by a test that failed.
        let _ = Command::new("sh").arg("-c").arg(format!("kill -KILL -{}", self.0.id())).status();
        let _ = self.0.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closes Chromium in good order; what is left of it goes with the driver.
        let _ = self.agent.delete(&self.session).call();
        let _ = &self.driver;
    }
}

impl Browser {
    pub fn open() -> Self {
        Self::start(&json!({}))
    }

    /// One in which no script of any page runs.
    pub fn open_without_scripts() -> Self {
        let browser = Self::start(&json!({ "profile.managed_default_content_settings.javascript": 2 }));
        browser.go("data:text/html,<title>off</title><script>document.title = 'on'</script>");
        assert_eq!(browser.title(), "off", "scripts run although they are switched off");
        browser
    }

    fn start(preferences: &Value) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut driver = Driver(
            Command::new("chromedriver")
                .arg("--port=0")
                .process_group(0)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| panic!("chromedriver: {error}; {MISSING}")),
        );
        let stdout = driver.0.stdout.take().expect("a pipe");
        let (said, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        let port = loop {
            let line =
                lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("chromedriver does not start; {MISSING}"));
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE * 2)).build().into();
        let folder = profile.path().to_str().expect("a UTF-8 path");
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "timeouts": { "implicit": 0, "script": PATIENCE.as_millis() as u64 },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-default-apps", "--disable-extensions", "--hide-scrollbars", "--lang=en",
                    "--disable-features=Translate,OptimizationHints,MediaRouter",
                    format!("--user-data-dir={folder}"),
                ],
                "prefs": preferences,
            },
        } } });
        let mut browser =
            Self { driver, session: format!("http://127.0.0.1:{port}/session"), agent, _profile: profile };
        let session = browser.try_call("", Some(&capabilities)).unwrap_or_else(|error| panic!("{error}\n{MISSING}"));
        let id = session["sessionId"].as_str().expect("a session").to_owned();
        browser.session = format!("http://127.0.0.1:{port}/session/{id}");
        browser.resize(1280, 900);
        // Away from the browser's own first page: it goes on loading for a while, and keeps the keyboard meanwhile.
        browser.go("about:blank");
        // The window of a machine that shows none may never become the one that has the keyboard: say that it is.
        let focus = json!({ "cmd": "Emulation.setFocusEmulationEnabled", "params": { "enabled": true } });
        browser.call("/goog/cdp/execute", &focus);
        browser
    }

    /// A command: POST where there is something to send, else GET.
    fn try_call(&self, path: &str, sent: Option<&Value>) -> Result<Value, String> {
        let address = format!("{}{path}", self.session);
        let answer = match sent {
            Some(sent) => self.agent.post(&address).send_json(sent),
            None => self.agent.get(&address).call(),
        };
        let mut answer = answer.map_err(|error| error.to_string())?;
        let mut said: Value =
            answer.body_mut().with_config().limit(256 * 1024 * 1024).read_json().map_err(|error| error.to_string())?;
        let value = said["value"].take();
        match value["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
            None => Ok(value),
        }
    }

    #[track_caller]
    fn call(&self, path: &str, sent: &Value) -> Value {
        self.try_call(path, Some(sent)).unwrap_or_else(|error| panic!("{path} {sent}: {error}"))
    }

    #[track_caller]
    fn ask(&self, path: &str) -> Value {
        self.try_call(path, None).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[track_caller]
    pub fn go(&self, address: &str) {
        self.call("/url", &json!({ "url": address }));
    }

    #[track_caller]
    pub fn address(&self) -> String {
        self.ask("/url").as_str().expect("an address").to_owned()
    }

    #[track_caller]
    pub fn title(&self) -> String {
        self.ask("/title").as_str().expect("a title").to_owned()
    }

    #[track_caller]
    pub fn cookies(&self) -> Vec<Value> {
        self.ask("/cookie").as_array().expect("a list").clone()
    }

    /// The first element that a CSS selector names, waited for.
    #[track_caller]
    pub fn find(&self, selector: &str) -> Element<'_> {
        let mut found = None;
        until(&format!("{selector} on {}", self.address()), || {
            found = self.find_now(selector).into_iter().next();
            found.is_some()
        });
        found.expect("an element")
    }

    /// All elements that a CSS selector names at this moment.
    #[track_caller]
    pub fn find_now(&self, selector: &str) -> Vec<Element<'_>> {
        let found = self.call("/elements", &json!({ "using": "css selector", "value": selector }));
        self.elements(&found)
    }

    /// The button or link with exactly this text.
    #[track_caller]
    pub fn named(&self, text: &str) -> Element<'_> {
        let path = format!("//*[self::a or self::button or self::summary][normalize-space()=\"{text}\"]");
        let mut found = None;
        until(&format!("“{text}” on {}", self.address()), || {
            let all = self.call("/elements", &json!({ "using": "xpath", "value": path }));
            found = self.elements(&all).into_iter().next();
            found.is_some()
        });
        found.expect("an element")
    }

    fn elements(&self, found: &Value) -> Vec<Element<'_>> {
        let ids = found.as_array().expect("a list").iter();
        ids.map(|one| Element { browser: self, id: one[ELEMENT].as_str().expect("a reference").to_owned() }).collect()
    }

    /// Writes into a field, over what stands there.
    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) {
        let field = self.find(selector);
        self.call(&format!("/element/{}/clear", field.id), &json!({}));
        field.write(text);
    }

    /// Does what leads to another page and waits until the one before is gone.
    #[track_caller]
    pub fn leave(&self, by: impl FnOnce()) {
        let page = self.find("html");
        by();
        until("another page", || page.is_gone());
        self.find("body");
    }

    /// Presses a key, or types, wherever the focus is.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })])
            .collect();
        self.call("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] }));
    }

    /// Presses keys together: each stays down until the last is.
    #[track_caller]
    pub fn press_together(&self, keys: &[&str]) {
        let stroke = |kind: &'static str| move |key: &&str| json!({ "type": kind, "value": key });
        let strokes: Vec<Value> =
            keys.iter().map(stroke("keyDown")).chain(keys.iter().rev().map(stroke("keyUp"))).collect();
        self.call("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] }));
    }

    /// The element that has the focus.
    #[track_caller]
    pub fn focused(&self) -> Element<'_> {
        let found = self.ask("/element/active");
        self.elements(&json!([found])).remove(0)
    }

    /// Runs a function's body in the page; gives what it returns.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.call("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The same, of a script that returns a list of complaints.
    #[track_caller]
    pub fn complaints(&self, script: &str) -> Vec<String> {
        let said = self.run(script);
        let said = said.as_array().unwrap_or_else(|| panic!("no list: {said}"));
        said.iter().map(|one| one.as_str().expect("a text").to_owned()).collect()
    }

    /// Speaks to Chromium's own protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.call("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Gives the page so many CSS pixels.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// The same, waiting until the page has the width.
    #[track_caller]
    pub fn at_width(&self, width: u32) {
        self.resize(width, 900);
        until("the new width", || self.run("return innerWidth") == width);
    }

    /// Shows pages on `media` (`screen` or `print`) to someone who likes the `scheme` (`light` or `dark`).
    #[track_caller]
    pub fn show_as(&self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": media, "features": features }));
        let is_so =
            format!("return matchMedia('(prefers-color-scheme: {scheme})').matches && matchMedia('{media}').matches");
        until("the scheme", || self.run(&is_so) == true);
    }

    /// What was said on the console since the last time this was asked.
    #[track_caller]
    pub fn console(&self) -> Vec<String> {
        let said = self.call("/se/log", &json!({ "type": "browser" }));
        said.as_array().expect("a list").iter().map(|line| line["message"].to_string()).collect()
    }

    /// The addresses that were requested since the last time this was asked.
    #[track_caller]
    pub fn requests(&self) -> Vec<String> {
        let events = self.call("/se/log", &json!({ "type": "performance" }));
        events
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|event| serde_json::from_str::<Value>(event["message"].as_str()?).ok())
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|event| Some(event["message"]["params"]["request"]["url"].as_str()?.to_owned()))
            .collect()
    }
}

/// Something on a page.
pub struct Element<'a> {
    browser: &'a Browser,
    id: String,
}

impl Element<'_> {
    /// Scrolls it into the middle, as a person would who sees something lying over it, and clicks.
    #[track_caller]
    pub fn click(&self) {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.browser.call("/execute/sync", &json!({ "script": script, "args": [{ ELEMENT: self.id }] }));
        self.browser.call(&format!("/element/{}/click", self.id), &json!({}));
    }

    #[track_caller]
    pub fn write(&self, text: &str) {
        self.browser.call(&format!("/element/{}/value", self.id), &json!({ "text": text }));
    }

    /// The text as it is shown.
    #[track_caller]
    pub fn text(&self) -> String {
        self.browser.ask(&format!("/element/{}/text", self.id)).as_str().expect("a text").to_owned()
    }

    /// A computed style.
    #[track_caller]
    pub fn style(&self, property: &str) -> String {
        self.browser.ask(&format!("/element/{}/css/{property}", self.id)).as_str().expect("a style").to_owned()
    }

    /// An attribute; empty where there is none.
    #[track_caller]
    pub fn attribute(&self, name: &str) -> String {
        self.browser.ask(&format!("/element/{}/attribute/{name}", self.id)).as_str().unwrap_or_default().to_owned()
    }

    fn is_gone(&self) -> bool {
        self.browser.try_call(&format!("/element/{}/name", self.id), None).is_err()
    }
}
