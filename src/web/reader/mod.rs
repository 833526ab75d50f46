//! Pages for readers: the same for everybody, without cookies, script or anything from elsewhere.

pub mod archive;
pub mod feed;
pub mod home;
pub mod list;
pub mod post;
pub mod search;
pub mod sitemap;
mod structured;
