//! What people meet: a real Chromium in front of the real program.

mod blog;
mod conversation;
mod driver;
mod keyboard;
mod look;
mod queue;
mod saving;
mod story;
