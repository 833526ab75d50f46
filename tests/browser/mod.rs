//! What people meet: a real Chromium in front of the real program.

mod axe;
mod blog;
mod by_mail;
mod conversation;
mod driver;
mod files;
mod keyboard;
mod long_thread;
mod look;
mod mails;
mod moving_in;
mod passkey;
mod queue;
mod saving;
mod story;
mod writing;
