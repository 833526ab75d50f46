//! Starting from nothing, and starting again.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::program::support::{EMAIL, PASSWORD, Server, folder, laman};

#[test]
fn a_start_in_an_empty_folder_makes_the_database_for_its_owner_alone() {
    let folder = folder();
    let server = Server::start(folder.path());
    let mode = fs::metadata(folder.path().join("laman.db")).expect("a database").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // Neither may what SQLite puts beside it be read by others.
    for file in fs::read_dir(folder.path()).expect("the folder").flatten() {
        let name = file.file_name().into_string().expect("a name");
        let mode = file.metadata().expect("its state").permissions().mode() & 0o077;
        assert!(mode == 0 || name == "laman.db.lock", "{name}: {mode:o}");
    }
    server.stop();
}

#[test]
fn the_first_line_says_where_it_listens_and_the_second_how_to_set_it_up() {
    let folder = folder();
    let server = Server::start(folder.path());
    assert!(!server.address.ends_with(":0"), "the port is the real one: {}", server.address);
    let path = server.setup_path();
    let code = path.strip_prefix("/setup/").expect("the set-up page");
    assert!(code.len() >= 32, "{code}");
    let client = server.client();
    client.get(&path).expect(200);
    assert_eq!(client.get("/healthz").expect(200).text, "ok\n");
    // Until then readers are told so, and nobody else finds the way in.
    client.get("/").expect(503);
    client.get("/setup/00000000000000000000000000000000").expect(404);
    client.get("/admin/posts").expect(503);
    server.stop();
}

#[test]
fn every_start_chooses_another_set_up_code() {
    let folder = folder();
    let first = Server::start(folder.path());
    let code = first.setup_path();
    first.stop();
    let second = Server::start(folder.path());
    assert_ne!(second.setup_path(), code);
    second.client().get(&code).expect(404);
}

#[test]
fn the_set_up_link_works_once_and_no_later_start_prints_one() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (path, owner) = (server.setup_path(), server.client());
    owner.set_up(&path);
    assert!(owner.is_signed_in());
    owner.get("/").expect(200);
    owner.get(&path).expect(404);
    server.client().post(&path, &[("title", "Mine"), ("email", "thief@example.org")]).expect(404);
    server.stop();

    let server = Server::start(folder.path());
    let line = server.line();
    assert!(line.starts_with("read http://") && !line.contains("/setup/"), "{line}");
    let client = server.client();
    client.get(&path).expect(404);
    client.sign_in(PASSWORD).expect(303);
    assert!(client.is_signed_in());
}

#[test]
fn a_set_up_form_with_faults_keeps_what_was_typed_and_stays_open() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (path, client) = (server.setup_path(), server.client());
    let form = [("title", "Aminah’s garden"), ("language", "ms"), ("zone", "Asia/Nowhere"), ("name", "Aminah")];
    let page = client.post(&path, &[&form[..], &[("email", EMAIL), ("password", "short")]].concat()).expect(422).text;
    for kept in
        ["value=\"Aminah’s garden\"", "value=\"aminah@blog.example\"", "id=\"zone-error\"", "id=\"password-error\""]
    {
        assert!(page.contains(kept), "{kept}");
    }
    assert!(!page.contains("short"), "a password is never sent back");
    client.set_up(&path);
}

#[test]
fn a_set_up_code_can_be_chosen_in_a_file() {
    let folder = folder();
    fs::write(folder.path().join("code"), "chosen0by0the0installer\n").expect("the code");
    let mut command = laman(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command.env("LAMAN_SETUP_CODE_FILE", "code");
    let server = Server::start_as(command);
    assert_eq!(server.setup_path(), "/setup/chosen0by0the0installer");
    server.client().get("/setup/chosen0by0the0installer").expect(200);
}

#[test]
fn the_set_up_link_names_the_public_address() {
    let folder = folder();
    let args = ["--listen", "127.0.0.1:0", "--public-url", "https://blog.example"];
    let server = Server::start_as(laman(folder.path(), &args));
    let line = server.line();
    assert!(line.starts_with("set up your blog: https://blog.example/setup/"), "{line}");
}
