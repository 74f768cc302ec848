//! Every route on one screen.
//!
//! Routes enter through `routes!`, so path, method and schema are written once, at the handler; the words behind each line are for readers,
//! and a test compares them with the document.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    api::{self, history, sessions, usage, whoami},
    body, cdn as cdn_handlers,
    dashboard::{
        self, audit, deliveries, files, invitations, keys, live, me, members, projects, sign_in, system, uploads, webhooks,
        workspaces,
    },
    dev,
    error::ApiError,
    health,
    limit::{self, Gate},
    middleware, openapi, pages,
};
use crate::{
    app::{App, dev_inbox::Inbox},
    domain::refusal::Code,
    shutdown::Shutdown,
};

/// The routes of the API host.
pub(super) fn api_routes() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(whoami::whoami)) // GET /public/whoami
        .routes(routes!(api::uploads::upload_direct)) // POST /uploads/direct
        .routes(routes!(sessions::create_session)) // POST /uploads/session
        .routes(routes!(sessions::complete_session)) // POST /uploads/complete
        .routes(routes!(sessions::get_session, sessions::cancel_session)) // GET, DELETE /uploads/session/{uploadId}
        .routes(routes!(api::files::list_files, api::files::delete_folder)) // GET, DELETE /files
        .routes(routes!(api::files::delete_files)) // POST /files/delete
        .routes(routes!(api::files::get_file, api::files::patch_file, api::files::delete_file)) // GET, PATCH, DELETE /files/{fileId}
        .routes(routes!(api::access::file_access)) // GET /files/{fileId}/access
        .routes(routes!(history::timeline)) // GET /files/{fileId}/timeline
        .routes(routes!(history::list_events)) // GET /events
        .routes(routes!(usage::usage)); // GET /usage
    OpenApiRouter::new()
        .nest("/api/v1", v1)
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(openapi::openapi_json))
}

/// The routes of the CDN host.
pub(super) fn cdn_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(cdn_handlers::put::put_upload, cdn_handlers::put::preflight_upload)) // PUT, OPTIONS /v1/upload/{token}
        .routes(routes!(cdn_handlers::get::download, cdn_handlers::get::preflight_download)) // GET, HEAD, OPTIONS /v1/files/{fileId}/{name}
}

/// The routes of the dashboard's own API.
pub(super) fn dashboard_routes() -> OpenApiRouter<App> {
    let own = OpenApiRouter::new()
        .routes(routes!(sign_in::setup_state, sign_in::set_up)) // GET, POST /setup
        .routes(routes!(sign_in::sign_in)) // POST /sign-in
        .routes(routes!(sign_in::sign_in_by_link)) // POST /sign-in/link
        .routes(routes!(sign_in::reset)) // POST /reset
        .routes(routes!(sign_in::sign_out)) // POST /sign-out
        .routes(routes!(sign_in::sign_out_everywhere)) // POST /sign-out-everywhere
        .routes(routes!(me::get_me, me::patch_me)) // GET, PATCH /me
        .routes(routes!(me::change_password)) // POST /me/password
        .routes(routes!(me::list_logins)) // GET /me/logins
        .routes(routes!(me::end_login)) // DELETE /me/logins/{loginId}
        .routes(routes!(invitations::look_at_invitation)) // POST /invitations/look
        .routes(routes!(invitations::accept_invitation)) // POST /invitations/accept
        .routes(routes!(system::system)) // GET /system
        .routes(routes!(audit::audit_log_of_accounts)) // GET /audit
        .routes(routes!(workspaces::create_workspace)) // POST /workspaces
        .routes(routes!(workspaces::get_workspace, workspaces::patch_workspace, workspaces::delete_workspace)) // GET, PATCH, DELETE /workspaces/{workspaceId}
        .routes(routes!(audit::audit_log)) // GET /workspaces/{workspaceId}/audit
        .routes(routes!(members::list_members)) // GET /workspaces/{workspaceId}/members
        .routes(routes!(members::patch_member, members::remove_member)) // PATCH, DELETE /workspaces/{workspaceId}/members/{userId}
        .routes(routes!(invitations::list_invitations, invitations::create_invitation)) // GET, POST /workspaces/{workspaceId}/invitations
        .routes(routes!(invitations::delete_invitation)); // DELETE /workspaces/{workspaceId}/invitations/{invitationId}
    OpenApiRouter::new().nest("/api/dashboard", own.merge(dashboard_resources()))
}

/// What a workspace has, for its members.
fn dashboard_resources() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(live::live)) // GET /workspaces/{workspaceId}/live
        .routes(routes!(projects::list_projects, projects::create_project)) // GET, POST /workspaces/{workspaceId}/projects
        .routes(routes!(projects::get_project, projects::patch_project, projects::delete_project)) // GET, PATCH, DELETE /workspaces/{workspaceId}/projects/{projectId}
        .routes(routes!(projects::empty_project)) // DELETE /workspaces/{workspaceId}/projects/{projectId}/files
        .routes(routes!(keys::list_keys, keys::create_key)) // GET, POST /workspaces/{workspaceId}/keys
        .routes(routes!(keys::revoke_key)) // DELETE /workspaces/{workspaceId}/keys/{keyId}
        .routes(routes!(uploads::list_uploads)) // GET /workspaces/{workspaceId}/uploads
        .routes(routes!(uploads::prepare_upload)) // POST /workspaces/{workspaceId}/uploads/prepare
        .routes(routes!(uploads::complete_upload)) // POST /workspaces/{workspaceId}/uploads/complete
        .routes(routes!(uploads::cancel_upload)) // POST /workspaces/{workspaceId}/uploads/cancel
        .routes(routes!(uploads::upload_status)) // GET /workspaces/{workspaceId}/uploads/{uploadId}/status
        .routes(routes!(files::list, files::delete_folder)) // GET, DELETE /workspaces/{workspaceId}/files
        .routes(routes!(files::delete_many)) // POST /workspaces/{workspaceId}/files/delete
        .routes(routes!(files::get, files::patch, files::delete)) // GET, PATCH, DELETE /workspaces/{workspaceId}/files/{fileId}
        .routes(routes!(files::timeline)) // GET /workspaces/{workspaceId}/files/{fileId}/timeline
        .routes(routes!(files::access)) // GET /workspaces/{workspaceId}/files/{fileId}/access
        .routes(routes!(files::subfolders)) // GET /workspaces/{workspaceId}/folders
        .routes(routes!(dashboard::usage::usage)) // GET /workspaces/{workspaceId}/usage
        .routes(routes!(dashboard::usage::usage_by_day)) // GET /workspaces/{workspaceId}/usage/days
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook)) // GET, POST /workspaces/{workspaceId}/webhooks
        .routes(routes!(webhooks::patch_webhook, webhooks::delete_webhook)) // PATCH, DELETE /workspaces/{workspaceId}/webhooks/{webhookId}
        .routes(routes!(webhooks::rotate_secret)) // POST /workspaces/{workspaceId}/webhooks/{webhookId}/rotate
        .routes(routes!(deliveries::list_deliveries)) // GET /workspaces/{workspaceId}/webhooks/{webhookId}/deliveries
        .routes(routes!(deliveries::recover)) // POST /workspaces/{workspaceId}/webhooks/{webhookId}/recover
        .routes(routes!(deliveries::send_test)) // POST /workspaces/{workspaceId}/webhooks/{webhookId}/test
        .routes(routes!(deliveries::get_delivery)) // GET /workspaces/{workspaceId}/deliveries/{deliveryId}
        .routes(routes!(deliveries::replay_delivery)) // POST /workspaces/{workspaceId}/deliveries/{deliveryId}/replay
}

/// The inbox of `reupload dev`, beside the API and no part of its contract.
fn dev_routes(app: &App, inbox: Inbox) -> Router<App> {
    Router::new()
        .route("/dev/webhooks/replay", post(dev::replay))
        .route("/dev/webhooks/test", post(dev::send_test))
        .route_layer(from_fn(dev::only_from_the_page))
        .route("/dev/webhooks/entries", get(dev::entries))
        .route("/dev/webhooks/receive", post(dev::receive))
        .route_layer(from_fn_with_state(app.clone(), dev::only_on_this_machine))
        .with_state(inbox)
}

/// The documentation: pages, no part of the API.
fn docs_routes() -> Router<App> {
    ["/docs", "/docs/", "/docs/{*page}", "/llms.txt", "/llms-full.txt"]
        .into_iter()
        .fold(Router::new(), |routes, path| routes.route(path, get(pages::docs)))
}

/// The API host. Requests that only wait end with `stop`.
pub fn api(app: App, gate: Arc<Gate>, stop: Shutdown) -> Router {
    let dashboard: Router<App> = dashboard_routes().into();
    let dashboard = dashboard.route_layer(from_fn_with_state(app.clone(), dashboard::guard));
    let mut routes = Router::from(api_routes()).merge(dashboard).merge(docs_routes());
    if let Some(inbox) = app.inbox.clone() {
        routes = routes.merge(dev_routes(&app, inbox));
    }
    finish(routes.fallback(pages::dashboard), app, gate).layer(Extension(stop))
}

/// The CDN host.
pub fn cdn(app: App, gate: Arc<Gate>) -> Router {
    finish(Router::from(cdn_routes()).fallback(not_found), app, gate)
}

/// The metrics listener.
pub fn metrics(app: App, handle: PrometheusHandle) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics_page))
        .with_state((app, handle))
        .fallback(not_found)
        .layer(from_fn(middleware::observe))
}

/// What every request of a host goes through, from the inside to the outside.
fn finish(routes: Router<App>, app: App, gate: Arc<Gate>) -> Router {
    let idle: Duration = app.config().http.idle_timeout;
    routes
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(gate, limit::by_address))
        .layer(from_fn_with_state(idle, body::guard))
        .layer(from_fn(middleware::one_host))
        .layer(CatchPanicLayer::custom(middleware::after_panic))
        .layer(from_fn(middleware::observe))
        .with_state(app)
}

pub(super) async fn not_found() -> ApiError {
    ApiError::new(Code::NotFound, "There is nothing at this address. /openapi.json on the API host lists what there is.")
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(Code::MethodNotAllowed, "This address does not know this method; see the Allow header.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_behind_the_routes_are_true() {
        let mut written = std::collections::BTreeSet::new();
        let (code, _) = include_str!("router.rs").split_once("#[cfg(test)]").unwrap();
        for line in code.lines().filter(|line| line.contains("routes!(")) {
            let Some((_, words)) = line.split_once("))").and_then(|(_, rest)| rest.split_once(" // ")) else { continue };
            let (methods, path) = words.split_once(" /").unwrap_or_else(|| panic!("{words}"));
            for method in methods.split(", ").filter(|method| *method != "HEAD") {
                written.insert(format!("{method} /{path}"));
            }
        }
        let mut document = api_routes().split_for_parts().1;
        document.merge(cdn_routes().split_for_parts().1);
        document.merge(dashboard_routes().split_for_parts().1);
        let paths = serde_json::to_value(&document.paths).unwrap();
        let mut described = std::collections::BTreeSet::new();
        for (path, operations) in paths.as_object().unwrap() {
            let path = path.strip_prefix("/api/v1").or_else(|| path.strip_prefix("/api/dashboard")).unwrap_or(path);
            for method in operations.as_object().unwrap().keys().map(|name| name.to_uppercase()) {
                described.insert(format!("{method} {path}"));
            }
        }
        for own in ["GET /healthz", "GET /readyz", "GET /openapi.json"] {
            assert!(described.remove(own), "{own}");
        }
        assert_eq!(written, described);
    }
}
