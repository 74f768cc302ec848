//! Every route on one screen.
//!
//! Routes enter through `routes!`, so path, method and schema are written once, at the handler.

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware::from_fn, middleware::from_fn_with_state, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    api::{access, files, history, sessions, uploads, usage, whoami},
    body, cdn as cdn_handlers,
    error::ApiError,
    health,
    limit::{self, Gate},
    middleware, openapi,
};
use crate::{app::App, domain::refusal::Code};

/// The routes of the API host.
pub(super) fn api_routes() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(whoami::whoami))
        .routes(routes!(uploads::upload_direct))
        .routes(routes!(sessions::create_session))
        .routes(routes!(sessions::complete_session))
        .routes(routes!(sessions::get_session, sessions::cancel_session))
        .routes(routes!(files::list_files, files::delete_folder))
        .routes(routes!(files::delete_files))
        .routes(routes!(files::get_file, files::patch_file, files::delete_file))
        .routes(routes!(access::file_access))
        .routes(routes!(history::timeline))
        .routes(routes!(history::list_events))
        .routes(routes!(usage::usage));
    OpenApiRouter::new()
        .nest("/api/v1", v1)
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(openapi::openapi_json))
}

/// The routes of the CDN host.
pub(super) fn cdn_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(cdn_handlers::put::put_upload, cdn_handlers::put::preflight_upload))
        .routes(routes!(cdn_handlers::get::download, cdn_handlers::get::preflight_download))
}

/// The API host.
pub fn api(app: App, gate: Arc<Gate>) -> Router {
    finish(api_routes(), app, gate)
}

/// The CDN host.
pub fn cdn(app: App, gate: Arc<Gate>) -> Router {
    finish(cdn_routes(), app, gate)
}

/// The metrics listener.
pub fn metrics(app: App, handle: PrometheusHandle) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics_page))
        .with_state((app, handle))
        .fallback(not_found)
        .layer(from_fn(middleware::observe))
}

fn finish(routes: OpenApiRouter<App>, app: App, gate: Arc<Gate>) -> Router {
    let idle: Duration = app.core.config.http.idle_timeout;
    let router: Router<App> = routes.into();
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(gate, limit::by_address))
        .layer(from_fn_with_state(idle, body::guard))
        .layer(CatchPanicLayer::custom(middleware::after_panic))
        .layer(from_fn(middleware::observe))
        .with_state(app)
}

async fn not_found() -> ApiError {
    ApiError::new(Code::NotFound, "There is nothing at this address. /openapi.json on the API host lists what there is.")
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(Code::MethodNotAllowed, "This address does not know this method; see the Allow header.")
}
