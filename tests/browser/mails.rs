//! A mail server beside a test that waits for what arrives.

use tokio::runtime::{Builder, Runtime};

use crate::{
    program::support::{Client, until},
    support::{MailServer, Taken},
};

pub struct Mails {
    server: MailServer,
    /// What it runs on.
    _runtime: Runtime,
}

impl Mails {
    pub fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        Self { server: runtime.block_on(MailServer::start()), _runtime: runtime }
    }

    /// Has the blog of this owner send its mails here.
    #[track_caller]
    pub fn serve(&self, owner: &Client) {
        let port = self.server.port.to_string();
        let form = [("host", "127.0.0.1"), ("security", "none"), ("port", &port), ("sender", "blog@blog.example")];
        owner.post("/admin/settings/mail", &form).expect(303);
    }

    /// The newest mail to this address that has a link under these words, waited for.
    #[track_caller]
    pub fn to(&self, address: &str, words: &str) -> Taken {
        let mut found = None;
        until(&format!("a mail to {address} with “{words}”"), || {
            let is_it = |mail: &Taken| mail.to == address && mail.text().contains(&format!("{words}:\n"));
            found = self.server.taken().into_iter().rfind(is_it);
            found.is_some()
        });
        found.expect("a mail")
    }

    /// Where the link under these words leads, in the newest such mail.
    #[track_caller]
    pub fn link(&self, address: &str, words: &str) -> String {
        self.to(address, words).link(words)
    }
}
