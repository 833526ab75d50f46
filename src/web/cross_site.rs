//! Refuses writes that another site's page sends, by what the browser says of them: pages need to hold no token.

use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::error::Error;

/// Go's cross-origin protection as tower-http has it: `Sec-Fetch-Site`, else `Origin` against `Host`. The public address
/// is trusted by name, so that a proxy that rewrites `Host` breaks nothing.
pub fn layer(base: &str) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    let layer = match layer.clone().add_trusted_origin(base) {
        Ok(layer) => layer,
        Err(error) => {
            tracing::warn!(%error, "the public address is no origin; forms are checked against the Host header");
            layer
        }
    };
    layer.with_rejection_response(|_| Error::Forbidden.into_response())
}
