//! A blog to test with: everything is real but the socket and the time.

mod audit;
mod make;
mod page;
mod service;
mod smtp;
mod visitor;

use std::{
    io::{Cursor, Write},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
};

use jiff::tz::TimeZone;
use laman::{
    app::App,
    clock::Clock,
    jobs,
    model::{
        ids::UserId,
        language::Language,
        mail::{MailConfig, Security, Smtp},
        post::StoredPost,
        settings::{CommentHold, Settings},
        time::Time,
        user::Role,
    },
    rules::password,
    store::{NewUser, Store},
    text::{plain, slug},
    web::{self, Front, Keeping, Site},
};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

pub use self::{
    audit::hazards,
    make::{MadePost, content},
    page::{Form, Page},
    service::AskedService,
    smtp::{Authority, MailServer, Taken, Tls},
    visitor::Visitor,
};

/// When every test begins.
pub const START: &str = "2023-02-11T08:30:00Z";
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

pub const OWNER_NAME: &str = "Aminah Rahman";
pub const OWNER_EMAIL: &str = "aminah@blog.example";
pub const EDITOR_NAME: &str = "Wei Ling";
pub const EDITOR_EMAIL: &str = "weiling@blog.example";
pub const PASSWORD: &str = "kata laluan yang panjang";

/// A zip with these files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        packer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        packer.write_all(bytes).unwrap();
    }
    packer.finish().unwrap().into_inner()
}

pub fn time(rfc3339: &str) -> Time {
    rfc3339.parse::<jiff::Timestamp>().unwrap().into()
}

/// What a test may want otherwise.
pub struct Wishes {
    base: &'static str,
    language: &'static str,
    zone: &'static str,
    posts_per_page: u32,
    comments_per_page: u32,
    hold: CommentHold,
    trusted_proxies: &'static [&'static str],
    mail_ca: Option<String>,
}

impl Wishes {
    pub fn base(self, base: &'static str) -> Self {
        Self { base, ..self }
    }

    pub fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    pub fn zone(self, zone: &'static str) -> Self {
        Self { zone, ..self }
    }

    pub fn posts_per_page(self, posts_per_page: u32) -> Self {
        Self { posts_per_page, ..self }
    }

    pub fn comments_per_page(self, comments_per_page: u32) -> Self {
        Self { comments_per_page, ..self }
    }

    pub fn hold(self, hold: CommentHold) -> Self {
        Self { hold, ..self }
    }

    pub fn trusted_proxies(self, trusted_proxies: &'static [&'static str]) -> Self {
        Self { trusted_proxies, ..self }
    }

    /// Believes mail servers whose certificate this authority signed.
    pub fn mail_ca(self, pem: &str) -> Self {
        Self { mail_ca: Some(pem.to_owned()), ..self }
    }

    /// A blog that is set up, with an owner and an editor.
    pub async fn start(self) -> TestBlog {
        let blog = self.start_bare(None).await;
        let settings = Settings {
            uuid: "0b7a4f0e-6f0c-4a42-9d6b-0d8f3f1f3c11".to_owned(),
            title: "Laman Aminah".to_owned(),
            description: "Notes from a garden".to_owned(),
            language: Language::from_tag(self.language).unwrap(),
            zone: TimeZone::get(self.zone).unwrap(),
            zone_name: self.zone.to_owned(),
            posts_per_page: self.posts_per_page,
            comments_per_page: self.comments_per_page,
            comment_hold: self.hold,
            comments_open: true,
            ..Settings::initial(Language::ENGLISH)
        };
        let owner = person(OWNER_NAME, OWNER_EMAIL, Role::Owner);
        let owner = blog.app.store.set_up(&settings, &owner, blog.now()).await.unwrap().unwrap();
        blog.app.store.add_user(&person(EDITOR_NAME, EDITOR_EMAIL, Role::Editor), blog.now()).await.unwrap();
        TestBlog { owner, ..blog }
    }

    /// A database that nobody has set up.
    pub async fn start_bare(&self, setup_code: Option<&str>) -> TestBlog {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("laman.db");
        let clock = Clock::fixed(time(START));
        let (app, front) = open(&file, &clock, self.base, self.trusted_proxies, setup_code, self.mail_ca.clone()).await;
        TestBlog { app, front, clock, file, folder, owner: UserId(0) }
    }
}

async fn open(
    file: &std::path::Path,
    clock: &Clock,
    base: &str,
    trusted_proxies: &[&str],
    setup_code: Option<&str>,
    ca: Option<String>,
) -> (Arc<App>, Front) {
    let store = Store::open(file).await.unwrap();
    let trusted = trusted_proxies.iter().map(|network| network.parse().unwrap()).collect();
    let app = App::new(
        store,
        clock.clone(),
        &base.parse().unwrap(),
        trusted,
        setup_code.map(str::to_owned),
        MailConfig { smtp: None, ca },
    );
    (app.clone(), web::front(app, Keeping::default()))
}

/// Someone who signs in with [`PASSWORD`].
pub fn person(name: &str, email: &str, role: Role) -> NewUser {
    NewUser {
        name: name.to_owned(),
        slug: slug::slug(name),
        skeleton: plain::skeleton(name),
        email: email.to_owned(),
        role,
        password_hash: cheap_hash(PASSWORD),
    }
}

/// A hash that is verified as every other but was made with the least work: a hundred tests sign in.
fn cheap_hash(typed: &str) -> String {
    use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
    let least = Params::new(8, 1, 1, None).unwrap();
    let hash =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, least).hash_password(typed.as_bytes()).unwrap().to_string();
    debug_assert!(password::verify(typed, &hash));
    hash
}

/// A running blog.
pub struct TestBlog {
    pub app: Arc<App>,
    pub clock: Clock,
    /// The database.
    pub file: PathBuf,
    pub owner: UserId,
    front: Front,
    folder: TempDir,
}

impl TestBlog {
    pub async fn new() -> Self {
        Self::wish().start().await
    }

    /// English, UTC, ten posts to a page, first comments held, at http://blog.example.
    pub fn wish() -> Wishes {
        Wishes {
            base: "http://blog.example",
            language: "en",
            zone: "UTC",
            posts_per_page: 10,
            comments_per_page: 500,
            hold: CommentHold::First,
            trusted_proxies: &[],
            mail_ca: None,
        }
    }

    /// The same database behind another address, as after a move.
    pub async fn moved_to(self, base: &str) -> Self {
        self.app.store.close().await;
        let (app, front) = open(&self.file, &self.clock, base, &[], None, None).await;
        Self { app, front, ..self }
    }

    /// The folder that holds the database and nothing else.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// What is kept, and how.
    pub fn site(&self) -> &Arc<Site> {
        self.front.site()
    }

    /// What the program does by itself after a start.
    pub async fn warm_newest(&self) {
        self.front.warm_newest().await;
    }

    /// What it does after changes.
    pub async fn warm_home(&self) {
        self.front.warm_home().await;
    }

    /// The same blog, served by a second process that keeps no page.
    pub async fn without_keeping(&self) -> Self {
        let store = Store::open(&self.file).await.unwrap();
        let app = App::new(
            store,
            self.clock.clone(),
            &self.app.base.parse().unwrap(),
            Vec::new(),
            None,
            MailConfig::default(),
        );
        let front = web::front(app.clone(), Keeping { cache_bytes: 0, ..Keeping::default() });
        Self {
            app,
            front,
            clock: self.clock.clone(),
            file: self.file.clone(),
            folder: TempDir::new().unwrap(),
            owner: self.owner,
        }
    }

    /// The same program with other ways of keeping pages.
    pub fn keeping(self, keeping: Keeping) -> Self {
        let front = web::front(self.app.clone(), keeping);
        Self { front, ..self }
    }

    /// Somebody who is not signed in.
    pub fn reader(&self) -> Visitor {
        Visitor::new(self.front.clone(), &self.app.base)
    }

    /// Somebody elsewhere on the net.
    pub fn reader_from(&self, address: &str) -> Visitor {
        let mut reader = self.reader();
        reader.peer = SocketAddr::new(address.parse().unwrap(), 40_000);
        reader
    }

    /// The owner, signed in at the door.
    pub async fn owner(&self) -> Visitor {
        self.signed_in(OWNER_EMAIL).await
    }

    /// An editor, signed in at the door.
    pub async fn editor(&self) -> Visitor {
        self.signed_in(EDITOR_EMAIL).await
    }

    /// Somebody in this role, signed in: Aminah, Wei Ling, or one more.
    pub async fn signed_in_as(&self, role: Role) -> Visitor {
        let email = match role {
            Role::Owner => OWNER_EMAIL,
            Role::Editor => EDITOR_EMAIL,
            Role::Author => "omar@blog.example",
            Role::Contributor => "tini@blog.example",
        };
        let name = if role == Role::Author { "Omar" } else { "Tini" };
        if email.starts_with(['o', 't']) && self.app.store.credentials(email).await.unwrap().is_none() {
            self.app.store.add_user(&person(name, email, role), self.now()).await.unwrap();
        }
        self.signed_in(email).await
    }

    async fn signed_in(&self, email: &str) -> Visitor {
        let visitor = self.reader();
        let answer = sign_in(&visitor, email, PASSWORD).await;
        assert_eq!(answer.status(), 303, "{}", answer.body());
        visitor
    }

    /// Changes what the owner decides.
    pub async fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.app.store.settings().await.unwrap().unwrap();
        change(&mut settings);
        self.app.store.save_settings(&settings).await.unwrap();
    }

    /// Has the blog send its mails to this server.
    pub async fn mails_by(&self, server: &MailServer) {
        let smtp = Smtp {
            host: "127.0.0.1".to_owned(),
            port: server.port,
            security: Security::None,
            user: String::new(),
            password: String::new(),
            sender: "blog@blog.example".to_owned(),
        };
        self.app.store.save_smtp(Some(&smtp), self.now()).await.unwrap();
    }

    /// Sends what is due.
    pub async fn post_mail(&self) {
        while jobs::step(&self.app).await.unwrap() == jobs::Stepped::Done {}
    }

    /// Has the blog ask this service about comments.
    pub async fn asks(&self, service: &AskedService) {
        self.app.store.save_outside_service(Some(&service.service()), self.now()).await.unwrap();
    }

    /// Asks about what is due.
    pub async fn ask_outside(&self) {
        while jobs::check(&self.app).await.unwrap() == jobs::Stepped::Done {}
    }

    pub async fn stored(&self, post: &MadePost) -> StoredPost {
        self.app.store.stored_post(post.id).await.unwrap().unwrap()
    }

    /// A connection of its own to the database file, for what no page tells.
    pub async fn database(&self) -> SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&self.file);
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}

/// Goes to the door, fills in its form and sends it.
pub async fn sign_in(visitor: &Visitor, email: &str, password: &str) -> Page {
    let door = visitor.get("/admin/sign-in").await;
    door.form("main form").set("email", email).set("password", password).submit(visitor).await
}
