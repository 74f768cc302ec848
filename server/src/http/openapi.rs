//! The OpenAPI document, made from the routes.

use axum::{Json, extract::State};
use utoipa::openapi::{
    Info, License, OpenApi, SecurityRequirement, Server,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::router;
use crate::app::App;

/// Describes both hosts. The CDN's operations carry their own `servers` entry.
///
/// `api_url` and `cdn_url` are where the hosts are reached; the committed document has the defaults.
pub fn document(api_url: &str, cdn_url: &str) -> OpenApi {
    let mut document = router::api_routes().into_openapi();
    let mut cdn = router::cdn_routes().into_openapi();
    for item in cdn.paths.paths.values_mut() {
        let mut server = Server::new(cdn_url);
        server.description = Some("The CDN host (cdn.public_url)".to_owned());
        item.servers = Some(vec![server]);
    }
    document.merge(cdn);

    let mut info = Info::new("Reupload", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "The upload backend that a web developer runs instead of writing one. All times are ISO 8601 in UTC, sizes are in bytes, \
         durations in seconds. A trailing slash on any API path is accepted. Every answer carries X-Request-Id."
            .to_owned(),
    );
    let mut license = License::new("MIT");
    license.identifier = Some("MIT".to_owned());
    info.license = Some(license);
    document.info = info;
    let mut server = Server::new(api_url);
    server.description = Some("The API host (api.public_url)".to_owned());
    document.servers = Some(vec![server]);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key: ru_…")).build();
    document.components.get_or_insert_default().add_security_scheme("apiKey", SecurityScheme::Http(bearer));
    document.security = Some(vec![SecurityRequirement::new("apiKey", Vec::<String>::new())]);
    document
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "health", security(()),
    responses((status = 200, body = serde_json::Value, description = "The OpenAPI document"),
        (status = 429, body = super::error::ErrorBody, description = "Too many requests")))]
pub(super) async fn openapi_json(State(app): State<App>) -> Json<OpenApi> {
    Json(document(&app.config().api.public_url, &app.config().cdn.public_url))
}
