//! What people meet: a real Chromium in front of the real program.

mod axe;
mod blog;
mod conversation;
mod driver;
mod keyboard;
mod look;
mod mails;
mod queue;
mod story;
