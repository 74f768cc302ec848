//! The OpenAPI document, made from the routes.

use axum::{Json, extract::State};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Info, License, OpenApi, SecurityRequirement, Server,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{error::ErrorBody, router};
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

/// Describes the dashboard's own API, which only its pages use.
pub fn dashboard_document(api_url: &str) -> OpenApi {
    let mut document = router::dashboard_routes().into_openapi();
    let mut info = Info::new("Reupload dashboard", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What the pages of the dashboard are made of. People sign in by a cookie; API keys do not work here. x-role says who may call an \
         operation. Unlike the API for apps it may change with each version."
            .to_owned(),
    );
    document.info = info;
    document.servers = Some(vec![Server::new(api_url)]);
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-reupload")));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("login", cookie);
    components.schemas.insert(ErrorBody::name().into_owned(), ErrorBody::schema());
    document.security = Some(vec![SecurityRequirement::new("login", Vec::<String>::new())]);
    document
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "health", security(()),
    responses((status = 200, body = serde_json::Value, description = "The OpenAPI document"),
        (status = 429, body = super::error::ErrorBody, description = "Too many requests")))]
pub(super) async fn openapi_json(State(app): State<App>) -> Json<OpenApi> {
    Json(document(&app.config().api.public_url, &app.config().cdn.public_url))
}
