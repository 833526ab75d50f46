//! What the blog decides, as pure functions of values: no store, no request, no clock.

pub mod backup;
pub mod colour;
pub mod diff;
pub mod digest;
pub mod judge;
pub mod look;
pub mod merge;
pub mod missing;
pub mod nearest;
pub mod network;
pub mod old_address;
pub mod own_address;
pub mod passkey;
pub mod password;
pub mod permission;
pub mod readers;
pub mod seal;
pub mod thread;
pub mod token;
pub mod totp;
