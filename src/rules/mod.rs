//! What the blog decides, as pure functions of values: no store, no request, no clock.

pub mod digest;
pub mod judge;
pub mod network;
pub mod password;
pub mod permission;
pub mod thread;
pub mod token;
