//! What nobody may see, do or plant: every route is walked, and every field is tried.

mod cross_site;
mod headers;
mod hidden;
mod odd_requests;
mod others;
mod routes;
mod script;
mod walk;
