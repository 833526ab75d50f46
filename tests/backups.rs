//! Backups that are made by themselves or asked for at the desk: when, where, how many stay, and what the page says.

use std::{fs, path::PathBuf};

use axum::{body::Body, extract::Request};
use http_body_util::BodyExt;
use laman::{
    jobs::{self, Stepped},
    model::user::Role,
};
use tower::ServiceExt;

use crate::support::*;

const PAGE: &str = "/admin/settings/backup";

/// Names of the backups in the folder beside the database, oldest first.
fn kept(blog: &TestBlog) -> Vec<String> {
    names(&blog.folder().join("laman.db-backups"))
}

fn names(folder: &PathBuf) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Chooses how often; gives the answer.
async fn choose(owner: &Visitor, every: &str, hour: &str, folder: &str, keep: &str) -> Page {
    let form = owner.get(PAGE).await.form("form.settings");
    let form = form.choose("every", every).set("hour", hour).set("folder", folder).set("keep", keep);
    form.submit(owner).await
}

#[tokio::test]
async fn the_owner_asks_for_a_backup_and_reads_that_it_was_proved() {
    let blog = TestBlog::new().await;
    blog.published_post("Durian").create().await;
    let owner = blog.owner().await;
    let page = owner.get(PAGE).await;
    assert_eq!(page.text(".last-backup"), "There is no backup yet.");
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
    let asked = page.form("form.buttons").press("Back up now", &owner).await;
    assert_eq!(asked.status(), 303);
    assert!(owner.follow(&asked).await.text("p.notice").contains("is being made"));

    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
    assert_eq!(kept(&blog), ["laman-20230211-083000.db.zst"]);
    let said = owner.get(PAGE).await.text(".last-backup");
    assert!(said.starts_with("Last backup on 11 February 2023, 08:30. Proved, with ") && said.contains("KB"), "{said}");
    assert!(said.ends_with(" laman-20230211-083000.db.zst"), "{said}");
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle, "it was asked for once");
    let log = owner.get("/admin/log").await;
    assert!(log.body().contains("Backup asked for"), "{}", log.body());
}

#[tokio::test]
async fn whoever_watches_the_machine_is_told_when_the_last_backup_was_proved() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let seconds = async || {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = laman::web::metrics(blog.site().clone()).oneshot(request).await.unwrap();
        let text = String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let told = text.lines().find_map(|line| line.strip_prefix("laman_backup_proved_seconds ")).map(str::to_owned);
        told.unwrap_or(text)
    };
    assert_eq!(seconds().await, "0");
    owner.get(PAGE).await.form("form.buttons").press("Back up now", &owner).await;
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
    assert_eq!(seconds().await, "1676104200");
}

#[tokio::test]
async fn a_backup_comes_every_day_at_its_hour_and_the_oldest_goes() {
    let blog = TestBlog::wish().zone("Asia/Kuala_Lumpur").start().await;
    let owner = blog.owner().await;
    assert_eq!(choose(&owner, "daily", "3", "", "2").await.status(), 303);
    // 16:30 in Kuala Lumpur: nothing is due before three in the night.
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
    blog.clock.advance(10 * HOUR + 29 * MINUTE);
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
    blog.clock.advance(MINUTE);
    for _ in 0..3 {
        assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
        assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
        blog.clock.advance(DAY);
    }
    assert_eq!(kept(&blog), ["laman-20230212-190000.db.zst", "laman-20230213-190000.db.zst"]);
    // What a machine slept through is made up for once.
    blog.clock.advance(5 * DAY);
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
    choose(&owner, "never", "3", "", "2").await;
    blog.clock.advance(5 * DAY);
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
}

#[tokio::test]
async fn a_backup_that_cannot_be_made_is_told_and_tried_again_an_hour_later() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let folder = blog.folder().join("elsewhere");
    fs::create_dir(&folder).unwrap();
    let typed = folder.to_str().unwrap();
    assert_eq!(choose(&owner, "weekly", "0", typed, "1").await.status(), 303);
    fs::remove_dir(&folder).unwrap();
    // To Monday.
    blog.clock.advance(2 * DAY);
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
    let page = owner.get(PAGE).await;
    assert!(page.text("table").contains("the folder cannot be written to"), "{}", page.text("table"));
    assert_eq!(page.text(".last-backup"), "There is no backup yet.");
    fs::create_dir(&folder).unwrap();
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Idle);
    blog.clock.advance(HOUR);
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
    assert_eq!(names(&folder).len(), 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused_where_it_was_typed_and_stays_there() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let file = blog.file.to_str().unwrap().to_owned();
    for (hour, folder, keep, faults) in [
        ("24", "", "3", &["hour"][..]),
        ("3", "backups", "3", &["folder"]),
        ("3", "/nowhere/at/all", "3", &["folder"]),
        ("3", &file, "3", &["folder"]),
        ("x", "", "0", &["hour", "keep"]),
    ] {
        let page = choose(&owner, "daily", hour, folder, keep).await;
        assert_eq!(page.status(), 422);
        for fault in faults {
            assert!(!page.text(&format!("#{fault}-error")).is_empty(), "{fault}");
        }
        for (name, typed) in [("hour", hour), ("folder", folder), ("keep", keep)] {
            assert_eq!(page.attribute(&format!("#{name}"), "value"), typed);
        }
    }
    assert!(jobs::backup::step(&blog.app).await.unwrap() == Stepped::Idle);
    let editor = blog.signed_in_as(Role::Editor).await;
    assert_eq!(editor.get(PAGE).await.status(), 403);
}

#[tokio::test]
async fn no_backup_goes_that_this_blog_did_not_make_by_itself() {
    let (blog, other) = (TestBlog::new().await, TestBlog::new().await);
    let folder = blog.folder().join("shared");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("laman-20200101-000000.db.zst"), "by hand").unwrap();
    for (name, is_old) in
        [("laman-20230101-000000.db.zst.partial", true), ("laman-20230102-000000.db.zst.packing", false)]
    {
        let file = fs::File::create(folder.join(name)).unwrap();
        if is_old {
            file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        }
    }
    let typed = folder.to_str().unwrap();
    for (one, keep) in [(&blog, "1"), (&other, "7")] {
        let owner = one.owner().await;
        assert_eq!(choose(&owner, "daily", "3", typed, keep).await.status(), 303);
        one.clock.advance(DAY);
    }
    for _ in 0..2 {
        // In the same second: each takes a name of its own.
        assert_eq!(jobs::backup::step(&other.app).await.unwrap(), Stepped::Done);
        assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
        blog.clock.advance(DAY);
        other.clock.advance(DAY);
    }
    let wanted = [
        "laman-20200101-000000.db.zst",
        "laman-20230102-000000.db.zst.packing",
        "laman-20230212-083000.db.zst",
        "laman-20230213-083000.db.zst",
        "laman-20230213-083001.db.zst",
    ];
    assert_eq!(names(&folder), wanted);
}

#[tokio::test]
async fn a_backup_that_fails_is_told_at_the_desk_and_by_one_mail_until_the_next_is_made() {
    let (blog, server) = (TestBlog::new().await, MailServer::start().await);
    blog.mails_by(&server).await;
    let owner = blog.owner().await;
    let folder = blog.folder().join("elsewhere");
    fs::create_dir(&folder).unwrap();
    assert_eq!(choose(&owner, "daily", "3", folder.to_str().unwrap(), "3").await.status(), 303);
    assert!(!owner.get("/admin").await.body().contains("backup"), "{}", owner.get("/admin").await.body());
    fs::remove_dir(&folder).unwrap();
    blog.clock.advance(DAY);
    let mut told = Vec::new();
    for _ in 0..3 {
        assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
        blog.post_mail().await;
        told.extend(server.empty());
        blog.clock.advance(HOUR);
    }
    assert_eq!(told.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [OWNER_EMAIL]);
    let text = told[0].text();
    assert!(text.contains("cannot be written to") && text.contains("/admin/settings/backup"), "{text}");
    let alarm = owner.get(PAGE).await.text("p.alarm");
    assert!(alarm.contains("The last backup could not be made. Not made: the folder"), "{alarm}");
    assert!(owner.get("/admin").await.text("p.alarm").contains("The last backup could not be made."));
    let editor = blog.signed_in_as(Role::Editor).await;
    assert!(!editor.get("/admin").await.body().contains("settings/backup"));
    fs::create_dir(&folder).unwrap();
    assert_eq!(jobs::backup::step(&blog.app).await.unwrap(), Stepped::Done);
    assert!(!owner.get("/admin").await.body().contains("settings/backup"));
    assert!(!owner.get(PAGE).await.body().contains("role=\"alert\""));
    // The program stood still, or its clock.
    blog.clock.advance(2 * DAY);
    assert!(owner.get(PAGE).await.text("p.alarm").contains("overdue"));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused_beside_its_field_and_so_is_what_the_form_does_not_offer() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let page = choose(&owner, "daily", "3", "/proc", "3").await;
    assert_eq!(page.status(), 422);
    assert!(page.text("#folder-error").contains("cannot write to this folder"), "{}", page.text("#folder-error"));
    let form = owner.get(PAGE).await.form("form.settings");
    let page = form.set("every", "hourly").submit(&owner).await;
    assert_eq!(page.status(), 422);
    assert!(!page.text("#every-error").is_empty());
}
