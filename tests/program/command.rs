//! Commands: settings and where they come from, people and their passwords, help.

use std::fs;

use crate::program::support::{EMAIL, PASSWORD, Server, finish, folder, laman, run};

const OTHER_PASSWORD: &str = "sembilan payung di tepi laut";

/// The line of `laman config` about one setting, its columns apart by single spaces.
fn setting(shown: &str, name: &str) -> String {
    let line = shown.lines().find(|line| line.split_whitespace().next() == Some(name));
    line.unwrap_or_else(|| panic!("no {name} in {shown}")).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn config_shows_every_setting_with_its_source_and_no_secret() {
    let folder = folder();
    fs::write(
        folder.path().join("laman.toml"),
        "listen = \"127.0.0.1:1001\"\ndatabase = \"file.db\"\nlog-level = \"warn\"\nsetup-code = \"secret0of0the0file\"\n",
    )
    .expect("a file");
    let mut command = laman(folder.path(), &["config", "--listen", "127.0.0.1:3003"]);
    command.env("LAMAN_LISTEN", "127.0.0.1:2002").env("LAMAN_DATABASE", "environment.db");
    let ended = finish(command, "");
    let shown = ended.printed();
    // Flag over environment over file over default.
    assert_eq!(setting(shown, "listen"), "listen 127.0.0.1:3003 flag");
    assert_eq!(setting(shown, "database"), "database environment.db environment, LAMAN_DATABASE");
    assert_eq!(setting(shown, "log-level"), "log-level warn laman.toml");
    assert_eq!(setting(shown, "log-format"), "log-format text default");
    assert_eq!(setting(shown, "public-url"), "public-url (none) default");
    assert_eq!(setting(shown, "setup-code"), "setup-code (hidden) laman.toml");
    assert!(!shown.contains("secret0of0the0file"), "{shown}");
    // To look is not to make.
    assert!(!folder.path().join("environment.db").exists());
}

#[test]
fn a_setting_that_cannot_be_used_is_refused_with_its_name_and_place() {
    let folder = folder();
    for (file, told) in [
        ("lisen = \"127.0.0.1:80\"", "lisen"),
        ("listen = \"everywhere\"", "listen"),
        ("listen = 8080", "listen"),
        ("public-url = \"https://blog.example/blog\"", "public-url"),
        ("this is no TOML", "laman.toml"),
        ("setup-code = \"short\"", "setup-code"),
    ] {
        fs::write(folder.path().join("laman.toml"), file).expect("a file");
        for command in [&["serve"][..], &["config"], &["user", "list"]] {
            let ended = run(folder.path(), command);
            let line = ended.refusal();
            assert!(line.contains(told) && line.contains("laman.toml"), "{line}");
            assert!(!line.contains("short"), "a secret is not repeated: {line}");
        }
    }
    fs::remove_file(folder.path().join("laman.toml")).expect("removed");
    let ended = run(folder.path(), &["serve", "--trusted-proxies", "10.0.0.0/33"]);
    assert!(ended.refusal().contains("trusted-proxies") && ended.refusal().contains("flag"), "{}", ended.err);
    let ended = run(folder.path(), &["config", "--config", "missing.toml"]);
    assert!(ended.refusal().contains("missing.toml"), "{}", ended.err);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

#[test]
fn help_shows_how_it_is_used_and_version_which_one_it_is() {
    let folder = folder();
    let help = run(folder.path(), &["--help"]);
    for part in ["Examples:", "laman import markdown", "--public-url", "LAMAN_PUBLIC_URL", "laman.toml"] {
        assert!(help.printed().contains(part), "{part}: {}", help.out);
    }
    for command in ["serve", "user", "import", "backup", "restore", "check", "doctor", "config"] {
        let help = run(folder.path(), &[command, "--help"]);
        assert!(help.printed().contains("Usage: laman"), "{}", help.out);
    }
    let version = run(folder.path(), &["--version"]);
    assert_eq!(version.printed(), concat!("laman ", env!("CARGO_PKG_VERSION"), "\n"));
    let unknown = run(folder.path(), &["--colour"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(unknown.err.contains("--colour"), "{}", unknown.err);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

fn add<'a>(email: &'a str, password_file: &'a str) -> [&'a str; 10] {
    ["user", "add", "--name", "Aminah", "--email", email, "--role", "owner", "--password-file", password_file]
}

#[test]
fn a_user_is_added_with_a_password_from_standard_input_or_a_file() {
    let folder = folder();
    let added = finish(laman(folder.path(), &add(EMAIL, "-")), &format!("{PASSWORD}\n"));
    assert!(added.printed().contains(EMAIL), "{}", added.out);
    fs::write(folder.path().join("password"), format!("{OTHER_PASSWORD}\nthe second line is not part of it\n"))
        .expect("a file");
    let editor =
        [&add("Omar@Blog.Example", "password")[..3], &["Omar"], &add("Omar@Blog.Example", "password")[4..6]].concat();
    run(folder.path(), &[&editor[..], &["--role", "editor", "--password-file", "password"]].concat()).printed();

    let listed = run(folder.path(), &["user", "list"]);
    let lines: Vec<Vec<&str>> = listed.printed().lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines, [["owner", EMAIL, "Aminah"], ["editor", "omar@blog.example", "Omar"]]);
    assert!(!listed.out.contains("argon2"));

    // Both passwords open the door of a server that needs no set-up any more.
    let server = Server::start(folder.path());
    assert!(!server.line().contains("/setup/"));
    let (aminah, omar) = (server.client(), server.client());
    aminah.sign_in(PASSWORD).expect(303);
    omar.post("/admin/sign-in", &[("email", "omar@blog.example"), ("password", OTHER_PASSWORD)]).expect(303);
    assert!(aminah.is_signed_in() && omar.is_signed_in());
}

#[test]
fn a_user_is_refused_in_words_and_no_database_is_made_for_one() {
    let folder = folder();
    fs::write(folder.path().join("password"), PASSWORD).expect("a file");
    for (password, told) in [
        ("short", "15 characters"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("aminah@blog.example!", "easy to guess"),
        ("\n", "15 characters"),
    ] {
        let ended = finish(laman(folder.path(), &add(EMAIL, "-")), password);
        assert!(ended.refusal().contains(told), "{password:?}: {}", ended.err);
        assert!(password == "\n" || !ended.err.contains(password), "a password is never repeated: {}", ended.err);
    }
    let ended = run(folder.path(), &add("nowhere", "password"));
    assert!(ended.refusal().contains("nowhere") && ended.refusal().contains("--email"), "{}", ended.err);
    let ended = run(folder.path(), &add(EMAIL, "missing"));
    assert!(ended.refusal().contains("missing"), "{}", ended.err);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("the folder").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(left, ["password"]);
}

#[test]
fn an_e_mail_address_belongs_to_one_user_whatever_its_letters_case() {
    let folder = folder();
    fs::write(folder.path().join("password"), PASSWORD).expect("a file");
    run(folder.path(), &add(EMAIL, "password")).printed();
    let ended = run(folder.path(), &add("AMINAH@blog.example", "password"));
    assert!(ended.refusal().contains("belongs to another user"), "{}", ended.err);
    assert_eq!(run(folder.path(), &["user", "list"]).printed().lines().count(), 1);
}

#[test]
fn a_new_password_ends_every_session_of_a_running_server_at_once() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (phone, desktop) = (server.client(), server.client());
    phone.set_up(&server.setup_path());
    desktop.sign_in(PASSWORD).expect(303);
    assert!(phone.is_signed_in() && desktop.is_signed_in());

    let change = ["user", "password", "--email", EMAIL, "--password-file", "-"];
    let ended = finish(laman(folder.path(), &change), OTHER_PASSWORD);
    assert!(ended.printed().contains(EMAIL), "{}", ended.out);

    assert!(!phone.is_signed_in() && !desktop.is_signed_in());
    phone.sign_in(PASSWORD).expect(422);
    phone.sign_in(OTHER_PASSWORD).expect(303);
    assert!(phone.is_signed_in());
    let nobody = ["user", "password", "--email", "nobody@blog.example", "--password-file", "-"];
    let ended = finish(laman(folder.path(), &nobody), PASSWORD);
    assert!(ended.refusal().contains("nobody@blog.example"), "{}", ended.err);
}
