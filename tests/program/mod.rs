//! The program from outside: the real binary, started in a folder of its own, spoken to as people and machines do.

mod backup;
mod command;
mod crash;
mod every_format;
mod files;
mod health;
mod http2;
mod import;
mod network;
mod patience;
mod refuse;
mod start;
mod stop;
pub mod support;
mod upload;
mod wordpress;
